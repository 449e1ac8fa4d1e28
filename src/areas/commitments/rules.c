#include "areas/commitments/commitments.h"

/* Who ends a commitment, and when it may be withdrawn (A3). */
static void
check_end(struct change *c, const struct commitment *was, const struct commitment *x, bool alone, struct faults *f)
{
	id me = c->grant->person;

	if (c->kind != CHANGE_EDIT || !was || was->state == x->state)
		return;
	if (was->state != COMMITMENT_OPEN && x->state != COMMITMENT_OPEN)
		fault_add(f, STR("state"), STR("has been decided"), STR("undo that first"));
	if (x->state == COMMITMENT_KEPT && me && me == x->owner && !alone)
		fault_add(f, STR("state"), STR("cannot be confirmed by the owner"), STR("ask whom it is owed to"));
	if (x->state == COMMITMENT_WITHDRAWN && me == x->owner && !alone)
		fault_add(f, STR("state"), STR("needs the consent of whom it is owed to"),
		        STR("ask them to withdraw it"));
	if (x->state == COMMITMENT_WITHDRAWN && day_between(x->due, c->today) > 0)
		fault_add(f, STR("state"), STR("is past its day, so it was missed"),
		        STR("close it as missed, with the account"));
	if (x->state == COMMITMENT_MISSED && !x->account.n)
		fault_add(f, STR("account"), STR("is missing"),
		        STR("write what you did, what was outside your control, what you will do differently"));
}

enum err
commitment_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct commitment *was = before, *x = after;
	bool alone = false;
	enum err e;

	if (!x)
		return OK;
	e = second_missing(c->conn, c->arena, c->grant->org, x->owner, c->today, &alone); /* O9 */
	if (e != OK)
		return e;
	if (!was && c->kind == CHANGE_EDIT && day_between(c->today, x->due) < 0)
		fault_add(f, STR("due"), STR("is past"), STR("choose today or a later day"));
	/* made when nobody else was there, it stays so */
	alone = alone || (was && was->owed_to == was->owner && was->owner);
	if (x->owner == x->owed_to && x->owner && !alone)
		fault_add(f, STR("owed_to"), STR("is the owner"), STR("name the other person, or the sponsor"));
	check_end(c, was, x, alone, f);
	return OK;
}

/* L1: my part comes first, and a reason has a number and a day. */
enum err
charter_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct charter *was = before, *x = after;

	(void)c;
	if (!x)
		return OK;
	if (was && day_is(was->signed_on))
		fault_add(f, STR("signed_on"), STR("is signed and stays as it is"), STR("sign a new version"));
	if (day_is(x->signed_on) && (x->reason_number == NO_INT || !day_is(x->reason_day)))
		fault_add(f, x->reason_number == NO_INT ? STR("reason_number") : STR("reason_day"), STR("is missing"),
		        STR("a compelling reason has a number and a day"));
	return OK;
}

/* L1: an objection has a reason, and only the leader whose charter it is answers it. */
enum err
charter_answer_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct charter_answer *was = before, *x = after;
	struct charter of;
	enum err e;

	if (!x || c->kind != CHANGE_EDIT)
		return OK;
	if (!x->agrees && !x->reason.n)
		fault_add(f, STR("reason"), STR("is missing"), STR("an objection comes with its reason"));
	if (!x->reply.n || (was && str_eq(was->reply, x->reply)))
		return OK;
	e = record_load(c->conn, c->arena, c->grant, &charter_record, x->charter, &of);
	if (e == OK && c->grant->person && of.person != c->grant->person)
		fault_add(f, STR("reply"), STR("is not yours to write"), STR("whose charter it is answers"));
	return e;
}

/* A2a: those it is owed to agree to changes; nobody agrees to their own. */
enum err
obligation_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct obligation *was = before, *x = after;
	bool alone = false;
	enum err e = OK;

	if (!x || c->kind != CHANGE_EDIT)
		return OK;
	if (was && was->state == DUTY_CHANGED && x->state == DUTY_AGREED && c->grant->person == x->person)
		e = second_owed_missing(c->conn, c->arena, c->grant->org, x, c->today, &alone); /* O9 */
	if (e != OK)
		return e;
	if (was && was->state == DUTY_CHANGED && x->state == DUTY_AGREED && c->grant->person == x->person && !alone)
		fault_add(f, STR("state"), STR("cannot be agreed by the one who owes it"),
		        STR("those it is owed to agree"));
	if (x->state == DUTY_CHANGED && !x->change_reason.n)
		fault_add(f, STR("change_reason"), STR("is missing"), STR("say why"));
	return OK;
}
