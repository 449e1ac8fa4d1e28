/* Inside the engine: the described schema as statements, and what a database holds as pieces that can be compared.
   What it is not for: making or upgrading a database (record.h), or any record's fields. */
#ifndef RECORD_SCHEMA_H
#define RECORD_SCHEMA_H

#include "record/record.h"

enum ddl_kind { DDL_TABLE, DDL_INDEX, DDL_FIGURES }; /* figures: what SQLite's planner is told */

struct ddl {
	enum ddl_kind kind;
	str name; /* of the table or index */
	str text; /* without the semicolon */
};

struct ddls {
	struct ddl *items;
	size_t n, cap;
};

/* The described schema of one engine, statement by statement, in an order in which they can be run. */
void schema_statements(struct arena *a, bool lite, struct ddls *ret);
const struct ddl *ddl_find(const struct ddls *all, enum ddl_kind kind, str name); /* NULL: not described */
/* A digest of the whole description: two programs with the same one describe the same tables. */
str schema_fingerprint(struct arena *a);

struct schema_state {
	int64_t number;
	str fingerprint;
};

/* ERR_ABSENT: there is none. */
enum err schema_read(struct conn *c, struct arena *a, struct schema_state *ret);
enum err schema_note(struct conn *c, struct arena *a);
/* OK: it is this program's; else ret_why says what to do. */
enum err schema_judge(struct arena *a, const struct schema_state *s, str *ret_why);
/* In the transaction: nobody else makes or upgrades meanwhile. */
enum err schema_lock(struct conn *c);
enum err schema_fresh(struct conn *c, struct arena *a, str *ret_why);

/* What no comparison can derive: a column that gets another name, a type, or goes; values for one that must not be
   empty. `before` sees the tables of the number below, `after` those of this program; NULL: nothing. SQL, one text for
   both engines. */
struct schema_step {
	int number;
	const char *before, *after;
};
/* schema_migrate by other steps than the program's: for tests. */
enum err schema_migrate_by(
        struct db *d, struct arena *a, const struct schema_step *by, size_t n, str *ret_did, str *ret_why);

enum piece_kind { PIECE_TABLE, PIECE_COLUMN, PIECE_KEY, PIECE_INDEX };

/* What the engine's own catalogue says of one table, column, key (primary or foreign) or index. */
struct piece {
	enum piece_kind kind;
	str table, name; /* name: of a column or index */
	str text;        /* a column's type; the definition of a key or index */
	str preset;      /* a column's default; empty: none */
	bool filled;     /* a column is not null */
};

struct pieces {
	struct piece *items;
	size_t n, cap;
};

/* Something in which a database and the description differ: found NULL is missing, wanted NULL is too much. */
struct difference {
	const struct piece *found, *wanted;
	const char *cannot; /* why no rule derives the change; NULL: it can be made */
};

struct differences {
	struct difference *items;
	size_t n, cap;
	struct pieces found, wanted;
};

/* What is there, in the connection's own schema. */
enum err catalogue_read(struct conn *c, struct arena *a, struct pieces *ret);
/* Compares it with the described tables, which are made beside it for a moment and read the same way, so that both
   sides speak the engine's words. In a transaction that may write; leaves nothing. Tables that nobody described are
   somebody else's and left alone, and so are indexes under names that Ridealong never gives. */
enum err catalogue_compare(struct conn *c, struct arena *a, struct differences *ret);
str piece_name(struct arena *a, const struct piece *p); /* "deal.note" */
/* "deal.note is missing" */
str difference_text(struct arena *a, const struct difference *d);

#endif
