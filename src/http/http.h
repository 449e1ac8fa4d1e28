/* HTTP over libevent: strict checks before any handler, forms, cookies, one I/O thread, workers that block.
   What it is not for: knowing routes, people or records (app/ and auth/ do). The only folder that sees libevent. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/out.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS };

struct http_pair {
	str name, value;
	str file;      /* of a multipart part: its file name; else empty */
};

/* What came, checked and parsed. Everything lives in arena. Text is valid UTF-8 without NUL (else 400 before any handler),
   except multipart file contents. */
struct http_request {
	struct arena *arena;
	enum http_method method;
	str path;  /* percent-decoded, starts with '/', no "." or ".." segments, no empty segments */
	str query; /* raw, after '?' */
	str host;
	str peer;  /* address; behind declared TLS that of X-Forwarded-For's last hop */
	bool tls;  /* arrived over TLS at the trusted proxy */
	str body;
	str content_type; /* without parameters, lower case */
	struct http_pair *params; /* of the query, in order */
	size_t n_params;
	struct http_pair *form; /* of an urlencoded or multipart body, in order */
	size_t n_form;
	void *io; /* of http/ */
	void *worker; /* what http_options.worker_open made for this thread: a place for a connection */
};

str http_header(const struct http_request *r, const char *name); /* empty when absent */
str http_cookie(const struct http_request *r, const char *name);
/* First value of that name; empty when absent. http_has tells absent from empty. */
str http_param(const struct http_request *r, const char *name);
str http_field(const struct http_request *r, const char *name);
bool http_has_field(const struct http_request *r, const char *name);
const struct http_pair *http_file(const struct http_request *r, const char *name); /* a multipart part with a file name, or NULL */
/* application/x-www-form-urlencoded text → pairs. ERR_INPUT on bad percent escapes or not UTF-8; at most 1,000 pairs. */
enum err http_parse_form(struct arena *a, str text, struct http_pair **ret, size_t *ret_n);
enum err http_parse_multipart(struct arena *a, str content_type, str body, struct http_pair **ret, size_t *ret_n);
/* Percent-encodes a value for a query or path segment. */
str http_escape(struct arena *a, str s);

struct http_response {
	int status;
	struct out body;
	struct http_pair headers[24];
	size_t n_headers;
	bool stream; /* keep open for server-sent events; see http_sse */
};

/* Header values with control characters are refused by assert: they are ours, never a person's text. */
void http_set(struct http_response *r, const char *name, str value);
void http_redirect(struct http_response *r, struct arena *a, str to); /* 303 */

struct http_server;

struct http_options {
	const char *address; /* 127.0.0.1, ::1 … */
	int port;            /* 0: any; http_port tells */
	bool next_free;      /* port taken: the next free one (up to +50) */
	int workers;         /* 0: 2 × cores */
	size_t body_limit;   /* bytes of one request; larger answers 413. 0: 33 MiB */
	bool behind_tls;     /* trust X-Forwarded-For and -Proto of the peer */
	int most_connections;/* 0: 2000 */
	int queue;           /* requests waiting for a worker before 503 with Retry-After; 0: 512 */
	/* Called on a worker thread; fills the response. The arena is reset after. On exhaustion of the arena the server
	   answers 503 by itself. Responses are gzipped (level 1) when asked for, over 1 KiB and of a text type. */
	void (*handle)(struct http_request *r, struct http_response *ret, void *what);
	void *what;
	void *(*worker_open)(void *what);
	void (*worker_close)(void *worker, void *what);
};

enum err http_open(const struct http_options *o, struct arena *a, struct http_server **ret, str *ret_why);
int http_port(const struct http_server *s);
/* Serves until http_stop (safe from a signal handler) or SIGTERM/SIGINT; finishes what is running. */
enum err http_serve(struct http_server *s);
void http_stop(struct http_server *s);
void http_close(struct http_server *s);

/* Server-sent events: a handler that sets stream keeps the connection; http_sse then sends to every open stream for
   which `wants(key, what)` is true; a heartbeat goes out every 15 s. Safe from any thread. key: what the handler stored with http_sse_key. */
void http_sse_key(struct http_response *r, int64_t session, int64_t org);
void http_sse(struct http_server *s, int64_t org, str event, int64_t seq, str data);
void http_sse_end(struct http_server *s, int64_t session); /* revoked: within a second */

#endif
