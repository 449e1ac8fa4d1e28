/* The second observer of a call: asked by the first, writes without reading, and both read once both have written
   (E8b). Where nobody stands above, whoever coaches may be asked (O9). */
#include "areas/coaching/observe.h"

struct second_work {
	struct observation x;
	struct observation_text t;
	const struct rubric_whole *rubric;
	struct observed_level levels[CRITERIA_MOST];
	id first;
};

static enum err
ask_work(struct change *c, void *what)
{
	struct observation x = *(const struct observation *)what;

	return record_save(c, &observation_record, &x);
}

static str
address(struct request *r, id observation)
{
	return str_fmt(r->arena, "/observations/%.*s", STR_ARG(id_text(r->arena, observation)));
}

enum err
observation_ask_second(struct request *r)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "asking a second observer");
	struct observe_view v = { 0 };
	struct observation x;
	id set = 0;
	enum err e = observation_load(r, &v);

	if (e != OK)
		return e;
	if (!v.by_me || v.one.x.beside)
		return ERR_DENIED;
	if (!v.rubric)
		fault_add(&r->faults, STR("second"), STR("needs a rubric to compare by"),
		        STR("make the next one on a rubric"));
	x = v.one.x;
	x.row = (struct row){ 0 };
	x.beside = v.one.x.row.id;
	x.observer = page_id_field(r, "second");
	x.entered_on = x.answered_on = DAY_NONE;
	x.denied = false;
	if (!x.observer && !r->faults.n)
		fault_add(&r->faults, STR("second"), STR("is missing"), STR("say who was there, too"));
	if (!r->faults.n)
		e = page_change_as(r, &g, STR("Second observer asked"), ask_work, &x, &set);
	if (r->faults.n || e == ERR_INPUT)
		return observation_show(r);
	return e == OK ? page_go(r, address(r, v.one.x.row.id)) : e;
}

static enum err
enter_work(struct change *c, void *what)
{
	struct second_work w = *(struct second_work *)what;
	struct rows rows;
	enum err e =
	        db_query(c->conn, c->arena, "select answered_on, denied from observation where org_id = $1 and id = $2",
	                DB_ARGS(DB_I(c->grant->org), DB_I(w.first)), &rows);

	if (e == OK && db_next(&rows) && !db_is_null(&rows, 0)) {
		w.x.answered_on = db_day(&rows, 0);
		w.x.denied = db_int(&rows, 1);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK)
		e = record_save(c, &observation_record, &w.x);
	if (e == OK)
		e = record_save(c, &observation_text_record, &w.t);
	if (e == OK)
		e = scores_save(c, &w.x, w.x.observer, false, w.rubric, w.levels);
	return e == OK ? scores_open(c, w.first) : e;
}

static bool
waits_for_me(const struct observe_view *v)
{
	return v->by_me && v->one.x.beside && !day_is(v->one.x.entered_on);
}

enum err
observation_enter(struct request *r)
{
	struct observe_view v = { 0 };
	struct second_work w = { 0 };
	id set = 0;
	enum err e = observation_load(r, &v);

	if (e == OK && (!waits_for_me(&v) || !v.rubric))
		e = ERR_DENIED;
	if (e != OK)
		return e;
	w.x = v.one.x;
	w.rubric = v.rubric;
	w.first = w.x.beside;
	w.x.entered_on = r->today;
	record_init(&observation_text_record, &w.t);
	w.t.observation = w.x.row.id;
	w.t.observer = w.x.observer;
	w.t.person = w.x.person;
	page_fill(r, &observation_text_record, "result text", &w.t);
	if (!w.t.result && !fault_at(&r->faults, STR("result")))
		fault_add(&r->faults, STR("result"), STR("is missing"), STR("say how it was, as you saw it"));
	if (!w.t.text.n && !fault_at(&r->faults, STR("text")))
		fault_add(&r->faults, STR("text"), STR("is missing"),
		        STR("one or two sentences: what was said and done"));
	scores_read(r, v.rubric, false, w.levels);
	if (!r->faults.n)
		e = page_change(r, STR("Second observation entered"), enter_work, &w, &set);
	if (r->faults.n || e == ERR_INPUT)
		return observation_show(r);
	return e == OK ? page_go(r, address(r, w.x.row.id)) : e;
}

static enum err
decline_work(struct change *c, void *what)
{
	const struct observation *x = what;

	return record_remove(c, &observation_record, x->row.id, x->row.version);
}

/* "I was not there": nothing is left but the history; the first may ask another. */
enum err
observation_decline(struct request *r)
{
	struct observe_view v = { 0 };
	id set = 0;
	enum err e = observation_load(r, &v);

	if (e == OK && !waits_for_me(&v))
		e = ERR_DENIED;
	if (e == OK)
		e = page_change(r, STR("Second observation declined"), decline_work, &v.one.x, &set);
	if (e == ERR_INPUT)
		return observation_show(r);
	return e == OK ? page_done(r, set, STR("/observations")) : e;
}
