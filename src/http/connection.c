/* A connection from accept to close, on the I/O thread. evhttp reads and writes; this keeps the times and budgets it
   does not have, and gives its error pages words. */
#include <assert.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/time.h"
#include "http/server.h"

#define RATE         INT64_C(8192)       /* bytes a second that a client must at least move */
#define AHEAD        ((size_t)64 << 10)  /* of a client's next requests, read while it has not read the answer */
#define READING_MOST ((size_t)256 << 20) /* of all half-read requests */
#define THROWN_MOST  ((size_t)1 << 30)   /* of a body too large, read only so that the client sees the answer */
#define QUEUED_MOST  ((size_t)256 << 20) /* of all bodies waiting for a worker */

enum state { IDLE, READING, WORKING, SENDING, STREAMING };

static enum state
state(const struct http_connection *c)
{
	if (c->stream)
		return STREAMING;
	if (c->job)
		return WORKING;
	if (c->ours)
		return SENDING;
	return c->reading ? READING : IDLE;
}

/* What a half-read request may hold in memory: past the limit evhttp reads it only to throw it away. */
static size_t
held(const struct http_connection *c)
{
	size_t most = c->server->o.body_limit + AHEAD;
	return c->got < most ? c->got : most;
}

static void
on_input(struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *connection)
{
	(void)buffer;
	struct http_connection *c = connection;
	if (info->n_added == 0 || c->ours)
		return;
	if (!c->reading) {
		c->reading = true;
		c->moved = 0;
		c->since = clock_steady_us();
	}
	c->server->reading_bytes -= held(c);
	c->got += info->n_added;
	c->server->reading_bytes += held(c);
	if (c->server->reading_bytes > READING_MOST && c->got > AHEAD && !c->cut) {
		c->cut = true;
		event_active(c->soon, 0, 0);
	}
}

static void
on_output(struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *connection)
{
	(void)buffer;
	struct http_connection *c = connection;
	c->sent += info->n_deleted;
	if (info->n_added && !c->ours)
		event_active(c->soon, 0, 0);
}

/* ---- its life ---- */

/* One conversation ended; what has come of the next begins its time now. */
static void
begin_waiting(struct http_connection *c)
{
	c->server->reading_bytes -= held(c);
	c->ours = false;
	c->got = evbuffer_get_length(bufferevent_get_input(c->bev));
	c->server->reading_bytes += held(c);
	c->reading = c->got > 0;
	c->moved = 0;
	c->since = clock_steady_us();
	bufferevent_setwatermark(c->bev, EV_READ, 0, c->server->o.body_limit + 2 * AHEAD);
}

/* Full: who comes next waits in the kernel's queue until somebody goes. */
static void
accept_more(struct http_server *s)
{
	bool more = !s->stopping && s->n_connections < (size_t)s->o.most_connections;
	if (!s->bound || more == s->accepting)
		return;
	s->accepting = more;
	struct evconnlistener *listener = evhttp_bound_socket_get_listener(s->bound);
	if (more)
		evconnlistener_enable(listener);
	else
		evconnlistener_disable(listener);
}

static void
forget(struct http_connection *c)
{
	struct http_server *s = c->server;
	int fd = bufferevent_getfd(c->bev);
	if (fd >= 0 && (size_t)fd < s->n_by_fd && s->by_fd[fd] == c)
		s->by_fd[fd] = NULL;
	if (c->before)
		c->before->next = c->next;
	else
		s->connections = c->next;
	if (c->next)
		c->next->before = c->before;
	s->n_connections--;
	s->reading_bytes -= held(c);
	if (c->soon)
		event_free(c->soon);
	free(c);
}

/* evhttp is about to free the connection. A request that was handed out and not yet ended is ours to free, unless it
   still hangs on the connection. */
static void
on_close(struct evhttp_connection *evcon, void *connection)
{
	(void)evcon;
	struct http_connection *c = connection;
	struct http_server *s = c->server;
	if (c->stream) {
		s->n_streams--;
		if (!evhttp_request_get_connection(c->stream))
			evhttp_request_free(c->stream);
		c->stream = NULL;
	}
	if (c->job) {
		c->job->connection = NULL;
		if (evhttp_request_get_connection(c->job->evreq))
			c->job->evreq = NULL; /* goes with the connection: the server is being closed */
	}
	evbuffer_remove_cb(bufferevent_get_input(c->bev), on_input, c);
	evbuffer_remove_cb(bufferevent_get_output(c->bev), on_output, c);
	forget(c);
	accept_more(s);
	http_server_check_stopped(s);
}

/* Only the parties to it may close it: never while a worker has its request. */
static void
cut(struct http_connection *c)
{
	assert(!c->job);
	evhttp_connection_free(c->evcon);
}

/* What is written past evhttp, because it has not got as far as a request. */
static void
cut_saying(struct http_connection *c, const char *text)
{
	(void)!send(bufferevent_getfd(c->bev), text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
	cut(c);
}

/* evhttp gives requests, not connections: they are found by their descriptor. */
static bool
remember(struct http_connection *c)
{
	struct http_server *s = c->server;
	size_t fd = (size_t)bufferevent_getfd(c->bev);
	if (fd >= s->n_by_fd) {
		size_t n = fd * 2 + 64;
		struct http_connection **more = realloc(s->by_fd, n * sizeof(*more));
		if (!more)
			return false;
		memset(more + s->n_by_fd, 0, (n - s->n_by_fd) * sizeof(*more));
		s->by_fd = more;
		s->n_by_fd = n;
	}
	s->by_fd[fd] = c;
	return true;
}

static struct http_connection *
find(const struct http_server *s, struct evhttp_request *evreq)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(evreq);
	size_t fd = (size_t)bufferevent_getfd(evhttp_connection_get_bufferevent(evcon));
	return fd < s->n_by_fd ? s->by_fd[fd] : NULL;
}

/* evhttp tells about a connection with its first whole request only; its pointer is the argument of the callbacks it
 * set. */
static void
adopt(struct http_connection *c)
{
	bufferevent_event_cb alive;
	void *evcon;
	bufferevent_getcb(c->bev, NULL, NULL, &alive, &evcon);
	c->adopted = true;
	if (!alive) { /* evhttp gave up at once */
		struct bufferevent *bev = c->bev;
		forget(c);
		bufferevent_decref(bev);
		return;
	}
	c->evcon = evcon;
	if (!remember(c))
		log_error("no memory for another connection");
	assert(evhttp_connection_get_bufferevent(c->evcon) == c->bev);
	evhttp_connection_set_closecb(c->evcon, on_close, c);
	bufferevent_decref(c->bev);
}

/* ---- what evhttp says by itself ---- */

static void
plain_page(struct evbuffer *output, int status)
{
	static const struct {
		int status;
		const char *what, *mend;
	} pages[] = {
		{ 400, "The request could not be read.",
		        "Load the page again; if it stays, the program that sent it is at fault." },
		{ 413, "The file or form is larger than one request may be.",
		        "Send a smaller file, or import it with the command line." },
		{ 417, "The request expects something this server does not do.", "Send it without an Expect header." },
		{ 501, "That method is not known here.", "Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS." },
	};
	size_t i = 0;
	for (size_t k = 0; k < sizeof(pages) / sizeof(*pages); k++)
		if (pages[k].status == status)
			i = k;
	struct http_response r;
	http_response_init(&r);
	http_fail(&r, pages[i].status, str_of(pages[i].what), str_of(pages[i].mend));
	evbuffer_add_printf(output, "HTTP/1.1 %d %s\r\n", r.status, http_reason(r.status));
	for (size_t k = 0; k < r.n_headers; k++)
		evbuffer_add_printf(output, "%.*s: %.*s\r\n", STR_ARG(r.headers[k].name), STR_ARG(r.headers[k].value));
	evbuffer_add_printf(output, "Content-Length: %zu\r\nConnection: close\r\n\r\n", r.body.n);
	for (const struct out_block *b = r.body.first; b; b = b->next)
		evbuffer_add(output, b->data, b->n);
	http_response_fini(&r);
}

/* evhttp 2.1 cannot be given an error page: the one it wrote is exchanged before the socket takes it. */
static void
exchange_page(struct http_connection *c)
{
	struct evbuffer *output = bufferevent_get_output(c->bev);
	char line[13] = "";
	evbuffer_unfreeze(output, 1); /* the socket's end, which a bufferevent keeps for itself */
	bool page = evbuffer_copyout(output, line, 12) == 12 && memcmp(line, "HTTP/1.", 7) == 0 && line[9] != '1';
	if (page)
		evbuffer_drain(output, evbuffer_get_length(output));
	evbuffer_freeze(output, 1);
	if (!page)
		return;
	c->ours = true; /* and the connection's last answer */
	c->sent = c->moved = 0;
	c->since = clock_steady_us();
	plain_page(output, atoi(line + 9));
}

static void
on_soon(evutil_socket_t fd, short what, void *connection)
{
	(void)fd;
	(void)what;
	struct http_connection *c = connection;
	if (!c->adopted)
		adopt(c);
	else if (c->cut && !c->ours)
		cut_saying(c, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\n"
		              "Connection: close\r\n\r\n");
	else if (!c->ours)
		exchange_page(c);
}

/* evhttp asks for a bufferevent for every connection it accepted. Held until adopted. */
struct bufferevent *
http_connection_new(struct event_base *base, void *server)
{
	struct http_server *s = server;
	struct http_connection *c = calloc(1, sizeof(*c));
	struct event *soon = event_new(base, -1, 0, on_soon, c);
	struct bufferevent *bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (!c || !soon || !bev) {
		free(c);
		if (soon)
			event_free(soon);
		if (bev)
			bufferevent_free(bev);
		return NULL;
	}
	*c = (struct http_connection){ .server = s, .bev = bev, .soon = soon, .next = s->connections };
	if (c->next)
		c->next->before = c;
	s->connections = c;
	s->n_connections++;
	evbuffer_add_cb(bufferevent_get_input(bev), on_input, c);
	evbuffer_add_cb(bufferevent_get_output(bev), on_output, c);
	bufferevent_incref(bev);
	begin_waiting(c);
	event_active(soon, 0, 0);
	accept_more(s);
	return bev;
}

/* ---- a request ---- */

static bool
method_of(enum evhttp_cmd_type type, enum http_method *ret)
{
	static const struct {
		enum evhttp_cmd_type type;
		enum http_method method;
	} methods[] = { { EVHTTP_REQ_GET, HTTP_GET }, { EVHTTP_REQ_HEAD, HTTP_HEAD }, { EVHTTP_REQ_POST, HTTP_POST },
		{ EVHTTP_REQ_PUT, HTTP_PUT }, { EVHTTP_REQ_PATCH, HTTP_PATCH }, { EVHTTP_REQ_DELETE, HTTP_DELETE },
		{ EVHTTP_REQ_OPTIONS, HTTP_OPTIONS } };
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (methods[i].type == type) {
			*ret = methods[i].method;
			return true;
		}
	return false;
}

/* Copies the head out of evhttp; one header over the hundred is enough to be refused. */
static bool
take_head(struct evhttp_request *evreq, struct http_job *job)
{
	struct http_pair pairs[103];
	size_t n = 0;
	struct evkeyval *h;
	TAILQ_FOREACH(h, evhttp_request_get_input_headers(evreq), next)
	{
		if (n == 101)
			break;
		pairs[n++] = (struct http_pair){ .name = str_of(h->key), .value = str_of(h->value) };
	}
	job->head.n_headers = n;
	pairs[n++] = (struct http_pair){ .name = STR("target"), .value = str_of(evhttp_request_get_uri(evreq)) };
	pairs[n++] = (struct http_pair){ .name = STR("peer"), .value = str_of(evreq->remote_host) };
	struct http_pair *block = http_pairs_pack(pairs, n);
	if (!block)
		return false;
	job->head.minor = evreq->major == 1 ? evreq->minor : 0;
	job->head.headers = job->head_block = block;
	job->head.target = block[n - 2].value;
	job->head.peer = block[n - 1].value;
	return true;
}

static struct http_job *
job_new(struct http_connection *c, struct evhttp_request *evreq)
{
	struct http_job *job = calloc(1, sizeof(*job));
	if (!job)
		return NULL;
	job->evreq = evreq;
	job->connection = c;
	struct evbuffer *input = evhttp_request_get_input_buffer(evreq);
	job->n_body = evbuffer_get_length(input);
	bool fine = method_of(evhttp_request_get_command(evreq), &job->head.method) && take_head(evreq, job);
	if (fine && job->n_body) {
		job->body = evbuffer_new();
		fine = job->body && evbuffer_add_buffer(job->body, input) == 0;
	}
	if (!fine) {
		http_job_free(job);
		return NULL;
	}
	return job;
}

static bool
enqueue(struct http_server *s, struct http_job *job)
{
	pthread_mutex_lock(&s->lock);
	bool room = s->queue.n < (size_t)s->o.queue && s->queue.bytes + job->n_body <= QUEUED_MOST;
	if (room) {
		*s->queue.last = job;
		s->queue.last = &job->next;
		s->queue.n++;
		s->queue.bytes += job->n_body;
		pthread_cond_signal(&s->ready);
	}
	pthread_mutex_unlock(&s->lock);
	return room;
}

static void
on_complete(struct evhttp_request *evreq, void *connection)
{
	(void)evreq;
	begin_waiting(connection);
}

/* Shedding costs next to nothing, so that what was admitted is still answered in time. */
static void
refuse_busy(struct http_connection *c, struct evhttp_request *evreq)
{
	struct http_server *s = c->server;
	s->refused++;
	if (c->since - s->refused_said > INT64_C(10000000)) {
		log_warn("overloaded: %zu requests answered 503", s->refused);
		s->refused_said = c->since;
		s->refused = 0;
	}
	struct evkeyvalq *headers = evhttp_request_get_output_headers(evreq);
	evhttp_add_header(headers, "Retry-After", s->stopping ? "5" : "2");
	evhttp_add_header(headers, "Cache-Control", "no-store");
	evhttp_add_header(headers, "Content-Type", "text/html; charset=utf-8");
	if (s->stopping)
		evhttp_add_header(headers, "Connection", "close");
	struct evbuffer *body = evhttp_request_get_command(evreq) == EVHTTP_REQ_HEAD ? NULL : evbuffer_new();
	if (body)
		evbuffer_add_printf(body, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>503 "
		                          "Service Unavailable</title>\n"
		                          "<h1>The server has more to do than it can.</h1>\n<p>Nothing was done. Try "
		                          "again in a few seconds.</p>\n");
	evhttp_send_reply(evreq, 503, http_reason(503), body);
	if (body)
		evbuffer_free(body);
}

void
http_connection_request(struct evhttp_request *evreq, void *server)
{
	struct http_server *s = server;
	struct http_connection *c = find(s, evreq);
	if (!c) { /* no memory when it was adopted */
		evhttp_send_error(evreq, 503, NULL);
		return;
	}
	c->ours = true;
	c->sent = c->moved = 0;
	c->since = clock_steady_us();
	s->reading_bytes -= held(c);
	c->got = 0;
	bufferevent_setwatermark(c->bev, EV_READ, 0, AHEAD);
	evreq->flags &=
	        ~EVHTTP_PROXY_REQUEST; /* a whole URL as target is refused; its answer must say "Connection: close" */
	evhttp_request_set_on_complete_cb(evreq, on_complete, c);
	struct http_job *job = s->stopping ? NULL : job_new(c, evreq);
	if (!job || !enqueue(s, job)) {
		http_job_free(job);
		refuse_busy(c, evreq);
		return;
	}
	c->job = job;
	s->n_jobs++;
}

void
http_connection_answer(struct http_job *job)
{
	struct http_connection *c = job->connection;
	struct evhttp_request *evreq = job->evreq;
	if (!c) { /* it went while the worker had the request */
		if (evreq)
			evhttp_request_free(evreq);
		http_job_free(job);
		return;
	}
	c->job = NULL;
	c->sent = c->moved = 0;
	c->since = clock_steady_us();
	struct evkeyvalq *headers = evhttp_request_get_output_headers(evreq);
	for (size_t i = 0; i < job->n_headers; i++)
		evhttp_add_header(headers, job->headers[i].name.s, job->headers[i].value.s);
	if (job->last || c->server->stopping)
		evhttp_add_header(headers, "Connection", "close");
	if (job->stream)
		http_sse_begin(c, job);
	else
		evhttp_send_reply(evreq, job->status, http_reason(job->status), job->answer);
	http_job_free(job);
}

/* ---- time ---- */

/* The time is over, and too little has moved in it to be given the same again. */
static bool
over(struct http_connection *c, int64_t at, int ms, size_t moved)
{
	int64_t time = at - c->since;
	if (time <= INT64_C(1000) * ms)
		return false;
	if ((int64_t)(moved - c->moved) < time * RATE / 1000000)
		return true;
	c->since = at;
	c->moved = moved;
	return false;
}

static void
sweep_one(struct http_connection *c, int64_t at, bool crowded)
{
	const struct http_options *o = &c->server->o;
	switch (state(c)) {
	case IDLE:
		if (c->server->stopping || over(c, at, crowded && o->idle_ms > 1000 ? 1000 : o->idle_ms, c->moved))
			cut(c);
		break;
	case READING:
		if (over(c, at, o->request_ms, c->got) || c->got > THROWN_MOST)
			cut_saying(c, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
		break;
	case SENDING:
		if (over(c, at, o->send_ms, c->sent))
			cut(c);
		break;
	case STREAMING:
		http_sse_beat(c, at);
		break;
	case WORKING:
		break;
	}
}

/* Full: whoever only keeps a connection open gives way. */
void
http_connection_sweep(struct http_server *s)
{
	int64_t at = clock_steady_us();
	bool crowded = s->n_connections >= (size_t)s->o.most_connections;
	for (struct http_connection *c = s->connections, *next; c; c = next) {
		next = c->next;
		if (c->adopted)
			sweep_one(c, at, crowded);
	}
	s->accepting = false; /* also taken up again when descriptors had run out */
	accept_more(s);
}

/* No new ones; streams end, who only waits is let go, what is running is finished. */
void
http_connection_stop(struct http_server *s)
{
	accept_more(s);
	for (struct http_connection *c = s->connections, *next; c; c = next) {
		next = c->next;
		if (c->stream)
			http_sse_stop(c);
		else if (c->adopted && state(c) <= READING)
			cut(c);
	}
}

/* After evhttp is gone: what had been accepted a moment before, and never adopted. */
void
http_connection_clear(struct http_server *s)
{
	while (s->connections) {
		struct bufferevent *bev = s->connections->bev;
		forget(s->connections);
		bufferevent_decref(bev);
	}
}
