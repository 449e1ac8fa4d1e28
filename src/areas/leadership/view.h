/* What the pages of leadership show; filled by leaders.c, gap.c, me.c, brief.c, written by *.html.
   What it is not for: rules; figures come from commitments/, coaching/ and stats/. */
#ifndef AREAS_LEADERSHIP_VIEW_H
#define AREAS_LEADERSHIP_VIEW_H

#include "areas/coaching/debt.h"
#include "areas/coaching/view.h"
#include "areas/commitments/view.h"
#include "areas/deals/target.h"
#include "areas/leadership/records.h"
#include "areas/leadership/selling.h"
#include "html/svg.h"
#include "html/widgets.h"
#include "page/pick.h"
#include "stats/gap.h"
#include "stats/rate.h"

struct leader_row {
	struct leader l;
	struct kept kept;
	struct debt_sum coaching;
	struct selling selling;
	struct development_goal goal; /* the open one; row.id 0: none */
	str share;                    /* "12 %" of the team's open value */
	str certificate;              /* of a coach (C2b); empty: none that holds */
	str flags;                    /* L3a: about those who report to this leader, each with its rule */
};

struct leaders_view {
	struct leader_row *rows;
	size_t n;
	day from;
	str sponsor;
	bool has_head;
	const struct leader_row *me; /* NULL: I lead nobody */
	bool ending;                 /* the form that ends my goal was refused */
};

struct place_view {
	struct person p;
	str manager, back;
	bool admin, left;
	struct pick_row *choices; /* whom they may be moved to, or their work: PICK_FEW + 1 at most */
	size_t n_choices;
	int64_t deals, commitments, owed, blockers, reports, accounts, prospects;
	struct {
		id row;
		int64_t version, share;
		day from, to;
	} * absences;
	size_t n_absences;
};

struct gap_deal {
	id deal;
	str name, owner, outcome;
	money value;
	bool has_value;
	day closed_on;
};

struct gap_view {
	id person;
	str who;             /* "Team West", "the whole company" */
	day from, to, until; /* until: the last day that counts, today at most */
	day bound;           /* of a works agreement, where it cut the time (O5); DAY_NONE */
	day asked, asked_to; /* the time as it was asked for, before that cut */
	str period;          /* "Q3 2026" */
	struct {
		day from;
		str name;
	} quarters[8];
	money target, won;
	bool has_target, may_target, usual; /* usual: no target, so against a usual quarter */
	str target_from;                    /* whose targets were added up */
	struct gap gap;
	bool has_gap;
	struct gap_deals actual, history;
	str sentence, others, headline, adds;
	int64_t total; /* won - target, minor units; has_total: it is known */
	bool has_total, may_account, writing;
	str leader_owes; /* the leader above, who has not written theirs: nothing is owed before (L1) */
	struct number_account account;
	bool cents; /* amounts are written with their cents */
	struct svg_part parts[3];
	struct svg_fall fall;
	struct gap_deal *deals;
	size_t n_deals;
	id other; /* for the form of a target */
};

struct kept_about {
	str label, purpose, retention, who;
	int64_t n;
	bool record; /* a record of the company; else kept beside them, for signing in and for the log */
};

struct me_session {
	id session;
	str device;
	instant since;
	day seen, until;
	bool here;
};

struct me_view {
	struct kept_about *kinds;
	size_t n_kinds, n_none;
	str none; /* kinds that could name this person and do not */
	struct {
		str who, what;
		day on;
		int64_t times;
	} * readings;
	size_t n_readings;
	struct {
		id row;
		int64_t version;
		day from, to;
	} * absences;
	size_t n_absences;
	struct me_session *sessions;
	size_t n_sessions;
	bool keys_off;
};

struct brief_view {
	str action; /* where the buttons post to */
	bool by_link, no_sponsor, no_charter, has_head;
	str head, link;
	int64_t n_duties;
	size_t n_sessions;
	struct commitment_row *confirm, *mine;
	size_t n_confirm, n_mine;
	struct {
		id row;
		str text, by;
		day due;
	} * blockers;
	size_t n_blockers, n_waits;
	struct meeting_row *sessions; /* waiting for the head's word */
	struct {
		id row;
		str reason, by;
		day on;
	} * objections;
	size_t n_objections;
	struct gap_view last; /* of the head, the quarter before: missed and without an account when owes_number */
	bool owes_number;
	id at; /* the row whose form was refused: what was typed is kept there */
};

enum err leaders_page(struct request *r);
enum err leaders_goal(struct request *r);
enum err leaders_goal_end(struct request *r);
enum err move_page(struct request *r);
enum err move_transfer(struct request *r);
enum err move_absence(struct request *r);
enum err move_absence_remove(struct request *r);
enum err move_leave(struct request *r);
/* Does whoever asks stand above that person, on today's line, or administer? */
bool move_may(struct request *r, id person);
/* One format on the page of a gap. */
str gap_money(struct arena *a, const struct gap_view *v, money m);
/* row.id 0: none, or none that the asker may read. */
enum err account_load(struct request *r, id person, day from, day to, struct number_account *ret);
/* The asker's own, from the form's did, outside, differently, open. */
enum err account_save(struct request *r, day from, day to, id *ret_set);
enum err gap_account(struct request *r);
/* v->person is set; everything of the page: what was decided and set out, the split, and what stands outside it. */
enum err gap_load(struct request *r, struct gap_view *v, str from, str to);
enum err case_page(struct request *r);
enum err gap_page(struct request *r);
enum err gap_target(struct request *r);
enum err me_page(struct request *r);
enum err me_absence(struct request *r);
enum err me_absence_remove(struct request *r);
enum err me_session_end(struct request *r);
enum err me_keys(struct request *r);
enum err me_export(struct request *r);
enum err brief_page(struct request *r);
enum err brief_act(struct request *r);
enum err brief_link(struct request *r);

#endif
