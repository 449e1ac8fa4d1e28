/* What an account's deals are worth, in the company's currency by the last rates, with what each currency brings (D3).
 */
#include "areas/deals/account.h"

/* "$40k" and then the next; those that no rate converts stand apart. */
static void
name_part(struct arena *a, str *to, money part)
{
	*to = to->n ? str_fmt(a, "%.*s, %.*s", STR_ARG(*to), STR_ARG(money_short(a, part))) : money_short(a, part);
}

enum err
account_sum(struct request *r, struct rate_book *rates, id account, str outcome, struct account_sum *ret)
{
	struct rows rows;
	int64_t minor = 0, worth;
	bool foreign = false;
	str parts = { 0 };
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select d.currency, count(*), coalesce(sum(d.value), 0), count(d.value) from deal d where d.org_id = "
	        "$1 and "
	        "$2 = $2 and d.account = $3 and d.outcome = $4 {may:deals d.owner} group by d.currency order by 2 "
	        "desc, 1",
	        DB_ARGS(DB_I(account), DB_T(outcome)), &rows);

	*ret = (struct account_sum){ 0 };
	if (e != OK)
		return e;
	while (db_next(&rows)) {
		str code = db_text(&rows, 0);
		money part = money_of(db_int(&rows, 2), code);
		ret->n += db_int(&rows, 1);
		if (!db_int(&rows, 3))
			continue;
		if (rate_book_worth(rates, code, part.minor, db_int(&rows, 3), &worth)) {
			minor += worth;
			ret->any = true;
			foreign |= !str_eq(code, r->actor.currency);
			name_part(r->arena, &parts, part);
		} else {
			name_part(r->arena, &ret->left, part);
		}
	}
	ret->value = money_of(minor, r->actor.currency);
	if (foreign)
		ret->parts = parts;
	return db_end(&rows);
}
