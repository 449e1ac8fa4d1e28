/* The levels of an observation: read from a form, kept by giver, opened to a reader when it is that reader's time. */
#include "areas/coaching/observe.h"

static const struct field score_fields[] = {
	FIELD(struct observation_score, observation, REF, "Observation", .required = 1, .ref = &observation_record),
	FIELD(struct observation_score, giver, REF, "Given by", .required = 1, .ref = &person_record),
	FIELD(struct observation_score, reader, REF, "Read by", .ref = &person_record),
	FIELD(struct observation_score, second, REF, "Read by, too", .ref = &person_record),
	FIELD(struct observation_score, criterion, REF, "Criterion", .required = 1, .ref = &rubric_criterion_record),
	FIELD(struct observation_score, level, INT, "Level", .least = 1, .greatest = LEVELS_MOST),
	FIELD(struct observation_score, note, TEXT, "What was said or done", .most = 300),
	FIELD(struct observation_score, own, BOOL, "The person's own"),
};

/* Given once; afterwards only who may read it changes. What another has read is not taken back, by undo neither: one
   could look and then say one's own again. */
static enum err
score_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct observation_score *was = before, *x = after;
	struct rubric_criterion k;
	struct observation o;
	enum err e;

	if (!x)
		return was->reader || was->second
		               ? fault_add(f, STR("level"), STR("was opened to the other side and stays"),
		                         STR("say in a talk what you see otherwise now"))
		               : OK;
	if (was && (was->level != x->level || was->criterion != x->criterion || was->giver != x->giver ||
	                   was->observation != x->observation || was->own != x->own || !str_eq(was->note, x->note)))
		return fault_add(f, STR("level"), STR("was given and stays as it was"),
		        STR("say in a talk what you see otherwise now"));
	if (was)
		return OK;
	e = record_load(c->conn, c->arena, c->grant, &rubric_criterion_record, x->criterion, &k);
	if (e == OK)
		e = record_load(c->conn, c->arena, c->grant, &observation_record, x->observation, &o);
	if (e != OK)
		return e == ERR_ABSENT ? OK : e; /* the references say so */
	if (k.rubric != o.rubric)
		fault_add(f, STR("criterion"), STR("is not one of the rubric"), STR("open the form again"));
	if (x->level != NO_INT && !rubric_anchor(&k, x->level).n)
		fault_add(f, STR("level"), STR("is none of this criterion"), STR("choose one of its levels"));
	return OK;
}

const struct record observation_score_record = {
	.name = "observation_score",
	.api = "observation-levels",
	.table = "observation_score",
	.label = "level of an observation",
	.plural = "levels of observations",
	.size = sizeof(struct observation_score),
	FIELDS(score_fields),
	.matter = MATTER_SESSION_TEXT,
	.persons = "giver reader second",
	.unique = (const char *const[]){ "observation giver criterion", NULL },
	.index = (const char *const[]){ "criterion", "giver", "reader", NULL },
	.purpose = "Which level was seen, by each who saw it; statistics on observers count it (C7, E8b).",
	.retention = "Two years.",
	.check = score_check,
};

/* ---- the form ---- */

char *
score_field(struct arena *a, char kind, id criterion)
{
	return str_z(a, str_fmt(a, "%c_%.*s", kind, STR_ARG(id_text(a, criterion))));
}

void
scores_read(struct request *r, const struct rubric_whole *w, bool own, struct observed_level *ret)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct rubric_criterion *k = &w->criteria[i];
		str all[LEVELS_MOST];
		char *at_level = score_field(r->arena, 's', k->row.id),
		     *at_note = score_field(r->arena, 'n', k->row.id);
		int64_t n = (int64_t)rubric_levels(k, all), level;
		bool said = str_to_i64(page_field(r, at_level), &level) && level >= 0 && level <= n;
		ret[i] = (struct observed_level){ said, said && level ? level : NO_INT,
			str_trim(page_field(r, at_note)) };
		if (!said)
			fault_add(&r->faults, str_of(at_level), STR("is missing"),
			        own ? STR("choose what fits best, or “cannot say”")
			            : STR("choose what you saw, or “not seen”"));
		else if (!own && (level == 1 || level == n) && !ret[i].note.n)
			fault_add(&r->faults, str_of(at_note), STR("is missing"),
			        STR("the lowest and the highest level want what was said or done"));
		else if (str_letters(ret[i].note) > 300)
			fault_add(&r->faults, str_of(at_note), STR("is longer than 300 letters"), STR("shorten it"));
	}
}

enum err
scores_save(struct change *c, const struct observation *x, id giver, bool own, const struct rubric_whole *w,
        const struct observed_level *levels)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < w->n; i++) {
		struct observation_score s;
		record_init(&observation_score_record, &s);
		s.observation = x->row.id;
		s.giver = giver;
		s.criterion = w->criteria[i].row.id;
		s.level = levels[i].level;
		s.note = levels[i].note;
		s.own = own;
		e = record_save(c, &observation_score_record, &s);
	}
	return e;
}

/* ---- whose time it is ---- */

struct call {
	id person, first, second; /* second: 0 until that one has written */
	bool answered;
};

static enum err
load_call(struct change *c, id first, struct call *ret)
{
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select person, observer, beside, answered_on, entered_on from observation where org_id = $1 and (id = "
	        "$2 "
	        "or beside = $2)",
	        DB_ARGS(DB_I(c->grant->org), DB_I(first)), &rows);

	*ret = (struct call){ 0 };
	while (e == OK && db_next(&rows)) {
		ret->person = db_int(&rows, 0);
		if (db_is_null(&rows, 2)) {
			ret->first = db_int(&rows, 1);
			ret->answered = !db_is_null(&rows, 3);
		} else if (!db_is_null(&rows, 4)) {
			ret->second = db_int(&rows, 1);
		}
	}
	return e == OK ? db_end(&rows) : e;
}

/* An observer's levels: to the person once they said their own, to the other observer once both have written. The
   person's: to an observer who has written. */
static void
give_readers(const struct call *k, struct observation_score *s)
{
	if (s->own) {
		s->reader = k->first;
		s->second = k->second;
	} else {
		s->reader = k->answered ? k->person : 0;
		s->second = !k->second ? 0 : s->giver == k->first ? k->second : k->first;
	}
}

static enum err
load_scores(struct change *c, id first, struct observation_score **ret, size_t *ret_n)
{
	size_t n = 0, cap = 0;
	struct rows rows;
	str sql = str_fmt(c->arena,
	        "select %.*s from observation_score s where s.org_id = $1 and s.observation in (select o.id from "
	        "observation o where o.org_id = $1 and (o.id = $2 or o.beside = $2)) order by s.id",
	        STR_ARG(record_columns(c->arena, &observation_score_record, "s")));
	enum err e =
	        db_query(c->conn, c->arena, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(first)), &rows);

	*ret = NULL;
	while (e == OK && db_next(&rows)) {
		arena_grow(c->arena, *ret, n, cap);
		record_read(&rows, &observation_score_record, 0, &(*ret)[n++]);
	}
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

enum err
scores_open(struct change *c, id first)
{
	const struct grant *whose = c->grant;
	const struct grant hook =
	        grant_all(whose->org, whose->login, whose->person, "opening levels to who may read them");
	struct observation_score *all;
	struct call k;
	size_t n;
	enum err e = load_call(c, first, &k);

	if (e == OK)
		e = load_scores(c, first, &all, &n);
	c->grant = &hook;
	for (size_t i = 0; e == OK && i < n; i++) {
		struct observation_score was = all[i];
		give_readers(&k, &all[i]);
		if (was.reader != all[i].reader || was.second != all[i].second)
			e = record_save(c, &observation_score_record, &all[i]);
	}
	c->grant = whose;
	return e;
}

/* ---- reading ---- */

enum err
scores_load(struct request *r, const struct rubric_whole *w, id first, id second, struct observed_criterion *ret)
{
	static const char sql[] = "select s.criterion, s.observation, s.own, s.level, s.note from observation_score s "
	                          "where s.org_id = $1 and "
	                          "$2 = $2 and s.observation in ($3, $4) {may:session_text s.giver s.reader s.second}";
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, sql, DB_ARGS(DB_I(first), DB_I(second)), &rows);

	for (size_t i = 0; i < w->n; i++)
		ret[i] = (struct observed_criterion){ .c = &w->criteria[i] };
	while (e == OK && db_next(&rows)) {
		int side = db_int(&rows, 2) ? SCORE_OWN : db_int(&rows, 1) == first ? SCORE_FIRST : SCORE_SECOND;
		for (size_t i = 0; i < w->n; i++)
			if (w->criteria[i].row.id == db_int(&rows, 0))
				ret[i].by[side] = (struct observed_level){ true,
					db_is_null(&rows, 3) ? NO_INT : db_int(&rows, 3), db_text(&rows, 4) };
	}
	return e == OK ? db_end(&rows) : e;
}

bool
scores_apart(const struct observed_criterion *x)
{
	const struct observed_level *a = &x->by[SCORE_FIRST], *b = &x->by[SCORE_OWN];

	return a->given && b->given && a->level != NO_INT && b->level != NO_INT &&
	       (a->level - b->level > 1 || b->level - a->level > 1);
}
