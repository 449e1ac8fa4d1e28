#include "areas/deals/bulk.h"
#include "areas/deals/guide.h"
#include "areas/deals/starts.h"
#include "areas/process/standard.h"

#include "areas/deals/bulk_html.h"

/* ---- which ---- */

static enum err
load_filter(struct request *r, struct bulk *b, const struct deal_filter *f)
{
	struct list l = f->list;
	struct list_result found;
	enum err e;

	l.limit = BULK_MOST;
	l.after = (str){ 0 };
	e = record_list(r->conn, r->arena, &r->grant, &l, &found);
	if (e != OK)
		return e;
	b->deals = found.rows;
	b->n = found.n;
	b->more = found.next.n > 0;
	b->query = f->query;
	return OK;
}

/* One that is not there (any more), or not to be seen, is passed over: it was never shown. */
static enum err
load_one(struct request *r, struct bulk *b, id deal, int64_t version)
{
	struct deal *d = &b->deals[b->n];
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, deal, d);

	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	if (version)
		d->row.version = version;
	b->n++;
	return OK;
}

static enum err
load_ticked(struct request *r, struct bulk *b)
{
	enum err e = OK;
	id deal;

	b->deals = arena_new(r->arena, struct deal, r->http->n_params + 1);
	for (size_t i = 0; e == OK && i < r->http->n_params && b->n < BULK_MOST; i++)
		if (str_eq(r->http->params[i].name, STR("deal")) && id_parse(r->http->params[i].value, &deal))
			e = load_one(r, b, deal, 0);
	return e;
}

/* What the form brings back: the deals as they were shown. */
static enum err
load_picked(struct request *r, struct bulk *b)
{
	str rest = page_field(r, "picked"), one, head, tail;
	enum err e = OK;
	int64_t version;
	id deal;

	b->query = page_field(r, "query");
	b->deals = arena_new(r->arena, struct deal, BULK_MOST);
	while (e == OK && rest.n && b->n < BULK_MOST) {
		str_cut(rest, ' ', &one, &rest);
		if (str_cut(one, ':', &head, &tail) && id_parse(head, &deal) && str_to_i64(tail, &version))
			e = load_one(r, b, deal, version);
	}
	return e;
}

static void
note_picked(struct request *r, struct bulk *b)
{
	struct out o;

	out_init(&o, 0);
	for (size_t i = 0; i < b->n; i++)
		out_fmt(&o, "%s%.*s:%lld", i ? " " : "", STR_ARG(id_text(r->arena, b->deals[i].row.id)),
		        (long long)b->deals[i].row.version);
	b->picked = out_all(&o, r->arena);
	out_fini(&o);
}

/* ---- what ---- */

static void
add_word(struct request *r, struct bulk *b, const char *label, str value)
{
	if (value.n)
		b->words[b->n_words++] = str_fmt(r->arena, "%s → %.*s", label, STR_ARG(value));
}

/* A choice that is none of those offered is a fault at its field. */
static id
chosen(struct request *r, const char *field, const struct record *rec)
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

static void
read_wish(struct request *r, struct bulk *b)
{
	struct bulk_wish *w = &b->wish;
	struct arena *a = r->arena;

	w->remove = str_eq(page_field(r, "act"), STR("remove"));
	w->owner = chosen(r, "owner", &person_record);
	w->stage = chosen(r, "stage", &stage_record);
	w->closes_on = page_day_field(r, "closes_on", false);
	w->next_step_on = page_day_field(r, "next_step_on", false);
	w->next_step = page_field(r, "next_step");
	w->lost_reason = page_field(r, "lost_reason");
	w->past = page_field(r, "past");
	w->category = choice_of(category_choices, page_field(r, "category"));
	b->words = arena_new(a, str, 8);
	if (w->remove)
		return;
	add_word(r, b, "Owner", page_name(r, "person", w->owner));
	add_word(r, b, "Stage", page_name(r, "stage", w->stage));
	add_word(r, b, "Lost because", w->lost_reason);
	add_word(r, b, "Expected close", day_is(w->closes_on) ? day_long(a, w->closes_on) : (str){ 0 });
	add_word(r, b, "Next step", w->next_step);
	add_word(r, b, "Next step on", day_is(w->next_step_on) ? day_long(a, w->next_step_on) : (str){ 0 });
	if (w->category)
		add_word(r, b, "Forecast category", str_of(category_choices[w->category].label));
	if (!b->n_words && !r->faults.n)
		fault_add(&r->faults, STR("nothing"), STR("was said to change"), STR("fill in what all of them get"));
}

/* ---- one deal ---- */

static str
say_fault(struct arena *a, const struct faults *f)
{
	const struct fault *x = f->first;

	if (!x)
		return STR("is refused");
	const struct field *field = record_field(&deal_record, x->place);
	return str_fmt(
	        a, "%s %.*s; %.*s", field ? field->label : str_z(a, x->place), STR_ARG(x->what), STR_ARG(x->mend));
}

/* What the process says of deals that move, each version read once. */
struct bulk_work {
	struct bulk *b;
	int outcome; /* of the stage wished for */
	bool write;
	struct guide guides[8];
	size_t n_guides;
};

static enum err
find_guide(struct change *c, struct bulk_work *w, id process, const struct guide **ret)
{
	enum err e;

	for (size_t i = 0; i < w->n_guides; i++)
		if (w->guides[i].process == process) {
			*ret = &w->guides[i];
			return OK;
		}
	if (w->n_guides == sizeof w->guides / sizeof *w->guides)
		w->n_guides = 0;
	e = guide_load(c->conn, c->arena, c->grant->org, process, &w->guides[w->n_guides]);
	if (e == OK)
		*ret = &w->guides[w->n_guides++];
	return e;
}

static void
name_open(struct change *c, struct deviation *past, str name)
{
	past->n++;
	past->steps = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(past->steps), past->steps.n ? "; " : "", STR_ARG(name));
}

/* P2, P6: the steps that hold the stages it leaves and passes, and what it lacks to enter the new one. */
static enum err
find_open(struct change *c, const struct guide *g, const struct deal *d, const struct stage *from,
        const struct stage *to, struct deviation *past)
{
	struct guided x;
	str *missing = NULL;
	size_t n = 0;
	enum err e = guide_deal(c->conn, c->arena, g, c->grant->org, d, c->today, &x);

	for (size_t i = 0; e == OK && i < g->n_steps; i++) {
		const struct stage *of = guide_stage(g, g->steps[i].stage);
		if (of && x.steps[i].shown && !x.steps[i].done && g->steps[i].importance >= IMPORTANCE_MANDATORY &&
		        of->position >= from->position && of->position < to->position)
			name_open(c, past, g->steps[i].name);
	}
	if (e == OK)
		e = guide_enter(&x, to->row.id, &missing, &n);
	for (size_t i = 0; e == OK && i < n; i++)
		name_open(c, past, missing[i]);
	return e;
}

/* P6: one of the reasons, where the process lists any. */
static enum err
check_reason(struct change *c, const struct bulk_wish *w, id process, str *ret_why)
{
	struct lost_reason *all;
	size_t n;
	str names = { 0 };
	enum err e = process_lost_reasons(c->conn, c->arena, c->grant->org, process, false, &all, &n);

	if (e != OK || !n || !w->lost_reason.n)
		return e;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(all[i].name, w->lost_reason))
			return OK;
		names = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(names), names.n ? ", " : "", STR_ARG(all[i].name));
	}
	*ret_why = str_fmt(c->arena, "is lost for one of: %.*s", STR_ARG(names));
	return OK;
}

static enum err
check_gate(struct change *c, struct bulk_work *w, const struct deal *d, struct deviation *past, str *ret_why)
{
	const struct bulk_wish *wish = &w->b->wish;
	const struct guide *g = NULL;
	enum err e = find_guide(c, w, d->process, &g);

	if (e != OK)
		return e;
	const struct stage *from = guide_stage(g, d->stage), *to = guide_stage(g, wish->stage);
	if (!to || !from) {
		*ret_why = STR("follows another process, which has no such stage");
		return OK;
	}
	if (to->outcome == OUTCOME_LOST)
		return check_reason(c, wish, d->process, ret_why);
	if (from->outcome != OUTCOME_OPEN || to->position <= from->position)
		return OK;
	e = find_open(c, g, d, from, to, past);
	if (past->n && !wish->past.n)
		*ret_why = str_fmt(c->arena, "has to do first: %.*s", STR_ARG(past->steps));
	if (past->steps.n > 1900)
		past->steps = (str){ 0 };
	past->deal = d->row.id;
	past->person = c->grant->person;
	past->from_stage = from->row.id;
	past->to_stage = to->row.id;
	past->on_day = c->today;
	past->reason = wish->past;
	return e;
}

static void
apply(const struct bulk_wish *w, struct deal *d, int outcome)
{
	if (w->owner)
		d->owner = w->owner;
	if (w->stage)
		d->stage = w->stage;
	if (w->stage && outcome != OUTCOME_LOST)
		d->lost_reason = (str){ 0 };
	if (w->lost_reason.n && (outcome == OUTCOME_LOST || (!w->stage && d->outcome == OUTCOME_LOST)))
		d->lost_reason = w->lost_reason;
	if (day_is(w->closes_on))
		d->closes_on = w->closes_on;
	if (w->next_step.n)
		d->next_step = w->next_step;
	if (day_is(w->next_step_on))
		d->next_step_on = w->next_step_on;
	if (w->category)
		d->category = w->category;
}

static bool
differs(const struct deal *x, const struct deal *y)
{
	for (size_t i = 0; i < deal_record.n_fields; i++)
		if (!field_equal(&deal_record.fields[i], x, y))
			return true;
	return false;
}

/* A prospect that became the deal was there before it, and stays. */
static enum err
let_go(struct change *c, const struct record *r, const struct field *f, id row)
{
	void *object = arena_alloc(c->arena, r->size, _Alignof(max_align_t));
	enum err e = record_load(c->conn, c->arena, c->grant, r, row, object);

	*(id *)(void *)((char *)object + f->at) = 0;
	return e == OK ? record_save(c, r, object) : e;
}

static enum err
take_out_of(struct change *c, const struct record *r, id deal)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < r->n_fields; i++) {
		struct rows rows;
		struct row *all = NULL;
		size_t n = 0, cap = 0;
		if (r->fields[i].kind != F_REF || r->fields[i].ref != &deal_record)
			continue;
		str sql = str_fmt(c->arena, "select id, version from %s where org_id = $1 and %s = $2 order by id desc",
		        r->table, r->fields[i].name);
		e = db_query(c->conn, c->arena, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(deal)), &rows);
		if (e != OK)
			return e;
		while (db_next(&rows)) {
			arena_grow(c->arena, all, n, cap);
			all[n++] = (struct row){ .id = db_int(&rows, 0), .version = db_int(&rows, 1) };
		}
		e = db_end(&rows);
		for (size_t k = 0; e == OK && k < n; k++)
			e = r->fields[i].lets_go ? let_go(c, r, &r->fields[i], all[k].id)
			                         : record_remove(c, r, all[k].id, all[k].version);
	}
	return e;
}

/* Sessions, commitments and others speak of it: it stays, and they are named. */
static enum err
check_held(struct change *c, const struct deal *d)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && record_all[i]; i++)
		for (size_t k = 0; e == OK && k < record_all[i]->n_fields; k++) {
			const struct record *from = record_all[i];
			int64_t n = 0;
			if (from->matter == MATTER_DEALS || from->fields[k].kind != F_REF ||
			        from->fields[k].ref != &deal_record)
				continue;
			str sql = str_fmt(c->arena, "select count(*) from %s where org_id = $1 and %s = $2",
			        from->table, from->fields[k].name);
			e = db_one_int(
			        c->conn, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(d->row.id)), &n);
			if (e == OK && n)
				fault_add(c->faults, STR("deal"),
				        str_fmt(c->arena, "is spoken of by %lld %s", (long long)n,
				                n == 1 ? from->label : from->plural),
				        STR("close it instead"));
		}
	return e == OK && c->faults->n ? ERR_INPUT : e;
}

enum err
deal_try_out(struct change *c, const struct deal *d)
{
	struct deal trial = *d;
	enum err e = record_try(c, &deal_record, &trial);

	return e == OK ? check_held(c, d) : e;
}

enum err
deal_take_out(struct change *c, const struct deal *d)
{
	const struct grant *whose = c->grant;
	struct grant hook = grant_all(whose->org, whose->login, whose->person, "what belongs to a deal goes with it");
	struct deal now;
	enum err e = deal_try_out(c, d); /* the asking person's right, before anything goes */
	size_t n = 0;

	if (e != OK)
		return e;
	while (record_all[n])
		n++;
	c->grant = &hook;
	while (e == OK && n--) /* what refers comes after what it refers to */
		if (record_all[n]->matter == MATTER_DEALS && record_all[n] != &deal_record)
			e = take_out_of(c, record_all[n], d->row.id);
	if (e == OK) /* steps that went have weighed it anew */
		e = record_load(c->conn, c->arena, c->grant, &deal_record, d->row.id, &now);
	c->grant = whose;
	if (e == OK)
		e = record_remove(c, &deal_record, now.row.id, now.row.version);
	return e == ERR_INPUT ? ERR_DENIED : e; /* nothing half-way */
}

/* A move starts what the process says (P6); one past open steps is kept as a deviation (P2). */
static enum err
save_one(struct change *c, const struct deal *before, struct deal *d, struct deviation *past)
{
	str started;
	enum err e = record_save(c, &deal_record, d);

	if (e == OK && before->stage != d->stage)
		e = deal_starts_next(c, before, d, &started);
	return e == OK && past->n ? record_save(c, &deviation_record, past) : e;
}

static void
refuse(struct bulk *b, const struct deal *d, str why)
{
	b->counts[BULK_REFUSED]++;
	if (b->n_refused < REFUSED_MOST)
		b->refused[b->n_refused++] = (struct bulk_refusal){ d->row.id, d->name, why };
}

static enum err
change_one(struct change *c, struct bulk_work *w, const struct deal *shown)
{
	struct deal d = *shown;
	str why = { 0 };
	struct faults faults, *before = c->faults;
	struct deviation past;
	size_t lines = c->n_lines;
	enum err e = OK;

	faults_init(&faults, c->arena);
	record_init(&deviation_record, &past);
	past.n = 0;
	if (w->b->wish.stage && w->b->wish.stage != d.stage && !w->b->wish.remove)
		e = check_gate(c, w, &d, &past, &why);
	if (e != OK)
		return e;
	if (!why.n && !w->b->wish.remove) {
		apply(&w->b->wish, &d, w->outcome);
		if (!differs(&d, shown)) {
			w->b->counts[BULK_SAME]++;
			return OK;
		}
	}
	c->faults = &faults;
	if (why.n)
		e = ERR_INPUT;
	else if (!w->write)
		e = w->b->wish.remove ? deal_try_out(c, &d) : record_try(c, &deal_record, &d);
	else
		e = w->b->wish.remove ? deal_take_out(c, &d) : save_one(c, shown, &d, &past);
	c->faults = before;
	if (e != OK && c->n_lines > lines)
		return e; /* half a removal is none: all of it is taken back */
	if (e == ERR_INPUT)
		refuse(w->b, shown, why.n ? why : say_fault(c->arena, &faults));
	else if (e == ERR_DENIED)
		refuse(w->b, shown, STR("is not yours to change: its owner, the line above and administrators may"));
	else if (e == ERR_STALE)
		refuse(w->b, shown, STR("was changed by somebody meanwhile; look again"));
	else if (e == ERR_ABSENT)
		refuse(w->b, shown, STR("is gone meanwhile"));
	else if (e == OK)
		w->b->counts[BULK_CHANGES]++;
	else
		return e;
	return OK;
}

/* What was done, for the line with Undo and the history: only what changed is counted. */
static str
reason_of(struct arena *a, const struct bulk *b)
{
	size_t n = b->counts[BULK_CHANGES];
	const char *deals = n == 1 ? "deal" : "deals";
	str all = { 0 };

	if (b->wish.remove)
		return str_fmt(a, "%zu %s moved to the trash", n, deals);
	for (size_t i = 0; i < b->n_words; i++)
		all = str_fmt(a, "%.*s%s%.*s", STR_ARG(all), all.n ? ", " : "", STR_ARG(b->words[i]));
	all = str_fmt(a, "%zu %s: %.*s", n, deals, STR_ARG(all));
	if (b->wish.stage && b->wish.past.n)
		all = str_fmt(a, "%.*s, past open steps: %.*s", STR_ARG(all), STR_ARG(b->wish.past));
	return all;
}

static enum err
change_all(struct change *c, void *what)
{
	struct bulk_work *w = what;
	enum err e = OK;

	w->b->counts[0] = w->b->counts[1] = w->b->counts[2] = 0; /* it may run twice */
	w->n_guides = 0;
	w->b->n_refused = 0;
	for (size_t i = 0; e == OK && i < w->b->n; i++)
		e = change_one(c, w, &w->b->deals[i]);
	c->reason = reason_of(c->arena, w->b);
	return e;
}

static enum err
know_outcome(struct request *r, struct bulk_work *w)
{
	struct stage s;
	enum err e;

	if (!w->b->wish.stage)
		return OK;
	e = record_load(r->conn, r->arena, &r->grant, &stage_record, w->b->wish.stage, &s);
	w->outcome = s.outcome;
	return e;
}

/* ---- pages ---- */

static enum err
show(struct request *r, struct bulk *b)
{
	struct crumb crumb = { STR("Deals"), filter_address(r->arena, "/deals", b->query) };
	struct page p = { .title = str_fmt(r->arena, b->n == 1 ? "Edit %zu deal" : "Edit %zu deals", b->n),
		.crumbs = &crumb,
		.n_crumbs = 1 };

	note_picked(r, b);
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	if (!b->n)
		tpl_bulk_none(&r->view, b);
	else if (b->tried)
		tpl_bulk_preview(&r->view, b, r);
	else
		tpl_bulk_form(&r->view, b, r);
	page_foot(r);
	return OK;
}

static enum err
bulk_page(struct request *r)
{
	struct bulk *b = arena_new(r->arena, struct bulk, 1);
	struct deal_filter f;
	enum err e;

	filter_read(r, &f);
	if (r->faults.n)
		return ERR_INPUT; /* all of a filter that is wrong would be too many */
	e = page_param(r, "all").n ? load_filter(r, b, &f) : load_ticked(r, b);
	return e == OK ? show(r, b) : e;
}

static enum err
try_all(struct request *r, struct bulk *b)
{
	struct bulk_work *w = arena_new(r->arena, struct bulk_work, 1);
	struct change c;
	enum err e;

	w->b = b;
	e = know_outcome(r, w);
	if (e == OK)
		e = change_open(r->conn, r->arena, &r->grant, CHANGE_EDIT, 0, STR("try"), (str){ 0 }, &r->faults, &c);
	if (e == OK)
		e = change_all(&c, w);
	b->tried = true;
	return e == OK ? show(r, b) : e;
}

static enum err
bulk_act(struct request *r)
{
	struct bulk *b = arena_new(r->arena, struct bulk, 1);
	struct bulk_work *w = arena_new(r->arena, struct bulk_work, 1);
	id set = 0;
	enum err e = load_picked(r, b);

	if (e != OK)
		return e;
	read_wish(r, b);
	if (r->faults.n || str_eq(page_field(r, "step"), STR("form")))
		return show(r, b);
	if (!b->n)
		return fault_add(
		        &r->faults, STR("picked"), STR("names no deal"), STR("choose deals in the table first"));
	if (!str_eq(page_field(r, "step"), STR("do")))
		return try_all(r, b);
	w->b = b;
	w->write = true;
	e = know_outcome(r, w);
	if (e == OK)
		e = page_change(r, STR("Many deals changed"), change_all, w, &set);
	if (e != OK)
		return e;
	if (b->n_refused && !b->counts[BULK_CHANGES]) { /* all of them changed since they were shown */
		b->tried = true;
		r->answer->status = 409;
		return show(r, b);
	}
	return page_done(r, set, filter_address(r->arena, "/deals", b->query));
}

const struct route bulk_routes[] = {
	{ HTTP_GET, "/deals/bulk", POLICY_SIGNED_IN, bulk_page, "deals", "Choose what many deals get", false },
	{ HTTP_POST, "/deals/bulk", POLICY_SIGNED_IN, bulk_act, "deals", "Change many deals at once", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
