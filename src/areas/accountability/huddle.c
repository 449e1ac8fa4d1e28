/* Five minutes on one screen: everyone's leading measure against its target, beside it what the leader owes, and one
   blocker with who answers it by when (A5). What one person shows of the own figures to the team is theirs to choose
   (O5); a leader's stand always, and first (O6). */
#include "areas/accountability/view.h"

#include "areas/accountability/huddle_html.h"

static enum err
load_blocker(struct request *r, struct huddle_row *x)
{
	struct rows rows;
	str sql = str_fmt(r->arena,
	        "select %.*s, o.name, (select count(*) from blocker y where y.org_id = x.org_id and y.raised_by = "
	        "x.raised_by and (y.answered_on is null or (y.confirmed_on is null and y.answered_on >= $4))) from "
	        "blocker x join person o on "
	        "o.org_id "
	        "= x.org_id and o.id = x.owner where x.org_id = $1 and $2 = $2 and x.raised_by = $3 {may:leadership "
	        "x.raised_by x.owner} and (x.answered_on is null or (x.confirmed_on is null and x.answered_on >= $4)) "
	        "order "
	        "by x.answered_on is not null, x.due, x.id limit 1",
	        STR_ARG(record_columns(r->arena, &blocker_record, "x")));
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql),
	        DB_ARGS(DB_I(x->person), db_day_value(r->arena, day_add(r->today, -BLOCKER_ASK_DAYS))), &rows);

	if (e == OK && db_next(&rows)) {
		int at = record_read(&rows, &blocker_record, 0, &x->b);
		x->b_owner = db_text(&rows, at);
		x->b_more = db_int(&rows, at + 1) - 1;
		x->b_late = !day_is(x->b.answered_on) && x->b.due.n < r->today.n;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_shown(struct request *r, struct huddle_row *x)
{
	int64_t n = 0;
	enum err e = db_one_int(r->conn, "select count(*) from huddle_share where org_id = $1 and person = $2",
	        DB_ARGS(DB_I(r->actor.org), DB_I(x->person)), &n);

	x->chosen = n > 0;
	x->shown = n > 0 || x->card->leads;
	return e;
}

static enum err
load_row(struct request *r, const struct huddle_view *v, struct huddle_row *x)
{
	struct card_ask ask;
	struct scorecard *card = arena_new(r->arena, struct scorecard, 1);
	enum err e;

	fill_card_ask(r, x->person, &v->span, NULL, &ask);
	ask.first = true;
	e = scorecard_load(&ask, card);
	x->card = card;
	x->mine = x->person == r->actor.person;
	x->may = scorecard_may(r->conn, r->actor.org, r->actor.person, x->person);
	if (e == OK)
		e = load_shown(r, x);
	if (e == OK && x->shown)
		e = agree_load(r, x->person, v->span.from, v->span.to, &x->agree);
	return e == OK ? load_blocker(r, x) : e;
}

static enum err
load(struct request *r, struct huddle_view *v)
{
	struct card_person *all;
	size_t n;
	enum err e;

	v->of = page_id_param(r, "of");
	if (!v->of)
		v->of = r->actor.leads ? r->actor.person : leader_of(r, r->actor.person);
	if (!v->of)
		v->of = r->actor.person;
	if (!scorecard_may(r->conn, r->actor.org, r->actor.person, v->of))
		return ERR_ABSENT;
	e = scorecard_team(r->conn, r->arena, r->actor.org, v->of, &all, &n);
	v->rows = arena_new(r->arena, struct huddle_row, n + 1);
	for (size_t i = 0; e == OK && i < n; i++) {
		struct huddle_row *x = &v->rows[v->n++];
		x->person = all[i].person;
		x->name = all[i].name;
		e = load_row(r, v, x);
		v->me = x->mine ? x : v->me;
		v->n_late += x->b_late;
	}
	return e;
}

enum err
huddle_page(struct request *r)
{
	struct huddle_view v = { 0 };
	struct page p = { .title = STR("Huddle") };
	enum err e;

	v.span = span_of(r);
	if (!page_param(r, "per").n)
		v.span = span_at(r, PER_WEEK, r->today);
	e = load(r, &v);
	if (e != OK)
		return e;
	if (v.n)
		p.title = str_fmt(r->arena, "Huddle: team of %.*s", STR_ARG(v.rows[0].name));
	p.subtitle = str_fmt(r->arena, "%.*s. Five minutes: one figure each, one blocker each, who answers it by when.",
	        STR_ARG(v.span.name));
	page_head(r, &p);
	tpl_huddle(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* ---- what I show to my team ---- */

static enum err
share_work(struct change *c, void *what)
{
	const struct huddle_share *given = what;
	struct huddle_share x = *given;

	if (given->row.id)
		return record_remove(c, &huddle_share_record, given->row.id, given->row.version);
	return record_save(c, &huddle_share_record, &x);
}

enum err
huddle_share_act(struct request *r)
{
	struct huddle_share x;
	bool show = page_field(r, "show").n > 0;
	id set = 0;
	enum err e;

	record_init(&huddle_share_record, &x);
	e = record_find_by(r->conn, r->arena, &r->grant, &huddle_share_record, "person",
	        str_fmt(r->arena, "%lld", (long long)r->actor.person), &x);
	if (e != OK && e != ERR_ABSENT)
		return e;
	if (show == (e == OK)) /* it stands as wished already */
		return page_go(r, STR("/huddle"));
	x.person = r->actor.person;
	x.on_day = r->today;
	e = page_change(r, show ? STR("My figure is shown in the huddle") : STR("My figure is not shown in the huddle"),
	        share_work, &x, &set);
	return e == OK ? page_done(r, set, STR("/huddle")) : e;
}
