/* Ids: 41 bits of milliseconds since 2025, 5 bits of node, 7 bits of sequence borrowing from the next millisecond;
   below 2^53, so that JavaScript keeps them. Random ones for records where the order must tell nothing (E3).
   What it is not for: secrets (auth/ makes those). */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/str.h"

typedef int64_t id; /* 0: none */

#define ID_NODES 32
void id_node(int node); /* 0 … 31, leased where the database is (db/node.c); before the first id */
int id_node_own(void);
id id_new(void);
id id_random(void);
int64_t id_instant(id i);     /* the millisecond it was made in */
id id_since(int64_t instant); /* the least that one of that millisecond, or a later one, can be */
/* Ids are written in Crockford's base 32 in addresses: 11 characters, lower case. */
str id_text(struct arena *a, id i);
bool id_parse(str s, id *ret);

#endif
