/* The rubrics that come with the program, out of packs/starter/rubrics, as the coaching area wants them.
   What it is not for: what a rubric is (areas/coaching/rubric.h). */
#include "app/embedded.h"
#include "areas/coaching/rubric.h"

extern const struct embedded embedded_rubrics[];

static const struct rubric_ready_file *
ready(struct arena *a)
{
	struct rubric_ready_file *all;
	size_t n = 0;

	while (embedded_rubrics[n].name)
		n++;
	all = arena_new(a, struct rubric_ready_file, n + 1);
	for (size_t i = 0; i < n; i++)
		all[i] = (struct rubric_ready_file){ embedded_rubrics[i].name,
			{ (const char *)embedded_rubrics[i].data, embedded_rubrics[i].n } };
	all[n] = (struct rubric_ready_file){ 0 };
	return all;
}

const struct rubric_ready_file *(*const rubric_ready)(struct arena *a) = ready;
