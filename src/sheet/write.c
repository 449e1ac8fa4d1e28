#include "sheet/write.h"

#include <string.h>

#include "base/out.h"

bool
write_is_formula(str cell)
{
	while (cell.n && cell.s[0] == '\'')
		cell = str_from(cell, 1);
	return cell.n && cell.s[0] && strchr("=+-@\t\r\n", cell.s[0]);
}

static bool
plain_number(str s)
{
	double d;
	return str_to_double(s, &d);
}

static void
begin(struct write *w)
{
	if (w->begun)
		out_byte(w->out, w->delimiter ? w->delimiter : ',');
	w->begun = true;
}

/* Any sign that a spreadsheet in some country parts fields by is quoted: in another's CSV "a;=1+1" would be two cells.
 */
static bool
wants_quotes(const struct write *w, str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr(",;\t|\"\r\n", s.s[i]) || s.s[i] == w->delimiter)
			return true;
	return s.n && (s.s[0] == ' ' || s.s[s.n - 1] == ' ');
}

static void
put(struct write *w, str s, bool guard)
{
	begin(w);
	if (!guard && !wants_quotes(w, s)) {
		out_str(w->out, s);
		return;
	}
	out_byte(w->out, '"');
	if (guard)
		out_byte(w->out, '\'');
	for (str head; s.n;) {
		bool quote = str_cut(s, '"', &head, &s);
		out_str(w->out, head);
		if (quote)
			out_lit(w->out, "\"\"");
	}
	out_byte(w->out, '"');
}

void
write_text(struct write *w, str cell)
{
	put(w, cell, write_is_formula(cell));
}

void
write_number(struct write *w, str cell)
{
	put(w, cell, !plain_number(cell) && write_is_formula(cell));
}

void
write_row_end(struct write *w)
{
	out_lit(w->out, "\r\n");
	w->begun = false;
}
