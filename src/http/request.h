/* From the head as evhttp read it to a checked struct http_request. Pure functions: no libevent, no sockets.
   What it is not for: use outside http/. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http/http.h"

/* Bytes as they came; values are not checked yet. */
struct http_head {
	enum http_method method;
	int minor; /* of HTTP/1.x */
	str target;
	str peer;
	struct http_pair *headers;
	size_t n_headers;
};

/* Why a request is refused: a status and the two sentences of its page. status 0: it is fine. */
struct http_refusal {
	int status;
	str what, mend;
};

/* Checks everything that can be checked without knowing routes. head must live as long as the arena's contents. */
struct http_refusal http_request_parse(struct arena *a, const struct http_head *head, str body,
        const struct http_options *o, struct http_request *ret);
bool http_address_loopback(const char *address);
bool http_accepts_gzip(const struct http_request *r);

#endif
