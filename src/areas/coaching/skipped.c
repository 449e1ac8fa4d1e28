/* C10: two sessions in a row that were skipped are on the day of the coach's coach. */
#include "areas/coaching/debt.h"
#include "areas/coaching/pages.h"

enum err
skipped_today(struct request *r, struct today_items *ret)
{
	const struct debt_ask ask = {
		.reports_of = r->actor.person, .from = day_add(r->today, -84), .to = r->today, .today = r->today
	};
	struct pair_debt *all;
	size_t n = 0, said = 0;
	enum err e;

	if (!r->actor.person || !r->actor.leads)
		return OK;
	e = debt_pairs(r->conn, r->arena, &r->grant, &ask, &all, &n);
	for (size_t i = 0; e == OK && i < n && said < 3; i++) {
		const struct pair_debt *d = &all[i];
		if (d->skipped < 2 || d->ended)
			continue;
		today_push(r, ret,
		        (struct today_item){
		                .title = str_fmt(r->arena, "%.*s and %.*s have skipped %s sessions in a row",
		                        STR_ARG(d->coach_name), STR_ARG(d->coachee_name),
		                        d->skipped == 2 ? "two" : "more than two"),
		                .why = str_fmt(r->arena,
		                        "Agreed is %.*s. It clears with the next session that is held; ask what you "
		                        "can take off %.*s.",
		                        STR_ARG(d->rhythm), STR_ARG(d->coach_name)),
		                .href = STR("/coaching"),
		                .act = STR("See"),
		                .due = DAY_NONE });
		said++;
	}
	return e;
}
