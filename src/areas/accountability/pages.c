#include "areas/accountability/pages.h"

#include "areas/accountability/view.h"
#include "sheet/write.h"

#include "areas/accountability/scorecard_html.h"

static const struct grant *
counts_of(struct request *r)
{
	struct grant *g = arena_new(r->arena, struct grant, 1);

	*g = grant_counts(&r->grant, "figures of a scorecard that the asker may open");
	return g;
}

void
fill_card_ask(struct request *r, id person, const struct span *s, const struct grant *counts, struct card_ask *ret)
{
	*ret = (struct card_ask){ .conn = r->conn,
		.arena = r->arena,
		.counts = counts ? counts : counts_of(r),
		.org = r->actor.org,
		.person = person,
		.from = s->from,
		.to = s->to,
		.today = r->today,
		.currency = r->actor.currency };
}

/* What lists one's own rows lists no other's. */
static void
keep_links(struct request *r, struct scorecard *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->person != r->actor.person && !str_starts(s->rows[i].href, STR("/deals")))
			s->rows[i].href = (str){ 0 };
}

static enum err
load_card(struct request *r, id person, const struct span *s, const struct grant *counts, struct scorecard **ret)
{
	struct card_ask ask;
	enum err e;

	fill_card_ask(r, person, s, counts, &ask);
	*ret = arena_new(r->arena, struct scorecard, 1);
	e = scorecard_load(&ask, *ret);
	if (e == OK)
		keep_links(r, *ret);
	return e;
}

id
leader_of(struct request *r, id person)
{
	int64_t leader = 0;

	return db_one_int(r->conn,
	               "select coalesce(p.manager, case when k.head = p.id then k.sponsor end, 0) from person p join "
	               "company k on k.org_id = p.org_id where p.org_id = $1 and p.id = $2",
	               DB_ARGS(DB_I(r->actor.org), DB_I(person)), &leader) == OK
	               ? leader
	               : 0;
}

/* ---- a team ---- */

static void
push_row(struct request *r, struct team_view *v, const struct scorecard *s, size_t most)
{
	size_t t = 0;

	while (t < v->n_tables && v->tables[t].role != s->role)
		t++;
	if (t == v->n_tables) {
		if (t == 3)
			return;
		v->tables[v->n_tables++] =
		        (struct team_table){ s->role, arena_new(r->arena, const struct scorecard *, most), 0 };
	}
	v->tables[t].rows[v->tables[t].n++] = s;
}

static enum err
load_leaders(struct request *r, struct team_view *v)
{
	size_t cap = 0;
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select p.id, p.name from line l join person p on p.org_id = l.org_id and p.id = l.below where "
	        "l.org_id = "
	        "$1 and l.above = $2 and l.to_day is null and p.left_on is null and exists (select 1 from person q "
	        "where "
	        "q.org_id = $1 and q.manager = p.id and q.left_on is null) order by l.depth, p.name_key limit 200",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(r->arena, v->leaders, v->n_leaders, cap);
		v->leaders[v->n_leaders++] = (struct card_person){ db_int(&rows, 0), db_text(&rows, 1) };
	}
	return e == OK ? db_end(&rows) : e;
}

/* O6: the leader first; then those below whom the asker may read. */
static enum err
load_team(struct request *r, struct team_view *v)
{
	const struct grant *counts = counts_of(r);
	struct card_person *all;
	struct scorecard *s;
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
	for (size_t i = 0; e == OK && i < n; i++) {
		if (!scorecard_may(r->conn, r->actor.org, r->actor.person, all[i].person)) {
			v->n_hidden++;
			continue;
		}
		e = load_card(r, all[i].person, &v->span, counts, &s);
		if (e == OK && all[i].person == v->of)
			v->leader = s;
		else if (e == OK && s->n)
			push_row(r, v, s, n);
	}
	if (e == OK)
		e = load_leaders(r, v);
	v->mine = v->of == r->actor.person;
	v->who_sees = grant_explain(r->arena, &r->grant, MATTER_SCORECARD);
	return e == OK && !v->leader ? ERR_ABSENT : e;
}

static str
subtitle(struct request *r, const struct span *s)
{
	return str_fmt(r->arena, "%.*s, %.*s to %.*s%s", STR_ARG(s->name),
	        STR_ARG(day_text(r->arena, s->from, r->today)), STR_ARG(day_text(r->arena, s->to, r->today)),
	        s->to.n > r->today.n ? "; counted until today" : "");
}

enum err
scorecard_team_page(struct request *r)
{
	struct team_view v = { .span = span_of(r) };
	struct page p = { .title = STR("Scorecard") };
	enum err e = load_team(r, &v);

	if (e != OK)
		return e;
	if (v.leader->leads)
		p.title = str_fmt(r->arena, "Scorecard: team of %.*s", STR_ARG(v.leader->name));
	p.subtitle = subtitle(r, &v.span);
	page_head(r, &p);
	tpl_team(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* ---- one person ---- */

static enum err
load_one(struct request *r, struct card_view *v)
{
	id person = r->ids[0], leader;
	struct scorecard *s;
	struct card_ask ask;
	enum err e;

	if (!scorecard_may(r->conn, r->actor.org, r->actor.person, person))
		return ERR_ABSENT;
	e = load_card(r, person, &v->span, NULL, &s);
	if (e != OK)
		return e;
	v->card = s;
	v->mine = person == r->actor.person;
	leader = leader_of(r, person);
	if (leader && scorecard_may(r->conn, r->actor.org, r->actor.person, leader)) {
		e = load_card(r, leader, &v->span, NULL, &s);
		if (e == OK && s->n)
			v->leader = s;
	}
	fill_card_ask(r, person, &v->span, NULL, &ask);
	if (e == OK)
		e = ratios_load(&ask, v->ratios);
	if (e == OK)
		e = agree_load(r, person, v->span.from, v->span.to, &v->agree);
	v->may_enter = v->mine || (leader && leader == r->actor.person);
	v->who_sees = v->card->leads ? STR("The person, those they lead, and the line above.")
	                             : grant_explain(r->arena, &r->grant, MATTER_SCORECARD);
	return e;
}

static enum err
show_one(struct request *r, struct card_view *v)
{
	struct crumb crumb = { STR("Scorecard"), STR("/scorecard") };
	struct page p = { .crumbs = &crumb, .n_crumbs = 1 };
	enum err e;

	v->span = span_of(r);
	e = load_one(r, v);
	if (e != OK)
		return e;
	p.title = str_fmt(r->arena, "Scorecard of %.*s", STR_ARG(v->card->name));
	p.subtitle = subtitle(r, &v->span);
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_card(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
scorecard_page(struct request *r)
{
	struct card_view v = { 0 };

	return show_one(r, &v);
}

/* By hand, where no record tells: by the person, or whoever they report to. */
static enum err
enter_work(struct change *c, void *what)
{
	struct measure_entry x = *(struct measure_entry *)what;

	return record_save(c, &measure_entry_record, &x);
}

enum err
scorecard_enter(struct request *r)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "a figure entered for a scorecard");
	struct card_view v = { .at = page_id_field(r, "measure") };
	struct measure_entry x;
	struct measure m;
	id set = 0, person = r->ids[0];
	enum err e;

	if (!scorecard_may(r->conn, r->actor.org, r->actor.person, person))
		return ERR_ABSENT;
	if (person != r->actor.person && leader_of(r, person) != r->actor.person)
		return ERR_DENIED;
	record_init(&measure_entry_record, &x);
	x.person = person;
	x.entered_by = r->actor.person;
	x.on_day = r->today;
	e = page_fill(r, &measure_entry_record, "measure on_day amount note", &x);
	if (e == OK && v.at &&
	        (record_load(r->conn, r->arena, &r->grant, &measure_record, v.at, &m) != OK || m.source != FROM_HAND))
		fault_add(&r->faults, STR("measure"), STR("is not entered by hand"), STR("choose another"));
	if (e == OK && x.amount == NO_INT)
		fault_add(&r->faults, STR("amount"), STR("is missing"), STR("write a whole number, 0 too"));
	if (e == OK && !r->faults.n)
		e = page_change_as(r, &g, STR("Figure entered"), enter_work, &x, &set);
	if (r->faults.n || e == ERR_INPUT)
		return show_one(r, &v);
	return e == OK ? page_done(r, set, str_fmt(r->arena, "/scorecard/%.*s", STR_ARG(id_text(r->arena, person))))
	               : e;
}

/* ---- as a table for others ---- */

static str
plain_amount(struct request *r, const struct measure *m, int64_t n)
{
	if (m->source == FROM_REVENUE)
		return money_plain(r->arena, money_of(n, r->actor.currency));
	return str_fmt(r->arena, "%lld", (long long)n);
}

static void
csv_card(struct request *r, const struct scorecard *s, struct write *w)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct measured *x = &s->rows[i];
		write_text(w, s->name);
		write_text(w, x->m.name);
		write_text(w, str_of(measure_kinds[x->m.kind].code));
		write_number(w, x->known ? plain_amount(r, &x->m, x->value) : (str){ 0 });
		write_number(w, str_fmt(r->arena, "%lld", (long long)x->n));
		write_number(w, x->has_target ? plain_amount(r, &x->m, x->target) : (str){ 0 });
		write_text(w, measure_is_share(&x->m)       ? STR("percent")
		              : x->m.source == FROM_REVENUE ? r->actor.currency
		                                            : STR("count"));
		write_row_end(w);
	}
}

enum err
scorecard_csv(struct request *r)
{
	static const char *const heads[] = { "person", "measure", "kind", "value", "n", "target", "target_in" };
	struct team_view v = { .span = span_of(r) };
	struct write w = { .out = &r->answer->body };
	enum err e = load_team(r, &v);

	if (e != OK)
		return e;
	page_type(r, STR("text/csv; charset=utf-8"));
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		write_text(&w, str_of(heads[i]));
	write_row_end(&w);
	csv_card(r, v.leader, &w);
	for (size_t t = 0; t < v.n_tables; t++)
		for (size_t i = 0; i < v.tables[t].n; i++)
			csv_card(r, v.tables[t].rows[i], &w);
	return OK;
}
