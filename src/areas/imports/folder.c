#include "areas/imports/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "areas/people/people.h"
#include "base/log.h"
#include "base/out.h"

enum { SETTLE_S = 5, FILES_MOST = 1000, REJECTS_SAID = 50 };

/* ---- what is allowed ---- */

static const char *allowed[FOLDERS_ALLOWED_MOST];
static size_t n_allowed;

enum err
folder_allow(const char *path)
{
	struct stat s;
	char *real = realpath(path, NULL);

	if (!real || stat(real, &s) != 0 || !S_ISDIR(s.st_mode)) {
		free(real);
		return ERR_ABSENT;
	}
	if (n_allowed == FOLDERS_ALLOWED_MOST) {
		free(real);
		return ERR_LARGE;
	}
	allowed[n_allowed++] = real; /* as long as the program */
	return OK;
}

size_t
folder_allowed(const char *const **ret)
{
	*ret = allowed;
	return n_allowed;
}

bool
folder_is_allowed(str path)
{
	for (size_t i = 0; i < n_allowed; i++)
		if (str_eq(path, str_of(allowed[i])))
			return true;
	return false;
}

enum err
folder_list(struct conn *c, struct arena *a, const struct grant *g, struct import_folder **ret, size_t *ret_n)
{
	struct list l = { .record = &import_folder_record, .limit = 50 };
	struct list_result found;
	enum err e = record_list(c, a, g, &l, &found);

	if (e != OK)
		return e;
	*ret = found.rows;
	*ret_n = found.n;
	return OK;
}

/* ---- one folder at work ---- */

struct work {
	struct db *db;
	struct arena *a; /* of the round */
	const struct grant *grant;
	struct import_folder *folder;
	bool (*go_on)(void);
	struct folder_round *round;
	struct conn *holding; /* PostgreSQL: the snapshot that has the advisory lock */
	int dir;
};

/* One holder at a time: on this machine by the folder's own lock, between machines by one in the database. */
static enum err
hold(struct work *w)
{
	int64_t mine = 1;
	enum err e = OK;

	w->dir = open(str_z(w->a, w->folder->path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w->dir < 0)
		return ERR_ABSENT;
	if (flock(w->dir, LOCK_EX | LOCK_NB) != 0)
		return ERR_BUSY;
	if (db_is_lite(w->db))
		return OK;
	e = db_begin_read(w->db, &w->holding);
	if (e == OK)
		e = db_one_int(w->holding, "select case when pg_try_advisory_xact_lock($1) then 1 else 0 end",
		        DB_ARGS(DB_I(w->folder->row.id)), &mine);
	return e == OK && !mine ? ERR_BUSY : e;
}

static void
let_go(struct work *w)
{
	if (w->holding)
		db_end_read(w->db, w->holding);
	if (w->dir >= 0)
		close(w->dir);
}

static bool
is_table(const char *name)
{
	static const char *const endings[] = { ".csv", ".txt", ".tsv", ".xlsx" };
	str s = str_of(name);

	for (size_t i = 0; name[0] != '.' && i < sizeof endings / sizeof *endings; i++)
		if (s.n > strlen(endings[i]) && strcasecmp(name + s.n - strlen(endings[i]), endings[i]) == 0)
			return true;
	return false;
}

/* Half-written files are waited for: the system itself notes when one was last written or moved here. */
static bool
settled(const struct stat *s)
{
	time_t last = s->st_mtime > s->st_ctime ? s->st_mtime : s->st_ctime;

	return now() / 1000 - (instant)last >= SETTLE_S && s->st_size > 0;
}

static int
by_name(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

static size_t
list_files(struct work *w, char ***ret)
{
	DIR *d = opendir(str_z(w->a, w->folder->path));
	char **names = arena_new(w->a, char *, FILES_MOST);
	struct dirent *x;
	struct stat s;
	size_t n = 0;

	while (d && n < FILES_MOST && (x = readdir(d)) != NULL) {
		if (!is_table(x->d_name) || fstatat(w->dir, x->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0 ||
		        !S_ISREG(s.st_mode))
			continue;
		if (settled(&s))
			names[n++] = str_z(w->a, str_of(x->d_name));
		else
			w->round->n_waiting++;
	}
	if (d)
		closedir(d);
	qsort(names, n, sizeof *names, by_name);
	*ret = names;
	return n;
}

/* ---- one file ---- */

struct one {
	struct work *w;
	struct arena *a; /* of the file */
	const char *name;
	str path, why;
	str digest;
	id import;
	bool fine, partly;
	struct out report, errors;
};

/* The first day in a name: 2026-11-28, 2026_11_28, 20261128. */
static bool
day_in_name(const char *s, day *ret)
{
	for (; *s; s++) {
		int y, m, d, n = 0;
		if ((sscanf(s, "%4d-%2d-%2d%n", &y, &m, &d, &n) == 3 ||
		            sscanf(s, "%4d_%2d_%2d%n", &y, &m, &d, &n) == 3 ||
		            sscanf(s, "%4d%2d%2d%n", &y, &m, &d, &n) == 3) &&
		        n >= 8 && y > 1999 && y < 2100 && m > 0 && m < 13 && d > 0 && d < 32) {
			*ret = day_of(y, m, d);
			return day_is(*ret);
		}
	}
	return false;
}

struct known {
	const struct grant *grant;
	str digest;
	id last, resume;
	int last_state;
	struct company company;
};

/* The company's zone, and what the base knows of this file: the last import of the folder; one that broke off. */
static enum err
load_known(struct conn *c, struct arena *a, void *what)
{
	struct known *k = what;
	struct import *all;
	size_t n;
	enum err e = record_load(c, a, k->grant, &company_record, k->grant->org, &k->company);

	if (e == OK)
		e = import_list(c, a, k->grant, 50, &all, &n);
	for (size_t i = 0; e == OK && i < n; i++) {
		if (all[i].row.id == k->last)
			k->last_state = all[i].state;
		if (!k->resume && str_eq(all[i].digest, k->digest) &&
		        (all[i].state == IMPORT_RUNNING || all[i].state == IMPORT_INTERRUPTED))
			k->resume = all[i].row.id;
	}
	return e;
}

static bool
as_of_day(struct one *o, const struct known *k, day *ret)
{
	const struct zone *z = zone_find(k->company.zone);
	struct stat s;

	*ret = DAY_NONE;
	if (o->w->folder->as_of_from == FOLDER_DAY_NAME && !day_in_name(o->name, ret)) {
		o->why = STR("its name has no day such as 2026-11-28");
		return false;
	}
	if (o->w->folder->as_of_from == FOLDER_DAY_DATE && fstatat(o->w->dir, o->name, &s, AT_SYMLINK_NOFOLLOW) == 0)
		*ret = zone_day(z ? z : zone_utc(), (instant)s.st_mtime * 1000);
	return true;
}

static bool
watch(void *watching, const struct import_job *j, enum import_phase phase, int64_t rows, int64_t total)
{
	const struct work *w = watching;

	(void)j, (void)phase, (void)rows, (void)total;
	return !w->go_on || w->go_on();
}

static void
report_job(struct one *o, const struct import_job *j)
{
	const struct import *i = &j->import;

	out_fmt(&o->report, "%lld rows: %lld created, %lld updated, %lld unchanged, %lld rejected\n",
	        (long long)i->n_rows, (long long)i->n_created, (long long)i->n_updated, (long long)i->n_same,
	        (long long)i->n_rejected);
	if (day_is(j->data_end))
		out_fmt(&o->report, "The data end on %.*s\n", STR_ARG(day_iso(o->a, j->data_end)));
	for (const struct fault *f = j->notes.first; f; f = f->next)
		out_fmt(&o->report, "%.*s %.*s; %.*s\n", STR_ARG(f->place), STR_ARG(f->what), STR_ARG(f->mend));
	for (size_t k = 0; k < j->n_fates; k++)
		if (j->fates[k].fate == FATE_REJECT)
			out_fmt(&o->report, "row %lld (line %lld) %.*s: %.*s; %.*s\n", (long long)j->fates[k].row,
			        (long long)j->fates[k].line, STR_ARG(j->fates[k].column), STR_ARG(j->fates[k].what),
			        STR_ARG(j->fates[k].mend));
	if (i->row.version)
		out_fmt(&o->report, "import %.*s\n", STR_ARG(id_text(o->a, i->row.id)));
}

static void
say_faults(struct one *o, const struct faults *f, enum err e)
{
	const struct fault *x = f->first;

	o->why = x ? str_fmt(o->w->a, "%.*s: %.*s; %.*s", STR_ARG(x->place), STR_ARG(x->what), STR_ARG(x->mend))
	           : str_fmt(o->w->a, "it could not be written (%s)", err_name(e));
}

static enum err
bring_in(struct one *o, const struct known *k)
{
	struct work *w = o->w;
	struct faults faults;
	struct import_look look;
	struct import_job j = { .db = w->db,
		.arena = o->a,
		.grant = w->grant,
		.kind = w->folder->kind,
		.from = { .name = str_of(o->name), .path = str_z(o->a, o->path) },
		.partial = true,
		.full = w->folder->whole,
		.resume = k->resume,
		.show = REJECTS_SAID,
		.errors = &o->errors,
		.faults = &faults,
		.watch = watch,
		.watching = w };
	enum err e;

	faults_init(&faults, o->a);
	if (!as_of_day(o, k, &j.as_of))
		return ERR_INPUT;
	e = import_look(w->db, o->a, w->grant, j.kind, &j.from, (struct csv_options){ 0 }, false, &faults, &look);
	if (e == OK && !look.remembered) {
		o->why = STR("no file with these columns was imported before; bring one in by hand, so that its "
		             "mapping is known");
		return ERR_INPUT;
	}
	j.map = &look.map;
	if (e == OK)
		e = import_run(&j);
	if (e != OK)
		say_faults(o, &faults, e);
	report_job(o, &j);
	o->import = j.import.row.version ? j.import.row.id : 0;
	o->partly = j.import.n_rejected > 0;
	if (e == OK && j.import.n_rows == j.import.n_rejected) {
		o->why = STR("not one of its rows could be taken");
		e = ERR_INPUT;
	}
	return j.stopped ? ERR_BUSY : e;
}

static bool
write_beside(struct one *o, const char *to, const char *ending, const struct out *text)
{
	int fd = openat(o->w->dir, str_z(o->a, str_fmt(o->a, "%s%s", to, ending)),
	        O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
	bool fine = f != NULL;

	for (const struct out_block *b = text->first; fine && b; b = b->next)
		fine = fwrite(b->data, 1, b->n, f) == b->n;
	return f && fclose(f) == 0 && fine;
}

/* Under the time it was looked at, so that a name that comes again finds its place. */
static enum err
put_away(struct one *o)
{
	str at = str_first(instant_iso(o->a, now()), 19);
	const char *to = str_z(o->a, str_fmt(o->a, "%s/%.*s %s", o->fine ? "done" : "failed", STR_ARG(at), o->name));

	if (renameat(o->w->dir, o->name, o->w->dir, to) != 0)
		return ERR_IO;
	if (!write_beside(o, to, ".report.txt", &o->report) ||
	        (o->partly && !write_beside(o, to, ".errors.csv", &o->errors)))
		log_warn("no report of %s could be written", o->name);
	return OK;
}

static enum err
save_folder(struct change *c, void *what)
{
	struct import_folder copy = *(struct import_folder *)what;

	return record_save(c, &import_folder_record, &copy);
}

static enum err
note(struct work *w, str file, str digest, id import, enum folder_last last, str why)
{
	struct import_folder *f = w->folder;
	struct faults faults;
	struct change_work save = { .grant = w->grant,
		.reason = str_fmt(w->a, "%.*s in %.*s", STR_ARG(file), STR_ARG(f->path)),
		.kind = CHANGE_JOB,
		.faults = &faults,
		.fn = save_folder,
		.what = f };
	enum err e;

	faults_init(&faults, w->a);
	f->last = (int)last;
	f->last_file = str_first(file, 190);
	f->last_digest = last == FOLDER_FAILED ? (str){ 0 } : digest;
	f->last_why = str_first(why, 900);
	f->last_at = now();
	f->last_import = import;
	f->n_files += file.n > 0;
	e = change_run(w->db, w->a, &save);
	if (e == OK && save.ret_set)
		f->row.version++;
	return e;
}

static enum err
one_file(struct work *w, struct arena *a, const char *name)
{
	struct one o = { .w = w, .a = a, .name = name };
	struct import_source from = { .name = str_of(name) };
	struct known k = { .grant = w->grant, .last = w->folder->last_import };
	int64_t lines;
	enum err e;

	out_init(&o.report, 0);
	out_init(&o.errors, 0);
	o.path = str_fmt(a, "%.*s/%s", STR_ARG(w->folder->path), name);
	from.path = str_z(a, o.path);
	k.digest = o.digest = import_digest(a, &from, &lines);
	e = db_read(w->db, a, load_known, &k);
	if (e != OK)
		return e;
	if (str_eq(w->folder->last_digest, o.digest) && k.last_state == IMPORT_DONE) {
		o.fine = true;
		o.import = w->folder->last_import;
		out_lit(&o.report, "The same as the last file: nothing to do.\n");
	} else {
		e = bring_in(&o, &k);
		o.fine = e == OK;
	}
	if (e == ERR_BUSY || e == ERR_DB || e == ERR_FULL)
		return e; /* it stays where it is, and is tried again */
	if (!o.fine)
		out_fmt(&o.report, "Not brought in: %.*s.\n", STR_ARG(o.why));
	*(o.fine ? &w->round->n_done : &w->round->n_failed) += 1;
	w->round->said = str_fmt(
	        w->a, "%.*s%s: %.*s", STR_ARG(w->round->said), name, STR_ARG(str_copy(w->a, out_all(&o.report, a))));
	e = put_away(&o);
	if (e == OK)
		e = note(w, str_of(name), str_copy(w->a, o.digest), o.import,
		        !o.fine    ? FOLDER_FAILED
		        : o.partly ? FOLDER_PARTLY
		                   : FOLDER_FINE,
		        o.why.n    ? str_copy(w->a, o.why)
		        : o.partly ? STR("some rows were rejected; see the report beside the file")
		                   : (str){ 0 });
	out_fini(&o.report);
	out_fini(&o.errors);
	return e;
}

/* Where nothing can be moved away nothing is brought in: it would come again and again. */
static bool
may_move(struct work *w)
{
	static const char *const places[] = { "done", "failed" };
	struct stat s;

	for (size_t i = 0; i < 2; i++)
		if ((mkdirat(w->dir, places[i], 0700) != 0 && errno != EEXIST) ||
		        fstatat(w->dir, places[i], &s, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(s.st_mode) ||
		        faccessat(w->dir, places[i], W_OK | X_OK, 0) != 0)
			return false;
	return true;
}

enum err
folder_work(struct db *d, struct arena *a, const struct grant *g, struct import_folder *f, bool (*go_on)(void),
        struct folder_round *ret)
{
	struct work w = { .db = d, .a = a, .grant = g, .folder = f, .go_on = go_on, .round = ret, .dir = -1 };
	char **names;
	size_t n = 0;
	enum err e = hold(&w);

	*ret = (struct folder_round){ .busy = e == ERR_BUSY };
	if (e == OK && !may_move(&w))
		e = ERR_IO;
	if (e == OK)
		n = list_files(&w, &names);
	for (size_t i = 0; e == OK && i < n && (!go_on || go_on()); i++) {
		struct arena of_file;
		arena_init(&of_file, (size_t)1 << 30);
		e = one_file(&w, &of_file, names[i]);
		arena_fini(&of_file);
	}
	bool gone = e == ERR_ABSENT || e == ERR_IO;
	str why = e == ERR_ABSENT ? STR("the folder is not there")
	                          : STR("nothing can be moved to done/ and failed/ in the folder");
	if (gone && !(f->last == FOLDER_FAILED && str_eq(f->last_why, why)))
		note(&w, (str){ 0 }, (str){ 0 }, f->last_import, FOLDER_FAILED, why);
	let_go(&w);
	return e == ERR_BUSY ? OK : e;
}
