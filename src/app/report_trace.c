/* report trace: what each leader owed where a number was missed, then the people, as the page shows it (A4). */
#include "app/report.h"

#include "areas/leadership/trace.h"

static const struct report_column columns[] = { { "section", UNIT_TEXT }, { "person", UNIT_TEXT }, { "from", UNIT_DAY },
	{ "to", UNIT_DAY }, { "state", UNIT_TEXT }, { "what", UNIT_TEXT }, { "proof", UNIT_TEXT },
	{ NULL, UNIT_TEXT } };

static void
add_items(struct report *r, const char *section, str who, day from, day to, const struct trace_item *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct report_cell *row = report_row(r);
		row[0] = cell_text(str_of(section));
		row[1] = cell_text(who);
		row[2] = cell_text(day_iso(r->line->arena, from));
		row[3] = cell_text(day_iso(r->line->arena, to));
		row[4] = cell_text(str_of(trace_state_words(items[i].state)));
		row[5] = cell_text(items[i].what);
		row[6] = cell_text(items[i].proof);
	}
}

static void
add_sums(struct report *r, const struct traced *t)
{
	int64_t kept = 0, missed = 0, unknown = 0, asked = 0, answered = 0;

	for (size_t i = 0; i < t->n_leaders; i++) {
		const struct trace_leader *l = &t->leaders[i];
		kept += l->kept;
		missed += l->missed;
		unknown += l->unknown;
		asked += t->trace.row.id && !l->left;
		answered += l->answer.row.id != 0;
	}
	report_whole(
	        r, "leaders", "Leaders in this time", UNIT_COUNT, true, (int64_t)t->n_leaders, (int64_t)t->n_leaders);
	report_whole(r, "kept", "Kept by leaders", UNIT_COUNT, true, kept, kept + missed + unknown);
	report_whole(r, "missed", "Missed by leaders", UNIT_COUNT, true, missed, kept + missed + unknown);
	report_whole(r, "unknown", "Unknown", UNIT_COUNT, true, unknown, kept + missed + unknown);
	report_whole(r, "asked", "Leaders asked", UNIT_COUNT, true, asked, (int64_t)t->n_leaders);
	report_whole(r, "answered", "Answered", UNIT_COUNT, true, answered, asked);
	report_text(
	        r, "people_open", "The people's section", t->open ? STR("open") : STR("closed"), (int64_t)t->n_people);
	report_text(r, "next", "Answers next", t->next ? t->next->name : STR("nobody"), asked);
}

enum err
report_trace(struct conn *c, struct arena *a, struct report *r)
{
	struct trace_ask ask = { c, a, &r->line->grant, r->line->grant.org, r->scope.person, r->scope.from, r->scope.to,
		r->scope.as_of, DAY_NONE, DAY_NONE };
	struct traced *t = arena_new(a, struct traced, 1);
	enum err e = OK;

	if (!ask.person)
		e = db_one_int(c, "select coalesce(head, 0) from company where org_id = $1", DB_ARGS(DB_I(ask.org)),
		        &ask.person);
	if (e == OK && !ask.person)
		return fault_add(&r->line->faults, STR("--person"), STR("is missing, and no head is named"),
		        STR("say whose number"));
	if (!day_is(ask.from))
		ask.from = day_quarter(ask.today);
	if (!day_is(ask.to))
		ask.to = day_add(day_add_months(ask.from, 3), -1);
	r->scope.from = ask.from;
	r->scope.to = ask.to;
	*t = (struct traced){ 0 };
	if (e == OK)
		e = trace_load(&ask, t);
	if (e != OK)
		return e;
	add_sums(r, t);
	r->table.columns = columns;
	for (size_t i = 0; i < t->n_leaders; i++)
		add_items(r, "leader", t->leaders[i].name, t->leaders[i].from, t->leaders[i].to, t->leaders[i].items,
		        t->leaders[i].n);
	for (size_t i = 0; i < t->n_people; i++)
		add_items(r, "person", t->people[i].name, ask.from, ask.to, t->people[i].items, t->people[i].n);
	return OK;
}
