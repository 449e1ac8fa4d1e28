#include "areas/coaching/prepare.h"

#include <stdlib.h>
#include <string.h>

#define TEAM_LEAST 5  /* open deals of the team in a stage before its median is spoken of */
#define LOOK_BACK  28 /* days, when there was no session yet */

static int
by_number(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

int64_t
prep_median(int64_t *days, size_t n)
{
	if (!n)
		return NO_INT;
	qsort(days, n, sizeof *days, by_number);
	return days[(n - 1) / 2];
}

/* ---- the choice ---- */

static void
add_fact(struct topic *t, str fact)
{
	if (t->n_facts < sizeof t->facts / sizeof *t->facts)
		t->facts[t->n_facts++] = fact;
}

/* C2: in this stage longer than the person's own median and the team's in the same stage. */
static bool
is_slow(const struct prep_deal *x, int64_t own_median)
{
	return x->days != NO_INT && own_median != NO_INT && x->days > own_median && x->team_n >= TEAM_LEAST &&
	       x->days > x->team_median;
}

static int
level_of(const struct prep_deal *x, int64_t own_median)
{
	int level = x->n_why ? x->why[0].level : HEALTH_NONE;

	if (is_slow(x, own_median) && level < HEALTH_WATCH)
		level = HEALTH_WATCH;
	return level;
}

static const char *const questions_next[] = { "What would the buyer say is the next step?",
	"What did you plan, and what happened instead?", "Which day did they agree to?" };
static const char *const questions_stuck[] = { "What would have to be true for them to move?",
	"Who there loses most if nothing changes?", "What have we not asked yet?" };
static const char *const questions_close[] = { "Whose date is it, theirs or ours?",
	"What has to happen on their side before that day?", "What does each week of delay cost them?" };
static const char *const questions_good[] = { "What did you do differently here?",
	"Which part of it would work at another deal?", NULL };

static void
ask(struct topic *t, const char *const questions[3])
{
	for (size_t i = 0; i < 3 && questions[i]; i++)
		t->questions[t->n_questions++] = str_of(questions[i]);
}

static str
rule_of(struct arena *a, const struct prep_deal *x, int64_t own_median, int64_t own_n)
{
	const char *code = x->n_why ? x->why[0].code : "";

	if (strcmp(code, "stuck") == 0)
		return str_fmt(a,
		        "longer in the stage than its %lld allowed days; the deals with the worst health first, then "
		        "the largest.",
		        (long long)x->allowed);
	if (strcmp(code, "no-next-step") == 0)
		return STR(
		        "a deal somebody has worked here has no next step; the worst health first, then the largest.");
	if (strcmp(code, "overdue") == 0)
		return STR("the day of the next step has passed; the worst health first, then the largest.");
	if (strcmp(code, "close-passed") == 0 || strcmp(code, "pushed") == 0)
		return STR("the close date passed or moved later twice; the worst health first, then the largest.");
	if (is_slow(x, own_median))
		return str_fmt(a,
		        "%lld days in this stage; own median %lld (n = %lld open deals), team in this stage %lld (n = "
		        "%lld).",
		        (long long)x->days, (long long)own_median, (long long)own_n, (long long)x->team_median,
		        (long long)x->team_n);
	return STR("nothing recorded for three weeks; the worst health first, then the largest.");
}

static void
name_topic(struct arena *a, struct topic *t, const struct prep_deal *x)
{
	t->about = x->d.row.id;
	t->title = x->account.n ? x->account : x->d.name;
	t->stage = x->stage;
	if (x->d.value != NO_INT)
		t->value = money_short(a, money_of(x->d.value, x->d.currency));
}

static struct topic
topic_of(struct arena *a, const struct prep_deal *x, int64_t own_median, int64_t own_n)
{
	struct topic t = { .kind = TOPIC_DEAL };
	const char *code = x->n_why ? x->why[0].code : "slow";

	name_topic(a, &t, x);
	t.code = str_of(code);
	t.why = x->n_why ? str_fmt(a, "%.*s. To clear it: %.*s.", STR_ARG(x->why[0].what), STR_ARG(x->why[0].mend))
	                 : str_fmt(a, "%lld days in this stage, longer than usual.", (long long)x->days);
	t.rule = rule_of(a, x, own_median, own_n);
	for (size_t i = 1; i < x->n_why; i++)
		add_fact(&t, x->why[i].what);
	if (x->n_why && is_slow(x, own_median))
		add_fact(
		        &t, str_fmt(a, "Own median in a stage %lld days (n = %lld), team in this stage %lld (n = %lld)",
		                    (long long)own_median, (long long)own_n, (long long)x->team_median,
		                    (long long)x->team_n));
	if (x->open_steps)
		add_fact(&t, str_fmt(a, "%lld step%s the stage still open", (long long)x->open_steps,
		                     x->open_steps == 1 ? " that holds" : "s that hold"));
	if (x->d.next_step.n)
		add_fact(&t, str_fmt(a, "Next: %.*s", STR_ARG(x->d.next_step)));
	ask(&t, strcmp(code, "no-next-step") == 0 || strcmp(code, "overdue") == 0  ? questions_next
	        : strcmp(code, "close-passed") == 0 || strcmp(code, "pushed") == 0 ? questions_close
	                                                                           : questions_stuck);
	return t;
}

/* Where no rule fires (P5a: just after an import many are silent), there is still a deal to talk about. */
static struct topic
topic_of_largest(struct arena *a, const struct prep_deal *deals, size_t n)
{
	struct topic t = { .kind = TOPIC_DEAL, .agenda = true };
	const struct prep_deal *best = &deals[0];

	for (size_t i = 1; i < n; i++)
		if (deals[i].d.value > best->d.value)
			best = &deals[i];
	name_topic(a, &t, best);
	t.why = STR("Nothing speaks against it. Worth agreeing on what comes next, and on which day.");
	t.rule = STR("no rule fires on the open deals; the largest one.");
	if (best->d.next_step.n)
		add_fact(&t, str_fmt(a, "Next: %.*s", STR_ARG(best->d.next_step)));
	ask(&t, questions_next);
	return t;
}

void
prep_choose(struct arena *a, struct prep_deal *deals, size_t n, int64_t own_median, int64_t own_n, struct prepared *ret)
{
	bool *taken = arena_new(a, bool, n + 1);

	for (size_t i = 0; i < n; i++)
		ret->n_found += level_of(&deals[i], own_median) > HEALTH_HEALTHY;
	for (int k = 0; k < 4; k++) {
		size_t best = SIZE_MAX;
		for (size_t i = 0; i < n; i++) {
			int level = level_of(&deals[i], own_median),
			    than = best == SIZE_MAX ? 0 : level_of(&deals[best], own_median);
			if (taken[i] || level <= HEALTH_HEALTHY)
				continue;
			if (best == SIZE_MAX || level > than ||
			        (level == than && deals[i].d.value > deals[best].d.value))
				best = i;
		}
		if (best == SIZE_MAX)
			break;
		taken[best] = true;
		ret->topics[ret->n_topics] = topic_of(a, &deals[best], own_median, own_n);
		ret->topics[ret->n_topics++].agenda = k == 0;
	}
	if (!ret->n_topics && n)
		ret->topics[ret->n_topics++] = topic_of_largest(a, deals, n);
}

/* ---- reading ---- */

static const char deals_sql[] =
        "select %s, coalesce(a.name, ''), s.name, s.allowed_days,"
        " (select count(*) from step y where y.org_id = d.org_id and y.stage = d.stage and y.importance in "
        "('mandatory', 'critical') and not exists"
        " (select 1 from step_done x where x.org_id = d.org_id and x.deal = d.id and x.step = y.id)), s.position"
        " from deal d join stage s on s.org_id = d.org_id and s.id = d.stage left join account a on a.org_id = "
        "d.org_id and a.id = d.account"
        " where d.org_id = $1 and $2 = $2 {may:deals d.owner} and %s order by d.value desc, d.id limit 500";
static const char team_sql[] = "select d.stage, d.stage_since from deal d where d.org_id = $1 and $2 = $2 {may:deals "
                               "d.owner} and d.outcome = 'open'"
                               " and d.stage_since is not null and d.owner in (select l.below from line l where "
                               "l.org_id = $1 and l.above = $3 and l.to_day is null)"
                               " order by d.stage limit 20000";
static const char won_sql[] = "select d.id, d.name, coalesce(a.name, ''), d.value, d.currency, d.closed_on, "
                              "d.engaged_on from deal d left join account a on"
                              " a.org_id = d.org_id and a.id = d.account where d.org_id = $1 and $2 = $2 {may:deals "
                              "d.owner} and d.owner = $3 and d.outcome = 'won'"
                              " and d.closed_on >= $4 and d.closed_on <= $5 order by d.value desc, d.id limit 1";
static const char activity_sql[] = "select x.on_day, x.subject, x.kind, x.deal from activity x where x.org_id = $1 and "
                                   "$2 = $2 {may:deals x.person} and x.person = $3"
                                   " and x.on_day >= $4 and x.on_day <= $5 order by x.on_day desc, x.id desc limit 5";

static int64_t
days_in_stage(const struct deal *d, day today)
{
	return day_is(d->stage_since) ? day_between(d->stage_since, today) : NO_INT;
}

static enum err
load_deals(struct conn *c, struct arena *a, const struct grant *g, const char *where, id which, day today,
        struct prep_deal **ret, size_t *ret_n)
{
	const char *sql = str_z(a, str_fmt(a, deals_sql, str_z(a, record_columns(a, &deal_record, "d")), where));
	struct prep_deal *all = NULL;
	struct rows rows;
	size_t n = 0, cap = 0;
	struct rule_book book = { 0 };
	day until;
	enum err e = record_query(c, a, g, sql, DB_ARGS(DB_I(which)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		struct prep_deal *x = &all[n++];
		*x = (struct prep_deal){ 0 };
		int at = record_read(&rows, &deal_record, 0, &x->d);
		x->account = db_text(&rows, at);
		x->stage = db_text(&rows, at + 1);
		x->allowed = db_is_null(&rows, at + 2) ? NO_INT : db_int(&rows, at + 2);
		x->open_steps = db_int(&rows, at + 3);
		x->days = days_in_stage(&x->d, today);
		x->n_why = deal_health(
		        a, &x->d, rule_book_of(c, a, g->org, x->d.process, &book), x->allowed, today, x->why, &until);
	}
	if (e == OK)
		e = db_end(&rows);
	*ret = all;
	*ret_n = n;
	return e;
}

enum err
prep_deal_load(struct conn *c, struct arena *a, const struct grant *g, id deal, day today, struct prep_deal *ret)
{
	struct prep_deal *one;
	size_t n;
	enum err e = load_deals(c, a, g, "d.id = $3", deal, today, &one, &n);

	if (e == OK && !n)
		return ERR_ABSENT;
	if (e == OK)
		*ret = one[0];
	return e;
}

/* Medians of the team's open deals, stage by stage, into the deals of that stage. */
static void
give_team_median(struct prep_deal *deals, size_t n, id stage, int64_t *days, size_t n_days)
{
	int64_t median = prep_median(days, n_days);

	for (size_t i = 0; i < n; i++)
		if (deals[i].d.stage == stage) {
			deals[i].team_median = median;
			deals[i].team_n = (int64_t)n_days;
		}
}

static enum err
load_team(struct conn *c, struct arena *a, const struct grant *g, id coach, day today, struct prep_deal *deals,
        size_t n, struct prepared *ret)
{
	int64_t *days = NULL, *stage_days = NULL;
	size_t m = 0, cap = 0, k = 0, stage_cap = 0;
	id stage = 0;
	struct rows rows;
	enum err e = record_query(c, a, g, team_sql, DB_ARGS(DB_I(coach)), &rows);

	while (e == OK && db_next(&rows)) {
		int64_t d = day_between(db_day(&rows, 1), today);
		if (db_int(&rows, 0) != stage && k) {
			give_team_median(deals, n, stage, stage_days, k);
			k = 0;
		}
		stage = db_int(&rows, 0);
		arena_grow(a, days, m, cap);
		days[m++] = d;
		arena_grow(a, stage_days, k, stage_cap);
		stage_days[k++] = d;
	}
	if (k)
		give_team_median(deals, n, stage, stage_days, k);
	ret->team_median = prep_median(days, m);
	ret->team_n = (int64_t)m;
	return e == OK ? db_end(&rows) : e;
}

static void
count_deals(struct arena *a, const struct prep_deal *deals, size_t n, struct prepared *ret)
{
	int64_t *days = arena_new(a, int64_t, n + 1);
	size_t m = 0;

	ret->open = (int64_t)n;
	for (size_t i = 0; i < n; i++) {
		const struct deal *d = &deals[i].d;
		if (deals[i].days != NO_INT)
			days[m++] = deals[i].days;
		ret->steps_known = ret->steps_known || d->worked;
		ret->no_step += d->worked && !d->next_step.n;
		ret->moved += d->stage_since_known && day_is(d->stage_since) && d->stage_since.n >= ret->since.n;
	}
	ret->own_median = prep_median(days, m);
	ret->own_n = (int64_t)m;
	for (size_t i = 0; i < n; i++)
		ret->stuck +=
		        is_slow(&deals[i], ret->own_median) ||
		        (deals[i].allowed != NO_INT && deals[i].days != NO_INT && deals[i].days > deals[i].allowed);
}

/* ---- good news ---- */

static enum err
find_won(struct conn *c, struct arena *a, const struct grant *g, id owner, day since, day today, struct topic *ret)
{
	struct rows rows;
	enum err e = record_query(
	        c, a, g, won_sql, DB_ARGS(DB_I(owner), db_day_value(a, since), db_day_value(a, today)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows)) {
		str account = db_text(&rows, 2);
		day closed = db_day(&rows, 5), engaged = db_day(&rows, 6);
		*ret = (struct topic){ .kind = TOPIC_GOOD,
			.agenda = true,
			.about = db_int(&rows, 0),
			.title = account.n ? account : db_text(&rows, 1),
			.stage = STR("Won"),
			.why = str_fmt(a, "Won on %.*s. Worth asking how, so that others can copy it.",
			        STR_ARG(day_text(a, closed, today))),
			.rule = str_fmt(a, "the largest deal won since %.*s.", STR_ARG(day_text(a, since, today))) };
		if (!db_is_null(&rows, 3))
			ret->value = money_short(a, money_of(db_int(&rows, 3), db_text(&rows, 4)));
		if (day_is(engaged))
			add_fact(ret,
			        str_fmt(a, "%d days from engaging to the signature", day_between(engaged, closed)));
		ask(ret, questions_good);
	}
	return db_end(&rows);
}

/* The largest open deal that moved on here since, and has nothing against it. */
static bool
find_moved(struct arena *a, const struct prep_deal *deals, size_t n, day since, day today, struct topic *ret)
{
	const struct prep_deal *best = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct deal *d = &deals[i].d;
		if (!d->stage_since_known || !day_is(d->stage_since) || d->stage_since.n < since.n || deals[i].n_why)
			continue;
		if (!best || d->value > best->d.value)
			best = &deals[i];
	}
	if (!best)
		return false;
	*ret = (struct topic){ .kind = TOPIC_GOOD,
		.agenda = true,
		.why = str_fmt(a, "Moved to %.*s on %.*s. Worth asking what helped.", STR_ARG(best->stage),
		        STR_ARG(day_text(a, best->d.stage_since, today))),
		.rule = str_fmt(a, "the largest open deal that moved on since %.*s and has no flag.",
		        STR_ARG(day_text(a, since, today))) };
	name_topic(a, ret, best);
	ask(ret, questions_good);
	return true;
}

/* ---- skill ---- */

static const struct {
	const char *code, *skill;
} skill_for[] = { { "no-next-step", "Agreeing on a next step" }, { "overdue", "Agreeing on a next step" },
	{ "stuck", "Reaching the person who decides" }, { "slow", "Reaching the person who decides" },
	{ "quiet", "Reaching the person who decides" }, { "close-passed", "Talking about money" },
	{ "pushed", "Talking about money" } };

/* The pair's focus; else the skill that the first topic points to; else the first of the list for the role. */
static enum err
find_skill(struct conn *c, struct arena *a, id org, id focus, str code, bool leads, struct topic *ret)
{
	const char *name = "";
	struct rows rows;
	enum err e;

	for (size_t i = 0; i < sizeof skill_for / sizeof *skill_for; i++)
		if (!leads && str_eq(code, str_of(skill_for[i].code)))
			name = skill_for[i].skill;
	e = db_query(c, a,
	        "select id, name, coalesce(question, ''), case when id = $2 then 0 when name = $3 then 1 when role = "
	        "$4 then 2 else 3 end as fit"
	        " from skill where org_id = $1 order by fit, position, id limit 1",
	        DB_ARGS(DB_I(org), DB_I(focus), DB_T(str_of(name)), DB_T(leads ? STR("manager") : STR("seller"))),
	        &rows);
	if (e != OK)
		return e;
	if (db_next(&rows)) {
		int64_t fit = db_int(&rows, 3);
		*ret = (struct topic){ .kind = TOPIC_SKILL,
			.agenda = true,
			.about = db_int(&rows, 0),
			.title = db_text(&rows, 1),
			.rule = fit == 0   ? STR("the focus the two of you chose.")
			        : fit == 1 ? STR("no focus chosen yet; this skill goes with the first deal’s reason.")
			                   : STR("no focus chosen yet; the first skill of the list for this role.") };
		ret->why = fit == 0 ? STR("Choose one moment since the last session to look at together.")
		                    : STR("Keep it, or agree on another below.");
		str question = db_text(&rows, 2);
		if (question.n)
			ret->questions[ret->n_questions++] = question;
		ret->questions[ret->n_questions++] =
		        STR("On a scale of one to five, how sure are you of the next call?");
		ret->questions[ret->n_questions++] = STR("What would one point more look like?");
	}
	return db_end(&rows);
}

/* ---- what happened since ---- */

static enum err
find_since(struct conn *c, struct arena *a, id org, const struct session *s, day today, day *ret)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select held_on from coaching_session where org_id = $1 and pair = $2 and held_on is not null and "
	        "on_day < $3"
	        " order by on_day desc limit 1",
	        DB_ARGS(DB_I(org), DB_I(s->pair), db_day_value(a, s->on_day)), &rows);

	*ret = day_add(today, -LOOK_BACK);
	if (e != OK)
		return e;
	if (db_next(&rows))
		*ret = db_day(&rows, 0);
	return db_end(&rows);
}

static enum err
load_events(struct conn *c, struct arena *a, const struct grant *g, id person, day today, const struct prep_deal *deals,
        size_t n, struct prepared *ret)
{
	struct rows rows;
	enum err e = record_query(c, a, g, activity_sql,
	        DB_ARGS(DB_I(person), db_day_value(a, ret->since), db_day_value(a, today)), &rows);

	while (e == OK && db_next(&rows))
		ret->events[ret->n_events++] =
		        (struct prep_event){ db_day(&rows, 0), db_text(&rows, 1), db_text(&rows, 2), db_int(&rows, 3) };
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; i < n && ret->n_events < 10; i++) {
		const struct deal *d = &deals[i].d;
		str name = deals[i].account.n ? deals[i].account : d->name;
		if (d->stage_since_known && day_is(d->stage_since) && d->stage_since.n >= ret->since.n)
			ret->events[ret->n_events++] = (struct prep_event){ d->stage_since,
				str_fmt(a, "%.*s came to %.*s", STR_ARG(name), STR_ARG(deals[i].stage)), STR("move"),
				d->row.id };
	}
	for (size_t i = 1; i < ret->n_events; i++)
		for (size_t k = i; k > 0 && ret->events[k].on.n > ret->events[k - 1].on.n; k--) {
			struct prep_event x = ret->events[k];
			ret->events[k] = ret->events[k - 1];
			ret->events[k - 1] = x;
		}
	return e;
}

/* Of somebody who coaches: their own team first (C8). */
static enum err
team_topic(struct conn *c, struct arena *a, const struct grant *g, id person, day today, struct prepared *ret,
        bool *ret_leads)
{
	struct debt_sum sum = { 0 };
	enum err e = debt_of_coach(c, a, g, person, day_add(today, -84), today, today, &sum);

	*ret_leads = sum.people > 0;
	if (e != OK || !sum.people)
		return e;
	struct topic t = { .kind = TOPIC_TEAM,
		.title = STR("Coaching of their own team"),
		.agenda = sum.in_debt > 0,
		.why = sum.in_debt ? str_fmt(a, "%lld of %lld people had no confirmed session within their cadence.",
		                             (long long)sum.in_debt, (long long)sum.people)
		                   : str_fmt(a, "All %lld people are within their cadence.", (long long)sum.people),
		.rule = STR("coaching debt is looked at on every level; 12 weeks.") };
	add_fact(&t, str_fmt(a, "Claimed %lld, confirmed %lld, same skill named by both %lld", (long long)sum.claimed,
	                     (long long)sum.confirmed, (long long)sum.same_skill));
	t.questions[t.n_questions++] = STR("Whose session taught you most, and why?");
	t.questions[t.n_questions++] = STR("What keeps you from the others, and what can I take away?");
	ret->topics[ret->n_topics++] = t;
	return OK;
}

enum err
prep_make(struct conn *c, struct arena *a, const struct grant *g, const struct session *s, id focus, day today,
        struct prepared *ret)
{
	struct prepared p = { .made_on = today, .made_at = now() };
	struct prep_deal *deals = NULL;
	struct topic good = { 0 }, skill = { 0 };
	size_t n = 0;
	bool leads = false;
	enum err e = find_since(c, a, g->org, s, today, &p.since);

	if (e == OK)
		e = load_deals(c, a, g, "d.owner = $3 and d.outcome = 'open'", s->coachee, today, &deals, &n);
	if (e == OK)
		e = load_team(c, a, g, s->coach, today, deals, n, &p);
	if (e == OK)
		e = team_topic(c, a, g, s->coachee, today, &p, &leads);
	if (e != OK)
		return e;
	count_deals(a, deals, n, &p);
	prep_choose(a, deals, n, p.own_median, p.own_n, &p);
	e = find_won(c, a, g, s->coachee, p.since, today, &good);
	if (e == OK && !good.kind)
		find_moved(a, deals, n, p.since, today, &good);
	if (e == OK)
		e = find_skill(c, a, g->org, focus, p.n_topics ? p.topics[0].code : (str){ 0 }, leads, &skill);
	if (good.kind)
		p.topics[p.n_topics++] = good;
	if (skill.kind)
		p.topics[p.n_topics++] = skill;
	for (size_t i = 0; i < p.n_topics; i++)
		p.topics[i].first = p.topics[i].agenda;
	if (e == OK)
		e = load_events(c, a, g, s->coachee, today, deals, n, &p);
	if (e == OK)
		e = prep_stops(c, a, g, s, today, &p);
	if (e == OK)
		e = prep_weeks(c, a, g, s->coachee, today, &p);
	if (e == OK)
		*ret = p;
	return e;
}
