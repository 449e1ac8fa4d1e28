/* Who may sign what, and what stays as it was signed (A2). */
#include "areas/accountability/accountability.h"

static bool
signed_by_both(const struct agreement *x)
{
	return day_is(x->person_signed_on) && (!x->leader || day_is(x->leader_signed_on));
}

static void
check_signature(
        const struct change *c, id whose, day was, day now, const char *field, const char *mend, struct faults *f)
{
	if (was.n != now.n && day_is(now) && c->grant->person != whose)
		fault_add(f, str_of(field), STR("is not yours to give"), str_of(mend));
}

enum err
agreement_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct agreement *was = before, *x = after;

	if (!x)
		return OK;
	if (x->person == x->leader)
		fault_add(f, STR("leader"), STR("is the same person"),
		        STR("the leader or the sponsor signs beside them"));
	if (x->state == AGREEMENT_SIGNED && !signed_by_both(x))
		fault_add(f, STR("state"), STR("wants both signatures"), STR("the other side signs first"));
	if (c->kind != CHANGE_EDIT)
		return OK;
	check_signature(c, x->person, was ? was->person_signed_on : DAY_NONE, x->person_signed_on, "person_signed_on",
	        "the person signs", f);
	check_signature(c, x->leader, was ? was->leader_signed_on : DAY_NONE, x->leader_signed_on, "leader_signed_on",
	        "the leader signs", f);
	if (was && signed_by_both(was) && (was->from_day.n != x->from_day.n || was->number != x->number))
		fault_add(f, STR("from_day"), STR("is signed and stays as it is"), STR("propose a new version"));
	return OK;
}

/* What both signed is not touched; a change is a new version. */
enum err
agreement_line_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct agreement_line *was = before, *x = after;
	struct agreement of;
	enum err e =
	        record_load(c->conn, c->arena, c->grant, &agreement_record, x ? x->agreement : was->agreement, &of);

	if (e != OK || c->kind != CHANGE_EDIT)
		return e;
	if (of.state != AGREEMENT_PROPOSED)
		fault_add(f, STR("agreement"), STR("is signed and stays as it is"), STR("propose a new version"));
	if (x && x->side == SIDE_DOES && (!x->measure || x->amount == NO_INT))
		fault_add(f, STR("amount"), STR("is missing"), STR("say how many"));
	if (x && x->side == SIDE_OWES && !x->obligation && !x->words.n)
		fault_add(f, STR("words"), STR("is missing"), STR("name the duty, or say it in words"));
	return OK;
}

/* One role counts one thing once. */
enum err
measure_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct measure *x = after;
	int64_t other = 0;
	enum err e;

	(void)before;
	if (!x || day_is(x->ended_on))
		return OK;
	if (x->role < ROLE_SELLER || x->role > ROLE_HEAD)
		fault_add(f, STR("role"), STR("has no scorecard"), STR("choose seller, manager, leader or head"));
	if (x->source == FROM_HAND && !x->about.n)
		fault_add(f, STR("about"), STR("is missing"), STR("say in one line what counts"));
	e = db_one_int(c->conn,
	        "select count(*) from measure where org_id = $1 and id <> $2 and role = $3 and ended_on is null and "
	        "(name = $4 or (source = $5 and source <> 'hand'))",
	        DB_ARGS(DB_I(c->grant->org), DB_I(x->row.id), DB_T(str_of(role_choices[x->role].code)), DB_T(x->name),
	                DB_T(str_of(measure_froms[x->source].code))),
	        &other);
	if (e == OK && other)
		fault_add(f, STR("name"), STR("is counted for this role already"), STR("end the other one first"));
	return e;
}

enum err
measure_entry_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct measure_entry *x = after;
	struct measure m;
	enum err e;

	(void)before;
	if (!x)
		return OK;
	e = record_load(c->conn, c->arena, c->grant, &measure_record, x->measure, &m);
	if (e == OK && m.source != FROM_HAND)
		fault_add(f, STR("measure"), STR("is counted from records"), STR("enter what no record tells"));
	if (e == OK && c->kind == CHANGE_EDIT && day_is(x->on_day) && day_between(c->today, x->on_day) > 0)
		fault_add(f, STR("on_day"), STR("is to come"), STR("enter what happened"));
	return e;
}
