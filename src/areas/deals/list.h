/* The table of deals: a page of rows under a filter, its totals, the views it is kept as, edits in its cells and of
   many rows. What it is not for: reading and summing a filter (filter.h), the board. */
#ifndef AREAS_DEALS_LIST_H
#define AREAS_DEALS_LIST_H

#include "areas/deals/filter.h"

struct deal_row {
	const struct deal *d;
	const struct record *record; /* with the company's own fields */
	str account, owner, stage;
	struct health_reason why[8];
	size_t n_why;
	bool may; /* write it */
};

/* One view in the line above the list. */
struct view_tab {
	struct kept_view v;
	str owner; /* whose, when it is not mine */
	bool mine, first;
	int64_t count; /* -1: not counted at once */
	str later;     /* where the count is to be had then; empty: nowhere, there are too many views */
};

struct list_view {
	struct deal_filter f;
	struct deal_row *rows;
	size_t n;
	struct totals totals;
	bool known;                    /* the totals; else they come in a second fragment */
	str next;                      /* page */
	struct view_tab *views, *view; /* those that may be seen; the one that stands in the address */
	size_t n_views;
	bool has_first;              /* "/deals" alone leads to a view */
	bool may_below, may_company; /* share views with */
	str view_name;               /* as typed, when keeping was refused */
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

/* ---- kept views (views.c) ---- */
enum err views_load(struct request *r, struct list_view *v);
str view_address(struct arena *a, const struct kept_view *v);
/* The view that this person starts with: chosen, else the one shared for their role by the nearest above; empty: none.
 */
enum err view_first(struct request *r, str *ret_address);
enum err view_keep(struct request *r);
enum err view_drop(struct request *r);
enum err view_make_first(struct request *r);

/* ---- ways from the list ---- */
str list_query(struct arena *a, const struct list_view *l); /* filter and order, without the page */
str list_next(struct arena *a, const struct list_view *l);
str list_sorted(struct arena *a, const struct list_view *l, const char *field, bool down);
str list_bulk(struct arena *a, const struct list_view *l); /* where all of the filter are edited */
const char *list_all(const struct list_view *l);           /* of all deals, also where a view comes first */
bool list_is_sorted(const struct list_view *l, const char *field);

enum err list_page(struct request *r);

extern const struct route list_routes[];

#endif
