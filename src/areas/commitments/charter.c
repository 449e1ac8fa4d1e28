#include "areas/commitments/view.h"
#include "html/widgets.h"

#include "areas/commitments/charter_html.h"

#define LEADERS_MOST 400

/* ---- the leaders, in the order of the line (L3) ---- */

static bool
among(const struct leader *all, size_t n, id person)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].person == person)
			return true;
	return false;
}

static void
take_below(const struct leader *all, size_t n, id above, int depth, struct leader *ret, size_t *ret_n)
{
	for (size_t i = 0; i < n && *ret_n < n; i++) {
		bool root = !above && !among(all, n, all[i].manager);
		if (!root && (!above || all[i].manager != above))
			continue;
		if (among(ret, *ret_n, all[i].person))
			continue;
		ret[*ret_n] = all[i];
		ret[(*ret_n)++].depth = depth;
		take_below(all, n, all[i].person, depth + 1, ret, ret_n);
	}
}

enum err
leaders_load(struct request *r, struct leader **ret, size_t *ret_n)
{
	struct leader *all = arena_new(r->arena, struct leader, LEADERS_MOST), *order;
	size_t n = 0, m = 0;
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select p.id, p.name, coalesce(p.title, ''), p.manager, c.id, c.number, c.signed_on, k.head from "
	        "person p"
	        " join company k on k.org_id = p.org_id left join charter c on c.org_id = p.org_id and c.person = p.id"
	        " and c.number = (select max(d.number) from charter d where d.org_id = p.org_id and d.person = p.id)"
	        " where p.org_id = $1 and $2 = $2 and p.left_on is null and (p.id = k.head or exists"
	        " (select 1 from person q where q.org_id = p.org_id and q.manager = p.id and q.left_on is null)) "
	        "{may:leadership p.id}"
	        " order by case when p.id = k.head then 0 else 1 end, p.name, p.id limit 400",
	        DB_NO_ARGS, &rows);

	while (e == OK && n < LEADERS_MOST && db_next(&rows)) {
		struct leader *l = &all[n++];
		*l = (struct leader){ .person = db_int(&rows, 0),
			.name = db_text(&rows, 1),
			.title = db_text(&rows, 2),
			.manager = db_int(&rows, 3),
			.charter = db_int(&rows, 4),
			.number = db_int(&rows, 5),
			.signed_on = db_day(&rows, 6) };
		l->head = db_int(&rows, 7) == l->person;
		l->initials = widget_initials(r->arena, l->name);
		l->avatar = str_fmt(r->arena, "h%d", widget_colour(l->person));
	}
	if (e == OK)
		e = db_end(&rows);
	if (e != OK)
		return e;
	order = arena_new(r->arena, struct leader, n + 1);
	take_below(all, n, 0, 0, order, &m);
	*ret = order;
	*ret_n = m;
	return OK;
}

/* ---- what the page shows ---- */

static enum err
load_answers(struct request *r, struct charter_view *v)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select p.name, x.agrees, x.reason, x.on_day, x.person, x.id, x.reply, x.replied_on from "
	        "charter_answer x join person p on p.org_id "
	        "= x.org_id and p.id = x.person"
	        " where x.org_id = $1 and $2 = $2 and x.charter = $3 {may:leadership x.person} order by x.on_day, x.id "
	        "limit 500",
	        DB_ARGS(DB_I(v->c.row.id)), &rows);

	v->answers = arena_new(r->arena, struct answer_row, 500);
	while (e == OK && v->n_answers < 500 && db_next(&rows)) {
		v->answers[v->n_answers++] = (struct answer_row){ .answer = db_int(&rows, 5),
			.name = db_text(&rows, 0),
			.reason = db_text(&rows, 2),
			.reply = db_text(&rows, 6),
			.agrees = db_int(&rows, 1) != 0,
			.on_day = db_day(&rows, 3),
			.replied_on = db_day(&rows, 7) };
		v->answered |= db_int(&rows, 4) == r->actor.person;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_versions(struct request *r, struct charter_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select number, signed_on, id from charter where org_id = $1 and person = $2 order by number desc "
	        "limit 20",
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->of->person)), &rows);

	while (e == OK && v->n_versions < 20 && db_next(&rows)) {
		v->versions[v->n_versions].number = db_int(&rows, 0);
		v->versions[v->n_versions].charter = db_int(&rows, 2);
		v->versions[v->n_versions++].on = db_day(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

/* L1: each level answers; who of the next one has not. */
static enum err
load_silent(struct request *r, struct charter_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select p.name from person p where p.org_id = $1 and p.manager = $2 and (p.left_on is null or "
	        "p.left_on > $4)"
	        " and not exists (select 1 from charter_answer x where x.org_id = $1 and x.charter = $3 and x.person = "
	        "p.id)"
	        " order by p.name, p.id limit 40",
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->of->person), DB_I(v->c.row.id), db_day_value(r->arena, r->today)),
	        &rows);

	while (e == OK && db_next(&rows))
		v->silent = str_fmt(r->arena, "%.*s%s%.*s", STR_ARG(v->silent), v->silent.n ? ", " : "",
		        STR_ARG(db_text(&rows, 0)));
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_charter(struct request *r, struct charter_view *v)
{
	id version = page_id_param(r, "version"), show = version ? version : v->of->charter;
	enum err e = record_load(r->conn, r->arena, &r->grant, &charter_record, show, &v->c);

	if (e != OK)
		return e;
	if (v->c.person != v->of->person)
		return ERR_ABSENT;
	v->signed_once = true;
	v->old = show != v->of->charter;
	v->may_answer = r->actor.person && !v->mine && !v->old;
	e = commitments_rows(r,
	        "where x.org_id = $1 and $2 = $2 and x.about = 'charter' and x.about_id = $3 order by x.due, x.id",
	        DB_ARGS(DB_I(v->c.row.id)), &v->commits, &v->n_commits);
	if (e == OK)
		e = load_answers(r, v);
	if (e == OK && !v->old)
		e = load_silent(r, v);
	return e == OK ? load_versions(r, v) : e;
}

/* L1: commitments of a charter are owed to the own sponsor, the own leader, or those led. */
static enum err
load_owed(struct request *r, struct charter_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select p.id, p.name from person p where p.org_id = $1 and p.left_on is null and p.id <> $2 and "
	        "(p.manager = $2"
	        " or p.id = (select m.manager from person m where m.org_id = $1 and m.id = $2)"
	        " or p.id = (select k.sponsor from company k where k.org_id = $1 and k.head = $2)) order by p.name, "
	        "p.id limit 40",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &rows);

	while (e == OK && v->n_owed < 40 && db_next(&rows)) {
		v->owed[v->n_owed].person = db_int(&rows, 0);
		v->owed[v->n_owed++].name = db_text(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

static void
name_promises(struct request *r, struct charter_view *v)
{
	for (int i = 0; i < PROMISES; i++) {
		struct promise *p = &v->promises[i];
		p->when_name = str_fmt(r->arena, "when%d", i + 1);
		p->then_name = str_fmt(r->arena, "then%d", i + 1);
		p->due_name = str_fmt(r->arena, "due%d", i + 1);
		p->to_name = str_fmt(r->arena, "to%d", i + 1);
		p->when = page_field(r, str_z(r->arena, p->when_name));
		p->then = page_field(r, str_z(r->arena, p->then_name));
		p->due = page_field(r, str_z(r->arena, p->due_name));
		p->to = page_id_field(r, str_z(r->arena, p->to_name));
	}
}

static enum err
load_view(struct request *r, struct charter_view *v, id of)
{
	struct company o;
	enum err e = record_load(r->conn, r->arena, &r->grant, &company_record, r->actor.org, &o);

	if (e == OK)
		e = leaders_load(r, &v->leaders, &v->n_leaders);
	if (e != OK)
		return e;
	v->who_sees = grant_explain(r->arena, &r->grant, MATTER_LEADERSHIP);
	v->no_head = !o.head;
	v->sponsor = o.sponsor ? page_name(r, "person", o.sponsor) : o.sponsor_name;
	v->no_sponsor = o.head && !v->sponsor.n;
	v->may_name = r->actor.admin || r->actor.head;
	if (!of)
		of = o.head;
	for (size_t i = 0; i < v->n_leaders; i++)
		if (v->leaders[i].person == of)
			v->of = &v->leaders[i];
	if (!v->of)
		return OK;
	v->mine = v->of->person == r->actor.person;
	if (v->of->charter)
		e = load_charter(r, v);
	if (e == OK && v->mine)
		e = load_owed(r, v);
	name_promises(r, v);
	return e;
}

static enum err
show(struct request *r, struct charter_view *v)
{
	struct page p = { .title = STR("Charter") };

	if (v->of)
		p.title = v->of->head ? str_fmt(r->arena, "Charter of %.*s", STR_ARG(r->actor.org_name))
		                      : str_fmt(r->arena, "Charter of %.*s", STR_ARG(v->of->name));
	if (v->of && v->signed_once)
		p.subtitle = str_fmt(r->arena, "Version %lld, signed by %.*s on %.*s", (long long)v->c.number,
		        STR_ARG(v->of->name), STR_ARG(day_long(r->arena, v->c.signed_on)));
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_charter(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
charter_page(struct request *r)
{
	struct charter_view v = { 0 };
	enum err e = load_view(r, &v, page_id_param(r, "of"));

	if (e != OK)
		return e;
	record_init(&charter_record, &v.form);
	if (v.signed_once)
		v.form = v.c;
	v.writing = v.mine && !v.old && (!v.signed_once || page_param(r, "edit").n);
	return show(r, &v);
}

/* ---- signing ---- */

struct sign {
	struct charter charter;
	struct commitment promises[PROMISES];
	size_t n;
};

static enum err
sign_work(struct change *c, void *what)
{
	struct sign *s = what;
	struct charter x = s->charter;
	enum err e = record_save(c, &charter_record, &x);

	for (size_t i = 0; e == OK && i < s->n; i++) {
		struct commitment p = s->promises[i];
		p.about = STR("charter");
		p.about_id = x.row.id;
		e = record_save(c, &commitment_record, &p);
	}
	return e;
}

static bool
may_owe(const struct charter_view *v, id to)
{
	for (size_t i = 0; i < v->n_owed; i++)
		if (v->owed[i].person == to)
			return true;
	return false;
}

static void
read_promises(struct request *r, const struct charter_view *v, struct sign *s)
{
	for (size_t i = 0; i < PROMISES; i++) {
		const struct promise *p = &v->promises[i];
		struct commitment *x = &s->promises[s->n];
		if (!p->when.n && !p->then.n)
			continue;
		record_init(&commitment_record, x);
		x->owner = r->actor.person;
		x->state = COMMITMENT_OPEN;
		x->made_on = r->today;
		x->moves = x->carried = 0;
		x->when_ = p->when;
		x->then_ = p->then;
		x->owed_to = p->to;
		x->due = page_day_field(r, str_z(r->arena, p->due_name), true);
		if (!p->when.n || !p->then.n)
			fault_add(&r->faults, p->then_name, STR("is half a commitment"),
			        STR("write both: when, and then I"));
		if (!may_owe(v, p->to))
			fault_add(&r->faults, p->to_name, STR("is missing"),
			        STR("choose your sponsor, your leader or somebody you lead"));
		if (day_is(x->due) && day_between(r->today, x->due) < 0)
			fault_add(&r->faults, p->due_name, STR("is past"), STR("choose today or a later day"));
		s->n++;
	}
}

enum err
charter_sign(struct request *r)
{
	struct charter_view v = { 0 };
	struct sign s = { .n = 0 };
	id set = 0;
	enum err e = load_view(r, &v, r->actor.person);

	if (e != OK)
		return e;
	if (!v.mine)
		return ERR_DENIED;
	record_init(&charter_record, &s.charter);
	s.charter.person = r->actor.person;
	s.charter.number = (v.signed_once ? v.c.number : 0) + 1;
	s.charter.signed_on = r->today;
	page_fill(r, &charter_record,
	        "part reason reason_number reason_unit reason_day value_proposition messaging culture stops",
	        &s.charter);
	read_promises(r, &v, &s);
	e = r->faults.n ? ERR_INPUT : page_change(r, STR("Charter signed"), sign_work, &s, &set);
	if (e == ERR_INPUT) {
		v.form = s.charter;
		v.writing = true;
		return show(r, &v);
	}
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/charter?of=%.*s", STR_ARG(id_text(r->arena, r->actor.person))))
	               : e;
}

/* ---- agreeing, objecting ---- */

enum err
charter_answer(struct request *r)
{
	struct charter_view v = { 0 };
	struct charter c;
	struct charter_answer x;
	id set = 0;
	bool agrees = str_eq(page_field(r, "agrees"), STR("1"));
	enum err e = record_load(r->conn, r->arena, &r->grant, &charter_record, r->ids[0], &c);

	if (e != OK)
		return e;
	if (c.person == r->actor.person)
		return ERR_DENIED;
	if (!page_field(r, "agrees").n)
		fault_add(&r->faults, STR("agrees"), STR("is missing"), STR("choose one"));
	else if (!agrees && !page_field(r, "reason").n)
		fault_add(&r->faults, STR("reason"), STR("is missing"), STR("an objection comes with its reason"));
	int64_t there = 0;
	record_init(&charter_answer_record, &x);
	e = db_one_int(r->conn, "select id from charter_answer where org_id = $1 and charter = $2 and person = $3",
	        DB_ARGS(DB_I(r->actor.org), DB_I(c.row.id), DB_I(r->actor.person)), &there);
	if (e == OK)
		e = record_load(r->conn, r->arena, &r->grant, &charter_answer_record, there, &x);
	if (e != OK && e != ERR_ABSENT)
		return e;
	x.charter = c.row.id;
	x.person = r->actor.person;
	if (x.agrees != agrees ||
	        !str_eq(x.reason, page_field(r, "reason"))) { /* another answer awaits another reply */
		x.reply = (str){ 0 };
		x.replied_on = DAY_NONE;
	}
	x.agrees = agrees;
	x.reason = page_field(r, "reason");
	x.on_day = r->today;
	e = r->faults.n ? ERR_INPUT
	                : page_save(r, agrees ? STR("Agreed to the charter") : STR("Objected to the charter"),
	                          &charter_answer_record, &x, &set);
	if (e == ERR_INPUT) {
		e = load_view(r, &v, c.person);
		return e == OK ? show(r, &v) : e;
	}
	return e == OK ? page_done(r, set, str_fmt(r->arena, "/charter?of=%.*s", STR_ARG(id_text(r->arena, c.person))))
	               : e;
}

static enum err
reply_work(struct change *c, void *what)
{
	struct charter_answer x = *(struct charter_answer *)what;

	return record_save(c, &charter_answer_record, &x);
}

enum err
charter_reply_save(struct request *r, id answer, id *ret_set)
{
	/* the row names who objected, hence the grant; the record's rule says who may answer */
	struct grant g =
	        grant_all(r->actor.org, r->actor.login, r->actor.person, "objection answered by whose charter it is");
	struct charter c;
	struct charter_answer x;
	enum err e = record_load(r->conn, r->arena, &r->grant, &charter_answer_record, answer, &x);

	if (e == OK)
		e = record_load(r->conn, r->arena, &r->grant, &charter_record, x.charter, &c);
	if (e != OK)
		return e;
	if (c.person != r->actor.person || x.agrees)
		return ERR_DENIED;
	x.reply = page_field(r, "reply");
	x.replied_on = r->today;
	if (!x.reply.n)
		fault_add(&r->faults, STR("reply"), STR("is missing"), STR("say what you change, or why it stays"));
	return r->faults.n ? ERR_INPUT : page_change_as(r, &g, STR("Objection answered"), reply_work, &x, ret_set);
}

enum err
charter_objection(struct request *r)
{
	struct charter_view v = { .replying = r->ids[0] };
	id set = 0;
	enum err e = charter_reply_save(r, r->ids[0], &set);

	if (e == ERR_INPUT) {
		e = load_view(r, &v, r->actor.person);
		return e == OK ? show(r, &v) : e;
	}
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/charter?of=%.*s", STR_ARG(id_text(r->arena, r->actor.person))))
	               : e;
}

/* O8: the sponsor stands where a manager stands. */
enum err
charter_sponsor(struct request *r)
{
	struct charter_view v = { 0 };
	struct company o;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &company_record, r->actor.org, &o);

	if (e != OK)
		return e;
	page_fill(r, &company_record, "sponsor_name sponsor_email sponsor", &o);
	if (!o.sponsor_name.n && !o.sponsor)
		fault_add(&r->faults, STR("sponsor_name"), STR("is missing"),
		        STR("name the owner, a member of the board, or an outside coach"));
	if (o.sponsor && o.sponsor == o.head)
		fault_add(&r->faults, STR("sponsor"), STR("is the head"), STR("nobody is their own sponsor"));
	e = r->faults.n ? ERR_INPUT : page_save(r, STR("Sponsor named"), &company_record, &o, &set);
	if (e == ERR_INPUT) {
		e = load_view(r, &v, 0);
		return e == OK ? show(r, &v) : e;
	}
	return e == OK ? page_done(r, set, STR("/charter")) : e;
}
