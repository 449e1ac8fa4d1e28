#include "sheet/map.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/money.h"
#include "sheet/vendor.h"

enum { SCORE_SAME = 100, SCORE_WORD = 95, SCORE_NEAR = 78, SCORE_PART = 65, SCORE_VALUES = 50, KEY_MAX = 60 };

/* All that the steps of a proposal share. */
struct work {
	struct arena *a;
	const struct csv_shape *shape;
	const struct column_sniff *sniff;
	const struct map_target *targets;
	size_t n_targets;
	const struct vendor *vendor;
	struct map_proposal *p;
	bool *taken; /* targets that have a column */
	str *keys;   /* of the columns */
};

struct word {
	str key;
	int same; /* the score of a header that is the same */
};

struct words {
	struct word *keys;
	size_t n, cap;
};

/* A name without what does not matter: case, accents, blanks and signs, a vendor's prefix, a unit in brackets. */
static str
key_of(struct arena *a, str name)
{
	static const str before[] = { STR_INIT("(Do Not Modify) "), STR_INIT("Deal - "), STR_INIT("Organization - "),
		STR_INIT("Person - ") };
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++)
		if (str_starts(name, before[i]))
			name = str_from(name, before[i].n);
	if (str_ends(name, STR("__c")))
		name.n -= 3;
	size_t bracket = str_find(name, STR(" ("));
	if (bracket != SIZE_MAX && bracket > 0 && str_ends(name, STR(")")))
		name = str_first(name, bracket);
	str folded = str_fold(a, name);
	char *key = arena_alloc(a, folded.n + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < folded.n && n < KEY_MAX; i++) {
		char c = folded.s[i];
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80))
			key[n++] = c;
	}
	return (str){ key, n };
}

/* Levenshtein's distance of two short texts. */
static int
distance(str a, str b)
{
	int row[KEY_MAX + 1];
	assert(a.n <= KEY_MAX && b.n <= KEY_MAX);
	for (size_t j = 0; j <= b.n; j++)
		row[j] = (int)j;
	for (size_t i = 1; i <= a.n; i++) {
		int corner = row[0];
		row[0] = (int)i;
		for (size_t j = 1; j <= b.n; j++) {
			int change = corner + (a.s[i - 1] != b.s[j - 1]);
			int least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
			corner = row[j];
			row[j] = change < least ? change : least;
		}
	}
	return row[b.n];
}

static int
name_score(str header, str word, int same)
{
	if (header.n == 0 || word.n == 0)
		return 0;
	if (str_eq(header, word))
		return same;
	size_t shorter = header.n < word.n ? header.n : word.n;
	int d = distance(header, word);
	if ((d == 1 && shorter >= 5) || (d == 2 && shorter >= 8))
		return SCORE_NEAR - 3 * d;
	if (word.n >= 5 && (str_starts(header, word) || str_ends(header, word)))
		return SCORE_PART;
	return 0;
}

/* Can values of that kind go to the target? An empty column can go anywhere. */
static bool
fits(enum map_kind kind, const struct column_facts *c)
{
	bool number = c->kind == COLUMN_WHOLE || c->kind == COLUMN_NUMBER || c->kind == COLUMN_MONEY;
	bool date = c->kind == COLUMN_DAY || c->kind == COLUMN_INSTANT;
	if (c->kind == COLUMN_EMPTY)
		return true;
	switch (kind) {
	case MAP_MONEY:
	case MAP_NUMBER:
		return number;
	case MAP_DAY:
	case MAP_INSTANT:
		return date;
	case MAP_BOOL:
		return c->kind == COLUMN_BOOL || (c->kind == COLUMN_WHOLE && c->zero_one == c->numbers);
	case MAP_OUTCOME:
		return c->n_values > 0 &&
		       (c->kind == COLUMN_BOOL || c->kind == COLUMN_TEXT || c->zero_one == c->numbers);
	case MAP_STAGE:
		return c->n_values > 0 && !date;
	case MAP_CURRENCY:
		return c->n_values > 0 && c->kind == COLUMN_TEXT;
	case MAP_PERSON:
		return !date && c->kind != COLUMN_MONEY && c->kind != COLUMN_BOOL;
	case MAP_ID:
		return !date && c->kind != COLUMN_BOOL;
	case MAP_TEXT:
		break;
	}
	return true;
}

static const struct map_target *
target_called(const struct work *w, str name)
{
	for (size_t t = 0; t < w->n_targets; t++)
		if (str_eq(str_of(w->targets[t].name), name))
			return &w->targets[t];
	for (size_t t = 0; t < w->n_targets; t++)
		for (size_t i = 0; w->targets[t].synonyms && w->targets[t].synonyms[i]; i++)
			if (str_same(str_of(w->targets[t].synonyms[i]), name))
				return &w->targets[t];
	return NULL;
}

static void
assign(struct work *w, size_t column, const struct map_target *t, int score, str why)
{
	w->p->guesses[column] = (struct map_guess){ t, score, why };
	w->taken[t - w->targets] = true;
}

static bool
vendor_knows(const struct work *w, size_t column, str *ret_to)
{
	for (const struct vendor_column *c = w->vendor->columns; c->from; c++)
		if (str_same(w->shape->columns[column].name, str_of(c->from))) {
			*ret_to = str_of(c->to);
			return true;
		}
	return false;
}

/* The layout is known: its columns go where it says. Two to one target only where neither alone is whole: Pipedrive's
   times of winning and of losing. */
static void
by_vendor(struct work *w)
{
	for (size_t i = 0; i < w->shape->n_columns; i++) {
		str to, name;
		if (!vendor_knows(w, i, &to))
			continue;
		bool half = str_starts(to, STR("won_on")) || str_starts(to, STR("lost_on"));
		const struct map_target *t = NULL;
		while (!t && to.n) {
			str_cut(to, '|', &name, &to);
			t = target_called(w, name);
		}
		if (t && (!w->taken[t - w->targets] || half))
			assign(w, i, t, SCORE_SAME, str_fmt(w->a, "%s calls it so", w->vendor->label));
	}
}

static void
push_word(struct words *words, struct arena *a, str word, int same)
{
	arena_grow(a, words->keys, words->n, words->cap);
	words->keys[words->n++] = (struct word){ key_of(a, word), same };
}

/* Every word that means a target, as keys. */
static struct words
words_of(struct arena *a, const struct map_target *t)
{
	struct words words = { 0 };
	push_word(&words, a, str_of(t->name), SCORE_SAME);
	push_word(&words, a, str_of(t->label), SCORE_SAME);
	for (size_t i = 0; t->synonyms && t->synonyms[i]; i++)
		push_word(&words, a, str_of(t->synonyms[i]), SCORE_SAME - 1);
	str rest = vendor_words(str_of(t->name)), word;
	while (rest.n) {
		str_cut(rest, '|', &word, &rest);
		push_word(&words, a, word, SCORE_WORD);
	}
	return words;
}

static void
score_names(struct work *w, size_t t, int *scores)
{
	struct words words = words_of(w->a, &w->targets[t]);
	int least = w->vendor ? SCORE_WORD - 5 : SCORE_VALUES; /* in a known layout a near miss is another field */
	for (size_t i = 0; i < w->shape->n_columns; i++) {
		const struct column_facts *c = &w->sniff->columns[i];
		int best = 0;
		if (w->p->guesses[i].target || !fits(w->targets[t].kind, c))
			continue;
		for (size_t k = 0; k < words.n; k++) {
			int score = name_score(w->keys[i], words.keys[k].key, words.keys[k].same);
			best = score > best ? score : best;
		}
		best -= c->kind == COLUMN_EMPTY ? 5 : 0;
		scores[i * w->n_targets + t] = best >= least ? best : 0;
	}
}

/* The best pairs first, each column and each target once. */
static void
by_names(struct work *w)
{
	size_t n = w->shape->n_columns;
	int *scores = arena_new(w->a, int, n * w->n_targets + 1);
	for (size_t t = 0; t < w->n_targets; t++)
		if (!w->taken[t] &&
		        !(w->vendor && w->targets[t].kind == MAP_OUTCOME)) /* IsWon is there to judge stages by */
			score_names(w, t, scores);
	for (;;) {
		size_t best = 0;
		for (size_t k = 1; k < n * w->n_targets; k++)
			if (scores[k] > scores[best])
				best = k;
		if (n * w->n_targets == 0 || scores[best] <= 0)
			return;
		size_t column = best / w->n_targets, t = best % w->n_targets;
		int score = scores[best];
		assign(w, column, &w->targets[t], score,
		        score > 80 ? STR("the same name, or a word for it")
		                   : str_fmt(w->a, "its name is like \"%s\"", w->targets[t].label));
		for (size_t k = 0; k < w->n_targets; k++)
			scores[column * w->n_targets + k] = 0;
		for (size_t k = 0; k < n; k++)
			scores[k * w->n_targets + t] = 0;
	}
}

/* A required amount or day that no name tells: the only column left that holds such values. */
static void
by_values(struct work *w)
{
	for (size_t t = 0; t < w->n_targets; t++) {
		enum map_kind kind = w->targets[t].kind;
		size_t found = SIZE_MAX, n = 0;
		if (w->taken[t] || !w->targets[t].required ||
		        (kind != MAP_MONEY && kind != MAP_DAY && kind != MAP_STAGE))
			continue;
		for (size_t i = 0; i < w->shape->n_columns; i++) {
			const struct column_facts *c = &w->sniff->columns[i];
			bool like = kind == MAP_MONEY ? c->kind == COLUMN_MONEY || c->kind == COLUMN_NUMBER
			            : kind == MAP_DAY ? c->kind == COLUMN_DAY
			                              : false;
			for (size_t v = 0; kind == MAP_STAGE && v < c->n_values; v++)
				like = like || ending_of(c->values[v].text) == ENDING_WON;
			if (!like || w->p->guesses[i].target)
				continue;
			found = i;
			n++;
		}
		if (n == 1)
			assign(w, found, &w->targets[t], SCORE_VALUES, STR("the only column with such values"));
	}
}

static size_t
column_of_kind(const struct work *w, enum map_kind kind)
{
	for (size_t i = 0; i < w->shape->n_columns; i++)
		if (w->p->guesses[i].target && w->p->guesses[i].target->kind == kind)
			return i;
	return SIZE_MAX;
}

/* Without a column of stages the status is all there is: its words become the stages. */
static void
status_as_stage(struct work *w)
{
	size_t status = column_of_kind(w, MAP_OUTCOME);
	if (column_of_kind(w, MAP_STAGE) != SIZE_MAX || status == SIZE_MAX)
		return;
	if (w->sniff->columns[status].kind == COLUMN_BOOL)
		return;
	for (size_t t = 0; t < w->n_targets; t++)
		if (w->targets[t].kind == MAP_STAGE) {
			w->taken[w->p->guesses[status].target - w->targets] = false;
			assign(w, status, &w->targets[t], w->p->guesses[status].score,
			        STR("the file has a status and no stage"));
			return;
		}
}

static void
note(struct work *w, str place, str what, str mend)
{
	fault_add(&w->p->notes, place, what, mend);
}

/* What a stage's name says counts; else how its deals ended in nine of ten rows. */
static enum ending
stage_ending(const struct column_value *v)
{
	enum ending by_name = ending_of(v->text);
	if (by_name != ENDING_NONE)
		return by_name;
	int64_t all = v->by[ENDING_OPEN] + v->by[ENDING_WON] + v->by[ENDING_LOST];
	for (enum ending e = ENDING_WON; e <= ENDING_LOST; e++)
		if (all >= 3 && v->by[e] * 10 >= all * 9)
			return e;
	return ENDING_OPEN;
}

/* How far along a stage of that name mostly stands; people put right what is not so. */
static int
progress_of(struct arena *a, str name)
{
	static const char *const words[] = { "lead|prospect|neu|new|appointment|contact|termin|kontakt",
		"qualif|mql|sql", "discover|engag|analys|need|bedarf", "demo|present|evaluat|pr\xc3\xa4sent",
		"propos|quote|offer|angebot|decision", "negot|verhandl|commit|verbal", "contract|vertrag|sign" };
	str key = str_fold(a, name), rest, word;
	int n = (int)(sizeof words / sizeof *words);

	for (int i = n - 1; i >= 0; i--)
		for (rest = str_of(words[i]); rest.n;) {
			str_cut(rest, '|', &word, &rest);
			if (str_find(key, word) != SIZE_MAX)
				return i;
		}
	return n / 2;
}

/* Open stages as deals go through them, as far as their names tell; those that tell the same stay as they were. */
static void
order_stages(struct arena *a, struct map_stage *stages, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && progress_of(a, stages[k - 1].name) > progress_of(a, stages[k].name); k--) {
			struct map_stage stage = stages[k];
			stages[k] = stages[k - 1];
			stages[k - 1] = stage;
		}
}

static void
propose_stages(struct work *w)
{
	struct map *m = &w->p->map;
	size_t column = column_of_kind(w, MAP_STAGE);
	if (column == SIZE_MAX)
		return;
	const struct column_facts *c = &w->sniff->columns[column];
	if (!c->values && c->kind != COLUMN_EMPTY) {
		note(w, c->name, STR("more than 100 different stages: this is hardly a column of stages"),
		        STR("choose the column that holds the stage"));
		return;
	}
	m->stages = arena_new(w->a, struct map_stage, c->n_values + 1);
	bool ends = false;
	for (enum ending e = ENDING_OPEN; e < ENDING_COUNT; e++) /* as a deal goes through them */
		for (size_t i = 0; i < c->n_values; i++)
			if (stage_ending(&c->values[i]) == e) {
				ends = ends || e != ENDING_OPEN;
				m->stages[m->n_stages++] = (struct map_stage){ c->values[i].text, e, -1 };
			}
	size_t n_open = 0;
	while (n_open < m->n_stages && m->stages[n_open].outcome == ENDING_OPEN)
		n_open++;
	order_stages(w->a, m->stages, n_open);
	if (!ends && column_of_kind(w, MAP_OUTCOME) == SIZE_MAX && c->n_values)
		note(w, c->name, STR("no stage is known as won or lost"),
		        STR("set the outcome of each stage under stages"));
}

static void
propose_outcomes(struct work *w)
{
	struct map *m = &w->p->map;
	size_t column = column_of_kind(w, MAP_OUTCOME);
	if (column == SIZE_MAX)
		return;
	const struct column_facts *c = &w->sniff->columns[column];
	str field = str_of(w->p->guesses[column].target->name);
	m->values = arena_new(w->a, struct map_value, c->n_values + 1);
	for (size_t i = 0; i < c->n_values; i++) {
		bool yes = false;
		enum ending e = ending_of(c->values[i].text);
		bool word = e == ENDING_NONE && cell_bool_word(c->values[i].text, &yes);
		if (word)
			e = yes ? ENDING_WON : ENDING_OPEN;
		if (word && !yes)
			note(w, c->name, str_fmt(w->a, "\"%.*s\" is taken as open", STR_ARG(c->values[i].text)),
			        STR("write lost under values if it means that"));
		if (e == ENDING_NONE) {
			note(w, c->name,
			        str_fmt(w->a, "\"%.*s\" is neither open, won nor lost by its name; taken as open",
			                STR_ARG(c->values[i].text)),
			        STR("set it under values"));
			e = ENDING_OPEN;
		}
		m->values[m->n_values++] = (struct map_value){ field, c->values[i].text, str_of(ending_name(e)) };
	}
}

/* "Amount (EUR)", "Amount_USD" */
static bool
code_in_name(str name, char ret[4])
{
	str tail = str_ends(name, STR(")")) ? str_first(name, name.n - 1) : name;
	for (size_t n = 1; n <= 4 && n < tail.n; n++) {
		char before = tail.s[tail.n - n - 1];
		if ((before == '(' || before == '_' || (before == ' ' && n == 3)) &&
		        money_code(str_from(tail, tail.n - n), ret))
			return true;
	}
	return false;
}

static void
propose_currency(struct work *w)
{
	struct map *m = &w->p->map;
	size_t amount = column_of_kind(w, MAP_MONEY);
	if (amount == SIZE_MAX || column_of_kind(w, MAP_CURRENCY) != SIZE_MAX)
		return;
	const struct column_facts *c = &w->sniff->columns[amount];
	if (c->n_codes >= 1)
		memcpy(m->currency, c->codes[0], 4);
	else if (!code_in_name(c->name, m->currency))
		note(w, c->name, STR("the file does not say its currency"),
		        STR("choose one, or add a line like: currency: EUR"));
	if (c->n_codes > 1)
		note(w, c->name,
		        str_fmt(w->a, "%zu currencies occur; amounts without a sign are taken as %s", c->n_codes,
		                m->currency),
		        (str){ 0 });
}

static void
propose_forms(struct work *w)
{
	struct map *m = &w->p->map;
	bool dated = false, decimal = false;
	for (size_t i = 0; i < w->shape->n_columns; i++) {
		const struct column_facts *c = &w->sniff->columns[i];
		const struct map_target *t = w->p->guesses[i].target;
		if (!t)
			continue;
		bool day = t->kind == MAP_DAY || t->kind == MAP_INSTANT;
		if (day && c->dates) {
			m->date_sign = c->date_sign ? c->date_sign : m->date_sign;
			dated = true;
		}
		decimal = decimal || t->kind == MAP_MONEY || t->kind == MAP_NUMBER;
		if (c->doubt.n)
			note(w, c->name, c->doubt,
			        day ? STR("look at the preview; change the line date if it is wrong") : (str){ 0 });
	}
	if (dated)
		m->date = w->sniff->order;
	if (dated && w->sniff->order_how == COLUMN_BY_DEFAULT && w->vendor && w->vendor->date)
		(void)cell_order_find(str_of(w->vendor->date), &m->date);
	if (m->date == CELL_YMD)
		m->date_sign = 0;
	if (decimal)
		m->decimal = w->sniff->decimal;
	m->encoding = w->shape->encoding;
	m->delimiter = w->shape->delimiter;
	if (w->shape->guess.confidence < 95 && w->shape->guess.n_others)
		note(w, STR("encoding"),
		        str_fmt(w->a, "read as %s; it may also be %s", encoding_label(w->shape->encoding),
		                encoding_label(w->shape->guess.other[0])),
		        STR("look at letters with accents in the preview"));
}

static void
fill_columns(struct work *w)
{
	struct map *m = &w->p->map;
	m->columns = arena_new(w->a, struct map_column, w->shape->n_columns + 1);
	for (size_t i = 0; i < w->shape->n_columns; i++) {
		const struct map_guess *g = &w->p->guesses[i];
		str name = w->shape->columns[i].name;
		if (w->shape->columns[i].renamed)
			note(w, name,
			        str_fmt(w->a, "the header has \"%.*s\" in this place",
			                STR_ARG(w->shape->columns[i].written)),
			        STR("it is called so here; rename it in the file if that confuses"));
		if (!g->target)
			continue;
		m->columns[m->n_columns++] = (struct map_column){ name, str_of(g->target->name), 0 };
		if (g->score < 70)
			note(w, name, str_fmt(w->a, "goes to %s only because: %.*s", g->target->label, STR_ARG(g->why)),
			        STR("look at it"));
		if (g->target->kind == MAP_ID && m->n_key == 0) {
			m->key = arena_copy(w->a, &name, sizeof(name));
			m->n_key = 1;
		}
	}
	for (size_t t = 0; t < w->n_targets; t++) {
		if (w->targets[t].required && !w->taken[t])
			note(w, str_of(w->targets[t].name),
			        str_fmt(w->a, "no column was found for %s", w->targets[t].label),
			        STR("choose the column that holds it"));
		if (w->targets[t].kind == MAP_ID && m->n_key == 0)
			note(w, STR("key"), STR("no column tells the rows apart for good"),
			        STR("choose one as the key, or a later file cannot update these rows"));
	}
}

void
map_propose(struct arena *a, const struct csv_shape *shape, const struct column_sniff *sniff,
        const struct map_target *targets, size_t n_targets, struct map_proposal *ret)
{
	struct work w = {
		.a = a, .shape = shape, .sniff = sniff, .targets = targets, .n_targets = n_targets, .p = ret
	};
	assert(sniff->n_columns == shape->n_columns);
	*ret = (struct map_proposal){ .layout = "" };
	faults_init(&ret->notes, a);
	ret->guesses = arena_new(a, struct map_guess, shape->n_columns + 1);
	w.taken = arena_new(a, bool, n_targets + 1);
	w.keys = arena_new(a, str, shape->n_columns + 1);
	for (size_t i = 0; i < shape->n_columns; i++)
		w.keys[i] = key_of(a, shape->columns[i].name);
	w.vendor = vendor_find(shape);
	ret->map.source = w.vendor ? str_of(w.vendor->source) : STR("other");
	if (w.vendor) {
		ret->layout = w.vendor->label;
		by_vendor(&w);
	}
	by_names(&w);
	by_values(&w);
	status_as_stage(&w);
	fill_columns(&w);
	propose_stages(&w);
	propose_outcomes(&w);
	propose_currency(&w);
	propose_forms(&w);
}
