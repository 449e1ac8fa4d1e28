#include "app/demo.h"
#include "areas/commitments/commitments.h"
#include "areas/deals/deals.h"

size_t
demo_absences(const struct demo *m, size_t person, struct demo_span ret[3])
{
	struct dice d = dice_make(m, DICE_LEAD, 5000000 + person);
	size_t n = 0;

	for (int i = 0; i < 2; i++)
		if (dice_chance(&d, 75)) {
			day from = day_week(day_add(m->today, -(int)dice_from(&d, 20, 330)));
			ret[n++] = (struct demo_span){ from, day_add(from, (int)dice_from(&d, 0, 1) * 7 + 4), 0 };
		}
	if (person == m->first_seller + 9)
		ret[n++] = (struct demo_span){ day_add(m->today, -120), day_add(m->today, 240), 60 };
	else if (person == m->first_seller + 14)
		ret[n++] = (struct demo_span){ day_week(m->today), day_add(day_week(m->today), 11), 0 };
	return n;
}

bool
demo_is_away(const struct demo *m, size_t person, day on)
{
	struct demo_span s[3];
	size_t n = demo_absences(m, person, s);

	for (size_t i = 0; i < n; i++)
		if (!s[i].share && day_between(s[i].from, on) >= 0 && day_between(on, s[i].to) >= 0)
			return true;
	return false;
}

/* Those whose work is told in full. */
static bool
told(const struct demo *m, size_t i)
{
	return i < 2 || (i >= m->first_manager && i < m->first_manager + TOLD_MANAGERS) ||
	       (i >= m->first_seller && i < m->first_seller + TOLD_SELLERS);
}

static enum err
make_absences(struct change *c, const struct demo *m)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < m->n_people; i++) {
		struct demo_span s[3];
		size_t n = told(m, i) ? demo_absences(m, i, s) : 0;
		for (size_t k = 0; e == OK && k < n; k++) {
			struct absence x;
			record_init(&absence_record, &x);
			x.person = m->people[i].id;
			x.from_day = s[k].from;
			x.to_day = s[k].to;
			x.share = s[k].share;
			e = record_save(c, &absence_record, &x);
		}
	}
	return e;
}

/* Each seller's target, each leader's the sum below; the head has none. */
static enum err
make_targets(struct change *c, const struct demo *m)
{
	int64_t *amounts = arena_new(c->arena, int64_t, m->n_people);
	struct target *all = arena_new(c->arena, struct target, m->n_people);
	void **each = arena_new(c->arena, void *, m->n_people);
	enum err e = OK;

	for (size_t i = m->n_people; i-- > 1;) {
		struct dice d = dice_make(m, DICE_LEAD, i);
		if (i >= m->first_seller)
			amounts[i] = dice_from(&d, 23, 31) * 500000;
		if (m->people[i].manager)
			amounts[m->people[i].manager] += amounts[i];
	}
	for (day q = day_quarter(day_add(m->today, -270)); e == OK && day_between(q, m->today) >= 0;
	        q = day_add_months(q, 3)) {
		for (size_t i = 1; i < m->n_people; i++) {
			struct target *t = &all[i - 1];
			record_init(&target_record, t);
			t->person = m->people[i].id;
			t->from_day = q;
			t->to_day = day_add(day_add_months(q, 3), -1);
			t->amount = amounts[i];
			t->currency = STR("EUR");
			each[i - 1] = t;
		}
		e = record_save_many(c, &target_record, each, m->n_people - 1);
	}
	return e;
}

static enum err
sign_charter(struct change *c, const struct demo *m, size_t who, day on, struct charter *x)
{
	c->effective = zone_instant(m->zone, on, 11 * 60);
	x->person = m->people[who].id;
	x->number = 1;
	x->signed_on = on;
	return record_save(c, &charter_record, x);
}

static enum err
answer_charter(struct change *c, const struct demo *m, id charter, size_t who, day on, const char *objection)
{
	struct charter_answer x;

	c->effective = zone_instant(m->zone, on, 15 * 60);
	record_init(&charter_answer_record, &x);
	x.charter = charter;
	x.person = m->people[who].id;
	x.agrees = !objection;
	x.reason = str_of(objection);
	x.on_day = on;
	return record_save(c, &charter_answer_record, &x);
}

/* L1: what the head commits to, owed to whoever is led by it. */
static enum err
commit(struct change *c, const struct demo *m, id charter, const char *when, const char *then, day due)
{
	struct commitment x;

	record_init(&commitment_record, &x);
	x.owner = m->people[0].id;
	x.owed_to = m->people[1].id;
	x.when_ = str_of(when);
	x.then_ = str_of(then);
	x.due = due;
	x.state = COMMITMENT_OPEN;
	x.made_on = day_add(m->today, -20);
	x.moves = x.carried = 0;
	x.about = STR("charter");
	x.about_id = charter;
	return record_save(c, &commitment_record, &x);
}

static enum err
make_charters(struct change *c, const struct demo *m)
{
	day signed_on = demo_workday(day_add_months(m->today, -9));
	struct charter head, leader;
	enum err e;

	record_init(&charter_record, &head);
	head.part = STR("I asked for numbers and never for reasons. I promoted our best engineer and our best seller "
	                "and taught neither to "
	                "lead. For two years I did not see one customer together with a seller.");
	head.reason = STR("Two customers carry a third of our revenue. If one leaves, we close the works in Vienna.");
	head.reason_number = 14000000;
	head.reason_unit = STR("EUR of new orders in a year");
	head.reason_day = day_add_months(signed_on, 15);
	head.value_proposition = STR("Plants that know their measuring error lose less product.");
	head.messaging = STR("First what the error costs them, then what we make.");
	head.culture = STR("Who is above goes first: in coaching, in evidence, in saying what was missed.");
	head.stops = STR("I stop asking for a forecast on Friday evening. I stop joining deals in the last week.");
	e = sign_charter(c, m, 0, signed_on, &head);
	if (e == OK)
		e = commit(c, m, head.row.id, "a number is missed", "write my part before I ask for anybody else's",
		        demo_workday(day_add(m->today, 24)));
	if (e == OK)
		e = commit(c, m, head.row.id, "the quarter begins",
		        "ride along with one seller before the first review", demo_workday(day_add(m->today, 40)));
	if (e == OK)
		e = answer_charter(c, m, head.row.id, 1, day_add(signed_on, 1), NULL);
	if (e == OK)
		e = answer_charter(c, m, head.row.id, demo_manager(m, STYLE_GOOD), day_add(signed_on, 2), NULL);
	if (e == OK)
		e = answer_charter(c, m, head.row.id, demo_manager(m, STYLE_AVERAGE), day_add(signed_on, 6), NULL);
	if (e == OK)
		e = answer_charter(c, m, head.row.id, demo_manager(m, STYLE_INSPECTS), day_add(signed_on, 7),
		        "My team needs leads, not coaching. Who measures what marketing owes us?");
	if (e != OK)
		return e;
	record_init(&charter_record, &leader);
	leader.part = STR("I ran the pipeline review and called it coaching. I took over deals instead of helping my "
	                  "managers to lead.");
	leader.reason = STR("Four of ten sellers reach their target. It is the same four as last year.");
	leader.reason_number = 14;
	leader.reason_unit = STR("sellers at target");
	leader.reason_day = head.reason_day;
	leader.stops = STR("I stop opening a one-to-one with the forecast.");
	e = sign_charter(c, m, 1, demo_workday(day_add(signed_on, 14)), &leader);
	if (e == OK)
		e = answer_charter(c, m, leader.row.id, demo_manager(m, STYLE_GOOD), day_add(signed_on, 20), NULL);
	c->effective = 0;
	return e;
}

struct duty_row {
	int role, duty, cadence, days;
};

/* A2a: what each role owes unless they agree on something else. */
static const struct duty_row duty_rows[] = {
	{ ROLE_HEAD, DUTY_CHARTER, CADENCE_ONCE, 0 },
	{ ROLE_HEAD, DUTY_COACH, CADENCE_FORTNIGHTLY, 0 },
	{ ROLE_HEAD, DUTY_WATCH_COACHING, CADENCE_MONTHLY, 0 },
	{ ROLE_HEAD, DUTY_RIDE_ALONG, CADENCE_QUARTERLY, 0 },
	{ ROLE_HEAD, DUTY_BLOCKERS, CADENCE_STANDING, 5 },
	{ ROLE_HEAD, DUTY_ACCOUNT_FIRST, CADENCE_STANDING, 0 },
	{ ROLE_LEADER, DUTY_COACH, CADENCE_WEEKLY, 0 },
	{ ROLE_LEADER, DUTY_WATCH_COACHING, CADENCE_SIX_WEEKS, 0 },
	{ ROLE_LEADER, DUTY_PROCESS_REVIEW, CADENCE_QUARTERLY, 0 },
	{ ROLE_MANAGER, DUTY_COACH, CADENCE_WEEKLY, 0 },
	{ ROLE_MANAGER, DUTY_OBSERVED_CALL, CADENCE_MONTHLY, 0 },
	{ ROLE_MANAGER, DUTY_BLOCKERS, CADENCE_STANDING, 2 },
	{ ROLE_SELLER, DUTY_EVIDENCE, CADENCE_WEEKLY, 0 },
	{ ROLE_SELLER, DUTY_CONFIRM, CADENCE_WEEKLY, 0 },
	{ ROLE_SELLER, DUTY_NEXT_STEP, CADENCE_STANDING, 0 },
};

static enum err
owe(struct change *c, const struct demo *m, size_t who, const struct duty_row *r)
{
	bool new = m->people[who].style == STYLE_NEW;
	day on = new ? demo_promoted_on(m) : demo_workday(day_add(m->today, -255));
	struct obligation x;

	record_init(&obligation_record, &x);
	x.person = m->people[who].id;
	x.duty = r->duty;
	x.cadence = r->cadence;
	x.state = DUTY_AGREED;
	x.days = r->days ? r->days : NO_INT;
	x.from_day = on;
	x.agreed_on = on;
	x.agreed_by = m->people[who ? m->people[who].manager : 1].id;
	/* one changed by agreement: the average manager coaches every two weeks */
	if (m->people[who].style == STYLE_AVERAGE && r->duty == DUTY_COACH) {
		x.cadence = CADENCE_FORTNIGHTLY;
		x.change_reason = STR("Six people in two offices; every two weeks, an hour each.");
	}
	c->effective = zone_instant(m->zone, on, 10 * 60);
	return record_save(c, &obligation_record, &x);
}

static enum err
make_duties(struct change *c, const struct demo *m)
{
	enum err e = OK;

	for (size_t i = 0; i < m->n_people; i++)
		for (size_t k = 0; e == OK && told(m, i) && k < sizeof duty_rows / sizeof *duty_rows; k++)
			if (duty_rows[k].role == m->people[i].role)
				e = owe(c, m, i, &duty_rows[k]);
	c->effective = 0;
	return e;
}

static enum err
find_open_deal(struct change *c, const struct demo *m, struct blocker *x)
{
	enum err e = db_one_int(c->conn,
	        "select coalesce(max(id), 0) from deal where org_id = $1 and owner = $2 and outcome = 'open'",
	        DB_ARGS(DB_I(m->org), DB_I(x->raised_by)), &x->about_id);

	x->about = e == OK && x->about_id ? STR("deal") : (str){ 0 };
	return e;
}

static enum err
make_blockers(struct change *c, const struct demo *m)
{
	static const struct {
		const char *text, *answer;
		int ago, days,
		        late; /* late: working days after it was due; -9: still open; below 0 before it was due */
		int above;    /* 1: their manager, 2: the sales leader, 3: the head */
	} list[] = { { "The trial bench is booked until spring", "Second bench comes from service from the 1st on.",
		             170, 2, -1, 1 },
		{ "Legal takes three weeks for every contract",
		        "Standard text for orders below 50,000 needs no legal check.", 150, 5, 6, 3 },
		{ "No reference customer in food and drink", "Visited one together; they agreed to show the plant.",
		        132, 2, 0, 1 },
		{ "Prices for service are not in the list", "In the list since today.", 118, 2, -1, 1 },
		{ "Delivery dates change after the order", "Production now confirms a date within two days.", 96, 5, 9,
		        3 },
		{ "Two of us work the same account", "It is yours; I told both.", 80, 2, -1, 1 },
		{ "Technical questions wait a week for an answer", "An engineer is on duty each morning.", 66, 2, 1,
		        2 },
		{ "No budget for a visit on site", "Approved; below 500 you need not ask.", 45, 2, -1, 1 },
		{ "The data sheet of the HG-11 is wrong", "Corrected and sent to all customers.", 31, 2, 3, 2 },
		{ "Purchasing wants a payment term that we refuse", "", 19, 5, -9, 3 },
		{ "The new starter has no access to the CRM", "", 9, 2, -9, 1 },
		{ "Customer wants to speak to somebody from development", "", 1, 2, -9, 2 } };
	enum err e = OK;

	for (size_t i = 0; e == OK && i < sizeof list / sizeof *list; i++) {
		size_t who = m->first_seller + i * 7 % TOLD_SELLERS;
		struct blocker x;
		record_init(&blocker_record, &x);
		x.raised_by = m->people[who].id;
		x.owner = m->people[list[i].above == 1 ? m->people[who].manager : list[i].above == 2 ? 1 : 0].id;
		x.text = str_of(list[i].text);
		x.raised_on = demo_workday(day_add(m->today, -list[i].ago));
		x.due = day_add_working(x.raised_on, list[i].days);
		if (list[i].late == -9 && list[i].above > 1) /* what a customer waits for */
			e = find_open_deal(c, m, &x);
		if (e != OK)
			return e;
		c->effective = zone_instant(m->zone, x.raised_on, 13 * 60);
		e = record_save(c, &blocker_record, &x);
		if (e != OK || list[i].late == -9)
			continue;
		x.answer = str_of(list[i].answer);
		x.answered_on = day_add_working(x.raised_on, list[i].days + list[i].late);
		if (day_between(x.answered_on, m->today) > 2 && i % 5 != 3)
			x.confirmed_on = day_add_working(x.answered_on, 1);
		c->effective = zone_instant(m->zone, x.answered_on, 16 * 60);
		e = record_save(c, &blocker_record, &x);
	}
	c->effective = 0;
	return e;
}

enum err
demo_make_lead(struct change *c, void *what)
{
	const struct demo *m = what;
	enum err e = make_targets(c, m);

	if (e == OK)
		e = make_absences(c, m);
	if (e == OK)
		e = make_charters(c, m);
	if (e == OK)
		e = make_duties(c, m);
	return e == OK ? make_blockers(c, m) : e;
}
