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
	str file; /* of a multipart part: its file name, without folders; else empty */
};

/* What came, checked and parsed. Everything lives in arena. Text is valid UTF-8 without NUL (else 400 before any
   handler), except multipart file contents and bodies that are no form. */
struct http_request {
	struct arena *arena;
	enum http_method method;
	str path;  /* percent-decoded, starts with '/', no "." or ".." segments, no empty segments; a '/' at its end is
	              taken off */
	str query; /* raw, after '?' */
	str host;  /* as the client wrote it, with the port */
	str peer;  /* address; behind declared TLS that of X-Forwarded-For's last hop */
	bool tls;  /* arrived over TLS at the trusted proxy */
	str body;
	str content_type;         /* without parameters, lower case */
	struct http_pair *params; /* of the query, in order */
	size_t n_params;
	struct http_pair *form; /* of an urlencoded or multipart body, in order */
	size_t n_form;
	void *io;     /* of http/ */
	void *worker; /* what http_options.worker_open made for this thread: a place for a connection */
};

str http_header(const struct http_request *r, const char *name); /* the first of that name; empty when absent */
str http_cookie(const struct http_request *r, const char *name); /* empty when absent */
/* First value of that name; empty when absent. http_has_field tells absent from empty. */
str http_param(const struct http_request *r, const char *name);
str http_field(const struct http_request *r, const char *name);
bool http_has_field(const struct http_request *r, const char *name);
const struct http_pair *http_file(
        const struct http_request *r, const char *name); /* a part with a file name, or NULL */

/* application/x-www-form-urlencoded text → pairs. ERR_INPUT on bad percent escapes or text that is not UTF-8 or holds a
   NUL; ERR_LARGE over 1,000 pairs. */
enum err http_parse_form(struct arena *a, str text, struct http_pair **ret, size_t *ret_n);
/* content_type with its boundary. Values point into body. Files are any bytes, fields are UTF-8. ERR_INPUT on anything
   a browser would not write; ERR_LARGE over 1,000 parts. */
enum err http_parse_multipart(struct arena *a, str content_type, str body, struct http_pair **ret, size_t *ret_n);
/* Value of one cookie in the text of a Cookie header; empty when absent. */
str http_parse_cookie(str header, str name);
/* Percent-decodes (and '+' to a blank where plus is set). False on a bad escape, a NUL or what is not UTF-8. */
bool http_unescape(struct arena *a, str s, bool plus, str *ret);
/* Percent-encodes a value for a query or path segment. */
str http_escape(struct arena *a, str s);

struct http_response {
	int status; /* 200 unless the handler says otherwise */
	struct out body;
	struct http_pair headers[24];
	size_t n_headers;
	bool stream;          /* keep open for server-sent events; see http_sse */
	int64_t session, org; /* of a stream; see http_sse_key */
};

/* A name given before is replaced, except Set-Cookie. Header values with control characters are refused by assert: they
   are ours, never a person's text. The value must live until the handler returns, or in the request's arena. */
void http_set(struct http_response *r, const char *name, str value);
/* 303. What is not allowed in a header is percent-encoded. */
void http_redirect(struct http_response *r, struct arena *a, str to);
/* Replaces the body by a small page: what happened, and what to do. */
void http_fail(struct http_response *r, int status, str what, str mend);
const char *http_reason(int status); /* "Not Found" */

struct http_server;

struct http_options {
	const char *address;      /* 127.0.0.1, ::1 …; others only when behind_tls */
	int port;                 /* 0: any; http_port tells */
	bool next_free;           /* port taken: the next free one (up to +50) */
	int workers;              /* 0: 2 × cores */
	size_t body_limit;        /* bytes of one request; larger answers 413. 0: 33 MiB */
	bool behind_tls;          /* trust X-Forwarded-For and -Proto of the peer */
	const char *const *hosts; /* names answered to (without port), NULL at the end, against DNS rebinding. NULL: any
	                             when behind_tls, else loopback's: localhost, *.localhost, 127.0.0.1, [::1] */
	int most_connections;     /* 0: 2000 */
	int queue;                /* requests waiting for a worker before 503 with Retry-After; 0: 512 */

	/* Milliseconds; 0 means what stands here. Requests and readers get them again as long as 8 KiB a second move.
	 */
	int idle_ms;      /* 65,000: between two requests of a connection */
	int request_ms;   /* 20,000: from a request's first byte to its last */
	int send_ms;      /* 30,000: for the client to read an answer */
	int heartbeat_ms; /* 15,000: a comment in a silent event stream */
	int drain_ms;     /* 10,000: for clients to read what was running when the server was stopped */

	/* Called on a worker thread; fills the response. The arena is reset after. On exhaustion of the arena the
	   server answers 503 by itself. Responses are gzipped (level 1) when asked for, over 1 KiB and of a text type.
	 */
	void (*handle)(struct http_request *r, struct http_response *ret, void *what);
	void *what;
	void *(*worker_open)(void *what); /* both may be NULL */
	void (*worker_close)(void *worker, void *what);
};

/* The options are copied; what they point to must live as long as the server. On failure *ret_why says what to do. */
enum err http_open(const struct http_options *o, struct arena *a, struct http_server **ret, str *ret_why);
int http_port(const struct http_server *s);
/* Serves until http_stop (safe from a signal handler and from any thread) or SIGTERM/SIGINT; finishes what is running.
 */
enum err http_serve(struct http_server *s);
void http_stop(struct http_server *s);
void http_close(struct http_server *s);

/* Server-sent events: a handler that sets stream keeps the connection; http_sse then sends to every open stream of org;
   a heartbeat goes out every 15 s. A stream whose reader lets 256 KiB pile up is dropped: it comes back with
   Last-Event-ID. Safe from any thread. Whoever lets a handler open a stream checks the session first. */
void http_sse_key(struct http_response *r, int64_t session, int64_t org);
/* event: its name; seq: its id, 0 for none; data may have several lines. */
void http_sse(struct http_server *s, int64_t org, str event, int64_t seq, str data);
/* To the streams of one session alone. */
void http_sse_to(struct http_server *s, int64_t org, int64_t session, str event, int64_t seq, str data);
void http_sse_end(struct http_server *s, int64_t session); /* revoked: at once */

#endif
