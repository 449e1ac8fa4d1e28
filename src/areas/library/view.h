/* What the library's pages show: pieces, where they are shown, how they are used; filled by list.c, piece.c, place.c,
   use.c, written by library.html. What it is not for: the records (process/content.h, coaching/shelf.h). */
#ifndef AREAS_LIBRARY_VIEW_H
#define AREAS_LIBRARY_VIEW_H

#include "areas/coaching/shelf.h"
#include "areas/deals/file_view.h"
#include "html/svg.h"
#include "stats/rate.h"

#define LIBRARY_PAGE  100
#define LIBRARY_WEEKS 12
#define EFFECT_LEAST  10 /* decided deals on either side, below which no share is shown */

/* Where a piece can be shown. A stage or step is named by the first of its line of versions, so it is one place however
   often the process was published since. */
enum place_kind { PLACE_NONE, PLACE_STAGE, PLACE_STEP, PLACE_SKILL, PLACE_FRAMEWORK };

struct library_place {
	int kind; /* enum place_kind */
	id target;
	id content;      /* that is shown there; 0: of places to choose from */
	str at;          /* "step-ID": as forms and addresses say it */
	str group, name; /* "Complex sale", "Discover: cost of the problem agreed" */
	str href;
};

/* PLACE_NONE: no such text. */
int place_parse(str at, id *ret_target);
/* All that can be chosen, by group. */
enum err places_offered(struct request *r, struct library_place **ret, size_t *ret_n);
/* Where a piece is shown; content 0: where every piece is, in any order. */
enum err places_of(struct request *r, id content, struct library_place **ret, size_t *ret_n);
/* " and exists (…)" over content t, the target as argument `arg`; empty for PLACE_NONE. */
str place_where(struct arena *a, int kind, int arg);
/* In the open change set: shows it there, in every version that has the stage or step; takes it from there. Nothing
   happens where it is so already. ERR_INPUT: no such place. */
enum err place_add(struct change *c, id content, int kind, id target);
enum err place_drop(struct change *c, id content, int kind, id target);

struct library_row {
	struct content c;
	int64_t opened; /* in LIBRARY_WEEKS weeks */
	str first;      /* the first of its places */
	int64_t places;
};

struct library_list {
	struct library_row *rows;
	size_t n;
	struct library_place *offered;
	size_t n_offered;
	str has, kind, at, at_name; /* the filter; at_name: of the place, in words */
	bool retired, filtered, may;
	str more; /* the address of what follows; empty: nothing does */
};

/* Openings of the last weeks, of everybody together: who opened it is not kept. */
struct library_use {
	int64_t opened, days, deals;                   /* deals: different ones it was opened from */
	int64_t by_library, by_deal, by_coaching, all; /* all: since ever */
	struct svg_columns weeks;
	day since;
};
enum err library_use(struct request *r, id content, struct library_use *ret);

/* Of decided deals that the asking person sees, on which a step it is shown at was done: those from which it was opened
   before they closed, and the others. */
struct library_effect {
	rate with, without;
	enum rate_verdict verdict;
	bool enough;
};
enum err library_effect(struct request *r, id content, struct library_effect *ret);

struct library_view {
	struct content c, typed;
	bool may, adding, at_step;
	struct library_place *places, *offered;
	size_t n_places, n_offered;
	struct library_use use;
	struct files_view files;
	str at; /* of the form: the place chosen */
};

enum err library_page(struct request *r);
enum err library_csv(struct request *r);
enum err library_new(struct request *r);
enum err library_create(struct request *r);
enum err library_piece(struct request *r);
enum err library_edit(struct request *r);
enum err library_update(struct request *r);
enum err library_retire(struct request *r);
enum err library_show_at(struct request *r);
enum err library_hide_at(struct request *r);
enum err library_open(struct request *r);
enum err library_effect_part(struct request *r);

/* O5: whoever changes processes. */
bool library_may(const struct request *r);

#endif
