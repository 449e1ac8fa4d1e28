/* Files kept with a record (D1): what may come in, what it is called, its bytes in the database. Whatever somebody
   sends is treated as hostile: names are text, kinds are ours and few, contents are looked at, and given back for
   saving only. What it is not for: the pages (file_pages.c), or documents that lie elsewhere (who.c). */
#ifndef AREAS_DEALS_FILE_H
#define AREAS_DEALS_FILE_H

#include "areas/deals/deals.h"

enum {
	FILE_MOST = 5 << 20,     /* bytes of one */
	FILES_MOST = 25 << 20,   /* bytes of all files of a record */
	FILES_COUNT = 50,        /* of a record */
	FILE_PIECE = 192 * 1024, /* bytes of a row that holds a part of one */
	FILE_NAME_LETTERS = 120
};

struct attachment {
	struct row row;
	id deal, account, content; /* one of them */
	id person;                 /* its owner then: who may see it in lists; of the library's, who sent it */
	id by;                     /* who sent it; 0: an administrator */
	day on_day;
	str name, kind; /* kind: the ending, one of file_kinds */
	int64_t size;
	str digest; /* of the content; the same content is kept once */
};

extern const struct record attachment_record;
/* file_piece(org, digest, n, data): contents in base64, by their digest. */
extern const char file_piece_schema[];

struct file_kind {
	const char *ending, *label, *type;
	const char *magic; /* what the content begins with; NULL: it is text */
	size_t n_magic;
};

/* What was sent, judged and cut: all that can be done outside a transaction. */
struct file_sent {
	str name;
	const struct file_kind *kind;
	str digest;
	int64_t size;
	str *pieces; /* base64 */
	size_t n;
};

const struct file_kind *file_kind_of(str ending); /* NULL: not taken */
/* A fault at "file" for what is not taken. */
enum err file_judge(struct arena *a, str name, str bytes, struct faults *f, struct file_sent *ret);
/* In the transaction that stores the attachment. */
enum err file_store(struct change *c, const struct file_sent *f);
/* ERR_ABSENT when a part is missing, which check says. */
enum err file_fetch(struct conn *c, struct arena *a, id org, str digest, str *ret);
/* Every attachment has its content. */
enum err file_check(struct conn *c, struct arena *a, id org, struct check_report *r);
/* "1.2 MB" */
str file_size_words(struct arena *a, int64_t bytes);

#endif
