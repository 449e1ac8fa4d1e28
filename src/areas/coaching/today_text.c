#include "areas/coaching/pages.h"
#include "areas/coaching/view.h"
#include "areas/commitments/view.h"

enum { COACH_SHOWN = 3, STEPS_SHOWN = 5, OWED_SHOWN = 12 };

struct text {
	struct request *r;
	const struct today_view *v;
	struct out *to;
	str base;
	bool of_day;
	bool told; /* the head's brief stands before it and says what waits, so it is not said again (L1a) */
	day since; /* of a day: the working day before it; what came due after that is new */
	size_t n;
	const char *heading; /* not written yet */
};

static void
item(struct text *t, str what)
{
	if (t->heading)
		out_fmt(t->to, "%s%s\n", t->to->n ? "\n" : "", t->heading);
	t->heading = NULL;
	out_fmt(t->to, "- %.*s\n", STR_ARG(what));
	t->n++;
}

static bool
is_new(const struct text *t, day d)
{
	return day_is(d) && d.n > t->since.n && d.n <= t->r->today.n;
}

static str
on(const struct text *t, day d)
{
	return d.n == t->r->today.n ? STR("today") : day_text(t->r->arena, d, t->r->today);
}

static void
the_sessions(struct text *t)
{
	struct arena *a = t->r->arena;

	t->heading = "COACHING";
	for (size_t i = 0; i < t->v->n_week; i++) {
		const struct meeting_row *m = &t->v->week[i];
		bool mine = m->s.coachee == t->r->actor.person;
		if (t->of_day && m->on.n != t->r->today.n)
			continue;
		item(t, str_fmt(a, "%.*s, %.*s, with %.*s. %s: %.*s/coaching/%.*s", STR_ARG(on(t, m->on)),
		                STR_ARG(m->at), STR_ARG(mine ? m->coach : m->coachee),
		                mine ? "Bring one thing to look at together" : "Prepared", STR_ARG(t->base),
		                STR_ARG(id_text(a, m->s.row.id))));
	}
	for (size_t i = 0; !t->told && i < t->v->c.n_ask; i++) {
		const struct meeting_row *m = &t->v->c.ask[i];
		if (t->of_day && !is_new(t, day_add(m->s.held_on, 1)))
			continue;
		item(t, str_fmt(a,
		                "Your word on the session of %.*s with %.*s is waited for: %.*s/coaching/%.*s/confirm",
		                STR_ARG(on(t, m->s.held_on)), STR_ARG(m->coach), STR_ARG(t->base),
		                STR_ARG(id_text(a, m->s.row.id))));
	}
}

static void
what_is_asked(struct text *t)
{
	struct arena *a = t->r->arena;

	t->heading = "ASKED OF YOU";
	for (size_t i = 0; i < t->v->asks.n; i++) {
		const struct today_item *x = &t->v->asks.items[i];
		if (t->of_day && !is_new(t, x->due) && !(x->since.n && is_new(t, x->since)))
			continue;
		item(t, str_fmt(a, "%.*s%s%.*s: %.*s%.*s", STR_ARG(x->title), day_is(x->due) ? ", due " : "",
		                STR_ARG(day_is(x->due) ? on(t, x->due) : (str){ 0 }), STR_ARG(t->base),
		                STR_ARG(x->href)));
	}
	if (t->v->blockers && !t->told && (!t->of_day || t->v->blockers_late))
		item(t, str_fmt(a, "%lld blocker%s for your answer, %lld past the day: %.*s/blockers",
		                (long long)t->v->blockers, t->v->blockers == 1 ? " waits" : "s wait",
		                (long long)t->v->blockers_late, STR_ARG(t->base)));
}

/* A3: what I promised and is due; the last day before it is late is said, too. */
static void
promises(struct text *t)
{
	struct arena *a = t->r->arena;
	day end = day_add(t->r->today, t->of_day ? 1 : 7);

	t->heading = "WHAT YOU OWE";
	for (size_t i = 0, n = 0; !t->told && i < t->v->c.n_i_owe && n < OWED_SHOWN; i++) {
		const struct owed *o = &t->v->c.i_owe[i];
		if (o->c.due.n > end.n || (t->of_day && o->c.due.n < t->since.n))
			continue;
		n++;
		item(t, str_fmt(a, "%s %.*s to %.*s: when %.*s, then I %.*s", o->late ? "Was due" : "Due",
		                STR_ARG(on(t, o->c.due)), STR_ARG(o->owed_to), STR_ARG(commitment_when(&o->c)),
		                STR_ARG(commitment_then(&o->c))));
	}
	t->heading = "OWED TO YOU, AND LATE";
	for (size_t i = 0, n = 0; !t->of_day && i < t->v->c.n_owed_me && n < OWED_SHOWN; i++) {
		const struct owed *o = &t->v->c.owed_me[i];
		if (!o->late)
			continue;
		n++;
		item(t, str_fmt(a, "%.*s, was due %.*s: when %.*s, then I %.*s", STR_ARG(o->owner),
		                STR_ARG(on(t, o->c.due)), STR_ARG(commitment_when(&o->c)),
		                STR_ARG(commitment_then(&o->c))));
	}
}

static void
coach_first(struct text *t)
{
	struct arena *a = t->r->arena;

	t->heading = "COACH FIRST THIS WEEK";
	for (size_t i = 0; i < t->v->c.n_team && i < COACH_SHOWN; i++) {
		const struct team_row *x = &t->v->c.team[i];
		item(t, str_fmt(a, "%.*s: %.*s", STR_ARG(x->d->coachee_name), STR_ARG(x->why)));
	}
}

static void
the_steps(struct text *t)
{
	t->heading = "NEXT RIGHT STEPS";
	for (size_t i = 0; i < t->v->n_steps && i < STEPS_SHOWN; i++) {
		const struct deal_line *d = &t->v->steps[i];
		if (t->of_day && !is_new(t, d->on))
			continue;
		item(t, str_fmt(t->r->arena, "%.*s%s%.*s. %.*s", STR_ARG(d->account.n ? d->account : d->name),
		                d->next_step.n ? ": " : "", STR_ARG(d->next_step), STR_ARG(d->why)));
	}
}

/* L3: the same figures that the team sees of its leader. They are no reason to write a letter. */
static void
as_leader(struct text *t)
{
	const struct debt_sum *s = &t->v->c.sum;

	if (t->v->leads && s->people)
		out_fmt(t->to,
		        "\nAS A LEADER, TWELVE WEEKS; YOUR TEAM SEES THE SAME\n- Sessions confirmed: %lld of %lld\n- "
		        "People you "
		        "owe a session: %lld of %lld\n",
		        (long long)s->confirmed, (long long)s->claimed, (long long)s->in_debt, (long long)s->people);
}

enum err
today_text(struct request *r, bool of_day, str base, struct out *to, size_t *ret_n)
{
	struct today_view v = { 0 };
	struct text t = { .r = r, .v = &v, .to = to, .base = base, .of_day = of_day, .told = r->actor.head && !of_day };
	enum err e = today_load(r, &v);

	*ret_n = 0;
	if (e != OK)
		return e;
	t.since = day_add(r->today, day_weekday(r->today) == 1 ? -3 : -1);
	the_sessions(&t);
	what_is_asked(&t);
	promises(&t);
	if (!of_day)
		coach_first(&t);
	the_steps(&t);
	*ret_n = t.n;
	if (t.n && !of_day)
		as_leader(&t);
	return OK;
}
