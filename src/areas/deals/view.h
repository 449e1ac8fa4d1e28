/* What the pages of deals show: cards, columns, rows. Filled by board.c, list.c, deal.c; written by *.html.
   What it is not for: rules (rules.c, health.c). */
#ifndef AREAS_DEALS_VIEW_H
#define AREAS_DEALS_VIEW_H

#include <string.h>

#include "areas/deals/health.h"
#include "areas/deals/rates.h"
#include "areas/deals/source.h"
#include "areas/process/standard.h"
#include "html/svg.h"
#include "page/own.h"

struct deal_card {
	id deal, owner, stage;
	int64_t version;
	str name, account, owner_name, initials, avatar, next_step;
	money value;
	bool has_value, from_list, open;
	day next_step_on, closes_on;
	struct health_reason why[8];
	size_t n_why;
	int64_t done, steps; /* steps of the stage */
	str stage_name;
};

struct board_column {
	const struct stage *stage;
	struct deal_card *cards;
	size_t n_cards;
	int64_t n; /* all, not only those shown */
	money sum;
	str note; /* what other currencies are in it, or left out (D3) */
};

struct board_view {
	struct board_column *columns;
	size_t n;
	const struct stage *stages; /* for "Move to" */
	size_t n_stages;
	id process, person;
	str scope;       /* all, team, mine */
	str silent;      /* what the file lacks (P5a) */
	str query, sort; /* the filter and order in the address */
	str table;       /* the same deals in the table */
	int64_t n_flagged;
	struct totals totals;
	bool known; /* the totals; else they come in a second fragment */
	bool empty;
	bool few;  /* the team is small */
	str among; /* ids that a filter leaves few of (list_narrow) */
	bool has_quarter;
	struct svg_strip quarter; /* the open ones: those that close by its end */
	struct rate_said quarter_said;
	str quarter_name;
	struct rule_book book;
};

struct activity_row {
	str kind, subject, text, person;
	day on_day;
};

/* The quarter's strip above the board; none for the whole company, or where nobody set a target. */
enum err board_quarter(struct request *r, struct board_view *b);
str card_name(struct arena *a, str name, str account);

/* Reads the columns of card_columns from a row on. */
extern const char card_columns[];
void card_read(struct request *r, const struct rows *rows, struct rule_book *book, struct deal_card *ret);
enum err board_page(struct request *r);
enum err board_totals(struct request *r);
enum err deal_page(struct request *r);
enum err deal_new(struct request *r);
enum err deal_create(struct request *r);
enum err deal_edit(struct request *r);
enum err deal_update(struct request *r);
enum err deal_move(struct request *r);
enum err deal_step(struct request *r);
enum err deal_activity(struct request *r);
enum err deals_attention(struct request *r, int64_t *ret);
enum err part_save(struct request *r);
enum err part_drop(struct request *r);
enum err mention_read(struct request *r);
enum err palette(struct request *r);
enum err search_page(struct request *r);

extern const struct route deal_routes[];
extern const struct act_body deals_acts[]; /* what they take */

#endif
