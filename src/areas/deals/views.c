/* A filter as people read it, and filters kept under a name (D2). */
#include "areas/deals/view.h"

#define VIEWS_MOST 40

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
	case OP_NONE:
		return "is empty";
	case OP_ANY:
		return "is there";
	default:
		return "is";
	}
}

static str
value_words(struct request *r, const struct filter *x)
{
	int64_t n;
	day d;

	if (x->field->own)
		return own_text_words(r, x->field, x->value);
	switch (x->field->kind) {
	case F_REF:
		return str_to_i64(x->value, &n) ? page_name(r, x->field->ref->table, n) : x->value;
	case F_MONEY:
		return str_to_i64(x->value, &n) ? money_text(r->arena, money_of(n, r->actor.currency)) : x->value;
	case F_DAY:
		return day_parse(x->value, &d) ? day_text(r->arena, d, r->today) : x->value;
	case F_CHOICE:
		n = choice_of(x->field->choices, x->value);
		return n ? str_of(x->field->choices[n].label) : x->value;
	default:
		return x->value;
	}
}

str
filter_words(struct request *r, const struct filter *x)
{
	if (strcmp(x->field->name, "gone_on") == 0 && x->op == OP_ANY)
		return STR("Not in the last file"); /* D5a */
	if (x->op == OP_NONE || x->op == OP_ANY)
		return str_fmt(r->arena, "%s %s", x->field->label, op_words(x->field, x->op));
	str value = value_words(r, x);
	if (!value.n)
		value = STR("one that is gone"); /* a kept view may name what was removed since */
	return str_fmt(r->arena, "%s %s %.*s%s", x->field->label, op_words(x->field, x->op), STR_ARG(value),
	        x->op == OP_BELOW ? " or below" : "");
}

/* The address without one of its terms. */
str
query_without(struct request *r, const struct list_term *t, size_t n, size_t left_out)
{
	str all = { 0 };

	for (size_t i = 0; i < n; i++)
		if (i != left_out)
			all = str_fmt(r->arena, "%.*s%s%.*s=%.*s", STR_ARG(all), all.n ? "&" : "",
			        STR_ARG(http_escape(r->arena, t[i].name)), STR_ARG(http_escape(r->arena, t[i].value)));
	return all;
}

str
deals_address(struct arena *a, const char *page, str query)
{
	return query.n ? str_fmt(a, "%s?%.*s", page, STR_ARG(query)) : str_of(page);
}

str
view_address(struct arena *a, const struct kept_view *v)
{
	return deals_address(a, "/deals", v->query);
}

/* ---- kept views ---- */

enum err
views_load(struct request *r, struct list_view *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from kept_view x where x.org_id = $1 and $2 = $2 {may:private x.owner} order by x.name, "
	        "x.id "
	        "limit %d",
	        STR_ARG(record_columns(r->arena, &view_record, "x")), VIEWS_MOST);
	struct rows rows;
	enum err e;

	if (!r->actor.person)
		return OK;
	v->views = arena_new(r->arena, struct kept_view, VIEWS_MOST);
	e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_NO_ARGS, &rows);
	while (e == OK && v->n_views < VIEWS_MOST && db_next(&rows)) {
		struct kept_view *x = &v->views[v->n_views++];
		record_read(&rows, &view_record, 0, x);
		if (str_eq(x->query, v->query))
			v->view = x;
	}
	return e == OK ? db_end(&rows) : e;
}

/* Only what a filter can be: letters of an address, nothing that leads elsewhere. */
static bool
is_query(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] <= ' ' || s.s[i] == '#' || s.s[i] == '"' || (unsigned char)s.s[i] >= 127)
			return false;
	return s.n > 0;
}

struct keeping {
	struct kept_view given, found;
	bool again; /* one of that name is there: it shows this from now on */
};

static enum err
keep_work(struct change *c, void *what)
{
	const struct keeping *k = what;
	struct kept_view x = k->again ? k->found : k->given;

	x.query = k->given.query;
	return record_save(c, &view_record, &x);
}

static enum err
find_named(struct request *r, struct keeping *k)
{
	str sql = str_fmt(r->arena, "select %.*s from kept_view x where x.org_id = $1 and x.owner = $2 and x.name = $3",
	        STR_ARG(record_columns(r->arena, &view_record, "x")));
	struct rows rows;
	enum err e =
	        record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_T(k->given.name)), &rows);

	if (e != OK)
		return e;
	k->again = db_next(&rows);
	if (k->again)
		record_read(&rows, &view_record, 0, &k->found);
	return db_end(&rows);
}

enum err
view_keep(struct request *r)
{
	struct keeping k = { 0 };
	id set = 0;
	enum err e;

	record_init(&view_record, &k.given);
	k.given.owner = r->actor.person;
	k.given.name = page_field(r, "name");
	k.given.query = page_field(r, "query");
	if (!k.given.name.n)
		fault_add(&r->faults, STR("name"), STR("is missing"), STR("name the view, as “Closing this month”"));
	if (!is_query(k.given.query))
		fault_add(&r->faults, STR("query"), STR("is no filter"),
		        STR("filter the deals first, then keep the view"));
	if (r->faults.n)
		return list_page(r);
	e = find_named(r, &k);
	if (e == OK)
		e = page_change(r, k.again ? STR("View replaced") : STR("View kept"), keep_work, &k, &set);
	if (e == ERR_INPUT)
		return list_page(r);
	return e == OK ? page_done(r, set, view_address(r->arena, &k.given)) : e;
}

static enum err
drop_work(struct change *c, void *what)
{
	const struct kept_view *x = what;

	return record_remove(c, &view_record, x->row.id, x->row.version);
}

enum err
view_drop(struct request *r)
{
	struct kept_view x;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &view_record, r->ids[0], &x);

	if (e == OK)
		e = page_change(r, STR("View removed"), drop_work, &x, &set);
	return e == OK ? page_done(r, set, STR("/deals")) : e;
}
