/* A session and the framework it follows (C3, C4): chosen by either of the two, its phases with their time of day. */
#include "areas/coaching/view.h"

/* The newest version of each that is offered, and the one the session has. */
static enum err
load_choice(struct request *r, struct session_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select f.id, f.name, f.number from framework f where f.org_id = $1 and (f.id = $2 or "
	        "(coalesce(f.retired, "
	        "0) = 0 and not exists (select 1 from framework x where x.org_id = f.org_id and coalesce(x.line, x.id) "
	        "= "
	        "coalesce(f.line, f.id) and x.number > f.number))) order by f.kind, f.name, f.number limit 100",
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->base.s.framework)), &rows);

	v->frames = arena_new(r->arena, struct choice_option, 100);
	while (e == OK && v->n_frames < 100 && db_next(&rows)) {
		struct choice_option *o = &v->frames[v->n_frames++];
		o->value = db_int(&rows, 0);
		o->label = db_int(&rows, 2) > 1 ? str_fmt(r->arena, "%.*s, version %lld", STR_ARG(db_text(&rows, 1)),
		                                          (long long)db_int(&rows, 2))
		                                : db_text(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

static bool
practises(const struct framework_whole *w)
{
	for (size_t i = 0; i < w->n_phases; i++)
		if (w->phases[i].kind == PHASE_PRACTICE)
			return true;
	return false;
}

/* C4: rubrics that are made for a role-play, the newest of each line. */
static enum err
load_rubrics(struct request *r, struct session_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select f.id, f.name from rubric f where f.org_id = $1 and f.kind = 'role_play' and "
	        "coalesce(f.retired, 0) = 0 and not exists (select 1 from rubric x where x.org_id = f.org_id and "
	        "coalesce(x.line, x.id) = coalesce(f.line, f.id) and x.number > f.number) order by f.name, f.id "
	        "limit 20",
	        DB_ARGS(DB_I(r->actor.org)), &rows);

	if (e != OK)
		return e;
	v->rubrics = arena_new(r->arena, struct choice_option, 20);
	while (db_next(&rows))
		v->rubrics[v->n_rubrics++] = (struct choice_option){ db_int(&rows, 0), db_text(&rows, 1) };
	return db_end(&rows);
}

/* C4: role-play with a rubric: those that are made for it, and what was seen on one in this session. */
static enum err
load_practice(struct request *r, struct session_view *v)
{
	struct rows rows;
	enum err e = practises(v->frame) && v->base.is_coach ? load_rubrics(r, v) : OK;

	if (e == OK)
		e = record_query(r->conn, r->arena, &r->grant,
		        "select o.id, p.name, coalesce(k.name, ''), o.on_day from observation o join person p on "
		        "p.org_id = "
		        "o.org_id and p.id = o.observer left join rubric k on k.org_id = o.org_id and k.id = o.rubric "
		        "where "
		        "o.org_id = $1 and $2 = $2 and o.session = $3 and o.entered_on is not null {may:session_fact "
		        "o.observer "
		        "o.person} order by o.id limit 8",
		        DB_ARGS(DB_I(v->base.s.row.id)), &rows);
	while (e == OK && v->n_played < 8 && db_next(&rows))
		v->played[v->n_played++] = (struct session_played){ db_int(&rows, 0), db_text(&rows, 1),
			db_text(&rows, 2), db_day(&rows, 3) };
	return e == OK ? db_end(&rows) : e;
}

enum err
session_frame_load(struct request *r, struct session_view *v)
{
	enum err e = load_choice(r, v);

	if (e != OK || !v->base.s.framework)
		return e;
	v->frame = arena_new(r->arena, struct framework_whole, 1);
	e = framework_load(r->conn, r->arena, &r->grant, v->base.s.framework, v->frame);
	if (e == OK)
		e = sheet_load(r, &v->base.s, v->frame, &v->sheet);
	return e == OK ? load_practice(r, v) : e;
}

str
session_frame_at(struct arena *a, const struct session_view *v, size_t phase)
{
	int64_t at = v->base.s.start;

	if (at == NO_INT || v->frame->phases[phase].kind == PHASE_SHEET)
		return (str){ 0 };
	for (size_t i = 0; i < phase; i++)
		at += v->frame->phases[i].kind == PHASE_SHEET ? 0 : v->frame->phases[i].minutes;
	return minutes_text(a, at % 1440);
}

enum err
session_frame(struct request *r)
{
	struct session s;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &session_record, r->ids[0], &s);

	if (e == OK && r->actor.person != s.coach && r->actor.person != s.coachee)
		return ERR_ABSENT;
	if (e == OK && day_is(s.answered_on))
		e = fault_add(&r->faults, STR("framework"), STR("is part of a session that both have answered"),
		        STR("choose one for the next session"));
	if (e == OK)
		e = page_fill(r, &session_record, "framework", &s);
	if (e == OK)
		e = page_save(r, STR("Framework chosen"), &session_record, &s, &set);
	if (e == ERR_INPUT || r->faults.n)
		return session_show(r);
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/coaching/%.*s/session#agenda",
	                                 STR_ARG(id_text(r->arena, r->ids[0]))))
	               : e;
}
