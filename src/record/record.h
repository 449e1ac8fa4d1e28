/* THE ENGINE. A record is a plain struct and a table of its fields; about two lines a field. The engine alone walks the
   table: schema for both databases, validation, load, save, change sets, undo, lists, import, export.
   What it is not for: the meaning of any record (three hooks in areas/ have that), or HTML. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <assert.h>
#include <limits.h>

#include "auth/grant.h"
#include "base/err.h"
#include "base/id.h"
#include "base/money.h"
#include "base/time.h"
#include "db/db.h"

/* Every record's struct starts with this, as member `row`. */
struct row {
	id id;           /* 0: not stored yet, the engine gives one */
	int64_t version; /* 0: not stored yet; grows by one with each save */
	uint64_t edited; /* fields a person changed since they were imported: re-import keeps them (D5a) */
};

/* NULL is not 0: an amount or number that is not known is this. Days use DAY_NONE, references 0, text the empty text,
   choices 0 (whose code is ""). */
#define NO_INT INT64_MIN

enum field_kind {
	F_TEXT,    /* str, one line */
	F_LONG,    /* str, several lines */
	F_REF,     /* id of another record */
	F_MONEY,   /* int64_t, minor units, in the currency the record's field `currency` names, else the company's */
	F_INT,     /* int64_t */
	F_DECIMAL, /* of the company's own fields alone: a number of up to six digits behind the point (base/money.h) */
	F_DAY,     /* day */
	F_INSTANT, /* instant; none: NO_INT */
	F_BOOL,    /* bool */
	F_CHOICE   /* int, index into choices; 0 is none */
};

struct choice {
	const char *code; /* stored; choices[0] is { "", "" }, the last is { NULL } */
	const char *label;
};
/* Its number; 0: none of them. */
int choice_of(const struct choice *all, str code);

struct record;
struct own_more;

struct field {
	const char *name, *label;
	enum field_kind kind;
	uint16_t at; /* offset in the struct */
	const struct record *ref;
	const struct choice *choices;
	const char *hint;            /* under the field in forms */
	const char *const *synonyms; /* names that exports use for it, NULL-terminated, for --propose-map */
	int most;                    /* letters at most; 0: 200, long text 16,384 */
	int64_t least, greatest;     /* of numbers and amounts, when greatest is set */
	unsigned required : 1;
	unsigned list : 1;      /* a column of the standard list and CSV */
	unsigned filter : 1;    /* lists may be filtered by it */
	unsigned sort : 1;      /* lists may be sorted by it (wants an index) */
	unsigned fold : 1;      /* a folded copy is kept in NAME_key, for order and search */
	unsigned event : 1;     /* D4: a change is an event in the deal's history */
	unsigned system : 1;    /* computed or set by rules, never from a form */
	unsigned erase : 1;     /* personal: cleared when the person is erased (I4a) */
	unsigned lets_go : 1;   /* a reference that is emptied when the deal it names goes to the trash */
	const char *found_by;   /* another field that says the same wherever this one says anything, and has an index */
	unsigned holds_own : 1; /* the values of the company's own fields, never shown as it is (own.h) */
	const struct own_more *own; /* a field of the company's own; NULL: the program's */
};

/* The C type that each kind must have; checked by the compiler in FIELD. */
#define C_TEXT                       str
#define C_LONG                       str
#define C_REF                        int64_t
#define C_MONEY                      int64_t
#define C_INT                        int64_t
#define C_DAY                        day
#define C_INSTANT                    int64_t
#define C_BOOL                       bool
#define C_CHOICE                     int
#define FIELD_OK(type, member, KIND) (0 * sizeof(char[_Generic(((type *)0)->member, C_##KIND : 1, default : -1)]))
/* The title, then whatever else is set: FIELD(struct deal, amount, MONEY, "Amount", .list = 1) */
#define FIELD(type, member, KIND, ...) \
	{ \
		.name = #member, .kind = F_##KIND, .at = offsetof(type, member) + FIELD_OK(type, member, KIND), \
		.label = __VA_ARGS__ \
	}
#define FIELDS(array) .fields = array, .n_fields = sizeof(array) / sizeof *(array)

struct change;

/* Rows of another record that mark one of these: "tag". Lists are filtered by their names. */
struct record_marks {
	const char *name;        /* in addresses */
	const struct record *of; /* has a field "name", folded */
	const char *at;          /* its field that says what is marked */
};

struct record {
	const char *name;  /* "deal": in addresses, change sets, JSON */
	const char *table; /* "deal" */
	const char *label, *plural;
	size_t size; /* of the struct */
	const struct field *fields;
	size_t n_fields;         /* at most 60 */
	const struct field *own; /* fields of one company, in the copies that record_with_own makes; no columns */
	size_t n_own;
	const struct record *base;        /* what such a copy was made from */
	const struct record_marks *marks; /* NULL: none */
	enum matter matter;               /* O5's row for it */
	const char *told_by;              /* fields that tell two of one name apart, blank-separated; NULL: none */
	const char *persons; /* fields naming the persons concerned, blank-separated ("owner", "coach coachee"); NULL:
	                        the company */
	bool open_unowned;   /* a row that names nobody is read by the whole company (one name in persons) */
	bool pool;           /* … and changed by each of its persons: who takes it names themselves */
	const char *const
	        *unique; /* "source external_id" …, NULL-terminated: unique keys within the company (NULLs differ) */
	const char *const *index; /* "owner outcome closes_on" …: further indexes, each led by org_id; ~name: as
	                             lists sort by it */
	const char *const *parts; /* "mention activity" …: rows that are nothing without one, and the field that says
	                             whose; NULL: none */
	const char *purpose, *retention; /* I4a: why it is kept, and how long */
	const char *api;                 /* its address in the JSON API, "deals"; NULL: it is not in it */
	const char *api_acts; /* fields that only acts of pages change, which check what they need; blank-separated */
	const char *api_mine; /* there each person gets only the rows that name them in this field; NULL: by rights */
	bool api_write;       /* may be added, changed and removed there */
	/* What a new one starts with where nothing was said: the company's currency, the asking person as owner. Reads
	 * only. */
	enum err (*start)(struct conn *c, struct arena *a, const struct grant *g, void *object);
	/* Fills what follows from the rest, and from the records it refers to; writes nothing. before is NULL at
	 * creation. */
	enum err (*derive)(struct change *c, const void *before, void *after);
	/* Reads only: faults for what a single field cannot tell. after is NULL at removal. */
	enum err (*check)(struct change *c, const void *before, const void *after, struct faults *f);
	/* Reads only: faults for two that cannot become one; drop is the one that goes. NULL: any two can. */
	enum err (*may_merge)(struct change *c, const void *keep, const void *drop, struct faults *f);
	/* In the same transaction, over arrays (an import batches): before[i] NULL: created, after[i] NULL: removed. */
	enum err (*changed)(struct change *c, const void *const *before, const void *const *after, size_t n);
};

/* All records of the program, in the order in which they may refer to each other; app/ fills it, NULL-terminated. */
extern const struct record *const record_all[];
/* Tables of areas that are no records (the line's closure, summaries), as DDL; app/ fills it, ended by a NULL schema.
   What follows from records can be made again for all companies: a migration drops and rebuilds it. */
struct record_extra {
	const char *schema;
	enum err (*rebuild)(struct conn *c, struct arena *a); /* fills the empty tables; NULL: they hold more */
};
extern const struct record_extra record_extra[];
const struct record *record_find(str name); /* NULL: no such record */
const struct field *record_field(const struct record *r, str name);
/* The program's fields, then the company's: 0 … n_fields + n_own - 1. */
const struct field *record_field_at(const struct record *r, size_t i);
/* All fields at their none. */
void record_init(const struct record *r, void *ret);
#define record_row(object) ((const struct row *)(object))
bool field_is_null(const struct field *f, const void *object);
/* Normal form as text: what change sets, comparison and CSV use. */
str field_text(struct arena *a, const struct field *f, const void *object);
/* The reverse; false when the text is no such value. Empty text is none. */
bool field_set_text(const struct field *f, void *object, str text);
bool field_equal(const struct field *f, const void *x, const void *y);

/* ---- schema ---- */
/* Makes all tables of a fresh database (engine, auth, records), under a lock; then as schema_check. */
enum err schema_make(struct db *d, struct arena *a, str *ret_why);
/* OK when it is this program's; ERR_ABSENT for an empty database; ERR_INPUT (with why) for an older or newer one, and
   for one whose number is right and whose tables another build described. Looks at what was noted, not at the tables.
 */
enum err schema_check(struct db *d, struct arena *a, str *ret_why);
/* OK for an older one too: for what only copies it. */
enum err schema_check_older(struct db *d, struct arena *a, str *ret_why);
/* Upgrade or nothing, in one transaction (docs/decisions/0005-migrations.md): brings an older database to this
   program's tables, makes a fresh one where there is none. d is opened with .no_references. ret_did: what was done, a
   line each; empty: nothing was to do. ERR_INPUT: ret_why says what stands in the way. */
enum err schema_migrate(struct db *d, struct arena *a, str *ret_did, str *ret_why);
/* After many rows were written at once, of a table, or NULL: of all. PostgreSQL plans for a table as it last looked at
   it; of one that was empty then it reads every row for each few it is asked for, until its own look comes round: its
   manual wants ANALYZE after a bulk load. SQLite: nothing, its figures are the schema's. */
enum err schema_plan_anew(struct db *d, struct arena *a, const char *table);
/* Raised once in a release that changes tables. */
#define SCHEMA_NUMBER 2
/* The schema's text for one engine: for tests that compare fresh with migrated. */
str schema_text(struct arena *a, bool lite);

/* ---- reading, always through a grant ---- */
/* ERR_ABSENT when it is not there or not yours. */
enum err record_load(struct conn *c, struct arena *a, const struct grant *g, const struct record *r, id row, void *ret);

enum filter_op { OP_IS, OP_NOT, OP_LEAST, OP_MOST, OP_HAS, OP_NONE, OP_ANY, OP_BELOW, OP_WORD };
/* OP_HAS: folded text contains, of a reference its name; OP_NONE/ANY: is (not) null; OP_BELOW: a person field is that
   person or below them; OP_WORD: one of a text's blank-separated words. */

struct filter {
	const struct field *field;
	enum filter_op op;
	str value;                        /* normal form */
	const struct record_marks *marks; /* field is the name of such a mark; NULL: one of the record */
};

struct list {
	const struct record *record;
	struct filter filters[12];
	size_t n_filters;
	const struct field *sort; /* NULL: newest first */
	bool descending;
	int limit; /* rows wanted; 0: 50 */
	str after; /* keyset: what list_result.next said; empty: the first page */
};

struct list_result {
	void *rows; /* n structs of record->size, one after another */
	size_t n;
	str next; /* empty: no more */
};

enum err record_list(
        struct conn *c, struct arena *a, const struct grant *g, const struct list *l, struct list_result *ret);
/* Count under the same filters and the same rights. */
enum err record_count(struct conn *c, struct arena *a, const struct grant *g, const struct list *l, int64_t *ret);
/* The same, but counting ends at most: cheap where a filter finds many. */
enum err record_count_to(
        struct conn *c, struct arena *a, const struct grant *g, const struct list *l, int64_t most, int64_t *ret);
/* Filters and rights of a list as a piece of SQL over the rows `alias`: " and …", its values from $3 on after $1
   company and $2 person. For sums and statements of areas, so that they never follow other rules than the list. */
struct list_where {
	str sql;
	const struct db_value *values;
	size_t n;
};
void list_where(
        struct arena *a, const struct grant *g, const struct list *l, const char *alias, struct list_where *ret);
/* The ids of the rows that one of the filters leaves few of, whoever may see them, as "[1,2]" for json_each: a
   statement with list_where that looks among them alone finds the same, sooner. Empty: none does. */
enum err list_narrow(struct conn *c, struct arena *a, const struct grant *g, const struct list *l, str *ret);
/* "name=x&stage=y&closes_on.most=2026-12-31" pairs → filters; unknown names are faults. */
enum err list_parse(struct arena *a, const struct record *r, str name, str value, struct list *l, struct faults *f);
/* One row by a unique or any field, as the grant reads it; ERR_ABSENT. */
enum err record_find_by(struct conn *c, struct arena *a, const struct grant *g, const struct record *r,
        const char *field, str value, void *ret);
/* For named statements that select r's columns: "d.id, d.version, d.edited, d.name, …" and the way back. */
str record_columns(struct arena *a, const struct record *r, const char *alias);
int record_read(const struct rows *rows, const struct record *r, int from_column, void *ret); /* next column */
/* " and (…)" for the rows t of a record that the grant reads (O5). */
str record_may(struct arena *a, const struct grant *g, const struct record *r);
/* "%text%" for: like $3 escape '!'. What somebody looks for is text: a percent sign is a percent sign. */
str record_like(struct arena *a, str s);
/* A named statement with {may:…} expanded; args are from $3 on: $1 company and $2 person are put before them. */
enum err record_query(struct conn *c, struct arena *a, const struct grant *g, const char *sql,
        const struct db_value *args, size_t n, struct rows *ret);

/* ---- writing: change sets (D4, I4a) ---- */
enum change_kind { CHANGE_EDIT, CHANGE_IMPORT, CHANGE_UNDO, CHANGE_JOB };

struct change {
	struct conn *conn;
	struct arena *arena;
	const struct grant *grant;
	struct faults *faults;
	id set;
	enum change_kind kind;
	id of; /* import or change set undone */
	str reason;
	instant at;        /* recorded */
	day today;         /* of the company */
	instant effective; /* of the rows saved next; 0: at */
	size_t n;          /* changed fields and created rows so far */
	struct change_line *lines;
	size_t n_lines, cap_lines;
	str idem;
	bool closed;
	bool merges; /* the row that is removed now lives on in another */
	struct known_rows {
		struct known_row {
			const struct record *record;
			id row;
			void *facts; /* what a rule read of it */
		} * slots;
		size_t n, cap;
		bool has_facts, by_index;
	} known; /* rows found to be there, and to be seen by the grant */
	struct own_known {
		const struct record *record;
		const struct field *fields;
		size_t n;
		struct own_known *next;
	} * own; /* the company's own fields, once they were read */
};

/* What a hook read of a row that is known, kept for the rows after it; NULL: read it. Gone once a record of that kind
   is saved. */
void *known_facts(const struct change *c, const struct record *r, id row);
void known_keep(struct change *c, const struct record *r, id row, const void *facts, size_t size);

/* Opens a change set in the transaction of conn. today: DAY_NONE takes the company's. When idem is not empty and was
   used before by this login: ERR_DUPLICATE, and ret->set is the earlier change set (answer as then). */
enum err change_open(struct conn *c, struct arena *a, const struct grant *g, enum change_kind kind, id of, str reason,
        str idem, struct faults *f, struct change *ret);
/* The row of that kind which a change set touched first: what the same intent, sent again, is answered with. */
enum err change_row(struct conn *c, id org, id set, const struct record *r, id *ret);
/* Writes header and lines; without any line nothing is written and ret->set becomes 0. */
enum err change_close(struct change *c);

/* Creates (version 0) or updates. Validates every field, asks derive and check, compares the version (ERR_STALE),
   requires the grant's write predicate, writes one line per changed field, then calls changed. after->row holds id and
   version then. ERR_INPUT: c->faults say where. */
enum err record_save(struct change *c, const struct record *r, void *after);
/* What record_save would say, without writing: derives into after, checks version, fields, rules and rights. c may
   stand on a connection that only reads. */
enum err record_try(struct change *c, const struct record *r, void *after);
/* The same over n structs of one record; faults are placed "row N, field". Stops at the first that fails. */
enum err record_save_many(struct change *c, const struct record *r, void *const *after, size_t n);
/* Removes those of n rows, all as they were read in this change, that nothing refers to and no rule holds; ret_gone[i],
   false before, tells which. In a few statements; what is left is told why by record_remove. */
enum err record_remove_many(
        struct change *c, const struct record *r, const void *const *rows, size_t n, bool *ret_gone);
/* Removes; ERR_INPUT when something refers to it (the faults name what). */
enum err record_remove(struct change *c, const struct record *r, id row, int64_t version);

/* Two records of one thing become one: whatever refers to drop refers to keep, fields that keep lacks (and those in
   take, a bit a field) come from drop, drop is removed. A row that would break a unique key by that is a double and
   removed, too. One change set, so undo takes all of it back. ERR_INPUT: a record into itself. */
struct merge {
	id keep, drop;
	int64_t keep_version, drop_version;
	uint64_t take;
	str take_own; /* names of the company's own fields to take, blank-separated */
};
enum err record_merge(struct change *c, const struct record *r, const struct merge *m, int64_t *ret_moved);

/* The common case in one call: a transaction, a change set, one function. fn may run twice. */
struct change_work {
	const struct grant *grant;
	str reason, idem;
	enum change_kind kind;
	id of;
	struct faults *faults;
	enum err (*fn)(struct change *c, void *what);
	void *what;
	id ret_set;     /* the change set written; 0: nothing changed; of the earlier one when idem was used before */
	bool ret_again; /* idem had been used */
};
/* Called after each commit of a change set, on any thread; set once at start. NULL: nobody listens. */
extern void (*change_committed)(void);
enum err change_run(struct db *d, struct arena *a, struct change_work *w);

/* A new change set that restores each field still holding the value that `set` gave it, removes what it created when
   nothing refers to it since, brings back what it removed. What stays is listed in ret_kept: "Acme: amount edited
   since". */
struct undo_result {
	int64_t restored;
	struct fault *kept; /* place: record and name; what: why it stays */
	size_t n_kept;
	id set;
};
enum err change_undo(struct db *d, struct arena *a, const struct grant *g, id set, struct undo_result *ret);
/* All change sets of an import, newest first, as one undo; refused (with the later import named) when a later one
 * stands. */
enum err import_undo(
        struct db *d, struct arena *a, const struct grant *g, id import, struct faults *f, struct undo_result *ret);

/* History of one row, newest first. */
struct event {
	id set;
	instant at, effective;
	id login, person;
	str actor; /* name of the person, or "command line", "import" … */
	enum change_kind kind;
	str field, before, after, reason; /* field empty: created; "-" : removed */
	const struct field *described;    /* NULL: of no field that there is */
};
enum err record_history(struct conn *c, struct arena *a, const struct grant *g, const struct record *r, id row,
        size_t most, struct event **ret, size_t *ret_n);

/* ---- the sealer: gap-free seq and a chain of digests over change sets ---- */
/* Seals what is not sealed, oldest first, at most n sets; ret_n: how many. One holder at a time. */
enum err change_seal(struct db *d, struct arena *a, size_t n, size_t *ret_n);

/* ---- the end of a company ---- */
/* Every row of the company in the tables of records, areas and change sets; auth_remove_company has the rest. In a
   transaction; asks nobody and leaves no trace: for the sample company alone. */
enum err record_remove_all(struct conn *c, struct arena *a, id org);

/* ---- check ---- */
struct check_report {
	struct fault *first, **last;
	size_t n;
	int64_t rows, sets; /* looked at */
};
void check_say(struct arena *a, struct check_report *r, str place, str what);
/* Compares the tables with the described ones, as a migration would; in a transaction that may write, leaving
   nothing. */
enum err schema_compare(struct conn *c, struct arena *a, struct check_report *ret);
/* References, change sets and chain of one company; areas add theirs (summaries, line). */
enum err record_check(struct conn *c, struct arena *a, id org, struct check_report *ret);

#endif
