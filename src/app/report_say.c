/* A report as text, CSV or JSON: the same for the command line and the API.
   What it is not for: figures (report*.c). */
#include <stdio.h>

#include "app/report.h"
#include "json/json.h"
#include "sheet/write.h"

static str
money_said(struct report *r, int64_t minor)
{
	money m = { .minor = minor };

	snprintf(m.code, sizeof m.code, "%.*s", STR_ARG(r->scope.currency));
	return str_eq(r->format, STR("text")) ? money_text(r->arena, m) : money_plain(r->arena, m);
}

static str
said(struct report *r, enum unit unit, int64_t whole, double real, str text)
{
	struct arena *a = r->arena;
	bool words = str_eq(r->format, STR("text"));

	switch (unit) {
	case UNIT_COUNT:
		return str_fmt(a, "%lld", (long long)whole);
	case UNIT_MONEY:
		return money_said(r, whole);
	case UNIT_SHARE:
		return words ? str_fmt(a, "%.1f %%", real * 100) : str_fmt(a, "%.13g", real);
	case UNIT_DAYS:
		return words ? str_fmt(a, "%.1f days", real) : str_fmt(a, "%.13g", real);
	case UNIT_REAL:
		return str_fmt(a, words ? "%.4g" : "%.13g", real);
	case UNIT_TEXT:
	case UNIT_DAY:
		return text;
	}
	return (str){ 0 };
}

static str
value_text(struct report *r, const struct metric *m)
{
	if (!m->known)
		return str_eq(r->format, STR("text")) ? STR("no data") : STR("");
	return said(r, m->unit, m->whole, m->real, m->text);
}

static str
cell_said(struct report *r, size_t column, const struct report_cell *x)
{
	if (!x->known)
		return str_eq(r->format, STR("text")) ? STR("–") : STR("");
	return said(r, r->table.columns[column].unit, x->whole, x->real, x->text);
}

static size_t
table_width(const struct report *r)
{
	size_t n = 0;
	while (r->table.columns && r->table.columns[n].name)
		n++;
	return n;
}

static void
text_table(struct report *r, struct out *o)
{
	size_t width = table_width(r);

	for (size_t k = 0; k < width; k++)
		out_fmt(o, "%s%-*s", k ? "  " : "  ", k ? 12 : 24, r->table.columns[k].name);
	out_fmt(o, "%s", width ? "\n" : "");
	for (size_t i = 0; i < r->table.n; i++) {
		for (size_t k = 0; k < width; k++) {
			str s = cell_said(r, k, &r->table.rows[i][k]);
			int pad = (k ? 12 : 24) - (int)s.n;
			out_fmt(o, "  %.*s%*s", STR_ARG(s), pad > 0 ? pad : 0, "");
		}
		out_fmt(o, "\n");
	}
}

static void
csv_table(struct report *r, struct write *w)
{
	size_t width = table_width(r);

	for (size_t k = 0; k < width; k++)
		write_text(w, str_of(r->table.columns[k].name));
	write_row_end(w);
	for (size_t i = 0; i < r->table.n; i++) {
		for (size_t k = 0; k < width; k++) {
			enum unit u = r->table.columns[k].unit;
			str s = cell_said(r, k, &r->table.rows[i][k]);
			if (u == UNIT_TEXT || u == UNIT_DAY)
				write_text(w, s);
			else
				write_number(w, s);
		}
		write_row_end(w);
	}
}

static void
json_value(struct json *j, enum unit unit, bool known, int64_t whole, double real, str text)
{
	if (!known)
		json_null(j);
	else if (unit == UNIT_COUNT || unit == UNIT_MONEY)
		json_int(j, whole);
	else if (unit == UNIT_TEXT || unit == UNIT_DAY)
		json_str(j, text);
	else
		json_double(j, real);
}

static void
json_table(struct report *r, struct json *j)
{
	size_t width = table_width(r);

	json_key(j, "rows");
	json_array(j);
	for (size_t i = 0; i < r->table.n; i++) {
		json_object(j);
		for (size_t k = 0; k < width; k++) {
			const struct report_cell *x = &r->table.rows[i][k];
			json_key(j, r->table.columns[k].name);
			json_value(j, r->table.columns[k].unit, x->known, x->whole, x->real, x->text);
		}
		json_end(j);
	}
	json_end(j);
}

static void
text_stages(struct report *r, struct out *o)
{
	for (size_t i = 0; i < r->n_stages; i++) {
		const struct report_stage *x = &r->stages[i];
		str value = money_said(r, x->value), weighted = money_said(r, x->weighted);
		out_fmt(o, "  %-24.*s %16.*s   weighted %16.*s   n %lld, without account %lld", STR_ARG(x->stage),
		        STR_ARG(value), STR_ARG(weighted), (long long)x->n, (long long)x->n_no_account);
		out_fmt(o, x->n_no_rate ? ", without a rate %lld\n" : "\n", (long long)x->n_no_rate);
	}
}

static void
say_text(struct report *r, struct out *o)
{
	str currency = r->scope.currency;
	static const char *const heads[] = { "office", "manager", "person", "quarter" };

	out_fmt(o, "%s as of %.*s%s%.*s, %.*s\n", r->kind->name, STR_ARG(day_iso(r->arena, r->scope.as_of)),
	        r->scope.person ? ", " : "", STR_ARG(r->person_name), STR_ARG(currency));
	for (size_t i = 0; i < r->n; i++) {
		const struct metric *m = &r->metrics[i];
		str value = value_text(r, m);
		out_fmt(o, "  %-36s %16.*s   n %lld", m->label, STR_ARG(value), (long long)m->n);
		if (m->interval)
			m->unit == UNIT_SHARE ? out_fmt(o, "   95 %%: %.1f to %.1f %%", m->low * 100, m->high * 100)
			                      : out_fmt(o, "   95 %%: %.4g to %.4g", m->low, m->high);
		if (m->lists && m->n_list)
			out_fmt(o, "   %lld without an amount, at their product's list price", (long long)m->n_list);
		out_fmt(o, "\n");
	}
	text_stages(r, o);
	text_table(r, o);
	for (size_t i = 0; i < r->n_rows; i++) {
		const struct report_row *x = &r->rows[i];
		const str keys[] = { x->office, x->manager, x->person, x->quarter };
		str value = money_said(r, x->value);
		for (int k = 0; k < 4; k++)
			if (r->by >> k & 1)
				out_fmt(o, "  %s %-20.*s", heads[k], STR_ARG(keys[k]));
		out_fmt(o, "  %16.*s   n %lld", STR_ARG(value), (long long)x->n);
		out_fmt(o, x->n_no_rate ? ", without a rate %lld\n" : "\n", (long long)x->n_no_rate);
	}
}

static void
csv_stages(struct report *r, struct write *w)
{
	static const char *const heads[] = { "stage", "n", "value", "n_value", "weighted", "currency", "n_no_account",
		"n_no_rate" };

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		write_text(w, str_of(heads[i]));
	write_row_end(w);
	for (size_t i = 0; i < r->n_stages; i++) {
		const struct report_stage *x = &r->stages[i];
		struct arena *a = r->arena;
		write_text(w, x->stage);
		write_number(w, str_fmt(a, "%lld", (long long)x->n));
		write_number(w, money_said(r, x->value));
		write_number(w, str_fmt(a, "%lld", (long long)x->n_value));
		write_number(w, money_said(r, x->weighted));
		write_text(w, r->scope.currency);
		write_number(w, str_fmt(a, "%lld", (long long)x->n_no_account));
		write_number(w, str_fmt(a, "%lld", (long long)x->n_no_rate));
		write_row_end(w);
	}
}

static void
json_stages(struct report *r, struct json *j)
{
	json_key(j, "stages");
	json_array(j);
	for (size_t i = 0; i < r->n_stages; i++) {
		const struct report_stage *x = &r->stages[i];
		const struct {
			const char *key;
			int64_t n;
		} figures[] = { { "n", x->n }, { "value", x->value }, { "n_value", x->n_value },
			{ "weighted", x->weighted }, { "n_no_account", x->n_no_account },
			{ "n_no_rate", x->n_no_rate } };
		json_object(j);
		json_key(j, "stage");
		json_str(j, x->stage);
		for (size_t k = 0; k < sizeof figures / sizeof *figures; k++) {
			json_key(j, figures[k].key);
			json_int(j, figures[k].n);
		}
		json_end(j);
	}
	json_end(j);
}

static void
csv_rows(struct report *r, struct write *w)
{
	static const char *const heads[] = { "office", "manager", "person", "quarter" };

	for (int k = 0; k < 4; k++)
		if (r->by >> k & 1)
			write_text(w, str_of(heads[k]));
	write_text(w, STR("value"));
	write_text(w, STR("currency"));
	write_text(w, STR("n"));
	write_text(w, STR("n_no_rate"));
	write_row_end(w);
	for (size_t i = 0; i < r->n_rows; i++) {
		const struct report_row *x = &r->rows[i];
		const str keys[] = { x->office, x->manager, x->person, x->quarter };
		for (int k = 0; k < 4; k++)
			if (r->by >> k & 1)
				write_text(w, keys[k]);
		write_number(w, money_said(r, x->value));
		write_text(w, r->scope.currency);
		write_number(w, str_fmt(r->arena, "%lld", (long long)x->n));
		write_number(w, str_fmt(r->arena, "%lld", (long long)x->n_no_rate));
		write_row_end(w);
	}
}

static void
csv_metrics(struct report *r, struct write *w)
{
	struct arena *a = r->arena;

	for (int i = 0; i < 6; i++)
		write_text(
		        w, str_of((const char *const[]){ "metric", "value", "n", "low", "high", "n_list_price" }[i]));
	write_row_end(w);
	for (size_t i = 0; i < r->n; i++) {
		const struct metric *m = &r->metrics[i];
		write_text(w, str_of(m->name));
		write_number(w, value_text(r, m));
		write_number(w, str_fmt(a, "%lld", (long long)m->n));
		write_number(w, m->interval ? str_fmt(a, "%.13g", m->low) : (str){ 0 });
		write_number(w, m->interval ? str_fmt(a, "%.13g", m->high) : (str){ 0 });
		write_number(w, m->lists ? str_fmt(a, "%lld", (long long)m->n_list) : (str){ 0 });
		write_row_end(w);
	}
}

static void
json_metrics(struct report *r, struct json *j)
{
	json_key(j, "metrics");
	json_object(j);
	for (size_t i = 0; i < r->n; i++) {
		const struct metric *m = &r->metrics[i];
		json_key(j, m->name);
		json_object(j);
		json_key(j, "label");
		json_str(j, str_of(m->label));
		json_key(j, "value");
		json_value(j, m->unit, m->known, m->whole, m->real, m->text);
		json_key(j, "n");
		json_int(j, m->known ? m->n : 0);
		if (m->interval) {
			json_key(j, "low");
			json_double(j, m->low);
			json_key(j, "high");
			json_double(j, m->high);
		}
		if (m->lists) {
			json_key(j, "n_list_price");
			json_int(j, m->n_list);
		}
		if (m->unit == UNIT_MONEY) {
			json_key(j, "unit");
			json_str(j, STR("minor"));
		}
		json_end(j);
	}
	json_end(j);
}

static void
json_rows(struct report *r, struct json *j)
{
	static const char *const heads[] = { "office", "manager", "person", "quarter" };

	json_key(j, "rows");
	json_array(j);
	for (size_t i = 0; i < r->n_rows; i++) {
		const struct report_row *x = &r->rows[i];
		const str keys[] = { x->office, x->manager, x->person, x->quarter };
		json_object(j);
		for (int k = 0; k < 4; k++)
			if (r->by >> k & 1) {
				json_key(j, heads[k]);
				json_str(j, keys[k]);
			}
		json_key(j, "value");
		json_int(j, x->value);
		json_key(j, "n");
		json_int(j, x->n);
		json_key(j, "n_no_rate");
		json_int(j, x->n_no_rate);
		json_end(j);
	}
	json_end(j);
}

static void
day_or_null(struct json *j, struct arena *a, const char *key, day d)
{
	json_key(j, key);
	if (day_is(d))
		json_str(j, day_iso(a, d));
	else
		json_null(j);
}

static void
say_json(struct report *r, struct out *o)
{
	struct arena *a = r->arena;
	struct json j;

	json_init(&j, o);
	json_object(&j);
	json_key(&j, "report");
	json_str(&j, str_of(r->kind->name));
	day_or_null(&j, a, "as_of", r->scope.as_of);
	day_or_null(&j, a, "from", r->scope.from);
	day_or_null(&j, a, "to", r->scope.to);
	json_key(&j, "currency");
	json_str(&j, r->scope.currency);
	json_key(&j, "minor_digits");
	json_int(&j, money_digits(str_z(a, r->scope.currency)));
	json_key(&j, "person");
	if (r->scope.person)
		json_str(&j, r->person_name);
	else
		json_null(&j);
	if (r->is_stages)
		json_stages(r, &j);
	else if (r->is_rows)
		json_rows(r, &j);
	json_metrics(r, &j);
	if (r->table.columns)
		json_table(r, &j);
	json_end(&j);
	out_byte(o, '\n');
}

void
report_say(struct report *r, struct out *o)
{
	if (str_eq(r->format, STR("text"))) {
		say_text(r, o);
	} else if (str_eq(r->format, STR("json"))) {
		say_json(r, o);
	} else {
		struct write w = { .out = o };
		if (r->is_stages)
			csv_stages(r, &w);
		else if (r->table.columns)
			csv_table(r, &w);
		else if (r->is_rows)
			csv_rows(r, &w);
		else
			csv_metrics(r, &w);
	}
}
