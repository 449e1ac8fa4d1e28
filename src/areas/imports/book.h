/* Names and what they stand for while a file is read: people, accounts, products, deals by name, e-mail and the
   source's id. What it is not for: storing anything. */
#ifndef AREAS_IMPORTS_BOOK_H
#define AREAS_IMPORTS_BOOK_H

#include "record/record.h"

/* Text → number. */
struct names {
	struct arena *arena;
	struct {
		str key;
		size_t what;
	} * items;
	size_t n, cap;
	uint32_t *slots; /* index + 1 */
	size_t n_slots;
};

size_t names_find(const struct names *n, str key); /* SIZE_MAX */
/* The key must live as long as the arena; an earlier one of the same text stays. */
void names_add(struct names *n, str key, size_t what);

struct known {
	id id;
	str name, source, external_id;
	id manager;   /* of people */
	size_t above; /* index of the manager, SIZE_MAX */
	bool fresh;   /* not stored yet */
	bool taken;   /* the row says so by its looks, not by its key */
	bool in_file; /* a row of this file is about it */
	bool used;    /* a row that counts refers to it */
	int64_t row;  /* … this one */
};

struct book {
	const struct record *record;
	struct arena *arena;
	struct names by_name, by_mail, by_external, by_id;
	struct known *all;
	size_t n, cap;
};

enum err book_load(struct book *b, struct conn *c, struct arena *keep, const struct grant *g, const struct record *r);
/* Folded name; SIZE_MAX when nobody has it. */
size_t book_find(const struct book *b, struct arena *a, str name);
size_t book_find_mail(const struct book *b, struct arena *a, str mail);
size_t book_find_external(const struct book *b, struct arena *a, str source, str external_id);
size_t book_find_id(const struct book *b, id i);
/* A name that is not stored yet, under an id of its own. */
size_t book_add(struct book *b, str name, str mail, str source, str external_id);
/* Folded, without blanks, dots and dashes: "stagename" of "Stage Name". */
str book_squeeze(struct arena *a, str name);
/* The one whose name differs by blanks, dots and dashes only; SIZE_MAX. */
size_t book_near(const struct book *b, struct arena *a, str name);

#endif
