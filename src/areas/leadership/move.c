#include "areas/prospects/prospects.h"
#include "areas/leadership/view.h"
#include "auth/session.h"

#include "areas/leadership/move_html.h"

bool
move_may(struct request *r, id person)
{
	int64_t one;

	if (r->actor.admin)
		return true;
	return r->actor.person &&
	       db_one_int(r->conn,
	               "select 1 from line where org_id = $1 and above = $2 and below = $3 and depth > 0 "
	               "and to_day is null",
	               DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), DB_I(person)), &one) == OK;
}

/* ---- the page ---- */

/* An administrator places anybody; a leader within the own team. Nobody below the person stands above them. $1 company,
   $2 the person, $3 an administrator asks, $4 who asks. */
#define MAY_TAKE \
	"p.org_id = $1 and p.left_on is null and p.id <> $2 and not exists (select 1 from line b where b.org_id = $1 " \
	"and b.above = $2 and b.below = p.id and b.to_day is null) and ($3 = 1 or exists (select 1 from line l where " \
	"l.org_id = $1 and l.above = $4 and l.below = p.id and l.to_day is null))"

static enum err
load_choices(struct request *r, struct place_view *v)
{
	static const char sql[] =
	        "select p.id, p.name, p.title from person p where " MAY_TAKE " order by p.name_key, p.id limit $5";
	struct rows rows;
	enum err e = db_query(r->conn, r->arena, sql,
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->p.row.id), DB_I(r->actor.admin), DB_I(r->actor.person),
	                DB_I(PICK_FEW + 1)),
	        &rows);

	v->choices = arena_new(r->arena, struct pick_row, PICK_FEW + 1);
	while (e == OK && db_next(&rows))
		v->choices[v->n_choices++] =
		        (struct pick_row){ db_int(&rows, 0), db_text(&rows, 1), db_text(&rows, 2) };
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_absences(struct request *r, struct place_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select id, version, from_day, to_day, coalesce(share, 0) from absence where org_id = $1 and person = "
	        "$2 and "
	        "to_day >= $3 order by from_day, id limit 50",
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->p.row.id), db_day_value(r->arena, day_add(r->today, -180))), &rows);

	v->absences = arena_array(r->arena, sizeof *v->absences, 50, _Alignof(int64_t));
	while (e == OK && v->n_absences < 50 && db_next(&rows)) {
		v->absences[v->n_absences].row = db_int(&rows, 0);
		v->absences[v->n_absences].version = db_int(&rows, 1);
		v->absences[v->n_absences].from = db_day(&rows, 2);
		v->absences[v->n_absences].to = db_day(&rows, 3);
		v->absences[v->n_absences++].share = db_int(&rows, 4);
	}
	return e == OK ? db_end(&rows) : e;
}

/* What is handed over when the person leaves. $1 company, $2 person. */
static const char deals_sql[] = "select id from deal where org_id = $1 and owner = $2 and outcome = 'open'";
static const char accounts_sql[] = "select id from account where org_id = $1 and owner = $2";
static const char prospects_sql[] = "select id from prospect where org_id = $1 and owner = $2 and state = 'open'";
static const char owes_sql[] = "select id from commitment where org_id = $1 and owner = $2 and state = 'open'";
static const char owed_sql[] = "select id from commitment where org_id = $1 and owed_to = $2 and state = 'open'";
static const char blockers_sql[] = "select id from blocker where org_id = $1 and owner = $2 and answered_on is null";
static const char reports_sql[] = "select id from person where org_id = $1 and manager = $2 and left_on is null";
static const char duties_sql[] = "select id from obligation where org_id = $1 and person = $2 and state <> 'ended'";

static enum err
count(struct request *r, const char *sql, id person, int64_t *ret)
{
	return db_one_int(r->conn, str_z(r->arena, str_fmt(r->arena, "select count(*) from (%s) x", sql)),
	        DB_ARGS(DB_I(r->actor.org), DB_I(person)), ret);
}

static enum err
load(struct request *r, struct place_view *v)
{
	enum err e = record_load(r->conn, r->arena, &r->grant, &person_record, r->ids[0], &v->p);
	id who = v->p.row.id;

	if (e == OK && !move_may(r, who))
		e = ERR_DENIED;
	if (e != OK)
		return e;
	v->manager = page_name(r, "person", v->p.manager);
	v->admin = r->actor.admin;
	v->left = day_is(v->p.left_on);
	const struct {
		const char *sql;
		int64_t *ret;
	} all[] = { { deals_sql, &v->deals }, { accounts_sql, &v->accounts }, { prospects_sql, &v->prospects },
		{ owes_sql, &v->commitments }, { owed_sql, &v->owed }, { blockers_sql, &v->blockers },
		{ reports_sql, &v->reports } };
	for (size_t i = 0; e == OK && i < sizeof all / sizeof *all; i++)
		e = count(r, all[i].sql, who, all[i].ret);
	if (e == OK)
		e = load_choices(r, v);
	return e == OK ? load_absences(r, v) : e;
}

static enum err
show(struct request *r, struct place_view *v)
{
	struct crumb crumbs[] = { { STR("People"), STR("/people") },
		{ v->p.name, str_fmt(r->arena, "/people/%.*s", STR_ARG(id_text(r->arena, v->p.row.id))) } };
	struct page p = { .title = str_fmt(r->arena, "%.*s: away, transfer, leaving", STR_ARG(v->p.name)),
		.crumbs = crumbs,
		.n_crumbs = 2 };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_move(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
move_page(struct request *r)
{
	struct place_view v = { 0 };
	enum err e = load(r, &v);

	return e == OK ? show(r, &v) : e;
}

static enum err
done(struct request *r, struct place_view *v, enum err e, id set)
{
	if (e == ERR_INPUT)
		return show(r, v);
	return e == OK ? page_done(r, set, str_fmt(r->arena, "/people/%.*s", STR_ARG(id_text(r->arena, v->p.row.id))))
	               : e;
}

static bool
is_choice(struct request *r, const struct place_view *v, id person)
{
	int64_t one;

	return db_one_int(r->conn, "select 1 from person p where " MAY_TAKE " and p.id = $5",
	               DB_ARGS(DB_I(r->actor.org), DB_I(v->p.row.id), DB_I(r->actor.admin), DB_I(r->actor.person),
	                       DB_I(person)),
	               &one) == OK;
}

/* The line is written by administrators; here a leader acts within the own team, which move_may has found. */
static struct grant
as_leader(const struct request *r, const char *reason)
{
	return grant_all(r->actor.org, r->actor.login, r->actor.person, reason);
}

/* ---- many rows of one record ---- */

struct handing {
	struct place_view *v;
	id from, to, leader; /* leader: for those who reported to the leaver */
	id keeper;           /* of what the leaver promised to whoever takes over; 0: there is none */
	day on;
};

static enum err
load_ids(struct change *c, const char *sql, id person, id **ret, size_t *ret_n)
{
	id *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = db_query(c->conn, c->arena, sql, DB_ARGS(DB_I(c->grant->org), DB_I(person)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(c->arena, all, n, cap);
		all[n++] = db_int(&rows, 0);
	}
	*ret = all;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

/* Each row that the statement finds for the person: loaded, changed by fn, saved. */
static enum err
each(struct change *c, struct handing *h, const char *sql, const struct record *rec,
        void (*fn)(struct handing *h, void *row))
{
	id *all;
	size_t n;
	enum err e = load_ids(c, sql, h->from, &all, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		void *row = arena_alloc(c->arena, rec->size, _Alignof(max_align_t));
		e = record_load(c->conn, c->arena, c->grant, rec, all[i], row);
		if (e == OK) {
			fn(h, row);
			e = record_save(c, rec, row);
		}
	}
	return e;
}

static void
give_deal(struct handing *h, void *row)
{
	((struct deal *)row)->owner = h->to;
}

static void
give_account(struct handing *h, void *row)
{
	((struct account *)row)->owner = h->to;
}

static void
give_prospect(struct handing *h, void *row)
{
	((struct prospect *)row)->owner = h->to;
}

/* What the leaver promised to whoever takes over wants a third: nobody owes to themselves. Where no third is there, it
   stays as it is, on the record (O9). */
static void
give_promise(struct handing *h, void *row)
{
	struct commitment *x = row;

	if (x->owed_to != h->to)
		x->owner = h->to;
	else if (h->keeper)
		x->owner = h->keeper;
}

static void
give_claim(struct handing *h, void *row)
{
	struct commitment *x = row;

	if (x->owner != h->to)
		x->owed_to = h->to;
}

static void
give_blocker(struct handing *h, void *row)
{
	((struct blocker *)row)->owner = h->to;
}

static void
give_report(struct handing *h, void *row)
{
	struct person *p = row;

	p->manager = h->leader;
	p->manager_from = h->on;
}

static void
end_duty(struct handing *h, void *row)
{
	struct obligation *o = row;

	o->state = DUTY_ENDED;
	o->to_day = h->on;
}

/* ---- transfer (O2, C1) ---- */

/* Promises to the leader who was move along to the new one. */
static void
carry(struct handing *h, void *row)
{
	struct commitment *x = row;

	if (x->owed_to == h->from && x->owner == h->v->p.row.id)
		x->owed_to = h->to;
}

static enum err
transfer_work(struct change *c, void *what)
{
	struct handing *h = what;
	struct person p = h->v->p;
	enum err e;

	p.manager = h->to;
	p.manager_from = h->on;
	e = record_save(c, &person_record, &p);
	return e == OK && h->from ? each(c, h, owed_sql, &commitment_record, carry) : e;
}

enum err
move_transfer(struct request *r)
{
	struct grant g = as_leader(r, "transfer by whoever leads the person, or an administrator");
	struct place_view v = { 0 };
	id set = 0;
	enum err e = load(r, &v);
	struct handing h = { .v = &v, .from = v.p.manager, .to = page_id_field(r, "manager"), .on = r->today };

	if (e != OK)
		return e;
	if (page_field(r, "since").n)
		h.on = page_day_field(r, "since", true);
	if (!is_choice(r, &v, h.to))
		fault_add(&r->faults, STR("manager"), STR("is missing"),
		        v.admin ? STR("choose who leads from now on")
		                : STR("choose somebody of your own team, or ask above"));
	else if (h.to == v.p.manager)
		fault_add(&r->faults, STR("manager"), STR("leads them already"), STR("choose somebody else"));
	if (!r->faults.n && h.on.n > r->today.n)
		fault_add(&r->faults, STR("since"), STR("is in the future"), STR("enter the transfer on its day"));
	e = r->faults.n ? ERR_INPUT
	                : page_change_as(r, &g, str_fmt(r->arena, "%.*s transferred", STR_ARG(v.p.name)), transfer_work,
	                          &h, &set);
	return done(r, &v, e, set);
}

/* ---- absence (O7) ---- */

static enum err
absence_work(struct change *c, void *what)
{
	struct absence x = *(struct absence *)what;

	return record_save(c, &absence_record, &x);
}

enum err
move_absence(struct request *r)
{
	struct grant g = as_leader(r, "absence entered by whoever leads the person, or an administrator");
	struct place_view v = { 0 };
	struct absence x;
	id set = 0;
	enum err e = load(r, &v);

	if (e != OK)
		return e;
	record_init(&absence_record, &x);
	page_fill(r, &absence_record, "from_day to_day share", &x);
	x.person = v.p.row.id;
	if (x.share == NO_INT)
		x.share = 0;
	e = r->faults.n ? ERR_INPUT : page_change_as(r, &g, STR("Absence entered"), absence_work, &x, &set);
	return done(r, &v, e, set);
}

static enum err
remove_work(struct change *c, void *what)
{
	const struct absence *x = what;

	return record_remove(c, &absence_record, x->row.id, x->row.version);
}

enum err
move_absence_remove(struct request *r)
{
	struct grant g = as_leader(r, "absence removed by whoever leads the person, or an administrator");
	struct place_view v = { 0 };
	struct absence x;
	id set = 0;
	enum err e = load(r, &v);

	if (e == OK)
		e = record_load(r->conn, r->arena, &g, &absence_record, r->ids[1], &x);
	if (e == OK && x.person != v.p.row.id)
		e = ERR_ABSENT;
	if (e == OK)
		e = page_change_as(r, &g, STR("Absence removed"), remove_work, &x, &set);
	return done(r, &v, e, set);
}

/* ---- leaving (O4) ---- */

static enum err
leave_work(struct change *c, void *what)
{
	struct handing *h = what;
	struct person p = h->v->p;
	enum err e = each(c, h, deals_sql, &deal_record, give_deal);

	if (e == OK)
		e = each(c, h, accounts_sql, &account_record, give_account);
	if (e == OK)
		e = each(c, h, prospects_sql, &prospect_record, give_prospect);
	if (e == OK)
		e = each(c, h, owes_sql, &commitment_record, give_promise);
	if (e == OK)
		e = each(c, h, owed_sql, &commitment_record, give_claim);
	if (e == OK)
		e = each(c, h, blockers_sql, &blocker_record, give_blocker);
	if (e == OK)
		e = each(c, h, duties_sql, &obligation_record, end_duty);
	if (e == OK)
		e = each(c, h, reports_sql, &person_record, give_report);
	if (e != OK)
		return e;
	p.left_on = h->on;
	e = record_save(c, &person_record, &p);
	return e == OK ? membership_end(c->conn, c->grant->org, p.row.id) : e;
}

/* A3: what was promised to whoever takes over is not gone with the leaver. */
static void
check_keeper(struct request *r, const struct place_view *v, const struct handing *h)
{
	int64_t n = 0;
	enum err e = db_one_int(r->conn,
	        "select count(*) from commitment where org_id = $1 and owner = $2 and owed_to = $3 and state = 'open'",
	        DB_ARGS(DB_I(r->actor.org), DB_I(h->from), DB_I(h->to)), &n);

	if (e != OK || !n || v->n_choices < 2)
		return;
	if (!is_choice(r, v, h->keeper))
		fault_add(&r->faults, STR("keeper"),
		        str_fmt(r->arena, "is missing: %lld promise%s to whoever takes over", (long long)n,
		                n == 1 ? " was made" : "s were made"),
		        STR("choose somebody else who keeps what was promised"));
	else if (h->keeper == h->to)
		fault_add(&r->faults, STR("keeper"), STR("is whom it is owed to"), STR("choose somebody else"));
}

static void
check_leaving(struct request *r, const struct place_view *v, const struct handing *h)
{
	int64_t head = 0;

	if (v->left)
		fault_add(&r->faults, STR("left_on"), STR("is set already"), STR("nothing is left to hand over"));
	if (db_one_int(r->conn, "select coalesce(head, 0) from company where org_id = $1", DB_ARGS(DB_I(r->actor.org)),
	            &head) == OK &&
	        head == v->p.row.id)
		fault_add(&r->faults, STR("left_on"), STR("is of the head"), STR("name another head in Company first"));
	if (day_is(h->on) && h->on.n > r->today.n)
		fault_add(&r->faults, STR("left_on"), STR("is in the future"), STR("hand over on the day itself"));
	if (!is_choice(r, v, h->to))
		fault_add(&r->faults, STR("to"), STR("is missing"), STR("choose who takes over the open work"));
	check_keeper(r, v, h);
	if (v->reports && !is_choice(r, v, h->leader))
		fault_add(&r->faults, STR("leader"), STR("is missing"), STR("choose who leads their people"));
}

enum err
move_leave(struct request *r)
{
	struct grant g = as_leader(r, "leaver handed over by whoever leads them, or an administrator");
	struct place_view v = { 0 };
	id set = 0;
	enum err e = load(r, &v);
	struct handing h = { .v = &v,
		.from = v.p.row.id,
		.to = page_id_field(r, "to"),
		.leader = page_id_field(r, "leader"),
		.keeper = page_id_field(r, "keeper"),
		.on = r->today };

	if (e != OK)
		return e;
	if (page_field(r, "left_on").n)
		h.on = page_day_field(r, "left_on", true);
	check_leaving(r, &v, &h);
	e = r->faults.n
	            ? ERR_INPUT
	            : page_change_as(r, &g, str_fmt(r->arena, "%.*s left, open work handed over", STR_ARG(v.p.name)),
	                      leave_work, &h, &set);
	return done(r, &v, e, set);
}
