#include "page/pick.h"

#include <stdlib.h>
#include <string.h>

#include "json/json.h"
#include "record/find.h"

#define PICKS_MOST 32 /* fields of one form */
#define FOUND_MOST 10 /* answers as one types */
#define NEAR_MOST  6  /* offered where a name is not understood */
#define ENOUGH     5  /* found: nothing is to be forgiven */

/* The rows of a record that the one who asks may choose, read once a request. */
struct pick_rows {
	const char *table;
	const struct pick_row *all;
	size_t n;
	bool many; /* more than a list holds; all is not filled then */
	struct pick_rows *next;
};

/* What was typed and not understood. */
struct pick_open {
	str place, typed;
	const struct record *record;
	struct pick_row *near;
	size_t n;
	struct pick_open *next;
};

struct page_picks {
	struct pick_rows *rows;
	struct pick_open *open;
};

static struct page_picks *
picks_of(struct request *r)
{
	if (!r->picks)
		r->picks = arena_new(r->arena, struct page_picks, 1);
	return r->picks;
}

static const struct pick_open *
open_at(const struct request *r, str place)
{
	for (const struct pick_open *o = r->picks ? r->picks->open : NULL; o; o = o->next)
		if (str_eq(o->place, place))
			return o;
	return NULL;
}

bool
pick_is_open(const struct request *r, str place)
{
	return place.n ? open_at(r, place) != NULL : r->picks && r->picks->open;
}

/* Names are found where they are kept folded; others are few, and in an order of their own. */
static bool
found_by_name(const struct record *rec)
{
	const struct field *f = record_field(rec, STR("name"));

	return f && f->fold;
}

static const struct record *
record_to_pick(str name)
{
	const struct record *rec = record_find(name);
	bool open =
	        rec && (rec->matter == MATTER_COMPANY || rec->matter == MATTER_PEOPLE || rec->matter == MATTER_DEALS);

	return open && found_by_name(rec) ? rec : NULL;
}

/* ---- the rows of a list ---- */

static int
by_name(const void *x, const void *y)
{
	const struct pick_row *a = x, *b = y;
	int d = str_cmp(a->name, b->name);

	return d ? d : a->row < b->row ? -1 : a->row > b->row;
}

static enum err
read_rows(struct request *r, const struct record *rec, struct pick_rows *ret)
{
	bool named = found_by_name(rec);
	bool placed = record_field(rec, STR("position")) != NULL;
	str sql = str_fmt(r->arena, "select t.id, t.name from %s t where t.org_id = $1 and $2 = $2%.*s%s", rec->table,
	        STR_ARG(record_may(r->arena, &r->grant, rec)), placed ? " order by t.position, t.id" : "");
	struct pick_row *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;

	if (named)
		sql = str_fmt(r->arena, "%.*s limit %d", STR_ARG(sql), PICK_FEW + 1);
	enum err e = db_query(
	        r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &rows);
	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(r->arena, all, n, cap);
		all[n++] = (struct pick_row){ .row = db_int(&rows, 0), .name = db_text(&rows, 1) };
	}
	if (!placed && n)
		qsort(all, n, sizeof *all, by_name);
	ret->all = all;
	ret->n = n;
	ret->many = named && n > PICK_FEW;
	return db_end(&rows);
}

static const struct pick_rows *
rows_of(struct request *r, const struct record *rec)
{
	struct page_picks *all = picks_of(r);

	for (struct pick_rows *x = all->rows; x; x = x->next)
		if (strcmp(x->table, rec->table) == 0)
			return x;
	struct pick_rows *x = arena_new(r->arena, struct pick_rows, 1);
	x->table = rec->table;
	if (read_rows(r, rec, x) != OK)
		x->n = 0;
	x->next = all->rows;
	all->rows = x;
	return x;
}

/* ---- finding ---- */

/* What tells a row from others of its name: "acme.example · Spain". */
static str
told(struct request *r, const struct record *rec, id row)
{
	str rest = str_of(rec->told_by), name, said = { 0 };
	void *x = arena_alloc(r->arena, rec->size, 16);

	if (!rest.n || record_load(r->conn, r->arena, &r->grant, rec, row, x) != OK)
		return said;
	while (rest.n) {
		str_cut(rest, ' ', &name, &rest);
		str value = field_text(r->arena, record_field(rec, name), x);
		if (str_starts(value, STR("https://")))
			value = str_from(value, 8);
		if (value.n)
			said = said.n ? str_fmt(r->arena, "%.*s · %.*s", STR_ARG(said), STR_ARG(value)) : value;
	}
	return said;
}

/* The rows nearest to what was typed, the best first: names that begin so, then those that hold its words, then those
   with a typing error. */
static enum err
find_near(struct request *r, const struct record *rec, str typed, size_t most, struct pick_row **ret, size_t *ret_n)
{
	const struct find_in in = { rec->table, "name", false, "" };
	struct find f;
	enum err e;

	find_init(r->conn, r->arena, &r->grant, typed, &f);
	e = find_starting(&f, &in, most);
	if (e == OK && f.n < most && f.asked.n > 1) /* a single letter is in most names */
		e = find_exactly(&f, &in);
	for (int errors = 1; e == OK && errors <= 2 && f.n < ENOUGH && f.n_words && find_forgives(&f); errors++)
		e = find_nearly(&f, &in, errors);
	if (e != OK)
		return e;
	*ret_n = f.n < most ? f.n : most;
	*ret = arena_new(r->arena, struct pick_row, *ret_n + 1);
	for (size_t i = 0; i < *ret_n; i++)
		(*ret)[i] = (struct pick_row){ f.hits[i].row, f.hits[i].name, told(r, rec, f.hits[i].row) };
	return OK;
}

static enum err
pick_find(struct request *r)
{
	const struct record *rec = record_to_pick(r->words[0]);
	struct pick_row *rows;
	struct json j;
	size_t n;

	if (!rec)
		return ERR_ABSENT;
	enum err e = find_near(r, rec, page_param(r, "q"), FOUND_MOST, &rows, &n);
	if (e != OK)
		return e;
	page_type(r, STR("application/json"));
	json_init(&j, &r->answer->body);
	json_array(&j);
	for (size_t i = 0; i < n; i++) {
		json_object(&j);
		json_key(&j, "id");
		json_str(&j, id_text(r->arena, rows[i].row));
		json_key(&j, "label");
		json_str(&j, rows[i].name);
		json_key(&j, "hint");
		json_str(&j, rows[i].told);
		json_end(&j);
	}
	json_end(&j);
	return OK;
}

const struct route pick_routes[] = {
	{ HTTP_GET, "/pick/*", POLICY_SIGNED_IN, pick_find, NULL, "Find what a field may choose", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};

/* ---- what was typed ---- */

/* Rows whose field says just that; at most two are told apart from one. */
static enum err
ask_one(struct request *r, const struct record *rec, const char *column, str value, id *ret, size_t *ret_n)
{
	struct rows rows;
	str sql = str_fmt(r->arena,
	        "select t.id from %s t where t.org_id = $1 and $2 = $2 and t.%s = $3%.*s order by t.id limit 2",
	        rec->table, column, STR_ARG(record_may(r->arena, &r->grant, rec)));
	enum err e = record_query(
	        r->conn, r->arena, &r->grant, str_z(r->arena, sql), (struct db_value[]){ DB_T(value) }, 1, &rows);

	*ret_n = 0;
	if (e != OK)
		return e;
	while (db_next(&rows)) {
		*ret = db_int(&rows, 0);
		++*ret_n;
	}
	return db_end(&rows);
}

/* By its name, minding capitals only where two differ in nothing else; else by its number at the source, else by its
   own. *ret_n: how many it can be, two standing for more. */
static enum err
understand(struct request *r, const struct record *rec, str typed, id *ret, size_t *ret_n)
{
	id own;
	enum err e = ask_one(r, rec, "name_key", str_trim(str_fold(r->arena, typed)), ret, ret_n);

	if (e == OK && *ret_n > 1) {
		size_t n;
		id one = 0;
		e = ask_one(r, rec, "name", typed, &one, &n);
		if (n == 1) {
			*ret = one;
			*ret_n = 1;
		}
	}
	if (e == OK && !*ret_n && record_field(rec, STR("external_id")))
		e = ask_one(r, rec, "external_id", typed, ret, ret_n);
	if (e == OK && !*ret_n && id_parse(typed, &own)) {
		void *x = arena_alloc(r->arena, rec->size, 16);
		*ret_n = record_load(r->conn, r->arena, &r->grant, rec, own, x) == OK;
		*ret = own;
	}
	return e;
}

static enum err
leave_open(struct request *r, const struct record *rec, str place, str typed, size_t n)
{
	struct page_picks *all = picks_of(r);
	struct pick_open *o = arena_new(r->arena, struct pick_open, 1);
	enum err e = find_near(r, rec, typed, NEAR_MOST, &o->near, &o->n);

	if (e != OK)
		return e;
	o->place = place;
	o->typed = typed;
	o->record = rec;
	o->next = all->open;
	all->open = o;
	str said = str_first(typed, 60);
	fault_add(&r->faults, place,
	        n ? str_fmt(r->arena, "Several %s are named “%.*s”", rec->plural, STR_ARG(said))
	          : str_fmt(r->arena, "No %s is named “%.*s”", rec->label, STR_ARG(said)),
	        o->n ? STR("choose one of these, or write another name")
	             : STR("write the name as it stands in its list, or a part of it"));
	return OK;
}

static struct http_pair *
pair_of(struct http_pair *all, size_t n, str name, const char *part)
{
	size_t tail = strlen(part);

	for (size_t i = 0; i < n; i++)
		if (all[i].name.n == name.n + tail && str_starts(all[i].name, name) &&
		        memcmp(all[i].name.s + name.n, part, tail) == 0)
			return &all[i];
	return NULL;
}

/* One field: its text, and what the form says that text stands for. */
static enum err
take_one(struct request *r, struct http_pair *all, size_t n, const struct http_pair *of)
{
	str place = str_first(of->name, of->name.n - 3);
	struct http_pair *field = pair_of(all, n, place, ""), *was = pair_of(all, n, place, ":was");
	const struct http_pair *stands = pair_of(all, n, place, ":id");
	const struct record *rec = record_to_pick(of->value);
	str typed = field ? str_trim(field->value) : (str){ 0 };
	id row = 0;
	size_t found;

	if (!field || !rec)
		return ERR_INPUT;
	const struct http_pair *none = pair_of(all, n, place, ":none");

	if (!typed.n) {
		field->value = none ? none->value : typed;
		return OK;
	}
	if (was && stands && str_eq(typed, str_trim(was->value)) && id_parse(stands->value, &row)) {
		field->value = id_text(r->arena, row);
		return OK;
	}
	field->value = (str){ 0 };
	enum err e = understand(r, rec, typed, &row, &found);
	if (e == OK && found == 1)
		field->value = id_text(r->arena, row);
	return e == OK && found != 1 ? leave_open(r, rec, place, typed, found) : e;
}

static enum err
take_all(struct request *r, struct http_pair *all, size_t n, size_t *ret_taken)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < n; i++)
		if (str_ends(all[i].name, STR(":of"))) {
			e = ++*ret_taken > PICKS_MOST ? ERR_LARGE : take_one(r, all, n, &all[i]);
			if (e == ERR_INPUT)
				fault_add(&r->faults, all[i].name, STR("is no field that chooses a row"),
				        STR("send the form as the page has it"));
		}
	return e;
}

static bool
is_helper(const struct http_pair *p)
{
	return str_ends(p->name, STR(":of")) || str_ends(p->name, STR(":id")) || str_ends(p->name, STR(":was")) ||
	       str_ends(p->name, STR(":none"));
}

/* The same address with ids in place of names: it can be kept and shared. */
static str
clean_address(struct request *r)
{
	struct http_request *h = r->http;
	str to = h->path;
	const char *sep = "?";

	for (size_t i = 0; i < h->n_params; i++) {
		const struct http_pair *p = &h->params[i];
		if (is_helper(p) || (!p->value.n && pair_of(h->params, h->n_params, p->name, ":of")))
			continue;
		to = str_fmt(r->arena, "%.*s%s%.*s=%.*s", STR_ARG(to), sep, STR_ARG(http_escape(r->arena, p->name)),
		        STR_ARG(http_escape(r->arena, p->value)));
		sep = "&";
	}
	return to;
}

/* What the fields needed is no part of what was asked. */
static size_t
drop_helpers(struct http_pair *all, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!is_helper(&all[i]))
			all[kept++] = all[i];
	return kept;
}

enum err
page_picks(struct request *r, bool *ret_led)
{
	struct http_request *h = r->http;
	size_t asked = 0, sent = 0;
	enum err e = take_all(r, h->params, h->n_params, &asked);

	if (e == OK)
		e = take_all(r, h->form, h->n_form, &sent);
	*ret_led = e == OK && asked && !pick_is_open(r, (str){ 0 }) && h->method == HTTP_GET;
	if (*ret_led)
		http_redirect(r->answer, r->arena, clean_address(r));
	if (asked)
		h->n_params = drop_helpers(h->params, h->n_params);
	if (sent)
		h->n_form = drop_helpers(h->form, h->n_form);
	return e;
}

/* ---- in forms ---- */

static void
put_attr(struct view *v, const char *name, str value)
{
	out_fmt(v->out, " %s=\"", name);
	html_attr(v, value);
	out_byte(v->out, '"');
}

static void
put_hidden(struct view *v, const char *name, const char *part, str value)
{
	out_lit(v->out, "<input type=\"hidden\" name=\"");
	html_attr_z(v, name);
	out_fmt(v->out, "%s\"", part);
	put_attr(v, "value", value);
	out_byte(v->out, '>');
}

static void
put_common(struct view *v, const struct pick *p)
{
	put_attr(v, "id", str_of(p->at ? p->at : p->name));
	put_attr(v, "name", str_of(p->name));
	if (p->narrow)
		out_lit(v->out, " class=\"auto\"");
	if (p->also)
		put_attr(v, "aria-describedby", str_of(p->also));
	if (p->required)
		out_lit(v->out, " required");
}

static void
put_option(struct view *v, id row, str name, bool chosen)
{
	out_lit(v->out, "<option value=\"");
	html_id(v, row);
	out_z(v->out, chosen ? "\" selected>" : "\">");
	html_text(v, name);
	out_lit(v->out, "</option>");
}

static void
put_select(struct view *v, struct request *r, const struct pick *p, const struct pick_rows *x)
{
	bool seen = !p->chosen;

	out_lit(v->out, "<select");
	put_common(v, p);
	out_byte(v->out, '>');
	if (p->none) {
		out_lit(v->out, "<option");
		put_attr(v, "value", str_of(p->none_value));
		out_byte(v->out, '>');
		html_text(v, str_of(p->none));
		out_lit(v->out, "</option>");
	}
	for (size_t i = 0; i < x->n; i++) {
		put_option(v, x->all[i].row,
		        x->all[i].told.n
		                ? str_fmt(v->arena, "%.*s, %.*s", STR_ARG(x->all[i].name), STR_ARG(x->all[i].told))
		                : x->all[i].name,
		        x->all[i].row == p->chosen);
		seen = seen || x->all[i].row == p->chosen;
	}
	str name = seen ? (str){ 0 } : page_name(r, p->table, p->chosen);
	if (name.n) /* a form never loses what stands in it */
		put_option(v, p->chosen, name, true);
	out_lit(v->out, "</select>");
}

/* The rows that it can be, to click: what is ticked is what the text stands for. */
static void
put_near(struct view *v, const struct pick *p, const struct pick_open *o)
{
	out_lit(v->out, "<fieldset class=\"picks\"><legend class=\"vh\">");
	html_text(v, o->typed);
	out_lit(v->out, " means</legend>");
	for (size_t i = 0; i < o->n; i++) {
		out_lit(v->out, "<label class=\"check\"><input type=\"radio\" name=\"");
		html_attr_z(v, p->name);
		out_lit(v->out, ":id\" value=\"");
		html_id(v, o->near[i].row);
		out_lit(v->out, "\"> <span>");
		html_text(v, o->near[i].name);
		if (o->near[i].told.n) {
			out_lit(v->out, " <span class=\"note\">");
			html_text(v, o->near[i].told);
			out_lit(v->out, "</span>");
		}
		out_lit(v->out, "</span></label>");
	}
	out_lit(v->out, "</fieldset>");
}

static void
put_fault(struct view *v, struct request *r, const struct pick *p, const struct pick_open *o)
{
	const struct fault *f = fault_at(&r->faults, o->place);

	out_lit(v->out, "<p class=\"error\"");
	put_attr(v, "id", str_fmt(v->arena, "%s-e", p->at ? p->at : p->name));
	out_byte(v->out, '>');
	tpl_icon(v, r, STR("warning"));
	out_lit(v->out, " <span>");
	html_text(v, str_fmt(v->arena, "%.*s; %.*s.", STR_ARG(f->what), STR_ARG(f->mend)));
	out_lit(v->out, "</span></p>");
	if (o->n)
		put_near(v, p, o);
}

static void
put_text(struct view *v, struct request *r, const struct pick *p, const struct pick_open *o)
{
	str shown = o ? o->typed : page_name(r, p->table, p->chosen);
	struct pick with = *p;

	with.required = p->required || !p->none;
	if (o)
		with.also = str_z(v->arena, str_fmt(v->arena, "%s%s%s-e", p->also ? p->also : "", p->also ? " " : "",
		                                    p->at ? p->at : p->name));
	out_z(v->out, p->narrow ? "<span class=\"pick auto\"><input" : "<span class=\"pick\"><input");
	put_common(v, &with);
	out_lit(v->out, " autocomplete=\"off\" spellcheck=\"false\" maxlength=\"200\"");
	put_attr(v, "data-pick", str_fmt(v->arena, "/pick/%s", p->table));
	put_attr(v, "placeholder",
	        !p->none || strcmp(p->none, "–") == 0 ? STR("Type a part of the name") : str_of(p->none));
	if (o)
		out_lit(v->out, " aria-invalid=\"true\"");
	put_attr(v, "value", shown);
	out_byte(v->out, '>');
	put_hidden(v, p->name, ":of", str_of(p->table));
	put_hidden(v, p->name, ":was", shown);
	if (!o && shown.n)
		put_hidden(v, p->name, ":id", id_text(v->arena, p->chosen));
	if (p->none_value)
		put_hidden(v, p->name, ":none", str_of(p->none_value));
	out_lit(v->out, "</span>");
	if (o)
		put_fault(v, r, p, o);
}

void
tpl_pick(struct view *v, struct request *r, const struct pick *p)
{
	const struct record *rec = record_find(str_of(p->table));
	const struct pick_open *o = p->other ? NULL : open_at(r, str_of(p->name));
	const struct pick_rows given = { .all = p->rows, .n = p->n_rows, .many = p->n_rows > PICK_FEW };
	const struct pick_rows *x = p->rows ? &given : rows_of(r, rec);

	if (o || x->many)
		put_text(v, r, p, o);
	else
		put_select(v, r, p, x);
}

/* ---- where the page cannot come back ---- */

void
pick_ask(struct request *r)
{
	struct http_request *h = r->http;
	struct page p = { .title = STR("Which one is meant?") };
	struct view *v = &r->view;

	r->answer->status = 422;
	page_head(r, &p);
	out_lit(v->out, "<form class=\"form\" method=\"post\" data-form");
	put_attr(v, "action", h->path);
	out_byte(v->out, '>');
	for (size_t i = 0; i < h->n_form; i++)
		if (!open_at(r, h->form[i].name) && !h->form[i].file.n)
			put_hidden(v, str_z(v->arena, h->form[i].name), "", h->form[i].value);
	out_lit(v->out, "<p>Nothing was changed yet; all that was typed goes on from here.</p>");
	for (const struct pick_open *o = r->picks->open; o; o = o->next) {
		const char *name = str_z(v->arena, o->place);
		out_lit(v->out, "<div class=\"field\" data-bad><label");
		put_attr(v, "for", o->place);
		out_byte(v->out, '>');
		html_text(v, str_fmt(v->arena, "Which %s", o->record->label));
		out_lit(v->out, "</label>");
		tpl_pick(v, r, PICK(.name = name, .table = o->record->table, .none = "–"));
		out_lit(v->out, "</div>");
	}
	out_lit(v->out, "<div class=\"foot\"><button class=\"btn primary\">Go on</button></div></form>");
	page_foot(r);
}
