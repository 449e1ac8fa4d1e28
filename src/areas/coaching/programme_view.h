/* What the pages of programmes show; filled by programme_page.c and programme_form.c, written by programme.html.
   What it is not for: what a programme does (programme.h). */
#ifndef AREAS_COACHING_PROGRAMME_VIEW_H
#define AREAS_COACHING_PROGRAMME_VIEW_H

#include "areas/coaching/certify.h"
#include "areas/coaching/debt.h"
#include "areas/coaching/programme.h"
#include "areas/coaching/view.h"
#include "page/page.h"

struct programme_row {
	struct programme p;
	str rhythm, root, framework, before;
	int64_t pairs; /* open ones in it */
	bool over;
};

struct programme_list {
	struct programme_row *rows, *over;
	size_t n, n_over;
	bool may;
};

#define PROGRAMME_DAYS 6

struct programme_couple {
	id pair, coach, coachee, session;
	str coach_name, coachee_name;
	day next;
	bool left;                 /* the pair has ended */
	const struct pair_debt *d; /* NULL: an inspection, or not for who asks */
};

struct programme_view {
	struct programme_row x;
	day days[PROGRAMME_DAYS];
	size_t n_days;
	struct programme_couple *couples;
	size_t n_couples;
	int64_t held, confirmed, missed, excused; /* sessions of what who asks may see */
	bool may, without_coach;                  /* without_coach: the head has no sponsor */
	struct choice_option *next;               /* programmes that follow it */
	size_t n_next;
	bool may_follow, asks;        /* asks: it ends soon, or has, and nothing follows yet */
	struct certify_wait *waiting; /* C2b */
	size_t n_waiting;
};

enum programme_often {
	OFTEN_NONE,
	OFTEN_WEEK,
	OFTEN_FORTNIGHT,
	OFTEN_MONTH_WEEKDAY,
	OFTEN_MONTH_DAY,
	OFTEN_MONTH_END,
	OFTEN_RULE
};
extern const struct choice programme_oftens[];

struct programme_form {
	struct programme p, before; /* before: the one that it follows; no row: none */
	int often;
	str typed_rule, start;
	bool preview;
	str words;
	day days[PROGRAMME_DAYS];
	size_t n_days;
	int64_t wanted, taken; /* couples it would coach; of them already in another programme of the kind */
	struct choice_option *frames;
	size_t n_frames;
	struct certify_wait *waiting; /* C2b */
	size_t n_waiting;
	bool whole; /* may choose the whole company */
	id head;
};

/* The head, administrators, and whoever leads that person. */
bool programme_may(struct request *r, const struct programme *p);
/* Above that person on today's line, the head's sponsor, or an administrator (coaches.c). */
bool coaches_may_name(struct request *r, id coachee);
/* The rule of what was chosen; empty while the first day, or the rule, is missing. */
str programme_rule(struct arena *a, const struct programme_form *v);
/* Fills next, may_follow and asks. */
enum err programme_followers(struct request *r, struct programme_view *v);
/* Fills the form with what follows that programme. ERR_ABSENT; ERR_DENIED: not one's to go on with. */
enum err programme_follow(struct request *r, id after, struct programme_form *v);
/* Named pairs that go along into the next. */
enum err programme_carried(struct request *r, const struct programme *old, struct programme_pair **ret, size_t *ret_n);
enum err programme_days(struct arena *a, const struct programme *p, day today, day *ret, size_t *ret_n);

enum err programme_list_page(struct request *r);
enum err programme_page(struct request *r);
enum err programme_new_page(struct request *r);
enum err programme_new_act(struct request *r);
enum err programme_pair_act(struct request *r);
enum err programme_end_act(struct request *r);
enum err programme_undo_act(struct request *r);
enum err programme_show(struct request *r);

extern const struct route programme_routes[];

#endif
