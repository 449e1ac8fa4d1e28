/* Charts made on the server. What has a name in each row is a table with a small drawing in every row, so the figures
   are there for everybody; a chart that is one drawing has a sentence as its name and a twin that is a table, to be put
   into <details><summary>Show as table</summary>…</details>. x in per cent, y in pixels: text never shrinks.
   What it is not for: computing what is drawn (stats/), the look (the classes are those of docs/interface.md).

   In templates: {% chart dots(&v->plot) %}. All text is escaped here. */
#ifndef HTML_SVG_H
#define HTML_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "html/html.h"

/* ---- dot plot with intervals: a table ---- */
enum svg_unit {
	SVG_SHARE,  /* 0 … 1, shown in per cent; the axis is always 0 to 100 % */
	SVG_NUMBER, /* not below 0: days, points of a scale */
	SVG_MONEY   /* not below 0: minor units of `code`, shown short */
};

struct svg_dot {
	str label;
	double value;     /* NaN: "no data" */
	double low, high; /* 95 % interval; NaN: none */
	double reference; /* what it is compared with; NaN: none */
	int64_t n;        /* how many it comes from */
	str href;         /* the way to its rows; may be empty */
};

struct svg_dots {
	str caption;         /* one sentence: the table's name */
	str name, reference; /* for the legend: "Maya", "Team median"; reference may be empty */
	enum svg_unit unit;
	str interval; /* what low and high are; empty: "95 % interval" */
	char code[4]; /* of SVG_MONEY */
	double most;  /* end of a SVG_NUMBER axis; 0: what the values need */
	const struct svg_dot *rows;
	size_t n;
};
void svg_dots(struct view *v, const struct svg_dots *d);

/* ---- horizontal bars: a table ---- */
struct svg_bar {
	str label, note; /* note may be empty */
	str href;        /* the way to its rows; may be empty */
	int64_t amount;  /* below 0 is drawn as nothing, and printed */
	int64_t goal;    /* a line across the bar; 0: none */
};

struct svg_bars {
	str caption;
	char code[4]; /* amounts are minor units of this currency; empty: they are counts */
	const struct svg_bar *rows;
	size_t n;
};
void svg_bars(struct view *v, const struct svg_bars *b);

/* ---- waterfall: a table; the last row is the first and all parts added, so it is always exact ---- */
struct svg_part {
	str label, note;
	int64_t amount; /* minor units; below 0 takes away */
};

struct svg_fall {
	str caption;
	char code[4];
	bool exact;      /* amounts not shortened; one with cents gives all of them cents */
	str first, last; /* "Target", "Won" */
	int64_t from;
	const struct svg_part *parts;
	size_t n;
};
void svg_fall(struct view *v, const struct svg_fall *f);

/* ---- columns by week, with a goal: one drawing ---- */
struct svg_column {
	str label;      /* "w36" */
	int64_t amount; /* below 0 is drawn as 0 */
};

struct svg_columns {
	str sentence; /* its name; empty: made from the figures */
	str what;     /* head of the table's column: "New pipeline" */
	char code[4]; /* as in svg_bars */
	int64_t goal; /* 0: none */
	const struct svg_column *rows;
	size_t n;
};
void svg_columns(struct view *v, const struct svg_columns *c);
void svg_columns_table(struct view *v, const struct svg_columns *c);

/* ---- process-behaviour chart: points, centre and limits; one drawing ---- */
struct svg_process {
	str sentence;
	str what;
	const str *labels;
	const double *values;
	const uint8_t *signals; /* not 0: drawn as a signal; NULL: none */
	size_t n;
	double centre, low, high;
};
void svg_process(struct view *v, const struct svg_process *p);
void svg_process_table(struct view *v, const struct svg_process *p);

/* ---- rhythm: a square a week ---- */
enum svg_beat { BEAT_ON, BEAT_MISSED, BEAT_ASKED, BEAT_AWAY };

struct svg_square {
	enum svg_beat beat;
	str words; /* "14 Sep confirmed" */
};

struct svg_rhythm {
	str name; /* "12 weeks" */
	const struct svg_square *squares;
	size_t n;
};
void svg_rhythm(struct view *v, const struct svg_rhythm *r);

/* ---- n of m steps done; what: "steps done" ---- */
void svg_progress(struct view *v, int64_t n, int64_t m, const char *what);

/* ---- strip of a period: won, and with commit, and with the rest weighted, against the target ---- */
struct svg_strip {
	char code[4];
	int64_t won, commit, weighted, target; /* each for itself, minor units; weighted and target may be 0 */
};
void svg_strip(struct view *v, const struct svg_strip *s);

#endif
