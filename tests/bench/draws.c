/* The simulation of a forecast: 100,000 open deals × 10,000 draws on two threads (quality.md: 2 s, constant memory). */
#include <stdlib.h>

#include "bench.h"
#include "stats/simulate.h"

enum { CLASSES = 365, WORLDS = 50 };

/* Seconds of the clock, and of the processors: others may use them too. */
static double
draw(struct arena *a, size_t n, int threads, double *ret_cpu, size_t *ret_bytes, int64_t *ret_p50)
{
	struct simulate_deal *d = arena_new(a, struct simulate_deal, n);
	double *chance = arena_new(a, double, CLASSES *WORLDS), from, cpu;
	struct simulate_range r;

	for (size_t i = 0; i < n; i++)
		d[i] = (struct simulate_deal){ (int64_t)(100 + i * 7919 % 1000003), (uint32_t)(i * 31 % CLASSES) };
	for (size_t i = 0; i < CLASSES * WORLDS; i++)
		chance[i] = (double)(i % 97) / 97.0;
	struct simulate s = { .deals = d,
		.n = n,
		.chance = chance,
		.n_classes = CLASSES,
		.n_worlds = WORLDS,
		.draws = 10000,
		.seed = 9,
		.threads = threads };
	size_t before = a->used;
	from = clock_of(CLOCK_MONOTONIC);
	cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID);
	must(simulate_run(a, &s, &r), "the simulation");
	*ret_bytes = a->used - before;
	*ret_p50 = r.p50;
	*ret_cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	return clock_of(CLOCK_MONOTONIC) - from;
}

void
bench_draws(void)
{
	struct arena a;
	size_t bytes, few_bytes;
	int64_t two, one, few;
	double took, cpu, one_cpu;

	arena_init(&a, (size_t)256 << 20);
	took = draw(&a, 100000, 2, &cpu, &bytes, &two);
	draw(&a, 100000, 1, &one_cpu, &few_bytes, &one);
	say_finding(cpu / 2 <= 2, cpu / 4, "forecast: 100,000 open deals x 10,000 draws, 2 threads",
	        "<= 2 s on two cores", "%.2f s of two cores, %.2f s by the clock", cpu / 2, took);
	say_finding(cpu <= 1.2 * one_cpu, cpu / one_cpu, "forecast: work on two threads beside one",
	        "<= 1.2 x one thread", "%.2f s, %.2f s of processor", cpu, one_cpu);
	say_finding(one == two, 0, "forecast: the same seed on one thread and on two", "the same answer", "%s",
	        one == two ? "the same" : "different");
	draw(&a, 1000, 2, &cpu, &few_bytes, &few);
	say_finding(bytes <= few_bytes + 12 * 100000, 0, "forecast: memory of 100,000 deals beside 1,000",
	        "12 bytes a deal more", "%.0f KiB, %.0f KiB", (double)bytes / 1024, (double)few_bytes / 1024);
	arena_fini(&a);
}
