#include "areas/mails/invite.h"
#include "areas/mails/mails.h"
#include "areas/people/people.h"
#include "base/log.h"

#define MINUTE_MS INT64_C(60000)

/* After the first try, the second …: a minute, five, half an hour, two hours, twelve. */
static const int64_t waits[MAIL_MOST_TRIES] = { 1, 5, 30, 120, 720, 720 };

struct due {
	id org;
	size_t most;
	struct mail *mails;
	size_t n;
};

static enum err
load_due(struct conn *c, struct arena *a, void *what)
{
	struct due *d = what;
	str sql = str_fmt(a,
	        "select %.*s from mail t where t.org_id = $1 and t.state = 'waiting' and t.next_at <= $2 order by "
	        "t.next_at, t.id limit %zu",
	        STR_ARG(record_columns(a, &mail_record, "t")), d->most);
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(d->org), DB_I(now())), &rows);

	d->mails = arena_new(a, struct mail, d->most + 1);
	while (e == OK && d->n < d->most && db_next(&rows))
		record_read(&rows, &mail_record, 0, &d->mails[d->n++]);
	return e == OK ? db_end(&rows) : e;
}

struct storing {
	const struct mail *mail;
	struct mail_told told;
	struct mail *ret;
};

static enum err
save(struct change *c, void *what)
{
	struct storing *s = what;
	struct mail copy = *s->mail; /* it may run twice */
	enum err e = record_save(c, &mail_record, &copy);

	for (size_t i = 0; e == OK && i < s->told.n; i++) {
		struct invitation told = s->told.told[i];
		e = record_save(c, &invitation_record, &told);
	}
	if (e == OK)
		s->ret = arena_copy(c->arena, &copy, sizeof copy);
	return e;
}

/* told: what went to a calendar with it, so that it is not told again (C10). */
static enum err
store(const struct mails *m, struct arena *a, id org, struct mail *x, struct mail_told told)
{
	struct grant g = grant_all(org, 0, 0, "letters");
	struct storing s = { x, told, NULL };
	struct faults f;
	struct change_work w = { .grant = &g,
		.reason = STR("letter to a person"),
		.kind = CHANGE_JOB,
		.faults = &f,
		.fn = save,
		.what = &s };
	enum err e;

	faults_init(&f, a);
	e = change_run(m->db, a, &w);
	if (e == OK)
		*x = *s.ret;
	return e;
}

struct writing {
	const struct mails *mails;
	id org;
	const struct mail *mail;
	struct letter letter;
	struct mail_told told;
};

/* As a request reads: sessions that are due are made on the way, and seen after that. */
static enum err
write_it(struct writing *w, struct arena *a)
{
	struct conn *c;
	enum err e = db_begin_read(w->mails->db, &c);

	if (e != OK)
		return e;
	e = mail_write(
	        w->mails, c, a, w->org, w->mail->person, (enum mail_kind)w->mail->kind, true, &w->letter, &w->told);
	db_end_read(w->mails->db, c);
	return e;
}

static void
judge(struct mail *x, enum err written, enum err sent, str why)
{
	bool no_more = sent == ERR_INPUT || x->tries >= MAIL_MOST_TRIES;

	x->why = str_first(why, 300);
	x->state = written == ERR_ABSENT         ? MAIL_EMPTY
	           : written == OK && sent == OK ? MAIL_SENT
	           : no_more                     ? MAIL_FAILED
	                                         : MAIL_WAITING;
	x->sent_at = x->state == MAIL_SENT ? now() : NO_INT;
}

/* A claim first: whoever else has read the same row then holds an old version of it. A letter that cannot be written
   is a try that failed, as one that the server did not take: it holds nobody else's up. */
static enum err
send_one(const struct mails *m, struct arena *a, id org, struct mail *x, str *ret_to, bool *ret_away)
{
	struct writing w = { .mails = m, .org = org, .mail = x };
	str why = { 0 };
	enum err e, sent = OK;

	x->next_at = now() + waits[x->tries < MAIL_MOST_TRIES ? x->tries : MAIL_MOST_TRIES - 1] * MINUTE_MS;
	x->tries++;
	e = store(m, a, org, x, (struct mail_told){ 0 });
	if (e != OK)
		return e == ERR_STALE ? ERR_ABSENT : e;
	e = write_it(&w, a);
	*ret_to = w.letter.to;
	w.letter.id = str_join(a, id_text(a, x->row.id), w.letter.id);
	if (e == OK)
		sent = mail_send(&m->server, a, &w.letter, &why);
	else if (e != ERR_ABSENT)
		why = str_fmt(a, "it could not be written (%s)", err_name(e));
	*ret_away = sent == ERR_FULL;
	judge(x, e, sent, why);
	return store(m, a, org, x, x->state == MAIL_SENT ? w.told : (struct mail_told){ 0 });
}

enum err
mails_send(const struct mails *m, struct arena *a, id org, size_t most, mail_told told, void *what, size_t *ret_n)
{
	struct due d = { .org = org, .most = most };
	enum err e = db_read(m->db, a, load_due, &d);

	*ret_n = 0;
	for (size_t i = 0; e == OK && i < d.n; i++) {
		str to = { 0 };
		bool away = false;
		e = send_one(m, a, org, &d.mails[i], &to, &away);
		if (e == ERR_ABSENT) {
			e = OK;
			continue;
		}
		*ret_n += e == OK && d.mails[i].state == MAIL_SENT;
		if (e == OK && told)
			told(what, &d.mails[i], to);
		if (e == OK && d.mails[i].state == MAIL_FAILED)
			log_warn("a letter was not sent: %.*s", STR_ARG(d.mails[i].why));
		if (away || (m->server.stop && atomic_load(m->server.stop)))
			break; /* the others keep their tries */
	}
	return e;
}
