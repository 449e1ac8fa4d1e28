/* O9: where a rule asks for a second person who is not there. The page names who could stand in, the result is marked
   "by one person", and nothing is blocked.
   What it is not for: who confirms when somebody is there (rules.c). */
#include "areas/commitments/commitments.h"

enum err
second_missing(struct conn *c, struct arena *a, id org, id person, day today, bool *ret)
{
	int64_t others = 0;
	enum err e = db_one_int(c,
	        "select count(*) from (select 1 from person where org_id = $1 and id <> $2 and (left_on is null or "
	        "left_on > "
	        "$3) limit 1) x",
	        DB_ARGS(DB_I(org), DB_I(person), db_day_value(a, today)), &others);

	if (e == OK)
		*ret = person && !others;
	return e;
}

/* A seller's duties are owed to the own leader, a leader's to those led (A2a). */
enum err
second_owed_missing(struct conn *c, struct arena *a, id org, const struct obligation *o, day today, bool *ret)
{
	const bool up = o->duty >= DUTY_EVIDENCE;
	int64_t n = 0;
	enum err e = db_one_int(c,
	        up ? "select count(*) from person p join person m on m.org_id = p.org_id and m.id = p.manager where "
	             "p.org_id "
	             "= $1 and p.id = $2 and (m.left_on is null or m.left_on > $3)"
	           : "select count(*) from person where org_id = $1 and manager = $2 and (left_on is null or left_on > "
	             "$3)",
	        DB_ARGS(DB_I(org), DB_I(o->person), db_day_value(a, today)), &n);

	if (e == OK)
		*ret = !n;
	return e;
}

/* The sponsor first (O8), then up to three who are here: those on the same place in the line before others. */
enum err
second_stand_in(struct conn *c, struct arena *a, id org, id person, day today, str *ret)
{
	str names = { 0 };
	struct rows rows;
	enum err e = db_query(c, a,
	        "select n.name, n.sponsor from (select coalesce(s.name, k.sponsor_name) as name, 1 as sponsor, 0 as "
	        "place, 0 "
	        "as id from company k left join person s on s.org_id = k.org_id and s.id = k.sponsor where k.org_id = "
	        "$1 "
	        "and (k.sponsor is null or k.sponsor <> $2) union all select p.name, 0, case when p.manager is null "
	        "then 1 "
	        "else 2 end, p.id from person p where p.org_id = $1 and p.id <> $2 and (p.left_on is null or p.left_on "
	        "> "
	        "$3) and not exists (select 1 from company k where k.org_id = p.org_id and k.sponsor = p.id)) n where "
	        "n.name is not null and n.name <> '' order by n.place, n.name, n.id limit 3",
	        DB_ARGS(DB_I(org), DB_I(person), db_day_value(a, today)), &rows);

	while (e == OK && db_next(&rows))
		names = str_fmt(a, "%.*s%s%.*s%s", STR_ARG(names), names.n ? " or " : "", STR_ARG(db_text(&rows, 0)),
		        db_int(&rows, 1) ? " (sponsor)" : "");
	if (e == OK)
		e = db_end(&rows);
	if (e == OK)
		*ret = names;
	return e;
}
