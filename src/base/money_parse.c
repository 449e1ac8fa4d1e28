#include "base/money.h"

#include <math.h>
#include <string.h>

enum { DECIMAL_PLACES = 6 };

/* An amount being read. */
struct typed {
	str left;      /* what is not understood yet */
	bool negative; /* -12, (12) */
	int zeros;     /* 3 for k, 6 for M, 9 for bn */
};

static bool
take(str *s, str head)
{
	if (!str_starts(*s, head))
		return false;
	*s = str_trim(str_from(*s, head.n));
	return true;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "-", the minus sign of typesetters, or brackets around all of it. False when a bracket is left open. */
static bool
take_minus(struct typed *t)
{
	t->left = str_trim(t->left);
	if (!t->negative && take(&t->left, STR("("))) {
		t->negative = true;
		bool closed = str_ends(t->left, STR(")"));
		t->left.n -= closed;
		t->left = str_trim(t->left);
		return closed;
	}
	if (!t->negative && (take(&t->left, STR("-")) || take(&t->left, STR("\u2212"))))
		t->negative = true;
	return true;
}

/* The sign or code before the number: all up to the first digit, point or minus. */
static bool
take_sign_before(struct typed *t, const char *code)
{
	size_t n = 0;
	while (n < t->left.n && !digit(t->left.s[n]) && t->left.s[n] != '-' &&
	        !str_starts(str_from(t->left, n), STR("\u2212")))
		n++;
	str sign = str_trim(str_first(t->left, n));
	if (str_ends(sign, STR(".")) && !money_sign_fits(sign, code)) { /* the point of ".5" */
		sign = str_trim(str_first(sign, sign.n - 1));
		n--;
	}
	t->left = str_trim(str_from(t->left, n));
	return sign.n == 0 || money_sign_fits(sign, code);
}

/* The zeros that a word for thousands or millions stands for; -1 when it is none. */
static int
zeros_of(str word)
{
	static const struct {
		str word;
		int zeros;
	} words[] = {
		{ STR_INIT("k"), 3 },
		{ STR_INIT("tsd"), 3 },
		{ STR_INIT("tsd."), 3 },
		{ STR_INIT("m"), 6 },
		{ STR_INIT("mn"), 6 },
		{ STR_INIT("mln"), 6 },
		{ STR_INIT("mio"), 6 },
		{ STR_INIT("mio."), 6 },
		{ STR_INIT("b"), 9 },
		{ STR_INIT("bn"), 9 },
		{ STR_INIT("mrd"), 9 },
		{ STR_INIT("mrd."), 9 },
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_same(word, words[i].word))
			return words[i].zeros;
	return -1;
}

/* What stands behind the last digit: "k", "€", "k EUR", "Mio. €". */
static bool
take_tail(struct typed *t, const char *code)
{
	size_t end = t->left.n;
	while (end && !digit(t->left.s[end - 1]))
		end--;
	str tail = str_trim(str_from(t->left, end));
	t->left = str_first(t->left, end);
	for (size_t n = tail.n; n > 0; n--) {
		int zeros = zeros_of(str_first(tail, n));
		str rest = str_trim(str_from(tail, n));
		if (zeros >= 0 && (rest.n == 0 || money_sign_fits(rest, code))) {
			t->zeros = zeros;
			return true;
		}
	}
	return tail.n == 0 || money_sign_fits(tail, code);
}

/* Bytes of the mark that s starts with and that only ever parts thousands: blanks and apostrophes. */
static size_t
thousands_mark(str s)
{
	static const str marks[] = { STR_INIT(" "), STR_INIT("\u00a0"), STR_INIT("\u202f"), STR_INIT("\u2009"),
		STR_INIT("'"), STR_INIT("\u2019") };
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (str_starts(s, marks[i]))
			return marks[i].n;
	return 0;
}

static size_t
count_byte(str s, char c)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.s[i] == c;
	return n;
}

/* Which of '.' and ',' is the point in a number nobody said it of; 0 when both can only part thousands. */
static char
guess_point(str s, int digits)
{
	size_t points = count_byte(s, '.'), commas = count_byte(s, ',');
	if (points && commas) {
		size_t i = s.n;
		while (s.s[i - 1] != '.' && s.s[i - 1] != ',')
			i--;
		return s.s[i - 1];
	}
	if (points + commas != 1)
		return 0;
	char mark = points ? '.' : ',';
	size_t at = str_find_byte(s, mark), after = s.n - at - 1;
	bool may_group = after == 3 && at >= 1 && at <= 3 && s.s[0] != '0';
	if (!may_group)
		return mark;
	return mark == '.' && digits == 3 ? mark : 0;
}

/* Do the digits stand in groups as people write them: 1,234,567 or 12,34,567, with one kind of mark? Writes the digits
   alone to `to` (room for s.n bytes). False for anything else. */
static bool
ungroup(str s, char *to, size_t *ret_n)
{
	size_t n = 0, run = 0, groups = 0;
	str mark = { 0 };
	for (size_t i = 0; i < s.n;) {
		if (digit(s.s[i])) {
			to[n++] = s.s[i++];
			run++;
			continue;
		}
		str rest = str_from(s, i);
		size_t size = s.s[i] == '.' || s.s[i] == ',' ? 1 : thousands_mark(rest);
		if (size == 0 || run == 0 || run > 3 || (groups && run < 2))
			return false;
		if (groups && !str_eq(mark, str_first(rest, size)))
			return false;
		mark = str_first(rest, size);
		groups++;
		run = 0;
		i += size;
	}
	*ret_n = n;
	return groups == 0 || run == 3;
}

/* Digits of whole and part as minor units; false when there are more than fit or finer ones. */
static bool
assemble(str whole, str part, int places, int64_t *ret)
{
	int64_t n = 0;
	while (part.n && part.s[part.n - 1] == '0')
		part.n--;
	if (part.n > (size_t)places)
		return false;
	for (size_t i = 0; i < whole.n + (size_t)places; i++) {
		size_t at = i - whole.n; /* in part, once whole is used up */
		char c = i < whole.n ? whole.s[i] : at < part.n ? part.s[at] : '0';
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, c - '0', &n))
			return false;
	}
	*ret = n;
	return true;
}

static bool
all_digits(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!digit(s.s[i]))
			return false;
	return true;
}

static bool
parse_plain(str s, int places, int64_t *ret)
{
	bool minus = str_starts(s, STR("-"));
	str whole, part;
	bool point = str_cut(str_from(s, minus), '.', &whole, &part);
	int64_t n;
	if (places < 0 || whole.n == 0 || (point && part.n == 0) || !all_digits(whole) || !all_digits(part) ||
	        !assemble(whole, part, places, &n))
		return false;
	*ret = minus ? -n : n;
	return true;
}

bool
money_parse_plain(str s, const char *code, int64_t *ret_minor)
{
	return parse_plain(s, money_digits(code), ret_minor);
}

bool
decimal_parse_plain(str s, int64_t *ret_millionths)
{
	return parse_plain(s, DECIMAL_PLACES, ret_millionths);
}

bool
decimal_of(double x, int64_t *ret_millionths)
{
	if (!(fabs(x) < 1e12))
		return false;
	*ret_millionths = llround(x * 1e6);
	return fabs(x - (double)*ret_millionths / 1e6) <= 1e-12 + fabs(x) * 1e-15; /* what a double leaves open */
}

/* What is left of t, once signs are taken off. decimal 0: there is no point. */
static bool
parse_number(const struct typed *t, char decimal, int places, int64_t *ret)
{
	char digits[64];
	str s = t->left;
	if (s.n > sizeof(digits))
		return false;
	size_t at = SIZE_MAX;
	for (size_t i = 0; decimal && i < s.n; i++)
		if (s.s[i] == decimal)
			at = i;
	str whole = str_first(s, at), part = at == SIZE_MAX ? (str){ 0 } : str_from(s, at + 1);
	size_t n;
	if ((decimal && str_find_byte(whole, decimal) != SIZE_MAX) || !all_digits(part) ||
	        !ungroup(whole, digits, &n) || n + part.n == 0)
		return false;
	int64_t value;
	if (!assemble((str){ digits, n }, part, places + t->zeros, &value))
		return false;
	*ret = t->negative ? -value : value;
	return true;
}

bool
money_parse(str s, const char *code, char decimal, int64_t *ret_minor)
{
	int places = money_digits(code);
	struct typed t = { .left = s };
	if (places < 0 || !take_minus(&t) || !take_sign_before(&t, code) || !take_minus(&t) || !take_tail(&t, code) ||
	        t.left.n == 0)
		return false;
	if (!decimal)
		decimal = guess_point(t.left, t.zeros ? 3 : places);
	return parse_number(&t, decimal, places, ret_minor);
}

bool
decimal_parse(str s, int64_t *ret_millionths)
{
	struct typed t = { .left = s };
	return take_minus(&t) && t.left.n && parse_number(&t, guess_point(t.left, 3), DECIMAL_PLACES, ret_millionths);
}
