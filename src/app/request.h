/* The way of a request, from the socket's bytes to the answer, in one place.
   What it is not for: any page. */
#ifndef APP_REQUEST_H
#define APP_REQUEST_H

#include "page/page.h"

/* http_options.handle; what is a struct page_env. */
void request_handle(struct http_request *http, struct http_response *answer, void *what);
/* Aborts when a route has no policy or a path twice: said at start, not at the first request. */
void request_check_routes(const struct route *routes);
int request_status(enum err e);

#endif
