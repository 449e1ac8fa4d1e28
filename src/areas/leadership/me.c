#include <string.h>

#include "areas/coaching/observe.h"
#include "areas/leadership/device.h"
#include "areas/leadership/view.h"
#include "auth/session.h"
#include "json/json.h"

#include "areas/leadership/me_html.h"

/* " and (x.owner = $2 or x.owed_to = $2)": the rows of a record that name the person; empty when none can. Every
   reference to a person counts, so that a new kind of record is told without anybody thinking of it (I4a, O7); of what
   is private the writer's own alone (C6). */
static str
naming(struct arena *a, const struct record *rec)
{
	str sql = { 0 };

	if (rec == &person_record)
		return STR(" and x.id = $2");
	for (size_t i = 0; i < rec->n_fields; i++)
		if (rec->fields[i].kind == F_REF && rec->fields[i].ref == &person_record &&
		        (rec->matter != MATTER_PRIVATE || strcmp(rec->fields[i].name, rec->persons) == 0))
			sql = str_fmt(a, "%.*s%sx.%s = $2", STR_ARG(sql), sql.n ? " or " : "", rec->fields[i].name);
	return sql.n ? str_fmt(a, " and (%.*s)", STR_ARG(sql)) : sql;
}

/* "blockers" → "Blockers" */
static str
titled(struct arena *a, const char *label)
{
	char first = label[0] >= 'a' && label[0] <= 'z' ? (char)(label[0] - 'a' + 'A') : label[0];

	return str_fmt(a, "%c%s", first, label + 1);
}

/* "… (A2a)." → "… .": the numbers of rules are for those who write the program. */
static str
plain(struct arena *a, str s)
{
	size_t at = str_find(s, STR(" (")), end = str_find_byte(s, ')');

	if (at == SIZE_MAX || end == SIZE_MAX || end < at + 4 || end > at + 6 || s.s[at + 3] < '0' || s.s[at + 3] > '9')
		return s;
	return str_join(a, str_first(s, at), str_from(s, end + 1));
}

/* What the program keeps beside the records. $1 company, $2 person, $3 sign-in. */
static const struct beside {
	const char *label, *purpose, *retention, *who, *count;
} besides[] = {
	{ "sign-in",
	        "So that you, and nobody else, act in your name. The password is kept as a hash that nobody can read "
	        "back.",
	        "Until an administrator ends it, or the company leaves.",
	        "Administrators see that it exists and its e-mail.",
	        "select count(*) from membership where org_id = $1 and (login_id = $3 or person = $2) and ended_at is "
	        "null" },
	{ "signed-in devices",
	        "So that you stay signed in, and can end it from afar. Browser and day, no address, no place.",
	        "14 days without use, 90 days at most.", "Only you.",
	        "select count(*) from session where org_id = $1 and login_id = $3" },
	{ "single-purpose links", "Invitations, confirming a session, the brief: who made one, for whom, until when.",
	        "The link works until its day; that it was made stays with the company.",
	        "Administrators, and who made it.",
	        "select count(*) from link where org_id = $1 and (person = $2 or made_by = $3)" },
	{ "keys for programs", "So that a program may act in your name, within what you allowed it.",
	        "Until you or an administrator end them.", "You and administrators; never the key itself.",
	        "select count(*) from token where org_id = $1 and login_id = $3" },
	{ "readings", "So that you see who opened words about you, and others see when you did.",
	        "As long as the company is here.", "Whom it was about, and who read.",
	        "select count(*) from reading where org_id = $1 and (reader = $2 or about = $2)" },
	{ "changes you made", "So that every figure can be traced and every step undone: who changed what, when, why.",
	        "As long as the company is here; an administrator can erase names and values, hashes stay.",
	        "Who may see the record that was changed.",
	        "select count(*) from change_set where org_id = $1 and (person = $2 or login = $3)" },
};

static enum err
load_beside(struct request *r, struct me_view *v)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < sizeof besides / sizeof *besides; i++) {
		const struct beside *b = &besides[i];
		struct kept_about *k = &v->kinds[v->n_kinds++];
		*k = (struct kept_about){ titled(r->arena, b->label), str_of(b->purpose), str_of(b->retention),
			str_of(b->who), 0, false };
		e = db_one_int(r->conn, str_z(r->arena, str_fmt(r->arena, "%s and $2 = $2 and $3 = $3", b->count)),
		        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), DB_I(r->actor.login)), &k->n);
	}
	return e;
}

/* I4a, O7: every kind of record that can name a person, why it is kept, until when, who sees it, and how many there
 * are. */
static enum err
load_kinds(struct request *r, struct me_view *v)
{
	size_t n = 0;
	enum err e = OK;

	while (record_all[n])
		n++;
	v->kinds = arena_new(r->arena, struct kept_about, n + sizeof besides / sizeof *besides);
	for (size_t i = 0; e == OK && i < n; i++) {
		const struct record *rec = record_all[i];
		str where = naming(r->arena, rec);
		struct kept_about *k = &v->kinds[v->n_kinds];
		if (!where.n)
			continue;
		*k = (struct kept_about){ titled(r->arena, rec->plural), plain(r->arena, str_of(rec->purpose)),
			plain(r->arena, str_of(rec->retention)), grant_explain(r->arena, &r->grant, rec->matter), 0,
			true };
		e = db_one_int(r->conn,
		        str_z(r->arena, str_fmt(r->arena, "select count(*) from %s x where x.org_id = $1%.*s",
		                                rec->table, STR_ARG(where))),
		        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &k->n);
		if (!k->n)
			v->none = str_fmt(
			        r->arena, "%.*s%s%.*s", STR_ARG(v->none), v->n_none++ ? ", " : "", STR_ARG(k->label));
		v->n_kinds++;
	}
	return e == OK ? load_beside(r, v) : e;
}

static enum err
load_readings(struct request *r, struct me_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select coalesce(p.name, ''), x.record, x.on_day, count(*) from reading x left join person p on "
	        "p.org_id = "
	        "x.org_id and p.id = x.reader"
	        " where x.org_id = $1 and x.about = $2 group by p.name, x.record, x.on_day order by x.on_day desc, "
	        "p.name, x.record"
	        " limit 100",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &rows);

	v->readings = arena_array(r->arena, sizeof *v->readings, 100, _Alignof(str));
	while (e == OK && v->n_readings < 100 && db_next(&rows)) {
		const struct record *rec = record_find(db_text(&rows, 1));
		v->readings[v->n_readings].who = db_text(&rows, 0);
		v->readings[v->n_readings].what = rec ? str_of(rec->label) : db_text(&rows, 1);
		v->readings[v->n_readings].times = db_int(&rows, 3);
		v->readings[v->n_readings++].on = db_day(&rows, 2);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_absences(struct request *r, struct me_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select id, version, from_day, to_day from absence where org_id = $1 and person = $2 order by from_day "
	        "desc limit 50",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &rows);

	v->absences = arena_array(r->arena, sizeof *v->absences, 50, _Alignof(int64_t));
	while (e == OK && v->n_absences < 50 && db_next(&rows)) {
		v->absences[v->n_absences].row = db_int(&rows, 0);
		v->absences[v->n_absences].version = db_int(&rows, 1);
		v->absences[v->n_absences].from = db_day(&rows, 2);
		v->absences[v->n_absences++].to = db_day(&rows, 3);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_sessions(struct request *r, struct me_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select id, coalesce(agent, ''), made_at, seen_day, end_at from session where login_id = $1 and org_id "
	        "= $2 "
	        "and end_at > $3 and idle_until > $3"
	        " order by made_at desc limit 50",
	        DB_ARGS(DB_I(r->actor.login), DB_I(r->actor.org), DB_I(now())), &rows);

	v->sessions = arena_new(r->arena, struct me_session, 50);
	while (e == OK && v->n_sessions < 50 && db_next(&rows)) {
		struct me_session *s = &v->sessions[v->n_sessions++];
		*s = (struct me_session){ .session = db_int(&rows, 0),
			.device = device_name(r->arena, db_text(&rows, 1)),
			.since = db_int(&rows, 2),
			.seen = db_day(&rows, 3),
			.until = zone_day(page_zone(r), db_int(&rows, 4)) };
		s->here = s->session == r->actor.session;
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
me_page(struct request *r)
{
	struct page p = { .title = STR("What is kept about me"), .subtitle = r->actor.name };
	struct me_view v = { .keys_off = r->actor.keys_off };
	enum err e = load_sessions(r, &v);

	if (e == OK && r->actor.person)
		e = load_kinds(r, &v);
	if (e == OK && r->actor.person)
		e = load_readings(r, &v);
	if (e == OK && r->actor.person)
		e = load_absences(r, &v);
	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_me(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* From and to, never why (O7). */
enum err
me_absence(struct request *r)
{
	struct absence x;
	id set = 0;
	enum err e;

	record_init(&absence_record, &x);
	x.person = r->actor.person;
	x.share = 0;
	e = page_fill(r, &absence_record, "from_day to_day share", &x);
	if (x.share == NO_INT)
		x.share = 0;
	if (e == OK)
		e = page_save(r, STR("Absence entered"), &absence_record, &x, &set);
	if (e == ERR_INPUT)
		return me_page(r);
	return e == OK ? page_done(r, set, STR("/me")) : e;
}

static enum err
remove_work(struct change *c, void *what)
{
	const struct absence *x = what;

	return record_remove(c, &absence_record, x->row.id, x->row.version);
}

enum err
me_absence_remove(struct request *r)
{
	struct absence x;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &absence_record, r->ids[0], &x);

	if (e == OK && x.person != r->actor.person)
		e = ERR_DENIED;
	if (e == OK)
		e = page_change(r, STR("Absence removed"), remove_work, &x, &set);
	return e == OK ? page_done(r, set, STR("/me")) : e;
}

enum err
me_session_end(struct request *r)
{
	int64_t one;
	enum err e = db_one_int(r->conn, "select 1 from session where id = $1 and login_id = $2",
	        DB_ARGS(DB_I(r->ids[0]), DB_I(r->actor.login)), &one);

	if (e == OK)
		e = session_close(r->db, r->arena, r->ids[0]);
	return e == OK ? page_go(r, STR("/me")) : e;
}

struct keys {
	id org, login;
	bool off;
};

static enum err
store_keys(struct conn *c, struct arena *a, void *what)
{
	const struct keys *k = what;

	(void)a;
	return membership_keys(c, k->org, k->login, k->off);
}

enum err
me_keys(struct request *r)
{
	struct keys k = { r->actor.org, r->actor.login, !r->actor.keys_off };
	enum err e = db_write(r->db, r->arena, store_keys, &k);

	return e == OK ? page_go(r, STR("/me")) : e;
}

/* ---- my own data, as JSON ---- */

/* C6: what the coach put down is not shown to the coachee before they have answered. */
static bool
withheld(const struct record *rec, const struct field *f, const void *row, id me)
{
	const struct session *s = row;

	return rec == &session_record && s->coachee == me && !s->answer &&
	       (str_eq(str_of(f->name), STR("kind")) || str_eq(str_of(f->name), STR("skill")) ||
	               str_eq(str_of(f->name), STR("no_commitment")));
}

/* C7: nor what an observer wrote, before one has said one's own. */
static const char kept_back[] = " and not (x.person = $2 and exists (select 1 from observation o where o.org_id = "
                                "x.org_id and o.id = x.observation and o.answered_on is null))";

static void
write_row(struct request *r, struct json *j, const struct record *rec, const void *row)
{
	json_object(j);
	json_key(j, "id");
	json_str(j, id_text(r->arena, record_row(row)->id));
	for (size_t i = 0; i < rec->n_fields; i++) {
		const struct field *f = &rec->fields[i];
		if (field_is_null(f, row) || withheld(rec, f, row, r->actor.person))
			continue;
		json_key(j, f->name);
		json_str(j, field_text(r->arena, f, row));
	}
	json_end(j);
}

static enum err
write_kind(struct request *r, struct json *j, const struct record *rec, str where)
{
	void *row = arena_alloc(r->arena, rec->size, _Alignof(max_align_t));
	str sql = str_fmt(r->arena, "select %.*s from %s x where x.org_id = $1%.*s%s order by x.id",
	        STR_ARG(record_columns(r->arena, rec, "x")), rec->table, STR_ARG(where),
	        rec == &observation_text_record ? kept_back : "");
	struct rows rows;
	enum err e = db_query(
	        r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &rows);

	json_key(j, rec->name);
	json_array(j);
	while (e == OK && db_next(&rows)) {
		record_read(&rows, rec, 0, row);
		write_row(r, j, rec, row);
	}
	json_end(j);
	return e == OK ? db_end(&rows) : e;
}

enum err
me_export(struct request *r)
{
	struct json j;
	enum err e = OK;

	page_type(r, STR("application/json"));
	http_set(r->answer, "Content-Disposition", STR("attachment; filename=\"my-data.json\""));
	json_init(&j, &r->answer->body);
	json_object(&j);
	json_key(&j, "person");
	json_str(&j, r->actor.name);
	json_key(&j, "company");
	json_str(&j, r->actor.org_name);
	json_key(&j, "on");
	json_str(&j, day_iso(r->arena, r->today));
	for (size_t i = 0; e == OK && record_all[i]; i++) {
		str where = naming(r->arena, record_all[i]);
		if (where.n)
			e = write_kind(r, &j, record_all[i], where);
	}
	json_end(&j);
	return e;
}
