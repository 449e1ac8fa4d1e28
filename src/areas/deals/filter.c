#include "areas/deals/filter.h"

#include "page/pick.h"

/* ---- the sentence ---- */

static const char *
op_words(const struct field *f, enum filter_op op)
{
	bool day = f->kind == F_DAY;

	switch (op) {
	case OP_NOT:
		return "is not";
	case OP_LEAST:
		return day ? "from" : "at least";
	case OP_MOST:
		return day ? "until" : "at most";
	case OP_HAS:
		return "has";
	case OP_WORD:
		return "says";
	case OP_NONE:
		return "is empty";
	case OP_ANY:
		return "is there";
	default:
		return "is";
	}
}

/* The currency that amounts of this filter are meant in (D3). */
static str
currency_of(const struct request *r, const struct deal_filter *f)
{
	for (size_t i = 0; i < f->list.n_filters; i++)
		if (f->list.filters[i].op == OP_IS && str_eq(str_of(f->list.filters[i].field->name), STR("currency")))
			return f->list.filters[i].value;
	return r->actor.currency;
}

static str
value_words(struct request *r, const struct deal_filter *all, const struct filter *x)
{
	int64_t n;
	day d;

	if (x->field->own)
		return own_text_words(r, x->field, x->value);
	if (x->op == OP_HAS || x->op == OP_WORD)
		return x->op == OP_WORD ? health_flag_words(x->value) : x->value;
	switch (x->field->kind) {
	case F_REF:
		return str_to_i64(x->value, &n) ? page_name(r, x->field->ref->table, n) : x->value;
	case F_MONEY:
		return str_to_i64(x->value, &n) ? money_text(r->arena, money_of(n, currency_of(r, all))) : x->value;
	case F_DAY:
		return day_parse(x->value, &d) ? day_text(r->arena, d, r->today) : x->value;
	case F_CHOICE:
		n = choice_of(x->field->choices, x->value);
		return n ? str_of(x->field->choices[n].label) : x->value;
	case F_BOOL:
		return str_eq(x->value, STR("1")) ? STR("yes") : STR("no");
	default:
		return x->value;
	}
}

str
filter_words(struct request *r, const struct deal_filter *all, const struct filter *x)
{
	const char *label = x->op == OP_WORD ? "Flag" : x->field->label;

	if (x->marks && (x->op == OP_NONE || x->op == OP_ANY))
		return x->op == OP_NONE ? STR("Has no tag") : STR("Has a tag");

	if (x->op == OP_ANY && str_eq(str_of(x->field->name), STR("gone_on")))
		return STR("Not in the last file"); /* D5a */
	if (x->op == OP_NONE || x->op == OP_ANY)
		return str_fmt(r->arena, "%s %s", label, op_words(x->field, x->op));
	str value = value_words(r, all, x);
	if (!value.n)
		value = STR("one that is gone"); /* a kept view may name what was removed since */
	return str_fmt(r->arena, "%s %s %.*s%s", label, op_words(x->field, x->op), STR_ARG(value),
	        x->op == OP_BELOW ? " or below" : "");
}

str
filter_address(struct arena *a, const char *page, str query)
{
	bool asked = str_find_byte(str_of(page), '?') != SIZE_MAX;

	return query.n ? str_fmt(a, "%s%c%.*s", page, asked ? '&' : '?', STR_ARG(query)) : str_of(page);
}

/* ---- reading ---- */

static str
add_pair(struct arena *a, str query, str name, str value)
{
	return str_fmt(a, "%.*s%s%.*s=%.*s", STR_ARG(query), query.n ? "&" : "", STR_ARG(http_escape(a, name)),
	        STR_ARG(http_escape(a, value)));
}

/* Every pair of the address is a filter, but for these, and for the records that were ticked. */
static bool
is_filter(const struct record *of, str name)
{
	static const char *const others[] = { "sort", "after", "as_of", "done", "scope", "all", "to", "q", "badge" };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (str_eq(name, str_of(others[i])))
			return false;
	return !str_eq(name, str_of(of->name));
}

/* As the engine wants it: ids and amounts as numbers. */
static str
normal_value(struct request *r, const struct deal_filter *f, str name, str value)
{
	str head, op;
	int64_t minor;
	id ref;

	str_cut(name, '.', &head, &op);
	const struct field *x = record_field(f->record, head);
	if (!x || str_eq(op, STR("has")))
		return value;
	if (x->own)
		return own_filter_text(r->arena, x, value);
	if (x->kind == F_REF && id_parse(value, &ref))
		return str_fmt(r->arena, "%lld", (long long)ref);
	if (x->kind == F_MONEY && money_parse(value, str_z(r->arena, currency_of(r, f)), 0, &minor))
		return str_fmt(r->arena, "%lld", (long long)minor); /* as people type it */
	return value;
}

/* An amount is meant in one currency: deals in others are no more or less than it (D3). */
static void
add_currency(struct request *r, struct deal_filter *f)
{
	bool money = false, named = false;

	for (size_t i = 0; i < f->list.n_filters; i++) {
		const struct filter *x = &f->list.filters[i];
		money |= x->field->kind == F_MONEY && !x->field->own &&
		         (x->op == OP_LEAST || x->op == OP_MOST || x->op == OP_IS);
		named |= str_eq(str_of(x->field->name), STR("currency"));
	}
	if (money && !named && f->list.n_filters < FILTER_TERMS)
		f->list.filters[f->list.n_filters++] = (struct filter){
			.field = record_field(&deal_record, STR("currency")), .op = OP_IS, .value = r->actor.currency
		};
}

static void
read_sort(struct deal_filter *f, str sort)
{
	struct list *l = &f->list;

	l->descending = str_starts(sort, STR("-"));
	l->sort = record_field(l->record, l->descending ? str_from(sort, 1) : sort);
	if (l->sort && !l->sort->sort)
		l->sort = NULL;
	f->sort = l->sort ? sort : (str){ 0 };
}

static void
read_pairs(struct request *r, const struct http_pair *pairs, size_t n, bool of_currency, struct deal_filter *f)
{
	for (size_t i = 0; i < n; i++) {
		str name = pairs[i].name, value = str_trim(pairs[i].value);
		if (!is_filter(f->list.record, name) || !value.n || str_eq(name, STR("currency")) != of_currency)
			continue;
		str asked = str_eq(name, STR("has")) ? STR("name.has") : name;
		if (list_parse(r->arena, f->record, asked, normal_value(r, f, asked, value), &f->list, &r->faults) !=
		        OK)
			continue;
		f->terms[f->n_terms++] = (struct filter_term){ .name = name, .value = value, .found = -1 };
	}
}

static void
read_all(struct request *r, const struct record *of, const struct http_pair *pairs, size_t n, struct deal_filter *f)
{
	*f = (struct deal_filter){ .list = { .record = of }, .record = page_own(r, of) };
	read_pairs(r, pairs, n, true, f); /* first, since amounts are read by it */
	read_pairs(r, pairs, n, false, f);
	for (size_t i = 0; i < f->n_terms; i++)
		f->terms[i].words = filter_words(r, f, &f->list.filters[i]);
	for (size_t i = 0; i < f->n_terms; i++) {
		f->query = add_pair(r->arena, f->query, f->terms[i].name, f->terms[i].value);
		for (size_t k = 0; k < f->n_terms; k++)
			if (k != i)
				f->terms[i].query =
				        add_pair(r->arena, f->terms[i].query, f->terms[k].name, f->terms[k].value);
	}
	add_currency(r, f);
}

void
filter_read(struct request *r, struct deal_filter *f)
{
	filter_read_of(r, &deal_record, f);
}

void
filter_read_of(struct request *r, const struct record *of, struct deal_filter *f)
{
	read_all(r, of, r->http->params, r->http->n_params, f);
	read_sort(f, page_param(r, "sort"));
}

void
filter_read_query(struct request *r, const struct record *of, str query, struct deal_filter *f)
{
	struct http_pair *pairs = NULL;
	size_t n = 0;

	if (http_parse_form(r->arena, query, &pairs, &n) != OK)
		n = 0;
	read_all(r, of, pairs, n, f);
}

/* ---- the form ---- */

enum { TAGS_LOOKED_AT = 2000, TAGS_MOST = 60 };

/* Of the deals tagged last: enough to propose, and no scan of all tags. */
void
tpl_tag_names(struct view *view, struct request *r, const char *list)
{
	struct rows rows;

	out_lit(view->out, "<datalist id=\"");
	html_attr_z(view, list);
	out_lit(view->out, "\">");
	if (record_query(r->conn, r->arena, &r->grant,
	            "select min(x.name) from (select t.name, t.name_key, t.deal from deal_tag t where t.org_id = $1 "
	            "and "
	            "$2 = $2 order by t.id desc limit $3) x join deal d on d.org_id = $1 and d.id = x.deal "
	            "{may:deals d.owner} group by x.name_key order by x.name_key limit $4",
	            DB_ARGS(DB_I(TAGS_LOOKED_AT), DB_I(TAGS_MOST)), &rows) == OK) {
		while (db_next(&rows)) {
			out_lit(view->out, "<option value=\"");
			html_attr(view, db_text(&rows, 0));
			out_lit(view->out, "\"></option>");
		}
		db_end(&rows);
	}
	out_lit(view->out, "</datalist>");
}

/* Whoever leads somebody, and the one who asks; where these are too many for a list, anybody by name. */
void
tpl_filter_leaders(struct view *view, struct request *r)
{
	static const char sql[] =
	        "select p.id, p.name from person p where p.org_id = $1 and (p.id = $3 or p.id = $2 or p.id in (select "
	        "l.above from line l where l.org_id = $1 and l.depth = 1 and l.to_day is null)) order by p.name, p.id "
	        "limit $4";
	id chosen = page_id_param(r, "owner.below");
	struct rows rows;
	size_t n = 0;

	struct pick_row *all = arena_new(r->arena, struct pick_row, PICK_FEW + 1);
	if (record_query(r->conn, r->arena, &r->grant, sql, DB_ARGS(DB_I(chosen), DB_I(PICK_FEW + 1)), &rows) != OK)
		return;
	while (db_next(&rows))
		all[n++] = (struct pick_row){ .row = db_int(&rows, 0), .name = db_text(&rows, 1) };
	if (db_end(&rows) == OK)
		tpl_pick(view, r,
		        PICK(.name = "owner.below", .at = "f-below", .table = "person", .chosen = chosen, .none = "–",
		                .rows = all, .n_rows = n));
}
