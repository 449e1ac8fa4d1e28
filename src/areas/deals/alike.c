/* Names are compared without legal forms, signs and accents; those that are alike are neighbours when sorted by their
   letters, forwards or backwards, so that no pair of all is compared with every other (sorted neighbourhood: Hernández
   and Stolfo 1995). */
#include "areas/deals/alike.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/near.h"

#define NEIGHBOURS 6

static bool
legal_form(str word)
{
	static const char *const forms[] = { "ag", "ab", "as", "bv", "co", "corp", "corporation", "company", "gmbh",
		"inc", "incorporated", "kg", "kgaa", "limited", "llc", "llp", "ltd", "mbh", "nv", "ohg", "oy", "oyj",
		"plc", "sa", "sarl", "sas", "se", "spa", "srl", "und", "and", "the" };

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (str_eq(word, str_of(forms[i])))
			return true;
	return false;
}

str
account_key(struct arena *a, str s)
{
	char *to = arena_alloc(a, s.n + 1, 1);
	size_t n = 0, i = 0;

	while (i < s.n) {
		size_t from;
		while (i < s.n && (unsigned char)s.s[i] < 0x80 && !isalnum((unsigned char)s.s[i]))
			i++;
		from = i;
		while (i < s.n && ((unsigned char)s.s[i] >= 0x80 || isalnum((unsigned char)s.s[i])))
			i++;
		str word = { s.s + from, i - from };
		if (!word.n || legal_form(word))
			continue;
		if (n)
			to[n++] = ' ';
		memcpy(to + n, word.s, word.n);
		n += word.n;
	}
	return n ? (str){ to, n } : s;
}

static str
backwards(struct arena *a, str s)
{
	char *to = arena_alloc(a, s.n + 1, 1);

	for (size_t i = 0; i < s.n; i++)
		to[i] = s.s[s.n - 1 - i];
	return (str){ to, s.n };
}

/* "https://www.acme.example/" is acme.example; what stands behind it counts: pages of one host are not one company. */
static str
website_key(struct arena *a, str s)
{
	static const char *const starts[] = { "https://", "http://", "www." };

	s = str_fold(a, s);
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (str_starts(s, str_of(starts[i])))
			s = str_from(s, strlen(starts[i]));
	while (s.n && s.s[s.n - 1] == '/')
		s.n--;
	return s;
}

bool
alike_prospects(const struct record *r)
{
	return str_eq(str_of(r->name), STR("prospect"));
}

struct alike
alike_of(struct arena *a, const struct record *r, int64_t row, str name, str folded, str mail, str company, id within)
{
	struct alike x = { .row = row, .name = name, .key = folded, .within = within };

	if (r == &account_record)
		x.key = account_key(a, folded);
	x.back = backwards(a, x.key);
	if (company.n)
		x.company = account_key(a, str_fold(a, company));
	if (mail.n)
		x.mail = r == &account_record ? website_key(a, mail) : str_fold(a, mail);
	return x;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What differs in a figure is another one: "Plant 1" and "Plant 2", "Lot 12" and "Lot 21". */
static bool
same_figures(str x, str y)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < x.n && !is_digit(x.s[i]))
			i++;
		while (k < y.n && !is_digit(y.s[k]))
			k++;
		if (i == x.n || k == y.n)
			return i == x.n && k == y.n;
		if (x.s[i++] != y.s[k++])
			return false;
	}
}

/* Both say where they work, and not the same. */
static bool
elsewhere(const struct alike *x, const struct alike *y)
{
	return x->company.n && y->company.n && !str_eq(x->company, y->company) &&
	       near_distance(x->company, y->company, 1) > 1;
}

const char *
alike_reason(const struct record *r, const struct alike *x, const struct alike *y)
{
	if (x->mail.n && str_eq(x->mail, y->mail))
		return r == &account_record ? "the same website" : "the same e-mail address";
	if (r != &account_record && (x->within != y->within || elsewhere(x, y)))
		return NULL;
	if (!x->key.n || !y->key.n)
		return NULL;
	if (str_eq(x->key, y->key))
		return r == &account_record ? "the same name but for its legal form or signs"
		       : alike_prospects(r) ? "the same name"
		                            : "the same name at the same account";
	if (!same_figures(x->key, y->key))
		return NULL;
	size_t letters = str_letters(x->key) < str_letters(y->key) ? str_letters(x->key) : str_letters(y->key);
	int most = letters < 6 ? 0 : letters < 12 ? 1 : 2;
	if (most && near_distance(x->key, y->key, most) <= most)
		return most == 1 ? "one letter apart" : "one or two letters apart";
	return NULL;
}

static int
by_row(const struct alike *a, const struct alike *b)
{
	return a->row < b->row ? -1 : a->row > b->row;
}

static int
by_within(const struct alike *a, const struct alike *b)
{
	return a->within < b->within ? -1 : a->within > b->within;
}

static int
by_key(const void *x, const void *y)
{
	const struct alike *a = x, *b = y;
	int w = by_within(a, b), c = w ? w : str_cmp(a->key, b->key);

	return c ? c : by_row(a, b);
}

static int
by_back(const void *x, const void *y)
{
	const struct alike *a = x, *b = y;
	int w = by_within(a, b), c = w ? w : str_cmp(a->back, b->back);

	return c ? c : by_row(a, b);
}

static int
by_mail(const void *x, const void *y)
{
	const struct alike *a = x, *b = y;
	int c = str_cmp(a->mail, b->mail);

	return c ? c : by_row(a, b);
}

void
alike_pairs(const struct record *r, struct alike *all, size_t n,
        bool (*fn)(void *what, const struct alike *x, const struct alike *y, const char *why), void *what)
{
	int (*const orders[])(const void *, const void *) = { by_key, by_back, by_mail };
	size_t n_orders = r == &deal_record ? 2 : 3;

	for (size_t o = 0; n && o < n_orders; o++) {
		qsort(all, n, sizeof *all, orders[o]);
		for (size_t i = 0; i < n; i++)
			for (size_t k = i + 1; k < n && k <= i + NEIGHBOURS; k++) {
				const char *why = alike_reason(r, &all[i], &all[k]);
				if (why && !fn(what, &all[i], &all[k], why))
					return;
			}
	}
}
