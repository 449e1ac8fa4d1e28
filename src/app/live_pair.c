#include "app/live_pair.h"

#include "areas/coaching/sheet.h"

/* Every statement answers: session, coach, coachee, second coach. */
static const struct {
	const struct record *record;
	const char *sql;
} parts[] = {
	{ &session_record, "select id, coach, coachee, second from coaching_session where org_id = $1 and id = $2" },
	{ &shared_note_record,
	        "select session, coach, coachee, second from shared_note where org_id = $1 and id = $2" },
	{ &prep_record, "select session, coach, coachee, second from prep where org_id = $1 and id = $2" },
	{ &sheet_answer_record, "select s.id, s.coach, s.coachee, s.second from sheet_answer a join coaching_session s "
	                        "on s.org_id = a.org_id and "
	                        "s.id = a.session where a.org_id = $1 and a.id = $2" },
	{ &commitment_record,
	        "select s.id, s.coach, s.coachee, s.second from commitment c join coaching_session s on s.org_id = "
	        "c.org_id and s.id = "
	        "c.about_id where c.org_id = $1 and c.id = $2 and c.about = 'session'" },
};

static const char *
part_sql(const struct record *r)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i].record == r)
			return parts[i].sql;
	return NULL;
}

void
live_pair_note(struct live_pair *all, size_t *n, const struct record *r, id row)
{
	if (!r || !part_sql(r) || *n == LIVE_PAIRS)
		return;
	for (size_t i = 0; i < *n; i++)
		if (all[i].record == r && all[i].row == row)
			return;
	all[(*n)++] = (struct live_pair){ .record = r, .row = row };
}

static enum err
find(struct conn *c, struct arena *a, id org, struct live_pair *p)
{
	struct rows rows;
	enum err e = db_query(c, a, part_sql(p->record), DB_ARGS(DB_I(org), DB_I(p->row)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows)) {
		p->session = db_int(&rows, 0);
		for (int i = 0; i < 3; i++)
			p->persons[i] = db_int(&rows, i + 1);
	}
	return db_end(&rows);
}

enum err
live_pair_find(struct conn *c, struct arena *a, id org, struct live_pair *all, size_t *n)
{
	size_t kept = 0;
	enum err e = OK;

	for (size_t i = 0; i < *n && e == OK; i++) {
		struct live_pair p = all[i];
		bool known = false;
		e = find(c, a, org, &p);
		for (size_t k = 0; k < kept && !known; k++)
			known = all[k].session == p.session;
		if (e == OK && p.session && !known)
			all[kept++] = p;
	}
	*n = kept;
	return e;
}

bool
live_pair_has(const struct live_pair *p, id person)
{
	return person && (person == p->persons[0] || person == p->persons[1] || person == p->persons[2]);
}
