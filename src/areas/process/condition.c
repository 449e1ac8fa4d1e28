#include <string.h>

#include "areas/process/condition.h"

#define DEEP 20 /* brackets within brackets */

const char *const condition_counts[] = { "stakeholders", "decision_makers", "activities", "documents", "competitors",
	"steps_done", NULL };

enum token { T_END, T_WORD, T_FIELD, T_STRING, T_NUMBER, T_DAY, T_SIGN, T_BAD };

struct reader {
	struct arena *arena;
	struct faults *faults;
	str text, place;
	enum token token;
	str word;  /* of the token, without marks */
	str raw;   /* the same as it stands in the text: a ] in a label is doubled there */
	size_t at; /* where it starts */
	size_t to; /* where it ends */
	int depth;
	bool failed;
};

/* The place is said in letters, as an editor counts them. */
static void
wrong(struct reader *r, size_t at, const char *what, const char *mend)
{
	if (r->failed)
		return;
	r->failed = true;
	fault_add(r->faults, r->place,
	        at >= r->text.n ? str_fmt(r->arena, "%s at the end", what)
	                        : str_fmt(r->arena, "%s at letter %zu, before “%.*s”", what,
	                                  str_letters(str_first(r->text, at)) + 1,
	                                  STR_ARG(str_first(str_from(r->text, at), 24))),
	        str_of(mend));
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 128;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where a label ends: at a ] that is not doubled. */
static size_t
label_end(str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] != ']')
			continue;
		if (i + 1 == s.n || s.s[i + 1] != ']')
			return i;
		i++;
	}
	return SIZE_MAX;
}

static str
label_plain(struct arena *a, str raw)
{
	char *to = arena_alloc(a, raw.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < raw.n; i++) {
		to[n++] = raw.s[i];
		i += raw.s[i] == ']';
	}
	return (str){ to, n };
}

static str
label_marked(struct arena *a, str label)
{
	char *to = arena_alloc(a, 2 * label.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < label.n; i++) {
		to[n++] = label.s[i];
		if (label.s[i] == ']')
			to[n++] = ']';
	}
	return (str){ to, n };
}

str
condition_label(struct arena *a, str label)
{
	return str_fmt(a, "[%.*s]", STR_ARG(label_marked(a, label)));
}

/* "text", “text”, [label]; what closes is looked for as bytes. */
static void
take_marked(struct reader *r, enum token token, str opens, str closes)
{
	str rest = str_from(r->text, r->at + opens.n);
	size_t n = token == T_FIELD ? label_end(rest) : str_find(rest, closes);

	if (n == SIZE_MAX) {
		r->token = T_BAD;
		wrong(r, r->at, token == T_FIELD ? "a bracket is not closed" : "quotation marks are not closed",
		        "close them");
		return;
	}
	r->token = token;
	r->raw = str_first(rest, n);
	r->word = token == T_FIELD ? label_plain(r->arena, r->raw) : r->raw;
	r->to = r->at + opens.n + n + closes.n;
}

/* A number, or a day as 2026-12-31. */
static void
take_number(struct reader *r)
{
	size_t n = 0;
	day d;
	str rest = str_from(r->text, r->at);

	if (rest.n >= 10 && day_parse(str_first(rest, 10), &d)) {
		r->token = T_DAY;
		n = 10;
	} else {
		r->token = T_NUMBER;
		while (n < rest.n &&
		        (is_digit(rest.s[n]) || (rest.s[n] == '.' && n + 1 < rest.n && is_digit(rest.s[n + 1])) ||
		                (n == 0 && rest.s[n] == '-')))
			n++;
	}
	r->word = str_first(rest, n);
	r->to = r->at + n;
}

static void
take_word(struct reader *r)
{
	str rest = str_from(r->text, r->at);
	size_t n = 0;

	while (n < rest.n && (is_letter(rest.s[n]) || is_digit(rest.s[n]) ||
	                             (rest.s[n] == '.' && n + 1 < rest.n && is_letter(rest.s[n + 1]))))
		n++;
	r->token = T_WORD;
	r->word = str_first(rest, n);
	r->to = r->at + n;
}

static void
take_sign(struct reader *r)
{
	str rest = str_from(r->text, r->at);
	size_t n = rest.n > 1 && rest.s[1] == '=' && strchr("<>!", rest.s[0]) ? 2 : 1;

	if (!strchr("<>=!(),+-", rest.s[0])) {
		r->token = T_BAD;
		wrong(r, r->at, "something unknown stands", "use words, numbers, days and \"text\" in quotation marks");
		return;
	}
	r->token = T_SIGN;
	r->word = str_first(rest, n);
	r->to = r->at + n;
}

static void
next(struct reader *r)
{
	r->at = r->to;
	while (r->at < r->text.n && strchr(" \t\r\n", r->text.s[r->at]))
		r->at++;
	str rest = str_from(r->text, r->at);
	r->to = r->at;
	r->word = (str){ 0 };
	r->token = T_END;
	if (!rest.n)
		return;
	if (rest.s[0] == '"')
		take_marked(r, T_STRING, STR("\""), STR("\""));
	else if (str_starts(rest, STR("“")))
		take_marked(r, T_STRING, STR("“"), STR("”"));
	else if (rest.s[0] == '[')
		take_marked(r, T_FIELD, STR("["), STR("]"));
	else if (is_digit(rest.s[0]) || (rest.s[0] == '-' && rest.n > 1 && is_digit(rest.s[1])))
		take_number(r);
	else if (is_letter(rest.s[0]))
		take_word(r);
	else
		take_sign(r);
}

static bool
at_word(const struct reader *r, const char *word)
{
	return r->token == T_WORD && str_same(r->word, str_of(word));
}

static bool
take(struct reader *r, const char *word)
{
	if (!at_word(r, word))
		return false;
	next(r);
	return true;
}

static bool
take_mark(struct reader *r, const char *sign)
{
	if (r->token != T_SIGN || !str_eq(r->word, str_of(sign)))
		return false;
	next(r);
	return true;
}

/* ---- values ---- */

static bool
is_currency(str s)
{
	return s.n == 3 && money_known(s);
}

/* today, today + 30, today - 2 days */
static bool
take_today(struct reader *r, struct condition_literal *ret)
{
	int64_t n;
	bool less;

	ret->kind = LITERAL_TODAY;
	next(r);
	less = r->token == T_SIGN && str_eq(r->word, STR("-"));
	if (r->token == T_NUMBER && str_starts(r->word, STR("-"))) {
		/* today -2 */
	} else if (less || (r->token == T_SIGN && str_eq(r->word, STR("+")))) {
		next(r);
	} else {
		return true;
	}
	if (r->token != T_NUMBER || !str_to_i64(r->word, &n) || n > 10000 || n < -10000) {
		wrong(r, r->at, "a number of days is missing", "write it as: today + 30 days");
		return false;
	}
	ret->days = (int)(less ? -n : n);
	next(r);
	if (!take(r, "days"))
		(void)take(r, "day");
	return true;
}

static bool
take_value(struct reader *r, struct condition_literal *ret)
{
	*ret = (struct condition_literal){ .text = r->word };
	if (at_word(r, "today"))
		return take_today(r, ret);
	if (r->token == T_STRING || r->token == T_WORD) {
		ret->kind = LITERAL_TEXT;
	} else if (r->token == T_DAY) {
		ret->kind = LITERAL_DAY;
		(void)day_parse(r->word, &ret->on);
	} else if (r->token == T_NUMBER) {
		ret->kind = LITERAL_NUMBER;
		next(r);
		if (r->token == T_WORD && is_currency(r->word)) {
			ret->currency = r->word;
			next(r);
		}
		return true;
	} else {
		wrong(r, r->at, "a value is missing", "write a number, a day as 2026-12-31, today, or \"text\"");
		return false;
	}
	next(r);
	return true;
}

static bool
take_list(struct reader *r, struct condition_term *t)
{
	size_t cap = 0;

	if (!take_mark(r, "(")) {
		wrong(r, r->at, "a bracket is missing", "write it as: is one of (\"a\", \"b\")");
		return false;
	}
	do {
		arena_grow(r->arena, t->values, t->n_values, cap);
		if (!take_value(r, &t->values[t->n_values++]))
			return false;
	} while (take_mark(r, ","));
	if (take_mark(r, ")"))
		return true;
	wrong(r, r->at, "a closing bracket is missing", "write ) behind the last value");
	return false;
}

/* ---- one term ---- */

static bool
take_sign_op(struct reader *r, enum condition_op *ret)
{
	static const struct {
		const char *sign;
		enum condition_op op;
	} all[] = { { "=", CONDITION_IS }, { "!=", CONDITION_IS_NOT }, { ">=", CONDITION_LEAST },
		{ "<=", CONDITION_MOST_OF }, { ">", CONDITION_MORE }, { "<", CONDITION_LESS } };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (take_mark(r, all[i].sign)) {
			*ret = all[i].op;
			return true;
		}
	return false;
}

/* at least, at most, more than, less than, after, before */
static bool
take_order(struct reader *r, enum condition_op *ret)
{
	if (take(r, "at")) {
		*ret = at_word(r, "most") ? CONDITION_MOST_OF : CONDITION_LEAST;
		if (take(r, "most") || take(r, "least"))
			return true;
		wrong(r, r->at, "least or most is missing", "write at least or at most");
		return false;
	}
	if (at_word(r, "more") || at_word(r, "less")) {
		*ret = at_word(r, "more") ? CONDITION_MORE : CONDITION_LESS;
		next(r);
		if (take(r, "than"))
			return true;
		wrong(r, r->at, "than is missing", "write more than or less than");
		return false;
	}
	*ret = at_word(r, "after") ? CONDITION_MORE : CONDITION_LESS;
	return take(r, "after") || take(r, "before");
}

static bool
take_is(struct reader *r, enum condition_op *ret)
{
	bool no = take(r, "not");

	if (take(r, "known")) {
		*ret = no ? CONDITION_UNKNOWN : CONDITION_KNOWN;
	} else if (take(r, "unknown")) {
		*ret = no ? CONDITION_KNOWN : CONDITION_UNKNOWN;
	} else if (no) {
		*ret = CONDITION_IS_NOT;
	} else if (take(r, "one")) {
		*ret = CONDITION_ONE_OF;
		if (!take(r, "of")) {
			wrong(r, r->at, "of is missing", "write it as: is one of (\"a\", \"b\")");
			return false;
		}
	} else if (!take_order(r, ret)) {
		*ret = CONDITION_IS;
	}
	return !r->failed;
}

static bool
take_op(struct reader *r, enum condition_op *ret)
{
	if (take_sign_op(r, ret))
		return true;
	if (take(r, "contains")) {
		*ret = CONDITION_HAS;
		return true;
	}
	if (take(r, "is"))
		return take_is(r, ret);
	if (take_order(r, ret))
		return true;
	wrong(r, r->at, "a comparison is missing",
	        "write is, is not, at least, at most, more than, less than, before, after, contains, is known or is "
	        "unknown");
	return false;
}

/* step "x" is done; stakeholder "x" is known; competitor "x" is named: and their opposites. */
static bool
take_there(struct reader *r, struct condition_term *t)
{
	static const char *const yes[3][4] = { { "done", "completed", NULL }, { "known", "there", "identified", NULL },
		{ "named", "known", "there", NULL } };
	static const char *const no[3][3] = { { "open", "missing", NULL }, { "unknown", "missing", NULL },
		{ "unknown", "missing", NULL } };
	static const char *const mend[3] = { "write is done, is not done or is open", "write is known or is missing",
		"write is named or is not named" };
	int k = (int)t->of - CONDITION_STEP;
	bool reverse;

	(void)take(r, "is");
	reverse = take(r, "not");
	for (int i = 0; yes[k][i]; i++)
		if (take(r, yes[k][i])) {
			t->op = reverse ? CONDITION_UNKNOWN : CONDITION_KNOWN;
			return true;
		}
	for (int i = 0; no[k][i]; i++)
		if (take(r, no[k][i])) {
			t->op = reverse ? CONDITION_KNOWN : CONDITION_UNKNOWN;
			return true;
		}
	wrong(r, r->at, "the state is missing", mend[k]);
	return false;
}

static bool
take_name(struct reader *r, struct condition_term *t, const char *mend)
{
	if (r->token != T_STRING || !str_trim(r->word).n) {
		wrong(r, r->at, "a name in quotation marks is missing", mend);
		return false;
	}
	t->name = r->word;
	t->name_at = (size_t)(r->word.s - r->text.s);
	t->name_n = r->word.n;
	next(r);
	return true;
}

static bool
is_count(str name)
{
	for (size_t i = 0; condition_counts[i]; i++)
		if (str_same(name, str_of(condition_counts[i])))
			return true;
	return false;
}

static bool
take_comparison(struct reader *r, struct condition_term *t)
{
	if (!take_op(r, &t->op))
		return false;
	if (t->op == CONDITION_KNOWN || t->op == CONDITION_UNKNOWN)
		return true;
	if (t->op == CONDITION_ONE_OF)
		return take_list(r, t);
	t->values = arena_new(r->arena, struct condition_literal, 1);
	t->n_values = 1;
	return take_value(r, &t->values[0]);
}

static bool
take_term(struct reader *r, struct condition_term *t)
{
	t->at = r->at;
	if (at_word(r, "step") || at_word(r, "stakeholder") || at_word(r, "competitor")) {
		t->of = at_word(r, "step")          ? CONDITION_STEP
		        : at_word(r, "stakeholder") ? CONDITION_STAKEHOLDER
		                                    : CONDITION_COMPETITOR;
		next(r);
		return take_name(r, t, "write it as: step \"Second person met\" is done") && take_there(r, t);
	}
	if (take(r, "answer")) {
		t->of = CONDITION_ANSWER;
		return take_name(r, t, "write it as: answer \"Incumbent\" is \"Kestrel\"") && take_comparison(r, t);
	}
	if ((r->token != T_WORD && r->token != T_FIELD) || !r->word.n) {
		wrong(r, r->at, "a field, step, answer, stakeholder or competitor is missing",
		        "begin with one, as: amount at least 50000");
		return false;
	}
	t->of = r->token == T_WORD && is_count(r->word) ? CONDITION_COUNT : CONDITION_FIELD;
	str raw = r->token == T_FIELD ? r->raw : r->word;
	t->name = str_trim(r->word);
	t->name_at = (size_t)(raw.s - r->text.s);
	t->name_n = raw.n;
	next(r);
	return take_comparison(r, t);
}

/* ---- and, or, not ---- */

static struct condition *take_either(struct reader *r);

static struct condition *
node(struct reader *r, int kind)
{
	struct condition *x = arena_new(r->arena, struct condition, 1);

	*x = (struct condition){ 0 };
	x->kind = kind;
	return x;
}

static struct condition *
take_one(struct reader *r)
{
	struct condition *x;

	if (++r->depth > DEEP) {
		wrong(r, r->at, "too many brackets stand", "say it in two steps");
		return NULL;
	}
	if (take(r, "not")) {
		x = node(r, CONDITION_NOT);
		x->first = take_one(r);
	} else if (take_mark(r, "(")) {
		x = take_either(r);
		if (x && !take_mark(r, ")"))
			wrong(r, r->at, "a closing bracket is missing", "write ) or take the opening one away");
	} else {
		x = node(r, CONDITION_TERM);
		x->term = arena_new(r->arena, struct condition_term, 1);
		*x->term = (struct condition_term){ 0 };
		(void)take_term(r, x->term);
	}
	r->depth--;
	return r->failed ? NULL : x;
}

static struct condition *
take_row(struct reader *r, int kind, const char *word, struct condition *(*fn)(struct reader *r))
{
	struct condition *x = fn(r), *all, *last;

	if (r->failed || !at_word(r, word))
		return x;
	all = node(r, kind);
	all->first = last = x;
	while (!r->failed && take(r, word)) {
		x = fn(r);
		last->next = x;
		last = x ? x : last;
	}
	return all;
}

static struct condition *
take_both(struct reader *r)
{
	return take_row(r, CONDITION_AND, "and", take_one);
}

static struct condition *
take_either(struct reader *r)
{
	return take_row(r, CONDITION_OR, "or", take_both);
}

enum err
condition_parse(struct arena *a, str text, str place, struct faults *f, struct condition **ret)
{
	struct reader r = { .arena = a, .faults = f, .text = text, .place = place };
	struct condition *x;

	if (!str_trim(text).n) {
		*ret = NULL;
		return OK;
	}
	if (!str_utf8(text) || str_letters(text) > CONDITION_MOST)
		return fault_add(f, place, STR("is too long"), STR("write at most 1,000 letters"));
	next(&r);
	x = take_either(&r);
	if (!r.failed && r.token != T_END)
		wrong(&r, r.at, "something is left over", "join two conditions by and, or");
	if (r.failed)
		return ERR_INPUT;
	*ret = x;
	return OK;
}

bool
condition_asks(const struct condition *x, enum condition_of of, str name)
{
	if (!x)
		return false;
	if (x->kind == CONDITION_TERM)
		return x->term->of == of && str_eq(x->term->name, name);
	for (const struct condition *k = x->first; k; k = k->next)
		if (condition_asks(k, of, name))
			return true;
	return false;
}

/* Does this term name what is renamed: a step, or a field by its label in brackets? */
static bool
names(struct arena *a, const struct condition_term *t, str text, str was, bool field)
{
	if (!field)
		return (t->of == CONDITION_STEP || t->of == CONDITION_ANSWER) && str_eq(t->name, was);
	return t->of == CONDITION_FIELD && t->name_at > 0 && text.s[t->name_at - 1] == '[' &&
	       str_eq(str_fold(a, t->name), str_fold(a, was));
}

/* From the end on, so that the places before stay right. */
static str
rename_in(struct arena *a, const struct condition *x, str text, str was, str is, bool field)
{
	const struct condition *all[64];
	size_t n = 0;

	if (x->kind == CONDITION_TERM) {
		const struct condition_term *t = x->term;
		if (!names(a, t, text, was, field))
			return text;
		return str_fmt(a, "%.*s%.*s%.*s", STR_ARG(str_first(text, t->name_at)), STR_ARG(is),
		        STR_ARG(str_from(text, t->name_at + t->name_n)));
	}
	for (const struct condition *k = x->first; k && n < 64; k = k->next)
		all[n++] = k;
	while (n-- > 0)
		text = rename_in(a, all[n], text, was, is, field);
	return text;
}

str
condition_rename_field(struct arena *a, str text, str was, str is)
{
	struct faults f;
	struct condition *x;

	faults_init(&f, a);
	if (condition_parse(a, text, STR("condition"), &f, &x) != OK || !x)
		return text;
	return rename_in(a, x, text, was, label_marked(a, is), true);
}

str
condition_rename(struct arena *a, str text, str was, str is)
{
	struct faults f;
	struct condition *x;

	faults_init(&f, a);
	if (condition_parse(a, text, STR("condition"), &f, &x) != OK || !x)
		return text;
	return rename_in(a, x, text, was, is, false);
}
