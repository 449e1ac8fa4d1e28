/* Observations: a leader or coach sees a call, a customer visit or a coaching session, and says what the person did
   with a skill, freely or on a rubric; the person says so too, before reading it, and a second observer without reading
   the first (C7, C8, E8b). What it is not for: sessions of a pair (coaching.h), what a rubric is (rubric.h). */
#ifndef AREAS_COACHING_OBSERVE_H
#define AREAS_COACHING_OBSERVE_H

#include "areas/coaching/coaching.h"
#include "areas/coaching/rubric.h"
#include "page/page.h"

enum observed {
	OBSERVED_NONE,
	OBSERVED_CALL,
	OBSERVED_RIDE_ALONG,
	OBSERVED_RECORDING,
	OBSERVED_COACHING,
	OBSERVED_ROLE_PLAY
};
/* Of the behaviour that was agreed on before (C7). */
enum behaviour { BEHAVIOUR_NONE, BEHAVIOUR_CHANGED, BEHAVIOUR_NOT_YET, BEHAVIOUR_NOT_TRIED };

/* That it took place, and on what: read by the pair and the line above. */
struct observation {
	struct row row;
	id observer, person, deal, skill;
	int kind; /* enum observed */
	day on_day;
	day entered_on; /* none: a second observer was asked and has not written yet */
	bool denied;    /* the person says that it did not take place */
	day answered_on;
	id rubric;  /* a version of it, frozen by that; 0: none */
	id session; /* a role-play in it (C4); 0: none */
	id beside;  /* of a second observer: the first one's observation of the same call; 0: this is it */
};

/* What was seen, in words: the pair's alone (O5). */
struct observation_text {
	struct row row;
	id observation, observer, person;
	int result;     /* enum behaviour, the observer's */
	str text;       /* what was seen and heard, not what it means */
	int own_result; /* the person's, given before the observer's is shown */
	str own_text;
};

/* A level of one criterion, given by an observer or by the person themselves. Blindness is in the row: whoever may not
   read it yet is not named in it, so that no page, search, export or API can show it before its time (C7, E8b). */
struct observation_score {
	struct row row;
	id observation; /* the giver's; the person's own stand with the first */
	id giver, reader, second;
	id criterion;
	int64_t level; /* NO_INT: not seen */
	str note;      /* what was said or done */
	bool own;      /* of the person who was seen */
};

extern const struct record observation_record, observation_text_record, observation_score_record;
extern const struct choice observed_kinds[], behaviours[];

enum err observation_check(struct change *c, const void *before, const void *after, struct faults *f);

/* How often `observer` observed in from … to: persons NULL and n 0 is anybody. Denied ones are counted apart. */
struct observed_count {
	int64_t seen, denied;
	day last; /* DAY_NONE: never */
};
enum err observed_count(struct conn *c, struct arena *a, id org, id observer, id person, unsigned kinds, day from,
        day to, struct observed_count *ret);
#define OBSERVED(kind) (1u << (kind))

struct observation_row {
	struct observation x;
	struct observation_text t; /* row.id 0: not for who asks, or not yet */
	str observer, person, skill, deal;
	bool asks; /* waits for the word of who asks */
};

/* ---- levels (observe_score.c) ---- */
enum { SCORE_FIRST, SCORE_OWN, SCORE_SECOND, SCORE_SIDES };
struct observed_level {
	bool given;
	int64_t level; /* NO_INT: not seen */
	str note;
};
struct observed_criterion {
	const struct rubric_criterion *c;
	struct observed_level by[SCORE_SIDES]; /* those that may be read now */
};

/* "s_ID" and "n_ID": the fields of a criterion's level and note. */
char *score_field(struct arena *a, char kind, id criterion);
/* What a form says of each criterion of w: fields s_ID and n_ID. An observer's lowest and highest level want a note;
   faults at the fields. */
void scores_read(struct request *r, const struct rubric_whole *w, bool own, struct observed_level *ret);
/* In the open change set, under the giver's own rights. */
enum err scores_save(struct change *c, const struct observation *x, id giver, bool own, const struct rubric_whole *w,
        const struct observed_level *levels);
/* In the open change set: whoever may read a level by now is written into it. first: of the first observer. */
enum err scores_open(struct change *c, id first);
/* Observer and person are two levels or more apart. */
bool scores_apart(const struct observed_criterion *x);
/* Those of one call that who asks may read. second: 0 when there is none. */
enum err scores_load(
        struct request *r, const struct rubric_whole *w, id first, id second, struct observed_criterion *ret);

/* One who reports to me, and when I last saw them do it. */
struct unseen_row {
	id person;
	str name;
	bool leads;
	day last; /* DAY_NONE: never */
	int last_kind;
};

struct rubric_offer {
	id rubric;
	str name;
	int kind;
};

struct observe_view {
	struct observation_row *asks, *mine, *of_me;
	size_t n_asks, n_mine, n_of_me;
	struct observation_row *second; /* I was asked to write as the second observer */
	size_t n_second;
	struct unseen_row *team;
	size_t n_team;
	struct observation_row one; /* the page of one */
	bool by_me, about_me, answered;
	id person; /* of the form */
	str who_text, who_fact;
	struct rubric_whole *rubric; /* NULL: none */
	struct rubric_offer *offers; /* that can be chosen */
	size_t n_offers;
	struct observed_criterion levels[CRITERIA_MOST];
	bool has_other;               /* somebody else observed, or was asked to */
	struct observation_row other; /* the second observer's; of the second: the first one's */
	bool may_ask;                 /* a second observer */
};

enum err observations_page(struct request *r);
enum err observation_new(struct request *r);
enum err observation_create(struct request *r);
enum err observation_page(struct request *r);
enum err observation_answer(struct request *r);

/* ---- a second observer (observe_second.c) ---- */
enum err observation_ask_second(struct request *r);
enum err observation_enter(struct request *r);
enum err observation_decline(struct request *r);

/* Shared by observe_page.c and observe_second.c. where: over x (observation) with $3. */
enum err observations_load(struct request *r, const char *where, id value, struct observation_row **ret, size_t *ret_n);
enum err observation_show(struct request *r);
/* The observation of the path with what stands beside it, as far as who asks may read it. */
enum err observation_load(struct request *r, struct observe_view *v);
enum err observation_text_load(struct request *r, id observation, struct observation_text *ret);

#endif
