#include "areas/deals/rates.h"

#include <stdio.h>
#include <string.h>

#include "areas/people/people.h"

#define DIGITS_MOST 15

bool
rate_parse(str s, int64_t *ret_num, int64_t *ret_den)
{
	int64_t num = 0, den = 1;
	int digits = 0;
	bool point = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '.' && !point && i && i + 1 < s.n) {
			point = true;
			continue;
		}
		if (s.s[i] < '0' || s.s[i] > '9' || ++digits > DIGITS_MOST)
			return false;
		num = num * 10 + (s.s[i] - '0');
		den *= point ? 10 : 1;
	}
	if (!num)
		return false;
	*ret_num = num;
	*ret_den = den;
	return true;
}

money
rate_convert(money m, int64_t num, int64_t den, const char *to)
{
	int from_digits = money_digits(m.code), to_digits = money_digits(to);
	money ret = money_of(0, str_of(to));

	for (; to_digits > from_digits; to_digits--)
		num *= 10;
	for (; from_digits > to_digits; from_digits--)
		den *= 10;
	ret.minor = money_scale(m.minor, num, den);
	return ret;
}

/* ---- totals ---- */

void
totals_init(struct totals *t, str currency)
{
	*t = (struct totals){ .value = money_of(0, currency), .weighted = money_of(0, currency) };
}

void
totals_add(struct totals *t, str currency, int64_t n, int64_t value, int64_t weighted)
{
	struct totals_part *p = NULL;

	if (!n)
		return;
	for (size_t i = 0; i < t->n_parts && !p; i++)
		if (str_eq(str_of(t->parts[i].code), currency))
			p = &t->parts[i];
	if (!p && t->n_parts < TOTALS_MOST) {
		p = &t->parts[t->n_parts++];
		*p = (struct totals_part){ .value = money_of(0, currency), .weighted = money_of(0, currency) };
		memcpy(p->code, p->value.code, sizeof p->code);
	}
	t->n += n;
	if (!p)
		return;
	p->n += n;
	p->value.minor += value;
	p->weighted.minor += weighted;
}

static enum err
find_rate(struct conn *c, struct arena *a, id org, day on, str base, struct totals_part *p)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select rate, on_day from exchange_rate where org_id = $1 and currency = $2 and base = $3 and on_day "
	        "<= $4 "
	        "order by on_day desc limit 1",
	        DB_ARGS(DB_I(org), DB_T(str_of(p->code)), DB_T(base), db_day_value(a, on)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows)) {
		p->rate = db_text(&rows, 0);
		p->on_day = db_day(&rows, 1);
	}
	return db_end(&rows);
}

static str
say_more(struct arena *a, str all, str more)
{
	return str_fmt(a, "%.*s%s%.*s", STR_ARG(all), all.n ? "; " : "", STR_ARG(more));
}

static str
converted_words(struct arena *a, const struct totals_part *p, const char *base)
{
	return str_fmt(a, "%.*s at %.*s %s of %.*s", STR_ARG(money_short(a, p->value)), STR_ARG(p->rate), base,
	        STR_ARG(day_long(a, p->on_day)));
}

enum err
totals_close(struct conn *c, struct arena *a, id org, day on, struct totals *t)
{
	str with = { 0 }, without = { 0 };
	enum err e = OK;

	for (size_t i = 0; e == OK && i < t->n_parts; i++) {
		struct totals_part *p = &t->parts[i];
		int64_t num = 1, den = 1;
		bool own = strcmp(p->code, t->value.code) == 0;
		p->weighted.minor = money_scale(p->weighted.minor, 1, 100);
		if (!own && (p->value.minor || p->weighted.minor))
			e = find_rate(c, a, org, on, str_of(t->value.code), p);
		p->converted = own || (p->rate.n && rate_parse(p->rate, &num, &den));
		if (p->converted) {
			t->value.minor += rate_convert(p->value, num, den, t->value.code).minor;
			t->weighted.minor += rate_convert(p->weighted, num, den, t->value.code).minor;
		}
		if (!own && p->converted)
			with = say_more(a, with, converted_words(a, p, t->value.code));
		else if (!own && p->value.minor)
			without = say_more(a, without, money_short(a, p->value));
	}
	if (with.n)
		t->note = str_fmt(a, "of it %.*s", STR_ARG(with));
	if (without.n)
		t->note = say_more(
		        a, t->note, str_fmt(a, "without %.*s: no rate into %s", STR_ARG(without), t->value.code));
	return e;
}

str
totals_others(struct arena *a, const struct totals *t)
{
	str all = { 0 };

	for (size_t i = 0; i < t->n_parts; i++)
		if (strcmp(t->parts[i].code, t->value.code) != 0 && t->parts[i].value.minor)
			all = str_fmt(a, "%.*s%s%.*s", STR_ARG(all), all.n ? ", " : "",
			        STR_ARG(money_short(a, t->parts[i].value)));
	return all;
}

/* ---- one by one ---- */

enum err
rate_book_load(struct conn *c, struct arena *a, id org, str base, day on, struct rate_book *ret)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select currency, rate, on_day from exchange_rate where org_id = $1 and base = $2 and on_day <= $3 "
	        "order by currency, on_day desc, id desc",
	        DB_ARGS(DB_I(org), DB_T(base), db_day_value(a, on)), &rows);

	*ret = (struct rate_book){ .on = on };
	snprintf(ret->base, sizeof ret->base, "%.*s", STR_ARG(base));
	while (e == OK && ret->n < TOTALS_MOST && db_next(&rows)) {
		struct rate_known *x = &ret->rates[ret->n];
		str code = db_text_raw(&rows, 0);
		if (ret->n && str_eq(str_of(ret->rates[ret->n - 1].code), code))
			continue; /* an older one */
		*x = (struct rate_known){ .rate = db_text(&rows, 1), .on_day = db_day(&rows, 2) };
		snprintf(x->code, sizeof x->code, "%.*s", STR_ARG(code));
		ret->n += rate_parse(x->rate, &x->num, &x->den);
	}
	return e == OK ? db_end(&rows) : e;
}

static void
miss(struct rate_book *b, str currency, int64_t minor, int64_t n)
{
	size_t i = 0;

	while (i < b->n_missed && !str_eq(currency, str_of(b->missed[i].code)))
		i++;
	if (i == TOTALS_MOST)
		return;
	if (i == b->n_missed) {
		b->missed[b->n_missed++] = (struct rate_missed){ 0 };
		snprintf(b->missed[i].code, sizeof b->missed[i].code, "%.*s", STR_ARG(currency));
	}
	b->missed[i].n += n;
	b->missed[i].minor += minor;
}

bool
rate_book_worth(struct rate_book *b, str currency, int64_t minor, int64_t n, int64_t *ret)
{
	if (str_eq(currency, str_of(b->base))) {
		*ret = minor;
		return true;
	}
	for (size_t i = 0; i < b->n; i++)
		if (str_eq(currency, str_of(b->rates[i].code))) {
			b->rates[i].n += n;
			*ret = rate_convert(money_of(minor, currency), b->rates[i].num, b->rates[i].den, b->base).minor;
			return true;
		}
	if (n)
		miss(b, currency, minor, n);
	return false;
}

str
rate_book_words(struct arena *a, const struct rate_book *b)
{
	str all = { 0 };

	for (size_t i = 0; i < b->n; i++)
		if (b->rates[i].n)
			all = say_more(a, all,
			        str_fmt(a, "%s at %.*s %s of %.*s", b->rates[i].code, STR_ARG(b->rates[i].rate),
			                b->base, STR_ARG(day_long(a, b->rates[i].on_day))));
	return all;
}

struct rate_said
rate_book_said(struct arena *a, const struct rate_book *b)
{
	struct rate_said x = { .rates = rate_book_words(a, b) };

	for (size_t i = 0; i < b->n; i++)
		x.converted += b->rates[i].n;
	for (size_t i = 0; i < b->n_missed; i++) {
		const struct rate_missed *m = &b->missed[i];
		x.left += m->n;
		x.without = say_more(a, x.without,
		        str_fmt(a, "%.*s of %lld deal%s", STR_ARG(money_text(a, money_of(m->minor, str_of(m->code)))),
		                (long long)m->n, m->n == 1 ? "" : "s"));
	}
	return x;
}

str
rate_said_words(struct arena *a, const struct rate_said *x, str currency)
{
	str said = { 0 };

	if (x->converted)
		said = str_fmt(a, "Converted: %.*s.", STR_ARG(x->rates));
	if (x->left)
		said = str_fmt(a, "%.*s%sNot in the sums: %.*s, for there is no rate into %.*s.", STR_ARG(said),
		        said.n ? " " : "", STR_ARG(x->without), STR_ARG(currency));
	return said;
}

/* ---- the record ---- */

static enum err
rate_start(struct conn *c, struct arena *a, const struct grant *g, void *object)
{
	struct rate *x = object;
	struct company company;
	enum err e = record_load(c, a, g, &company_record, g->org, &company);

	if (e == OK && !x->base.n)
		x->base = company.currency;
	return e;
}

/* "usd" is USD, "0,92" is 0.92. */
static enum err
rate_derive(struct change *c, const void *before, void *after)
{
	struct rate *x = after;
	char code[4];
	size_t comma = str_find_byte(x->rate, ',');

	(void)before;
	if (money_code(x->currency, code))
		x->currency = str_copy(c->arena, str_of(code));
	if (money_code(x->base, code))
		x->base = str_copy(c->arena, str_of(code));
	if (comma != SIZE_MAX && str_find_byte(x->rate, '.') == SIZE_MAX)
		x->rate = str_fmt(c->arena, "%.*s.%.*s", STR_ARG(str_first(x->rate, comma)),
		        STR_ARG(str_from(x->rate, comma + 1)));
	return OK;
}

static enum err
rate_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct rate *x = after;
	int64_t num, den;

	(void)before;
	if (!x)
		return OK;
	if (!money_known(x->currency))
		fault_add(f, STR("currency"), str_fmt(c->arena, "“%.*s” is no currency", STR_ARG(x->currency)),
		        STR("write three letters, as USD"));
	if (!money_known(x->base))
		fault_add(f, STR("base"), str_fmt(c->arena, "“%.*s” is no currency", STR_ARG(x->base)),
		        STR("write three letters, as EUR"));
	else if (str_eq(x->currency, x->base))
		fault_add(f, STR("currency"), STR("is the one it would be converted into"), STR("choose another"));
	if (!rate_parse(x->rate, &num, &den))
		fault_add(f, STR("rate"), str_fmt(c->arena, "“%.*s” is no rate", STR_ARG(str_first(x->rate, 40))),
		        STR("write a number above 0 with a point, as 0.92"));
	return OK;
}

static const struct field rate_fields[] = {
	FIELD(struct rate, currency, TEXT, "Currency", .required = 1, .most = 3, .list = 1, .filter = 1),
	FIELD(struct rate, base, TEXT, "Into", .required = 1, .most = 3, .list = 1, .filter = 1),
	FIELD(struct rate, on_day, DAY, "From", .required = 1, .list = 1, .filter = 1, .sort = 1),
	FIELD(struct rate, rate, TEXT, "Rate", .required = 1, .most = 20, .list = 1),
};

const struct record rate_record = {
	.name = "rate",
	.api = "rates",
	.api_write = true,
	.start = rate_start,
	.table = "exchange_rate",
	.label = "exchange rate",
	.plural = "exchange rates",
	.size = sizeof(struct rate),
	FIELDS(rate_fields),
	.matter = MATTER_COMPANY,
	.unique = (const char *const[]){ "currency base on_day", NULL },
	.purpose = "What other currencies are worth, so that totals can be converted.",
	.retention = "As long as deals in that currency.",
	.derive = rate_derive,
	.check = rate_check,
};
