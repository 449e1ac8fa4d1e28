#include "auth/session.h"

#include <sodium.h>
#include <string.h>

#define MEMORY (19u << 20)
#define PASSES 2u

enum err
auth_start(void)
{
	return sodium_init() < 0 ? ERR_IO : OK;
}

/* 32 random bytes for an address or cookie. */
static str
secret_new(struct arena *a)
{
	unsigned char bytes[32];
	size_t cap = sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *text = arena_alloc(a, cap, 1);

	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2base64(text, cap, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return str_of(text);
}

static str
secret_hash(struct arena *a, str secret)
{
	unsigned char sum[32];
	char *hex = arena_alloc(a, 65, 1);

	crypto_generichash(sum, sizeof sum, (const unsigned char *)secret.s, secret.n, NULL, 0);
	sodium_bin2hex(hex, 65, sum, sizeof sum);
	return (str){ hex, 64 };
}

/* ---- logins ---- */

enum err
login_make(struct conn *c, struct arena *a, id org, str email, id person, bool admin, id *ret)
{
	id login = id_new();
	enum err e = db_exec(c, "insert into login (id, email, email_key, made_at) values ($1, $2, $3, $4)",
	        DB_ARGS(DB_I(login), DB_T(str_trim(email)), DB_T(str_fold(a, str_trim(email))), DB_I(now())), NULL);

	if (e == OK)
		e = db_exec(c,
		        "insert into membership (org_id, login_id, person, admin, made_at) values ($1, $2, $3, $4, $5)",
		        DB_ARGS(DB_I(org), DB_I(login), DB_REF(person), DB_I(admin), DB_I(now())), NULL);
	if (e == OK)
		*ret = login;
	return e;
}

enum err
login_find(struct conn *c, struct arena *a, str email, id *ret)
{
	return db_one_int(
	        c, "select id from login where email_key = $1", DB_ARGS(DB_T(str_fold(a, str_trim(email)))), ret);
}

struct password_work {
	id login;
	str hash;
};

static enum err
store_password(struct conn *c, struct arena *a, void *what)
{
	struct password_work *w = what;
	enum err e = db_exec(c, "update login set hash = $2, failed = 0, wait_until = 0 where id = $1",
	        DB_ARGS(DB_I(w->login), DB_T(w->hash)), NULL);

	(void)a;
	return e == OK ? db_exec(c, "delete from session where login_id = $1", DB_ARGS(DB_I(w->login)), NULL) : e;
}

enum err
login_set_password(struct db *d, struct arena *a, id login, str password, struct faults *f)
{
	char *hash = arena_alloc(a, crypto_pwhash_STRBYTES, 1);
	struct password_work w = { .login = login };

	if (str_letters(password) < 10 || password.n > 200)
		return fault_add(f, STR("password"), STR("has fewer than 10 or more than 200 letters"),
		        STR("several words in a row are good and easy to type"));
	if (crypto_pwhash_str_alg(hash, password.s, password.n, PASSES, MEMORY, crypto_pwhash_ALG_ARGON2ID13))
		return ERR_MEMORY;
	w.hash = str_of(hash);
	return db_write(d, a, store_password, &w);
}

enum err
membership_tie(struct conn *c, id org, id login, id person)
{
	return db_exec(c, "update membership set person = $3 where org_id = $1 and login_id = $2",
	        DB_ARGS(DB_I(org), DB_I(login), DB_REF(person)), NULL);
}

enum err
membership_theme(struct conn *c, id org, id login, str theme)
{
	return db_exec(c, "update membership set theme = $3 where org_id = $1 and login_id = $2",
	        DB_ARGS(DB_I(org), DB_I(login), DB_T(theme)), NULL);
}

enum err
membership_keys(struct conn *c, id org, id login, bool off)
{
	return db_exec(c, "update membership set keys_off = $3 where org_id = $1 and login_id = $2",
	        DB_ARGS(DB_I(org), DB_I(login), DB_I(off)), NULL);
}

static enum err
disable(struct conn *c, struct arena *a, void *what)
{
	id login = *(id *)what;
	enum err e =
	        db_exec(c, "update login set disabled_at = $2 where id = $1", DB_ARGS(DB_I(login), DB_I(now())), NULL);

	(void)a;
	if (e == OK)
		e = db_exec(c, "delete from session where login_id = $1", DB_ARGS(DB_I(login)), NULL);
	return e == OK ? db_exec(c, "update token set revoked_at = $2 where login_id = $1 and revoked_at is null",
	                         DB_ARGS(DB_I(login), DB_I(now())), NULL)
	               : e;
}

enum err
login_disable(struct db *d, struct arena *a, id login)
{
	return db_write(d, a, disable, &login);
}

enum err
membership_end(struct conn *c, id org, id person)
{
	static const char *const all[] = {
		("delete from session where org_id = $1 and $3 = $3 and login_id in (select m.login_id from membership "
		 "m where "
		 "m.org_id = $1 and m.person = $2)"),
		("update token set revoked_at = $3 where org_id = $1 and revoked_at is null and login_id in (select "
		 "m.login_id "
		 "from membership m where m.org_id = $1 and m.person = $2)"),
		"delete from link where org_id = $1 and person = $2 and $3 = $3 and used_at is null",
		"update membership set ended_at = $3 where org_id = $1 and person = $2 and ended_at is null",
	};
	enum err e = OK;

	for (size_t i = 0; e == OK && i < sizeof all / sizeof *all; i++)
		e = db_exec(c, all[i], DB_ARGS(DB_I(org), DB_I(person), DB_I(now())), NULL);
	return e;
}

enum err
auth_remove_company(struct conn *c, id org)
{
	static const char *const all[] = {
		"delete from session where org_id = $1",
		"delete from link where org_id = $1",
		"delete from token where org_id = $1",
		"delete from reading where org_id = $1",
		("delete from login where id in (select m.login_id from membership m where m.org_id = $1)"
		 " and id not in (select m.login_id from membership m where m.org_id <> $1)"),
		"delete from membership where org_id = $1",
	};
	enum err e = OK;

	for (size_t i = 0; e == OK && i < sizeof all / sizeof *all; i++)
		e = db_exec(c, all[i], DB_ARGS(DB_I(org)), NULL);
	return e;
}

/* ---- sessions ---- */

struct session_work {
	id login, org;
	str agent, secret, hash, csrf;
	instant idle, end;
	str day;
};

static enum err
insert_session(struct conn *c, struct arena *a, void *what)
{
	struct session_work *w = what;
	enum err e = OK;

	(void)a;
	if (!w->org)
		e = db_one_int(c,
		        "select org_id from membership where login_id = $1 and ended_at is null order by made_at limit "
		        "1",
		        DB_ARGS(DB_I(w->login)), &w->org);
	if (e != OK)
		return e;
	return db_exec(c,
	        "insert into session (hash, id, login_id, org_id, csrf, made_at, seen_day, idle_until, end_at, agent)"
	        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
	        DB_ARGS(DB_T(w->hash), DB_I(id_new()), DB_I(w->login), DB_I(w->org), DB_T(w->csrf), DB_I(now()),
	                DB_T(w->day), DB_I(w->idle), DB_I(w->end), DB_T(w->agent)),
	        NULL);
}

enum err
session_open(struct db *d, struct arena *a, id login, id org, str agent, str *ret_secret)
{
	struct session_work w = { .login = login,
		.org = org,
		.agent = str_first(agent, 200),
		.secret = secret_new(a),
		.csrf = secret_new(a),
		.idle = now() + SESSION_IDLE_MS,
		.end = now() + SESSION_END_MS };
	enum err e;

	w.hash = secret_hash(a, w.secret);
	w.day = day_iso(a, zone_day(zone_utc(), now()));
	e = db_write(d, a, insert_session, &w);
	if (e == OK)
		*ret_secret = w.secret;
	return e;
}

struct known_login {
	id login;
	str hash;
	bool disabled;
	int64_t failed;
	instant wait_until;
};

static enum err
load_login(struct conn *c, struct arena *a, str email, struct known_login *ret)
{
	struct rows rows;
	enum err e = db_query(c, a, "select id, hash, disabled_at, failed, wait_until from login where email_key = $1",
	        DB_ARGS(DB_T(str_fold(a, str_trim(email)))), &rows);

	*ret = (struct known_login){ 0 };
	if (e != OK)
		return e;
	if (db_next(&rows))
		*ret = (struct known_login){ db_int(&rows, 0), db_text(&rows, 1), !db_is_null(&rows, 2),
			db_int(&rows, 3), db_int(&rows, 4) };
	return db_end(&rows);
}

struct failure_work {
	id login;
	int64_t failed;
	instant wait_until;
};

static enum err
note_failure(struct conn *c, struct arena *a, void *what)
{
	struct failure_work *w = what;

	(void)a;
	return db_exec(c, "update login set failed = $2, wait_until = $3 where id = $1",
	        DB_ARGS(DB_I(w->login), DB_I(w->failed), DB_I(w->wait_until)), NULL);
}

/* Five mistakes are free; then 2, 4, 8 … seconds, at most five minutes: the victim is slowed, not locked out. */
static enum err
count_result(struct db *d, struct arena *a, const struct known_login *l, bool good)
{
	struct failure_work w = { .login = l->login, .failed = good ? 0 : l->failed + 1 };
	int64_t wait = 0;

	if (!l->login || (good && !l->failed))
		return OK;
	if (w.failed > 5)
		wait = w.failed > 13 ? 300000 : INT64_C(1000) << (w.failed - 5);
	w.wait_until = good ? 0 : now() + (wait > 300000 ? 300000 : wait);
	return db_write(d, a, note_failure, &w);
}

/* The same work is done for an unknown e-mail, so that time tells nothing. */
static bool
verify(struct arena *a, const struct known_login *l, str password)
{
	static const char nobody[crypto_pwhash_STRBYTES] =
	        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$0b8Vn0sAkQyQxQq3PBh3m6G2x4nGm5hQ6yq2pXwQm0c";
	const char *hash = l->hash.n ? str_z(a, l->hash) : nobody;
	bool same = crypto_pwhash_str_verify(hash, password.s, password.n) == 0;

	return same && l->hash.n && !l->disabled;
}

enum err
sign_in(struct db *d, struct arena *a, str email, str password, str agent, struct faults *f, str *ret_secret)
{
	struct known_login l;
	struct conn *c;
	enum err e = db_begin_read(d, &c);
	bool good;

	if (e != OK)
		return e;
	e = load_login(c, a, email, &l);
	db_end_read(d, c);
	if (e != OK)
		return e;
	if (l.wait_until > now())
		return fault_add(f, STR("password"),
		        str_fmt(a, "was wrong several times; wait %lld seconds",
		                (long long)((l.wait_until - now()) / 1000 + 1)),
		        STR("or ask your administrator for a new link"));
	good = password.n <= 200 && verify(a, &l, password);
	e = count_result(d, a, &l, good);
	if (e != OK)
		return e;
	if (!good)
		return fault_add(f, STR("password"), STR("does not go with this e-mail"),
		        STR("try again, or ask your administrator for a new link"));
	return session_open(d, a, l.login, 0, agent, ret_secret);
}

struct close_work {
	id session, login, but;
};

static enum err
close_sessions(struct conn *c, struct arena *a, void *what)
{
	struct close_work *w = what;

	(void)a;
	if (w->session)
		return db_exec(c, "delete from session where id = $1", DB_ARGS(DB_I(w->session)), NULL);
	return db_exec(
	        c, "delete from session where login_id = $1 and id <> $2", DB_ARGS(DB_I(w->login), DB_I(w->but)), NULL);
}

enum err
session_close(struct db *d, struct arena *a, id session)
{
	struct close_work w = { .session = session };
	return db_write(d, a, close_sessions, &w);
}

enum err
session_close_all(struct db *d, struct arena *a, id login, id but)
{
	struct close_work w = { .login = login, .but = but };
	return db_write(d, a, close_sessions, &w);
}

static enum profile
profile_named(str s)
{
	return str_eq(s, STR("line")) ? PROFILE_LINE : str_eq(s, STR("agreement")) ? PROFILE_AGREEMENT : PROFILE_OPEN;
}

enum err
actor_fill(struct conn *c, struct arena *a, struct actor *who)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select o.name, o.currency, o.zone, o.profile, o.as_of, o.sample, o.head, p.name,"
	        " exists (select 1 from line l where l.org_id = $1 and l.above = $2 and l.depth = 1 and l.to_day is "
	        "null), o.profile_from"
	        " from company o left join person p on p.org_id = o.org_id and p.id = $2 where o.org_id = $1 and o.id "
	        "= $1",
	        DB_ARGS(DB_I(who->org), DB_I(who->person)), &rows);

	if (e != OK)
		return e;
	if (!db_next(&rows)) {
		e = db_end(&rows);
		return e != OK ? e : ERR_ABSENT;
	}
	who->org_name = db_text(&rows, 0);
	who->currency = db_text(&rows, 1);
	who->zone_name = db_text(&rows, 2);
	who->profile = profile_named(db_text(&rows, 3));
	who->as_of = db_day(&rows, 4);
	who->sample = db_int(&rows, 5) != 0;
	who->head = who->person && db_int(&rows, 6) == who->person;
	who->name = db_is_null(&rows, 7) ? who->email : db_text(&rows, 7);
	str leads = db_text(&rows, 8); /* a boolean: 1 or t */
	who->leads = str_eq(leads, STR("1")) || str_eq(leads, STR("t"));
	who->profile_from = db_day(&rows, 9);
	return db_end(&rows);
}

enum err
actor_of_session(struct conn *c, struct arena *a, str secret, struct actor *ret, bool *ret_touch)
{
	struct actor who = { .via = VIA_SESSION, .as_of = DAY_NONE };
	struct rows rows;
	instant at = now();
	enum err e;

	if (secret.n != 43)
		return ERR_SIGNED_OUT;
	e = db_query(c, a,
	        "select s.id, s.login_id, s.org_id, s.csrf, s.idle_until, m.person, m.admin, m.keys_off, m.theme, "
	        "l.email"
	        " from session s join login l on l.id = s.login_id and l.disabled_at is null"
	        " join membership m on m.login_id = s.login_id and m.org_id = s.org_id and m.ended_at is null"
	        " where s.hash = $1 and s.end_at > $2 and s.idle_until > $2",
	        DB_ARGS(DB_T(secret_hash(a, secret)), DB_I(at)), &rows);
	if (e != OK)
		return e;
	if (!db_next(&rows)) {
		e = db_end(&rows);
		return e != OK ? e : ERR_SIGNED_OUT;
	}
	who.session = db_int(&rows, 0);
	who.login = db_int(&rows, 1);
	who.org = db_int(&rows, 2);
	who.csrf = db_text(&rows, 3);
	*ret_touch = db_int(&rows, 4) < at + SESSION_IDLE_MS - DAY_MS;
	who.person = db_int(&rows, 5);
	who.admin = db_int(&rows, 6) != 0;
	who.keys_off = db_int(&rows, 7) != 0;
	who.dark = str_eq(db_text(&rows, 8), STR("dark"));
	who.email = db_text(&rows, 9);
	e = db_end(&rows);
	if (e == OK)
		e = actor_fill(c, a, &who);
	if (e == OK)
		*ret = who;
	return e;
}

struct touch_work {
	str hash;
	instant until;
	str day;
};

static enum err
touch(struct conn *c, struct arena *a, void *what)
{
	struct touch_work *w = what;

	(void)a;
	return db_exec(c, "update session set idle_until = $2, seen_day = $3 where hash = $1",
	        DB_ARGS(DB_T(w->hash), DB_I(w->until), DB_T(w->day)), NULL);
}

enum err
session_touch(struct db *d, struct arena *a, str secret)
{
	struct touch_work w = { secret_hash(a, secret), now() + SESSION_IDLE_MS,
		day_iso(a, zone_day(zone_utc(), now())) };
	return db_write(d, a, touch, &w);
}

/* ---- links ---- */

enum err
link_make(struct conn *c, struct arena *a, struct link *l, str *ret_secret)
{
	str secret = secret_new(a);
	enum err e;

	l->link = id_new();
	l->made_at = now();
	e = db_exec(c,
	        "insert into link (hash, id, org_id, kind, login_id, person, target, made_by, made_at, end_at, many)"
	        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
	        DB_ARGS(DB_T(secret_hash(a, secret)), DB_I(l->link), DB_I(l->org), DB_T(l->kind), DB_REF(l->login),
	                DB_REF(l->person), DB_REF(l->target), DB_REF(l->made_by), DB_I(l->made_at), DB_I(l->end_at),
	                DB_I(l->many)),
	        NULL);
	if (e == OK)
		*ret_secret = secret;
	return e;
}

enum err
link_find(struct conn *c, struct arena *a, str secret, struct link *ret)
{
	struct rows rows;
	enum err e;

	if (secret.n != 43)
		return ERR_ABSENT;
	e = db_query(c, a,
	        "select id, org_id, login_id, person, target, made_by, kind, made_at, end_at, used_at, many from link"
	        " where hash = $1 and end_at > $2 and (many = 1 or used_at is null)"
	        " and (login_id is null or exists (select 1 from login g where g.id = link.login_id and g.disabled_at "
	        "is null))",
	        DB_ARGS(DB_T(secret_hash(a, secret)), DB_I(now())), &rows);
	if (e != OK)
		return e;
	bool there = db_next(&rows);
	if (there)
		*ret = (struct link){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2), db_int(&rows, 3),
			db_int(&rows, 4), db_int(&rows, 5), db_text(&rows, 6), db_int(&rows, 7), db_int(&rows, 8),
			db_int(&rows, 9), db_int(&rows, 10) != 0 };
	e = db_end(&rows);
	return e != OK ? e : there ? OK : ERR_ABSENT;
}

enum err
link_use(struct conn *c, struct arena *a, str secret)
{
	int64_t n = 0;
	enum err e = db_exec(c,
	        "update link set used_at = $2 where hash = $1 and end_at > $2 and (many = 1 or used_at is null)",
	        DB_ARGS(DB_T(secret_hash(a, secret)), DB_I(now())), &n);

	return e != OK ? e : n ? OK : ERR_ABSENT;
}

enum err
link_end(struct conn *c, id org, id person, str kind)
{
	return db_exec(c, "update link set end_at = $4 where org_id = $1 and person = $2 and kind = $3 and end_at > $4",
	        DB_ARGS(DB_I(org), DB_I(person), DB_T(kind), DB_I(now())), NULL);
}

enum err
actor_of_link(struct conn *c, struct arena *a, const struct link *l, struct actor *ret)
{
	struct actor who = { .via = VIA_LINK,
		.org = l->org,
		.login = l->login,
		.person = l->person,
		.link_target = l->target,
		.link_kind = l->kind,
		.as_of = DAY_NONE };
	enum err e = actor_fill(c, a, &who);

	if (e == OK)
		*ret = who;
	return e;
}

/* ---- tokens ---- */

/* Six hex digits over the secret: a scanner or a typing mistake is told without asking the database. */
static str
checksum(struct arena *a, str secret)
{
	return str_first(secret_hash(a, str_join(a, STR("ride"), secret)), 6);
}

enum err
token_make(struct conn *c, struct arena *a, id org, id login, str name, str scopes, instant end_at, str *ret_secret)
{
	str secret = secret_new(a);
	str whole = str_fmt(a, "ride_%.*s%.*s", STR_ARG(secret), STR_ARG(checksum(a, secret)));
	enum err e = db_exec(c,
	        "insert into token (hash, id, org_id, login_id, name, scopes, made_at, end_at) values ($1, $2, $3, $4, "
	        "$5, $6, $7, $8)",
	        DB_ARGS(DB_T(secret_hash(a, whole)), DB_I(id_new()), DB_I(org), DB_I(login), DB_T(name), DB_T(scopes),
	                DB_I(now()), DB_REF(end_at)),
	        NULL);

	if (e == OK)
		*ret_secret = whole;
	return e;
}

enum err
actor_of_token(struct conn *c, struct arena *a, str secret, struct actor *ret)
{
	struct actor who = { .via = VIA_TOKEN, .as_of = DAY_NONE };
	struct rows rows;
	enum err e;

	if (secret.n != 54 || !str_starts(secret, STR("ride_")) ||
	        !str_eq(str_from(secret, 48), checksum(a, str_first(str_from(secret, 5), 43))))
		return ERR_SIGNED_OUT;
	e = db_query(c, a,
	        "select t.org_id, t.login_id, t.scopes, m.person, m.admin, l.email from token t"
	        " join login l on l.id = t.login_id and l.disabled_at is null"
	        " join membership m on m.login_id = t.login_id and m.org_id = t.org_id and m.ended_at is null"
	        " where t.hash = $1 and t.revoked_at is null and (t.end_at is null or t.end_at > $2)",
	        DB_ARGS(DB_T(secret_hash(a, secret)), DB_I(now())), &rows);
	if (e != OK)
		return e;
	bool there = db_next(&rows);
	if (there) {
		who.org = db_int(&rows, 0);
		who.login = db_int(&rows, 1);
		who.scopes = db_text(&rows, 2);
		who.person = db_int(&rows, 3);
		who.admin = db_int(&rows, 4) != 0;
		who.email = db_text(&rows, 5);
	}
	e = db_end(&rows);
	if (e == OK && !there)
		return ERR_SIGNED_OUT;
	if (e == OK)
		e = actor_fill(c, a, &who);
	if (e == OK)
		*ret = who;
	return e;
}

/* ---- command line ---- */

enum err
actor_of_command(struct conn *c, struct arena *a, struct actor *ret)
{
	struct actor who = { .via = VIA_COMMAND, .admin = true, .as_of = DAY_NONE };
	struct rows rows;
	bool there;
	enum err e = db_query(c, a,
	        "select m.org_id, m.login_id, m.person, l.email from membership m join login l on l.id = m.login_id"
	        " where m.admin = 1 and m.ended_at is null order by m.made_at, m.login_id limit 1",
	        DB_NO_ARGS, &rows);

	if (e != OK)
		return e;
	there = db_next(&rows);
	if (there) {
		who.org = db_int(&rows, 0);
		who.login = db_int(&rows, 1);
		who.person = db_int(&rows, 2);
		who.email = db_text(&rows, 3);
	}
	e = db_end(&rows);
	if (e == OK && !there)
		return ERR_ABSENT;
	if (e == OK)
		e = actor_fill(c, a, &who);
	if (e == OK)
		*ret = who;
	return e;
}

/* ---- readings ---- */

struct reading_work {
	id org, reader, about, row;
	str record, day;
};

static enum err
insert_reading(struct conn *c, struct arena *a, void *what)
{
	struct reading_work *w = what;
	int64_t there;
	enum err e = db_one_int(c,
	        "select 1 from reading where org_id = $1 and about = $2 and reader = $3 and record = $4 and row_id = "
	        "$5 and on_day = $6",
	        DB_ARGS(DB_I(w->org), DB_I(w->about), DB_I(w->reader), DB_T(w->record), DB_I(w->row), DB_T(w->day)),
	        &there);

	(void)a;
	if (e != ERR_ABSENT)
		return e;
	return db_exec(c,
	        "insert into reading (org_id, id, reader, about, record, row_id, on_day, at) values ($1, $2, $3, $4, "
	        "$5, $6, $7, $8)",
	        DB_ARGS(DB_I(w->org), DB_I(id_new()), DB_I(w->reader), DB_I(w->about), DB_T(w->record), DB_I(w->row),
	                DB_T(w->day), DB_I(now())),
	        NULL);
}

enum err
reading_note(struct db *d, struct arena *a, const struct actor *reader, id about, str record, id row, day today)
{
	struct reading_work w = { reader->org, reader->person, about, row, record, day_iso(a, today) };

	return reader->person == about ? OK : db_write(d, a, insert_reading, &w);
}
