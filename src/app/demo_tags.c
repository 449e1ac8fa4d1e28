/* Tags of the sample company's deals, so that a list can be filtered by one (D1).
   What it is not for: the deals (demo_deals.c). */
#include "app/demo.h"

#include "areas/deals/deals.h"

enum { TAGGED = 24 };

enum err
demo_make_tags(struct change *c, void *demo)
{
	static const char *const names[] = { "Tender", "Framework agreement", "Reference visit" };
	const struct demo *m = demo;
	struct deal_tag tags[TAGGED];
	void *each[TAGGED];
	struct rows rows;
	size_t n = 0;
	enum err e = db_query(c->conn, c->arena,
	        "select id, owner from deal where org_id = $1 and outcome = 'open' order by id limit $2",
	        DB_ARGS(DB_I(m->org), DB_I(TAGGED)), &rows);

	if (e != OK)
		return e;
	for (; n < TAGGED && db_next(&rows); n++) {
		record_init(&deal_tag_record, &tags[n]);
		tags[n].deal = db_int(&rows, 0);
		tags[n].person = db_int(&rows, 1);
		tags[n].name = str_of(names[n % 5 % 3]);
		each[n] = &tags[n];
	}
	e = db_end(&rows);
	return e == OK ? record_save_many(c, &deal_tag_record, each, n) : e;
}
