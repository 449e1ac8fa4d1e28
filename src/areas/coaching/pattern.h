/* What frameworks and rubrics have in common: a head with parts, edited as a whole, kept in versions of which a used
   one is frozen, copied, retired, removed, and moved as a plain file. What it is not for: what stands in one of them
   (framework.h, rubric.h), and their pages. */
#ifndef AREAS_COACHING_PATTERN_H
#define AREAS_COACHING_PATTERN_H

#include "page/page.h"

#define PATTERN_FILE_MOST ((size_t)64 << 10)

struct pattern_version {
	id id;
	int64_t number, used;
};

/* A kind of pattern. A whole is its head, the struct of `record` with fields name, number, line and retired, and behind
   it the parts; `size` bytes. */
struct pattern {
	const struct record *record;
	const char *word, *path; /* "framework", "/frameworks" */
	const char *used_by;     /* the table whose rows name a version, in a column called as the record's table */
	size_t size;
	enum err (*load)(struct request *r, id which, void *ret); /* ERR_ABSENT */
	enum err (*save)(struct change *c, void *whole, id *ret);
	enum err (*remove)(struct change *c, const void *whole);
	enum err (*print)(struct arena *a, const void *whole, str *ret);
	enum err (*parse)(struct arena *a, str text, struct faults *f, void *ret);
	/* In the open change set; *ret_same: nothing differs from the version in use, and nothing was written. */
	enum err (*take)(struct change *c, void *whole, id *ret, bool *ret_same);
	enum err (*take_ready)(struct change *c, int64_t *ret_made);
	/* Pages, with what was refused: the list with the text of an import that stays, one of them. */
	enum err (*show_list)(struct request *r, str file);
	enum err (*show_one)(struct request *r);
};

/* The head and administrators, as with processes. */
bool pattern_may(const struct request *r);
/* Of the line that a version belongs to, newest first, at most 40; the request's arena. */
enum err pattern_versions(
        struct request *r, const struct pattern *p, const void *whole, struct pattern_version **ret, size_t *ret_n);
/* "Version 2 was used in 3 sessions and stays as it is; …"; empty where it was not used. */
str pattern_frozen(struct arena *a, int64_t number, int64_t used, const char *what);

/* Saves what a form says of a new one, or of version `whole` that the form was read from. ERR_INPUT: faults say why. */
enum err pattern_save(struct request *r, const struct pattern *p, const void *whole);

enum err pattern_import(struct request *r, const struct pattern *p);
enum err pattern_ready(struct request *r, const struct pattern *p);
enum err pattern_file(struct request *r, const struct pattern *p);
enum err pattern_copy(struct request *r, const struct pattern *p);
enum err pattern_retire(struct request *r, const struct pattern *p);
enum err pattern_remove(struct request *r, const struct pattern *p);

#endif
