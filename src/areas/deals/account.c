#include "areas/deals/account.h"
#include "areas/commitments/view.h"

#include "areas/deals/account_html.h"

/* Filters by the company's own fields, as they stand in the address. */
static enum err
own_parse(struct request *r, const struct record *rec, struct list *l, struct account_list *v)
{
	for (size_t i = 0; i < r->http->n_params; i++) {
		str name = r->http->params[i].name, value = str_trim(r->http->params[i].value), head, op;
		str_cut(name, '.', &head, &op);
		const struct field *f = record_field(rec, head);
		if (!f || !f->own || !value.n)
			continue;
		v->query = str_fmt(r->arena, "%.*s&%.*s=%.*s", STR_ARG(v->query), STR_ARG(http_escape(r->arena, name)),
		        STR_ARG(http_escape(r->arena, value)));
		if (list_parse(r->arena, rec, name, own_filter_text(r->arena, f, value), l, &r->faults) != OK)
			r->answer->status = 422;
	}
	return OK;
}

static enum err
accounts_page(struct request *r)
{
	struct page p = { .title = STR("Accounts") };
	struct account_list v = { .has = page_param(r, "has") };
	struct list l = { .record = &account_record,
		.sort = record_field(&account_record, STR("name")),
		.after = page_param(r, "after") };
	struct list_result x = { 0 };
	struct rate_book rates;
	enum err e = OK;

	v.record = page_own(r, &account_record);
	if (v.has.n)
		e = list_parse(r->arena, &account_record, STR("name.has"), v.has, &l, &r->faults);
	if (e == OK)
		e = own_parse(r, v.record, &l, &v);
	if (e == OK)
		e = record_list(r->conn, r->arena, &r->grant, &l, &x);
	if (e == OK)
		e = rate_book_load(r->conn, r->arena, r->actor.org, r->actor.currency, r->today, &rates);
	v.rows = arena_new(r->arena, struct account_row, x.n + 1);
	v.next = x.next;
	for (size_t i = 0; e == OK && i < x.n; i++) {
		struct account_row *row = &v.rows[v.n++];
		row->a = ((const struct account *)x.rows)[i];
		row->owner = page_name(r, "person", row->a.owner);
		e = account_sum(r, &rates, row->a.row.id, STR("open"), &row->open);
	}
	if (e != OK)
		return e;
	const struct rate_said said = rate_book_said(r->arena, &rates);
	v.rates = rate_said_words(r->arena, &said, r->actor.currency);
	page_head(r, &p);
	tpl_account_list(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
load_deals(struct request *r, struct account_view *v)
{
	static const char sql[] =
	        "select %s from deal d join stage s on s.org_id = d.org_id and s.id = d.stage join person p on "
	        "p.org_id = "
	        "d.org_id and p.id = d.owner left join account a on a.org_id = d.org_id and a.id = d.account"
	        " where d.org_id = $1 and $2 = $2 and d.account = $3 {may:deals d.owner} order by d.id desc limit 100";
	struct rule_book book = { 0 };
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, str_fmt(r->arena, sql, card_columns)),
	        DB_ARGS(DB_I(v->a->row.id)), &rows);

	v->deals = arena_new(r->arena, struct deal_card, 100);
	if (e != OK)
		return e;
	while (v->n_deals < 100 && db_next(&rows))
		card_read(r, &rows, &book, &v->deals[v->n_deals++]);
	return db_end(&rows);
}

static enum err
load_sums(struct request *r, struct account_view *v)
{
	struct rate_book rates;
	enum err e = rate_book_load(r->conn, r->arena, r->actor.org, r->actor.currency, r->today, &rates);

	if (e == OK)
		e = account_sum(r, &rates, v->a->row.id, STR("open"), &v->open);
	if (e == OK)
		e = account_sum(r, &rates, v->a->row.id, STR("won"), &v->won);
	const struct rate_said said = rate_book_said(r->arena, &rates);
	v->rates = rate_said_words(r->arena, &said, r->actor.currency);
	return e;
}

static enum err
load_contacts(struct request *r, struct account_view *v)
{
	struct list l = { .record = &contact_record, .limit = 100 };
	struct list_result x = { 0 };
	enum err e = list_parse(r->arena, &contact_record, STR("account"),
	        str_fmt(r->arena, "%lld", (long long)v->a->row.id), &l, &r->faults);

	if (e == OK)
		e = record_list(r->conn, r->arena, &r->grant, &l, &x);
	v->contacts = x.rows;
	v->n_contacts = x.n;
	return e;
}

/* Of deals that may be seen; those of the account alone are seen by whoever sees the account. */
static enum err
load_activities(struct request *r, struct account_view *v)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select x.kind, x.subject, x.text, p.name, x.on_day from activity x join person p on p.org_id = "
	        "x.org_id and "
	        "p.id = x.person where x.org_id = $1 and $2 = $2 and x.account = $3 and (x.deal is null or exists "
	        "(select 1 "
	        "from deal d where d.org_id = x.org_id and d.id = x.deal {may:deals d.owner})) order by x.on_day desc, "
	        "x.id "
	        "desc limit 50",
	        DB_ARGS(DB_I(v->a->row.id)), &rows);

	v->activities = arena_new(r->arena, struct activity_row, 50);
	if (e != OK)
		return e;
	while (v->n_activities < 50 && db_next(&rows))
		v->activities[v->n_activities++] = (struct activity_row){ db_text(&rows, 0), db_text(&rows, 1),
			db_text(&rows, 2), db_text(&rows, 3), db_day(&rows, 4) };
	return db_end(&rows);
}

static enum err
show_account(struct request *r, const struct account *a)
{
	struct crumb crumb = { STR("Accounts"), STR("/accounts") };
	struct page p = { .title = a->name, .crumbs = &crumb, .n_crumbs = 1 };
	struct account_view v = { .a = a,
		.record = page_own(r, &account_record),
		.who_sees = grant_explain(r->arena, &r->grant, MATTER_DEALS) };
	bool may = false;
	enum err e = load_deals(r, &v);

	if (e == OK)
		e = load_sums(r, &v);
	if (e == OK)
		e = load_contacts(r, &v);
	if (e == OK)
		e = load_activities(r, &v);
	if (e == OK)
		e = files_may_write(r, &account_record, a->row.id, &may);
	if (e == OK)
		e = files_load(r, &account_record, a->row.id, may, &v.files);
	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	if (!p.title.n)
		p.title = STR("Account");
	page_head(r, &p);
	tpl_account_one(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
account_page(struct request *r)
{
	struct account a;
	enum err e = record_load(r->conn, r->arena, &r->grant, &account_record, r->ids[0], &a);

	return e == OK ? show_account(r, &a) : e;
}

static str
address(struct request *r)
{
	return str_fmt(r->arena, "/accounts/%.*s", STR_ARG(id_text(r->arena, r->ids[0])));
}

static enum err
account_update(struct request *r)
{
	struct account a;
	int64_t seen;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &account_record, r->ids[0], &a);

	if (e != OK)
		return e;
	if (str_to_i64(page_field(r, "version"), &seen))
		a.row.version = seen;
	e = page_fill(r, &account_record, "name sector country website employees owner", &a);
	if (page_fill_own(r, page_own(r, &account_record), false, &a) != OK)
		e = ERR_INPUT;
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s saved", STR_ARG(a.name)), &account_record, &a, &set);
	if (e == ERR_INPUT)
		return show_account(r, &a);
	return e == OK ? page_done(r, set, address(r)) : e;
}

static enum err
account_contact(struct request *r)
{
	struct account a;
	struct contact c;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &account_record, r->ids[0], &a);

	if (e != OK)
		return e;
	record_init(&contact_record, &c);
	c.account = a.row.id;
	c.owner = r->actor.person;
	c.name = page_field(r, "contact");
	e = page_fill(r, &contact_record, "title email", &c);
	if (e == OK && !c.name.n)
		e = fault_add(&r->faults, STR("contact"), STR("is missing"), STR("write a name"));
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s added", STR_ARG(c.name)), &contact_record, &c, &set);
	if (e == ERR_INPUT)
		return show_account(r, &a);
	return e == OK ? page_done(r, set, address(r)) : e;
}

/* ---- duplicates ---- */

static const struct record *
kind_of(str name)
{
	const struct record *r = record_find(name);

	if (r && str_eq(name, STR("prospect"))) /* of an area above */
		return r;
	return r == &account_record || r == &contact_record || r == &deal_record ? r : NULL;
}

/* What is merged stands in a list of its own. */
static struct crumb
crumb_of(const struct record *rec)
{
	if (rec == &deal_record)
		return (struct crumb){ STR("Deals"), STR("/deals") };
	if (rec == &account_record || rec == &contact_record)
		return (struct crumb){ STR("Accounts"), STR("/accounts") };
	return (struct crumb){ STR("Prospects"), STR("/prospects") };
}

static enum err
duplicates_page(struct request *r)
{
	struct crumb crumb;
	struct page p = { .title = STR("Duplicates"), .crumbs = &crumb, .n_crumbs = 1 };
	struct duplicate_list v = { .kind = page_param(r, "of") };
	const struct record *rec;
	enum err e;

	if (!v.kind.n)
		v.kind = STR("account");
	rec = kind_of(v.kind);
	if (!rec)
		return ERR_ABSENT;
	crumb = crumb_of(rec);
	e = duplicates_find(r, rec, &v);
	if (e != OK)
		return e;
	page_head(r, &p);
	tpl_duplicate_list(&r->view, &v, r);
	page_foot(r);
	return OK;
}

struct two {
	const struct record *record;
	void *a, *b;
	id asked; /* who may merge them; 0 where nobody has to be asked */
	str asked_name;
};

static enum err
load_two(struct request *r, struct two *t)
{
	enum err e;

	*t = (struct two){ .record = kind_of(r->words[0]) };
	if (!t->record)
		return ERR_ABSENT;
	t->a = arena_alloc(r->arena, t->record->size, _Alignof(max_align_t));
	t->b = arena_alloc(r->arena, t->record->size, _Alignof(max_align_t));
	e = record_load(r->conn, r->arena, &r->grant, t->record, r->ids[1], t->a);
	return e == OK ? record_load(r->conn, r->arena, &r->grant, t->record, r->ids[2], t->b) : e;
}

static str
value_of(struct request *r, const struct field *f, const void *object)
{
	if (f->own)
		return own_field_words(r, f, object);
	if (field_is_null(f, object))
		return (str){ 0 };
	if (f->kind == F_REF)
		return page_name(r, f->ref->table, *(const id *)(const void *)((const char *)object + f->at));
	if (f->kind == F_CHOICE)
		return str_of(f->choices[*(const int *)(const void *)((const char *)object + f->at)].label);
	if (f->kind == F_DAY)
		return day_long(r->arena, *(const day *)(const void *)((const char *)object + f->at));
	return field_text(r->arena, f, object);
}

static str
name_of(const struct record *r, const void *object)
{
	const struct field *f = record_field(r, STR("name"));

	return *(const str *)(const void *)((const char *)object + f->at);
}

/* "3 deals, 1 contact" */
static enum err
what_moves(struct request *r, const struct record *to, id row, str *ret)
{
	str all = { 0 };

	for (size_t i = 0; record_all[i]; i++)
		for (size_t k = 0; k < record_all[i]->n_fields; k++) {
			const struct record *from = record_all[i];
			const struct field *f = &from->fields[k];
			int64_t n = 0;
			if (f->kind != F_REF || (f->ref ? f->ref : from) != to)
				continue;
			str sql = str_fmt(r->arena, "select count(*) from %s where org_id = $1 and %s = $2",
			        from->table, f->name);
			enum err e =
			        db_one_int(r->conn, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(row)), &n);
			if (e != OK)
				return e;
			if (n)
				all = str_fmt(r->arena, "%.*s%s%lld %s", STR_ARG(all), all.n ? ", " : "", (long long)n,
				        n == 1 ? from->label : from->plural);
		}
	*ret = all.n ? all : STR("nothing, nobody refers to it");
	return OK;
}

static void
compare(struct request *r, const struct two *t, struct duplicate_pair *v)
{
	const struct record *rec = page_own(r, t->record);

	v->fields = arena_new(r->arena, struct pair_field, rec->n_fields + rec->n_own);
	for (size_t i = 0; i < rec->n_fields + rec->n_own; i++) {
		const struct field *f = record_field_at(rec, i);
		struct pair_field x = { str_of(f->name), str_of(f->label), value_of(r, f, t->a), value_of(r, f, t->b),
			false };
		if (f->system || (!x.a.n && !x.b.n))
			continue;
		x.differs = x.a.n && x.b.n && !field_equal(f, t->a, t->b) && !str_eq(x.name, STR("source")) &&
		            !str_eq(x.name, STR("external_id"));
		v->fields[v->n++] = x;
	}
}

/* "account/…/…" */
static str
pair_text(struct request *r)
{
	return str_fmt(r->arena, "%.*s/%.*s/%.*s", STR_ARG(r->words[0]), STR_ARG(id_text(r->arena, r->ids[1])),
	        STR_ARG(id_text(r->arena, r->ids[2])));
}

static enum err
show_pair(struct request *r, const struct two *t)
{
	struct crumb crumb = { STR("Duplicates"), str_join(r->arena, STR("/duplicates?of="), r->words[0]) };
	struct page p = { .title = STR("One and the same?"), .crumbs = &crumb, .n_crumbs = 1 };
	struct duplicate_pair v = { .kind = r->words[0],
		.a = r->ids[1],
		.b = r->ids[2],
		.name_a = name_of(t->record, t->a),
		.name_b = name_of(t->record, t->b),
		.version_a = record_row(t->a)->version,
		.version_b = record_row(t->b)->version,
		.asked = t->asked,
		.asked_name = t->asked_name };
	enum err e = what_moves(r, t->record, v.b, &v.moves);

	if (e == OK)
		e = blockers_of_pair(r, pair_text(r), &v.waits, &v.n_waits);
	if (e != OK)
		return e;
	compare(r, t, &v);
	if (r->faults.n && r->answer->status != 403)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_duplicate_pair(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
pair_page(struct request *r)
{
	struct two t;
	enum err e = load_two(r, &t);

	return e == OK ? show_pair(r, &t) : e;
}

struct merging {
	const struct record *record;
	struct merge merge;
	id person;
	str pair, name; /* as pair_text; of the one that stays */
};

static enum err
merge_work(struct change *c, void *what)
{
	const struct merging *m = what;
	int64_t moved;
	enum err e = record_merge(c, m->record, &m->merge, &moved);

	return e == OK ? blockers_answer_pair(c, m->pair, str_fmt(c->arena, "Merged into %.*s.", STR_ARG(m->name))) : e;
}

static enum err
part_work(struct change *c, void *what)
{
	const struct merging *m = what;
	struct distinct x;

	record_init(&distinct_record, &x);
	x.kind = str_of(m->record->name);
	x.one = m->merge.keep < m->merge.drop ? m->merge.keep : m->merge.drop;
	x.other = m->merge.keep < m->merge.drop ? m->merge.drop : m->merge.keep;
	x.person = m->person;
	enum err e = record_save(c, &distinct_record, &x);
	return e == OK ? blockers_answer_pair(c, m->pair, STR("They are two different ones.")) : e;
}

static uint64_t
wishes(struct request *r, const struct record *rec)
{
	uint64_t take = 0;

	for (size_t i = 0; i < rec->n_fields; i++)
		if (str_eq(page_field(r, str_z(r->arena, str_fmt(r->arena, "take_%s", rec->fields[i].name))), STR("b")))
			take |= (uint64_t)1 << i;
	return take;
}

static str
own_wishes(struct request *r, const struct record *rec)
{
	str take = { 0 };

	for (size_t i = 0; i < rec->n_own; i++)
		if (str_eq(page_field(r, str_z(r->arena, str_fmt(r->arena, "take_%s", rec->own[i].name))), STR("b")))
			take = str_fmt(r->arena, "%.*s%s%s", STR_ARG(take), take.n ? " " : "", rec->own[i].name);
	return take;
}

static enum err
pair_merge(struct request *r)
{
	struct two t;
	struct merging m = { 0 };
	id set = 0;
	enum err e = load_two(r, &t);
	str back = str_join(r->arena, STR("/duplicates?of="), r->words[0]);

	if (e != OK)
		return e;
	m.record = t.record;
	m.person = r->actor.person;
	m.pair = pair_text(r);
	m.name = name_of(t.record, t.a);
	m.merge = (struct merge){ .keep = r->ids[1],
		.drop = r->ids[2],
		.take = wishes(r, t.record),
		.take_own = own_wishes(r, page_own(r, t.record)) };
	if (page_field(r, "different").n) {
		e = page_change(r, STR("Two different ones"), part_work, &m, &set);
		return e == OK || e == ERR_DUPLICATE ? page_done(r, set, back) : e;
	}
	if (!str_to_i64(page_field(r, "version_a"), &m.merge.keep_version) ||
	        !str_to_i64(page_field(r, "version_b"), &m.merge.drop_version))
		return ERR_STALE;
	e = page_change(r, str_fmt(r->arena, "%.*s merged", STR_ARG(name_of(t.record, t.b))), merge_work, &m, &set);
	if (e == ERR_DENIED) { /* to be seen, and not to be changed, or something that belongs to it */
		t.asked = merge_who(r, t.record, m.merge.keep, m.merge.drop, &t.asked_name);
		fault_add(&r->faults, STR("drop"), STR("is not all yours to change"),
		        t.asked ? str_fmt(r->arena,
		                          "ask %.*s, who leads everybody whose work it is, or an administrator",
		                          STR_ARG(t.asked_name))
		                : STR("ask an administrator"));
		r->answer->status = 403;
		return show_pair(r, &t);
	}
	if (e == ERR_INPUT)
		return show_pair(r, &t);
	return e == OK ? page_done(r, set, back) : e;
}

const struct route account_routes[] = {
	{ HTTP_GET, "/accounts", POLICY_SIGNED_IN, accounts_page, "accounts", "See the accounts", false },
	{ HTTP_GET, "/accounts/:", POLICY_SIGNED_IN, account_page, "accounts", "See an account", false },
	{ HTTP_POST, "/accounts/:", POLICY_SIGNED_IN, account_update, "accounts", "Save an account", false },
	{ HTTP_POST, "/accounts/:/contact", POLICY_SIGNED_IN, account_contact, "accounts", "Add a contact", false },
	{ HTTP_GET, "/duplicates", POLICY_SIGNED_IN, duplicates_page, "accounts", "Find duplicates", false },
	{ HTTP_GET, "/duplicates/*/:/:", POLICY_SIGNED_IN, pair_page, "accounts", "Compare two records", false },
	{ HTTP_POST, "/duplicates/*/:/:", POLICY_SIGNED_IN, pair_merge, "accounts", "Merge two records", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
