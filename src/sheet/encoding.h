/* Which encoding a file of text is in, and turning it into UTF-8 piece by piece (D5: detected and shown).
   The guess is never certain for single-byte encodings: it says how sure it is and what else it may be; people choose.
   What it is not for: tables (csv.h), or text inside the program, which is always UTF-8. */
#ifndef SHEET_ENCODING_H
#define SHEET_ENCODING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct arena;

enum encoding {
	ENCODING_UNKNOWN, /* to be guessed */
	ENCODING_UTF8,
	ENCODING_UTF16LE,
	ENCODING_UTF16BE,
	ENCODING_WINDOWS_1252, /* Western Europe */
	ENCODING_WINDOWS_1250, /* Central Europe */
	ENCODING_COUNT
};

const char *encoding_name(enum encoding e);       /* "utf-8", "windows-1250"; "" for unknown */
const char *encoding_label(enum encoding e);      /* for people: "Central European (windows-1250)" */
bool encoding_find(str name, enum encoding *ret); /* "utf-8", "UTF8", "cp1252", "latin1" … */
size_t encoding_mark(enum encoding e, str text);  /* length of the byte order mark that text starts with, or 0 */

struct encoding_guess {
	enum encoding is;
	int confidence;         /* 0 … 100 */
	bool bom;               /* a byte order mark says so */
	bool ascii;             /* no byte above 127 was seen: every encoding but UTF-16 reads it the same */
	enum encoding other[3]; /* what else it may be, likelier first */
	size_t n_others;
};

/* Counts over the bytes seen so far. Zero is ready to use. Give it a sample, or the whole file for the best guess. */
struct encoding_tally {
	int64_t n, high;              /* bytes; those above 127 */
	int64_t controls, nuls[2];    /* control bytes but TAB, CR, LF, FF; NULs at even and odd places */
	int64_t utf8_good, utf8_bad;  /* characters of several bytes; bytes that are none */
	int64_t differing;            /* bytes that windows-1250 and windows-1252 read differently */
	int64_t central;              /* evidence for 1250 (above 0) against 1252, in tenths */
	unsigned char need, low, top; /* UTF-8 under way: bytes missing; bounds of the next */
	unsigned char before, held;   /* the two bytes last seen */
	unsigned char head[4];        /* the first bytes, for the mark */
};

void encoding_tally_push(struct encoding_tally *t, str bytes);
struct encoding_guess encoding_tally_guess(const struct encoding_tally *t);
struct encoding_guess encoding_guess_of(str sample);

/* A conversion under way. Closed with the arena. */
struct encoding_reader {
	enum encoding from;
	void *iconv;      /* iconv_t; NULL for UTF-8, which is passed on as it is */
	int64_t replaced; /* bytes that the encoding does not have; U+FFFD stands for each */
};

/* ERR_IO when the system cannot convert that encoding. */
enum err encoding_open(struct encoding_reader *r, struct arena *a, enum encoding from);
/* Converts from in to out (cap at least 8); returns bytes written and says how many of in were used. What is left of in
   is the beginning of a character: give it again with more behind it. With last, nothing is left. */
size_t encoding_convert(struct encoding_reader *r, str in, bool last, char *out, size_t cap, size_t *ret_used);

#endif
