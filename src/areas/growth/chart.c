/* Who reports to whom at an account (G2), and what each says in its deals. */
#include "areas/growth/plan.h"

#define PEOPLE_MOST 200

static size_t
index_of(const struct plan_view *v, id contact)
{
	for (size_t i = 0; contact && i < v->n_people; i++)
		if (v->people[i].c.row.id == contact)
			return i;
	return SIZE_MAX;
}

bool
chart_leads(const struct plan_view *v, size_t who)
{
	for (size_t i = 0; i < v->n_people; i++)
		if (v->people[i].boss == who)
			return true;
	return false;
}

/* The influence and attitude that were written last. */
static enum err
load_roles(struct request *r, struct plan_view *v)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select s.contact, s.role, s.influence, s.attitude from stakeholder s join deal d on d.org_id = "
	        "s.org_id and "
	        "d.id = s.deal where s.org_id = $1 and $2 = $2 and d.account = $3 {may:deals d.owner} order by s.id",
	        DB_ARGS(DB_I(v->a->row.id)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		size_t i = index_of(v, db_int(&rows, 0));
		int influence = choice_of(influence_choices, db_text(&rows, 2)),
		    attitude = choice_of(attitude_choices, db_text(&rows, 3));
		if (i < v->n_people)
			v->people[i].role = str_fmt(r->arena, "%.*s · %s influence, %s", STR_ARG(db_text(&rows, 1)),
			        influence_choices[influence].label, attitude_choices[attitude].label);
	}
	return db_end(&rows);
}

enum err
chart_load(struct request *r, struct plan_view *v)
{
	struct list l = {
		.record = &contact_record, .sort = record_field(&contact_record, STR("name")), .limit = PEOPLE_MOST
	};
	struct list_result x = { 0 };
	enum err e = list_parse(r->arena, &contact_record, STR("account"),
	        str_fmt(r->arena, "%lld", (long long)v->a->row.id), &l, &r->faults);

	if (e == OK)
		e = record_list(r->conn, r->arena, &r->grant, &l, &x);
	v->people = arena_new(r->arena, struct chart_person, x.n + 1);
	for (; v->n_people < x.n; v->n_people++)
		v->people[v->n_people] = (struct chart_person){ .c = ((const struct contact *)x.rows)[v->n_people] };
	for (size_t i = 0; i < v->n_people; i++)
		v->people[i].boss = index_of(v, v->people[i].c.reports_to);
	return e == OK ? load_roles(r, v) : e;
}

enum err
chart_save(struct request *r, const struct account *a, id *ret_set)
{
	struct contact x, boss;
	id to = page_id_field(r, "reports_to");
	enum err e = record_load(r->conn, r->arena, &r->grant, &contact_record, page_id_field(r, "contact"), &x);

	if (e == OK && x.account != a->row.id)
		e = ERR_ABSENT;
	if (e == ERR_ABSENT)
		return fault_add(
		        &r->faults, STR("contact"), STR("is not on the list"), STR("choose one of the account’s"));
	if (e == OK && to)
		e = record_load(r->conn, r->arena, &r->grant, &contact_record, to, &boss);
	if (e == ERR_ABSENT || (e == OK && to && boss.account != a->row.id))
		return fault_add(
		        &r->faults, STR("reports_to"), STR("is not on the list"), STR("choose one of the account’s"));
	if (e != OK)
		return e;
	x.reports_to = to;
	return page_save(
	        r, str_fmt(r->arena, "%.*s: place in the chart", STR_ARG(x.name)), &contact_record, &x, ret_set);
}
