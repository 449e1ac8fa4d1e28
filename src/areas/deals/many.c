#include "areas/deals/many.h"

#include "areas/deals/many_html.h"

/* ---- which ---- */

void *
many_row(const struct many *m, size_t i)
{
	return m->rows + i * m->kind->record->size;
}

static str
name_of(const struct many *m, const void *row)
{
	const struct field *f = record_field(m->kind->record, STR("name"));

	return *(const str *)(const void *)((const char *)row + f->at);
}

str
many_name(const struct many *m, size_t i)
{
	return name_of(m, many_row(m, i));
}

static enum err
load_filter(struct request *r, struct many *m, const struct deal_filter *f)
{
	struct list l = f->list;
	struct list_result found;
	enum err e;

	l.limit = MANY_MOST;
	l.after = (str){ 0 };
	e = record_list(r->conn, r->arena, &r->grant, &l, &found);
	if (e != OK)
		return e;
	m->rows = found.rows;
	m->n = found.n;
	m->more = found.next.n > 0;
	m->query = f->query;
	return OK;
}

/* One that is not there (any more), or not to be seen, is passed over: it was never shown. */
static enum err
load_one(struct request *r, struct many *m, id row, int64_t version)
{
	struct row *x = many_row(m, m->n);
	enum err e = record_load(r->conn, r->arena, &r->grant, m->kind->record, row, x);

	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	if (version)
		x->version = version;
	m->n++;
	return OK;
}

static void
make_room(struct request *r, struct many *m, size_t n)
{
	m->rows = arena_alloc(r->arena, (n + 1) * m->kind->record->size, _Alignof(max_align_t));
}

static enum err
load_ticked(struct request *r, struct many *m)
{
	enum err e = OK;
	id row;

	make_room(r, m, r->http->n_params < MANY_MOST ? r->http->n_params : MANY_MOST);
	for (size_t i = 0; e == OK && i < r->http->n_params && m->n < MANY_MOST; i++)
		if (str_eq(r->http->params[i].name, str_of(m->kind->record->name)) &&
		        id_parse(r->http->params[i].value, &row))
			e = load_one(r, m, row, 0);
	return e;
}

/* What the form brings back: the records as they were shown. */
static enum err
load_picked(struct request *r, struct many *m)
{
	str rest = page_field(r, "picked"), one, head, tail;
	enum err e = OK;
	int64_t version;
	id row;

	m->query = page_field(r, "query");
	make_room(r, m, MANY_MOST);
	while (e == OK && rest.n && m->n < MANY_MOST) {
		str_cut(rest, ' ', &one, &rest);
		if (str_cut(one, ':', &head, &tail) && id_parse(head, &row) && str_to_i64(tail, &version))
			e = load_one(r, m, row, version);
	}
	return e;
}

static void
note_picked(struct request *r, struct many *m)
{
	struct out o;

	out_init(&o, 0);
	for (size_t i = 0; i < m->n; i++) {
		const struct row *x = many_row(m, i);
		out_fmt(&o, "%s%.*s:%lld", i ? " " : "", STR_ARG(id_text(r->arena, x->id)), (long long)x->version);
	}
	m->picked = out_all(&o, r->arena);
	out_fini(&o);
}

/* ---- what ---- */

void
many_word(struct request *r, struct many *m, const char *label, str value)
{
	if (value.n && m->n_words < MANY_WORDS)
		m->words[m->n_words++] = str_fmt(r->arena, "%s → %.*s", label, STR_ARG(value));
}

id
many_chosen(struct request *r, const char *field, const struct record *rec)
{
	void *object = arena_alloc(r->arena, rec->size, _Alignof(max_align_t));
	str typed = page_field(r, field);
	id row = 0;

	if (!typed.n)
		return 0;
	if (id_parse(typed, &row) && record_load(r->conn, r->arena, &r->grant, rec, row, object) == OK)
		return row;
	fault_add(&r->faults, str_of(field), STR("is not on the list"), STR("choose one from the list"));
	return 0;
}

/* Own fields as many get them: what is left empty stays as it is, required or not. */
static void
begin(struct request *r, const struct many_kind *kind, struct many *m)
{
	struct record *with = arena_copy(r->arena, page_own(r, kind->record), sizeof *with);
	struct field *own = arena_new(r->arena, struct field, with->n_own + 1);

	*m = (struct many){ .kind = kind, .words = arena_new(r->arena, str, MANY_WORDS) };
	for (size_t i = 0; i < with->n_own; i++) {
		own[i] = with->own[i];
		own[i].required = 0;
	}
	with->own = own;
	m->own = with;
	m->own_wish = arena_alloc(r->arena, kind->record->size, _Alignof(max_align_t));
	record_init(kind->record, m->own_wish);
}

static enum err
read_wish(struct request *r, struct many *m)
{
	enum err e;

	m->remove = m->kind->take_out && str_eq(page_field(r, "act"), STR("remove"));
	e = m->kind->read(r, m);
	if (e != OK)
		return e;
	page_fill_own(r, m->own, false, m->own_wish);
	for (size_t i = 0; i < m->own->n_own; i++)
		many_word(r, m, m->own->own[i].label, own_field_words(r, &m->own->own[i], m->own_wish));
	if (!m->n_words && !m->remove && !r->faults.n)
		fault_add(&r->faults, STR("nothing"), STR("was said to change"), STR("fill in what all of them get"));
	return OK;
}

/* ---- one record ---- */

static str
say_fault(struct arena *a, const struct record *r, const struct faults *f)
{
	const struct fault *x = f->first;

	if (!x)
		return STR("is refused");
	const struct field *field = record_field(r, x->place);
	return str_fmt(
	        a, "%s %.*s; %.*s", field ? field->label : str_z(a, x->place), STR_ARG(x->what), STR_ARG(x->mend));
}

static bool
differs(const struct record *r, const void *x, const void *y)
{
	for (size_t i = 0; i < r->n_fields; i++)
		if (!field_equal(&r->fields[i], x, y))
			return true;
	return false;
}

static void
refuse(struct many *m, const void *row, str why)
{
	m->counts[MANY_REFUSED]++;
	if (m->n_refused < MANY_REFUSED_MOST)
		m->refused[m->n_refused++] = (struct many_refusal){ record_row(row)->id, name_of(m, row), why };
}

/* What came of it, told; only what is nobody's fault here stops all of it. */
static enum err
tell(struct change *c, struct many *m, const void *shown, enum err e, str why)
{
	if (e == ERR_INPUT)
		refuse(m, shown, why.n ? why : say_fault(c->arena, m->kind->record, c->faults));
	else if (e == ERR_DENIED)
		refuse(m, shown, STR("is not yours to change: its owner, the line above and administrators may"));
	else if (e == ERR_STALE)
		refuse(m, shown, STR("was changed by somebody meanwhile; look again"));
	else if (e == ERR_ABSENT)
		refuse(m, shown, STR("is gone meanwhile"));
	else if (e == OK)
		m->counts[MANY_CHANGES]++;
	else
		return e;
	return OK;
}

static enum err
write_one(struct change *c, struct many *m, const void *shown, void *after)
{
	const struct many_kind *k = m->kind;

	if (m->remove)
		return m->write ? k->take_out(c, after) : k->try_out(c, after);
	if (!m->write)
		return record_try(c, k->record, after);
	return k->save ? k->save(c, m, shown, after) : record_save(c, k->record, after);
}

static enum err
change_one(struct change *c, struct many *m, const void *shown)
{
	void *after = arena_copy(c->arena, shown, m->kind->record->size);
	struct faults faults, *before = c->faults;
	size_t lines = c->n_lines;
	bool more = false;
	str why = { 0 };
	enum err e = OK;

	if (!m->remove)
		e = m->kind->apply(c, m, after, &why, &more);
	for (size_t i = 0; e == OK && !m->remove && i < m->own->n_own; i++)
		if (!field_is_null(&m->own->own[i], m->own_wish))
			own_take(&m->own->own[i], after, m->own_wish);
	if (e != OK)
		return e;
	if (!why.n && !m->remove && !more && !differs(m->kind->record, after, shown)) {
		m->counts[MANY_SAME]++;
		return OK;
	}
	faults_init(&faults, c->arena);
	c->faults = &faults;
	e = why.n ? ERR_INPUT : write_one(c, m, shown, after);
	if (e == OK || c->n_lines == lines)
		e = tell(c, m, shown, e, why);
	c->faults = before; /* half a change is none: all of it is taken back */
	return e;
}

/* What was done, for the line with Undo and the history: only what changed is counted. */
static str
reason_of(struct arena *a, const struct many *m)
{
	size_t n = m->counts[MANY_CHANGES];
	const char *things = n == 1 ? m->kind->record->label : m->kind->record->plural;
	str all = { 0 };

	if (m->remove)
		return str_fmt(a, "%zu %s moved to the trash", n, things);
	for (size_t i = 0; i < m->n_words; i++)
		all = str_fmt(a, "%.*s%s%.*s", STR_ARG(all), all.n ? ", " : "", STR_ARG(m->words[i]));
	return str_fmt(a, "%zu %s: %.*s", n, things, STR_ARG(all));
}

static enum err
change_all(struct change *c, void *what)
{
	struct many *m = what;
	enum err e = OK;

	m->counts[0] = m->counts[1] = m->counts[2] = 0; /* it may run twice */
	m->n_refused = 0;
	for (size_t i = 0; e == OK && i < m->n; i++)
		e = change_one(c, m, many_row(m, i));
	c->reason = reason_of(c->arena, m);
	return e;
}

/* ---- pages ---- */

void
tpl_many_fields(struct view *view, const struct many *m, struct request *r)
{
	m->kind->fields(view, m, r);
}

static void
put_hidden(struct view *v, str name, str value)
{
	if (!value.n)
		return;
	out_lit(v->out, "<input type=\"hidden\" name=\"");
	html_attr(v, name);
	out_lit(v->out, "\" value=\"");
	html_attr(v, value);
	out_lit(v->out, "\">");
}

void
tpl_many_kept(struct view *v, const struct many *m, struct request *r)
{
	str rest = str_of(m->kind->kept), name;

	put_hidden(v, STR("picked"), m->picked);
	put_hidden(v, STR("query"), m->query);
	while (rest.n) {
		str_cut(rest, ' ', &name, &rest);
		put_hidden(v, name, page_field(r, str_z(r->arena, name)));
	}
	for (size_t i = 0; i < m->own->n_own; i++)
		put_hidden(v, str_of(m->own->own[i].name), page_field(r, m->own->own[i].name));
}

static str
plural_title(struct arena *a, str plural)
{
	str s = str_copy(a, plural);

	((char *)(uintptr_t)s.s)[0] = (char)(s.s[0] - ('a' - 'A'));
	return s;
}

static enum err
show(struct request *r, struct many *m)
{
	const struct record *rec = m->kind->record;
	struct crumb crumb = { plural_title(r->arena, str_of(rec->plural)),
		filter_address(r->arena, m->kind->page, m->query) };
	struct page p = { .title = str_fmt(r->arena, "Edit %zu %s", m->n, m->n == 1 ? rec->label : rec->plural),
		.crumbs = &crumb,
		.n_crumbs = 1 };

	note_picked(r, m);
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	if (!m->n)
		tpl_many_none(&r->view, m);
	else if (m->tried)
		tpl_many_preview(&r->view, m, r);
	else
		tpl_many_form(&r->view, m, r);
	page_foot(r);
	return OK;
}

enum err
many_page(struct request *r, const struct many_kind *kind)
{
	struct many *m = arena_new(r->arena, struct many, 1);
	struct deal_filter f;
	enum err e;

	begin(r, kind, m);
	filter_read_of(r, kind->record, &f);
	if (r->faults.n)
		return ERR_INPUT; /* all of a filter that is wrong would be too many */
	e = page_param(r, "all").n ? load_filter(r, m, &f) : load_ticked(r, m);
	if (e == OK) /* what the form begins with: nothing */
		e = kind->read(r, m);
	return e == OK ? show(r, m) : e;
}

static enum err
try_all(struct request *r, struct many *m)
{
	struct change c;
	enum err e = change_open(r->conn, r->arena, &r->grant, CHANGE_EDIT, 0, STR("try"), (str){ 0 }, &r->faults, &c);

	if (e == OK)
		e = change_all(&c, m);
	m->tried = true;
	return e == OK ? show(r, m) : e;
}

enum err
many_act(struct request *r, const struct many_kind *kind)
{
	struct many *m = arena_new(r->arena, struct many, 1);
	id set = 0;
	enum err e;

	begin(r, kind, m);
	e = load_picked(r, m);
	if (e == OK)
		e = read_wish(r, m);
	if (e != OK)
		return e;
	if (r->faults.n || str_eq(page_field(r, "step"), STR("form")))
		return show(r, m);
	if (!m->n)
		return fault_add(&r->faults, STR("picked"), str_fmt(r->arena, "names no %s", kind->record->label),
		        str_fmt(r->arena, "choose %s in the table first", kind->record->plural));
	if (!str_eq(page_field(r, "step"), STR("do")))
		return try_all(r, m);
	m->write = true;
	e = page_change(r, str_fmt(r->arena, "Many %s changed", kind->record->plural), change_all, m, &set);
	if (e != OK)
		return e;
	if (m->n_refused && !m->counts[MANY_CHANGES]) { /* all of them changed since they were shown */
		m->tried = true;
		r->answer->status = 409;
		return show(r, m);
	}
	return page_done(r, set, filter_address(r->arena, kind->page, m->query));
}
