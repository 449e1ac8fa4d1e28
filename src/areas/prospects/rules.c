#include "areas/prospects/prospects.h"

const struct campaign_step campaign_steps_ready[CAMPAIGN_STEPS_READY] = {
	{ .position = 1, .name = { "Call", 4 }, .kind = 1, .days = 0 },
	{ .position = 2, .name = { "Write what the call was about", 29 }, .kind = 2, .days = 1 },
	{ .position = 3, .name = { "Call again, at another hour", 27 }, .kind = 1, .days = 4 },
	{ .position = 4, .name = { "Send one case from their trade", 30 }, .kind = 2, .days = 9 },
	{ .position = 5, .name = { "Ask once more, or give it back", 30 }, .kind = 1, .days = 16 },
};

bool
prospect_rests(const struct prospect *p, day today)
{
	return p->state == PROSPECT_OPEN && !p->owner && day_is(p->back_on) && day_between(today, p->back_on) > 0;
}

enum err
prospect_start(struct conn *c, struct arena *a, const struct grant *g, void *object)
{
	struct prospect *p = object;

	return deal_today(c, a, g, &p->came_on);
}

/* ---- what follows ---- */

enum err
prospect_next(struct conn *c, struct arena *a, id org, const struct prospect *p, struct campaign_step *ret)
{
	struct rows rows;
	enum err e;

	record_init(&campaign_step_record, ret);
	if (p->state != PROSPECT_OPEN || !p->owner || !p->campaign)
		return OK;
	str sql = str_fmt(a,
	        "select %.*s from campaign_step t where t.org_id = $1 and t.campaign = $2 and not exists (select 1 "
	        "from prospect_touch x where x.org_id = t.org_id and x.prospect = $3 and x.round = $4 and x.step = "
	        "t.id) order by t.position, t.id limit 1",
	        STR_ARG(record_columns(a, &campaign_step_record, "t")));
	e = db_query(
	        c, a, str_z(a, sql), DB_ARGS(DB_I(org), DB_I(p->campaign), DB_I(p->row.id), DB_I(p->round)), &rows);
	if (e != OK)
		return e;
	if (db_next(&rows))
		record_read(&rows, &campaign_step_record, 0, ret);
	return db_end(&rows);
}

static enum err
count_touches(struct change *c, struct prospect *p)
{
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select count(*), min(on_day), max(on_day) from prospect_touch where org_id = $1 and prospect = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_I(p->row.id)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows)) {
		p->touches = db_int(&rows, 0);
		p->first_on = db_day(&rows, 1);
		p->touched_on = db_day(&rows, 2);
	}
	return db_end(&rows);
}

/* The steps run from the day on which somebody took it: who waits a week to begin does not call five times at once. */
static enum err
plan_next(struct change *c, struct prospect *p)
{
	struct campaign_step s;
	enum err e = prospect_next(c->conn, c->arena, c->grant->org, p, &s);

	p->next_step = (str){ 0 };
	p->next_kind = 0;
	p->next_step_on = DAY_NONE;
	if (e == OK && s.row.id) {
		p->next_step = s.name;
		p->next_kind = s.kind;
		p->next_step_on = day_add(p->claimed_on, (int)s.days);
		while (s.days && day_weekday(p->next_step_on) > 5) /* who claims on a Saturday works then */
			p->next_step_on = day_add(p->next_step_on, 1);
	}
	return e;
}

enum err
prospect_derive(struct change *c, const void *before, void *after)
{
	struct prospect *p = after;
	enum err e = OK;

	if (!p->state)
		p->state = PROSPECT_OPEN;
	if (p->round == NO_INT)
		p->round = 0;
	if (!day_is(p->came_on))
		p->came_on = c->today;
	if (!p->owner)
		p->claimed_on = DAY_NONE;
	else if (!day_is(p->claimed_on))
		p->claimed_on = c->today;
	if (p->owner)
		p->back_on = DAY_NONE;
	if (p->state == PROSPECT_OPEN)
		p->ended_on = DAY_NONE;
	else if (!day_is(p->ended_on))
		p->ended_on = c->today;
	if (before)
		e = count_touches(c, p);
	else
		p->touches = 0;
	return e == OK ? plan_next(c, p) : e;
}

/* ---- what is refused ---- */

/* A person's own act: an undo restores, an import brings what the file says. */
static void
check_hands(struct change *c, const struct prospect *was, const struct prospect *p, struct faults *f)
{
	if (c->kind != CHANGE_EDIT || !was)
		return;
	if (was->owner && !p->owner && p->round == was->round)
		fault_add(f, STR("owner"), STR("is missing"), STR("give it back with a reason instead"));
	if (!was->owner && p->owner && prospect_rests(was, c->today))
		fault_add(f, STR("owner"),
		        str_fmt(c->arena, "rests until %.*s", STR_ARG(day_text(c->arena, was->back_on, c->today))),
		        STR("it can be claimed from that day on"));
}

enum err
prospect_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct prospect *was = before, *p = after;

	if (!p) /* what is nobody's is for everybody to take, not to throw away */
		return was->owner || c->merges || c->kind == CHANGE_UNDO ||
		                       c->grant->reach[MATTER_DEALS][ACT_WRITE] == REACH_COMPANY
		               ? OK
		               : ERR_DENIED;
	if (p->email.n && (str_find_byte(p->email, '@') == SIZE_MAX || str_find_byte(p->email, ' ') != SIZE_MAX))
		fault_add(f, STR("email"), STR("is not an e-mail address"), STR("write it as name@example.com"));
	if (p->state == PROSPECT_DISQUALIFIED && !p->reason.n)
		fault_add(f, STR("reason"), STR("is missing"), STR("say why it is none"));
	if (p->state == PROSPECT_QUALIFIED && !p->deal && !(was && was->state == PROSPECT_QUALIFIED))
		fault_add(f, STR("deal"), STR("is missing"), STR("a qualified prospect is a deal"));
	check_hands(c, was, p, f);
	return OK;
}

/* Two may be one person. What one of them became or is being worked on stands, so the other goes. */
enum err
prospect_may_merge(struct change *c, const void *keep, const void *drop, struct faults *f)
{
	const struct prospect *a = keep, *b = drop;
	str way = STR("merge the other way round");

	(void)c;
	if (a->state == PROSPECT_QUALIFIED && b->state == PROSPECT_QUALIFIED && a->deal != b->deal)
		return fault_add(f, STR("drop"), STR("became another deal"), STR("merge the two deals first"));
	if (b->state == PROSPECT_QUALIFIED && a->state != PROSPECT_QUALIFIED)
		return fault_add(f, STR("drop"), STR("became a deal"), way);
	if (b->state == PROSPECT_OPEN && a->state == PROSPECT_DISQUALIFIED)
		return fault_add(f, STR("drop"), STR("is still open, and the other is not"), way);
	if (b->owner && !a->owner)
		return fault_add(f, STR("drop"), STR("is claimed, and the other is nobody’s"), way);
	return OK;
}

static enum err
campaign_may_write(struct change *c, id campaign)
{
	int64_t one;
	str sql = str_fmt(c->arena, "select 1 from campaign t where t.org_id = $1 and $2 = $2 and t.id = $3%.*s",
	        STR_ARG(grant_sql(c->arena, c->grant, MATTER_DEALS, ACT_WRITE, "t.owner")));
	enum err e = db_one_int(c->conn, str_z(c->arena, sql),
	        DB_ARGS(DB_I(c->grant->org), DB_I(c->grant->person), DB_I(campaign)), &one);

	return e == ERR_ABSENT ? ERR_DENIED : e;
}

enum err
campaign_step_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct campaign_step *was = before, *s = after;
	enum err e = s ? campaign_may_write(c, s->campaign) : OK;

	(void)f;
	if (e == OK && was && (!s || was->campaign != s->campaign))
		e = campaign_may_write(c, was->campaign);
	return e;
}

/* ---- touches ---- */

enum err
touch_start(struct conn *c, struct arena *a, const struct grant *g, void *object)
{
	struct touch *t = object;

	if (!t->person)
		t->person = g->person;
	return deal_today(c, a, g, &t->on_day);
}

enum err
touch_derive(struct change *c, const void *before, void *after)
{
	struct touch *t = after;
	int64_t round = 0;
	enum err e;

	if (before || t->round != NO_INT)
		return OK;
	e = db_one_int(c->conn, "select round from prospect where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_I(t->prospect)), &round);
	t->round = round;
	return e == ERR_ABSENT ? OK : e; /* whether it is there is the field's own check */
}

/* O3: noted by the owner and the line above; nobody works what nobody has claimed. round: of a touch that is new, or
   back from the trash; those of rounds before are what was tried. */
static enum err
check_one(struct change *c, id prospect, int64_t round, struct faults *f)
{
	struct prospect p;
	struct grant all = grant_all(c->grant->org, c->grant->login, c->grant->person, "whose prospect it is");
	int64_t one;
	enum err e = record_load(c->conn, c->arena, &all, &prospect_record, prospect, &p);

	if (e != OK)
		return e;
	if (!p.owner && round >= p.round && c->kind == CHANGE_EDIT)
		return fault_add(f, STR("prospect"), STR("is nobody’s yet"), STR("claim it first"));
	str sql = str_fmt(c->arena, "select 1 from person t where t.org_id = $1 and $2 = $2 and t.id = $3%.*s",
	        STR_ARG(grant_sql(c->arena, c->grant, MATTER_DEALS, ACT_WRITE, "t.id")));
	e = p.owner ? db_one_int(c->conn, str_z(c->arena, sql),
	                      DB_ARGS(DB_I(c->grant->org), DB_I(c->grant->person), DB_I(p.owner)), &one)
	            : OK;
	return e == ERR_ABSENT ? ERR_DENIED : e;
}

enum err
touch_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct touch *was = before, *t = after;
	enum err e = t ? check_one(c, t->prospect, was ? NO_INT : t->round, f) : OK;

	if (e == OK && was && (!t || was->prospect != t->prospect))
		e = check_one(c, was->prospect, NO_INT, f);
	if (e == OK && t && day_between(c->today, t->on_day) > 0)
		e = fault_add(f, STR("on_day"), STR("is still to come"), STR("note what was done, when it was done"));
	return e;
}

enum err
touch_changed(struct change *c, const void *const *before, const void *const *after, size_t n)
{
	const struct grant *whose = c->grant;
	struct grant hook = grant_all(whose->org, whose->login, whose->person, "a touch moves its prospect on");
	enum err e = OK;
	id last = 0;

	c->grant = &hook;
	for (size_t i = 0; e == OK && i < n; i++) {
		const struct touch *t = after[i] ? after[i] : before[i];
		struct prospect p;
		if (t->prospect == last)
			continue;
		last = t->prospect;
		e = record_load(c->conn, c->arena, c->grant, &prospect_record, t->prospect, &p);
		if (e == OK)
			e = record_save(c, &prospect_record, &p);
		else if (e == ERR_ABSENT)
			e = OK;
	}
	c->grant = whose;
	return e;
}
