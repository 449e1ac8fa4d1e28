#include <string.h>

#include "areas/deals/one.h"
#include "auth/session.h"

#define NAMED_MOST 20

static bool
starts_word(str text, size_t at)
{
	unsigned char before = at ? (unsigned char)text.s[at - 1] : ' ';

	return before < 0x80 && !(before >= '0' && before <= '9') && !((before | 32) >= 'a' && (before | 32) <= 'z');
}

/* The first n letters. */
static str
letters(str s, size_t n)
{
	size_t at = 0;

	for (; at < s.n && n; n--)
		for (at++; at < s.n && ((unsigned char)s.s[at] & 0xc0) == 0x80;)
			at++;
	return str_first(s, at);
}

/* Does the name stand at the head of the text, whatever its case and accents, with no letter behind it? ret_n: bytes of
   the text it takes. */
static bool
stands_there(struct arena *a, str text, str name, size_t *ret_n)
{
	str there = letters(text, str_letters(name));
	unsigned char behind = text.n > there.n ? (unsigned char)text.s[there.n] : ' ';

	if (!name.n || str_letters(there) != str_letters(name) || !str_eq(str_fold(a, there), str_fold(a, name)))
		return false;
	*ret_n = there.n;
	return behind < 0x80 && !((behind | 32) >= 'a' && (behind | 32) <= 'z');
}

static str
first_word(str s)
{
	size_t n = 0;

	while (n < s.n && !strchr(" \t\r\n,.;:!?()<>\"/", s.s[n]))
		n++;
	return str_first(s, n);
}

/* Whoever a text names, looked for in the transaction that writes it. */
struct naming {
	struct change *c;
	id deal;
	struct faults *faults; /* NULL: who may not see the deal is passed over */
	id persons[NAMED_MOST];
	size_t n;
};

/* The longest whole name that stands behind the @, else the only person of that first name. */
static enum err
who_is(struct naming *w, str behind, id *ret, str *ret_name)
{
	struct arena *a = w->c->arena;
	str word = first_word(behind), key = str_fold(a, word);
	struct rows rows;
	size_t longest = 0, n, firsts = 0;
	enum err e;

	*ret = 0;
	if (!key.n)
		return OK;
	e = db_query(w->c->conn, a,
	        "select id, name, name_key from person where org_id = $1 and left_on is null and (name_key = $2 or "
	        "name_key like $3 escape '!') order by id limit 200",
	        DB_ARGS(DB_I(w->c->grant->org), DB_T(key),
	                DB_T(str_from(record_like(a, str_join(a, key, STR(" "))), 1))),
	        &rows);
	id first = 0;
	str first_name = { 0 };
	while (e == OK && db_next(&rows)) {
		str name = db_text(&rows, 1);
		first = db_int(&rows, 0);
		first_name = name;
		firsts++;
		if (stands_there(a, behind, name, &n) && n > longest) {
			longest = n;
			*ret = first;
			*ret_name = name;
		}
	}
	if (!*ret && firsts == 1) {
		*ret = first;
		*ret_name = first_name;
	}
	return e == OK ? db_end(&rows) : e;
}

/* O5: whoever may not see the deal is not told of it. */
static enum err
may_see(struct naming *w, id person, bool *ret)
{
	struct actor them = { .via = VIA_SESSION, .org = w->c->grant->org, .person = person, .as_of = DAY_NONE };
	struct deal seen;
	enum err e = actor_fill(w->c->conn, w->c->arena, &them);

	if (e != OK)
		return e;
	struct grant g = grant_of(&them);
	e = record_load(w->c->conn, w->c->arena, &g, &deal_record, w->deal, &seen);
	*ret = e == OK;
	return e == ERR_ABSENT ? OK : e;
}

static enum err
take_name(struct naming *w, str behind, const char *place)
{
	id person = 0;
	str name = { 0 };
	bool sees = false;
	enum err e = who_is(w, behind, &person, &name);

	if (e != OK || !person)
		return e;
	for (size_t i = 0; i < w->n; i++)
		if (w->persons[i] == person)
			return OK;
	e = may_see(w, person, &sees);
	if (e == OK && !sees && w->faults)
		fault_add(w->faults, str_of(place),
		        str_fmt(w->c->arena, "names %.*s, who may not see this deal", STR_ARG(name)),
		        STR("leave out the @, or ask somebody of the owner’s team"));
	if (e == OK && sees && w->n < NAMED_MOST)
		w->persons[w->n++] = person;
	return e;
}

static enum err
find_names(struct naming *w, str text, const char *place)
{
	enum err e = OK;

	for (size_t at = 0; e == OK && at < text.n; at++)
		if (text.s[at] == '@' && starts_word(text, at))
			e = take_name(w, str_from(text, at + 1), place);
	return e;
}

/* Whom a note of a deal names that did not stand in it before. A file's notes were read long ago, and undo brings its
   own mentions back. */
static enum err
find_new(struct naming *w, const struct activity *was, const struct activity *x)
{
	enum err e = OK;

	if (!x || !x->deal || w->c->kind != CHANGE_EDIT)
		return OK;
	w->deal = x->deal;
	if (!was || !str_eq(was->subject, x->subject))
		e = find_names(w, x->subject, "subject");
	if (e == OK && (!was || !str_eq(was->text, x->text)))
		e = find_names(w, x->text, "text");
	return e;
}

enum err
mention_check(struct change *c, const struct activity *was, const struct activity *x, struct faults *f)
{
	struct naming w = { .c = c, .faults = f };

	return find_new(&w, was, x);
}

static enum err
is_there(struct change *c, id activity, id person, bool *ret)
{
	int64_t n = 0;
	enum err e =
	        db_one_int(c->conn, "select count(*) from mention where org_id = $1 and activity = $2 and person = $3",
	                DB_ARGS(DB_I(c->grant->org), DB_I(activity), DB_I(person)), &n);

	*ret = n > 0;
	return e;
}

enum err
mention_changed(struct change *c, const struct activity *was, const struct activity *x)
{
	struct naming w = { .c = c };
	enum err e = find_new(&w, was, x);

	for (size_t i = 0; e == OK && i < w.n; i++) {
		struct mention m;
		bool there = false;
		e = is_there(c, x->row.id, w.persons[i], &there);
		if (e != OK || there)
			continue;
		record_init(&mention_record, &m);
		m.deal = x->deal;
		m.activity = x->row.id;
		m.writer = c->grant->person ? c->grant->person : x->person;
		m.person = w.persons[i];
		m.on_day = c->today;
		e = record_save(c, &mention_record, &m);
	}
	return e;
}

/* A mention's person, at the head of what stands behind an @: by whole name, else by the first. */
static const struct mention_row *
named_here(struct arena *a, str behind, const struct mention_row *m, size_t n, size_t *ret_n)
{
	const struct mention_row *found = NULL;
	size_t k;
	str head, tail;

	*ret_n = 0;
	for (size_t i = 0; i < n; i++)
		if (stands_there(a, behind, m[i].name, &k) && k > *ret_n) {
			found = &m[i];
			*ret_n = k;
		}
	for (size_t i = 0; !found && i < n; i++) {
		str_cut(m[i].name, ' ', &head, &tail);
		if (stands_there(a, behind, head, &k)) {
			found = &m[i];
			*ret_n = k;
		}
	}
	return found;
}

void
tpl_mentioning(struct view *view, str text, const struct mention_row *m, size_t n)
{
	size_t done = 0, k;

	for (size_t at = 0; n && at < text.n; at++) {
		const struct mention_row *who;
		if (text.s[at] != '@' || !starts_word(text, at))
			continue;
		who = named_here(view->arena, str_from(text, at + 1), m, n, &k);
		if (!who)
			continue;
		html_text(view, (str){ text.s + done, at - done });
		out_lit(view->out, "<a href=\"/people/");
		html_id(view, who->person);
		out_lit(view->out, "\">");
		html_text(view, (str){ text.s + at, k + 1 });
		out_lit(view->out, "</a>");
		done = at + 1 + k;
	}
	html_text(view, str_from(text, done));
}

/* ---- on Today, and on the deal ---- */

static const char unread_sql[] =
        "select m.id, d.id, d.name, coalesce(a.name, ''), p.name, x.subject, x.text, m.on_day from mention m join deal "
        "d "
        "on d.org_id = m.org_id and d.id = m.deal join activity x on x.org_id = m.org_id and x.id = m.activity join "
        "person p on p.org_id = m.org_id and p.id = m.writer left join account a on a.org_id = d.org_id and a.id = "
        "d.account where m.org_id = $1 and m.person = $2 and m.read_on is null and ($3 = 0 or m.deal = $3) "
        "{may:deals d.owner} order by m.id desc limit 6";

static struct mentioned
read_mention(const struct rows *rows)
{
	str subject = db_text(rows, 5), text = db_text(rows, 6);

	return (struct mentioned){ .row = db_int(rows, 0),
		.deal = db_int(rows, 1),
		.what = db_text(rows, 3).n ? db_text(rows, 3) : db_text(rows, 2),
		.by = db_text(rows, 4),
		.words = str_find_byte(subject, '@') == SIZE_MAX && text.n ? text : subject,
		.on_day = db_day(rows, 7) };
}

enum err
mention_list(struct request *r, id deal, struct mentioned ret[MENTIONS_SHOWN], size_t *ret_n)
{
	struct rows rows;
	enum err e = OK;

	*ret_n = 0;
	if (!r->actor.person)
		return OK;
	e = record_query(r->conn, r->arena, &r->grant, unread_sql, DB_ARGS(DB_I(deal)), &rows);
	while (e == OK && *ret_n < MENTIONS_SHOWN && db_next(&rows))
		ret[(*ret_n)++] = read_mention(&rows);
	return e == OK ? db_end(&rows) : e;
}

enum err
mention_today(struct request *r, struct today_items *ret)
{
	struct mentioned all[MENTIONS_SHOWN];
	size_t n;
	enum err e = mention_list(r, 0, all, &n);

	for (size_t i = 0; e == OK && i < n; i++)
		today_push(r, ret,
		        (struct today_item){ .title = str_fmt(r->arena, "%.*s mentioned you: %.*s", STR_ARG(all[i].by),
		                                     STR_ARG(all[i].what)),
		                .why = str_fmt(r->arena, "“%.*s” Clears when you put it away on the deal.",
		                        STR_ARG(letters(all[i].words, 160))),
		                .href = one_path(r, all[i].deal, ""),
		                .act = STR("Read"),
		                .due = DAY_NONE,
		                .since = all[i].on_day });
	return e;
}

/* The one who is named puts it away; nobody else. */
enum err
mention_read(struct request *r)
{
	struct mention m;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &mention_record, r->ids[0], &m);

	if (e != OK)
		return e;
	if (m.person != r->actor.person)
		return ERR_DENIED;
	m.read_on = r->today;
	e = page_save(r, STR("Mention put away"), &mention_record, &m, &set);
	return e == OK ? page_done(r, set, one_path(r, m.deal, "")) : e;
}
