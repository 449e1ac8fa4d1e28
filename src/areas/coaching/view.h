/* What the pages of coaching and Today show; filled by pages.c, prep.c, session.c, confirm.c, today.c, written by
 *.html. What it is not for: rules. */
#ifndef AREAS_COACHING_VIEW_H
#define AREAS_COACHING_VIEW_H

#include "areas/coaching/framework_view.h"
#include "areas/coaching/prepare.h"
#include "areas/coaching/schedule.h"
#include "areas/coaching/sheet.h"
#include "areas/coaching/shelf.h"
#include "areas/coaching/together.h"
#include "html/svg.h"
#include "html/widgets.h"

/* A commitment with the names around it. */
struct owed {
	struct commitment c;
	str owner, owed_to;
	bool late; /* open and past its day */
};

/* A session with the names around it. */
struct meeting_row {
	struct session s;
	str coach, coachee;
	day on;    /* where it really is */
	str at;    /* "10:00–10:30" */
	bool over; /* its period is past and nobody says it took place */
};

struct team_row {
	const struct pair_debt *d;
	str why, rule, on_what;
	id session;
	day on;
	str at;
	int64_t score;
};

/* A coach beside the line (C1). */
struct named_coach {
	id pair;
	str coach, coachee;
	int cadence;
	day from, to;
	bool own; /* I am one of the two */
};

struct sent_note {
	id session;
	str from;
	day on;
};

struct note_reading {
	str who;
	day on;
};

struct coaching_view {
	bool no_leader; /* nobody above me, and nobody coaches me */
	str stand_in;   /* who could then stand in (O9) */
	struct team_row *team;
	size_t n_team;
	struct debt_sum sum;    /* of what I coach */
	struct pair_debt *mine; /* who coaches me */
	size_t n_mine;
	struct debt_sum *mine_sums; /* beside each: what that coach does for all their people (O6) */
	struct meeting_row *next;   /* mine to come, as coachee */
	size_t n_next;
	struct meeting_row *ask; /* waiting for my word */
	size_t n_ask;
	struct owed *i_owe, *owed_me, *carried;
	size_t n_i_owe, n_owed_me, n_carried;
	struct debt_sum *below; /* coaches below me */
	size_t n_below;
	int64_t reports; /* that could be coached */
	bool can_start;
	str start_at;
	str weekday;
	struct named_coach *named;
	size_t n_named;
	struct sent_note *sent; /* notes that were sent to me */
	size_t n_sent;
	int64_t as_second,
	        as_second_said; /* sessions of the twelve weeks in which I was the second coach; so the coachee says */
	str address;            /* of the calendar, made now; empty otherwise */
};

struct choice_option {
	id value;
	str label;
};

struct prep_view {
	struct session s;
	str coach, coachee, other, skill, answer_skill, focus, at, title;
	bool is_coach, is_coachee, is_second, third, over;
	struct together_view with; /* others of the same meeting, and a second coach */
	day on;
	struct prepared p;
	struct pair_debt *pair;          /* NULL: none */
	struct owed *theirs, *mine;      /* owed by the coachee to the coach, and back */
	size_t n_theirs, n_mine, n_more; /* more: suggestions beyond the agenda */
	str who_sees, who_facts;
	int64_t kept, due; /* of the coachee's commitments that came due */
	struct private_note note;
	struct svg_dots stops;
	struct svg_columns weeks;
	int64_t n_moves;
	bool team_known;
	str subtitle, initials, avatar;
	str when, then, due_typed; /* of a refused commitment */
	struct shelf shelf;        /* that helps with the skill, or in the framework (K1) */
};

struct session_view {
	struct prep_view base;
	struct prep_deal live[3]; /* the agenda's deals as they stand now */
	size_t n_live;
	struct owed *agreed; /* in this session */
	size_t n_agreed;
	struct shared_note shared;
	struct private_note mine;
	str link;                             /* to confirm, made now; empty otherwise */
	str when, then, due, owner, evidence; /* as typed */
	str why_none, blocker;
	bool held;
	struct choice_option *readers; /* whom the coachee may send the notes to */
	size_t n_readers;
	struct note_reading *readings;
	size_t n_readings;
	str reader;                    /* who may read them */
	int late;                      /* days between holding and entering, when too many (C6) */
	struct framework_whole *frame; /* NULL: none chosen */
	struct choice_option *frames;  /* that can be chosen */
	size_t n_frames;
	struct sheet_part sheet;
	struct choice_option *rubrics; /* for role-plays */
	size_t n_rubrics;
	struct session_played { /* role-plays of this session, seen on a rubric (C4) */
		id observation;
		str observer, rubric;
		day on;
	} played[8];
	size_t n_played;
};

struct confirm_view {
	struct session s;
	str coach, at, to; /* to: the address of the form */
	day on;
	bool answered;
	str kind, skill, coach_skill, second;
	struct owed *agreed;
	size_t n_agreed;
};

struct deal_line {
	id deal;
	str name, account, stage, next_step, why, owner;
	day on;
	money value;
	bool has_value, loud;
};

#define PRACTICE_STEPS 5

struct practice_step {
	str what, why, href;
	bool done;
};

struct today_view {
	struct coaching_view c;
	struct deal_line *steps; /* my deals: no step, overdue, due within a week */
	size_t n_steps;
	int64_t open, flagged, team_flagged, team_open;
	int64_t blockers, blockers_late; /* that wait for my answer (A5) */
	bool seller, leads, over_leaders, set_up;
	int64_t n_people, n_deals, n_invited;
	bool has_head;
	struct meeting_row *week; /* both sides */
	size_t n_week;
	struct today_items asks; /* of other areas */
	str sub;
	struct practice_step practice[PRACTICE_STEPS];
	int n_practised;
	bool practise; /* some are open, and nobody hid them */
};

/* Loaders shared by the pages. where: SQL over c (commitment) with $3 $4 $5. */
enum err owed_list(struct request *r, const char *where, id x, id y, day d, struct owed **ret, size_t *ret_n);
/* where: SQL over s (coaching_session) with $3 (a person) and $4 (a day). */
enum err meeting_list(struct request *r, const char *where, id person, day d, struct meeting_row **ret, size_t *ret_n);
enum err coaching_load(struct request *r, struct coaching_view *v);
str person_name(struct request *r, id person);
str skill_name(struct request *r, id skill);
str session_at(struct arena *a, const struct session *s);
str cadence_words(int cadence);
const char *period_class(int state);
const char *period_words(int state);

enum err prep_load(struct request *r, struct prep_view *v);

enum err coaching_show(struct request *r);
enum err coaching_show_address(struct request *r, str address);
enum err coaches_load(struct request *r, struct coaching_view *v);
enum err coaches_name(struct request *r);
enum err coaches_end(struct request *r);
enum err coaching_address(struct request *r);
enum err sent_readers(struct request *r, struct session_view *v);
enum err sent_readings(struct request *r, struct session_view *v);
enum err session_send(struct request *r);
enum err sent_page(struct request *r);
enum err session_show(struct request *r);
enum err coaching_page(struct request *r);
enum err coaching_start(struct request *r);
enum err coaching_calendar(struct request *r);
enum err prep_page(struct request *r);
enum err prep_move(struct request *r);
enum err prep_excuse(struct request *r);
enum err prep_brings(struct request *r);
enum err prep_agenda(struct request *r);
/* The one who asks, of that session; all empty when there is none. */
enum err private_note_find(struct request *r, id session, struct private_note *ret);
enum err prep_focus(struct request *r);
enum err session_page(struct request *r);
enum err session_end(struct request *r);
enum err session_commit(struct request *r);
enum err session_note(struct request *r);
enum err session_private(struct request *r);
enum err session_link(struct request *r);
enum err session_frame_load(struct request *r, struct session_view *v);
enum err session_frame(struct request *r);
/* "10:05" of a phase: the session's start and the minutes before it; empty when it has no time of day. */
str session_frame_at(struct arena *a, const struct session_view *v, size_t phase);
enum err confirm_page(struct request *r);
enum err confirm_act(struct request *r);
/* The coachee's word from the form, saved; for other pages that ask for it (L1a). */
enum err confirm_save(struct request *r, struct session *s, id *ret_set);
enum err today_page(struct request *r);
/* All of Today but the set-up and the first steps. */
enum err today_load(struct request *r, struct today_view *v);
enum err practice_load(struct request *r, struct today_view *v);
enum err practice_hide(struct request *r);

#endif
