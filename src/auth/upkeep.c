#include "auth/upkeep.h"

static const char *const kinds[] = { "made", "restored" };

struct note {
	enum upkeep kind;
	str place;
};

static enum err
store(struct conn *c, struct arena *a, void *what)
{
	const struct note *n = what;

	(void)a;
	return db_exec(c,
	        "insert into upkeep (kind, at, place) values ($1, $2, $3) on conflict (kind) do update set at = "
	        "excluded.at, place = excluded.place",
	        DB_ARGS(DB_T(str_of(kinds[n->kind])), DB_I(now()), DB_T(n->place)), NULL);
}

enum err
upkeep_note(struct db *d, struct arena *a, enum upkeep kind, str place)
{
	return db_write(d, a, store, &(struct note){ kind, place });
}

enum err
upkeep_find(struct conn *c, struct arena *a, enum upkeep kind, instant *ret_at, str *ret_place)
{
	struct rows rows;
	instant at = 0;
	str place = { 0 };
	enum err e = db_query(
	        c, a, "select at, place from upkeep where kind = $1", DB_ARGS(DB_T(str_of(kinds[kind]))), &rows);

	if (e != OK)
		return e;
	bool found = db_next(&rows);
	if (found) {
		at = db_int(&rows, 0);
		place = db_text(&rows, 1);
	}
	e = db_end(&rows);
	if (e != OK || !found)
		return e == OK ? ERR_ABSENT : e;
	*ret_at = at;
	*ret_place = place;
	return OK;
}
