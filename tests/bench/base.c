/* The filler: everything goes through the engine, as an import does. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/setup.h"
#include "areas/coaching/coaching.h"
#include "areas/deals/deals.h"
#include "areas/process/standard.h"
#include "bench.h"

enum {
	TEAM = 8,
	TEAMS = 60,
	OWNERS = TEAM * TEAMS,
	BATCH = 500,
	PRODUCTS = 7,
	ACTIVE = 64,
	OURS = TEAMS / 2 * TEAM,
	FAIR = 10000
};

struct filling {
	struct base *base;
	id head, leaders[TEAMS], owners[OWNERS], products[PRODUCTS], *accounts;
	struct stage *stages;
	size_t n_stages, n_accounts, from, n;
	day today;
};

/* The leader's own team has the same deals in every base: its board and its preparation have equally much to show. */
static size_t
owner_of(size_t i, size_t owner)
{
	return i >= FAIR && owner / TEAM == OURS / TEAM ? (owner + TEAM) % OWNERS : owner;
}

/* The same numbers on every run: a base compares with the one of yesterday. */
static size_t
mix(size_t i, size_t salt, size_t below)
{
	uint64_t x = ((uint64_t)i + 1) * UINT64_C(0x9e3779b97f4a7c15) + salt * UINT64_C(0xbf58476d1ce4e5b9);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (size_t)((x ^ (x >> 31)) % below);
}

static enum err
add_person(struct change *c, const char *kind, size_t number, int role, id manager, id *ret)
{
	struct person p;
	enum err e;

	record_init(&person_record, &p);
	p.name = str_fmt(c->arena, "%s %03zu", kind, number);
	p.email = str_fmt(c->arena, "%s%zu@bench.example", kind, number);
	p.role = role;
	p.manager = manager;
	p.manager_from = manager ? c->today : DAY_NONE;
	e = record_save(c, &person_record, &p);
	*ret = p.row.id;
	return e;
}

static enum err
add_people(struct change *c, void *what)
{
	struct filling *f = what;
	enum err e = add_person(c, "Head", 1, ROLE_HEAD, 0, &f->head);

	for (size_t i = 0; e == OK && i < TEAMS; i++)
		e = add_person(c, "Leader", i + 1, ROLE_MANAGER, f->head, &f->leaders[i]);
	for (size_t i = 0; e == OK && i < OWNERS; i++)
		e = add_person(c, "Seller", i + 1, ROLE_SELLER, f->leaders[i / TEAM], &f->owners[i]);
	return e;
}

static enum err
add_things(struct change *c, void *what)
{
	struct filling *f = what;
	enum err e = OK;

	for (size_t i = 0; e == OK && f->from == 0 && i < PRODUCTS; i++) {
		struct product p;
		record_init(&product_record, &p);
		p.name = str_fmt(c->arena, "Product %zu", i + 1);
		p.list_price = (int64_t)(i + 1) * 100000;
		p.currency = STR("EUR");
		e = record_save(c, &product_record, &p);
		f->products[i] = p.row.id;
	}
	for (size_t i = f->from; e == OK && i < f->from + f->n; i++) {
		struct account a;
		record_init(&account_record, &a);
		a.name = str_fmt(c->arena, "Account %zu of %zu", i + 1, mix(i, 9, 1000));
		a.country = STR("Austria");
		e = record_save(c, &account_record, &a);
		f->accounts[i] = a.row.id;
	}
	return e;
}

static void
fill_deal(const struct filling *f, struct arena *a, size_t i, struct deal *d)
{
	size_t open = 0, s;
	int age = (int)mix(i, 1, 700);

	record_init(&deal_record, d);
	for (size_t k = 0; k < f->n_stages; k++)
		open += f->stages[k].outcome == OUTCOME_OPEN;
	s = mix(i, 2, 10) < 3 ? mix(i, 3, open) : open + mix(i, 3, f->n_stages - open);
	d->name = str_fmt(a, "Deal %zu, %zu seats", i + 1, mix(i, 4, 900) + 1);
	d->account = f->accounts[mix(i, 5, f->n_accounts)];
	d->product = f->products[mix(i, 6, PRODUCTS)];
	d->owner = f->owners[owner_of(i, mix(i, 7, OWNERS))];
	d->stage = f->stages[s].row.id;
	d->currency = STR("EUR");
	d->amount = mix(i, 8, 20) ? (int64_t)mix(i, 10, 9000000) + 1000 : NO_INT;
	d->created_on = day_add(f->today, -age);
	d->engaged_on = d->created_on;
	if (f->stages[s].outcome == OUTCOME_OPEN)
		d->closes_on = day_add(f->today, (int)mix(i, 11, 200) - 60);
	else
		d->closed_on = day_add(d->created_on, age ? (int)mix(i, 12, (size_t)age) : 0);
	if (mix(i, 13, 2)) {
		d->next_step = STR("Call about the offer");
		d->next_step_on = day_add(f->today, (int)mix(i, 14, 60) - 20);
	}
	d->source = STR("bench");
	d->external_id = str_fmt(a, "B%zu", i + 1);
}

static enum err
add_deals(struct change *c, void *what)
{
	struct filling *f = what;
	struct deal *all = arena_new(c->arena, struct deal, f->n);
	void **each = arena_new(c->arena, void *, f->n);
	struct base *b = f->base;
	enum err e;

	for (size_t i = 0; i < f->n; i++) {
		fill_deal(f, c->arena, f->from + i, &all[i]);
		each[i] = &all[i];
	}
	e = record_save_many(c, &deal_record, each, f->n);
	if (e == OK && f->from + f->n == b->n)
		for (b->n_deals = 0; b->n_deals < ACTIVE && b->n_deals < f->n; b->n_deals++)
			b->deals[b->n_deals] = all[b->n_deals].row.id;
	return e;
}

static enum err
add_activities(struct change *c, void *what)
{
	struct filling *f = what;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < f->base->n_deals * 6; i++) {
		struct activity x;
		record_init(&activity_record, &x);
		x.deal = f->base->deals[i / 6];
		x.person = f->owners[mix(i, 15, OWNERS)];
		x.kind = 1 + (int)(i % 5);
		x.on_day = day_add(f->today, (int)(i % 6) - 6);
		x.subject = STR("Spoke about the offer");
		x.text = STR("They asked who else uses it, and when it could start.");
		e = record_save(c, &activity_record, &x);
	}
	return e;
}

/* A session to prepare: the leader and the first of the team. */
static enum err
add_session(struct change *c, void *what)
{
	struct filling *f = what;
	struct session s;
	struct pair p;
	enum err e;

	record_init(&pair_record, &p);
	p.coach = f->leaders[TEAMS / 2];
	p.coachee = f->owners[OURS];
	p.cadence = CADENCE_WEEKLY;
	p.weekday = 2;
	p.start = 600;
	p.length = 30;
	p.from_day = day_add(f->today, -70);
	p.line = true;
	e = record_save(c, &pair_record, &p);
	record_init(&session_record, &s);
	s.pair = p.row.id;
	s.coach = p.coach;
	s.coachee = p.coachee;
	s.on_day = day_add(f->today, 1);
	s.start = p.start;
	s.length = p.length;
	s.state = SESSION_PLANNED;
	if (e == OK)
		e = record_save(c, &session_record, &s);
	f->base->session = s.row.id;
	return e;
}

static void
change(struct filling *f, enum change_kind kind, enum err (*fn)(struct change *, void *), const char *what)
{
	struct base *b = f->base;
	struct grant g = grant_all(b->org, 0, 0, "bench");
	struct faults faults;
	struct arena a;
	enum err e;

	arena_init(&a, (size_t)1 << 30);
	faults_init(&faults, &a);
	struct change_work w = {
		.grant = &g, .reason = STR("bench"), .kind = kind, .faults = &faults, .fn = fn, .what = f
	};
	e = change_run(b->db, &a, &w);
	for (const struct fault *x = faults.first; x; x = x->next)
		fprintf(stderr, "%.*s: %.*s\n", STR_ARG(x->place), STR_ARG(x->what));
	must(e, what);
	arena_fini(&a);
}

static enum err
find_stages(struct conn *c, struct arena *a, void *what)
{
	struct filling *f = what;
	struct grant g = grant_all(f->base->org, 0, 0, "bench");
	struct process p;
	enum err e = process_find_standard(c, a, &g, &p);

	return e == OK ? process_stages(c, a, g.org, p.row.id, &f->stages, &f->n_stages) : e;
}

static enum err
make_login(struct conn *c, struct arena *a, void *what)
{
	struct base *b = what;
	return login_make(c, a, b->org, STR("leader@bench.example"), b->leader, false, &b->login);
}

static void
fill_all(struct base *b)
{
	struct filling f = { .base = b, .today = zone_day(zone_utc(), now()), .n_accounts = b->n / 10 };
	double start;

	must(db_read(b->db, &b->keep, find_stages, &f), "stages");
	f.accounts = arena_new(&b->keep, id, f.n_accounts);
	change(&f, CHANGE_JOB, add_people, "people");
	for (f.from = 0; f.from < f.n_accounts; f.from += f.n) {
		f.n = f.n_accounts - f.from < BATCH ? f.n_accounts - f.from : BATCH;
		change(&f, CHANGE_IMPORT, add_things, "accounts");
	}
	start = clock_of(CLOCK_MONOTONIC);
	for (f.from = 0; f.from < b->n; f.from += f.n) {
		f.n = b->n - f.from < BATCH ? b->n - f.from : BATCH;
		change(&f, CHANGE_IMPORT, add_deals, "deals");
	}
	b->seconds = clock_of(CLOCK_MONOTONIC) - start;
	change(&f, CHANGE_EDIT, add_activities, "activities");
	change(&f, CHANGE_JOB, add_session, "a session");
	b->leader = f.leaders[TEAMS / 2];
}

static enum err
know_actor(struct conn *c, struct arena *a, void *what)
{
	struct base *b = what;
	bool touch;
	return actor_of_session(c, a, b->secret, &b->actor, &touch);
}

void
base_open(struct base *b)
{
	str why = { 0 };
	enum err e = db_open(b->url, &(struct db_options){ .create = true, .readers = 1 }, &b->keep, &b->db, &why);

	if (e != OK)
		fail("%.*s", STR_ARG(why));
}

void
base_make(struct base *b, const char *folder, size_t n)
{
	struct setup s = { .name = STR("Bench"),
		.currency = STR("EUR"),
		.zone = STR("Europe/Vienna"),
		.email = STR("admin@bench.example") };
	struct faults faults;
	size_t sealed = 1;
	str why = { 0 };

	*b = (struct base){ .n = n };
	arena_init(&b->keep, (size_t)1 << 30);
	snprintf(b->path, sizeof b->path, "%s/bench-%zu.db", folder, n);
	snprintf(b->url, sizeof b->url, "sqlite:%s", b->path);
	base_open(b);
	faults_init(&faults, &b->keep);
	if (schema_make(b->db, &b->keep, &why) != OK)
		fail("%.*s", STR_ARG(why));
	must(setup_company(b->db, &b->keep, &s, &faults), "company");
	b->org = s.org;
	fill_all(b);
	must(db_write(b->db, &b->keep, make_login, b), "login");
	must(session_open(b->db, &b->keep, b->login, b->org, STR("bench"), &b->secret), "session");
	must(db_read(b->db, &b->keep, know_actor, b), "actor");
	while (sealed)
		must(change_seal(b->db, &b->keep, 1000, &sealed), "seal");
}

static enum err
set_profile(struct change *c, void *what)
{
	struct company o;
	enum err e = record_load(c->conn, c->arena, c->grant, &company_record, c->grant->org, &o);

	o.profile = *(int *)what;
	return e == OK ? record_save(c, &company_record, &o) : e;
}

void
base_profile(struct base *b, int profile)
{
	struct grant g = grant_all(b->org, 0, 0, "bench");
	struct change_work w = {
		.grant = &g, .reason = STR("bench"), .kind = CHANGE_JOB, .fn = set_profile, .what = &profile
	};

	must(change_run(b->db, &b->keep, &w), "profile");
	must(db_read(b->db, &b->keep, know_actor, b), "actor");
}

void
base_csv(const struct base *b, const char *path, size_t n)
{
	static const char *const stages[] = { "Won", "Lost" };
	FILE *to = fopen(path, "w");
	day today = zone_day(zone_utc(), now());
	struct arena a;

	(void)b;
	if (!to)
		fail("%s cannot be written", path);
	arena_init(&a, (size_t)256 << 20);
	fprintf(to, "Opportunity ID,Deal Name,Account,Product,Owner,Stage,Amount,Create Date,Close Date\n");
	for (size_t i = 0; i < n; i++) {
		str made = day_iso(&a, day_add(today, -(int)mix(i, 1, 700) - 1)), end = day_iso(&a, today);
		fprintf(to, "F%zu,Filed deal %zu,Account %zu of %zu,Product %zu,Seller %03zu,%s,%zu.00,%.*s,%.*s\n",
		        i + 1, i + 1, i % 1000 + 1, mix(i % 1000, 9, 1000), mix(i, 6, PRODUCTS) + 1,
		        mix(i, 7, OWNERS) + 1, stages[mix(i, 3, 2)], mix(i, 10, 90000) + 10, STR_ARG(made),
		        STR_ARG(end));
		if (i % 1000 == 0)
			arena_reset(&a);
	}
	arena_fini(&a);
	if (fclose(to) != 0)
		fail("%s cannot be written", path);
}
