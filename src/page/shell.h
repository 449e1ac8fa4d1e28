/* What the shell of every page shows: navigation by role, the person, banners, undo.
   What it is not for: pages of areas (they call page_head and page_foot). */
#ifndef PAGE_SHELL_H
#define PAGE_SHELL_H

#include "page/page.h"

struct shell_link {
	str label, href, icon, key;
	const char *nav;
	bool here;
	str badge, badge_what; /* "4", "need attention"; empty: nothing waits there */
};

struct shell_group {
	str title;
	struct shell_link links[12];
	size_t n;
};

struct shell {
	str title, subtitle, tag, version, org, name, initials, avatar, csrf, as_of, path, printed;
	str at; /* a moment before this page was made, as an id: what live updates have to tell begins there */
	str done, done_what; /* change set to undo, and its reason */
	const struct crumb *crumbs;
	size_t n_crumbs;
	struct shell_group groups[3];
	size_t n_groups;
	const struct shell_link *quick[4];
	size_t n_quick;
	bool dark, sample, admin, person;
};

#endif
