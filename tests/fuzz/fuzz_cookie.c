/* Cookie headers: the first line is the name, the rest the header. */
#include "fuzz.h"
#include "http/http.h"

static void
fuzz(struct arena *a, str text)
{
	(void)a;
	str name, header;
	str_cut(text, '\n', &name, &header);
	str value = http_parse_cookie(header, name);
	must(value.n == 0 || (value.s >= header.s && value.s + value.n <= header.s + header.n));
	must(str_find_byte(value, ';') == SIZE_MAX);
}
