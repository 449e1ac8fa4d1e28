#include "db/dialect.h"

#include <stdlib.h>
#include <string.h>

struct expansion {
	const char *in;
	char *out;
	bool lite;
};

static bool
says(const char *at, const char *word)
{
	return strncmp(at, word, strlen(word)) == 0;
}

static bool
begins_choice(const char *at)
{
	return says(at, "lite:") || says(at, "pg:");
}

/* Past the closing sign, or NULL. A doubled quote needs no care: it ends one literal and begins the next. */
static const char *
past_quoted(const char *at)
{
	const char *end = NULL;
	if (*at == '\'' || *at == '"') {
		end = strchr(at + 1, *at);
		return end ? end + 1 : NULL;
	}
	if (says(at, "--")) {
		end = strchr(at, '\n');
		return end ? end : at + strlen(at);
	}
	end = strstr(at + 2, "*/");
	return end ? end + 2 : NULL;
}

static bool
is_quoted(const char *at)
{
	return *at == '\'' || *at == '"' || says(at, "--") || says(at, "/*");
}

static bool expand_until_end(struct expansion *x, bool keep, bool inside);

/* x->in stands on the brace. */
static bool
expand_choices(struct expansion *x, bool keep)
{
	if (!begins_choice(x->in + 1))
		return false;
	do {
		x->in++;
		bool lite = says(x->in, "lite:");
		x->in += lite ? 5 : 3;
		if (!expand_until_end(x, keep && lite == x->lite, true))
			return false;
	} while (*x->in == '|');
	x->in++;
	return true;
}

static void
keep_bytes(struct expansion *x, const char *end, bool keep)
{
	size_t n = (size_t)(end - x->in);
	if (keep) {
		memmove(x->out, x->in, n);
		x->out += n;
	}
	x->in = end;
}

/* Up to the end of the text or, inside a choice, to the bar or brace that ends it. */
static bool
expand_until_end(struct expansion *x, bool keep, bool inside)
{
	while (*x->in) {
		if (is_quoted(x->in)) {
			const char *end = past_quoted(x->in);
			if (!end)
				return false;
			keep_bytes(x, end, keep);
		} else if (*x->in == '{') {
			if (!expand_choices(x, keep))
				return false;
		} else if (*x->in == '}') {
			return inside;
		} else if (inside && *x->in == '|' && begins_choice(x->in + 1)) {
			return true;
		} else {
			keep_bytes(x, x->in + 1, keep);
		}
	}
	return !inside;
}

bool
dialect_expand(const char *sql, bool lite, char *ret)
{
	struct expansion x = { .in = sql, .out = ret, .lite = lite };
	bool ok = expand_until_end(&x, true, false);
	*x.out = '\0';
	return ok;
}

size_t
dialect_parameters(const char *sql)
{
	size_t most = 0;
	while (*sql) {
		if (is_quoted(sql)) {
			sql = past_quoted(sql);
			if (!sql)
				break;
		} else if (*sql++ == '$') {
			size_t n = strtoul(sql, NULL, 10);
			most = n > most ? n : most;
		}
	}
	return most;
}
