/* Uploads in slices, and imports under way: pages that say how far they are.
   What it is not for: starting one (pages.c), or running it (task.c). */
#include "areas/imports/pages.h"

#include "areas/imports/pages_html.h"
#include "areas/imports/spool.h"
#include "areas/imports/task.h"
#include "json/json.h"

#define UPLOAD_MOST (INT64_C(4) << 30)
enum { SLICE_MOST = 4 << 20, STOP_MS = 3000 };

/* ---- slices ---- */

static enum err
say_offset(struct request *r, id upload, int64_t offset)
{
	struct json j;

	page_type(r, STR("application/json"));
	json_init(&j, &r->answer->body);
	json_object(&j);
	json_key(&j, "id");
	json_str(&j, id_text(r->arena, upload));
	json_key(&j, "offset");
	json_int(&j, offset);
	json_key(&j, "slice");
	json_int(&j, SLICE_MOST);
	json_end(&j);
	return OK;
}

enum err
import_slice_begin(struct request *r)
{
	int64_t size;
	id upload;
	enum err e;

	if (!str_to_i64(page_field(r, "size"), &size) || size <= 0)
		return fault_add(&r->faults, STR("size"), STR("is missing"), STR("say how many bytes the file has"));
	if (size > UPLOAD_MOST)
		return ERR_LARGE;
	e = spool_begin(r->arena, r->actor.org, &upload);
	return e == OK ? say_offset(r, upload, 0) : e;
}

/* A slice that does not begin where the file ends changes nothing: 409, and where to go on. */
enum err
import_slice_put(struct request *r)
{
	int64_t offset, size = 0;
	id upload;
	enum err e;

	if (!id_parse(r->words[0], &upload))
		return ERR_ABSENT;
	if (!str_to_i64(page_param(r, "offset"), &offset) || offset < 0)
		return fault_add(&r->faults, STR("offset"), STR("is missing"), STR("say where the slice begins"));
	if (r->http->body.n > SLICE_MOST || offset + (int64_t)r->http->body.n > UPLOAD_MOST)
		return ERR_LARGE;
	e = spool_append(r->arena, r->actor.org, upload, offset, r->http->body, &size);
	if (e == ERR_STALE)
		r->answer->status = 409;
	return e == OK || e == ERR_STALE ? say_offset(r, upload, size) : e;
}

enum err
import_slice_at(struct request *r)
{
	int64_t size = 0;
	id upload;
	enum err e = id_parse(r->words[0], &upload) ? spool_size(r->arena, r->actor.org, upload, &size) : ERR_ABSENT;

	return e == OK ? say_offset(r, upload, size) : e;
}

/* ---- an import under way ---- */

static enum err
look(struct request *r, id *ret_upload, struct task_view *ret)
{
	return id_parse(r->words[0], ret_upload) ? task_look(r->arena, r->actor.org, *ret_upload, ret) : ERR_ABSENT;
}

static str
done_path(struct request *r, const struct task_view *v)
{
	str name = http_escape(r->arena, v->order.name), sheet = http_escape(r->arena, v->order.sheet);

	return str_fmt(r->arena, "/import/done/%.*s?file=%.*s&kind=%s&name=%.*s&sheet=%.*s",
	        STR_ARG(id_text(r->arena, v->import)), STR_ARG(r->words[0]), import_kinds[v->order.kind].code,
	        STR_ARG(name), STR_ARG(sheet));
}

enum err
import_go(struct request *r)
{
	struct task_view v;
	id upload;
	enum err e = look(r, &upload, &v);

	if (e != OK)
		return e;
	return v.state == TASK_DONE ? page_go(r, done_path(r, &v))
	                            : page_go_fmt(r, "/import/%.*s/progress", STR_ARG(r->words[0]));
}

static void
view_running(struct request *r, const struct task_view *v, struct running_view *ret)
{
	str name = http_escape(r->arena, v->order.name), kind = str_of(import_kinds[v->order.kind].code);
	bool runs = v->state == TASK_RUNNING;

	*ret = (struct running_view){ .w = { .r = r,
		                              .csrf = r->actor.csrf,
		                              .file = r->words[0],
		                              .name = v->order.name,
		                              .kind = kind,
		                              .map = v->order.map,
		                              .sheet = v->order.sheet,
		                              .as_of = day_iso(r->arena, v->order.as_of),
		                              .full = v->order.full },
		.runs = runs,
		.waiting = runs && v->phase == PHASE_WAITING,
		.checking = runs && v->phase == PHASE_CHECKING,
		.writing = runs && v->phase == PHASE_WRITING,
		.stopping = v->stopping,
		.refused = v->state == TASK_REFUSED,
		.stopped = v->state == TASK_STOPPED,
		.broken = v->state == TASK_BROKEN,
		.rows = v->rows,
		.total = v->total,
		.n_created = v->fates[FATE_CREATE],
		.n_updated = v->fates[FATE_UPDATE],
		.n_same = v->fates[FATE_SAME],
		.n_rejected = v->fates[FATE_REJECT],
		.why = v->why,
		.import = v->import ? id_text(r->arena, v->import) : (str){ 0 } };
	ret->w.at = str_fmt(
	        r->arena, "/import/%.*s?kind=%.*s&name=%.*s", STR_ARG(r->words[0]), STR_ARG(kind), STR_ARG(name));
	/* Checking is about a third of the work, as measured. */
	if (v->total > 0)
		ret->percent = v->phase == PHASE_CHECKING ? 30 * v->rows / v->total : 30 + 70 * v->rows / v->total;
}

enum err
import_progress_page(struct request *r)
{
	static const struct crumb crumbs[] = { { STR_INIT("Import"), STR_INIT("/import") } };
	struct running_view view;
	struct task_view v;
	id upload;
	enum err e = look(r, &upload, &v);

	if (e != OK || v.state == TASK_DONE)
		return e == OK ? import_go(r) : e;
	view_running(r, &v, &view);
	struct page p = {
		.title = str_fmt(r->arena, "Import: %.*s", STR_ARG(v.order.name)), .crumbs = crumbs, .n_crumbs = 1
	};
	page_head(r, &p);
	tpl_imports_running(&r->view, &view);
	page_foot(r);
	return OK;
}

enum err
import_stop_act(struct request *r)
{
	struct task_view v;
	id upload;
	enum err e = look(r, &upload, &v);

	if (e == OK && v.state == TASK_RUNNING) {
		e = task_stop(r->arena, r->actor.org, upload);
		task_wait(r->arena, r->actor.org, upload, STOP_MS);
	}
	return e == OK ? import_go(r) : e;
}

enum err
import_resume_act(struct request *r)
{
	struct task_view v;
	id upload;
	enum err e = look(r, &upload, &v);

	if (e == OK && v.state != TASK_RUNNING && v.state != TASK_DONE) {
		v.order.login = r->actor.login;
		v.order.person = r->actor.person;
		v.order.resume = v.import;
		e = task_start(r->db, r->arena, &v.order);
		task_wait(r->arena, r->actor.org, upload, STOP_MS / 2);
	}
	return e == OK || e == ERR_BUSY ? import_go(r) : e;
}
