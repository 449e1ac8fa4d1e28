/* What the pages of commitments, charters and duties show; filled by pages.c, charter.c, duties.c, written by *.html.
   What it is not for: rules (rules.c). */
#ifndef AREAS_COMMITMENTS_VIEW_H
#define AREAS_COMMITMENTS_VIEW_H

#include "areas/commitments/commitments.h"
#include "page/page.h"

struct commitment_row {
	struct commitment c;
	str owner, owed;
	bool mine, to_me; /* I owe it; it is owed to me */
	bool alone;       /* on a page of its own, where the forms stand below it */
	bool late;        /* open, and its day has passed */
	bool by_one;      /* mine, and nobody else is here to confirm it (O9) */
	str stand_in;     /* then: who could */
	bool said_missed; /* whom it is owed to says so; the account is awaited (A3) */
};

struct commitments_view {
	struct commitment_row *mine, *owed;
	size_t n_mine, n_owed;
	struct kept my, leader;
	str leader_name;
	bool closed;
	day from;
};

/* A leader on today's line, in its order (L3): the head first, each followed by those below. */
struct leader {
	id person, manager, charter;
	str name, title, initials, avatar;
	int depth;
	int64_t number; /* of the charter; 0: none */
	day signed_on;
	bool head;
};

#define PROMISES 5

struct promise {
	str when_name, then_name, due_name, to_name;
	str when, then, due;
	id to;
};

struct answer_row {
	id answer;
	str name, reason, reply;
	bool agrees;
	day on_day, replied_on;
};

struct charter_view {
	struct leader *leaders;
	size_t n_leaders;
	const struct leader *of;
	struct charter c, form;
	bool signed_once, mine, writing, may_name, no_sponsor, no_head;
	str sponsor, who_sees;
	struct promise promises[PROMISES];
	struct {
		id person;
		str name;
	} owed[40]; /* whom a promise may be made to */
	size_t n_owed;
	struct commitment_row *commits;
	size_t n_commits;
	struct answer_row *answers;
	size_t n_answers;
	bool may_answer, answered;
	bool old;    /* an earlier version is shown */
	str silent;  /* names of those next below who have not answered */
	id replying; /* the objection whose answer was refused: what was typed is kept */
	struct {
		int64_t number;
		day on;
		id charter;
	} versions[20];
	size_t n_versions;
};

struct duty_row {
	struct obligation o;
	str words, by;
	bool mine, owed_me;
	bool alone; /* a change that stands by one person (O9) */
};

struct duty_person {
	struct leader who;
	struct duty_row *rows;
	size_t n, n_proposed;
};

struct duties_view {
	struct duty_person *leaders;
	size_t n_leaders;
	struct duty_person me, mine; /* me; my leader */
	bool has_leader;
	str who_sees, stand_in; /* where nobody leads me: who could stand in (O9) */
};

/* Two records that may be one; a is the lesser, 0: none. */
struct blocker_pair {
	str kind;
	id a, b;
};

struct blocker_row {
	struct blocker b;
	struct blocker_pair pair; /* that it is about */
	str handed_by;
	str by, owner;
	bool late, in_time;
};

struct blockers_view {
	id deal;  /* that a new one is about; 0: none */
	str pair; /* two records that it is about, as it was sent; empty: none */
	struct blocker_row *to_me, *mine, *below;
	size_t n_to_me, n_mine, n_below;
	id owner; /* who would answer a new one */
	id at;    /* the one whose answer was refused: what was typed is kept */
};

/* What follows "When" and "then I": people also type these words themselves. */
str commitment_when(const struct commitment *c);
str commitment_then(const struct commitment *c);
str commitment_moves(struct arena *a, const struct commitment *c); /* "moved once"; empty: never */
enum err leaders_load(struct request *r, struct leader **ret, size_t *ret_n);
/* Commitments of a statement that ends in "where x.org_id = $1 and $2 = $2 …", names filled. */
enum err commitments_rows(struct request *r, const char *where, const struct db_value *args, size_t n,
        struct commitment_row **ret, size_t *ret_n);

/* A5: what stands in a deal's way and is not cleared, as far as who asks may read it (O5). An answer that nobody spoke
   against in time stands (A4a). */
enum err blockers_of_deal(struct request *r, id deal, struct blocker_row **ret, size_t *ret_n);
/* Blockers as far as who asks may read them, with names; where: over x with $3 (the first day shown of answered ones)
   and $4, its order at the end. */
enum err blockers_load(struct request *r, const char *where, id what, struct blocker_row **ret, size_t *ret_n);
/* From "account/…/…", in either order; false: no such two. */
bool blocker_pair(str text, struct blocker_pair *ret);
/* What a blocker about the two says: their page, "duplicates/account/…/…"; and from one. */
str blocker_about(struct arena *a, const struct blocker_pair *p);
void blocker_pair_of(const struct blocker *x, struct blocker_pair *ret);
/* Those about two records that nobody answered yet. */
enum err blockers_of_pair(struct request *r, str pair, struct blocker_row **ret, size_t *ret_n);
enum err blockers_page(struct request *r);
enum err blockers_raise(struct request *r);
enum err blocker_answer(struct request *r);
enum err blocker_hand(struct request *r);
enum err blocker_confirm(struct request *r);
enum err charter_page(struct request *r);
enum err charter_sign(struct request *r);
enum err charter_sponsor(struct request *r);
enum err charter_answer(struct request *r);
enum err charter_objection(struct request *r);
enum err duties_page(struct request *r);
enum err duty_accept(struct request *r);
enum err duties_accept(struct request *r);
enum err duty_change(struct request *r);
enum err duty_agree(struct request *r);
enum err duty_decline(struct request *r);

#endif
