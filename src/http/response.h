/* What a worker hands back: a response finished for the wire, in memory of its own.
   What it is not for: use outside http/. */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "http/http.h"

#define HTTP_BODY_MOST ((size_t)512 << 20) /* of one answer */

void http_response_init(struct http_response *r);
void http_response_fini(struct http_response *r);
/* Gzips the body where that pays, with the worker's own deflate state (made when first needed). */
struct http_gzip;
void http_response_gzip(struct http_response *r, bool accepted, struct http_gzip **gzip);
void http_gzip_free(struct http_gzip *gzip);
bool http_status_bodyless(int status); /* 204, 304 */

#endif
