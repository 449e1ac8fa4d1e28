#include "areas/deals/trash.h"

#include "record/row.h"

#include "areas/deals/trash_html.h"

static const struct record *
thrown_kind(str name)
{
	const struct record *r = record_find(name);

	if (r && str_eq(name, STR("prospect"))) /* of an area above */
		return r;
	return r == &deal_record || r == &account_record || r == &contact_record || r == &campaign_record ? r : NULL;
}

/* O3: who might write it while it stood may see it here and bring it back. */
static enum err
may_write(struct request *r, const struct record *rec, const void *row, bool *ret)
{
	const struct field *owner = record_field(rec, STR("owner"));
	id person = *(const id *)(const void *)((const char *)row + owner->at);
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select 1 from person p where p.org_id = $1 and $2 = $2 and p.id = $3 {mayw:deals p.id}",
	        DB_ARGS(DB_I(person)), &rows);

	*ret = r->grant.reach[MATTER_DEALS][ACT_WRITE] == REACH_COMPANY;
	if (e != OK)
		return e;
	*ret |= db_next(&rows);
	return db_end(&rows);
}

struct thrown {
	const struct record *record;
	id set, row;
	instant at;
	str before, by;
	const struct field *field; /* that let go of it; NULL: a row */
};

static enum err
load_thrown(struct request *r, id set, struct thrown **ret, size_t *ret_n)
{
	size_t n = 0, cap = 0;
	struct thrown *all = NULL;
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select l.record, l.set_id, l.row_id, s.at, l.before_, coalesce(p.name, '') from change_set s join "
	        "change_line l on l.org_id = s.org_id and l.set_id = s.id and l.field = '-' and l.record in ('deal', "
	        "'account', 'contact', 'campaign', 'prospect') left join person p on p.org_id = s.org_id and p.id = "
	        "s.person where s.org_id = "
	        "$1 and "
	        "$2 = $2 and ($3 = 0 or s.id = $3) and s.at >= $4 and s.kind <> 'import' order by s.id desc, l.n limit "
	        "2000",
	        DB_ARGS(DB_I(set), DB_I(now() - TRASH_DAYS * INT64_C(86400000))), &rows);

	while (e == OK && db_next(&rows)) {
		struct thrown x = { thrown_kind(db_text(&rows, 0)), db_int(&rows, 1), db_int(&rows, 2),
			db_int(&rows, 3), db_text(&rows, 4), db_text(&rows, 5), NULL };
		if (!x.record)
			continue;
		arena_grow(r->arena, all, n, cap);
		all[n++] = x;
	}
	*ret = all;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

/* Still gone, and to be seen by who asks. */
static enum err
is_shown(struct request *r, const struct thrown *x, void *row, bool *ret)
{
	int64_t one;
	str sql = str_fmt(r->arena, "select 1 from %s where org_id = $1 and id = $2", x->record->table);
	enum err e = db_one_int(r->conn, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(x->row)), &one);

	*ret = false;
	if (e != ERR_ABSENT)
		return e;
	return row_from_json(r->arena, x->record, x->before, row) ? may_write(r, x->record, row, ret) : OK;
}

static enum err
trash_page(struct request *r)
{
	struct crumb crumb = { STR("Deals"), STR("/deals") };
	struct page p = { .title = STR("Trash"), .crumbs = &crumb, .n_crumbs = 1 };
	struct trash_view v = { 0 };
	struct thrown *all;
	size_t n;
	enum err e = load_thrown(r, 0, &all, &n);

	for (size_t i = 0; e == OK && i < n && v.n < TRASH_MOST; i++) {
		void *row = arena_alloc(r->arena, all[i].record->size, _Alignof(max_align_t));
		bool shown;
		e = is_shown(r, &all[i], row, &shown);
		if (e != OK || !shown)
			continue;
		arena_grow(r->arena, v.rows, v.n, v.cap);
		v.rows[v.n] = (struct trash_row){ .set = all[i].set,
			.kind = str_of(all[i].record->label),
			.name = row_name(r->arena, all[i].record, row),
			.by = all[i].by,
			.at = all[i].at,
			.leads = !v.n || v.rows[v.n - 1].set != all[i].set,
			.days = TRASH_DAYS - (int)((now() - all[i].at) / 86400000) };
		v.n++;
	}
	if (e != OK)
		return e;
	page_head(r, &p);
	tpl_trash(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* ---- back ---- */

struct restoring {
	struct request *r;
	id set;
	size_t n;
};

/* What let go of a deal and names none since takes hold of it again. */
static enum err
take_hold(struct change *c, id set)
{
	struct rows rows;
	struct thrown *all = NULL;
	size_t n = 0, cap = 0;
	enum err e = db_query(c->conn, c->arena,
	        "select record, row_id, field, before_ from change_line where org_id = $1 and set_id = $2 and field <> "
	        "'' "
	        "and field <> '-' and before_ <> '' order by n desc",
	        DB_ARGS(DB_I(c->grant->org), DB_I(set)), &rows);

	while (e == OK && db_next(&rows)) {
		const struct record *rec = record_find(db_text(&rows, 0));
		const struct field *f = rec ? record_field(rec, db_text(&rows, 2)) : NULL;
		if (!f || !f->lets_go)
			continue;
		arena_grow(c->arena, all, n, cap);
		all[n++] = (struct thrown){
			.record = rec, .row = db_int(&rows, 1), .field = f, .before = db_text(&rows, 3)
		};
	}
	e = e == OK ? db_end(&rows) : e;
	for (size_t i = 0; e == OK && i < n; i++) {
		void *row = arena_alloc(c->arena, all[i].record->size, _Alignof(max_align_t));
		e = record_load(c->conn, c->arena, c->grant, all[i].record, all[i].row, row);
		if (e == OK && field_is_null(all[i].field, row) && field_set_text(all[i].field, row, all[i].before))
			e = record_save(c, all[i].record, row);
		e = e == ERR_ABSENT ? OK : e;
	}
	return e;
}

/* What was taken out last comes back first, so that what refers finds what it refers to. */
static enum err
restore_work(struct change *c, void *what)
{
	struct restoring *x = what;
	const struct grant *whose = c->grant;
	struct grant hook =
	        grant_all(whose->org, whose->login, whose->person, "what belongs to a deal comes back with it");
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select record, row_id, before_ from change_line where org_id = $1 and set_id = $2 and field = '-' "
	        "order by "
	        "n desc",
	        DB_ARGS(DB_I(whose->org), DB_I(x->set)), &rows);

	x->n = 0;
	if (e != OK)
		return e;
	struct thrown *all = NULL;
	size_t n = 0, cap = 0;
	while (db_next(&rows)) {
		arena_grow(c->arena, all, n, cap);
		all[n++] = (struct thrown){
			.record = record_find(db_text(&rows, 0)), .row = db_int(&rows, 1), .before = db_text(&rows, 2)
		};
	}
	e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++) {
		struct row *row =
		        all[i].record ? arena_alloc(c->arena, all[i].record->size, _Alignof(max_align_t)) : NULL;
		if (!row || !row_from_json(c->arena, all[i].record, all[i].before, row))
			continue;
		bool own = thrown_kind(str_of(all[i].record->name)) != NULL;
		row->id = all[i].row;
		row->version = 0;
		c->grant = own ? whose : &hook;
		e = record_save(c, all[i].record, row);
		if (e == ERR_DUPLICATE)
			e = ERR_STALE; /* it is there again */
		x->n += own;
	}
	c->grant = &hook;
	if (e == OK)
		e = take_hold(c, x->set);
	c->grant = whose;
	return e;
}

static enum err
trash_restore(struct request *r)
{
	struct restoring x = { .r = r, .set = r->ids[0] };
	struct thrown *all;
	size_t n, shown_n = 0;
	id set = 0;
	enum err e = load_thrown(r, r->ids[0], &all, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		void *row = arena_alloc(r->arena, all[i].record->size, _Alignof(max_align_t));
		bool shown;
		e = is_shown(r, &all[i], row, &shown);
		shown_n += e == OK && shown;
	}
	if (e == OK && !shown_n)
		return ERR_ABSENT;
	if (e == OK)
		e = page_change(
		        r, str_fmt(r->arena, "%zu brought back from the trash", shown_n), restore_work, &x, &set);
	return e == OK ? page_done(r, set, STR("/trash")) : e;
}

const struct route trash_routes[] = {
	{ HTTP_GET, "/trash", POLICY_SIGNED_IN, trash_page, "deals", "See what was removed", false },
	{ HTTP_POST, "/trash/:", POLICY_SIGNED_IN, trash_restore, "deals", "Bring back what was removed", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
