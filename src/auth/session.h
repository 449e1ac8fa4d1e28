/* Signing in: passwords (Argon2id), sessions, single-purpose links, tokens. Secrets leave once and are stored as
   hashes. What it is not for: what somebody may (grant.h). */
#ifndef AUTH_SESSION_H
#define AUTH_SESSION_H

#include "auth/actor.h"
#include "db/db.h"

enum err auth_start(void); /* libsodium; once per program */

/* ---- logins ---- */
/* In a transaction. person and admin describe the membership; ERR_DUPLICATE when the e-mail has a login already. */
enum err login_make(struct conn *c, struct arena *a, id org, str email, id person, bool admin, id *ret);
enum err login_find(struct conn *c, struct arena *a, str email, id *ret);
/* Faults at "password": 10 to 200 letters, not the e-mail. Hashes outside the transaction; ends the login's other
 * sessions. */
enum err login_set_password(struct db *d, struct arena *a, id login, str password, struct faults *f);
/* Which person of the company a login is (0: none), and its theme ("dark", "light"). In a transaction. */
enum err membership_tie(struct conn *c, id org, id login, id person);
enum err membership_theme(struct conn *c, id org, id login, str theme);
enum err membership_keys(struct conn *c, id org, id login, bool off); /* single keys, switched off */
/* The person's sign-ins to this company end, with their sessions and keys. In a transaction. */
enum err membership_end(struct conn *c, id org, id person);
enum err login_disable(struct db *d, struct arena *a, id login);
/* The company's sessions, links, tokens, readings, memberships, and logins that belong to no other. In a transaction.
 */
enum err auth_remove_company(struct conn *c, id org);

/* ---- sessions ---- */
#define SESSION_IDLE_MS (INT64_C(14) * 86400000)
#define SESSION_END_MS  (INT64_C(90) * 86400000)
/* A fault at "password" that does not tell which of the two was wrong. After five failures each further one waits
 * longer. */
enum err sign_in(struct db *d, struct arena *a, str email, str password, str agent, struct faults *f, str *ret_secret);
enum err session_open(struct db *d, struct arena *a, id login, id org, str agent, str *ret_secret);
enum err session_close(struct db *d, struct arena *a, id session);
enum err session_close_all(struct db *d, struct arena *a, id login, id but);
/* Who a cookie's secret stands for. ERR_SIGNED_OUT when nobody. May say that the idle end wants moving (ret_touch). */
enum err actor_of_session(struct conn *c, struct arena *a, str secret, struct actor *ret, bool *ret_touch);
enum err session_touch(struct db *d, struct arena *a, str secret);

/* ---- links: "setup", "signin", "invite", "reset", "confirm", "brief", "calendar", "mail" ---- */
struct link {
	id link, org, login, person, target, made_by;
	str kind;
	instant made_at, end_at, used_at; /* used_at 0: not yet */
	bool many;                        /* may be used again until it ends */
};
enum err link_make(struct conn *c, struct arena *a, struct link *l, str *ret_secret);
/* ERR_ABSENT: unknown, used up or over: the same answer. */
enum err link_find(struct conn *c, struct arena *a, str secret, struct link *ret);
enum err link_use(struct conn *c, struct arena *a, str secret); /* ERR_ABSENT when it was used meanwhile */
/* Those of that kind of this person stop working. In a transaction. */
enum err link_end(struct conn *c, id org, id person, str kind);
/* The actor that a link stands for: its person with nothing but the link's purpose. */
enum err actor_of_link(struct conn *c, struct arena *a, const struct link *l, struct actor *ret);

/* ---- tokens for programs: "ride_" and a checksum ---- */
enum err token_make(
        struct conn *c, struct arena *a, id org, id login, str name, str scopes, instant end_at, str *ret_secret);
enum err actor_of_token(struct conn *c, struct arena *a, str secret, struct actor *ret);

/* ---- the command line ---- */
/* The administrator's actor of the only (or named) company; ERR_ABSENT without one. */
enum err actor_of_command(struct conn *c, struct arena *a, struct actor *ret);
/* Fills the company's part of an actor whose org, person and login are known. */
enum err actor_fill(struct conn *c, struct arena *a, struct actor *who);

/* C5a, O7: that `reader` opened somebody else's text; in its own transaction, before the text is sent. Once a day each.
 */
enum err reading_note(
        struct db *d, struct arena *a, const struct actor *reader, id about, str record, id row, day today);

#endif
