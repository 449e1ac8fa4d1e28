/* {lite:…|pg:…} in a statement: keeps the words of the engine at hand.
   What it is not for: any other rewriting of SQL; both engines read the rest as it stands. */
#ifndef DB_DIALECT_H
#define DB_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the statement for one engine to ret, which has room for strlen(sql) + 1. Alternatives nest; one that names
   only the other engine leaves nothing. Braces and bars inside quotes and comments are text. False when braces do not
   match or a brace does not begin an alternative. */
bool dialect_expand(const char *sql, bool lite, char *ret);

/* The highest n of $n outside quotes and comments; 0: there is none. sql has been expanded. */
size_t dialect_parameters(const char *sql);

#endif
