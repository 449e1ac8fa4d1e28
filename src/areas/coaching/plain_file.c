#include "areas/coaching/plain_file.h"

void
plain_file_wrong(const struct plain_file *r, int line, str what, const char *mend)
{
	fault_add(r->f, str_fmt(r->a, "line %d", line), what, str_of(mend));
}

bool
plain_file_known(const struct plain_file *r, const struct yaml *y, const char *const *keys)
{
	if (y->kind != YAML_MAP) {
		plain_file_wrong(r, y->line, STR("here words with values behind them belong"),
		        "write it as in an exported file");
		return false;
	}
	for (const struct yaml *x = y->first; x; x = x->next) {
		bool known = false;
		for (size_t i = 0; keys[i]; i++)
			known = known || str_eq(x->key, str_of(keys[i]));
		if (!known)
			plain_file_wrong(r, x->line, str_fmt(r->a, "“%.*s” is unknown here", STR_ARG(x->key)),
			        "see the words of an exported file");
	}
	return true;
}

str
plain_file_text(const struct plain_file *r, const struct yaml *y, const char *key, size_t most, bool required)
{
	const struct yaml *x = yaml_at(y, str_of(key));
	str s = x && x->kind == YAML_SCALAR ? str_trim(x->text) : (str){ 0 };

	if (x && x->kind != YAML_SCALAR)
		plain_file_wrong(
		        r, x->line, str_fmt(r->a, "“%s” is no single value", key), "write one value behind it");
	else if (required && !s.n)
		plain_file_wrong(r, x ? x->line : y->line, str_fmt(r->a, "“%s” is missing", key), "write it");
	else if (str_letters(s) > most)
		plain_file_wrong(r, x->line, str_fmt(r->a, "“%s” is longer than %zu letters", key, most), "shorten it");
	return s;
}

void
plain_file_print(struct out *o, struct arena *a, int indent, const char *key, str value)
{
	if (value.n)
		out_fmt(o, "%*s%s: %.*s\n", indent, "", key, STR_ARG(yaml_quote(a, value)));
}
