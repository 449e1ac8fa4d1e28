/* One named statement of a queries.sql, embedded by tools/embed_sql.
   What it is for: a table of all statements, so that a test can prepare each of them on both databases.
   What it is not for: finding a statement by name at run time (use its own constant sql_NAME). */
#ifndef DB_SQL_H
#define DB_SQL_H

struct sql_entry {
	const char *name; /* "deals_board" */
	const char *text; /* for db_query and its sisters, {lite:|pg:} still inside */
};

#endif
