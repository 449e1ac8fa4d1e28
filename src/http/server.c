#include "http/server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <event2/listener.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"

#define HEADERS_MOST (32 << 10)
#define PORTS_TRIED  50

void
http_server_wake(struct http_server *s)
{
	uint64_t one = 1;
	int before = errno; /* may be called from a signal handler */
	ssize_t n = write(s->wake_fd, &one, sizeof(one));
	assert(n == sizeof(one) || errno == EAGAIN);
	errno = before;
}

void
http_job_free(struct http_job *job)
{
	if (!job)
		return;
	free(job->head_block);
	free(job->headers);
	if (job->body)
		evbuffer_free(job->body);
	if (job->answer)
		evbuffer_free(job->answer);
	free(job);
}

/* ---- stopping ---- */

void
http_server_check_stopped(struct http_server *s)
{
	if (s->stopping && s->n_jobs == 0 && s->n_connections == 0)
		event_base_loopbreak(s->base);
}

static void
begin_stop(struct http_server *s)
{
	if (s->stopping)
		return;
	s->stopping = true;
	s->stop_at = clock_steady_us();
	http_connection_stop(s);
	http_server_check_stopped(s);
}

static void
on_signal(evutil_socket_t number, short what, void *server)
{
	(void)what;
	struct http_server *s = server;
	log_info("signal %d: stopping", (int)number);
	if (s->stopping)
		event_base_loopbreak(s->base); /* asked twice: at once */
	else
		begin_stop(s);
}

void
http_stop(struct http_server *s)
{
	atomic_store(&s->stop, true);
	http_server_wake(s);
}

/* ---- what other threads left for the I/O thread ---- */

static struct http_job *
in_order(struct http_job *newest)
{
	struct http_job *oldest = NULL;
	while (newest) {
		struct http_job *next = newest->next;
		newest->next = oldest;
		oldest = newest;
		newest = next;
	}
	return oldest;
}

static void
deliver(struct http_server *s)
{
	pthread_mutex_lock(&s->lock);
	struct http_job *done = in_order(s->done);
	struct http_message *messages = s->messages;
	s->done = NULL;
	s->messages = NULL;
	s->messages_last = &s->messages;
	pthread_mutex_unlock(&s->lock);
	while (done) {
		struct http_job *job = done;
		done = job->next;
		s->n_jobs--;
		http_connection_answer(job);
	}
	while (messages) {
		struct http_message *m = messages;
		messages = m->next;
		http_sse_deliver(s, m);
	}
}

static void
on_wake(evutil_socket_t fd, short what, void *server)
{
	(void)what;
	struct http_server *s = server;
	uint64_t n;
	while (read(fd, &n, sizeof(n)) == sizeof(n))
		continue;
	deliver(s);
	if (atomic_load(&s->stop))
		begin_stop(s);
	http_server_check_stopped(s);
}

/* A quarter of the shortest time, so that none is missed by much. */
static struct timeval
sweep_time(const struct http_options *o)
{
	int least = 1000;
	const int times[] = { o->idle_ms, o->request_ms, o->send_ms, o->heartbeat_ms, o->drain_ms };
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		if (times[i] < least)
			least = times[i];
	int ms = least / 4 > 5 ? least / 4 : 5;
	return (struct timeval){ .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
}

static void
on_sweep(evutil_socket_t fd, short what, void *server)
{
	(void)fd;
	(void)what;
	struct http_server *s = server;
	http_connection_sweep(s);
	if (s->stopping && s->n_jobs == 0 && clock_steady_us() - s->stop_at > INT64_C(1000) * s->o.drain_ms)
		event_base_loopbreak(s->base);
}

/* ---- opening ---- */

static void
set_defaults(struct http_options *o)
{
	if (o->workers <= 0)
		o->workers = (int)(2 * sysconf(_SC_NPROCESSORS_ONLN));
	if (o->body_limit == 0)
		o->body_limit = (size_t)33 << 20;
	if (o->most_connections <= 0)
		o->most_connections = 2000;
	if (o->queue <= 0)
		o->queue = 512;
	struct {
		int *at, otherwise;
	} times[] = { { &o->idle_ms, 65000 }, { &o->request_ms, 20000 }, { &o->send_ms, 30000 },
		{ &o->heartbeat_ms, 15000 }, { &o->drain_ms, 10000 } };
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		if (*times[i].at <= 0)
			*times[i].at = times[i].otherwise;
}

/* Connections, and as many again for databases, files and pipes. */
static void
raise_descriptors(const struct http_options *o)
{
	struct rlimit limit;
	rlim_t want = (rlim_t)o->most_connections * 2 + 256;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
		return;
	limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || limit.rlim_max > want ? want : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* The listening socket at that very port, or -1 and errno. TCP_NODELAY is inherited by what it accepts. */
static int
listen_at(const char *address, int port)
{
	struct sockaddr_storage sa = { 0 };
	int length = sizeof(sa);
	struct sockaddr_in *four = (struct sockaddr_in *)&sa;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&sa;
	if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)port);
		length = sizeof(*four);
	} else if (inet_pton(AF_INET6, address, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((uint16_t)port);
		length = sizeof(*six);
	} else {
		errno = EINVAL;
		return -1;
	}
	int fd = socket(sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sa, (socklen_t)length) == 0 && listen(fd, 1024) == 0)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

static int
port_of(int fd)
{
	struct sockaddr_storage sa;
	socklen_t n = sizeof(sa);
	if (getsockname(fd, (struct sockaddr *)&sa, &n) != 0)
		return 0;
	return ntohs(sa.ss_family == AF_INET ? ((struct sockaddr_in *)&sa)->sin_port
	                                     : ((struct sockaddr_in6 *)&sa)->sin6_port);
}

static int
listen_first(const struct http_options *o)
{
	int tries = o->next_free && o->port ? PORTS_TRIED : 0, fd = -1;
	for (int i = 0; i <= tries && o->port + i < 65536; i++) {
		fd = listen_at(o->address, o->port + i);
		if (fd >= 0 || errno != EADDRINUSE)
			break;
	}
	return fd;
}

static str
bind_why(struct arena *a, const struct http_options *o, int error)
{
	if (error == EADDRINUSE)
		return str_fmt(a, "port %d is in use; choose another one", o->port);
	if (error == EACCES)
		return str_fmt(a, "port %d may not be opened by this user; choose one above 1023", o->port);
	if (error == EADDRNOTAVAIL || error == EINVAL)
		return str_fmt(a, "%s is not an address of this machine; use 127.0.0.1 or ::1", o->address);
	return str_fmt(a, "cannot listen at %s port %d: %s", o->address, o->port, strerror(error));
}

/* Out of descriptors: accepting is taken up again by the sweep. */
static void
on_accept_error(struct evconnlistener *listener, void *server)
{
	(void)server;
	log_warn("cannot accept a connection: %s", strerror(errno));
	evconnlistener_disable(listener);
}

/* evhttp is told what it may accept; everything it gets wrong is checked again in request.c. */
static bool
open_evhttp(struct http_server *s, int fd)
{
	s->base = event_base_new();
	s->http = s->base ? evhttp_new(s->base) : NULL;
	s->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (!s->http || s->wake_fd < 0)
		return false;
	s->bound = evhttp_accept_socket_with_handle(s->http, fd);
	s->wake = event_new(s->base, s->wake_fd, EV_READ | EV_PERSIST, on_wake, s);
	s->sweep = event_new(s->base, -1, EV_PERSIST, on_sweep, s);
	if (!s->bound || !s->wake || !s->sweep)
		return false;
	evhttp_set_allowed_methods(s->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST | EVHTTP_REQ_PUT |
	                                            EVHTTP_REQ_PATCH | EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS);
	evhttp_set_max_headers_size(s->http, HEADERS_MOST);
	evhttp_set_max_body_size(s->http, (ev_ssize_t)s->o.body_limit);
	evhttp_set_flags(s->http, EVHTTP_SERVER_LINGERING_CLOSE);
	evhttp_set_default_content_type(s->http, NULL);
	evhttp_set_bevcb(s->http, http_connection_new, s);
	evhttp_set_gencb(s->http, http_connection_request, s);
	evconnlistener_set_error_cb(evhttp_bound_socket_get_listener(s->bound), on_accept_error);
	struct timeval every = sweep_time(&s->o);
	return event_add(s->wake, NULL) == 0 && event_add(s->sweep, &every) == 0;
}

enum err
http_open(const struct http_options *o, struct arena *a, struct http_server **ret, str *ret_why)
{
	if (!http_address_loopback(o->address) && !o->behind_tls) {
		*ret_why =
		        str_fmt(a, "%s would serve plain HTTP to others; use 127.0.0.1, or put TLS in front and say so",
		                o->address);
		return ERR_INPUT;
	}
	signal(SIGPIPE, SIG_IGN);
	raise_descriptors(o);
	int fd = listen_first(o);
	if (fd < 0) {
		*ret_why = bind_why(a, o, errno);
		return errno == EADDRINUSE ? ERR_BUSY : ERR_INPUT;
	}
	struct http_server *s = calloc(1, sizeof(*s));
	if (!s) {
		close(fd);
		*ret_why = STR("out of memory");
		return ERR_MEMORY;
	}
	s->o = *o;
	set_defaults(&s->o);
	s->port = port_of(fd);
	s->accepting = true;
	s->wake_fd = -1;
	s->queue.last = &s->queue.first;
	s->messages_last = &s->messages;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->ready, NULL);
	if (!open_evhttp(s, fd)) {
		if (!s->bound)
			close(fd);
		http_close(s);
		*ret_why = STR("out of memory or descriptors");
		return ERR_MEMORY;
	}
	*ret = s;
	return OK;
}

int
http_port(const struct http_server *s)
{
	return s->port;
}

/* ---- serving ---- */

static bool
start_workers(struct http_server *s)
{
	s->threads = calloc((size_t)s->o.workers, sizeof(*s->threads));
	while (s->threads && s->n_threads < (size_t)s->o.workers) {
		if (pthread_create(&s->threads[s->n_threads], NULL, http_worker_main, s) != 0)
			break;
		s->n_threads++;
	}
	return s->n_threads > 0;
}

static void
join_workers(struct http_server *s)
{
	pthread_mutex_lock(&s->lock);
	s->quit = true;
	pthread_cond_broadcast(&s->ready);
	pthread_mutex_unlock(&s->lock);
	for (size_t i = 0; i < s->n_threads; i++)
		pthread_join(s->threads[i], NULL);
	s->n_threads = 0;
}

enum err
http_serve(struct http_server *s)
{
	static const int numbers[] = { SIGTERM, SIGINT };
	for (size_t i = 0; i < 2; i++) {
		s->signals[i] = evsignal_new(s->base, numbers[i], on_signal, s);
		if (!s->signals[i] || event_add(s->signals[i], NULL) != 0)
			return ERR_IO;
	}
	if (!start_workers(s))
		return ERR_MEMORY;
	if ((int)s->n_threads < s->o.workers)
		log_warn("only %zu of %d workers could be started", s->n_threads, s->o.workers);
	int status = event_base_dispatch(s->base);
	for (size_t i = 0; i < 2; i++)
		event_del(s->signals[i]); /* from here on a signal ends the program, should a handler hang */
	join_workers(s);
	return status < 0 ? ERR_IO : OK;
}

void
http_close(struct http_server *s)
{
	if (!s)
		return;
	struct http_job *left[] = { s->done, s->queue.first };
	s->bound = NULL; /* goes with evhttp */
	if (s->http)
		evhttp_free(s->http); /* closes connections; their jobs are told */
	http_connection_clear(s);
	for (size_t i = 0; i < 2; i++)
		while (left[i]) {
			struct http_job *job = left[i];
			left[i] = job->next;
			if (job->evreq)
				evhttp_request_free(job->evreq);
			http_job_free(job);
		}
	while (s->messages) {
		struct http_message *m = s->messages;
		s->messages = m->next;
		free(m);
	}
	struct event *events[] = { s->wake, s->sweep, s->signals[0], s->signals[1] };
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		if (events[i])
			event_free(events[i]);
	if (s->base)
		event_base_free(s->base);
	if (s->wake_fd >= 0)
		close(s->wake_fd);
	pthread_cond_destroy(&s->ready);
	pthread_mutex_destroy(&s->lock);
	free(s->by_fd);
	free(s->threads);
	free(s);
}
