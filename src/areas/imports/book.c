#include "areas/imports/book.h"

#include <string.h>

#include "areas/people/people.h"

static size_t
slot_of(const struct names *n, str key)
{
	size_t i = (size_t)(str_hash(key) & (n->n_slots - 1));

	while (n->slots[i] && !str_eq(n->items[n->slots[i] - 1].key, key))
		i = (i + 1) & (n->n_slots - 1);
	return i;
}

size_t
names_find(const struct names *n, str key)
{
	if (!n->n_slots)
		return SIZE_MAX;
	size_t i = slot_of(n, key);
	return n->slots[i] ? n->items[n->slots[i] - 1].what : SIZE_MAX;
}

static void
grow_slots(struct names *n)
{
	n->n_slots = n->n_slots ? n->n_slots * 2 : 64;
	n->slots = arena_new(n->arena, uint32_t, n->n_slots);
	for (size_t i = 0; i < n->n; i++)
		n->slots[slot_of(n, n->items[i].key)] = (uint32_t)i + 1;
}

void
names_add(struct names *n, str key, size_t what)
{
	if (n->n * 2 >= n->n_slots)
		grow_slots(n);
	size_t i = slot_of(n, key);
	if (n->slots[i])
		return;
	arena_grow(n->arena, n->items, n->n, n->cap);
	n->items[n->n].key = key;
	n->items[n->n].what = what;
	n->slots[i] = (uint32_t)++n->n;
}

static str
id_key(const id *i)
{
	return (str){ (const char *)i, sizeof *i };
}

static str
external_key(struct arena *a, str source, str external_id)
{
	return str_fmt(a, "%.*s\n%.*s", STR_ARG(source), STR_ARG(external_id));
}

static size_t
push(struct book *b, const struct known *k, str name_key, str mail)
{
	arena_grow(b->arena, b->all, b->n, b->cap);
	b->all[b->n] = *k;
	names_add(&b->by_name, name_key, b->n);
	if (mail.n)
		names_add(&b->by_mail, str_fold(b->arena, mail), b->n);
	if (k->external_id.n)
		names_add(&b->by_external, external_key(b->arena, k->source, k->external_id), b->n);
	id *own = arena_copy(b->arena, &k->id, sizeof k->id);
	names_add(&b->by_id, id_key(own), b->n);
	return b->n++;
}

enum err
book_load(struct book *b, struct conn *c, struct arena *keep, const struct grant *g, const struct record *r)
{
	bool people = r == &person_record;
	str sql = str_fmt(keep,
	        "select t.id, t.name, t.name_key, t.source, t.external_id%s from %s t where t.org_id = $1 order by "
	        "t.id",
	        people ? ", t.email, t.manager" : "", r->table);
	struct rows rows;
	enum err e;

	*b = (struct book){ .record = r,
		.arena = keep,
		.by_name.arena = keep,
		.by_mail.arena = keep,
		.by_external.arena = keep,
		.by_id.arena = keep };
	e = db_query(c, keep, str_z(keep, sql), DB_ARGS(DB_I(g->org)), &rows);
	while (e == OK && db_next(&rows)) {
		struct known k = { .id = db_int(&rows, 0),
			.name = db_text(&rows, 1),
			.source = db_text(&rows, 3),
			.external_id = db_text(&rows, 4),
			.above = SIZE_MAX,
			.manager = people ? db_int(&rows, 6) : 0 };
		push(b, &k, db_text(&rows, 2), people ? db_text(&rows, 5) : (str){ 0 });
	}
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; e == OK && i < b->n; i++)
		if (b->all[i].manager)
			b->all[i].above = book_find_id(b, b->all[i].manager);
	return e;
}

size_t
book_find(const struct book *b, struct arena *a, str name)
{
	return names_find(&b->by_name, str_fold(a, name));
}

size_t
book_find_mail(const struct book *b, struct arena *a, str mail)
{
	return names_find(&b->by_mail, str_fold(a, mail));
}

size_t
book_find_external(const struct book *b, struct arena *a, str source, str external_id)
{
	return external_id.n ? names_find(&b->by_external, external_key(a, source, external_id)) : SIZE_MAX;
}

size_t
book_find_id(const struct book *b, id i)
{
	return names_find(&b->by_id, id_key(&i));
}

size_t
book_add(struct book *b, str name, str mail, str source, str external_id)
{
	struct known k = { .id = id_new(),
		.name = str_copy(b->arena, name),
		.source = str_copy(b->arena, source),
		.external_id = str_copy(b->arena, external_id),
		.above = SIZE_MAX,
		.fresh = true };

	return push(b, &k, str_fold(b->arena, name), mail);
}

str
book_squeeze(struct arena *a, str name)
{
	str folded = str_fold(a, name);
	char *to = arena_alloc(a, folded.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < folded.n; i++)
		if (!strchr(" .-_/", folded.s[i]))
			to[n++] = folded.s[i];
	return (str){ to, n };
}

size_t
book_near(const struct book *b, struct arena *a, str name)
{
	str want = book_squeeze(a, name);

	for (size_t i = 0; i < b->n; i++)
		if (str_eq(book_squeeze(a, b->all[i].name), want))
			return i;
	return SIZE_MAX;
}
