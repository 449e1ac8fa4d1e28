/* Observations: a leader or coach sees a call, a customer visit or a coaching session, and says what the person did
   with a skill; the person says so too, before reading it (C7, C8). What it is not for: sessions of a pair
   (coaching.h). */
#ifndef AREAS_COACHING_OBSERVE_H
#define AREAS_COACHING_OBSERVE_H

#include "areas/coaching/coaching.h"
#include "page/page.h"

enum observed { OBSERVED_NONE, OBSERVED_CALL, OBSERVED_RIDE_ALONG, OBSERVED_RECORDING, OBSERVED_COACHING };
/* Of the behaviour that was agreed on before (C7). */
enum behaviour { BEHAVIOUR_NONE, BEHAVIOUR_CHANGED, BEHAVIOUR_NOT_YET, BEHAVIOUR_NOT_TRIED };

/* That it took place, and on what: read by the pair and the line above. */
struct observation {
	struct row row;
	id observer, person, deal, skill;
	int kind; /* enum observed */
	day on_day, entered_on;
	bool denied; /* the person says that it did not take place */
	day answered_on;
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

extern const struct record observation_record, observation_text_record;
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

/* One who reports to me, and when I last saw them do it. */
struct unseen_row {
	id person;
	str name;
	bool leads;
	day last; /* DAY_NONE: never */
	int last_kind;
};

struct observe_view {
	struct observation_row *asks, *mine, *of_me;
	size_t n_asks, n_mine, n_of_me;
	struct unseen_row *team;
	size_t n_team;
	struct observation_row one; /* the page of one */
	bool by_me, about_me, answered;
	str deals; /* of the form: whose deals can be chosen */
	id person; /* of the form */
	str who_text, who_fact;
};

enum err observations_page(struct request *r);
enum err observation_new(struct request *r);
enum err observation_create(struct request *r);
enum err observation_page(struct request *r);
enum err observation_answer(struct request *r);

#endif
