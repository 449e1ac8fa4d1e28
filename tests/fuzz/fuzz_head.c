/* Whole heads: target, then header lines, an empty line, the body. What passes holds what http.h says of a request. */
#include <string.h>

#include "fuzz.h"
#include "http/request.h"

static void
check_path(str path)
{
	must(path.n && path.s[0] == '/' && str_utf8(path));
	must(path.n == 1 || path.s[path.n - 1] != '/');
	must(str_find(path, STR("//")) == SIZE_MAX && str_find(path, STR("/../")) == SIZE_MAX);
	must(!str_ends(path, STR("/..")) && !str_ends(path, STR("/.")));
}

static void
fuzz(struct arena *a, str text)
{
	struct http_pair headers[110];
	struct http_head head = { .minor = 1, .peer = STR("127.0.0.1"), .headers = headers };
	str line;
	str_cut(text, '\n', &head.target, &text);
	while (head.n_headers < 110 && str_cut(text, '\n', &line, &text) && line.n) {
		struct http_pair *h = &headers[head.n_headers++];
		*h = (struct http_pair){ 0 };
		str_cut(line, ':', &h->name, &h->value);
	}
	head.method = head.target.n % 2 ? HTTP_POST : HTTP_HEAD;
	struct http_options o = { .address = "127.0.0.1", .behind_tls = head.target.n % 3 == 0 };
	struct http_request r;
	struct http_refusal no = http_request_parse(a, &head, text, &o, &r);
	if (no.status) {
		must(no.status >= 400 && no.status < 500 && no.what.n && no.mend.n);
		return;
	}
	check_path(r.path);
	must(r.host.n && str_utf8(r.host));
	http_accepts_gzip(&r);
	http_cookie(&r, "s");
}
