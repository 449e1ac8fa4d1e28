/* What the command "report" shares between its files: a report's metrics, its table, and small ways to fill them.
   What it is not for: pages. */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "app/command.h"
#include "areas/deals/report.h"

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

struct report {
	struct command_line *line;
	struct report_scope scope;
	str person_name, format, kind;
	day reading; /* the company's day */
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
