#include <string.h>

#include "api/api.h"
#include "record/own.h"

static void
put_value(struct json *j, struct arena *a, const struct field *f, const void *object)
{
	const void *p = (const char *)object + f->at;

	if (field_is_null(f, object) && f->kind != F_BOOL) {
		json_null(j);
		return;
	}
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		json_str(j, *(const str *)p);
		break;
	case F_REF:
		json_str(j, id_text(a, *(const id *)p));
		break;
	case F_MONEY:
	case F_INT:
	case F_DECIMAL:
		json_int(j, *(const int64_t *)p);
		break;
	case F_DAY:
		json_str(j, day_iso(a, *(const day *)p));
		break;
	case F_INSTANT:
		json_str(j, instant_iso(a, *(const int64_t *)p));
		break;
	case F_BOOL:
		json_bool(j, *(const bool *)p);
		break;
	case F_CHOICE:
		json_str(j, str_of(f->choices[*(const int *)p].code));
		break;
	}
}

/* A field of the company's own, from its normal form. */
static void
put_own(struct json *j, struct arena *a, const struct field *f, const void *object)
{
	str text = field_text(a, f, object);
	int64_t n = 0;

	if (!text.n)
		json_null(j);
	else if (f->kind == F_REF)
		json_str(j, str_to_i64(text, &n) ? id_text(a, n) : text);
	else if (f->kind == F_MONEY || f->kind == F_INT)
		json_int(j, str_to_i64(text, &n) ? n : 0);
	else if (f->kind == F_DECIMAL)
		json_raw(j, text);
	else if (f->kind == F_BOOL)
		json_bool(j, str_eq(text, STR("1")));
	else
		json_str(j, text);
}

void
api_put(struct json *j, struct arena *a, const struct record *rec, const void *object)
{
	const struct row *row = record_row(object);

	json_object(j);
	json_key(j, "id");
	json_str(j, id_text(a, row->id));
	json_key(j, "version");
	json_int(j, row->version);
	for (size_t i = 0; i < rec->n_fields; i++) {
		if (rec->fields[i].holds_own)
			continue;
		json_key(j, rec->fields[i].name);
		put_value(j, a, &rec->fields[i], object);
	}
	for (size_t i = 0; i < rec->n_own; i++) {
		json_key(j, rec->own[i].name);
		put_own(j, a, &rec->own[i], object);
	}
	json_end(j);
}

/* The type a field has in JSON, in words for a fault. */
static const char *
wanted(const struct field *f)
{
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		return "write a text";
	case F_REF:
		return "write the id as it was read, a text of letters and digits";
	case F_MONEY:
		return "write a whole number of minor units, as 12500 for 125.00";
	case F_INT:
		return "write a whole number";
	case F_DECIMAL:
		return "write a number, as 12.5: up to six digits behind the point";
	case F_DAY:
		return "write the day as \"2026-02-28\"";
	case F_INSTANT:
		return "write the time as \"2026-02-28T14:03:00Z\"";
	case F_BOOL:
		return "write true or false";
	case F_CHOICE:
		return "write one of the codes of the description, /api/v1/openapi.json";
	}
	return "";
}

static bool
take_text(const struct field *f, void *p, str text, void *object)
{
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		*(str *)p = text;
		return true;
	case F_REF:
		return id_parse(text, (id *)p);
	case F_DAY:
		return day_parse(text, (day *)p);
	case F_INSTANT:
		return instant_parse(text, (instant *)p);
	case F_CHOICE:
		return text.n && field_set_text(f, object, text);
	default:
		return false;
	}
}

static bool
take_own(struct arena *a, const struct field *f, const struct jval *v, void *object)
{
	int64_t n;
	id i;

	switch (v->kind) {
	case JVAL_NULL:
		return field_set_text(f, object, (str){ 0 });
	case JVAL_STR:
		if (f->kind == F_REF)
			return id_parse(v->text, &i) && field_set_text(f, object, str_fmt(a, "%lld", (long long)i));
		return (f->kind == F_TEXT || f->kind == F_DAY || f->kind == F_CHOICE) && v->text.n &&
		       field_set_text(f, object, v->text);
	case JVAL_REAL:
		return f->kind == F_DECIMAL && decimal_of(v->r, &n) && field_set_text(f, object, decimal_plain(a, n));
	case JVAL_INT:
		return (f->kind == F_MONEY || f->kind == F_INT || f->kind == F_DECIMAL) &&
		       field_set_text(f, object, str_fmt(a, "%lld", (long long)v->i));
	case JVAL_BOOL:
		return f->kind == F_BOOL && field_set_text(f, object, v->i ? STR("1") : STR("0"));
	default:
		return false;
	}
}

/* Strict: "12" is no number, 12 is no text. */
static bool
take_value(const struct field *f, const struct jval *v, void *object)
{
	void *p = (char *)object + f->at;

	switch (v->kind) {
	case JVAL_NULL:
		return field_set_text(f, object, (str){ 0 });
	case JVAL_STR:
		return take_text(f, p, v->text, object);
	case JVAL_INT:
		if (f->kind != F_MONEY && f->kind != F_INT)
			return false;
		*(int64_t *)p = v->i;
		return v->i != NO_INT;
	case JVAL_BOOL:
		if (f->kind != F_BOOL)
			return false;
		*(bool *)p = v->i != 0;
		return true;
	default:
		return false;
	}
}

static bool
named_in(const char *names, const char *name)
{
	str rest = str_of(names), one;

	while (rest.n) {
		str_cut(rest, ' ', &one, &rest);
		if (str_eq(one, str_of(name)))
			return true;
	}
	return false;
}

static void
take_one(struct request *r, const struct record *rec, const struct jval *v, bool creating, void *object)
{
	const struct field *f = record_field(rec, v->key);

	if (str_eq(v->key, STR("version")) && v->kind == JVAL_INT)
		((struct row *)object)->version = v->i;
	else if (str_eq(v->key, STR("id")) && !creating && v->kind == JVAL_STR)
		return; /* an object may be sent back as it was read */
	else if (!f || f->holds_own)
		fault_add(&r->faults, v->key, str_fmt(r->arena, "is no field of %s", rec->label),
		        STR("take it out, or see /api/v1/openapi.json"));
	else if (f->system)
		fault_add(&r->faults, v->key, STR("is computed"), STR("take it out"));
	else if (!creating && named_in(rec->api_acts, f->name))
		fault_add(&r->faults, v->key, STR("is changed by an act that checks what it needs"),
		        str_fmt(r->arena, "send it to the act of that name, see /api/v1/openapi.json"));
	else if (f->own ? !take_own(r->arena, f, v, object) : !take_value(f, v, object))
		fault_add(&r->faults, v->key, STR("is of another type"), str_of(wanted(f)));
}

enum err
api_take(struct request *r, const struct record *rec, const struct jval *v, bool creating, void *object)
{
	if (v->kind != JVAL_OBJECT)
		return fault_add(&r->faults, STR("body"), STR("is no object"), STR("write {\"field\": value, …}"));
	for (const struct jval *p = v->first; p; p = p->next)
		take_one(r, rec, p, creating, object);
	for (size_t i = 0; creating && i < rec->n_own; i++)
		if (rec->own[i].required && field_is_null(&rec->own[i], object))
			fault_add(&r->faults, str_of(rec->own[i].name), STR("is missing"),
			        str_fmt(r->arena, "send %s", rec->own[i].label));
	return r->faults.n ? ERR_INPUT : OK;
}
