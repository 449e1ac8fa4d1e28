#include "base/err.h"

#include <assert.h>

#include "base/arena.h"

static const char *const names[ERR_COUNT] = {
	[OK] = "ok",
	[ERR_INPUT] = "input",
	[ERR_ABSENT] = "absent",
	[ERR_SIGNED_OUT] = "signed_out",
	[ERR_DENIED] = "denied",
	[ERR_STALE] = "stale",
	[ERR_DUPLICATE] = "duplicate",
	[ERR_BUSY] = "busy",
	[ERR_LARGE] = "large",
	[ERR_FULL] = "full",
	[ERR_IO] = "io",
	[ERR_DB] = "db",
	[ERR_MEMORY] = "memory",
};

const char *
err_name(enum err e)
{
	return (unsigned)e < ERR_COUNT ? names[e] : "unknown";
}

void
faults_init(struct faults *f, struct arena *a)
{
	*f = (struct faults){ .arena = a };
	f->last = &f->first;
}

enum err
fault_add(struct faults *f, str place, str what, str mend)
{
	assert(f->arena && f->last);
	struct fault *fault = arena_new(f->arena, struct fault, 1);
	*fault = (struct fault){ .place = place, .what = what, .mend = mend };
	*f->last = fault;
	f->last = &fault->next;
	f->n++;
	return ERR_INPUT;
}

const struct fault *
fault_at(const struct faults *f, str place)
{
	for (const struct fault *fault = f->first; fault; fault = fault->next)
		if (str_eq(fault->place, place))
			return fault;
	return NULL;
}
