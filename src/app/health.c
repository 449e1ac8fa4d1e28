#include "app/health.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include "app/health_html.h"
#include "areas/imports/folders.h"
#include "auth/upkeep.h"

#define ACCESS_MOST 200
#define MIB         (1024 * 1024)
/* How old a backup, and the last try of bringing one back, may be. */
#define MADE_DAYS     7
#define RESTORED_DAYS 180

static void
say(struct health_view *v, const char *title, str text, bool good, str mend)
{
	v->lines[v->n_lines++] =
	        (struct health_line){ str_of(title), text, good ? (str){ 0 } : mend, good ? TONE_GOOD : TONE_WARN };
	v->n_asks += !good;
}

static str
size_words(struct arena *a, int64_t bytes)
{
	double mib = (double)bytes / MIB;

	return mib >= 1024 ? str_fmt(a, "%.1f GiB", mib / 1024) : str_fmt(a, "%.1f MiB", mib);
}

/* ---- lines ---- */

static enum err
one_text(struct request *r, const char *sql, str *ret)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena, sql, DB_NO_ARGS, &rows);

	if (e == OK && db_next(&rows))
		*ret = db_text(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

static str
folder_of(struct arena *a, str file)
{
	size_t n = file.n;

	while (n > 1 && file.s[n - 1] != '/')
		n--;
	return n > 1 ? str_copy(a, str_first(file, n - 1)) : STR(".");
}

/* The file's folder: there must be room for a second copy and to spare, since mending tables writes one. */
static enum err
say_disk(struct request *r, struct health_view *v)
{
	str file = { 0 }, folder;
	struct stat s;
	struct statvfs fs;
	enum err e = one_text(r, "select file from pragma_database_list where name = 'main'", &file);

	if (e != OK)
		return e;
	folder = folder_of(r->arena, file);
	if (stat(str_z(r->arena, file), &s) != 0 || statvfs(str_z(r->arena, folder), &fs) != 0) {
		say(v, "Disk", str_fmt(r->arena, "%.*s cannot be looked at", STR_ARG(file)), false,
		        STR("See that the user who runs the program may read the folder."));
		return OK;
	}
	int64_t left = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize, need = 3 * (int64_t)s.st_size + (int64_t)500 * MIB;
	say(v, "Disk",
	        str_fmt(r->arena, "%.*s left in %.*s; the database takes %.*s", STR_ARG(size_words(r->arena, left)),
	                STR_ARG(folder), STR_ARG(size_words(r->arena, s.st_size))),
	        left >= need,
	        str_fmt(r->arena, "Make room: %.*s should be free, for a copy of the database and to grow.",
	                STR_ARG(size_words(r->arena, need))));
	return OK;
}

static enum err
say_database(struct request *r, struct health_view *v)
{
	int64_t size = 0;
	enum err e;

	if (conn_is_lite(r->conn))
		return say_disk(r, v);
	e = db_one_int(r->conn, "select {lite:0|pg:pg_database_size(current_database())}", DB_NO_ARGS, &size);
	if (e == OK) /* its machine may be another one, so its room is not judged here */
		v->lines[v->n_lines++] = (struct health_line){ STR("Disk"),
			str_fmt(r->arena, "the database takes %.*s on PostgreSQL’s machine",
			        STR_ARG(size_words(r->arena, size))),
			STR("The room left there is not seen from here; watch it where PostgreSQL runs."), TONE_NONE };
	return e;
}

static enum err
noted(struct request *r, enum upkeep kind, day *ret_on, str *ret_place)
{
	instant at;
	enum err e = upkeep_find(r->conn, r->arena, kind, &at, ret_place);

	*ret_on = e == OK ? zone_day(page_zone(r), at) : DAY_NONE;
	return e == ERR_ABSENT ? OK : e;
}

static str
noted_words(struct arena *a, day on, int ago, str place)
{
	str when = ago <= 0 ? STR("today") : ago == 1 ? STR("yesterday") : str_fmt(a, "%d days ago", ago);

	return str_fmt(
	        a, "%.*s, %.*s%s%.*s", STR_ARG(when), STR_ARG(day_iso(a, on)), place.n ? ", " : "", STR_ARG(place));
}

static enum err
say_backup(struct request *r, struct health_view *v)
{
	const bool lite = conn_is_lite(r->conn);
	const day today = zone_day(page_zone(r), now()); /* the clock's, whatever day is read */
	str place = { 0 };
	day on;
	enum err e = noted(r, UPKEEP_MADE, &on, &place);

	if (e != OK)
		return e;
	int ago = day_is(on) ? day_between(on, today) : 0;
	say(v, "Last backup", day_is(on) ? noted_words(r->arena, on, ago, place) : STR("none is known"),
	        day_is(on) && ago <= MADE_DAYS,
	        lite ? STR("Run ridealong backup FILE, best every night by a timer; it works while the program runs.")
	             : STR("Back up with pg_dump, best every night by a timer, then run ridealong backup --note "
	                   "made."));
	place = (str){ 0 };
	e = noted(r, UPKEEP_RESTORED, &on, &place);
	if (e != OK)
		return e;
	ago = day_is(on) ? day_between(on, today) : 0;
	say(v, "Last tried to restore",
	        day_is(on) ? noted_words(r->arena, on, ago, place) : STR("never, as far as is known"),
	        day_is(on) && ago <= RESTORED_DAYS,
	        lite ? STR("Bring the last backup back beside this one: ridealong restore FILE --db sqlite:TRY, "
	                   "ridealong "
	                   "check --db sqlite:TRY; then ridealong backup --note restored.")
	             : STR("Bring the last dump back into another database with pg_restore and run ridealong check "
	                   "there; "
	                   "then ridealong backup --note restored."));
	return OK;
}

/* A set is sealed within a second; a minute without it means that the sealer stands still. */
static enum err
say_chain(struct request *r, struct health_view *v)
{
	int64_t all = 0, sealed = 0, stuck = 0;
	enum err e = db_one_int(
	        r->conn, "select count(*) from change_set where org_id = $1", DB_ARGS(DB_I(r->actor.org)), &all);

	if (e == OK)
		e = db_one_int(r->conn, "select coalesce(max(seq), 0) from change_set where org_id = $1",
		        DB_ARGS(DB_I(r->actor.org)), &sealed);
	if (e == OK)
		e = db_one_int(r->conn, "select count(*) from change_set where org_id = $1 and seq is null and at < $2",
		        DB_ARGS(DB_I(r->actor.org), DB_I(now() - 60000)), &stuck);
	if (e == OK)
		say(v, "Change sets",
		        str_fmt(r->arena, "%lld, of which %lld are sealed in the chain", (long long)all,
		                (long long)sealed),
		        !stuck, STR("Restart the program; if it stays so, run ridealong check."));
	return e;
}

/* O4: who has left keeps no way in. */
static enum err
say_access(struct request *r, struct health_view *v)
{
	int64_t left = 0, admins = 0;
	enum err e = db_one_int(r->conn,
	        "select count(*) from membership m join login l on l.id = m.login_id join person p on p.org_id = "
	        "m.org_id "
	        "and p.id = m.person where m.org_id = $1 and m.ended_at is null and l.disabled_at is null and "
	        "p.left_on <= "
	        "$2",
	        DB_ARGS(DB_I(r->actor.org), db_day_value(r->arena, r->today)), &left);

	if (e == OK)
		e = db_one_int(r->conn,
		        "select count(*) from membership where org_id = $1 and ended_at is null and admin = 1",
		        DB_ARGS(DB_I(r->actor.org)), &admins);
	if (e == OK)
		say(v, "Access",
		        left ? str_fmt(r->arena, "%lld who left can still sign in", (long long)left)
		             : str_fmt(r->arena, "%lld administrator%s; nobody who left can sign in", (long long)admins,
		                       admins == 1 ? "" : "s"),
		        !left, STR("End it: ridealong user disable E-MAIL."));
	return e;
}

static enum err
load_access(struct request *r, struct health_view *v)
{
	struct health_access *all = arena_new(r->arena, struct health_access, ACCESS_MOST);
	struct rows rows;
	enum err e = db_one_int(r->conn,
	        "select count(*) from membership m join login l on l.id = m.login_id where m.org_id = $1 and "
	        "m.ended_at is "
	        "null and l.disabled_at is null",
	        DB_ARGS(DB_I(r->actor.org)), &v->n_all);

	if (e == OK)
		e = db_query(r->conn, r->arena,
		        "select p.name, l.email, m.admin, (select max(s.seen_day) from session s where s.login_id = "
		        "l.id and "
		        "s.org_id = m.org_id) from membership m join login l on l.id = m.login_id left join person p "
		        "on p.org_id "
		        "= m.org_id and p.id = m.person where m.org_id = $1 and m.ended_at is null and l.disabled_at "
		        "is null "
		        "order by m.admin desc, l.email_key limit 200",
		        DB_ARGS(DB_I(r->actor.org)), &rows);
	while (e == OK && v->n_access < ACCESS_MOST && db_next(&rows))
		all[v->n_access++] = (struct health_access){ db_text(&rows, 0), db_text(&rows, 1),
			db_int(&rows, 2) != 0, db_day(&rows, 3) };
	v->access = all;
	return e == OK ? db_end(&rows) : e;
}

static enum err
say_folders(struct request *r, struct health_view *v)
{
	str words = { 0 };
	enum err e = folder_health(r->conn, r->arena, &r->grant, &words);

	if (e == OK && words.n)
		say(v, "Import folders", words, str_find(words, STR("; needs you: ")) == SIZE_MAX,
		        STR("See them under Import, Folders."));
	return e;
}

/* L5: letters that could not be sent are nobody's fault that reads them; here is who can mend it. */
static enum err
say_mail(struct request *r, struct health_view *v)
{
	int64_t waits = 0, failed = 0;
	enum err e =
	        db_one_int(r->conn, "select count(*) from mail where org_id = $1 and state = 'waiting' and tries > 0",
	                DB_ARGS(DB_I(r->actor.org)), &waits);

	if (e == OK)
		e = db_one_int(r->conn,
		        "select count(*) from mail where org_id = $1 and state = 'failed' and next_at > $2",
		        DB_ARGS(DB_I(r->actor.org), DB_I(now() - 7 * DAY_MS)), &failed);
	if (e == OK && !r->env->mails)
		v->lines[v->n_lines++] =
		        (struct health_line){ STR("Mail"), STR("no server is named; briefs are read on their pages"),
			        STR("To send letters, start the program with --mail and --mail-from."), TONE_NONE };
	else if (e == OK)
		say(v, "Mail",
		        waits || failed
		                ? str_fmt(r->arena, "%lld letters wait for another try, %lld of this week failed",
		                          (long long)waits, (long long)failed)
		                : STR("letters go out"),
		        !waits && !failed,
		        STR("What the mail server said stands with each person under Mail to me, and in the log."));
	return e;
}

static enum err
health_page(struct request *r)
{
	struct page p = { .title = STR("Health"), .subtitle = STR("What to look at so that this runs for years.") };
	struct health_view v = { 0 };
	enum err e;

	v.lines[v.n_lines++] = (struct health_line){ STR("Version"),
		str_fmt(r->arena, "Ridealong %.*s on %s", STR_ARG(r->env->version),
		        conn_is_lite(r->conn) ? "SQLite, inside" : "PostgreSQL"),
		{ 0 }, TONE_GOOD }; /* a database of another version would have been refused at start */
	e = say_database(r, &v);
	if (e == OK)
		e = say_backup(r, &v);
	if (e == OK)
		e = say_chain(r, &v);
	if (e == OK)
		e = say_access(r, &v);
	if (e == OK)
		e = say_folders(r, &v);
	if (e == OK)
		e = say_mail(r, &v);
	if (e == OK)
		e = load_access(r, &v);
	if (e != OK)
		return e;
	v.summary = v.n_asks ? str_fmt(r->arena, "%zu line%s you.", v.n_asks, v.n_asks == 1 ? " needs" : "s need")
	                     : STR("Everything here is in order.");
	page_head(r, &p);
	tpl_health(&r->view, &v, r);
	page_foot(r);
	return OK;
}

const struct route health_routes[] = {
	{ HTTP_GET, "/health", POLICY_ADMIN, health_page, "company", "Health", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
