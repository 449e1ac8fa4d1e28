/* What the designer's pages show; filled by list.c, edit.c, publish.c, written by *.html.
   What it is not for: what a version is (process/version.h). */
#ifndef AREAS_DESIGN_VIEW_H
#define AREAS_DESIGN_VIEW_H

#include "areas/deals/deals.h"
#include "areas/process/plain.h"
#include "page/page.h"

struct design_row {
	struct process p;
	int64_t stages, steps, deals; /* deals: open ones, as the grant reads */
	bool mirror;
};

struct design_list {
	struct design_row *rows;
	size_t n;
	bool may;
	str file; /* of a refused import: kept */
};

struct design_view {
	struct version v;
	struct condition_world world;
	bool may;  /* design at all: the head and administrators */
	bool edit; /* this version can be changed */
	bool draft;
	int64_t *deals; /* open ones on each stage */
	int64_t n_deals;
	const struct stage *stage; /* of a form */
	const struct step *step;
	struct content_shown *contents;
	size_t n_contents;
	id published, own_draft; /* other versions of the line; 0: none */
	str base_name;
};

struct design_publish {
	struct design_view d;
	struct version old;
	bool has_old;
	struct version_change *changes;
	size_t n;
	int64_t *deals; /* open deals on the stage of each change */
	struct faults blocked;
};

struct design_mapping {
	const struct stage *from, *to; /* to NULL: nothing fits, choose */
	id chosen;
	int64_t deals;
};

struct design_move {
	struct design_view d; /* the version they move to */
	struct version old;   /* the one they stand on */
	struct design_row *others;
	size_t n_others;
	struct design_mapping *maps;
	size_t n;
	int64_t n_deals, n_steps,
	        n_kept; /* steps: completions that go along; kept: those that stay with the old version */
	bool tried;
};

/* ERR_DENIED unless they may design. */
enum err design_may(struct request *r);
/* The version in the address with what its pages need. */
enum err design_load(struct request *r, id process, struct design_view *ret);
/* The same, refused unless it may be changed. */
enum err design_load_draft(struct request *r, struct design_view *ret);
enum err design_show(struct request *r, struct design_view *v);
enum err design_go(struct request *r, id process, id set, const char *anchor);

enum err design_list_page(struct request *r);
enum err design_page(struct request *r);
enum err design_new(struct request *r);
enum err design_name(struct request *r);
enum err design_draft(struct request *r);
enum err design_drop(struct request *r);
enum err design_retire(struct request *r);
enum err design_file(struct request *r);
enum err design_import(struct request *r);

enum err design_stage_add(struct request *r);
enum err design_stage_form(struct request *r);
enum err design_stage_save(struct request *r);
enum err design_stage_place(struct request *r);
enum err design_stage_drop(struct request *r);
enum err design_step_add(struct request *r);
enum err design_step_form(struct request *r);
enum err design_step_save(struct request *r);
enum err design_step_place(struct request *r);
enum err design_step_drop(struct request *r);

enum err design_rules_form(struct request *r);
enum err design_rules_save(struct request *r);
enum err design_reason_add(struct request *r);
enum err design_reason_save(struct request *r);
enum err design_next_add(struct request *r);
enum err design_next_drop(struct request *r);

enum err design_publish_page(struct request *r);
enum err design_publish_act(struct request *r);
enum err design_move_page(struct request *r);
enum err design_move_act(struct request *r);

/* What stands in a field: as typed when the form came back, else the record's. */
str design_typed(struct request *r, const struct record *rec, const char *name, const void *object);
/* A condition as a sentence; what is wrong with it when something is. */
str design_sentence(struct request *r, const struct condition_world *w, str text);
str design_condition_fault(struct request *r, const struct condition_world *w, str text);
/* The condition's text with the term put together from the builder's fields, if one was. */
str design_built(struct request *r, str text);

#endif
