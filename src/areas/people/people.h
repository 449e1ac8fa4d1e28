/* People, the company, absences, and the reporting line with its closure (O1–O9).
   What it is not for: logins (auth/), and what people owe each other (commitments/). */
#ifndef AREAS_PEOPLE_PEOPLE_H
#define AREAS_PEOPLE_PEOPLE_H

#include "record/record.h"

enum role { ROLE_NONE, ROLE_SELLER, ROLE_MANAGER, ROLE_LEADER, ROLE_HEAD, ROLE_COACH };
extern const struct choice role_choices[];

struct person {
	struct row row;
	str name, email, title, office;
	int role;         /* enum role: which default obligations and which Today */
	id manager;       /* 0: the head, or not yet placed (O1) */
	day manager_from; /* since when (O2) */
	day started_on, left_on;
	str source, external_id; /* where an import found them */
};

struct company {
	struct row row; /* its id is the org's */
	str name, currency, zone;
	int profile;        /* choice: open, line, agreement (O5) */
	day profile_from;   /* in force since; a works agreement: its own day, figures of people begin on it */
	int profile_before; /* what it was before; 0: never another */
	day profile_said;   /* announced on; DAY_NONE: never another */
	day as_of;          /* read as of that day (D5a); DAY_NONE: today */
	bool sample;        /* the generator's: marked everywhere, removed in one step */
	id head;            /* 0 until set-up names them (O1) */
	str sponsor_name, sponsor_email; /* O8 */
	id sponsor;                      /* a person, where the sponsor is one here */
};

struct absence {
	struct row row;
	id person;
	day from_day, to_day; /* inclusive; never why (O7) */
	int64_t share;        /* percent of working time left: 0 away, 50 half time */
};

enum { COMPANY_OPEN = 1, COMPANY_LINE, COMPANY_AGREEMENT }; /* of company.profile */
extern const struct choice profiles[];
#define PROFILE_SAID_DAYS 14 /* so long everybody's Today says that who sees what has changed (O5) */
struct request;
struct today_items;
enum err profile_today(struct request *r, struct today_items *ret);

extern const struct record person_record, company_record, absence_record;

/* line(org, above, below, depth, from_day, to_day): closure of today's tree, dated (O2). */
extern const char line_schema[];

#endif
