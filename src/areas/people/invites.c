/* Invitations by copied link: one, or all who have no password yet at once. Nothing is sent from here.
   What it is not for: what a link opens (app/door.c). */
#include "areas/people/pages.h"

#include "areas/people/invites_html.h"

enum { MOST_INVITES = 500 };

/* Whoever holds an invitation sets the password: not of a sign-in that also opens another company. */
static enum err
check_foreign(struct conn *c, const struct link *l)
{
	int64_t one;
	enum err e = db_one_int(c,
	        "select 1 from membership where login_id = $1 and org_id <> $2 and ended_at is null limit 1",
	        DB_ARGS(DB_I(l->login), DB_I(l->org)), &one);

	return e == OK ? ERR_DUPLICATE : e == ERR_ABSENT ? OK : e;
}

enum err
invite_work(struct conn *c, struct arena *a, void *invite)
{
	struct invite *i = invite;
	enum err e = login_find(c, a, i->p.email, &i->link.login);

	if (e == OK)
		e = check_foreign(c, &i->link);
	else if (e == ERR_ABSENT)
		e = login_make(c, a, i->link.org, i->p.email, i->p.row.id, false, &i->link.login);
	return e == OK ? link_make(c, a, &i->link, &i->secret) : e;
}

/* ---- several at once ---- */

static const char invitees_sql[] =
        "select coalesce(m.name, ''),"
        " (select max(l.end_at) from link l where l.org_id = p.org_id and l.person = p.id and l.kind = 'invite' and "
        "l.used_at is null and l.end_at > $3), %s"
        " from person p left join person m on m.org_id = p.org_id and m.id = p.manager"
        " where p.org_id = $1 and p.email is not null and p.email <> '' and (p.left_on is null or p.left_on >= $2)"
        " and not exists (select 1 from membership x join login g on g.id = x.login_id where x.org_id = p.org_id and"
        " x.person = p.id and x.ended_at is null and g.hash is not null)"
        " order by p.name_key, p.id limit $4";

static enum err
load_invitees(struct request *r, struct invites_view *v)
{
	str sql = str_fmt(r->arena, invitees_sql, str_z(r->arena, record_columns(r->arena, &person_record, "p")));
	size_t cap = 0;
	struct rows rows;
	enum err e = db_query(r->conn, r->arena, str_z(r->arena, sql),
	        DB_ARGS(DB_I(r->actor.org), db_day_value(r->arena, r->today), DB_I(now()), DB_I(MOST_INVITES)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(r->arena, v->all, v->n, cap);
		struct invitee *x = &v->all[v->n++];
		*x = (struct invitee){ .manager_name = db_text(&rows, 0), .out_until = db_int(&rows, 1) };
		x->chosen = !x->out_until;
		record_read(&rows, &person_record, 2, &x->p);
	}
	if (e == OK)
		e = db_end(&rows);
	return e == OK ? db_one_int(r->conn,
	                         "select count(*) from person where org_id = $1 and (email is null or email = '') and"
	                         " (left_on is null or left_on >= $2)",
	                         DB_ARGS(DB_I(r->actor.org), db_day_value(r->arena, r->today)), &v->n_no_mail)
	               : e;
}

static enum err
show(struct request *r, struct invites_view *v)
{
	struct crumb crumb = { STR("People"), STR("/people") };
	struct page p = { .title = STR("Invite people"), .crumbs = &crumb, .n_crumbs = 1 };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_invites(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
invites_page(struct request *r)
{
	struct invites_view v = { 0 };
	enum err e = load_invitees(r, &v);

	return e == OK ? show(r, &v) : e;
}

/* Ticked in the form; somebody who is not on the list any more is in already, or gone. */
static size_t
choose(struct request *r, struct invites_view *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		v->all[i].chosen = false;
	for (size_t k = 0; k < r->http->n_form; k++) {
		id who;
		if (!str_eq(r->http->form[k].name, STR("person")) || !id_parse(r->http->form[k].value, &who))
			continue;
		for (size_t i = 0; i < v->n; i++)
			if (v->all[i].p.row.id == who && !v->all[i].chosen) {
				v->all[i].chosen = true;
				n++;
			}
	}
	return n;
}

struct several {
	struct request *r;
	struct invites_view *v;
};

static enum err
make_several(struct conn *c, struct arena *a, void *what)
{
	const struct several *s = what;
	enum err e = OK;

	s->v->n_made = s->v->n_elsewhere = 0; /* it may run twice */
	for (size_t k = 0; e == OK && k < s->v->n; k++) {
		struct invitee *x = &s->v->all[k];
		struct invite i = { .p = x->p,
			.link = { .org = s->r->actor.org,
			        .kind = STR("invite"),
			        .person = x->p.row.id,
			        .made_by = s->r->actor.login,
			        .end_at = now() + 7 * DAY_MS } };
		if (!x->chosen)
			continue;
		e = invite_work(c, a, &i);
		x->elsewhere = e == ERR_DUPLICATE;
		x->link = (str){ 0 };
		if (e == OK)
			x->link = str_fmt(s->r->arena, "%.*s/l/%.*s", STR_ARG(s->r->env->base), STR_ARG(i.secret));
		s->v->n_made += e == OK;
		s->v->n_elsewhere += x->elsewhere;
		if (x->elsewhere)
			e = OK;
	}
	return e;
}

enum err
invites_make(struct request *r)
{
	struct invites_view v = { 0 };
	struct several s = { r, &v };
	enum err e = load_invitees(r, &v);

	if (e != OK)
		return e;
	if (!choose(r, &v)) {
		fault_add(&r->faults, STR("person"), STR("nobody is chosen"), STR("tick those to invite"));
		return show(r, &v);
	}
	e = db_write(r->db, r->arena, make_several, &s);
	if (e == OK)
		e = db_refresh(r->conn);
	if (e != OK)
		return e;
	for (size_t i = 0; i < v.n; i++)
		if (v.all[i].link.n)
			v.text = str_fmt(r->arena, "%.*s%.*s\t%.*s\t%.*s\n", STR_ARG(v.text), STR_ARG(v.all[i].p.name),
			        STR_ARG(v.all[i].p.email), STR_ARG(v.all[i].link));
	return show(r, &v);
}
