#include "areas/process/plain.h"

#include "areas/process/standard.h"
#include "base/out.h"
#include "base/yaml.h"

static const char *const process_keys[] = { "process", "stages", "rules", "reasons", "next", "library", NULL };
static const char *const stage_keys[] = { "outcome", "exit", "probability", "greatest", "allowed_days", "condition",
	"guidance", NULL };
static const char *const step_keys[] = { "kind", "importance", "points", "options", "condition", "guidance", NULL };
static const char *const rule_keys[] = { "off", "watch", "warning", "critical", NULL };
static const char *const reason_keys[] = { "hint", "archived", NULL };
static const char *const next_keys[] = { "name", "after_days", NULL };

/* ---- writing ---- */

/* Several lines are written as they stand where YAML reads them back the same. */
static bool
fits_block(str s)
{
	if (s.n == 0 || s.s[0] == ' ' || s.s[0] == '\n' || s.s[s.n - 1] == '\n' || str_find_byte(s, '\n') == SIZE_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		if ((c < 32 && c != '\n') || c == 127 || c == 0xc2 || c == 0xe2 || c == 0xef)
			return false; /* U+0085, U+2028, U+FEFF break lines or are dropped: quoted instead */
	}
	return true;
}

static void
print_value(struct out *o, struct arena *a, int indent, const char *key, str value)
{
	str line, rest = value;

	if (!fits_block(value)) {
		out_fmt(o, "%*s%s: %.*s\n", indent, "", key, STR_ARG(yaml_quote(a, value)));
		return;
	}
	out_fmt(o, "%*s%s: |-\n", indent, "", key);
	for (bool more = true; more;) {
		more = str_cut(rest, '\n', &line, &rest);
		if (line.n)
			out_fmt(o, "%*s%.*s", indent + 2, "", STR_ARG(line));
		out_byte(o, '\n');
	}
}

static void
print_fields(
        struct out *o, struct arena *a, int indent, const struct record *r, const char *const *keys, const void *object)
{
	for (size_t i = 0; keys[i]; i++) {
		const struct field *f = record_field(r, str_of(keys[i]));
		str value = field_text(a, f, object);
		if (f->kind == F_BOOL ? !str_eq(value, STR("1")) : !value.n)
			continue;
		if (f->kind == F_BOOL)
			out_fmt(o, "%*s%s: yes\n", indent, "", keys[i]);
		else if (f->kind == F_INT || f->kind == F_CHOICE)
			out_fmt(o, "%*s%s: %.*s\n", indent, "", keys[i], STR_ARG(value));
		else
			print_value(o, a, indent, keys[i], value);
	}
}

static str
step_name(const struct version *v, id step)
{
	for (size_t i = 0; i < v->n_steps; i++)
		if (v->steps[i].row.id == step)
			return v->steps[i].name;
	return (str){ 0 };
}

static str
stage_name(const struct version *v, id stage)
{
	const struct stage *s = version_stage(v, stage);

	return s ? s->name : (str){ 0 };
}

struct shown {
	struct content_shown *all;
	size_t n;
};

static void
print_titles(struct out *o, struct arena *a, int indent, const struct shown *k, id stage, id step)
{
	bool first = true;

	for (size_t i = 0; i < k->n; i++) {
		if (k->all[i].stage != stage || k->all[i].step != step)
			continue;
		if (first)
			out_fmt(o, "%*scontent:\n", indent, "");
		first = false;
		out_fmt(o, "%*s- %.*s\n", indent + 2, "", STR_ARG(yaml_quote(a, k->all[i].title)));
	}
}

/* Each piece once, in the order in which they are shown. */
static enum err
print_library(struct out *o, struct conn *c, struct arena *a, const struct grant *g, const struct shown *k)
{
	enum err e = OK;

	if (k->n)
		out_z(o, "library:\n");
	for (size_t i = 0; e == OK && i < k->n; i++) {
		struct content x;
		bool again = false;
		for (size_t m = 0; m < i; m++)
			again |= k->all[m].content == k->all[i].content;
		if (again)
			continue;
		e = record_load(c, a, g, &content_record, k->all[i].content, &x);
		if (e != OK)
			break;
		print_value(o, a, 2, "- piece", x.title);
		print_fields(o, a, 4, &content_record, piece_keys, &x);
	}
	return e;
}

static void
print_stage(struct out *o, struct arena *a, const struct version *v, const struct stage *s, const struct shown *k)
{
	bool first = true;

	print_value(o, a, 2, "- stage", s->name);
	print_fields(o, a, 4, &stage_record, stage_keys, s);
	print_titles(o, a, 4, k, s->row.id, 0);
	for (size_t i = 0; i < v->n_steps; i++) {
		const struct step *x = &v->steps[i];
		if (x->stage != s->row.id)
			continue;
		if (first)
			out_z(o, "    steps:\n");
		first = false;
		print_value(o, a, 6, "- step", x->name);
		print_fields(o, a, 8, &step_record, step_keys, x);
		if (x->depends)
			print_value(o, a, 8, "after", step_name(v, x->depends));
		print_titles(o, a, 8, k, s->row.id, x->row.id);
	}
}

static enum err
print_next(struct out *o, struct conn *c, struct arena *a, const struct grant *g, const struct version *v,
        const struct next_start *x)
{
	struct process target;
	enum err e = OK;

	out_fmt(o, "  - when: %s\n", next_when_choices[x->moment].code);
	if (x->stage)
		print_value(o, a, 4, "stage", stage_name(v, x->stage));
	out_fmt(o, "    starts: %s\n", next_what_choices[x->what].code);
	if (x->target)
		e = record_load(c, a, g, &process_record, x->target, &target);
	if (e == OK && x->target)
		print_value(o, a, 4, "process", target.name);
	print_fields(o, a, 4, &next_start_record, next_keys, x);
	return e;
}

enum err
plain_print(struct conn *c, struct arena *a, const struct grant *g, const struct version *v, str *ret)
{
	struct out o;
	struct shown k = { 0 };
	enum err e = content_of_process(c, a, g->org, v->p.row.id, &k.all, &k.n);

	if (e != OK)
		return e;
	out_init(&o, PLAIN_MOST);
	out_z(&o, "# A sales process for Ridealong: ridealong process import FILE, or Processes › Import.\n");
	print_value(&o, a, 0, "process", v->p.name);
	out_z(&o, "stages:\n");
	for (size_t i = 0; i < v->n_stages; i++)
		print_stage(&o, a, v, &v->stages[i], &k);
	if (v->n_rules)
		out_z(&o, "rules:\n");
	for (size_t i = 0; i < v->n_rules; i++) {
		out_fmt(&o, "  - rule: %s\n", rule_kinds[v->rules[i].kind].code);
		if (v->rules[i].stage)
			print_value(&o, a, 4, "stage", stage_name(v, v->rules[i].stage));
		print_fields(&o, a, 4, &health_rule_record, rule_keys, &v->rules[i]);
	}
	if (v->n_reasons)
		out_z(&o, "reasons:\n");
	for (size_t i = 0; i < v->n_reasons; i++) {
		print_value(&o, a, 2, "- reason", v->reasons[i].name);
		print_fields(&o, a, 4, &lost_reason_record, reason_keys, &v->reasons[i]);
	}
	if (v->n_nexts)
		out_z(&o, "next:\n");
	for (size_t i = 0; e == OK && i < v->n_nexts; i++)
		e = print_next(&o, c, a, g, v, &v->nexts[i]);
	if (e == OK)
		e = print_library(&o, c, a, g, &k);
	if (e == OK && o.full)
		e = ERR_LARGE;
	if (e == OK)
		*ret = out_all(&o, a);
	out_fini(&o);
	return e;
}

/* ---- reading ---- */

struct parsing {
	struct conn *conn;
	struct arena *arena;
	const struct grant *grant;
	struct faults *faults;
	struct version *v;
	int *stage_lines, *step_lines;
	str *after; /* of each step */
	size_t cap_stages, cap_steps, cap_rules, cap_nexts, cap_reasons, cap_pieces, cap_places;
	int64_t ids; /* made up, counting down */
};

static void
wrong(struct parsing *p, int line, str what, const char *mend)
{
	fault_add(p->faults, str_fmt(p->arena, "line %d", line), what, str_of(mend));
}

static str
list_words(struct arena *a, const char *const *keys, const char *const *more)
{
	str all = { 0 };

	for (size_t i = 0; more[i]; i++)
		all = str_fmt(a, "%.*s%s%s", STR_ARG(all), all.n ? ", " : "", more[i]);
	for (size_t i = 0; keys[i]; i++)
		all = str_fmt(a, "%.*s%s%s", STR_ARG(all), all.n ? ", " : "", keys[i]);
	return all;
}

static bool
is_in(const char *const *all, str key)
{
	for (size_t i = 0; all[i]; i++)
		if (str_eq(str_of(all[i]), key))
			return true;
	return false;
}

static bool
truth(str text, bool *ret)
{
	*ret = str_same(text, STR("yes")) || str_same(text, STR("true"));
	return *ret || str_same(text, STR("no")) || str_same(text, STR("false"));
}

static void
take_value(struct parsing *p, const struct field *f, void *object, const struct yaml *y)
{
	int64_t n;
	bool yes;

	if (y->kind != YAML_SCALAR) {
		wrong(p, y->line, str_fmt(p->arena, "“%.*s” is no single value", STR_ARG(y->key)),
		        "write one value behind it");
		return;
	}
	if (f->kind == F_BOOL) {
		if (truth(y->text, &yes))
			*(bool *)(void *)((char *)object + f->at) = yes;
		else
			wrong(p, y->line, str_fmt(p->arena, "“%.*s” is not yes or no", STR_ARG(y->key)),
			        "write yes or no");
		return;
	}
	if (!field_set_text(f, object, y->text)) {
		wrong(p, y->line, str_fmt(p->arena, "“%.*s” is no %s", STR_ARG(y->text), f->label),
		        f->choices ? "see the words in an exported file" : "write a whole number");
		return;
	}
	if (f->kind == F_INT && f->greatest && str_to_i64(y->text, &n) && (n < f->least || n > f->greatest))
		wrong(p, y->line,
		        str_fmt(p->arena, "%s is outside of %lld to %lld", f->label, (long long)f->least,
		                (long long)f->greatest),
		        "write a number between the two");
	if ((f->kind == F_TEXT || f->kind == F_LONG) && str_letters(y->text) > (size_t)(f->most             ? f->most
	                                                                                : f->kind == F_TEXT ? 200
	                                                                                                    : 16384))
		wrong(p, y->line, str_fmt(p->arena, "%s is too long", f->label), "shorten it");
}

/* Every key of a map is a field in keys, or one of `more`, which the caller reads. */
static bool
take_fields(struct parsing *p, const struct yaml *y, const struct record *r, const char *const *keys,
        const char *const *more, void *object)
{
	if (y->kind != YAML_MAP) {
		wrong(p, y->line, STR("here a list of words and values belongs"), "write it as in an exported file");
		return false;
	}
	for (const struct yaml *x = y->first; x; x = x->next)
		if (is_in(keys, x->key))
			take_value(p, record_field(r, x->key), object, x);
		else if (!is_in(more, x->key))
			wrong(p, x->line, str_fmt(p->arena, "“%.*s” is unknown here", STR_ARG(x->key)),
			        str_z(p->arena, str_fmt(p->arena, "known are: %.*s",
			                                STR_ARG(list_words(p->arena, keys, more)))));
	return true;
}

static str
take_name(struct parsing *p, const struct yaml *y, const char *key)
{
	const struct yaml *x = yaml_at(y, str_of(key));
	str name = x && x->kind == YAML_SCALAR ? str_trim(x->text) : (str){ 0 };

	if (!name.n)
		wrong(p, x ? x->line : y->line, str_fmt(p->arena, "the name behind “%s” is missing", key), "write one");
	else if (str_letters(name) > 200)
		wrong(p, x->line, STR("the name is too long"), "write at most 200 letters");
	return name;
}

static const struct yaml *
take_list(struct parsing *p, const struct yaml *y, const char *key)
{
	const struct yaml *x = yaml_at(y, str_of(key));

	if (!x || x->kind == YAML_LIST)
		return x ? x->first : NULL;
	wrong(p, x->line, str_fmt(p->arena, "“%s” is no list", key),
	        "begin each of its parts with - on a line of its own");
	return NULL;
}

/* Titles of what is shown there. */
static void
take_titles(struct parsing *p, const struct yaml *y, id stage, id step)
{
	for (const struct yaml *x = take_list(p, y, "content"); x; x = x->next) {
		if (x->kind != YAML_SCALAR || !str_trim(x->text).n) {
			wrong(p, x->line, STR("here the title of a piece belongs"), "write one behind the -");
			continue;
		}
		arena_grow(p->arena, p->v->places, p->v->n_places, p->cap_places);
		p->v->places[p->v->n_places++] = (struct version_place){ stage, step, str_trim(x->text), x->line };
	}
}

static void
take_piece(struct parsing *p, const struct yaml *y)
{
	static const char *const more[] = { "piece", NULL };
	struct version_piece *x;

	arena_grow(p->arena, p->v->pieces, p->v->n_pieces, p->cap_pieces);
	x = &p->v->pieces[p->v->n_pieces];
	record_init(&content_record, &x->c);
	x->line = y->line;
	if (!take_fields(p, y, &content_record, piece_keys, more, &x->c))
		return;
	x->c.title = take_name(p, y, "piece");
	p->v->n_pieces++;
}

static void
take_step(struct parsing *p, const struct yaml *y, id stage, int64_t position)
{
	static const char *const more[] = { "step", "after", "content", NULL };
	struct version *v = p->v;
	size_t cap_lines = p->cap_steps, cap_after = cap_lines;
	struct step *s;

	arena_grow(p->arena, p->step_lines, v->n_steps, cap_lines);
	arena_grow(p->arena, p->after, v->n_steps, cap_after);
	arena_grow(p->arena, v->steps, v->n_steps, p->cap_steps);
	s = &v->steps[v->n_steps];
	record_init(&step_record, s);
	if (!take_fields(p, y, &step_record, step_keys, more, s))
		return;
	s->row.id = --p->ids;
	s->stage = stage;
	s->position = position;
	s->name = take_name(p, y, "step");
	if (s->kind == STEP_CHOICE) {
		str rest = s->options, one;
		if (!step_option(&rest, &one) || !step_option(&rest, &one))
			wrong(p, y->line, STR("a choice has fewer than two options"), "write options: \"one | two\"");
	}
	take_titles(p, y, stage, s->row.id);
	p->after[v->n_steps] = yaml_text(y, STR("after"), (str){ 0 });
	p->step_lines[v->n_steps++] = y->line;
}

static void
take_stage(struct parsing *p, const struct yaml *y, int64_t position)
{
	static const char *const more[] = { "stage", "steps", "content", NULL };
	struct version *v = p->v;
	size_t cap_lines = p->cap_stages;
	struct stage *s;

	arena_grow(p->arena, p->stage_lines, v->n_stages, cap_lines);
	arena_grow(p->arena, v->stages, v->n_stages, p->cap_stages);
	s = &v->stages[v->n_stages];
	record_init(&stage_record, s);
	if (!take_fields(p, y, &stage_record, stage_keys, more, s))
		return;
	s->row.id = --p->ids;
	s->position = position;
	s->name = take_name(p, y, "stage");
	for (size_t i = 0; i < v->n_stages; i++)
		if (s->name.n && str_eq(v->stages[i].name, s->name))
			wrong(p, y->line, str_fmt(p->arena, "stage “%.*s” is there twice", STR_ARG(s->name)),
			        "give it another name");
	if (!s->outcome)
		wrong(p, y->line, STR("outcome is missing"), "write outcome: open, won or lost");
	if (s->greatest != NO_INT && s->greatest < (s->probability == NO_INT ? 0 : s->probability))
		wrong(p, y->line, STR("greatest is below probability"), "exchange the two");
	p->stage_lines[v->n_stages++] = y->line;
	id stage = s->row.id;
	take_titles(p, y, stage, 0);
	position = 0;
	for (const struct yaml *x = take_list(p, y, "steps"); x; x = x->next)
		take_step(p, x, stage, ++position);
}

static id
stage_of(struct parsing *p, const struct yaml *y)
{
	const struct yaml *x = yaml_at(y, STR("stage"));

	for (size_t i = 0; x && i < p->v->n_stages; i++)
		if (str_eq(p->v->stages[i].name, x->text))
			return p->v->stages[i].row.id;
	if (x)
		wrong(p, x->line, str_fmt(p->arena, "stage “%.*s” is not in this file", STR_ARG(x->text)),
		        "name one of its stages");
	return 0;
}

static void
take_rule(struct parsing *p, const struct yaml *y)
{
	static const char *const more[] = { "rule", "stage", NULL };
	struct version *v = p->v;
	struct health_rule *x;
	str name;

	arena_grow(p->arena, v->rules, v->n_rules, p->cap_rules);
	x = &v->rules[v->n_rules];
	record_init(&health_rule_record, x);
	if (!take_fields(p, y, &health_rule_record, rule_keys, more, x))
		return;
	name = take_name(p, y, "rule");
	for (int kind = 1; kind < RULE_COUNT; kind++)
		if (str_eq(str_of(rule_kinds[kind].code), name))
			x->kind = kind;
	if (name.n && !x->kind)
		wrong(p, y->line, str_fmt(p->arena, "“%.*s” is no rule", STR_ARG(name)),
		        "write stage-days, no-progress, no-activity, no-next-step, overdue, close-passed, pushed, "
		        "single-threaded, "
		        "no-decision-maker or importance-overdue");
	x->stage = stage_of(p, y);
	for (size_t i = 0; i < v->n_rules; i++)
		if (v->rules[i].kind == x->kind && v->rules[i].stage == x->stage)
			wrong(p, y->line, STR("this rule is there twice"), "keep one");
	v->n_rules++;
}

static void
take_reason(struct parsing *p, const struct yaml *y, int64_t position)
{
	static const char *const more[] = { "reason", NULL };
	struct version *v = p->v;
	struct lost_reason *x;

	arena_grow(p->arena, v->reasons, v->n_reasons, p->cap_reasons);
	x = &v->reasons[v->n_reasons];
	record_init(&lost_reason_record, x);
	if (!take_fields(p, y, &lost_reason_record, reason_keys, more, x))
		return;
	x->name = take_name(p, y, "reason");
	x->position = position;
	for (size_t i = 0; i < v->n_reasons; i++)
		if (x->name.n && str_eq(v->reasons[i].name, x->name))
			wrong(p, y->line, STR("this reason is there twice"), "keep one");
	v->n_reasons++;
}

static enum err
find_line(struct conn *c, struct arena *a, id org, str name, struct process *ret)
{
	str sql = str_fmt(a,
	        "select %.*s from process t where t.org_id = $1 and t.name = $2 and coalesce(t.source, '') = '' order "
	        "by case "
	        "coalesce(t.state, 'published') when 'published' then 0 when 'draft' then 1 else 2 end, t.number desc "
	        "limit 1",
	        STR_ARG(record_columns(a, &process_record, "t")));
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(org), DB_T(name)), &rows);
	bool there = e == OK && db_next(&rows);

	if (e != OK)
		return e;
	if (there)
		record_read(&rows, &process_record, 0, ret);
	e = db_end(&rows);
	return e == OK && !there ? ERR_ABSENT : e;
}

static int
take_code(struct parsing *p, const struct yaml *y, const char *key, const struct choice *all)
{
	const struct yaml *x = yaml_at(y, str_of(key));
	int n = x ? choice_of(all, x->text) : 0;

	if (!n)
		wrong(p, x ? x->line : y->line, str_fmt(p->arena, "“%s” is missing or unknown", key),
		        all == next_when_choices ? "write won, lost or stage" : "write deal or task");
	return n;
}

static enum err
take_next(struct parsing *p, const struct yaml *y)
{
	static const char *const more[] = { "when", "stage", "starts", "process", NULL };
	struct version *v = p->v;
	const struct yaml *target;
	struct next_start *x;
	struct process found;
	enum err e;

	arena_grow(p->arena, v->nexts, v->n_nexts, p->cap_nexts);
	x = &v->nexts[v->n_nexts];
	record_init(&next_start_record, x);
	if (!take_fields(p, y, &next_start_record, next_keys, more, x))
		return OK;
	x->moment = take_code(p, y, "when", next_when_choices);
	x->what = take_code(p, y, "starts", next_what_choices);
	x->stage = stage_of(p, y);
	if (x->after_days == NO_INT)
		x->after_days = 0;
	if (x->moment == NEXT_STAGE && !yaml_at(y, STR("stage")))
		wrong(p, y->line, STR("the stage is missing"), "write stage: and its name");
	if (!x->name.n)
		wrong(p, y->line, STR("the name of what it starts is missing"), "write name: \"{account}, next\"");
	v->n_nexts++;
	if (x->what != NEXT_DEAL)
		return OK;
	target = yaml_at(y, STR("process"));
	e = target ? find_line(p->conn, p->arena, p->grant->org, target->text, &found) : ERR_ABSENT;
	if (e == OK)
		x->target = process_line(&found);
	else if (e == ERR_ABSENT)
		wrong(p, target ? target->line : y->line, STR("the process it starts in is missing or not here"),
		        "import that one first, or start a task");
	return e == ERR_ABSENT ? OK : e;
}

/* Steps wait for steps of the file, and not in a ring. */
static void
link_steps(struct parsing *p)
{
	struct version *v = p->v;

	for (size_t i = 0; i < v->n_steps; i++) {
		size_t found = SIZE_MAX;
		for (size_t k = 0; p->after[i].n && k < v->n_steps; k++)
			if (k != i && str_eq(v->steps[k].name, p->after[i]))
				found = k;
		if (p->after[i].n && found == SIZE_MAX)
			wrong(p, p->step_lines[i],
			        str_fmt(p->arena, "step “%.*s” to come after is not in this file",
			                STR_ARG(p->after[i])),
			        "name one of its steps");
		else if (found != SIZE_MAX)
			v->steps[i].depends = v->steps[found].row.id;
	}
	for (size_t i = 0; i < v->n_steps; i++) {
		id at = v->steps[i].depends;
		for (size_t turns = 0; at && turns <= v->n_steps; turns++) {
			if (at == v->steps[i].row.id || turns == v->n_steps) {
				wrong(p, p->step_lines[i], STR("it waits for itself in a ring of steps"),
				        "take one “after” away");
				break;
			}
			for (size_t k = 0; k < v->n_steps; k++)
				if (v->steps[k].row.id == at) {
					at = v->steps[k].depends;
					break;
				}
		}
	}
}

static void
check_conditions(struct parsing *p)
{
	struct condition_world w = version_world(p->v);

	for (size_t i = 0; i < p->v->n_stages; i++)
		(void)condition_check_text(p->arena, p->v->stages[i].condition, &w,
		        str_fmt(p->arena, "line %d", p->stage_lines[i]), p->faults);
	for (size_t i = 0; i < p->v->n_steps; i++)
		(void)condition_check_text(p->arena, p->v->steps[i].condition, &w,
		        str_fmt(p->arena, "line %d", p->step_lines[i]), p->faults);
}

static enum err
take_process(struct parsing *p, const struct yaml *y)
{
	static const char *const none[] = { NULL };
	int64_t position = 0;
	enum err e = OK;

	if (!take_fields(p, y, &process_record, none, process_keys, &p->v->p))
		return ERR_INPUT;
	p->v->p.name = take_name(p, y, "process");
	for (const struct yaml *x = take_list(p, y, "stages"); x && p->v->n_stages < 60; x = x->next)
		take_stage(p, x, ++position);
	if (!p->v->n_stages)
		wrong(p, y->line, STR("there are no stages"), "write stages: and a list of them");
	if (p->v->n_steps > 600)
		wrong(p, y->line, STR("there are more than 600 steps"), "leave out what nobody does");
	position = 0;
	for (const struct yaml *x = take_list(p, y, "rules"); x; x = x->next)
		take_rule(p, x);
	for (const struct yaml *x = take_list(p, y, "reasons"); x; x = x->next)
		take_reason(p, x, ++position);
	for (const struct yaml *x = take_list(p, y, "next"); e == OK && x; x = x->next)
		e = take_next(p, x);
	for (const struct yaml *x = take_list(p, y, "library"); x; x = x->next)
		take_piece(p, x);
	link_steps(p);
	check_conditions(p);
	return e == OK ? plain_check_library(p->conn, p->arena, p->grant->org, p->v, p->faults) : e;
}

enum err
plain_parse(struct conn *c, struct arena *a, const struct grant *g, str text, struct faults *f, struct version *ret)
{
	struct version *v = arena_new(a, struct version, 1);
	struct parsing p = { .conn = c, .arena = a, .grant = g, .faults = f, .v = v };
	size_t before = f->n;
	struct yaml *y;
	enum err e = yaml_parse(a, text, f, &y);

	if (e != OK)
		return e;
	if (!y)
		return fault_add(f, STR("line 1"), STR("the file is empty"), STR("take an exported one as a pattern"));
	*v = (struct version){ 0 };
	record_init(&process_record, &v->p);
	e = condition_own_fields(c, a, g->org, false, &v->own, &v->n_own);
	if (e == OK)
		e = take_process(&p, y);
	if (e != OK || f->n > before)
		return e == OK ? ERR_INPUT : e;
	*ret = *v;
	return OK;
}

/* ---- into the base ---- */

static enum err
save_reasons(struct change *c, const struct version *file, const struct version *old, id line)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < file->n_reasons; i++) {
		struct lost_reason x = file->reasons[i];
		for (size_t k = 0; old && k < old->n_reasons; k++)
			if (str_eq(old->reasons[k].name, x.name))
				x.row = old->reasons[k].row;
		x.process = line;
		e = record_save(c, &lost_reason_record, &x);
	}
	return e;
}

/* What stands in the version in use under the same name is the same thing: its deals find their place. */
static enum err
save_parts(struct change *c, const struct version *file, const struct version *old, id process, size_t *ret_attached)
{
	id *stages = arena_new(c->arena, id, file->n_stages + 1), *steps = arena_new(c->arena, id, file->n_steps + 1);
	struct step *made = arena_new(c->arena, struct step, file->n_steps + 1);
	enum err e = OK;

	for (size_t i = 0; e == OK && i < file->n_stages; i++) {
		struct stage s = file->stages[i];
		const struct stage *was = old ? version_same_stage(old, &s) : NULL;
		s.row = (struct row){ 0 };
		s.process = process;
		s.origin = !was ? NO_INT : was->origin != NO_INT && was->origin ? was->origin : was->row.id;
		e = record_save(c, &stage_record, &s);
		stages[i] = s.row.id;
	}
	for (size_t i = 0; e == OK && i < file->n_steps; i++) {
		const struct step *was = old ? version_same_step(old, file, &file->steps[i]) : NULL;
		made[i] = file->steps[i];
		made[i].row = (struct row){ 0 };
		made[i].depends = 0;
		made[i].origin = !was ? NO_INT : was->origin != NO_INT && was->origin ? was->origin : was->row.id;
		for (size_t k = 0; k < file->n_stages; k++)
			if (file->stages[k].row.id == file->steps[i].stage)
				made[i].stage = stages[k];
		e = record_save(c, &step_record, &made[i]);
		steps[i] = made[i].row.id;
	}
	for (size_t i = 0; e == OK && i < file->n_steps; i++)
		for (size_t k = 0; e == OK && k < file->n_steps; k++)
			if (file->steps[i].depends && file->steps[k].row.id == file->steps[i].depends) {
				made[i].depends = steps[k];
				e = record_save(c, &step_record, &made[i]);
			}
	for (size_t i = 0; e == OK && i < file->n_rules; i++) {
		struct health_rule x = file->rules[i];
		x.row = (struct row){ 0 };
		x.process = process;
		for (size_t k = 0; x.stage && k < file->n_stages; k++)
			if (file->stages[k].row.id == file->rules[i].stage)
				x.stage = stages[k];
		e = record_save(c, &health_rule_record, &x);
	}
	for (size_t i = 0; e == OK && i < file->n_nexts; i++) {
		struct next_start x = file->nexts[i];
		x.row = (struct row){ 0 };
		x.process = process;
		for (size_t k = 0; x.stage && k < file->n_stages; k++)
			if (file->stages[k].row.id == file->nexts[i].stage)
				x.stage = stages[k];
		e = record_save(c, &next_start_record, &x);
	}
	return e == OK ? plain_save_places(c, file, stages, steps, ret_attached) : e;
}

/* A file that differs in nothing but what it shows of the library: that is put there. */
static enum err
attach_alone(struct change *c, const struct version *file, const struct version *known, size_t *ret_attached)
{
	id *stages = arena_new(c->arena, id, file->n_stages + 1), *steps = arena_new(c->arena, id, file->n_steps + 1);

	for (size_t i = 0; i < file->n_stages; i++) {
		const struct stage *s = version_same_stage(known, &file->stages[i]);
		stages[i] = s ? s->row.id : 0;
	}
	for (size_t i = 0; i < file->n_steps; i++) {
		const struct step *s = version_same_step(known, file, &file->steps[i]);
		steps[i] = s ? s->row.id : 0;
	}
	return plain_save_places(c, file, stages, steps, ret_attached);
}

static enum err
draft_number(struct change *c, const struct process *found, int64_t *ret)
{
	int64_t drafts;
	id line = process_line(found);
	enum err e = db_one_int(c->conn,
	        "select count(*) from process where org_id = $1 and (id = $2 or line = $2) and state = 'draft'",
	        DB_ARGS(DB_I(c->grant->org), DB_I(line)), &drafts);

	if (e == OK && drafts)
		return fault_add(c->faults, STR("process"),
		        str_fmt(c->arena, "“%.*s” has a draft already", STR_ARG(found->name)),
		        STR("publish or remove that one first"));
	if (e == OK)
		e = db_one_int(c->conn, "select max(number) from process where org_id = $1 and (id = $2 or line = $2)",
		        DB_ARGS(DB_I(c->grant->org), DB_I(line)), ret);
	++*ret;
	return e;
}

enum err
plain_import(struct change *c, struct plain_import *x)
{
	struct version old, *known = NULL;
	struct version_change *changes;
	struct process p, found;
	size_t n = 0;
	enum err e = find_line(c->conn, c->arena, c->grant->org, x->file->p.name, &found);

	x->ret_same = x->ret_made = false;
	x->ret_attached = 0;
	x->ret_new = e == ERR_ABSENT;
	record_init(&process_record, &p);
	p.name = x->file->p.name;
	p.state = PROCESS_DRAFT;
	p.number = 1;
	if (e == OK) {
		e = version_load(c->conn, c->arena, c->grant, found.row.id, &old);
		known = &old;
	} else if (e == ERR_ABSENT) {
		e = OK;
	}
	if (e == OK && known)
		e = version_compare(c->arena, known, x->file, &changes, &n);
	if (e == OK && known && !n) {
		x->ret_process = found.row.id;
		e = attach_alone(c, x->file, known, &x->ret_attached);
		x->ret_same = !x->ret_attached;
		return e;
	}
	if (e == OK && known) {
		p.line = process_line(&found);
		p.base = found.row.id;
		e = draft_number(c, &found, &p.number);
	}
	if (e == OK)
		e = record_save(c, &process_record, &p);
	if (e == OK)
		e = save_parts(c, x->file, known, p.row.id, &x->ret_attached);
	if (e == OK)
		e = save_reasons(c, x->file, known, process_line(&p));
	x->ret_process = p.row.id;
	x->ret_made = true;
	return e;
}
