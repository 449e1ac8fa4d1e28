#include "sheet/map.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/money.h"
#include "base/out.h"
#include "base/yaml.h"

static void
wrong(struct faults *f, int line, str what, str mend)
{
	fault_add(f, str_fmt(f->arena, "line %d", line), what, mend);
}

static bool
needs(struct faults *f, const struct yaml *y, enum yaml_kind kind, const char *what)
{
	if (y->kind == kind)
		return true;
	wrong(f, y->line, str_fmt(f->arena, "\"%.*s\" must be %s", STR_ARG(y->key), what), (str){ 0 });
	return false;
}

static void
take_version(struct map *m, const struct yaml *y, struct faults *f)
{
	(void)m;
	if (!needs(f, y, YAML_SCALAR, "a number"))
		return;
	if (!str_eq(y->text, STR("1")))
		wrong(f, y->line, str_fmt(f->arena, "version %.*s is not known here", STR_ARG(y->text)),
		        STR("write: version: 1"));
}

static void
take_source(struct map *m, const struct yaml *y, struct faults *f)
{
	if (needs(f, y, YAML_SCALAR, "a name"))
		m->source = y->text;
}

static void
take_key(struct map *m, const struct yaml *y, struct faults *f)
{
	if (y->kind == YAML_SCALAR) {
		m->key = arena_copy(f->arena, &y->text, sizeof(str));
		m->n_key = 1;
		return;
	}
	if (!needs(f, y, YAML_LIST, "a list of columns"))
		return;
	m->key = arena_new(f->arena, str, y->n ? y->n : 1);
	for (const struct yaml *i = y->first; i; i = i->next) {
		if (i->kind != YAML_SCALAR)
			wrong(f, i->line, STR("a key is a list of column names"), (str){ 0 });
		else
			m->key[m->n_key++] = i->text;
	}
}

static void
take_date(struct map *m, const struct yaml *y, struct faults *f)
{
	if (!needs(f, y, YAML_SCALAR, "an order of dates"))
		return;
	if (!cell_order_find(y->text, &m->date)) {
		wrong(f, y->line, str_fmt(f->arena, "\"%.*s\" is not an order of dates", STR_ARG(y->text)),
		        STR("write Y-M-D, d.m.y, d/m/y or m/d/y"));
		return;
	}
	const char *sign = m->date == CELL_YMD ? "" : "./-";
	for (; *sign && !m->date_sign; sign++)
		if (str_find_byte(y->text, *sign) != SIZE_MAX)
			m->date_sign = *sign;
}

static void
take_currency(struct map *m, const struct yaml *y, struct faults *f)
{
	if (needs(f, y, YAML_SCALAR, "a currency") && !money_code(y->text, m->currency))
		wrong(f, y->line, str_fmt(f->arena, "\"%.*s\" is no currency that ISO 4217 knows", STR_ARG(y->text)),
		        STR("write its code, like EUR"));
}

static void
take_encoding(struct map *m, const struct yaml *y, struct faults *f)
{
	if (needs(f, y, YAML_SCALAR, "an encoding") && !encoding_find(y->text, &m->encoding))
		wrong(f, y->line, str_fmt(f->arena, "encoding \"%.*s\" is not known", STR_ARG(y->text)),
		        STR("write utf-8, utf-16le, utf-16be, windows-1252 or windows-1250"));
}

static void
take_delimiter(struct map *m, const struct yaml *y, struct faults *f)
{
	static const char signs[] = ",;\t|";
	if (!needs(f, y, YAML_SCALAR, "a sign"))
		return;
	for (const char *d = signs; *d; d++)
		if (str_same(y->text, str_of(csv_delimiter_name(*d))))
			m->delimiter = *d;
	if (!m->delimiter && y->text.n == 1 && !strchr("\"\r\n", y->text.s[0]) && !(y->text.s[0] & 0x80))
		m->delimiter = y->text.s[0];
	if (!m->delimiter)
		wrong(f, y->line, str_fmt(f->arena, "\"%.*s\" cannot part fields", STR_ARG(y->text)),
		        STR("write comma, semicolon, tab, bar or one sign"));
}

static void
take_decimal(struct map *m, const struct yaml *y, struct faults *f)
{
	if (!needs(f, y, YAML_SCALAR, "a sign"))
		return;
	if (y->text.n == 1 && (y->text.s[0] == '.' || y->text.s[0] == ','))
		m->decimal = y->text.s[0];
	else
		wrong(f, y->line, STR("the decimal sign is '.' or ','"), STR("write: decimal: \",\""));
}

static void
take_columns(struct map *m, const struct yaml *y, struct faults *f)
{
	if (!needs(f, y, YAML_MAP, "columns, each with a field: \"Close Date: closed_on\""))
		return;
	m->columns = arena_new(f->arena, struct map_column, y->n ? y->n : 1);
	for (const struct yaml *i = y->first; i; i = i->next) {
		if (i->kind != YAML_SCALAR || i->text.n == 0)
			wrong(f, i->line,
			        str_fmt(f->arena, "column \"%.*s\" needs the name of a field", STR_ARG(i->key)),
			        (str){ 0 });
		else
			m->columns[m->n_columns++] = (struct map_column){ i->key, i->text, i->line };
	}
}

static void
take_values(struct map *m, const struct yaml *y, struct faults *f)
{
	if (!needs(f, y, YAML_MAP, "fields, each with values: \"product: { old: new }\""))
		return;
	size_t n = 0;
	for (const struct yaml *field = y->first; field; field = field->next)
		n += field->n;
	m->values = arena_new(f->arena, struct map_value, n ? n : 1);
	for (const struct yaml *field = y->first; field; field = field->next) {
		if (!needs(f, field, YAML_MAP, "values: { old: new }"))
			continue;
		for (const struct yaml *i = field->first; i; i = i->next) {
			if (i->kind != YAML_SCALAR)
				wrong(f, i->line, str_fmt(f->arena, "\"%.*s\" needs one value", STR_ARG(i->key)),
				        (str){ 0 });
			else
				m->values[m->n_values++] = (struct map_value){ field->key, i->key, i->text };
		}
	}
}

static void
take_stage(struct map *m, const struct yaml *y, struct faults *f)
{
	struct map_stage s = { y->key, ENDING_NONE, -1 };
	if (!needs(f, y, YAML_MAP, "{ outcome: open, won or lost }"))
		return;
	for (const struct yaml *i = y->first; i; i = i->next) {
		int64_t n = -1;
		if (str_eq(i->key, STR("outcome"))) {
			if (i->kind != YAML_SCALAR || !ending_find(i->text, &s.outcome))
				wrong(f, i->line, STR("outcome is open, won or lost"), (str){ 0 });
		} else if (str_eq(i->key, STR("probability"))) {
			if (!yaml_int(y, i->key, &n) || n < 0 || n > 100)
				wrong(f, i->line, STR("probability is a whole number from 0 to 100"), (str){ 0 });
			else
				s.probability = (int)n;
		} else
			wrong(f, i->line, str_fmt(f->arena, "a stage has no \"%.*s\"", STR_ARG(i->key)),
			        STR("write outcome and probability"));
	}
	if (!yaml_at(y, STR("outcome")))
		wrong(f, y->line, str_fmt(f->arena, "stage \"%.*s\" has no outcome", STR_ARG(y->key)),
		        STR("add outcome: open, won or lost"));
	m->stages[m->n_stages++] = s;
}

static void
take_stages(struct map *m, const struct yaml *y, struct faults *f)
{
	if (!needs(f, y, YAML_MAP, "stages, each with an outcome"))
		return;
	m->stages = arena_new(f->arena, struct map_stage, y->n ? y->n : 1);
	for (const struct yaml *i = y->first; i; i = i->next)
		take_stage(m, i, f);
}

const char *const map_alike_words[3] = { "all", "first", "merge" };

bool
map_alike_find(str word, enum map_alike *ret)
{
	for (int i = 0; i < 3; i++)
		if (str_eq(word, str_of(map_alike_words[i]))) {
			*ret = (enum map_alike)i;
			return true;
		}
	return false;
}

static void
take_alike(struct map *m, const struct yaml *y, struct faults *f)
{
	if (y->kind != YAML_SCALAR || !map_alike_find(y->text, &m->alike))
		wrong(f, y->line, STR("rows that look alike are all, first or merge"), STR("write: alike: all"));
}

static void
take_apart(struct map *m, const struct yaml *y, struct faults *f)
{
	int64_t n;

	if (!needs(f, y, YAML_LIST, "row numbers: [17, 23]"))
		return;
	m->apart = arena_new(f->arena, int64_t, MAP_APART);
	for (const struct yaml *i = y->first; i; i = i->next)
		if (i->kind != YAML_SCALAR || !str_to_i64(i->text, &n) || n < 1 || m->n_apart == MAP_APART)
			wrong(f, i->line, str_fmt(f->arena, "“%.*s” is no row", STR_ARG(i->text)),
			        str_fmt(f->arena, "write up to %d row numbers", MAP_APART));
		else
			m->apart[m->n_apart++] = n;
}

const char *const map_stored_words[4] = { "proposed", "same", "another", "leave" };

bool
map_stored_find(str word, enum map_stored *ret)
{
	for (int i = 0; i < 4; i++)
		if (str_eq(word, str_of(map_stored_words[i]))) {
			*ret = (enum map_stored)i;
			return true;
		}
	return false;
}

enum map_stored
map_said(const struct map *m, int64_t row)
{
	for (size_t i = 0; i < m->n_said; i++)
		if (m->said[i].row == row)
			return m->said[i].what;
	return m->stored;
}

bool
map_say(struct arena *a, struct map *m, int64_t row, enum map_stored what)
{
	if (!m->said)
		m->said = arena_new(a, struct map_said, MAP_APART);
	if (m->n_said == MAP_APART || row < 1)
		return false;
	m->said[m->n_said++] = (struct map_said){ row, what };
	return true;
}

void
map_forget_rows(struct map *m)
{
	m->n_apart = m->n_said = 0;
}

static void
take_stored(struct map *m, const struct yaml *y, struct faults *f)
{
	if (y->kind != YAML_SCALAR || !map_stored_find(y->text, &m->stored))
		wrong(f, y->line, STR("new rows that look like stored ones are proposed, same, another or leave"),
		        STR("write: stored: proposed"));
}

/* "same: [17, 23]", and the other two. */
static void
take_said(struct map *m, const struct yaml *y, struct faults *f)
{
	enum map_stored what;
	int64_t n;

	if (!needs(f, y, YAML_LIST, "row numbers: [17, 23]") || !map_stored_find(y->key, &what))
		return;
	for (const struct yaml *i = y->first; i; i = i->next)
		if (i->kind != YAML_SCALAR || !str_to_i64(i->text, &n) || !map_say(f->arena, m, n, what))
			wrong(f, i->line, str_fmt(f->arena, "“%.*s” is no row", STR_ARG(i->text)),
			        str_fmt(f->arena, "write up to %d row numbers", MAP_APART));
}

static void
check_whole(const struct yaml *top, struct faults *f)
{
	if (!yaml_at(top, STR("version")))
		wrong(f, top->line, STR("the mapping has no version"), STR("begin with: version: 1"));
	if (!yaml_at(top, STR("source")))
		wrong(f, top->line, STR("the mapping does not say where the data come from"),
		        STR("add a line like: source: salesforce"));
	if (!yaml_at(top, STR("columns")))
		wrong(f, top->line, STR("the mapping has no columns"),
		        STR("add: columns: with a line for each column"));
}

enum err
map_parse(struct arena *a, str yaml, struct faults *f, struct map *ret)
{
	static const struct {
		str key;
		void (*take)(struct map *m, const struct yaml *y, struct faults *f);
	} keys[] = { { STR_INIT("version"), take_version }, { STR_INIT("source"), take_source },
		{ STR_INIT("key"), take_key }, { STR_INIT("date"), take_date }, { STR_INIT("currency"), take_currency },
		{ STR_INIT("encoding"), take_encoding }, { STR_INIT("delimiter"), take_delimiter },
		{ STR_INIT("decimal"), take_decimal }, { STR_INIT("columns"), take_columns },
		{ STR_INIT("values"), take_values }, { STR_INIT("stages"), take_stages },
		{ STR_INIT("alike"), take_alike }, { STR_INIT("apart"), take_apart },
		{ STR_INIT("stored"), take_stored }, { STR_INIT("same"), take_said },
		{ STR_INIT("another"), take_said }, { STR_INIT("leave"), take_said } };
	struct yaml *top;
	struct map m = { 0 };
	size_t before = f->n;
	if (yaml_parse(a, yaml, f, &top) != OK)
		return ERR_INPUT;
	if (top->kind != YAML_MAP)
		return fault_add(f, STR("line 1"), STR("a mapping is a list of names with values"),
		        STR("begin with: version: 1"));
	for (const struct yaml *y = top->first; y; y = y->next) {
		size_t i = 0, n = sizeof(keys) / sizeof(*keys);
		while (i < n && !str_eq(y->key, keys[i].key))
			i++;
		if (i < n)
			keys[i].take(&m, y, f);
		else
			wrong(f, y->line, str_fmt(f->arena, "a mapping has no \"%.*s\"", STR_ARG(y->key)),
			        STR("it has version, source, key, date, currency, encoding, delimiter, decimal, "
			            "columns, values, stages, alike, apart, stored, same, another, leave"));
	}
	check_whole(top, f);
	if (f->n > before)
		return ERR_INPUT;
	*ret = m;
	return OK;
}

static void
line(struct out *o, struct arena *a, const char *name, str value)
{
	if (value.n == 0)
		return;
	str quoted = yaml_quote(a, value);
	out_fmt(o, "%s: %.*s\n", name, STR_ARG(quoted));
}

/* yaml_quote leaves alone what reads back in a block; between braces and brackets commas and brackets part things too.
 */
static str
flow(struct arena *a, str s)
{
	str quoted = yaml_quote(a, s);
	bool parts = false;
	for (size_t i = 0; i < s.n; i++)
		parts = parts || strchr(",[]{}:", s.s[i]);
	return quoted.s == s.s && parts ? str_fmt(a, "\"%.*s\"", STR_ARG(s)) : quoted;
}

static void
print_values(struct out *o, struct arena *a, const struct map *m)
{
	if (m->n_values)
		out_lit(o, "values:\n");
	for (size_t i = 0; i < m->n_values; i++) {
		if (i == 0 || !str_eq(m->values[i].field, m->values[i - 1].field)) {
			out_lit(o, "  ");
			out_str(o, yaml_quote(a, m->values[i].field));
			out_lit(o, ":\n");
		}
		out_lit(o, "    ");
		out_str(o, yaml_quote(a, m->values[i].from));
		out_lit(o, ": ");
		out_str(o, yaml_quote(a, m->values[i].to));
		out_byte(o, '\n');
	}
}

static void
print_stages(struct out *o, struct arena *a, const struct map *m)
{
	if (m->n_stages)
		out_lit(o, "stages:\n");
	for (size_t i = 0; i < m->n_stages; i++) {
		out_lit(o, "  ");
		out_str(o, yaml_quote(a, m->stages[i].name));
		out_fmt(o, ": { outcome: %s", ending_name(m->stages[i].outcome));
		if (m->stages[i].probability >= 0)
			out_fmt(o, ", probability: %d", m->stages[i].probability);
		out_lit(o, " }\n");
	}
}

static void
print_said(struct out *o, const struct map *m)
{
	if (m->stored != MAP_STORED_PROPOSED)
		out_fmt(o, "stored: %s\n", map_stored_words[m->stored]);
	for (int what = MAP_STORED_SAME; what <= MAP_STORED_LEAVE; what++) {
		bool any = false;
		for (size_t i = 0; i < m->n_said; i++) {
			if ((int)m->said[i].what != what)
				continue;
			out_fmt(o, "%s%s%lld", any ? "" : map_stored_words[what], any ? ", " : ": [",
			        (long long)m->said[i].row);
			any = true;
		}
		if (any)
			out_lit(o, "]\n");
	}
}

str
map_print(struct arena *a, const struct map *m)
{
	struct out o;
	out_init(&o, 0);
	out_lit(&o, "version: 1\n");
	line(&o, a, "source", m->source);
	for (size_t i = 0; i < m->n_key; i++) {
		out_z(&o, i ? ", " : "key: [");
		out_str(&o, flow(a, m->key[i]));
	}
	if (m->n_key)
		out_lit(&o, "]\n");
	if (m->date)
		line(&o, a, "date", str_of(cell_order_name(m->date, m->date_sign)));
	line(&o, a, "currency", str_of(m->currency));
	line(&o, a, "encoding", str_of(encoding_name(m->encoding)));
	if (m->delimiter) {
		const char *name = csv_delimiter_name(m->delimiter);
		line(&o, a, "delimiter", strchr(",;\t|", m->delimiter) ? str_of(name) : (str){ &m->delimiter, 1 });
	}
	if (m->decimal)
		out_fmt(&o, "decimal: \"%c\"\n", m->decimal);
	out_z(&o, m->n_columns ? "columns:\n" : "columns: {}\n");
	for (size_t i = 0; i < m->n_columns; i++) {
		out_lit(&o, "  ");
		out_str(&o, yaml_quote(a, m->columns[i].from));
		out_lit(&o, ": ");
		out_str(&o, yaml_quote(a, m->columns[i].to));
		out_byte(&o, '\n');
	}
	print_values(&o, a, m);
	print_stages(&o, a, m);
	if (m->alike != MAP_ALIKE_ALL)
		out_fmt(&o, "alike: %s\n", map_alike_words[m->alike]);
	for (size_t i = 0; i < m->n_apart; i++)
		out_fmt(&o, "%s%lld%s", i ? ", " : "apart: [", (long long)m->apart[i],
		        i + 1 == m->n_apart ? "]\n" : "");
	print_said(&o, m);
	str text = out_all(&o, a);
	out_fini(&o);
	return text;
}

static bool
maps_to(const struct map *m, const char *target)
{
	for (size_t i = 0; i < m->n_columns; i++)
		if (str_eq(m->columns[i].to, str_of(target)))
			return true;
	return false;
}

enum err
map_check(const struct map *m, const struct csv_shape *shape, const struct map_target *targets, size_t n_targets,
        struct faults *f)
{
	size_t before = f->n;
	for (size_t i = 0; i < m->n_columns; i++) {
		const struct map_column *c = &m->columns[i];
		str place = c->line ? str_fmt(f->arena, "line %d", c->line)
		                    : str_fmt(f->arena, "column %.*s", STR_ARG(c->from));
		size_t t = 0;
		while (t < n_targets && !str_eq(c->to, str_of(targets[t].name)))
			t++;
		if (csv_find(shape, c->from) == SIZE_MAX)
			fault_add(f, place, str_fmt(f->arena, "the file has no column \"%.*s\"", STR_ARG(c->from)),
			        STR("write the column's name as it stands in the header"));
		if (t == n_targets)
			fault_add(f, place, str_fmt(f->arena, "there is no field \"%.*s\"", STR_ARG(c->to)),
			        STR("choose a field of the record, or leave the column out"));
	}
	for (size_t i = 0; i < m->n_key; i++)
		if (csv_find(shape, m->key[i]) == SIZE_MAX)
			fault_add(f, STR("key"),
			        str_fmt(f->arena, "the file has no column \"%.*s\"", STR_ARG(m->key[i])),
			        STR("name a column of the header"));
	for (size_t t = 0; t < n_targets; t++)
		if (targets[t].required && !maps_to(m, targets[t].name))
			fault_add(f, str_of(targets[t].name),
			        str_fmt(f->arena, "no column goes to %s", targets[t].label),
			        STR("choose the column that holds it"));
	return f->n > before ? ERR_INPUT : OK;
}

str
map_value(const struct map *m, str field, str cell)
{
	cell = str_trim(cell);
	for (size_t i = 0; i < m->n_values; i++)
		if (str_eq(m->values[i].field, field) && str_eq(m->values[i].from, cell))
			return m->values[i].to;
	return cell;
}

void
map_set_value(struct arena *a, struct map *m, str field, str from, str to)
{
	struct map_value *all = arena_new(a, struct map_value, m->n_values + 1);
	size_t n = 0, at = SIZE_MAX;

	/* Values of one field stay together: they are printed under its name once. */
	for (size_t i = 0; i < m->n_values; i++) {
		bool same = str_eq(m->values[i].field, field);
		if (!same || !str_eq(m->values[i].from, from))
			all[n++] = m->values[i];
		if (same)
			at = n;
	}
	if (to.n) {
		at = at == SIZE_MAX ? n : at;
		memmove(all + at + 1, all + at, (n - at) * sizeof *all);
		all[at] = (struct map_value){ field, from, to };
		n++;
	}
	m->values = all;
	m->n_values = n;
}

const struct map_stage *
map_stage(const struct map *m, str name)
{
	name = str_trim(name);
	for (size_t i = 0; i < m->n_stages; i++)
		if (str_eq(m->stages[i].name, name))
			return &m->stages[i];
	for (size_t i = 0; i < m->n_stages; i++)
		if (str_same(m->stages[i].name, name))
			return &m->stages[i];
	return NULL;
}
