#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "areas/mails/mails.h"
#include "base/log.h"

#define ROUND_US  200000
#define ROUNDS    100 /* twenty seconds */
#define MAIL_ONCE 20

struct mailer {
	struct mails mails;
	pthread_t thread;
	atomic_bool stop;
};

struct companies {
	id *ids;
	size_t n;
};

static enum err
load_companies(struct conn *c, struct arena *a, void *what)
{
	struct companies *x = what;

	return mails_companies(c, a, &x->ids, &x->n);
}

static enum err
round_of_company(struct mailer *m, struct arena *a, id org)
{
	size_t n;
	enum err e = mails_plan(m->mails.db, a, org, &n);

	do {
		n = 0;
		if (e == OK)
			e = mails_send(&m->mails, a, org, MAIL_ONCE, NULL, NULL, &n);
	} while (e == OK && n == MAIL_ONCE && !atomic_load(&m->stop));
	return e;
}

static void
round_of(struct mailer *m, struct arena *a)
{
	struct companies x = { 0 };
	enum err e = db_read(m->mails.db, a, load_companies, &x);

	for (size_t i = 0; i < x.n && !atomic_load(&m->stop); i++) {
		enum err of = round_of_company(m, a, x.ids[i]); /* one company's trouble is not the next one's */
		e = e == OK ? of : e;
	}
	if (e != OK)
		log_warn("letters: %s; they are tried again", err_name(e));
}

static void *
mail_for_ever(void *what)
{
	struct mailer *m = what;
	struct arena a;

	arena_init(&a, (size_t)256 << 20);
	for (int i = 0; !atomic_load(&m->stop); i = (i + 1) % ROUNDS) {
		if (i == 0) {
			round_of(m, &a);
			arena_reset(&a);
		}
		usleep(ROUND_US);
	}
	arena_fini(&a);
	return NULL;
}

struct mailer *
mailer_open(const struct mails *m)
{
	struct mailer *x = calloc(1, sizeof *x);

	if (!x)
		return NULL;
	x->mails = *m;
	x->mails.server.stop = &x->stop;
	if (pthread_create(&x->thread, NULL, mail_for_ever, x) != 0) {
		free(x);
		return NULL;
	}
	return x;
}

void
mailer_close(struct mailer *m)
{
	if (!m)
		return;
	atomic_store(&m->stop, true);
	pthread_join(m->thread, NULL);
	free(m);
}
