/* The parts that every statement about a scope of deals shares, so that all figures count the same deals: $3 person (0:
   all), $4 from, $5 to (both ISO or ''), $6 as of, $7 currency; the deal is d.
   What it is not for: anybody outside the figures of deals, forecast and the gap. */
#ifndef AREAS_DEALS_REPORT_SQL_H
#define AREAS_DEALS_REPORT_SQL_H

#include "areas/deals/report.h"
#include "record/kept.h"

/* Values of $3 … $7. */
const struct db_value *report_arguments(struct arena *a, const struct report_scope *s);
#define REPORT_ARGUMENTS 5

/* Asks a statement of these parts over a scope: where days and a person are said, conditions that an index answers
   stand in the place of those that hold for any scope. */
enum err report_query(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        const char *sql, struct rows *ret);

/* Figures of a scope, made by k->make (what: the scope) or found as they were made for whoever sees the same. */
enum err report_kept(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        const struct kept_kind *k, void *ret);
str report_key(struct arena *a, const struct grant *g, const struct report_scope *s);
/* The text with every such part replaced. */
str report_put(struct arena *a, str sql, str general, str narrow);
const char *report_narrow(struct arena *a, const struct report_scope *s, const char *sql);

/* What one deal adds to by itself, over a whole scope, or of the company in parts that are kept each by itself: k->make
   is given a part, k->records do not name deals. add puts a part to the sum, which begins zeroed; what it keeps of the
   part it copies. variant: what else decides what is read, within k->make. */
struct report_part {
	const struct report_scope *s;
	id from, to; /* ids of deals: from it on, below it */
	int variant;
};
enum err report_in_parts(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        int variant, const struct kept_kind *k, void (*add)(struct arena *a, void *to, const void *part), void *ret);
#define REPORT_PART_RECORDS "deal_past stage process person"
/* Below so many deals a part is not worth its own statements; tests cut smaller ones. */
extern int64_t report_part_deals;
/* As report_query, with the part's ids. */
#define REPORT_PART(column) " and " column " >= cast($8 as bigint) and " column " < cast($9 as bigint)"
enum err report_query_part(struct conn *c, struct arena *a, const struct grant *g, const struct report_part *p,
        const char *sql, struct rows *ret);

/* What figures are read with: a change to any of them makes them anew. */
#define REPORT_RECORDS "deal deal_past stage process person rate"
/* For k->copy. */
void report_copy_text(struct arena *a, str *s);
void report_copy_said(struct arena *a, struct rate_said *x);
#define REPORT_COPY_ROWS(a, rows, n) ((rows) = arena_copy((a), (rows), (n) * sizeof *(rows)))

/* Decided deals of a scope in one currency; money in minor units, by no rate yet. */
struct report_decided_sum {
	str currency;
	int64_t decided, won;
	int64_t amount, n_amount;       /* of the won ones that have one */
	int64_t no_value, no_value_won; /* of decided, of won */
	int64_t engaged, engaged_won;   /* their day of engagement is known */
};
/* In the order of currencies; those with decided deals. */
enum err report_decided_sums(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct report_decided_sum **ret, size_t *ret_n);

/* Whole days between two ISO days of a statement. */
#define REPORT_DAYS(from, to) \
	"{lite:cast(julianday(" to ") - julianday(" from ") as integer)|pg:(cast(" to " as date) - cast(" from \
	" as date))}"

/* Every argument is named once, so that both engines know its type. */
#define REPORT_TYPED \
	" and $2 = $2 and cast($3 as bigint) = cast($3 as bigint) and cast($4 as text) = cast($4 as text)" \
	" and cast($5 as text) = cast($5 as text) and cast($6 as text) = cast($6 as text) and cast($7 as text) = " \
	"cast($7 as text)"

/* For any scope; report_narrow knows these. */
#define REPORT_OF_LINE \
	"exists (select 1 from line l where l.org_id = d.org_id and l.above = cast($3 as bigint) and l.below = " \
	"d.owner"
#define REPORT_ANYBODY "cast($3 as bigint) = 0 or " REPORT_OF_LINE
#define REPORT_SINCE   "(cast($4 as text) = '' or d.closed_on >= cast($4 as text))"
#define REPORT_UNTIL   "(cast($5 as text) = '' or d.closed_on <= cast($5 as text))"

/* The owner stood below the person on that day. O2 */
#define REPORT_BELOW(day) \
	" and (" REPORT_ANYBODY " and l.from_day <= " day " and (l.to_day is null or l.to_day >= " day ")))"

#define REPORT_CLOSED_ON "coalesce(d.closed_on, cast($6 as text))"
#define REPORT_DECIDED \
	" and d.outcome in ('won', 'lost') and " REPORT_CLOSED_ON " <= cast($6 as text) and " REPORT_SINCE \
	" and " REPORT_UNTIL \
	REPORT_BELOW(REPORT_CLOSED_ON) "{may:deals d.owner}"
#define REPORT_OPEN \
	" and d.outcome = 'open' and coalesce(d.engaged_on, d.created_on, '') <= cast($6 as text)" REPORT_BELOW( \
	        "cast($6 as text)") "{may:deals d.owner}"

#endif
