/* Pages of people: the line, one person, the company's settings, invitations, first steps.
   What it is not for: what is kept about a person (leadership/me.c gathers that). */
#ifndef AREAS_PEOPLE_PAGES_H
#define AREAS_PEOPLE_PAGES_H

#include "areas/people/people.h"
#include "auth/session.h"
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

/* An invitation: whoever holds its link chooses the password of the person's sign-in, which is made where there is
 * none. */
struct invite {
	struct person p;
	struct link link; /* org, kind, made_by, end_at from the caller */
	str secret;
};

/* For db_write. ERR_DUPLICATE: the e-mail signs in to another company here, too, whose sign-in nobody else may open. */
enum err invite_work(struct conn *c, struct arena *a, void *invite);

/* One who may be invited: has an e-mail, has not left, has no password yet. */
struct invitee {
	struct person p;
	str manager_name;
	instant out_until; /* 0: no unused link is out */
	bool chosen, elsewhere;
	str link; /* just made */
};

struct invites_view {
	struct invitee *all;
	size_t n, n_made, n_elsewhere;
	int64_t n_no_mail; /* people without an e-mail */
	str text;          /* names, addresses and links, a line each */
};

enum err invites_page(struct request *r);
enum err invites_make(struct request *r);

extern const struct route people_routes[];
extern const struct act_body people_acts[]; /* what they take */

#endif
