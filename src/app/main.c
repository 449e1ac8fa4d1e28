/* ridealong: the command line. Each command is a row of a table; serve is one of them.
   What it is not for: what the commands do beyond a few lines (setup.c, serve.c, import.c, report.c, demo.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/anchor.h"
#include "app/command.h"
#include "app/setup.h"
#include "areas/deals/file.h"
#include "areas/deals/recount.h"
#include "areas/deals/sums.h"
#include "areas/people/line.h"
#include "areas/process/condition.h"
#include "auth/session.h"
#include "auth/upkeep.h"
#include "record/own.h"

str
command_option(const struct command_line *c, const char *name)
{
	str found = { 0 };

	for (size_t i = 0; i < c->n_options; i++)
		if (str_eq(c->options[i].name, str_of(name)))
			found = c->options[i].value;
	return found;
}

bool
command_has(const struct command_line *c, const char *name)
{
	for (size_t i = 0; i < c->n_options; i++)
		if (str_eq(c->options[i].name, str_of(name)))
			return true;
	return false;
}

int
command_fail(struct command_line *c, enum err e, const char *what)
{
	fprintf(stderr, "ridealong: %s%s%s\n", what ? what : "", what ? ": " : "", err_name(e));
	for (const struct fault *f = c->faults.first; f; f = f->next)
		fprintf(stderr, "  %.*s: %.*s%s%.*s\n", STR_ARG(f->place), STR_ARG(f->what), f->mend.n ? "; " : "",
		        STR_ARG(f->mend));
	return 1;
}

int
command_misuse(const struct command *c, const char *what)
{
	fprintf(stderr, "ridealong %s: %s\n%s", c->name, what, c->usage);
	return 2;
}

void
command_seal(struct command_line *c)
{
	size_t n = 1;

	while (n && change_seal(c->db, c->arena, 1000, &n) == OK)
		;
}

static int
init(struct command_line *c)
{
	struct setup s = { .name = command_option(c, "company"),
		.currency = command_option(c, "currency"),
		.zone = command_option(c, "timezone"),
		.email = command_option(c, "admin") };
	str secret;
	enum err e;

	if (c->actor.org) {
		fprintf(stderr, "ridealong init: the database holds the company “%.*s” already; choose another --db\n",
		        STR_ARG(c->actor.org_name));
		return 1;
	}
	e = setup_company(c->db, c->arena, &s, &c->faults);
	if (e == OK)
		e = setup_sign_in_link(c->db, c->arena, s.org, s.ret_login, &secret);
	if (e != OK)
		return command_fail(c, e, "init");
	command_seal(c);
	printf("%.*s is set up. Start it with: ridealong serve --db %.*s\nSign in once, within a day, at: /l/%.*s\n",
	        STR_ARG(s.name), STR_ARG(c->url), STR_ARG(secret));
	return 0;
}

struct invite {
	struct command_line *line;
	str email, secret;
	bool admin;
	id login;
};

static enum err
find_or_make(struct conn *conn, struct arena *a, void *what)
{
	struct invite *i = what;
	struct link l = { .org = i->line->actor.org,
		.kind = STR("reset"),
		.end_at = now() + 7 * DAY_MS,
		.made_by = i->line->actor.login };
	struct person p;
	enum err e = login_find(conn, a, i->email, &i->login);

	if (e == ERR_ABSENT) {
		e = record_find_by(conn, a, &i->line->grant, &person_record, "email", i->email, &p);
		if (e == OK || e == ERR_ABSENT)
			e = login_make(
			        conn, a, i->line->actor.org, i->email, e == OK ? p.row.id : 0, i->admin, &i->login);
	}
	l.login = i->login;
	return e == OK ? link_make(conn, a, &l, &i->secret) : e;
}

static enum err
list_logins(struct conn *conn, struct arena *a, void *what)
{
	struct command_line *c = what;
	struct rows rows;
	enum err e = db_query(conn, a,
	        "select l.email, m.admin, p.name, l.disabled_at from membership m join login l on l.id = m.login_id"
	        " left join person p on p.org_id = m.org_id and p.id = m.person where m.org_id = $1 and m.ended_at is "
	        "null order by l.email",
	        DB_ARGS(DB_I(c->actor.org)), &rows);

	while (e == OK && db_next(&rows)) {
		str email = db_text(&rows, 0), name = db_text(&rows, 2);
		printf("%.*s\t%s\t%.*s%s\n", STR_ARG(email), db_int(&rows, 1) ? "administrator" : "member",
		        STR_ARG(name), db_is_null(&rows, 3) ? "" : "\tdisabled");
	}
	return e == OK ? db_end(&rows) : e;
}

static int
user(struct command_line *c)
{
	struct invite i = {
		.line = c, .email = c->n_words > 1 ? c->words[1] : (str){ 0 }, .admin = command_has(c, "admin")
	};
	str verb = c->n_words ? c->words[0] : STR("list");
	enum err e;

	if (str_eq(verb, STR("list")))
		return db_read(c->db, c->arena, list_logins, c) == OK ? 0 : command_fail(c, ERR_DB, "user list");
	if (!i.email.n || str_find_byte(i.email, '@') == SIZE_MAX) {
		fprintf(stderr, "ridealong user %.*s: name an e-mail address\n", STR_ARG(verb));
		return 2;
	}
	if (str_eq(verb, STR("link"))) {
		e = db_write(c->db, c->arena, find_or_make, &i);
		if (e != OK)
			return command_fail(c, e, "user link");
		printf("/l/%.*s\n", STR_ARG(i.secret));
		return 0;
	}
	if (str_eq(verb, STR("disable"))) {
		struct conn *conn;
		e = db_begin_read(c->db, &conn);
		if (e == OK)
			e = login_find(conn, c->arena, i.email, &i.login);
		if (e == OK || e == ERR_ABSENT)
			db_end_read(c->db, conn);
		if (e == OK)
			e = login_disable(c->db, c->arena, i.login);
		return e == OK ? 0 : command_fail(c, e, "user disable");
	}
	fprintf(stderr, "ridealong user: “%.*s” is no action; use list, link or disable\n", STR_ARG(verb));
	return 2;
}

struct token_work {
	struct command_line *line;
	str secret;
};

static enum err
store_token(struct conn *conn, struct arena *a, void *what)
{
	struct token_work *w = what;
	str scopes = command_option(w->line, "scopes");

	return token_make(conn, a, w->line->actor.org, w->line->actor.login, w->line->words[0],
	        scopes.n ? scopes : STR("read"), 0, &w->secret);
}

static int
token(struct command_line *c)
{
	struct token_work w = { .line = c };
	enum err e;

	if (!c->n_words) {
		fprintf(stderr, "ridealong token: give the token a name\n");
		return 2;
	}
	e = db_write(c->db, c->arena, store_token, &w);
	if (e != OK)
		return command_fail(c, e, "token");
	printf("%.*s\n", STR_ARG(w.secret));
	return 0;
}

static enum err
check_all(struct conn *conn, struct arena *a, void *what)
{
	struct {
		struct command_line *c;
		struct check_report r;
	} *w = what;
	id orgs[1000];
	size_t n = 0;
	struct rows rows;
	enum err e = db_query(
	        conn, a, "select org_id from company where id = org_id order by id limit 1000", DB_NO_ARGS, &rows);

	if (e != OK)
		return e;
	while (n < 1000 && db_next(&rows))
		orgs[n++] = db_int(&rows, 0);
	e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++) {
		e = record_check(conn, a, orgs[i], &w->r);
		if (e == OK)
			e = line_check(conn, a, orgs[i], &w->r);
		if (e == OK)
			e = deal_sums_check(conn, a, orgs[i], &w->r);
		if (e == OK)
			e = deal_recount_check(conn, a, orgs[i], &w->r);
		if (e == OK)
			e = file_check(conn, a, orgs[i], &w->r);
	}
	return e;
}

/* Did somebody change the tables by hand? */
static enum err
check_schema(struct conn *conn, struct arena *a, void *what)
{
	struct check_report *r = what;

	*r = (struct check_report){ 0 };
	return schema_compare(conn, a, r);
}

static int
check(struct command_line *c)
{
	struct {
		struct command_line *c;
		struct check_report r;
	} w = { .c = c };
	str anchor = command_option(c, "anchor");
	enum err e = db_write(c->db, c->arena, check_schema, &w.r);

	if (e == OK)
		e = db_read(c->db, c->arena, check_all, &w);
	if (e == OK && anchor.n) {
		command_seal(c);
		e = anchor_check(c->db, c->arena, str_z(c->arena, anchor), &w.r);
	}
	if (e != OK)
		return command_fail(c, e, "check");
	for (const struct fault *f = w.r.first; f; f = f->next)
		fprintf(stderr, "%.*s: %.*s\n", STR_ARG(f->place), STR_ARG(f->what));
	printf("%lld rows and %lld change sets looked at, %zu wrong\n", (long long)w.r.rows, (long long)w.r.sets,
	        w.r.n);
	return w.r.n ? 1 : 0;
}

/* What was done by other means, pg_dump or a try of restoring, is said to the program, for its health page (I4b). */
static int
backup_note(struct command_line *c, str kind)
{
	const bool made = str_eq(kind, STR("made"));
	str why = { 0 };
	enum err e;

	if (!made && !str_eq(kind, STR("restored"))) {
		fprintf(stderr, "ridealong backup: “%.*s” is nothing to note; use made or restored\n", STR_ARG(kind));
		return 2;
	}
	e = db_open(str_z(c->arena, c->url), &(struct db_options){ .create = false }, c->arena, &c->db, &why);
	if (e == OK)
		e = schema_check(c->db, c->arena, &why);
	if (e == OK)
		e = upkeep_note(
		        c->db, c->arena, made ? UPKEEP_MADE : UPKEEP_RESTORED, c->n_words ? c->words[0] : (str){ 0 });
	if (e == OK)
		return 0;
	fprintf(stderr, "ridealong backup: %.*s\n", STR_ARG(why.n ? why : str_of(err_name(e))));
	return 1;
}

/* An older base is only copied; its tables have no place for the note. */
static void
note_backup(struct command_line *c)
{
	str why = { 0 };
	enum err e = schema_check(c->db, c->arena, &why);

	if (e == OK)
		e = upkeep_note(c->db, c->arena, UPKEEP_MADE, c->words[0]);
	if (e != OK)
		fprintf(stderr, "ridealong backup: not noted for the health page: %.*s\n",
		        STR_ARG(why.n ? why : str_of(err_name(e))));
}

static int
backup(struct command_line *c)
{
	str why = { 0 };
	enum err e;

	if (command_has(c, "note"))
		return backup_note(c, command_option(c, "note"));
	if (!c->n_words) {
		fprintf(stderr, "ridealong backup: name the file to write\n");
		return 2;
	}
	e = db_open(str_z(c->arena, c->url), &(struct db_options){ .create = false }, c->arena, &c->db, &why);
	/* A base that waits for its migration is the one most in need of a backup. */
	if (e == OK)
		e = schema_check_older(c->db, c->arena, &why);
	if (e == OK)
		e = db_backup(c->db, c->arena, str_z(c->arena, c->words[0]), &why);
	if (e == OK) {
		note_backup(c);
		printf("%.*s written and synced\n", STR_ARG(c->words[0]));
		return 0;
	}
	fprintf(stderr, "ridealong backup: %.*s\n", STR_ARG(why));
	return 1;
}

/* The new base knows where it came from; an older one is migrated first and then says nothing of it. */
static enum err
note_restored(struct command_line *c, const char *to, str *ret_why)
{
	struct db *d;
	str older = { 0 };
	enum err e = db_open(str_z(c->arena, str_join(c->arena, STR("sqlite:"), str_of(to))),
	        &(struct db_options){ .create = false }, c->arena, &d, ret_why);

	if (e != OK)
		return e;
	if (schema_check(d, c->arena, &older) == OK)
		e = upkeep_note(d, c->arena, UPKEEP_RESTORED, c->words[0]);
	db_close(d);
	return e;
}

/* A backup is opened, its schema and integrity checked, before it becomes the database; an existing one is never
 * overwritten. */
static int
restore(struct command_line *c)
{
	struct db_options o = { .create = false };
	struct db *from;
	str why = { 0 };
	const char *to = str_starts(c->url, STR("sqlite:")) ? str_z(c->arena, str_from(c->url, 7)) : NULL;
	enum err e;

	if (!c->n_words || !to) {
		fprintf(stderr, "ridealong restore: name the backup, and --db sqlite:PATH for the new base "
		                "(PostgreSQL: use pg_restore)\n");
		return 2;
	}
	if (access(to, F_OK) == 0) {
		fprintf(stderr, "ridealong restore: %s is there already; move it away first\n", to);
		return 1;
	}
	e = db_open(str_z(c->arena, str_join(c->arena, STR("sqlite:"), c->words[0])), &o, c->arena, &from, &why);
	if (e == OK) {
		e = schema_check_older(from, c->arena, &why);
		if (e == OK)
			e = db_backup(from, c->arena, to, &why);
		db_close(from);
	}
	if (e == OK)
		e = note_restored(c, to, &why);
	if (e == OK) {
		printf("%s restored from %.*s; run: ridealong check --db %.*s\n", to, STR_ARG(c->words[0]),
		        STR_ARG(c->url));
		return 0;
	}
	fprintf(stderr, "ridealong restore: %.*s: %.*s\n", STR_ARG(c->words[0]), STR_ARG(why));
	return 1;
}

static int
migrate(struct command_line *c)
{
	struct db_options o = { .create = true, .no_references = true };
	str why = { 0 }, did = { 0 };
	enum err e = db_open(str_z(c->arena, c->url), &o, c->arena, &c->db, &why);

	if (e == OK)
		e = schema_migrate(c->db, c->arena, &did, &why);
	if (e == OK) {
		printf("%.*sschema %d is in place\n", STR_ARG(did), SCHEMA_NUMBER);
		return 0;
	}
	fprintf(stderr, "ridealong migrate: %.*s: %.*s\n", STR_ARG(c->url), STR_ARG(why.n ? why : str_of(err_name(e))));
	return 1;
}

static const struct command commands_own[] = {
	{ "init", NEED_DATABASE, init, "db= company= currency= timezone= admin=",
	        "usage: ridealong init --db URL --company NAME --currency EUR --timezone Europe/Berlin --admin "
	        "E-MAIL\n" },
	{ "serve", NEED_DATABASE, command_serve,
	        "db= listen= import-folder= behind-tls at= address= mail= mail-from= mail-password-file= mail-ca-file=",
	        "usage: ridealong serve --db URL [--listen 127.0.0.1:8080] [--behind-tls] [--at 2026-11-30T08:00:00Z] "
	        "[--address "
	        "https://sales.example.com] "
	        "[--import-folder DIR]...\n"
	        "         [--mail smtp://USER@HOST:587 --mail-from \"NAME <E-MAIL>\" [--mail-password-file FILE] "
	        "[--mail-ca-file FILE]]\n" },
	{ "mail", NEED_COMPANY, command_mail,
	        "db= address= at= dry-run mail= mail-from= mail-password-file= mail-ca-file=",
	        "usage: ridealong mail --db URL [--at 2026-11-30T07:00:00Z] (--dry-run | --address "
	        "https://sales.example.com --mail "
	        "smtp://USER@HOST:587\n         --mail-from \"NAME <E-MAIL>\" [--mail-password-file FILE] "
	        "[--mail-ca-file FILE])\n" },
	{ "user", NEED_COMPANY, user, "db= admin",
	        "usage: ridealong user list | link E-MAIL [--admin] | disable E-MAIL  --db URL\n" },
	{ "token", NEED_COMPANY, token, "db= scopes=", "usage: ridealong token NAME [--scopes read] --db URL\n" },
	{ "check", NEED_DATABASE, check, "db= anchor=", "usage: ridealong check [--anchor FILE] --db URL\n" },
	{ "backup", NEED_NOTHING, backup,
	        "db= note=", "usage: ridealong backup FILE | [WHERE] --note made|restored  --db URL\n" },
	{ "restore", NEED_NOTHING, restore, "db=", "usage: ridealong restore FILE --db sqlite:PATH\n" },
	{ "migrate", NEED_NOTHING, migrate, "db=", "usage: ridealong migrate --db URL\n" },
	{ NULL, NEED_NOTHING, NULL, NULL, NULL },
};

static const struct command *const tables[] = { commands_own, commands_import, commands_process, commands_report,
	commands_demo };

static const struct command *
find_command(const char *name)
{
	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct command *c = tables[t]; c->name; c++)
			if (strcmp(c->name, name) == 0)
				return c;
	return NULL;
}

static void
usage(FILE *to)
{
	fputs("ridealong: sales management that starts at the top\n\n", to);
	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct command *c = tables[t]; c->name; c++)
			fprintf(to, "  %s", strchr(c->usage, ' ') + 1);
	fputs("\nURL is sqlite:PATH or postgres://USER@HOST/NAME; RIDEALONG_DB stands for --db. Every command knows "
	      "--help.\n",
	        to);
}

/* Is the option allowed, and does it take a value? */
static bool
allowed(const struct command *k, str name, bool *ret_value)
{
	str rest = str_of(k->options), one;

	while (rest.n) {
		str_cut(rest, ' ', &one, &rest);
		*ret_value = str_ends(one, STR("="));
		if (str_eq(*ret_value ? str_first(one, one.n - 1) : one, name))
			return true;
	}
	return false;
}

static int
parse(struct command_line *c, const struct command *k, int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		str word = str_of(argv[i]), name, value;
		bool takes;
		if (!str_starts(word, STR("--"))) {
			if (c->n_words == 8)
				return command_misuse(k, "too many words");
			c->words[c->n_words++] = word;
			continue;
		}
		bool inside = str_cut(str_from(word, 2), '=', &name, &value);
		if (!allowed(k, name, &takes) || (inside && !takes) || c->n_options == 32)
			return command_misuse(k, str_z(c->arena, str_fmt(c->arena, "there is no option %s", argv[i])));
		if (takes && !inside) {
			if (++i == argc)
				return command_misuse(
				        k, str_z(c->arena, str_fmt(c->arena, "%s wants a value", argv[i - 1])));
			value = str_of(argv[i]);
		}
		c->options[c->n_options++] = (struct option){ name, value };
	}
	return 0;
}

static enum err
load_actor(struct conn *conn, struct arena *a, void *what)
{
	enum err e = actor_of_command(conn, a, what);
	return e == ERR_ABSENT ? OK : e;
}

/* Opens the database as the command needs it, making a fresh one for init and serve. */
static int
open_base(struct command_line *c, const struct command *k)
{
	struct db_options o = { .create = k->run == init || k->run == command_serve || strcmp(k->name, "demo") == 0 };
	str why = { 0 };
	enum err e = db_open(str_z(c->arena, c->url), &o, c->arena, &c->db, &why);

	if (e == OK)
		e = o.create ? schema_make(c->db, c->arena, &why) : schema_check(c->db, c->arena, &why);
	if (e == OK)
		e = db_read(c->db, c->arena, load_actor, &c->actor);
	if (e == OK && k->need == NEED_COMPANY && !c->actor.org) {
		why = STR("there is no company yet; run: ridealong init");
		e = ERR_ABSENT;
	}
	if (e != OK) {
		fprintf(stderr, "ridealong %s: %.*s: %.*s\n", k->name, STR_ARG(c->url),
		        STR_ARG(why.n ? why : str_of(err_name(e))));
		return 1;
	}
	if (c->actor.org)
		c->grant = grant_all(c->actor.org, c->actor.login, c->actor.person, "command line");
	if (c->actor.profile == PROFILE_AGREEMENT)
		c->grant.persons_from = c->actor.profile_from;
	return 0;
}

static int
run(struct command_line *c, const struct command *k, int argc, char **argv)
{
	const char *from_environment = getenv("RIDEALONG_DB");
	int status = parse(c, k, argc, argv);

	if (status)
		return status;
	c->url = command_option(c, "db");
	if (!c->url.n)
		c->url = from_environment ? str_of(from_environment) : STR("sqlite:ridealong.db");
	if (k->need != NEED_NOTHING)
		status = open_base(c, k);
	if (!status)
		status = k->run(c);
	if (c->db)
		db_close(c->db);
	return status;
}

int
main(int argc, char **argv)
{
	struct arena arena;
	struct command_line c = { .arena = &arena };
	const struct command *k = argc > 1 ? find_command(argv[1]) : NULL;
	int status;

	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
		usage(stdout);
		return 0;
	}
	if (!k) {
		if (argc > 1)
			fprintf(stderr, "ridealong: there is no command “%s”\n\n", argv[1]);
		usage(stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0) {
			fputs(k->usage, stdout);
			return 0;
		}
	if (auth_start() != OK)
		return 1;
	own_renamed = condition_own_renamed;
	arena_init(&arena, (size_t)8 << 30);
	faults_init(&c.faults, &arena);
	status = run(&c, k, argc, argv);
	arena_fini(&arena);
	return status;
}
