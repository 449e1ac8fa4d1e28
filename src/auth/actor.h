/* Who asks: the login and its person, or nobody.
   What it is not for: what they may (grant.h). */
#ifndef AUTH_ACTOR_H
#define AUTH_ACTOR_H

#include "auth/grant.h"
#include "base/time.h"
#include "db/db.h"

enum via { VIA_NOBODY, VIA_SESSION, VIA_TOKEN, VIA_LINK, VIA_COMMAND };

struct actor {
	enum via via;
	id org, login, person, session;
	bool admin; /* may import, invite, set up */
	bool leads; /* somebody reports to this person today */
	bool head;  /* nobody stands above, and set-up named them */
	str name, email;
	str csrf; /* of the session; empty without one */
	str org_name, currency, zone_name;
	enum profile profile;
	day profile_from;    /* since when it is in force; DAY_NONE: unknown */
	day as_of;           /* the company's reading day, DAY_NONE: today */
	bool sample;         /* the sample company */
	bool keys_off, dark; /* own settings */
	str scopes;          /* of a token */
	id link_target;      /* of a single-purpose link */
	str link_kind;
};

#endif
