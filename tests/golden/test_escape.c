/* Hostile strings in every place of a compiled template: the page must keep its skeleton (tags and the names of their
   attributes), and no address may get a scheme of its own. */
#include "../unit/unit.h"

#include <ctype.h>
#include <strings.h>

#include "base/out.h"
#include "html/html.h"

#include "escape_html.h"

static const char *const hostile[] = {
	"<script>alert(1)</script>",
	"</title><script>alert(1)</script>",
	"</textarea><script>alert(1)</script>",
	"</TEXTAREA ><img src=x onerror=alert(1)>",
	"</pre><b>",
	"\" onmouseover=\"alert(1)",
	"' onmouseover='alert(1)",
	"\"><svg onload=alert(1)>",
	"'><svg onload=alert(1)>",
	"` onerror=alert(1) `",
	"x onerror=alert(1)",
	"javascript:alert(1)",
	"JaVaScRiPt:alert(1)",
	" javascript:alert(1)",
	"\tjavascript:alert(1)",
	"java\tscript:alert(1)",
	"java\nscript:alert(1)",
	"\x01javascript:alert(1)",
	"javascript&colon;alert(1)",
	"javascript&#58;alert(1)",
	"&#106;avascript:alert(1)",
	"\xc2\xa0javascript:alert(1)",
	"vbscript:msgbox(1)",
	"data:text/html,<script>alert(1)</script>",
	"data:text/html;base64,PHNjcmlwdD4=",
	"feed:javascript:alert(1)",
	"view-source:javascript:alert(1)",
	":javascript:alert(1)",
	"javascript",
	":alert(1)",
	"//evil.example/x",
	"\\\\evil.example",
	"<!--",
	"-->",
	"--!>",
	"<![CDATA[",
	"]]>",
	"<?php",
	"<%",
	"{{ x }}",
	"{% end %}",
	"&lt;script&gt;",
	"&amp;",
	"&",
	"&#0;",
	"&quot;",
	"<",
	">",
	"\"",
	"'",
	"`",
	"=",
	"/",
	"\\",
	"/>",
	"\"/>",
	"\x0b\x0c\x1b\x7f",
	"\xf0\x9f\x98\x80 emoji",
	"\xe2\x80\xae rtl",
	"\xc3",
	"\xe2\x80",
	"\xff<\xfe",
	("\xc0\xbc"
	 "script>"), /* no UTF-8: cannot come here, must not break out either */
	"</svg><script>",
	"</text></svg><p>",
	"<use href=javascript:1>",
	"a\r\nb",
	"",
};

/* The character an entity at s stands for; *ret_n: its length. Ours are all it must know, and those of an attack. */
static char
entity(const char *s, const char *end, size_t *ret_n)
{
	static const struct {
		const char *text;
		char c;
	} known[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&#34;", '"' }, { "&#39;", '\'' },
		{ "&colon;", ':' }, { "&#58;", ':' }, { "&#106;", 'j' } };
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		size_t n = strlen(known[i].text);
		if ((size_t)(end - s) >= n && strncmp(s, known[i].text, n) == 0) {
			*ret_n = n;
			return known[i].c;
		}
	}
	*ret_n = 1;
	return *s;
}

/* As a browser reads an address: entities decoded, blanks and control characters before it and tab and newline in it
 * gone. */
static void
check_address(const char *s, const char *end)
{
	char text[4096];
	size_t n = 0;
	while (s < end && n + 1 < sizeof(text)) {
		size_t step = 1;
		char c = *s == '&' ? entity(s, end, &step) : *s;
		s += step;
		if (c == '\t' || c == '\n' || c == '\r' || (n == 0 && (unsigned char)c <= ' '))
			continue;
		text[n++] = c;
	}
	text[n] = '\0';
	size_t scheme = strcspn(text, ":/?#");
	if (text[scheme] != ':')
		return;
	static const char *const fine[] = { "http", "https", "mailto", "tel" };
	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++)
		if (strlen(fine[i]) == scheme && strncasecmp(text, fine[i], scheme) == 0)
			return;
	print_error("address \"%s\"\n", text);
	fail();
}

static bool
is_address(const char *name, size_t n)
{
	static const char *const names[] = { "href", "src", "action", "formaction", "hx-get" };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == n && strncmp(names[i], name, n) == 0)
			return true;
	return false;
}

/* Reads one tag's attributes as a browser does; writes their names. Returns behind '>'. */
static const char *
read_attributes(struct out *skeleton, const char *s)
{
	while (*s != '\0' && *s != '>') {
		if (isspace((unsigned char)*s) || *s == '/') {
			s++;
			continue;
		}
		const char *name = s;
		s += strcspn(s, "= \t\n\f\r/>");
		size_t n = (size_t)(s - name);
		out_byte(skeleton, ' ');
		out_bytes(skeleton, name, n);
		if (*s != '=')
			continue;
		s++;
		assert_true(*s == '"' || *s == '\''); /* nothing is without quotes */
		const char *end = strchr(s + 1, *s);
		assert_non_null(end);
		if (is_address(name, n))
			check_address(s + 1, end);
		s = end + 1;
	}
	assert_int_equal(*s, '>');
	out_byte(skeleton, '>');
	return s + 1;
}

/* Tags and names of attributes; text and values are left out. */
static str
skeleton_of(struct arena *a, const char *s)
{
	struct out skeleton;
	out_init(&skeleton, 0);
	while ((s = strchr(s, '<')) != NULL) {
		size_t n = 1 + strcspn(s + 1, " \t\n\f\r>");
		out_bytes(&skeleton, s, n);
		const char *tag = s;
		s = read_attributes(&skeleton, s + n);
		bool foreign =
		        strstr(s, "</svg>") != NULL && strstr(s, "<svg") == NULL; /* the title in <svg> holds tags */
		if (!foreign && (strncmp(tag, "<title", 6) == 0 || strncmp(tag, "<textarea", 9) == 0)) {
			s = strcasestr(s, tag[2] == 'i' ? "</title" : "</textarea");
			assert_non_null(s);
		}
	}
	str all = out_all(&skeleton, a);
	out_fini(&skeleton);
	return all;
}

static const char *
page_with(struct arena *a, const char *s, struct out *o)
{
	struct view view = { .out = o, .arena = a };
	tpl_escape(&view, str_of(s), s, str_of(s));
	str all = out_all(o, a);
	out_fini(o);
	return str_z(a, all);
}

static void
no_string_changes_the_page(void **state)
{
	struct out o;
	out_init(&o, 0);
	str harmless = skeleton_of(*state, page_with(*state, "harmless", &o));
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		const char *page = page_with(*state, hostile[i], &o);
		str got = skeleton_of(*state, page);
		if (!str_eq(got, harmless)) {
			print_error("with %s:\n%s\n%.*s\n", hostile[i], page, STR_ARG(got));
			fail();
		}
	}
}

/* What is typed into a text area comes back, its first newline too. */
static void
text_areas_keep_the_first_newline(void **state)
{
	struct out o;
	out_init(&o, 0);
	assert_non_null(strstr(page_with(*state, "\nkept", &o), "<textarea name=\"x\">\n\nkept</textarea>"));
}

static void
a_bare_attribute_comes_and_goes(void **state)
{
	struct out o;
	out_init(&o, 0);
	assert_non_null(strstr(page_with(*state, "hide me", &o), " b\" hidden>"));
	assert_null(strstr(page_with(*state, "show me", &o), "hidden"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(no_string_changes_the_page), unit(text_areas_keep_the_first_newline),
		unit(a_bare_attribute_comes_and_goes) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
