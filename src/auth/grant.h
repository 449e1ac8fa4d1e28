/* What an actor may: who asks, and the predicates that follow from it.
   What it is not for: finding out who asks (actor.h), or the records themselves.

   O5 stands here as ONE table (auth_table): matter × relation to the person concerned × profile. A grant compiles to an
   SQL predicate that list, count, sum, search and export use alike. In every statement that carries one, $1 is the
   company and $2 the asking person. Only auth/ makes a grant; record functions refuse to work without one. */
#ifndef AUTH_GRANT_H
#define AUTH_GRANT_H

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"

/* The rows of O5's table, finer where reading and writing differ. */
enum matter {
	MATTER_COMPANY,      /* process, products, periods: read by all, written by administrators and the head */
	MATTER_PEOPLE,       /* names, titles, the line: read by all, written by administrators */
	MATTER_DEALS,        /* deals, accounts, contacts, activities */
	MATTER_LEADERSHIP,   /* a leader's charter, obligations, commitments to others, development goal */
	MATTER_SCORECARD,    /* a seller's targets, kept rate */
	MATTER_SESSION_FACT, /* that a session was, when, which skill, confirmed: the pair, counts above */
	MATTER_SESSION_TEXT, /* notes of two, observation text, account of a miss: the pair */
	MATTER_PRIVATE,      /* private notes, personal goals: the writer */
	MATTER_ADMIN,        /* imports, invitations, settings, audit */
	MATTER_COUNT
};

enum act { ACT_READ, ACT_WRITE };

/* Relation of the asking person to the person (or persons) a row names. */
enum reach {
	REACH_NONE,
	REACH_OWN,     /* rows that name me */
	REACH_LINE,    /* mine and everybody's below me */
	REACH_TEAM,    /* as line, and my peers' under the same leader */
	REACH_LEADERS, /* as line, my own leader, and every leader of leaders: first-line managers rank as employees */
	REACH_COMPANY, /* every row of the company */
	REACH_COUNT
};

enum profile { PROFILE_OPEN, PROFILE_LINE, PROFILE_AGREEMENT };

struct grant {
	id org;
	id person;                         /* 0: no person (administrator outside the line, job) */
	id login;                          /* who signs the change set; 0 for jobs */
	enum reach reach[MATTER_COUNT][2]; /* by act */
	enum profile profile;
	day persons_from;   /* works agreement: figures of single people begin on it; DAY_NONE: no such day */
	const char *reason; /* why this grant exists: "session", "token", "command line", "job: sealer" */
	uint32_t seal;      /* set by auth/ alone; records assert it */
};

struct actor;
/* O5 for this actor. */
struct grant grant_of(const struct actor *who);
/* For jobs, the command line and hooks: everything of one company, under a named reason. */
struct grant grant_all(id org, id login, id person, const char *reason);
/* What is open to whoever is led, read for the whole company; the asker's day of the works agreement holds (O5, O6). */
struct grant grant_counts(const struct grant *asker, const char *reason);
void grant_assert(const struct grant *g);
/* Where figures of single people that are asked for from that day on begin: not before the works agreement (O5). */
day grant_persons_from(const struct grant *g, day from);

/* " and (…)" to be appended to a where clause; columns name the persons a row concerns ("d.owner" or "s.coach
 * s.coachee"). */
str grant_sql(struct arena *a, const struct grant *g, enum matter m, enum act act, const char *columns);
/* Replaces every {may:MATTER columns} and {mayw:MATTER columns} of a statement: {may:deals d.owner}. Same text back
   when there is none. Matters by name: company people deals leadership scorecard session_fact session_text private
   admin. */
const char *grant_expand(struct arena *a, const struct grant *g, const char *sql);

/* O5 for people: who can see this, and why ("Who sees this"); and since when figures of single people are kept. */
str grant_explain(struct arena *a, const struct grant *g, enum matter m);

#endif
