/* What of the library helps with a skill or in a session of a framework, and where coaching shows it (K1).
   What it is not for: what helps in a step of a deal (process/content.h), the library's own pages (library/). */
#ifndef AREAS_COACHING_SHELF_H
#define AREAS_COACHING_SHELF_H

#include "areas/process/content.h"
#include "page/page.h"

#define SHELF_MOST 12

/* Shown at one of the two. A framework is named by the first version of its line, so that later ones show it too. */
struct content_topic {
	struct row row;
	id content;
	id skill, framework; /* 0: not this one */
};

extern const struct record content_topic_record;

struct shelf {
	struct content_shown rows[SHELF_MOST]; /* by title; stage and step are 0 */
	size_t n;
};
/* What is shown beside the skill or any version of the framework; 0: not asked for. Retired ones are left out. */
enum err shelf_load(struct request *r, id skill, id framework, struct shelf *ret);
/* A card of links that count the opening; nothing when nothing helps. anchor: of the card's heading. */
void tpl_shelf(struct view *view, const struct shelf *s, str heading, const char *anchor, struct request *r);

#endif
