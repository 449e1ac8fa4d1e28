/* Rows of deals' history as other systems export them (D5b): each says what stood from then on, or names one field with
   its old and new value. Deals are found by their id, else by a name that only one has; stages by their names in the
   deal's own process. What it is not for: what the history is for (deals/past.c). */
#include "areas/imports/rows.h"

#include <string.h>

struct past_book {
	struct past_deal {
		id process;
		str currency;
	} * deals;           /* by the book's index */
	struct names stages; /* process and folded name, or process and how it ends */
	id *stage;
	size_t n, cap;
	struct names anywhere; /* the source's id, whichever source */
	struct names double_id, double_name;
	int64_t n_skipped, n_owners;
	str skipped, owner; /* the first fields that are not kept; the first owner nobody knows here */
	size_t n_fields;
};

enum { FIELDS_NAMED = 5 };

static str
stage_key(struct arena *a, id process, str name)
{
	return str_fmt(a, "%lld\n%.*s", (long long)process, STR_ARG(str_fold(a, name)));
}

static str
ending_key(struct arena *a, id process, const char *ending)
{
	return str_fmt(a, "%lld\t%s", (long long)process, ending);
}

static void
add_stage(struct run *r, id stage, id process, str name, str outcome)
{
	struct past_book *b = r->past;

	arena_grow(r->keep, b->stage, b->n, b->cap);
	b->stage[b->n] = stage;
	names_add(&b->stages, stage_key(r->keep, process, name), b->n);
	names_add(&b->stages, ending_key(r->keep, process, str_z(r->keep, outcome)), b->n);
	b->n++;
}

static enum err
load_stages(struct run *r, struct conn *c)
{
	struct rows rows;
	enum err e = db_query(c, r->keep,
	        "select id, process, name, outcome from stage where org_id = $1 order by process, position, id",
	        DB_ARGS(DB_I(r->grant.org)), &rows);

	while (e == OK && db_next(&rows))
		add_stage(r, db_int(&rows, 0), db_int(&rows, 1), db_text(&rows, 2), db_text(&rows, 3));
	return e == OK ? db_end(&rows) : e;
}

/* A name or an id that two have says nothing. */
static void
note_doubles(struct run *r)
{
	struct past_book *b = r->past;
	const struct book *deals = &r->deals;

	for (size_t i = 0; i < deals->n; i++) {
		const struct known *k = &deals->all[i];
		if (k->external_id.n && names_find(&b->anywhere, k->external_id) != SIZE_MAX)
			names_add(&b->double_id, k->external_id, i);
		else if (k->external_id.n)
			names_add(&b->anywhere, k->external_id, i);
		if (book_find(deals, r->keep, k->name) != i)
			names_add(&b->double_name, str_fold(r->keep, k->name), i);
	}
}

enum err
past_load(struct run *r, struct conn *c)
{
	struct past_book *b = arena_new(r->keep, struct past_book, 1);
	struct rows rows;
	enum err e = db_query(c, r->keep, "select id, process, currency from deal where org_id = $1",
	        DB_ARGS(DB_I(r->grant.org)), &rows);

	r->past = b;
	b->stages.arena = b->anywhere.arena = b->double_id.arena = b->double_name.arena = r->keep;
	b->deals = arena_new(r->keep, struct past_deal, r->deals.n + 1);
	while (e == OK && db_next(&rows)) {
		size_t at = book_find_id(&r->deals, db_int(&rows, 0));
		if (at != SIZE_MAX)
			b->deals[at] = (struct past_deal){ db_int(&rows, 1), db_text(&rows, 2) };
	}
	if (e == OK)
		e = db_end(&rows);
	note_doubles(r);
	return e == OK ? load_stages(r, c) : e;
}

static size_t
find_deal(struct run *r, str cell, str column, struct line *l)
{
	const struct past_book *b = r->past;
	size_t at = book_find_external(&r->deals, r->batch, r->source, cell);
	bool twice = names_find(&b->double_id, cell) != SIZE_MAX;

	if (at == SIZE_MAX && !twice)
		at = names_find(&b->anywhere, cell);
	if (at == SIZE_MAX) {
		at = book_find(&r->deals, r->batch, cell);
		twice |= at != SIZE_MAX && names_find(&b->double_name, str_fold(r->batch, cell)) != SIZE_MAX;
	}
	if (at != SIZE_MAX && !twice)
		return at;
	line_reject(l, column,
	        str_fmt(r->keep, twice ? "more than one deal is called “%.*s”" : "there is no deal “%.*s”",
	                STR_ARG(str_first(cell, 80))),
	        twice ? STR("map the column with the deal's id")
	              : STR("import the deals first, or write a deal's name or id"));
	return SIZE_MAX;
}

/* By its name in the deal's process; where the house calls won and lost otherwise, by what the words mean. */
static id
find_stage(struct run *r, id deal, str text, str column, struct line *l)
{
	const struct past_book *b = r->past;
	id process = b->deals[book_find_id(&r->deals, deal)].process;
	size_t at = names_find(&b->stages, stage_key(r->batch, process, text));
	enum ending ending = ending_of(text);

	if (at == SIZE_MAX && (ending == ENDING_WON || ending == ENDING_LOST))
		at = names_find(&b->stages, ending_key(r->batch, process, ending == ENDING_WON ? "won" : "lost"));
	if (at != SIZE_MAX)
		return b->stage[at];
	line_reject(l, column, str_fmt(r->keep, "the deal's process has no stage “%.*s”", STR_ARG(str_first(text, 80))),
	        STR("say under values which of its stages that is, or “-” to leave it out"));
	return 0;
}

/* Owners of long ago may be known to nobody here; they are not created for that. */
static id
find_owner(struct run *r, str text)
{
	struct past_book *b = r->past;
	size_t at = str_find_byte(text, '@') != SIZE_MAX ? book_find_mail(&r->people, r->batch, text)
	                                                 : book_find(&r->people, r->batch, text);

	if (at == SIZE_MAX)
		at = book_find_external(&r->people, r->batch, r->source, text);
	if (at != SIZE_MAX)
		return r->people.all[at].id;
	if (!r->writing && !b->n_owners++)
		b->owner = str_copy(r->keep, str_first(text, 60));
	return 0;
}

void
past_refer(struct run *r, const struct field *f, str cell, str column, struct line *l)
{
	struct past *x = l->object;
	size_t at;

	if (f->ref == &deal_record) {
		at = find_deal(r, cell, column, l);
		if (at == SIZE_MAX)
			return;
		x->deal = r->deals.all[at].id;
		l->name = r->deals.all[at].name;
		if (!x->currency.n)
			x->currency = r->past->deals[at].currency;
	} else if (f->ref == &stage_record && x->deal) {
		*(id *)(void *)((char *)x + f->at) = find_stage(r, x->deal, cell, column, l);
	} else if (f->ref == &person_record) {
		x->owner = find_owner(r, cell);
	}
}

enum named { NAMED_OTHER, NAMED_STAGE, NAMED_AMOUNT, NAMED_CLOSES, NAMED_OWNER };

static enum named
named_by(struct arena *a, str field)
{
	static const struct {
		const char *key;
		enum named is;
	} words[] = { { "stage", NAMED_STAGE }, { "stagename", NAMED_STAGE }, { "stageid", NAMED_STAGE },
		{ "dealstage", NAMED_STAGE }, { "salesstage", NAMED_STAGE }, { "phase", NAMED_STAGE },
		{ "amount", NAMED_AMOUNT }, { "value", NAMED_AMOUNT }, { "dealvalue", NAMED_AMOUNT },
		{ "dealamount", NAMED_AMOUNT }, { "closedate", NAMED_CLOSES }, { "closingdate", NAMED_CLOSES },
		{ "expectedclosedate", NAMED_CLOSES }, { "estclosedate", NAMED_CLOSES }, { "owner", NAMED_OWNER },
		{ "ownerid", NAMED_OWNER }, { "dealowner", NAMED_OWNER }, { "opportunityowner", NAMED_OWNER },
		{ "hubspotownerid", NAMED_OWNER }, { "userid", NAMED_OWNER } };
	str key = book_squeeze(a, field);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(key, str_of(words[i].key)))
			return words[i].is;
	return NAMED_OTHER;
}

static void
skip(struct run *r, struct line *l, str what)
{
	l->skip = true;
	l->what = what;
	r->past->n_skipped += !r->writing;
}

static void
skip_field(struct run *r, struct line *l, str field)
{
	struct past_book *b = r->past;

	if (!r->writing && b->n_fields < FIELDS_NAMED && str_find(b->skipped, field) == SIZE_MAX) {
		b->skipped = str_fmt(r->keep, "%.*s%s%.*s", STR_ARG(b->skipped), b->n_fields ? ", " : "",
		        STR_ARG(str_first(field, 40)));
		b->n_fields++;
	}
	skip(r, l, str_fmt(r->batch, "is about %.*s, which has no history here", STR_ARG(str_first(field, 60))));
}

static str
column_for(const struct run *r, const char *field)
{
	for (size_t i = 0; i < r->n_slots; i++)
		if (strcmp(r->slots[i].field->name, field) == 0)
			return r->shape->columns[r->slots[i].columns[0]].name;
	return str_of(field);
}

static void
take_value(struct run *r, struct past *x, struct line *l)
{
	str column = column_for(r, "became"), why = { 0 };
	struct cell_amount amount;
	enum err e = OK;

	switch (named_by(r->batch, x->field)) {
	case NAMED_STAGE:
		x->stage = find_stage(r, x->deal, map_value(r->job->map, STR("stage"), x->became), column, l);
		if (x->was.n && l->fate != FATE_REJECT)
			x->stage_from = find_stage(
			        r, x->deal, map_value(r->job->map, STR("stage"), x->was), column_for(r, "was"), l);
		break;
	case NAMED_AMOUNT:
		e = cell_money(r->batch, x->became, r->decimal ? r->decimal : '.',
		        str_z(r->batch, x->currency.n ? x->currency : r->currency), &amount, &why);
		if (e == OK)
			x->amount = amount.minor;
		break;
	case NAMED_CLOSES:
		e = cell_day(r->batch, x->became, r->order, &x->closes_on, &why);
		break;
	case NAMED_OWNER:
		x->owner = find_owner(r, map_value(r->job->map, STR("owner"), x->became));
		break;
	case NAMED_OTHER:
		skip_field(r, l, x->field);
		break;
	}
	if (e != OK && e != ERR_ABSENT)
		line_reject(l, column, str_copy(r->keep, why), STR("mend this cell and send the row again"));
}

void
past_complete(struct run *r, struct line *l)
{
	struct past *x = l->object;

	if (l->fate == FATE_REJECT || !x->deal)
		return;
	if (x->at != NO_INT && x->at > now()) {
		line_reject(l, column_for(r, "at"), STR("is in the future"), STR("history is what was"));
		return;
	}
	if (x->at != NO_INT)
		x->on_day = zone_day(zone_find(r->company.zone), x->at);
	if (x->field.n && x->became.n)
		take_value(r, x, l);
	else if (x->field.n)
		skip(r, l, STR("says no new value"));
	if (l->fate == FATE_REJECT || l->skip)
		return;
	if (!x->stage && x->amount == NO_INT && !day_is(x->closes_on) && !x->owner)
		skip(r, l, STR("says nothing that has a history here"));
	if (x->amount == NO_INT)
		x->currency = (str){ 0 };
}

str
past_key(struct run *r, const struct line *l)
{
	const struct past *x = l->object;

	return str_fmt(r->batch, "%lld|%lld|%lld|%lld|%lld|%d|%.*s|%.*s", (long long)x->deal, (long long)x->at,
	        (long long)x->stage, (long long)x->amount, (long long)x->owner, (int)x->closes_on.n,
	        STR_ARG(book_squeeze(r->batch, x->field)), STR_ARG(x->became));
}

void
past_note(struct run *r)
{
	const struct past_book *b = r->past;
	struct arena *a = r->job->arena;

	if (b && b->n_skipped)
		fault_add(&r->job->notes,
		        str_fmt(a, "%lld %s", (long long)b->n_skipped, b->n_skipped == 1 ? "row" : "rows"),
		        b->skipped.n ? str_fmt(a, "about what has no history here: %.*s", STR_ARG(b->skipped))
		                     : STR("say nothing that has a history here"),
		        STR("stage, amount, expected close and owner have one"));
	if (b && b->n_owners)
		fault_add(&r->job->notes,
		        str_fmt(a, "%lld %s", (long long)b->n_owners, b->n_owners == 1 ? "owner" : "owners"),
		        str_fmt(a, "not known here, left out: “%.*s”%s", STR_ARG(b->owner),
		                b->n_owners > 1 ? " and others" : ""),
		        STR("import the people first, or say under values who that is"));
}
