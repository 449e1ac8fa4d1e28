#include "areas/mails/invite.h"
#include "areas/mails/mails.h"
#include "areas/people/people.h"

/* What a company's clock says, and the letters of one kind and day. */
struct plan {
	const struct zone *zone;
	day today;
	int kind;
	day on_day;
};

enum err
mails_companies(struct conn *c, struct arena *a, id **ret, size_t *ret_n)
{
	struct rows rows;
	size_t cap = 0;
	enum err e = db_query(c, a, "select id from company order by id", DB_NO_ARGS, &rows);

	*ret = NULL;
	*ret_n = 0;
	while (e == OK && db_next(&rows)) {
		arena_grow(a, *ret, *ret_n, cap);
		(*ret)[(*ret_n)++] = db_int(&rows, 0);
	}
	return e == OK ? db_end(&rows) : e;
}

/* Whom a letter of p->kind can reach, wants it, and has none of that day. A brief takes the place of the digest. */
static enum err
load_people(struct conn *c, struct arena *a, const struct plan *p, struct mail_batch *ret)
{
	static const char sql[] =
	        "select p.id from person p where p.org_id = $1 and p.left_on is null and exists (select 1 from "
	        "membership "
	        "m join login l on l.id = m.login_id where m.org_id = p.org_id and m.person = p.id and m.ended_at is "
	        "null and l.disabled_at is null) and not exists (select 1 from mail_wish w where w.org_id = p.org_id "
	        "and w.person = p.id and w.kind = $2 and w.off = 1) and not exists (select 1 from mail x where "
	        "x.org_id = p.org_id and x.person = p.id and ((x.kind = $2 and x.on_day = $3) or (x.kind = 'brief' "
	        "and x.next_at >= $4))) order by p.id";
	struct rows rows;
	enum err e = db_query(c, a, sql,
	        DB_ARGS(DB_I(ret->org), DB_T(str_of(mail_kinds[p->kind].code)), db_day_value(a, p->on_day),
	                DB_I(zone_instant(p->zone, p->today, 0))),
	        &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, ret->mails, ret->n, ret->cap);
		struct mail *m = &ret->mails[ret->n++];
		record_init(&mail_record, m);
		m->person = db_int(&rows, 0);
		m->kind = p->kind;
		m->on_day = p->on_day;
		m->state = MAIL_WAITING;
		m->tries = 0;
		m->next_at = now();
	}
	return e == OK ? db_end(&rows) : e;
}

/* A brief until Wednesday for those who have none this week, so that a machine that slept on Monday is no reason to go
   without; who got one today gets no digest beside it. */
static enum err
of_the_day(struct conn *c, struct arena *a, void *what)
{
	struct mail_batch *b = what;
	struct plan p = { 0 };
	struct company o;
	struct grant g = grant_all(b->org, 0, 0, "letters");
	enum err e = record_load(c, a, &g, &company_record, b->org, &o);

	if (e != OK)
		return e;
	p.zone = zone_find(o.zone);
	if (!p.zone)
		p.zone = zone_utc();
	p.today = zone_day(p.zone, now());
	if (o.sample || day_is(o.as_of) || zone_minutes(p.zone, now()) < MAIL_FIRST_MINUTE || day_weekday(p.today) > 5)
		return OK;
	if (day_weekday(p.today) <= 3) {
		p.kind = MAIL_BRIEF;
		p.on_day = day_week(p.today);
		e = load_people(c, a, &p, b);
	}
	if (e == OK && !b->n) {
		p.kind = MAIL_DIGEST;
		p.on_day = p.today;
		e = load_people(c, a, &p, b);
	}
	return e;
}

static enum err
save(struct change *c, void *what)
{
	struct mail_batch *b = what;
	void **copies = arena_new(c->arena, void *, b->n + 1);

	for (size_t i = 0; i < b->n; i++) /* it may run twice */
		copies[i] = arena_copy(c->arena, &b->mails[i], sizeof b->mails[i]);
	return record_save_many(c, &mail_record, copies, b->n);
}

/* Whatever `load` finds due, noted as letters that wait; added to *ret_n. */
static enum err
note_batch(struct db *d, struct arena *a, id org, const char *reason,
        enum err (*load)(struct conn *, struct arena *, void *), size_t *ret_n)
{
	struct mail_batch b = { .org = org };
	struct grant g = grant_all(org, 0, 0, "letters");
	struct faults f;
	struct change_work w = {
		.grant = &g, .reason = str_of(reason), .kind = CHANGE_JOB, .faults = &f, .fn = save, .what = &b
	};
	enum err e = db_read(d, a, load, &b);

	faults_init(&f, a);
	if (e != OK || !b.n)
		return e;
	e = change_run(d, a, &w);
	*ret_n += e == OK ? b.n : 0;
	return e == ERR_DUPLICATE || e == ERR_STALE ? OK : e; /* another program on this base was first */
}

enum err
mails_plan(struct db *d, struct arena *a, id org, size_t *ret_n)
{
	enum err e;

	*ret_n = 0;
	e = note_batch(d, a, org, "letters that are due", of_the_day, ret_n);
	return e == OK ? note_batch(d, a, org, "changes for calendars", invites_due, ret_n) : e;
}
