/* Paired agreements: reading both columns, proposing, signing (A2). */
#include "areas/accountability/view.h"

#include "areas/coaching/observe.h"
#include "areas/deals/target.h"

#define LINES_MOST 60

/* ---- reading ---- */

static enum err
load_leader(struct request *r, struct agree_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select p.name, coalesce(p.manager, case when k.head = p.id then k.sponsor end, 0), coalesce(m.name, "
	        "s.name, "
	        "'') from person p join company k on k.org_id = p.org_id left join person m on m.org_id = p.org_id and "
	        "m.id = p.manager left join person s on s.org_id = p.org_id and s.id = k.sponsor where p.org_id = $1 "
	        "and "
	        "p.id = $2",
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->person)), &rows);
	bool found = false;

	if (e == OK && db_next(&rows)) {
		found = true;
		v->person_name = db_text(&rows, 0);
		v->leader = db_int(&rows, 1);
		v->leader_name = v->leader ? db_text(&rows, 2) : (str){ 0 };
	}
	if (e == OK)
		e = db_end(&rows);
	return e == OK && !found ? ERR_ABSENT : e;
}

/* The one in force, the one proposed since, and those before. */
static enum err
load_versions(struct request *r, struct agree_view *v)
{
	struct rows rows;
	str sql = str_fmt(r->arena,
	        "select %.*s from agreement x where x.org_id = $1 and x.person = $2 order by x.number desc limit 12",
	        STR_ARG(record_columns(r->arena, &agreement_record, "x")));
	enum err e =
	        db_query(r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(v->person)), &rows);

	while (e == OK && db_next(&rows)) {
		struct agreement x;
		record_read(&rows, &agreement_record, 0, &x);
		if (x.state == AGREEMENT_SIGNED && !v->now.a.row.id) {
			v->now.a = x;
		} else if (x.state == AGREEMENT_PROPOSED && !v->next.a.row.id) {
			v->next.a = x;
		} else if (x.state == AGREEMENT_REPLACED && v->n_old < 10) {
			v->old[v->n_old].row = x.row.id;
			v->old[v->n_old].number = x.number;
			v->old[v->n_old].from = x.from_day;
			v->old[v->n_old++].to = x.to_day;
		}
	}
	return e == OK ? db_end(&rows) : e;
}

static str
line_words(struct request *r, const struct agreement_line *l, int source, str measure, const struct obligation *o)
{
	struct measure m = { .source = source };

	if (l->side == SIDE_OWES)
		return l->words.n ? l->words : o ? obligation_words(r->arena, o) : STR("a duty");
	if (measure_is_share(&m))
		return str_fmt(r->arena, "%.*s: %lld %% or more", STR_ARG(measure), (long long)l->amount);
	return str_fmt(r->arena, "%.*s: %lld %s", STR_ARG(measure), (long long)l->amount, measure_pers[l->per].label);
}

static enum err
load_lines(struct request *r, struct agree_version *v)
{
	struct rows rows;
	str sql = str_fmt(r->arena,
	        "select %.*s, m.name, m.source, o.id from agreement_line x left join measure m on m.org_id = x.org_id "
	        "and "
	        "m.id = x.measure left join obligation o on o.org_id = x.org_id and o.id = x.obligation where x.org_id "
	        "= "
	        "$1 and x.agreement = $2 order by x.id limit %d",
	        STR_ARG(record_columns(r->arena, &agreement_line_record, "x")), LINES_MOST);
	enum err e;

	v->does = arena_new(r->arena, struct agree_line, LINES_MOST);
	v->owes = arena_new(r->arena, struct agree_line, LINES_MOST);
	e = db_query(r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(v->a.row.id)), &rows);
	while (e == OK && db_next(&rows)) {
		struct agree_line x = { 0 };
		int at = record_read(&rows, &agreement_line_record, 0, &x.l);
		int source = choice_of(measure_froms, db_text_raw(&rows, at + 1));
		x.words = line_words(r, &x.l, source, db_text(&rows, at), NULL);
		if (x.l.side == SIDE_DOES && x.l.acts != NO_INT && x.l.closes != NO_INT)
			x.ratio = ratio_of(r->arena, source, x.l.acts, x.l.closes).words;
		if (x.l.side == SIDE_DOES)
			v->does[v->n_does++] = x;
		else
			v->owes[v->n_owes++] = x;
	}
	return e == OK ? db_end(&rows) : e;
}

/* What came of a duty towards this one person, in the days shown: counts alone (A4a). */
static enum err
duty_fact(struct request *r, const struct agree_view *v, const struct obligation *o, day from, day to, str *ret)
{
	const unsigned seen = OBSERVED(OBSERVED_CALL) | OBSERVED(OBSERVED_RECORDING) | OBSERVED(OBSERVED_RIDE_ALONG);
	const char *sql = NULL;
	struct observed_count n = { 0 };
	struct rows rows;
	enum err e;

	if (o->duty == DUTY_OBSERVED_CALL || o->duty == DUTY_RIDE_ALONG || o->duty == DUTY_WATCH_COACHING) {
		e = observed_count(r->conn, r->arena, r->actor.org, v->leader, v->person,
		        o->duty == DUTY_WATCH_COACHING ? OBSERVED(OBSERVED_COACHING) : seen, from, to, &n);
		*ret = n.seen ? str_fmt(r->arena, "%lld seen", (long long)n.seen) : STR("none recorded");
		return e;
	}
	if (o->duty == DUTY_COACH)
		sql = "select coalesce(sum(case when held_on is not null and answer = 'confirmed' then 1 else 0 end), "
		      "0), "
		      "count(*) from coaching_session where org_id = $1 and coach = $2 and coachee = $3 and state <> "
		      "'excused' and on_day >= $4 and on_day <= $5";
	else if (o->duty == DUTY_BLOCKERS)
		sql = "select coalesce(sum(case when answered_on <= due then 1 else 0 end), 0), count(*) from blocker "
		      "where org_id = $1 and owner = $2 and raised_by = $3 and raised_on >= $4 and raised_on <= $5 and "
		      "(answered_on is not null or due < $5)";
	if (!sql)
		return OK;
	e = db_query(r->conn, r->arena, sql,
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->leader), DB_I(v->person), db_day_value(r->arena, from),
	                db_day_value(r->arena, to)),
	        &rows);
	if (e == OK && db_next(&rows))
		*ret = !db_int(&rows, 1)
		               ? STR("none came due")
		               : str_fmt(r->arena, "%lld of %lld %s", (long long)db_int(&rows, 0),
		                         (long long)db_int(&rows, 1), o->duty == DUTY_COACH ? "confirmed" : "in time");
	return e == OK ? db_end(&rows) : e;
}

static enum err
tell_duties(struct request *r, const struct agree_view *v, struct agree_version *x, day from, day to)
{
	const struct grant all = grant_all(r->actor.org, 0, 0, "duties are open to the company");
	enum err e = OK;

	if (to.n > r->today.n)
		to = r->today;
	for (size_t i = 0; e == OK && i < x->n_owes; i++) {
		struct obligation o;
		if (!x->owes[i].l.obligation)
			continue;
		e = record_load(r->conn, r->arena, &all, &obligation_record, x->owes[i].l.obligation, &o);
		if (e != OK)
			return e == ERR_ABSENT ? OK : e;
		x->owes[i].words = line_words(r, &x->owes[i].l, 0, (str){ 0 }, &o);
		e = duty_fact(r, v, &o, from, to, &x->owes[i].fact);
	}
	return e;
}

/* The targets that stand are not entered twice: the one in money is shown beside what was agreed. */
static enum err
tell_revenue(struct request *r, struct agree_view *v, day from, day to)
{
	const struct grant all = grant_counts(&r->grant, "figures of a scorecard that the asker may open");
	const struct target_ask t = { v->person, from, to, r->actor.currency };
	struct target_sum sum;
	enum err e = target_sum(r->conn, r->arena, &all, &t, &sum);

	if (e == OK && sum.found)
		v->revenue = money_text(r->arena, money_of(sum.amount, r->actor.currency));
	return e;
}

static bool
missing_signature(const struct agree_view *v)
{
	const struct agreement *x = &v->next.a;

	return x->row.id && ((v->is_person && !day_is(x->person_signed_on)) ||
	                            (v->is_leader && x->leader && !day_is(x->leader_signed_on)));
}

enum err
agree_load(struct request *r, id person, day from, day to, struct agree_view *ret)
{
	struct agree_view *v = ret;
	enum err e;

	*v = (struct agree_view){ .person = person };
	e = load_leader(r, v);
	if (e == OK)
		e = load_versions(r, v);
	if (e == OK && v->now.a.row.id)
		e = load_lines(r, &v->now);
	if (e == OK && v->next.a.row.id)
		e = load_lines(r, &v->next);
	if (e == OK)
		e = tell_duties(r, v, &v->now, from, to);
	if (e == OK)
		e = tell_duties(r, v, &v->next, from, to);
	if (e == OK)
		e = tell_revenue(r, v, from, to);
	v->is_person = r->actor.person == person;
	v->is_leader = r->actor.person && r->actor.person == v->leader;
	v->alone = !v->leader;
	v->may_propose = (v->is_person || v->is_leader) && !r->as_of;
	v->may_sign = missing_signature(v) && !r->as_of;
	v->waits = v->next.a.row.id && !v->may_sign;
	if (e == OK && v->alone)
		e = second_stand_in(r->conn, r->arena, r->actor.org, person, r->today, &v->stand_in);
	return e;
}

enum err
agreement_in(struct conn *c, struct arena *a, id org, id person, day from, day to, struct agreed *ret)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select g.number, g.state, g.from_day, g.proposed_on, m.source, l.acts, l.closes from agreement g left "
	        "join agreement_line l on l.org_id = g.org_id and l.agreement = g.id and l.acts is not null left join "
	        "measure m on m.org_id = l.org_id and m.id = l.measure where g.org_id = $1 and g.person = $2 and "
	        "((g.state in ('signed', 'replaced') and g.from_day <= $4 and (g.to_day is null or g.to_day >= $3)) or "
	        "(g.state = 'proposed' and g.proposed_on <= $4)) order by case when g.state = 'proposed' then 1 else 0 "
	        "end, g.number desc, l.id limit 1",
	        DB_ARGS(DB_I(org), DB_I(person), db_day_value(a, from), db_day_value(a, to)), &rows);

	*ret = (struct agreed){ 0 };
	if (e == OK && db_next(&rows)) {
		ret->person = person;
		ret->number = db_int(&rows, 0);
		ret->both = choice_of(agreement_states, db_text_raw(&rows, 1)) != AGREEMENT_PROPOSED;
		ret->on = db_day(&rows, ret->both ? 2 : 3);
		if (!db_is_null(&rows, 5))
			ret->ratio = ratio_of(
			        a, choice_of(measure_froms, db_text_raw(&rows, 4)), db_int(&rows, 5), db_int(&rows, 6))
			                     .words;
	}
	return e == OK ? db_end(&rows) : e;
}
