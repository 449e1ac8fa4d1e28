#include "areas/leadership/view.h"

/* Read by who wrote it and their leader; by those below where the writer opened it (O5). */
enum err
account_load(struct request *r, id person, day from, day to, struct number_account *ret)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from number_account x where x.org_id = $1 and x.person = $3 and x.from_day = $4 and "
	        "x.to_day = $5 "
	        "and (x.person = $2 or x.leader = $2 or (x.open = 1 and exists (select 1 from line l where l.org_id = "
	        "$1 and "
	        "l.above = $3 and l.below = $2 and l.to_day is null)))",
	        STR_ARG(record_columns(r->arena, &number_account_record, "x")));
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql),
	        DB_ARGS(DB_I(person), db_day_value(r->arena, from), db_day_value(r->arena, to)), &rows);

	record_init(&number_account_record, ret);
	if (e == OK && db_next(&rows))
		record_read(&rows, &number_account_record, 0, ret);
	return e == OK ? db_end(&rows) : e;
}

enum err
account_save(struct request *r, day from, day to, id *ret_set)
{
	struct number_account x;
	int64_t leader = 0;
	enum err e = account_load(r, r->actor.person, from, to, &x);

	if (e == OK) /* O2: who led on the last day of it */
		e = db_one_int(r->conn,
		        "select above from line where org_id = $1 and below = $2 and depth = 1 and from_day <= $3 and "
		        "(to_day is "
		        "null or to_day >= $3)",
		        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), db_day_value(r->arena, to)), &leader);
	if (e != OK && e != ERR_ABSENT)
		return e;
	page_fill(r, &number_account_record, "did outside differently", &x);
	x.person = r->actor.person;
	x.leader = leader;
	x.from_day = from;
	x.to_day = to;
	x.open = page_field(r, "open").n != 0;
	x.on_day = r->today;
	return r->faults.n ? ERR_INPUT
	                   : page_save(r, STR("Account of a number written"), &number_account_record, &x, ret_set);
}
