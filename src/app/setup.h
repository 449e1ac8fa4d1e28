/* Making a company: its row, the administrator's login, the first process, the skills (first five minutes).
   What it is not for: people and deals (imports and pages bring those). */
#ifndef APP_SETUP_H
#define APP_SETUP_H

#include "auth/session.h"
#include "record/record.h"

struct setup {
	str name, currency, zone, email;
	bool sample;
	id org; /* 0: a new one */
	id ret_login;
};

/* Faults at "company", "currency", "zone", "email". */
enum err setup_company(struct db *d, struct arena *a, struct setup *s, struct faults *f);
/* A one-time link that signs this login in; end in a day. */
enum err setup_sign_in_link(struct db *d, struct arena *a, id org, id login, str *ret_secret);
/* The link of a database without a company: four questions behind it. */
enum err setup_link(struct db *d, struct arena *a, str *ret_secret);

#endif
