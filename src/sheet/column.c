#include "sheet/column.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "sheet/date.h"
#include "sheet/number.h"

enum { SLOTS = 256, TRACKED_COLUMNS = 256, PATIENCE = 100 };

const char *
column_kind_name(enum column_kind k)
{
	static const char *const names[COLUMN_KINDS] = { "empty", "text", "day", "day and time", "whole number",
		"number", "amount", "yes or no", "e-mail" };
	assert(k < COLUMN_KINDS);
	return names[k];
}

/* Columns that say how a deal ended, by the names the known systems give them. */
static void
find_outcome_columns(struct column_sniff *s)
{
	static const struct {
		str name;
		int role; /* 0 status, 1 won, 2 closed */
	} names[] = { { STR_INIT("IsWon"), 1 }, { STR_INIT("Is Won"), 1 }, { STR_INIT("Won"), 1 },
		{ STR_INIT("Is Closed Won"), 1 }, { STR_INIT("hs_is_closed_won"), 1 }, { STR_INIT("IsClosed"), 2 },
		{ STR_INIT("Is Closed"), 2 }, { STR_INIT("Closed"), 2 }, { STR_INIT("hs_is_closed"), 2 },
		{ STR_INIT("Is Deal Closed?"), 2 }, { STR_INIT("Deal - Status"), 0 }, { STR_INIT("Status"), 0 },
		{ STR_INIT("Status Reason"), 0 }, { STR_INIT("Statusgrund"), 0 }, { STR_INIT("Forecast Type"), 0 },
		{ STR_INIT("Deal Status"), 0 }, { STR_INIT("Opportunity Status"), 0 } };
	size_t *const at[] = { &s->status, &s->won, &s->closed };
	for (size_t i = 0; i < s->n_columns; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
			if (*at[names[k].role] == SIZE_MAX && str_same(s->columns[i].name, names[k].name))
				*at[names[k].role] = i;
}

void
column_sniff_init(struct column_sniff *s, struct arena *a, const struct csv_shape *shape)
{
	*s = (struct column_sniff){ .arena = a,
		.n_columns = shape->n_columns,
		.delimiter = shape->delimiter,
		.status = SIZE_MAX,
		.won = SIZE_MAX,
		.closed = SIZE_MAX };
	s->columns = arena_new(a, struct column_facts, s->n_columns);
	for (size_t i = 0; i < s->n_columns; i++) {
		struct column_facts *c = &s->columns[i];
		c->name = shape->columns[i].name;
		if (i >= TRACKED_COLUMNS)
			continue;
		c->values = arena_new(a, struct column_value, COLUMN_VALUES_MAX);
		c->slots = arena_new(a, unsigned char, SLOTS);
	}
	find_outcome_columns(s);
}

static enum ending
outcome_of_row(const struct column_sniff *s, const struct csv_row *row)
{
	bool won = false, closed = false; /* an empty IsWon means no */
	if (s->won == SIZE_MAX && s->closed == SIZE_MAX)
		return s->status == SIZE_MAX ? ENDING_NONE : ending_of(row->fields[s->status]);
	if (s->won != SIZE_MAX && cell_bool_word(row->fields[s->won], &won) && won)
		return ENDING_WON;
	if (s->closed == SIZE_MAX)
		return ENDING_NONE;
	return cell_bool_word(row->fields[s->closed], &closed) && closed ? ENDING_LOST : ENDING_OPEN;
}

static void
note_value(struct column_sniff *s, struct column_facts *c, str cell, enum ending o)
{
	if (!c->values)
		return;
	unsigned at = (unsigned)(str_hash(cell) % SLOTS);
	while (c->slots[at] && !str_eq(c->values[c->slots[at] - 1].text, cell))
		at = (at + 1) % SLOTS;
	if (!c->slots[at]) {
		if (c->n_values == COLUMN_VALUES_MAX || cell.n > COLUMN_VALUE_LENGTH) {
			c->values = NULL;
			c->n_values = 0;
			return;
		}
		c->values[c->n_values].text = str_copy(s->arena, cell);
		c->slots[at] = (unsigned char)++c->n_values;
	}
	struct column_value *v = &c->values[c->slots[at] - 1];
	v->n++;
	v->by[o]++;
}

static bool
date_exists(const struct date_parts *p, enum cell_order order)
{
	int y, m, d;
	return date_arrange(p, order, &y, &m, &d) && m >= 1 && m <= 12 && d >= 1 && d <= 31;
}

static bool
note_date(struct column_sniff *s, struct column_facts *c, str cell)
{
	struct date_parts p;
	if (!date_take(cell, &p))
		return false;
	enum cell_order order = date_decides(&p);
	bool letters = p.named >= 0 || p.digits[0] == 4;
	if (order == CELL_ANY ? !date_exists(&p, CELL_DMY) && !date_exists(&p, CELL_MDY) : !date_exists(&p, order))
		return false;
	c->dates++;
	c->plain += letters;
	c->dmy += !letters && order == CELL_DMY;
	c->mdy += !letters && order == CELL_MDY;
	c->either += !letters && order == CELL_ANY;
	c->timed += p.time && p.ms != 0;
	c->date_sign = letters ? c->date_sign : p.sign;
	s->half_day = s->half_day || p.half;
	return true;
}

static void
note_code(struct column_facts *c, const char *code)
{
	for (size_t i = 0; i < c->n_codes; i++)
		if (!strcmp(c->codes[i], code))
			return;
	if (c->n_codes < COLUMN_CODES_MAX)
		memcpy(c->codes[c->n_codes++], code, 4);
}

static void
note_number(struct column_facts *c, str cell)
{
	struct number_parts p;
	int64_t value;
	bool rounded;
	if (!number_take(cell, &p) || (!number_value(&p, p.decimal ? p.decimal : '.', 0, &value, &rounded) &&
	                                      !number_value(&p, ',', 0, &value, &rounded)))
		return;
	c->numbers++;
	c->points += p.decimal == '.';
	c->commas += p.decimal == ',';
	c->undecided += p.open;
	c->fractions += p.percent || (p.decimal && str_find_byte(p.body, p.decimal) != SIZE_MAX);
	c->zero_one += p.body.n == 1 && cell.n == 1 && (value == 0 || value == 1);
	if (p.code[0]) {
		c->signs++;
		note_code(c, p.code);
	}
}

static bool
is_mail(str s)
{
	size_t at = str_find_byte(s, '@');
	return at != SIZE_MAX && at > 0 && str_find_byte(str_from(s, at), '.') != SIZE_MAX &&
	       str_find_byte(s, ' ') == SIZE_MAX;
}

static bool
worth_trying(const struct column_facts *c, int64_t fits)
{
	return c->n - c->empty - fits <= PATIENCE + fits;
}

static void
note_cell(struct column_sniff *s, struct column_facts *c, str cell, enum ending o)
{
	cell = str_trim(cell);
	if (cell_empty(cell)) {
		c->empty++;
		return;
	}
	note_value(s, c, cell, o);
	bool digits = false;
	for (size_t i = 0; i < cell.n && !digits; i++)
		digits = cell.s[i] >= '0' && cell.s[i] <= '9';
	if (!digits) {
		bool yes;
		c->bools += cell.n <= 6 && worth_trying(c, c->bools) && cell_bool_word(cell, &yes);
		c->mails += is_mail(cell);
		return;
	}
	if (cell.n > 64 || (worth_trying(c, c->dates) && note_date(s, c, cell)))
		return;
	if (worth_trying(c, c->numbers))
		note_number(c, cell);
	c->mails += is_mail(cell);
}

void
column_sniff_row(struct column_sniff *s, const struct csv_row *row)
{
	if (row->fault != CSV_FINE)
		return;
	assert(row->n_fields == s->n_columns);
	enum ending o = outcome_of_row(s, row);
	s->rows++;
	for (size_t i = 0; i < s->n_columns; i++) {
		s->columns[i].n++;
		note_cell(s, &s->columns[i], row->fields[i], o);
	}
}

/* Four in five: a broken row or two do not make a column of dates one of text. */
static bool
mostly(int64_t n, int64_t of)
{
	return n * 5 >= of * 4;
}

static void
decide_kind(struct column_facts *c)
{
	int64_t filled = c->n - c->empty, fit = filled;
	if (filled == 0)
		c->kind = COLUMN_EMPTY;
	else if (mostly(c->dates, filled)) {
		c->kind = c->timed ? COLUMN_INSTANT : COLUMN_DAY;
		fit = c->dates;
	} else if (mostly(c->numbers, filled)) {
		c->kind = c->signs                                                 ? COLUMN_MONEY
		          : c->fractions || c->points || c->commas || c->undecided ? COLUMN_NUMBER
		                                                                   : COLUMN_WHOLE;
		fit = c->numbers;
	} else if (mostly(c->bools, filled)) {
		c->kind = COLUMN_BOOL;
		fit = c->bools;
	} else if (mostly(c->mails, filled)) {
		c->kind = COLUMN_MAIL;
		fit = c->mails;
	} else
		c->kind = COLUMN_TEXT;
	c->unfit = filled - fit;
}

static bool
dated(const struct column_facts *c)
{
	return c->kind == COLUMN_DAY || c->kind == COLUMN_INSTANT;
}

static bool
numeric(const struct column_facts *c)
{
	return c->kind == COLUMN_WHOLE || c->kind == COLUMN_NUMBER || c->kind == COLUMN_MONEY;
}

static bool
has_code(const struct column_sniff *s, bool dollar)
{
	for (size_t i = 0; i < s->n_columns; i++)
		for (size_t k = 0; k < s->columns[i].n_codes; k++)
			if (!strcmp(s->columns[i].codes[k], "USD") == dollar)
				return true;
	return false;
}

/* Slashes with nothing else to go by are American unless money says otherwise. */
static enum cell_order
default_order(const struct column_sniff *s, char sign)
{
	return sign == '/' && s->decimal != ',' && !has_code(s, false) ? CELL_MDY : CELL_DMY;
}

static void
decide_decimal(struct column_sniff *s)
{
	int64_t points = 0, commas = 0;
	for (size_t i = 0; i < s->n_columns; i++)
		if (numeric(&s->columns[i])) {
			points += s->columns[i].points;
			commas += s->columns[i].commas;
		}
	s->decimal_how = points || commas ? COLUMN_BY_FILE : COLUMN_BY_DEFAULT;
	s->decimal = points || commas ? (commas > points ? ',' : '.') : s->delimiter == ';' ? ',' : '.';
	for (size_t i = 0; i < s->n_columns; i++) {
		struct column_facts *c = &s->columns[i];
		bool own = c->points || c->commas;
		c->decimal = own ? (c->commas > c->points ? ',' : '.') : s->decimal;
		c->decimal_how = own || !c->undecided ? COLUMN_BY_VALUES : s->decimal_how;
	}
}

static void
decide_order(struct column_sniff *s)
{
	int64_t dmy = 0, mdy = 0, either = 0;
	char sign = 0;
	for (size_t i = 0; i < s->n_columns; i++)
		if (dated(&s->columns[i])) {
			const struct column_facts *c = &s->columns[i];
			dmy += c->dmy;
			mdy += c->mdy;
			either += c->either;
			sign = c->date_sign ? c->date_sign : sign;
		}
	bool known = dmy || mdy;
	s->order = known ? (mdy > dmy ? CELL_MDY : CELL_DMY) : either ? default_order(s, sign) : CELL_YMD;
	s->order_how = known ? COLUMN_BY_FILE : either ? COLUMN_BY_DEFAULT : COLUMN_BY_VALUES;
	for (size_t i = 0; i < s->n_columns; i++) {
		struct column_facts *c = &s->columns[i];
		bool own = c->dmy || c->mdy;
		c->order = own ? (c->mdy > c->dmy ? CELL_MDY : CELL_DMY) : c->either ? s->order : CELL_YMD;
		c->order_how = own || !c->either ? COLUMN_BY_VALUES : s->order_how;
	}
}

static void
say_doubt(struct column_sniff *s, struct column_facts *c)
{
	struct arena *a = s->arena;
	if (dated(c) && c->dmy && c->mdy)
		c->doubt = str_fmt(a, "%lld dates read only as day/month, %lld only as month/day; taken as %s",
		        (long long)c->dmy, (long long)c->mdy, cell_order_name(c->order, c->date_sign));
	else if (dated(c) && c->order_how == COLUMN_BY_DEFAULT)
		c->doubt = str_fmt(a, "no day above 12: can be read d/m/y and m/d/y; taken as %s",
		        cell_order_name(c->order, c->date_sign));
	else if (dated(c) && c->order_how == COLUMN_BY_FILE)
		c->doubt = str_fmt(a, "no day above 12: taken as %s like the other dates of this file",
		        cell_order_name(c->order, c->date_sign));
	else if (numeric(c) && c->decimal_how != COLUMN_BY_VALUES)
		c->doubt =
		        str_fmt(a, "\"1%c234\" may be a thousand or a fraction: taken with '%c' as the decimal sign%s",
		                c->decimal == '.' ? ',' : '.', c->decimal,
		                c->decimal_how == COLUMN_BY_FILE ? " like the rest of this file" : "");
	else if (numeric(c) && c->points && c->commas)
		c->doubt = str_fmt(a, "both '.' and ',' occur as the decimal sign; taken as '%c'", c->decimal);
	else if (c->unfit)
		c->doubt = str_fmt(a, "%lld of %lld cells are not a %s", (long long)c->unfit,
		        (long long)(c->n - c->empty), column_kind_name(c->kind));
}

static int
more_first(const void *x, const void *y)
{
	const struct column_value *a = x, *b = y;
	return a->n == b->n ? str_cmp(a->text, b->text) : a->n < b->n ? 1 : -1;
}

void
column_sniff_end(struct column_sniff *s)
{
	for (size_t i = 0; i < s->n_columns; i++)
		decide_kind(&s->columns[i]);
	decide_decimal(s);
	decide_order(s);
	for (size_t i = 0; i < s->n_columns; i++) {
		struct column_facts *c = &s->columns[i];
		say_doubt(s, c);
		if (c->n_values)
			qsort(c->values, c->n_values, sizeof(*c->values), more_first);
		c->slots = NULL;
	}
}
