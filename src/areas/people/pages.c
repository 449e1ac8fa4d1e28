#include "areas/people/pages.h"

#include <string.h>

#include "auth/session.h"
#include "html/widgets.h"

#include "areas/people/people_html.h"

static void
fill_row(struct arena *a, struct person_row *x)
{
	x->initials = widget_initials(a, x->p.name);
	x->avatar = str_fmt(a, "h%d", widget_colour(x->p.row.id));
}

/* The tree in one query: everybody with the path of names above them, so that children follow their leader. */
static const char tree_sql[] =
        "with recursive t(id, depth, path) as (select p.id, 0, p.name_key from person p where p.org_id = $1 and "
        "p.manager is null"
        " union all select p.id, t.depth + 1, t.path || ' > ' || p.name_key from t join person p on p.org_id = $1 and "
        "p.manager = t.id where t.depth < 60)"
        " select t.depth, coalesce(m.name, ''),"
        " (select count(*) from membership x where x.org_id = p.org_id and x.person = p.id and x.ended_at is null),"
        " (select count(*) from person r where r.org_id = p.org_id and r.manager = p.id), %s"
        " from t join person p on p.org_id = $1 and p.id = t.id left join person m on m.org_id = p.org_id and m.id = "
        "p.manager"
        " where p.left_on is null or p.left_on >= $2 order by t.path, p.id limit 5000";

static enum err
load_people(struct request *r, struct people_view *v)
{
	const char *sql = str_z(
	        r->arena, str_fmt(r->arena, tree_sql, str_z(r->arena, record_columns(r->arena, &person_record, "p"))));
	size_t cap = 0, cap2 = 0;
	struct rows rows;
	enum err e = db_one_int(r->conn, "select coalesce(head, 0) from company where org_id = $1 and id = $1",
	        DB_ARGS(DB_I(r->actor.org)), &v->head);

	if (e == OK)
		e = db_query(
		        r->conn, r->arena, sql, DB_ARGS(DB_I(r->actor.org), db_day_value(r->arena, r->today)), &rows);
	if (e != OK)
		return e;
	while (db_next(&rows)) {
		struct person_row x = { .depth = (int)db_int(&rows, 0),
			.manager_name = db_text(&rows, 1),
			.can_sign_in = db_int(&rows, 2) > 0 };
		bool leads = db_int(&rows, 3) > 0;
		record_read(&rows, &person_record, 4, &x.p);
		fill_row(r->arena, &x);
		if (!x.p.manager && !leads && x.p.row.id != v->head) {
			arena_grow(r->arena, v->unplaced, v->n_unplaced, cap2);
			v->unplaced[v->n_unplaced++] = x;
		} else {
			arena_grow(r->arena, v->rows, v->n, cap);
			v->rows[v->n++] = x;
		}
	}
	return db_end(&rows);
}

static enum err
people_page(struct request *r)
{
	struct page p = { .title = STR("People") };
	struct people_view v = { 0 };
	enum err e = load_people(r, &v);

	if (e != OK)
		return e;
	page_head(r, &p);
	tpl_people_line(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
load_reports(struct request *r, struct person_view *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from person p where p.org_id = $1 and p.manager = $2 order by p.name_key limit 500",
	        STR_ARG(record_columns(r->arena, &person_record, "p")));
	size_t cap = 0;
	struct rows rows;
	enum err e = db_query(
	        r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(v->p.row.id)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(r->arena, v->reports, v->n_reports, cap);
		record_read(&rows, &person_record, 0, &v->reports[v->n_reports].p);
		fill_row(r->arena, &v->reports[v->n_reports++]);
	}
	return e == OK ? db_end(&rows) : e;
}

static const char *const role_names[] = { "", "Seller", "Sales manager", "Sales leader", "Head of the company",
	"Coach or consultant" };

/* Only those that the reader may see: a number tells, too (O5). */
static enum err
count_open(struct request *r, id owner, int64_t *ret)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select count(*) from deal d where d.org_id = $1 and $2 = $2 and d.owner = $3 and d.outcome = 'open' "
	        "{may:deals d.owner}",
	        DB_ARGS(DB_I(owner)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows))
		*ret = db_int(&rows, 0);
	return db_end(&rows);
}

static enum err
show_person(struct request *r, str link)
{
	struct crumb crumb = { STR("People"), STR("/people") };
	struct person_view v = { .link = link, .admin = r->actor.admin };
	struct person boss;
	int64_t signs = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &person_record, r->ids[0], &v.p);
	struct page p = { .crumbs = &crumb, .n_crumbs = 1 };

	if (e != OK)
		return e;
	if (v.p.manager && record_load(r->conn, r->arena, &r->grant, &person_record, v.p.manager, &boss) == OK)
		v.manager_name = boss.name;
	v.role = str_of(role_names[v.p.role]);
	v.mine = v.p.row.id == r->actor.person;
	v.who_sees = grant_explain(r->arena, &r->grant, MATTER_PEOPLE);
	e = count_open(r, v.p.row.id, &v.open_deals);
	if (e == OK)
		e = db_one_int(r->conn,
		        "select count(*) from membership where org_id = $1 and person = $2 and ended_at is null",
		        DB_ARGS(DB_I(r->actor.org), DB_I(v.p.row.id)), &signs);
	v.can_sign_in = signs > 0;
	int64_t one;
	v.places = r->actor.admin ||
	           (r->actor.person &&
	                   db_one_int(r->conn,
	                           "select 1 from line where org_id = $1 and above = $2 and below "
	                           "= $3 and depth > 0 and to_day is null",
	                           DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), DB_I(v.p.row.id)), &one) == OK);
	if (e == OK)
		e = load_reports(r, &v);
	if (e == OK)
		e = page_panels(r, v.p.row.id); /* A2 */
	if (e != OK)
		return e;
	p.title = v.p.name;
	p.subtitle = v.p.title;
	page_head(r, &p);
	tpl_person_one(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
person_page(struct request *r)
{
	return show_person(r, (str){ 0 });
}

static enum err
show_form(struct request *r, struct person_view *v)
{
	struct crumb crumb = { STR("People"), STR("/people") };
	struct page p = { .title = v->creating ? STR("Add a person")
		                               : str_fmt(r->arena, "Edit %.*s", STR_ARG(v->p.name)),
		.crumbs = &crumb,
		.n_crumbs = 1 };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_person_form(&r->view, v, r);
	page_foot(r);
	return OK;
}

static enum err
person_new(struct request *r)
{
	struct person_view v = { .creating = true };

	record_init(&person_record, &v.p);
	return show_form(r, &v);
}

#define PERSON_FORM "name email title role office manager manager_from left_on"

static enum err
save_person(struct request *r, struct person_view *v, str said)
{
	int64_t seen;
	id set = 0;
	enum err e = page_fill(r, &person_record, PERSON_FORM, &v->p);

	if (!v->creating && str_to_i64(page_field(r, "version"), &seen))
		v->p.row.version = seen;
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s %.*s", STR_ARG(v->p.name), STR_ARG(said)), &person_record,
		        &v->p, &set);
	if (e == ERR_DUPLICATE)
		e = fault_add(&r->faults, STR("email"), STR("belongs to somebody else"), STR("choose another"));
	if (e == ERR_INPUT)
		return show_form(r, v);
	return e == OK ? page_done(r, set, STR("/people")) : e;
}

static enum err
person_create(struct request *r)
{
	struct person_view v = { .creating = true };

	record_init(&person_record, &v.p);
	v.p.started_on = r->today;
	return save_person(r, &v, STR("added"));
}

static enum err
person_edit(struct request *r)
{
	struct person_view v = { 0 };
	enum err e = record_load(r->conn, r->arena, &r->grant, &person_record, r->ids[0], &v.p);

	return e == OK ? show_form(r, &v) : e;
}

static enum err
person_update(struct request *r)
{
	struct person_view v = { 0 };
	enum err e = record_load(r->conn, r->arena, &r->grant, &person_record, r->ids[0], &v.p);

	if (e != OK)
		return e;
	id boss = v.p.manager;
	if (page_id_field(r, "manager") != boss && !page_field(r, "manager_from").n)
		v.p.manager_from = r->today;
	return save_person(r, &v, STR("saved"));
}

/* ---- invitations ---- */

static enum err
person_invite(struct request *r)
{
	struct invite i = { .link = { .org = r->actor.org,
		                    .kind = STR("invite"),
		                    .made_by = r->actor.login,
		                    .end_at = now() + 7 * DAY_MS } };
	enum err e = record_load(r->conn, r->arena, &r->grant, &person_record, r->ids[0], &i.p);

	if (e != OK)
		return e;
	if (!i.p.email.n)
		return fault_add(&r->faults, STR("email"), STR("is missing"), STR("enter one first"));
	i.link.person = i.p.row.id;
	e = db_write(r->db, r->arena, invite_work, &i);
	if (e == ERR_DUPLICATE)
		return fault_add(&r->faults, STR("email"), STR("signs in to another company here"),
		        STR("enter another address for this company"));
	if (e == OK)
		e = db_refresh(r->conn);
	return e == OK ? show_person(r, str_fmt(r->arena, "%.*s/l/%.*s", STR_ARG(r->env->base), STR_ARG(i.secret))) : e;
}

/* ---- the company ---- */

static enum err
show_company(struct request *r, struct company_view *v)
{
	struct page p = { .title = STR("Company"), .subtitle = v->o.name };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_company_form(&r->view, v, r);
	page_foot(r);
	return OK;
}

static enum err
company_page(struct request *r)
{
	struct company_view v = { 0 };
	enum err e = record_load(r->conn, r->arena, &r->grant, &company_record, r->actor.org, &v.o);

	return e == OK ? show_company(r, &v) : e;
}

static enum err
company_update(struct request *r)
{
	struct company_view v = { 0 };
	id set = 0;
	int64_t seen;
	enum err e = record_load(r->conn, r->arena, &r->grant, &company_record, r->actor.org, &v.o);

	if (e != OK)
		return e;
	if (str_to_i64(page_field(r, "version"), &seen))
		v.o.row.version = seen;
	e = page_fill(r, &company_record, "name head sponsor_name sponsor_email currency zone profile as_of", &v.o);
	if (e == OK && v.o.profile == COMPANY_AGREEMENT)
		e = page_fill(r, &company_record, "profile_from", &v.o);
	if (e == OK)
		e = page_save(r, STR("Company saved"), &company_record, &v.o, &set);
	if (e == ERR_INPUT)
		return show_company(r, &v);
	return e == OK ? page_done(r, set, STR("/company")) : e;
}

struct tie {
	id org, login, person;
};

static enum err
store_tie(struct conn *c, struct arena *a, void *what)
{
	struct tie *t = what;

	(void)a;
	return membership_tie(c, t->org, t->login, t->person);
}

static enum err
company_me(struct request *r)
{
	struct tie t = { r->actor.org, r->actor.login, page_id_field(r, "person") };
	struct person p;
	enum err e = r->faults.n ? ERR_INPUT : OK; /* a name that is nobody's */

	if (e == OK && t.person)
		e = record_load(r->conn, r->arena, &r->grant, &person_record, t.person, &p);
	if (e == OK)
		e = db_write(r->db, r->arena, store_tie, &t);
	return e == OK ? page_go(r, STR("/company")) : e;
}

static enum err
welcome_page(struct request *r)
{
	struct page p = { .title = str_fmt(r->arena, "Welcome to %.*s", STR_ARG(r->actor.org_name)) };

	page_head(r, &p);
	tpl_welcome(&r->view, r);
	page_foot(r);
	return OK;
}

/* ---- who sees what has changed (O5) ---- */

enum err
profile_today(struct request *r, struct today_items *ret)
{
	struct company o;
	enum err e = record_load(r->conn, r->arena, &r->grant, &company_record, r->actor.org, &o);
	int since = e == OK && day_is(o.profile_said) ? day_between(o.profile_said, r->today) : -1;

	if (since < 0 || since > PROFILE_SAID_DAYS)
		return e;
	today_push(r, ret,
	        (struct today_item){ .title = str_fmt(r->arena, "Who sees what has changed: %s instead of %s",
	                                     profiles[o.profile].label, profiles[o.profile_before].label),
	                .why = str_fmt(r->arena, "Deals: %.*s It goes away on %.*s.",
	                        STR_ARG(grant_explain(r->arena, &r->grant, MATTER_DEALS)),
	                        STR_ARG(day_text(r->arena, day_add(o.profile_said, PROFILE_SAID_DAYS + 1), r->today))),
	                .href = STR("/me"),
	                .act = STR("See"),
	                .due = DAY_NONE,
	                .since = o.profile_said });
	return OK;
}

const struct route people_routes[] = {
	{ HTTP_GET, "/welcome", POLICY_ADMIN, welcome_page, NULL, "First steps", false },
	{ HTTP_GET, "/people", POLICY_SIGNED_IN, people_page, "people", "See the reporting line", false },
	{ HTTP_GET, "/people/new", POLICY_ADMIN, person_new, "people", "Enter a person", false },
	{ HTTP_GET, "/people/invite", POLICY_ADMIN, invites_page, "people", "Choose whom to invite", false },
	{ HTTP_POST, "/people/invite", POLICY_ADMIN, invites_make, "people", "Invite several people", false },
	{ HTTP_POST, "/people", POLICY_ADMIN, person_create, "people", "Add a person", false },
	{ HTTP_GET, "/people/:", POLICY_SIGNED_IN, person_page, "people", "See a person", false },
	{ HTTP_GET, "/people/:/edit", POLICY_ADMIN, person_edit, "people", "Edit a person", false },
	{ HTTP_POST, "/people/:/edit", POLICY_ADMIN, person_update, "people", "Save a person", false },
	{ HTTP_POST, "/people/:/invite", POLICY_ADMIN, person_invite, "people", "Invite a person", false },
	{ HTTP_GET, "/company", POLICY_ADMIN, company_page, "company", "See the company's settings", false },
	{ HTTP_POST, "/company", POLICY_ADMIN, company_update, "company", "Save the company's settings", false },
	{ HTTP_POST, "/company/me", POLICY_ADMIN, company_me, "company", "Say which person I am", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
