#include "page/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "page/pick.h"

enum err
page_go(struct request *r, str to)
{
	http_redirect(r->answer, r->arena, to);
	return OK;
}

enum err
page_go_fmt(struct request *r, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return page_go(r, str_copy(r->arena, str_of(text)));
}

enum err
page_done(struct request *r, id set, str to)
{
	str head, fragment;
	bool has_fragment = str_cut(to, '#', &head, &fragment);

	if (!set)
		return page_go(r, to);
	return page_go(r, str_fmt(r->arena, "%.*s%sdone=%.*s%s%.*s", STR_ARG(head),
	                          str_find_byte(head, '?') == SIZE_MAX ? "?" : "&", STR_ARG(id_text(r->arena, set)),
	                          has_fragment ? "#" : "", STR_ARG(fragment)));
}

void
page_type(struct request *r, str content_type)
{
	http_set(r->answer, "Content-Type", content_type);
}

str
page_param(const struct request *r, const char *name)
{
	return str_trim(http_param(r->http, name));
}

/* What an act reads stands in its table, or programs could not know of it. */
static void
look_up(const struct request *r, const char *name)
{
	const struct act_field *takes = act_takes(r->env, r->route);

	if (takes && !r->shown && !r->faults.n && r->answer->status == 200 && !act_field(takes, str_of(name)) &&
	        strcmp(name, "idem") != 0)
		log_error("%s reads “%s”, which its table lacks", r->route->path, name);
}

str
page_field(const struct request *r, const char *name)
{
	look_up(r, name);
	return str_trim(http_field(r->http, name));
}

bool
page_has_field(const struct request *r, const char *name)
{
	look_up(r, name);
	return http_has_field(r->http, name);
}

id
page_id_field(const struct request *r, const char *name)
{
	id i = 0;
	return id_parse(page_field(r, name), &i) ? i : 0;
}

id
page_id_param(const struct request *r, const char *name)
{
	id i = 0;
	return id_parse(page_param(r, name), &i) ? i : 0;
}

/* What people type for a day: 2026-02-28, 28.2.2026, today, tomorrow. Slashes are left alone: nobody knows their order.
 */
static bool
typed_day(str s, day today, day *ret)
{
	str a, b, c, rest;
	int64_t d, m, y;

	if (str_same(s, STR("today")) || str_same(s, STR("tomorrow"))) {
		*ret = day_add(today, str_same(s, STR("tomorrow")));
		return true;
	}
	if (day_parse(s, ret))
		return true;
	if (!str_cut(s, '.', &a, &rest) || !str_cut(rest, '.', &b, &c))
		return false;
	if (!str_to_i64(str_trim(a), &d) || !str_to_i64(str_trim(b), &m) || !str_to_i64(str_trim(c), &y) || y < 1900 ||
	        y > 2200)
		return false;
	*ret = day_of((int)y, m > 0 && m < 13 ? (int)m : 0, d > 0 && d < 32 ? (int)d : 0);
	return day_is(*ret);
}

day
page_day_field(struct request *r, const char *name, bool required)
{
	str typed = page_field(r, name);
	day d = DAY_NONE;

	if (!typed.n && required)
		fault_add(&r->faults, str_of(name), STR("is missing"), STR("choose a day"));
	else if (typed.n && !typed_day(typed, r->today, &d))
		fault_add(&r->faults, str_of(name),
		        str_fmt(r->arena, "“%.*s” is not a day", STR_ARG(str_first(typed, 40))),
		        STR("write it as 2026-02-28 or 28.2.2026"));
	return d;
}

void
page_form_hidden(struct request *r)
{
	struct view *v = &r->view;

	out_lit(v->out, "<input type=\"hidden\" name=\"csrf\" value=\"");
	html_attr(v, r->actor.csrf);
	out_lit(v->out, "\"><input type=\"hidden\" name=\"idem\" value=\"");
	str typed = page_field(r, "idem");
	html_attr(v, typed.n && r->faults.n ? typed : id_text(r->arena, id_random()));
	out_lit(v->out, "\">");
}

static void
fill_amount(struct request *r, const struct record *rec, const struct field *f, void *object, str typed)
{
	const struct field *currency = record_field(rec, STR("currency"));
	str code = currency ? field_text(r->arena, currency, object) : (str){ 0 };
	int64_t minor;

	if (!code.n)
		code = r->actor.currency;
	if (money_parse(typed, str_z(r->arena, code), 0, &minor))
		*(int64_t *)(void *)((char *)object + f->at) = minor;
	else
		fault_add(&r->faults, str_of(f->name),
		        str_fmt(r->arena, "“%.*s” is not an amount", STR_ARG(str_first(typed, 40))),
		        STR("write it as 12500 or 12,500.00"));
}

static void
fill_one(struct request *r, const struct record *rec, const struct field *f, void *object)
{
	str typed = page_field(r, f->name);
	id i;

	if (!typed.n) {
		field_set_text(f, object, (str){ 0 });
	} else if (f->kind == F_MONEY) {
		fill_amount(r, rec, f, object, typed);
	} else if (f->kind == F_DAY) {
		*(day *)(void *)((char *)object + f->at) = page_day_field(r, f->name, false);
	} else if (f->kind == F_REF) {
		if (id_parse(typed, &i))
			*(id *)(void *)((char *)object + f->at) = i;
		else
			fault_add(&r->faults, str_of(f->name), STR("is not on the list"),
			        STR("choose one from the list"));
	} else if (!field_set_text(f, object, typed)) {
		fault_add(&r->faults, str_of(f->name),
		        str_fmt(r->arena, "“%.*s” does not fit here", STR_ARG(str_first(typed, 40))),
		        f->kind == F_INT ? STR("write a whole number") : STR("choose one from the list"));
	}
}

enum err
page_fill(struct request *r, const struct record *rec, const char *fields, void *object)
{
	str rest = str_of(fields), name;

	while (rest.n) {
		str_cut(rest, ' ', &name, &rest);
		const struct field *f = record_field(rec, name);
		assert(f && !f->system);
		if (page_has_field(r, f->name) || f->kind == F_BOOL)
			fill_one(r, rec, f, object);
	}
	return r->faults.n ? ERR_INPUT : OK;
}

enum err
page_change_as(struct request *r, const struct grant *g, str reason, enum err (*fn)(struct change *c, void *what),
        void *what, id *ret_set)
{
	struct change_work w = { .grant = g,
		.reason = reason,
		.idem = page_field(r, "idem"),
		.kind = CHANGE_EDIT,
		.faults = &r->faults,
		.fn = fn,
		.what = what };
	if (pick_is_open(r, (str){ 0 })) /* what is not understood is not written */
		return ERR_INPUT;
	enum err e = change_run(r->db, r->arena, &w);
	if (e != OK)
		return e;
	if (ret_set)
		*ret_set = w.ret_set;
	return r->conn ? db_refresh(r->conn) : OK;
}

enum err
page_change(struct request *r, str reason, enum err (*fn)(struct change *c, void *what), void *what, id *ret_set)
{
	return page_change_as(r, &r->grant, reason, fn, what, ret_set);
}

struct one {
	const struct record *record;
	const void *given;
	void *object;
};

static enum err
save_one(struct change *c, void *what)
{
	struct one *o = what;

	memcpy(o->object, o->given, o->record->size); /* it may run twice */
	return record_save(c, o->record, o->object);
}

enum err
page_save(struct request *r, str reason, const struct record *rec, void *object, id *ret_set)
{
	struct one o = { rec, arena_copy(r->arena, object, rec->size), object };
	struct row *row = object;
	bool fresh = !row->id;
	id set = 0;
	enum err e = page_change(r, reason, save_one, &o, &set);

	if (ret_set)
		*ret_set = set;
	if (e != OK || !fresh || !set)
		return e;
	e = change_row(r->conn, r->actor.org, set, rec, &row->id); /* sent before, the answer is that of then */
	return e == ERR_ABSENT ? OK : e;
}

const struct zone *
page_zone(const struct request *r)
{
	const struct zone *z = zone_find(r->actor.zone_name);
	return z ? z : zone_utc();
}

bool
page_is_part(const struct request *r)
{
	return http_header(r->http, "ridealong-part").n != 0;
}

void
tpl_icon(struct view *view, const struct request *r, str name)
{
	out_lit(view->out, "<svg class=\"i\" aria-hidden=\"true\"><use href=\"/assets/");
	html_attr(view, r->env->assets_tag);
	out_lit(view->out, "/icons.svg#");
	html_attr(view, name);
	out_lit(view->out, "\"/></svg>");
}

void
tpl_hidden(struct view *view, struct request *r)
{
	(void)view;
	page_form_hidden(r);
}

void
tpl_error_at(struct view *view, const struct request *r, const char *place)
{
	const struct fault *f = fault_at(&r->faults, str_of(place));

	if (!f || pick_is_open(r, f->place)) /* the field says it itself */
		return;
	out_lit(view->out, "<p class=\"error\">");
	tpl_icon(view, r, STR("warning"));
	out_lit(view->out, " <span>");
	html_text(view, f->what);
	if (f->mend.n)
		out_lit(view->out, "; ");
	html_text(view, f->mend);
	out_lit(view->out, ".</span></p>");
}

str
page_name(struct request *r, const char *table, id row)
{
	str sql = str_fmt(r->arena, "select name from %s where org_id = $1 and id = $2", table), name = { 0 };
	struct rows rows;

	if (!row ||
	        db_query(r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(row)), &rows) != OK)
		return name;
	if (db_next(&rows))
		name = db_text(&rows, 0);
	db_end(&rows);
	return name;
}

void
today_push(struct request *r, struct today_items *t, struct today_item x)
{
	if (t->n == TODAY_ITEMS)
		return;
	arena_grow(r->arena, t->items, t->n, t->cap);
	t->items[t->n++] = x;
}

enum err
page_panels(struct request *r, id person)
{
	enum err e = OK;

	for (size_t i = 0; i < PAGE_PANELS && r->env->panels && r->env->panels[i].load && e == OK; i++)
		e = r->env->panels[i].load(r, person, &r->panels[i]);
	return e;
}

void
tpl_panels(struct view *view, struct request *r)
{
	for (size_t i = 0; i < PAGE_PANELS && r->env->panels && r->env->panels[i].load; i++)
		if (r->panels[i])
			r->env->panels[i].show(view, r, r->panels[i]);
}
