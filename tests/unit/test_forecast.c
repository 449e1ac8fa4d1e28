#include "record.h"

#include "areas/forecast/figures.h"
#include "areas/forecast/forecast.h"
#include "areas/forecast/review.h"
#include "near.h"

/* Moves deals through the stages; its engine writes the events that the figures read (D4). */
static void
move(struct deal *d, size_t stage)
{
	d->stage = w.stages[stage].row.id;
	if (w.stages[stage].outcome == OUTCOME_LOST)
		d->lost_reason = STR("Price");
	assert_int_equal(save(&deal_record, d), OK);
}

static struct deal
make(const char *name, int owner, int64_t amount)
{
	struct deal d = deal_of(name, owner, amount);
	assert_int_equal(save(&deal_record, &d), OK);
	return d;
}

enum { FIRST, SECOND, WON = 5, LOST = 6 };

struct asked {
	struct report_scope scope;
	struct figures_stages stages;
	struct judge judge;
	struct figures_people people;
	struct figures_range range;
	struct figures_winloss winloss;
	struct figures_open *open;
	size_t n_open;
};

static enum err
ask_work(struct conn *c, struct arena *a, void *what)
{
	struct asked *x = what;
	enum err e = figures_stages(c, a, &w.all, &x->scope, &x->stages);

	if (e == OK)
		e = judge_steps(c, a, &w.all, &x->scope, &x->judge);
	if (e == OK)
		e = figures_people(c, a, &w.all, &x->scope, &x->people);
	if (e == OK)
		e = figures_range(c, a, &w.all, &x->scope, &x->range);
	if (e == OK)
		e = figures_winloss(c, a, &w.all, &x->scope, &x->winloss);
	return e == OK ? figures_open(c, a, &w.all, &x->scope, true, &x->open, &x->n_open) : e;
}

static struct asked
ask_for(id person)
{
	struct asked x = { .scope = { .person = person,
		                   .from = DAY_NONE,
		                   .to = DAY_NONE,
		                   .as_of = zone_day(zone_utc(), now()),
		                   .currency = STR("EUR") } };
	/* the zone of the company is ahead of UTC: its day may have begun */
	x.scope.as_of = day_add(x.scope.as_of, 1);
	assert_int_equal(db_read(w.b->db, w.arena, ask_work, &x), OK);
	return x;
}

/* A step makes its deal's figures, so that the deal is a newer one afterwards. */
static void
done(struct deal *d, id step)
{
	struct step_done s;
	record_init(&step_done_record, &s);
	s.deal = d->row.id;
	s.step = step;
	s.person = d->owner;
	assert_int_equal(save(&step_done_record, &s), OK);
	assert_int_equal(load(&deal_record, d->row.id, d), OK);
}

static id
step_of(size_t stage, const char *name)
{
	struct step s;
	record_init(&step_record, &s);
	s.stage = w.stages[stage].row.id;
	s.name = str_of(name);
	s.position = 90;
	w.kind = CHANGE_JOB; /* the process is in use (P1) */
	assert_int_equal(save(&step_record, &s), OK);
	w.kind = CHANGE_EDIT;
	return s.row.id;
}

/* D4: 6 deals: two won by way of the second stage, one lost there, one lost at once, one back again, one still. */
static void
stages(void **state)
{
	struct deal d;

	begin(state);
	for (int i = 0; i < 3; i++) {
		d = make("On", SELLER_1, 1000);
		move(&d, SECOND);
		move(&d, i < 2 ? WON : LOST);
	}
	d = make("Off", SELLER_2, 1000);
	move(&d, LOST);
	d = make("Back", SELLER_2, 1000);
	move(&d, SECOND);
	move(&d, FIRST);
	make("Still", SELLER_3, 1000);
	struct asked x = ask_for(0);
	const struct figures_stage *one = &x.stages.row[0], *two = &x.stages.row[1];
	assert_int_equal(one->stage, w.stages[0].row.id);
	assert_int_equal(one->entered, 7);
	assert_int_equal(one->moved, 4);
	assert_int_equal(one->lost, 1);
	assert_int_equal(one->here, 2);
	assert_int_equal(two->entered, 4);
	assert_int_equal(two->moved, 2);
	assert_int_equal(two->lost, 1);
	assert_int_equal(two->left_back, 1);
	assert_int_equal(two->on.num, 2);
	assert_int_equal(two->on.den, 3);
	assert_int_equal(x.stages.without, 0);
	/* Fewer than thirty decided: no range, and the reason is said. */
	assert_false(x.range.has);
	assert_has(x.range.why, "Only");
	/* A manager's part: seller 3 is not below. */
	x = ask_for(w.people[MANAGER_1]);
	assert_int_equal(x.stages.row[0].entered, 6);
	assert_int_equal(x.people.n, 2);
	assert_int_equal(x.winloss.lost, 2);
	assert_int_equal(x.winloss.n_reasons, 1);
	assert_has(x.winloss.reason[0].reason, "Price");
}

/* P7: a step that nearly all skip is the process's fault; one that only deals which never came there lack is not
   counted against it. */
static void
steps(void **state)
{
	begin(state);
	id used = step_of(SECOND, "Used"), skipped = step_of(SECOND, "Skipped");
	for (int i = 0; i < 16; i++) {
		struct deal d = make("Deal", i % 2 ? SELLER_1 : SELLER_2, 1000);
		if (i < 12) {
			move(&d, SECOND);
			done(&d, used);
			if (i == 0)
				done(&d, skipped);
		}
		move(&d, i < 6 ? WON : LOST);
	}
	struct asked x = ask_for(0);
	int seen = 0;
	for (size_t i = 0; i < x.judge.n; i++) {
		const struct judge_step *s = &x.judge.step[i];
		if (s->step == used) {
			assert_int_equal(s->skipped.num, 0);
			assert_int_equal(s->skipped.den, 12); /* not 16 */
			assert_false(s->by_most);
			assert_int_equal(s->won.num, 6);
			assert_int_equal(s->says, JUDGE_FEW);
			seen++;
		}
		if (s->step == skipped) {
			assert_true(s->by_most);
			assert_true(judge_asks(s));
			assert_int_equal(s->skipping, 2);
			assert_int_equal(s->people, 2);
			assert_int_equal(s->skipped.num, 11);
			assert_int_equal(s->n_faults, 0); /* nobody is at fault where most skip */
			seen++;
		}
	}
	assert_int_equal(seen, 2);
	/* The same rates: nobody differs, and a sentence says so (L3, C9). */
	assert_has(figures_people_words(w.arena, &x.people), "Nothing here says that people differ");
	assert_int_equal(x.people.differ.df, 1);
}

/* D6: forty decided on the day they began, half of them won, say of a deal that began today: half; categories stand
   beside it. */
static void
range(void **state)
{
	begin(state);
	day today = day_add(zone_day(zone_utc(), now()), 1);
	for (int i = 0; i < 40; i++) {
		struct deal d = deal_of("Past", SELLER_1, 1000);
		d.created_on = d.engaged_on = day_add(today, -400);
		d.closed_on = day_add(today, -400 + 200);
		d.stage = w.stages[i % 2 ? WON : LOST].row.id;
		d.lost_reason = i % 2 ? (str){ 0 } : STR("Price");
		assert_int_equal(save(&deal_record, &d), OK);
	}
	struct deal d = deal_of("Open", SELLER_2, 50000);
	d.created_on = d.engaged_on = day_add(today, -199);
	d.category = CATEGORY_COMMIT;
	assert_int_equal(save(&deal_record, &d), OK);
	struct asked x = ask_for(0);
	assert_true(x.range.has);
	assert_int_equal(x.range.n, 1);
	assert_int_equal(x.range.decided, 40);
	if (x.range.to.n > x.scope.as_of.n) { /* the end of a quarter is not always tomorrow */
		assert_near(simulate_reach(&x.range.range, 50000 + x.range.won), .5, .06);
		assert_int_equal(x.range.range.p10, x.range.won);
		assert_int_equal(x.range.range.p90, 50000 + x.range.won);
	}
	assert_int_equal(x.n_open, 1);
	assert_int_equal(x.open[0].commit, 50000);
	assert_int_equal(x.open[0].n_commit, 1);
}

static struct forecast
forecast_of(int whose, int64_t committed, int64_t best)
{
	struct forecast f;
	record_init(&forecast_record, &f);
	f.person = w.people[whose];
	f.from_day = day_quarter(zone_day(zone_utc(), now()));
	f.to_day = day_add(day_add_months(f.from_day, 6), -1);
	f.committed = committed;
	f.best = best;
	f.sure = 80;
	f.currency = STR("EUR");
	return f;
}

/* D6: what cannot be meant is refused at its field; what was said stays as it was said. */
static void
submissions(void **state)
{
	begin(state);
	struct forecast f = forecast_of(MANAGER_1, 100000, 90000);
	assert_int_equal(save(&forecast_record, &f), ERR_INPUT);
	assert_non_null(fault_at(&w.faults, STR("best")));
	f = forecast_of(MANAGER_1, -1, NO_INT);
	assert_int_equal(save(&forecast_record, &f), ERR_INPUT);
	f = forecast_of(MANAGER_1, 100000, NO_INT);
	f.sure = 101;
	assert_int_equal(save(&forecast_record, &f), ERR_INPUT);
	assert_non_null(fault_at(&w.faults, STR("sure")));
	f = forecast_of(MANAGER_1, 100000, NO_INT);
	f.to_day = day_add(f.from_day, -1);
	assert_int_equal(save(&forecast_record, &f), ERR_INPUT);
	f = forecast_of(MANAGER_1, 100000, 120000);
	assert_int_equal(save(&forecast_record, &f), OK);
	id set = w.set;
	f.committed = 1;
	assert_int_equal(save(&forecast_record, &f), ERR_INPUT);
	assert_non_null(fault_at(&w.faults, STR("committed")));
	assert_int_equal(number("select committed from forecast"), 100000);
	undo(set);
	assert_int_equal(number("select count(*) from forecast"), 0);
	assert_sound();
}

/* As the other manager sees it, where deals are open to the team alone (O5). */
static enum err
scores_of_team_work(struct conn *c, struct arena *a, void *what)
{
	struct grant g = w.all;

	g.person = w.people[MANAGER_2];
	g.reach[MATTER_DEALS][ACT_READ] = REACH_TEAM;
	g.reach[MATTER_SCORECARD][ACT_READ] = REACH_LINE;
	return forecast_scores(c, a, &g, 0, zone_day(zone_utc(), now()), what);
}

static enum err
scores_work(struct conn *c, struct arena *a, void *what)
{
	return forecast_scores(c, a, &w.all, w.people[MANAGER_1], zone_day(zone_utc(), now()), what);
}

/* D6: the first word of a past period is scored against what the team won in it. */
static void
scores(void **state)
{
	begin(state);
	day from = day_add_months(day_quarter(zone_day(zone_utc(), now())), -3),
	    to = day_add(day_add_months(from, 3), -1);
	w.kind = CHANGE_JOB; /* as entered then */
	const int64_t said[] = { 120000, 100000 };
	for (int i = 0; i < 3; i++) {
		struct forecast f = forecast_of(i < 2 ? MANAGER_1 : MANAGER_2, i < 2 ? said[i] : 1, NO_INT);
		f.from_day = from;
		f.to_day = to;
		f.on_day = day_add(from, i);
		assert_int_equal(save(&forecast_record, &f), OK);
	}
	struct deal d = deal_of("Won then", SELLER_1, 100000), other = deal_of("Of the other team", SELLER_3, 70000);
	d.created_on = d.engaged_on = other.created_on = other.engaged_on = from;
	d.closed_on = other.closed_on = to;
	d.stage = other.stage = w.stages[WON].row.id;
	assert_int_equal(save(&deal_record, &d), OK);
	assert_int_equal(save(&deal_record, &other), OK);
	struct forecast_scores s;
	assert_int_equal(db_read(w.b->db, w.arena, scores_work, &s), OK);
	assert_int_equal(s.n, 1); /* not the second word, not the other manager's */
	assert_int_equal(s.line[0].committed.minor, 120000);
	assert_int_equal(s.line[0].came.minor, 100000);
	assert_false(s.line[0].reached);
	assert_near(s.bias.mean, .2, 1e-12);
	assert_near(s.score.brier, .64, 1e-12);
	assert_int_equal(db_read(w.b->db, w.arena, scores_of_team_work, &s), OK);
	assert_int_equal(s.n, 1); /* a sum of deals that are not all in reach would be wrong, so it is not said */
	assert_int_equal(s.line[0].f.person, w.people[MANAGER_2]);
	assert_int_equal(s.line[0].came.minor, 70000);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { BOTH(stages), BOTH(steps), BOTH(range), BOTH(submissions), BOTH(scores) };

	(void)argc;
	both_begin(argv);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
