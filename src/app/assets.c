#include "app/assets.h"

#include <stdio.h>
#include <string.h>

#include "app/embedded.h"

/* FNV-1a over every byte of every file: another content, another address. */
str
assets_tag(void)
{
	static char text[17];
	uint64_t h = UINT64_C(14695981039346656037);

	if (!text[0]) {
		for (const struct embedded *f = embedded_assets; f->name; f++)
			for (size_t i = 0; i < f->n; i++)
				h = (h ^ f->data[i]) * UINT64_C(1099511628211);
		snprintf(text, sizeof text, "%016llx", (unsigned long long)h);
	}
	return str_first(str_of(text), 12);
}

static const struct {
	const char *ending, *type;
} types[] = { { ".css", "text/css; charset=utf-8" }, { ".js", "text/javascript; charset=utf-8" },
	{ ".svg", "image/svg+xml" } };

static enum err
asset(struct request *r)
{
	str name = r->words[1];

	if (r->words[2].n)
		name = str_fmt(r->arena, "%.*s/%.*s", STR_ARG(name), STR_ARG(r->words[2]));
	for (const struct embedded *f = embedded_assets; f->name; f++) {
		if (!str_eq(name, str_of(f->name)))
			continue;
		for (size_t i = 0; i < sizeof types / sizeof *types; i++)
			if (str_ends(name, str_of(types[i].ending)))
				http_set(r->answer, "Content-Type", str_of(types[i].type));
		http_set(r->answer, "Cache-Control", STR("public, max-age=31536000, immutable"));
		out_bytes(&r->answer->body, (const char *)f->data, f->n);
		return OK;
	}
	return ERR_ABSENT;
}

const struct route assets_routes[] = {
	{ HTTP_GET, "/assets/*/*", POLICY_PUBLIC, asset, NULL, "Styles, scripts and icons", false },
	{ HTTP_GET, "/assets/*/*/*", POLICY_PUBLIC, asset, NULL, "Styles, scripts and icons", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
