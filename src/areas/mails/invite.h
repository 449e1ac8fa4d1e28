/* Entries for a person's calendar by letter: what a calendar was told of each session, what differs now, and the letter
   that says it (C10, L5). What it is not for: the form of an entry (calendar/feed.h), the feed that calendars read
   (coaching/calendar.c). */
#ifndef AREAS_MAILS_INVITE_H
#define AREAS_MAILS_INVITE_H

#include "areas/coaching/entry.h"
#include "areas/mails/mails.h"

/* What the calendar of one person was told last. */
struct invitation {
	struct row row;
	id person;
	int64_t session; /* its id: it may be gone */
	id coach, coachee;
	instant start;
	int64_t length, sequence;
	int64_t others; /* of a meeting of several, as its coach has it: a digest of who takes part; 0: the two */
	bool gone;
};

/* A session as it is now, in one person's calendar. */
struct invite_entry {
	struct invitation as; /* as it would be told; sequence: the session's own */
	bool held;            /* it took place: nothing is told any more */
	str coach, coachees;
};

enum invite_act { INVITE_NEW, INVITE_CHANGED, INVITE_GONE };

struct invite_change {
	enum invite_act act;
	struct invitation told;           /* as it stands once it was sent */
	const struct invite_entry *entry; /* NULL: there is no such session any more */
	instant was;                      /* when it was to begin, as told before; of a new one its start */
};

/* What has to be told, in the order of the entries, then what is gone. An entry is told of once it is new and to come,
   or when its time, length or people are others than those told and one of both times is to come. Sequences only grow,
   also where undo took a session's own back. ret: room for n + n_told. Returns how many. */
size_t invite_diff(instant at, const struct invite_entry *now, size_t n, const struct invitation *told, size_t n_told,
        struct invite_change *ret);

struct invite_person {
	id person;
	struct invite_change *changes;
	size_t n;
};

/* Changes for `person`, or for everybody (0) who wants them by letter and can sign in. Those without any are left out.
 */
enum err invites_load(struct conn *c, struct arena *a, const struct grant *g, const struct zone *z, id person,
        struct invite_person **ret, size_t *ret_n);

#define INVITE_GATHER_MINUTES 5   /* what changes within them goes as one letter … */
#define INVITE_SOON_MINUTES   120 /* … unless it begins so soon */
#define INVITE_MOST           20  /* in one letter; the others follow */

/* what: a struct mail_batch; gets a letter for each person whose calendar has to be told something. Nothing for a
   sample company, nor for one that is read as of a past day. */
enum err invites_due(struct conn *c, struct arena *a, void *what);

/* The part of a letter that says the changes, and its subject. */
void invite_text(struct request *r, const struct invite_change *x, size_t n, struct out *to, str *ret_subject);
/* The same for the calendar; s says who sends it. */
struct letter_entry *invite_entries(
        struct request *r, const struct mail_server *s, const struct invite_change *x, size_t n);

#endif
