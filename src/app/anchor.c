/* An anchor outside the database: where the chain of change sets stood. The chain itself finds what was altered or
   taken out of its middle; that its end was cut off or written anew only somebody can tell who kept it elsewhere. */
#include "app/anchor.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/out.h"
#include "base/time.h"
#include "record/record.h"

struct anchoring {
	str kept; /* the file as it was */
	struct out *fresh;
	struct check_report *report;
	size_t compared;
};

static enum err
compare(struct conn *c, struct arena *a, struct anchoring *w, str line)
{
	str when, org, seq, chain, rest;
	int64_t number, of;
	struct rows rows;
	enum err e;

	str_cut(line, ' ', &when, &rest);
	str_cut(rest, ' ', &org, &rest);
	str_cut(rest, ' ', &seq, &chain);
	if (!id_parse(org, &of) || !str_to_i64(seq, &number) || chain.n != 64) {
		check_say(a, w->report, STR("anchor"),
		        str_fmt(a, "“%.*s” is no line of an anchor", STR_ARG(str_first(line, 60))));
		return OK;
	}
	e = db_query(c, a, "select chain from change_set where org_id = $1 and seq = $2",
	        DB_ARGS(DB_I(of), DB_I(number)), &rows);
	if (e != OK)
		return e;
	bool there = db_next(&rows), same = there && str_eq(db_text_raw(&rows, 0), chain);
	e = db_end(&rows);
	if (!same)
		check_say(a, w->report, str_fmt(a, "company %.*s", STR_ARG(org)),
		        str_fmt(a, "the anchor of %.*s has change set number %lld, %s", STR_ARG(when),
		                (long long)number,
		                there ? "another one stands there: the history was written anew"
		                      : "it is gone: the end of the history was cut off, or an older backup was "
		                        "restored"));
	w->compared++;
	return e;
}

static enum err
add_heads(struct conn *c, struct arena *a, struct anchoring *w)
{
	struct rows rows;
	str now_text = instant_iso(a, now());
	enum err e = db_query(c, a,
	        "select x.org_id, x.seq, x.chain from change_set x where x.seq = (select max(y.seq) from change_set y "
	        "where "
	        "y.org_id = x.org_id) order by x.org_id",
	        DB_NO_ARGS, &rows);

	while (e == OK && db_next(&rows)) {
		str line = str_fmt(a, "%.*s %lld %.*s", STR_ARG(id_text(a, db_int(&rows, 0))),
		        (long long)db_int(&rows, 1), STR_ARG(db_text(&rows, 2)));
		if (str_find(w->kept, line) == SIZE_MAX)
			out_fmt(w->fresh, "%.*s %.*s\n", STR_ARG(now_text), STR_ARG(line));
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
look(struct conn *c, struct arena *a, void *what)
{
	struct anchoring *w = what;
	str line, rest = w->kept;
	enum err e = OK;

	while (e == OK && rest.n) {
		str_cut(rest, '\n', &line, &rest);
		if (line.n)
			e = compare(c, a, w, line);
	}
	return e == OK ? add_heads(c, a, w) : e;
}

static bool
append(const char *path, const struct out *o, struct arena *a)
{
	str all = out_all(o, a);
	FILE *f = fopen(path, "a");

	if (!f)
		return false;
	bool good = fwrite(all.s, 1, all.n, f) == all.n && fflush(f) == 0 && fsync(fileno(f)) == 0;
	return fclose(f) == 0 && good;
}

static str
read_kept(const char *path, struct arena *a)
{
	struct out o;
	char part[4096];
	size_t n;
	FILE *f = fopen(path, "r");

	if (!f)
		return (str){ 0 };
	out_init(&o, 0);
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		out_bytes(&o, part, n);
	fclose(f);
	str all = out_all(&o, a);
	out_fini(&o);
	return all;
}

enum err
anchor_check(struct db *d, struct arena *a, const char *path, struct check_report *report)
{
	struct out fresh;
	struct anchoring w = { .kept = read_kept(path, a), .fresh = &fresh, .report = report };
	enum err e;

	out_init(&fresh, 0);
	e = db_read(d, a, look, &w);
	if (e == OK && !report->n && !append(path, &fresh, a))
		check_say(a, report, str_of(path), STR("cannot be written; nothing was anchored"));
	out_fini(&fresh);
	return e;
}
