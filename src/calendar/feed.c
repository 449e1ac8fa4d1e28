#include "calendar/feed.h"

#include <assert.h>

/* RFC 5545, 3.1: no line above 75 octets, and no letter of UTF-8 cut in two. */
#define LINE_MOST 75

struct line {
	struct out *o;
	size_t n; /* octets on this line so far */
};

static void
put(struct line *l, const char *s, size_t n)
{
	if (l->n + n > LINE_MOST) {
		out_lit(l->o, "\r\n ");
		l->n = 1;
	}
	out_bytes(l->o, s, n);
	l->n += n;
}

static struct line
begin(struct out *o, str name)
{
	struct line l = { .o = o };
	put(&l, name.s, name.n);
	return l;
}

static void
end(struct line *l)
{
	out_lit(l->o, "\r\n");
}

/* Octets of the letter at s[i]; 1 for what is no UTF-8. */
static size_t
letter(str s, size_t i)
{
	unsigned char c = (unsigned char)s.s[i];
	size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
	for (size_t k = 1; k < n; k++)
		if (i + k >= s.n || ((unsigned char)s.s[i + k] & 0xc0) != 0x80)
			return 1;
	return n;
}

static bool
control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/* A value of type TEXT (3.3.11). */
static void
text(struct out *o, str name, str value)
{
	if (value.n == 0)
		return;
	struct line l = begin(o, name);
	for (size_t i = 0; i < value.n;) {
		size_t n = letter(value, i);
		char c = value.s[i];
		if (c == '\n')
			put(&l, "\\n", 2);
		else if (c == '\\' || c == ';' || c == ',')
			put(&l, (char[]){ '\\', c }, 2);
		else if (!control(c))
			put(&l, value.s + i, n);
		i += n;
	}
	end(&l);
}

/* An address goes out as it is; what cannot be in one is left out, so that it cannot end the line. */
static void
address(struct out *o, str name, str value)
{
	if (value.n == 0)
		return;
	struct line l = begin(o, name);
	for (size_t i = 0; i < value.n; i++)
		if (!control(value.s[i]) && value.s[i] != ' ' && value.s[i] != '\t')
			put(&l, value.s + i, 1);
	end(&l);
}

static void
when(struct out *o, const char *name, instant at)
{
	int y, m, d;
	day on = zone_day(zone_utc(), at);
	day_parts(on, &y, &m, &d);
	int seconds = (int)((at - on.n * DAY_MS) / 1000);
	out_fmt(o, "%s:%04d%02d%02dT%02d%02d%02dZ\r\n", name, y, m, d, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static void
open_calendar(struct out *o)
{
	out_lit(o, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Ridealong//Ridealong//EN\r\nCALSCALE:GREGORIAN\r\n");
}

void
feed_open(struct out *o, str name)
{
	open_calendar(o);
	text(o, STR("X-WR-CALNAME:"), name);
	out_lit(o, "X-PUBLISHED-TTL:PT1H\r\n");
}

/* A person (3.3.3): a parameter's value stands between quotes and can hold none; what could end an address is encoded.
 */
static void
person(struct out *o, str name, str called, str at)
{
	static const char hex[] = "0123456789ABCDEF";
	struct line l = begin(o, name);

	if (called.n)
		put(&l, ";CN=\"", 5);
	for (size_t i = 0; i < called.n;) {
		size_t n = letter(called, i);
		if (called.s[i] == '"')
			put(&l, "'", 1);
		else if (!control(called.s[i]))
			put(&l, called.s + i, n);
		i += n;
	}
	if (called.n)
		put(&l, "\"", 1);
	put(&l, ":mailto:", 8);
	for (size_t i = 0; i < at.n; i++) {
		char c = at.s[i];
		if (c == '%' || c == '?' || c == '#' || c == '&')
			put(&l, (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3);
		else if (!control(c) && c != ' ' && c != '\t')
			put(&l, &c, 1);
	}
	end(&l);
}

static void
event(struct out *o, const struct feed_event *e, const struct feed_invite *i)
{
	assert(e->uid.n > 0);
	out_lit(o, "BEGIN:VEVENT\r\n");
	text(o, STR("UID:"), e->uid);
	when(o, "DTSTAMP", e->revised);
	when(o, "LAST-MODIFIED", e->revised);
	out_fmt(o, "SEQUENCE:%d\r\n", e->sequence);
	when(o, "DTSTART", e->start);
	if (e->end > e->start)
		when(o, "DTEND", e->end);
	if (i) {
		person(o, STR("ORGANIZER"), i->from_name, i->from);
		person(o, STR("ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"), i->to_name, i->to);
	}
	text(o, STR("SUMMARY:"), e->summary);
	text(o, STR("DESCRIPTION:"), e->description);
	text(o, STR("LOCATION:"), e->location);
	address(o, STR("URL:"), e->url);
	out_lit(o, "STATUS:");
	out_z(o, e->cancelled ? "CANCELLED" : "CONFIRMED");
	out_lit(o, "\r\nEND:VEVENT\r\n");
}

void
feed_event(struct out *o, const struct feed_event *e)
{
	event(o, e, NULL);
}

void
feed_invite(struct out *o, const struct feed_invite *i)
{
	assert(i->from.n > 0 && i->to.n > 0 && i->event.summary.n > 0);
	open_calendar(o);
	out_lit(o, "METHOD:");
	out_z(o, i->event.cancelled ? "CANCEL" : "REQUEST");
	out_lit(o, "\r\n");
	event(o, &i->event, i);
	feed_close(o);
}

void
feed_close(struct out *o)
{
	out_lit(o, "END:VCALENDAR\r\n");
}
