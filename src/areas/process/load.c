#include "areas/process/standard.h"

/* Up to most rows of a record by a named statement's tail: $1 company, $2 one id. */
static enum err
load_rows(struct conn *c, struct arena *a, const struct record *r, id org, id which, const char *tail, size_t most,
        void *ret_all, size_t *ret_n)
{
	str sql = str_fmt(a, "select %.*s from %s limit %zu", STR_ARG(record_columns(a, r, "t")), tail, most);
	char *all = arena_alloc(a, r->size * most, _Alignof(max_align_t));
	size_t n = 0;
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(org), DB_I(which)), &rows);

	if (e != OK)
		return e;
	while (n < most && db_next(&rows))
		record_read(&rows, r, 0, all + n++ * r->size);
	*(void **)ret_all = all;
	*ret_n = n;
	return db_end(&rows);
}

enum err
process_all_steps(struct conn *c, struct arena *a, id org, id process, struct step **ret, size_t *ret_n)
{
	return load_rows(c, a, &step_record, org, process,
	        "stage g join step t on t.org_id = g.org_id and t.stage = g.id where g.org_id = $1 and g.process = $2 "
	        "order "
	        "by g.position, g.id, t.position, t.id",
	        600, ret, ret_n);
}

enum err
process_rules(struct conn *c, struct arena *a, id org, id process, struct health_rule **ret, size_t *ret_n)
{
	return load_rows(c, a, &health_rule_record, org, process,
	        "health_rule t where t.org_id = $1 and t.process = $2 order by t.kind, t.id", 200, ret, ret_n);
}

enum err
process_lost_reasons(
        struct conn *c, struct arena *a, id org, id process, bool archived, struct lost_reason **ret, size_t *ret_n)
{
	return load_rows(c, a, &lost_reason_record, org, process,
	        archived ? "lost_reason t join process p on p.org_id = t.org_id and coalesce(p.line, p.id) = t.process "
	                   "where "
	                   "t.org_id = $1 and p.id = $2 order by t.archived, t.position, t.id"
	                 : "lost_reason t join process p on p.org_id = t.org_id and coalesce(p.line, p.id) = t.process "
	                   "where "
	                   "t.org_id = $1 and p.id = $2 and coalesce(t.archived, 0) = 0 order by t.position, t.id",
	        200, ret, ret_n);
}

enum err
process_next_starts(struct conn *c, struct arena *a, id org, id process, struct next_start **ret, size_t *ret_n)
{
	return load_rows(c, a, &next_start_record, org, process,
	        "next_start t where t.org_id = $1 and t.process = $2 order by t.id", 60, ret, ret_n);
}

enum err
process_published(struct conn *c, struct arena *a, id org, id line, struct process *ret)
{
	struct process *all;
	size_t n;
	enum err e = load_rows(c, a, &process_record, org, line,
	        "process t join process q on q.org_id = t.org_id and coalesce(q.line, q.id) = coalesce(t.line, t.id) "
	        "where "
	        "t.org_id = $1 and q.id = $2 and coalesce(t.state, 'published') = 'published' order by t.number desc, "
	        "t.id",
	        1, &all, &n);

	if (e != OK)
		return e;
	if (!n)
		return ERR_ABSENT;
	*ret = all[0];
	return OK;
}
