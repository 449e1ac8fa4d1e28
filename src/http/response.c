#include "http/response.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define GZIP_LEAST 1024

void
http_response_init(struct http_response *r)
{
	*r = (struct http_response){ .status = 200 };
	out_init(&r->body, HTTP_BODY_MOST);
}

void
http_response_fini(struct http_response *r)
{
	out_fini(&r->body);
	r->n_headers = 0;
}

static struct http_pair *
header_at(struct http_response *r, str name)
{
	for (size_t i = 0; i < r->n_headers; i++)
		if (str_same(r->headers[i].name, name))
			return &r->headers[i];
	return NULL;
}

void
http_set(struct http_response *r, const char *name, str value)
{
	for (size_t i = 0; i < value.n; i++)
		assert((unsigned char)value.s[i] >= ' ' && value.s[i] != 0x7f);
	str key = str_of(name);
	struct http_pair *at = str_same(key, STR("set-cookie")) ? NULL : header_at(r, key);
	if (!at) {
		assert(r->n_headers < sizeof(r->headers) / sizeof(*r->headers));
		at = &r->headers[r->n_headers++];
	}
	*at = (struct http_pair){ .name = key, .value = value };
}

void
http_redirect(struct http_response *r, struct arena *a, str to)
{
	static const char digits[] = "0123456789ABCDEF";
	char *safe = arena_alloc(a, to.n * 3 + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < to.n; i++) {
		unsigned char c = (unsigned char)to.s[i];
		if (c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\') {
			safe[n++] = (char)c;
		} else {
			safe[n++] = '%';
			safe[n++] = digits[c >> 4];
			safe[n++] = digits[c & 15];
		}
	}
	r->status = 303;
	http_set(r, "Location", (str){ safe, n });
}

void
http_sse_key(struct http_response *r, int64_t session, int64_t org)
{
	r->session = session;
	r->org = org;
}

const char *
http_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = { { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" },
		{ 206, "Partial Content" }, { 301, "Moved Permanently" }, { 302, "Found" }, { 303, "See Other" },
		{ 304, "Not Modified" }, { 307, "Temporary Redirect" }, { 308, "Permanent Redirect" },
		{ 400, "Bad Request" }, { 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 406, "Not Acceptable" }, { 408, "Request Timeout" },
		{ 409, "Conflict" }, { 410, "Gone" }, { 412, "Precondition Failed" }, { 413, "Content Too Large" },
		{ 414, "URI Too Long" }, { 415, "Unsupported Media Type" }, { 416, "Range Not Satisfiable" },
		{ 417, "Expectation Failed" }, { 421, "Misdirected Request" }, { 422, "Unprocessable Content" },
		{ 428, "Precondition Required" }, { 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" }, { 500, "Internal Server Error" },
		{ 501, "Not Implemented" }, { 503, "Service Unavailable" }, { 507, "Insufficient Storage" } };
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Answer";
}

static void
out_text(struct out *o, str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];
		if (c == '&')
			out_lit(o, "&amp;");
		else if (c == '<')
			out_lit(o, "&lt;");
		else if (c == '>')
			out_lit(o, "&gt;");
		else
			out_byte(o, c);
	}
}

void
http_fail(struct http_response *r, int status, str what, str mend)
{
	out_fini(&r->body);
	r->status = status;
	r->stream = false;
	http_set(r, "Content-Type", STR("text/html; charset=utf-8"));
	http_set(r, "Cache-Control", STR("no-store"));
	http_set(r, "Content-Security-Policy", STR("default-src 'none'; frame-ancestors 'none'"));
	http_set(r, "X-Content-Type-Options", STR("nosniff"));
	struct out *o = &r->body;
	out_lit(o, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	           "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
	out_fmt(o, "%d %s</title>\n<h1>", status, http_reason(status));
	out_text(o, what);
	out_lit(o, "</h1>\n<p>");
	out_text(o, mend);
	out_lit(o, "</p>\n");
}

bool
http_status_bodyless(int status)
{
	return status == 204 || status == 304;
}

static bool
is_text_type(str type)
{
	static const str types[] = { STR_INIT("application/json"), STR_INIT("application/javascript"),
		STR_INIT("application/xml"), STR_INIT("image/svg+xml"), STR_INIT("application/problem+json"),
		STR_INIT("application/manifest+json") };
	if (str_starts(type, STR("text/")))
		return true;
	str head, rest;
	str_cut(type, ';', &head, &rest);
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (str_same(str_trim(head), types[i]))
			return true;
	return false;
}

struct http_gzip {
	z_stream z;
};

static struct http_gzip *
gzip_new(void)
{
	struct http_gzip *g = calloc(1, sizeof(*g));
	if (g && deflateInit2(&g->z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(g);
		return NULL;
	}
	return g;
}

void
http_gzip_free(struct http_gzip *g)
{
	if (g)
		deflateEnd(&g->z);
	free(g);
}

/* Feeds one piece; false when out of memory. */
static bool
gzip_piece(z_stream *z, const char *s, size_t n, int flush, struct out *to)
{
	unsigned char buffer[16384];
	z->next_in = (unsigned char *)(uintptr_t)s;
	z->avail_in = (uInt)n;
	do {
		z->next_out = buffer;
		z->avail_out = sizeof(buffer);
		if (deflate(z, flush) == Z_STREAM_ERROR)
			return false;
		out_bytes(to, (const char *)buffer, sizeof(buffer) - z->avail_out);
	} while (z->avail_out == 0);
	return !to->full;
}

static bool
gzip_body(struct http_gzip *g, const struct out *from, struct out *to)
{
	if (deflateReset(&g->z) != Z_OK)
		return false;
	for (const struct out_block *b = from->first; b; b = b->next) {
		assert(b->n <= UINT32_MAX);
		if (!gzip_piece(&g->z, b->data, b->n, Z_NO_FLUSH, to))
			return false;
	}
	return gzip_piece(&g->z, NULL, 0, Z_FINISH, to);
}

void
http_response_gzip(struct http_response *r, bool accepted, struct http_gzip **gzip)
{
	const struct http_pair *type = header_at(r, STR("content-type"));
	if (!type || !is_text_type(type->value) || r->body.n <= GZIP_LEAST || header_at(r, STR("content-encoding")))
		return;
	const struct http_pair *vary = header_at(r, STR("vary"));
	if (!vary && r->n_headers < sizeof(r->headers) / sizeof(*r->headers))
		http_set(r, "Vary", STR("Accept-Encoding"));
	if (!accepted || r->n_headers == sizeof(r->headers) / sizeof(*r->headers))
		return;
	if (!*gzip)
		*gzip = gzip_new();
	if (!*gzip)
		return;
	struct out packed;
	out_init(&packed, HTTP_BODY_MOST);
	if (!gzip_body(*gzip, &r->body, &packed)) {
		out_fini(&packed);
		return;
	}
	out_fini(&r->body);
	r->body = packed;
	http_set(r, "Content-Encoding", STR("gzip"));
}
