/* Filters of lists kept under a name (D2), shared, and chosen to start with. */
#include "areas/deals/views.h"

#define VIEWS_MOST  40
#define BADGES_MOST 8 /* counted in fragments of their own */

str
view_address(struct arena *a, const struct view_place *at, const struct kept_view *v)
{
	return filter_address(a, at->page, v->query);
}

static str
all_of(struct arena *a, const struct view_place *at)
{
	return str_fmt(a, "%s?all=1", at->page);
}

str
views_all(struct arena *a, const struct views *v)
{
	return v->has_first ? all_of(a, v->place) : str_of(v->place->page);
}

/* Mine, the company's, and those of people above me who share with those below: x is the view. */
#define VIEW_SEEN \
	" and (x.owner = $2 or x.shared = 'company' or (x.shared = 'below' and x.owner in (select l.above from line " \
	"l " \
	"where l.org_id = $1 and l.below = $2 and l.to_day is null)))"

static bool
is_first(const struct kept_view *x, int64_t first)
{
	return first && x->row.id == first;
}

static enum err
count_one(struct request *r, const struct view_place *at, struct view_tab *x, size_t *later)
{
	struct deal_filter f;
	struct faults told = r->faults; /* what a view names that is gone is not this page's fault */
	str where = { 0 };
	enum err e = OK;

	faults_init(&r->faults, r->arena);
	x->count = -1;
	filter_read_query(r, at->of, x->v.query, &f);
	if (!r->faults.n)
		e = at->count(r, &f, &x->count, &where);
	r->faults = told;
	if (e == OK && where.n && ++*later <= BADGES_MOST)
		x->later = where;
	return e;
}

static enum err
my_first(struct request *r, const struct view_place *at, int64_t *ret)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select f.view from first_view f where f.org_id = $1 and f.person = $2 and f.about = $3",
	        DB_ARGS(DB_T(str_of(at->of->name))), &rows);

	*ret = 0;
	if (e != OK)
		return e;
	if (db_next(&rows))
		*ret = db_int(&rows, 0);
	return db_end(&rows);
}

static enum err
load_tabs(struct request *r, struct views *v, int64_t first)
{
	str columns = record_columns(r->arena, &view_record, "x");
	str sql = str_fmt(r->arena,
	        "select %.*s, p.name from kept_view x join person p on p.org_id = x.org_id and p.id = x.owner where "
	        "x.org_id = $1 and x.about = $3" VIEW_SEEN
	        " order by case when x.owner = $2 then 0 else 1 end, x.name, x.id limit %d",
	        STR_ARG(columns), VIEWS_MOST);
	struct rows rows;
	enum err e = record_query(
	        r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_T(str_of(v->place->of->name))), &rows);

	while (e == OK && v->n < VIEWS_MOST && db_next(&rows)) {
		struct view_tab *x = &v->all[v->n++];
		int next = record_read(&rows, &view_record, 0, &x->v);
		x->mine = x->v.owner == r->actor.person;
		x->owner = x->mine ? (str){ 0 } : db_text(&rows, next);
		x->first = is_first(&x->v, first);
		if (str_eq(x->v.query, v->query) && !v->here)
			v->here = x;
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
views_load(struct request *r, const struct view_place *at, str query, struct views *v)
{
	size_t later = 0;
	int64_t first;
	str address;
	enum err e;

	*v = (struct views){ .place = at, .query = query, .name = page_field(r, "name") };
	if (!v->query.n) /* the form of a view that was refused */
		v->query = page_field(r, "query");
	if (!r->actor.person)
		return OK;
	v->all = arena_new(r->arena, struct view_tab, VIEWS_MOST);
	v->may_below = r->actor.leads;
	v->may_company = r->actor.head || r->actor.admin;
	e = my_first(r, at, &first);
	if (e == OK)
		e = load_tabs(r, v, first);
	if (e == OK)
		e = view_first(r, at, &address);
	v->has_first = e == OK && address.n;
	for (size_t i = 0; e == OK && i < v->n; i++)
		e = count_one(r, at, &v->all[i], &later);
	return e;
}

/* One's own choice; else what the nearest above shares for one's role, then the company's. */
enum err
view_first(struct request *r, const struct view_place *at, str *ret)
{
	struct kept_view x;
	str columns = record_columns(r->arena, &view_record, "x");
	str sql = str_fmt(r->arena,
	        "select %.*s from kept_view x left join first_view f on f.org_id = x.org_id and f.person = $2 and "
	        "f.view = "
	        "x.id left join line n on n.org_id = x.org_id and n.above = x.owner and n.below = $2 and n.to_day is "
	        "null "
	        "where x.org_id = $1 and x.about = $3" VIEW_SEEN
	        " and (f.id is not null or (not exists (select 1 from first_view o "
	        "where o.org_id = $1 and o.person = $2 and o.about = $3) "
	        "and x.shared is not null and x.for_role = (select p.role from person p where p.org_id = $1 and p.id = "
	        "$2))) order by n.depth is null, n.depth, x.id limit 1",
	        STR_ARG(columns));
	struct rows rows;
	enum err e;

	*ret = (str){ 0 };
	if (!r->actor.person)
		return OK;
	e = record_query(
	        r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_T(str_of(at->of->name))), &rows);
	if (e != OK)
		return e;
	if (db_next(&rows)) {
		record_read(&rows, &view_record, 0, &x);
		*ret = view_address(r->arena, at, &x);
	}
	return db_end(&rows);
}

/* ---- keeping ---- */

/* Only what a filter can be: letters of an address, nothing that leads elsewhere. */
static bool
is_query(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] <= ' ' || s.s[i] == '#' || s.s[i] == '"' || (unsigned char)s.s[i] >= 127)
			return false;
	return s.n > 0;
}

struct keeping {
	struct kept_view given, found;
	struct first_view start; /* what the person starts with now */
	bool again;              /* one of that name is there: it shows this from now on */
	bool first, kept;        /* to be what one starts with; a view is kept */
};

static enum err
start_with(struct change *c, const struct keeping *k, int64_t view)
{
	struct first_view x = k->start;

	x.person = c->grant->person;
	x.view = view;
	x.about = k->given.about;
	return record_save(c, &first_view_record, &x);
}

static enum err
keep_work(struct change *c, void *what)
{
	const struct keeping *k = what;
	struct kept_view x = k->again ? k->found : k->given;
	enum err e;

	x.query = k->given.query;
	x.shared = k->given.shared;
	x.for_role = k->given.for_role;
	e = record_save(c, &view_record, &x);
	return e == OK && k->first ? start_with(c, k, x.row.id) : e;
}

static enum err
find_named(struct request *r, struct keeping *k)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from kept_view x where x.org_id = $1 and x.owner = $2 and x.name = $3 and x.about = $4",
	        STR_ARG(record_columns(r->arena, &view_record, "x")));
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql),
	        DB_ARGS(DB_T(k->given.name), DB_T(k->given.about)), &rows);

	if (e != OK)
		return e;
	k->again = db_next(&rows);
	if (k->again)
		record_read(&rows, &view_record, 0, &k->found);
	return db_end(&rows);
}

static enum err
find_start(struct request *r, struct keeping *k)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from first_view f where f.org_id = $1 and f.person = $2 and f.about = $3",
	        STR_ARG(record_columns(r->arena, &first_view_record, "f")));
	struct rows rows;
	enum err e =
	        record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_T(k->given.about)), &rows);

	record_init(&first_view_record, &k->start);
	if (e != OK)
		return e;
	if (db_next(&rows))
		record_read(&rows, &first_view_record, 0, &k->start);
	return db_end(&rows);
}

/* Whoever leads shares with those below; the head and administrators with everybody. */
static void
read_sharing(struct request *r, struct kept_view *x)
{
	x->shared = choice_of(sharing_choices, page_field(r, "shared"));
	x->for_role = x->shared ? choice_of(role_choices, page_field(r, "for_role")) : 0;
	if ((x->shared == SHARED_BELOW && !r->actor.leads) ||
	        (x->shared == SHARED_COMPANY && !r->actor.head && !r->actor.admin))
		fault_add(&r->faults, STR("shared"), STR("is not yours to choose"),
		        STR("leaders share with those below them, the head and administrators with everybody; anybody "
		            "may send the link"));
}

enum err
view_keep(struct request *r, const struct view_place *at)
{
	struct keeping k = { .first = page_field(r, "first").n != 0 };
	id set = 0;
	enum err e;

	record_init(&view_record, &k.given);
	k.given.owner = r->actor.person;
	k.given.about = str_of(at->of->name);
	k.given.name = page_field(r, "name");
	k.given.query = page_field(r, "query");
	if (!k.given.name.n)
		fault_add(&r->faults, STR("name"), STR("is missing"),
		        str_fmt(r->arena, "name the view, as “%s”", at->example));
	if (!is_query(k.given.query))
		fault_add(&r->faults, STR("query"), STR("is no filter"),
		        str_fmt(r->arena, "filter the %s first, then keep the view", at->of->plural));
	read_sharing(r, &k.given);
	if (r->faults.n)
		return at->show(r);
	e = find_named(r, &k);
	if (e == OK)
		e = find_start(r, &k);
	if (e == OK)
		e = page_change(r, k.again ? STR("View replaced") : STR("View kept"), keep_work, &k, &set);
	if (e == ERR_INPUT)
		return at->show(r);
	return e == OK ? page_done(r, set, view_address(r->arena, at, &k.given)) : e;
}

static enum err
drop_work(struct change *c, void *what)
{
	const struct kept_view *x = what;

	return record_remove(c, &view_record, x->row.id, x->row.version);
}

enum err
view_drop(struct request *r, const struct view_place *at)
{
	struct kept_view x;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &view_record, r->ids[0], &x);

	if (e == OK && !str_eq(x.about, str_of(at->of->name)))
		e = ERR_ABSENT;
	if (e == OK)
		e = page_change(r, STR("View removed"), drop_work, &x, &set);
	return e == OK ? page_done(r, set, all_of(r->arena, at)) : e;
}

static enum err
first_work(struct change *c, void *what)
{
	const struct keeping *k = what;

	if (k->given.row.id)
		return start_with(c, k, k->given.row.id);
	return k->start.row.id ? record_remove(c, &first_view_record, k->start.row.id, k->start.row.version) : OK;
}

/* One that may be seen; none given: all deals again. */
static enum err
find_seen(struct request *r, const struct view_place *at, id view, struct kept_view *ret)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from kept_view x where x.org_id = $1 and x.id = $3 and x.about = $4" VIEW_SEEN,
	        STR_ARG(record_columns(r->arena, &view_record, "x")));
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql),
	        DB_ARGS(DB_I(view), DB_T(str_of(at->of->name))), &rows);

	if (e != OK)
		return e;
	bool there = db_next(&rows);
	if (there)
		record_read(&rows, &view_record, 0, ret);
	e = db_end(&rows);
	return e != OK ? e : there ? OK : ERR_ABSENT;
}

enum err
view_make_first(struct request *r, const struct view_place *at)
{
	struct keeping k = { .given = { .about = str_of(at->of->name) } };
	id view = page_id_field(r, "view"), set = 0;
	enum err e = find_start(r, &k);

	if (e == OK && page_field(r, "view").n)
		e = find_seen(r, at, view, &k.given);
	if (e == OK)
		e = page_change(r,
		        view ? STR("Your first view is chosen")
		             : str_fmt(r->arena, "You start with all %s", at->of->plural),
		        first_work, &k, &set);
	if (e != OK)
		return e;
	return page_done(r, set, view ? view_address(r->arena, at, &k.given) : all_of(r->arena, at));
}
