/* JSON: what is taken can be written, and reads back the same. */
#include <string.h>

#include "fuzz.h"
#include "json/json.h"

static void
write_value(struct json *j, const struct jval *v)
{
	switch (v->kind) {
	case JVAL_NULL:
		json_null(j);
		break;
	case JVAL_BOOL:
		json_bool(j, v->i);
		break;
	case JVAL_INT:
		json_int(j, v->i);
		break;
	case JVAL_REAL:
		json_double(j, v->r);
		break;
	case JVAL_STR:
		json_str(j, v->text);
		break;
	case JVAL_ARRAY:
	case JVAL_OBJECT:
		v->kind == JVAL_ARRAY ? json_array(j) : json_object(j);
		for (const struct jval *c = v->first; c; c = c->next) {
			if (v->kind == JVAL_OBJECT)
				json_key_str(j, c->key);
			write_value(j, c);
		}
		json_end(j);
		break;
	}
}

static int
depth_of(const struct jval *v)
{
	int most = 0;
	for (const struct jval *c = v->first; c; c = c->next)
		most = depth_of(c) > most ? depth_of(c) : most;
	return most + (v->kind == JVAL_ARRAY || v->kind == JVAL_OBJECT);
}

static str
text_of(struct arena *a, const struct jval *v)
{
	struct out o;
	struct json j;
	out_init(&o, 0);
	json_init(&j, &o);
	write_value(&j, v);
	str text = out_all(&o, a);
	out_fini(&o);
	return text;
}

static void
fuzz(struct arena *a, str text)
{
	struct faults f;
	struct jval *v, *again;
	faults_init(&f, a);
	if (text.n > 4096)
		return;
	if (json_parse(a, text, &f, &v) != OK) {
		must(f.n == 1);
		return;
	}
	if (depth_of(v) > 8)
		return;
	str once = text_of(a, v);
	must(json_parse(a, once, &f, &again) == OK);
	must(str_eq(once, text_of(a, again)));
}
