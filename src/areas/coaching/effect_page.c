#include "areas/coaching/effect_view.h"

#include <math.h>

#include "areas/coaching/programme.h"
#include "sheet/write.h"

#include "areas/coaching/effect_html.h"

static bool
may_place(const struct request *r)
{
	return r->grant.reach[MATTER_COMPANY][ACT_WRITE] == REACH_COMPANY;
}

static str
name_of(const struct effect_table *t, id who)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].who == who)
			return t->rows[i].name;
	return (str){ 0 };
}

/* ---- where a skill shows ---- */

/* Open stages of the versions in use; each stands for all the versions of it. */
static enum err
load_places(struct request *r, struct effect_view *v)
{
	static const char sql[] = "select coalesce(z.origin, z.id), z.name, p.name from stage z join process p on "
	                          "p.org_id = z.org_id and p.id = "
	                          "z.process where z.org_id = $1 and z.outcome = 'open' and p.state = 'published' "
	                          "order by p.name, p.id, z.position "
	                          "limit 200";
	struct rows rows;
	enum err e = db_query(r->conn, r->arena, sql, DB_ARGS(DB_I(r->actor.org)), &rows);

	v->places = arena_new(r->arena, struct effect_place, 200);
	while (e == OK && v->n_places < 200 && db_next(&rows)) {
		id stage = db_int(&rows, 0);
		bool known = false;
		for (size_t i = 0; i < v->n_places && !known; i++)
			known = v->places[i].stage == stage;
		if (!known)
			v->places[v->n_places++] = (struct effect_place){ stage,
				str_fmt(r->arena, "%.*s, %.*s", STR_ARG(db_text(&rows, 1)),
				        STR_ARG(db_text(&rows, 2))) };
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_skills(struct request *r, struct effect_view *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, coalesce(z.origin, z.id, 0) from skill k left join stage z on z.org_id = k.org_id and "
	        "z.id = "
	        "k.stage where k.org_id = $1 order by k.position, k.name, k.id limit 200",
	        STR_ARG(record_columns(r->arena, &skill_record, "k")));
	struct rows rows;
	enum err e = db_query(r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org)), &rows);

	v->skills = arena_new(r->arena, struct effect_skill, 200);
	while (e == OK && v->n_skills < 200 && db_next(&rows)) {
		struct effect_skill *x = &v->skills[v->n_skills++];
		x->shows = db_int(&rows, record_read(&rows, &skill_record, 0, &x->s));
	}
	return e == OK ? db_end(&rows) : e;
}

/* ---- the page ---- */

static enum err
load_lines(struct request *r, struct effect_view *v)
{
	const struct effect_all *all = &v->all;

	v->lines = arena_new(r->arena, struct effect_line, all->n_units + 1);
	for (size_t i = 0; i < all->n_units; i++) {
		const struct effect_unit *u = &all->units[i];
		if (v->one && v->one->who != u->coach && v->one->who != u->programme && v->one->who != u->skill)
			continue;
		if (!u->counts)
			continue;
		if (!u->mine) {
			v->n_hidden++;
			continue;
		}
		v->lines[v->n_lines++] = (struct effect_line){ .u = u,
			.coach = name_of(&all->coaches, u->coach),
			.coachee = page_name(r, "person", u->coachee),
			.skill = name_of(&all->skills, u->skill),
			.stage = page_name(r, "stage", u->stage) };
	}
	return OK;
}

static const struct effect_row *
row_of(const struct effect_table *t, id who)
{
	for (size_t i = 0; who && i < t->n; i++)
		if (t->rows[i].who == who)
			return &t->rows[i];
	return NULL;
}

/* One in which no two have named the same skill yet. */
static enum err
empty_programme(struct request *r, struct effect_view *v)
{
	struct effect_row *x = arena_new(r->arena, struct effect_row, 1);
	struct programme p;
	enum err e = record_load(r->conn, r->arena, &r->grant, &programme_record, page_id_param(r, "programme"), &p);

	*x = (struct effect_row){ .who = p.row.id, .name = p.name };
	v->one = e == OK ? x : NULL;
	return e;
}

/* ?coach=, ?programme= or ?skill=: one row of the tables. */
static enum err
choose(struct request *r, struct effect_view *v)
{
	static const char *const names[] = { "coach", "programme", "skill" };
	const struct effect_table *tables[] = { &v->all.coaches, &v->all.programmes, &v->all.skills };

	for (int i = 0; i < 3; i++) {
		if (!page_param(r, names[i]).n)
			continue;
		v->one = row_of(tables[i], page_id_param(r, names[i]));
		return v->one ? OK : i == 1 ? empty_programme(r, v) : ERR_ABSENT;
	}
	return OK;
}

static enum err
load(struct request *r, struct effect_view *v)
{
	enum err e = effect_load(r->conn, r->arena, &r->grant, r->today, &v->all);

	if (e == OK)
		e = choose(r, v);
	if (e == OK)
		e = load_lines(r, v);
	return e;
}

static enum err
show(struct request *r)
{
	struct crumb crumbs[] = { { STR("Coaching"), STR("/coaching") },
		{ STR("Does it help?"), STR("/coaching/effect") } };
	struct effect_view v = { .may = may_place(r) };
	struct page p = { .title = STR("Does coaching help?"), .crumbs = crumbs, .n_crumbs = 1 };
	enum err e = load(r, &v);

	if (e == OK && page_is_part(r)) { /* the page of a programme asks for it once it stands: it counts many deals */
		tpl_effect_said(&r->view, v.one ? v.one : &v.all.company);
		return OK;
	}
	if (e == OK)
		e = load_places(r, &v);
	if (e == OK)
		e = load_skills(r, &v);
	if (e != OK)
		return e;
	p.subtitle = str_fmt(r->arena, "Two years to %.*s: what was seen afterwards, and what later deals did",
	        STR_ARG(day_long(r->arena, r->today)));
	if (v.one) {
		p.title = str_fmt(r->arena, "Does coaching help? %.*s", STR_ARG(v.one->name));
		p.n_crumbs = 2;
	}
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_effect(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
effect_page(struct request *r)
{
	return show(r);
}

/* C9: which figure a skill should move is for the company to say, and said before anything is counted by it. */
enum err
effect_place_act(struct request *r)
{
	struct skill s;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &skill_record, r->ids[0], &s);

	if (e == OK && !may_place(r))
		e = ERR_DENIED;
	if (e == OK)
		e = page_fill(r, &skill_record, "stage", &s);
	if (e == OK && !r->faults.n)
		e = page_save(r, STR("Where a skill shows"), &skill_record, &s, &set);
	if (r->faults.n || e == ERR_INPUT)
		return show(r);
	return e == OK ? page_done(r, set, STR("/coaching/effect#skills")) : e;
}

/* ---- as a table for others ---- */

static void
csv_real(struct request *r, struct write *w, bool known, double x)
{
	write_number(w, known && isfinite(x) ? str_fmt(r->arena, "%.6f", x) : (str){ 0 });
}

/* Of the counts below: deals that moved on. */
static bool
is_moved(size_t i)
{
	return i == 4 || i == 6 || i == 9 || i == 11;
}

static void
csv_row(struct request *r, struct write *w, const char *of, const struct effect_row *x)
{
	const int64_t counts[] = { x->seen.changed, x->seen.n, x->seen.people, x->people, x->own.before_yes,
		x->own.before_n, x->own.after_yes, x->own.after_n, x->peers, x->rest.before_yes, x->rest.before_n,
		x->rest.after_yes, x->rest.after_n };

	write_text(w, str_of(of));
	write_text(w, x->who ? x->name : STR("company"));
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) /* few ones' outcomes would be somebody's */
		write_number(w, (i == 0 && !x->seen_enough) || (is_moved(i) && !x->enough)
		                        ? (str){ 0 }
		                        : str_fmt(r->arena, "%lld", (long long)counts[i]));
	csv_real(r, w, x->enough, x->e.change);
	csv_real(r, w, x->enough, x->e.regress);
	csv_real(r, w, x->enough, x->e.others);
	csv_real(r, w, x->enough, x->e.diff);
	csv_real(r, w, x->enough, x->e.low);
	csv_real(r, w, x->enough, x->e.high);
	csv_real(r, w, x->pulled, x->p.value);
	csv_real(r, w, x->pulled, x->p.low);
	csv_real(r, w, x->pulled, x->p.high);
	write_row_end(w);
}

enum err
effect_csv(struct request *r)
{
	static const char *const heads[] = { "of", "name", "seen_there", "seen_n", "seen_people", "people",
		"before_moved", "before_n", "after_moved", "after_n", "others", "others_before_moved",
		"others_before_n", "others_after_moved", "others_after_n", "change", "regression", "others_change",
		"left", "low", "high", "pulled", "pulled_low", "pulled_high" };
	struct effect_view v = { 0 };
	struct write w = { .out = &r->answer->body };
	enum err e = effect_load(r->conn, r->arena, &r->grant, r->today, &v.all);
	const struct effect_table *tables[] = { &v.all.coaches, &v.all.programmes, &v.all.skills };

	if (e != OK)
		return e;
	page_type(r, STR("text/csv; charset=utf-8"));
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		write_text(&w, str_of(heads[i]));
	write_row_end(&w);
	csv_row(r, &w, "company", &v.all.company);
	for (size_t t = 0; t < 3; t++)
		for (size_t i = 0; i < tables[t]->n; i++)
			csv_row(r, &w, ((const char *[]){ "coach", "programme", "skill" })[t], &tables[t]->rows[i]);
	return OK;
}

const struct route effect_routes[] = {
	{ HTTP_GET, "/coaching/effect", POLICY_SIGNED_IN, effect_page, "coaching", "See whether coaching helps",
	        false },
	{ HTTP_GET, "/coaching/effect.csv", POLICY_SIGNED_IN, effect_csv, "coaching", "Whether coaching helps, as CSV",
	        false },
	{ HTTP_POST, "/coaching/skills/:", POLICY_SIGNED_IN, effect_place_act, "coaching", "Say where a skill shows",
	        false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
