#include "page/own.h"

#include <string.h>

#include "page/pick.h"

const struct record *
page_own(struct request *r, const struct record *rec)
{
	const struct record *with = rec;

	return record_with_own(r->conn, r->arena, r->actor.org, rec, &with) == OK ? with : rec;
}

/* ---- from forms ---- */

static const char *
mend_of(int kind)
{
	static const char *const mends[] = { [OWN_TEXT] = "at most 500 letters on one line",
		[OWN_NUMBER] = "write a whole number",
		[OWN_MONEY] = "write it as 12500 or 12,500.00",
		[OWN_DECIMAL] = "write a number, as 12.5: up to six digits behind the point",
		[OWN_CHOICE] = "choose one from the list",
		[OWN_BOOL] = "choose yes or no",
		[OWN_PERSON] = "choose one from the list" };

	return mends[kind];
}

/* What was typed, in normal form; false: no such value. */
static bool
normal(struct arena *a, const struct field *f, str typed, str *ret)
{
	int64_t n;

	*ret = typed;
	switch ((enum own_kind)f->own->kind) {
	case OWN_MONEY:
		if (!money_parse(typed, str_z(a, f->own->currency), 0, &n))
			return false;
		*ret = str_i64(a, n);
		return true;
	case OWN_PERSON:
		if (!id_parse(typed, &n))
			return false;
		*ret = str_i64(a, n);
		return true;
	case OWN_DECIMAL:
		if (!decimal_parse(typed, &n))
			return false;
		*ret = decimal_plain(a, n);
		return true;
	default:
		return true;
	}
}

static void
fill_own(struct request *r, const struct field *f, bool creating, void *object)
{
	str typed = page_field(r, f->name), text = { 0 };

	if (!typed.n) {
		if (f->required && (creating || !field_is_null(f, object)))
			fault_add(&r->faults, str_of(f->name), STR("is missing"),
			        str_fmt(r->arena, "fill in %s", f->label));
		else
			field_set_text(f, object, (str){ 0 });
		return;
	}
	if (f->own->kind == OWN_DAY) {
		size_t faults = r->faults.n;
		text = day_iso(r->arena, page_day_field(r, f->name, false));
		if (r->faults.n > faults)
			return;
	}
	if ((f->own->kind != OWN_DAY && !normal(r->arena, f, typed, &text)) || !field_set_text(f, object, text))
		fault_add(&r->faults, str_of(f->name),
		        str_fmt(r->arena, "“%.*s” does not fit here", STR_ARG(str_first(typed, 40))),
		        str_of(mend_of(f->own->kind)));
}

enum err
page_fill_own(struct request *r, const struct record *rec, bool creating, void *object)
{
	for (size_t i = 0; i < rec->n_own; i++)
		if (creating || http_has_field(r->http, rec->own[i].name))
			fill_own(r, &rec->own[i], creating, object);
	return r->faults.n ? ERR_INPUT : OK;
}

/* ---- as words ---- */

str
own_text_words(struct request *r, const struct field *f, str text)
{
	int64_t person;

	if (f->own->kind == OWN_PERSON && str_to_i64(text, &person))
		return page_name(r, "person", person);
	return text.n ? own_words(r->arena, f, text) : text;
}

str
own_field_words(struct request *r, const struct field *f, const void *object)
{
	return own_text_words(r, f, field_text(r->arena, f, object));
}

str
own_csv_text(struct request *r, const struct field *f, const void *object)
{
	str text = field_text(r->arena, f, object);
	int64_t n;

	if (f->own->kind == OWN_MONEY && str_to_i64(text, &n))
		return money_plain(r->arena, money_of(n, f->own->currency));
	return f->own->kind == OWN_PERSON || f->own->kind == OWN_BOOL ? own_text_words(r, f, text) : text;
}

/* ---- in forms ---- */

static void
put_option(struct view *v, str value, str label, bool chosen)
{
	out_lit(v->out, "<option value=\"");
	html_attr(v, value);
	out_z(v->out, chosen ? "\" selected>" : "\">");
	html_text(v, label);
	out_lit(v->out, "</option>");
}

static void
put_select(struct view *v, struct request *r, const struct field *f, str text)
{
	int64_t person = 0;

	if (f->own->kind == OWN_PERSON) {
		str_to_i64(text, &person);
		tpl_pick(v, r, PICK(.name = f->name, .table = "person", .chosen = person, .none = "–"));
		return;
	}
	out_lit(v->out, "<select id=\"");
	html_attr_z(v, f->name);
	out_lit(v->out, "\" name=\"");
	html_attr_z(v, f->name);
	out_lit(v->out, "\">");
	out_lit(v->out, "<option value=\"\">–</option>");
	if (f->own->kind == OWN_BOOL) {
		put_option(v, STR("1"), STR("Yes"), str_eq(text, STR("1")));
		put_option(v, STR("0"), STR("No"), str_eq(text, STR("0")));
	} else {
		for (const struct choice *c = f->choices + 1; c->code; c++)
			put_option(v, str_of(c->code), str_of(c->label), str_eq(text, str_of(c->code)));
		if (text.n && !choice_of(f->choices, text)) /* off the list since: stays until changed */
			put_option(v, text, text, true);
	}
	out_lit(v->out, "</select>");
}

/* What was typed when it was refused, else what stands there. */
static str
shown_text(struct request *r, const struct field *f, const void *object)
{
	str typed = page_field(r, f->name), text = field_text(r->arena, f, object);
	int64_t minor;

	if (r->faults.n && typed.n)
		return typed;
	if (f->own->kind == OWN_MONEY && str_to_i64(text, &minor))
		return money_plain(r->arena, money_of(minor, f->own->currency));
	return text;
}

static void
put_input(struct view *v, struct request *r, const struct field *f, const void *object)
{
	out_lit(v->out, "<input id=\"");
	html_attr_z(v, f->name);
	out_lit(v->out, "\" name=\"");
	html_attr_z(v, f->name);
	bool broken = f->own->kind == OWN_MONEY || f->own->kind == OWN_DECIMAL;
	out_z(v->out, f->own->kind == OWN_DAY      ? "\" type=\"date\" value=\""
	              : f->own->kind == OWN_NUMBER ? "\" inputmode=\"numeric\" value=\""
	              : broken                     ? "\" inputmode=\"decimal\" value=\""
	                                           : "\" maxlength=\"500\" value=\"");
	html_attr(v, shown_text(r, f, object));
	out_z(v->out, f->required ? "\" required>" : "\">");
}

void
tpl_own_inputs(struct view *v, struct request *r, const struct record *rec, const void *object)
{
	for (size_t i = 0; i < rec->n_own; i++) {
		const struct field *f = &rec->own[i];
		bool select = f->own->kind == OWN_CHOICE || f->own->kind == OWN_BOOL || f->own->kind == OWN_PERSON;
		if (i % 3 == 0)
			out_lit(v->out, "<div class=\"fields\">");
		out_lit(v->out, "<div class=\"field\"><label for=\"");
		html_attr_z(v, f->name);
		out_lit(v->out, "\">");
		html_text_z(v, f->label);
		if (f->own->kind == OWN_MONEY) {
			out_lit(v->out, ", ");
			html_text(v, f->own->currency);
		}
		if (!f->required)
			out_lit(v->out, " <span class=\"opt\">optional</span>");
		out_lit(v->out, "</label>");
		if (select)
			put_select(v, r, f, field_text(r->arena, f, object));
		else
			put_input(v, r, f, object);
		tpl_error_at(v, r, f->name);
		out_lit(v->out, "</div>");
		if (i % 3 == 2 || i + 1 == rec->n_own)
			out_lit(v->out, "</div>");
	}
}

/* ---- on pages and in lists ---- */

void
tpl_own_facts(struct view *v, struct request *r, const struct record *rec, const void *object)
{
	for (size_t i = 0; i < rec->n_own; i++) {
		str words = own_field_words(r, &rec->own[i], object);
		if (!words.n)
			continue;
		out_lit(v->out, "<dt>");
		html_text_z(v, rec->own[i].label);
		out_lit(v->out, "</dt><dd>");
		html_text(v, words);
		out_lit(v->out, "</dd>");
	}
}

bool
own_is_number(const struct field *f)
{
	return f->kind == F_INT || f->kind == F_MONEY || f->kind == F_DECIMAL;
}

str
own_filter_text(struct arena *a, const struct field *f, str typed)
{
	str text;

	return normal(a, f, typed, &text) ? text : typed;
}

void
tpl_own_heads(struct view *v, struct request *r, const struct record *rec)
{
	(void)r;
	for (size_t i = 0; i < rec->n_own; i++) {
		if (!rec->own[i].list)
			continue;
		out_z(v->out, own_is_number(&rec->own[i]) ? "<th scope=\"col\" class=\"num\">" : "<th scope=\"col\">");
		html_text_z(v, rec->own[i].label);
		out_lit(v->out, "</th>");
	}
}

void
tpl_own_cells(struct view *v, struct request *r, const struct record *rec, const void *object)
{
	for (size_t i = 0; i < rec->n_own; i++) {
		if (!rec->own[i].list)
			continue;
		out_z(v->out, own_is_number(&rec->own[i]) ? "<td class=\"num\" data-label=\"" : "<td data-label=\"");
		html_attr_z(v, rec->own[i].label);
		out_lit(v->out, "\">");
		html_text(v, own_field_words(r, &rec->own[i], object));
		out_lit(v->out, "</td>");
	}
}

static void
put_filter(struct view *v, const char *name, const char *op, str label, str typed, const char *type)
{
	out_lit(v->out, "<div class=\"field\"><label for=\"q-");
	html_attr_z(v, name);
	html_attr_z(v, op);
	out_lit(v->out, "\">");
	html_text(v, label);
	out_lit(v->out, "</label><input id=\"q-");
	html_attr_z(v, name);
	html_attr_z(v, op);
	out_lit(v->out, "\" name=\"");
	html_attr_z(v, name);
	html_attr_z(v, op);
	out_lit(v->out, "\" type=\"");
	html_attr_z(v, type);
	out_lit(v->out, "\" value=\"");
	html_attr(v, typed);
	out_lit(v->out, "\"></div>");
}

static str
asked(struct request *r, const struct field *f, const char *op)
{
	return page_param(r, str_z(r->arena, str_fmt(r->arena, "%s%s", f->name, op)));
}

static void
put_choice_filter(struct view *v, struct request *r, const struct field *f)
{
	id person = 0;
	str typed = asked(r, f, "");

	if (f->own->kind == OWN_PERSON && id_parse(typed, &person))
		typed = str_fmt(r->arena, "%lld", (long long)person);
	out_lit(v->out, "<div class=\"field\"><label for=\"");
	html_attr_z(v, f->name);
	out_lit(v->out, "\">");
	html_text_z(v, f->label);
	out_lit(v->out, "</label>");
	put_select(v, r, f, typed);
	out_lit(v->out, "</div>");
}

void
tpl_own_filters(struct view *v, struct request *r, const struct record *rec)
{
	for (size_t i = 0; i < rec->n_own; i++) {
		const struct field *f = &rec->own[i];
		const char *type = f->own->kind == OWN_DAY ? "date" : "text";
		if (!f->filter)
			continue;
		if (f->own->kind == OWN_CHOICE || f->own->kind == OWN_BOOL || f->own->kind == OWN_PERSON) {
			put_choice_filter(v, r, f);
		} else if (f->own->kind == OWN_TEXT) {
			put_filter(v, f->name, "", str_fmt(r->arena, "%s has", f->label), asked(r, f, ""), type);
		} else {
			put_filter(v, f->name, ".least", str_fmt(r->arena, "%s from", f->label), asked(r, f, ".least"),
			        type);
			put_filter(
			        v, f->name, ".most", str_fmt(r->arena, "%s to", f->label), asked(r, f, ".most"), type);
		}
	}
}
