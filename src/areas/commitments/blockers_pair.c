/* Two records that somebody asks another to make one (A5): a blocker about the page that shows them beside each other.
   Answered as soon as whom it was asked of has merged or parted them. */
#include "areas/commitments/view.h"

#define ANSWERED_MOST 20

static bool
is_kind(str name)
{
	static const char *const kinds[] = { "account", "contact", "deal", "prospect" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_eq(name, str_of(kinds[i])))
			return true;
	return false;
}

bool
blocker_pair(str text, struct blocker_pair *ret)
{
	str ids, one, other;
	id x, y;

	str_cut(text, '/', &ret->kind, &ids);
	str_cut(ids, '/', &one, &other);
	if (!is_kind(ret->kind) || !id_parse(one, &x) || !id_parse(other, &y) || x == y)
		return false;
	ret->a = x < y ? x : y;
	ret->b = x < y ? y : x;
	return true;
}

str
blocker_about(struct arena *a, const struct blocker_pair *p)
{
	return str_fmt(
	        a, "duplicates/%.*s/%.*s/%.*s", STR_ARG(p->kind), STR_ARG(id_text(a, p->a)), STR_ARG(id_text(a, p->b)));
}

void
blocker_pair_of(const struct blocker *x, struct blocker_pair *ret)
{
	str head = STR("duplicates/");

	if (!str_starts(x->about, head) || !blocker_pair(str_from(x->about, head.n), ret))
		*ret = (struct blocker_pair){ .a = 0 };
}

enum err
blockers_of_pair(struct request *r, str pair, struct blocker_row **ret, size_t *ret_n)
{
	struct blocker_row *all;
	size_t n, kept = 0;
	struct blocker_pair p;

	*ret_n = 0;
	if (!blocker_pair(pair, &p))
		return OK;
	str page = blocker_about(r->arena, &p);
	enum err e = blockers_load(
	        r, "x.about_id = $4 and x.answered_on is null and $3 = $3 order by x.due, x.id", p.a, &all, &n);
	for (size_t i = 0; e == OK && i < n; i++)
		if (str_eq(all[i].b.about, page))
			all[kept++] = all[i];
	*ret = all;
	*ret_n = kept;
	return e;
}

enum err
blockers_answer_pair(struct change *c, str pair, str answer)
{
	struct blocker all[ANSWERED_MOST];
	struct rows rows;
	size_t n = 0;
	struct blocker_pair p;

	if (!blocker_pair(pair, &p))
		return OK;
	str page = blocker_about(c->arena, &p);
	str sql = str_fmt(c->arena,
	        "select %.*s from blocker x where x.org_id = $1 and x.about = $2 and x.owner = $3 and x.answered_on is "
	        "null "
	        "order by x.id limit %d",
	        STR_ARG(record_columns(c->arena, &blocker_record, "x")), ANSWERED_MOST);
	enum err e = db_query(c->conn, c->arena, str_z(c->arena, sql),
	        DB_ARGS(DB_I(c->grant->org), DB_T(page), DB_I(c->grant->person)), &rows);
	while (e == OK && n < ANSWERED_MOST && db_next(&rows))
		record_read(&rows, &blocker_record, 0, &all[n++]);
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++) {
		all[i].answer = answer;
		all[i].answered_on = c->today;
		e = record_save(c, &blocker_record, &all[i]);
	}
	return e;
}
