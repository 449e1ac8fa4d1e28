#include "areas/mails/view.h"
#include "areas/people/people.h"

#include "areas/mails/mails_html.h"

/* ---- wishes ---- */

static enum err
find_wish(struct request *r, int kind, struct mail_wish *ret)
{
	str sql =
	        str_fmt(r->arena, "select %.*s from mail_wish t where t.org_id = $1 and t.person = $2 and t.kind = $3",
	                STR_ARG(record_columns(r->arena, &mail_wish_record, "t")));
	struct rows rows;
	enum err e;

	record_init(&mail_wish_record, ret);
	ret->person = r->actor.person;
	ret->kind = kind;
	ret->off = mail_off_at_first(kind);
	e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql),
	        DB_ARGS(DB_T(str_of(mail_kinds[kind].code))), &rows);
	if (e == OK && db_next(&rows))
		record_read(&rows, &mail_wish_record, 0, ret);
	return e == OK ? db_end(&rows) : e;
}

/* A link's grant reaches what its person's does; a wish is one's own in both cases. */
static enum err
save_wish(struct request *r, int kind, bool off, id *ret_set)
{
	struct mail_wish w;
	enum err e = find_wish(r, kind, &w);

	if (e != OK || w.off == off)
		return e;
	w.off = off;
	return page_save(r, off ? STR("Letters ended") : STR("Letters wanted again"), &mail_wish_record, &w, ret_set);
}

/* ---- the page ---- */

static enum err
load_mails(struct request *r, struct mails_view *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from mail t where t.org_id = $1 and t.person = $2 order by t.id desc limit %d",
	        STR_ARG(record_columns(r->arena, &mail_record, "t")), MAILS_SHOWN);
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_NO_ARGS, &rows);

	v->mails = arena_new(r->arena, struct mail, MAILS_SHOWN);
	while (e == OK && v->n < MAILS_SHOWN && db_next(&rows))
		record_read(&rows, &mail_record, 0, &v->mails[v->n++]);
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_preview(struct request *r, struct mails_view *v)
{
	struct mails m = { .db = r->db, .env = r->env };
	struct letter l = { 0 };
	enum err e = mail_write(
	        &m, r->conn, r->arena, r->actor.org, r->actor.person, (enum mail_kind)v->kind, false, &l, NULL);

	v->preview = l.text;
	v->subject = l.subject;
	return e == ERR_ABSENT ? OK : e;
}

static enum err
mails_page(struct request *r)
{
	struct page p = { .title = STR("Mail to me"), .subtitle = STR("Few letters, each with a way to end it.") };
	int kind = choice_of(mail_kinds, page_param(r, "show"));
	struct mails_view v = { .kind = kind ? kind : MAIL_BRIEF, .on = r->env->mails };
	enum err e = OK;

	for (int k = MAIL_BRIEF; e == OK && k < MAIL_KINDS; k++) {
		struct mail_wish w;
		e = find_wish(r, k, &w);
		v.off[k] = w.off;
	}
	if (e == OK)
		e = load_mails(r, &v);
	if (e == OK)
		e = load_preview(r, &v);
	if (e != OK)
		return e;
	page_head(r, &p);
	tpl_mails(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
mails_act(struct request *r)
{
	str kind = page_field(r, "kind");
	id set = 0;
	enum err e = ERR_INPUT;

	for (int k = MAIL_BRIEF; k < MAIL_KINDS; k++)
		if (str_eq(kind, str_of(mail_kinds[k].code)))
			e = save_wish(r, k, str_eq(page_field(r, "off"), STR("yes")), &set);
	if (e == ERR_INPUT && !r->faults.n)
		return fault_add(&r->faults, STR("kind"), STR("is no kind of letter"),
		        STR("take “brief”, “digest” or “invite”"));
	return e == OK ? page_done(r, set, STR("/mail")) : e;
}

/* ---- the link in a letter (RFC 8058: a program posts to it, a person is asked first) ---- */

static enum err
show_stop(struct request *r)
{
	struct mail_stop_view v = { .kind = (int)r->actor.link_target,
		.to = str_fmt(r->arena, "/l/%.*s", STR_ARG(r->secret)) };
	struct page p = { .title = STR("Letters"), .narrow = true };
	struct mail_wish w;
	enum err e =
	        v.kind > MAIL_NONE && v.kind < MAIL_KINDS && r->actor.person ? find_wish(r, v.kind, &w) : ERR_ABSENT;

	if (e != OK)
		return e;
	v.off = w.off;
	page_head(r, &p);
	tpl_mail_stop(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
mail_link_show(struct request *r)
{
	return show_stop(r);
}

enum err
mail_link_act(struct request *r)
{
	int kind = (int)r->actor.link_target;
	id set = 0;
	enum err e = kind > MAIL_NONE && kind < MAIL_KINDS && r->actor.person ? OK : ERR_ABSENT;

	if (e == OK)
		e = save_wish(r, kind, !str_eq(page_field(r, "off"), STR("no")), &set);
	return e == OK ? page_go(r, str_fmt(r->arena, "/l/%.*s", STR_ARG(r->secret))) : e;
}

const struct route mail_routes[] = {
	{ HTTP_GET, "/mail", POLICY_PERSON, mails_page, NULL, "See what is mailed to me", false },
	{ HTTP_POST, "/mail", POLICY_PERSON, mails_act, NULL, "End or want a kind of letter", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
