/* mail: the letters of now, sent or shown once; and the options of mailing. The server does it by itself (serve.c).
   What it is not for: what a letter says (areas/mails). */
#include <stdio.h>
#include <string.h>

#include "app/assets.h"
#include "app/mail_options.h"
#include "app/routes.h"

/* The first line of a file; NULL: it cannot be read, or holds none. */
static const char *
first_line(struct arena *a, const char *path)
{
	char line[512];
	FILE *in = fopen(path, "r");
	size_t n = 0;

	if (in && fgets(line, sizeof line, in))
		n = strcspn(line, "\r\n");
	if (in)
		fclose(in);
	return n ? str_z(a, (str){ line, n }) : NULL;
}

bool
mail_options(struct command_line *c, const char *command, struct mail_server *ret)
{
	str url = command_option(c, "mail"), from = command_option(c, "mail-from"), why = { 0 };
	str file = command_option(c, "mail-password-file"), ca = command_option(c, "mail-ca-file");

	*ret = (struct mail_server){ 0 };
	if (!url.n && !from.n && !file.n && !ca.n)
		return true;
	if (!url.n || !from.n)
		return fprintf(stderr, "ridealong %s: --mail and --mail-from belong together\n", command), false;
	if (mail_server_of(c->arena, url, from, ret, &why) != OK)
		return fprintf(stderr, "ridealong %s: %.*s\n", command, STR_ARG(why)), false;
	if (file.n && !(ret->password = first_line(c->arena, str_z(c->arena, file))))
		return fprintf(stderr,
		               "ridealong %s: --mail-password-file %.*s cannot be read, or its first line is empty\n",
		               command, STR_ARG(file)),
		       false;
	if (!ret->user != !ret->password)
		return fprintf(stderr, "ridealong %s: a user in --mail and --mail-password-file belong together\n",
		               command),
		       false;
	ret->ca_file = ca.n ? str_z(c->arena, ca) : NULL;
	return true;
}

bool
address_option(struct command_line *c, const char *command, str *ret)
{
	str s = command_option(c, "address");

	while (s.n && s.s[s.n - 1] == '/')
		s.n--;
	*ret = s;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] <= ' ' || s.s[i] == '<' || s.s[i] == '>' || s.s[i] == '"')
			s.n = 0;
	if (!ret->n || ((str_starts(s, STR("https://")) && s.n > 8) || (str_starts(s, STR("http://")) && s.n > 7)))
		return true;
	fprintf(stderr, "ridealong %s: --address is what people type: https://sales.example.com\n", command);
	return false;
}

/* ---- ridealong mail ---- */

static void
told(void *what, const struct mail *m, str to)
{
	struct command_line *c = what;

	printf("%.*s\t%s\t%.*s\t%s%s%.*s\n", STR_ARG(day_iso(c->arena, m->on_day)), mail_kinds[m->kind].code,
	        STR_ARG(to), mail_states[m->state].code, m->why.n ? "\t" : "", STR_ARG(m->why));
}

struct looking {
	struct command_line *line;
	const struct mails *mails;
	size_t n;
};

/* All kinds to everybody, as they would be now; nothing is noted and no link made. */
static enum err
show_all(struct looking *l, struct conn *conn)
{
	struct command_line *c = l->line;
	struct rows rows;
	id *people = NULL;
	size_t n = 0, cap = 0;
	enum err e = db_query(conn, c->arena,
	        "select p.id from person p where p.org_id = $1 and p.left_on is null order by p.name_key, p.id",
	        DB_ARGS(DB_I(c->actor.org)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(c->arena, people, n, cap);
		people[n++] = db_int(&rows, 0);
	}
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++)
		for (int k = MAIL_BRIEF; e == OK && k < MAIL_KINDS; k++) {
			struct letter x;
			e = mail_write(
			        l->mails, conn, c->arena, c->actor.org, people[i], (enum mail_kind)k, false, &x, NULL);
			if (e == OK) {
				printf("To: %.*s <%.*s>\nSubject: %.*s\n\n%.*s\n", STR_ARG(x.to_name), STR_ARG(x.to),
				        STR_ARG(x.subject), STR_ARG(x.text));
				l->n++;
			}
			e = e == ERR_ABSENT ? OK : e;
		}
	return e;
}

static enum err
look(struct command_line *c, const struct mails *m)
{
	struct looking l = { c, m, 0 };
	struct conn *conn;
	enum err e = db_begin_read(c->db, &conn);

	if (e != OK)
		return e;
	e = show_all(&l, conn);
	db_end_read(c->db, conn);
	if (e == OK)
		printf("%zu letters; none was sent\n", l.n);
	return e;
}

static enum err
send_now(struct command_line *c, const struct mails *m)
{
	size_t n = 0, all = 0;
	enum err e = mails_plan(c->db, c->arena, c->actor.org, &n);

	while (e == OK) {
		e = mails_send(m, c->arena, c->actor.org, 50, told, c, &n);
		all += n;
		if (n < 50)
			break;
	}
	if (e == OK)
		printf("%zu sent\n", all);
	return e;
}

int
command_mail(struct command_line *c)
{
	struct page_env env = { .db = c->db,
		.today = today_sources,
		.mails = true,
		.version = str_of(RIDEALONG_VERSION),
		.assets_tag = assets_tag() };
	struct mails m = { .db = c->db, .env = &env };
	bool dry = command_has(c, "dry-run");
	str at = command_option(c, "at");
	instant when;
	enum err e;

	if (!mail_options(c, "mail", &m.server) || !address_option(c, "mail", &env.base))
		return 2;
	if (at.n && (!instant_parse(at, &when) || !when))
		return fprintf(stderr, "ridealong mail: --at is written as 2026-11-30T07:00:00Z\n"), 2;
	if (!dry && (!m.server.url || !env.base.n))
		return fprintf(stderr, "ridealong mail: say --mail, --mail-from and --address, or --dry-run to look\n"),
		       2;
	if (!env.base.n)
		env.base = STR("https://ridealong.example");
	if (at.n)
		clock_set(when);
	e = dry ? look(c, &m) : send_now(c, &m);
	command_seal(c);
	return e == OK ? 0 : command_fail(c, e, "mail");
}
