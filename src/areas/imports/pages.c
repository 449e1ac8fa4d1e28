#include "areas/imports/pages.h"

#include <stdio.h>
#include <string.h>

#include "areas/imports/pages_html.h"
#include "areas/imports/spool.h"
#include "areas/imports/task.h"

enum {
	DRY_MOST = 50000,
	LARGE = 32 << 20,
	SMALL = 1 << 20,
	SOON_MS = 10000,
	AWHILE_MS = 1000,
	LISTED = 100,
	SHOWN = 200,
	AT_FIRST = 25,
	SPELLINGS_SHOWN = 100,
	UPLOAD_MOST = 32 << 20,
	STAGES_SHOWN = 100
};

static str
field_n(struct request *r, const char *prefix, size_t n, const char *suffix)
{
	return page_field(r, str_z(r->arena, str_fmt(r->arena, "%s%zu%s", prefix, n, suffix)));
}

/* Every page of the import begins so; what was refused is answered as such. */
static void
begin(struct request *r, str title, str subtitle)
{
	static struct crumb crumbs[] = { { STR_INIT("Import"), STR_INIT("/import") } };
	struct page p = { .title = title, .subtitle = subtitle, .crumbs = crumbs, .n_crumbs = !subtitle.n };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
}

/* ---- the list and the start ---- */

static void
view_import(struct request *r, const struct import *i, struct import_view *ret)
{
	static const struct {
		const char *tone, *icon;
	} looks[] = { { "", "minus" }, { "info", "clock" }, { "good", "check" }, { "warn", "warning" },
		{ "", "undo" } };

	*ret = (struct import_view){ .i = i,
		.id = id_text(r->arena, i->row.id),
		.kind = str_of(import_kinds[i->kind].label),
		.state = str_of(import_states[i->state].label),
		.tone = str_of(looks[i->state].tone),
		.icon = str_of(looks[i->state].icon) };
}

/* What runs, or broke off, is seen where it can go on. */
static str
page_of(struct request *r, const struct import *i)
{
	struct task_view v;
	id upload;

	if ((i->state == IMPORT_RUNNING || i->state == IMPORT_INTERRUPTED) && id_parse(i->upload, &upload) &&
	        task_look(r->arena, r->actor.org, upload, &v) == OK && v.state != TASK_DONE)
		return str_fmt(r->arena, "/import/%.*s/progress", STR_ARG(i->upload));
	return str_fmt(r->arena, "/import/done/%.*s", STR_ARG(id_text(r->arena, i->row.id)));
}

/* Whether it can be taken back now; why not names the mend. */
static enum err
see_undo(struct request *r, const struct import *i, bool *ret_may, str *ret_why_not)
{
	struct import later;
	bool changed = false;
	enum err e;

	*ret_may = false;
	if (i->state != IMPORT_DONE && i->state != IMPORT_INTERRUPTED)
		return OK;
	e = import_changed(r->conn, &r->grant, i->row.id, &changed);
	if (e == OK && !changed)
		*ret_why_not = STR("It changed nothing, so there is nothing to undo.");
	if (e != OK || !changed)
		return e;
	e = import_later(r->conn, r->arena, &r->grant, i->row.id, &later);
	*ret_may = e == ERR_ABSENT;
	if (e == OK)
		*ret_why_not =
		        str_fmt(r->arena, "To take it back, %.*s.", STR_ARG(import_later_words(r->arena, &later)));
	return e == ERR_ABSENT ? OK : e;
}

static enum err
show_start(struct request *r)
{
	struct imports_view v = { .csrf = r->actor.csrf, .faults = r->faults.first };
	struct choice_view *kinds = arena_new(r->arena, struct choice_view, IMPORT_KINDS);
	struct import_view *views = arena_new(r->arena, struct import_view, LISTED);
	struct import *all;
	str asked = page_param(r, "kind");
	enum err e = import_list(r->conn, r->arena, &r->grant, LISTED, &all, &v.n);

	if (e != OK)
		return e;
	for (int k = 1; k < IMPORT_KINDS; k++)
		kinds[v.n_kinds++] = (struct choice_view){ str_of(import_kinds[k].code), str_of(import_kinds[k].label),
			asked.n ? str_eq(asked, str_of(import_kinds[k].code)) : k == IMPORT_DEALS };
	v.kinds = kinds;
	v.all = views;
	for (size_t i = 0; e == OK && i < v.n; i++) {
		view_import(r, &all[i], &views[i]);
		views[i].href = page_of(r, &all[i]);
		e = see_undo(r, &all[i], &views[i].may_undo, &views[i].why_not);
	}
	if (e != OK)
		return e;
	begin(r, STR("Import"), STR("Files from another CRM or a spreadsheet"));
	tpl_imports_start(&r->view, &v);
	page_foot(r);
	return OK;
}

static enum err
start_page(struct request *r)
{
	return show_start(r);
}

static enum err
upload_act(struct request *r)
{
	const struct http_pair *file = http_file(r->http, "file");
	str kind = page_field(r, "kind");
	id spooled;
	enum err e;

	if (!import_kind_of(kind))
		fault_add(&r->faults, STR("Kind"), STR("is missing"), STR("choose what the file holds"));
	if (!file || !file->value.n)
		fault_add(&r->faults, STR("File"), STR("is missing or empty"), STR("choose a file"));
	else if (file->value.n > UPLOAD_MOST)
		fault_add(&r->faults, STR("File"), STR("is larger than 32 MB"),
		        STR("use the command line: ridealong import"));
	if (r->faults.n)
		return show_start(r);
	e = spool_put(r->arena, r->actor.org, file->value, &spooled);
	if (e != OK)
		return e;
	str name = http_escape(r->arena, str_first(file->file, 120)), id = id_text(r->arena, spooled);
	return page_go(
	        r, str_fmt(r->arena, "/import/%.*s?kind=%.*s&name=%.*s", STR_ARG(id), STR_ARG(kind), STR_ARG(name)));
}

/* ---- the columns ---- */

struct step {
	int kind;
	struct import_source from;
	struct csv_options options;
	struct import_look look;
	struct map map;
	struct wizard w;
};

static bool
asked_options(struct request *r, struct csv_options *ret)
{
	str delimiter = page_field(r, "delimiter");

	*ret = (struct csv_options){ 0 };
	encoding_find(page_field(r, "encoding"), &ret->encoding);
	if (str_eq(delimiter, STR("tab")))
		ret->delimiter = '\t';
	else if (delimiter.n == 1)
		ret->delimiter = delimiter.s[0];
	return ret->encoding || ret->delimiter;
}

static void
take_columns(struct request *r, struct step *s)
{
	struct map *m = &s->map;
	const struct csv_shape *shape = s->look.shape;
	struct map_column *columns = arena_new(r->arena, struct map_column, shape->n_columns + 1);
	size_t n = 0;

	for (size_t i = 0; i < shape->n_columns; i++) {
		str to = field_n(r, "m", i, "");
		for (size_t k = 0; k < s->look.n_targets; k++)
			if (str_eq(to, str_of(s->look.targets[k].name)))
				columns[n++] = (struct map_column){ shape->columns[i].name, to, 0 };
	}
	m->columns = columns;
	m->n_columns = n;
	/* The key follows the column that is mapped to the source's id. */
	for (size_t i = 0; i < n; i++)
		if (str_eq(columns[i].to, STR("external_id"))) {
			m->key = arena_new(r->arena, str, 1);
			m->key[0] = columns[i].from;
			m->n_key = 1;
			break;
		}
}

/* As they are numbered; what has no number, or the same, stays in the order of the form. */
static void
order_stages(struct map_stage *stages, int64_t *order, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && order[k - 1] > order[k]; k--) {
			struct map_stage stage = stages[k];
			int64_t at = order[k];
			stages[k] = stages[k - 1];
			order[k] = order[k - 1];
			stages[k - 1] = stage;
			order[k - 1] = at;
		}
}

static void
take_stages(struct request *r, struct map *m)
{
	struct map_stage *stages = arena_new(r->arena, struct map_stage, STAGES_SHOWN);
	int64_t order[STAGES_SHOWN];
	size_t n = 0;

	for (; n < STAGES_SHOWN; n++) {
		struct map_stage *x = &stages[n];
		int64_t probability;
		x->name = field_n(r, "s", n, "n");
		if (!x->name.n)
			break;
		ending_find(field_n(r, "s", n, "o"), &x->outcome);
		x->probability = -1;
		if (str_to_i64(field_n(r, "s", n, "p"), &probability) && probability >= 0 && probability <= 100)
			x->probability = (int)probability;
		if (!str_to_i64(field_n(r, "s", n, "q"), &order[n]))
			order[n] = (int64_t)n + 1;
	}
	order_stages(stages, order, n);
	if (n) {
		m->stages = stages;
		m->n_stages = n;
	}
}

/* What the form decides of values, in the mapping's words: nothing, another name, or "-" to leave it out. A stage that
   stays itself becomes one of the mapping's. */
static void
take_spellings(struct request *r, struct map *m)
{
	struct map_stage *stages = arena_new(r->arena, struct map_stage, m->n_stages + SPELLINGS_SHOWN);

	if (m->n_stages)
		memcpy(stages, m->stages, m->n_stages * sizeof *stages);
	m->stages = stages;
	for (size_t i = 0; i < SPELLINGS_SHOWN && field_n(r, "v", i, "n").n; i++) {
		str to = str_trim(field_n(r, "v", i, "o")), field = field_n(r, "v", i, "f"),
		    from = field_n(r, "v", i, "n");
		if (!to.n)
			to = str_trim(field_n(r, "v", i, "t"));
		if (!field.n)
			continue;
		map_set_value(r->arena, m, field, from, to);
		if (!to.n && str_eq(field, STR("stage")) && !map_stage(m, from)) {
			enum ending e = ending_of(from);
			stages[m->n_stages++] = (struct map_stage){ from, e == ENDING_NONE ? ENDING_OPEN : e, -1 };
		}
	}
}

static void
take_settings(struct request *r, struct step *s)
{
	struct map *m = &s->map;
	str date = page_field(r, "date"), decimal = page_field(r, "decimal"), currency = page_field(r, "currency"),
	    source = page_field(r, "source");
	char code[4];

	m->encoding = s->look.shape->encoding;
	m->delimiter = s->look.shape->delimiter;
	if (str_eq(date, STR("ymd")))
		m->date = CELL_YMD;
	else if (str_eq(date, STR("dmy")))
		m->date = CELL_DMY, m->date_sign = '.';
	else if (str_eq(date, STR("mdy")))
		m->date = CELL_MDY, m->date_sign = '/';
	if (decimal.n == 1 && strchr(".,", decimal.s[0]))
		m->decimal = decimal.s[0];
	if (source.n)
		m->source = str_fold(r->arena, source);
	if (currency.n && money_code(currency, code))
		memcpy(m->currency, code, sizeof code);
	else if (currency.n)
		fault_add(&r->faults, STR("Currency"), str_fmt(r->arena, "“%.*s” is no currency", STR_ARG(currency)),
		        STR("write three letters, as EUR"));
}

/* Rows that look like each other: what is done with them, and which of them are another one. */
static void
take_alike(struct request *r, struct map *m)
{
	int64_t n;

	if (!map_alike_find(page_field(r, "alike"), &m->alike))
		return;
	m->apart = arena_new(r->arena, int64_t, MAP_APART);
	m->n_apart = 0;
	for (size_t i = 0; i < r->http->n_form; i++)
		if (str_eq(r->http->form[i].name, STR("apart")) && str_to_i64(r->http->form[i].value, &n) && n > 0 &&
		        m->n_apart < MAP_APART)
			m->apart[m->n_apart++] = n;
}

/* New rows that look like something stored: what they are, all and single ones (is-17). */
static void
take_stored(struct request *r, struct map *m)
{
	enum map_stored what;
	int64_t n;

	if (!map_stored_find(page_field(r, "stored"), &m->stored))
		return;
	m->n_said = 0;
	for (size_t i = 0; i < r->http->n_form; i++) {
		const struct http_pair *p = &r->http->form[i];
		if (str_starts(p->name, STR("is-")) && str_to_i64(str_from(p->name, 3), &n) &&
		        map_stored_find(p->value, &what) && what != MAP_STORED_PROPOSED)
			map_say(r->arena, m, n, what);
	}
}

/* The file, looked at again, and the mapping as the form has it. */
static enum err
load_step(struct request *r, struct step *s)
{
	str kind = page_field(r, "kind"), name = page_field(r, "name"), yaml = page_field(r, "map");
	struct faults unused;
	int64_t size;
	id file;
	enum err e;

	*s = (struct step){ 0 };
	if (!kind.n)
		kind = page_param(r, "kind");
	if (!name.n)
		name = page_param(r, "name");
	s->kind = import_kind_of(kind);
	if (!s->kind || !id_parse(r->words[0], &file))
		return ERR_ABSENT;
	s->from.name = name.n ? name : STR("file.csv");
	e = spool_path(r->arena, r->actor.org, file, &s->from.path);
	if (e == ERR_ABSENT)
		return fault_add(&r->faults, s->from.name, STR("is no longer here; an upload is kept for a day"),
		        STR("upload it again"));
	if (e != OK)
		return e;
	faults_init(&unused, r->arena);
	s->from.sheet = page_field(r, "sheet");
	/* The fields of the form are about the sheet it was made for. */
	bool same = str_eq(s->from.sheet, page_field(r, "sheet_was")), fields = same && page_has_field(r, "m0");
	if (!same)
		yaml = (str){ 0 };
	bool given = yaml.n && map_parse(r->arena, yaml, &unused, &s->map) == OK;
	if ((!same || !asked_options(r, &s->options)) && given)
		s->options = (struct csv_options){ s->map.encoding, s->map.delimiter, 0 };
	e = import_look(r->db, r->arena, &r->grant, s->kind, &s->from, s->options, false, &r->faults, &s->look);
	if (e != OK)
		return e;
	if (!given || map_check(&s->map, s->look.shape, s->look.targets, s->look.n_targets, &unused) != OK)
		s->map = given && fields ? s->map : s->look.map;
	if (fields) {
		take_columns(r, s);
		take_stages(r, &s->map);
		take_spellings(r, &s->map);
	}
	if (same && page_has_field(r, "source"))
		take_settings(r, s);
	if (same) {
		take_alike(r, &s->map);
		take_stored(r, &s->map);
	}
	s->w = (struct wizard){ .r = r,
		.csrf = r->actor.csrf,
		.file = r->words[0],
		.name = s->from.name,
		.kind = kind,
		.kind_label = str_of(import_kinds[s->kind].label),
		.source = s->map.source,
		.currency = s->map.currency[0] ? str_copy(r->arena, str_of(s->map.currency)) : r->actor.currency,
		.as_of = page_field(r, "as_of"),
		.full = str_eq(page_field(r, "full"), STR("1")),
		.layout = str_of(s->look.proposal.layout),
		.remembered = s->look.remembered,
		.sheet = s->from.sheet.n || !s->look.n_sheets ? s->from.sheet : s->look.sheets[0] };
	s->w.map = map_print(r->arena, &s->map);
	s->w.deals = s->kind == IMPORT_DEALS;
	if (spool_size(r->arena, r->actor.org, file, &size) == OK && size > LARGE)
		s->w.looked = DRY_MOST;
	str escaped = http_escape(r->arena, s->from.name);
	s->w.at = str_fmt(
	        r->arena, "/import/%.*s?kind=%.*s&name=%.*s", STR_ARG(r->words[0]), STR_ARG(kind), STR_ARG(escaped));
	return OK;
}

static void
add_choice(struct choice_view *c, size_t *n, str value, str label, bool chosen)
{
	c[(*n)++] = (struct choice_view){ value, label, chosen };
}

static void
fill_selects(struct request *r, struct step *s)
{
	struct select_view *all = s->w.selects;
	const struct csv_shape *shape = s->look.shape;
	static const struct {
		const char *value, *label;
		char sign;
	} signs[] = { { ",", "Comma", ',' }, { ";", "Semicolon", ';' }, { "tab", "Tab", '\t' }, { "|", "Bar", '|' } };
	static const struct {
		const char *value, *label;
		enum cell_order order;
	} orders[] = { { "ymd", "2026-02-28", CELL_YMD }, { "dmy", "28.2.2026 (day first)", CELL_DMY },
		{ "mdy", "2/28/2026 (month first)", CELL_MDY } };
	struct choice_view *c = arena_new(r->arena, struct choice_view, 40 + s->look.n_sheets);
	enum cell_order order = s->map.date ? s->map.date : s->look.sniff.order;
	char decimal = s->map.decimal ? s->map.decimal : s->look.sniff.decimal;
	size_t n = 0;

	for (size_t i = 0; i < s->look.n_sheets; i++)
		add_choice(c, &n, s->look.sheets[i], s->look.sheets[i],
		        s->from.sheet.n ? str_eq(s->from.sheet, s->look.sheets[i]) : i == 0);
	if (n) {
		all[s->w.n_selects++] = (struct select_view){ STR("sheet"), STR("Sheet"),
			STR("After another choice press: Read again so."), c, n };
		c += n;
		n = 0;
	}
	for (int i = 1; i < ENCODING_COUNT; i++)
		add_choice(c, &n, str_of(encoding_name((enum encoding)i)), str_of(encoding_label((enum encoding)i)),
		        (int)shape->encoding == i);
	all[s->w.n_selects++] = (struct select_view){ STR("encoding"), STR("Encoding"),
		shape->guess.ascii ? STR("Only plain letters were seen: all read the same.")
		                   : STR("Look whether the letters below are right."),
		c, n };
	c += n;
	n = 0;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		add_choice(c, &n, str_of(signs[i].value), str_of(signs[i].label), shape->delimiter == signs[i].sign);
	all[s->w.n_selects++] =
	        (struct select_view){ STR("delimiter"), STR("Columns are parted by"), (str){ 0 }, c, n };
	c += n;
	n = 0;
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		add_choice(c, &n, str_of(orders[i].value), str_of(orders[i].label), order == orders[i].order);
	all[s->w.n_selects++] = (struct select_view){ STR("date"), STR("Days are written"),
		s->look.sniff.order_how == COLUMN_BY_DEFAULT ? STR("The file leaves it open: please look.")
		                                             : (str){ 0 },
		c, n };
	c += n;
	n = 0;
	add_choice(c, &n, STR("."), STR("1,234.50"), decimal != ',');
	add_choice(c, &n, STR(","), STR("1.234,50"), decimal == ',');
	all[s->w.n_selects++] = (struct select_view){ STR("decimal"), STR("Numbers are written"),
		s->look.sniff.decimal_how == COLUMN_BY_DEFAULT ? STR("The file leaves it open: please look.")
		                                               : (str){ 0 },
		c, n };
}

/* Of the fields that a column may become, the one that its values are fit for, and what was chosen. */
static bool
is_offered(str target, str guess, str chosen)
{
	return !import_is_new(target) || str_eq(target, guess) || str_eq(target, chosen) ||
	       (str_eq(guess, STR("new-choice")) && str_eq(target, STR("new-text")));
}

static void
fill_columns(struct request *r, struct step *s)
{
	const struct csv_shape *shape = s->look.shape;
	struct column_view *v = arena_new(r->arena, struct column_view, shape->n_columns + 1);

	for (size_t i = 0; i < shape->n_columns; i++) {
		struct choice_view *c = arena_new(r->arena, struct choice_view, s->look.n_targets + 1);
		const struct map_guess *g = &s->look.proposal.guesses[i];
		str to = { 0 }, examples = { 0 };
		for (size_t k = 0; k < s->map.n_columns; k++)
			if (str_eq(s->map.columns[k].from, shape->columns[i].name))
				to = s->map.columns[k].to;
		for (size_t k = 0; k < s->look.n_preview && k < 2; k++)
			if (s->look.preview[k][i].n)
				examples = str_fmt(r->arena, "%.*s%s%.*s", STR_ARG(examples), examples.n ? ", " : "",
				        STR_ARG(str_first(s->look.preview[k][i], 40)));
		v[i] = (struct column_view){ .name = shape->columns[i].name,
			.input = str_fmt(r->arena, "m%zu", i),
			.choices = c,
			.why = g->why,
			.examples = str_utf8(examples) ? examples : (str){ 0 },
			.look = to.n && g->score < 70 && !s->look.remembered };
		add_choice(c, &v[i].n, STR(""), STR("– left out –"), !to.n);
		str guess = str_of(import_new_guess(&s->look.sniff.columns[i]));
		if (!to.n || import_is_new(to)) {
			str why = import_new_why(r->arena, &s->look.sniff.columns[i]);
			v[i].why = why.n ? why : v[i].why;
		}
		for (size_t k = 0; k < s->look.n_targets; k++)
			if (is_offered(str_of(s->look.targets[k].name), guess, to))
				add_choice(c, &v[i].n, str_of(s->look.targets[k].name),
				        str_of(s->look.targets[k].label), str_eq(to, str_of(s->look.targets[k].name)));
	}
	s->w.columns = v;
	s->w.n_columns = shape->n_columns;
	s->w.n_preview_columns = shape->n_columns < 40 ? shape->n_columns : 40;
	s->w.preview = (str *const *)s->look.preview;
	s->w.n_preview = s->look.n_preview;
}

static void
fill_stages(struct request *r, struct step *s)
{
	size_t n = s->kind == IMPORT_DEALS ? s->map.n_stages : 0;
	struct stage_view *v = arena_new(r->arena, struct stage_view, n + 1);

	for (size_t i = 0; i < n && i < STAGES_SHOWN; i++) {
		const struct map_stage *x = &s->map.stages[i];
		v[i] = (struct stage_view){ .name = x->name,
			.name_input = str_fmt(r->arena, "s%zun", i),
			.outcome_input = str_fmt(r->arena, "s%zuo", i),
			.probability_input = str_fmt(r->arena, "s%zup", i),
			.order_input = str_fmt(r->arena, "s%zuq", i),
			.order = (int64_t)i + 1,
			.probability = x->probability >= 0 ? str_fmt(r->arena, "%d", x->probability) : (str){ 0 },
			.won = x->outcome == ENDING_WON,
			.lost = x->outcome == ENDING_LOST };
		v[i].open = !v[i].won && !v[i].lost;
	}
	s->w.stages = v;
	s->w.n_stages = n < STAGES_SHOWN ? n : STAGES_SHOWN;
}

static bool
is_near(const struct import_value *x, str name)
{
	for (size_t i = 0; i < x->n_near; i++)
		if (str_eq(x->near[i], name))
			return true;
	return false;
}

/* Left as it is, left out, the nearest, then all others; what a mapping says beside these stays to be chosen. */
static void
fill_choices(struct request *r, const struct import_value *x, str to, struct spelling_view *v)
{
	struct choice_view *c = arena_new(r->arena, struct choice_view, x->n_near + x->n_names + 3);
	bool chosen = !to.n || str_eq(to, STR("-"));

	add_choice(c, &v->n_choices, STR(""), str_fmt(r->arena, "%.*s – %s", STR_ARG(x->from), x->otherwise), !to.n);
	for (size_t i = 0; i < x->n_near; i++) {
		chosen |= str_eq(to, x->near[i]);
		add_choice(c, &v->n_choices, x->near[i], x->near[i], str_eq(to, x->near[i]));
	}
	for (size_t i = 0; i < x->n_names; i++)
		if (!is_near(x, x->names[i])) {
			chosen |= str_eq(to, x->names[i]);
			add_choice(c, &v->n_choices, x->names[i], x->names[i], str_eq(to, x->names[i]));
		}
	if (!chosen)
		add_choice(c, &v->n_choices, to, to, true);
	add_choice(c, &v->n_choices, STR("-"), STR("– left out –"), str_eq(to, STR("-")));
	v->choices = c;
}

static void
fill_spellings(struct request *r, struct step *s)
{
	struct import_value *all;
	size_t n = import_values(r->arena, &s->look, s->kind, &s->map, &all);
	struct spelling_view *v = arena_new(r->arena, struct spelling_view, n + 1);

	for (size_t i = 0; i < n; i++) {
		str to = { 0 };
		for (size_t k = 0; k < s->map.n_values; k++)
			if (str_eq(s->map.values[k].field, all[i].field) && str_eq(s->map.values[k].from, all[i].from))
				to = s->map.values[k].to.n ? s->map.values[k].to : STR("-");
		v[i] = (struct spelling_view){ .field = all[i].field,
			.label = all[i].label,
			.from = all[i].from,
			.n = all[i].n,
			.typed = all[i].typed,
			.look = all[i].n_near && !to.n,
			.field_input = str_fmt(r->arena, "v%zuf", i),
			.from_input = str_fmt(r->arena, "v%zun", i),
			.to_input = str_fmt(r->arena, "v%zut", i),
			.typed_input = str_fmt(r->arena, "v%zuo", i) };
		fill_choices(r, &all[i], to, &v[i]);
	}
	s->w.spellings = v;
	s->w.n_spellings = n;
}

static enum err
show_columns(struct request *r, struct step *s)
{
	fill_selects(r, s);
	fill_columns(r, s);
	fill_stages(r, s);
	fill_spellings(r, s);
	s->w.notes = r->faults.first;
	if (!s->look.remembered && !page_has_field(r, "m0"))
		s->w.doubts = s->look.proposal.notes.first;
	begin(r, str_fmt(r->arena, "%.*s: %.*s", STR_ARG(s->w.kind_label), STR_ARG(s->from.name)), (str){ 0 });
	tpl_imports_columns(&r->view, &s->w);
	page_foot(r);
	return OK;
}

/* A file that cannot be read at all goes back to the start, with the reason. */
static enum err
refuse(struct request *r, enum err e)
{
	return e == ERR_INPUT ? show_start(r) : e;
}

static enum err
columns_page(struct request *r)
{
	struct step s;
	enum err e = load_step(r, &s);

	return e == OK ? show_columns(r, &s) : refuse(r, e);
}

/* ---- the dry run and the import ---- */

static enum err
load_job(struct request *r, struct step *s, struct import_job *j)
{
	enum err e = load_step(r, s);

	if (e != OK)
		return e;
	*j = (struct import_job){ .db = r->db,
		.arena = r->arena,
		.grant = &r->grant,
		.kind = s->kind,
		.from = s->from,
		.map = &s->map,
		.as_of = page_day_field(r, "as_of", false),
		.full = s->w.full,
		.show = SHOWN,
		.faults = &r->faults };
	return OK;
}

/* Fates in words for those who have never seen one; only those that occur, each with its number. */
static void
fill_fates(struct step *s, const struct import_job *j)
{
	static const struct fate_view looks[FATE_COUNT] = {
		[FATE_CREATE] = { .label = "New", .tone = "good", .icon = "plus" },
		[FATE_UPDATE] = { .label = "Changed", .tone = "info", .icon = "edit" },
		[FATE_SAME] = { .label = "Unchanged", .tone = "", .icon = "minus" },
		[FATE_KEPT] = { .label = "Your edit stays", .tone = "warn", .icon = "lock" },
		[FATE_REJECT] = { .label = "Rejected", .tone = "bad", .icon = "close" },
		[FATE_LEFT] = { .label = "Looks like another", .tone = "", .icon = "copy" },
	};

	for (int k = 0; k < FATE_COUNT; k++) {
		s->w.looks[k] = looks[k];
		s->w.looks[k].code = fate_words[k];
		s->w.looks[k].n = (int64_t)j->n_shown[k];
		s->w.looks[k].chosen = str_eq(s->w.filter, str_of(fate_words[k]));
	}
}

static enum err
show_dry(struct request *r, struct step *s, const struct import_job *j)
{
	struct import_fate *fates = arena_new(r->arena, struct import_fate, j->n_fates + 1);

	s->w.filter = page_field(r, "fate");
	size_t given[FATE_COUNT] = { 0 };
	for (size_t i = 0; i < j->n_fates; i++) {
		enum fate fate = j->fates[i].fate;
		if (s->w.filter.n ? str_eq(s->w.filter, str_of(fate_words[fate])) : given[fate]++ < AT_FIRST)
			fates[s->w.n_fates++] = j->fates[i];
	}
	s->w.fates = fates;
	s->w.import = &j->import;
	s->w.kept = j->notes.first;
	s->w.notes = r->faults.first;
	s->w.n_good = j->import.n_rows - j->import.n_rejected;
	s->w.sets_as_of = j->sets_as_of && day_is(j->import.as_of);
	s->w.alike = j->alike;
	s->w.n_alike = j->n_alike;
	s->w.n_alike_all = j->n_alike_all;
	s->w.alike_way = s->map.alike;
	s->w.stored = j->stored;
	s->w.n_stored = j->n_stored;
	s->w.n_stored_all = j->n_stored_all;
	s->w.n_stored_is = j->n_stored_is;
	s->w.stored_way = s->map.stored;
	s->w.stored_path = s->kind == IMPORT_ACCOUNTS    ? "/accounts/"
	                   : s->kind == IMPORT_PROSPECTS ? "/prospects/"
	                   : s->kind == IMPORT_DEALS     ? "/deals/"
	                                                 : NULL;
	s->w.stored_one = import_target(s->kind)->label;
	fill_fates(s, j);
	begin(r, str_fmt(r->arena, "Dry run: %.*s", STR_ARG(s->from.name)), (str){ 0 });
	tpl_imports_dry(&r->view, &s->w);
	page_foot(r);
	return OK;
}

static enum err
columns_act(struct request *r)
{
	str what = page_field(r, "do");
	struct import_job j;
	struct step s;
	enum err e = load_job(r, &s, &j);

	if (e != OK)
		return refuse(r, e);
	if (r->faults.n || str_eq(what, STR("look")) || str_eq(what, STR("back")))
		return show_columns(r, &s);
	j.dry = true;
	j.most_rows = s.w.looked;
	e = r->faults.n ? ERR_INPUT : import_run(&j);
	if (e == ERR_INPUT)
		return show_columns(r, &s);
	if (j.import.n_rows < s.w.looked)
		s.w.looked = 0;
	return e == OK ? show_dry(r, &s, &j) : e;
}

/* Rows of which the dry run said otherwise: they are shown as it shows them. */
static enum err
show_refused(struct request *r, struct step *s, struct import_job *j, const struct task_view *v)
{
	enum err e;

	j->dry = true;
	j->most_rows = s->w.looked;
	e = import_run(j);
	if (e != OK)
		return e == ERR_INPUT ? show_columns(r, s) : e;
	if (!j->import.n_rejected)
		return import_go(r);
	fault_add(&r->faults, s->from.name, v->why, STR("mend them and send the file again, or take the good rows"));
	return show_dry(r, s, j);
}

/* A small file is in within a moment: its page is then the one that says so. */
static void
wait_for(struct request *r, id upload)
{
	int64_t size;
	enum err e = spool_size(r->arena, r->actor.org, upload, &size);

	task_wait(r->arena, r->actor.org, upload, e == OK && size <= SMALL ? SOON_MS : AWHILE_MS);
}

/* It runs by itself from here on; what is done within a moment is seen at once. A form sent twice finds what the first
   one began. */
static enum err
run_act(struct request *r)
{
	struct import_job j;
	struct task_view v = { 0 };
	struct step s;
	id upload = 0;
	enum err e = load_job(r, &s, &j);

	if (e != OK || r->faults.n || !id_parse(r->words[0], &upload))
		return e == OK ? show_columns(r, &s) : refuse(r, e);
	struct task_order o = { .org = r->actor.org,
		.login = r->actor.login,
		.person = r->actor.person,
		.upload = upload,
		.kind = s.kind,
		.name = s.from.name,
		.sheet = s.from.sheet,
		.map = s.w.map,
		.fingerprint = s.look.fingerprint,
		.as_of = j.as_of,
		.partial = str_eq(page_field(r, "partial"), STR("1")),
		.full = s.w.full };
	e = task_look(r->arena, o.org, upload, &v);
	if (e == OK && (v.state == TASK_DONE || v.state == TASK_RUNNING)) {
		wait_for(r, upload);
		return import_go(r);
	}
	o.resume = e == OK ? v.import : 0;
	e = task_start(r->db, r->arena, &o);
	if (e != OK && e != ERR_BUSY)
		return e;
	wait_for(r, upload);
	if (task_look(r->arena, o.org, upload, &v) == OK && v.state == TASK_REFUSED)
		return show_refused(r, &s, &j, &v);
	return import_go(r);
}

static enum err
errors_act(struct request *r)
{
	struct import_job j;
	struct step s;
	enum err e = load_job(r, &s, &j);

	if (e != OK)
		return refuse(r, e);
	j.dry = true;
	bool alike = str_eq(page_field(r, "rows"), STR("alike"));
	*(alike ? &j.doubles : &j.errors) = &r->answer->body;
	e = import_run(&j);
	if (e != OK)
		return e;
	page_type(r, STR("text/csv; charset=utf-8"));
	http_set(r->answer, "Content-Disposition",
	        alike ? STR("attachment; filename=\"alike.csv\"") : STR("attachment; filename=\"rejected.csv\""));
	return OK;
}

/* Where what came in is to be seen, and what is brought in after it. */
static const struct next_view *
next_of(int kind)
{
	static const struct next_view all[IMPORT_KINDS] = {
		[IMPORT_PEOPLE] = { "/people", "See the reporting line", "products" },
		[IMPORT_PRODUCTS] = { "", "", "accounts" },
		[IMPORT_ACCOUNTS] = { "", "", "deals" },
		[IMPORT_CONTACTS] = { "", "", "deals" },
		[IMPORT_DEALS] = { "/board?scope=all", "See the pipeline", "targets" },
		[IMPORT_TARGETS] = { "/gap", "See where the number goes", "activities" },
		[IMPORT_ACTIVITIES] = { "/deals", "See the deals", "" },
		[IMPORT_HISTORY] = { "/analyse", "See the stages", "" },
		[IMPORT_PROSPECTS] = { "/prospects", "See the prospects", "" },
	};

	return &all[kind > 0 && kind < IMPORT_KINDS ? kind : 0];
}

static enum err
show_done(struct request *r, id import, const struct undo_result *undone)
{
	struct import i;
	bool may;
	struct wizard w = { .r = r,
		.csrf = r->actor.csrf,
		.id = id_text(r->arena, import),
		.import = &i,
		.file = page_param(r, "file"),
		.name = page_param(r, "name"),
		.kind = page_param(r, "kind"),
		.sheet = page_param(r, "sheet"),
		.notes = r->faults.first };
	enum err e = import_get(r->conn, r->arena, &r->grant, import, &i);

	if (e != OK)
		return e;
	w.kind_label = str_of(import_kinds[i.kind].label);
	w.map = i.map;
	w.running = i.state == IMPORT_RUNNING || i.state == IMPORT_INTERRUPTED;
	w.kept = undone ? undone->kept : NULL;
	e = see_undo(r, &i, &may, &w.why_not);
	if (e != OK)
		return e;
	w.next = next_of(i.kind);
	begin(r, str_fmt(r->arena, "%s: %.*s", import_states[i.state].label, STR_ARG(i.file)), (str){ 0 });
	tpl_imports_done(&r->view, &w);
	page_foot(r);
	return OK;
}

static enum err
done_page(struct request *r)
{
	return show_done(r, r->ids[0], NULL);
}

/* One whose thread is gone says "running" for a minute still; here it is known at once. */
static enum err
note_broken(struct request *r)
{
	struct import i;
	struct task_view v;
	id upload;
	enum err e = import_get(r->conn, r->arena, &r->grant, r->ids[0], &i);

	if (e != OK || i.state != IMPORT_RUNNING || !id_parse(i.upload, &upload) ||
	        task_look(r->arena, r->actor.org, upload, &v) != OK || v.state == TASK_RUNNING)
		return e;
	i.state = IMPORT_INTERRUPTED;
	return import_store(r->db, r->arena, &r->grant, &i);
}

static enum err
undo_import_act(struct request *r)
{
	struct undo_result u = { 0 };
	enum err e = note_broken(r), fresh;

	if (e != OK)
		return e;
	e = import_take_back(r->db, r->arena, &r->grant, r->ids[0], &r->faults, &u);

	if (e != OK && e != ERR_INPUT)
		return e;
	fresh = db_refresh(r->conn);
	return fresh == OK ? show_done(r, r->ids[0], e == OK ? &u : NULL) : fresh;
}

const struct route import_routes[] = {
	{ HTTP_GET, "/import", POLICY_ADMIN, start_page, "import", "Import files", false },
	{ HTTP_POST, "/import", POLICY_ADMIN, upload_act, "import", "Upload a file", false },
	{ HTTP_GET, "/import/done/:", POLICY_ADMIN, done_page, "import", "One import", false },
	{ HTTP_POST, "/import/undo/:", POLICY_ADMIN, undo_import_act, "import", "Undo an import", false },
	{ HTTP_POST, "/import/upload", POLICY_ADMIN, import_slice_begin, "import", "Begin an upload in slices", true },
	{ HTTP_PUT, "/import/*/slice", POLICY_ADMIN, import_slice_put, "import", "One slice of an upload", true },
	{ HTTP_GET, "/import/*/slice", POLICY_ADMIN, import_slice_at, "import", "How far an upload is", false },
	{ HTTP_GET, "/import/*/progress", POLICY_ADMIN, import_progress_page, "import", "How far an import is", false },
	{ HTTP_POST, "/import/*/stop", POLICY_ADMIN, import_stop_act, "import", "Stop an import", false },
	{ HTTP_POST, "/import/*/resume", POLICY_ADMIN, import_resume_act, "import", "Go on with an import", false },
	{ HTTP_GET, "/import/*", POLICY_ADMIN, columns_page, "import", "Columns of a file", false },
	{ HTTP_POST, "/import/*", POLICY_ADMIN, columns_act, "import", "Dry run of an import", false },
	{ HTTP_POST, "/import/*/run", POLICY_ADMIN, run_act, "import", "Import a file", false },
	{ HTTP_POST, "/import/*/errors", POLICY_ADMIN, errors_act, "import", "Rejected rows of a file", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
