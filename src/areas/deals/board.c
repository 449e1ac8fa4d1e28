#include <string.h>

#include "areas/deals/filter.h"
#include "html/widgets.h"
#include "record/row.h"

#include "areas/deals/board_html.h"

const char card_columns[] =
        "d.id, d.version, d.owner, d.stage, d.name, coalesce(a.name, ''), p.name, d.value, d.currency, d.value_from, "
        "d.next_step,"
        " d.next_step_on, d.closes_on, d.outcome, d.worked, d.touched_on, d.pushes, d.stage_since, "
        "d.stage_since_known, s.allowed_days,"
        " coalesce(d.stage_done, 0), coalesce(d.stage_steps, 0), s.name, d.process, d.people, d.deciders, "
        "d.progress_on, "
        "d.steps_due, d.closes_from, d.past_pushes";

#define CARD_FROM \
	" from deal d join stage s on s.org_id = d.org_id and s.id = d.stage join person p on p.org_id = d.org_id " \
	"and p.id = d.owner" \
	" left join account a on a.org_id = d.org_id and a.id = d.account"

/* Few people's deals are found by their owners and sorted; + keeps the stage's index out. All others come in the order
   of the index "stage ~value": the first cards are read, not all of a stage sorted. %s: columns, filter, order. */
static const char cards_sql[] =
        "select %s" CARD_FROM " where d.org_id = $1 and $2 = $2 and %s = $%d%.*s order by %.*s, d.id "
        "%s limit %d";

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
	d.past_pushes = db_int(rows, 29);
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

/* Does the filter name a person, or a team so small that its deals are fewer than a stage's? */
static bool
names_few(const struct board_view *b, const struct deal_filter *f)
{
	for (size_t i = 0; i < f->list.n_filters; i++) {
		const struct filter *x = &f->list.filters[i];
		bool owner = str_eq(str_of(x->field->name), STR("owner"));
		if (owner && (x->op == OP_IS || (x->op == OP_BELOW && b->few)))
			return true;
		if (x->op == OP_IS && str_eq(str_of(x->field->name), STR("account")))
			return true;
	}
	return false;
}

/* The order of the table, by value where none is asked for (35). */
static str
card_order(struct arena *a, const struct deal_filter *f, bool few)
{
	const struct field *by = f->list.sort ? f->list.sort : record_field(&deal_record, STR("value"));

	return str_fmt(a, "%s%.*s %s", few ? "+" : "", STR_ARG(row_sort_column(a, by, "d.")),
	        f->list.sort && !f->list.descending ? "asc" : "desc");
}

static enum err
load_cards(struct request *r, struct board_view *b, const struct deal_filter *f, struct board_column *k)
{
	struct list_where where;
	bool few = names_few(b, f), up = f->list.sort && !f->list.descending;
	struct rows rows;

	list_where(r->arena, &r->grant, &f->list, "d", &where);
	struct db_value *values = arena_new(r->arena, struct db_value, where.n + 2);
	for (size_t i = 0; i < where.n; i++)
		values[i] = where.values[i];
	values[where.n] = DB_I(k->stage->row.id);
	values[where.n + 1] = DB_T(b->among);
	str order = card_order(r->arena, f, few || b->among.n);
	str filter = str_join(r->arena, where.sql, filter_among(r->arena, b->among, where.n + 4));
	str sql = str_fmt(r->arena, cards_sql, card_columns,
	        b->among.n ? "{lite:+|pg:}d.stage"
	        : few      ? "d.outcome = 'open' and +d.stage"
	                   : "d.stage",
	        (int)where.n + 3, STR_ARG(filter), STR_ARG(order), up ? "asc" : "desc", CARDS_SHOWN);
	enum err e = record_query(
	        r->conn, r->arena, &r->grant, str_z(r->arena, sql), values, where.n + 1 + (b->among.n > 0), &rows);

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

/* Each column's, and all together; a currency beside the company's is converted and said, or left out and said (D3). */
static enum err
load_sums(struct request *r, struct board_view *b, const struct deal_filter *f, bool now)
{
	struct stage *open = arena_new(r->arena, struct stage, b->n + 1);
	struct totals *each = arena_new(r->arena, struct totals, b->n + 1);
	enum err e;

	for (size_t i = 0; i < b->n; i++)
		open[i] = *b->columns[i].stage;
	e = filter_stage_totals(r, f, b->process, open, b->n, now, each, &b->known);
	if (e != OK || !b->known)
		return e;
	totals_init(&b->totals, r->actor.currency);
	for (size_t i = 0; i < b->n; i++) {
		struct board_column *k = &b->columns[i];
		k->n = each[i].n;
		k->sum = each[i].value;
		k->note = each[i].note;
		for (size_t p = 0; p < each[i].n_parts; p++) {
			const struct totals_part *x = &each[i].parts[p];
			totals_add(&b->totals, str_of(x->code), x->n, x->value.minor, x->weighted.minor * 100);
		}
	}
	return totals_close(r->conn, r->arena, r->actor.org, r->today, &b->totals);
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
load_columns(struct request *r, struct board_view *b)
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
	for (size_t i = 0; i < n; i++)
		if (stages[i].outcome == OUTCOME_OPEN)
			b->columns[b->n++] =
			        (struct board_column){ .stage = &stages[i], .sum = money_of(0, r->actor.currency) };
	return OK;
}

static enum err
load_board(struct request *r, struct board_view *b, const struct deal_filter *f)
{
	enum err e = load_columns(r, b);

	if (e == OK)
		e = know_few(r, b);
	if (e == OK)
		e = list_narrow(r->conn, r->arena, &r->grant, &f->list, &b->among);
	for (size_t i = 0; e == OK && i < b->n; i++)
		e = load_cards(r, b, f, &b->columns[i]);
	if (e == OK)
		e = load_sums(r, b, f, true);
	if (e == OK)
		e = load_silence(r, b);
	if (e == OK && b->known && !f->n_terms)
		e = board_quarter(r, b);
	b->empty = true;
	for (size_t i = 0; i < b->n; i++)
		b->empty &= !b->columns[i].n_cards;
	return e;
}

/* The whose of the board is a filter like any other: the table shows the same deals (35). */
static void
take_scope(struct request *r, struct board_view *b, struct deal_filter *f)
{
	struct deal_filter *table = arena_new(r->arena, struct deal_filter, 1);
	str whose = STR("owner.below"), me = id_text(r->arena, b->person);

	b->scope = page_param(r, "scope");
	if (!str_eq(b->scope, STR("mine")) && !str_eq(b->scope, STR("all")))
		b->scope = b->person ? STR("team") : STR("all");
	if (!b->person)
		b->scope = STR("all");
	filter_read(r, f);
	b->query = f->query;
	b->sort = f->sort;
	b->table = f->query;
	if (str_eq(b->scope, STR("all")))
		return;
	if (str_eq(b->scope, STR("mine")))
		whose = STR("owner");
	b->table = str_fmt(
	        r->arena, "%.*s%s%.*s=%.*s", STR_ARG(f->query), f->query.n ? "&" : "", STR_ARG(whose), STR_ARG(me));
	filter_read_query(r, &deal_record, b->table, table);
	f->list.n_filters = table->list.n_filters;
	for (size_t i = 0; i < table->list.n_filters; i++)
		f->list.filters[i] = table->list.filters[i];
}

enum err
board_page(struct request *r)
{
	struct page p = { .title = STR("Pipeline") };
	struct board_view b = { .person = r->actor.person };
	struct deal_filter f;
	enum err e;

	take_scope(r, &b, &f);
	e = load_board(r, &b, &f);
	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_board(&r->view, &b, &f, r);
	page_foot(r);
	return OK;
}

/* The second fragment: counts and sums of a filter that is counted (D2). */
enum err
board_totals(struct request *r)
{
	struct page p = { .title = STR("Totals of the pipeline") };
	struct board_view b = { .person = r->actor.person };
	struct deal_filter f;
	enum err e;

	take_scope(r, &b, &f);
	e = load_columns(r, &b);
	if (e == OK)
		e = load_sums(r, &b, &f, false);
	if (e != OK)
		return e;
	if (page_is_part(r)) {
		tpl_board_totals(&r->view, &b);
		return OK;
	}
	page_head(r, &p);
	tpl_board_totals_page(&r->view, &b);
	page_foot(r);
	return OK;
}

/* ---- the same filter elsewhere ---- */

static str
joined(struct arena *a, str x, str y)
{
	return str_fmt(a, "%.*s%s%.*s", STR_ARG(x), x.n && y.n ? "&" : "", STR_ARG(y));
}

str
board_table(struct arena *a, const struct board_view *b, str more)
{
	return joined(a, joined(a, b->table, more), b->sort.n ? str_join(a, STR("sort="), b->sort) : (str){ 0 });
}

str
board_scope(struct arena *a, const struct board_view *b, const char *scope)
{
	return filter_address(a, "/board", joined(a, str_fmt(a, "scope=%s", scope), b->query));
}

str
board_scope_of(struct arena *a, const struct board_view *b)
{
	return str_join(a, STR("/board?scope="), b->scope);
}

str
board_stage(struct arena *a, const struct board_view *b, const struct stage *s)
{
	str stage = str_join(a, STR("stage="), id_text(a, s->row.id));

	return filter_address(a, "/deals", joined(a, joined(a, stage, b->table), STR("sort=-value")));
}

str
board_later(struct arena *a, const struct board_view *b)
{
	str query = joined(a, str_join(a, STR("scope="), b->scope), b->query);

	return str_fmt(a, "/board/totals?%.*s&process=%.*s", STR_ARG(query), STR_ARG(id_text(a, b->process)));
}
