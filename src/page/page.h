/* What a page of an area is given and gives: the request after every check, routes with their policy, the shell,
   flashes. What it is not for: the way of a request (app/request.c) or the meaning of any page (areas/). */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "auth/actor.h"
#include "auth/grant.h"
#include "html/html.h"
#include "http/http.h"
#include "page/act.h"
#include "record/record.h"

/* Every route names one; there is no default (0 is refused at start). */
enum policy {
	POLICY_NONE,
	POLICY_PUBLIC,    /* anybody: sign-in, health, assets */
	POLICY_LINK,      /* whoever holds a single-purpose link: /l/SECRET */
	POLICY_SIGNED_IN, /* a person or administrator; rows by grant */
	POLICY_PERSON,    /* signed in and a person of the company */
	POLICY_LEADER,    /* somebody reports to them, or the head */
	POLICY_HEAD,      /* the head, or an administrator while there is no head's sign-in */
	POLICY_ADMIN
};

struct request;
struct api_report;
struct page_picks;

/* What an area puts on Today: one line that asks for something. Areas fill it, app/routes.c wires the table, so that
   the page which gathers (coaching/today.c) knows nothing of the areas above it. */
struct today_item {
	str title, why; /* "Answer in the trace of Team West"; why it stands here, and what clears it */
	str href, act;  /* where it leads; the button's word: "Answer" */
	day due;        /* DAY_NONE: no day; past ones are loud */
	day since;      /* when it came to stand here; DAY_NONE or day 0: not told */
};
struct today_items {
	struct today_item *items;
	size_t n, cap; /* fill with today_push; at most TODAY_ITEMS are kept */
};
#define TODAY_ITEMS 20
void today_push(struct request *r, struct today_items *t, struct today_item x);
typedef enum err (*today_source)(struct request *r, struct today_items *ret);

/* What an area above puts on a page of one person, so that both columns of an agreement stand wherever the one is shown
   (A2). load: *ret stays NULL where there is nothing, or nothing for who asks. */
struct page_panel {
	enum err (*load)(struct request *r, id person, void **ret);
	void (*show)(struct view *view, struct request *r, const void *what);
};
#define PAGE_PANELS 4

struct route {
	enum http_method method;
	const char *path; /* ":" stands for an id, "*" for a word; up to four */
	enum policy policy;
	enum err (*fn)(struct request *r);
	const char *nav;  /* the navigation entry it belongs to: "board" …; NULL: none */
	const char *what; /* for the rights matrix and the palette: "Move a deal" */
	bool any_kind;    /* takes bodies that are no form (uploads in slices) */
};

struct request {
	struct http_request *http;
	struct http_response *answer;
	struct arena *arena;
	struct db *db;
	struct conn *conn; /* a snapshot for reading; page_change moves it forward after a write */
	const struct route *route;
	struct actor actor;
	struct grant grant;
	id ids[4]; /* of the path, in order */
	str words[4];
	struct faults faults;      /* what is wrong with what was typed: shown at the fields */
	struct view view;          /* where templates write */
	day today;                 /* the company's, or its reading day, or ?as_of= */
	bool as_of;                /* read as of another day than the clock's */
	id done;                   /* the change set to offer undo for */
	bool shown;                /* the head was written: what is read now is what was typed, shown again */
	bool narrow;               /* the head was that of a page without navigation */
	str secret;                /* of the link or session */
	void *panels[PAGE_PANELS]; /* of the person that page_panels was asked for */
	struct page_picks *picks;  /* fields that choose a row, see pick.h */
	const struct page_env *env;
};

/* A number beside a place of the navigation: what waits there for the one who looks. Areas count, app/ wires them. */
struct page_badge {
	const char *nav;  /* as in struct route */
	const char *what; /* after the number, for those who hear it: "need attention" */
	enum err (*count)(struct request *r, int64_t *ret); /* cheap: every page asks; at most PAGE_BADGE_MOST + 1 */
};
#define PAGE_BADGE_MOST 99

/* What the program knows that no request changes. */
struct page_env {
	struct db *db;
	struct http_server *server;
	struct live *live;          /* live updates; NULL: none (tests) */
	const struct route *routes; /* all, ended by a NULL path */
	const struct act_field *const
	        *acts;                    /* what each route takes, side by side with routes; NULL: not known (tests) */
	const struct page_badge *badges;  /* ended by a NULL nav; NULL: none */
	const today_source *today;        /* ended by NULL */
	const struct page_panel *panels;  /* ended by a NULL load; NULL: none */
	const struct api_report *reports; /* for the API's description; NULL: none */
	str version, assets_tag;
	bool mails; /* letters are sent */
	str base;   /* http://127.0.0.1:8080, for links that are copied */
};

/* ---- answering ---- */
/* Head and foot of every page. title is the h1 and the start of the window title; crumbs may be NULL. */
struct crumb {
	str label, href;
};
struct page {
	str title;
	str subtitle;
	const struct crumb *crumbs;
	size_t n_crumbs;
	bool narrow;        /* sign-in, link pages: no navigation */
	bool bare_title;    /* the page writes its h1 itself */
	str next, previous; /* J and K on a record */
};
void page_head(struct request *r, const struct page *p);
void page_foot(struct request *r);

/* 303 to a path of our own. */
enum err page_go(struct request *r, str to);
enum err page_go_fmt(struct request *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same after a change: the next page says what was done and offers undo. */
enum err page_done(struct request *r, id set, str to);
/* An answer that is no page: JSON, CSV, calendar. The caller writes into r->answer->body. */
void page_type(struct request *r, str content_type);

/* ---- asking ---- */
str page_param(const struct request *r, const char *name);
str page_field(const struct request *r, const char *name);
bool page_has_field(const struct request *r, const char *name);
id page_id_field(const struct request *r, const char *name);            /* 0: absent or no id */
day page_day_field(struct request *r, const char *name, bool required); /* a fault at the field when it is no day */
id page_id_param(const struct request *r, const char *name);
/* Hidden fields every form carries: the csrf token and an idempotency key. */
void page_form_hidden(struct request *r);

/* Fills the record's named fields (blank-separated) from the form, normalising what people type (amounts, days, ids);
   faults at the fields. Fields that the form does not have stay. */
enum err page_fill(struct request *r, const struct record *rec, const char *fields, void *object);

/* ---- changing ---- */
/* fn in a change set under the request's grant; the form's idempotency key makes a second submit answer as the first.
   Afterwards r->conn reads what was written. */
enum err page_change(
        struct request *r, str reason, enum err (*fn)(struct change *c, void *what), void *what, id *ret_set);
/* As a job under a named reason: for what follows from somebody's act but is not theirs to write. */
enum err page_change_as(struct request *r, const struct grant *g, str reason,
        enum err (*fn)(struct change *c, void *what), void *what, id *ret_set);
/* One record saved as it stands in the form. */
enum err page_save(struct request *r, str reason, const struct record *rec, void *object, id *ret_set);

/* For templates: {% call icon(r, STR("check")) %}, {% call hidden(r) %}, {% call error_at(r, "due") %} under a field.
 */
void tpl_icon(struct view *view, const struct request *r, str name);
void tpl_hidden(struct view *view, struct request *r);
void tpl_error_at(struct view *view, const struct request *r, const char *place);
/* The name of a row of the company, by its table; empty: there is none. */
str page_name(struct request *r, const char *table, id row);

/* Loads the panels of a person; {% call panels(r) %} in the template writes them. */
enum err page_panels(struct request *r, id person);
void tpl_panels(struct view *view, struct request *r);

const struct zone *page_zone(const struct request *r);
bool page_is_part(const struct request *r); /* our script wants a fragment, not a page */

#endif
