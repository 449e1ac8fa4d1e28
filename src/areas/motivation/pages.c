#include "areas/coaching/coaching.h"
#include "areas/commitments/commitments.h"
#include "areas/motivation/view.h"

#include "areas/motivation/motivation_html.h"

#define KEPT_DAYS 90

/* ---- loading ---- */

/* where: SQL over t (own_goal) with $2, who asks, and $3. */
static enum err
load_goals(struct request *r, const char *where, id x, struct own_goal **ret, size_t *ret_n)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from own_goal t where t.org_id = $1 and $2 = $2 and $3 = $3 {may:private t.person "
	        "t.reader} and %s "
	        "order by case when t.state = 'open' then 0 else 1 end, t.by_day is null, t.by_day, t.id limit %d",
	        STR_ARG(record_columns(r->arena, &own_goal_record, "t")), where, GOALS_SHOWN);
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_I(x)), &rows);

	*ret = arena_new(r->arena, struct own_goal, GOALS_SHOWN);
	*ret_n = 0;
	while (e == OK && *ret_n < GOALS_SHOWN && db_next(&rows))
		record_read(&rows, &own_goal_record, 0, &(*ret)[(*ret_n)++]);
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_liked(struct request *r, id person, struct liked *ret)
{
	enum err e = record_find_by(r->conn, r->arena, &r->grant, &liked_record, "person",
	        str_fmt(r->arena, "%lld", (long long)person), ret);

	if (e == ERR_ABSENT) {
		record_init(&liked_record, ret);
		ret->person = person;
	}
	return e == ERR_ABSENT ? OK : e;
}

static enum err
load_recognitions(struct request *r, const char *column, struct recognition_row **ret, size_t *ret_n)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, a.name, b.name, coalesce(k.name, ''), coalesce(c.then_, '') from recognition t join "
	        "person a on "
	        "a.org_id = t.org_id and a.id = t.giver join person b on b.org_id = t.org_id and b.id = t.person left "
	        "join "
	        "skill k on k.org_id = t.org_id and k.id = t.skill left join commitment c on c.org_id = t.org_id and "
	        "c.id = "
	        "t.commitment where t.org_id = $1 {may:session_text t.giver t.person} and t.%s = $2 order by t.on_day "
	        "desc, "
	        "t.id desc limit %d",
	        STR_ARG(record_columns(r->arena, &recognition_record, "t")), column, RECOGNITIONS_SHOWN);
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_NO_ARGS, &rows);

	*ret = arena_new(r->arena, struct recognition_row, RECOGNITIONS_SHOWN);
	while (e == OK && *ret_n < RECOGNITIONS_SHOWN && db_next(&rows)) {
		struct recognition_row *x = &(*ret)[(*ret_n)++];
		int at = record_read(&rows, &recognition_record, 0, &x->x);
		x->giver = db_text(&rows, at);
		x->person = db_text(&rows, at + 1);
		x->skill = db_text(&rows, at + 2);
		x->kept = db_text(&rows, at + 3);
	}
	return e == OK ? db_end(&rows) : e;
}

/* What others kept and somebody else confirmed, as far as who asks may read it (A3). */
static enum err
load_kept(struct request *r, struct motivation_view *v)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select c.id, p.name, c.then_ from commitment c join person p on p.org_id = c.org_id and p.id = "
	        "c.owner where "
	        "c.org_id = $1 and c.state = 'kept' and c.owner <> $2 and c.confirmed_by is not null and "
	        "c.confirmed_by <> "
	        "c.owner and c.closed_on >= $3 {may:scorecard c.owner c.owed_to} order by p.name, c.closed_on desc, "
	        "c.id limit 60",
	        DB_ARGS(db_day_value(r->arena, day_add(r->today, -KEPT_DAYS))), &rows);

	v->kept = arena_new(r->arena, struct kept_choice, KEPT_SHOWN);
	while (e == OK && v->n_kept < KEPT_SHOWN && db_next(&rows)) {
		struct kept_choice *k = &v->kept[v->n_kept++];
		k->commitment = db_int(&rows, 0);
		k->label = str_fmt(r->arena, "%.*s: %.*s", STR_ARG(db_text(&rows, 1)), STR_ARG(db_text(&rows, 2)));
	}
	return e == OK ? db_end(&rows) : e;
}

static str
way_words(struct arena *a, const struct liked *x)
{
	if (!x->how)
		return (str){ 0 };
	return str_fmt(a, "%s%s%.*s", likings[x->how].label, x->note.n ? "; " : "", STR_ARG(x->note));
}

/* ---- the page ---- */

static enum err
show(struct request *r)
{
	struct page p = { .title = STR("Goals and recognition"),
		.subtitle = STR("What you work for is yours; what others did well deserves words.") };
	struct motivation_view v = { .who = page_id_field(r, "person") ? page_id_field(r, "person")
		                                                       : page_id_param(r, "for") };
	struct liked theirs;
	enum err e = load_goals(r, "t.person = $2", 0, &v.goals, &v.n_goals);

	v.readers = arena_new(r->arena, str, v.n_goals + 1);
	for (size_t i = 0; i < v.n_goals; i++)
		v.readers[i] = v.goals[i].reader ? page_name(r, "person", v.goals[i].reader) : (str){ 0 };
	if (e == OK)
		e = load_liked(r, r->actor.person, &v.mine);
	if (e == OK)
		e = load_recognitions(r, "person", &v.got, &v.n_got);
	if (e == OK)
		e = load_recognitions(r, "giver", &v.gave, &v.n_gave);
	if (e == OK)
		e = load_kept(r, &v);
	if (e == OK && v.who)
		e = load_liked(r, v.who, &theirs);
	if (e != OK)
		return e;
	if (v.who)
		v.their_way = way_words(r->arena, &theirs);
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_goals(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
done(struct request *r, enum err e, id set)
{
	if (e == ERR_INPUT)
		return show(r);
	return e == OK ? page_done(r, set, STR("/goals")) : e;
}

static enum err
goal_add(struct request *r)
{
	struct own_goal g;
	id set = 0;
	enum err e;

	record_init(&own_goal_record, &g);
	g.person = r->actor.person;
	g.state = GOAL_OPEN;
	e = page_fill(r, &own_goal_record, "text reason by_day", &g);
	if (e == OK)
		e = page_save(r, STR("Goal written"), &own_goal_record, &g, &set);
	return done(r, e, set);
}

static enum err
load_mine(struct request *r, struct own_goal *g)
{
	enum err e = record_load(r->conn, r->arena, &r->grant, &own_goal_record, r->ids[0], g);

	return e == OK && g->person != r->actor.person ? ERR_DENIED : e;
}

static enum err
goal_share(struct request *r)
{
	struct own_goal g;
	id set = 0;
	enum err e = load_mine(r, &g);

	if (e != OK)
		return e;
	e = page_fill(r, &own_goal_record, "reader", &g);
	if (e == OK)
		e = page_save(
		        r, g.reader ? STR("Goal shared") : STR("Goal shared no longer"), &own_goal_record, &g, &set);
	return done(r, e, set);
}

static enum err
goal_close(struct request *r)
{
	struct own_goal g;
	id set = 0;
	enum err e = load_mine(r, &g);

	if (e != OK)
		return e;
	if (g.state != GOAL_OPEN)
		return fault_add(&r->faults, STR("state"), STR("has been decided"), STR("write a new goal"));
	g.state = str_eq(page_field(r, "state"), STR("reached")) ? GOAL_REACHED : GOAL_LET_GO;
	g.closed_on = r->today;
	e = page_save(
	        r, g.state == GOAL_REACHED ? STR("Goal reached") : STR("Goal let go"), &own_goal_record, &g, &set);
	return done(r, e, set);
}

static enum err
recognise(struct request *r)
{
	struct recognition x;
	id set = 0;
	enum err e;

	record_init(&recognition_record, &x);
	x.giver = r->actor.person;
	x.on_day = r->today;
	x.text = page_field(r, "words"); /* the page has another field of that name */
	e = page_fill(r, &recognition_record, "person skill commitment", &x);
	if (!x.text.n)
		e = fault_add(
		        &r->faults, STR("words"), STR("are missing"), STR("say what they did, and what it led to"));
	if (e == OK)
		e = page_save(r, STR("Recognised"), &recognition_record, &x, &set);
	return done(r, e, set);
}

static enum err
recognise_way(struct request *r)
{
	struct liked x;
	id set = 0;
	enum err e = load_liked(r, r->actor.person, &x);

	if (e != OK)
		return e;
	e = page_fill(r, &liked_record, "how note", &x);
	if (e == OK)
		e = page_save(r, STR("How I like to be recognised"), &liked_record, &x, &set);
	return done(r, e, set);
}

/* ---- beside a person ---- */

enum err
motivation_panel_load(struct request *r, id person, void **ret)
{
	struct motivation_panel *v = arena_new(r->arena, struct motivation_panel, 1);
	enum err e;

	*v = (struct motivation_panel){ 0 };
	if (!person || person == r->actor.person || !r->actor.person)
		return OK;
	e = load_goals(r, "t.person = $3 and t.reader = $2 and t.state = 'open'", person, &v->goals, &v->n_goals);
	if (e == OK)
		e = load_liked(r, person, &v->how);
	if (e == OK && (v->n_goals || v->how.how)) {
		v->name = page_name(r, "person", person);
		*ret = v;
	}
	return e;
}

void
motivation_panel_show(struct view *view, struct request *r, const void *what)
{
	tpl_motivation_panel(view, what, r);
}

const struct route motivation_routes[] = {
	{ HTTP_GET, "/goals", POLICY_PERSON, show, NULL, "See my goals and recognition", false },
	{ HTTP_POST, "/goals", POLICY_PERSON, goal_add, NULL, "Add a goal of mine", false },
	{ HTTP_POST, "/goals/:/share", POLICY_PERSON, goal_share, NULL, "Share a goal of mine", false },
	{ HTTP_POST, "/goals/:/close", POLICY_PERSON, goal_close, NULL, "Close a goal of mine", false },
	{ HTTP_POST, "/recognition", POLICY_PERSON, recognise, NULL, "Recognise somebody", false },
	{ HTTP_POST, "/recognition/way", POLICY_PERSON, recognise_way, NULL, "Say how I like to be recognised", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
