/* Figures that hold until a deal or what they are read with changes (record/kept.h). */
#include "areas/deals/report_sql.h"

/* Of other people's figures the scorecard's reach decides too (O5). */
static const enum matter matters[] = { MATTER_DEALS, MATTER_SCORECARD };

str
report_key(struct arena *a, const struct grant *g, const struct report_scope *s)
{
	return str_fmt(a, "%.*s|%lld|%d|%d|%d|%.*s", STR_ARG(kept_may(a, g, matters, sizeof matters / sizeof *matters)),
	        (long long)s->person, (int)s->from.n, (int)s->to.n, (int)s->as_of.n, STR_ARG(s->currency));
}

enum err
report_kept(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        const struct kept_kind *k, void *ret)
{
	return kept(c, a, g, k, report_key(a, g, s), s, ret);
}

void
report_copy_text(struct arena *a, str *s)
{
	*s = str_copy(a, *s);
}

void
report_copy_said(struct arena *a, struct rate_said *x)
{
	report_copy_text(a, &x->rates);
	report_copy_text(a, &x->without);
}
