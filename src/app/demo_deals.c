#include "app/demo.h"
#include "areas/deals/deals.h"

enum { OPEN_STAGES = 5, WON = 5, LOST = 6, TOLD_DEALS = 900, TOLD_BATCH = 60, BULK_BATCH = 2000 };
/* Deals begin a little more than a year ago, so that the first quarter with a target has deals to close. */
enum { YEAR_AND_RUN_UP = 405 };

/* How a deal went: when it came into each stage, and how and when it ended. */
struct life {
	size_t owner, account, product;
	day created, entered[OPEN_STAGES], end; /* end: DAY_NONE while open */
	int reached;                            /* last open stage */
	bool won;
	int64_t amount;
	struct dice dice;
};

static const int medians[OPEN_STAGES] = { 15, 23, 25, 18, 13 };     /* days */
static const int passes[OPEN_STAGES] = { 730, 790, 795, 805, 835 }; /* permille */
/* Quantiles of a skewed spread: most are near the median, some take three times as long. */
static const int spreads[] = { 27, 37, 45, 52, 59, 67, 74, 82, 91, 101, 112, 125, 142, 166, 207, 310 };
static const int64_t prices[DEMO_PRODUCTS] = { 890000, 1450000, 3800000, 2650000, 4900000, 1800000 };

static void
live_stages(const struct demo *m, struct life *l)
{
	day at = l->created;
	int ability = m->people[l->owner].ability;

	l->end = DAY_NONE;
	for (int k = 0;; at = l->entered[++k]) {
		int days = medians[k] * dice_pick(&l->dice, spreads) / 100;
		day next = demo_workday(day_add(at, days > 0 ? days : 1));
		l->entered[k] = at;
		l->reached = k;
		if (day_between(m->today, next) > 0)
			return;
		bool on = dice_below(&l->dice, 1000) < passes[k] + ability;
		if (!on || k == OPEN_STAGES - 1) {
			l->end = next;
			l->won = on;
			return;
		}
		l->entered[k + 1] = next;
	}
}

static struct life
live(const struct demo *m, int64_t number)
{
	struct life l = { .dice = dice_make(m, DICE_DEAL, (uint64_t)number) };
	size_t seller = (size_t)dice_below(&l.dice, (int64_t)m->n_sellers + 1);

	l.created = demo_workday(day_add(m->today, -(int)dice_from(&l.dice, 3, YEAR_AND_RUN_UP)));
	l.owner = m->first_seller + seller;
	if (seller == m->n_sellers) { /* the new manager sold, and still sells a little */
		bool still = day_between(l.created, demo_promoted_on(m)) > 0 || dice_chance(&l.dice, 35);
		l.owner = still ? m->first_manager : m->first_seller + (size_t)dice_below(&l.dice, TOLD_TEAM);
	}
	l.account = (size_t)dice_below(&l.dice, (int64_t)m->n_accounts);
	l.product = (size_t)dice_below(&l.dice, DEMO_PRODUCTS);
	l.amount = prices[l.product] * dice_from(&l.dice, 1, 3) * dice_from(&l.dice, 88, 106) / 100 / 10000 * 10000;
	live_stages(m, &l);
	if (!day_is(l.end) && dice_chance(&l.dice, 8))
		l.amount = NO_INT; /* not known yet: the list price stands in (D5b) */
	return l;
}

/* What the customer buys it for: a deal is called by that. */
static const char *const product_words[DEMO_PRODUCTS][5] = {
	{ "Pressure transmitters for the boiler house", "Tank level, 12 points", "Pressure points, line 3",
	        "Replacing the old transmitters", "Clean-room pressure" },
	{ "Flow meters for the dosing line", "Cooling water metering", "Steam metering per hall",
	        "Custody transfer skid", "Flow pilot at one site" },
	{ "Calibration bench", "In-house calibration", "Bench and training", "Mobile calibration unit",
	        "Second bench for the test field" },
	{ "Stack gas analysers", "Emission monitoring", "Burner control upgrade", "Gas detection, paint shop",
	        "Analysers for two kilns" },
	{ "Line monitoring, filling plant", "Bottleneck study and sensors", "Monitoring of six presses",
	        "Predictive maintenance pilot", "Roll-out to three plants" },
	{ "Service contract, three years", "Spare parts and standby", "Yearly recalibration", "Shutdown service 2027",
	        "Remote support" }
};

static const char *
lost_reason(struct dice *d)
{
	static const char *const reasons[] = { "No decision", "No decision", "No decision", "Price", "Price",
		"Competitor", "Competitor", "Budget went elsewhere", "No contact any more", "Need was not urgent" };

	return dice_pick(d, reasons);
}

static str
next_step(struct dice *d, int stage)
{
	static const char *const steps[OPEN_STAGES][6] = {
		{ "Call to hear what the failures cost", "Meet the plant manager on site",
		        "Ask who else is troubled by it", "Send the summary of the call", "Book the first visit",
		        "Confirm who owns the problem" },
		{ "Work out the cost with the controller", "Second meeting with quality and production",
		        "Ask what happens if nothing is done", "Agree on the cost of an outage",
		        "See the line with maintenance", "Meet the CFO on the cost of delays" },
		{ "Meet the managing director", "Agree on the trial and its criteria", "Visit a reference together",
		        "Map who decides, and how", "Review the trial with quality", "Ask IT what they need" },
		{ "Walk through the proposal together", "Talk about price and terms",
		        "Write down the steps to the signature", "Answer purchasing’s questions",
		        "Call the sponsor before the board meets", "Agree on the delivery plan" },
		{ "Contract text with their legal counsel", "Confirm the signature date", "Plan the first week of work",
		        "Sign on site", "Payment terms with the CFO", "Hand over to the project lead" }
	};

	return str_of(steps[stage][dice_below(d, 6)]);
}

/* One in sixteen began as a prospect: of the calls when these ran, of the fair in the weeks after it, else of the
   website. */
static id
came_from(const struct demo *m, const struct life *l)
{
	int age = day_between(l->created, m->today);

	if ((l->account * 7 + (size_t)l->created.n) % 16)
		return 0;
	return m->campaigns[age < 70 ? 2 : age > 150 && age < 220 ? 0 : 1];
}

static void
fill_deal(struct change *c, const struct demo *m, const struct life *l, struct deal *d)
{
	record_init(&deal_record, d);
	d->name = str_fmt(c->arena, "%.*s: %s", STR_ARG(m->accounts[l->account].name),
	        product_words[l->product][(uint64_t)(l->amount + day_between(l->created, m->today)) % 5]);
	d->account = m->accounts[l->account].id;
	d->product = m->products[l->product];
	d->owner = m->people[l->owner].id;
	d->stage = m->stages[0].stage.row.id;
	d->amount = l->amount;
	d->campaign = came_from(m, l);
	d->currency = STR("EUR");
	d->created_on = d->engaged_on = l->created;
}

static enum err
save_at(struct change *c, const struct demo *m, struct life *l, day on, struct deal *d)
{
	c->effective = zone_instant(m->zone, on, (int)dice_from(&l->dice, 9 * 60, 17 * 60));
	d->touched_on = on;
	d->worked = true;
	return record_save(c, &deal_record, d);
}

static int
category_of(int stage)
{
	return stage == 4 ? CATEGORY_COMMIT : stage == 3 ? CATEGORY_BEST : CATEGORY_PIPELINE;
}

/* The stages a deal came through, each as an event of its day (D4). */
static enum err
tell_stages(struct change *c, const struct demo *m, struct life *l, struct deal *d)
{
	enum err e = OK;

	for (int k = 0; e == OK && k <= l->reached; k++) {
		day on = l->entered[k];
		c->today = on;
		d->stage = m->stages[k].stage.row.id;
		d->category = category_of(k);
		d->next_step = next_step(&l->dice, k);
		d->next_step_on = demo_workday(day_add(on, (int)dice_from(&l->dice, 5, 16)));
		if (!k)
			d->closes_on = demo_workday(day_add(on, (int)dice_from(&l->dice, 55, 130)));
		else if (day_between(d->closes_on, on) > -10 || dice_chance(&l->dice, 15))
			d->closes_on = demo_workday(day_add(on, (int)dice_from(&l->dice, 25, 70)));
		e = save_at(c, m, l, on, d);
	}
	return e;
}

static enum err
tell_end(struct change *c, const struct demo *m, struct life *l, struct deal *d)
{
	c->today = l->end;
	d->stage = m->stages[l->won ? WON : LOST].stage.row.id;
	d->closed_on = l->end;
	d->next_step = (str){ 0 };
	d->next_step_on = DAY_NONE;
	d->category = CATEGORY_NONE;
	if (!l->won)
		d->lost_reason = str_of(lost_reason(&l->dice));
	return save_at(c, m, l, l->end, d);
}

/* The day on which an open deal was last worked. */
static day
last_touch(const struct demo *m, const struct life *l)
{
	struct dice d = l->dice;
	day on = demo_workday(
	        day_add(m->today, -(int)(dice_chance(&d, 20) ? dice_from(&d, 15, 40) : dice_from(&d, 1, 14))));

	return day_between(l->entered[l->reached], on) < 0 ? l->entered[l->reached] : on;
}

/* Where an open deal stands today: some without a next step, some with one overdue, some pushed once more. */
static enum err
tell_today(struct change *c, const struct demo *m, struct life *l, struct deal *d)
{
	day on = last_touch(m, l);
	int64_t fate = dice_below(&l->dice, 100);

	c->today = m->today;
	d->next_step = fate < 14 ? (str){ 0 } : next_step(&l->dice, l->reached);
	d->next_step_on = fate < 14   ? DAY_NONE
	                  : fate < 30 ? demo_workday(day_add(m->today, -(int)dice_from(&l->dice, 1, 20)))
	                              : demo_workday(day_add(m->today, (int)dice_from(&l->dice, 3, 16)));
	if (day_between(d->closes_on, m->today) > 0 && dice_chance(&l->dice, 75))
		d->closes_on = demo_workday(day_add(m->today, (int)dice_from(&l->dice, 12, 60)));
	else if (dice_chance(&l->dice, 12))
		d->closes_on = demo_workday(day_add(d->closes_on, (int)dice_from(&l->dice, 14, 45)));
	return save_at(c, m, l, on, d);
}

struct batch {
	struct demo *m;
	int64_t from, to;
	struct step_done *ticks;
	struct activity *activities;
	size_t n_ticks, cap_ticks, n_activities, cap_activities;
};

static void
tick_stage(struct change *c, struct batch *b, struct life *l, const struct deal *d, int k, day until)
{
	const struct demo_stage *s = &b->m->stages[k];
	bool inside = !day_is(l->end) && k == l->reached;

	for (size_t i = 0; i < s->n_steps; i++) {
		int importance = s->steps[i].importance;
		int chance = importance >= IMPORTANCE_MANDATORY ? 94 : importance == IMPORTANCE_IMPORTANT ? 82 : 38;
		chance -= l->won ? 0 : 9;
		if (!dice_chance(&l->dice, inside ? chance / 2 : chance))
			continue;
		arena_grow(c->arena, b->ticks, b->n_ticks, b->cap_ticks);
		struct step_done *t = &b->ticks[b->n_ticks++];
		record_init(&step_done_record, t);
		t->deal = d->row.id;
		t->step = s->steps[i].row.id;
		t->person = d->owner;
		t->on_day = demo_workday(
		        day_add(l->entered[k], (int)dice_from(&l->dice, 0, day_between(l->entered[k], until))));
	}
}

static void
note_activities(struct change *c, struct batch *b, struct life *l, const struct deal *d, day until)
{
	static const char *const subjects[3][3] = { { "Called back about the failures", "Call: who decides",
		                                            "Call: dates" },
		{ "Sent the summary of our talk", "Sent the figures", "Asked for the next appointment" },
		{ "On site with production", "Meeting with purchasing", "Walk through the line" } };
	int n = (int)dice_from(&l->dice, 1, 3) + l->reached;

	for (int i = 0; i < n; i++) {
		int kind = (int)dice_below(&l->dice, 3);
		arena_grow(c->arena, b->activities, b->n_activities, b->cap_activities);
		struct activity *x = &b->activities[b->n_activities++];
		record_init(&activity_record, x);
		x->deal = d->row.id;
		x->account = d->account;
		x->person = d->owner;
		x->kind = kind + 1;
		x->on_day =
		        demo_workday(day_add(l->created, (int)dice_from(&l->dice, 0, day_between(l->created, until))));
		x->subject = str_of(subjects[kind][dice_below(&l->dice, 3)]);
	}
}

static enum err
tell_deal(struct change *c, struct batch *b, int64_t number)
{
	const struct demo *m = b->m;
	struct life l = live(m, number);
	struct deal d;
	day until = day_is(l.end) ? l.end : last_touch(m, &l);
	enum err e;

	fill_deal(c, m, &l, &d);
	e = tell_stages(c, m, &l, &d);
	if (e == OK)
		e = day_is(l.end) ? tell_end(c, m, &l, &d) : tell_today(c, m, &l, &d);
	c->effective = 0;
	for (int k = 0; e == OK && k <= l.reached; k++)
		tick_stage(c, b, &l, &d, k, k < l.reached ? l.entered[k + 1] : until);
	if (e == OK)
		note_activities(c, b, &l, &d, until);
	return e;
}

static enum err
save_array(struct change *c, const struct record *r, void *rows, size_t n)
{
	void **each = arena_new(c->arena, void *, n + 1);

	for (size_t i = 0; i < n; i++)
		each[i] = (char *)rows + i * r->size;
	return n ? record_save_many(c, r, each, n) : OK;
}

static enum err
tell_batch(struct change *c, void *what)
{
	struct batch b = *(struct batch *)what;
	enum err e = OK;

	for (int64_t i = b.from; e == OK && i < b.to; i++)
		e = tell_deal(c, &b, i);
	c->today = b.m->today;
	if (e == OK)
		e = save_array(c, &step_done_record, b.ticks, b.n_ticks);
	return e == OK ? save_array(c, &activity_record, b.activities, b.n_activities) : e;
}

/* In size only: as a file without history would bring them (D5b). */
static enum err
bulk_batch(struct change *c, void *what)
{
	const struct batch *b = what;
	const struct demo *m = b->m;
	size_t n = (size_t)(b->to - b->from);
	struct deal *all = arena_new(c->arena, struct deal, n);
	enum change_kind kind = c->kind;
	enum err e;

	for (size_t i = 0; i < n; i++) {
		struct life l = live(m, b->from + (int64_t)i);
		struct deal *d = &all[i];
		fill_deal(c, m, &l, d);
		d->stage = m->stages[day_is(l.end) ? l.won ? WON : LOST : l.reached].stage.row.id;
		d->closed_on = l.end;
		d->closes_on =
		        day_is(l.end) ? l.end : demo_workday(day_add(m->today, (int)dice_from(&l.dice, -10, 90)));
		d->category = day_is(l.end) ? CATEGORY_NONE : category_of(l.reached);
		if (!day_is(l.end))
			d->engaged_on = l.entered[l.reached];
		else if (!l.won)
			d->lost_reason = str_of(lost_reason(&l.dice));
	}
	c->kind = CHANGE_IMPORT;
	e = save_array(c, &deal_record, all, n);
	c->kind = kind;
	return e;
}

enum err
demo_make_deals(struct demo *m)
{
	int64_t told = m->n_deals <= 5000 ? m->n_deals : TOLD_DEALS, began = clock_steady_us(), took;
	struct batch b = { .m = m };
	enum err e = OK;

	for (int64_t i = 0; e == OK && i < m->n_deals; i = b.to) {
		int64_t most = i < told ? told : m->n_deals;
		int64_t size = i < told ? TOLD_BATCH : BULK_BATCH;
		b.from = i;
		b.to = i + size < most ? i + size : most;
		e = demo_change(m, "sample company: deals", i < told ? tell_batch : bulk_batch, &b);
	}
	took = clock_steady_us() - began;
	m->deals_per_second = took > 0 ? (double)m->n_deals * 1e6 / (double)took : 0;
	return e;
}
