/* Parts that many pages write the same way: fields of forms with label, hint, error and the value typed, states,
   people, paging, empty pages, links to copy, QR codes. The HTML is that of docs/interface.md. What it is not for:
   parts of one page (its template), what a record's form holds (record/, page/).

   In templates:

       {% widget text(WIDGET(.name = STR("title"), .label = STR("Title"), .value = v->title, .required = true)) %}
       {% widget state(STR("kept")) %}   {% widget avatar(v->owner_name, v->owner) %} */
#ifndef HTML_WIDGETS_H
#define HTML_WIDGETS_H

#include <stdbool.h>

#include "base/err.h"
#include "html/html.h"

/* ---- fields ---- */
struct widget_choice {
	str value, label;
};

struct widget_field {
	str name, label;
	str value;                 /* as typed, or as stored in the field's own form: 2026-02-28, 184000.50 */
	str hint;                  /* may be empty */
	str unit;                  /* "EUR", "days": printed beside the label */
	const struct fault *fault; /* NULL: nothing wrong; fault_at(&r->faults, name) */
	str form;                  /* distinguishes two forms of a page that have the same names */
	str autocomplete;          /* "email", "current-password"; empty: off for nobody */
	const char *type;        /* of an input: "email", "password", "search", "url", "tel"; NULL: the widget's own */
	bool required;           /* what is not required says "optional" */
	bool quiet;              /* says neither */
	bool focus;              /* the cursor starts here */
	int rows;                /* of a textarea; 0: 4 */
	int most;                /* letters; 0: no limit said */
	int64_t least, greatest; /* of a number, when they differ */
	const struct widget_choice *choices;
	size_t n_choices;
};
/* The address of a field described in place. */
#define WIDGET(...) (&(const struct widget_field){ __VA_ARGS__ })

void widget_text(struct view *v, const struct widget_field *f);
void widget_area(struct view *v, const struct widget_field *f); /* several lines */
void widget_number(struct view *v, const struct widget_field *f);
void widget_money(struct view *v, const struct widget_field *f); /* takes "12k" and "1.234,50": see money_parse */
void widget_day(struct view *v, const struct widget_field *f);
void widget_select(struct view *v, const struct widget_field *f); /* not required: an empty choice comes first */
void widget_picks(struct view *v, const struct widget_field *f);  /* radio buttons */
void widget_check(struct view *v, const struct widget_field *f);  /* on when value is not empty; sends "1" */
void widget_hidden(struct view *v, const char *name, str value);
/* What every form carries. */
void widget_token(struct view *v, str csrf, str once);
/* Above a refused form: what is wrong, with links to the fields; nothing when nothing is. form as in the fields. */
void widget_faults(struct view *v, const struct faults *f, str form);

/* ---- words and people ---- */
enum widget_tone { TONE_NONE, TONE_GOOD, TONE_WARN, TONE_BAD, TONE_INFO };
void widget_chip(struct view *v, enum widget_tone tone, const char *icon, str words); /* icon: NULL for none */
/* The chip of a state of docs/interface.md ("kept", "not promised", "waiting" …); another word: a chip without colour.
 */
void widget_state(struct view *v, str state);
void widget_flag(struct view *v, enum widget_tone tone, const char *icon, str words);
void widget_avatar(struct view *v, str name, id person);           /* beside the name: hidden from readers */
void widget_avatar_alone(struct view *v, str name, id person);     /* without the name beside it: says it */
void widget_person(struct view *v, str name, id person, str href); /* avatar and name as a link; no href: no link */
str widget_initials(struct arena *a, str name);                    /* "Maya Keller" → "MK"; of "" → "?" */
int widget_colour(id person);                                      /* 0 … 7, always the same for a person */

/* ---- ways ---- */
struct widget_crumb {
	str label, href; /* the last is where we are: its href is not used */
};
void widget_crumbs(struct view *v, const struct widget_crumb *crumbs, size_t n);

struct widget_pager {
	int64_t from, to;   /* rows shown, from 1; to 0: none */
	int64_t total;      /* below 0: not counted */
	str previous, next; /* addresses; empty: there is none */
};
void widget_pager(struct view *v, const struct widget_pager *p);

struct widget_empty {
	const char *icon;
	str title, words; /* one sentence why */
	str href, button; /* one way on; may be empty */
};
void widget_empty(struct view *v, const struct widget_empty *e);

/* A link to hand on, with a button that copies it. name tells several on a page apart. */
void widget_copy(struct view *v, const char *name, str label, str link);
/* A code for a phone's camera. Text above 1,000 bytes is refused by leaving the code out; caption may be empty. */
void widget_qr(struct view *v, str text, str label, str caption);

#endif
