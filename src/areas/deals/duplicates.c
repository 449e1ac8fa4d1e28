/* Which records may be one and the same. Names are compared without legal forms, signs and accents; those that are
   alike are neighbours when sorted by their letters, forwards or backwards, so that no pair of all is compared with
   every other (sorted neighbourhood: Hernández and Stolfo 1995). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "areas/deals/account.h"
#include "base/near.h"

#define PAIRS_MOST 200
#define LOOKED_AT  200000 /* records of a kind */
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

struct one {
	id row;
	str name, key, back, mail; /* back: the key's letters from the end */
	id within;                 /* contacts and deals: the account */
	str company;               /* prospects: its key */
};

struct finding {
	struct request *r;
	const struct record *record;
	struct one *all;
	size_t n, cap;
	struct duplicate_list *ret;
	size_t cap_pairs;
};

static str
backwards(struct arena *a, str s)
{
	char *to = arena_alloc(a, s.n + 1, 1);

	for (size_t i = 0; i < s.n; i++)
		to[i] = s.s[s.n - 1 - i];
	return (str){ to, s.n };
}

/* Prospects stand in an area above. */
static bool
is_prospect(const struct record *r)
{
	return str_eq(str_of(r->name), STR("prospect"));
}

static const char *
sql_of(struct arena *a, const struct grant *g, const struct record *r)
{
	if (is_prospect(r)) /* those of nobody are everybody's to find (G1) */
		return str_z(a, str_fmt(a,
		                        "select t.id, t.name, t.name_key, coalesce(t.email, ''), 0, "
		                        "coalesce(t.company, '') from "
		                        "prospect t where t.org_id = $1 and $2 = $2%.*s limit $3",
		                        STR_ARG(record_may(a, g, r))));
	if (r == &account_record)
		return "select t.id, t.name, t.name_key, '', 0 from account t where t.org_id = $1 and $2 = $2 "
		       "{may:deals "
		       "t.owner} limit $3";
	if (r == &contact_record)
		return "select t.id, t.name, t.name_key, coalesce(t.email, ''), coalesce(t.account, 0) from contact t "
		       "where "
		       "t.org_id = $1 and $2 = $2 and (t.account is null or exists (select 1 from account a where "
		       "a.org_id = "
		       "t.org_id and a.id = t.account {may:deals a.owner})) limit $3";
	return "select t.id, t.name, t.name_key, '', coalesce(t.account, 0) from deal t where t.org_id = $1 and $2 = "
	       "$2 and "
	       "t.outcome = 'open' {may:deals t.owner} limit $3";
}

static enum err
load_all(struct finding *f)
{
	struct arena *a = f->r->arena;
	struct rows rows;
	enum err e = record_query(
	        f->r->conn, a, &f->r->grant, sql_of(a, &f->r->grant, f->record), DB_ARGS(DB_I(LOOKED_AT)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		struct one x = { .row = db_int(&rows, 0),
			.name = db_text(&rows, 1),
			.key = db_text(&rows, 2),
			.mail = str_fold(a, db_text(&rows, 3)),
			.within = db_int(&rows, 4) };
		if (f->record == &account_record)
			x.key = account_key(a, x.key);
		if (is_prospect(f->record))
			x.company = account_key(a, str_fold(a, db_text(&rows, 5)));
		x.back = backwards(a, x.key);
		arena_grow(a, f->all, f->n, f->cap);
		f->all[f->n++] = x;
	}
	return db_end(&rows);
}

static enum err
is_distinct(struct finding *f, id a, id b, bool *ret)
{
	int64_t one;
	enum err e = db_one_int(f->r->conn,
	        "select 1 from distinct_pair where org_id = $1 and kind = $2 and one = $3 and other = $4",
	        DB_ARGS(DB_I(f->r->actor.org), DB_T(str_of(f->record->name)), DB_I(a < b ? a : b), DB_I(a < b ? b : a)),
	        &one);

	*ret = e == OK;
	return e == ERR_ABSENT ? OK : e;
}

static enum err
push_pair(struct finding *f, const struct one *x, const struct one *y, const char *why)
{
	struct duplicate_list *l = f->ret;
	const struct one *a = x->row < y->row ? x : y, *b = a == x ? y : x; /* the older stays */
	bool distinct;

	for (size_t i = 0; i < l->n; i++)
		if (l->pairs[i].a == a->row && l->pairs[i].b == b->row)
			return OK;
	if (l->n == PAIRS_MOST) {
		l->more = true;
		return OK;
	}
	enum err e = is_distinct(f, a->row, b->row, &distinct);
	if (e != OK || distinct)
		return e;
	arena_grow(f->r->arena, l->pairs, l->n, f->cap_pairs);
	l->pairs[l->n++] = (struct duplicate){ a->row, b->row, a->name, b->name, why };
	return OK;
}

/* Both say where they work, and not the same. */
static bool
elsewhere(const struct one *x, const struct one *y)
{
	return x->company.n && y->company.n && !str_eq(x->company, y->company) &&
	       near_distance(x->company, y->company, 1) > 1;
}

/* Why the two may be one; NULL: they are not. */
static const char *
reason(const struct record *r, const struct one *x, const struct one *y)
{
	size_t letters = str_letters(x->key) < str_letters(y->key) ? str_letters(x->key) : str_letters(y->key);
	int most = letters < 6 ? 0 : letters < 12 ? 1 : 2;

	if (x->mail.n && str_eq(x->mail, y->mail))
		return "the same e-mail address";
	if (r != &account_record && (x->within != y->within || elsewhere(x, y)))
		return NULL;
	if (!x->key.n || !y->key.n)
		return NULL;
	if (str_eq(x->key, y->key))
		return r == &account_record ? "the same name but for its legal form or signs"
		       : is_prospect(r)     ? "the same name"
		                            : "the same name at the same account";
	/* What differs in a figure is another one: "Plant 1", "Plant 2". */
	for (size_t i = 0; i < x->key.n; i++)
		if (isdigit((unsigned char)x->key.s[i]) && !memchr(y->key.s, x->key.s[i], y->key.n))
			return NULL;
	for (size_t i = 0; i < y->key.n; i++)
		if (isdigit((unsigned char)y->key.s[i]) && !memchr(x->key.s, y->key.s[i], x->key.n))
			return NULL;
	if (most && near_distance(x->key, y->key, most) <= most)
		return most == 1 ? "one letter apart" : "one or two letters apart";
	return NULL;
}

static int
by_key(const void *x, const void *y)
{
	const struct one *a = x, *b = y;
	int c = str_cmp(a->key, b->key);

	return c ? c : a->row < b->row ? -1 : a->row > b->row;
}

static int
by_back(const void *x, const void *y)
{
	const struct one *a = x, *b = y;
	int c = str_cmp(a->back, b->back);

	return c ? c : a->row < b->row ? -1 : a->row > b->row;
}

static int
by_mail(const void *x, const void *y)
{
	const struct one *a = x, *b = y;
	int c = str_cmp(a->mail, b->mail);

	return c ? c : a->row < b->row ? -1 : a->row > b->row;
}

static enum err
look_by(struct finding *f, int (*order)(const void *, const void *))
{
	enum err e = OK;

	if (f->n)
		qsort(f->all, f->n, sizeof *f->all, order);
	for (size_t i = 0; e == OK && i < f->n && !f->ret->more; i++)
		for (size_t k = i + 1; e == OK && k < f->n && k <= i + NEIGHBOURS; k++) {
			const char *why = reason(f->record, &f->all[i], &f->all[k]);
			if (why)
				e = push_pair(f, &f->all[i], &f->all[k], why);
		}
	return e;
}

enum err
duplicates_find(struct request *r, const struct record *rec, struct duplicate_list *ret)
{
	struct finding f = { .r = r, .record = rec, .ret = ret };
	enum err e = load_all(&f);

	if (e == OK)
		e = look_by(&f, by_key);
	if (e == OK)
		e = look_by(&f, by_back);
	if (e == OK && (rec == &contact_record || is_prospect(rec)))
		e = look_by(&f, by_mail);
	return e;
}

enum err
duplicates_near(struct request *r, const struct record *rec, str name, str mail, str company, id within, size_t most,
        struct duplicate_list *ret)
{
	struct finding f = { .r = r, .record = rec, .ret = ret };
	struct one x = { .name = name,
		.key = str_fold(r->arena, name),
		.mail = str_fold(r->arena, mail),
		.within = within,
		.company = account_key(r->arena, str_fold(r->arena, company)) };
	enum err e = load_all(&f);

	if (rec == &account_record)
		x.key = account_key(r->arena, x.key);
	for (size_t i = 0; e == OK && i < f.n; i++) {
		const char *why = reason(rec, &x, &f.all[i]);
		if (!why)
			continue;
		if (ret->n == most) {
			ret->more = true;
			break;
		}
		arena_grow(r->arena, ret->pairs, ret->n, f.cap_pairs);
		ret->pairs[ret->n++] =
		        (struct duplicate){ .b = f.all[i].row, .name_a = name, .name_b = f.all[i].name, .why = why };
	}
	return e;
}
