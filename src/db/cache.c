#include "db/cache.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/dialect.h"

static size_t
near_slot(const char *sql)
{
	uintptr_t p = (uintptr_t)sql;
	return (p ^ (p >> 8) ^ (p >> 16)) % CACHE_NEAR;
}

char *
cache_dialect(struct conn *c, const char *sql)
{
	char *text = malloc(strlen(sql) + 1);
	if (!text) {
		conn_fail(c, ERR_MEMORY, "no memory for a statement");
	} else if (!dialect_expand(sql, c->engine->lite, text)) {
		conn_fail(c, ERR_DB, "braces, quotes or comments do not match in: %.200s", sql);
		free(text);
		text = NULL;
	}
	return text;
}

static void
forget(struct conn *c, struct statement *s)
{
	free(s->text);
	c->engine->forget(c, s);
}

static void
take_out(struct cache *cache, struct statement *s)
{
	struct statement **at = &cache->bucket[s->hash % CACHE_BUCKETS];
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	for (size_t i = 0; i < CACHE_NEAR; i++)
		if (cache->near[i].statement == s)
			cache->near[i].sql = NULL, cache->near[i].statement = NULL;
	cache->n--;
}

/* The one that was not needed for longest makes room. */
static void
make_room(struct conn *c)
{
	struct cache *cache = &c->cache;
	struct statement *oldest = NULL;
	for (size_t i = 0; i < CACHE_BUCKETS; i++)
		for (struct statement *s = cache->bucket[i]; s; s = s->next)
			if (!s->open && (!oldest || s->used < oldest->used))
				oldest = s;
	if (oldest) {
		take_out(cache, oldest);
		forget(c, oldest);
	}
}

static struct statement *
find(struct cache *cache, const char *sql, uint64_t *ret_hash)
{
	size_t slot = near_slot(sql);
	/* The same address may hold another text by now, so the text decides. */
	if (cache->near[slot].sql == sql && strcmp(cache->near[slot].statement->text, sql) == 0)
		return cache->near[slot].statement;
	*ret_hash = str_hash(str_of(sql));
	for (struct statement *s = cache->bucket[*ret_hash % CACHE_BUCKETS]; s; s = s->next) {
		if (s->hash == *ret_hash && strcmp(s->text, sql) == 0) {
			cache->near[slot].sql = sql;
			cache->near[slot].statement = s;
			return s;
		}
	}
	return NULL;
}

static enum err
prepare(struct conn *c, const char *sql, struct statement **ret)
{
	char *text = cache_dialect(c, sql);
	if (!text)
		return c->failed;
	struct statement *s = NULL;
	enum err e = c->engine->prepare(c, text, &s);
	free(text);
	if (e != OK)
		return e;
	s->text = strdup(sql);
	if (!s->text) {
		forget(c, s);
		return conn_fail(c, ERR_MEMORY, "no memory for a statement");
	}
	*ret = s;
	return OK;
}

enum err
cache_get(struct conn *c, const char *sql, struct statement **ret)
{
	struct cache *cache = &c->cache;
	uint64_t hash = 0;
	struct statement *known = find(cache, sql, &hash);
	if (known && !known->open) {
		known->used = ++cache->tick;
		*ret = known;
		return OK;
	}
	struct statement *s = NULL;
	enum err e = prepare(c, sql, &s);
	if (e != OK)
		return e;
	s->used = ++cache->tick;
	s->loose = known != NULL;
	if (!s->loose) {
		if (cache->n >= STATEMENTS_MOST)
			make_room(c);
		s->hash = hash;
		s->next = cache->bucket[hash % CACHE_BUCKETS];
		cache->bucket[hash % CACHE_BUCKETS] = s;
		cache->n++;
	}
	*ret = s;
	return OK;
}

void
cache_done(struct conn *c, struct statement *s)
{
	assert(!s->open);
	if (s->loose)
		forget(c, s);
}

void
cache_clear(struct conn *c)
{
	assert(!c->open);
	for (size_t i = 0; i < CACHE_BUCKETS; i++) {
		struct statement *s = c->cache.bucket[i];
		while (s) {
			struct statement *next = s->next;
			forget(c, s);
			s = next;
		}
	}
	memset(&c->cache, 0, sizeof c->cache);
}
