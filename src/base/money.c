#include "base/money.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"

__extension__ typedef __int128 wide;

/* ISO 4217, in order; those with two digits stand in the long list. BGN and ANG left the standard in 2026 and 2025 and
   stay for deals written in them; funds, metals and test codes are left out. */
static const char two_digits[] =
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
        "CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
        "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR "
        "MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK "
        "SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD "
        "XCG YER ZAR ZMW ZWG ";
static const char no_digits[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
static const char three_digits[] = "BHD IQD JOD KWD LYD OMR TND ";
static const char four_digits[] = "CLF UYW ";

struct sign {
	char code[4];
	str text;
};

/* Signs that are printed. A currency that is not here is printed by its code: "kr 500" would not say whose. */
static const struct sign printed[] = {
	{ "EUR", STR_INIT("€") },
	{ "USD", STR_INIT("$") },
	{ "GBP", STR_INIT("£") },
	{ "JPY", STR_INIT("¥") },
	{ "CZK", STR_INIT("Kč") },
	{ "PLN", STR_INIT("zł") },
	{ "HUF", STR_INIT("Ft") },
	{ "RON", STR_INIT("lei") },
	{ "INR", STR_INIT("₹") },
	{ "BRL", STR_INIT("R$") },
	{ "TRY", STR_INIT("₺") },
	{ "RUB", STR_INIT("₽") },
	{ "KRW", STR_INIT("₩") },
	{ "THB", STR_INIT("฿") },
	{ "VND", STR_INIT("₫") },
	{ "ILS", STR_INIT("₪") },
	{ "UAH", STR_INIT("₴") },
	{ "NGN", STR_INIT("₦") },
	{ "PHP", STR_INIT("₱") },
	{ "KZT", STR_INIT("₸") },
};

/* Signs that are understood as well; of a sign that several use, the first stands for all when nothing else is known.
 */
static const struct sign understood[] = {
	{ "USD", STR_INIT("US$") },
	{ "SEK", STR_INIT("kr") },
	{ "SEK", STR_INIT("kr.") },
	{ "DKK", STR_INIT("kr.") },
	{ "DKK", STR_INIT("kr") },
	{ "NOK", STR_INIT("kr") },
	{ "ISK", STR_INIT("kr") },
	{ "CNY", STR_INIT("¥") },
	{ "CHF", STR_INIT("Fr.") },
	{ "AUD", STR_INIT("$") },
	{ "AUD", STR_INIT("A$") },
	{ "CAD", STR_INIT("$") },
	{ "CAD", STR_INIT("C$") },
	{ "NZD", STR_INIT("$") },
	{ "NZD", STR_INIT("NZ$") },
	{ "SGD", STR_INIT("$") },
	{ "SGD", STR_INIT("S$") },
	{ "HKD", STR_INIT("$") },
	{ "HKD", STR_INIT("HK$") },
	{ "MXN", STR_INIT("$") },
	{ "ARS", STR_INIT("$") },
	{ "CLP", STR_INIT("$") },
	{ "COP", STR_INIT("$") },
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool
listed(const char *list, size_t size, const char *code)
{
	size_t low = 0, high = size / 4;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int c = memcmp(code, list + 4 * middle, 3);
		if (c == 0)
			return true;
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

int
money_digits(const char *code)
{
	if (strnlen(code, 4) != 3)
		return -1;
	if (listed(two_digits, sizeof(two_digits), code))
		return 2;
	if (listed(no_digits, sizeof(no_digits), code))
		return 0;
	if (listed(three_digits, sizeof(three_digits), code))
		return 3;
	return listed(four_digits, sizeof(four_digits), code) ? 4 : -1;
}

bool
money_known(str code)
{
	char z[4] = "";
	if (code.n != 3)
		return false;
	memcpy(z, code.s, 3);
	return money_digits(z) >= 0;
}

static const struct sign *
sign_find(const struct sign *table, size_t n, str text)
{
	for (size_t i = 0; i < n; i++)
		if (str_same(table[i].text, text))
			return &table[i];
	return NULL;
}

bool
money_code(str sign, char ret_code[4])
{
	sign = str_trim(sign);
	const struct sign *found = sign_find(printed, COUNT(printed), sign);
	if (!found)
		found = sign_find(understood, COUNT(understood), sign);
	if (found) {
		memcpy(ret_code, found->code, 4);
		return true;
	}
	if (sign.n != 3)
		return false;
	char code[4] = "";
	for (int i = 0; i < 3; i++)
		code[i] = sign.s[i] >= 'a' && sign.s[i] <= 'z' ? (char)(sign.s[i] - 32) : sign.s[i];
	if (money_digits(code) < 0)
		return false;
	memcpy(ret_code, code, 4);
	return true;
}

/* Digits of an amount that may have no currency yet. */
static int
digits_of(const money *m)
{
	int digits = money_digits(m->code);
	return digits < 0 ? 2 : digits;
}

static uint64_t
magnitude(int64_t n)
{
	return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

static uint64_t
power(int n)
{
	uint64_t p = 1;
	while (n-- > 0)
		p *= 10;
	return p;
}

/* "−€" before a number, with the true minus; a blank that does not break between letters and the number. */
static str
lead(struct arena *a, const money *m)
{
	str sign = { m->code, strnlen(m->code, 3) };
	for (size_t i = 0; i < COUNT(printed); i++)
		if (memcmp(printed[i].code, m->code, 4) == 0)
			sign = printed[i].text;
	bool letters = sign.n && (sign.s[0] | 32) >= 'a' && (sign.s[0] | 32) <= 'z' && sign.s[sign.n - 1] != '$';
	return str_fmt(a, "%s%.*s%s", m->minor < 0 ? "\u2212" : "", STR_ARG(sign), letters ? "\u00a0" : "");
}

/* 184000 → "184,000" */
static str
grouped(struct arena *a, uint64_t n)
{
	char text[27], *p = text + sizeof(text); /* 20 digits, 6 commas */
	for (int i = 0; i == 0 || n; i++, n /= 10) {
		if (i && i % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + n % 10);
	}
	return str_copy(a, (str){ p, (size_t)(text + sizeof(text) - p) });
}

str
money_text(struct arena *a, money m)
{
	int digits = digits_of(&m);
	uint64_t unit = power(digits), whole = magnitude(m.minor) / unit, part = magnitude(m.minor) % unit;
	str text = str_join(a, lead(a, &m), grouped(a, whole));
	return part ? str_fmt(a, "%.*s.%0*llu", STR_ARG(text), digits, (unsigned long long)part) : text;
}

str
money_exact(struct arena *a, money m)
{
	int digits = digits_of(&m);
	uint64_t unit = power(digits), n = magnitude(m.minor);
	str text = str_join(a, lead(a, &m), grouped(a, n / unit));
	return digits ? str_fmt(a, "%.*s.%0*llu", STR_ARG(text), digits, (unsigned long long)(n % unit)) : text;
}

bool
money_broken(money m)
{
	return magnitude(m.minor) % power(digits_of(&m)) != 0;
}

str
money_plain(struct arena *a, money m)
{
	int digits = digits_of(&m);
	unsigned long long unit = power(digits), n = magnitude(m.minor);
	const char *minus = m.minor < 0 ? "-" : "";
	if (digits == 0)
		return str_fmt(a, "%s%llu", minus, n);
	return str_fmt(a, "%s%llu.%0*llu", minus, n / unit, digits, n % unit);
}

str
decimal_plain(struct arena *a, int64_t millionths)
{
	uint64_t n = magnitude(millionths);
	str all = str_fmt(a, "%s%llu.%06llu", millionths < 0 ? "-" : "", (unsigned long long)(n / 1000000),
	        (unsigned long long)(n % 1000000));
	while (str_ends(all, STR("0")))
		all.n--;
	all.n -= str_ends(all, STR("."));
	return all;
}

static uint64_t
divided(uint64_t n, uint64_t by)
{
	return n / by + (n % by >= by - n % by); /* half goes up, without overflow */
}

str
money_short(struct arena *a, money m)
{
	static const char *const names[] = { "", "k", "M", "B", "T" };
	uint64_t n = magnitude(m.minor), unit = power(digits_of(&m));
	size_t step = 0;
	/* The next name as soon as rounding would show 1000 of this one. */
	while (step + 1 < COUNT(names) && divided(n, unit) >= 1000) {
		unit *= 1000;
		step++;
	}
	str sign = lead(a, &m);
	uint64_t tenths = unit >= 10 ? divided(n, unit / 10) : n * 10;
	if (step == 0 || tenths >= 1000 || tenths % 10 == 0)
		return str_fmt(a, "%.*s%llu%s", STR_ARG(sign), (unsigned long long)divided(n, unit), names[step]);
	return str_fmt(a, "%.*s%llu.%llu%s", STR_ARG(sign), (unsigned long long)(tenths / 10),
	        (unsigned long long)(tenths % 10), names[step]);
}

int64_t
money_scale(int64_t minor, int64_t num, int64_t den)
{
	assert(den != 0);
	wide product = (wide)minor * num, by = den;
	if (by < 0) {
		product = -product;
		by = -by;
	}
	wide half = by / 2 + by % 2; /* from here on away from zero */
	wide result = product / by, rest = product % by;
	if (rest >= half)
		result++;
	else if (-rest >= half)
		result--;
	if (result > INT64_MAX)
		return INT64_MAX;
	return result < INT64_MIN ? INT64_MIN : (int64_t)result;
}

bool
money_sign_fits(str sign, const char *code)
{
	if (str_same(sign, str_of(code)))
		return true;
	for (size_t i = 0; i < COUNT(printed); i++)
		if (memcmp(printed[i].code, code, 4) == 0 && str_same(printed[i].text, sign))
			return true;
	for (size_t i = 0; i < COUNT(understood); i++)
		if (memcmp(understood[i].code, code, 4) == 0 && str_same(understood[i].text, sign))
			return true;
	return false;
}

money
money_of(int64_t minor, str code)
{
	money m = { .minor = minor };

	for (size_t i = 0; i < code.n && i < 3; i++)
		m.code[i] = code.s[i];
	return m;
}
