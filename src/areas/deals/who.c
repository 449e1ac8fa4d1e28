/* What hangs on a deal: stakeholders with their map, competitors, product lines, tags, documents, deviations (D1). All
   of it is written by whoever may write the deal, whoever entered it. */
#include <string.h>

#include "areas/deals/one.h"

#define PARTS_MOST 60

struct part {
	const char *word, *fields, *added, *changed, *dropped;
	const struct record *record;
};

static const struct part parts[] = {
	{ "stakeholder", "role influence attitude", "added to those who decide", "changed",
	        "is no stakeholder any more", &stakeholder_record },
	{ "competitor", "name note", "named as a competitor", "changed", "is no competitor here any more",
	        &competitor_record },
	{ "line", "product quantity unit_price", "Product line added", "Product line changed", "Product line removed",
	        &line_item_record },
	{ "tag", "name", "tagged", "changed", "tag removed", &deal_tag_record },
	{ "document", "name address", "added to the documents", "changed", "removed from the documents",
	        &document_record },
};

static const struct part *
part_named(str word)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (str_eq(word, str_of(parts[i].word)))
			return &parts[i];
	return NULL;
}

/* ---- reading ---- */

static enum err
ask(struct request *r, const struct deal_view *v, const char *sql, struct rows *ret)
{
	return db_query(r->conn, r->arena, sql, DB_ARGS(DB_I(r->actor.org), DB_I(v->d->row.id)), ret);
}

static enum err
load_stakeholders(struct request *r, struct deal_view *v)
{
	struct rows rows;
	enum err e = ask(r, v,
	        "select x.id, x.version, k.name, x.role, x.influence, x.attitude from stakeholder x join contact k on "
	        "k.org_id = x.org_id and k.id = x.contact where x.org_id = $1 and x.deal = $2 order by x.id limit 60",
	        &rows);

	v->stakeholders = arena_new(r->arena, struct stakeholder_row, PARTS_MOST);
	while (e == OK && v->n_stakeholders < PARTS_MOST && db_next(&rows))
		v->stakeholders[v->n_stakeholders++] = (struct stakeholder_row){ db_int(&rows, 0), db_int(&rows, 1),
			db_text(&rows, 2), db_text(&rows, 3), choice_of(influence_choices, db_text_raw(&rows, 4)),
			choice_of(attitude_choices, db_text_raw(&rows, 5)) };
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_documents(struct request *r, struct deal_view *v)
{
	struct rows rows;
	enum err e = ask(r, v,
	        "select x.id, x.name, x.address, coalesce(p.name, ''), x.on_day from document x left join person p on "
	        "p.org_id = x.org_id and p.id = x.person where x.org_id = $1 and x.deal = $2 order by x.id desc limit "
	        "60",
	        &rows);

	v->documents = arena_new(r->arena, struct document_row, PARTS_MOST);
	while (e == OK && v->n_documents < PARTS_MOST && db_next(&rows))
		v->documents[v->n_documents++] = (struct document_row){ db_int(&rows, 0), db_text(&rows, 1),
			db_text(&rows, 2), db_text(&rows, 3), db_day(&rows, 4) };
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_names(struct request *r, struct deal_view *v)
{
	struct rows rows;
	enum err e = ask(r, v,
	        "select id, name, note from competitor where org_id = $1 and deal = $2 order by id limit 60", &rows);

	v->competitors = arena_new(r->arena, struct competitor_row, PARTS_MOST);
	v->tags = arena_new(r->arena, struct tag_row, PARTS_MOST);
	while (e == OK && v->n_competitors < PARTS_MOST && db_next(&rows))
		v->competitors[v->n_competitors++] =
		        (struct competitor_row){ db_int(&rows, 0), db_text(&rows, 1), db_text(&rows, 2) };
	if (e == OK)
		e = db_end(&rows);
	if (e == OK)
		e = ask(r, v,
		        "select id, name from deal_tag where org_id = $1 and deal = $2 order by name_key, id limit 60",
		        &rows);
	while (e == OK && v->n_tags < PARTS_MOST && db_next(&rows))
		v->tags[v->n_tags++] = (struct tag_row){ db_int(&rows, 0), db_text(&rows, 1) };
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_lines(struct request *r, struct deal_view *v)
{
	struct rows rows;
	enum err e = ask(r, v,
	        "select x.id, x.product, p.name, x.quantity, x.unit_price, x.total from line_item x join product p on "
	        "p.org_id = x.org_id and p.id = x.product where x.org_id = $1 and x.deal = $2 order by x.id limit 60",
	        &rows);

	v->lines = arena_new(r->arena, struct line_row, PARTS_MOST);
	while (e == OK && v->n_lines < PARTS_MOST && db_next(&rows))
		v->lines[v->n_lines++] = (struct line_row){ db_int(&rows, 0), db_int(&rows, 1), db_text(&rows, 2),
			db_int(&rows, 3), db_int(&rows, 4), db_int(&rows, 5) };
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_deviations(struct request *r, struct deal_view *v)
{
	struct rows rows;
	enum err e = ask(r, v,
	        "select f.name, t.name, coalesce(p.name, ''), x.reason, coalesce(x.steps, ''), x.on_day from deviation "
	        "x "
	        "join stage f on f.org_id = x.org_id and f.id = x.from_stage join stage t on t.org_id = x.org_id and "
	        "t.id = x.to_stage left join person p on p.org_id = x.org_id and p.id = x.person where x.org_id = $1 "
	        "and "
	        "x.deal = $2 order by x.id desc limit 60",
	        &rows);

	v->deviations = arena_new(r->arena, struct deviation_row, PARTS_MOST);
	while (e == OK && v->n_deviations < PARTS_MOST && db_next(&rows))
		v->deviations[v->n_deviations++] = (struct deviation_row){ db_text(&rows, 0), db_text(&rows, 1),
			db_text(&rows, 2), db_text(&rows, 3), db_text(&rows, 4), db_day(&rows, 5) };
	return e == OK ? db_end(&rows) : e;
}

enum err
parts_load(struct request *r, struct deal_view *v)
{
	enum err e;

	v->n_stakeholders = v->n_documents = v->n_competitors = v->n_tags = v->n_lines = v->n_deviations = 0;
	e = load_stakeholders(r, v);
	if (e == OK)
		e = load_documents(r, v);
	if (e == OK)
		e = load_names(r, v);
	if (e == OK)
		e = load_lines(r, v);
	return e == OK ? load_deviations(r, v) : e;
}

const struct stakeholder_row *
who_decides(const struct deal_view *v)
{
	for (size_t i = 0; i < v->n_stakeholders; i++)
		if (v->stakeholders[i].influence == 3)
			return &v->stakeholders[i];
	return NULL;
}

int64_t
lines_sum(const struct deal_view *v)
{
	int64_t sum = 0;

	for (size_t i = 0; i < v->n_lines; i++)
		sum += v->lines[i].total;
	return sum;
}

/* ---- the map ---- */

/* Those in one field stand beside each other. */
static void
put_one(struct view *view, const struct deal_view *v, size_t i)
{
	const struct stakeholder_row *k = &v->stakeholders[i];
	int before = 0;

	for (size_t j = 0; j < i; j++)
		before += v->stakeholders[j].influence == k->influence && v->stakeholders[j].attitude == k->attitude;
	int x = 30 + (k->attitude - 1) * 15 + before * 4, y = 18 + (3 - k->influence) * 40 + before * 3;
	out_fmt(view->out,
	        "<circle class=\"%s\" cx=\"%d%%\" cy=\"%d\" r=\"%d\"/><text class=\"mid strong\" x=\"%d%%\" y=\"%d\">",
	        k->attitude <= 2   ? "f4"
	        : k->attitude == 3 ? "ring"
	                           : "f1",
	        x, y, k->influence == 3 ? 8 : 6, x, y + 21);
	str first, rest;
	str_cut(k->name, ' ', &first, &rest);
	html_text(view, first);
	out_lit(view->out, "</text>");
}

void
tpl_stakeholder_map(struct view *view, const struct deal_view *v)
{
	struct out *o = view->out;

	out_lit(o, "<svg class=\"chart\" width=\"100%\" height=\"160\" role=\"img\" aria-label=\"");
	for (size_t i = 0; i < v->n_stakeholders; i++) {
		html_attr(view, v->stakeholders[i].name);
		out_fmt(o, ": %s influence, %s%s", influence_choices[v->stakeholders[i].influence].label,
		        attitude_choices[v->stakeholders[i].attitude].label, i + 1 < v->n_stakeholders ? "; " : "");
	}
	out_lit(o, "\">");
	for (int k = 3; k >= 1; k--)
		out_fmt(o,
		        "<line class=\"grid\" x1=\"24%%\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/><text x=\"0\" "
		        "y=\"%d\">%s</text>",
		        18 + (3 - k) * 40, 18 + (3 - k) * 40, 22 + (3 - k) * 40, influence_choices[k].label);
	out_lit(o, "<text x=\"24%\" y=\"152\">Hostile</text><text class=\"mid\" x=\"60%\" y=\"152\">Neutral</text>"
	           "<text class=\"fin\" x=\"100%\" y=\"152\">Convinced</text>");
	for (size_t i = 0; i < v->n_stakeholders; i++)
		put_one(view, v, i);
	out_lit(o, "</svg>");
}

/* ---- writing ---- */

enum err
parts_contact(struct change *c, const struct deal *d, str name, str title, id *ret)
{
	struct contact made;
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select id from contact where org_id = $1 and coalesce(account, 0) = $2 and name_key = $3 order by id "
	        "limit 1",
	        DB_ARGS(DB_I(c->grant->org), DB_I(d->account), DB_T(str_fold(c->arena, name))), &rows);

	if (e != OK)
		return e;
	id there = db_next(&rows) ? db_int(&rows, 0) : 0;
	e = db_end(&rows);
	if (e == OK && !there) {
		record_init(&contact_record, &made);
		made.account = d->account;
		made.name = name;
		made.title = title;
		made.owner = d->account ? 0 : d->owner;
		e = record_save(c, &contact_record, &made);
		there = made.row.id;
	}
	if (e == OK)
		*ret = there;
	return e;
}

enum err
parts_of_deal(struct change *c, id deal, enum err (*fn)(struct change *c, void *what), void *what)
{
	const struct grant *own = c->grant;
	struct grant all = grant_all(own->org, own->login, own->person, "a part of a deal that is theirs to write");
	enum err e = deal_may_write(c, deal);

	if (e != OK)
		return e;
	c->grant = &all;
	e = fn(c, what);
	c->grant = own;
	return e;
}

struct part_work {
	const struct part *part;
	const struct deal *deal;
	void *given;
	str who; /* a stakeholder's name */
	id drop;
};

/* What stands there already under the same name, or for the same contact, is changed and not doubled. */
static enum err
find_same(struct change *c, const struct part_work *w, void *x)
{
	static const char *const by_name[] = { "competitor", "deal_tag" };
	str sql = { 0 };
	struct db_value key = DB_I(0);
	struct rows rows;

	if (w->part->record == &stakeholder_record) {
		sql = STR("select id, version from stakeholder where org_id = $1 and deal = $2 and contact = $3");
		key = DB_I(((struct stakeholder *)x)->contact);
	}
	for (size_t i = 0; i < 2; i++)
		if (strcmp(w->part->record->table, by_name[i]) == 0) {
			str name = i ? ((struct deal_tag *)x)->name : ((struct competitor *)x)->name;
			sql = str_fmt(c->arena,
			        "select id, version from %s where org_id = $1 and deal = $2 and name_key = $3",
			        by_name[i]);
			key = DB_T(str_fold(c->arena, name));
		}
	if (!sql.n || ((struct row *)x)->id)
		return OK;
	enum err e = db_query(c->conn, c->arena, str_z(c->arena, sql),
	        DB_ARGS(DB_I(c->grant->org), DB_I(w->deal->row.id), key), &rows);
	if (e == OK && db_next(&rows)) {
		((struct row *)x)->id = db_int(&rows, 0);
		((struct row *)x)->version = db_int(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
put(struct change *c, void *what)
{
	const struct part_work *w = what;
	void *x = arena_copy(c->arena, w->given, w->part->record->size);
	struct stakeholder *k = x;
	enum err e = OK;

	if (w->part->record == &stakeholder_record && !k->row.id)
		e = parts_contact(c, w->deal, w->who, k->role, &k->contact);
	if (e == OK)
		e = find_same(c, w, x);
	return e == OK ? record_save(c, w->part->record, x) : e;
}

static enum err
put_work(struct change *c, void *what)
{
	return parts_of_deal(c, ((struct part_work *)what)->deal->row.id, put, what);
}

static enum err
refuse(struct request *r, const struct deal *d, const struct part *p, int status)
{
	struct deal_view v = { .part = p->word };

	r->answer->status = status;
	return one_show(r, d, &v);
}

/* What the fields alone do not tell. */
static void
judge(struct request *r, const struct part *p, const struct part_work *w)
{
	const struct document *x = w->given;

	if (p->record == &stakeholder_record && !((const struct stakeholder *)w->given)->row.id &&
	        (!w->who.n || str_letters(w->who) > 200))
		fault_add(&r->faults, STR("who"), STR("is missing or too long"), STR("write their name"));
	if (p->record == &document_record && !str_starts(x->address, STR("https://")) &&
	        !str_starts(x->address, STR("http://")))
		fault_add(&r->faults, STR("address"), STR("is no web address"),
		        STR("paste the link to it, from https:// on"));
}

/* The row that the form names, of this deal; a fresh one otherwise. */
static enum err
take_row(struct request *r, const struct part *p, const struct deal *d, void *x)
{
	id row = page_id_field(r, "row");
	int64_t seen;
	struct grant all = grant_all(r->actor.org, r->actor.login, r->actor.person, "a part of a deal that is seen");

	record_init(p->record, x);
	if (row) {
		enum err e = record_load(r->conn, r->arena, &all, p->record, row, x);
		if (e == OK && ((struct stakeholder *)x)->deal != d->row.id)
			e = ERR_ABSENT;
		if (e == OK && str_to_i64(page_field(r, "version"), &seen))
			((struct row *)x)->version = seen;
		return e;
	}
	((struct stakeholder *)x)->deal = d->row.id;
	if (p->record->start)
		return p->record->start(r->conn, r->arena, &r->grant, x);
	return OK;
}

static str
said(struct request *r, const struct part *p, const struct part_work *w)
{
	const char *words = ((struct row *)w->given)->id ? p->changed : p->added;
	str name = w->who.n ? w->who : page_field(r, "name");

	return name.n ? str_fmt(r->arena, "%.*s %s", STR_ARG(str_first(name, 100)), words)
	              : str_fmt(r->arena, "%s%s", words[0] >= 'a' ? "Stakeholder " : "", words);
}

static str
part_path(struct request *r, const struct part *p)
{
	return one_path(r, r->ids[0], str_z(r->arena, str_fmt(r->arena, "#c-%s", p->word)));
}

enum err
part_save(struct request *r)
{
	const struct part *p = part_named(r->words[1]);
	struct deal d;
	struct part_work w = { .part = p, .deal = &d, .who = page_field(r, "who") };
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &d);

	if (e != OK || !p)
		return e != OK ? e : ERR_ABSENT;
	w.given = arena_alloc(r->arena, p->record->size, _Alignof(max_align_t));
	e = take_row(r, p, &d, w.given);
	if (e != OK)
		return e;
	if (p->record == &line_item_record)
		((struct line_item *)w.given)->currency = d.currency;
	e = page_fill(r, p->record, p->fields, w.given);
	if (e == OK)
		judge(r, p, &w);
	if (e == OK && r->faults.n)
		e = ERR_INPUT;
	if (e == OK)
		e = page_change(r, said(r, p, &w), put_work, &w, &set);
	if (e == ERR_STALE)
		fault_add(&r->faults, STR("role"), STR("was changed by somebody else meanwhile"),
		        STR("look at theirs above, then save yours again or leave it"));
	if (e == ERR_INPUT || e == ERR_STALE)
		return refuse(r, &d, p, e == ERR_STALE ? 409 : 422);
	return e == OK ? page_done(r, set, part_path(r, p)) : e;
}

static enum err
take_off(struct change *c, void *what)
{
	const struct part_work *w = what;
	void *x = arena_alloc(c->arena, w->part->record->size, _Alignof(max_align_t));
	enum err e = record_load(c->conn, c->arena, c->grant, w->part->record, w->drop, x);

	if (e == OK && ((struct stakeholder *)x)->deal != w->deal->row.id)
		e = ERR_ABSENT;
	return e == OK ? record_remove(c, w->part->record, w->drop, record_row(x)->version) : e;
}

static enum err
drop_work(struct change *c, void *what)
{
	return parts_of_deal(c, ((struct part_work *)what)->deal->row.id, take_off, what);
}

enum err
part_drop(struct request *r)
{
	const struct part *p = part_named(r->words[1]);
	struct deal d;
	struct part_work w = { .part = p, .deal = &d, .drop = r->ids[2] };
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &d);

	if (e != OK || !p)
		return e != OK ? e : ERR_ABSENT;
	str name = page_field(r, "name");
	e = page_change(r,
	        name.n ? str_fmt(r->arena, "%.*s %s", STR_ARG(str_first(name, 100)), p->dropped)
	               : str_fmt(r->arena, "Taken off the deal"),
	        drop_work, &w, &set);
	if (e == ERR_INPUT)
		return refuse(r, &d, p, 422); /* a completed step stands on it, and says so */
	return e == OK ? page_done(r, set, part_path(r, p)) : e;
}
