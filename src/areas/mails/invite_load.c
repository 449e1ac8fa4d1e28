#include "areas/mails/invite.h"
#include "areas/people/people.h"

#define MINUTE_MS INT64_C(60000)

/* Both name the one who asks, where $3 says who, else everybody who wants such letters. */
#define WANTS(person) \
	"exists (select 1 from mail_wish w where w.org_id = " person ".org_id and w.kind = 'invite' and " \
	"coalesce(w.off, 0) = 0 and ($3 = 0 or w.person = $3) and w.person in "

struct all {
	struct meeting_row *rows;
	size_t n;
	struct invitation *told;
	size_t n_told;
	id *people;
	size_t n_people;
};

static enum err
load_people(struct conn *c, struct arena *a, const struct grant *g, id person, struct all *x)
{
	struct rows rows;
	size_t cap = 0;
	enum err e = db_query(c, a,
	        "select p.id from person p where p.org_id = $1 and ($2 = 0 or p.id = $2) and p.left_on is null and "
	        "exists "
	        "(select 1 from mail_wish w where w.org_id = p.org_id and w.person = p.id and w.kind = 'invite' and "
	        "coalesce(w.off, 0) = 0) and exists (select 1 from membership m join login l on l.id = m.login_id "
	        "where "
	        "m.org_id = p.org_id and m.person = p.id and m.ended_at is null and l.disabled_at is null) order by "
	        "p.id",
	        DB_ARGS(DB_I(g->org), DB_I(person)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, x->people, x->n_people, cap);
		x->people[x->n_people++] = db_int(&rows, 0);
	}
	return e == OK ? db_end(&rows) : e;
}

/* From yesterday on, held ones too: what is not there at all was dropped. */
static enum err
load_sessions(struct conn *c, struct arena *a, const struct grant *g, id person, day from, struct all *x)
{
	str sql = str_fmt(a,
	        "select %.*s, a.name, b.name from coaching_session s join person a on a.org_id = s.org_id and a.id = "
	        "s.coach join person b on b.org_id = s.org_id and b.id = s.coachee where s.org_id = $1 and $2 = $2 "
	        "{may:session_fact s.coach s.coachee s.second} and " WANTS(
	                "s") "(s.coach, s.coachee, s.second)) and coalesce(s.moved_to, s.on_day) >= $4 order by "
	                     "coalesce(s.moved_to, "
	                     "s.on_day), s.start, s.id",
	        STR_ARG(record_columns(a, &session_record, "s")));
	struct rows rows;
	size_t cap = 0;
	enum err e = record_query(c, a, g, str_z(a, sql), DB_ARGS(DB_I(person), db_day_value(a, from)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, x->rows, x->n, cap);
		struct meeting_row *m = &x->rows[x->n++];
		*m = (struct meeting_row){ 0 };
		int at = record_read(&rows, &session_record, 0, &m->s);
		m->coach = db_text(&rows, at);
		m->coachee = db_text(&rows, at + 1);
		m->on = session_day(&m->s);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_told(struct conn *c, struct arena *a, const struct grant *g, id person, day from, struct all *x)
{
	str sql = str_fmt(a,
	        "select %.*s from invitation t where t.org_id = $1 and $2 = $2 {may:private t.person} and " WANTS(
	                "t") "(t.person)) and (t.start >= $5 or exists (select 1 from coaching_session s where "
	                     "s.org_id = t.org_id and "
	                     "s.id = t.session and coalesce(s.moved_to, s.on_day) >= $4)) order by t.id",
	        STR_ARG(record_columns(a, &invitation_record, "t")));
	struct rows rows;
	size_t cap = 0;
	enum err e =
	        record_query(c, a, g, str_z(a, sql), DB_ARGS(DB_I(person), db_day_value(a, from), DB_I(now())), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, x->told, x->n_told, cap);
		record_read(&rows, &invitation_record, 0, &x->told[x->n_told++]);
	}
	return e == OK ? db_end(&rows) : e;
}

/* In no order, and below 2^53, so that every reader of numbers keeps it. */
static int64_t
others_digest(const struct meeting_row *all, size_t n, size_t i, id me)
{
	uint64_t sum = 0;

	for (size_t k = 0; k < n; k++)
		if (k != i && entry_together(&all[i].s, &all[k].s, me))
			sum += (uint64_t)all[k].s.coachee * UINT64_C(0x9e3779b97f4a7c15);
	return (int64_t)(sum >> 12);
}

static struct invite_entry
entry_of(struct arena *a, const struct zone *z, const struct meeting_row *all, size_t n, size_t i, id me)
{
	const struct session *s = &all[i].s;
	struct invite_entry e = {
		.held = day_is(s->held_on), .coach = all[i].coach, .coachees = entry_names(a, all, n, i, me)
	};

	record_init(&invitation_record, &e.as);
	e.as.person = me;
	e.as.session = s->row.id;
	e.as.coach = s->coach;
	e.as.coachee = s->coachee;
	e.as.start = entry_start(z, &all[i]);
	e.as.length = entry_minutes(s);
	e.as.sequence = s->sequence == NO_INT ? 0 : s->sequence;
	e.as.others = others_digest(all, n, i, me);
	e.as.gone = entry_off(s);
	return e;
}

static void
changes_of(struct arena *a, const struct zone *z, const struct all *x, id me, struct invite_person *ret)
{
	struct meeting_row *mine = arena_new(a, struct meeting_row, x->n + 1);
	struct invite_entry *entries = arena_new(a, struct invite_entry, x->n + 1);
	struct invitation *told = arena_new(a, struct invitation, x->n_told + 1);
	size_t n = 0, n_entries = 0, n_told = 0;

	for (size_t i = 0; i < x->n; i++)
		if (x->rows[i].s.coach == me || x->rows[i].s.coachee == me || x->rows[i].s.second == me)
			mine[n++] = x->rows[i];
	for (size_t i = 0; i < n; i++)
		if (entry_stands(mine, n, i, me))
			entries[n_entries++] = entry_of(a, z, mine, n, i, me);
	for (size_t i = 0; i < x->n_told; i++)
		if (x->told[i].person == me)
			told[n_told++] = x->told[i];
	ret->person = me;
	ret->changes = arena_new(a, struct invite_change, n_entries + n_told + 1);
	ret->n = invite_diff(now(), entries, n_entries, told, n_told, ret->changes);
}

enum err
invites_load(struct conn *c, struct arena *a, const struct grant *g, const struct zone *z, id person,
        struct invite_person **ret, size_t *ret_n)
{
	struct all x = { 0 };
	day from = day_add(zone_day(z, now()), -1);
	enum err e = load_people(c, a, g, person, &x);

	*ret = NULL;
	*ret_n = 0;
	if (e != OK || !x.n_people)
		return e;
	e = load_sessions(c, a, g, person, from, &x);
	if (e == OK)
		e = load_told(c, a, g, person, from, &x);
	if (e != OK)
		return e;
	*ret = arena_new(a, struct invite_person, x.n_people);
	for (size_t i = 0; i < x.n_people; i++) {
		changes_of(a, z, &x, x.people[i], &(*ret)[*ret_n]);
		*ret_n += (*ret)[*ret_n].n > 0;
	}
	return OK;
}

/* ---- which letters wait ---- */

static instant
when_of(const struct invite_person *p)
{
	instant at = now(), soon = at + INVITE_SOON_MINUTES * MINUTE_MS;

	for (size_t i = 0; i < p->n; i++)
		if (p->changes[i].told.start < soon || p->changes[i].was < soon)
			return at;
	return at + INVITE_GATHER_MINUTES * MINUTE_MS;
}

/* The day's letter: one that waits takes the change with it, one that failed is not tried again that day. */
static enum err
note(struct conn *c, struct arena *a, const struct grant *g, const struct invite_person *p, day today,
        struct mail_batch *ret)
{
	str sql = str_fmt(a,
	        "select %.*s from mail t where t.org_id = $1 and $2 = $2 and t.kind = 'invite' and t.person = "
	        "$3 and t.on_day = $4",
	        STR_ARG(record_columns(a, &mail_record, "t")));
	struct mail *m = &ret->mails[ret->n];
	struct rows rows;
	enum err e = record_query(c, a, g, str_z(a, sql), DB_ARGS(DB_I(p->person), db_day_value(a, today)), &rows);

	record_init(&mail_record, m);
	if (e == OK && db_next(&rows))
		record_read(&rows, &mail_record, 0, m);
	if (e == OK)
		e = db_end(&rows);
	if (e != OK || m->state == MAIL_WAITING || m->state == MAIL_FAILED)
		return e;
	m->person = p->person;
	m->kind = MAIL_INVITE;
	m->on_day = today;
	m->state = MAIL_WAITING;
	m->tries = 0;
	m->next_at = when_of(p);
	ret->n++;
	return OK;
}

enum err
invites_due(struct conn *c, struct arena *a, void *what)
{
	struct mail_batch *b = what;
	struct company o;
	struct grant g = grant_all(b->org, 0, 0, "letters");
	struct invite_person *people = NULL;
	const struct zone *z;
	size_t n = 0;
	enum err e = record_load(c, a, &g, &company_record, b->org, &o);

	if (e != OK || o.sample || day_is(o.as_of))
		return e;
	z = zone_find(o.zone);
	z = z ? z : zone_utc();
	e = invites_load(c, a, &g, z, 0, &people, &n);
	b->mails = arena_new(a, struct mail, n + 1);
	b->n = 0;
	for (size_t i = 0; e == OK && i < n; i++)
		e = note(c, a, &g, &people[i], zone_day(z, now()), b);
	return e;
}
