/* What an act takes: the fields of its form, named and typed once, beside its route. A body of JSON is held against it
   before the act runs, the API's description is written from it, and a field that the act reads and that is not in it
   is told in the log, which fails the tests. What it is not for: rules (the act has them). */
#ifndef PAGE_ACT_H
#define PAGE_ACT_H

#include "record/record.h"

struct route;
struct page_env;

/* Written in JSON as … */
enum act_kind {
	ACT_TEXT,   /* a text */
	ACT_ID,     /* the id of a record, as it was read */
	ACT_DAY,    /* "2026-02-28" */
	ACT_NUMBER, /* a whole number */
	ACT_AMOUNT, /* an amount as people write it: "12,500.00", or 12500 without cents */
	ACT_YES,    /* true or false */
	ACT_WORD,   /* one of `words` */
	ACT_ANY,    /* a text, a whole number, true or false: fields whose names say of what they are */
	ACT_OWN,    /* a field of the company's own: by its kind */
	ACT_OF      /* fields of a record, as its table has them */
};

struct act_field {
	enum act_kind kind;
	const char *name;  /* NULL ends; "s-*": each name that begins with s-; ACT_OF: blank-separated names, ! behind
	                      those  that are needed */
	const char *what;  /* for those who write a program */
	const char *words; /* ACT_WORD: blank-separated */
	const struct record *of;
	bool needed;               /* refused without it */
	bool many;                 /* a list, too */
	const struct field *field; /* set by acts_of: of the record */
};

struct act_body {
	const char *path; /* of its route, POST or PUT; NULL ends */
	const struct act_field *takes;
};

/* In tables: { "/deals/:/move", TAKES(NEED_ID("stage", "Where it goes"), YES("anyway", "…")) }, … */
#define TAKES(...) \
	(const struct act_field[]) \
	{ \
		__VA_ARGS__, \
		{ \
			.name = NULL \
		} \
	}
#define TAKES_NOTHING \
	(const struct act_field[]) \
	{ \
		{ \
			.name = NULL \
		} \
	}
#define FIELD_AS(k, n, w) \
	{ \
		.kind = (k), .name = (n), .what = (w) \
	}
#define NEED_AS(k, n, w) \
	{ \
		.kind = (k), .name = (n), .what = (w), .needed = true \
	}
#define MANY_AS(k, n, w) \
	{ \
		.kind = (k), .name = (n), .what = (w), .many = true \
	}
#define TAKE_TEXT(n, w)   FIELD_AS(ACT_TEXT, n, w)
#define TAKE_ID(n, w)     FIELD_AS(ACT_ID, n, w)
#define TAKE_DAY(n, w)    FIELD_AS(ACT_DAY, n, w)
#define TAKE_NUMBER(n, w) FIELD_AS(ACT_NUMBER, n, w)
#define TAKE_AMOUNT(n, w) FIELD_AS(ACT_AMOUNT, n, w)
#define TAKE_YES(n, w)    FIELD_AS(ACT_YES, n, w)
#define TAKE_ANY(n, w)    FIELD_AS(ACT_ANY, n, w)
#define MANY_ID(n, w)     MANY_AS(ACT_ID, n, w)
#define MANY_NUMBER(n, w) MANY_AS(ACT_NUMBER, n, w)
#define NEED_YES(n, w)    NEED_AS(ACT_YES, n, w)
#define NEED_TEXT(n, w)   NEED_AS(ACT_TEXT, n, w)
#define NEED_ID(n, w)     NEED_AS(ACT_ID, n, w)
#define NEED_DAY(n, w)    NEED_AS(ACT_DAY, n, w)
#define NEED_NUMBER(n, w) NEED_AS(ACT_NUMBER, n, w)
#define TAKE_WORD(n, ws, w) \
	{ \
		.kind = ACT_WORD, .name = (n), .what = (w), .words = (ws) \
	}
#define NEED_WORD(n, ws, w) \
	{ \
		.kind = ACT_WORD, .name = (n), .what = (w), .words = (ws), .needed = true \
	}
#define TAKE_OF(record, ns) \
	{ \
		.kind = ACT_OF, .name = (ns), .of = &(record) \
	}
#define TAKE_OWN \
	{ \
		.kind = ACT_OWN, .name = "f*", .what = "A field of the company's own, described at /api/v1/own-fields" \
	}
#define TAKE_VERSION TAKE_NUMBER("version", "The version that was read: an older one is refused")

/* What each route takes, side by side with the routes; NULL: it is no act. tables: ended by NULL. An act without a row,
   and a row without its route, are promises broken: asserts at start. */
const struct act_field *const *acts_of(
        struct arena *a, const struct route *routes, const struct act_body *const *tables);
/* An act of a page that a program may send as JSON. */
bool act_is(const struct route *x);
/* Of the route; NULL: it is no act, or nothing is known. */
const struct act_field *act_takes(const struct page_env *env, const struct route *x);
/* NULL: the act takes no such field. */
const struct act_field *act_field(const struct act_field *all, str name);

/* Its name stands for several. */
bool act_is_pattern(const struct act_field *f);

#endif
