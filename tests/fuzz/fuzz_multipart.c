/* Multipart bodies: the first line is the content type, the rest the body. Values stay inside the body. */
#include "fuzz.h"
#include "http/http.h"

static void
fuzz(struct arena *a, str text)
{
	str type, body;
	str_cut(text, '\n', &type, &body);
	struct http_pair *pairs;
	size_t n;
	if (http_parse_multipart(a, type, body, &pairs, &n) != OK)
		return;
	must(n <= 1000);
	for (size_t i = 0; i < n; i++) {
		must(str_utf8(pairs[i].name) && str_utf8(pairs[i].file));
		must(str_find_byte(pairs[i].file, '/') == SIZE_MAX && str_find_byte(pairs[i].file, '\\') == SIZE_MAX);
		must(pairs[i].value.n == 0 ||
		        (pairs[i].value.s >= body.s && pairs[i].value.s + pairs[i].value.n <= body.s + body.n));
	}
}
