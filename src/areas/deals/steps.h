/* Steps of a deal: what stands open, what completing one takes by its kind, and what that makes (P2, P4).
   What it is not for: the gate between stages (deal.c), the steps themselves (process/). */
#ifndef AREAS_DEALS_STEPS_H
#define AREAS_DEALS_STEPS_H

#include "areas/deals/one.h"

/* What a person said about one step; everything but step, deal and person belongs to some kinds only. */
struct completion {
	const struct deal *deal;
	const struct step *step;
	id person;
	str answer, role, address;
	int kind, influence, attitude;
};

/* The steps of the deal's process with what was completed, into v->all and v->steps. */
enum err steps_load(struct request *r, struct deal_view *v);
/* Reads one step's fields of the form. False: nothing was said, or it is wrong and a fault stands at its field. */
bool step_take(struct request *r, const struct deal *d, const struct step *s, struct completion *ret);
/* In the change set: the completion, and the activity, stakeholder or document that the step asks for. */
enum err step_complete(struct change *c, const struct completion *x);
/* Completes the open step by the form, takes a done one back. */
enum err step_answer(struct request *r, const struct deal *d, id step, id *ret_set);
/* The name of a step's field in forms: "s-ID", "s-ID-role". */
const char *step_name(struct request *r, const struct step *s, const char *part);

#endif
