#include "db/pool.h"

#include <assert.h>

void
pool_init(struct pool *p, int most)
{
	assert(most > 0);
	*p = (struct pool){ .most = most };
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->freed, NULL);
}

void
pool_fini(struct pool *p)
{
	assert(p->made == 0 && !p->idle);
	pthread_cond_destroy(&p->freed);
	pthread_mutex_destroy(&p->lock);
}

struct conn *
pool_take(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	while (!p->idle && p->made == p->most)
		pthread_cond_wait(&p->freed, &p->lock);
	struct conn *c = p->idle;
	if (c)
		p->idle = c->next;
	else
		p->made++;
	pthread_mutex_unlock(&p->lock);
	return c;
}

void
pool_give(struct pool *p, struct conn *c)
{
	pthread_mutex_lock(&p->lock);
	c->next = p->idle;
	p->idle = c;
	pthread_cond_signal(&p->freed);
	pthread_mutex_unlock(&p->lock);
}

void
pool_lost(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	assert(p->made > 0);
	p->made--;
	pthread_cond_signal(&p->freed);
	pthread_mutex_unlock(&p->lock);
}

struct conn *
pool_drain(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	struct conn *c = p->idle;
	if (c)
		p->idle = c->next;
	pthread_mutex_unlock(&p->lock);
	return c;
}
