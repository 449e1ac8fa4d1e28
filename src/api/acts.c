/* Acts of pages, sent as JSON: the same address, the same checks, the same rules; only the clothes differ. */
#include <string.h>

#include "api/api.h"

static bool
form_text(struct arena *a, const struct jval *v, str *ret)
{
	switch (v->kind) {
	case JVAL_STR:
		*ret = v->text;
		return true;
	case JVAL_INT:
		*ret = str_fmt(a, "%lld", (long long)v->i);
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

/* A list becomes the same field several times, as a form has it. */
static void
push_field(struct request *r, str name, const struct jval *v, size_t *cap)
{
	struct http_request *h = r->http;
	str text;

	if (v->kind == JVAL_ARRAY) {
		for (const struct jval *x = v->first; x; x = x->next)
			if (x->kind != JVAL_ARRAY)
				push_field(r, name, x, cap);
		return;
	}
	if (!form_text(r->arena, v, &text)) {
		fault_add(&r->faults, name, STR("is an object"), STR("write a text, a whole number, true or false"));
		return;
	}
	arena_grow(r->arena, h->form, h->n_form, *cap);
	h->form[h->n_form++] = (struct http_pair){ .name = name, .value = text };
}

enum err
api_form_of(struct request *r)
{
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
		push_field(r, p->key, p, &cap);
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
