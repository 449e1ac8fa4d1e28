/* The report of process faults and people faults (P7).
   What it is not for: judging (areas/forecast/judge.h), or printing (report.c). */
#include <math.h>

#include "app/report.h"
#include "areas/forecast/judge.h"
#include "areas/forecast/review.h"

static struct report_cell *
put_rate(struct report_cell *at, rate x)
{
	*at++ = cell_real(rate_share(x));
	*at++ = cell_real(x.den > 0 ? x.low : NAN);
	*at++ = cell_real(x.den > 0 ? x.high : NAN);
	*at++ = cell_whole(x.den);
	return at;
}

static struct report_cell *
put_gap(struct report_cell *at, rate_gap x, double p, double holm)
{
	*at++ = cell_real(x.diff);
	*at++ = cell_real(x.low);
	*at++ = cell_real(x.high);
	*at++ = cell_real(p);
	*at++ = cell_real(holm);
	return at;
}

static const char *
code_of(const struct judge_step *x)
{
	static const char *const says[] = { "too_few", "separates", "perhaps", "process_same" };

	return x->by_most ? "process_skipped" : says[x->says];
}

static void
by_step(struct report *r, const struct judge *j)
{
	static const struct report_column columns[] = { { "step", UNIT_TEXT }, { "stage", UNIT_TEXT },
		{ "process", UNIT_TEXT }, { "skipped", UNIT_SHARE }, { "skipped_low", UNIT_SHARE },
		{ "skipped_high", UNIT_SHARE }, { "n", UNIT_COUNT }, { "people_skipping", UNIT_COUNT },
		{ "people", UNIT_COUNT }, { "won_done", UNIT_SHARE }, { "won_low", UNIT_SHARE },
		{ "won_high", UNIT_SHARE }, { "n_won", UNIT_COUNT }, { "lost_done", UNIT_SHARE },
		{ "lost_low", UNIT_SHARE }, { "lost_high", UNIT_SHARE }, { "n_lost", UNIT_COUNT },
		{ "difference", UNIT_SHARE }, { "low", UNIT_SHARE }, { "high", UNIT_SHARE }, { "fisher_p", UNIT_REAL },
		{ "holm_p", UNIT_REAL }, { "says", UNIT_TEXT }, { NULL, UNIT_COUNT } };

	r->table.columns = columns;
	for (size_t i = 0; i < j->n; i++) {
		const struct judge_step *x = &j->step[i];
		struct report_cell *k = report_row(r);
		*k++ = cell_text(x->name);
		*k++ = cell_text(x->stage);
		*k++ = cell_text(x->process_name);
		k = put_rate(k, x->skipped);
		*k++ = cell_whole(x->skipping);
		*k++ = cell_whole(x->people);
		k = put_rate(k, x->won);
		k = put_rate(k, x->lost);
		k = put_gap(k, x->apart, x->p, x->holm);
		*k++ = cell_text(str_of(code_of(x)));
	}
}

static void
by_person(struct report *r, const struct judge *j)
{
	static const struct report_column columns[] = { { "step", UNIT_TEXT }, { "stage", UNIT_TEXT },
		{ "person", UNIT_TEXT }, { "skipped", UNIT_SHARE }, { "skipped_low", UNIT_SHARE },
		{ "skipped_high", UNIT_SHARE }, { "n", UNIT_COUNT }, { "others", UNIT_SHARE },
		{ "others_low", UNIT_SHARE }, { "others_high", UNIT_SHARE }, { "n_others", UNIT_COUNT },
		{ "difference", UNIT_SHARE }, { "low", UNIT_SHARE }, { "high", UNIT_SHARE }, { "fisher_p", UNIT_REAL },
		{ "holm_p", UNIT_REAL }, { "says", UNIT_TEXT }, { NULL, UNIT_COUNT } };

	r->table.columns = columns;
	for (size_t i = 0; i < j->n; i++)
		for (size_t n = 0; n < j->step[i].n_persons; n++) {
			const struct judge_person *x = &j->step[i].person[n];
			struct report_cell *k = report_row(r);
			*k++ = cell_text(j->step[i].name);
			*k++ = cell_text(j->step[i].stage);
			*k++ = cell_text(x->name);
			k = put_rate(k, x->skipped);
			k = put_rate(k, x->others);
			k = put_gap(k, x->gap, x->p, x->holm);
			*k++ = cell_text(x->fault                  ? STR("person")
			                 : judge_asks(&j->step[i]) ? STR("process")
			                 : isnan(x->p)             ? STR("too_few")
			                                           : STR("within_chance"));
		}
}

enum err
report_process(struct conn *c, struct arena *a, struct report *r)
{
	struct judge j;
	struct review_line *line;
	size_t n, open = 0, kept;
	enum err e = judge_steps(c, a, r->grant, &r->scope, &j);

	if (e == OK)
		e = review_list(c, a, r->grant, 0, false, &line, &n);
	if (e != OK)
		return e;
	for (size_t i = 0; i < n; i++)
		open += !line[i].r.answer;
	kept = n - open;
	report_whole(r, "steps", "Steps that decided deals came to", UNIT_COUNT, true, (int64_t)j.n, (int64_t)j.n);
	report_whole(r, "skipped_by_most", "Process: skipped by most people", UNIT_COUNT, true, (int64_t)j.n_most,
	        (int64_t)j.n);
	report_whole(r, "asked", "Steps with enough won and lost deals to tell", UNIT_COUNT, true, (int64_t)j.n_asked,
	        (int64_t)j.n);
	report_whole(r, "not_separating", "Process: not telling won from lost", UNIT_COUNT, true, (int64_t)j.n_same,
	        (int64_t)j.n_asked);
	report_whole(r, "person_faults", "Person: skips what others do and goes with wins", UNIT_COUNT, true,
	        (int64_t)j.n_faults, (int64_t)j.n_pairs);
	report_whole(
	        r, "reviews_open", "Process reviews without an answer", UNIT_COUNT, true, (int64_t)open, (int64_t)n);
	report_whole(r, "reviews_answered", "Process reviews answered", UNIT_COUNT, true, (int64_t)kept, (int64_t)n);
	if (r->by & REPORT_BY_PERSON)
		by_person(r, &j);
	else
		by_step(r, &j);
	return OK;
}
