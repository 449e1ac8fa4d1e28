/* Whom somebody asks who may see two records and not merge them: the nearest person who leads all that is concerned. */
#include "areas/deals/account.h"

#define ASKED_MOST 40 /* persons whose rows move along */

static void
push(id *all, size_t *n, id person)
{
	size_t i = 0;

	while (i < *n && all[i] != person)
		i++;
	if (person && i == *n && i < ASKED_MOST)
		all[(*n)++] = person;
}

/* Whose the rows are that go over with the second: its owner's, and of each record that refers to it its persons'. */
static enum err
push_persons(struct request *r, const struct record *rec, id row, id *all, size_t *n)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && record_all[i]; i++) {
		const struct record *from = record_all[i];
		str first, rest;
		if (from->matter != MATTER_DEALS || !from->persons)
			continue;
		str_cut(str_of(from->persons), ' ', &first, &rest);
		for (size_t k = 0; e == OK && k < from->n_fields; k++) {
			const struct field *f = &from->fields[k];
			bool refers = f->kind == F_REF && (f->ref ? f->ref : from) == rec;
			struct rows rows;
			if (!refers && !(from == rec && k == 0))
				continue;
			str sql = str_fmt(r->arena,
			        "select distinct t.%.*s from %s t where t.org_id = $1 and t.%s = $2 limit %d",
			        STR_ARG(first), from->table, refers ? f->name : "id", ASKED_MOST);
			e = db_query(
			        r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(row)), &rows);
			while (e == OK && db_next(&rows))
				push(all, n, db_int(&rows, 0));
			if (e == OK)
				e = db_end(&rows);
		}
	}
	return e;
}

id
merge_who(struct request *r, const struct record *rec, id keep, id drop, str *ret_name)
{
	struct db_value values[ASKED_MOST + 2];
	id all[ASKED_MOST] = { 0 };
	size_t n = 0;
	str marks = { 0 };
	struct rows rows;
	id who = 0;

	push(all, &n, r->actor.person);
	if (push_persons(r, rec, keep, all, &n) != OK || push_persons(r, rec, drop, all, &n) != OK || !n)
		return 0;
	values[0] = DB_I(r->actor.org);
	values[1] = DB_I((int64_t)n);
	for (size_t i = 0; i < n; i++) {
		values[i + 2] = DB_I(all[i]);
		marks = str_fmt(r->arena, "%.*s%s$%zu", STR_ARG(marks), i ? ", " : "", i + 3);
	}
	str sql = str_fmt(r->arena,
	        "select p.id, p.name from line l join person p on p.org_id = l.org_id and p.id = l.above where "
	        "l.org_id = $1 "
	        "and "
	        "l.to_day is null and p.left_on is null and l.below in (%.*s) group by p.id, p.name having "
	        "count(distinct "
	        "l.below) = $2 order by sum(l.depth), p.id limit 1",
	        STR_ARG(marks));
	if (db_query(r->conn, r->arena, str_z(r->arena, sql), values, n + 2, &rows) != OK)
		return 0;
	if (db_next(&rows)) {
		who = db_int(&rows, 0);
		*ret_name = db_text(&rows, 1);
	}
	return db_end(&rows) == OK ? who : 0;
}
