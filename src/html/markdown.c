#include "html/markdown.h"

#include <pthread.h>
#include <stdlib.h>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include "base/arena.h"

static pthread_once_t once = PTHREAD_ONCE_INIT; /* the library's own register is not made for threads */

static void
close_parser(void *parser)
{
	cmark_parser_free(parser);
}

static void
close_node(void *node)
{
	cmark_node_free(node);
}

/* One h1 a page, and h2 heads a card. */
static void
lower_heading(cmark_node *x)
{
	int level = cmark_node_get_heading_level(x) + 2;

	cmark_node_set_heading_level(x, level > 6 ? 6 : level);
}

static void
image_to_link(cmark_node *x)
{
	cmark_node *link = cmark_node_new(CMARK_NODE_LINK), *child;

	cmark_node_set_url(link, cmark_node_get_url(x));
	while ((child = cmark_node_first_child(x)))
		cmark_node_append_child(link, child);
	if (!cmark_node_first_child(link)) {
		child = cmark_node_new(CMARK_NODE_TEXT);
		cmark_node_set_literal(child, cmark_node_get_url(x));
		cmark_node_append_child(link, child);
	}
	cmark_node_replace(x, link);
	cmark_node_free(x);
}

static void
tame(cmark_node *root)
{
	cmark_iter *it = cmark_iter_new(root);
	cmark_event_type event;

	while ((event = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *x = cmark_iter_get_node(it);
		if (event == CMARK_EVENT_ENTER && cmark_node_get_type(x) == CMARK_NODE_HEADING)
			lower_heading(x);
		else if (event == CMARK_EVENT_EXIT && cmark_node_get_type(x) == CMARK_NODE_IMAGE)
			image_to_link(x);
	}
	cmark_iter_free(it);
}

str
markdown_html(struct arena *a, str text)
{
	cmark_parser *parser;
	cmark_node *root;
	cmark_syntax_extension *extension;
	char *html;
	str done;

	text = str_trim(str_first(text, MARKDOWN_MOST));
	if (!text.n)
		return (str){ 0 };
	pthread_once(&once, cmark_gfm_core_extensions_ensure_registered);
	parser = cmark_parser_new(CMARK_OPT_DEFAULT);
	arena_defer(a, close_parser, parser);
	if ((extension = cmark_find_syntax_extension("table")))
		cmark_parser_attach_syntax_extension(parser, extension);
	if ((extension = cmark_find_syntax_extension("autolink")))
		cmark_parser_attach_syntax_extension(parser, extension);
	cmark_parser_feed(parser, text.s, text.n);
	root = cmark_parser_finish(parser);
	arena_defer(a, close_node, root);
	tame(root);
	html = cmark_render_html(root, CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser));
	done = str_copy(a, str_of(html));
	free(html);
	return done;
}
