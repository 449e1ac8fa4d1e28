/* Event streams: written by the I/O thread only; messages come to it through a list, from any thread. */
#include <event2/bufferevent.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/time.h"
#include "http/server.h"

#define PILE_MOST ((size_t)256 << 10) /* unread bytes of one stream before it is dropped */

/* A text that several evbuffers point to; the I/O thread counts. */
struct shared {
	size_t users, n;
	char text[];
};

static void
let_go(const void *data, size_t n, void *shared)
{
	(void)data;
	(void)n;
	struct shared *t = shared;
	if (--t->users == 0)
		free(t);
}

static void
send_piece(struct http_connection *c, struct evbuffer *piece)
{
	evhttp_send_reply_chunk(c->stream, piece);
	c->since = clock_steady_us();
}

/* As many as there are workers must never be needed for streams, and some connections must remain for pages. */
static bool
too_many(const struct http_server *s)
{
	return s->n_streams >= (size_t)s->o.most_connections * 3 / 4;
}

void
http_sse_begin(struct http_connection *c, struct http_job *job)
{
	struct http_server *s = c->server;
	struct evkeyvalq *headers = evhttp_request_get_output_headers(job->evreq);
	if (too_many(s) || s->stopping) {
		evhttp_add_header(headers, "Retry-After", "30");
		evhttp_send_reply(job->evreq, 503, http_reason(503), NULL);
		return;
	}
	evhttp_remove_header(headers, "Content-Type");
	evhttp_add_header(headers, "Content-Type", "text/event-stream");
	if (!evhttp_find_header(headers, "Cache-Control"))
		evhttp_add_header(headers, "Cache-Control", "no-store");
	evhttp_add_header(headers, "X-Accel-Buffering", "no"); /* nginx passes every event at once */
	c->stream = job->evreq;
	c->session = job->session;
	c->org = job->org;
	s->n_streams++;
	evhttp_send_reply_start(job->evreq, 200, http_reason(200));
	struct evbuffer *hello = job->answer ? job->answer : evbuffer_new();
	if (!hello)
		return;
	if (!job->answer)
		evbuffer_add_printf(hello, ": open\n\n"); /* so that proxies pass the head on */
	send_piece(c, hello);
	if (hello != job->answer)
		evbuffer_free(hello);
}

void
http_sse_stop(struct http_connection *c)
{
	struct evhttp_request *stream = c->stream;
	c->stream = NULL;
	c->sent = c->moved = 0;
	c->since = clock_steady_us();
	c->server->n_streams--;
	evhttp_send_reply_end(stream); /* may end the connection at once */
}

static void
drop(struct http_connection *c)
{
	log_info("an event stream was dropped: its reader is too slow");
	evhttp_connection_free(c->evcon); /* the close callback does the rest */
}

static size_t
piled(const struct http_connection *c)
{
	return evbuffer_get_length(bufferevent_get_output(c->bev));
}

void
http_sse_beat(struct http_connection *c, int64_t at)
{
	if (at - c->since < INT64_C(1000) * c->server->o.heartbeat_ms)
		return;
	struct evbuffer *beat = evbuffer_new();
	if (!beat)
		return;
	if (piled(c) > PILE_MOST) {
		drop(c);
	} else {
		evbuffer_add_printf(beat, ": here\n\n");
		send_piece(c, beat);
	}
	evbuffer_free(beat);
}

static void
send_shared(struct http_connection *c, struct shared *text)
{
	if (piled(c) + text->n > PILE_MOST) {
		drop(c);
		return;
	}
	struct evbuffer *piece = evbuffer_new();
	if (piece && evbuffer_add_reference(piece, text->text, text->n, let_go, text) == 0) {
		text->users++;
		send_piece(c, piece);
	}
	if (piece)
		evbuffer_free(piece);
}

void
http_sse_deliver(struct http_server *s, struct http_message *m)
{
	struct shared *text = malloc(sizeof(*text) + m->text.n);
	if (text) {
		text->users = 1;
		text->n = m->text.n;
		if (text->n)
			memcpy(text->text, m->text.s, text->n);
	}
	for (struct http_connection *c = s->connections, *next; c; c = next) {
		next = c->next;
		if (!c->stream)
			continue;
		if (m->session && c->session == m->session)
			http_sse_stop(c);
		else if (!m->session && c->org == m->org && (!m->to || m->to == c->session) && text)
			send_shared(c, text);
	}
	if (text)
		let_go(NULL, 0, text);
	free(m);
}

/* Takes a message whose text follows it in the same block. */
static void
post(struct http_server *s, struct http_message *m)
{
	m->next = NULL;
	pthread_mutex_lock(&s->lock);
	*s->messages_last = m;
	s->messages_last = &m->next;
	pthread_mutex_unlock(&s->lock);
	http_server_wake(s);
}

/* NULL when there is no memory: the stream's reader finds out by the next event's id. */
static struct http_message *
message_new(const struct out *text)
{
	struct http_message *m = text->full ? NULL : calloc(1, sizeof(*m) + text->n);
	if (!m)
		return NULL;
	char *p = (char *)(m + 1);
	m->text = (str){ p, text->n };
	for (const struct out_block *b = text->first; b; b = b->next) {
		memcpy(p, b->data, b->n);
		p += b->n;
	}
	return m;
}

void
http_sse(struct http_server *s, int64_t org, str event, int64_t seq, str data)
{
	http_sse_to(s, org, 0, event, seq, data);
}

void
http_sse_to(struct http_server *s, int64_t org, int64_t session, str event, int64_t seq, str data)
{
	struct out o;
	out_init(&o, 0);
	if (event.n)
		out_fmt(&o, "event: %.*s\n", STR_ARG(event));
	if (seq)
		out_fmt(&o, "id: %lld\n", (long long)seq);
	for (bool more = true; more;) {
		str line;
		more = str_cut(data, '\n', &line, &data);
		out_lit(&o, "data: ");
		out_str(&o, line);
		out_byte(&o, '\n');
	}
	out_byte(&o, '\n');
	struct http_message *m = message_new(&o);
	out_fini(&o);
	if (!m)
		return;
	m->org = org;
	m->to = session;
	post(s, m);
}

void
http_sse_end(struct http_server *s, int64_t session)
{
	struct http_message *m = session ? message_new(&(struct out){ 0 }) : NULL;
	if (!m)
		return;
	m->session = session;
	post(s, m);
}
