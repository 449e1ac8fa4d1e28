/* One change to many records of a kind: chosen in the table or all of a filter, tried first, refusals named, one change
   set (30). Deals and prospects are edited so, each with wishes of its own.
   What it is not for: what a wish does to one record (bulk.c of each area). */
#ifndef AREAS_DEALS_MANY_H
#define AREAS_DEALS_MANY_H

#include "areas/deals/filter.h"

#define MANY_MOST         1000 /* records in one change set: other writes wait for it */
#define MANY_REFUSED_MOST 100  /* named one by one */
#define MANY_WORDS        80

enum many_fate { MANY_CHANGES, MANY_SAME, MANY_REFUSED };

struct many_refusal {
	id row;
	str name, why;
};

struct many;

/* How records of one kind are edited together. */
struct many_kind {
	const struct record *record; /* its name is that of the boxes in the table */
	const char *page, *path;     /* where the table stands, and this: "/deals", "/deals/bulk" */
	const char *kept;            /* fields of the form that the preview carries on, blank-separated */
	void (*fields)(struct view *view, const struct many *m, struct request *r); /* of the form */
	/* Reads the wish of the form into m->wish and m->words; faults at the fields. */
	enum err (*read)(struct request *r, struct many *m);
	/* What one of them becomes. *ret_why: refused, in these words; *ret_more: more than its own fields changes. */
	enum err (*apply)(struct change *c, struct many *m, void *after, str *ret_why, bool *ret_more);
	/* Saves what apply made of it, with what follows; NULL: the record alone. */
	enum err (*save)(struct change *c, struct many *m, const void *before, void *after);
	/* Into the trash: whether it may go, and goes. NULL: not from here. */
	enum err (*try_out)(struct change *c, const void *row);
	enum err (*take_out)(struct change *c, const void *row);
};

struct many {
	const struct many_kind *kind;
	const struct record *own; /* with the company's own fields, none of them required */
	void *own_wish;           /* a record of that kind: the values of own fields that all of them get */
	void *wish;               /* of the kind */
	char *rows;               /* structs of the record, by the versions that were shown */
	size_t n;
	bool more;  /* there are more than that */
	str query;  /* the filter they were found by; empty: picked one by one */
	str picked; /* "ID:VERSION ID:VERSION …" */
	str *words; /* "Owner → Ada", of the wish */
	size_t n_words;
	bool remove; /* into the trash */
	/* what came of it */
	bool tried, write;
	size_t counts[3]; /* by enum many_fate */
	struct many_refusal refused[MANY_REFUSED_MOST];
	size_t n_refused;
};

void *many_row(const struct many *m, size_t i);
str many_name(const struct many *m, size_t i);
/* "Owner → Ada"; nothing where the value is empty. */
void many_word(struct request *r, struct many *m, const char *label, str value);
/* What the form chose of that record; a choice that is none of those offered is a fault at its field. */
id many_chosen(struct request *r, const char *field, const struct record *rec);
/* The two pages: the form, and what is posted from it. */
enum err many_page(struct request *r, const struct many_kind *kind);
enum err many_act(struct request *r, const struct many_kind *kind);
/* For the preview: the fields that it carries on, as hidden ones. */
void tpl_many_kept(struct view *view, const struct many *m, struct request *r);
void tpl_many_fields(struct view *view, const struct many *m, struct request *r);

#endif
