/* What the pages of goals and recognition show; filled by pages.c, written by motivation.html.
   What it is not for: rules (records.c). */
#ifndef AREAS_MOTIVATION_VIEW_H
#define AREAS_MOTIVATION_VIEW_H

#include "areas/motivation/motivation.h"
#include "html/widgets.h"

enum { GOALS_SHOWN = 40, RECOGNITIONS_SHOWN = 40, KEPT_SHOWN = 60 };

struct recognition_row {
	struct recognition x;
	str giver, person, skill, kept; /* kept: the commitment's words */
};

struct kept_choice {
	id commitment;
	str label; /* "Ada: when …, then I …" */
};

struct motivation_view {
	struct own_goal *goals;
	str *readers; /* beside each */
	size_t n_goals;
	struct liked mine;
	struct recognition_row *got, *gave;
	size_t n_got, n_gave;
	struct kept_choice *kept;
	size_t n_kept;
	str their_way; /* of the person chosen in a refused form, or ?for= */
	id who;
};

struct motivation_panel {
	str name;
	struct own_goal *goals; /* shared with who asks */
	size_t n_goals;
	struct liked how;
};

#endif
