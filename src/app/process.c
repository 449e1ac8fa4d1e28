/* ridealong process: processes as plain files, out and in (K2's form).
   What it is not for: how a file is read and written (areas/process/plain.h). */
#include <stdio.h>

#include "app/command.h"
#include "areas/process/plain.h"

static int
list(struct command_line *c, struct conn *conn)
{
	struct rows rows;
	enum err e = db_query(conn, c->arena,
	        "select name, number, coalesce(state, 'published') from process where org_id = $1 order by name, "
	        "number",
	        DB_ARGS(DB_I(c->grant.org)), &rows);

	if (e != OK)
		return command_fail(c, e, "process list");
	while (db_next(&rows)) {
		str name = db_text(&rows, 0), state = db_text(&rows, 2);
		printf("%.*s\tversion %lld\t%.*s\n", STR_ARG(name), (long long)db_int(&rows, 1), STR_ARG(state));
	}
	e = db_end(&rows);
	return e == OK ? 0 : command_fail(c, e, "process list");
}

/* The version in use, or the one named by --version. */
static int export(struct command_line *c, struct conn *conn)
{
	str version = command_option(c, "version"), text;
	struct version v;
	int64_t row, number = 0;
	enum err e;

	if (version.n && !str_to_i64(version, &number)) {
		fprintf(stderr, "ridealong process: --version is a number, as 2\n");
		return 2;
	}
	e = db_one_int(conn,
	        "select id from process where org_id = $1 and name = $2 and ($3 = 0 or number = $3) order by case "
	        "coalesce(state, 'published') when 'published' then 0 when 'draft' then 1 else 2 end, number desc "
	        "limit 1",
	        DB_ARGS(DB_I(c->grant.org), DB_T(c->words[1]), DB_I(number)), &row);
	if (e == OK)
		e = version_load(conn, c->arena, &c->grant, row, &v);
	if (e == OK)
		e = plain_print(conn, c->arena, &c->grant, &v, &text);
	if (e == ERR_ABSENT) {
		fprintf(stderr, "ridealong process: there is no process of that name; see: ridealong process list\n");
		return 1;
	}
	if (e != OK)
		return command_fail(c, e, "process export");
	return fwrite(text.s, 1, text.n, stdout) == text.n ? 0 : 1;
}

static bool
read_file(struct command_line *c, str *ret)
{
	FILE *f = fopen(str_z(c->arena, c->words[1]), "rb");
	char *text = arena_alloc(c->arena, PLAIN_MOST + 1, 1);
	size_t n = f ? fread(text, 1, PLAIN_MOST + 1, f) : 0;
	bool ok = f && !ferror(f) && n <= PLAIN_MOST && str_utf8((str){ text, n });

	if (f)
		fclose(f);
	if (!ok)
		fprintf(stderr, "ridealong process: %.*s cannot be read as text of at most 1 MiB\n",
		        STR_ARG(c->words[1]));
	*ret = (str){ text, n };
	return ok;
}

static int
say_faults(const struct command_line *c)
{
	for (const struct fault *f = c->faults.first; f; f = f->next)
		fprintf(stderr, "%.*s: %.*s%s%.*s\n", STR_ARG(f->place), STR_ARG(f->what), f->mend.n ? "; " : "",
		        STR_ARG(f->mend));
	fprintf(stderr, "ridealong process import: nothing was written\n");
	return 1;
}

static enum err
import_work(struct change *ch, void *what)
{
	return plain_import(ch, what);
}

static int
import(struct command_line *c, struct conn *conn, struct version *v)
{
	str text;
	enum err e;

	if (!read_file(c, &text))
		return 1;
	e = plain_parse(conn, c->arena, &c->grant, text, &c->faults, v);
	if (c->faults.n)
		return say_faults(c);
	return e == OK ? 0 : command_fail(c, e, "process import");
}

static int
write_import(struct command_line *c, const struct version *v)
{
	struct plain_import x = { .file = v };
	struct change_work w = { .grant = &c->grant,
		.reason = str_fmt(c->arena, "Process %.*s imported", STR_ARG(v->p.name)),
		.kind = CHANGE_EDIT,
		.faults = &c->faults,
		.fn = import_work,
		.what = &x };
	enum err e = change_run(c->db, c->arena, &w);

	if (c->faults.n)
		return say_faults(c);
	if (e != OK)
		return command_fail(c, e, "process import");
	command_seal(c);
	if (x.ret_same)
		printf("no difference: nothing was written\n");
	else if (!x.ret_made)
		printf("no difference in the process; %zu of the library put where the file shows it\n",
		        x.ret_attached);
	else
		printf("%s: a draft; compare and publish it under Processes\n",
		        x.ret_new ? "a new process" : "a new version");
	return 0;
}

static int
process(struct command_line *c)
{
	str verb = c->n_words ? c->words[0] : (str){ 0 };
	bool in = str_eq(verb, STR("import")), out = str_eq(verb, STR("export"));
	struct version v;
	struct conn *conn;
	int status;
	enum err e;

	if (!(str_eq(verb, STR("list")) && c->n_words == 1) && !((in || out) && c->n_words == 2))
		return command_misuse(&commands_process[0], "say list, export NAME or import FILE");
	e = db_begin_read(c->db, &conn);
	if (e != OK)
		return command_fail(c, e, "process");
	status = in ? import(c, conn, &v) : out ? export(c, conn) : list(c, conn);
	db_end_read(c->db, conn);
	if (!in || status)
		return status;
	if (command_has(c, "dry-run")) {
		printf("the file can be imported\n");
		return 0;
	}
	return write_import(c, &v);
}

const struct command commands_process[] = {
	{ "process", NEED_COMPANY, process, "db= version= dry-run",
	        "usage: ridealong process list | export NAME [--version 2] | import FILE [--dry-run]  --db URL\n" },
	{ NULL, NEED_NOTHING, NULL, NULL, NULL },
};
