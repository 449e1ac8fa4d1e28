/* Before the first row: the columns of the mapping, and the stages that deals may come into. */
#include "areas/imports/rows.h"

#include <string.h>

#include "record/own.h"

/* ---- before the first row ---- */

static struct slot *
slot_for(struct run *r, str name)
{
	for (size_t i = 0; i < r->n_slots; i++)
		if (str_eq(str_of(r->slots[i].field->name), name))
			return &r->slots[i];
	const struct field *f = record_field(r->with, name);
	if (!f || f->holds_own || r->n_slots == 60)
		return NULL;
	struct slot *s = &r->slots[r->n_slots++];
	*s = (struct slot){ .field = f, .at = (size_t)((f->own ? own_holder(r->record) : f) - r->record->fields) };
	return s;
}

/* Currencies before amounts: an amount is read in its currency, that of the deal where there is none. */
static void
currency_first(struct run *r)
{
	for (int deal = 1; deal >= 0; deal--)
		for (size_t i = 1; i < r->n_slots; i++)
			if (deal ? rows_is(r->slots[i].field, "deal") : r->slots[i].kind == MAP_CURRENCY) {
				struct slot s = r->slots[i];
				memmove(r->slots + 1, r->slots, i * sizeof s);
				r->slots[0] = s;
			}
}

/* Without any of these all rows would be one and the same deal. */
static enum err
check_told(const struct run *r)
{
	static const char *const telling[] = { "name", "account", "product", "external_id" };
	bool told = r->record != &deal_record || r->n_key > 0;

	for (size_t i = 0; i < r->n_slots; i++)
		for (size_t k = 0; k < sizeof telling / sizeof *telling; k++)
			told |= rows_is(r->slots[i].field, telling[k]);
	return told ? OK
	            : fault_add(r->job->faults, r->job->import.file, STR("no column says which deal a row is about"),
	                      STR("let at least one go to the deal's name, its account, its product or its id at the "
	                          "source"));
}

enum err
rows_prepare(struct run *r, struct csv *csv)
{
	const struct map *m = r->job->map;
	size_t n_targets;
	const struct map_target *targets = import_targets(r->keep, r->with, &n_targets);
	enum err e;

	r->shape = csv_shape(csv);
	e = map_check(m, r->shape, targets, n_targets, r->job->faults);
	if (e != OK)
		return e;
	for (size_t i = 0; i < m->n_columns; i++) {
		struct slot *s = slot_for(r, m->columns[i].to);
		size_t at = csv_find(r->shape, m->columns[i].from);
		for (size_t k = 0; s && k < n_targets; k++)
			if (str_eq(str_of(targets[k].name), m->columns[i].to))
				s->kind = targets[k].kind;
		if (s && at != SIZE_MAX && s->n < SLOT_COLUMNS)
			s->columns[s->n++] = at;
	}
	currency_first(r);
	for (size_t i = 0; i < m->n_key && i < KEY_COLUMNS; i++)
		r->key[r->n_key++] = csv_find(r->shape, m->key[i]);
	r->source = m->source.n ? m->source : STR("file");
	r->currency = m->currency[0] ? str_of(m->currency) : r->company.currency;
	r->order = m->date;
	r->decimal = m->decimal;
	return check_told(r);
}

/* ---- stages ---- */

static void
add_stage(struct run *r, str name, int outcome, int64_t probability)
{
	struct known_stage *k;
	str key = str_fold(r->keep, name);

	for (size_t i = 0; i < r->n_stages; i++)
		if (str_eq(r->stages[i].key, key))
			return;
	if (r->n_stages == STAGES_MOST)
		return;
	k = &r->stages[r->n_stages++];
	k->key = key;
	record_init(&stage_record, &k->stage);
	k->stage.row.id = id_new();
	k->stage.process = r->process.row.id;
	k->stage.position = (int64_t)r->n_stages;
	k->stage.name = name;
	k->stage.outcome = outcome;
	k->stage.probability = outcome == OUTCOME_WON ? 100 : outcome == OUTCOME_LOST ? 0 : probability;
}

static enum err
load_process(struct run *r, struct conn *c)
{
	str sql = str_fmt(r->keep,
	        "select %.*s from process t where t.org_id = $1 and %s order by t.number desc, t.id desc limit 1",
	        STR_ARG(record_columns(r->keep, &process_record, "t")),
	        r->mirror ? "t.source = $2" : "t.standard = 1 and $2 = $2");
	struct rows rows;
	enum err e = db_query(c, r->keep, str_z(r->keep, sql), DB_ARGS(DB_I(r->grant.org), DB_T(r->source)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows)) {
		record_read(&rows, &process_record, 0, &r->process);
	} else {
		record_init(&process_record, &r->process);
		r->process.row.id = id_new();
		r->process.name = str_fmt(r->keep, "Stages of %.*s", STR_ARG(r->source));
		r->process.source = r->source;
		r->process.number = 1;
	}
	return db_end(&rows);
}

static enum err
load_stages(struct run *r, struct conn *c)
{
	str sql = str_fmt(r->keep,
	        "select %.*s from stage t where t.org_id = $1 and t.process = $2 order by t.position, t.id limit %d",
	        STR_ARG(record_columns(r->keep, &stage_record, "t")), STAGES_MOST);
	struct rows rows;
	enum err e =
	        db_query(c, r->keep, str_z(r->keep, sql), DB_ARGS(DB_I(r->grant.org), DB_I(r->process.row.id)), &rows);

	while (e == OK && db_next(&rows)) {
		struct known_stage *k = &r->stages[r->n_stages++];
		record_read(&rows, &stage_record, 0, &k->stage);
		k->key = str_fold(r->keep, k->stage.name);
	}
	return e == OK ? db_end(&rows) : e;
}

static bool
has_outcome(const struct run *r, int outcome)
{
	for (size_t i = 0; i < r->n_stages; i++)
		if (r->stages[i].stage.outcome == outcome)
			return true;
	return false;
}

enum err
rows_stages(struct run *r, struct conn *c)
{
	const struct map *m = r->job->map;
	bool status = false;
	size_t n_open = 0, at = 0;
	enum err e;

	r->mirror = m->n_stages > 0;
	e = load_process(r, c);
	if (e == OK && r->process.row.version)
		e = load_stages(r, c);
	for (size_t i = 0; i < m->n_stages; i++)
		n_open += m->stages[i].outcome != ENDING_WON && m->stages[i].outcome != ENDING_LOST;
	for (size_t i = 0; i < m->n_stages; i++) {
		const struct map_stage *s = &m->stages[i];
		int outcome = s->outcome == ENDING_WON    ? OUTCOME_WON
		              : s->outcome == ENDING_LOST ? OUTCOME_LOST
		                                          : OUTCOME_OPEN;
		at += outcome == OUTCOME_OPEN;
		add_stage(
		        r, s->name, outcome, s->probability >= 0 ? s->probability : (int64_t)(100 * at / (n_open + 1)));
	}
	for (size_t i = 0; i < r->n_slots; i++)
		status |= r->slots[i].kind == MAP_OUTCOME;
	if (e == OK && status) {
		if (!has_outcome(r, OUTCOME_OPEN))
			add_stage(r, STR("Open"), OUTCOME_OPEN, 50);
		if (!has_outcome(r, OUTCOME_WON))
			add_stage(r, STR("Won"), OUTCOME_WON, 100);
		if (!has_outcome(r, OUTCOME_LOST))
			add_stage(r, STR("Lost"), OUTCOME_LOST, 0);
	}
	return e;
}

const struct stage *
rows_stage_named(const struct run *r, str name)
{
	str key = str_fold(r->batch, name);

	for (size_t i = 0; i < r->n_stages; i++)
		if (str_eq(r->stages[i].key, key))
			return &r->stages[i].stage;
	return NULL;
}

const struct stage *
rows_stage_with(const struct run *r, int outcome)
{
	for (size_t i = 0; i < r->n_stages; i++)
		if (r->stages[i].stage.outcome == outcome)
			return &r->stages[i].stage;
	return NULL;
}
