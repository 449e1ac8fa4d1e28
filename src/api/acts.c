/* Acts of pages, sent as JSON: the same address, the same checks, the same rules; only the clothes differ. */
#include <string.h>

#include "api/api.h"

static bool
form_text(struct arena *a, const struct jval *v, str *ret)
{
	int64_t n;

	switch (v->kind) {
	case JVAL_STR:
		*ret = v->text;
		return true;
	case JVAL_INT:
		*ret = str_fmt(a, "%lld", (long long)v->i);
		return true;
	case JVAL_REAL:
		if (!decimal_of(v->r, &n))
			return false;
		*ret = decimal_plain(a, n);
		return true;
	case JVAL_BOOL:
		*ret = v->i ? STR("1") : (str){ 0 };
		return true;
	case JVAL_NULL:
		*ret = (str){ 0 };
		return true;
	default:
		return false;
	}
}

/* How a field is written, for who wrote it otherwise. */
static str
wanted(struct arena *a, const struct act_field *f)
{
	static const char *const says[] = { [ACT_TEXT] = "write a text",
		[ACT_ID] = "write the id as it was read, a text of letters and digits",
		[ACT_DAY] = "write the day as \"2026-02-28\"",
		[ACT_NUMBER] = "write a whole number",
		[ACT_AMOUNT] = "write the amount as \"12500.50\", or 12500",
		[ACT_YES] = "write true or false",
		[ACT_ANY] = "write a text, a whole number, true or false",
		[ACT_OWN] = "write a text, a number, true or false" };

	if (f->kind == ACT_WORD)
		return str_fmt(a, "write one of: %s", f->words);
	if (f->kind != ACT_OF)
		return str_of(says[f->kind]);
	switch (f->field->kind) {
	case F_REF:
		return str_of(says[ACT_ID]);
	case F_DAY:
		return str_of(says[ACT_DAY]);
	case F_INT:
		return str_of(says[ACT_NUMBER]);
	case F_MONEY:
		return str_of(says[ACT_AMOUNT]);
	case F_BOOL:
		return str_of(says[ACT_YES]);
	case F_DECIMAL:
		return str_of(says[ACT_OWN]);
	case F_CHOICE:
		return STR("write one of the codes of the description, /api/v1/openapi.json");
	case F_TEXT:
	case F_LONG:
	case F_INSTANT:
		break;
	}
	return str_of(says[ACT_TEXT]);
}

static bool
in_words(const char *words, str word)
{
	str rest = str_of(words), one;

	while (rest.n) {
		str_cut(rest, ' ', &one, &rest);
		if (str_eq(one, word))
			return true;
	}
	return false;
}

/* What a field of a record is in the body of an act. */
static enum act_kind
kind_of(const struct act_field *f)
{
	static const enum act_kind kinds[] = { [F_TEXT] = ACT_TEXT,
		[F_LONG] = ACT_TEXT,
		[F_REF] = ACT_ID,
		[F_MONEY] = ACT_AMOUNT,
		[F_INT] = ACT_NUMBER,
		[F_DECIMAL] = ACT_OWN,
		[F_DAY] = ACT_DAY,
		[F_INSTANT] = ACT_TEXT,
		[F_BOOL] = ACT_YES,
		[F_CHOICE] = ACT_WORD };

	return f->kind == ACT_OF ? kinds[f->field->kind] : f->kind;
}

/* Strict: "12" is no number, 12 is no text. */
static bool
fits(const struct act_field *f, const struct jval *v)
{
	day d;
	id i;

	if (v->kind == JVAL_NULL)
		return true;
	switch (kind_of(f)) {
	case ACT_TEXT:
		return v->kind == JVAL_STR;
	case ACT_ID:
		return v->kind == JVAL_STR && id_parse(v->text, &i);
	case ACT_DAY:
		return v->kind == JVAL_STR && day_parse(v->text, &d);
	case ACT_NUMBER:
		return v->kind == JVAL_INT;
	case ACT_AMOUNT:
		return v->kind == JVAL_STR || v->kind == JVAL_INT;
	case ACT_YES:
		return v->kind == JVAL_BOOL;
	case ACT_WORD:
		return v->kind == JVAL_STR &&
		       (f->field ? choice_of(f->field->choices, v->text) > 0 : in_words(f->words, v->text));
	case ACT_OWN:
		return v->kind == JVAL_STR || v->kind == JVAL_INT || v->kind == JVAL_REAL || v->kind == JVAL_BOOL;
	default:
		return v->kind == JVAL_STR || v->kind == JVAL_INT || v->kind == JVAL_BOOL;
	}
}

static void
push_pair(struct request *r, str name, const struct jval *v, size_t *cap)
{
	struct http_request *h = r->http;
	str text;

	if (!form_text(r->arena, v, &text)) {
		fault_add(&r->faults, name, STR("is no single value"),
		        STR("write a text, a whole number, true or false"));
		return;
	}
	arena_grow(r->arena, h->form, h->n_form, *cap);
	h->form[h->n_form++] = (struct http_pair){ .name = name, .value = text };
}

/* A row may be told by its name, where "NAME:of" says of which record (page/pick.h). */
static bool
is_named(struct arena *a, const struct act_field *f, const struct jval *body, const struct jval *v)
{
	str of = str_join(a, v->key, STR(":of"));

	return kind_of(f) == ACT_ID && v->kind == JVAL_STR && jval_text(body, str_z(a, of)).n > 0;
}

static bool
says_of(const struct act_field *takes, const struct jval *v)
{
	const struct act_field *f =
	        str_ends(v->key, STR(":of")) ? act_field(takes, str_first(v->key, v->key.n - 3)) : NULL;

	return f && kind_of(f) == ACT_ID && v->kind == JVAL_STR;
}

/* A list becomes the same field several times, as a form has it. */
static void
push_field(struct request *r, const struct act_field *takes, const struct jval *body, const struct jval *v, size_t *cap)
{
	const struct act_field *f = act_field(takes, v->key);

	if ((f && is_named(r->arena, f, body, v)) || says_of(takes, v))
		push_pair(r, v->key, v, cap);
	else if (takes && !f && !str_eq(v->key, STR("idem")))
		fault_add(&r->faults, v->key, STR("is no field of this act"),
		        STR("take it out, or see /api/v1/openapi.json"));
	else if (v->kind == JVAL_ARRAY && (!f || f->many))
		for (const struct jval *x = v->first; x; x = x->next) {
			if (f && !fits(f, x))
				fault_add(&r->faults, v->key, STR("is of another type"), wanted(r->arena, f));
			else
				push_pair(r, v->key, x, cap);
		}
	else if (f && !fits(f, v))
		fault_add(&r->faults, v->key, STR("is of another type"), wanted(r->arena, f));
	else
		push_pair(r, v->key, v, cap);
}

static void
check_needed(struct request *r, const struct act_field *takes)
{
	for (const struct act_field *f = takes; f && f->name; f++)
		if (f->needed && !page_field(r, f->name).n && !fault_at(&r->faults, str_of(f->name)))
			fault_add(&r->faults, str_of(f->name), STR("is missing"), wanted(r->arena, f));
}

enum err
api_form_of(struct request *r)
{
	const struct act_field *takes = act_takes(r->env, r->route);
	struct jval *v;
	size_t cap = 0;
	enum err e = json_parse(r->arena, r->http->body, &r->faults, &v);

	if (e != OK)
		return e;
	if (v->kind != JVAL_OBJECT)
		return fault_add(&r->faults, STR("body"), STR("is no object"), STR("write {\"field\": value, …}"));
	r->http->form = NULL;
	r->http->n_form = 0;
	for (const struct jval *p = v->first; p; p = p->next)
		push_field(r, takes, v, p, &cap);
	check_needed(r, takes);
	str key = http_header(r->http, "Idempotency-Key");
	if (key.n && !http_has_field(r->http, "idem")) {
		arena_grow(r->arena, r->http->form, r->http->n_form, cap);
		r->http->form[r->http->n_form++] = (struct http_pair){ .name = STR("idem"), .value = key };
	}
	return r->faults.n ? ERR_INPUT : OK;
}

static str
take_header(struct http_response *x, const char *name)
{
	str value = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < x->n_headers; i++)
		if (str_same(x->headers[i].name, str_of(name)))
			value = x->headers[i].value;
		else
			x->headers[kept++] = x->headers[i];
	x->n_headers = kept;
	return value;
}

/* "/deals/1?done=SET#top": the page to look at, and the change set. */
static void
split_place(struct arena *a, str place, str *ret_to, str *ret_set)
{
	size_t at = str_find(place, STR("done="));

	*ret_to = place;
	*ret_set = (str){ 0 };
	if (at == SIZE_MAX || at == 0)
		return;
	str rest = str_from(place, at + 5);
	size_t n = 0;
	while (n < rest.n && rest.s[n] != '&' && rest.s[n] != '#')
		n++;
	*ret_set = str_first(rest, n);
	str tail = str_from(rest, n);
	*ret_to = str_join(a, str_first(place, tail.n && tail.s[0] == '&' ? at : at - 1),
	        tail.n && tail.s[0] == '&' ? str_from(tail, 1) : tail);
}

void
api_act_answer(struct request *r)
{
	struct http_response *x = r->answer;
	str type = take_header(x, "Content-Type"), place = take_header(x, "Location"), to, set;
	struct json j;

	if (r->faults.n || x->status >= 400) {
		api_problem(r, x->status >= 400 ? x->status : 422, "input", "That does not fit yet",
		        "Nothing was changed; the errors say where and how to mend it.");
		return;
	}
	if (x->status != 303 && !str_starts(type, STR("text/html"))) { /* it was JSON, CSV or a calendar anyway */
		http_set(x, "Content-Type", type);
		return;
	}
	split_place(r->arena, place, &to, &set);
	x->status = 200;
	out_fini(&x->body);
	out_init(&x->body, 0);
	page_type(r, STR("application/json"));
	json_init(&j, &x->body);
	json_object(&j);
	json_key(&j, "to");
	if (to.n)
		json_str(&j, to);
	else
		json_null(&j);
	json_key(&j, "change_set");
	if (set.n)
		json_str(&j, set);
	else
		json_null(&j);
	json_end(&j);
}
