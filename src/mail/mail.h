/* Letters by SMTP, through libcurl: one message to one person, as plain text and as HTML. What it is not for: what a
   letter says and when it goes out (areas/mails), or receiving any. */
#ifndef MAIL_MAIL_H
#define MAIL_MAIL_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"

/* Where letters are handed over. All strings end with a NUL and are the caller's for as long as it is used. */
struct mail_server {
	const char *url;             /* smtp://host:587 (STARTTLS is required but on this machine), smtps://host:465 */
	const char *user, *password; /* NULL: the server asks for none */
	const char *from;            /* an address: sales@example.com */
	const char *from_name;       /* NULL: the address alone */
	const atomic_bool *stop;     /* NULL; true while a letter is handed over: it is given up */
	const char *ca_file;         /* certificates that are trusted instead of the system's; NULL */
};

/* An entry for a calendar (RFC 6047). */
struct letter_entry {
	str text; /* a calendar of RFC 5546, lines ended by \r\n */
	bool cancels;
};

struct letter {
	str to, to_name;
	str subject; /* UTF-8, one line */
	str text;    /* UTF-8, lines ended by \n */
	str html;    /* the same words (mail_html); empty: text alone */
	const struct letter_entry *entries;
	size_t n_entries;
	str stop; /* the address that ends letters of this kind with one click (RFC 8058); empty: none */
	str id;   /* left of the @ in Message-ID: the same for each try, so that a second copy is seen as one */
	instant at;
};

/* An address that may stand in an envelope: one @, no blank, no control character, no angle bracket. */
bool mail_address(str s);
/* Fills all but the password from an address as people write it; ERR_INPUT: ret_why says what is wrong with it. The
   strings are the arena's. */
enum err mail_server_of(struct arena *a, str url, str from, struct mail_server *ret, str *ret_why);
/* A header's text, in encoded words where it is no plain ASCII (RFC 2047), folded before column 76. */
str mail_words(struct arena *a, str s);
/* The same words as a page: lines in capitals are headings, those that begin with "- " a list, what follows the line
   "-- " is the foot. Of addresses only those below `base` become links, for a letter tells names and texts that
   somebody typed. An address that ends its line, behind ": ", is the link of the sentence before it. No picture, no
   script, nothing from outside. */
str mail_html(struct arena *a, str title, str text, str base);
/* Date as headers have it (RFC 5322), in UTC: "Mon, 30 Nov 2026 06:30:00 +0000". */
str mail_date(struct arena *a, instant at);
/* Hands it over and waits, up to 30 seconds. ERR_INPUT: refused for good (5xx), so another try is no use; ERR_BUSY:
   try later (4xx, a sign-in that is refused); ERR_FULL: the server cannot be spoken to at all, so it is no use to try
   with another letter now. ret_why: what the server or the network said, one line. Any thread. */
enum err mail_send(const struct mail_server *s, struct arena *a, const struct letter *l, str *ret_why);

#endif
