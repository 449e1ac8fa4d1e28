#include "http/request.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/str.h"

#define REFUSE(number, text, remedy) \
	return (struct http_refusal) \
	{ \
		.status = (number), .what = STR(text), .mend = STR(remedy) \
	}
#define FINE ((struct http_refusal){ 0 })

str
http_header(const struct http_request *r, const char *name)
{
	const struct http_head *head = r->io;
	for (size_t i = 0; i < head->n_headers; i++)
		if (str_same(head->headers[i].name, str_of(name)))
			return head->headers[i].value;
	return (str){ 0 };
}

str
http_cookie(const struct http_request *r, const char *name)
{
	const struct http_head *head = r->io;
	for (size_t i = 0; i < head->n_headers; i++) {
		if (!str_same(head->headers[i].name, STR("cookie")))
			continue;
		str value = http_parse_cookie(head->headers[i].value, str_of(name));
		if (value.n)
			return value;
	}
	return (str){ 0 };
}

static const struct http_pair *
pair_find(const struct http_pair *pairs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(pairs[i].name, str_of(name)))
			return &pairs[i];
	return NULL;
}

str
http_param(const struct http_request *r, const char *name)
{
	const struct http_pair *p = pair_find(r->params, r->n_params, name);
	return p ? p->value : (str){ 0 };
}

str
http_field(const struct http_request *r, const char *name)
{
	const struct http_pair *p = pair_find(r->form, r->n_form, name);
	return p ? p->value : (str){ 0 };
}

bool
http_has_field(const struct http_request *r, const char *name)
{
	return pair_find(r->form, r->n_form, name) != NULL;
}

const struct http_pair *
http_file(const struct http_request *r, const char *name)
{
	for (size_t i = 0; i < r->n_form; i++)
		if (r->form[i].file.n && str_eq(r->form[i].name, str_of(name)))
			return &r->form[i];
	return NULL;
}

/* RFC 9110's token: what a header's name may be made of. "Content-Length : 5" is not one, and a way to smuggle. */
static bool
is_token(str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		if (c <= ' ' || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c))
			return false;
	}
	return s.n > 0;
}

static bool
is_header_value(str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return str_utf8(s);
}

/* Index of the only header of that name; -1: absent, -2: more than one. */
static int
only(const struct http_head *head, const char *name)
{
	int found = -1;
	for (size_t i = 0; i < head->n_headers; i++) {
		if (!str_same(head->headers[i].name, str_of(name)))
			continue;
		if (found >= 0)
			return -2;
		found = (int)i;
	}
	return found;
}

static bool
is_digits(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
	return s.n > 0 && s.n < 16;
}

/* What would let two programs disagree about where a request ends is refused, also where evhttp would take it. */
static struct http_refusal
check_framing(const struct http_head *head)
{
	int length = only(head, "content-length"), coding = only(head, "transfer-encoding");
	if (length == -2)
		REFUSE(400, "Content-Length was given more than once.", "Send it once.");
	if (coding == -2)
		REFUSE(400, "Transfer-Encoding was given more than once.", "Send it once, as chunked.");
	if (length >= 0 && coding >= 0)
		REFUSE(400, "Content-Length and Transfer-Encoding were both given.", "Send one of them.");
	if (length >= 0 && !is_digits(head->headers[length].value))
		REFUSE(400, "Content-Length is not a number.", "Write it in decimal digits.");
	if (coding >= 0 && (!str_same(head->headers[coding].value, STR("chunked")) || head->minor < 1))
		REFUSE(400, "That Transfer-Encoding is not understood.",
		        "Send chunked over HTTP/1.1, or a Content-Length.");
	if (head->method == HTTP_HEAD &&
	        (coding >= 0 || (length >= 0 && !str_eq(head->headers[length].value, STR("0")))))
		REFUSE(400, "A HEAD request came with a body.", "Leave the body out.");
	return FINE;
}

static struct http_refusal
check_headers(const struct http_head *head)
{
	if (head->n_headers > 100)
		REFUSE(431, "The request has more than 100 headers.", "Delete this site's cookies and try again.");
	for (size_t i = 0; i < head->n_headers; i++) {
		if (!is_token(head->headers[i].name))
			REFUSE(400, "A header's name has a character that is not allowed.",
			        "Mend the program that sent it.");
		if (!is_header_value(head->headers[i].value))
			REFUSE(400, "A header's value is not plain UTF-8 text.", "Mend the program that sent it.");
	}
	return check_framing(head);
}

/* name or name:port → name, without the brackets' port; false when it is no host at all. */
static bool
host_name(str host, str *ret_name)
{
	str name, port;
	bool has_port;
	if (str_starts(host, STR("["))) {
		size_t end = str_find_byte(host, ']');
		if (end == SIZE_MAX)
			return false;
		name = str_first(host, end + 1);
		port = str_from(host, end + 1);
		has_port = port.n > 0;
		if (has_port && port.s[0] != ':')
			return false;
		port = str_from(port, has_port);
	} else {
		has_port = str_cut(host, ':', &name, &port);
	}
	if (name.n == 0 || name.n > 255 || (has_port && !is_digits(port)))
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.s[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!letter && !strchr(name.s[0] == '[' ? "[]:." : "-._", c))
			return false;
	}
	*ret_name = name;
	return true;
}

static bool
host_loopback(str name)
{
	static const str names[] = { STR_INIT("localhost"), STR_INIT("127.0.0.1"), STR_INIT("[::1]") };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_same(name, names[i]))
			return true;
	str tail = STR(".localhost");
	return name.n > tail.n && str_same(str_from(name, name.n - tail.n), tail);
}

static bool
host_allowed(str name, const struct http_options *o)
{
	if (!o->hosts)
		return o->behind_tls || host_loopback(name);
	for (const char *const *h = o->hosts; *h; h++)
		if (str_same(name, str_of(*h)))
			return true;
	return false;
}

/* Against DNS rebinding: a page of another site whose name was pointed at this machine names that site here. */
static struct http_refusal
check_host(const struct http_head *head, const struct http_options *o, str *ret)
{
	int at = only(head, "host");
	if (at == -1)
		REFUSE(400, "The request names no host.", "Send one Host header.");
	if (at == -2)
		REFUSE(400, "Host was given more than once.", "Send one Host header.");
	str name;
	if (!host_name(head->headers[at].value, &name))
		REFUSE(400, "The Host header is not a name or an address.",
		        "Open the address the server printed at start.");
	if (!host_allowed(name, o))
		REFUSE(421, "This server does not answer to that name.",
		        "Open the address it printed at start, or add the name to its hosts.");
	*ret = head->headers[at].value;
	return FINE;
}

/* Every segment is checked after decoding, so that no escape gets around it. An escaped slash would move the borders.
 */
static bool
path_decode(struct arena *a, str raw, str *ret)
{
	for (size_t i = 0; i + 2 < raw.n; i++)
		if (raw.s[i] == '%' && raw.s[i + 1] == '2' && (raw.s[i + 2] | 0x20) == 'f')
			return false;
	str path;
	if (raw.n == 0 || raw.s[0] != '/' || !http_unescape(a, raw, false, &path))
		return false;
	for (size_t i = 0; i < path.n; i++)
		if ((unsigned char)path.s[i] < ' ' || path.s[i] == 0x7f || path.s[i] == '\\')
			return false;
	if (path.n > 1 && path.s[path.n - 1] == '/')
		path.n--;
	str rest = str_from(path, 1), segment;
	for (bool more = path.n > 1; more;) {
		more = str_cut(rest, '/', &segment, &rest);
		if (segment.n == 0 || str_eq(segment, STR(".")) || str_eq(segment, STR("..")))
			return false;
	}
	*ret = path;
	return true;
}

static struct http_refusal
parse_target(struct arena *a, str target, struct http_request *r)
{
	if (target.n > 8192)
		REFUSE(414, "The address is longer than 8,192 bytes.", "Shorten the search or filter.");
	for (size_t i = 0; i < target.n; i++)
		if ((unsigned char)target.s[i] <= ' ' || (unsigned char)target.s[i] >= 0x7f || target.s[i] == '#')
			REFUSE(400, "The address has a character that must be percent-encoded.",
			        "Encode it, or open the start page.");
	str path;
	str_cut(target, '?', &path, &r->query);
	if (!path_decode(a, path, &r->path))
		REFUSE(400, "The address is not a path of this server.", "Check the address, or open the start page.");
	if (http_parse_form(a, r->query, &r->params, &r->n_params) != OK)
		REFUSE(400, "The part of the address after the question mark cannot be read.",
		        "Check that every % is followed by two hexadecimal digits of UTF-8 text.");
	return FINE;
}

/* The last of a comma-separated list: what our own proxy added, not what the client claims. */
static str
last_hop(str list)
{
	size_t at = list.n;
	while (at > 0 && list.s[at - 1] != ',')
		at--;
	return str_trim(str_from(list, at));
}

static bool
is_address(str s)
{
	char z[INET6_ADDRSTRLEN];
	struct in6_addr six;
	if (s.n == 0 || s.n >= sizeof(z))
		return false;
	memcpy(z, s.s, s.n);
	z[s.n] = '\0';
	return inet_pton(AF_INET, z, &six) == 1 || inet_pton(AF_INET6, z, &six) == 1;
}

static void
take_forwarded(struct http_request *r)
{
	const struct http_head *head = r->io;
	for (size_t i = 0; i < head->n_headers; i++) { /* the last header of a name is the proxy's */
		str hop = last_hop(head->headers[i].value);
		if (str_same(head->headers[i].name, STR("x-forwarded-for")) && is_address(hop))
			r->peer = hop;
		else if (str_same(head->headers[i].name, STR("x-forwarded-proto")))
			r->tls = str_same(hop, STR("https"));
	}
}

static str
lower(struct arena *a, str s)
{
	char *to = arena_alloc(a, s.n + 1, 1);
	for (size_t i = 0; i < s.n; i++)
		to[i] = (char)(s.s[i] >= 'A' && s.s[i] <= 'Z' ? s.s[i] | 0x20 : s.s[i]);
	return (str){ to, s.n };
}

static struct http_refusal
parse_body(struct http_request *r)
{
	str full = http_header(r, "content-type"), type, rest;
	str_cut(full, ';', &type, &rest);
	r->content_type = lower(r->arena, str_trim(type));
	enum err e = OK;
	if (str_eq(r->content_type, STR("application/x-www-form-urlencoded")))
		e = http_parse_form(r->arena, r->body, &r->form, &r->n_form);
	else if (str_eq(r->content_type, STR("multipart/form-data")))
		e = http_parse_multipart(r->arena, full, r->body, &r->form, &r->n_form);
	if (e == ERR_LARGE)
		REFUSE(413, "The form has more than 1,000 fields.", "Send it in parts.");
	if (e != OK)
		REFUSE(400, "The form cannot be read: it is cut off or not UTF-8.",
		        "Load the page again and send it once more.");
	return FINE;
}

struct http_refusal
http_request_parse(
        struct arena *a, const struct http_head *head, str body, const struct http_options *o, struct http_request *ret)
{
	*ret = (struct http_request){ .arena = a, .method = head->method, .peer = head->peer, .body = body };
	ret->io = (void *)(uintptr_t)head;
	struct http_refusal no = check_headers(head);
	if (!no.status)
		no = check_host(head, o, &ret->host);
	if (!no.status)
		no = parse_target(a, head->target, ret);
	if (!no.status && o->behind_tls)
		take_forwarded(ret);
	if (!no.status && body.n)
		no = parse_body(ret);
	return no;
}

bool
http_address_loopback(const char *address)
{
	struct in_addr four;
	struct in6_addr six;
	if (inet_pton(AF_INET, address, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool
http_accepts_gzip(const struct http_request *r)
{
	str rest = http_header(r, "accept-encoding"), one, coding, weight;
	while (rest.n) {
		str_cut(rest, ',', &one, &rest);
		bool weighted = str_cut(one, ';', &coding, &weight);
		if (!str_same(str_trim(coding), STR("gzip")))
			continue;
		weight = str_trim(weight);
		double q = 1;
		if (weighted && str_starts(weight, STR("q=")))
			return str_to_double(str_from(weight, 2), &q) && q > 0;
		return true;
	}
	return false;
}
