#include "auth/schema.h"

const char auth_schema[] =
	/* login and session know no company: they are looked up before it is known */
	"create table login (id bigint not null primary key, email text not null, email_key text not null, hash text,"
	" made_at bigint not null, disabled_at bigint, failed bigint not null default 0, wait_until bigint not null default 0);\n"
	"create unique index login_email on login (email_key);\n"
	"create table membership (org_id bigint not null, login_id bigint not null, person bigint, admin bigint not null,"
	" made_at bigint not null, ended_at bigint, keys_off bigint not null default 0, theme text, primary key (login_id, org_id));\n"
	"create index membership_org on membership (org_id, person);\n"
	"create table session (hash text not null primary key, id bigint not null, login_id bigint not null, org_id bigint not null,"
	" csrf text not null, made_at bigint not null, seen_day text not null, idle_until bigint not null, end_at bigint not null,"
	" agent text);\n"
	"create index session_login on session (login_id);\n"
	/* single-purpose links: setup, invite, reset, confirm, brief */
	"create table link (hash text not null primary key, id bigint not null, org_id bigint not null, kind text not null,"
	" login_id bigint, person bigint, target bigint, made_by bigint, made_at bigint not null, end_at bigint not null,"
	" used_at bigint, many bigint not null default 0);\n"
	"create index link_org on link (org_id, kind, person);\n"
	"create table token (hash text not null primary key, id bigint not null, org_id bigint not null, login_id bigint not null,"
	" name text not null, scopes text not null, made_at bigint not null, end_at bigint, used_day text, revoked_at bigint);\n"
	"create index token_org on token (org_id, login_id);\n"
	/* who read what of somebody else's (C5a, O7): written before the text is sent */
	"create table reading (org_id bigint not null, id bigint not null, reader bigint not null, about bigint not null,"
	" record text not null, row_id bigint not null, on_day text not null, at bigint not null, primary key (org_id, id));\n"
	"create index reading_about on reading (org_id, about, at);\n"
	"create table node (n bigint not null primary key, holder text not null, until bigint not null);\n";
