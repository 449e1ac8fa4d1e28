/* Writes a calendar that other programs subscribe to, and single entries that go by letter: iCalendar, RFC 5545. C10
   All times go out in UTC, so no zone has to be described and every reader agrees on the instant.
   What it is not for: deciding who may see what (the caller hands over what this reader may), reading calendars. */
#ifndef CALENDAR_FEED_H
#define CALENDAR_FEED_H

#include <stdbool.h>

#include "base/out.h"
#include "base/time.h"

/* Texts are UTF-8 of any content; control characters but line feed are left out, the rest is escaped. */
struct feed_event {
	str uid;         /* the same for ever for the same session: "0abc…@host"; not empty */
	instant start;   /* whole seconds are sent */
	instant end;     /* not sent when it is not after the start */
	instant revised; /* when what is sent last changed: DTSTAMP and LAST-MODIFIED, so an unchanged feed stays the
	                    same */
	int sequence;    /* 0, and one more with each change of time or state */
	str summary;     /* may be empty, as all below */
	str description;
	str location;
	str url;
	bool cancelled; /* keep sending it: a reader forgets an event only when told so */
};

void feed_open(struct out *o, str name); /* name: what the reader's program calls the calendar; may be empty */
void feed_event(struct out *o, const struct feed_event *e);
void feed_close(struct out *o);

/* An entry on its way to one person (RFC 5546): REQUEST, or CANCEL where it is cancelled. It names that person alone,
   so that of several in one meeting none learns of another by it. */
struct feed_invite {
	struct feed_event event; /* with a summary: a request must have one */
	str from, from_name;     /* who sends it, an address that mail_address() takes; the name may be empty */
	str to, to_name;
};
void feed_invite(struct out *o, const struct feed_invite *i); /* a whole calendar */

#endif
