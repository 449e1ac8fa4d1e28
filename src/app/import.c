/* ridealong import: files from the command line. The same code as the wizard's (areas/imports/pipeline.h).
   What it is not for: what becomes of a row. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "areas/imports/pipeline.h"
#include "base/out.h"

enum { SHOWN = 50 };

static int
say_faults(const struct faults *f)
{
	for (const struct fault *x = f->first; x; x = x->next)
		fprintf(stderr, "%.*s%s%.*s%s%.*s\n", STR_ARG(x->place), x->place.n ? ": " : "", STR_ARG(x->what),
		        x->mend.n ? "; " : "", STR_ARG(x->mend));
	return 1;
}

static bool
read_text(struct arena *a, const char *path, str *ret)
{
	FILE *in = fopen(path, "rb");
	char *all = arena_alloc(a, 1 << 20, 1);

	if (!in)
		return false;
	*ret = (str){ all, fread(all, 1, 1 << 20, in) };
	return fclose(in) == 0;
}

static bool
write_file(const char *path, const struct out *o)
{
	FILE *to = fopen(path, "wb");
	bool fine = to != NULL;

	for (const struct out_block *b = o->first; fine && b; b = b->next)
		fine = fwrite(b->data, 1, b->n, to) == b->n;
	if (to && fclose(to) != 0)
		fine = false;
	return fine;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The mapping of --map, else the one used before for these headers, else the one proposed. */
static int
choose_map(struct command_line *c, struct import_look *look, struct map *ret)
{
	str path = command_option(c, "map"), yaml;

	if (!path.n) {
		*ret = look->map;
		return 0;
	}
	if (!read_text(c->arena, str_z(c->arena, path), &yaml)) {
		fprintf(stderr, "ridealong import: %.*s cannot be read\n", STR_ARG(path));
		return 1;
	}
	if (map_parse(c->arena, yaml, &c->faults, ret) == OK)
		return 0;
	fprintf(stderr, "ridealong import: the mapping %.*s is not right\n", STR_ARG(path));
	return say_faults(&c->faults);
}

/* A mapping that is given answers the doubts of the proposal, but for the encoding where it names none. */
static void
say_found(const struct import_look *l, bool remembered, const struct map *given)
{
	fprintf(stderr, "%s, parted by %s, %zu columns%s%s%s\n", encoding_label(l->shape->encoding),
	        csv_delimiter_name(l->shape->delimiter), l->shape->n_columns, *l->proposal.layout ? ", " : "",
	        l->proposal.layout, remembered ? "; read as the last file with these headers" : "");
	for (size_t i = 0; l->n_sheets > 1 && i < l->n_sheets; i++)
		fprintf(stderr, "%s“%.*s”%s",
		        i ? ", " : "its sheets, one at a time with --sheet: ", STR_ARG(l->sheets[i]),
		        i + 1 == l->n_sheets ? "\n" : "");
	for (const struct fault *f = remembered ? NULL : l->proposal.notes.first; f; f = f->next)
		if (!given || (!given->encoding && str_eq(f->place, STR("encoding"))))
			fprintf(stderr, "  %.*s: %.*s%s%.*s\n", STR_ARG(f->place), STR_ARG(f->what),
			        f->mend.n ? "; " : "", STR_ARG(f->mend));
}

/* Names that are not known, where something near is; the rest is created, and the dry run says so. */
static void
say_values(struct command_line *c, const struct import_look *l, int kind, const struct map *m)
{
	struct import_value *all;
	size_t n = import_values(c->arena, l, kind, m, &all);

	for (size_t i = 0; i < n; i++) {
		const struct import_value *v = &all[i];
		if (!v->n_near || !str_eq(map_value(m, v->field, v->from), v->from))
			continue;
		fprintf(stderr,
		        "  %.*s: “%.*s” is not known, “%.*s” is; write it under values, or “-” to leave it out\n",
		        STR_ARG(v->field), STR_ARG(v->from), STR_ARG(v->near[0]));
	}
}

static void
say_fates(const struct import_job *j)
{
	for (size_t i = 0; i < j->n_fates; i++) {
		const struct import_fate *f = &j->fates[i];
		if (f->fate == FATE_REJECT)
			fprintf(stderr, "row %lld (line %lld)%s%.*s: %.*s%s%.*s\n", (long long)f->row,
			        (long long)f->line, f->column.n ? ", column " : "", STR_ARG(f->column),
			        STR_ARG(f->what), f->mend.n ? "; " : "", STR_ARG(f->mend));
		else if (j->dry || f->fate == FATE_KEPT || (f->fate == FATE_UPDATE && f->what.n))
			printf("row %lld: %s %.*s%s%.*s\n", (long long)f->row, fate_words[f->fate], STR_ARG(f->name),
			        f->what.n ? ": " : "", STR_ARG(f->what));
	}
	for (int i = 0; i < FATE_COUNT; i++)
		if (j->n_shown[i] > j->show && (j->dry || i == FATE_REJECT))
			fprintf(i == FATE_REJECT ? stderr : stdout, "… and %zu more to %s\n", j->n_shown[i] - j->show,
			        fate_words[i]);
}

static void
say_alike(const struct import_job *j, enum map_alike way)
{
	static const char *const words[] = {
		("all go in; --alike first keeps the first of each, --alike merge fills its "
		 "gaps from the others"),
		"the first of each goes in", "the first of each goes in, its gaps filled from the others"
	};

	for (size_t i = 0; i < j->n_alike; i++) {
		const struct import_alike *x = &j->alike[i];
		printf("row %lld: “%.*s” looks like row %lld, “%.*s”: %s%s\n", (long long)x->row, STR_ARG(x->name),
		        (long long)x->first, STR_ARG(x->first_name), x->why,
		        x->apart ? "; another one, as you said" : "");
	}
	if (j->n_alike_all > (int64_t)j->n_alike)
		printf("… and %lld more; --doubles FILE writes all of them\n",
		        (long long)(j->n_alike_all - (int64_t)j->n_alike));
	if (j->n_alike_all)
		printf("%lld row%s like an earlier one of this file: %s\n", (long long)j->n_alike_all,
		        j->n_alike_all == 1 ? " looks" : "s look", words[way]);
}

static void
say_stored(const struct import_job *j)
{
	static const char *const taken[] = { "", "taken for the same", "another: goes in", "left out" };

	for (size_t i = 0; i < j->n_stored; i++) {
		const struct import_stored *x = &j->stored[i];
		printf("row %lld: “%.*s” looks like “%.*s”, which is stored: %s; %s%s%s%s\n", (long long)x->row,
		        STR_ARG(x->name), STR_ARG(x->other_name), x->why, taken[x->is], x->said ? ", as you said" : "",
		        x->why_not ? ": the stored one " : "", x->why_not ? x->why_not : "");
	}
	if (j->n_stored_all > (int64_t)j->n_stored)
		printf("… and %lld more; --doubles FILE writes all of them\n",
		        (long long)(j->n_stored_all - (int64_t)j->n_stored));
	if (j->n_stored_all)
		printf("%lld new row%s like something stored: %lld taken for the same, %lld go in, %lld left out; "
		       "--stored "
		       "same|another|leave says it of all, --same, --another and --leave of single rows\n",
		        (long long)j->n_stored_all, j->n_stored_all == 1 ? " looks" : "s look",
		        (long long)j->n_stored_is[MAP_STORED_SAME], (long long)j->n_stored_is[MAP_STORED_ANOTHER],
		        (long long)j->n_stored_is[MAP_STORED_LEAVE]);
}

static void
say_sum(struct command_line *c, const struct import_job *j, bool written)
{
	const struct import *i = &j->import;
	const char *would = written ? "" : "would be ";

	for (const struct fault *f = j->notes.first; f; f = f->next)
		printf("%.*s %.*s; %.*s\n", STR_ARG(f->place), STR_ARG(f->what), STR_ARG(f->mend));
	printf("%lld row%s: %lld %screated, %lld %supdated, %lld unchanged, %lld rejected", (long long)i->n_rows,
	        i->n_rows == 1 ? "" : "s", (long long)i->n_created, would, (long long)i->n_updated, would,
	        (long long)i->n_same, (long long)i->n_rejected);
	if (i->n_kept)
		printf("; %lld keep what was edited here", (long long)i->n_kept);
	printf("\n");
	if (i->n_missing)
		printf("%lld deals of %.*s are not in this file\n", (long long)i->n_missing, STR_ARG(i->source));
	if (day_is(j->data_end) && (written || j->dry))
		printf("The data end on %.*s%s\n", STR_ARG(day_iso(c->arena, j->data_end)),
		        j->sets_as_of && day_is(i->as_of) ? "; pages read as of that day" : "");
	if (written)
		printf("import %.*s; take it back with: ridealong import undo %.*s\n",
		        STR_ARG(id_text(c->arena, i->row.id)), STR_ARG(id_text(c->arena, i->row.id)));
}

/* On a terminal one line says how far it is. */
static bool
say_progress(void *watching, const struct import_job *j, enum import_phase phase, int64_t rows, int64_t total)
{
	(void)watching;
	(void)j;
	fprintf(stderr, "\r%s %lld of %s%lld rows, %d %% \033[K", phase == PHASE_CHECKING ? "Checked" : "Written",
	        (long long)rows, phase == PHASE_CHECKING ? "about " : "", (long long)total,
	        total ? (int)(100 * rows / total) : 100);
	if (phase == PHASE_WRITING && rows >= total)
		fprintf(stderr, "\n");
	fflush(stderr);
	return true;
}

/* "--alike first --apart 17,23"; what is not given stays as the mapping has it. */
static int
choose_alike(struct command_line *c, struct map *m)
{
	str way = command_option(c, "alike"), rest = command_option(c, "apart"), one;

	if (way.n && !map_alike_find(way, &m->alike)) {
		fprintf(stderr, "ridealong import: --alike is all, first or merge\n");
		return 2;
	}
	if (rest.n) {
		m->apart = arena_new(c->arena, int64_t, MAP_APART);
		m->n_apart = 0;
	}
	while (rest.n) {
		int64_t n;
		str_cut(rest, ',', &one, &rest);
		if (!str_to_i64(str_trim(one), &n) || n < 1 || m->n_apart == MAP_APART) {
			fprintf(stderr, "ridealong import: --apart takes up to %d row numbers: 17,23\n", MAP_APART);
			return 2;
		}
		m->apart[m->n_apart++] = n;
	}
	return 0;
}

/* "--stored another --same 17,23 --leave 4". */
static int
choose_stored(struct command_line *c, struct map *m)
{
	str way = command_option(c, "stored"), one;

	if (way.n && !map_stored_find(way, &m->stored)) {
		fprintf(stderr, "ridealong import: --stored is proposed, same, another or leave\n");
		return 2;
	}
	for (int what = MAP_STORED_SAME; what <= MAP_STORED_LEAVE; what++)
		for (str rest = command_option(c, map_stored_words[what]); rest.n;) {
			int64_t n;
			str_cut(rest, ',', &one, &rest);
			if (str_to_i64(str_trim(one), &n) && map_say(c->arena, m, n, (enum map_stored)what))
				continue;
			fprintf(stderr, "ridealong import: --%s takes up to %d row numbers: 17,23\n",
			        map_stored_words[what], MAP_APART);
			return 2;
		}
	return 0;
}

static int
run_file(struct command_line *c, int kind, const char *path)
{
	struct import_source from = {
		.name = str_of(base_name(path)), .path = path, .sheet = command_option(c, "sheet")
	};
	struct import_job j = { .db = c->db,
		.arena = c->arena,
		.grant = &c->grant,
		.kind = kind,
		.from = from,
		.as_of = DAY_NONE,
		.dry = command_has(c, "dry-run"),
		.partial = command_has(c, "partial"),
		.full = command_has(c, "full"),
		.watch = isatty(2) ? say_progress : NULL,
		.show = SHOWN,
		.faults = &c->faults };
	struct import_look look;
	struct map map;
	struct out errors, doubles;
	str as_of = command_option(c, "as-of"), errors_path = command_option(c, "errors"),
	    doubles_path = command_option(c, "doubles");
	int status;
	enum err e;

	if (as_of.n && !day_parse(as_of, &j.as_of)) {
		fprintf(stderr, "ridealong import: --as-of “%.*s” is not a day; write it as 2017-12-31\n",
		        STR_ARG(as_of));
		return 2;
	}
	e = import_look(c->db, c->arena, &c->grant, kind, &from, (struct csv_options){ 0 },
	        command_has(c, "propose-map"), &c->faults, &look);
	if (e != OK) {
		fprintf(stderr, "ridealong import: %s cannot be read%s%s\n", path, c->faults.n ? "" : ": ",
		        c->faults.n ? "" : err_name(e));
		return say_faults(&c->faults);
	}
	status = choose_map(c, &look, &map);
	if (!status)
		status = choose_alike(c, &map);
	if (!status)
		status = choose_stored(c, &map);
	if (status)
		return status;
	say_found(&look, look.remembered && !command_option(c, "map").n, command_option(c, "map").n ? &map : NULL);
	say_values(c, &look, kind, command_has(c, "propose-map") ? &look.map : &map);
	if (command_has(c, "propose-map")) {
		str yaml = map_print(c->arena, &look.map);
		printf("%.*s", STR_ARG(yaml));
		return 0;
	}
	j.map = &map;
	out_init(&errors, 0);
	j.errors = errors_path.n ? &errors : NULL;
	out_init(&doubles, 0);
	j.doubles = doubles_path.n ? &doubles : NULL;
	e = import_run(&j);
	say_fates(&j);
	say_alike(&j, map.alike);
	say_stored(&j);
	if (doubles_path.n && !write_file(str_z(c->arena, doubles_path), &doubles))
		fprintf(stderr, "ridealong import: %.*s cannot be written\n", STR_ARG(doubles_path));
	out_fini(&doubles);
	if (errors_path.n && j.import.n_rejected && !write_file(str_z(c->arena, errors_path), &errors))
		fprintf(stderr, "ridealong import: %.*s cannot be written\n", STR_ARG(errors_path));
	out_fini(&errors);
	if (e == OK || j.import.n_rows)
		say_sum(c, &j, e == OK && !j.dry);
	if (e == OK && !j.dry) {
		map_forget_rows(&map);
		e = import_remember(c->db, c->arena, &c->grant, kind, look.fingerprint, map_print(c->arena, &map));
		command_seal(c);
	}
	if (e == OK)
		return j.dry && j.import.n_rejected && !j.partial ? 1 : 0;
	if (e == ERR_INPUT && j.import.n_rejected && !c->faults.n)
		fprintf(stderr,
		        "Nothing was written. Mend the rows above and send the file again%s, or take the good rows "
		        "with --partial.\n",
		        errors_path.n ? "" : ", write them to a file with --errors FILE");
	else
		fprintf(stderr, "ridealong import: %s\n", e == ERR_INPUT ? "nothing was written" : err_name(e));
	return say_faults(&c->faults);
}

static enum err
print_list(struct conn *conn, struct arena *a, void *what)
{
	struct command_line *c = what;
	struct import *all;
	size_t n;
	enum err e = import_list(conn, a, &c->grant, 200, &all, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		str when = str_first(instant_iso(a, all[i].started_at), 16), id = id_text(a, all[i].row.id);
		printf("%.*s\t%.*s\t%s\t%s\t%.*s\t%lld created, %lld updated, %lld unchanged, %lld rejected\n",
		        STR_ARG(id), STR_ARG(when), import_kinds[all[i].kind].code, import_states[all[i].state].code,
		        STR_ARG(all[i].file), (long long)all[i].n_created, (long long)all[i].n_updated,
		        (long long)all[i].n_same, (long long)all[i].n_rejected);
	}
	return e;
}

static int
take_back(struct command_line *c)
{
	struct undo_result u;
	id import;
	enum err e;

	if (c->n_words < 2 || !id_parse(c->words[1], &import)) {
		fprintf(stderr, "ridealong import undo: name the import; see: ridealong import list\n");
		return 2;
	}
	e = import_take_back(c->db, c->arena, &c->grant, import, &c->faults, &u);
	if (e != OK) {
		fprintf(stderr, "ridealong import undo: %s\n",
		        e == ERR_ABSENT ? "there is no such import; see: ridealong import list" : "not undone");
		return say_faults(&c->faults);
	}
	command_seal(c);
	printf("%lld restored, %zu kept\n", (long long)u.restored, u.n_kept);
	for (const struct fault *f = u.kept; f; f = f->next)
		printf("  %.*s: %.*s%s%.*s\n", STR_ARG(f->place), STR_ARG(f->what), f->mend.n ? "; " : "",
		        STR_ARG(f->mend));
	return 0;
}

/* Each batch of rows takes some tens of MB and gives them back. The next takes them again: as page faults, a sixth of
   the time, if the C library has returned them to the system meanwhile. */
static void
keep_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, 512 << 20);
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
	mallopt(M_TOP_PAD, 4 << 20);
}

static int
import(struct command_line *c)
{
	str verb = c->n_words ? c->words[0] : (str){ 0 };
	int kind = import_kind_of(verb);

	if (str_eq(verb, STR("list")))
		return db_read(c->db, c->arena, print_list, c) == OK ? 0 : command_fail(c, ERR_DB, "import list");
	if (str_eq(verb, STR("undo")))
		return take_back(c);
	if (str_eq(verb, STR("folder")))
		return command_import_folder(c);
	if (!kind || c->n_words != 2)
		return command_misuse(
		        &commands_import[0], kind ? "name one file" : "say what the file holds, or list, or undo");
	keep_memory();
	return run_file(c, kind, str_z(c->arena, c->words[1]));
}

const struct command commands_import[] = {
	{ "import", NEED_COMPANY, import,
	        "db= map= dry-run propose-map partial full errors= alike= apart= stored= same= another= leave= "
	        "doubles= as-of= sheet= kind= every= "
	        "as-of-from=",
	        "usage: ridealong import people|accounts|contacts|products|deals|targets|activities|prospects|history "
	        "FILE "
	        "[--map FILE] "
	        "[--propose-map]\n"
	        "         [--dry-run] [--partial] [--full] [--errors FILE] [--alike all|first|merge] [--apart ROW,…] "
	        "[--stored proposed|same|another|leave]\n         [--same ROW,…] [--another ROW,…] [--leave ROW,…] "
	        "[--doubles FILE]\n         [--as-of 2017-12-31] [--sheet NAME] --db "
	        "URL\n"
	        "       ridealong import list | undo ID  --db URL\n"
	        "       ridealong import folder add DIR [--kind deals] [--every 60] [--full] [--as-of-from "
	        "name|date|column] | list | run [DIR] | remove DIR  --db URL\n" },
	{ NULL, NEED_NOTHING, NULL, NULL, NULL },
};
