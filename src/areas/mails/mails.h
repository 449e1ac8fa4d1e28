/* Letters to people: the weekly brief of each role (L5), the digest of a day, and entries for a calendar (C10); what is
   due when, and whether somebody wants them. What it is not for: handing letters over (mail/), or the page that the
   head acts on (leadership/brief.c).
 */
#ifndef AREAS_MAILS_MAILS_H
#define AREAS_MAILS_MAILS_H

#include "mail/mail.h"
#include "page/page.h"

enum mail_kind { MAIL_NONE, MAIL_BRIEF, MAIL_DIGEST, MAIL_INVITE, MAIL_KINDS };
enum mail_state { MAIL_STATE_NONE, MAIL_WAITING, MAIL_SENT, MAIL_EMPTY, MAIL_FAILED };

/* That a letter of a kind is for one person on one day, and what became of it. What it says is written when it is sent
   and kept nowhere: it holds a link. Of a day's changes in a calendar there is one, which waits again with the next
   change. */
struct mail {
	struct row row;
	id person;
	int kind;   /* enum mail_kind */
	day on_day; /* a brief: the Monday of its week */
	int state;  /* enum mail_state */
	int64_t tries;
	int64_t next_at, sent_at; /* instants */
	str why;                  /* what the server said last */
};

/* No row: the person wants them; entries for a calendar only with one that says so (mail_off_at_first). */
struct mail_wish {
	struct row row;
	id person;
	int kind;
	bool off;
};

extern const struct record mail_record, mail_wish_record, invitation_record;
extern const struct choice mail_kinds[], mail_states[];

enum { MAIL_FIRST_MINUTE = 6 * 60 + 30, MAIL_MOST_TRIES = 6 };

/* Is that kind not sent to somebody who never said anything? Whoever's calendar reads the feed would have each session
   twice. */
static inline bool
mail_off_at_first(int kind)
{
	return kind == MAIL_INVITE;
}

struct invitation;

/* What the program mails with. */
struct mails {
	struct db *db;
	const struct page_env *env; /* env->base starts every address in a letter */
	struct mail_server server;
};

/* Letters of a company that are due and not noted yet. */
struct mail_batch {
	id org;
	struct mail *mails;
	size_t n, cap;
};

/* Notes what is due now in the company's zone, once for each person, kind and day: the brief from Monday to Wednesday
   of a week in which none was, else the digest from Monday to Friday; from 06:30 on, to people with a sign-in who did
   not end that kind. At any hour of any day: changes of sessions to calendars, gathered for a few minutes. Nothing for
   the sample company, nor for one that is read as of a past day. ret_n: noted now. */
enum err mails_plan(struct db *d, struct arena *a, id org, size_t *ret_n);

/* Sends up to `most` that wait and whose time has come; each is claimed before it is sent, so that of two programs on
   one database one sends it. A letter with nothing to say is not sent (MAIL_EMPTY). told: after each, may be NULL. */
typedef void (*mail_told)(void *what, const struct mail *m, str to);
enum err mails_send(
        const struct mails *m, struct arena *a, id org, size_t most, mail_told told, void *what, size_t *ret_n);

/* The letter of that kind to that person, as it would be sent now. link: with single-purpose links made for it;
   without, where people only look. ERR_ABSENT: nothing to say. ret_told, may be NULL: what the person's calendar is
   told by it, to be saved once it is sent. */
struct mail_told {
	struct invitation *told;
	size_t n;
};
enum err mail_write(struct mails const *m, struct conn *c, struct arena *a, id org, id person, enum mail_kind kind,
        bool links, struct letter *ret, struct mail_told *ret_told);

/* A thread that plans and sends, every twenty seconds. */
struct mailer;
struct mailer *mailer_open(const struct mails *m); /* NULL: no memory or thread */
void mailer_close(struct mailer *m);

/* All companies of the base. */
enum err mails_companies(struct conn *c, struct arena *a, id **ret, size_t *ret_n);

extern const struct route mail_routes[];
extern const struct act_body mails_acts[]; /* what they take */
enum err mail_link_show(struct request *r);
enum err mail_link_act(struct request *r);

#endif
