/* A field that chooses a row of a record: a list while there are few, else a text field that finds as one types
   (assets/js/pick.js) and that the server understands by name where there is no script.
   What it is not for: choices of a fixed list (html/widgets.h), what may be chosen (the grant says that). */
#ifndef PAGE_PICK_H
#define PAGE_PICK_H

#include "page/page.h"

#define PICK_FEW 200 /* rows that a list holds */

/* A row to choose; told: what tells it from others of its name. */
struct pick_row {
	id row;
	str name, told;
};

struct pick {
	const char *name;       /* of the field: what comes is the row's id */
	const char *table;      /* of a record with a field "name" */
	id chosen;              /* stands in it, by name, also where the one who asks does not see that row; 0: none */
	const char *none_value; /* what it sends; NULL: nothing */
	const char *none;       /* words of the empty choice, "any owner"; NULL: there is none */
	const char *at;         /* the id of its element; NULL: the name */
	const char *also;       /* "NAME" of the hint that describes it: its element's id */
	const struct pick_row
	        *rows; /* only these, in this order, at most PICK_FEW + 1 of them; NULL: all of the table that
	                  the grant reads. With more the text field takes any row: the act checks it */
	size_t n_rows;
	bool required;
	bool other;  /* another form of the page has the name: what was refused there is not shown here */
	bool narrow; /* as wide as its words */
};
#define PICK(...) (&(const struct pick){ __VA_ARGS__ })

/* The control, and under it what is wrong with what was typed there: {% call pick(r, PICK(.name = "owner", …)) %}.
   {% call error_at(r, "owner") %} then says nothing twice. */
void tpl_pick(struct view *view, struct request *r, const struct pick *p);

/* Before the page's own function: what was typed in such fields becomes the id of the row that it names; where it names
   none or several the field is empty, a fault stands at it, and nothing can be written (page_change). An address is
   led to the same without what only the form needs: *ret_led. */
enum err page_picks(struct request *r, bool *ret_led);
/* Something typed in such a field names no row, or several. */
bool pick_is_open(const struct request *r, str place);
/* A form whose page cannot come back with a fault: all that was sent, and the fields to be chosen. */
void pick_ask(struct request *r);

extern const struct route pick_routes[];

#endif
