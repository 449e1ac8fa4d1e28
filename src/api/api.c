#include "api/api.h"

#include <string.h>

#include "record/own.h"
#include "sheet/write.h"

#define LIMIT_MOST 500

bool
api_wanted(const struct request *r)
{
	str accept = http_header(r->http, "Accept");

	return str_starts(r->http->path, STR("/api/")) || str_eq(r->http->content_type, STR("application/json")) ||
	       str_starts(accept, STR("application/json"));
}

static void
start_answer(struct request *r, int status, str type)
{
	out_fini(&r->answer->body);
	out_init(&r->answer->body, 0);
	r->answer->status = status;
	page_type(r, type);
}

void
api_problem(struct request *r, int status, const char *code, const char *title, const char *what)
{
	struct json j;

	start_answer(r, status, STR("application/problem+json"));
	json_init(&j, &r->answer->body);
	json_object(&j);
	json_key(&j, "type");
	json_str(&j, STR("about:blank"));
	json_key(&j, "status");
	json_int(&j, status);
	json_key(&j, "code");
	json_str(&j, str_of(code));
	json_key(&j, "title");
	json_str(&j, str_of(title));
	json_key(&j, "detail");
	json_str(&j, str_of(what));
	json_key(&j, "errors");
	json_array(&j);
	for (const struct fault *f = r->faults.first; f; f = f->next) {
		json_object(&j);
		json_key(&j, "place");
		json_str(&j, f->place);
		json_key(&j, "what");
		json_str(&j, f->what);
		json_key(&j, "mend");
		json_str(&j, f->mend);
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
}

/* ---- which record ---- */

static enum err
find_record(struct request *r, const struct record **ret)
{
	for (size_t i = 0; record_all[i]; i++)
		if (record_all[i]->api && str_eq(r->words[0], str_of(record_all[i]->api)))
			return record_with_own(r->conn, r->arena, r->actor.org, record_all[i], ret);
	return ERR_ABSENT;
}

/* ---- reading ---- */

/* Rows that are for the one they name: whoever is nobody of the company has none. */
static bool
is_mine(const struct request *r, const struct record *rec, const void *object)
{
	const struct field *f = rec->api_mine ? record_field(rec, str_of(rec->api_mine)) : NULL;

	return !f || *(const id *)((const char *)object + f->at) == r->actor.person;
}

static enum err
keep_mine(struct request *r, const struct record *rec, struct list *l)
{
	if (!rec->api_mine)
		return OK;
	if (!r->actor.person)
		return ERR_ABSENT;
	l->filters[l->n_filters++] = (struct filter){ .field = record_field(rec, str_of(rec->api_mine)),
		.op = OP_IS,
		.value = str_fmt(r->arena, "%lld", (long long)r->actor.person) };
	return OK;
}

/* What is not there, not theirs, and not for them is the same. */
static enum err
load_one(struct request *r, const struct record *rec, void *object)
{
	enum err e = record_load(r->conn, r->arena, &r->grant, rec, r->ids[1], object);

	return e == OK && !is_mine(r, rec, object) ? ERR_ABSENT : e;
}

static void
answer_one(struct request *r, int status, const struct record *rec, const void *object)
{
	struct json j;

	start_answer(r, status, STR("application/json"));
	json_init(&j, &r->answer->body);
	api_put(&j, r->arena, rec, object);
	if (status == 201)
		http_set(r->answer, "Location",
		        str_fmt(r->arena, "/api/v1/%s/%.*s", rec->api,
		                STR_ARG(id_text(r->arena, record_row(object)->id))));
}

static enum err
api_get(struct request *r)
{
	const struct record *rec = NULL;
	enum err e = find_record(r, &rec);

	if (e != OK)
		return e;
	void *object = arena_alloc(r->arena, rec->size, _Alignof(max_align_t));
	e = load_one(r, rec, object);
	if (e == OK)
		answer_one(r, 200, rec, object);
	return e;
}

static void
take_limit(struct request *r, str value, struct list *l)
{
	int64_t n;

	if (str_to_i64(value, &n) && n >= 1 && n <= LIMIT_MOST)
		l->limit = (int)n;
	else
		fault_add(&r->faults, STR("limit"), STR("is no such number"),
		        str_fmt(r->arena, "write a number from 1 to %d", LIMIT_MOST));
}

static void
take_sort(struct request *r, const struct record *rec, str value, struct list *l)
{
	l->descending = str_starts(value, STR("-"));
	l->sort = record_field(rec, str_from(value, l->descending));
	if (!l->sort || !l->sort->sort)
		fault_add(&r->faults, STR("sort"), STR("is no field to sort by"),
		        STR("see /api/v1/openapi.json for those that are"));
}

/* Lists compare references by number; addresses write them as ids. */
static str
filter_value(struct request *r, const struct record *rec, const struct http_pair *p)
{
	str name, op;
	id i;

	str_cut(p->name, '.', &name, &op);
	const struct field *f = record_field(rec, name);
	if (f && f->kind == F_REF && id_parse(p->value, &i))
		return str_fmt(r->arena, "%lld", (long long)i);
	return p->value;
}

static enum err
read_query(struct request *r, const struct record *rec, struct list *l)
{
	for (size_t i = 0; i < r->http->n_params; i++) {
		const struct http_pair *p = &r->http->params[i];
		if (str_eq(p->name, STR("limit")))
			take_limit(r, p->value, l);
		else if (str_eq(p->name, STR("after")))
			l->after = p->value;
		else if (str_eq(p->name, STR("sort")))
			take_sort(r, rec, p->value, l);
		else if (!str_eq(p->name, STR("count")) && !str_eq(p->name, STR("format")) &&
		         !str_eq(p->name, STR("as_of")))
			list_parse(r->arena, rec, p->name, filter_value(r, rec, p), l, &r->faults);
	}
	return r->faults.n ? ERR_INPUT : OK;
}

static void
list_as_csv(struct request *r, const struct record *rec, const struct list_result *x)
{
	struct write w = { .out = &r->answer->body };

	start_answer(r, 200, STR("text/csv; charset=utf-8"));
	write_text(&w, STR("ridealong_id"));
	write_text(&w, STR("ridealong_version"));
	for (size_t i = 0; i < rec->n_fields + rec->n_own; i++)
		if (!record_field_at(rec, i)->holds_own)
			write_text(&w, str_of(record_field_at(rec, i)->own ? record_field_at(rec, i)->label
			                                                   : record_field_at(rec, i)->name));
	write_row_end(&w);
	for (size_t n = 0; n < x->n; n++) {
		const void *object = (const char *)x->rows + n * rec->size;
		write_number(&w, id_text(r->arena, record_row(object)->id));
		write_number(&w, str_fmt(r->arena, "%lld", (long long)record_row(object)->version));
		for (size_t i = 0; i < rec->n_fields + rec->n_own; i++) {
			const struct field *f = record_field_at(rec, i);
			str text = field_text(r->arena, f, object);
			int64_t n;
			if (f->holds_own)
				continue;
			if (f->kind == F_REF && str_to_i64(text, &n))
				text = id_text(r->arena, n);
			if (f->kind == F_TEXT || f->kind == F_LONG || f->kind == F_CHOICE)
				write_text(&w, text);
			else
				write_number(&w, text);
		}
		write_row_end(&w);
	}
}

static void
list_as_json(struct request *r, const struct record *rec, const struct list_result *x, int64_t count)
{
	struct json j;

	start_answer(r, 200, STR("application/json"));
	json_init(&j, &r->answer->body);
	json_object(&j);
	json_key(&j, "data");
	json_array(&j);
	for (size_t n = 0; n < x->n; n++)
		api_put(&j, r->arena, rec, (const char *)x->rows + n * rec->size);
	json_end(&j);
	json_key(&j, "next");
	if (x->next.n)
		json_str(&j, x->next);
	else
		json_null(&j);
	if (count >= 0) {
		json_key(&j, "count");
		json_int(&j, count);
	}
	json_end(&j);
}

/* The next page's address also stands in the head, where programs that read CSV look for it (RFC 8288). */
static void
link_next(struct request *r, const struct record *rec, const struct list_result *x)
{
	str query = { 0 };

	if (!x->next.n)
		return;
	for (size_t i = 0; i < r->http->n_params; i++) {
		const struct http_pair *p = &r->http->params[i];
		if (!str_eq(p->name, STR("after")))
			query = str_fmt(r->arena, "%.*s%.*s=%.*s&", STR_ARG(query),
			        STR_ARG(http_escape(r->arena, p->name)), STR_ARG(http_escape(r->arena, p->value)));
	}
	http_set(r->answer, "Link",
	        str_fmt(r->arena, "</api/v1/%s?%.*safter=%.*s>; rel=\"next\"", rec->api, STR_ARG(query),
	                STR_ARG(http_escape(r->arena, x->next))));
}

static enum err
api_list(struct request *r)
{
	const struct record *rec = NULL;
	struct list l = { 0 };
	struct list_result x = { 0 };
	int64_t count = -1;
	enum err e = find_record(r, &rec);

	if (e != OK)
		return e;
	l.record = rec;
	e = keep_mine(r, rec, &l);
	if (e == OK)
		e = read_query(r, rec, &l);
	if (e == OK)
		e = record_list(r->conn, r->arena, &r->grant, &l, &x);
	if (e == OK && str_eq(page_param(r, "count"), STR("true")))
		e = record_count(r->conn, r->arena, &r->grant, &l, &count);
	if (e != OK)
		return e;
	if (str_eq(page_param(r, "format"), STR("csv")) || str_starts(http_header(r->http, "Accept"), STR("text/csv")))
		list_as_csv(r, rec, &x);
	else
		list_as_json(r, rec, &x, count);
	link_next(r, rec, &x);
	return OK;
}

static const char *
kind_name(enum change_kind k)
{
	static const char *const names[] = { "edit", "import", "undo", "job" };
	return names[k];
}

static void
put_event(struct json *j, struct arena *a, const struct event *v)
{
	json_object(j);
	json_key(j, "change_set");
	json_str(j, id_text(a, v->set));
	json_key(j, "recorded_at");
	json_str(j, instant_iso(a, v->at));
	json_key(j, "effective_at");
	json_str(j, instant_iso(a, v->effective));
	json_key(j, "by");
	json_str(j, v->actor);
	json_key(j, "kind");
	json_str(j, str_of(kind_name(v->kind)));
	json_key(j, "field");
	json_str(j, v->field);
	json_key(j, "label");
	json_str(j, v->described ? str_of(v->described->label) : (str){ 0 });
	json_key(j, "before");
	json_str(j, v->before);
	json_key(j, "after");
	json_str(j, v->after);
	json_key(j, "reason");
	json_str(j, v->reason);
	json_end(j);
}

/* D4: what changed, when it took effect and when it was recorded, and by whom. */
static enum err
api_history(struct request *r)
{
	const struct record *rec = NULL;
	struct event *events;
	struct json j;
	size_t n;
	enum err e = find_record(r, &rec);

	if (e == OK && rec->api_mine)
		e = load_one(r, rec, arena_alloc(r->arena, rec->size, _Alignof(max_align_t)));
	if (e == OK)
		e = record_history(r->conn, r->arena, &r->grant, rec, r->ids[1], LIMIT_MOST, &events, &n);
	if (e != OK)
		return e;
	start_answer(r, 200, STR("application/json"));
	json_init(&j, &r->answer->body);
	json_object(&j);
	json_key(&j, "data");
	json_array(&j);
	for (size_t i = 0; i < n; i++)
		put_event(&j, r->arena, &events[i]);
	json_end(&j);
	json_end(&j);
	return OK;
}

/* ---- writing ---- */

struct api_write {
	const struct record *record;
	const void *given;
	void *object;
	id row;
	int64_t version;
};

static enum err
save_given(struct change *c, void *what)
{
	struct api_write *w = what;

	memcpy(w->object, w->given, w->record->size); /* it may run twice */
	return record_save(c, w->record, w->object);
}

static enum err
remove_given(struct change *c, void *what)
{
	struct api_write *w = what;

	return record_remove(c, w->record, w->row, w->version);
}

static enum err
change(struct request *r, enum err (*fn)(struct change *, void *), struct api_write *w, struct change_work *ret)
{
	*ret = (struct change_work){ .grant = &r->grant,
		.reason = STR("by the API"),
		.idem = http_header(r->http, "Idempotency-Key"),
		.kind = CHANGE_EDIT,
		.faults = &r->faults,
		.fn = fn,
		.what = w };
	if (ret->idem.n > 200)
		return fault_add(&r->faults, STR("Idempotency-Key"), STR("is too long"), STR("at most 200 letters"));
	enum err e = change_run(r->db, r->arena, ret);
	if (e != OK)
		return e;
	if (ret->ret_set)
		http_set(r->answer, "Change-Set", id_text(r->arena, ret->ret_set));
	return db_refresh(r->conn);
}

static enum err
read_body(struct request *r, const struct jval **ret)
{
	struct jval *v;

	if (!str_eq(r->http->content_type, STR("application/json")) &&
	        !str_eq(r->http->content_type, STR("application/merge-patch+json")))
		return fault_add(&r->faults, STR("Content-Type"), STR("is not application/json"),
		        STR("send the fields as a JSON object"));
	enum err e = json_parse(r->arena, r->http->body, &r->faults, &v);
	if (e == OK)
		*ret = v;
	return e;
}

static enum err
save_and_answer(struct request *r, const struct record *rec, void *object, int status)
{
	struct api_write w = { .record = rec, .given = arena_copy(r->arena, object, rec->size), .object = object };
	struct change_work done;
	id row;
	enum err e = change(r, save_given, &w, &done);

	if (e != OK)
		return e;
	row = record_row(object)->id;
	if (done.ret_again)
		e = change_row(r->conn, r->actor.org, done.ret_set, rec, &row);
	if (e == OK)
		e = record_load(r->conn, r->arena, &r->grant, rec, row, object);
	if (e == OK)
		answer_one(r, status, rec, object);
	return e;
}

static enum err
find_writable(struct request *r, const struct record **ret)
{
	enum err e = find_record(r, ret);

	if (e == OK && !(*ret)->api_write) {
		http_set(r->answer, "Allow", STR("GET, HEAD"));
		return ERR_DENIED;
	}
	return e;
}

static enum err
api_create(struct request *r)
{
	const struct record *rec = NULL;
	const struct jval *v = NULL;
	enum err e = find_writable(r, &rec);

	if (e == OK)
		e = read_body(r, &v);
	if (e != OK)
		return e;
	void *object = arena_alloc(r->arena, rec->size, _Alignof(max_align_t));
	record_init(rec, object);
	e = api_take(r, rec, v, true, object);
	((struct row *)object)->version = 0;
	if (e == OK && rec->start)
		e = rec->start(r->conn, r->arena, &r->grant, object);
	return e == OK ? save_and_answer(r, rec, object, 201) : e;
}

static enum err
api_update(struct request *r)
{
	const struct record *rec = NULL;
	const struct jval *v = NULL;
	enum err e = find_writable(r, &rec);

	if (e == OK)
		e = read_body(r, &v);
	if (e != OK)
		return e;
	void *object = arena_alloc(r->arena, rec->size, _Alignof(max_align_t));
	e = record_load(r->conn, r->arena, &r->grant, rec, r->ids[1], object);
	if (e != OK)
		return e;
	if (!jval_at(v, "version"))
		return fault_add(&r->faults, STR("version"), STR("is missing"),
		        STR("send the version you read, so that nobody’s change is overwritten unseen"));
	e = api_take(r, rec, v, false, object);
	return e == OK ? save_and_answer(r, rec, object, 200) : e;
}

static enum err
api_remove(struct request *r)
{
	const struct record *rec = NULL;
	struct change_work done;
	struct api_write w = { .row = r->ids[1] };
	enum err e = find_writable(r, &rec);

	if (e != OK)
		return e;
	if (!str_to_i64(page_param(r, "version"), &w.version))
		return fault_add(
		        &r->faults, STR("version"), STR("is missing"), STR("add ?version= with the one you read"));
	w.record = rec;
	w.object = arena_alloc(r->arena, rec->size, _Alignof(max_align_t));
	e = record_load(r->conn, r->arena, &r->grant, rec, w.row, w.object);
	if (e == OK)
		e = change(r, remove_given, &w, &done);
	if (e == OK)
		start_answer(r, 204, STR("application/json"));
	return e;
}

const struct route api_routes[] = {
	{ HTTP_GET, "/api/v1/openapi.json", POLICY_PUBLIC, api_description, NULL, "Read the API's description", false },
	{ HTTP_GET, "/api/v1/*", POLICY_SIGNED_IN, api_list, NULL, "List records as JSON or CSV", false },
	{ HTTP_POST, "/api/v1/*", POLICY_SIGNED_IN, api_create, NULL, "Add a record by JSON", true },
	{ HTTP_GET, "/api/v1/*/:", POLICY_SIGNED_IN, api_get, NULL, "Read a record as JSON", false },
	{ HTTP_PATCH, "/api/v1/*/:", POLICY_SIGNED_IN, api_update, NULL, "Change a record by JSON", true },
	{ HTTP_DELETE, "/api/v1/*/:", POLICY_SIGNED_IN, api_remove, NULL, "Remove a record by JSON", true },
	{ HTTP_GET, "/api/v1/*/:/history", POLICY_SIGNED_IN, api_history, NULL, "Read a record's history as JSON",
	        false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
