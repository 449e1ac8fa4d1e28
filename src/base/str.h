/* Text as pointer and length. Nothing here owns memory but what an arena was given for.
   What it is not for: building long output (out.h), formatting for people (money.h, time.h). */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

typedef struct {
	const char *s; /* not NUL-terminated; NULL only when n is 0 */
	size_t n;      /* bytes */
} str;

/* A literal as a str; also usable in static initialisers. */
#define STR(literal) ((str){ "" literal, sizeof(literal) - 1 })
/* clang-format off */
#define STR_INIT(literal) { "" literal, sizeof(literal) - 1 }
/* clang-format on */
/* For printf's "%.*s". */
#define STR_ARG(x) (int)(x).n, (x).s ? (x).s : ""

str str_of(const char *z); /* z may be NULL: empty */
bool str_eq(str a, str b);
int str_cmp(str a, str b); /* by bytes */
bool str_starts(str s, str head);
bool str_ends(str s, str tail);
bool str_same(str a, str b); /* ASCII letters without regard to case */
str str_trim(str s);         /* spaces, tabs, CR, LF, no-break space at both ends */
str str_from(str s, size_t at);
str str_first(str s, size_t n);
/* Splits at the first c. False (head = all, tail empty) when c is not there. */
bool str_cut(str s, char c, str *ret_head, str *ret_tail);
/* Index of the first occurrence, or SIZE_MAX. */
size_t str_find(str s, str needle);
size_t str_find_byte(str s, char c);

/* Copies; the result of str_z is NUL-terminated. */
str str_copy(struct arena *a, str s);
char *str_z(struct arena *a, str s);
str str_join(struct arena *a, str x, str y);
str str_fmt(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

str str_i64(struct arena *a, int64_t n); /* decimal */

/* Whole text must be a decimal number in range; leading '-' allowed. */
bool str_to_i64(str s, int64_t *ret);
bool str_to_double(str s, double *ret);

/* True when s is well-formed UTF-8 without NUL. */
bool str_utf8(str s);
size_t str_letters(str s); /* code points, s being UTF-8 */
/* Key for sorting, search and uniqueness: Unicode case folded, accents dropped, blanks collapsed (utf8proc).
   Text that is not UTF-8 comes back lower-cased by ASCII. */
str str_fold(struct arena *a, str s);
uint64_t str_hash(str s); /* FNV-1a, not for secrets */

#endif
