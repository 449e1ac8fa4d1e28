#include <string.h>

#include "areas/deals/one.h"
#include "areas/deals/starts.h"
#include "areas/deals/steps.h"

#include "areas/deals/board_html.h"
#include "areas/deals/gate_html.h"

struct move {
	struct deal deal;
	const struct deal *before;
	str started; /* what it started, in words */
	const struct completion *steps;
	size_t n_steps;
	struct deviation past; /* reason empty: none */
};

/* The deal first, by the version that was seen: each step weighs it anew. */
static enum err
move_work(struct change *c, void *what)
{
	struct move *m = what;
	struct deal d = m->deal;
	struct deviation past = m->past;
	enum err e = record_save(c, &deal_record, &d);

	if (e == OK)
		e = deal_starts_next(c, m->before, &d, &m->started);
	if (e == OK && m->started.n)
		c->reason =
		        str_join(c->arena, c->reason, m->started); /* said where the move is said, and in its history */
	for (size_t i = 0; e == OK && i < m->n_steps; i++)
		e = step_complete(c, &m->steps[i]);
	return e == OK && past.reason.n ? record_save(c, &deviation_record, &past) : e;
}

static bool
is_form(const struct request *r)
{
	return !str_eq(r->http->content_type, STR("application/json"));
}

static bool
wants_card(const struct request *r)
{
	return str_eq(http_header(r->http, "ridealong-part"), STR("card"));
}

/* P2: the mandatory and critical steps that are open in the stage it leaves and in those it would pass over. */
static void
find_holding(struct request *r, struct deal_view *v, const struct stage *from, const struct stage *to)
{
	v->holding = arena_new(r->arena, struct step_row, v->n_all + 1);
	for (size_t i = 0; i < v->n_all; i++) {
		const struct step_row *x = &v->all[i];
		if (!x->done && x->step->importance >= IMPORTANCE_MANDATORY && x->position >= from->position &&
		        x->position < to->position)
			v->holding[v->n_holding++] = *x;
	}
}

/* What the gate was told; a field that is wrong leaves its fault there. */
static size_t
read_steps(struct request *r, const struct deal_view *v, struct completion ret[60])
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_all && n < 60; i++)
		if (!v->all[i].done && step_take(r, v->d, v->all[i].step, &ret[n]))
			n++;
	return n;
}

static bool
is_completed(const struct step *s, const struct completion *now, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (now[i].step == s)
			return true;
	return false;
}

/* What stays open although it holds the stage, by name, for the deviation. */
static void
name_left_open(struct request *r, const struct deal_view *v, struct move *m)
{
	for (size_t i = 0; i < v->n_holding; i++) {
		const struct step *s = v->holding[i].step;
		if (is_completed(s, m->steps, m->n_steps))
			continue;
		m->past.n++;
		m->past.steps = str_fmt(
		        r->arena, "%.*s%s%.*s", STR_ARG(m->past.steps), m->past.steps.n ? "; " : "", STR_ARG(s->name));
	}
	for (size_t i = 0; i < v->n_missing; i++) {
		m->past.n++;
		m->past.steps = str_fmt(r->arena, "%.*s%s%.*s", STR_ARG(m->past.steps), m->past.steps.n ? "; " : "",
		        STR_ARG(v->missing[i]));
	}
	m->past.steps = str_first(m->past.steps, m->past.steps.n > 1900 ? 0 : m->past.steps.n);
}

/* What a program is told: each step that holds, and how it is passed. */
static void
say_holding(struct request *r, const struct deal_view *v)
{
	if (v->target_lost && !r->faults.n)
		fault_add(&r->faults, STR("lost_reason"), STR("is missing"), STR("give one of the reasons"));
	for (size_t i = 0; i < v->n_holding; i++)
		fault_add(&r->faults, str_of(step_name(r, v->holding[i].step, "")),
		        str_fmt(r->arena, "“%.*s” holds the stage", STR_ARG(v->holding[i].step->name)),
		        STR("complete it, or send anyway with a reason"));
	for (size_t i = 0; i < v->n_missing; i++)
		fault_add(&r->faults, STR("stage"), str_fmt(r->arena, "needs: %.*s", STR_ARG(v->missing[i])),
		        STR("mend it, or send anyway with a reason"));
}

static enum err
show_gate(struct request *r, struct deal_view *v, const struct stage *to)
{
	enum err e;

	v->gate = true;
	v->target = to->row.id;
	v->target_name = to->name;
	v->target_lost = to->outcome == OUTCOME_LOST;
	if (v->target_lost && (e = gate_reasons(r, v)) != OK)
		return e;
	r->answer->status = r->faults.n ? 422 : 409;
	if (!is_form(r)) {
		say_holding(r, v);
		return OK;
	}
	if (!wants_card(r)) {
		v->n_all = v->n_steps = 0;
		return one_show(r, v->d, v);
	}
	r->answer->status = 409; /* the board opens what comes with it */
	tpl_deal_gate_dialog(&r->view, v, r);
	return OK;
}

/* Where the process lists none, the usual ones are offered, and any words will do. */
static void
usual_reasons(struct request *r, struct deal_view *v)
{
	static const char *const names[] = { "No decision", "Price", "A competitor", "No budget", "No need any more",
		"We were too late" };
	struct lost_reason *all = arena_new(r->arena, struct lost_reason, sizeof names / sizeof *names);

	v->any_reason = true;
	v->reasons = all;
	for (v->n_reasons = 0; v->n_reasons < sizeof names / sizeof *names; v->n_reasons++)
		all[v->n_reasons] = (struct lost_reason){ .name = str_of(names[v->n_reasons]) };
}

enum err
gate_reasons(struct request *r, struct deal_view *v)
{
	struct lost_reason *all;
	enum err e = process_lost_reasons(r->conn, r->arena, r->actor.org, v->d->process, false, &all, &v->n_reasons);

	v->reasons = all;
	if (e == OK && !v->n_reasons)
		usual_reasons(r, v);
	return e;
}

/* Two people move one deal: the second sees where the first put it, and decides. */
static enum err
show_meeting(struct request *r, struct deal_view *v, const struct stage *to)
{
	enum err e = one_changed_by(r, v->d->row.id, "stage", &v->moved_by);

	return e == OK ? show_gate(r, v, to) : e;
}

static enum err
load_card(struct request *r, id deal, struct deal_card *ret)
{
	struct rule_book book = { 0 };
	struct rows rows;
	str sql = str_fmt(r->arena,
	        "select %s from deal d join stage s on s.org_id = d.org_id and s.id = d.stage join person p on "
	        "p.org_id = d.org_id"
	        " and p.id = d.owner left join account a on a.org_id = d.org_id and a.id = d.account where d.org_id = "
	        "$1 and $2 = $2 and d.id = $3",
	        card_columns);
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_I(deal)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows))
		card_read(r, &rows, &book, ret);
	return db_end(&rows);
}

/* The card again, after a move on the board. */
static enum err
answer_card(struct request *r, id deal, id set, str said)
{
	struct board_view b = { 0 };
	struct deal_card card = { 0 };
	struct stage *stages;
	struct deal d;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, deal, &d);

	if (e == OK)
		e = process_stages(r->conn, r->arena, r->actor.org, d.process, &stages, &b.n_stages);
	if (e == OK)
		e = load_card(r, deal, &card);
	if (e != OK)
		return e;
	b.stages = stages;
	tpl_deal_card(&r->view, &card, &b, r);
	tpl_card_toast(&r->view, set, said, r);
	return OK;
}

/* The stage that the mover saw stands in the form; where it is the one of now, what else was changed since is left as
   it is. Without it the version decides. False: somebody moved it meanwhile. */
static bool
saw_stage(struct request *r, struct deal *d)
{
	id from = page_id_field(r, "from");
	int64_t seen;

	if (from)
		return from == d->stage;
	if (!str_to_i64(page_field(r, "version"), &seen))
		return true;
	return seen == d->row.version;
}

/* P6: lost needs one of the reasons, where the process lists any; words of one's own may stand beside it. */
static bool
take_reason(struct request *r, const struct deal_view *v, struct deal *d)
{
	d->lost_reason = page_field(r, "lost_reason");
	d->lost_note = page_field(r, "lost_note");
	if (!page_has_field(r, "lost_reason"))
		return false;
	for (size_t i = 0; i < v->n_reasons; i++)
		if (str_eq(v->reasons[i].name, d->lost_reason))
			return true;
	if (d->lost_reason.n && v->any_reason)
		return true;
	fault_add(&r->faults, STR("lost_reason"), d->lost_reason.n ? STR("is not on the list") : STR("is missing"),
	        STR("choose one; your own words go below it"));
	return false;
}

/* What must hold to enter the stage, with the steps that are completed along with the move (P6). */
static enum err
find_missing(struct deal_view *v, const struct move *m, const struct stage *to)
{
	enum err e;

	for (size_t i = 0; i < m->n_steps; i++)
		guide_suppose(&v->guided, m->steps[i].step->row.id, m->steps[i].answer);
	e = guide_judge(&v->guided);
	return e == OK ? guide_enter(&v->guided, to->row.id, &v->missing, &v->n_missing) : e;
}

static enum err
save_move(struct request *r, struct move *m, const struct stage *to)
{
	str said = str_fmt(r->arena, "%.*s moved to %.*s", STR_ARG(m->deal.name), STR_ARG(to->name));
	str reason = m->past.reason.n ? str_fmt(r->arena, "%.*s, past open steps: %.*s", STR_ARG(said),
	                                        STR_ARG(str_first(m->past.reason, 200)))
	                              : said;
	id set = 0;
	enum err e = page_change(r, reason, move_work, m, &set);

	if (e != OK)
		return e;
	said = str_join(r->arena, said, m->started);
	return wants_card(r) ? answer_card(r, r->ids[0], set, said) : page_done(r, set, one_path(r, r->ids[0], ""));
}

/* P2: an override has its reason and is kept as a deviation. False: the gate stays shut. */
static bool
pass_gate(struct request *r, const struct deal_view *v, struct move *m, const struct stage *to)
{
	str reason = page_field(r, "reason");

	name_left_open(r, v, m);
	if (!m->past.n)
		return true;
	if (!page_field(r, "anyway").n)
		return false;
	if (!reason.n || str_letters(reason) > 200) {
		fault_add(&r->faults, STR("reason"), reason.n ? STR("is too long") : STR("is missing"),
		        STR("say in a few words why it moves without these steps"));
		return false;
	}
	m->past.deal = m->deal.row.id;
	m->past.person = r->actor.person;
	m->past.from_stage = m->deal.stage;
	m->past.to_stage = to->row.id;
	m->past.on_day = r->today;
	m->past.reason = reason;
	return true;
}

static enum err
move(struct request *r, struct move *m, struct deal_view *v, struct completion *steps)
{
	const struct stage *from = one_stage(v, m->deal.stage), *to = one_stage(v, page_id_field(r, "stage"));
	enum err e = OK;

	if (!to || !from)
		return fault_add(&r->faults, STR("stage"), STR("is no stage of this deal’s process"),
		        STR("choose one from the list"));
	if (!saw_stage(r, &m->deal) && m->deal.stage != to->row.id)
		return is_form(r) ? show_meeting(r, v, to) : ERR_STALE;
	m->steps = steps;
	m->n_steps = read_steps(r, v, steps);
	if (to->outcome != OUTCOME_LOST && from->outcome == OUTCOME_OPEN && to->position > from->position) {
		find_holding(r, v, from, to);
		e = find_missing(v, m, to);
	}
	if (e == OK && to->outcome == OUTCOME_LOST)
		e = gate_reasons(r, v);
	if (e != OK)
		return e;
	if (r->faults.n || !pass_gate(r, v, m, to))
		return show_gate(r, v, to);
	m->deal.lost_reason = m->deal.lost_note = (str){ 0 };
	if (to->outcome == OUTCOME_LOST && from->outcome != OUTCOME_LOST && !take_reason(r, v, &m->deal))
		return show_gate(r, v, to);
	if (to->outcome == OUTCOME_LOST && from->outcome == OUTCOME_LOST) {
		m->deal.lost_reason = v->d->lost_reason;
		m->deal.lost_note = v->d->lost_note;
	}
	m->deal.stage = to->row.id;
	return save_move(r, m, to);
}

static enum err
move_once(struct request *r)
{
	struct move m = { 0 };
	struct deal seen;
	struct completion steps[60];
	struct deal_view v = { 0 };
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &seen);

	if (e == OK)
		e = one_may_write(r, seen.row.id);
	if (e == OK)
		e = one_load(r, &seen, &v);
	if (e != OK)
		return e;
	record_init(&deviation_record, &m.past);
	m.past.n = 0;
	m.deal = seen;
	m.before = &seen;
	return move(r, &m, &v, steps);
}

enum err
deal_move(struct request *r)
{
	enum err e = move_once(r);

	if (e != ERR_STALE || !is_form(r) || db_refresh(r->conn) != OK)
		return e;
	return move_once(r); /* somebody saved between reading and writing: their move is shown now */
}
