/* Urlencoded text: what is taken is UTF-8, and escaping it again gives the same pairs. */
#include "fuzz.h"
#include "http/http.h"

static void
fuzz(struct arena *a, str text)
{
	struct http_pair *pairs;
	size_t n;
	if (http_parse_form(a, text, &pairs, &n) != OK)
		return;
	must(n <= 1000);
	for (size_t i = 0; i < n; i++) {
		must(str_utf8(pairs[i].name) && str_utf8(pairs[i].value));
		str back, plus = http_escape(a, pairs[i].value);
		must(http_unescape(a, plus, true, &back) && str_eq(back, pairs[i].value));
	}
}
