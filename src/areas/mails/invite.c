#include "areas/mails/invite.h"

static const struct invitation *
find_told(const struct invitation *told, size_t n, int64_t session)
{
	for (size_t i = 0; i < n; i++)
		if (told[i].session == session)
			return &told[i];
	return NULL;
}

static bool
differs(const struct invitation *x, const struct invitation *y)
{
	return x->start != y->start || x->length != y->length || x->others != y->others;
}

/* Says what becomes of one entry; false: nothing. */
static bool
judge(instant at, const struct invite_entry *e, const struct invitation *was, struct invite_change *ret)
{
	bool there = was && !was->gone;
	bool to_come = e->as.start > at || (there && was->start > at);

	*ret = (struct invite_change){ .told = e->as, .entry = e, .was = was ? was->start : e->as.start };
	if (e->held || !to_come || (e->as.gone && !there))
		return false;
	if (!e->as.gone && there && !differs(&e->as, was))
		return false;
	ret->act = e->as.gone ? INVITE_GONE : there ? INVITE_CHANGED : INVITE_NEW;
	if (e->as.gone) { /* what is called off is what they have */
		ret->told.start = was->start;
		ret->told.length = was->length;
	}
	return true;
}

static void
count_on(const struct invitation *was, struct invite_change *x)
{
	if (!was)
		return;
	x->told.row = was->row;
	if (x->told.sequence <= was->sequence)
		x->told.sequence = was->sequence + 1;
}

size_t
invite_diff(instant at, const struct invite_entry *now, size_t n, const struct invitation *told, size_t n_told,
        struct invite_change *ret)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		const struct invitation *was = find_told(told, n_told, now[i].as.session);
		if (judge(at, &now[i], was, &ret[found]))
			count_on(was, &ret[found++]);
	}
	for (size_t i = 0; i < n_told; i++) {
		const struct invitation *was = &told[i];
		bool there = was->gone || was->start <= at;
		for (size_t k = 0; !there && k < n; k++)
			there = now[k].as.session == was->session;
		if (there)
			continue;
		ret[found] = (struct invite_change){ .act = INVITE_GONE, .told = *was, .was = was->start };
		ret[found].told.gone = true;
		count_on(was, &ret[found++]);
	}
	return found;
}
