#include "auth/grant.h"

#include <assert.h>
#include <string.h>

#include "auth/actor.h"

#define GRANT_SEAL 0x52494445u

static const char *const matter_names[MATTER_COUNT] = { "company", "people", "deals", "leadership", "scorecard",
	"session_fact", "session_text", "private", "admin" };

/* O5: who reads what, one row a matter, one column a profile. Writing stands beside it: it differs by matter only. */
struct visibility {
	enum reach read[3]; /* open, line, agreement */
	enum reach write;
	const char *words[3]; /* "Who sees this" for the three profiles */
};

static const struct visibility table[MATTER_COUNT] = {
	[MATTER_COMPANY] = { { REACH_COMPANY, REACH_COMPANY, REACH_COMPANY }, REACH_NONE,
	        { "Everybody in the company.", "Everybody in the company.", "Everybody in the company." } },
	[MATTER_PEOPLE] = { { REACH_COMPANY, REACH_COMPANY, REACH_COMPANY }, REACH_NONE,
	        { "Everybody in the company.", "Everybody in the company.", "Everybody in the company." } },
	[MATTER_DEALS] = { { REACH_COMPANY, REACH_TEAM, REACH_TEAM }, REACH_LINE,
	        { "Everybody in the company; private notes only their writer.",
	                "The owner's team and the line above; the rest of the company sees sums of five or more "
	                "people.",
	                "The owner's team and the line above; the rest of the company sees sums of five or more "
	                "people." } },
	[MATTER_LEADERSHIP] = { { REACH_COMPANY, REACH_COMPANY, REACH_LEADERS }, REACH_OWN,
	        { "Everybody in the company: a leader's promises are open to those they are made to.",
	                "Everybody in the company: a leader's promises are open to those they are made to.",
	                "Those it is promised to and the line above; of who leads leaders, everybody in the "
	                "company." } },
	[MATTER_SCORECARD] = { { REACH_LINE, REACH_LINE, REACH_LINE }, REACH_OWN,
	        { "The person and the line above; the company sees sums of five or more people.",
	                "The person and the line above; the company sees sums of five or more people.",
	                "The person and the line above; the company sees sums of five or more people." } },
	[MATTER_SESSION_FACT] = { { REACH_LINE, REACH_LINE, REACH_LINE }, REACH_OWN,
	        { "The two of you; the line above sees that it took place and which skill, not what was said.",
	                "The two of you; the line above sees that it took place and which skill, not what was said.",
	                "The two of you; the line above sees that it took place and which skill, not what was "
	                "said." } },
	[MATTER_SESSION_TEXT] = { { REACH_OWN, REACH_OWN, REACH_OWN }, REACH_OWN,
	        { "Only the two of you see this.", "Only the two of you see this.", "Only the two of you see this." } },
	[MATTER_PRIVATE] = { { REACH_OWN, REACH_OWN, REACH_OWN }, REACH_OWN,
	        { "Only you see this.", "Only you see this.", "Only you see this." } },
	[MATTER_ADMIN] = { { REACH_NONE, REACH_NONE, REACH_NONE }, REACH_NONE,
	        { "Administrators.", "Administrators.", "Administrators." } },
};

struct grant
grant_of(const struct actor *who)
{
	struct grant g = { .org = who->org,
		.person = who->person,
		.login = who->login,
		.persons_from = DAY_NONE,
		.reason = "session",
		.seal = GRANT_SEAL };

	if (who->via == VIA_NOBODY)
		return g; /* REACH_NONE everywhere */
	for (int m = 0; m < MATTER_COUNT; m++) {
		g.reach[m][ACT_READ] = table[m].read[who->profile];
		g.reach[m][ACT_WRITE] = table[m].write;
	}
	g.profile = who->profile;
	if (who->profile == PROFILE_AGREEMENT)
		g.persons_from = who->profile_from;
	if (who->admin || who->head) {
		g.reach[MATTER_COMPANY][ACT_WRITE] = REACH_COMPANY;
		g.reach[MATTER_PEOPLE][ACT_WRITE] = REACH_COMPANY;
	}
	if (who->admin) {
		g.reach[MATTER_ADMIN][ACT_READ] = g.reach[MATTER_ADMIN][ACT_WRITE] = REACH_COMPANY;
		/* An import writes everybody's deals; who may import may also mend them. */
		g.reach[MATTER_DEALS][ACT_READ] = g.reach[MATTER_DEALS][ACT_WRITE] = REACH_COMPANY;
	}
	if (who->via == VIA_TOKEN)
		g.reason = "token";
	if (who->via == VIA_LINK)
		g.reason = "link";
	return g;
}

struct grant
grant_all(id org, id login, id person, const char *reason)
{
	struct grant g = { .org = org,
		.person = person,
		.login = login,
		.persons_from = DAY_NONE,
		.reason = reason,
		.seal = GRANT_SEAL };

	assert(reason && *reason);
	for (int m = 0; m < MATTER_COUNT; m++)
		g.reach[m][ACT_READ] = g.reach[m][ACT_WRITE] = REACH_COMPANY;
	return g;
}

struct grant
grant_counts(const struct grant *asker, const char *reason)
{
	struct grant g = grant_all(asker->org, 0, 0, reason);

	g.profile = asker->profile;
	g.persons_from = asker->persons_from;
	return g;
}

day
grant_persons_from(const struct grant *g, day from)
{
	return day_is(g->persons_from) && (!day_is(from) || from.n < g->persons_from.n) ? g->persons_from : from;
}

void
grant_assert(const struct grant *g)
{
	assert(g && g->seal == GRANT_SEAL && g->org);
}

/* The persons below and with $2 on today's line, as a subquery. */
static const char line_sql[] =
        "(select l_.below from line l_ where l_.org_id = $1 and l_.above = $2 and l_.to_day is null)";
/* My line, my leader, and who reports to my leader; not whom my peers lead: those are in my peers' teams. */
static const char team_sql[] = "(select l_.below from line l_ where l_.org_id = $1 and l_.to_day is null and (l_.above "
                               "= $2 or (l_.depth <= 1 and"
                               " l_.above in (select m_.above from line m_ where m_.org_id = $1 and m_.below = $2 and "
                               "m_.depth = 1 and m_.to_day is "
                               "null))))";

/* Whose promises stand open where first-line managers rank as employees: my leader's (O6), those of who leads leaders,
   and the head's. */
static const char leaders_sql[] =
        "(select l_.above from line l_ where l_.org_id = $1 and l_.to_day is null and (l_.depth >= 2 or (l_.depth = 1 "
        "and l_.below = $2)) union all select k_.head from company k_ where k_.org_id = $1 and k_.head is not null)";

static str
one_column(struct arena *a, enum reach reach, str column)
{
	switch (reach) {
	case REACH_OWN:
		return str_fmt(a, "%.*s = $2", STR_ARG(column));
	case REACH_LINE:
		return str_fmt(a, "%.*s in %s", STR_ARG(column), line_sql);
	case REACH_TEAM:
		return str_fmt(a, "%.*s in %s", STR_ARG(column), team_sql);
	case REACH_LEADERS:
		return str_fmt(a, "%.*s in %s or %.*s in %s", STR_ARG(column), line_sql, STR_ARG(column), leaders_sql);
	default:
		assert(0 && "no column needed");
		return STR("1=0");
	}
}

str
grant_sql(struct arena *a, const struct grant *g, enum matter m, enum act act, const char *columns)
{
	enum reach reach = g->reach[m][act];
	str rest = str_of(columns), column, sql = { 0 };

	grant_assert(g);
	if (reach == REACH_COMPANY)
		return STR(" and 1=1");
	if (reach == REACH_NONE || !columns || (!g->person && reach != REACH_LEADERS))
		return STR(" and 1=0");
	while (rest.n) {
		str_cut(rest, ' ', &column, &rest);
		str one = one_column(a, reach, column);
		sql = sql.n ? str_fmt(a, "%.*s or %.*s", STR_ARG(sql), STR_ARG(one)) : one;
	}
	return str_fmt(a, " and (%.*s)", STR_ARG(sql));
}

static enum matter
matter_named(str name)
{
	for (int m = 0; m < MATTER_COUNT; m++)
		if (str_eq(name, str_of(matter_names[m])))
			return (enum matter)m;
	assert(0 && "no such matter in a statement");
	return MATTER_ADMIN;
}

/* One {may:deals d.owner}, without its braces. */
static str
expand_one(struct arena *a, const struct grant *g, str inside)
{
	str head, rest, name, columns;
	enum act act;

	str_cut(inside, ':', &head, &rest);
	act = str_eq(head, STR("mayw")) ? ACT_WRITE : ACT_READ;
	str_cut(rest, ' ', &name, &columns);
	return grant_sql(a, g, matter_named(name), act, columns.n ? str_z(a, columns) : NULL);
}

const char *
grant_expand(struct arena *a, const struct grant *g, const char *sql)
{
	const char *at = strstr(sql, "{may");
	str done = { 0 };

	if (!at)
		return sql;
	for (; at; at = strstr(sql, "{may")) {
		const char *close = strchr(at, '}');
		assert(close);
		str one = expand_one(a, g, (str){ at + 1, (size_t)(close - at - 1) });
		done = str_fmt(a, "%.*s%.*s%.*s", STR_ARG(done), (int)(at - sql), sql, STR_ARG(one));
		sql = close + 1;
	}
	return str_z(a, str_fmt(a, "%.*s%s", STR_ARG(done), sql));
}

str
grant_explain(struct arena *a, const struct grant *g, enum matter m)
{
	str words = str_of(table[m].words[g->profile]);

	if (!day_is(g->persons_from) || m == MATTER_COMPANY || m == MATTER_PEOPLE || m == MATTER_ADMIN ||
	        m == MATTER_PRIVATE)
		return words;
	return str_fmt(a, "%.*s Figures of single people begin on %.*s, the day of the works agreement.",
	        STR_ARG(words), STR_ARG(day_long(a, g->persons_from)));
}
