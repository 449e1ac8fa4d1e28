#include "sheet/number.h"

#include <assert.h>
#include <string.h>

#include "base/money.h"

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Signs between digits: '.', ',', apostrophes (') and blanks of four widths (reported as ' '). Returns its bytes, 0 for
 * none. */
static size_t
sign_at(str s, char *ret)
{
	static const struct {
		str is;
		char means;
	} signs[] = { { STR_INIT("."), '.' }, { STR_INIT(","), ',' }, { STR_INIT("'"), '\'' }, { STR_INIT(" "), ' ' },
		{ STR_INIT("\xc2\xa0"), ' ' }, { STR_INIT("\xe2\x80\xaf"), ' ' }, { STR_INIT("\xe2\x80\x89"), ' ' },
		{ STR_INIT("\xe2\x80\x99"), '\'' } };
	if (s.n && digit(s.s[0]))
		return 0;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (str_starts(s, signs[i].is)) {
			*ret = signs[i].means;
			return signs[i].is.n;
		}
	return 0;
}

/* From the first digit (or the sign of ".50") to behind the last. */
static str
body_of(str s)
{
	size_t from = 0, to = s.n;
	while (from < s.n && !digit(s.s[from]))
		from++;
	if (from == s.n)
		return (str){ 0 };
	while (!digit(s.s[to - 1]))
		to--;
	if (from && (s.s[from - 1] == '.' || s.s[from - 1] == ','))
		from--;
	return (str){ s.s + from, to - from };
}

static bool
take_minus(str *s)
{
	static const str minus[] = { STR_INIT("-"), STR_INIT("\xe2\x88\x92"), STR_INIT("\xe2\x80\x93") };
	for (size_t i = 0; i < 3; i++) {
		if (str_starts(*s, minus[i])) {
			*s = str_trim(str_from(*s, minus[i].n));
			return true;
		}
		if (str_ends(*s, minus[i])) {
			*s = str_trim(str_first(*s, s->n - minus[i].n));
			return true;
		}
	}
	return false;
}

/* What stands before and behind the digits: a minus, a plus, a percent sign, a currency, in any order. */
static bool
take_side(str side, struct number_parts *p)
{
	side = str_trim(side);
	if (!side.n)
		return true;
	bool minus = take_minus(&side);
	if (minus && p->negative)
		return false;
	p->negative = p->negative || minus;
	if (str_starts(side, STR("+")))
		side = str_trim(str_from(side, 1));
	if (str_eq(side, STR("%"))) {
		p->percent = true;
		return true;
	}
	return side.n == 0 || (!p->code[0] && money_code(side, p->code));
}

/* Which sign is the decimal one, as far as this text alone can say. */
static bool
judge(struct number_parts *p)
{
	int points = 0, commas = 0, others = 0;
	size_t last = 0, before = 0;
	char kind = 0, c;
	for (size_t i = 0; i < p->body.n;) {
		size_t n = sign_at(str_from(p->body, i), &c);
		if (!n && !digit(p->body.s[i]))
			return false;
		if (n && (c == '.' || c == ',')) {
			points += c == '.';
			commas += c == ',';
			kind = c;
			last = i;
		} else if (n)
			others++;
		else if (!points && !commas && !others)
			before++;
		i += n ? n : 1;
	}
	int same = kind == '.' ? points : commas;
	if (!kind)
		return true;
	if (same > 1) { /* 1.234.567: thousands; with the other sign before them it is no number, and number_value says
		           so */
		p->decimal = kind == '.' ? ',' : '.';
		return points == 0 || commas == 0;
	}
	bool leading_zero = before == 1 && p->body.s[0] == '0';
	p->open =
	        points + commas == 1 && !others && p->body.n - last == 4 && before >= 1 && before <= 3 && !leading_zero;
	if (!p->open)
		p->decimal = kind;
	return true;
}

bool
number_take(str s, struct number_parts *ret)
{
	struct number_parts p = { 0 };
	s = str_trim(s);
	if (s.n == 0 || s.n > 64)
		return false;
	if (s.s[0] == '(' && s.s[s.n - 1] == ')') {
		p.negative = true;
		s = (str){ s.s + 1, s.n - 2 };
	}
	p.body = body_of(s);
	if (p.body.n == 0)
		return false;
	str front = { s.s, (size_t)(p.body.s - s.s) };
	str behind = str_from(s, front.n + p.body.n);
	/* "1.200,-" and "1.200,–": no minor units */
	if (str_starts(behind, STR(",-")) || str_starts(behind, STR(".-")))
		behind = str_from(behind, 2);
	else if (str_starts(behind, STR(",\xe2\x80\x93")))
		behind = str_from(behind, 4);
	if (!take_side(front, &p) || !take_side(behind, &p) || !judge(&p))
		return false;
	*ret = p;
	return true;
}

/* Thousands stand in threes before the decimal sign; lakhs (12,34,567) in twos before the last three. */
static bool
grouped(str whole, char decimal)
{
	size_t run = 0, groups = 0;
	char sign = 0, c;
	for (size_t i = 0; i < whole.n;) {
		size_t n = sign_at(str_from(whole, i), &c);
		if (n) {
			if (c == decimal || (sign && c != sign) ||
			        (groups == 0 ? run < 1 || run > 3 : run < 2 || run > 3))
				return false;
			sign = c;
			groups++;
			run = 0;
		} else
			run++;
		i += n ? n : 1;
	}
	return groups == 0 || run == 3;
}

static bool
push_digit(int64_t *n, char c)
{
	return !__builtin_mul_overflow(*n, 10, n) && !__builtin_add_overflow(*n, c - '0', n);
}

bool
number_value(const struct number_parts *p, char decimal, int places, int64_t *ret, bool *ret_rounded)
{
	assert(decimal == '.' || decimal == ',');
	assert(places >= 0 && places <= 9);
	str whole, part;
	int64_t n = 0;
	bool rounded = false;
	str_cut(p->body, decimal, &whole, &part);
	if (!grouped(whole, decimal))
		return false;
	for (size_t i = 0; i < whole.n; i++)
		if (digit(whole.s[i]) && !push_digit(&n, whole.s[i]))
			return false;
	for (size_t i = 0; i < part.n; i++)
		if (!digit(part.s[i]))
			return false;
	for (int i = 0; i < places; i++)
		if (!push_digit(&n, (size_t)i < part.n ? part.s[i] : '0'))
			return false;
	for (size_t i = (size_t)places; i < part.n; i++)
		rounded = rounded || part.s[i] != '0';
	if (rounded && part.s[places] >= '5' && __builtin_add_overflow(n, 1, &n))
		return false;
	*ret = p->negative ? -n : n;
	*ret_rounded = rounded;
	return true;
}
