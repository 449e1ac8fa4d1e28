/* Fields of forms. */
#include "html/widgets.h"

#include "base/arena.h"

/* The id of a field's control; `part` is appended for its hint and error. */
static void
write_id(struct view *v, const struct widget_field *f, const char *part)
{
	out_lit(v->out, "f-");
	if (f->form.n) {
		html_attr(v, f->form);
		out_byte(v->out, '-');
	}
	html_attr(v, f->name);
	out_z(v->out, part);
}

static void
write_attr(struct view *v, const char *name, str value)
{
	out_fmt(v->out, " %s=\"", name);
	html_attr(v, value);
	out_byte(v->out, '"');
}

/* "EUR, optional" beside the label. */
static void
write_label(struct view *v, const struct widget_field *f)
{
	bool optional = !f->required && !f->quiet;
	html_text(v, f->label);
	if (!optional && f->unit.n == 0)
		return;
	out_lit(v->out, " <span class=\"opt\">");
	html_text(v, f->unit);
	if (optional && f->unit.n)
		out_lit(v->out, ", ");
	if (optional)
		out_lit(v->out, "optional");
	out_lit(v->out, "</span>");
}

static void
write_hint(struct view *v, const struct widget_field *f)
{
	if (f->hint.n == 0)
		return;
	out_lit(v->out, "<p class=\"hint\" id=\"");
	write_id(v, f, "-h");
	out_lit(v->out, "\">");
	html_text(v, f->hint);
	out_lit(v->out, "</p>");
}

/* "31 February is not a day: write the day as 2026-02-28" */
static void
write_fault(struct view *v, const struct fault *fault)
{
	html_text(v, fault->what);
	if (fault->mend.n == 0)
		return;
	out_lit(v->out, ": ");
	html_text(v, fault->mend);
}

static void
write_error(struct view *v, const struct widget_field *f)
{
	if (!f->fault)
		return;
	out_lit(v->out, "<p class=\"error\" id=\"");
	write_id(v, f, "-e");
	out_lit(v->out, "\">");
	html_icon_z(v, "warning");
	out_lit(v->out, " <span>");
	write_fault(v, f->fault);
	out_lit(v->out, "</span></p>");
}

/* What ties the control to its words. */
static void
write_ties(struct view *v, const struct widget_field *f)
{
	if (f->hint.n || f->fault) {
		out_lit(v->out, " aria-describedby=\"");
		if (f->hint.n)
			write_id(v, f, "-h");
		if (f->hint.n && f->fault)
			out_byte(v->out, ' ');
		if (f->fault)
			write_id(v, f, "-e");
		out_byte(v->out, '"');
	}
	if (f->fault)
		out_lit(v->out, " aria-invalid=\"true\"");
}

/* Attributes that every control has. */
static void
write_control(struct view *v, const struct widget_field *f)
{
	out_lit(v->out, " id=\"");
	write_id(v, f, "");
	out_byte(v->out, '"');
	write_attr(v, "name", f->name);
	if (f->required)
		out_lit(v->out, " required");
	if (f->focus)
		out_lit(v->out, " autofocus");
	if (f->most > 0)
		out_fmt(v->out, " maxlength=\"%d\"", f->most);
	if (f->autocomplete.n)
		write_attr(v, "autocomplete", f->autocomplete);
	write_ties(v, f);
}

static void
field_open(struct view *v, const struct widget_field *f)
{
	if (f->fault)
		out_lit(v->out, "<div class=\"field\" data-bad><label for=\"");
	else
		out_lit(v->out, "<div class=\"field\"><label for=\"");
	write_id(v, f, "");
	out_lit(v->out, "\">");
	write_label(v, f);
	out_lit(v->out, "</label>");
	write_hint(v, f);
}

static void
field_close(struct view *v, const struct widget_field *f)
{
	write_error(v, f);
	out_lit(v->out, "</div>");
}

/* extra: attributes of this kind of input, ours. */
static void
write_input(struct view *v, const struct widget_field *f, const char *type, const char *extra)
{
	field_open(v, f);
	out_lit(v->out, "<input");
	write_control(v, f);
	write_attr(v, "type", str_of(f->type ? f->type : type));
	out_z(v->out, extra);
	write_attr(v, "value", f->value);
	out_byte(v->out, '>');
	field_close(v, f);
}

void
widget_text(struct view *v, const struct widget_field *f)
{
	write_input(v, f, "text", "");
}

/* Not type=number: that loses what was typed when it is no number, and steps when somebody scrolls. */
void
widget_number(struct view *v, const struct widget_field *f)
{
	struct widget_field with = *f;
	if (f->hint.n == 0 && f->greatest > f->least)
		with.hint = str_fmt(v->arena, "%lld to %lld", (long long)f->least, (long long)f->greatest);
	write_input(v, &with, "text", " inputmode=\"numeric\"");
}

void
widget_money(struct view *v, const struct widget_field *f)
{
	write_input(v, f, "text", " inputmode=\"decimal\"");
}

void
widget_day(struct view *v, const struct widget_field *f)
{
	day d;
	/* A value that is no day would not be shown in a date field: the person could not see what was wrong. */
	bool odd = f->value.n && !day_parse(f->value, &d);
	write_input(v, f, odd ? "text" : "date", "");
}

void
widget_area(struct view *v, const struct widget_field *f)
{
	field_open(v, f);
	out_lit(v->out, "<textarea");
	write_control(v, f);
	/* A browser drops the first newline after the tag. */
	out_fmt(v->out, " rows=\"%d\">\n", f->rows > 0 ? f->rows : 4);
	html_text(v, f->value);
	out_lit(v->out, "</textarea>");
	field_close(v, f);
}

static void
write_option(struct view *v, str value, str label, bool chosen)
{
	out_lit(v->out, "<option value=\"");
	html_attr(v, value);
	if (chosen)
		out_lit(v->out, "\" selected>");
	else
		out_lit(v->out, "\">");
	html_text(v, label);
	out_lit(v->out, "</option>");
}

static bool
is_chosen(const struct widget_field *f, size_t i)
{
	return str_eq(f->choices[i].value, f->value);
}

static bool
none_chosen(const struct widget_field *f)
{
	for (size_t i = 0; i < f->n_choices; i++)
		if (is_chosen(f, i))
			return false;
	return true;
}

void
widget_select(struct view *v, const struct widget_field *f)
{
	bool none = none_chosen(f);
	field_open(v, f);
	out_lit(v->out, "<select");
	write_control(v, f);
	out_byte(v->out, '>');
	/* Something must be chosen: then nothing is chosen beforehand, or a person would confirm what they never read.
	 */
	if (none || !f->required)
		write_option(v, (str){ 0 }, f->required ? STR("Please choose") : STR("–"), none);
	for (size_t i = 0; i < f->n_choices; i++)
		write_option(v, f->choices[i].value, f->choices[i].label, is_chosen(f, i));
	out_lit(v->out, "</select>");
	field_close(v, f);
}

void
widget_picks(struct view *v, const struct widget_field *f)
{
	out_lit(v->out, "<fieldset class=\"field\" id=\"");
	write_id(v, f, "");
	out_byte(v->out, '"');
	write_ties(v, f);
	if (f->fault)
		out_lit(v->out, " data-bad");
	out_lit(v->out, "><legend>");
	write_label(v, f);
	out_lit(v->out, "</legend>");
	write_hint(v, f);
	out_lit(v->out, "<div class=\"picks across\">");
	for (size_t i = 0; i < f->n_choices; i++) {
		out_lit(v->out, "<label class=\"check\"><input type=\"radio\"");
		write_attr(v, "name", f->name);
		write_attr(v, "value", f->choices[i].value);
		if (is_chosen(f, i))
			out_lit(v->out, " checked");
		if (f->required)
			out_lit(v->out, " required");
		out_lit(v->out, "> <span>");
		html_text(v, f->choices[i].label);
		out_lit(v->out, "</span></label>");
	}
	out_lit(v->out, "</div>");
	write_error(v, f);
	out_lit(v->out, "</fieldset>");
}

/* The hint stands within the label, so that it can be ticked by pressing on it. */
void
widget_check(struct view *v, const struct widget_field *f)
{
	out_lit(v->out, "<div><label class=\"check\"><input type=\"checkbox\"");
	write_control(v, f);
	out_lit(v->out, " value=\"1\"");
	if (f->value.n)
		out_lit(v->out, " checked");
	out_lit(v->out, "> <span>");
	html_text(v, f->label);
	if (f->hint.n) {
		out_lit(v->out, " <span class=\"note\" id=\"");
		write_id(v, f, "-h");
		out_lit(v->out, "\">");
		html_text(v, f->hint);
		out_lit(v->out, "</span>");
	}
	out_lit(v->out, "</span></label>");
	write_error(v, f);
	out_lit(v->out, "</div>");
}

void
widget_hidden(struct view *v, const char *name, str value)
{
	out_lit(v->out, "<input type=\"hidden\"");
	write_attr(v, "name", str_of(name));
	write_attr(v, "value", value);
	out_byte(v->out, '>');
}

void
widget_token(struct view *v, str csrf, str once)
{
	widget_hidden(v, "csrf", csrf);
	widget_hidden(v, "once", once);
}

void
widget_faults(struct view *v, const struct faults *f, str form)
{
	if (f->n == 0)
		return;
	out_lit(v->out, "<div class=\"alert bad\" role=\"alert\" tabindex=\"-1\" data-focus>");
	html_icon_z(v, "warning");
	out_lit(v->out, "<div><strong>Not saved.</strong> Nothing was changed; what you typed is still here.<ul>");
	for (const struct fault *fault = f->first; fault; fault = fault->next) {
		const struct widget_field at = { .name = fault->place, .form = form };
		out_lit(v->out, "<li><a href=\"#");
		write_id(v, &at, "");
		out_lit(v->out, "\">");
		write_fault(v, fault);
		out_lit(v->out, "</a></li>");
	}
	out_lit(v->out, "</ul></div></div>");
}
