#include "sheet/cell.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/money.h"
#include "sheet/date.h"
#include "sheet/number.h"

/* How much of a cell is repeated when saying what is wrong with it. */
#define SHOWN(cell) STR_ARG(str_first((cell), 40))

bool
cell_empty(str cell)
{
	static const str empties[] = { STR_INIT("-"), STR_INIT("\xe2\x80\x93"), STR_INIT("\xe2\x80\x94"),
		STR_INIT("n/a"), STR_INIT("#n/a"), STR_INIT("null"), STR_INIT("(null)"), STR_INIT("(empty)"),
		STR_INIT("(no value)") };
	cell = str_trim(cell);
	if (!cell.n)
		return true;
	if (!memchr("-\xe2nN#(", cell.s[0], 6)) /* what they begin with */
		return false;
	for (size_t i = 0; i < sizeof(empties) / sizeof(*empties); i++)
		if (str_same(cell, empties[i]))
			return true;
	return false;
}

const char *
cell_order_name(enum cell_order o, char sign)
{
	static const char *const dmy[] = { "d/m/y", "d.m.y", "d-m-y" }, *const mdy[] = { "m/d/y", "m.d.y", "m-d-y" };
	int which = sign == '.' ? 1 : sign == '-' ? 2 : 0;
	assert(o <= CELL_MDY);
	return o == CELL_ANY ? "any" : o == CELL_YMD ? "Y-M-D" : o == CELL_DMY ? dmy[which] : mdy[which];
}

bool
cell_order_find(str text, enum cell_order *ret)
{
	/* %b is a month in letters; Jahr, Monat, Tag */
	static const char from[] = "ymdYMDbBjJtT", to[] = "ymdymdmmyydd";
	char letters[4] = "";
	size_t n = 0;
	for (size_t i = 0; i < text.n && n < 3; i++) {
		const char *at = text.s[i] ? strchr(from, text.s[i]) : NULL;
		if (at && !memchr(letters, to[at - from], n))
			letters[n++] = to[at - from];
	}
	enum cell_order o = !strcmp(letters, "ymd")   ? CELL_YMD
	                    : !strcmp(letters, "dmy") ? CELL_DMY
	                    : !strcmp(letters, "mdy") ? CELL_MDY
	                                              : CELL_ANY;
	if (o == CELL_ANY)
		return false;
	*ret = o;
	return true;
}

static bool
serial(str cell)
{
	int64_t n;
	cell = str_trim(cell);
	size_t point = str_find_byte(cell, '.');
	return str_to_i64(str_first(cell, point), &n) && n > 20000 && n < 80000;
}

static str
no_date(struct arena *a, str cell, enum cell_order order, const struct date_parts *p)
{
	if (serial(cell))
		return str_fmt(a,
		        "%.*s looks like a spreadsheet's number for a day: format the column as a date and save again",
		        SHOWN(cell));
	if (p && date_decides(p) == CELL_ANY && order == CELL_ANY)
		return str_fmt(a, "%.*s can be read as day and month or month and day: choose the order for the file",
		        SHOWN(cell));
	if (order == CELL_ANY)
		return str_fmt(a, "\"%.*s\" is not a date", SHOWN(cell));
	return str_fmt(a, "\"%.*s\" is not a date written %s", SHOWN(cell), cell_order_name(order, p ? p->sign : 0));
}

static str
no_day(struct arena *a, str cell, int y, int m, int d)
{
	if (m < 1 || m > 12)
		return str_fmt(a, "%.*s: there is no month %d", SHOWN(cell), m);
	if (d < 1)
		return str_fmt(a, "%.*s: there is no day %d", SHOWN(cell), d);
	if (d <= 31 && (m != 2 || d > 29))
		return str_fmt(a, "%d %s is not a day", d, date_month_name(m));
	return str_fmt(a, "%d %s %d is not a day", d, date_month_name(m), y);
}

static enum err
take_day(struct arena *a, str cell, enum cell_order order, struct date_parts *ret_parts, day *ret, str *ret_why)
{
	int y, m, d;
	if (cell_empty(cell))
		return ERR_ABSENT;
	bool taken = date_take(cell, ret_parts);
	if (!taken || !date_arrange(ret_parts, order, &y, &m, &d)) {
		*ret_why = no_date(a, cell, order, taken ? ret_parts : NULL);
		return ERR_INPUT;
	}
	day found = day_of(y, m, d);
	if (!day_is(found)) {
		*ret_why = no_day(a, cell, y, m, d);
		return ERR_INPUT;
	}
	*ret = found;
	return OK;
}

enum err
cell_day(struct arena *a, str cell, enum cell_order order, day *ret, str *ret_why)
{
	struct date_parts parts;
	return take_day(a, cell, order, &parts, ret, ret_why);
}

enum err
cell_instant(struct arena *a, str cell, enum cell_order order, const struct zone *zone, instant *ret, str *ret_why)
{
	struct date_parts p;
	day d;
	enum err e = take_day(a, cell, order, &p, &d, ret_why);
	if (e != OK)
		return e;
	if (p.zone)
		*ret = d.n * DAY_MS + p.ms - p.offset * INT64_C(1000);
	else
		*ret = zone_instant(zone, d, (int)(p.ms / 60000)) + p.ms % 60000;
	return OK;
}

static enum err
take_number(struct arena *a, str cell, struct number_parts *ret, str *ret_why)
{
	if (cell_empty(cell))
		return ERR_ABSENT;
	if (number_take(cell, ret))
		return OK;
	size_t e = str_find_byte(cell, 'E');
	if (e != SIZE_MAX && e > 0 && e + 1 < cell.n && strchr("+-0123456789", cell.s[e + 1]) && cell.s[0] <= '9')
		*ret_why = str_fmt(
		        a, "%.*s was shortened by a spreadsheet: show the column in full and save again", SHOWN(cell));
	else
		*ret_why = str_fmt(a, "\"%.*s\" is not a number", SHOWN(cell));
	return ERR_INPUT;
}

static str
wrong_signs(struct arena *a, str cell, const struct number_parts *p, char decimal)
{
	int64_t n;
	bool rounded;
	char other = decimal == '.' ? ',' : '.';
	if (number_value(p, other, 0, &n, &rounded))
		return str_fmt(
		        a, "%.*s does not fit '%c' as the decimal sign: is it '%c'?", SHOWN(cell), decimal, other);
	return str_fmt(a, "\"%.*s\" is not a number with '%c' as the decimal sign", SHOWN(cell), decimal);
}

enum err
cell_money(struct arena *a, str cell, char decimal, const char *code, struct cell_amount *ret, str *ret_why)
{
	struct number_parts p;
	struct cell_amount amount = { 0 };
	enum err e = take_number(a, cell, &p, ret_why);
	if (e != OK)
		return e;
	amount.own_code = p.code[0] != 0;
	memcpy(amount.code, amount.own_code ? p.code : code, 4);
	/* "$" alone is the dollar of the column's currency: AUD, CAD … (D3) */
	if (amount.own_code && !strcmp(p.code, "USD") && str_find_byte(cell, '$') != SIZE_MAX && strlen(code) == 3 &&
	        code[2] == 'D')
		memcpy(amount.code, code, 4);
	int digits = money_digits(amount.code);
	if (p.percent || !number_value(&p, decimal, digits < 0 ? 2 : digits, &amount.minor, &amount.rounded)) {
		*ret_why = p.percent ? str_fmt(a, "\"%.*s\" is a share, not an amount", SHOWN(cell))
		                     : wrong_signs(a, cell, &p, decimal);
		return ERR_INPUT;
	}
	*ret = amount;
	return OK;
}

enum err
cell_number(struct arena *a, str cell, char decimal, int places, int64_t *ret, str *ret_why)
{
	struct number_parts p;
	bool rounded;
	enum err e = take_number(a, cell, &p, ret_why);
	if (e != OK)
		return e;
	if (number_value(&p, decimal, places, ret, &rounded))
		return OK;
	*ret_why = wrong_signs(a, cell, &p, decimal);
	return ERR_INPUT;
}

bool
cell_bool_word(str word, bool *ret)
{
	static const str yes[] = { STR_INIT("yes"), STR_INIT("true"), STR_INIT("1"), STR_INIT("y"), STR_INIT("ja"),
		STR_INIT("j"), STR_INIT("wahr"), STR_INIT("ano"), STR_INIT("oui"), STR_INIT("vrai"), STR_INIT("si"),
		STR_INIT("s\xc3\xad"), STR_INIT("s\xc3\xac"), STR_INIT("tak"), STR_INIT("igen"), STR_INIT("t"),
		STR_INIT("x") };
	static const str no[] = { STR_INIT("no"), STR_INIT("false"), STR_INIT("0"), STR_INIT("n"), STR_INIT("nein"),
		STR_INIT("falsch"), STR_INIT("ne"), STR_INIT("non"), STR_INIT("faux"), STR_INIT("nie"), STR_INIT("nem"),
		STR_INIT("f") };
	word = str_trim(word);
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (str_same(word, yes[i])) {
			*ret = true;
			return true;
		}
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (str_same(word, no[i])) {
			*ret = false;
			return true;
		}
	return false;
}

enum err
cell_bool(struct arena *a, str cell, bool *ret, str *ret_why)
{
	if (cell_empty(cell))
		return ERR_ABSENT;
	if (cell_bool_word(cell, ret))
		return OK;
	*ret_why = str_fmt(a, "\"%.*s\" is neither yes nor no", SHOWN(cell));
	return ERR_INPUT;
}

enum err
cell_currency(struct arena *a, str cell, char ret_code[4], str *ret_why)
{
	static const struct {
		str name;
		char code[4];
	} names[] = { { STR_INIT("US Dollar"), "USD" }, { STR_INIT("Euro"), "EUR" },
		{ STR_INIT("Pound Sterling"), "GBP" }, { STR_INIT("British Pound"), "GBP" },
		{ STR_INIT("Swiss Franc"), "CHF" }, { STR_INIT("Czech Koruna"), "CZK" }, { STR_INIT("Koruna"), "CZK" },
		{ STR_INIT("Sfr."), "CHF" }, { STR_INIT("Fr."), "CHF" } };
	if (cell_empty(cell))
		return ERR_ABSENT;
	str plain = str_trim(cell);
	if (money_code(plain, ret_code))
		return OK;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_same(plain, names[i].name)) {
			memcpy(ret_code, names[i].code, 4);
			return OK;
		}
	*ret_why = str_fmt(a, "\"%.*s\" is no currency that ISO 4217 knows", SHOWN(cell));
	return ERR_INPUT;
}
