/* What of the library stands at a process, in its file: the pieces once, their titles where they are shown (K1, K2). */
#include "areas/process/plain.h"

const char *const piece_keys[] = { "kind", "purpose", "address", "body", NULL };

/* By title, as people would know it again; one that is in use before one that is retired. */
static enum err
find_piece(struct conn *c, struct arena *a, id org, str title, id *ret)
{
	int64_t found = 0;
	enum err e = db_one_int(c,
	        "select id from content where org_id = $1 and title_key = $2 order by coalesce(archived, 0), id limit "
	        "1",
	        DB_ARGS(DB_I(org), DB_T(str_fold(a, title))), &found);

	*ret = e == OK ? found : 0;
	return e == ERR_ABSENT ? OK : e;
}

static const struct version_piece *
piece_named(struct arena *a, const struct version *v, str title)
{
	str key = str_fold(a, title);

	for (size_t i = 0; i < v->n_pieces; i++)
		if (str_eq(key, str_fold(a, v->pieces[i].c.title)))
			return &v->pieces[i];
	return NULL;
}

static void
wrong(struct arena *a, struct faults *f, int line, str what, const char *mend)
{
	fault_add(f, str_fmt(a, "line %d", line), what, str_of(mend));
}

static void
check_piece(struct arena *a, const struct version *v, const struct version_piece *p, struct faults *f)
{
	const struct content *x = &p->c;

	if (!x->kind)
		wrong(a, f, p->line, STR("kind is missing"), "write article, link, file, video or template");
	if (x->address.n && !str_starts(x->address, STR("https://")) && !str_starts(x->address, STR("http://")))
		wrong(a, f, p->line, STR("address is no web address"), "write it from https:// on");
	else if (!x->address.n && (x->kind == CONTENT_LINK || x->kind == CONTENT_VIDEO))
		wrong(a, f, p->line, STR("address is missing"), "write where it lies");
	else if (x->kind && !x->address.n && x->kind != CONTENT_FILE && !str_trim(x->body).n)
		wrong(a, f, p->line, STR("has no text and no address"), "write the body, or where it lies");
	if (x->title.n && piece_named(a, v, x->title) != p)
		wrong(a, f, p->line, str_fmt(a, "piece “%.*s” is there twice", STR_ARG(x->title)), "keep one");
}

enum err
plain_check_library(struct conn *c, struct arena *a, id org, const struct version *v, struct faults *f)
{
	enum err e = OK;
	id known;

	for (size_t i = 0; i < v->n_pieces; i++)
		check_piece(a, v, &v->pieces[i], f);
	for (size_t i = 0; e == OK && i < v->n_places; i++) {
		const struct version_place *p = &v->places[i];
		if (piece_named(a, v, p->title))
			continue;
		e = find_piece(c, a, org, p->title, &known);
		if (e == OK && !known)
			wrong(a, f, p->line,
			        str_fmt(a, "“%.*s” is not in this file’s library, nor in ours", STR_ARG(p->title)),
			        "write the piece under library:, or take the title out");
	}
	return e;
}

static enum err
take_piece(struct change *c, const struct version *v, str title, id *ret)
{
	const struct version_piece *p = piece_named(c->arena, v, title);
	enum err e = find_piece(c->conn, c->arena, c->grant->org, title, ret);
	struct content x;

	if (e != OK || *ret || !p)
		return e;
	x = p->c;
	x.row = (struct row){ 0 };
	e = record_save(c, &content_record, &x);
	*ret = x.row.id;
	return e;
}

enum err
plain_save_places(struct change *c, const struct version *file, const id *stages, const id *steps, size_t *ret_n)
{
	enum err e = OK;

	*ret_n = 0;
	for (size_t i = 0; e == OK && i < file->n_places; i++) {
		const struct version_place *p = &file->places[i];
		struct content_place x;
		int64_t there = 0;
		record_init(&content_place_record, &x);
		for (size_t k = 0; k < file->n_stages; k++)
			if (file->stages[k].row.id == p->stage)
				x.stage = stages[k];
		for (size_t k = 0; p->step && k < file->n_steps; k++)
			if (file->steps[k].row.id == p->step)
				x.step = steps[k];
		e = take_piece(c, file, p->title, &x.content);
		if (e == OK)
			e = db_one_int(c->conn,
			        "select count(*) from content_place where org_id = $1 and content = $2 and stage = $3 "
			        "and "
			        "coalesce(step, 0) = $4",
			        DB_ARGS(DB_I(c->grant->org), DB_I(x.content), DB_I(x.stage), DB_I(x.step)), &there);
		if (e != OK || there || !x.content || !x.stage || (p->step && !x.step))
			continue;
		x.position = (int64_t)i + 1;
		e = record_save(c, &content_place_record, &x);
		++*ret_n;
	}
	return e;
}
