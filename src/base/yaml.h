/* YAML as a small tree, read by libyaml's events: mappings, settings, packs. Anchors and tags are refused; a duplicate
   key is a fault with its line.
   What it is not for: writing arbitrary data; yaml_quote gives one scalar that reads back the same. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/err.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_kind kind;
	int line;           /* where it starts, from 1 */
	str key;            /* its name when it stands in a map */
	str text;           /* of a scalar */
	bool quoted;        /* 'x' or "x": never null, true or a number */
	struct yaml *first; /* children of a list or map, in file order */
	struct yaml *next;
	size_t n; /* children */
};

/* At most 1 MiB and 32 levels. On fault: ERR_INPUT and a fault at "line N". */
enum err yaml_parse(struct arena *a, str text, struct faults *f, struct yaml **ret);
const struct yaml *yaml_at(const struct yaml *map, str key); /* NULL when absent or map is NULL */
str yaml_text(const struct yaml *map, str key, str otherwise);
bool yaml_int(const struct yaml *map, str key, int64_t *ret);
str yaml_quote(struct arena *a, str s);

#endif
