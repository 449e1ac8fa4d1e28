/* The sample company: the same seed makes the same figures, its base is clean, and removal leaves nothing of it. */
#include "unit.h"

#include "both.h"

#include "app/demo.h"
#include "app/setup.h"
#include "areas/deals/sums.h"
#include "areas/people/line.h"
#include "auth/session.h"

enum { DEALS = 240 };

struct names {
	str all[256];
	size_t n;
};

static enum err
load_tables(struct conn *c, struct arena *a, void *what)
{
	struct names *t = what;
	struct rows rows;
	enum err e = db_query(c, a,
	        "{lite:select m.name from sqlite_master m, pragma_table_info(m.name) p where m.type = 'table' and "
	        "p.name = 'org_id'"
	        "|pg:select table_name from information_schema.columns where column_name = 'org_id' and table_schema = "
	        "current_schema()}",
	        DB_NO_ARGS, &rows);

	t->n = 0;
	while (e == OK && t->n < sizeof t->all / sizeof *t->all && db_next(&rows))
		t->all[t->n++] = db_text(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

struct count_work {
	id org;
	const char *sql;
	int64_t n;
};

static enum err
count(struct conn *c, struct arena *a, void *what)
{
	struct count_work *w = what;

	(void)a;
	return w->org ? db_one_int(c, w->sql, DB_ARGS(DB_I(w->org)), &w->n) : db_one_int(c, w->sql, DB_NO_ARGS, &w->n);
}

static int64_t
rows_of(struct both *b, id org)
{
	struct names t;
	int64_t sum = 0;

	assert_int_equal(db_read(b->db, &b->arena, load_tables, &t), OK);
	assert_true(
	        t.n > 64 && t.n < sizeof t.all / sizeof *t.all); /* all of them, or what is left would not be seen */
	for (size_t i = 0; i < t.n; i++) {
		struct count_work w = { org,
			str_z(&b->arena,
			        str_fmt(&b->arena, "select count(*) from %.*s where org_id = $1", STR_ARG(t.all[i]))),
			0 };
		assert_int_equal(db_read(b->db, &b->arena, count, &w), OK);
		sum += w.n;
	}
	return sum;
}

static int64_t
one(struct both *b, const char *sql)
{
	struct count_work w = { 0, sql, 0 };

	assert_int_equal(db_read(b->db, &b->arena, count, &w), OK);
	return w.n;
}

static enum err
check(struct conn *c, struct arena *a, void *what)
{
	const struct demo *m = what;
	struct check_report r = { 0 };
	enum err e = record_check(c, a, m->org, &r);

	if (e == OK)
		e = line_check(c, a, m->org, &r);
	if (e == OK)
		e = deal_sums_check(c, a, m->org, &r);
	for (const struct fault *f = r.first; f; f = f->next)
		print_error("%.*s: %.*s\n", STR_ARG(f->place), STR_ARG(f->what));
	assert_int_equal(r.n, 0);
	return e;
}

static void
make(struct both *b, uint64_t seed, struct demo *m, struct demo_summary *s)
{
	struct faults f;
	enum err e;

	faults_init(&f, &b->arena);
	e = demo_make(m, b->db, &b->arena, seed, DEALS, &f);
	for (const struct fault *x = f.first; x; x = x->next)
		print_error("%.*s: %.*s\n", STR_ARG(x->place), STR_ARG(x->what));
	assert_int_equal(e, OK);
	assert_int_equal(demo_summarize(b->db, &b->arena, m->org, s), OK);
}

static id
make_other(struct both *b)
{
	struct setup s = { .name = STR("Other"),
		.currency = STR("EUR"),
		.zone = STR("Europe/Vienna"),
		.email = STR("other@example.com") };
	struct faults f;

	faults_init(&f, &b->arena);
	assert_int_equal(setup_company(b->db, &b->arena, &s, &f), OK);
	return s.org;
}

static void
test_made_again(void **state)
{
	struct both *b = *state;
	struct demo m;
	struct demo_summary first, again, another;
	struct faults f;
	str why;
	id other;
	int64_t others;

	faults_init(&f, &b->arena);
	assert_int_equal(schema_make(b->db, &b->arena, &why), OK);
	other = make_other(b);
	others = rows_of(b, other);
	make(b, 1, &m, &first);
	assert_int_equal(db_read(b->db, &b->arena, check, &m), OK);
	assert_int_equal(first.people, 30);
	assert_int_equal(first.deals, DEALS);
	assert_int_equal(first.open + first.won + first.lost, DEALS);
	assert_true(
	        first.won * 100 >= (first.won + first.lost) * 18 && first.won * 100 <= (first.won + first.lost) * 38);
	assert_true(first.open > DEALS / 12 && first.open < DEALS / 4);
	assert_true(first.sessions > 500 && first.confirmed > first.sessions / 3 && first.commitments > 200);
	assert_true(rows_of(b, m.org) > 0);

	assert_int_equal(demo_remove(b->db, &b->arena, m.org, &f), OK);
	assert_int_equal(rows_of(b, m.org), 0);
	assert_int_equal(rows_of(b, other), others);
	assert_int_equal(one(b, "select count(*) from login"), 1);

	make(b, 1, &m, &again);
	assert_memory_equal(&first, &again, sizeof first);
	assert_int_equal(demo_remove(b->db, &b->arena, m.org, &f), OK);
	make(b, 2, &m, &another);
	assert_true(another.won_value != first.won_value);
}

/* Only a sample is removed. */
static void
test_kept(void **state)
{
	struct both *b = *state;
	struct faults f;
	str why;
	id other;
	int64_t others;

	faults_init(&f, &b->arena);
	assert_int_equal(schema_make(b->db, &b->arena, &why), OK);
	other = make_other(b);
	others = rows_of(b, other);
	assert_int_equal(demo_remove(b->db, &b->arena, other, &f), ERR_INPUT);
	assert_int_equal(f.n, 1);
	assert_int_equal(rows_of(b, other), others);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { BOTH(test_made_again), BOTH(test_kept) };

	(void)argc;
	both_begin(argv);
	if (auth_start() != OK)
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
