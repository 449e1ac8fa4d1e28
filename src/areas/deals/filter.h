/* A filter of the deals as it stands in the address: read, said as a sentence, summed. Table, board, kept views, the
   file and bulk edits read it the same way (D2), so that none of them shows other deals. What it is not for: the pages
   themselves (list.c, board.c). */
#ifndef AREAS_DEALS_FILTER_H
#define AREAS_DEALS_FILTER_H

#include "areas/deals/rates.h"
#include "areas/deals/view.h"

#define FILTER_TERMS 12

/* One filter of the address. */
struct filter_term {
	str name, value; /* as in the address */
	str words;       /* "Stage is Propose" */
	str query;       /* the filter without it */
	int64_t found;   /* deals without it, -1: not counted */
};

struct deal_filter {
	struct list list;            /* filters and order */
	const struct record *record; /* with the company's own fields */
	struct filter_term terms[FILTER_TERMS];
	size_t n_terms;
	str query; /* as it stands in the address, without order and page */
	str sort;  /* as it stands there: "-value" */
};

/* Reads the address; what fits nothing is a fault and left out. */
void filter_read(struct request *r, struct deal_filter *f);
/* The same of another record, whose lists read like those of deals. */
void filter_read_of(struct request *r, const struct record *of, struct deal_filter *f);
/* The same from a kept query or a form's field instead of the address. */
void filter_read_query(struct request *r, const struct record *of, str query, struct deal_filter *f);
/* "Stage is Propose", "Value at least €10,000.00" */
str filter_words(struct request *r, const struct deal_filter *f, const struct filter *x);
/* "page?query", "page" where that is empty. */
str filter_address(struct arena *a, const char *page, str query);
/* A list of the tags that stand at deals who asks may see, for an input to propose. */
void tpl_tag_names(struct view *view, struct request *r, const char *list);
/* The field "owner.below": those somebody reports to, and the one chosen. */
void tpl_filter_leaders(struct view *view, struct request *r);

/* " and …" for the rows d: those ids alone, which list_narrow found and parameter `at` holds; nothing where it found
   none. */
str filter_among(struct arena *a, str ids, size_t at);
/* Totals of all deals that fit and that the grant reads. `now`: only when it costs little, from the kept sums or among
   few deals; *ret_known tells whether it was done (D2: else they come in a second fragment). */
enum err filter_totals(struct request *r, const struct deal_filter *f, bool now, struct totals *ret, bool *ret_known);
/* The same for each stage of a process, open ones alone; totals[i] belongs to stages[i]. */
enum err filter_stage_totals(struct request *r, const struct deal_filter *f, id process, const struct stage *stages,
        size_t n, bool now, struct totals *ret, bool *ret_known);

/* ---- the board's ways: the same filter elsewhere ---- */
#define CARDS_SHOWN 60
str board_table(struct arena *a, const struct board_view *b, str more); /* query for the table, with more */
str board_scope(struct arena *a, const struct board_view *b, const char *scope);
str board_scope_of(struct arena *a, const struct board_view *b); /* without the filter */
str board_stage(struct arena *a, const struct board_view *b, const struct stage *s);
str board_later(struct arena *a, const struct board_view *b);

#endif
