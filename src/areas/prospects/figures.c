#include "areas/prospects/figures.h"

const int prospect_ages[PROSPECT_AGES - 1] = { 7, 30, 90 };

static void
count_age(struct prospect_figures *f, const struct prospect_spell *s, day today)
{
	size_t i = 0;

	if (!day_is(s->came))
		return;
	while (i < PROSPECT_AGES - 1 && day_between(s->came, today) > prospect_ages[i])
		i++;
	f->age[i] += s->n;
}

static void
count_spell(struct arena *a, struct prospect_figures *f, const struct prospect_spell *s, day today)
{
	bool touched = day_is(s->first) && day_between(s->first, today) >= 0;
	day until = touched ? s->first : day_is(s->ended) && day_between(s->ended, today) >= 0 ? s->ended : today;
	int64_t days = day_is(s->came) ? day_between(s->came, until) : -1;

	if (!day_is(s->came) || day_between(s->came, today) < 0) {
		f->undated += s->n;
		return;
	}
	if (days < 0) /* a file that says they came after they were called */
		days = 0;
	f->touched += touched ? s->n : 0;
	if (!survive_add(a, &f->spells, days, touched ? SURVIVE_WON : SURVIVE_OPEN, s->n))
		f->undated += s->n;
}

void
prospect_count(struct arena *a, struct prospect_figures *f, const struct prospect_spell *s, day today)
{
	f->n += s->n;
	f->qualified += s->state == PROSPECT_QUALIFIED ? s->n : 0;
	f->disqualified += s->state == PROSPECT_DISQUALIFIED ? s->n : 0;
	if (s->state == PROSPECT_OPEN) {
		bool rests = !s->claimed && day_is(s->back) && day_between(today, s->back) > 0;
		f->open += s->n;
		f->resting += rests ? s->n : 0;
		f->unclaimed += !s->claimed && !rests ? s->n : 0;
		f->untouched += day_is(s->first) ? 0 : s->n;
		count_age(f, s, today);
	}
	count_spell(a, f, s, today);
}

void
prospect_counted(struct arena *a, struct prospect_figures *f)
{
	const struct survive_point *p = NULL;
	size_t n = f->spells.total ? survive_curve(a, &f->spells, SURVIVE_ANY, &p) : 0;

	f->half = survive_quantile(p, n, 0.5);
}

enum err
prospect_figures_of(struct conn *c, struct arena *a, const struct grant *g, const struct list *l, day today,
        struct prospect_figures *ret)
{
	struct list_where w;
	struct rows rows;
	enum err e;

	*ret = (struct prospect_figures){ 0 };
	list_where(a, g, l, "t", &w);
	str sql = str_fmt(a,
	        "select t.came_on, t.first_on, t.ended_on, t.back_on, t.state, case when t.owner is null then 0 else "
	        "1 end, count(*) from prospect t where t.org_id = $1 and $2 = $2%.*s group by t.came_on, t.first_on, "
	        "t.ended_on, t.back_on, t.state, case when t.owner is null then 0 else 1 end",
	        STR_ARG(w.sql));
	e = record_query(c, a, g, str_z(a, sql), w.values, w.n, &rows);
	if (e != OK)
		return e;
	while (db_next(&rows)) {
		struct prospect_spell s = { db_day(&rows, 0), db_day(&rows, 1), db_day(&rows, 2), db_day(&rows, 3),
			choice_of(prospect_states, db_text_raw(&rows, 4)), db_int(&rows, 5) != 0, db_int(&rows, 6) };
		prospect_count(a, ret, &s, today);
	}
	prospect_counted(a, ret);
	return db_end(&rows);
}

enum err
prospect_figures_now(struct conn *c, struct arena *a, const struct grant *g, const struct list *l, day today,
        struct prospect_figures *ret, bool *ret_known)
{
	int64_t n = 0;
	enum err e = record_count_to(c, a, g, l, PROSPECTS_AT_ONCE + 1, &n);

	*ret = (struct prospect_figures){ 0 };
	*ret_known = e == OK && n <= PROSPECTS_AT_ONCE;
	return *ret_known ? prospect_figures_of(c, a, g, l, today, ret) : e;
}

enum err
prospect_reasons_of(struct conn *c, struct arena *a, const struct grant *g, const struct list *l,
        struct prospect_reason ret[PROSPECT_REASONS], size_t *ret_n)
{
	struct list_where w;
	struct rows rows;
	enum err e;

	*ret_n = 0;
	list_where(a, g, l, "t", &w);
	str sql = str_fmt(a,
	        "select t.reason, count(*) from prospect t where t.org_id = $1 and $2 = $2 and t.state = "
	        "'disqualified'%.*s group by t.reason order by 2 desc, 1 limit %d",
	        STR_ARG(w.sql), PROSPECT_REASONS);
	e = record_query(c, a, g, str_z(a, sql), w.values, w.n, &rows);
	if (e != OK)
		return e;
	while (*ret_n < PROSPECT_REASONS && db_next(&rows))
		ret[(*ret_n)++] = (struct prospect_reason){ db_text(&rows, 0), db_int(&rows, 1) };
	return db_end(&rows);
}
