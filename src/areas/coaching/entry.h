/* A session as an entry of a calendar: what the feed and letters to calendars share, so that both name the same entry
   (C10). What it is not for: who is told what and when (areas/mails/invite.h). */
#ifndef AREAS_COACHING_ENTRY_H
#define AREAS_COACHING_ENTRY_H

#include "areas/coaching/view.h"
#include "calendar/feed.h"

/* It does not take place: an entry that is called off. */
bool entry_off(const struct session *s);
/* One meeting of several is one entry in the calendar of whoever coaches it; of a coachee it is their own session. */
bool entry_together(const struct session *one, const struct session *other, id me);
/* all: sessions that `me` takes part in. Does all[i] stand in that calendar, for itself or for its meeting? */
bool entry_stands(const struct meeting_row *all, size_t n, size_t i, id me);
/* "Ada, Bo": of all[i], its own name first; a coachee's own names nobody else. */
str entry_names(struct arena *a, const struct meeting_row *all, size_t n, size_t i, id me);
str entry_uid(struct arena *a, id session); /* the same for ever */
str entry_summary(struct arena *a, str coach, str coachees);
instant entry_start(const struct zone *z, const struct meeting_row *m);
int64_t entry_minutes(const struct session *s);

#endif
