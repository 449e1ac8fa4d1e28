/* What the page on whether coaching works shows; filled by effect_page.c, written by effect.html.
   What it is not for: counting it (effect.h). */
#ifndef AREAS_COACHING_EFFECT_VIEW_H
#define AREAS_COACHING_EFFECT_VIEW_H

#include "areas/coaching/effect.h"
#include "page/page.h"

struct effect_line {
	const struct effect_unit *u;
	str coach, coachee, skill, stage;
};

struct effect_place { /* a stage that a skill may show in */
	id stage;
	str name;
};

struct effect_skill {
	struct skill s;
	id shows; /* among the places */
};

struct effect_view {
	struct effect_all all;
	const struct effect_row *one; /* of a coach, a programme or a skill; NULL: the company */
	struct effect_line *lines;    /* those that who asks may see by name */
	size_t n_lines, n_hidden;
	struct effect_place *places;
	size_t n_places;
	struct effect_skill *skills;
	size_t n_skills;
	bool may; /* say where a skill shows */
};

enum err effect_page(struct request *r);
enum err effect_csv(struct request *r);
enum err effect_place_act(struct request *r);

extern const struct route effect_routes[];

#endif
