#include "areas/forecast/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "areas/deals/report_sql.h"

/* Of deals that came to the stage of the step: what ended before says nothing about it. A step completed once the deal
   was decided is an entry made up afterwards. */
static const char steps_sql[] =
        "select t.id, r.id, r.name, g.name, t.name, d.owner, sum(case when d.outcome = 'won' then 1 else 0 end), "
        "count(*), sum(case when z.id is not null and d.outcome = 'won' then 1 else 0 end), sum(case when z.id is not "
        "null then 1 else 0 end) from (select e.row_id as deal, cast(e.before_ as bigint) as stage from change_line e "
        "where e.org_id = $1 and e.record = 'deal' and e.field = 'stage' and e.before_ is not null union select "
        "e.row_id, cast(e.after_ as bigint) from change_line e where e.org_id = $1 and e.record = 'deal' and e.field = "
        "'stage' and e.after_ is not null union select e.deal, e.stage from deal_past e where e.org_id = $1 and "
        "e.stage is "
        "not null) v join stage g on g.org_id = $1 and g.id = v.stage join process r on "
        "r.org_id = g.org_id and r.id = g.process join step t on t.org_id = g.org_id and t.stage = g.id join deal d on "
        "d.org_id = $1 and d.id = v.deal left join step_done z on z.org_id = d.org_id and z.deal = d.id and z.step = "
        "t.id and (z.on_day is null or z.on_day <= " REPORT_CLOSED_ON
        ") where d.org_id = $1" REPORT_TYPED REPORT_DECIDED
        " group by t.id, r.id, r.name, g.name, t.name, d.owner, g.position, t.position order by r.id, g.position, "
        "t.position, t.id, d.owner";

static const char people_sql[] =
        "select p.id, p.name from person p where p.org_id = $1" REPORT_TYPED
        " and (cast($3 as bigint) = 0 or p.id = cast($3 as bigint) or exists (select 1 from line l where l.org_id = "
        "p.org_id and l.above = cast($3 as bigint) and l.below = p.id and l.to_day is null)){may:scorecard p.id} order "
        "by p.id";

struct known {
	id person;
	str name;
};

struct judging {
	struct arena *a;
	struct judge *j;
	struct known *known; /* by id */
	size_t n_known, cap_known, cap, cap_person;
	int64_t won, all, won_done, done; /* of the step at hand */
};

static enum err
load_known(struct conn *c, struct judging *x, const struct grant *g, const struct report_scope *s)
{
	struct rows rows;
	enum err e = report_query(c, x->a, g, s, people_sql, &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(x->a, x->known, x->n_known, x->cap_known);
		x->known[x->n_known++] = (struct known){ db_int(&rows, 0), db_text(&rows, 1) };
	}
	return e == OK ? db_end(&rows) : e;
}

static const struct known *
find_known(const struct judging *x, id person)
{
	size_t low = 0, high = x->n_known;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (x->known[mid].person < person)
			low = mid + 1;
		else
			high = mid;
	}
	return low < x->n_known && x->known[low].person == person ? &x->known[low] : NULL;
}

static int
by_name(const void *x, const void *y)
{
	const struct judge_person *a = x, *b = y;
	size_t n = a->name.n < b->name.n ? a->name.n : b->name.n;
	int order = n ? memcmp(a->name.s, b->name.s, n) : 0;

	return order                    ? order
	       : a->name.n != b->name.n ? (a->name.n > b->name.n) - (a->name.n < b->name.n)
	                                : (a->person > b->person) - (a->person < b->person);
}

/* The others are all decided deals of the step but the person's own. */
static void
finish_person(struct judge_person *p, int64_t skipped, int64_t all)
{
	rate own = p->skipped;

	p->others = rate_of(skipped - own.num, all - own.den);
	p->gap = rate_difference(own, p->others);
	p->p = p->holm = NAN;
	if (own.den >= JUDGE_PERSON_FEWEST && p->others.den >= JUDGE_SIDE_FEWEST)
		p->p = p->holm = table_fisher(
		        (struct table_two){ own.num, own.den - own.num, p->others.num, p->others.den - p->others.num });
}

static void
finish_step(struct judging *x)
{
	struct judge_step *s = &x->j->step[x->j->n - 1];
	int64_t lost = x->all - x->won, lost_done = x->done - x->won_done;

	s->skipped = rate_of(x->all - x->done, x->all);
	s->won = rate_of(x->won_done, x->won);
	s->lost = rate_of(lost_done, lost);
	s->apart = rate_difference(s->won, s->lost);
	s->p = s->holm = NAN;
	if (x->won >= JUDGE_SIDE_FEWEST && lost >= JUDGE_SIDE_FEWEST)
		s->p = s->holm = table_fisher(
		        (struct table_two){ x->won_done, x->won - x->won_done, lost_done, lost - lost_done });
	s->by_most = s->people >= 2 && 2 * s->skipping > s->people && s->skipped.low > 0.5;
	for (size_t i = 0; i < s->n_persons; i++)
		finish_person(&s->person[i], x->all - x->done, x->all);
	if (s->n_persons)
		qsort(s->person, s->n_persons, sizeof *s->person, by_name);
	x->won = x->all = x->won_done = x->done = 0;
}

static void
add_owner(struct judging *x, const struct rows *rows)
{
	struct judge_step *s = &x->j->step[x->j->n - 1];
	int64_t all = db_int(rows, 7), done = db_int(rows, 9);
	const struct known *who = find_known(x, db_int(rows, 5));

	x->won += db_int(rows, 6);
	x->all += all;
	x->won_done += db_int(rows, 8);
	x->done += done;
	s->people++;
	s->skipping += 2 * done < all;
	if (!who)
		return;
	arena_grow(x->a, s->person, s->n_persons, x->cap_person);
	s->person[s->n_persons++] =
	        (struct judge_person){ .person = who->person, .name = who->name, .skipped = rate_of(all - done, all) };
}

static enum err
load_steps(struct conn *c, struct judging *x, const struct grant *g, const struct report_scope *s)
{
	struct report_scope all = *s;
	struct rows rows;
	enum err e;

	all.person = 0;
	e = report_query(c, x->a, g, &all, steps_sql, &rows);
	while (e == OK && db_next(&rows)) {
		if (!x->j->n || x->j->step[x->j->n - 1].step != db_int(&rows, 0)) {
			if (x->j->n)
				finish_step(x);
			arena_grow(x->a, x->j->step, x->j->n, x->cap);
			x->cap_person = 0;
			x->j->step[x->j->n++] = (struct judge_step){ .step = db_int(&rows, 0),
				.process = db_int(&rows, 1),
				.process_name = db_text(&rows, 2),
				.stage = db_text(&rows, 3),
				.name = db_text(&rows, 4) };
		}
		add_owner(x, &rows);
	}
	if (x->j->n)
		finish_step(x);
	return e == OK ? db_end(&rows) : e;
}

static void
adjust_steps(struct judging *x)
{
	struct judge *j = x->j;
	double *p = arena_new(x->a, double, j->n + 1);

	for (size_t i = 0; i < j->n; i++)
		p[i] = j->step[i].p;
	table_holm(p, j->n);
	for (size_t i = 0; i < j->n; i++) {
		struct judge_step *s = &j->step[i];
		bool more = s->apart.diff > 0;
		s->holm = p[i];
		s->says = isnan(s->p)              ? JUDGE_FEW
		          : more && s->holm < 0.05 ? JUDGE_SEPARATES
		          : more && s->p < 0.05    ? JUDGE_PERHAPS
		                                   : JUDGE_SAME;
		j->n_asked += isnan(s->p) ? 0 : 1;
		j->n_most += s->by_most ? 1 : 0;
		j->n_same += s->says == JUDGE_SAME ? 1 : 0;
	}
}

/* A fault of a person: they skip what others do, and it is known to matter. All pairs are asked about at once. */
static void
adjust_people(struct judging *x)
{
	struct judge *j = x->j;
	size_t n = 0, at = 0;
	double *p;

	for (size_t i = 0; i < j->n; i++)
		n += j->step[i].n_persons;
	p = arena_new(x->a, double, n + 1);
	for (size_t i = 0; i < j->n; i++)
		for (size_t k = 0; k < j->step[i].n_persons; k++)
			p[at++] = j->step[i].person[k].p;
	table_holm(p, n);
	at = 0;
	for (size_t i = 0; i < j->n; i++)
		for (size_t k = 0; k < j->step[i].n_persons; k++) {
			struct judge_step *s = &j->step[i];
			struct judge_person *y = &s->person[k];
			y->holm = p[at++];
			j->n_pairs += isnan(y->p) ? 0 : 1;
			y->fault = s->says == JUDGE_SEPARATES && !s->by_most && y->gap.diff > 0 && y->gap.low > 0 &&
			           y->holm < 0.05;
			s->n_faults += y->fault ? 1 : 0;
			j->n_faults += y->fault ? 1 : 0;
		}
}

static enum err
make_judge(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	const struct report_scope *s = what;
	struct judge j = { 0 };
	struct judging x = { .a = a, .j = &j };
	enum err e = load_known(c, &x, g, s);

	if (e == OK)
		e = load_steps(c, &x, g, s);
	if (e != OK)
		return e;
	adjust_steps(&x);
	adjust_people(&x);
	*(struct judge *)ret = j;
	return OK;
}

static void
copy_judge(struct arena *a, void *object)
{
	struct judge *j = object;

	REPORT_COPY_ROWS(a, j->step, j->n);
	for (size_t i = 0; i < j->n; i++) {
		struct judge_step *s = &j->step[i];
		report_copy_text(a, &s->process_name);
		report_copy_text(a, &s->stage);
		report_copy_text(a, &s->name);
		REPORT_COPY_ROWS(a, s->person, s->n_persons);
		for (size_t k = 0; k < s->n_persons; k++)
			report_copy_text(a, &s->person[k].name);
	}
}

enum err
judge_steps(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct judge *ret)
{
	static const struct kept_kind kind = { "steps", REPORT_RECORDS " step step_done", sizeof *ret, make_judge,
		copy_judge };

	return report_kept(c, a, g, s, &kind, ret);
}

bool
judge_asks(const struct judge_step *x)
{
	return x->by_most || x->says == JUDGE_SAME;
}

str
judge_words(struct arena *a, const struct judge_step *x)
{
	if (x->by_most)
		return STR("Process: most skip it");
	if (x->says == JUDGE_SAME)
		return STR("Process: no difference");
	if (x->says == JUDGE_FEW)
		return STR("Too few to say");
	if (x->n_faults)
		return str_fmt(a, "Goes with wins; %zu skip%s it alone", x->n_faults, x->n_faults == 1 ? "s" : "");
	return x->says == JUDGE_SEPARATES ? STR("Goes with wins") : STR("Perhaps goes with wins");
}

str
judge_p(struct arena *a, double p)
{
	return isnan(p) ? STR("no data") : p < 0.001 ? STR("below 0.001") : str_fmt(a, "%.3f", p);
}
