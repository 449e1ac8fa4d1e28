/* A second coach in one session (C1): the coach asks, the one who is coached says yes or no, and only then the second
   reads anything of it. What it is not for: second observers (observe_second.c), several coached at once (together.c).
 */
#include "areas/coaching/together.h"

#include "areas/coaching/view.h"

static enum err
second_work(struct change *c, void *what)
{
	struct session s = *(struct session *)what;
	str key = str_fmt(c->arena, "%lld", (long long)s.row.id);
	struct prep p;
	struct shared_note note;
	enum err e = record_save(c, &session_record, &s);

	if (e == OK)
		e = record_find_by(c->conn, c->arena, c->grant, &prep_record, "session", key, &p);
	if (e == OK && p.second != s.second) {
		p.second = s.second;
		e = record_save(c, &prep_record, &p);
	}
	e = e == ERR_ABSENT ? OK : e;
	if (e == OK)
		e = record_find_by(c->conn, c->arena, c->grant, &shared_note_record, "session", key, &note);
	if (e == OK && note.second != s.second) {
		note.second = s.second;
		e = record_save(c, &shared_note_record, &note);
	}
	return e == ERR_ABSENT ? OK : e;
}

/* C5a: what was written for two is not shown to a third who comes later. */
static enum err
check_unwritten(struct request *r, const struct session *s, const char *field)
{
	int64_t n = 0;
	enum err e = db_one_int(r->conn,
	        "select count(*) from shared_note where org_id = $1 and session = $2 and coalesce(text, '') <> ''",
	        DB_ARGS(DB_I(r->actor.org), DB_I(s->row.id)), &n);

	if (e == OK && (n || s->brings.n || s->evidence.n))
		return fault_add(&r->faults, str_of(field),
		        STR("cannot join: notes of this session were written for two"),
		        STR("invite a second coach to the next session"));
	return e;
}

static str
act_words(struct request *r, const struct session *s)
{
	if (s->second)
		return STR("A second coach");
	return s->second_asked && !s->second_no ? str_fmt(r->arena, "Asked whether %.*s may coach, too",
	                                                  STR_ARG(person_name(r, s->second_asked)))
	                                        : STR("No second coach");
}

/* The coach asks; another person than before is a new question. */
enum err
second_ask(struct request *r)
{
	struct session s;
	id set = 0, was, now;
	enum err e = together_own(r, &s);

	if (e != OK)
		return together_back(r, e, 0);
	was = s.second ? s.second : s.second_asked;
	now = page_id_field(r, "second");
	if (now && (now == s.coach || now == s.coachee))
		fault_add(&r->faults, STR("second"), STR("is one of the two"), STR("choose somebody else"));
	if (now && now != was)
		e = check_unwritten(r, &s, "second");
	if (now == was && !s.second_no)
		return together_back(r, r->faults.n ? ERR_INPUT : e, 0);
	s.second = 0;
	s.second_asked = now;
	s.second_no = false;
	e = r->faults.n ? ERR_INPUT : e == OK ? page_change(r, act_words(r, &s), second_work, &s, &set) : e;
	return together_back(r, e, set);
}

/* The word of the one who is coached, until it is held; a yes may be taken back. */
enum err
second_answer(struct request *r)
{
	struct session s;
	id set = 0, asked;
	bool yes = str_eq(page_field(r, "answer"), STR("yes"));
	enum err e = record_load(r->conn, r->arena, &r->grant, &session_record, r->ids[0], &s);

	if (e != OK)
		return e;
	if (s.coachee != r->actor.person)
		return s.coach == r->actor.person || s.second == r->actor.person ? ERR_DENIED : ERR_ABSENT;
	asked = s.second ? s.second : s.second_asked;
	if (!yes && !str_eq(page_field(r, "answer"), STR("no")))
		fault_add(&r->faults, STR("answer"), STR("is missing"), STR("say yes or no"));
	else if (day_is(s.held_on) || !asked || page_id_field(r, "who") != asked)
		fault_add(&r->faults, STR("answer"), STR("comes to another question than is asked now"),
		        STR("look at what is asked, and answer that"));
	else if (yes && !s.second)
		e = check_unwritten(r, &s, "answer");
	s.second = yes ? asked : 0;
	s.second_asked = yes ? 0 : asked;
	s.second_no = !yes;
	e = r->faults.n ? ERR_INPUT
	    : e != OK   ? e
	                : page_change(r, yes ? STR("Agreed to a second coach") : STR("Rather without a second coach"),
	                          second_work, &s, &set);
	return together_back(r, e, set);
}

enum err
second_today(struct request *r, struct today_items *ret)
{
	static const char sql[] =
	        "select s.id, a.name, b.name, coalesce(s.moved_to, s.on_day) from coaching_session s "
	        "join person a on a.org_id = s.org_id and a.id = s.coach join person b on b.org_id = "
	        "s.org_id and b.id = s.second_asked where s.org_id = $1 and $2 = $2 and s.coachee = "
	        "$3 and coalesce(s.second_no, 0) = 0 and s.held_on is null and coalesce(s.moved_to, "
	        "s.on_day) >= $4 {may:session_fact s.coach s.coachee s.second} order by 4, s.id limit "
	        "3";
	struct rows rows;
	enum err e;

	if (!r->actor.person)
		return OK;
	e = record_query(r->conn, r->arena, &r->grant, sql,
	        DB_ARGS(DB_I(r->actor.person), db_day_value(r->arena, r->today)), &rows);
	while (e == OK && db_next(&rows)) {
		str coach = db_text(&rows, 1), second = db_text(&rows, 2);
		today_push(r, ret,
		        (struct today_item){ .title = str_fmt(r->arena, "May %.*s coach you, too, with %.*s?",
		                                     STR_ARG(second), STR_ARG(coach)),
		                .why = STR(
		                        "In one session, with its notes and agenda. Without your yes it stays between "
		                        "the two of you."),
		                .href = str_fmt(r->arena, "/coaching/%.*s#together",
		                        STR_ARG(id_text(r->arena, db_int(&rows, 0)))),
		                .act = STR("Say"),
		                .due = db_day(&rows, 3) });
	}
	return e == OK ? db_end(&rows) : e;
}
