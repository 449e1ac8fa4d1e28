/* Which stored records may be one and the same (alike.h says by what). */
#include "areas/deals/account.h"

#define PAIRS_MOST 200
#define LOOKED_AT  200000 /* records of a kind */

struct finding {
	struct request *r;
	const struct record *record;
	struct alike *all;
	size_t n, cap;
	struct duplicate_list *ret;
	size_t cap_pairs;
	enum err e;
};

static const char *
sql_of(struct arena *a, const struct grant *g, const struct record *r)
{
	if (alike_prospects(r)) /* those of nobody are everybody's to find (G1) */
		return str_z(a, str_fmt(a,
		                        "select t.id, t.name, t.name_key, coalesce(t.email, ''), 0, "
		                        "coalesce(t.company, ''), coalesce(t.phone, '') from "
		                        "prospect t where t.org_id = $1 and $2 = $2%.*s limit $3",
		                        STR_ARG(record_may(a, g, r))));
	if (r == &account_record)
		return "select t.id, t.name, t.name_key, coalesce(t.website, ''), 0 from account t where t.org_id = $1 "
		       "and $2 = $2 "
		       "{may:deals "
		       "t.owner} limit $3";
	if (r == &contact_record)
		return "select t.id, t.name, t.name_key, coalesce(t.email, ''), coalesce(t.account, 0), '', "
		       "coalesce(t.phone, "
		       "'') from contact t "
		       "where "
		       "t.org_id = $1 and $2 = $2 and (t.account is null or exists (select 1 from account a where "
		       "a.org_id = "
		       "t.org_id and a.id = t.account {may:deals a.owner})) limit $3";
	return "select t.id, t.name, t.name_key, '', coalesce(t.account, 0) from deal t where t.org_id = $1 and $2 = "
	       "$2 and "
	       "t.outcome = 'open' {may:deals t.owner} limit $3";
}

static enum err
load_all(struct finding *f)
{
	struct arena *a = f->r->arena;
	struct rows rows;
	enum err e = record_query(
	        f->r->conn, a, &f->r->grant, sql_of(a, &f->r->grant, f->record), DB_ARGS(DB_I(LOOKED_AT)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(a, f->all, f->n, f->cap);
		f->all[f->n++] = alike_of(a, f->record, db_int(&rows, 0), db_text(&rows, 1), db_text(&rows, 2),
		        db_text(&rows, 3), alike_prospects(f->record) ? db_text(&rows, 5) : (str){ 0 },
		        db_int(&rows, 4));
		if (f->record == &contact_record || alike_prospects(f->record))
			f->all[f->n - 1].phone = alike_phone(a, db_text(&rows, 6));
	}
	return db_end(&rows);
}

static enum err
is_distinct(struct finding *f, id a, id b, bool *ret)
{
	int64_t one;
	enum err e = db_one_int(f->r->conn,
	        "select 1 from distinct_pair where org_id = $1 and kind = $2 and one = $3 and other = $4",
	        DB_ARGS(DB_I(f->r->actor.org), DB_T(str_of(f->record->name)), DB_I(a < b ? a : b), DB_I(a < b ? b : a)),
	        &one);

	*ret = e == OK;
	return e == ERR_ABSENT ? OK : e;
}

static bool
push_pair(void *what, const struct alike *x, const struct alike *y, const char *why)
{
	struct finding *f = what;
	struct duplicate_list *l = f->ret;
	const struct alike *a = x->row < y->row ? x : y, *b = a == x ? y : x; /* the older stays */
	bool distinct;

	for (size_t i = 0; i < l->n; i++)
		if (l->pairs[i].a == a->row && l->pairs[i].b == b->row)
			return true;
	if (l->n == PAIRS_MOST) {
		l->more = true;
		return false;
	}
	f->e = is_distinct(f, a->row, b->row, &distinct);
	if (f->e != OK || distinct)
		return f->e == OK;
	arena_grow(f->r->arena, l->pairs, l->n, f->cap_pairs);
	l->pairs[l->n++] = (struct duplicate){ a->row, b->row, a->name, b->name, why };
	return true;
}

enum err
duplicates_find(struct request *r, const struct record *rec, struct duplicate_list *ret)
{
	struct finding f = { .r = r, .record = rec, .ret = ret };

	f.e = load_all(&f);
	if (f.e == OK)
		alike_pairs(rec, f.all, f.n, push_pair, &f);
	return f.e;
}

enum err
duplicates_near(struct request *r, const struct record *rec, str name, str mail, str company, id within, size_t most,
        struct duplicate_list *ret)
{
	struct finding f = { .r = r, .record = rec, .ret = ret };
	struct alike x = alike_of(r->arena, rec, 0, name, str_fold(r->arena, name), mail, company, within);
	enum err e = load_all(&f);

	for (size_t i = 0; e == OK && i < f.n; i++) {
		const char *why = alike_reason(rec, &x, &f.all[i]);
		if (!why)
			continue;
		if (ret->n == most) {
			ret->more = true;
			break;
		}
		arena_grow(r->arena, ret->pairs, ret->n, f.cap_pairs);
		ret->pairs[ret->n++] =
		        (struct duplicate){ .b = f.all[i].row, .name_a = name, .name_b = f.all[i].name, .why = why };
	}
	return e;
}
