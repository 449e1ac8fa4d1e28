#include "app/demo.h"

#include "app/setup.h"
#include "areas/coaching/coaching.h"
#include "areas/deals/sums.h"
#include "areas/process/standard.h"
#include "auth/session.h"

static uint64_t
mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

struct dice
dice_make(const struct demo *m, int purpose, uint64_t number)
{
	return (struct dice){ mix(mix(m->seed * 31 + (uint64_t)purpose) ^ mix(number + UINT64_C(0x9e3779b97f4a7c15))) };
}

int64_t
dice_below(struct dice *d, int64_t n)
{
	d->state += UINT64_C(0x9e3779b97f4a7c15);
	return (int64_t)(mix(d->state) % (uint64_t)n);
}

int64_t
dice_from(struct dice *d, int64_t least, int64_t most)
{
	return least + dice_below(d, most - least + 1);
}

bool
dice_chance(struct dice *d, int percent)
{
	return dice_below(d, 100) < percent;
}

day
demo_workday(day d)
{
	int weekday = day_weekday(d);

	return weekday > 5 ? day_add(d, 5 - weekday) : d;
}

size_t
demo_manager(const struct demo *m, enum style s)
{
	for (size_t i = 0; i < m->n_managers; i++)
		if (m->people[m->first_manager + i].style == (int)s)
			return m->first_manager + i;
	return 1;
}

enum err
demo_change(struct demo *m, const char *reason, enum err (*fn)(struct change *c, void *what), void *what)
{
	struct change_work w = { .grant = &m->grant,
		.reason = str_of(reason),
		.kind = CHANGE_JOB,
		.faults = m->faults,
		.fn = fn,
		.what = what };
	struct arena own;
	enum err e;

	arena_init(&own, (size_t)2 << 30);
	e = change_run(m->db, &own, &w);
	/* the faults' words may lie in that arena */
	for (struct fault *f = m->faults->first; f; f = f->next)
		*f = (struct fault){ .place = str_copy(m->arena, f->place),
			.what = str_copy(m->arena, f->what),
			.mend = str_copy(m->arena, f->mend),
			.next = f->next };
	arena_fini(&own);
	return e;
}

static enum err
load_process(struct conn *c, struct arena *a, void *what)
{
	struct demo *m = what;
	struct process p;
	struct stage *all;
	struct rows rows;
	size_t n = 0;
	enum err e = process_find_standard(c, a, &m->grant, &p);

	if (e == OK)
		e = process_stages(c, a, m->org, p.row.id, &all, &m->n_stages);
	for (size_t i = 0; e == OK && i < m->n_stages && i < 7; i++) {
		m->stages[i].stage = all[i];
		e = process_steps(c, a, m->org, all[i].row.id, &m->stages[i].steps, &m->stages[i].n_steps);
	}
	if (e == OK)
		e = db_query(
		        c, a, "select id from skill where org_id = $1 order by position", DB_ARGS(DB_I(m->org)), &rows);
	while (e == OK && n < 10 && db_next(&rows))
		m->skills[n++] = db_int(&rows, 0);
	if (e == OK)
		e = db_end(&rows);
	if (e == OK)
		e = db_one_int(c, "select id from framework where org_id = $1 and name = 'Weekly one-to-one'",
		        DB_ARGS(DB_I(m->org)), &m->frame_weekly);
	if (e == OK)
		e = db_one_int(c, "select id from framework where org_id = $1 and name = 'Coaching a coach'",
		        DB_ARGS(DB_I(m->org)), &m->frame_coach);
	return e;
}

bool
demo_signs_in(const struct demo *m, size_t i)
{
	/* one seller of the coach, one of the inspector */
	return i < 2 || (i >= m->first_manager && i < m->first_manager + TOLD_MANAGERS) ||
	       i == m->first_seller + TOLD_TEAM || i == m->first_seller + 2 * TOLD_TEAM;
}

static enum err
make_logins(struct conn *c, struct arena *a, void *what)
{
	struct demo *m = what;
	enum err e = membership_tie(c, m->org, m->login, m->people[0].id);

	for (size_t i = 1; e == OK && i < m->n_people; i++) {
		const struct demo_person *p = &m->people[i];
		id login;
		if (demo_signs_in(m, i))
			e = login_make(c, a, m->org, p->email, p->id, false, &login);
	}
	return e;
}

static enum err
make_company(struct demo *m)
{
	struct setup s = { .name = STR("Halden Instruments (sample)"),
		.currency = STR("EUR"),
		.zone = STR("Europe/Berlin"),
		.email = STR("admin@example.com"),
		.sample = true };
	enum err e = setup_company(m->db, m->arena, &s, m->faults);

	if (e != OK)
		return e;
	m->org = s.org;
	m->login = s.ret_login;
	m->grant = grant_all(m->org, 0, 0, "sample company");
	m->zone = zone_find(s.zone);
	m->today = zone_day(m->zone, now());
	return db_read(m->db, m->arena, load_process, m);
}

static void
count_people(struct demo *m)
{
	size_t more, directors;

	m->n_sellers = m->n_deals / 200 > TOLD_SELLERS ? (size_t)(m->n_deals / 200) : TOLD_SELLERS;
	more = m->n_sellers - TOLD_SELLERS;
	m->n_managers = TOLD_MANAGERS + (more + BULK_TEAM - 1) / BULK_TEAM;
	directors = (m->n_managers - TOLD_MANAGERS + 9) / 10;
	m->first_manager = 2 + directors;
	m->first_seller = m->first_manager + m->n_managers;
	m->n_people = m->first_seller + m->n_sellers;
	m->people = arena_new(m->arena, struct demo_person, m->n_people);
	m->n_accounts = (size_t)(m->n_deals / 8 > 120 ? m->n_deals / 8 : 120);
	m->accounts = arena_new(m->arena, struct demo_account, m->n_accounts);
}

enum err
demo_make(struct demo *m, struct db *db, struct arena *a, uint64_t seed, int64_t n_deals, struct faults *f)
{
	enum err e;

	*m = (struct demo){ .db = db, .arena = a, .seed = seed, .n_deals = n_deals ? n_deals : 900, .faults = f };
	e = make_company(m);
	if (e != OK)
		return e;
	count_people(m);
	e = demo_change(m, "sample company: people", demo_make_people, m);
	if (e == OK)
		e = demo_change(m, "sample company: head", demo_name_head, m);
	if (e == OK)
		e = db_write(db, a, make_logins, m);
	if (e == OK)
		e = demo_change(m, "sample company: products and accounts", demo_make_book, m);
	if (e == OK)
		e = demo_change(m, "sample company: campaigns", demo_make_campaigns, m);
	if (e == OK)
		e = demo_make_deals(m);
	if (e == OK)
		e = schema_plan_anew(db, a, NULL);
	if (e == OK)
		e = demo_change(m, "sample company: files", demo_make_files, m);
	if (e == OK)
		e = demo_change(m, "sample company: library", demo_make_library, m);
	if (e == OK)
		e = demo_change(m, "sample company: prospects", demo_make_prospects, m);
	if (e == OK)
		e = demo_change(m, "sample company: tags", demo_make_tags, m);
	if (e == OK)
		e = demo_change(m, "sample company: account plans", demo_make_plans, m);
	if (e == OK)
		e = demo_change(m, "sample company: what was promised", demo_make_lead, m);
	if (e == OK)
		e = demo_change(m, "sample company: forecasts", demo_make_forecasts, m);
	if (e == OK)
		e = demo_change(m, "sample company: traces of a number", demo_make_traces, m);
	if (e == OK)
		e = demo_make_coaching(m);
	if (e == OK)
		e = demo_change(m, "sample company: what was seen", demo_make_observations, m);
	if (e == OK)
		e = demo_change(m, "sample company: what was agreed", demo_make_agreements, m);
	if (e == OK)
		e = demo_change(m, "sample company: programmes", demo_make_programmes, m);
	if (e == OK)
		e = demo_change(m, "sample company: a meeting of several", demo_make_together, m);
	if (e == OK)
		e = demo_change(m, "sample company: goals and recognition", demo_make_motivation, m);
	if (e == OK)
		e = deal_sums_fold(db, a);
	return e == OK ? schema_plan_anew(db, a, NULL) : e;
}

struct remove_work {
	id org;
	bool sample;
};

static enum err
remove_all(struct conn *c, struct arena *a, void *what)
{
	struct remove_work *w = what;
	int64_t sample = 0;
	enum err e = db_one_int(c, "select coalesce(sample, 0) from company where org_id = $1 and id = $1",
	        DB_ARGS(DB_I(w->org)), &sample);

	w->sample = sample != 0;
	if (e == ERR_ABSENT || (e == OK && !sample))
		return OK;
	if (e == OK)
		e = record_remove_all(c, a, w->org);
	return e == OK ? auth_remove_company(c, w->org) : e;
}

enum err
demo_remove(struct db *db, struct arena *a, id org, struct faults *f)
{
	struct remove_work w = { .org = org };
	enum err e = db_write(db, a, remove_all, &w);

	if (e == OK && !w.sample)
		return fault_add(f, STR("company"), STR("is no sample"),
		        STR("only a sample company is removed by this command"));
	return e;
}

struct summary_work {
	id org;
	struct demo_summary *ret;
};

static enum err
summarize(struct conn *c, struct arena *a, void *what)
{
	struct summary_work *w = what;
	struct demo_summary *s = w->ret;
	const struct {
		const char *sql;
		int64_t *to;
	} all[] = {
		{ "select count(*) from person where org_id = $1", &s->people },
		{ "select count(*) from account where org_id = $1", &s->accounts },
		{ "select count(*) from contact where org_id = $1", &s->contacts },
		{ "select count(*) from deal where org_id = $1", &s->deals },
		{ "select count(*) from deal where org_id = $1 and outcome = 'open'", &s->open },
		{ "select count(*) from deal where org_id = $1 and outcome = 'won'", &s->won },
		{ "select count(*) from deal where org_id = $1 and outcome = 'lost'", &s->lost },
		{ "select coalesce(sum(value), 0) from deal where org_id = $1 and outcome = 'won'", &s->won_value },
		{ "select count(*) from step_done where org_id = $1", &s->steps },
		{ "select count(*) from activity where org_id = $1", &s->activities },
		{ "select count(*) from target where org_id = $1", &s->targets },
		{ "select count(*) from coaching_session where org_id = $1", &s->sessions },
		{ "select count(*) from coaching_session where org_id = $1 and answer = 'confirmed'", &s->confirmed },
		{ "select count(*) from commitment where org_id = $1", &s->commitments },
		{ "select count(*) from commitment where org_id = $1 and state = 'kept'", &s->kept },
		{ "select count(*) from blocker where org_id = $1", &s->blockers },
		{ "select count(*) from change_line where org_id = $1", &s->lines },
	};
	enum err e = OK;

	(void)a;
	for (size_t i = 0; e == OK && i < sizeof all / sizeof *all; i++)
		e = db_one_int(c, all[i].sql, DB_ARGS(DB_I(w->org)), all[i].to);
	return e;
}

enum err
demo_summarize(struct db *db, struct arena *a, id org, struct demo_summary *ret)
{
	struct summary_work w = { org, ret };

	*ret = (struct demo_summary){ 0 };
	return db_read(db, a, summarize, &w);
}
