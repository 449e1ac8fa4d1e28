#include "html/html.h"
#include "mail/mail.h"

/* Colours are the reader's own, light or dark; only what every program for letters knows. */
#define STYLE \
	":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:1.5em " \
	"auto;padding:0 " \
	"1em;overflow-wrap:anywhere}h2{font-size:.9em;margin:1.5em 0 " \
	".25em}ul{margin:0;padding-left:1.25em}li{margin:.35em " \
	"0}hr{border:0;border-top:1px solid;opacity:.3;margin:1.5em 0 1em}"

enum mode { MODE_NONE, MODE_LIST, MODE_LINES };

struct page {
	struct view view;
	str base;
	enum mode mode;
};

static void
raw(struct page *p, const char *z)
{
	html_raw(&p->view, str_of(z));
}

static void
turn(struct page *p, enum mode to)
{
	static const char *const opens[] = { "", "<ul>\n", "<p>" }, *const closes[] = { "", "</ul>\n", "</p>\n" };

	if (p->mode == to)
		return;
	raw(p, closes[p->mode]);
	raw(p, opens[to]);
	p->mode = to;
}

static bool
is_heading(str line)
{
	bool letters = false;

	for (size_t i = 0; i < line.n; i++) {
		if (line.s[i] >= 'a' && line.s[i] <= 'z')
			return false;
		letters = letters || (line.s[i] >= 'A' && line.s[i] <= 'Z');
	}
	return letters;
}

/* Where an address of ours begins; its length without the point or bracket of the sentence. SIZE_MAX: there is none. */
static size_t
find_address(str s, str base, size_t *ret_n)
{
	size_t at = 0, n = base.n, next;

	for (;; at++) {
		next = base.n ? str_find(str_from(s, at), base) : SIZE_MAX;
		if (next == SIZE_MAX || (at += next) + n >= s.n)
			return SIZE_MAX;
		if (s.s[at + n] == '/') /* else it goes on: https://sales.example.com.elsewhere.net */
			break;
	}
	while (at + n < s.n && (unsigned char)s.s[at + n] > ' ' && s.s[at + n] != '"' && s.s[at + n] != '<')
		n++;
	while (n > base.n + 1 && (s.s[at + n - 1] == '.' || s.s[at + n - 1] == ',' || s.s[at + n - 1] == ')'))
		n--;
	*ret_n = n;
	return at;
}

static void
link_to(struct page *p, str to, str words)
{
	raw(p, "<a href=\"");
	html_attr(&p->view, to);
	raw(p, "\">");
	html_text(&p->view, words);
	raw(p, "</a>");
}

/* "… 09:00, with Ada. Prepared: https://…" links the word Prepared. */
static void
words(struct page *p, str line)
{
	size_t n = 0, at = find_address(line, p->base, &n);

	for (; at != SIZE_MAX; at = find_address(line, p->base, &n)) {
		str before = str_first(line, at), to = str_first(str_from(line, at), n), said = before;
		if (at + n == line.n && str_ends(before, STR(": "))) {
			said.n -= 2;
			before.n = 0;
			for (size_t i = 0; i + 2 < said.n; i++)
				if (said.s[i] == '.' && said.s[i + 1] == ' ')
					before = str_first(line, i + 2);
			said = str_from(said, before.n);
		} else {
			said = to;
		}
		html_text(&p->view, before);
		link_to(p, to, said);
		line = str_from(line, at + n);
	}
	html_text(&p->view, line);
}

static void
one_line(struct page *p, str line)
{
	if (str_eq(line, STR("-- "))) {
		turn(p, MODE_NONE);
		raw(p, "<hr>\n");
	} else if (!line.n) {
		turn(p, MODE_NONE);
	} else if (str_starts(line, STR("- "))) {
		turn(p, MODE_LIST);
		raw(p, "<li>");
		words(p, str_from(line, 2));
		raw(p, "</li>\n");
	} else if (is_heading(line)) {
		turn(p, MODE_NONE);
		raw(p, "<h2>");
		html_text(&p->view, line);
		raw(p, "</h2>\n");
	} else {
		if (p->mode == MODE_LINES)
			raw(p, "<br>\n");
		turn(p, MODE_LINES);
		words(p, line);
	}
}

str
mail_html(struct arena *a, str title, str text, str base)
{
	struct out o;
	struct page p = { .view = { .out = &o, .arena = a }, .base = base };
	str line, rest = text, all;

	out_init(&o, 0);
	raw(&p, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
	        "content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
	        "dark\"><meta "
	        "name=\"supported-color-schemes\" content=\"light dark\">\n<title>");
	html_text(&p.view, title);
	raw(&p, "</title>\n<style>" STYLE "</style></head><body>\n");
	while (rest.n) {
		str_cut(rest, '\n', &line, &rest);
		one_line(&p, line);
	}
	turn(&p, MODE_NONE);
	raw(&p, "</body></html>\n");
	all = out_all(&o, a);
	out_fini(&o);
	return all;
}
