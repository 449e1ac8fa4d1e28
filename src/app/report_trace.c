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
		row[2] = cell_text(day_iso(r->arena, from));
		row[3] = cell_text(day_iso(r->arena, to));
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
	struct grant counts = grant_counts(r->grant, "counts of leaders, open to their teams");
	struct trace_ask ask = { c, a, &counts, r->grant->org, r->scope.person, r->scope.from, r->scope.to,
		r->scope.as_of, r->asked, r->asked_to };
	struct traced *t = arena_new(a, struct traced, 1);
	enum err e = OK;

	if (!ask.person)
		return report_fault(r, "person", STR("is missing, and no head is named"), STR("say whose number"));
	*t = (struct traced){ 0 };
	e = trace_load(&ask, t);
	if (e == OK && r->limits && !trace_may(c, ask.org, r->asker, ask.person, t))
		e = ERR_ABSENT;
	if (e != OK)
		return e;
	add_sums(r, t);
	r->table.columns = columns;
	for (size_t i = 0; i < t->n_leaders; i++)
		add_items(r, "leader", t->leaders[i].name, t->leaders[i].from, t->leaders[i].to, t->leaders[i].items,
		        t->leaders[i].n);
	for (size_t i = 0; i < t->n_people; i++) /* O5: figures of one person are for them and the line above */
		if (!r->limits || trace_stands(c, ask.org, r->asker, t->people[i].person))
			add_items(r, "person", t->people[i].name, ask.from, ask.to, t->people[i].items, t->people[i].n);
	return OK;
}
