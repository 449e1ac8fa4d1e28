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

str
alike_phone(struct arena *a, str phone)
{
	char *to = arena_alloc(a, phone.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < phone.n; i++)
		if (is_digit(phone.s[i]))
			to[n++] = phone.s[i];
	str digits = { to, n };
	return n < 7 ? (str){ 0 } : n > 9 ? str_from(digits, n - 9) : digits;
}

/* A switchboard's number is many people's; with a word of the name it is one's. */
static bool
shares_word(str x, str y)
{
	str rest, word, others, other;

	for (rest = x; rest.n;) {
		str_cut(rest, ' ', &word, &rest);
		for (others = y; word.n > 2 && others.n;) {
			str_cut(others, ' ', &other, &others);
			if (str_eq(word, other))
				return true;
		}
	}
	return false;
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
	if (x->phone.n && str_eq(x->phone, y->phone) && shares_word(x->key, y->key))
		return "the same phone number and a name in common";
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

static int
by_phone(const void *x, const void *y)
{
	const struct alike *a = x, *b = y;
	int c = str_cmp(a->phone, b->phone);

	return c ? c : by_row(a, b);
}

void
alike_pairs(const struct record *r, struct alike *all, size_t n,
        bool (*fn)(void *what, const struct alike *x, const struct alike *y, const char *why), void *what)
{
	int (*const orders[])(const void *, const void *) = { by_key, by_back, by_mail, by_phone };
	size_t n_orders = r == &deal_record ? 2 : r == &account_record ? 3 : 4;

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

/* ---- one at a time ---- */

/* What orders an entry stands beside its place, so that most comparisons read nothing else. */
struct alike_entry {
	id within;
	uint64_t head; /* the first eight bytes, as a number that sorts as they do */
	uint32_t at;
	const str *text;
};

static uint64_t
head_of(str s)
{
	uint64_t head = 0;

	for (size_t i = 0; i < 8; i++)
		head = head << 8 | (i < s.n ? (unsigned char)s.s[i] : 0);
	return head;
}

static int
by_entry(const void *x, const void *y)
{
	const struct alike_entry *a = x, *b = y;

	if (a->within != b->within)
		return a->within < b->within ? -1 : 1;
	if (a->head != b->head)
		return a->head < b->head ? -1 : 1;
	int c = str_cmp(*a->text, *b->text);
	return c ? c : a->at < b->at ? -1 : a->at > b->at;
}

static struct alike_entry *
in_order(struct arena *a, const struct alike *all, size_t n, bool back)
{
	struct alike_entry *e = arena_new(a, struct alike_entry, n + 1);

	for (size_t i = 0; i < n; i++) {
		const str *text = back ? &all[i].back : &all[i].key;
		e[i] = (struct alike_entry){ all[i].within, head_of(*text), (uint32_t)i, text };
	}
	if (n)
		qsort(e, n, sizeof *e, by_entry);
	return e;
}

/* The first of an address stays for it. */
static void
place(uint32_t *slots, size_t n_slots, const struct alike *all, size_t i, size_t field)
{
	const str *text = (const str *)(const void *)((const char *)&all[i] + field);
	size_t at = (size_t)(str_hash(*text) & (n_slots - 1));

	if (!text->n)
		return;
	while (slots[at]) {
		if (str_eq(*(const str *)(const void *)((const char *)&all[slots[at] - 1] + field), *text))
			return;
		at = (at + 1) & (n_slots - 1);
	}
	slots[at] = (uint32_t)i + 1;
}

static const struct alike *
at_address(const struct alike_index *ix, const uint32_t *slots, str text, size_t field)
{
	size_t at = (size_t)(str_hash(text) & (ix->n_slots - 1));

	if (!text.n)
		return NULL;
	for (; slots[at]; at = (at + 1) & (ix->n_slots - 1)) {
		const struct alike *x = &ix->all[slots[at] - 1];
		if (str_eq(*(const str *)(const void *)((const char *)x + field), text))
			return x;
	}
	return NULL;
}

void
alike_index_make(struct arena *a, const struct record *r, const struct alike *all, size_t n, struct alike_index *ret)
{
	struct alike_index ix = { .record = r, .all = all, .n = n, .n_slots = 64 };

	assert(n < UINT32_MAX);
	while (ix.n_slots < 2 * n)
		ix.n_slots *= 2;
	ix.by_key = in_order(a, all, n, false);
	ix.by_back = in_order(a, all, n, true);
	ix.mails = arena_new(a, uint32_t, ix.n_slots);
	ix.phones = arena_new(a, uint32_t, ix.n_slots);
	for (size_t i = 0; i < n; i++) {
		place(ix.mails, ix.n_slots, all, i, offsetof(struct alike, mail));
		place(ix.phones, ix.n_slots, all, i, offsetof(struct alike, phone));
	}
	*ret = ix;
}

/* Letters that differ are counted only where the names stand beside each other. */
static const struct alike *
beside(const struct alike_index *ix, const struct alike_entry *order, const struct alike *x, const str *text,
        const char **ret_why)
{
	struct alike_entry want = { x->within, head_of(*text), 0, text };
	size_t low = 0, high = ix->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (by_entry(&order[mid], &want) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t step = 0; step < NEIGHBOURS; step++) {
		size_t at = low + step / 2;
		if (step % 2 ? low <= step / 2 : at >= ix->n)
			continue;
		const struct alike *y = &ix->all[order[step % 2 ? low - 1 - step / 2 : at].at];
		const char *why = alike_reason(ix->record, x, y);
		if (why) {
			*ret_why = why;
			return y;
		}
	}
	return NULL;
}

const struct alike *
alike_index_find(const struct alike_index *ix, const struct alike *x, const char **ret_why)
{
	const struct alike *found = at_address(ix, ix->mails, x->mail, offsetof(struct alike, mail));

	if (!found)
		found = at_address(ix, ix->phones, x->phone, offsetof(struct alike, phone));
	if (found && (*ret_why = alike_reason(ix->record, x, found)) != NULL)
		return found;
	found = beside(ix, ix->by_key, x, &x->key, ret_why);
	return found ? found : beside(ix, ix->by_back, x, &x->back, ret_why);
}
