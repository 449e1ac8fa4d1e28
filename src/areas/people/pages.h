/* Pages of people: the line, one person, the company's settings, invitations, first steps.
   What it is not for: what is kept about a person (leadership/me.c gathers that). */
#ifndef AREAS_PEOPLE_PAGES_H
#define AREAS_PEOPLE_PAGES_H

#include "areas/people/people.h"
#include "page/page.h"

struct person_row {
	struct person p;
	int depth;
	str manager_name, initials, avatar;
	bool can_sign_in;
};

struct people_view {
	struct person_row *rows;
	size_t n;
	struct person_row *unplaced;
	size_t n_unplaced;
	id head;
	str head_name;
};

struct person_view {
	struct person p;
	str manager_name, initials, avatar, role, who_sees;
	bool mine, admin, creating, can_sign_in;
	bool places; /* leads the person, or administers: may transfer, hand over, enter absences */
	struct person_row *reports;
	size_t n_reports;
	int64_t open_deals;
	str link; /* of an invitation just made */
};

struct company_view {
	struct company o;
	str link;
};

extern const struct route people_routes[];

#endif
