#include <string.h>

#include "areas/deals/sums.h"
#include "areas/deals/view.h"
#include "html/widgets.h"
#include "page/own.h"

#include "areas/deals/board_html.h"

#define CARDS_SHOWN 60

const char card_columns[] =
        "d.id, d.version, d.owner, d.stage, d.name, coalesce(a.name, ''), p.name, d.value, d.currency, d.value_from, "
        "d.next_step,"
        " d.next_step_on, d.closes_on, d.outcome, d.worked, d.touched_on, d.pushes, d.stage_since, "
        "d.stage_since_known, s.allowed_days,"
        " coalesce(d.stage_done, 0), coalesce(d.stage_steps, 0), s.name, d.process, d.people, d.deciders, "
        "d.progress_on, "
        "d.steps_due, d.closes_from";

#define CARD_FROM \
	" from deal d join stage s on s.org_id = d.org_id and s.id = d.stage join person p on p.org_id = d.org_id " \
	"and p.id = d.owner" \
	" left join account a on a.org_id = d.org_id and a.id = d.account"

/* The order is the one of the index "stage ~value": the first cards are read, not all of a stage sorted. */
#define CARD_ORDER " order by coalesce(d.value, -9007199254740992) desc, d.id desc limit $5"

/* Few rows are sorted; walking that index for them would be the long way. */
#define FEW_ORDER " order by +coalesce(d.value, -9007199254740992) desc, d.id desc limit $5"

/* $3 stage, $4 whose (0: everybody's that may be seen), $5 how many */
static const char cards_sql[] =
        "select %s" CARD_FROM " where d.org_id = $1 and $2 = $2 and d.stage = $3 {may:deals d.owner}"
        " and ($4 = 0 or d.owner in (select l.below from line l where l.org_id = $1 and l.above = $4 and l.to_day is "
        "null))" CARD_ORDER;
/* A few people's open deals are fewer than a stage's: + keeps the stage's index out. */
static const char team_cards_sql[] =
        "select %s" CARD_FROM
        " where d.org_id = $1 and $2 = $2 and +d.stage = $3 {may:deals d.owner} and d.outcome = 'open'"
        " and d.owner in (select l.below from line l where l.org_id = $1 and l.above = $4 and l.to_day is "
        "null)" FEW_ORDER;
static const char own_cards_sql[] =
        "select %s" CARD_FROM
        " where d.org_id = $1 and $2 = $2 and +d.stage = $3 {may:deals d.owner} and d.outcome = 'open'"
        " and d.owner = $4" FEW_ORDER;
static const char sums_sql[] = "select s.stage, s.currency, sum(s.n), sum(s.value), sum(s.weighted) from deal_sum s "
                               "join stage g on g.org_id = s.org_id and g.id = s.stage"
                               " where s.org_id = $1 and $2 = $2 and g.process = $3 {may:deals s.owner}"
                               " and ($4 = 0 or s.owner = $5 or ($5 = 0 and s.owner in (select l.below from line l "
                               "where l.org_id = $1 and l.above = $4 and l.to_day is null)))"
                               " group by s.stage, s.currency";

void
card_read(struct request *r, const struct rows *rows, struct rule_book *book, struct deal_card *c)
{
	struct deal d;
	day until;
	int64_t allowed;

	record_init(&deal_record, &d);
	*c = (struct deal_card){ .deal = db_int(rows, 0),
		.version = db_int(rows, 1),
		.owner = db_int(rows, 2),
		.stage = db_int(rows, 3),
		.name = db_text(rows, 4),
		.account = db_text(rows, 5),
		.owner_name = db_text(rows, 6),
		.has_value = !db_is_null(rows, 7),
		.from_list = str_eq(db_text_raw(rows, 9), STR("list")),
		.next_step = db_text(rows, 10),
		.next_step_on = db_day(rows, 11),
		.closes_on = db_day(rows, 12),
		.done = db_int(rows, 20),
		.steps = db_int(rows, 21),
		.stage_name = db_text(rows, 22) };
	c->value = money_of(db_int(rows, 7), db_text_raw(rows, 8));
	c->initials = widget_initials(r->arena, c->owner_name);
	c->avatar = str_fmt(r->arena, "h%d", widget_colour(c->owner));
	c->open = str_eq(db_text_raw(rows, 13), STR("open"));
	d.outcome = c->open ? OUTCOME_OPEN : OUTCOME_WON;
	d.next_step = c->next_step;
	d.next_step_on = c->next_step_on;
	d.closes_on = c->closes_on;
	d.worked = db_int(rows, 14) != 0;
	d.touched_on = db_day(rows, 15);
	d.pushes = db_int(rows, 16);
	d.stage_since = db_day(rows, 17);
	d.stage_since_known = db_int(rows, 18) != 0;
	allowed = db_is_null(rows, 19) ? NO_INT : db_int(rows, 19);
	d.stage = c->stage;
	d.people = db_is_null(rows, 24) ? NO_INT : db_int(rows, 24);
	d.deciders = db_int(rows, 25);
	d.progress_on = db_day(rows, 26);
	d.steps_due = db_int(rows, 27);
	d.closes_from = str_eq(db_text_raw(rows, 28), STR("stages")) ? CLOSES_STAGES : CLOSES_NONE;
	c->n_why = deal_health(r->arena, &d, rule_book_of(r->conn, r->arena, r->actor.org, db_int(rows, 23), book),
	        allowed, r->today, c->why, &until);
}

static enum err
load_cards(struct request *r, struct board_view *b, struct board_column *k)
{
	bool own = str_eq(b->scope, STR("mine")), few = str_eq(b->scope, STR("team")) && b->few;
	const char *sql = str_z(r->arena, str_fmt(r->arena,
	                                          own   ? own_cards_sql
	                                          : few ? team_cards_sql
	                                                : cards_sql,
	                                          card_columns));
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, sql,
	        DB_ARGS(DB_I(k->stage->row.id), DB_I(str_eq(b->scope, STR("all")) ? 0 : b->person), DB_I(CARDS_SHOWN)),
	        &rows);

	if (e != OK)
		return e;
	k->cards = arena_new(r->arena, struct deal_card, CARDS_SHOWN);
	while (k->n_cards < CARDS_SHOWN && db_next(&rows)) {
		card_read(r, &rows, &b->book, &k->cards[k->n_cards]);
		b->n_flagged += k->cards[k->n_cards].n_why > 0;
		k->n_cards++;
	}
	return db_end(&rows);
}

static struct board_column *
column_of(struct board_view *b, id stage)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->columns[i].stage->row.id == stage)
			return &b->columns[i];
	return NULL;
}

/* Sums of the company's currency; the others are named beside it, never mixed (D3). */
static enum err
load_sums(struct request *r, struct board_view *b)
{
	struct rows rows;
	id whose = str_eq(b->scope, STR("all")) ? 0 : b->person;
	enum err e = record_query(r->conn, r->arena, &r->grant, sums_sql,
	        DB_ARGS(DB_I(b->process), DB_I(whose), DB_I(str_eq(b->scope, STR("mine")) ? b->person : 0)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		struct board_column *k = column_of(b, db_int(&rows, 0));
		str currency = db_text(&rows, 1);
		if (!k || !db_int(&rows, 2))
			continue;
		k->n += db_int(&rows, 2);
		b->n_deals += db_int(&rows, 2);
		if (str_eq(currency, r->actor.currency)) {
			k->sum.minor += db_int(&rows, 3);
			b->open.minor += db_int(&rows, 3);
			b->weighted.minor += money_scale(db_int(&rows, 4), 1, 100);
		} else {
			k->others = str_fmt(r->arena, "%.*s%s%.*s", STR_ARG(k->others), k->others.n ? ", " : "",
			        STR_ARG(money_short(r->arena, money_of(db_int(&rows, 3), currency))));
		}
	}
	return db_end(&rows);
}

/* P5a: what the deals lack, and which rules are silent for it. */
static enum err
load_silence(struct request *r, struct board_view *b)
{
	int64_t n = 0, close = 0, worked = 0;
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select coalesce(sum(s.n), 0), coalesce(sum(s.dated), 0), coalesce(sum(s.worked), 0) from deal_sum s"
	        " join stage g on g.org_id = s.org_id and g.id = s.stage where s.org_id = $1 and g.process = $2"
	        " and g.outcome = 'open'",
	        DB_ARGS(DB_I(r->actor.org), DB_I(b->process)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows)) {
		n = db_int(&rows, 0);
		close = db_int(&rows, 1);
		worked = db_int(&rows, 2);
	}
	if (n && !close)
		b->silent = STR("No deal here has an expected close date, so nothing is said about those.");
	if (n && worked * 2 < n)
		b->silent = str_fmt(r->arena,
		        "%.*s%sNext steps are asked for once somebody has worked a deal here: %lld of %lld so far.",
		        STR_ARG(b->silent), b->silent.n ? " " : "", (long long)worked, (long long)n);
	return db_end(&rows);
}

/* The process asked for, else the one that holds the most open deals. */
static enum err
choose_process(struct request *r, id *ret)
{
	id asked = page_id_param(r, "process");
	enum err e;

	if (asked) {
		*ret = asked;
		return OK;
	}
	e = db_one_int(r->conn,
	        "select g.process from deal_sum s join stage g on g.org_id = s.org_id and g.id = s.stage where "
	        "s.org_id = $1 and g.outcome = 'open'"
	        " group by g.process order by sum(s.n) desc, g.process limit 1",
	        DB_ARGS(DB_I(r->actor.org)), ret);
	if (e == ERR_ABSENT)
		e = db_one_int(r->conn, "select id from process where org_id = $1 order by standard desc, id limit 1",
		        DB_ARGS(DB_I(r->actor.org)), ret);
	return e;
}

/* Up to fifty people: their deals are found by owner; more: by stage, until the cards are full. */
static enum err
know_few(struct request *r, struct board_view *b)
{
	int64_t n;
	enum err e = db_one_int(r->conn,
	        "select count(*) from (select 1 as one from line where org_id = $1 and above = $2 and to_day is null "
	        "limit 51) x",
	        DB_ARGS(DB_I(r->actor.org), DB_I(b->person)), &n);

	if (e == OK)
		b->few = n <= 50;
	return e;
}

static enum err
load_board(struct request *r, struct board_view *b)
{
	struct stage *stages;
	size_t n;
	enum err e = choose_process(r, &b->process);

	if (e == OK)
		e = process_stages(r->conn, r->arena, r->actor.org, b->process, &stages, &n);
	if (e != OK)
		return e;
	b->stages = stages;
	b->n_stages = n;
	b->columns = arena_new(r->arena, struct board_column, n + 1);
	b->open = b->weighted = money_of(0, r->actor.currency);
	e = know_few(r, b);
	for (size_t i = 0; i < n; i++)
		if (stages[i].outcome == OUTCOME_OPEN)
			b->columns[b->n++] =
			        (struct board_column){ .stage = &stages[i], .sum = money_of(0, r->actor.currency) };
	for (size_t i = 0; e == OK && i < b->n; i++)
		e = load_cards(r, b, &b->columns[i]);
	if (e == OK)
		e = load_sums(r, b);
	if (e == OK)
		e = load_silence(r, b);
	if (e == OK)
		e = board_quarter(r, b);
	b->empty = b->n_deals == 0;
	return e;
}

enum err
board_page(struct request *r)
{
	struct page p = { .title = STR("Pipeline") };
	struct board_view b = { .person = r->actor.person, .scope = page_param(r, "scope") };
	enum err e;

	if (!str_eq(b.scope, STR("mine")) && !str_eq(b.scope, STR("all")))
		b.scope = b.person ? STR("team") : STR("all");
	if (!b.person)
		b.scope = STR("all");
	e = load_board(r, &b);
	if (e != OK)
		return e;
	page_head(r, &p);
	tpl_board(&r->view, &b, r);
	page_foot(r);
	return OK;
}

/* ---- the list ---- */

#define COUNTED 10000 /* what a filter finds is counted up to here */

/* What rows refer to, asked for once a request while it keeps its place. */
struct named {
	id row;
	str name;
	int64_t number; /* a stage's allowed days */
};
struct names {
	const char *sql; /* name, number of $2 in company $1 */
	struct named slots[256];
};

static const struct named *
name_of(struct request *r, struct names *all, id row)
{
	struct named *x = &all->slots[((uint64_t)row * UINT64_C(0x9e3779b97f4a7c15)) >> 56];
	struct rows rows;

	if (x->row == row)
		return x;
	*x = (struct named){ .row = row, .number = NO_INT };
	if (!row || db_query(r->conn, r->arena, all->sql, DB_ARGS(DB_I(r->actor.org), DB_I(row)), &rows) != OK)
		return x;
	if (db_next(&rows)) {
		x->name = db_text(&rows, 0);
		x->number = db_int(&rows, 1) ? db_int(&rows, 1) : NO_INT;
	}
	db_end(&rows);
	return x;
}

/* Everything is known from the sums; a filter is counted as far as anybody reads. */
static enum err
count_list(struct request *r, const struct list *l, struct list_view *v)
{
	struct rows rows;
	enum err e;

	if (l->n_filters) {
		e = record_count_to(r->conn, r->arena, &r->grant, l, COUNTED + 1, &v->count);
		v->counted_out = v->count > COUNTED;
		v->count = v->counted_out ? COUNTED : v->count;
		return e;
	}
	e = record_query(r->conn, r->arena, &r->grant,
	        "select coalesce(sum(s.n), 0) from deal_sum s where s.org_id = $1 and $2 = $2 {may:deals s.owner}",
	        DB_NO_ARGS, &rows);
	if (e != OK)
		return e;
	if (db_next(&rows))
		v->count = db_int(&rows, 0);
	return db_end(&rows);
}

static void
parse_sort(struct request *r, struct list *l, struct list_view *v)
{
	str sort = page_param(r, "sort");

	l->descending = str_starts(sort, STR("-"));
	l->sort = record_field(&deal_record, l->descending ? str_from(sort, 1) : sort);
	if (l->sort && !l->sort->sort)
		l->sort = NULL;
	v->sort = sort;
}

/* Every pair of the address is a filter, but for these. */
static bool
is_filter(str name)
{
	return !str_eq(name, STR("sort")) && !str_eq(name, STR("after")) && !str_eq(name, STR("as_of")) &&
	       !str_eq(name, STR("done"));
}

static const char *
z_of(const struct request *r)
{
	return str_z(r->arena, r->actor.currency);
}

/* The form shows what stands in the address. */
static void
keep_typed(struct list_view *v, const struct list_term *t)
{
	const struct {
		const char *name;
		str *at;
	} typed[] = { { "value.least", &v->least }, { "value.most", &v->most }, { "closes_on.least", &v->from },
		{ "closes_on.most", &v->until }, { "health.not", &v->health } };

	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
		if (str_eq(t->name, str_of(typed[i].name)))
			*typed[i].at = t->value;
	if (str_eq(t->name, STR("stage")))
		id_parse(t->value, &v->stage);
	if (str_eq(t->name, STR("owner.below")))
		id_parse(t->value, &v->below);
	v->no_step |= str_eq(t->name, STR("next_step.none"));
}

static void
parse_filters(struct request *r, struct list *l, struct list_view *v)
{
	const struct record *rec = v->record = page_own(r, &deal_record);

	for (size_t i = 0; i < r->http->n_params; i++) {
		str name = r->http->params[i].name, value = str_trim(r->http->params[i].value);
		id ref;
		if (!is_filter(name) || !value.n)
			continue;
		v->query = str_fmt(r->arena, "%.*s%s%.*s=%.*s", STR_ARG(v->query), v->query.n ? "&" : "",
		        STR_ARG(http_escape(r->arena, name)), STR_ARG(http_escape(r->arena, value)));
		if (str_eq(name, STR("has"))) {
			v->has = value;
			name = STR("name.has");
		}
		str head, rest;
		int64_t minor;
		str_cut(name, '.', &head, &rest);
		const struct field *f = record_field(rec, head);
		struct list_term t = { .name = r->http->params[i].name, .value = value };
		if (f && f->kind == F_REF && id_parse(value, &ref))
			value = str_fmt(r->arena, "%lld", (long long)ref);
		if (f && f->kind == F_MONEY &&
		        money_parse(value, f->own ? str_z(r->arena, f->own->currency) : z_of(r), 0,
		                &minor)) /* as people type it */
			value = str_fmt(r->arena, "%lld", (long long)minor);
		if (str_eq(name, STR("owner")) && id_parse(page_param(r, "owner"), &ref))
			v->owner = ref;
		if (str_eq(name, STR("outcome")))
			v->outcome = value;
		if (list_parse(r->arena, rec, name, value, l, &r->faults) == OK) {
			t.words = filter_words(r, &l->filters[l->n_filters - 1]);
			v->terms[v->n_terms++] = t;
		}
		keep_typed(v, &t);
	}
	for (size_t i = 0; i < v->n_terms; i++)
		v->terms[i].without = deals_address(r->arena, "/deals", query_without(r, v->terms, v->n_terms, i));
	v->here = v->query.n ? str_fmt(r->arena, "/deals?%.*s&", STR_ARG(v->query)) : STR("/deals?");
	v->csv = deals_address(r->arena, "/deals.csv", v->query);
}

static enum err
load_list(struct request *r, struct list *l, struct list_view *v)
{
	struct list_result found;
	enum err e;

	parse_filters(r, l, v);
	parse_sort(r, l, v);
	l->after = page_param(r, "after");
	e = record_list(r->conn, r->arena, &r->grant, l, &found);
	if (e == OK)
		e = count_list(r, l, v);
	if (e != OK)
		return e;
	struct names *accounts = arena_new(r->arena, struct names, 3), *owners = accounts + 1, *stages = accounts + 2;
	accounts->sql = "select name, 0 from account where org_id = $1 and id = $2";
	owners->sql = "select name, 0 from person where org_id = $1 and id = $2";
	stages->sql = "select name, coalesce(allowed_days, 0) from stage where org_id = $1 and id = $2";
	v->rows = arena_new(r->arena, struct deal_row, found.n + 1);
	v->n = found.n;
	v->next = found.next; /* the template escapes it */
	for (size_t i = 0; i < found.n; i++) {
		const struct deal *d = (const struct deal *)found.rows + i;
		struct deal_row *x = &v->rows[i];
		day until;
		const struct named *stage = name_of(r, stages, d->stage);
		x->d = d;
		x->account = name_of(r, accounts, d->account)->name;
		x->owner = name_of(r, owners, d->owner)->name;
		x->stage = stage->name;
		x->n_why = deal_health(r->arena, d, rule_book_of(r->conn, r->arena, r->actor.org, d->process, &v->book),
		        stage->number, r->today, x->why, &until);
	}
	return OK;
}

enum err
list_page(struct request *r)
{
	struct page p = { .title = STR("Deals") };
	struct list l = { .record = &deal_record };
	struct list_view v = { 0 };
	enum err e = load_list(r, &l, &v);

	if (e == OK)
		e = views_load(r, &v);
	if (e != OK)
		return e;
	if (!v.query.n) /* the form of a view that was refused */
		v.query = page_field(r, "query");
	if (r->faults.n)
		r->answer->status = 422; /* what does not fit is named; the rest of the filter holds */
	page_head(r, &p);
	tpl_deal_list(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* A cell that a spreadsheet would take for a formula gets an apostrophe; numbers stay as they are. */
static void
csv_cell(struct out *o, str s, bool last)
{
	int64_t n;
	bool formula = s.n && strchr("=+-@\t\r", s.s[0]) && !str_to_i64(s, &n);

	out_byte(o, '"');
	if (formula)
		out_byte(o, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '"')
			out_byte(o, '"');
		out_byte(o, s.s[i]);
	}
	out_z(o, last ? "\"\r\n" : "\",");
}

static void
csv_name(struct out *o, str s)
{
	bool formula = s.n && strchr("=+-@\t\r", s.s[0]);

	out_z(o, formula ? "\"'" : "\"");
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '"')
			out_byte(o, '"');
		out_byte(o, s.s[i]);
	}
	out_byte(o, '"');
}

enum err
list_csv(struct request *r)
{
	struct list l = { .record = &deal_record, .limit = 100000 };
	struct list_view v = { 0 };
	struct out *o = &r->answer->body;
	enum err e = load_list(r, &l, &v);

	if (e != OK)
		return e;
	if (r->faults.n)
		return ERR_INPUT;
	page_type(r, STR("text/csv; charset=utf-8"));
	http_set(r->answer, "Content-Disposition", STR("attachment; filename=\"deals.csv\""));
	out_lit(o, "Deal,Account,Stage,Owner,Value,Currency,Value from,Expected close,Next step,Next step on");
	for (size_t i = 0; i < v.record->n_own; i++) {
		out_byte(o, ',');
		csv_name(o, str_of(v.record->own[i].label));
	}
	out_lit(o, "\r\n");
	for (size_t i = 0; i < v.n; i++) {
		const struct deal *d = v.rows[i].d;
		csv_cell(o, d->name, false);
		csv_cell(o, v.rows[i].account, false);
		csv_cell(o, v.rows[i].stage, false);
		csv_cell(o, v.rows[i].owner, false);
		csv_cell(o, d->value == NO_INT ? (str){ 0 } : money_plain(r->arena, money_of(d->value, d->currency)),
		        false);
		csv_cell(o, d->currency, false);
		csv_cell(o, d->value_from == VALUE_LIST ? STR("list price") : STR("amount"), false);
		csv_cell(o, day_iso(r->arena, d->closes_on), false);
		csv_cell(o, d->next_step, false);
		csv_cell(o, day_iso(r->arena, d->next_step_on), !v.record->n_own);
		for (size_t k = 0; k < v.record->n_own; k++)
			csv_cell(o, own_csv_text(r, &v.record->own[k], d), k + 1 == v.record->n_own);
	}
	return OK;
}
