/* What a rubric must be before anybody is observed with it (E8b). Two observers agree on what they can see; they cannot
   agree on "good". Each fault names the place and the mend. */
#include "areas/coaching/rubric.h"

#define WORDS_MOST 80

struct words {
	struct {
		str s;
		bool quoted; /* “said aloud”: it may judge */
	} w[WORDS_MOST];
	size_t n;
};

/* Adjectives and adverbs that say what the observer makes of it. */
static const char *const judging[] = { "good", "great", "excellent", "outstanding", "poor", "bad", "weak", "strong",
	"average", "adequate", "inadequate", "satisfactory", "unsatisfactory", "acceptable", "effective", "ineffective",
	"appropriate", "inappropriate", "professional", "unprofessional", "well", "badly", "poorly", "nicely",
	"properly", "effectively", "successfully", "skilled", "skilful", "skillful", "competent", "perfect",
	"perfectly", "superb", "mediocre", "better", "best", "worse", "worst", "sufficient", "insufficient", NULL };
/* Carry nothing that one sees. */
static const char *const small_words[] = { "a", "an", "the", "is", "are", "was", "be", "has", "have", "had", "does",
	"do", "and", "or", "of", "in", "on", "at", "to", "for", "with", "from", "by", "as", "it", "this", "that",
	"their", "they", "them", "his", "her", "he", "she", "very", "quite", "rather", "really", "all", "shows",
	"shown", "level", "skills", "skill", "performance", "way", "manner", NULL };
/* How much or how often: what one observation cannot tell two levels apart by. */
static const char *const degrees[] = { "always", "never", "often", "sometimes", "rarely", "seldom", "usually", "mostly",
	"occasionally", "frequently", "consistently", "regularly", "very", "quite", "rather", "somewhat", "fairly",
	"really", "highly", "extremely", "fully", "partly", "partially", "completely", "hardly", "barely", "clearly",
	"most", "some", "few", "many", NULL };
/* What goes on inside somebody. */
static const char *const inner[] = { "understands", "knows", "believes", "feels", "thinks", "wants", "realises",
	"realizes", "cares", "intends", "values", "appreciates", NULL };

static bool
among(str word, const char *const *all)
{
	for (; *all; all++)
		if (str_same(word, str_of(*all)))
			return true;
	return false;
}

static bool
is_letter(unsigned char b)
{
	return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '\'' || b >= 0x80;
}

/* The length of a mark of punctuation in UTF-8 (U+2010 to U+203F but the apostrophe) at s; 0: none. */
static size_t
mark_at(str s, size_t i)
{
	if (i + 2 >= s.n || (unsigned char)s.s[i] != 0xE2 || (unsigned char)s.s[i + 1] != 0x80)
		return 0;
	return (unsigned char)s.s[i + 2] == 0x99 ? 0 : 3;
}

static void
split(str s, struct words *ret)
{
	bool quoted = false;

	ret->n = 0;
	for (size_t i = 0; i < s.n && ret->n < WORDS_MOST;) {
		size_t mark = mark_at(s, i), from = i;
		if (mark) {
			unsigned char last = (unsigned char)s.s[i + 2];
			quoted = last == 0x9C || (quoted && last != 0x9D);
			i += mark;
		} else if (!is_letter((unsigned char)s.s[i])) {
			quoted = s.s[i] == '"' ? !quoted : quoted;
			i++;
		} else {
			while (i < s.n && is_letter((unsigned char)s.s[i]) && !mark_at(s, i))
				i++;
			ret->w[ret->n].s = (str){ s.s + from, i - from };
			ret->w[ret->n++].quoted = quoted;
		}
	}
}

/* The same but for how much and how often. */
static bool
same_but_degree(const struct words *a, const struct words *b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a->n && among(a->w[i].s, degrees))
			i++;
		while (k < b->n && among(b->w[k].s, degrees))
			k++;
		if (i == a->n || k == b->n)
			return i == a->n && k == b->n;
		if (!str_same(a->w[i++].s, b->w[k++].s))
			return false;
	}
}

struct lint {
	struct arena *a;
	const struct rubric_lines *lines;
	struct faults *f;
};

/* level 0: the criterion's name. */
static void
wrong(const struct lint *l, size_t criterion, size_t level, str what, const char *mend)
{
	str place;

	if (l->lines)
		place = str_fmt(l->a, "line %d",
		        level && l->lines->level[criterion][level - 1] ? l->lines->level[criterion][level - 1]
		                                                       : l->lines->criterion[criterion]);
	else
		place = level ? str_fmt(l->a, "c%zu_l%zu", criterion, level) : str_fmt(l->a, "c%zu_name", criterion);
	fault_add(l->f, place, what, str_of(mend));
}

static bool
ends_as_sentence(str s)
{
	unsigned char last = (unsigned char)s.s[s.n - 1];

	return last == '.' || last == '!' || last == '?' || last == '"' || str_ends(s, STR("”"));
}

/* The word that judges where little is left beside it; empty: it says what one sees. */
static str
only_judges(const struct words *w)
{
	str judge = { 0 };
	size_t seen = 0;

	for (size_t i = 0; i < w->n; i++) {
		bool judges = !w->w[i].quoted && among(w->w[i].s, judging);
		if (judges && !judge.n)
			judge = w->w[i].s;
		seen += !judges && !among(w->w[i].s, small_words) && !among(w->w[i].s, degrees);
	}
	return seen < 5 ? judge : (str){ 0 };
}

static void
lint_anchor(const struct lint *l, size_t criterion, size_t level, str s)
{
	struct words w;
	str judge;

	if (!s.n) {
		wrong(l, criterion, level, STR("is missing: levels go from 1 without a gap"),
		        "write it, or move the levels above it down");
		return;
	}
	split(s, &w);
	judge = only_judges(&w);
	if (str_letters(s) > ANCHOR_MOST)
		wrong(l, criterion, level, STR("is longer than 240 letters"), "one sentence is enough");
	else if (judge.n)
		wrong(l, criterion, level,
		        str_fmt(l->a, "judges with “%.*s” and does not say what one sees", STR_ARG(judge)),
		        "say what the person says or does; words that are said go in quotes");
	else if (w.n < 3)
		wrong(l, criterion, level, STR("says too little"),
		        "write a full sentence of what the person says or does");
	else if ((s.s[0] >= 'a' && s.s[0] <= 'z') || !ends_as_sentence(s))
		wrong(l, criterion, level, STR("is no full sentence"),
		        "begin with a capital letter and end with a full stop");
	else if (among(w.w[0].s, inner))
		wrong(l, criterion, level, str_fmt(l->a, "begins with “%.*s”, which nobody sees", STR_ARG(w.w[0].s)),
		        "say what the person says or does that shows it");
}

static void
lint_apart(const struct lint *l, size_t criterion, const str *levels, size_t n)
{
	struct words *w = arena_new(l->a, struct words, n);

	for (size_t i = 0; i < n; i++) {
		split(levels[i], &w[i]);
		for (size_t k = 0; k < i; k++) {
			if (!w[i].n || !w[k].n || !same_but_degree(&w[k], &w[i]))
				continue;
			if (str_eq(str_fold(l->a, levels[k]), str_fold(l->a, levels[i])))
				wrong(l, criterion, i + 1, str_fmt(l->a, "says the same as level %zu", k + 1),
				        "say what else one sees at this level");
			else
				wrong(l, criterion, i + 1,
				        str_fmt(l->a, "differs from level %zu only in how much or how often", k + 1),
				        "one observation cannot show that: say what else one sees");
			break;
		}
	}
}

static size_t
lint_criterion(const struct lint *l, const struct rubric_whole *w, size_t i, size_t first)
{
	const struct rubric_criterion *x = &w->criteria[i];
	str levels[LEVELS_MOST];
	size_t n = rubric_levels(x, levels);

	if (!str_trim(x->name).n)
		wrong(l, i, 0, STR("is missing"), "name what one looks at in two or three words");
	for (size_t k = 0; k < i; k++)
		if (str_eq(str_fold(l->a, w->criteria[k].name), str_fold(l->a, x->name)))
			wrong(l, i, 0, str_fmt(l->a, "“%.*s” is there already", STR_ARG(x->name)),
			        "give each its own name");
	for (size_t k = 0; k < n; k++)
		lint_anchor(l, i, k + 1, levels[k]);
	lint_apart(l, i, levels, n);
	if (n < LEVELS_LEAST)
		wrong(l, i, n + 1, STR("is missing: a criterion has three to five levels"), "write it");
	else if (first && n != first)
		wrong(l, i, n < first ? n + 1 : n,
		        str_fmt(l->a, "does not fit: the first criterion has %zu levels and this one %zu", first, n),
		        "give all criteria as many");
	return n;
}

enum err
rubric_lint(struct arena *a, const struct rubric_whole *w, const struct rubric_lines *lines, struct faults *f)
{
	const struct lint l = { a, lines, f };
	size_t before = f->n, first = 0;

	if (!w->n)
		fault_add(f, lines ? str_fmt(a, "line %d", lines->list) : STR("c0_name"), STR("is missing"),
		        STR("a rubric has at least one criterion"));
	for (size_t i = 0; i < w->n; i++) {
		size_t n = lint_criterion(&l, w, i, first);
		first = i ? first : n;
	}
	return f->n > before ? ERR_INPUT : OK;
}
