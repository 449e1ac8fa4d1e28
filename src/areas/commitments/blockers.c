#include "areas/commitments/view.h"

#include "areas/commitments/blockers_html.h"

#define ROWS_MOST 100
#define BACK_DAYS 28 /* answered ones are shown for so long */

/* As the owner's duty says; without one, what is proposed to the head and to everybody else (A2a). */
static enum err
answer_days(struct conn *c, id org, id owner, int *ret)
{
	int64_t days = 0, head = 0;
	enum err e = db_one_int(c,
	        "select max(days) from obligation where org_id = $1 and person = $2 and duty = 'blockers' and to_day "
	        "is null "
	        "and state in ('agreed', 'changed') and days is not null",
	        DB_ARGS(DB_I(org), DB_I(owner)), &days);

	if (e == OK && days <= 0) {
		e = db_one_int(c, "select count(*) from company where org_id = $1 and head = $2",
		        DB_ARGS(DB_I(org), DB_I(owner)), &head);
		days = head ? 5 : 2;
	}
	*ret = (int)days;
	return e;
}

/* x->due: a day that was asked for, or none; becomes the day on which the owner's duty wants an answer. */
static enum err
ask_of(struct change *c, struct blocker *x)
{
	int days = 0;
	enum err e = answer_days(c->conn, c->grant->org, x->owner, &days);
	day last = day_add_working(c->today, days);

	if (e == OK && day_is(x->due) && (x->due.n < c->today.n || x->due.n > last.n))
		return fault_add(c->faults, STR("due"), STR("is not between today and the day that their duty says"),
		        str_fmt(c->arena, "choose a day up to %.*s, or leave it empty",
		                STR_ARG(day_text(c->arena, last, c->today))));
	if (!day_is(x->due))
		x->due = last;
	return e == OK ? record_save(c, &blocker_record, x) : e;
}

enum err
blocker_raise(struct change *c, id by, id owner, str text, day due, struct blocker *ret)
{
	record_init(&blocker_record, ret);
	ret->raised_by = by;
	ret->owner = owner;
	ret->text = text;
	ret->raised_on = c->today;
	ret->due = due;
	return ask_of(c, ret);
}

enum err
blocker_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct blocker *was = before, *x = after;
	id me = c->grant->person;

	if (!x)
		return OK;
	if (x->raised_by == x->owner && x->owner)
		fault_add(f, STR("owner"), STR("is the one who raised it"), STR("name who can clear it"));
	if (day_is(x->answered_on) && !x->answer.n)
		fault_add(f, STR("answer"), STR("is missing"), STR("say what you decided, or what you do by when"));
	if (c->kind == CHANGE_EDIT && was && me && me != x->owner && !str_eq(was->answer, x->answer))
		fault_add(f, STR("answer"), STR("is not yours to write"), STR("whom it was raised to answers"));
	if (day_is(x->confirmed_on) && !day_is(x->answered_on))
		fault_add(f, STR("confirmed_on"), STR("comes before the answer"), STR("wait for the answer"));
	if (c->kind == CHANGE_EDIT && me && me != x->raised_by && day_is(x->confirmed_on) &&
	        (!was || was->confirmed_on.n != x->confirmed_on.n))
		fault_add(f, STR("confirmed_on"), STR("is not yours to say"),
		        STR("who raised it says whether it clears it"));
	return OK;
}

/* ---- the page ---- */

enum err
blockers_load(struct request *r, const char *where, id what, struct blocker_row **ret, size_t *ret_n)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, p.name, o.name, coalesce(h.name, '') from blocker x join person p on p.org_id = x.org_id "
	        "and p.id = "
	        "x.raised_by join person o on o.org_id = x.org_id and o.id = x.owner left join person h on h.org_id = "
	        "x.org_id "
	        "and h.id = x.handed_by where x.org_id = $1 and $2 = $2 and $3 = $3 and $4 = $4"
	        " {may:leadership x.raised_by x.owner} and %s limit %d",
	        STR_ARG(record_columns(r->arena, &blocker_record, "x")), where, ROWS_MOST);
	struct blocker_row *all = arena_new(r->arena, struct blocker_row, ROWS_MOST);
	struct rows rows;
	size_t n = 0;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql),
	        DB_ARGS(db_day_value(r->arena, day_add(r->today, -BACK_DAYS)), DB_I(what)), &rows);

	while (e == OK && n < ROWS_MOST && db_next(&rows)) {
		struct blocker_row *x = &all[n++];
		int at = record_read(&rows, &blocker_record, 0, &x->b);
		blocker_pair_of(&x->b, &x->pair);
		x->by = db_text(&rows, at);
		x->owner = db_text(&rows, at + 1);
		x->handed_by = db_text(&rows, at + 2);
		x->late = !day_is(x->b.answered_on) && x->b.due.n < r->today.n;
		x->in_time = day_is(x->b.answered_on) && x->b.answered_on.n <= x->b.due.n;
	}
	if (e == OK)
		e = db_end(&rows);
	*ret = all;
	*ret_n = n;
	return e;
}

enum err
blockers_of_deal(struct request *r, id deal, struct blocker_row **ret, size_t *ret_n)
{
	struct blocker_row *all;
	size_t n, kept = 0;
	enum err e = blockers_load(r,
	        "x.about = 'deal' and x.about_id = $4 and x.confirmed_on is null and (x.answered_on is null or "
	        "x.answered_on >= $3) order by x.answered_on is not null, x.due, x.id",
	        deal, &all, &n);

	for (size_t i = 0; e == OK && i < n; i++)
		if (!day_is(all[i].b.answered_on) || day_between(all[i].b.answered_on, r->today) <= BLOCKER_ASK_DAYS)
			all[kept++] = all[i];
	*ret = all;
	*ret_n = kept;
	return e;
}

/* The leader; above the head the sponsor (O8). */
static id
leader_of(struct request *r)
{
	int64_t leader = 0;
	enum err e = db_one_int(r->conn,
	        "select coalesce(p.manager, case when k.head = p.id then k.sponsor end, 0) from person p join company "
	        "k on "
	        "k.org_id = p.org_id where p.org_id = $1 and p.id = $2",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &leader);

	return e == OK ? leader : 0;
}

static enum err
show(struct request *r)
{
	static const char
	        mine[] = "x.raised_by = $2 and (x.answered_on is null or x.answered_on >= $3) order by "
	                 "x.answered_on is not null and x.confirmed_on is not null, "
	                 "x.answered_on is not null, x.due, x.id",
	        to_me[] = "x.owner = $2 and x.answered_on is null order by x.due, x.id",
	        below[] = "x.answered_on is null and x.owner in (select l.below from line l where l.org_id = "
	                  "x.org_id and l.above = $2 and l.depth > 0 and l.to_day is null) order by x.due, x.id";
	struct crumb crumb = { STR("Commitments"), STR("/commitments") };
	struct page p = { .title = STR("Blockers"),
		.subtitle = STR("What stands in somebody’s way, who answers, and by when"),
		.crumbs = &crumb,
		.n_crumbs = 1 };
	struct blockers_view v = { .at = r->ids[0] };
	enum err e = blockers_load(r, to_me, 0, &v.to_me, &v.n_to_me);

	if (e == OK)
		e = blockers_load(r, mine, 0, &v.mine, &v.n_mine);
	if (e == OK && r->actor.leads)
		e = blockers_load(r, below, 0, &v.below, &v.n_below);
	if (e != OK)
		return e;
	v.owner = page_id_field(r, "owner") ? page_id_field(r, "owner") : leader_of(r);
	v.deal = page_id_field(r, "deal") ? page_id_field(r, "deal") : page_id_param(r, "deal");
	if (!v.at)
		v.pair = page_field(r, "pair");
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_blockers(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
blockers_page(struct request *r)
{
	return show(r);
}

static enum err
raise_work(struct change *c, void *what)
{
	struct blocker x = *(const struct blocker *)what;

	x.raised_on = c->today;
	return ask_of(c, &x);
}

/* Where one came from: the huddle of a team, else the list. */
static str
way_back(struct request *r)
{
	id of = page_id_field(r, "huddle");

	if (page_id_field(r, "deal"))
		return str_fmt(r->arena, "/deals/%.*s", STR_ARG(id_text(r->arena, page_id_field(r, "deal"))));
	return of ? str_fmt(r->arena, "/huddle?of=%.*s", STR_ARG(id_text(r->arena, of))) : STR("/blockers");
}

enum err
blockers_raise(struct request *r)
{
	struct blocker_pair pair;
	struct blocker x;
	id set = 0;
	enum err e;

	record_init(&blocker_record, &x);
	x.raised_by = r->actor.person;
	e = page_fill(r, &blocker_record, "text owner due", &x);
	if (page_id_field(r, "deal")) {
		x.about = STR("deal");
		x.about_id = page_id_field(r, "deal");
	} else if (page_field(r, "pair").n) {
		if (!blocker_pair(page_field(r, "pair"), &pair))
			return ERR_ABSENT;
		x.about = blocker_about(r->arena, &pair);
		x.about_id = pair.a;
	}
	if (e == OK && !x.text.n)
		fault_add(
		        &r->faults, STR("text"), STR("is missing"), STR("say what stands in the way, in one sentence"));
	if (e == OK && !x.owner)
		fault_add(&r->faults, STR("owner"), STR("is missing"), STR("name who can clear it"));
	if (e == OK && r->faults.n)
		e = ERR_INPUT;
	if (e == OK)
		e = page_change(r, page_field(r, "pair").n ? STR("Asked to merge two") : STR("Blocker raised"),
		        raise_work, &x, &set);
	if (e == ERR_INPUT)
		return show(r);
	if (e != OK)
		return e;
	return page_done(
	        r, set, x.about.n && !page_id_field(r, "deal") ? str_join(r->arena, STR("/"), x.about) : way_back(r));
}

enum err
blocker_answer(struct request *r)
{
	struct blocker b;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &blocker_record, r->ids[0], &b);

	if (e != OK)
		return e;
	if (b.owner != r->actor.person)
		return ERR_DENIED;
	if (day_is(b.answered_on))
		fault_add(&r->faults, STR("answer"), STR("was given before"), STR("undo that first"));
	b.answer = page_field(r, "answer");
	b.answered_on = r->today;
	if (!b.answer.n)
		fault_add(&r->faults, STR("answer"), STR("is missing"),
		        STR("say what you decided, or what you do by when"));
	if (!r->faults.n)
		e = page_save(r, STR("Blocker answered"), &blocker_record, &b, &set);
	if (r->faults.n || e == ERR_INPUT)
		return show(r);
	return e == OK ? page_done(r, set, way_back(r)) : e;
}

/* ---- handing it on ---- */

static enum err
hand_work(struct change *c, void *what)
{
	struct blocker b = *(struct blocker *)what;

	return ask_of(c, &b);
}

/* A5: somebody else can clear it. What is overdue stays with whoever let it become so, or a miss could be handed away.
 */
static void
check_hand(struct request *r, const struct blocker *b, id to)
{
	if (day_is(b->answered_on))
		fault_add(&r->faults, STR("to"), STR("comes after the answer"), STR("undo that first"));
	else if (b->due.n < r->today.n)
		fault_add(&r->faults, STR("to"), STR("comes too late: the answer is overdue and stays yours"),
		        STR("answer who clears it and by when, and ask them"));
	if (!to)
		fault_add(&r->faults, STR("to"), STR("is missing"), STR("name who can clear it"));
	else if (to == b->owner || to == b->raised_by)
		fault_add(&r->faults, STR("to"), to == b->owner ? STR("has it already") : STR("raised it"),
		        STR("name somebody else"));
	if (!page_field(r, "why").n)
		fault_add(&r->faults, STR("why"), STR("is missing"), STR("say in a line why they can and you cannot"));
}

enum err
blocker_hand(struct request *r)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "handing on a blocker of one's own");
	struct blocker b;
	id set = 0, to = page_id_field(r, "to");
	enum err e = record_load(r->conn, r->arena, &r->grant, &blocker_record, r->ids[0], &b);

	if (e == OK && b.owner != r->actor.person)
		e = ERR_DENIED;
	if (e != OK)
		return e;
	check_hand(r, &b, to);
	b.owner = to;
	b.due = page_day_field(r, "by", false);
	b.handed_by = r->actor.person;
	b.handed_on = r->today;
	b.handed_why = page_field(r, "why");
	if (b.handed_why.n > 300)
		fault_add(&r->faults, STR("why"), STR("is longer than 300 letters"), STR("one line is enough"));
	e = r->faults.n ? ERR_INPUT : page_change_as(r, &g, STR("Blocker handed on"), hand_work, &b, &set);
	if (e == ERR_INPUT)
		return show(r);
	return e == OK ? page_done(r, set, way_back(r)) : e;
}

/* A5: two-sided. "It still blocks" starts the days of the answer anew. */
static enum err
confirm_work(struct change *c, void *what)
{
	struct blocker b = *(struct blocker *)what;
	int days = 0;
	enum err e = OK;

	if (!day_is(b.confirmed_on)) {
		e = answer_days(c->conn, c->grant->org, b.owner, &days);
		b.due = day_add_working(c->today, days);
		b.answered_on = DAY_NONE;
		b.reopened = (b.reopened == NO_INT ? 0 : b.reopened) + 1;
	}
	return e == OK ? record_save(c, &blocker_record, &b) : e;
}

enum err
blocker_confirm(struct request *r)
{
	struct blocker b;
	bool clears = page_field(r, "clears").n > 0;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &blocker_record, r->ids[0], &b);

	if (e != OK)
		return e;
	if (b.raised_by != r->actor.person)
		return ERR_DENIED;
	if (!day_is(b.answered_on) || day_is(b.confirmed_on))
		fault_add(&r->faults, STR("reply"),
		        day_is(b.answered_on) ? STR("was said before") : STR("comes before the answer"),
		        STR("look at the list below"));
	b.reply = page_field(r, "reply");
	if (clears)
		b.confirmed_on = r->today;
	else if (!b.reply.n)
		fault_add(&r->faults, STR("reply"), STR("is missing"), STR("say in one line what still blocks"));
	if (!r->faults.n)
		e = page_change(r,
		        clears ? STR("Confirmed: the answer clears it")
		               : STR("It still blocks; an answer is owed again"),
		        confirm_work, &b, &set);
	if (r->faults.n || e == ERR_INPUT)
		return show(r);
	return e == OK ? page_done(r, set, way_back(r)) : e;
}
