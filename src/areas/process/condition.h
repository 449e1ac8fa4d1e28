/* Conditions in words: when a step appears (P3), when a deal may enter a stage or be won (P6). One short sentence over
   the fields of a deal, the steps done, their answers, stakeholders and competitors. Parsing and evaluating touch no
   database. What it is not for: where the values come from (deals/ answers a lookup).

     amount at least 50000 and account.sector is "Finance"
     competitor "Kestrel" is named or answer "Incumbent" is "Kestrel"
     closes_on before today + 30 days and not step "Second person met" is done
     [Expected close] is known and stakeholders at least 2
     [Their [own]] name] is "Gold"        a label in brackets; a ] within it is doubled */
#ifndef AREAS_PROCESS_CONDITION_H
#define AREAS_PROCESS_CONDITION_H

#include "areas/process/process.h"

#define CONDITION_MOST 1000 /* letters of one */

/* What a term asks about. */
enum condition_of {
	CONDITION_FIELD,       /* name: "amount", or "account.sector": a field of the record it refers to */
	CONDITION_COUNT,       /* name: one of condition_counts: how many the deal has */
	CONDITION_ANSWER,      /* name: a step; what was answered when it was completed */
	CONDITION_STEP,        /* name: a step; true: it is done */
	CONDITION_STAKEHOLDER, /* name: a role; true: the deal has a stakeholder in it */
	CONDITION_COMPETITOR   /* name: a competitor; true: it is named on the deal */
};

enum condition_op {
	CONDITION_IS,
	CONDITION_IS_NOT,
	CONDITION_LEAST,
	CONDITION_MOST_OF,
	CONDITION_MORE,
	CONDITION_LESS,
	CONDITION_HAS,
	CONDITION_KNOWN,
	CONDITION_UNKNOWN,
	CONDITION_ONE_OF
};

/* What stands behind the operator. */
struct condition_literal {
	enum { LITERAL_TEXT, LITERAL_NUMBER, LITERAL_DAY, LITERAL_TODAY } kind;
	str text;     /* as written, without quotes; of a number: its digits */
	str currency; /* "EUR" behind a number; else empty */
	day on;
	int days; /* added to today */
};

struct condition_term {
	enum condition_of of;
	str name;
	enum condition_op op;
	struct condition_literal *values; /* one; several for CONDITION_ONE_OF; none for known, unknown, done */
	size_t n_values;
	size_t at, name_at, name_n; /* bytes in the text: where it starts, and where the name stands within its marks */
};

enum condition_kind { CONDITION_TERM, CONDITION_AND, CONDITION_OR, CONDITION_NOT };

struct condition {
	int kind; /* enum condition_kind */
	struct condition_term *term;
	struct condition *first, *next; /* children, in order */
};

/* How many of these a deal has: "stakeholders", "decision_makers" (decisive influence), "activities", "documents",
   "competitors", "steps_done". Ended by NULL. */
extern const char *const condition_counts[];

/* ERR_INPUT with one fault at `place` that says at which letter, what was expected and how to mend it. An empty text is
   no condition: OK and *ret NULL, which always holds. The tree points into text. */
enum err condition_parse(struct arena *a, str text, str place, struct faults *f, struct condition **ret);

/* ---- does it refer only to what is there? ---- */

/* A field that the company made itself (beside the record's own). */
struct condition_field {
	str name, label;
	enum field_kind kind;
	const struct choice *choices; /* of a choice */
	const struct field *field;    /* its descriptor (record/own.h), which reads a deal's value */
};
/* Those of the company's deals; archived: also what is kept of old ones, for conditions that were published. */
enum err condition_own_fields(
        struct conn *c, struct arena *a, id org, bool archived, const struct condition_field **ret, size_t *ret_n);
/* A label as it stands in a condition: in brackets, whatever it holds. */
str condition_label(struct arena *a, str label);
/* Every condition of the company that names the field by its old name gets the new one: a name is a word for people,
   and no version of a process changes its meaning by it (P1). Set as own_renamed (record/own.h). */
enum err condition_own_renamed(struct change *c, str was, str is);

/* One version of a process and the deals it is for. */
struct condition_world {
	const struct record *deal;
	const struct condition_field *more;
	size_t n_more;
	const struct stage *stages;
	size_t n_stages;
	const struct step *steps;
	size_t n_steps;
};

/* The field behind a name or [label], "account.sector" included: *ret the last field, *ret_through the reference it
   goes through (NULL: none). For a company's own field *ret_more instead. False: no such field. */
bool condition_field(struct arena *a, const struct condition_world *w, str name, const struct field **ret,
        const struct field **ret_through, const struct condition_field **ret_more);
/* Every term must name a field, step or stage of that version, and compare it with something of its kind. Faults stand
   at place; a step that was removed is named. OK or ERR_INPUT. */
enum err condition_check(
        struct arena *a, const struct condition *x, const struct condition_world *w, str place, struct faults *f);
/* Parses and checks in one. */
enum err condition_check_text(struct arena *a, str text, const struct condition_world *w, str place, struct faults *f);
/* Does a term ask about this step? For what may not be removed unseen. */
bool condition_asks(const struct condition *x, enum condition_of of, str name);
/* The same text with the new name of a field of the company's own. */
str condition_rename_field(struct arena *a, str text, str was, str is);
/* The same text with a step's new name. A text that cannot be read stays. */
str condition_rename(struct arena *a, str text, str was, str is);
/* As people read it: "Amount is at least 50,000 and the step “Second person met” is done". w may be NULL: names stay as
   written. */
str condition_words(struct arena *a, const struct condition *x, const struct condition_world *w);

/* ---- does it hold? ---- */

/* What a lookup found. known false: the deal does not say. */
struct condition_value {
	bool known;
	enum field_kind kind;
	str text;     /* F_TEXT, F_LONG; name of the row of a F_REF; label of a F_CHOICE; an answer */
	str code;     /* code of a F_CHOICE */
	int64_t n;    /* F_INT, F_MONEY (minor units), F_BOOL, counts; of a STEP, STAKEHOLDER, COMPETITOR: 1 or 0 */
	str currency; /* of F_MONEY */
	day on;       /* F_DAY */
};

/* Must answer every term; what it does not know has known false. */
typedef enum err (*condition_lookup)(void *with, const struct condition_term *t, struct condition_value *ret);

/* UNKNOWN: it hangs on something the deal does not say (Kleene's logic: unknown and no is no, unknown or yes is yes).
   A comparison of money in another currency is unknown: nothing is converted silently (D3). */
enum condition_answer { CONDITION_NO, CONDITION_YES, CONDITION_UNCLEAR };

/* x NULL: yes. Errors are the lookup's. */
enum err condition_holds(struct arena *a, const struct condition *x, day today, condition_lookup look, void *with,
        enum condition_answer *ret);
/* The value of a record's field, for lookups; a F_REF gets its number in n, its name is the caller's to fill. */
struct condition_value condition_value_of(
        struct arena *a, const struct record *r, const struct field *f, const void *object);

#endif
