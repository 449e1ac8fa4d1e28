/* The frameworks that come with the program, out of packs/starter/coaching, as the coaching area wants them.
   What it is not for: what a framework is (areas/coaching/framework.h). */
#include "app/embedded.h"
#include "areas/coaching/framework.h"

extern const struct embedded embedded_frameworks[];

static const struct framework_file *
ready(struct arena *a)
{
	struct framework_file *all;
	size_t n = 0;

	while (embedded_frameworks[n].name)
		n++;
	all = arena_new(a, struct framework_file, n + 1);
	for (size_t i = 0; i < n; i++)
		all[i] = (struct framework_file){ embedded_frameworks[i].name,
			{ (const char *)embedded_frameworks[i].data, embedded_frameworks[i].n } };
	all[n] = (struct framework_file){ 0 };
	return all;
}

const struct framework_file *(*const framework_ready)(struct arena *a) = ready;
