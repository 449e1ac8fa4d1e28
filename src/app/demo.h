/* The sample company: made by rule from a number, marked as sample, removed in one step.
   What it is not for: tests' fixtures, or anything that a real company needs. */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "areas/people/people.h"
#include "areas/process/process.h"

enum style { STYLE_NONE, STYLE_NEW, STYLE_GOOD, STYLE_INSPECTS, STYLE_AVERAGE };
enum {
	TOLD_MANAGERS = 4,
	TOLD_SELLERS = 24,
	TOLD_TEAM = 6,
	BULK_TEAM = 8,
	DEMO_PRODUCTS = 6,
	DEMO_CAMPAIGNS = 3,
	DEMO_WEEKS = 40
};

struct demo_person {
	id id;
	str name, email;
	int role, style;
	size_t manager; /* index */
	int ability;    /* permille on the chance of each step: spread is small, most difference is noise */
	int64_t version;
	day started;
};

struct demo_account {
	id id;
	str name;
	id contacts[2];
};

struct demo_stage {
	struct stage stage;
	struct step *steps;
	size_t n_steps;
};

struct demo {
	struct db *db;
	struct arena *arena; /* lives as long as the demo */
	uint64_t seed;
	int64_t n_deals;
	id org, login;
	struct grant grant;
	struct faults *faults;
	day today;
	const struct zone *zone;
	struct demo_person *people; /* 0 the head, 1 the sales leader, then directors (bulk), managers, sellers */
	size_t n_people, first_manager, n_managers, first_seller, n_sellers;
	struct demo_account *accounts;
	size_t n_accounts;
	id products[DEMO_PRODUCTS], campaigns[DEMO_CAMPAIGNS];
	id skills[10];
	id frame_weekly, frame_coach; /* coaching frameworks */
	struct demo_stage stages[7];
	size_t n_stages;
	double deals_per_second;
};

/* splitmix64, a stream for each purpose and number: the same seed and day make the same company, also when a
   transaction runs twice. */
struct dice {
	uint64_t state;
};

enum { DICE_PEOPLE = 1, DICE_ACCOUNT, DICE_DEAL, DICE_TRAIL, DICE_LEAD, DICE_SESSION, DICE_PROSPECT, DICE_LIBRARY };

struct dice dice_make(const struct demo *m, int purpose, uint64_t number);
int64_t dice_below(struct dice *d, int64_t n); /* 0 … n - 1 */
int64_t dice_from(struct dice *d, int64_t least, int64_t most);
bool dice_chance(struct dice *d, int percent);
#define dice_pick(d, array) ((array)[dice_below((d), (int64_t)(sizeof(array) / sizeof *(array)))])

/* Monday to Friday, at or before. */
day demo_workday(day d);
/* The head signs in as the administrator. */
bool demo_signs_in(const struct demo *m, size_t person);
size_t demo_manager(const struct demo *m, enum style s);

struct demo_span {
	day from, to;
	int share; /* percent of working time left */
};
/* When a person is away, at most three spans. */
size_t demo_absences(const struct demo *m, size_t person, struct demo_span ret[3]);
bool demo_is_away(const struct demo *m, size_t person, day on);
/* The day on which the best seller became manager. */
day demo_promoted_on(const struct demo *m);

/* Makes all of it. n_deals 0: 900. On ERR_INPUT the faults say why. */
enum err demo_make(struct demo *m, struct db *db, struct arena *a, uint64_t seed, int64_t n_deals, struct faults *f);
/* Removes the company when it is a sample; else ERR_INPUT. */
enum err demo_remove(struct db *db, struct arena *a, id org, struct faults *f);

struct demo_summary {
	int64_t people, accounts, contacts, deals, open, won, lost, won_value, steps, activities, targets, sessions,
	        confirmed, commitments, kept, blockers, lines;
};
enum err demo_summarize(struct db *db, struct arena *a, id org, struct demo_summary *ret);

/* One change set, kind job, in an arena of its own. */
enum err demo_change(struct demo *m, const char *reason, enum err (*fn)(struct change *c, void *what), void *what);

enum err demo_make_people(struct change *c, void *demo);
enum err demo_name_head(struct change *c, void *demo);
enum err demo_make_book(struct change *c, void *demo); /* products, accounts, contacts */
enum err demo_make_campaigns(struct change *c, void *demo);
enum err demo_make_tags(struct change *c, void *demo);
enum err demo_make_prospects(struct change *c, void *demo); /* those that became deals, and those that wait */
enum err demo_make_plans(struct change *c, void *demo);     /* after the deals: units, potentials, charts */
enum err demo_make_deals(struct demo *m);
enum err demo_make_forecasts(struct change *c, void *demo);
enum err demo_make_traces(struct change *c, void *demo);
enum err demo_make_programmes(struct change *c, void *demo);
enum err demo_make_files(struct change *c, void *demo);   /* on some open deals */
enum err demo_make_library(struct change *c, void *demo); /* after the deals */
enum err demo_make_motivation(struct change *c, void *demo);
enum err demo_make_observations(struct change *c, void *demo);
enum err demo_make_lead(struct change *c, void *demo); /* targets, charters, duties, absences, blockers */
enum err demo_make_agreements(struct change *c, void *demo);
enum err demo_make_coaching(struct demo *m);
enum err demo_make_together(struct change *c, void *demo); /* one meeting of several, next week */

#endif
