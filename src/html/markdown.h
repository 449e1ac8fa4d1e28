/* Markdown as HTML, safe to write into a page: raw HTML and javascript: links are dropped, headings start at the third
   level, images become links (pages load nothing from elsewhere). By cmark-gfm with tables and bare links.
   What it is not for: rendering on reading: it is done at save, and kept. */
#ifndef HTML_MARKDOWN_H
#define HTML_MARKDOWN_H

#include "base/str.h"

#define MARKDOWN_MOST 16384 /* bytes of text that are taken */

/* Empty text gives an empty text. Longer text is cut at MARKDOWN_MOST: fields refuse it before. */
str markdown_html(struct arena *a, str text);

#endif
