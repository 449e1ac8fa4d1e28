/* ridealong import folder: folders that exports come from, from the command line.
   What it is not for: what becomes of a file (areas/imports/folder.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "areas/imports/folder.h"

struct all {
	struct command_line *c;
	struct import_folder *folders;
	size_t n;
};

static enum err
load(struct conn *conn, struct arena *a, void *what)
{
	struct all *x = what;

	return folder_list(conn, a, &x->c->grant, &x->folders, &x->n);
}

static int
say_list(const struct all *x)
{
	for (size_t i = 0; i < x->n; i++) {
		const struct import_folder *f = &x->folders[i];
		printf("%.*s\t%s\tevery %lld min\t%s\t%s%s%.*s%s%.*s\n", STR_ARG(f->path), import_kinds[f->kind].code,
		        (long long)f->every, f->whole ? "full" : "partial",
		        f->last ? folder_lasts[f->last].code : "no file yet", f->last_file.n ? "\t" : "",
		        STR_ARG(f->last_file), f->last_why.n ? "\t" : "", STR_ARG(f->last_why));
	}
	return 0;
}

static enum err
save(struct change *c, void *what)
{
	struct import_folder f = *(struct import_folder *)what;

	return record_save(c, &import_folder_record, &f);
}

static enum err
drop(struct change *c, void *what)
{
	const struct import_folder *f = what;

	return record_remove(c, &import_folder_record, f->row.id, f->row.version);
}

static int
change(struct command_line *c, struct import_folder *f, enum err (*fn)(struct change *c, void *what), const char *why)
{
	struct change_work w = { .grant = &c->grant,
		.reason = str_of(why),
		.kind = CHANGE_EDIT,
		.faults = &c->faults,
		.fn = fn,
		.what = f };
	enum err e = change_run(c->db, c->arena, &w);

	if (e == OK)
		command_seal(c);
	return e == OK ? 0 : command_fail(c, e, "import folder");
}

static int
add(struct command_line *c, const char *path)
{
	struct import_folder f;
	str every = command_option(c, "every"), from = command_option(c, "as-of-from"),
	    kind = command_option(c, "kind");

	record_init(&import_folder_record, &f);
	f.path = str_of(path);
	f.kind = import_kind_of(kind.n ? kind : STR("deals"));
	f.as_of_from = from.n ? choice_of(folder_days, from) : FOLDER_DAY_COLUMN;
	f.every = 60;
	f.n_files = 0;
	f.whole = command_has(c, "full");
	if (!f.kind || !f.as_of_from || (every.n && !str_to_i64(every, &f.every))) {
		fprintf(stderr,
		        "ridealong import folder: say --kind deals, --as-of-from name, date or column, --every 60\n");
		return 2;
	}
	int status = change(c, &f, save, "an import folder");
	if (status == 0)
		printf("It is looked at once the server is started with --import-folder %s\n", path);
	return status;
}

static int
run(struct command_line *c, struct all *x, const char *path)
{
	int status = 0;

	for (size_t i = 0; i < x->n; i++) {
		struct folder_round round;
		if (path && !str_eq(x->folders[i].path, str_of(path)))
			continue;
		enum err e = folder_work(c->db, c->arena, &c->grant, &x->folders[i], NULL, &round);
		printf("%.*s%s", STR_ARG(round.said), round.busy ? "another process works on it\n" : "");
		if (round.n_waiting)
			printf("%zu still being written; looked at again later\n", round.n_waiting);
		if (e != OK || round.n_failed)
			status = 1;
		if (e != OK)
			fprintf(stderr, "ridealong import folder: %.*s: %.*s\n", STR_ARG(x->folders[i].path),
			        STR_ARG(x->folders[i].last_why.n ? x->folders[i].last_why : str_of(err_name(e))));
	}
	command_seal(c);
	return status;
}

int
command_import_folder(struct command_line *c)
{
	str verb = c->n_words > 1 ? c->words[1] : STR("list");
	char *path = c->n_words > 2 ? realpath(str_z(c->arena, c->words[2]), NULL) : NULL;
	struct all x = { .c = c };
	enum err e = db_read(c->db, c->arena, load, &x);
	int status = 2;

	if (e != OK)
		return command_fail(c, e, "import folder");
	if (c->n_words > 2 && !path) {
		fprintf(stderr, "ridealong import folder: there is no folder %.*s\n", STR_ARG(c->words[2]));
		return 1;
	}
	if (str_eq(verb, STR("list")))
		status = say_list(&x);
	else if (str_eq(verb, STR("add")) && path)
		status = add(c, path);
	else if (str_eq(verb, STR("run")))
		status = run(c, &x, path);
	else if (!str_eq(verb, STR("remove")) || !path)
		status = command_misuse(&commands_import[0], "say folder add, list, run or remove, and which");
	for (size_t i = 0; path && str_eq(verb, STR("remove")) && i < x.n; i++)
		if (str_eq(x.folders[i].path, str_of(path)))
			status = change(c, &x.folders[i], drop, "an import folder less");
	if (status == 2 && path && str_eq(verb, STR("remove")))
		fprintf(stderr, "ridealong import folder: %s is not looked at\n", path);
	free(path);
	return status;
}
