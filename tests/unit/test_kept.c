/* Figures kept between looks: made once, made anew after a change of whatever process, each asker's own, and always the
   figures that would be made now. */
#include "record.h"

#include <stdatomic.h>
#include <unistd.h>

#include "areas/deals/report_sql.h"
#include "areas/forecast/figures.h"
#include "areas/forecast/judge.h"
#include "record/kept.h"

enum { MOVED_TO = 1, WON = 5, LOST = 6 };

/* ---- a kind that counts how often it is made ---- */

struct counted {
	int64_t deals;
	str name;
};

static atomic_int made;
static unsigned slow; /* microseconds that making takes */

static enum err
make_counted(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	struct counted *x = ret;

	atomic_fetch_add(&made, 1);
	if (slow)
		usleep(slow);
	x->name = str_copy(a, *(const str *)what);
	return db_one_int(c, "select count(*) from deal where org_id = $1", DB_ARGS(DB_I(g->org)), &x->deals);
}

static void
copy_counted(struct arena *a, void *object)
{
	struct counted *x = object;
	x->name = str_copy(a, x->name);
}

static const struct kept_kind kind = { "counted", "deal stage", sizeof(struct counted), make_counted, copy_counted };

static int64_t
ask_in(struct conn *c, struct arena *a, str key)
{
	struct counted x;

	assert_int_equal(kept(c, a, &w.all, &kind, key, &key, &x), OK);
	assert_true(str_eq(x.name, key));
	return x.deals;
}

static int64_t
ask(const char *key)
{
	struct conn *c;
	struct arena a;

	assert_int_equal(db_begin_read(w.b->db, &c), OK);
	arena_init(&a, ARENA_CAP_REQUEST);
	int64_t n = ask_in(c, &a, str_of(key));
	db_end_read(w.b->db, c);
	arena_fini(&a);
	return n;
}

/* How often it was made for this look. */
#define assert_made(times, look) \
	do { \
		int before = made; \
		(void)(look); \
		assert_int_equal(made - before, times); \
	} while (0)

static struct deal
make_deal(const char *name, int owner)
{
	struct deal d = deal_of(name, owner, 1000);
	assert_int_equal(save(&deal_record, &d), OK);
	return d;
}

static void
rename_account(const char *name)
{
	struct account a;
	assert_int_equal(load(&account_record, w.account, &a), OK);
	a.name = str_of(name);
	assert_int_equal(save(&account_record, &a), OK);
}

static void
open_kept(void **state, size_t most)
{
	begin(state);
	assert_int_equal(kept_open(w.b->db, most), OK);
}

static void
once(void **state)
{
	open_kept(state, 1 << 20);
	make_deal("One", SELLER_1);
	assert_made(1, ask("a"));
	assert_made(0, ask("a"));
	assert_made(1, ask("b"));
	assert_made(0, ask("a"));
	/* what it does not read leaves it */
	rename_account("Acme two");
	assert_made(0, ask("a"));
	make_deal("Two", SELLER_1);
	assert_made(1, assert_int_equal(ask("a"), 2));
	assert_made(0, assert_int_equal(ask("a"), 2));
	/* taken back is a change as well */
	undo(w.set);
	assert_made(1, assert_int_equal(ask("a"), 1));
	/* numbered by the sealer: the same changes */
	size_t n;
	make_deal("Three", SELLER_1);
	assert_made(1, ask("a"));
	assert_int_equal(change_seal(w.b->db, w.arena, 1000, &n), OK);
	assert_true(n > 5);
	assert_made(0, ask("a"));
	rename_account("Acme three");
	assert_int_equal(change_seal(w.b->db, w.arena, 1000, &n), OK);
	assert_made(0, ask("a"));
	make_deal("Four", SELLER_1);
	assert_int_equal(change_seal(w.b->db, w.arena, 1000, &n), OK);
	assert_made(1, assert_int_equal(ask("a"), 3));
}

/* A second server, or the command line: only the database knows. */
static void
another_process(void **state)
{
	struct db *ours, *other;
	size_t n;
	str why;

	open_kept(state, 1 << 20);
	ours = w.b->db;
	assert_int_equal(db_open(w.b->url, NULL, w.arena, &other, &why), OK);
	make_deal("Ours", SELLER_1);
	assert_made(1, ask("a"));
	w.b->db = other;
	make_deal("Theirs", SELLER_2);
	w.b->db = ours;
	assert_made(1, assert_int_equal(ask("a"), 2));
	w.b->db = other;
	rename_account("Theirs too");
	make_deal("Theirs, numbered", SELLER_2);
	assert_int_equal(change_seal(other, w.arena, 1000, &n), OK);
	w.b->db = ours;
	assert_made(1, assert_int_equal(ask("a"), 3));
	assert_made(0, assert_int_equal(ask("a"), 3));
	db_close(other);
}

static enum err
within_work(struct change *c, void *what)
{
	struct deal d = deal_of("Within", SELLER_1, 1);
	enum err e = record_save(c, &deal_record, &d);

	*(int64_t *)what = ask_in(c->conn, c->arena, STR("a"));
	return e;
}

/* A snapshot is asked for what it shows: not what came after it, and a transaction what it wrote itself. */
static void
snapshots(void **state)
{
	struct conn *old;
	int64_t within;

	open_kept(state, 1 << 20);
	make_deal("One", SELLER_1);
	assert_made(1, ask("a"));
	old = begin_read();
	assert_int_equal(db_one_int(old, "select count(*) from deal", DB_NO_ARGS, &within), OK); /* it begins here */
	make_deal("Two", SELLER_1);
	assert_made(1, assert_int_equal(ask("a"), 2));
	assert_made(1, assert_int_equal(ask_in(old, w.arena, STR("a")), 1));
	end_read();
	assert_made(0, assert_int_equal(ask("a"), 2));
	assert_made(1, assert_int_equal(run(&w.all, within_work, &within), OK));
	assert_int_equal(within, 3);
	assert_made(1, assert_int_equal(ask("a"), 3));
}

struct rows_job {
	void *const *rows;
	size_t n;
};

static enum err
rows_work(struct change *c, void *what)
{
	struct rows_job *j = what;
	return record_save_many(c, &deal_record, j->rows, j->n);
}

static int64_t
ask_part(id from, id to)
{
	static const struct kept_kind part = { "part", "stage", sizeof(struct counted), make_counted, copy_counted };
	const struct kept_rows rows = { "deal", from, to };
	str key = str_fmt(w.arena, "%lld %lld", (long long)from, (long long)to);
	struct counted x;
	struct conn *c;

	assert_int_equal(db_begin_read(w.b->db, &c), OK);
	assert_int_equal(kept_part(c, w.arena, &w.all, &part, key, &rows, &key, &x), OK);
	db_end_read(w.b->db, c);
	return x.deals;
}

/* Only the part in which a row changed is made anew. */
static void
parts(void **state)
{
	open_kept(state, 1 << 20);
	struct deal one = make_deal("One", SELLER_1), two = make_deal("Two", SELLER_1);
	assert_true(one.row.id < two.row.id);
	for (int i = 0; i < 2; i++) {
		assert_made(!i, ask_part(0, two.row.id));
		assert_made(!i, ask_part(two.row.id, INT64_MAX));
	}
	two.amount = 5;
	assert_int_equal(save(&deal_record, &two), OK);
	assert_made(0, ask_part(0, two.row.id));
	assert_made(1, ask_part(two.row.id, INT64_MAX));
	rename_account("Acme of no part");
	assert_made(0, ask_part(two.row.id, INT64_MAX));
	struct stage s;
	assert_int_equal(load(&stage_record, w.stages[1].row.id, &s), OK);
	s.name = STR("Renamed");
	w.kind = CHANGE_JOB;
	assert_int_equal(save(&stage_record, &s), OK);
	w.kind = CHANGE_EDIT;
	assert_made(1, ask_part(0, two.row.id));
	/* more rows than are remembered one by one */
	for (int i = 0; i < 30; i++) {
		void *rows[200];
		struct deal many_deals[200];
		for (int k = 0; k < 200; k++) {
			many_deals[k] = deal_of("Many", SELLER_1, 1);
			rows[k] = &many_deals[k];
		}
		struct rows_job job = { rows, 200 };
		assert_int_equal(run(&w.all, rows_work, &job), OK);
		if (i == 25)
			assert_made(1, ask_part(two.row.id, INT64_MAX));
	}
	assert_made(1, ask_part(0, two.row.id));
}

static void
bounded(void **state)
{
	char key[600];

	open_kept(state, 4096);
	make_deal("One", SELLER_1);
	memset(key, 'x', sizeof key - 1);
	key[sizeof key - 1] = 0;
	for (char c = 'a'; c < 'i'; c++) {
		key[0] = c;
		assert_made(1, ask(key));
	}
	assert_made(0, ask(key)); /* the newest are there, the oldest went */
	key[0] = 'a';
	assert_made(1, ask(key));
	assert_made(0, ask(key));
}

/* Many change sets at once are too many to read one by one. */
static void
many(void **state)
{
	size_t n;

	open_kept(state, 1 << 20);
	make_deal("One", SELLER_1);
	assert_made(1, ask("a"));
	for (int i = 0; i < 600; i++)
		rename_account(i % 2 ? "Acme" : "Acme again");
	assert_made(1, ask("a")); /* more without a number than are looked at: made for this look alone */
	assert_made(1, ask("a"));
	assert_int_equal(change_seal(w.b->db, w.arena, 1000, &n), OK);
	assert_made(1, ask("a"));
	assert_made(0, ask("a"));
}

static void *
ask_once(void *what)
{
	*(int64_t *)what = ask("together");
	return NULL;
}

static void
together(void **state)
{
	pthread_t id[3];
	int64_t n[3];

	open_kept(state, 1 << 20);
	make_deal("One", SELLER_1);
	slow = 200000;
	int before = made;
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&id[i], NULL, ask_once, &n[i]), 0);
	for (int i = 0; i < 3; i++)
		pthread_join(id[i], NULL);
	slow = 0;
	assert_int_equal(made - before, 1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(n[i], 1);
}

/* ---- the figures ---- */

struct look {
	const struct grant *grant;
	struct report_scope scope;
	str said;
};

static str
say_survive(struct arena *a, str all, const struct survive *s)
{
	for (size_t day = 0; day < s->n; day++)
		for (int k = 0; k < SURVIVE_ENDS; k++)
			if (s->count[k][day])
				all = str_fmt(a, "%.*s %zu/%d:%lld", STR_ARG(all), day, k, (long long)s->count[k][day]);
	return all;
}

static str
say_stages(struct arena *a, str all, const struct figures_stages *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct figures_stage *x = &f->row[i];
		all = str_fmt(a, "%.*s\n%.*s %lld %lld %lld %lld %lld %lld %lld", STR_ARG(all), STR_ARG(x->name),
		        (long long)x->entered, (long long)x->moved, (long long)x->lost, (long long)x->left_back,
		        (long long)x->here, (long long)x->days.days, (long long)x->n_days);
		all = say_survive(a, all, &x->ends);
	}
	return str_fmt(a, "%.*s\n%lld %lld", STR_ARG(all), (long long)f->n_deals, (long long)f->without);
}

static str
say_judge(struct arena *a, str all, const struct judge *j)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct judge_step *x = &j->step[i];
		all = str_fmt(a, "%.*s\n%.*s %lld %lld %lld", STR_ARG(all), STR_ARG(x->name), (long long)x->skipped.num,
		        (long long)x->skipped.den, (long long)x->won.num);
		for (size_t k = 0; k < x->n_persons; k++)
			all = str_fmt(a, "%.*s %.*s %lld", STR_ARG(all), STR_ARG(x->person[k].name),
			        (long long)x->person[k].skipped.den);
	}
	return all;
}

/* Everything that is kept, in one text. */
static enum err
look_work(struct conn *c, struct arena *a, void *what)
{
	struct look *x = what;
	const struct grant *g = x->grant;
	const struct report_scope *s = &x->scope;
	struct report_sales sales;
	struct figures_stages stages;
	struct figures_spells spells;
	struct figures_velocity *pace;
	struct figures_people people;
	struct figures_winloss wl;
	struct figures_open *one, *each;
	struct figures_range range;
	struct judge judge;
	struct gap_deals decided;
	size_t n_pace, n_one, n_each;
	str t;

	assert_int_equal(report_sales(c, a, g, s, &sales), OK);
	assert_int_equal(report_decided(c, a, g, s, &decided), OK);
	assert_int_equal(figures_stages(c, a, g, s, &stages), OK);
	assert_int_equal(figures_spells(c, a, g, s, &spells), OK);
	assert_int_equal(figures_velocity(c, a, g, s, &pace, &n_pace), OK);
	assert_int_equal(figures_people(c, a, g, s, &people), OK);
	assert_int_equal(figures_winloss(c, a, g, s, &wl), OK);
	assert_int_equal(figures_open(c, a, g, s, false, &one, &n_one), OK);
	assert_int_equal(figures_open(c, a, g, s, true, &each, &n_each), OK);
	assert_int_equal(figures_range(c, a, g, s, &range), OK);
	assert_int_equal(judge_steps(c, a, g, s, &judge), OK);
	t = str_fmt(a, "%lld %lld %lld %lld %.3f %lld|%lld %lld %lld|%.*s", (long long)sales.won, (long long)sales.lost,
	        (long long)sales.open, (long long)sales.revenue, sales.cycle_mean, (long long)sales.open_value,
	        (long long)decided.decided, (long long)decided.won, (long long)decided.revenue,
	        STR_ARG(sales.currencies.without));
	t = say_stages(a, t, &stages);
	t = say_survive(a, t, &spells.all);
	for (size_t i = 0; i < n_pace; i++)
		t = str_fmt(a, "%.*s\n%.*s %lld %lld %.3f", STR_ARG(t), STR_ARG(pace[i].label), (long long)pace[i].won,
		        (long long)pace[i].decided, pace[i].per_day);
	for (size_t i = 0; i < people.n; i++)
		t = str_fmt(a, "%.*s\n%.*s %lld %lld", STR_ARG(t), STR_ARG(people.row[i].name),
		        (long long)people.row[i].won, (long long)people.row[i].decided);
	for (size_t i = 0; i < wl.n_reasons; i++)
		t = str_fmt(a, "%.*s\n%.*s %lld", STR_ARG(t), STR_ARG(wl.reason[i].reason),
		        (long long)wl.reason[i].rate.num);
	for (size_t i = 0; i < n_each; i++)
		t = str_fmt(a, "%.*s\n%.*s %lld %lld", STR_ARG(t), STR_ARG(each[i].name), (long long)each[i].n,
		        (long long)each[i].value);
	x->said = str_fmt(a, "%.*s\n%lld %lld\n%d %.*s %lld %lld", STR_ARG(t), (long long)one->n,
	        (long long)one->weighted, range.has, STR_ARG(range.why), (long long)range.range.p50,
	        (long long)range.n);
	x->said = say_judge(a, x->said, &judge);
	return OK;
}

static str
look(struct db *d, const struct grant *g, id person)
{
	struct look x = { .grant = g,
		.scope = { .person = person,
		        .from = DAY_NONE,
		        .to = DAY_NONE,
		        .as_of = day_add(zone_day(zone_utc(), now()), 1),
		        .currency = STR("EUR") } };

	struct arena a;
	arena_init(&a, ARENA_CAP_REQUEST);
	assert_int_equal(db_read(d, &a, look_work, &x), OK);
	str said = str_copy(w.arena, x.said);
	arena_fini(&a);
	return said;
}

static struct grant
seller_grant(int who)
{
	struct grant g = w.all;

	g.person = w.people[who];
	g.reach[MATTER_DEALS][ACT_READ] = REACH_TEAM;
	g.reach[MATTER_SCORECARD][ACT_READ] = REACH_LINE;
	return g;
}

/* D4, D6: the same as without keeping, after each of many changes, by whoever is asked; O5: each their own. */
static void
figures(void **state)
{
	struct db *plain; /* keeps nothing */
	struct deal deal[24];
	size_t n = 0;
	str why;

	open_kept(state, 8 << 20);
	assert_int_equal(db_open(w.b->url, NULL, w.arena, &plain, &why), OK);
	struct grant one = seller_grant(SELLER_1), two = seller_grant(SELLER_3), none = seller_grant(SELLER_2);
	none.reach[MATTER_DEALS][ACT_READ] = REACH_NONE;
	const struct grant *const who[] = { &w.all, &one, &two, &none };
	report_part_deals = 3; /* so that parts are cut */
	while (n < 12)
		deal[n++] = make_deal("Deal", SELLER_1 + (int)dice(4));
	for (int round = 0; round < 40; round++) {
		struct deal *d = n ? &deal[dice((uint32_t)n)] : NULL;
		if (d) /* saving another account made it newer */
			assert_int_equal(load(&deal_record, d->row.id, d), OK);
		switch (dice(6)) {
		case 0:
			if (n < sizeof deal / sizeof *deal)
				deal[n++] = make_deal("Deal", SELLER_1 + (int)dice(4));
			break;
		case 1:
		case 2:
			d->stage = w.stages[dice(5)].row.id;
			assert_int_equal(save(&deal_record, d), OK);
			break;
		case 3:
			d->stage = w.stages[dice(2) ? WON : LOST].row.id;
			d->lost_reason = STR("Price");
			assert_int_equal(save(&deal_record, d), OK);
			break;
		case 4:
			d->owner = w.people[SELLER_1 + (int)dice(4)];
			assert_int_equal(save(&deal_record, d), OK);
			break;
		default:
			rename_account(round % 2 ? "Acme" : "Acme again");
		}
		for (size_t i = 0; i < sizeof who / sizeof *who; i++)
			for (int k = 0; k < 2; k++) {
				id person = k ? w.people[MANAGER_1] : 0;
				str want = look(plain, who[i], person), got = look(w.b->db, who[i], person);
				assert_true(str_eq(want, got));
				assert_true(str_eq(want, look(w.b->db, who[i], person)));
			}
	}
	assert_false(str_eq(look(w.b->db, &one, 0), look(w.b->db, &two, 0)));
	assert_false(str_eq(look(w.b->db, &one, 0), look(w.b->db, &w.all, 0)));
	/* a leader's line is another's today */
	str before = look(w.b->db, &w.all, w.people[MANAGER_1]);
	struct person p;
	assert_int_equal(load(&person_record, w.people[SELLER_1], &p), OK);
	p.manager = w.people[MANAGER_2];
	p.manager_from = day_of(2026, 1, 1);
	assert_int_equal(save(&person_record, &p), OK);
	str want = look(plain, &w.all, w.people[MANAGER_1]);
	assert_true(str_eq(want, look(w.b->db, &w.all, w.people[MANAGER_1])));
	assert_false(str_eq(want, before));
	db_close(plain);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { BOTH(once), BOTH(another_process), BOTH(snapshots), BOTH(parts),
		BOTH(bounded), BOTH(many), BOTH(together), BOTH(figures) };

	(void)argc;
	both_begin(argv);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
