/* A report: who asks for what, its metrics and its table; computed once, then said by the command line (text, CSV,
   JSON) and by the API (JSON, CSV), so that they cannot differ. What it is not for: the figures themselves (areas/,
   stats/), or pages. */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "areas/deals/report.h"
#include "base/out.h"

enum unit { UNIT_COUNT, UNIT_SHARE, UNIT_DAYS, UNIT_MONEY, UNIT_REAL, UNIT_TEXT, UNIT_DAY };

struct metric {
	const char *name, *label;
	enum unit unit;
	bool known;
	int64_t whole; /* counts, minor units */
	double real;
	int64_t n;
	bool interval;
	double low, high;
	bool lists; /* some values stand for an amount that is missing: list prices, n_list of n (D5b) */
	int64_t n_list;
	str text;
};

/* A table with heads of its own: what has a name in each row. */
struct report_column {
	const char *name; /* NULL ends */
	enum unit unit;
};

struct report_cell {
	bool known;
	int64_t whole;
	double real;
	str text;
};

#define REPORT_COLUMNS 24

struct report_table {
	const struct report_column *columns; /* NULL: there is none */
	struct report_cell (*rows)[REPORT_COLUMNS];
	size_t n, cap;
};

struct report_kind;

struct report {
	struct arena *arena;
	const struct grant *grant; /* of whoever asks; the command line reads the company */
	struct faults *faults;
	const struct report_kind *kind;
	bool limits; /* asked for under somebody's own rights: what their page does not open is ERR_ABSENT (O5) */
	id asker;    /* that person; 0: a sign-in without one */
	bool asker_leads, asker_heads;
	bool all; /* the company's was asked for in words; else who is meant follows from who asks */
	struct report_scope scope;
	day asked, asked_to;     /* the time, before a works agreement cut it (O5) */
	str person_name, format; /* format: text, json, csv */
	day reading;             /* the company's day */
	unsigned by;
	str by_other; /* "stage", "reason" …: a table of this report's own */
	struct metric metrics[40];
	size_t n;
	struct report_row *rows;
	size_t n_rows;
	bool is_rows, is_stages;
	struct report_stage *stages;
	size_t n_stages;
	struct report_table table;
};

/* Whose figures are meant where nobody is named: as on the page of the report. */
enum report_whose {
	WHOSE_ALL,       /* the company's */
	WHOSE_TEAM,      /* of one's own team, for whoever leads one and is not the head; else the company's */
	WHOSE_OWN,       /* one's own; of the head the company's */
	WHOSE_TEAM_HEAD, /* of one's own team, for whoever leads one; else the head's */
	WHOSE_PERSON     /* one's own, always */
};

struct report_kind {
	const char *name;
	const char *what; /* in a sentence */
	const char *page; /* that shows the same; NULL: none */
	const char *by;   /* what --by and ?by= take, blank-separated; NULL: nothing */
	enum report_whose whose;
	unsigned quarter : 1; /* this quarter, where no days are given */
	unsigned persons : 1; /* only a person of the company may ask */
	unsigned below : 1;   /* of oneself and those below, of nobody else */
	unsigned singly : 1;  /* its figures come person by person (O5) */
	enum err (*fn)(struct conn *c, struct arena *a, struct report *r);
};

extern const struct report_kind report_kinds[];     /* ended by a NULL name */
const struct report_kind *report_kind_of(str name); /* NULL: no such report */
/* Words of a --by, comma-separated. ERR_INPUT: ret_wrong is one that this kind (NULL: any) does not take. */
enum err report_by(const struct report_kind *k, str words, unsigned *ret, str *ret_other, str *ret_wrong);
/* Computes it: the time bounded by a works agreement first (O5), and under limits only what the asker's pages open. */
enum err report_run(struct conn *c, struct report *r);
/* Where something is wrong: "as-of" is said as the option or the parameter that it is. */
enum err report_fault(struct report *r, const char *option, str what, str mend);
/* As r->format says. */
void report_say(struct report *r, struct out *o);

struct metric *report_add(struct report *r, const char *name, const char *label, enum unit unit, bool known, int64_t n);
void report_whole(
        struct report *r, const char *name, const char *label, enum unit unit, bool known, int64_t value, int64_t n);
void report_rate(struct report *r, const char *name, const char *label, int64_t num, int64_t den);
void report_real(struct report *r, const char *name, const char *label, enum unit unit, double value, int64_t n);
void report_text(struct report *r, const char *name, const char *label, str value, int64_t n);
/* D3: how deals in other currencies came into the sums, and which did not: no_rate, converted, rates, left_out. */
void report_currencies(struct report *r, const struct rate_said *x);
/* A row of the table, all cells unknown. */
struct report_cell *report_row(struct report *r);
/* Cells from values; a NaN is not known. */
struct report_cell cell_whole(int64_t n), cell_real(double x), cell_text(str s);

/* report_deals.c: D6, D7 */
enum err report_conversion(struct conn *c, struct arena *a, struct report *r);
enum err report_velocity(struct conn *c, struct arena *a, struct report *r);
enum err report_forecast(struct conn *c, struct arena *a, struct report *r);
enum err report_win_loss(struct conn *c, struct arena *a, struct report *r);
enum err report_people(struct conn *c, struct arena *a, struct report *r);
enum err report_survival(struct conn *c, struct arena *a, struct report *r);

/* report_process.c: P7 */
enum err report_process(struct conn *c, struct arena *a, struct report *r);

/* report_trace.c: A4; the head's number where no person is named, this quarter where no days are */
enum err report_trace(struct conn *c, struct arena *a, struct report *r);

/* report_scorecard.c: A1; the head's where no person is named, this quarter where no days are */
enum err report_scorecard(struct conn *c, struct arena *a, struct report *r);

/* report_observers.c: E8b, per version of a rubric and per observer */
enum err report_observers(struct conn *c, struct arena *a, struct report *r);

/* report_effect.c: C9, of the company, by coach, programme and skill */
enum err report_effect(struct conn *c, struct arena *a, struct report *r);

/* report_campaigns.c: G1, a row for each campaign, of one owner where a person is named */
enum err report_campaigns(struct conn *c, struct arena *a, struct report *r);

#endif
