#include "areas/leadership/view.h"

#include "areas/leadership/leaders_html.h"
#include "areas/coaching/certify.h"

static enum err
load_goal(struct request *r, const struct grant *g, id person, struct development_goal *ret)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from development_goal x where x.org_id = $1 and $2 = $2 and x.person = $3 and x.ended_on "
	        "is null "
	        "order by x.set_on desc, x.id desc limit 1",
	        STR_ARG(record_columns(r->arena, &development_goal_record, "x")));
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, g, str_z(r->arena, sql), DB_ARGS(DB_I(person)), &rows);

	record_init(&development_goal_record, ret);
	if (e == OK && db_next(&rows))
		record_read(&rows, &development_goal_record, 0, ret);
	return e == OK ? db_end(&rows) : e;
}

/* C2b: who saw this leader coach, and until when that holds. */
static enum err
load_certificate(struct request *r, const struct grant *g, id coach, str *ret)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, g,
	        "select x.until, p.name, coalesce(x.alone, 0) from certification x join person p on p.org_id = "
	        "x.org_id and p.id "
	        "= x.certifier where x.org_id = $1 and $2 = $2 and x.coach = $3 and x.revoked_on is null and "
	        "coalesce(x.grace_until, x.until) >= $4 {may:leadership x.certifier x.coach} order by x.until desc, "
	        "x.id desc "
	        "limit 1",
	        DB_ARGS(DB_I(coach), db_day_value(r->arena, r->today)), &rows);

	if (e == OK && db_next(&rows)) {
		day until = db_day(&rows, 0);
		*ret = str_fmt(r->arena, "%s %.*s, by %.*s%s",
		        until.n < r->today.n ? "certificate in grace since" : "certified as a coach until",
		        STR_ARG(day_text(r->arena, until, r->today)), STR_ARG(db_text(&rows, 1)),
		        db_int(&rows, 2) ? ", by one person" : "");
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_row(struct request *r, const struct grant *g, const struct leaders_view *v, struct leader_row *x)
{
	id who = x->l.person;
	enum err e = debt_of_coach(r->conn, r->arena, g, who, v->from, r->today, r->today, &x->coaching);

	if (e == OK)
		e = commitments_kept(
		        r->conn, r->arena, g, who, day_add_months(r->today, -12), r->today, r->today, &x->kept);
	if (e == OK)
		e = selling_of(r->conn, r->arena, g, who, r->actor.currency, v->from, r->today, &x->selling);
	if (e == OK)
		e = load_goal(r, g, who, &x->goal);
	if (e == OK)
		e = load_certificate(r, g, who, &x->certificate);
	if (x->selling.team > 0)
		x->share = html_pct_text(r->arena, (double)x->selling.own / (double)x->selling.team);
	return e;
}

/* L3a: what is above its limit is a flag on the leader above. */
static void
flag(struct request *r, struct leaders_view *v, const struct leader_row *x)
{
	const struct selling *s = &x->selling;
	str said = { 0 };

	if (s->over_share)
		said = str_fmt(r->arena, "owns %.*s of the team’s open value (limit %d %%)", STR_ARG(x->share),
		        SELLING_SHARE_MOST);
	if (s->over_taken)
		said = str_fmt(r->arena, "%.*s%stook over %lld deals in the %d days before close (limit %d)",
		        STR_ARG(said), said.n ? ", " : "", (long long)s->taken, SELLING_LATE_DAYS, SELLING_TAKEN_MOST);
	if (s->over_span)
		said = str_fmt(r->arena, "%.*s%sleads %lld people directly (limit %d)", STR_ARG(said),
		        said.n ? ", " : "", (long long)s->span, SELLING_SPAN_MOST);
	for (size_t i = 0; said.n && i < v->n; i++)
		if (v->rows[i].l.person == x->l.manager)
			v->rows[i].flags = str_fmt(r->arena, "%.*s%s%.*s %.*s", STR_ARG(v->rows[i].flags),
			        v->rows[i].flags.n ? "; " : "", STR_ARG(x->l.name), STR_ARG(said));
}

/* L3, O6: counts of leaders are open to those they lead, so they are read for the company; no text is. */
static enum err
load_board(struct request *r, struct leaders_view *v)
{
	struct grant counts = grant_counts(&r->grant, "counts of leaders, open to their teams");
	struct company o;
	struct leader *l;
	enum err e = leaders_load(r, &l, &v->n);

	if (e == OK)
		e = record_load(r->conn, r->arena, &r->grant, &company_record, r->actor.org, &o);
	if (e != OK)
		return e;
	v->sponsor = o.sponsor ? page_name(r, "person", o.sponsor) : o.sponsor_name;
	v->has_head = o.head != 0;
	v->rows = arena_new(r->arena, struct leader_row, v->n + 1);
	for (size_t i = 0; e == OK && i < v->n; i++) {
		v->rows[i].l = l[i];
		e = load_row(r, &counts, v, &v->rows[i]);
		if (r->actor.person && l[i].person == r->actor.person)
			v->me = &v->rows[i];
	}
	for (size_t i = 0; e == OK && i < v->n; i++)
		flag(r, v, &v->rows[i]);
	return e;
}

static enum err
show(struct request *r, struct leaders_view *v)
{
	struct page p = { .title = STR("Leaders’ board") };
	enum err e;

	v->from = day_add(r->today, -84);
	e = load_board(r, v);
	if (e != OK)
		return e;
	p.subtitle = str_fmt(r->arena, "Twelve weeks to %.*s, in the order of the reporting line; no rank, no total",
	        STR_ARG(day_long(r->arena, r->today)));
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_leaders(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
leaders_page(struct request *r)
{
	struct leaders_view v = { 0 };

	return show(r, &v);
}

/* ---- my own goal ---- */

enum err
leaders_goal(struct request *r)
{
	struct leaders_view v = { 0 };
	struct development_goal x;
	id set = 0;
	enum err e = load_goal(r, &r->grant, r->actor.person, &x);

	if (e != OK)
		return e;
	if (x.row.id)
		fault_add(&r->faults, STR("goal"), STR("is the second at a time"), STR("end the first one"));
	record_init(&development_goal_record, &x);
	x.person = r->actor.person;
	x.set_on = r->today;
	page_fill(r, &development_goal_record, "goal sign due", &x);
	e = r->faults.n ? ERR_INPUT : page_save(r, STR("Development goal set"), &development_goal_record, &x, &set);
	if (e == ERR_INPUT)
		return show(r, &v);
	return e == OK ? page_done(r, set, STR("/leaders")) : e;
}

enum err
leaders_goal_end(struct request *r)
{
	struct leaders_view v = { .ending = true };
	struct development_goal x;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &development_goal_record, r->ids[0], &x);

	if (e != OK)
		return e;
	if (x.person != r->actor.person)
		return ERR_DENIED;
	x.outcome = page_field(r, "outcome");
	x.ended_on = r->today;
	e = page_save(r, STR("Development goal ended"), &development_goal_record, &x, &set);
	if (e == ERR_INPUT)
		return show(r, &v);
	return e == OK ? page_done(r, set, STR("/leaders")) : e;
}
