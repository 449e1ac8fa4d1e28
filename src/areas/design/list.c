#include "areas/design/view.h"

#include "areas/process/standard.h"

#include "areas/design/design_html.h"

/* O5: what the whole company works by is designed by the head and administrators; everybody reads it, and may send them
   a changed file. */
enum err
design_may(struct request *r)
{
	return r->grant.reach[MATTER_COMPANY][ACT_WRITE] == REACH_COMPANY ? OK : ERR_DENIED;
}

static enum err
load_list(struct request *r, struct design_list *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, (select count(*) from stage g where g.org_id = t.org_id and g.process = t.id), (select "
	        "count(*) "
	        "from step s join stage g on g.org_id = s.org_id and g.id = s.stage where s.org_id = t.org_id and "
	        "g.process = "
	        "t.id), (select count(*) from deal d where d.org_id = $1 and $2 = $2 and d.process = t.id and "
	        "d.outcome = "
	        "'open' {may:deals d.owner}) from process t where t.org_id = $1 order by case when t.state = 'retired' "
	        "then 1 "
	        "else 0 end, t.name, t.number desc limit 200",
	        STR_ARG(record_columns(r->arena, &process_record, "t")));
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_NO_ARGS, &rows);

	v->rows = arena_new(r->arena, struct design_row, 200);
	while (e == OK && v->n < 200 && db_next(&rows)) {
		struct design_row *x = &v->rows[v->n++];
		int at = record_read(&rows, &process_record, 0, &x->p);
		x->stages = db_int(&rows, at);
		x->steps = db_int(&rows, at + 1);
		x->deals = db_int(&rows, at + 2);
		x->mirror = x->p.source.n != 0;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
show_list(struct request *r, struct design_list *v)
{
	struct page p = { .title = STR("Processes"), .subtitle = STR("How we sell, version by version") };
	enum err e = load_list(r, v);

	if (e != OK)
		return e;
	v->may = design_may(r) == OK;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_design_list(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
design_list_page(struct request *r)
{
	struct design_list v = { 0 };

	return show_list(r, &v);
}

/* ---- a new one ---- */

struct making {
	str name;
	id ret;
};

static enum err
make_stage(
        struct change *c, id process, int64_t position, const char *name, int outcome, int64_t least, int64_t greatest)
{
	struct stage s;

	record_init(&stage_record, &s);
	s.process = process;
	s.position = position;
	s.name = str_of(name);
	s.outcome = outcome;
	s.probability = least;
	s.greatest = greatest;
	return record_save(c, &stage_record, &s);
}

static enum err
make_work(struct change *c, void *what)
{
	struct making *m = what;
	struct process p;
	enum err e;

	record_init(&process_record, &p);
	p.name = m->name;
	p.number = 1;
	p.state = PROCESS_DRAFT;
	e = record_save(c, &process_record, &p);
	if (e == OK)
		e = make_stage(c, p.row.id, 1, "First stage", OUTCOME_OPEN, 10, 50);
	if (e == OK)
		e = make_stage(c, p.row.id, 2, "Won", OUTCOME_WON, 100, NO_INT);
	if (e == OK)
		e = make_stage(c, p.row.id, 3, "Lost", OUTCOME_LOST, 0, NO_INT);
	m->ret = p.row.id;
	return e;
}

enum err
design_go(struct request *r, id process, id set, const char *anchor)
{
	return page_done(r, set, str_fmt(r->arena, "/process/%.*s%s", STR_ARG(id_text(r->arena, process)), anchor));
}

enum err
design_new(struct request *r)
{
	struct making m = { .name = str_trim(page_field(r, "name")) };
	struct design_list v = { 0 };
	struct process other;
	id set = 0;
	enum err e = design_may(r);

	if (e != OK)
		return e;
	if (!m.name.n)
		fault_add(&r->faults, STR("name"), STR("is missing"), STR("give the process a name"));
	else if (record_find_by(r->conn, r->arena, &r->grant, &process_record, "name", m.name, &other) == OK)
		fault_add(&r->faults, STR("name"), STR("is taken"),
		        STR("make a draft of that process, or choose another name"));
	if (!r->faults.n)
		e = page_change(r, str_fmt(r->arena, "Process %.*s begun", STR_ARG(m.name)), make_work, &m, &set);
	if (r->faults.n)
		return show_list(r, &v);
	return e == OK ? design_go(r, m.ret, set, "") : e;
}

/* ---- files ---- */

enum err
design_file(struct request *r)
{
	struct version v;
	str text;
	enum err e = version_load(r->conn, r->arena, &r->grant, r->ids[0], &v);

	if (e == OK)
		e = plain_print(r->conn, r->arena, &r->grant, &v, &text);
	if (e != OK)
		return e;
	page_type(r, STR("application/yaml; charset=utf-8"));
	http_set(r->answer, "Content-Disposition", STR("attachment; filename=\"process.yaml\""));
	out_str(&r->answer->body, text);
	return OK;
}

static enum err
import_work(struct change *c, void *what)
{
	return plain_import(c, what);
}

enum err
design_import(struct request *r)
{
	const struct http_pair *file = http_file(r->http, "file");
	struct design_list v = { .file = page_field(r, "text") };
	struct plain_import x = { 0 };
	struct version read;
	str text = file && file->value.n ? file->value : v.file;
	id set = 0;
	enum err e = design_may(r);

	if (e != OK)
		return e;
	if (!text.n)
		fault_add(&r->faults, STR("file"), STR("is missing"), STR("choose a file, or paste its text"));
	else if (text.n > PLAIN_MOST || !str_utf8(text))
		fault_add(&r->faults, STR("file"), STR("is no text of at most 1 MiB"),
		        STR("export a process to see what one looks like"));
	else
		e = plain_parse(r->conn, r->arena, &r->grant, text, &r->faults, &read);
	x.file = &read;
	if (e == OK && !r->faults.n)
		e = page_change(
		        r, str_fmt(r->arena, "Process %.*s imported", STR_ARG(read.p.name)), import_work, &x, &set);
	if (r->faults.n)
		return show_list(r, &v);
	if (e != OK)
		return e;
	if (x.ret_same)
		return page_go_fmt(r, "/process/%.*s?same=1", STR_ARG(id_text(r->arena, x.ret_process)));
	return design_go(r, x.ret_process, set, "");
}
