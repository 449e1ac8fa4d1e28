#include "sheet/date.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* Names by month; an abbreviation is a beginning of at least three bytes of the first in each row. */
static const char *const months[12][8] = {
	{ "january", "januar", "j\xc3\xa4nner", "jan", "j\xc3\xa4n", "ledna", "leden" },
	{ "february", "februar", "feber", "feb", "\xc3\xbanora", "\xc3\xbanor" },
	{ "march", "m\xc3\xa4rz", "m\xc3\xa4r", "mrz", "mar",
	        "b\xc5\x99"
	        "ezna",
	        "b\xc5\x99"
	        "ezen" },
	{ "april", "apr", "dubna", "duben" },
	{ "may", "mai", "kv\xc4\x9btna", "kv\xc4\x9bten" },
	{ "june", "juni", "jun",
	        "\xc4\x8d"
	        "ervna",
	        "\xc4\x8d"
	        "erven" },
	{ "july", "juli", "jul",
	        "\xc4\x8d"
	        "ervence",
	        "\xc4\x8d"
	        "ervenec" },
	{ "august", "aug", "srpna", "srpen" },
	{ "september", "sept", "sep", "z\xc3\xa1\xc5\x99\xc3\xad" },
	{ "october", "oktober", "oct", "okt", "\xc5\x99\xc3\xadjna", "\xc5\x99\xc3\xadjen" },
	{ "november", "nov", "listopadu", "listopad" },
	{ "december", "dezember", "dec", "dez", "prosince", "prosinec" },
};

static const char *const english[12] = { "January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December" };

const char *
date_month_name(int month)
{
	assert(month >= 1 && month <= 12);
	return english[month - 1];
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

static str
skip_blanks(str s)
{
	while (s.n && (s.s[0] == ' ' || str_starts(s, STR("\xc2\xa0")) || str_starts(s, STR("\xe2\x80\xaf"))))
		s = str_from(s, s.s[0] == ' ' ? 1 : s.s[0] == '\xc2' ? 2 : 3);
	return s;
}

static str
word(str s)
{
	size_t n = 0;
	while (n < s.n && alpha(s.s[n]) && !str_starts(str_from(s, n), STR("\xc2\xa0")))
		n++;
	return str_first(s, n);
}

static int
month_of(str name)
{
	for (int m = 0; m < 12; m++)
		for (int i = 0; i < 8 && months[m][i]; i++)
			if (str_same(name, str_of(months[m][i])))
				return m + 1;
	return 0;
}

static bool
number(str *s, size_t most, int *ret, int *ret_digits)
{
	int n = 0;
	size_t i = 0;
	for (; i < s->n && i < most && digit(s->s[i]); i++)
		n = n * 10 + (s->s[i] - '0');
	if (i == 0 || (i < s->n && digit(s->s[i])))
		return false;
	*s = str_from(*s, i);
	*ret = n;
	*ret_digits = (int)i;
	return true;
}

/* "Mon, " or "Montag, " in front says nothing new. */
static str
skip_weekday(str s)
{
	static const char *const days =
	        "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday "
	        "mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag ";
	str name = word(s), all = str_of(days), day;
	while (name.n && str_cut(all, ' ', &day, &all))
		if (str_same(name, day)) {
			s = str_from(s, name.n);
			if (s.n && (s.s[0] == ',' || s.s[0] == '.'))
				s = str_from(s, 1);
			return skip_blanks(s);
		}
	return s;
}

/* "2021-04-15" of eight digits alone. */
static bool
compact(str *s, struct date_parts *p)
{
	int n, digits;
	str rest = *s;
	if (!number(&rest, 8, &n, &digits) || digits != 8 || n < 19000101 || n > 21991231)
		return false;
	*p = (struct date_parts){ .part = { n / 10000, n / 100 % 100, n % 100 }, .digits = { 4, 2, 2 }, .named = -1 };
	*s = rest;
	return true;
}

static bool
separator(str *s, char *sign)
{
	str rest = skip_blanks(*s);
	char c = rest.n && strchr("./-,", rest.s[0]) ? rest.s[0] : 0;
	if (c)
		rest = skip_blanks(str_from(rest, 1));
	if (rest.n == s->n)
		return false;
	*s = rest;
	*sign = *sign ? *sign : c ? c : ' ';
	return true;
}

static bool
three_parts(str *s, struct date_parts *p)
{
	p->named = -1;
	for (int i = 0; i < 3; i++) {
		if (i && !separator(s, &p->sign))
			return false;
		str name = word(*s);
		int month = p->named < 0 && name.n >= 3 ? month_of(name) : 0;
		if (month) {
			p->part[i] = month;
			p->named = i;
			*s = str_from(*s, name.n);
		} else if (!number(s, 4, &p->part[i], &p->digits[i]))
			return false;
	}
	if (p->named < 0 && (p->sign == ' ' || p->sign == ','))
		return false; /* three numbers with blanks between are no date */
	return p->named != 2;
}

static bool
zone(str s, struct date_parts *p)
{
	if (s.n == 0)
		return true;
	p->zone = true;
	if (str_same(s, STR("Z")) || str_same(s, STR("UTC")) || str_same(s, STR("GMT")))
		return true;
	if (str_same(str_first(s, 3), STR("GMT")) || str_same(str_first(s, 3), STR("UTC")))
		s = str_from(s, 3);
	if (s.n < 3 || (s.s[0] != '+' && s.s[0] != '-'))
		return false;
	bool west = s.s[0] == '-';
	int hours, minutes = 0, digits;
	s = str_from(s, 1);
	if (s.n == 4) {
		if (!number(&s, 4, &hours, &digits) || digits != 4)
			return false;
		minutes = hours % 100;
		hours /= 100;
	} else {
		if (!number(&s, 2, &hours, &digits))
			return false;
		if (s.n && (s.s[0] != ':' || (s = str_from(s, 1), !number(&s, 2, &minutes, &digits)) || s.n))
			return false;
	}
	p->offset = (hours * 60 + minutes) * (west ? -60 : 60);
	return hours <= 15 && minutes < 60;
}

/* AM and PM, English or with points. */
static bool
half_day(str *s, struct date_parts *p, int *hours)
{
	str rest = skip_blanks(*s);
	bool pm = str_same(str_first(rest, 2), STR("pm")) || str_same(str_first(rest, 4), STR("p.m."));
	bool am = str_same(str_first(rest, 2), STR("am")) || str_same(str_first(rest, 4), STR("a.m."));
	if (!am && !pm)
		return true;
	if (*hours < 1 || *hours > 12)
		return false;
	*hours = *hours % 12 + (pm ? 12 : 0);
	p->half = true;
	*s = str_from(rest, rest.s[1] == '.' ? 4 : 2);
	return true;
}

static bool
seconds(str *s, int *ret_seconds, int *ret_ms)
{
	int digits;
	if (!s->n || s->s[0] != ':')
		return true;
	*s = str_from(*s, 1);
	if (!number(s, 2, ret_seconds, &digits))
		return false;
	if (s->n < 2 || (s->s[0] != '.' && s->s[0] != ',') || !digit(s->s[1]))
		return true;
	*s = str_from(*s, 1);
	for (int unit = 100; s->n && digit(s->s[0]); unit /= 10, *s = str_from(*s, 1))
		*ret_ms += unit * (s->s[0] - '0');
	return true;
}

static bool
time_of_day(str s, struct date_parts *p)
{
	int hours, minutes, digits, sec = 0, ms = 0;
	if (s.n == 0)
		return true;
	if (s.s[0] == 'T' || s.s[0] == ',')
		s = str_from(s, 1);
	s = skip_blanks(s);
	if (!number(&s, 2, &hours, &digits) || !s.n || s.s[0] != ':')
		return false;
	s = str_from(s, 1);
	if (!number(&s, 2, &minutes, &digits) || digits != 2 || !seconds(&s, &sec, &ms) || !half_day(&s, p, &hours))
		return false;
	if (hours > 23 || minutes > 59 || sec > 60)
		return false;
	p->time = true;
	p->ms = ((hours * 60 + minutes) * 60 + sec) * INT64_C(1000) + ms;
	return zone(skip_blanks(s), p);
}

/* A year of four digits at either end, or of two at the end; the rest one or two digits. */
static bool
formed(const struct date_parts *p)
{
	bool year_first = p->digits[0] == 4, year_last = p->digits[2] == 4 || (!year_first && p->digits[2] == 2);
	return year_first != year_last && p->digits[1] <= 2 && p->digits[year_first ? 2 : 0] <= 2;
}

bool
date_take(str s, struct date_parts *ret)
{
	struct date_parts p = { .named = -1 };
	s = str_trim(s);
	if (s.n < 6 || s.n > 60)
		return false;
	s = skip_weekday(s);
	str whole = s;
	if (!compact(&s, &p)) {
		s = whole;
		if (!three_parts(&s, &p) || !formed(&p))
			return false;
	}
	if (s.n && s.s[0] == '.') /* "18. 5. 2017." */
		s = str_from(s, 1);
	if (!time_of_day(s, &p))
		return false;
	*ret = p;
	return true;
}

enum cell_order
date_decides(const struct date_parts *p)
{
	if (p->digits[0] == 4)
		return CELL_YMD;
	if (p->named >= 0)
		return p->named == 0 ? CELL_MDY : CELL_DMY;
	if (p->part[0] > 12 && p->part[1] <= 12)
		return CELL_DMY;
	if (p->part[1] > 12 && p->part[0] <= 12)
		return CELL_MDY;
	return CELL_ANY;
}

bool
date_arrange(const struct date_parts *p, enum cell_order order, int *ret_year, int *ret_month, int *ret_dom)
{
	static const int place[][3] = { [CELL_YMD] = { 0, 1, 2 }, [CELL_DMY] = { 2, 1, 0 }, [CELL_MDY] = { 2, 0, 1 } };
	if (p->digits[0] == 4)
		order = CELL_YMD;
	else if (p->named >= 0)
		order = p->named == 0 ? CELL_MDY : CELL_DMY;
	else if (order == CELL_ANY)
		order = date_decides(p);
	if (order == CELL_ANY || (order == CELL_YMD && p->digits[0] != 4))
		return false;
	int year = place[order][0], day = place[order][2];
	*ret_year = p->digits[year] == 2 ? p->part[year] + (p->part[year] < 70 ? 2000 : 1900) : p->part[year];
	*ret_month = p->part[place[order][1]];
	*ret_dom = p->part[day];
	return true;
}
