/* The snapshot of a preparation as it is kept: JSON, written and read here alone.
   What it is not for: making it (prepare.c, prep_figures.c). */
#include "areas/coaching/prepare.h"
#include "json/json.h"

static void
put_str(struct json *j, const char *key, str s)
{
	json_key(j, key);
	json_str(j, s);
}

static void
put_int(struct json *j, const char *key, int64_t n)
{
	json_key(j, key);
	if (n == NO_INT)
		json_null(j);
	else
		json_int(j, n);
}

static void
put_list(struct json *j, const char *key, const str *s, size_t n)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < n; i++)
		json_str(j, s[i]);
	json_end(j);
}

static void
put_topic(struct json *j, const struct topic *t)
{
	json_object(j);
	put_int(j, "kind", t->kind);
	put_int(j, "about", t->about);
	put_str(j, "title", t->title);
	put_str(j, "stage", t->stage);
	put_str(j, "value", t->value);
	put_str(j, "why", t->why);
	put_str(j, "rule", t->rule);
	put_str(j, "code", t->code);
	put_int(j, "agenda", t->agenda);
	put_int(j, "first", t->first);
	put_list(j, "facts", t->facts, t->n_facts);
	put_list(j, "questions", t->questions, t->n_questions);
	json_end(j);
}

static void
put_figures(struct json *j, const struct prepared *p)
{
	json_key(j, "stops");
	json_array(j);
	for (size_t i = 0; i < p->n_stops; i++) {
		json_object(j);
		put_str(j, "label", p->stops[i].label);
		put_int(j, "moved", p->stops[i].moved);
		put_int(j, "n", p->stops[i].n);
		put_int(j, "team", p->stops[i].team);
		put_int(j, "team_n", p->stops[i].team_n);
		json_end(j);
	}
	json_end(j);
	put_str(j, "currency", p->currency);
	put_str(j, "weeks_note", p->weeks_note);
	json_key(j, "weeks");
	json_array(j);
	for (size_t i = 0; i < p->n_weeks; i++)
		json_int(j, p->weeks[i]);
	json_end(j);
}

str
prep_json(struct arena *a, const struct prepared *p)
{
	struct out o;
	struct json j;
	str text;

	out_init(&o, 0);
	json_init(&j, &o);
	json_object(&j);
	put_int(&j, "made_at", p->made_at);
	put_str(&j, "made_on", day_iso(a, p->made_on));
	put_str(&j, "since", day_iso(a, p->since));
	put_int(&j, "open", p->open);
	put_int(&j, "moved", p->moved);
	put_int(&j, "no_step", p->no_step);
	put_int(&j, "stuck", p->stuck);
	put_int(&j, "steps_known", p->steps_known);
	put_int(&j, "own_median", p->own_median);
	put_int(&j, "own_n", p->own_n);
	put_int(&j, "team_median", p->team_median);
	put_int(&j, "team_n", p->team_n);
	put_int(&j, "found", (int64_t)p->n_found);
	json_key(&j, "topics");
	json_array(&j);
	for (size_t i = 0; i < p->n_topics; i++)
		put_topic(&j, &p->topics[i]);
	json_end(&j);
	json_key(&j, "events");
	json_array(&j);
	for (size_t i = 0; i < p->n_events; i++) {
		json_object(&j);
		put_str(&j, "on", day_iso(a, p->events[i].on));
		put_str(&j, "text", p->events[i].text);
		put_str(&j, "kind", p->events[i].kind);
		put_int(&j, "deal", p->events[i].deal);
		json_end(&j);
	}
	json_end(&j);
	put_figures(&j, p);
	json_end(&j);
	text = out_all(&o, a);
	out_fini(&o);
	return text;
}

static int64_t
get_int(const struct jval *o, const char *key)
{
	const struct jval *v = jval_at(o, key);
	return v && v->kind == JVAL_INT ? v->i : NO_INT;
}

static day
get_day(const struct jval *o, const char *key)
{
	day d = DAY_NONE;
	return day_parse(jval_text(o, key), &d) ? d : DAY_NONE;
}

static size_t
get_list(const struct jval *o, const char *key, str *ret, size_t most)
{
	const struct jval *list = jval_at(o, key);
	size_t n = 0;

	for (const struct jval *x = list ? list->first : NULL; x && n < most; x = x->next)
		ret[n++] = x->text;
	return n;
}

/* Snapshots made before these figures were kept have none. */
static void
get_figures(const struct jval *o, struct prepared *p)
{
	const struct jval *list = jval_at(o, "stops");

	for (const struct jval *x = list ? list->first : NULL; x && p->n_stops < PREP_STOPS; x = x->next)
		p->stops[p->n_stops++] = (struct prep_stop){ .label = jval_text(x, "label"),
			.moved = get_int(x, "moved"),
			.n = get_int(x, "n"),
			.team = get_int(x, "team"),
			.team_n = get_int(x, "team_n") };
	p->currency = jval_text(o, "currency");
	p->weeks_note = jval_text(o, "weeks_note");
	list = jval_at(o, "weeks");
	for (const struct jval *x = list ? list->first : NULL; x && p->n_weeks < PREP_WEEKS; x = x->next)
		p->weeks[p->n_weeks++] = x->kind == JVAL_INT ? x->i : 0;
}

enum err
prep_read(struct arena *a, str text, struct prepared *ret)
{
	struct prepared p = { 0 };
	struct faults f;
	struct jval *o;
	const struct jval *list;

	faults_init(&f, a);
	if (json_parse(a, text, &f, &o) != OK)
		return ERR_DB; /* we wrote it */
	p.made_at = get_int(o, "made_at");
	p.made_on = get_day(o, "made_on");
	p.since = get_day(o, "since");
	p.open = get_int(o, "open");
	p.moved = get_int(o, "moved");
	p.no_step = get_int(o, "no_step");
	p.stuck = get_int(o, "stuck");
	p.steps_known = get_int(o, "steps_known") == 1;
	p.own_median = get_int(o, "own_median");
	p.own_n = get_int(o, "own_n");
	p.team_median = get_int(o, "team_median");
	p.team_n = get_int(o, "team_n");
	p.n_found = (size_t)get_int(o, "found");
	list = jval_at(o, "topics");
	for (const struct jval *x = list ? list->first : NULL; x && p.n_topics < 8; x = x->next) {
		struct topic *t = &p.topics[p.n_topics++];
		*t = (struct topic){ .kind = (int)get_int(x, "kind"),
			.about = get_int(x, "about"),
			.title = jval_text(x, "title"),
			.stage = jval_text(x, "stage"),
			.value = jval_text(x, "value"),
			.why = jval_text(x, "why"),
			.rule = jval_text(x, "rule"),
			.code = jval_text(x, "code"),
			.agenda = get_int(x, "agenda") == 1,
			.first = get_int(x, "first") == 1 };
		t->n_facts = get_list(x, "facts", t->facts, 5);
		t->n_questions = get_list(x, "questions", t->questions, 3);
	}
	list = jval_at(o, "events");
	for (const struct jval *x = list ? list->first : NULL; x && p.n_events < 10; x = x->next)
		p.events[p.n_events++] = (struct prep_event){ get_day(x, "on"), jval_text(x, "text"),
			jval_text(x, "kind"), get_int(x, "deal") };
	get_figures(o, &p);
	*ret = p;
	return OK;
}
