/* The notes of two go to a third person only when the one who was coached sends them; each reading is noted before the
   text leaves, and both see it (O5, C5a). */
#include "areas/coaching/view.h"
#include "auth/session.h"

#include "areas/coaching/session_html.h"

/* Those above the coachee, the nearest first, without the coach; the sponsor where the head is coached (O8). */
enum err
sent_readers(struct request *r, struct session_view *v)
{
	static const char sql[] = "select p.id, p.name, l.depth from line l join person p on p.org_id = l.org_id and "
	                          "p.id = l.above where "
	                          "l.org_id = $1 and l.below = $2 and l.depth > 0 and l.to_day is null and p.id <> $3 "
	                          "and p.left_on is null "
	                          "union select p.id, p.name, 99 from company k join person p on p.org_id = k.org_id "
	                          "and p.id = k.sponsor where "
	                          "k.org_id = $1 and p.id <> $3 and p.id <> $2 order by 3, 2";
	const struct session *s = &v->base.s;
	struct rows rows;
	enum err e =
	        db_query(r->conn, r->arena, sql, DB_ARGS(DB_I(r->actor.org), DB_I(s->coachee), DB_I(s->coach)), &rows);

	v->readers = arena_new(r->arena, struct choice_option, 20);
	while (e == OK && v->n_readers < 20 && db_next(&rows))
		v->readers[v->n_readers++] = (struct choice_option){ db_int(&rows, 0), db_text(&rows, 1) };
	return e == OK ? db_end(&rows) : e;
}

enum err
sent_readings(struct request *r, struct session_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select distinct p.name, x.on_day from reading x join person p on p.org_id = x.org_id and p.id = "
	        "x.reader where "
	        "x.org_id = $1 and x.record = 'shared_note' and x.row_id = $2 order by x.on_day, p.name limit 20",
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->shared.row.id)), &rows);

	v->readings = arena_new(r->arena, struct note_reading, 20);
	while (e == OK && v->n_readings < 20 && db_next(&rows))
		v->readings[v->n_readings++] = (struct note_reading){ db_text(&rows, 0), db_day(&rows, 1) };
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_note(struct request *r, const struct grant *g, struct shared_note *ret)
{
	return record_find_by(r->conn, r->arena, g, &shared_note_record, "session",
	        str_fmt(r->arena, "%lld", (long long)r->ids[0]), ret);
}

/* With nobody chosen it is taken back; what was read until then stays noted. */
enum err
session_send(struct request *r)
{
	struct session_view v = { 0 };
	struct shared_note x;
	struct session s;
	id to = page_id_field(r, "reader"), set = 0;
	bool known = !to;
	enum err e = record_load(r->conn, r->arena, &r->grant, &session_record, r->ids[0], &s);

	if (e == OK && r->actor.person != s.coachee)
		return r->actor.person == s.coach ? ERR_DENIED : ERR_ABSENT;
	if (e == OK)
		e = load_note(r, &r->grant, &x);
	if (e == ERR_ABSENT || (e == OK && !x.text.n)) {
		fault_add(
		        &r->faults, STR("reader"), STR("would get nothing"), STR("there are no notes of you two yet"));
		return session_show(r);
	}
	v.base.s = s;
	if (e == OK)
		e = sent_readers(r, &v);
	if (e != OK)
		return e;
	for (size_t i = 0; i < v.n_readers; i++)
		known = known || v.readers[i].value == to;
	if (!known)
		fault_add(&r->faults, STR("reader"), STR("is not above you"), STR("choose somebody from the list"));
	x.sent_to = to;
	x.sent_on = to ? r->today : DAY_NONE;
	if (!r->faults.n)
		e = page_save(r, to ? STR("Notes sent") : STR("Notes taken back"), &shared_note_record, &x, &set);
	if (r->faults.n || e == ERR_INPUT)
		return session_show(r);
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/coaching/%.*s/session#notes",
	                                 STR_ARG(id_text(r->arena, r->ids[0]))))
	               : e;
}

enum err
sent_page(struct request *r)
{
	struct grant g = grant_all(r->actor.org, 0, 0, "notes sent by the one who was coached");
	struct page p = { .title = STR("Notes sent to you") };
	struct shared_note x;
	enum err e = load_note(r, &g, &x);

	if (e == OK && (!r->actor.person || x.sent_to != r->actor.person))
		return ERR_ABSENT;
	if (e == OK)
		e = reading_note(r->db, r->arena, &r->actor, x.coachee, STR("shared_note"), x.row.id, r->today);
	if (e == OK)
		e = reading_note(r->db, r->arena, &r->actor, x.coach, STR("shared_note"), x.row.id, r->today);
	if (e != OK)
		return e;
	str coach = person_name(r, x.coach), coachee = person_name(r, x.coachee);
	p.subtitle = str_fmt(r->arena, "%.*s and %.*s; sent by %.*s, %.*s", STR_ARG(coach), STR_ARG(coachee),
	        STR_ARG(coachee), STR_ARG(day_text(r->arena, x.sent_on, r->today)));
	page_head(r, &p);
	tpl_sent(&r->view, &x, coachee, r);
	page_foot(r);
	return OK;
}
