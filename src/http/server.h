/* What the I/O thread (server, connection, sse) and the workers share.

   Rules of who touches what:
   1. evhttp, its requests, connections and the streams belong to the I/O thread.
   2. A job belongs to one thread at a time: I/O → queue → worker → done → I/O. It copies what the worker needs.
   3. A connection may die while its job is with a worker: the job's connection becomes NULL, and evhttp keeps the
      request until it is answered, because it was handed out.
   What it is not for: use outside http/. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/http.h"
#include "http/request.h"
#include "http/response.h"

struct http_connection;

struct http_job {
	struct http_job *next;
	struct evhttp_request *evreq;       /* the I/O thread's */
	struct http_connection *connection; /* the I/O thread's; NULL once it is gone */
	struct http_head head;
	struct http_pair *head_block; /* what head points to */
	struct evbuffer *body;        /* moved out of evhttp, not copied; NULL: none */
	size_t n_body;
	/* The answer, made by the worker. */
	int status;
	bool last;   /* close the connection after it */
	bool stream; /* of server-sent events */
	int64_t session, org;
	struct http_pair *headers; /* a block of its own; names and values are NUL-terminated */
	size_t n_headers;
	struct evbuffer *answer; /* NULL: none */
};

struct http_queue {
	struct http_job *first, **last;
	size_t n, bytes; /* jobs in it, and of their bodies */
};

/* One event for the streams of a company; the text is shared by them. */
struct http_message {
	struct http_message *next;
	int64_t org, session; /* session set: end its streams */
	int64_t to;           /* only to streams of this session; 0: to all of org */
	str text;
};

struct http_connection {
	struct http_server *server;
	struct http_connection *next, *before;
	struct bufferevent *bev;
	struct evhttp_connection *evcon; /* NULL until adopted */
	struct event *soon;              /* what must not happen inside a callback of evhttp */
	struct http_job *job;            /* with a worker */
	struct evhttp_request *stream;   /* open event stream */
	int64_t session, org;
	int64_t since;    /* µs: of the state, see state() in connection.c; of a stream: last sent */
	size_t got, sent; /* bytes of this request, of this answer */
	size_t moved;     /* what got or sent were at since */
	bool reading;     /* a request has begun to arrive */
	bool ours;        /* evhttp gave us the request and it is not answered to the end */
	bool adopted;
	bool cut; /* over the budget of half-read requests */
};

struct http_server {
	struct http_options o;
	struct event_base *base;
	struct evhttp *http;
	struct evhttp_bound_socket *bound;
	struct event *wake, *sweep, *signals[2];
	int port, wake_fd;
	struct http_connection *connections, **by_fd;
	size_t n_by_fd;
	size_t n_connections, n_jobs, n_streams, reading_bytes;
	bool accepting, stopping;
	int64_t stop_at, refused_said; /* µs */
	size_t refused;
	atomic_bool stop;

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t ready;
	struct http_queue queue;
	struct http_job *done;
	struct http_message *messages, **messages_last;
	bool quit;

	pthread_t *threads;
	size_t n_threads;
};

/* server.c */
void http_server_check_stopped(struct http_server *s);
void http_server_wake(struct http_server *s);
void http_job_free(struct http_job *job);
/* The pairs and their text, NUL-terminated, in one block to be freed; NULL when there is no memory. */
struct http_pair *http_pairs_pack(const struct http_pair *from, size_t n);

/* connection.c: from accept to close */
struct bufferevent *http_connection_new(struct event_base *base, void *server);
void http_connection_request(struct evhttp_request *evreq, void *server); /* evhttp's callback for every request */
void http_connection_answer(struct http_job *job);                        /* the job is done: send and free it */
void http_connection_sweep(struct http_server *s);
void http_connection_stop(struct http_server *s);
void http_connection_clear(struct http_server *s);

/* worker.c */
void *http_worker_main(void *server);

/* sse.c */
void http_sse_begin(struct http_connection *c, struct http_job *job);
void http_sse_deliver(struct http_server *s, struct http_message *m);
void http_sse_beat(struct http_connection *c, int64_t at);
void http_sse_stop(struct http_connection *c);

#endif
