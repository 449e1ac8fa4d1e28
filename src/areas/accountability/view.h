/* What the pages of accountability show; filled by pages.c, agree.c, measures_page.c, huddle.c, written by *.html.
   What it is not for: figures (accountability.h). */
#ifndef AREAS_ACCOUNTABILITY_VIEW_H
#define AREAS_ACCOUNTABILITY_VIEW_H

#include "areas/accountability/accountability.h"
#include "html/widgets.h"
#include "page/page.h"

/* The time that a page shows: a week, a month or a quarter. */
struct span {
	int per; /* enum measure_per */
	day from, to;
	str name, code;     /* "Q4 2026", "quarter" */
	str earlier, later; /* addresses' ends: "per=week&on=2026-11-16" */
};
/* From per= and on=; a quarter where nothing is said. */
struct span span_of(struct request *r);
struct span span_at(struct request *r, int per, day on);
/* The own leader; of the head the sponsor (O8); 0: nobody. */
id leader_of(struct request *r, id person);

/* One line of either side, as it is read. */
struct agree_line {
	struct agreement_line l;
	str words, ratio; /* ratio: "15 calls per close …"; empty: none */
	str fact;         /* what came of it in the time shown; of what the leader owes */
};

struct agree_version {
	struct agreement a;
	struct agree_line *does, *owes;
	size_t n_does, n_owes;
};

/* Both columns of one person: what stands, and what was proposed since (A2). */
struct agree_view {
	id person, leader;
	str person_name, leader_name;
	struct agree_version now, next; /* a.row.id 0: none */
	str revenue;                    /* the target in money that stands beside; empty: none */
	bool is_person, is_leader, alone;
	bool may_propose, may_sign, waits; /* waits: the other side signs */
	str stand_in;
	struct {
		id row;
		int64_t number;
		day from, to;
	} old[10];
	size_t n_old;
};

struct team_table {
	int role;
	const struct scorecard **rows; /* of that role, in the order of the line */
	size_t n;
};

struct team_view {
	struct span span;
	const struct scorecard *leader;
	struct team_table tables[3];
	size_t n_tables, n_hidden; /* hidden: whose figures are not for who asks */
	bool mine;
	struct card_person *leaders;
	size_t n_leaders;
	id of;
	str who_sees;
};

struct card_view {
	struct span span;
	const struct scorecard *card;
	struct agree_view agree;
	struct ratio ratios[RATIOS];
	str leader_name;
	const struct scorecard *leader; /* the leader's own figures, shown first; NULL: none */
	bool mine, may_enter;
	id at; /* the measure whose entry was refused */
	str who_sees;
};

/* The form of a proposal. */
struct agree_form {
	struct agree_view agree;
	struct ratio ratios[RATIOS];
	struct agree_input {
		struct measure m;
		str name, per_name; /* of the fields */
		str value, per;     /* as typed, or as agreed */
		str hint;           /* the ratio */
		bool share;
	} * inputs;
	size_t n_inputs;
	struct agree_duty {
		struct obligation o;
		str name, words;
		bool chosen;
	} * duties;
	size_t n_duties;
	str own_words, reason, from;
	str back;
};

struct huddle_row {
	id person;
	str name;
	const struct scorecard *card; /* its first row: the leading measure */
	struct agree_view agree;
	bool mine, may;     /* may: who asks reads the scorecard */
	bool chosen, shown; /* the person shows it; it is shown (a leader's always) */
	struct blocker b;   /* row.id 0: none */
	str b_owner;
	int64_t b_more;
	bool b_late;
};

struct huddle_view {
	struct span span;
	id of;
	struct huddle_row *rows;
	size_t n, n_late;
	const struct huddle_row *me;
};

struct measures_view {
	struct measure *all;
	size_t n;
	bool standard, may;
};

void fill_card_ask(
        struct request *r, id person, const struct span *s, const struct grant *counts, struct card_ask *ret);

/* agree.c: ERR_ABSENT only for no such person. from … to: for the facts of what the leader owes. */
enum err agree_load(struct request *r, id person, day from, day to, struct agree_view *ret);

enum err scorecard_team_page(struct request *r);
enum err scorecard_csv(struct request *r);
enum err scorecard_page(struct request *r);
enum err scorecard_enter(struct request *r);
enum err agree_form_page(struct request *r);
enum err agree_propose(struct request *r);
enum err agree_sign(struct request *r);
enum err agree_decline(struct request *r);
enum err measures_page(struct request *r);
enum err measures_add(struct request *r);
enum err measures_end(struct request *r);
enum err huddle_page(struct request *r);
enum err huddle_share_act(struct request *r);

#endif
