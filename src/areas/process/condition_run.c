#include "areas/process/condition.h"

static enum condition_answer
said(bool yes)
{
	return yes ? CONDITION_YES : CONDITION_NO;
}

static enum condition_answer
order(int cmp, enum condition_op op)
{
	switch (op) {
	case CONDITION_LEAST:
		return said(cmp >= 0);
	case CONDITION_MOST_OF:
		return said(cmp <= 0);
	case CONDITION_MORE:
		return said(cmp > 0);
	case CONDITION_LESS:
		return said(cmp < 0);
	case CONDITION_IS_NOT:
		return said(cmp != 0);
	default:
		return said(cmp == 0);
	}
}

static enum condition_answer
compare_text(struct arena *a, const struct condition_value *v, enum condition_op op, const struct condition_literal *x)
{
	str key = str_fold(a, v->text), wanted = str_fold(a, str_trim(x->text));

	if (op == CONDITION_HAS)
		return said(str_find(key, wanted) != SIZE_MAX);
	bool same = str_eq(key, wanted) || (v->code.n && str_eq(v->code, x->text));
	return said(same != (op == CONDITION_IS_NOT));
}

/* D3: amounts are compared in the deal's own currency, never by a silent rate. */
static enum condition_answer
compare_money(struct arena *a, const struct condition_value *v, enum condition_op op, const struct condition_literal *x)
{
	int64_t wanted;

	if (x->currency.n && !str_eq(x->currency, v->currency))
		return CONDITION_UNCLEAR;
	if (!money_parse_plain(x->text, str_z(a, v->currency), &wanted))
		return CONDITION_UNCLEAR;
	return order((v->n > wanted) - (v->n < wanted), op);
}

static enum condition_answer
compare_number(double have, enum condition_op op, str text)
{
	double wanted;

	if (!str_to_double(text, &wanted))
		return CONDITION_UNCLEAR;
	return order((have > wanted) - (have < wanted), op);
}

static enum condition_answer
compare_one(struct arena *a, const struct condition_value *v, enum condition_op op, const struct condition_literal *x,
        day today)
{
	double number;

	switch (v->kind) {
	case F_DAY:
		if (x->kind != LITERAL_DAY && x->kind != LITERAL_TODAY)
			return CONDITION_UNCLEAR;
		return order(v->on.n - (x->kind == LITERAL_DAY ? x->on.n : day_add(today, x->days).n), op);
	case F_MONEY:
		return compare_money(a, v, op, x);
	case F_INT:
		return compare_number((double)v->n, op, x->text);
	case F_DECIMAL:
		return str_to_double(v->text, &number) ? compare_number(number, op, x->text) : CONDITION_UNCLEAR;
	case F_BOOL:
		return said((v->n != 0) == (str_same(x->text, STR("yes")) == (op != CONDITION_IS_NOT)));
	default:
		/* an answer to a question of a number is text that orders as one */
		if (op >= CONDITION_LEAST && op <= CONDITION_LESS)
			return str_to_double(v->text, &number) ? compare_number(number, op, x->text)
			                                       : CONDITION_UNCLEAR;
		return compare_text(a, v, op, x);
	}
}

static enum condition_answer
compare(struct arena *a, const struct condition_term *t, const struct condition_value *v, day today)
{
	enum condition_answer answer = CONDITION_NO, one;

	if (t->of >= CONDITION_STEP)
		return said((v->n != 0) == (t->op == CONDITION_KNOWN));
	if (t->op == CONDITION_KNOWN || t->op == CONDITION_UNKNOWN)
		return said(v->known == (t->op == CONDITION_KNOWN));
	if (!v->known)
		return CONDITION_UNCLEAR;
	if (t->op != CONDITION_ONE_OF)
		return compare_one(a, v, t->op, &t->values[0], today);
	for (size_t i = 0; i < t->n_values && answer != CONDITION_YES; i++) {
		one = compare_one(a, v, CONDITION_IS, &t->values[i], today);
		answer = one == CONDITION_NO ? answer : one;
	}
	return answer;
}

static enum condition_answer
join(int kind, enum condition_answer x, enum condition_answer y)
{
	enum condition_answer decides = kind == CONDITION_AND ? CONDITION_NO : CONDITION_YES;

	if (x == decides || y == decides)
		return decides;
	return x == CONDITION_UNCLEAR || y == CONDITION_UNCLEAR ? CONDITION_UNCLEAR : x;
}

enum err
condition_holds(struct arena *a, const struct condition *x, day today, condition_lookup look, void *with,
        enum condition_answer *ret)
{
	struct condition_value v = { 0 };
	enum condition_answer all, one;
	enum err e;

	if (!x) {
		*ret = CONDITION_YES;
		return OK;
	}
	if (x->kind == CONDITION_TERM) {
		e = look(with, x->term, &v);
		if (e == OK)
			*ret = compare(a, x->term, &v, today);
		return e;
	}
	e = condition_holds(a, x->first, today, look, with, &all);
	if (e == OK && x->kind == CONDITION_NOT)
		all = all == CONDITION_YES ? CONDITION_NO : all == CONDITION_NO ? CONDITION_YES : CONDITION_UNCLEAR;
	for (const struct condition *k = x->first->next; e == OK && k; k = k->next) {
		e = condition_holds(a, k, today, look, with, &one);
		all = e == OK ? join((int)x->kind, all, one) : all;
	}
	if (e == OK)
		*ret = all;
	return e;
}

struct condition_value
condition_value_of(struct arena *a, const struct record *r, const struct field *f, const void *object)
{
	struct condition_value v = { .kind = f->kind, .known = !field_is_null(f, object) };
	const char *at = (const char *)object + f->at;
	const struct field *currency;

	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		v.text = *(const str *)(const void *)at;
		break;
	case F_DAY:
		v.on = *(const day *)(const void *)at;
		break;
	case F_BOOL:
		v.n = *(const bool *)(const void *)at;
		v.known = true;
		break;
	case F_CHOICE:
		v.code = field_text(a, f, object);
		v.text = str_of(f->choices[*(const int *)(const void *)at].label);
		break;
	default:
		v.n = *(const int64_t *)(const void *)at;
	}
	if (f->kind == F_MONEY && (currency = record_field(r, STR("currency"))))
		v.currency = field_text(a, currency, object);
	return v;
}
