/* Filters kept under a name (D2): one's own, those that leaders share with the people below, the company's. Lists of
   deals and of prospects keep them in the same way. A view holds a filter and no rows: whoever opens it sees what they
   may see. What it is not for: reading a filter (filter.h). */
#ifndef AREAS_DEALS_VIEWS_H
#define AREAS_DEALS_VIEWS_H

#include "areas/deals/filter.h"

/* A list whose filters can be kept. */
struct view_place {
	const struct record *of;   /* its name stands in the view: "deal" */
	const char *page, *routes; /* "/deals", "/deals/views" */
	const char *example;       /* of a name: "Closing this month" */
	/* Rows of a filter, counted at once where that is quick; else -1, and *ret_later where the count is to be had.
	 */
	enum err (*count)(struct request *r, const struct deal_filter *f, int64_t *ret, str *ret_later);
	enum err (*show)(struct request *r); /* the list, with what was refused */
};

/* One view in the line above the list. */
struct view_tab {
	struct kept_view v;
	str owner; /* whose, when it is not mine */
	bool mine, first;
	int64_t count; /* -1: not counted at once */
	str later;     /* where the count is to be had then; empty: nowhere, there are too many views */
};

struct views {
	const struct view_place *place;
	struct view_tab *all, *here; /* those that may be seen; the one that stands in the address */
	size_t n;
	str query;                   /* the filter that stands in the address */
	bool has_first;              /* the bare address leads to a view */
	bool may_below, may_company; /* share views with */
	str name;                    /* as typed, when keeping was refused */
};

/* query: of the filter that is shown. */
enum err views_load(struct request *r, const struct view_place *at, str query, struct views *ret);
str view_address(struct arena *a, const struct view_place *at, const struct kept_view *v);
/* Of the whole list, also where a view comes first. */
str views_all(struct arena *a, const struct views *v);
/* The view that this person starts with: chosen, else the one shared for their role by the nearest above; empty: none.
 */
enum err view_first(struct request *r, const struct view_place *at, str *ret_address);
/* The acts behind the three routes of a place. */
enum err view_keep(struct request *r, const struct view_place *at);
enum err view_drop(struct request *r, const struct view_place *at);
enum err view_make_first(struct request *r, const struct view_place *at);

#endif
