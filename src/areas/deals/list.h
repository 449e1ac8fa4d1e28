/* The table of deals: a page of rows under a filter, its totals, the views it is kept as, edits in its cells and of
   many rows. What it is not for: reading and summing a filter (filter.h), the board. */
#ifndef AREAS_DEALS_LIST_H
#define AREAS_DEALS_LIST_H

#include "areas/deals/filter.h"
#include "areas/deals/views.h"

struct deal_row {
	const struct deal *d;
	const struct record *record; /* with the company's own fields */
	str account, owner, stage;
	struct health_reason why[8];
	size_t n_why;
	bool may; /* write it */
};

struct list_view {
	struct deal_filter f;
	struct deal_row *rows;
	size_t n;
	struct totals totals;
	bool known; /* the totals; else they come in a second fragment */
	str next;   /* page */
	struct views views;
};

/* ---- rows ---- */
enum err list_rows(struct request *r, const struct deal *deals, size_t n, struct deal_row **ret);
/* One row, as the list shows it; ERR_ABSENT when it may not be seen. */
enum err list_one(struct request *r, id deal, struct deal_row *ret);

/* One field of one row, being edited. */
struct deal_cell {
	const struct deal *d;
	const struct field *field;
	str was, typed; /* what stands there, what stands in the field */
	str theirs;     /* somebody changed it meanwhile to this; empty: nobody did */
};
str deal_cell_text(struct arena *a, const struct deal *d, const struct field *f);
extern const struct route cell_routes[];

/* ---- ways from the list ---- */
str list_query(struct arena *a, const struct list_view *l); /* filter and order, without the page */
str list_next(struct arena *a, const struct list_view *l);
str list_sorted(struct arena *a, const struct list_view *l, const char *field, bool down);
str list_bulk(struct arena *a, const struct list_view *l); /* where all of the filter are edited */
bool list_is_sorted(const struct list_view *l, const char *field);

enum err list_page(struct request *r);

extern const struct route list_routes[];

#endif
