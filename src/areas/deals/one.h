/* One deal's page: what it shows and where that is gathered. deal.c shows it, facts.c edits it in place, gate.c moves
   the deal, timeline.c tells what happened, who.c keeps what hangs on it. What it is not for: rules (rules.c,
   health.c). */
#ifndef AREAS_DEALS_ONE_H
#define AREAS_DEALS_ONE_H

#include "areas/commitments/view.h"
#include "areas/deals/file_view.h"
#include "areas/deals/guide.h"
#include "areas/deals/mention.h"
#include "areas/deals/view.h"
#include "areas/process/content.h"

struct step_row {
	const struct step *step;
	id done; /* the step_done row; 0: open */
	str by, answer, stage;
	day on_day;
	int64_t position; /* of its stage */
	bool waits;       /* for the step that comes before it */
};

struct stakeholder_row {
	id row;
	int64_t version;
	str name, role;
	int influence, attitude; /* choices */
};

struct document_row {
	id row;
	str name, address, by;
	day on_day;
};

struct competitor_row {
	id row;
	str name, note;
};

struct line_row {
	id row, product;
	str name;
	int64_t quantity, unit_price, total;
};

struct tag_row {
	id row;
	str name;
};

struct deviation_row {
	str from, to, by, reason, steps;
	day on_day;
};

struct mention_row {
	id person;
	str name;
};

enum time_kind { TIME_NONE, TIME_ACTIVITY, TIME_STEP, TIME_CHANGE, TIME_DOCUMENT, TIME_KINDS };

struct time_row {
	int kind; /* enum time_kind */
	const char *icon;
	day on_day, recorded; /* when it took effect, and when it was entered, where that is another day */
	int64_t order;        /* within the day */
	id row;
	str what, note, text, by;
	const struct mention_row *mentions;
	size_t n_mentions;
};

struct timeline {
	struct time_row *rows;
	size_t n;
	int kind;      /* shown alone; 0: all */
	int64_t from;  /* rows left out before these */
	bool has_more; /* older ones */
};

/* A fact that is edited where it stands. */
enum fact_input { FACT_TEXT, FACT_MONEY, FACT_DAY, FACT_REF, FACT_CHOICE };
enum fact_name {
	FACT_NAME,
	FACT_OWNER,
	FACT_ACCOUNT,
	FACT_PRODUCT,
	FACT_AMOUNT,
	FACT_CLOSES,
	FACT_CATEGORY,
	FACT_NEXT,
	FACT_NEXT_ON,
	FACTS
};
struct fact {
	const char *name, *label;
	enum fact_input input;
	const char *table;            /* of a reference */
	const struct choice *choices; /* of a choice */
	str shown, typed, stored;     /* for reading; for the field; as the form's opener saw it */
	id chosen;                    /* of a reference */
};

/* One field that two people changed at once: theirs is stored, mine is what was typed. */
struct clash {
	const char *name, *label;
	str theirs, mine; /* for reading */
	str typed, stored;
	str by; /* who changed it, and when */
};

struct deal_view {
	const struct record *record; /* with the company's own fields */
	struct source_system their;  /* of a deal from elsewhere (D5a) */
	str their_link;
	bool may; /* write it */
	const struct deal *d;
	struct guide guide;
	struct guided guided;
	str account, product, owner, stage, process, exit, guidance, campaign;
	struct health_reason why[8];
	size_t n_why;
	struct step_row *steps; /* of its stage; the open ones first, the weightiest at the head */
	size_t n_steps, n_done;
	struct step_row *all; /* of the whole process, in its order */
	size_t n_all;
	int64_t sum, least, greatest; /* percent: what the completed steps add up to, and the stage's bounds (P4) */
	struct stakeholder_row *stakeholders;
	size_t n_stakeholders;
	struct document_row *documents;
	size_t n_documents;
	struct competitor_row *competitors;
	size_t n_competitors;
	struct line_row *lines;
	size_t n_lines;
	struct tag_row *tags;
	size_t n_tags;
	struct deviation_row *deviations;
	size_t n_deviations;
	const struct stage *stages, *here; /* here: the one it stands in */
	size_t n_stages;
	struct files_view files;
	struct content_shown *helps; /* of the library, at its stages and steps (K1) */
	size_t n_helps;
	struct timeline time;
	struct mentioned mentions[MENTIONS_SHOWN]; /* of the asking person, not put away */
	size_t n_mentions;
	struct blocker_row *blocked; /* what stands in its way (A5) */
	size_t n_blocked;
	struct fact facts[FACTS];
	const struct fact *open; /* the fact whose form stands open */
	struct clash *clashes;
	size_t n_clashes;
	bool keeps[FACTS]; /* typed beside them, and not asked about */
	int days_in_stage;
	int64_t allowed_days, rest_days; /* rest_days: what the stages to come allow, P4; NO_INT: one has no limit */
	str who_sees;
	const char *part; /* whose form was refused: its errors stand there; NULL: none */
	/* the gate */
	bool gate, creating;
	id target; /* the stage wanted, when the gate stands open */
	str target_name;
	bool target_lost;
	struct step_row *holding; /* what holds the stage, and those that would be passed over */
	size_t n_holding;
	str *missing; /* what must hold to enter the stage wanted, in words (P6) */
	size_t n_missing;
	str moved_by; /* somebody moved it meanwhile: who and when */
	const struct lost_reason *reasons;
	size_t n_reasons;
	bool any_reason; /* the process lists none */
};

/* ---- gathering (deal.c) ---- */
/* Names, steps, stages, health: what both the page and the gate need. */
enum err one_load(struct request *r, const struct deal *d, struct deal_view *v);
/* The whole page; the status that r->answer has stays. */
enum err one_show(struct request *r, const struct deal *d, struct deal_view *v);
const struct stage *one_stage(const struct deal_view *v, id stage);
/* The path of the deal, with what is put behind it. */
str one_path(struct request *r, id deal, const char *behind);
/* ERR_DENIED when the deal is not the asking person's to write (O3). */
enum err one_may_write(struct request *r, id deal);
/* Who changed a field last, and when: "Ravi Banerjee, 3 minutes ago". */
enum err one_changed_by(struct request *r, id deal, const char *field, str *ret);
/* The name of a choice for reading; the code where there is none. */
str choice_words(const struct choice *all, str code);

/* ---- in place (facts.c) ---- */
void facts_fill(struct request *r, struct deal_view *v);
/* A value in normal form as people read it. */
str fact_words(struct request *r, const struct field *f, str value, str currency);

/* ---- through the gate (gate.c) ---- */
/* P6: what a deal can be lost for, into v. */
enum err gate_reasons(struct request *r, struct deal_view *v);

/* ---- what happened (timeline.c) ---- */
enum err timeline_load(struct request *r, struct deal_view *v);

/* ---- what hangs on it (who.c) ---- */
enum err parts_load(struct request *r, struct deal_view *v);
/* Whoever is typed in as known at the account is not entered a second time; *ret the contact's id. */
enum err parts_contact(struct change *c, const struct deal *d, str name, str title, id *ret);
/* fn under a grant that reaches what others entered; first whether the deal is the asking person's to write (O3). */
enum err parts_of_deal(struct change *c, id deal, enum err (*fn)(struct change *c, void *what), void *what);
/* One with decisive influence; NULL: not known. */
const struct stakeholder_row *who_decides(const struct deal_view *v);
int64_t lines_sum(const struct deal_view *v);
/* The map of influence and attitude, as SVG. */
void tpl_stakeholder_map(struct view *view, const struct deal_view *v);

/* ---- named with @ (mention.c) ---- */
/* Text with the names that stand in it as links. */
void tpl_mentioning(struct view *view, str text, const struct mention_row *m, size_t n);

#endif
