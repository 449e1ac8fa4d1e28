#include "areas/accountability/view.h"

static day
begin_of(day on, int per)
{
	return per == PER_WEEK ? day_week(on) : per == PER_MONTH ? day_month(on) : day_quarter(on);
}

static day
end_of(day first, int per)
{
	return day_add(per == PER_WEEK    ? day_add(first, 7)
	               : per == PER_MONTH ? day_add_months(first, 1)
	                                  : day_add_months(first, 3),
	        -1);
}

static str
address(struct request *r, int per, day on)
{
	return str_fmt(r->arena, "per=%s&on=%.*s", measure_pers[per].code, STR_ARG(day_iso(r->arena, on)));
}

struct span
span_at(struct request *r, int per, day on)
{
	static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December" };
	struct span s = { .per = per };
	int year, month, dom;

	s.from = begin_of(on, s.per);
	s.to = end_of(s.from, s.per);
	day_parts(s.from, &year, &month, &dom);
	s.name = s.per == PER_QUARTER ? day_quarter_name(r->arena, s.from)
	         : s.per == PER_MONTH
	                 ? str_fmt(r->arena, "%s %d", months[month - 1], year)
	                 : str_fmt(r->arena, "Week of %.*s", STR_ARG(day_text(r->arena, s.from, r->today)));
	s.code = str_of(measure_pers[s.per].code);
	s.earlier = address(r, s.per, day_add(s.from, -1));
	if (day_add(s.to, 1).n <= r->today.n)
		s.later = address(r, s.per, day_add(s.to, 1));
	return s;
}

struct span
span_of(struct request *r)
{
	int per = choice_of(measure_pers, page_param(r, "per"));
	day on;

	if (!day_parse(page_param(r, "on"), &on) || on.n < day_of(1990, 1, 1).n || on.n > day_of(2200, 1, 1).n)
		on = r->today;
	return span_at(r, per ? per : PER_QUARTER, on);
}
