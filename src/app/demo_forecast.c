/* What the sample company's leaders said they would win: some too much, some too little, and what came beside it.
   What it is not for: targets and promises (demo_lead.c). */
#include "app/demo.h"
#include "areas/forecast/forecast.h"
#include "areas/forecast/review.h"

/* Won in the quarter by all below, the leader's own deals with them. */
static enum err
won_below(struct change *c, const struct demo *m, size_t leader, day from, day to, int64_t *ret)
{
	return db_one_int(c->conn,
	        "select coalesce(sum(d.amount), 0) from deal d where d.org_id = $1 and d.outcome = 'won' and "
	        "d.closed_on >= $3"
	        " and d.closed_on <= $4 and exists (select 1 from line l where l.org_id = $1 and l.above = $2 and "
	        "l.below = "
	        "d.owner and l.from_day <= d.closed_on and (l.to_day is null or l.to_day >= d.closed_on))",
	        DB_ARGS(DB_I(m->org), DB_I(m->people[leader].id), db_day_value(c->arena, from),
	                db_day_value(c->arena, to)),
	        ret);
}

static enum err
say(struct change *c, const struct demo *m, size_t leader, day from)
{
	static const char *const notes[] = { "Two signatures are agreed, the rest needs the month.",
		"Holds if procurement at the largest one keeps its date.", "Without the deal that moved twice.", "" };
	struct dice d = dice_make(m, DICE_LEAD, 7000000 + leader * 1000 + (uint64_t)(uint32_t)from.n);
	day to = day_add(day_add_months(from, 3), -1), on = demo_workday(day_add(from, (int)dice_from(&d, 4, 11)));
	int64_t won = 0;
	struct forecast f;
	enum err e = won_below(c, m, leader, from, to, &won);

	if (e != OK || on.n > m->today.n)
		return e;
	/* What is still to come is guessed at; everybody's guess leans their own way. */
	if (to.n >= m->today.n)
		won = won * 90 / (day_between(from, m->today) + 5);
	record_init(&forecast_record, &f);
	f.person = m->people[leader].id;
	f.from_day = from;
	f.to_day = to;
	f.on_day = on;
	f.committed = won * (int64_t)(74 + leader * 13 % 35 + (uint64_t)dice_from(&d, 0, 20)) / 100 / 500000 * 500000;
	f.best = f.committed + f.committed / 400 / 5000 * 100 * 5000 + 2500000;
	f.sure = dice_from(&d, 10, 18) * 5;
	f.currency = STR("EUR");
	f.note = str_of(dice_pick(&d, notes));
	c->effective = zone_instant(m->zone, on, 9 * 60);
	return record_save(c, &forecast_record, &f);
}

/* P7: what the figures asked of who leads the process in the quarters before, and the answers. */
static enum err
answer(struct change *c, const struct demo *m)
{
	static const struct {
		int stage, step, found, answer, quarters;
		int64_t n, skipped, n_won, won_done, n_lost, lost_done;
		const char *reason;
	} told[] = {
		{ 1, 0, REVIEW_ASKED, REVIEW_KEEP, -3, 214, 31, 61, 57, 153, 126,
		        "I sat in on four first talks. Where the cost stands in numbers, purchasing comes to the "
		        "second talk by "
		        "itself. Two people asked for an example; it is in the guidance now." },
		{ 3, 1, REVIEW_SAME, REVIEW_CHANGE, -2, 143, 36, 64, 50, 79, 57,
		        "It is ticked when the offer goes out, so it says nothing. It becomes a question that asks for "
		        "the "
		        "buyer’s words about the price." },
	};
	enum err e = OK;

	for (size_t i = 0; e == OK && i < sizeof told / sizeof *told; i++) {
		day opened = demo_workday(day_add(day_add_months(day_quarter(m->today), 3 * told[i].quarters), 20));
		struct process_review x;
		record_init(&process_review_record, &x);
		x.person = m->people[1].id;
		x.process = m->stages[0].stage.process;
		x.step = m->stages[told[i].stage].steps[told[i].step].row.id;
		x.found = told[i].found;
		x.n = told[i].n;
		x.n_skipped = told[i].skipped;
		x.n_won = told[i].n_won;
		x.won_done = told[i].won_done;
		x.n_lost = told[i].n_lost;
		x.lost_done = told[i].lost_done;
		x.opened_on = opened;
		x.due = day_add(opened, REVIEW_DAYS);
		x.answer = told[i].answer;
		x.reason = str_of(told[i].reason);
		x.answered_on = demo_workday(day_add(opened, 17));
		c->effective = zone_instant(m->zone, x.answered_on, 15 * 60);
		e = record_save(c, &process_review_record, &x);
	}
	return e;
}

enum err
demo_make_forecasts(struct change *c, void *demo)
{
	const struct demo *m = demo;
	enum err e = OK;

	for (day q = day_add_months(day_quarter(m->today), -9); e == OK && q.n <= m->today.n;
	        q = day_add_months(q, 3)) {
		e = say(c, m, 1, q);
		for (size_t i = 0; e == OK && i < TOLD_MANAGERS && i < m->n_managers; i++)
			e = say(c, m, m->first_manager + i, q);
	}
	return e == OK ? answer(c, m) : e;
}
