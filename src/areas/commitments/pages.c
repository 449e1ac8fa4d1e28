#include "areas/commitments/pages.h"

#include "areas/commitments/view.h"
#include "stats/rate.h"

#include "areas/commitments/commitments_html.h"

enum err
commitments_late(struct request *r, int64_t *ret)
{
	return db_one_int(r->conn,
	        "select count(*) from commitment where org_id = $1 and owner = $2 and state = 'open' and due < $3 and "
	        "claimed_on is null",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), db_day_value(r->arena, r->today)), ret);
}

#define ROWS_MOST 200

str
commitment_when(const struct commitment *c)
{
	return str_starts(c->when_, STR("When ")) ? str_from(c->when_, 5) : c->when_;
}

str
commitment_then(const struct commitment *c)
{
	return str_starts(c->then_, STR("I ")) ? str_from(c->then_, 2) : c->then_;
}

str
commitment_moves(struct arena *a, const struct commitment *c)
{
	if (c->moves == NO_INT || c->moves < 1)
		return (str){ 0 };
	return c->moves == 1 ? STR("moved once") : str_fmt(a, "moved %lld times", (long long)c->moves);
}

/* ---- figures ---- */

enum err
commitments_kept(struct conn *c, struct arena *a, const struct grant *g, id person, day from, day to, day today,
        struct kept *ret)
{
	struct rows rows;
	struct kept k = { 0 };
	enum err e = record_query(c, a, g,
	        "select coalesce(sum(case when x.state = 'kept' then 1 else 0 end), 0), count(*), "
	        "coalesce(sum(x.moves), 0), coalesce(sum(case when x.state = 'kept' and x.confirmed_by = x.owner then "
	        "1 else 0 "
	        "end), 0) from commitment x"
	        " where x.org_id = $1 and $2 = $2 and x.owner = $3 and x.due >= $4 and x.due <= $5"
	        " and (x.state in ('kept', 'missed') or (x.state = 'open' and x.due < $6))"
	        " and ((1 = 1 {may:scorecard x.owner}) or (exists (select 1 from person q where q.org_id = x.org_id "
	        "and q.manager = x.owner) {may:leadership x.owner}))",
	        DB_ARGS(DB_I(person), db_day_value(a, grant_persons_from(g, from)), db_day_value(a, to),
	                db_day_value(a, today)),
	        &rows);

	if (e != OK)
		return e;
	if (db_next(&rows))
		k = (struct kept){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2), db_int(&rows, 3) };
	e = db_end(&rows);
	if (e == OK)
		*ret = k;
	return e;
}

str
kept_words(struct arena *a, struct kept k)
{
	return k.due ? str_fmt(a, "%lld of %lld", (long long)k.kept, (long long)k.due) : STR("nothing due yet");
}

str
kept_note(struct arena *a, struct kept k)
{
	rate r = rate_of(k.kept, k.due);

	if (!k.due)
		return STR("no data");
	return str_fmt(a, "95 %% interval %d–%d %%, %lld moved%.*s", (int)(r.low * 100 + .5), (int)(r.high * 100 + .5),
	        (long long)k.moves,
	        STR_ARG(k.alone ? str_fmt(a, ", %lld by one person", (long long)k.alone) : (str){ 0 }));
}

enum err
commitments_open(struct conn *c, struct arena *a, const struct grant *g, id person, bool owed_to_them,
        struct commitment **ret, size_t *ret_n)
{
	str sql = str_fmt(a,
	        "select %.*s from commitment x where x.org_id = $1 and $2 = $2 and x.%s = $3 and x.state = 'open'"
	        " {may:scorecard x.owner x.owed_to} order by x.due, x.id limit %d",
	        STR_ARG(record_columns(a, &commitment_record, "x")), owed_to_them ? "owed_to" : "owner", ROWS_MOST);
	struct commitment *found = arena_new(a, struct commitment, ROWS_MOST);
	size_t n = 0;
	struct rows rows;
	enum err e = record_query(c, a, g, str_z(a, sql), DB_ARGS(DB_I(person)), &rows);

	while (e == OK && n < ROWS_MOST && db_next(&rows))
		record_read(&rows, &commitment_record, 0, &found[n++]);
	if (e == OK)
		e = db_end(&rows);
	if (e != OK)
		return e;
	*ret = found;
	*ret_n = n;
	return OK;
}

static void
fill_row(const struct request *r, struct commitment_row *x)
{
	x->mine = r->actor.person && x->c.owner == r->actor.person;
	x->to_me = r->actor.person && x->c.owed_to == r->actor.person && !x->mine;
	x->late = x->c.state == COMMITMENT_OPEN && day_between(x->c.due, r->today) > 0;
	x->said_missed = x->c.state == COMMITMENT_OPEN && x->c.confirmed_by;
}

enum err
commitments_rows(struct request *r, const char *where, const struct db_value *args, size_t n,
        struct commitment_row **ret, size_t *ret_n)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, o.name, w.name from commitment x join person o on o.org_id = x.org_id and o.id = x.owner"
	        " join person w on w.org_id = x.org_id and w.id = x.owed_to %s limit %d",
	        STR_ARG(record_columns(r->arena, &commitment_record, "x")), where, ROWS_MOST);
	struct commitment_row *found = arena_new(r->arena, struct commitment_row, ROWS_MOST);
	size_t m = 0;
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), args, n, &rows);

	while (e == OK && m < ROWS_MOST && db_next(&rows)) {
		struct commitment_row *x = &found[m++];
		int at = record_read(&rows, &commitment_record, 0, &x->c);
		x->owner = db_text(&rows, at);
		x->owed = db_text(&rows, at + 1);
		fill_row(r, x);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK) {
		*ret = found;
		*ret_n = m;
	}
	return e;
}

/* ---- the list ---- */

static id
manager_of(struct request *r, id person)
{
	int64_t manager = 0;

	if (db_one_int(r->conn, "select manager from person where org_id = $1 and id = $2",
	            DB_ARGS(DB_I(r->actor.org), DB_I(person)), &manager) != OK)
		return 0;
	return manager;
}

static enum err
load_lists(struct request *r, struct commitments_view *v)
{
	const char *mine =
	        v->closed
	                ? "where x.org_id = $1 and $2 = $2 and x.owner = $3 and x.state <> 'open' order by x.closed_on "
	                  "desc, x.id desc"
	                : "where x.org_id = $1 and $2 = $2 and x.owner = $3 and x.state = 'open' order by x.due, x.id";
	const char *owed = v->closed ? "where x.org_id = $1 and $2 = $2 and x.owed_to = $3 and x.owner <> $3 and "
	                               "x.state <> 'open' order "
	                               "by x.closed_on desc, x.id desc"
	                             : "where x.org_id = $1 and $2 = $2 and x.owed_to = $3 and x.owner <> $3 and "
	                               "x.state = 'open' order "
	                               "by x.due, x.id";
	enum err e = commitments_rows(r, mine, DB_ARGS(DB_I(r->actor.person)), &v->mine, &v->n_mine);

	return e == OK ? commitments_rows(r, owed, DB_ARGS(DB_I(r->actor.person)), &v->owed, &v->n_owed) : e;
}

static enum err
commitments_page(struct request *r)
{
	struct page p = { .title = STR("Commitments"),
		.subtitle = STR("Who owes whom what, by when. Confirmed by whom it is owed to, never by the owner.") };
	struct commitments_view v = { .closed = str_eq(page_param(r, "show"), STR("closed")),
		.from = day_add_months(r->today, -12) };
	id leader = manager_of(r, r->actor.person);
	enum err e = load_lists(r, &v);

	if (e == OK)
		e = commitments_kept(r->conn, r->arena, &r->grant, r->actor.person, v.from, r->today, r->today, &v.my);
	if (e == OK && leader) {
		v.leader_name = page_name(r, "person", leader);
		e = commitments_kept(r->conn, r->arena, &r->grant, leader, v.from, r->today, r->today, &v.leader);
	}
	if (e != OK)
		return e;
	page_head(r, &p);
	tpl_commitments(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* ---- one ---- */

static enum err
load_one(struct request *r, struct commitment_row *x)
{
	enum err e = record_load(r->conn, r->arena, &r->grant, &commitment_record, r->ids[0], &x->c);

	if (e != OK)
		return e;
	x->owner = page_name(r, "person", x->c.owner);
	x->owed = page_name(r, "person", x->c.owed_to);
	fill_row(r, x);
	x->alone = true;
	if (x->mine && x->c.state == COMMITMENT_OPEN)
		e = second_missing(r->conn, r->arena, r->actor.org, r->actor.person, r->today, &x->by_one);
	x->by_one = x->by_one || (x->mine && x->c.owed_to == x->c.owner);
	if (e == OK && x->by_one)
		e = second_stand_in(r->conn, r->arena, r->actor.org, r->actor.person, r->today, &x->stand_in);
	return e;
}

/* O9: nobody else is here, so the owner closes it, marked by who confirmed. */
static void
close_alone(struct request *r, struct commitment *c, int state)
{
	c->state = state;
	c->confirmed_by = r->actor.person;
	c->closed_on = r->today;
}

static enum err
show_one(struct request *r, const struct commitment_row *x)
{
	struct crumb crumb = { STR("Commitments"), STR("/commitments") };
	struct page p = { .title = str_fmt(r->arena, "%.*s owes %.*s", STR_ARG(x->owner), STR_ARG(x->owed)),
		.crumbs = &crumb,
		.n_crumbs = 1 };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_commitment_one(&r->view, x, r);
	page_foot(r);
	return OK;
}

static enum err
commitment_page(struct request *r)
{
	struct commitment_row x = { 0 };
	enum err e = load_one(r, &x);

	return e == OK ? show_one(r, &x) : e;
}

/* Saves the changed one; refused, the page comes back as it stood, with what is wrong. */
static enum err
store(struct request *r, const struct commitment_row *shown, struct commitment *c, str said)
{
	id set = 0;
	enum err e = r->faults.n ? ERR_INPUT : page_save(r, said, &commitment_record, c, &set);

	if (e == ERR_INPUT)
		return show_one(r, shown);
	return e == OK ? page_done(r, set, STR("/commitments")) : e;
}

static enum err
load_mine(struct request *r, struct commitment_row *x, bool owner)
{
	enum err e = load_one(r, x);

	if (e != OK)
		return e;
	if (!(owner ? x->mine : x->to_me))
		return ERR_DENIED;
	if (x->c.state != COMMITMENT_OPEN)
		fault_add(&r->faults, STR("state"), STR("has been decided"), STR("undo that first"));
	return OK;
}

/* The owner says it is kept, and shows by what; the other side confirms (A3). */
static enum err
commitment_claim(struct request *r)
{
	struct commitment_row x = { 0 };
	struct commitment c;
	enum err e = load_mine(r, &x, true);

	if (e != OK)
		return e;
	c = x.c;
	page_fill(r, &commitment_record, "evidence_kind evidence", &c);
	if (!c.evidence.n)
		fault_add(&r->faults, STR("evidence"), STR("is missing"), STR("say what shows it: one line is enough"));
	if (x.said_missed)
		fault_add(&r->faults, STR("evidence"),
		        str_fmt(r->arena, "comes late: %.*s said it was missed", STR_ARG(x.owed)),
		        STR("write the account, or ask them to confirm it after all"));
	c.claimed_on = r->today;
	if (x.by_one) {
		close_alone(r, &c, COMMITMENT_KEPT);
		return store(r, &x, &c, STR("Closed as kept, by one person"));
	}
	return store(r, &x, &c, str_fmt(r->arena, "Reported as kept; %.*s confirms", STR_ARG(x.owed)));
}

static enum err
commitment_confirm(struct request *r)
{
	struct commitment_row x = { 0 };
	struct commitment c;
	enum err e = load_mine(r, &x, false);

	if (e != OK)
		return e;
	c = x.c;
	c.state = COMMITMENT_KEPT;
	c.confirmed_by = r->actor.person;
	c.closed_on = r->today;
	if (!c.evidence_kind)
		c.evidence_kind = EVIDENCE_OBSERVED;
	return store(r, &x, &c, str_fmt(r->arena, "Confirmed: %.*s kept it", STR_ARG(x.owner)));
}

/* Said to be missed: it closes with the owner's account, not before (A3). */
static enum err
commitment_miss(struct request *r)
{
	struct commitment_row x = { 0 };
	struct commitment c;
	enum err e = load_mine(r, &x, false);

	if (e != OK)
		return e;
	c = x.c;
	if (day_between(c.due, r->today) < 0)
		fault_add(&r->faults, STR("state"), STR("cannot be missed before its day"),
		        STR("wait for the day, or withdraw it"));
	c.confirmed_by = r->actor.person;
	c.claimed_on = DAY_NONE;
	return store(r, &x, &c, str_fmt(r->arena, "Marked as missed; %.*s is asked for the account", STR_ARG(x.owner)));
}

static enum err
commitment_withdraw(struct request *r)
{
	struct commitment_row x = { 0 };
	struct commitment c;
	enum err e = load_mine(r, &x, false);

	if (e != OK)
		return e;
	c = x.c;
	c.state = COMMITMENT_WITHDRAWN;
	c.confirmed_by = r->actor.person;
	c.closed_on = r->today;
	return store(r, &x, &c, STR("Withdrawn before its day"));
}

/* Withdrawing needs the consent of whom it is owed to; the owner can ask (A3). */
static enum err
commitment_ask(struct request *r)
{
	struct commitment_row x = { 0 };
	struct commitment c;
	enum err e = load_mine(r, &x, true);

	if (e != OK)
		return e;
	c = x.c;
	if (x.late || x.said_missed)
		fault_add(&r->faults, STR("withdraw"), STR("comes after its day: it was missed"),
		        STR("write the account below"));
	c.withdraw_asked = r->today;
	if (x.by_one) {
		close_alone(r, &c, COMMITMENT_WITHDRAWN);
		return store(r, &x, &c, STR("Withdrawn before its day, by one person"));
	}
	return store(r, &x, &c, str_fmt(r->arena, "Asked %.*s to withdraw it", STR_ARG(x.owed)));
}

/* C5: carried over twice it goes one level up; its owner sees that first and may add a line. */
static enum err
commitment_line(struct request *r)
{
	struct commitment_row x = { 0 };
	struct commitment c;
	enum err e = load_mine(r, &x, true);

	if (e != OK)
		return e;
	c = x.c;
	if (!day_is(c.up_on))
		fault_add(&r->faults, STR("own_line"), STR("has no reader"),
		        STR("a line is for one that was carried over twice"));
	page_fill(r, &commitment_record, "own_line", &c);
	return store(r, &x, &c, STR("Your line goes up with it"));
}

static enum err
commitment_move(struct request *r)
{
	struct commitment_row x = { 0 };
	struct commitment c;
	enum err e = load_mine(r, &x, true);

	if (e != OK)
		return e;
	c = x.c;
	c.due = page_day_field(r, "due", true);
	if (x.said_missed)
		fault_add(&r->faults, STR("due"), STR("cannot be moved: it was said to be missed"),
		        STR("write the account below"));
	else if (day_is(c.due) && (x.late || day_between(r->today, c.due) < 0))
		fault_add(&r->faults, STR("due"), x.late ? STR("has passed, so it was missed") : STR("is past"),
		        x.late ? STR("write the account below") : STR("choose today or a later day"));
	if (day_is(c.due) && c.due.n != x.c.due.n)
		c.moves = (c.moves == NO_INT ? 0 : c.moves) + 1;
	return store(r, &x, &c,
	        str_fmt(r->arena, "Moved to %.*s; the move stays on record",
	                STR_ARG(day_text(r->arena, c.due, r->today))));
}

static str
need(struct request *r, const char *name, str mend)
{
	str s = page_field(r, name);

	if (!s.n)
		fault_add(&r->faults, str_of(name), STR("is missing"), mend);
	return s;
}

/* The account of a miss: three questions, and the person's own word for it; nobody is labelled (A3). */
static enum err
commitment_account(struct request *r)
{
	struct commitment_row x = { 0 };
	struct commitment c;
	enum err e = load_mine(r, &x, true);
	str did, outside, differently;

	if (e != OK)
		return e;
	c = x.c;
	did = need(r, "did", STR("say what you did, and what you left"));
	outside = page_field(r, "outside");
	differently = need(r, "differently", STR("say what you will do differently"));
	if (!x.late && !x.said_missed)
		fault_add(&r->faults, STR("did"), STR("comes before the day"), STR("report it kept, or move the day"));
	c.account = str_fmt(r->arena, "What I did: %.*s\nOutside my control: %.*s\nDifferently: %.*s", STR_ARG(did),
	        STR_ARG(outside.n ? outside : STR("nothing")), STR_ARG(differently));
	c.account_category = page_field(r, "account_category");
	c.state = COMMITMENT_MISSED;
	c.closed_on = r->today;
	return store(r, &x, &c, STR("Closed as missed, with the account"));
}

/* ---- a new one ---- */

static enum err
show_new(struct request *r, const struct commitment *c)
{
	struct crumb crumb = { STR("Commitments"), STR("/commitments") };
	struct page p = { .title = STR("New commitment"), .crumbs = &crumb, .n_crumbs = 1 };

	struct commitment_row x = { .c = *c };
	enum err e = second_missing(r->conn, r->arena, r->actor.org, r->actor.person, r->today, &x.by_one);

	if (e == OK && x.by_one)
		e = second_stand_in(r->conn, r->arena, r->actor.org, r->actor.person, r->today, &x.stand_in);
	if (e != OK)
		return e;
	if (x.by_one && !x.c.owed_to)
		x.c.owed_to = r->actor.person;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_commitment_new(&r->view, &x, r);
	page_foot(r);
	return OK;
}

static enum err
commitment_new(struct request *r)
{
	struct commitment c;

	record_init(&commitment_record, &c);
	c.owed_to = page_id_param(r, "to");
	if (!c.owed_to)
		c.owed_to = manager_of(r, r->actor.person);
	return show_new(r, &c);
}

static enum err
commitment_create(struct request *r)
{
	struct commitment c;
	id set = 0;
	enum err e;

	record_init(&commitment_record, &c);
	c.owner = r->actor.person;
	c.state = COMMITMENT_OPEN;
	c.made_on = r->today;
	c.moves = c.carried = 0;
	e = page_fill(r, &commitment_record, "owed_to when_ then_ due evidence_kind", &c);
	if (e == OK)
		e = page_save(r, STR("Commitment made"), &commitment_record, &c, &set);
	if (e == ERR_INPUT)
		return show_new(r, &c);
	return e == OK ? page_done(r, set, STR("/commitments")) : e;
}

const struct route commitment_routes[] = {
	{ HTTP_GET, "/commitments", POLICY_PERSON, commitments_page, "commitments", "See commitments", false },
	{ HTTP_GET, "/commitments/new", POLICY_PERSON, commitment_new, "commitments", "Make a commitment", false },
	{ HTTP_POST, "/commitments", POLICY_PERSON, commitment_create, "commitments", "Make a commitment", false },
	{ HTTP_GET, "/commitments/:", POLICY_PERSON, commitment_page, "commitments", "See a commitment", false },
	{ HTTP_POST, "/commitments/:/claim", POLICY_PERSON, commitment_claim, "commitments", "Report a commitment kept",
	        false },
	{ HTTP_POST, "/commitments/:/confirm", POLICY_PERSON, commitment_confirm, "commitments", "Confirm a commitment",
	        false },
	{ HTTP_POST, "/commitments/:/miss", POLICY_PERSON, commitment_miss, "commitments", "Mark a commitment missed",
	        false },
	{ HTTP_POST, "/commitments/:/withdraw", POLICY_PERSON, commitment_withdraw, "commitments",
	        "Withdraw a commitment", false },
	{ HTTP_POST, "/commitments/:/move", POLICY_PERSON, commitment_move, "commitments",
	        "Move the day of a commitment", false },
	{ HTTP_POST, "/commitments/:/account", POLICY_PERSON, commitment_account, "commitments",
	        "Write the account of a miss", false },
	{ HTTP_POST, "/commitments/:/ask", POLICY_PERSON, commitment_ask, "commitments", "Ask to withdraw a commitment",
	        false },
	{ HTTP_POST, "/commitments/:/line", POLICY_PERSON, commitment_line, "commitments",
	        "Add a line before it goes up", false },
	{ HTTP_GET, "/blockers", POLICY_PERSON, blockers_page, "commitments", "See blockers", false },
	{ HTTP_POST, "/blockers", POLICY_PERSON, blockers_raise, "commitments", "Raise a blocker", false },
	{ HTTP_POST, "/blockers/:/confirm", POLICY_PERSON, blocker_confirm, "commitments",
	        "Say whether an answer clears a blocker", false },
	{ HTTP_POST, "/blockers/:/hand", POLICY_PERSON, blocker_hand, "commitments", "Hand on a blocker", false },
	{ HTTP_POST, "/blockers/:/answer", POLICY_PERSON, blocker_answer, "commitments", "Answer a blocker", false },
	{ HTTP_GET, "/charter", POLICY_SIGNED_IN, charter_page, "charter", "See the charters", false },
	{ HTTP_POST, "/charter", POLICY_LEADER, charter_sign, "charter", "Sign a charter", false },
	{ HTTP_POST, "/charter/sponsor", POLICY_HEAD, charter_sponsor, "charter", "Name a sponsor", false },
	{ HTTP_POST, "/charter/:/answer", POLICY_PERSON, charter_answer, "charter", "Agree or object to a charter",
	        false },
	{ HTTP_POST, "/charter/objection/:", POLICY_LEADER, charter_objection, "charter", "Answer an objection",
	        false },
	{ HTTP_GET, "/duties", POLICY_SIGNED_IN, duties_page, "duties", "See what leaders owe", false },
	{ HTTP_POST, "/duties/accept", POLICY_PERSON, duties_accept, "duties", "Agree to all my duties", false },
	{ HTTP_POST, "/duties/:/accept", POLICY_PERSON, duty_accept, "duties", "Agree to a duty of mine", false },
	{ HTTP_POST, "/duties/:/change", POLICY_PERSON, duty_change, "duties", "Propose a change of a duty", false },
	{ HTTP_POST, "/duties/:/agree", POLICY_PERSON, duty_agree, "duties", "Agree to a change of a duty", false },
	{ HTTP_POST, "/duties/:/decline", POLICY_PERSON, duty_decline, "duties", "Decline a change of a duty", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
