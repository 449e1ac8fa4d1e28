/* A deal goes to the trash with all that belongs to it alone; what speaks of it from elsewhere holds it (29). */
#include "areas/deals/bulk.h"
#include "record/refs.h"

/* A prospect that became the deal was there before it, and stays. */
static enum err
let_go(struct change *c, const struct record *r, const struct field *f, id row)
{
	void *object = arena_alloc(c->arena, r->size, _Alignof(max_align_t));
	enum err e = record_load(c->conn, c->arena, c->grant, r, row, object);

	*(id *)(void *)((char *)object + f->at) = 0;
	return e == OK ? record_save(c, r, object) : e;
}

static enum err
take_out_of(struct change *c, const struct record *r, id deal)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < r->n_fields; i++) {
		struct row *all;
		size_t n = 0;
		if (r->fields[i].kind != F_REF || r->fields[i].ref != &deal_record)
			continue;
		e = record_refs(c, r, r->fields[i].name, deal, &all, &n);
		for (size_t k = 0; e == OK && k < n; k++)
			e = r->fields[i].lets_go ? let_go(c, r, &r->fields[i], all[k].id)
			                         : record_remove(c, r, all[k].id, all[k].version);
	}
	return e;
}

/* Sessions, commitments and others speak of it: it stays, and they are named. */
static enum err
check_held(struct change *c, const struct deal *d)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && record_all[i]; i++)
		for (size_t k = 0; e == OK && k < record_all[i]->n_fields; k++) {
			const struct record *from = record_all[i];
			int64_t n = 0;
			if (from->matter == MATTER_DEALS || from->fields[k].kind != F_REF ||
			        from->fields[k].ref != &deal_record)
				continue;
			str sql = str_fmt(c->arena, "select count(*) from %s where org_id = $1 and %s = $2",
			        from->table, from->fields[k].name);
			e = db_one_int(
			        c->conn, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(d->row.id)), &n);
			if (e == OK && n)
				fault_add(c->faults, STR("deal"),
				        str_fmt(c->arena, "is spoken of by %lld %s", (long long)n,
				                n == 1 ? from->label : from->plural),
				        STR("close it instead"));
		}
	return e == OK && c->faults->n ? ERR_INPUT : e;
}

enum err
deal_try_out(struct change *c, const struct deal *d)
{
	struct deal trial = *d;
	enum err e = record_try(c, &deal_record, &trial);

	return e == OK ? check_held(c, d) : e;
}

enum err
deal_take_out(struct change *c, const struct deal *d)
{
	const struct grant *whose = c->grant;
	struct grant hook = grant_all(whose->org, whose->login, whose->person, "what belongs to a deal goes with it");
	struct deal now;
	enum err e = deal_try_out(c, d); /* the asking person's right, before anything goes */
	size_t n = 0;

	if (e != OK)
		return e;
	while (record_all[n])
		n++;
	c->grant = &hook;
	while (e == OK && n--) /* what refers comes after what it refers to */
		if (record_all[n]->matter == MATTER_DEALS && record_all[n] != &deal_record)
			e = take_out_of(c, record_all[n], d->row.id);
	if (e == OK) /* steps that went have weighed it anew */
		e = record_load(c->conn, c->arena, c->grant, &deal_record, d->row.id, &now);
	c->grant = whose;
	if (e == OK)
		e = record_remove(c, &deal_record, now.row.id, now.row.version);
	return e == ERR_INPUT ? ERR_DENIED : e; /* nothing half-way */
}
