/* A framework as a plain file that people read and keep in their own version control (C3, K2). */
#include "areas/coaching/coaching.h"
#include "areas/coaching/framework.h"
#include "areas/coaching/pattern.h"
#include "areas/coaching/plain_file.h"

static const char *const framework_keys[] = { "framework", "kind", "summary", "opening", "phases", NULL };
static const char *const phase_keys[] = { "phase", "kind", "minutes", "purpose", "questions", NULL };

/* ---- writing ---- */

static void
print_phase(struct out *o, struct arena *a, const struct framework_phase *p)
{
	str line, rest = p->questions;

	plain_file_print(o, a, 2, "- phase", p->name);
	if (p->kind != PHASE_TALK)
		out_fmt(o, "    kind: %s\n", phase_kinds[p->kind].code);
	out_fmt(o, "    minutes: %lld\n", (long long)p->minutes);
	plain_file_print(o, a, 4, "purpose", p->purpose);
	if (str_trim(rest).n)
		out_z(o, "    questions:\n");
	while (rest.n) {
		str_cut(rest, '\n', &line, &rest);
		if (str_trim(line).n)
			out_fmt(o, "      - %.*s\n", STR_ARG(yaml_quote(a, str_trim(line))));
	}
}

enum err
framework_print(struct arena *a, const struct framework_whole *w, str *ret)
{
	struct out o;
	enum err e = OK;

	out_init(&o, PATTERN_FILE_MOST);
	out_z(&o, "# A coaching framework for Ridealong: Coaching, Frameworks, Import.\n");
	plain_file_print(&o, a, 0, "framework", w->f.name);
	out_fmt(&o, "kind: %s\n", meetings[w->f.kind].code);
	plain_file_print(&o, a, 0, "summary", w->f.summary);
	plain_file_print(&o, a, 0, "opening", w->f.opening);
	out_z(&o, "phases:\n");
	for (size_t i = 0; i < w->n_phases; i++)
		print_phase(&o, a, &w->phases[i]);
	if (o.full)
		e = ERR_LARGE;
	else
		*ret = out_all(&o, a);
	out_fini(&o);
	return e;
}

/* ---- reading ---- */

static int
take_choice(const struct plain_file *r, const struct yaml *y, const struct choice *all, int otherwise)
{
	const struct yaml *x = yaml_at(y, STR("kind"));
	int n = x && x->kind == YAML_SCALAR ? choice_of(all, x->text) : otherwise;

	if (!n)
		plain_file_wrong(r, x->line, STR("that kind is not known"),
		        all == meetings ? "write coaching or inspection" : "write talk, practice or sheet");
	return n;
}

static str
take_questions(const struct plain_file *r, const struct yaml *y)
{
	const struct yaml *x = yaml_at(y, STR("questions"));
	str all = { 0 };

	if (x && x->kind != YAML_LIST) {
		plain_file_wrong(r, x->line, STR("“questions” is no list"), "begin each on a line of its own with -");
		return all;
	}
	if (x && x->n > QUESTIONS_MOST)
		plain_file_wrong(r, x->line, STR("more than twelve questions"), "keep those that you would ask first");
	for (const struct yaml *q = x ? x->first : NULL; q; q = q->next) {
		str one = q->kind == YAML_SCALAR ? str_trim(q->text) : (str){ 0 };
		if (!one.n || str_find_byte(one, '\n') != SIZE_MAX || str_letters(one) > 240)
			plain_file_wrong(r, q->line, STR("is no question of one line"),
			        "write it as one line of at most 240 letters");
		all = str_fmt(r->a, "%.*s%s%.*s", STR_ARG(all), all.n ? "\n" : "", STR_ARG(one));
	}
	return all;
}

static void
take_phase(const struct plain_file *r, const struct yaml *y, struct framework_whole *w)
{
	struct framework_phase *p = &w->phases[w->n_phases];

	if (!plain_file_known(r, y, phase_keys))
		return;
	record_init(&framework_phase_record, p);
	p->name = plain_file_text(r, y, "phase", 120, true);
	p->kind = take_choice(r, y, phase_kinds, PHASE_TALK);
	p->purpose = plain_file_text(r, y, "purpose", 600, false);
	p->questions = take_questions(r, y);
	p->position = (int64_t)++w->n_phases;
	if (!yaml_int(y, STR("minutes"), &p->minutes) || p->minutes < 1 || p->minutes > 240)
		plain_file_wrong(r, y->line, STR("the minutes of this phase are missing or not from 1 to 240"),
		        "write how long it usually takes");
	else if (p->kind != PHASE_SHEET)
		w->minutes += p->minutes;
	if (p->kind == PHASE_SHEET && !p->questions.n)
		plain_file_wrong(r, y->line, STR("a sheet without questions"), "write its questions, one a line");
}

enum err
framework_parse(struct arena *a, str text, struct faults *f, struct framework_whole *ret)
{
	const struct plain_file r = { a, f };
	struct framework_whole w = { 0 };
	const struct yaml *list;
	struct yaml *y;
	size_t before = f->n;
	enum err e = yaml_parse(a, text, f, &y);

	if (e != OK)
		return e;
	if (!y)
		return fault_add(f, STR("line 1"), STR("the file is empty"), STR("take an exported one as a pattern"));
	if (!plain_file_known(&r, y, framework_keys))
		return ERR_INPUT;
	record_init(&framework_record, &w.f);
	w.f.name = plain_file_text(&r, y, "framework", 120, true);
	w.f.kind = take_choice(&r, y, meetings, MEETING_COACHING);
	w.f.summary = plain_file_text(&r, y, "summary", 600, false);
	w.f.opening = plain_file_text(&r, y, "opening", 1000, false);
	list = yaml_at(y, STR("phases"));
	if (!list || list->kind != YAML_LIST || !list->n || list->n > PHASES_MOST)
		plain_file_wrong(&r, list ? list->line : y->line, STR("“phases” is no list of one to twelve"),
		        "begin each phase with - phase: NAME");
	else
		for (const struct yaml *x = list->first; x; x = x->next)
			take_phase(&r, x, &w);
	if (f->n > before)
		return ERR_INPUT;
	*ret = w;
	return OK;
}
