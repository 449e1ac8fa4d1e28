#include "areas/forecast/forecast.h"

static enum err
forecast_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct forecast *x = after;

	if (!x)
		return OK;
	if (before && c->kind == CHANGE_EDIT)
		fault_add(f, STR("committed"), STR("was submitted"), STR("submit a new forecast; both stay"));
	if (day_is(x->from_day) && day_is(x->to_day) && day_between(x->from_day, x->to_day) < 0)
		fault_add(f, STR("to_day"), STR("is before the first day"), STR("choose a later one"));
	if (day_is(x->to_day) && x->to_day.n < c->today.n && c->kind == CHANGE_EDIT)
		fault_add(f, STR("to_day"), STR("is past"), STR("a forecast is said before the period ends"));
	if (x->committed != NO_INT && x->committed < 0)
		fault_add(f, STR("committed"), STR("is below 0"), STR("write what will be won at least, 0 or more"));
	if (x->best != NO_INT && x->best < x->committed)
		fault_add(f, STR("best"), STR("is below the commit"), STR("write at least the commit"));
	if (!money_known(x->currency))
		fault_add(f, STR("currency"), STR("is no currency"), STR("write three letters, as EUR"));
	return OK;
}

static const struct field forecast_fields[] = {
	FIELD(struct forecast, person, REF, "Whose", .required = 1, .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct forecast, from_day, DAY, "From", .required = 1, .list = 1, .filter = 1),
	FIELD(struct forecast, to_day, DAY, "To", .required = 1, .list = 1, .filter = 1),
	FIELD(struct forecast, committed, MONEY, "Commit", .required = 1, .list = 1),
	FIELD(struct forecast, best, MONEY, "Best case", .list = 1),
	FIELD(struct forecast, currency, TEXT, "Currency", .required = 1, .most = 3),
	FIELD(struct forecast, sure, INT, "How sure of the commit, percent", .required = 1, .least = 0, .greatest = 100,
	        .list = 1),
	FIELD(struct forecast, note, LONG, "Note", .most = 2000),
	FIELD(struct forecast, on_day, DAY, "Submitted on", .list = 1, .filter = 1),
};

const struct record forecast_record = {
	.name = "forecast",
	.api = "forecasts",
	.table = "forecast",
	.label = "forecast",
	.plural = "forecasts",
	.size = sizeof(struct forecast),
	FIELDS(forecast_fields),
	.matter = MATTER_LEADERSHIP,
	.persons = "person",
	.index = (const char *const[]){ "person from_day", "from_day", NULL },
	.purpose = "What a leader said the team would win, and when: scored against what came (D6).",
	.retention = "Ten years.",
	.check = forecast_check,
};
