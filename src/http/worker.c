/* Workers: take a job, check and parse it, let the handler answer, pack the answer so that the arena can go. */
#include <assert.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "http/server.h"

struct worker {
	struct http_server *server;
	struct arena arena;
	struct http_response response;
	struct http_gzip *gzip;
	void *context;
	jmp_buf landing;
};

struct http_pair *
http_pairs_pack(const struct http_pair *from, size_t n)
{
	size_t size = sizeof(*from) * n;
	for (size_t i = 0; i < n; i++)
		size += from[i].name.n + from[i].value.n + 2;
	struct http_pair *to = malloc(size ? size : 1);
	if (!to)
		return NULL;
	char *p = (char *)(to + n);
	for (size_t i = 0; i < n; i++) {
		str texts[2] = { from[i].name, from[i].value };
		for (int k = 0; k < 2; k++) {
			if (texts[k].n)
				memcpy(p, texts[k].s, texts[k].n);
			p[texts[k].n] = '\0';
			texts[k].s = p;
			p += texts[k].n + 1;
		}
		to[i] = (struct http_pair){ .name = texts[0], .value = texts[1] };
	}
	return to;
}

static str
take_body(struct worker *w, struct http_job *job)
{
	if (!job->body)
		return (str){ 0 };
	char *to = arena_alloc(&w->arena, job->n_body + 1, 1);
	ev_ssize_t n = evbuffer_copyout(job->body, to, job->n_body);
	assert(n >= 0 && (size_t)n == job->n_body);
	evbuffer_free(job->body);
	job->body = NULL;
	return (str){ to, job->n_body };
}

/* The straight line of a request; may leave it by longjmp when the arena is exhausted. */
static void
run(struct worker *w, struct http_job *job)
{
	const struct http_options *o = &w->server->o;
	struct http_request *request = arena_new(&w->arena, struct http_request, 1);
	str body = take_body(w, job);
	struct http_refusal no = http_request_parse(&w->arena, &job->head, body, o, request);
	if (no.status) {
		job->last = true; /* where the next request begins is in doubt */
		http_fail(&w->response, no.status, no.what, no.mend);
		return;
	}
	request->worker = w->context;
	o->handle(request, &w->response, o->what);
	if (!w->response.stream)
		http_response_gzip(&w->response, http_accepts_gzip(request), &w->gzip);
}

static void
free_block(const void *data, size_t n, void *block)
{
	(void)data;
	(void)n;
	free(block);
}

/* The blocks of the body go to the socket as they are, and are freed when they were read. */
static struct evbuffer *
take_answer(struct out *body)
{
	struct evbuffer *to = evbuffer_new();
	if (!to)
		return NULL;
	while (body->first) {
		struct out_block *b = body->first;
		body->first = b->next;
		if (evbuffer_add_reference(to, b->data, b->n, free_block, b) != 0) {
			free(b);
			out_fini(body);
			evbuffer_free(to);
			return NULL;
		}
	}
	body->last = NULL;
	return to;
}

static void
pack(struct worker *w, struct http_job *job)
{
	struct http_response *r = &w->response;
	if (r->body.full) {
		r->n_headers = 0;
		http_fail(r, 500, STR("The answer became too large to send."),
		        STR("Narrow the search, or export in parts."));
	}
	struct http_pair headers[sizeof(r->headers) / sizeof(*r->headers) + 1];
	memcpy(headers, r->headers, sizeof(*headers) * r->n_headers);
	size_t n = r->n_headers;
	char length[24];
	if (!r->stream && !http_status_bodyless(r->status)) {
		int k = snprintf(length, sizeof(length), "%zu", r->body.n);
		headers[n++] = (struct http_pair){ .name = STR("Content-Length"), .value = { length, (size_t)k } };
	}
	job->status = r->status;
	job->stream = r->stream && job->head.method == HTTP_GET;
	job->session = r->session;
	job->org = r->org;
	job->headers = http_pairs_pack(headers, n);
	job->n_headers = job->headers ? n : 0;
	if (job->head.method != HTTP_HEAD && !http_status_bodyless(r->status) && r->body.n)
		job->answer = take_answer(&r->body);
	http_response_fini(r);
}

static void
work(struct worker *w, struct http_job *job)
{
	http_response_init(&w->response);
	w->arena.landing = &w->landing;
	if (setjmp(w->landing) == 0) {
		run(w, job);
	} else {
		log_warn("a request needed more memory than one may have; answered 503");
		w->response.n_headers = 0;
		http_set(&w->response, "Retry-After", STR("5"));
		http_fail(&w->response, 503, STR("This request needs more memory than one request may have."),
		        STR("Ask for less at once: a shorter period, fewer rows, a smaller file."));
	}
	w->arena.landing = NULL;
	pack(w, job);
	arena_reset(&w->arena);
}

static struct http_job *
take_job(struct http_server *s)
{
	pthread_mutex_lock(&s->lock);
	while (!s->queue.first && !s->quit)
		pthread_cond_wait(&s->ready, &s->lock);
	struct http_job *job = s->queue.first;
	if (job) {
		s->queue.first = job->next;
		if (!job->next)
			s->queue.last = &s->queue.first;
		s->queue.n--;
		s->queue.bytes -= job->n_body;
	}
	pthread_mutex_unlock(&s->lock);
	return job;
}

static void
give_back(struct http_server *s, struct http_job *job)
{
	pthread_mutex_lock(&s->lock);
	bool first = !s->done;
	job->next = s->done;
	s->done = job;
	pthread_mutex_unlock(&s->lock);
	if (first)
		http_server_wake(s);
}

void *
http_worker_main(void *server)
{
	struct http_server *s = server;
	struct worker *w = calloc(1, sizeof(*w));
	assert(w);
	w->server = s;
	arena_init(&w->arena, ARENA_CAP_REQUEST + s->o.body_limit);
	if (s->o.worker_open)
		w->context = s->o.worker_open(s->o.what);
	for (struct http_job *job; (job = take_job(s));) {
		work(w, job);
		give_back(s, job);
	}
	if (s->o.worker_close)
		s->o.worker_close(w->context, s->o.what);
	http_gzip_free(w->gzip);
	arena_fini(&w->arena);
	free(w);
	return NULL;
}
