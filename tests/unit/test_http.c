/* A real server on a free port, spoken to through raw sockets: what it takes, refuses, cuts, sheds and finishes. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http/http.h"
#include "unit.h"

/* ---- the server under test ---- */

static struct http_server *server;
static pthread_t thread;
static struct arena memory;
static atomic_int handled, opened, closed;

static void
nap(int ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };
	nanosleep(&t, NULL);
}

static void
echo(struct http_request *r, struct http_response *ret)
{
	struct out *o = &ret->body;
	http_set(ret, "Content-Type", STR("text/plain; charset=utf-8"));
	out_fmt(o, "%d %.*s|%.*s|%.*s", (int)r->method, STR_ARG(r->path), STR_ARG(r->query), STR_ARG(r->host));
	for (size_t i = 0; i < r->n_form; i++)
		out_fmt(o, "|%.*s=%.*s", STR_ARG(r->form[i].name), STR_ARG(r->form[i].value));
	out_fmt(o, "|body %zu|cookie %.*s", r->body.n, STR_ARG(http_cookie(r, "s")));
}

static void
large(struct http_request *r, struct http_response *ret)
{
	int64_t n = 0;
	str_to_i64(http_param(r, "n"), &n);
	http_set(ret, "Content-Type", STR("text/html"));
	for (int64_t i = 0; i < n; i++)
		out_lit(&ret->body, "0123456789abcdef");
}

static void
handle(struct http_request *r, struct http_response *ret, void *what)
{
	(void)what;
	assert_non_null(r->worker);
	atomic_fetch_add(&handled, 1);
	if (str_eq(r->path, STR("/sleep"))) {
		nap(300);
		out_lit(&ret->body, "slept");
	} else if (str_eq(r->path, STR("/large"))) {
		large(r, ret);
	} else if (str_eq(r->path, STR("/greedy"))) {
		for (;;)
			arena_alloc(r->arena, 1 << 20, 1);
	} else if (str_eq(r->path, STR("/none"))) {
		ret->status = 204;
	} else if (str_eq(r->path, STR("/go"))) {
		http_redirect(ret, r->arena, STR("/über?x=1\r\nSet-Cookie: no"));
	} else if (str_eq(r->path, STR("/events"))) {
		int64_t org = 0;
		str_to_i64(http_param(r, "org"), &org);
		ret->stream = true;
		http_sse_key(ret, 70 + org, org);
	} else {
		echo(r, ret);
	}
}

static void *
worker_open(void *what)
{
	atomic_fetch_add(&opened, 1);
	return what;
}

static void
worker_close(void *worker, void *what)
{
	assert_ptr_equal(worker, what);
	atomic_fetch_add(&closed, 1);
}

static void *
serve(void *s)
{
	assert_int_equal(http_serve(s), OK);
	return NULL;
}

static struct http_options
options(void)
{
	return (struct http_options){ .address = "127.0.0.1",
		.workers = 2,
		.handle = handle,
		.what = &memory,
		.worker_open = worker_open,
		.worker_close = worker_close };
}

static void
start(struct http_options o)
{
	str why = { 0 };
	arena_init(&memory, 1 << 20);
	opened = closed = 0;
	assert_int_equal(http_open(&o, &memory, &server, &why), OK);
	assert_true(http_port(server) > 0);
	assert_int_equal(pthread_create(&thread, NULL, serve, server), 0);
}

static void
finish(void)
{
	pthread_join(thread, NULL);
	http_close(server);
	arena_fini(&memory);
	assert_int_equal(opened, closed);
}

static void
stop(void)
{
	http_stop(server);
	finish();
}

/* ---- a client ---- */

static int
dial(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(server)) };
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	return fd;
}

static bool
say(int fd, const void *text, size_t n)
{
	for (const char *p = text; n;) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
		if (k < 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

static bool
say_z(int fd, const char *text)
{
	return say(fd, text, strlen(text));
}

/* Bytes come within ms, 0 at the end of the connection, -1 when nothing happens. */
static ssize_t
hear(int fd, char *to, size_t n, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	if (poll(&p, 1, ms) <= 0)
		return -1;
	ssize_t k = recv(fd, to, n, 0);
	return k < 0 ? 0 : k; /* a reset is an end too */
}

struct answer {
	int status;
	char head[4096];
	char *body;
	size_t n;
};

/* Reads one answer by its Content-Length (none after HEAD); status 0 when the connection ended instead. */
static struct answer
hear_answer(int fd, bool head_only)
{
	struct answer a = { 0 };
	size_t n = 0;
	while (!strstr(a.head, "\r\n\r\n")) {
		ssize_t k = hear(fd, a.head + n, 1, 5000);
		if (k <= 0)
			return a;
		n += (size_t)k;
		assert_true(n < sizeof(a.head));
	}
	assert_int_equal(sscanf(a.head, "HTTP/1.%*d %d ", &a.status), 1);
	const char *length = strstr(a.head, "Content-Length: ");
	size_t want = length && !head_only ? strtoul(length + 16, NULL, 10) : 0;
	a.body = calloc(1, want + 1);
	while (a.n < want) {
		ssize_t k = hear(fd, a.body + a.n, want - a.n, 5000);
		if (k <= 0)
			break;
		a.n += (size_t)k;
	}
	assert_int_equal(a.n, want);
	return a;
}

static struct answer
ask(int fd, const char *request)
{
	say_z(fd, request);
	return hear_answer(fd, strncmp(request, "HEAD", 4) == 0);
}

static bool
ended(int fd, int ms)
{
	char rest[4096];
	ssize_t k;
	while ((k = hear(fd, rest, sizeof(rest), ms)) > 0)
		continue;
	return k == 0;
}

#define HOST "Host: localhost\r\n"

/* One request on a connection of its own; its status. */
static int
status_of(const char *request)
{
	int fd = dial();
	struct answer a = ask(fd, request);
	free(a.body);
	close(fd);
	return a.status;
}

static bool
alive(void)
{
	return status_of("GET /alive HTTP/1.1\r\n" HOST "\r\n") == 200;
}

/* ---- tests ---- */

static void
keeps_alive(void **state)
{
	(void)state;
	start(options());
	int fd = dial();
	for (int i = 0; i < 3; i++) {
		struct answer a = ask(fd, "GET /a%20b?x=1 HTTP/1.1\r\n" HOST "Cookie: t=1; s=42\r\n\r\n");
		assert_int_equal(a.status, 200);
		assert_string_equal(a.body, "0 /a b|x=1|localhost|body 0|cookie 42");
		assert_non_null(strstr(a.head, "Date: "));
		free(a.body);
	}
	struct answer a = ask(fd, "GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	assert_int_equal(a.status, 200);
	free(a.body);
	assert_true(ended(fd, 2000));
	close(fd);
	stop();
}

static void
pipelines(void **state)
{
	(void)state;
	start(options());
	int fd = dial();
	say_z(fd, "GET /1 HTTP/1.1\r\n" HOST "\r\nPOST /2 HTTP/1.1\r\n" HOST
	          "Content-Length: 3\r\n\r\nabcGET /3 HTTP/1.1\r\n" HOST "\r\n");
	static const char *const want[] = { "0 /1||localhost|body 0|cookie ", "2 /2||localhost|body 3|cookie ",
		"0 /3||localhost|body 0|cookie " };
	for (int i = 0; i < 3; i++) {
		struct answer a = hear_answer(fd, false);
		assert_int_equal(a.status, 200);
		assert_string_equal(a.body, want[i]);
		free(a.body);
	}
	close(fd);
	stop();
}

static void
methods_and_forms(void **state)
{
	(void)state;
	start(options());
	int fd = dial();
	struct answer a =
	        ask(fd, "POST /f HTTP/1.1\r\n" HOST
	                "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: 11\r\n"
	                "\r\na=1&b=x+%26");
	assert_string_equal(a.body, "2 /f||localhost|a=1|b=x &|body 11|cookie ");
	free(a.body);
	a = ask(fd, "POST /c HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
	assert_string_equal(a.body, "2 /c||localhost|body 5|cookie ");
	free(a.body);
	a = ask(fd, "HEAD /h HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(a.status, 200);
	assert_non_null(strstr(a.head, "Content-Length: 30\r\n"));
	free(a.body);
	a = ask(fd, "GET /none HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(a.status, 204);
	assert_null(strstr(a.head, "Content-Length"));
	free(a.body);
	static const char *const names[] = { "PUT", "PATCH", "DELETE", "OPTIONS" };
	for (int i = 0; i < 4; i++) {
		char request[100], want[100];
		snprintf(request, sizeof(request), "%s /m HTTP/1.1\r\n" HOST "\r\n", names[i]);
		snprintf(want, sizeof(want), "%d /m||localhost|body 0|cookie ", HTTP_PUT + i);
		a = ask(fd, request);
		assert_string_equal(a.body, want);
		free(a.body);
	}
	a = ask(fd, "GET /go HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(a.status, 303);
	assert_non_null(strstr(a.head, "Location: /%C3%BCber?x=1%0D%0ASet-Cookie:%20no\r\n"));
	free(a.body);
	close(fd);
	stop();
}

/* None of these may reach the handler, and each must be told why. */
static void
refuses(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *request;
	} cases[] = {
		{ 400, "nonsense\r\n\r\n" },
		{ 400, "GET /\r\n\r\n" },
		{ 400, "GET / HTTP/9.9\r\n" HOST "\r\n" },
		{ 400, "GET / HTTP/1.1\r\n\r\n" },
		{ 400, "GET / HTTP/1.1\r\n" HOST HOST "\r\n" },
		{ 400, "GET / HTTP/1.1\r\n" HOST "no colon\r\n\r\n" },
		{ 400, "GET / HTTP/1.1\r\n" HOST "Na me: x\r\n\r\n" },
		{ 400, "GET / HTTP/1.1\r\n" HOST ": x\r\n\r\n" },
		{ 400, "GET / HTTP/1.1\r\n" HOST "X: \xff\r\n\r\n" },
		{ 400, "GET / HTTP/1.1\r\n" HOST "X: a\x01z\r\n\r\n" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\na" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Content-Length : 1\r\n\r\na" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\na" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\na" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\na" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" },
		{ 400, "POST / HTTP/1.1\r\n" HOST
		       "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
		{ 400, "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
		{ 400, "HEAD / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc" },
		{ 400, "GET /../etc/passwd HTTP/1.1\r\n" HOST "\r\n" },
		{ 400, "GET /%00 HTTP/1.1\r\n" HOST "\r\n" },
		{ 400, "GET http://localhost/ HTTP/1.1\r\n" HOST "\r\n" },
		{ 400, "POST / HTTP/1.1\r\n" HOST
		       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=%" },
		{ 400, "POST / HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\na=1" },
		{ 417, "POST / HTTP/1.1\r\n" HOST "Expect: magic\r\nContent-Length: 3\r\n\r\nabc" },
		{ 421, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n" },
		{ 501, "TRACE / HTTP/1.1\r\n" HOST "\r\n" },
		{ 501, "BREW / HTTP/1.1\r\n" HOST "\r\n" },
	};
	start(options());
	atomic_store(&handled, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int fd = dial();
		bool head = strncmp(cases[i].request, "HEAD", 4) == 0;
		struct answer a = ask(fd, cases[i].request);
		if (a.status != cases[i].status || !strstr(a.head, "Connection: close\r\n"))
			print_error("%s for %s\n", a.head, cases[i].request);
		assert_int_equal(a.status, cases[i].status);
		assert_non_null(strstr(a.head, "Connection: close\r\n"));
		if (!head) {
			assert_non_null(strstr(a.body, "<h1>"));
			assert_non_null(strstr(a.body, "<p>"));
		}
		assert_true(ended(fd, 2000));
		free(a.body);
		close(fd);
	}
	assert_int_equal(handled, 0);
	assert_true(alive());
	stop();
}

static void
too_many_headers(void **state)
{
	(void)state;
	start(options());
	int fd = dial();
	say_z(fd, "GET / HTTP/1.1\r\n" HOST);
	for (int i = 0; i < 120; i++)
		say_z(fd, "X: 1\r\n");
	struct answer a = ask(fd, "\r\n");
	assert_int_equal(a.status, 431);
	free(a.body);
	close(fd);
	fd = dial();
	char *long_line = malloc(40000);
	memset(long_line, 'a', 40000);
	say_z(fd, "GET /");
	say(fd, long_line, 40000);
	a = hear_answer(fd, false);
	assert_int_equal(a.status, 400);
	free(a.body);
	free(long_line);
	close(fd);
	stop();
}

static struct answer
post_bytes(int fd, const char *head, size_t n)
{
	char *body = calloc(1, n + 1);
	say_z(fd, head);
	say(fd, body, n);
	free(body);
	return hear_answer(fd, false);
}

static void
too_large(void **state)
{
	(void)state;
	struct http_options o = options();
	o.body_limit = 100000;
	start(o);
	int fd = dial();
	struct answer a = post_bytes(fd, "POST / HTTP/1.1\r\n" HOST "Content-Length: 100000\r\n\r\n", 100000);
	assert_int_equal(a.status, 200);
	free(a.body);
	a = post_bytes(fd, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3000000\r\n\r\n", 3000000);
	assert_int_equal(a.status, 413);
	assert_non_null(strstr(a.body, "larger than one request may be"));
	assert_true(ended(fd, 2000));
	free(a.body);
	close(fd);
	fd = dial();
	a = post_bytes(fd, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n186a1\r\n", 1000);
	assert_int_equal(a.status, 413);
	free(a.body);
	close(fd);
	fd = dial();
	a = ask(fd, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
	assert_int_equal(a.status, 100);
	free(a.body);
	a = ask(fd, "abc");
	assert_int_equal(a.status, 200);
	free(a.body);
	close(fd);
	assert_true(alive());
	stop();
}

static void
gzips(void **state)
{
	(void)state;
	start(options());
	int fd = dial();
	struct answer a = ask(fd, "GET /large?n=1000 HTTP/1.1\r\n" HOST "Accept-Encoding: br, gzip\r\n\r\n");
	assert_non_null(strstr(a.head, "Content-Encoding: gzip\r\n"));
	assert_non_null(strstr(a.head, "Vary: Accept-Encoding\r\n"));
	assert_true(a.n < 1000 && memcmp(a.body, "\x1f\x8b", 2) == 0);
	char name[] = "/tmp/gzipXXXXXX", command[64];
	int file = mkstemp(name);
	assert_int_equal(write(file, a.body, a.n), a.n);
	close(file);
	snprintf(command, sizeof(command), "gzip -dc < %s | wc -c", name);
	FILE *p = popen(command, "r");
	int n = 0;
	assert_int_equal(fscanf(p, "%d", &n), 1);
	pclose(p);
	unlink(name);
	assert_int_equal(n, 16000);
	free(a.body);
	a = ask(fd, "GET /large?n=1000 HTTP/1.1\r\n" HOST "\r\n");
	assert_null(strstr(a.head, "Content-Encoding"));
	assert_non_null(strstr(a.head, "Vary: Accept-Encoding\r\n"));
	assert_int_equal(a.n, 16000);
	free(a.body);
	a = ask(fd, "GET /large?n=10 HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n");
	assert_int_equal(a.n, 160);
	free(a.body);
	close(fd);
	stop();
}

static void
survives_a_greedy_handler(void **state)
{
	(void)state;
	struct http_options o = options();
	o.workers = 1;
	o.body_limit = 1 << 20;
	start(o);
	int fd = dial();
	for (int i = 0; i < 2; i++) {
		struct answer a = ask(fd, "GET /greedy HTTP/1.1\r\n" HOST "\r\n");
		assert_int_equal(a.status, 503);
		assert_non_null(strstr(a.head, "Retry-After: "));
		free(a.body);
	}
	close(fd);
	assert_true(alive());
	stop();
}

static void
cuts_slow_clients(void **state)
{
	(void)state;
	struct http_options o = options();
	o.request_ms = 200;
	o.idle_ms = 300;
	o.send_ms = 200;
	start(o);
	/* a head, a byte at a time */
	int fd = dial();
	bool open = true;
	const char *slow = "GET / HTTP/1.1\r\nHost: localhost\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	for (const char *p = slow; *p && open; p++) {
		open = say(fd, p, 1);
		nap(20);
	}
	struct answer a = hear_answer(fd, false);
	assert_true(a.status == 408 || a.status == 0);
	free(a.body);
	assert_true(ended(fd, 1000));
	close(fd);
	/* a body that stops */
	fd = dial();
	say_z(fd, "POST / HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nabc");
	a = hear_answer(fd, false);
	assert_int_equal(a.status, 408);
	free(a.body);
	assert_true(ended(fd, 1000));
	close(fd);
	/* nothing at all, and nothing more */
	fd = dial();
	assert_true(ended(fd, 2000));
	close(fd);
	fd = dial();
	a = ask(fd, "GET / HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(a.status, 200);
	free(a.body);
	assert_true(ended(fd, 2000));
	close(fd);
	/* an answer nobody reads: the sockets' buffers hold some of it, the rest is never sent */
	fd = dial();
	say_z(fd, "GET /large?n=2000000 HTTP/1.1\r\n" HOST "\r\n");
	nap(3000);
	size_t n = 0;
	char piece[65536];
	for (ssize_t k; (k = hear(fd, piece, sizeof(piece), 1000)) > 0;)
		n += (size_t)k;
	assert_true(n < 32000000);
	close(fd);
	assert_true(alive());
	stop();
}

static void
client_leaves_while_the_handler_sleeps(void **state)
{
	(void)state;
	start(options());
	for (int i = 0; i < 6; i++) {
		int fd = dial();
		if (i % 3 == 2) /* the answer to this makes evhttp notice early */
			say_z(fd, "POST /sleep HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n");
		say_z(fd, i % 3 == 2 ? "x" : "GET /sleep HTTP/1.1\r\n" HOST "\r\n");
		nap(20);
		if (i % 3 == 1) {
			struct linger hard = { .l_onoff = 1 }; /* a reset instead of a goodbye */
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
		}
		close(fd);
	}
	nap(1200);
	assert_true(alive());
	stop();
}

static void
sheds_and_recovers(void **state)
{
	(void)state;
	struct http_options o = options();
	o.queue = 3;
	start(o);
	int fds[20], fine = 0, busy = 0;
	for (int i = 0; i < 20; i++) {
		fds[i] = dial();
		say_z(fds[i], "GET /sleep HTTP/1.1\r\n" HOST "\r\n");
	}
	for (int i = 0; i < 20; i++) {
		struct answer a = hear_answer(fds[i], false);
		fine += a.status == 200;
		busy += a.status == 503;
		if (a.status == 503) {
			assert_non_null(strstr(a.head, "Retry-After: "));
			assert_non_null(strstr(a.body, "Try again"));
		}
		free(a.body);
	}
	assert_int_equal(fine + busy, 20);
	assert_true(fine >= 3 && busy >= 1);
	for (int i = 0; i < 20; i++) { /* those refused may ask again on the same connection */
		struct answer a = ask(fds[i], "GET /again HTTP/1.1\r\n" HOST "\r\n");
		assert_int_equal(a.status, 200);
		free(a.body);
		close(fds[i]);
	}
	stop();
}

static void
connection_cap(void **state)
{
	(void)state;
	struct http_options o = options();
	o.most_connections = 4;
	o.request_ms = 400;
	start(o);
	int fds[6];
	for (int i = 0; i < 6; i++)
		fds[i] = dial(); /* the kernel takes them all */
	for (int i = 0; i < 4; i++)
		say_z(fds[i], "GET /slow");
	nap(100);
	struct answer a = ask(fds[4], "GET / HTTP/1.1\r\n" HOST "\r\n"); /* once the slow ones are cut */
	assert_int_equal(a.status, 200);
	free(a.body);
	for (int i = 0; i < 6; i++)
		close(fds[i]);
	assert_true(alive());
	stop();
}

/* Reads until the text has come; false at the end or after two seconds of silence. */
static bool
hears(int fd, const char *text)
{
	static char got[1 << 16];
	size_t n = 0;
	memset(got, 0, sizeof(got));
	while (!strstr(got, text)) {
		ssize_t k = n + 1 < sizeof(got) ? hear(fd, got + n, 1, 2000) : 0;
		if (k <= 0)
			return false;
		n += (size_t)k;
	}
	return true;
}

static int
dial_events(int org)
{
	char request[100];
	int fd = dial();
	snprintf(request, sizeof(request), "GET /events?org=%d HTTP/1.1\r\n" HOST "\r\n", org);
	say_z(fd, request);
	assert_true(hears(fd, "Content-Type: text/event-stream\r\n"));
	assert_true(hears(fd, ": open\n\n"));
	return fd;
}

static void
streams_events(void **state)
{
	(void)state;
	struct http_options o = options();
	o.heartbeat_ms = 150;
	start(o);
	int one = dial_events(1), also = dial_events(1), other = dial_events(2), gone = dial_events(1);
	close(gone);
	http_sse(server, 1, STR("changed"), 17, STR("a\nb"));
	assert_true(hears(one, "event: changed\nid: 17\ndata: a\ndata: b\n\n"));
	assert_true(hears(also, "event: changed\nid: 17\ndata: a\ndata: b\n\n"));
	http_sse(server, 2, STR("x"), 0, STR("for two"));
	assert_true(hears(other, "event: x\ndata: for two\n\n"));
	assert_true(hears(one, ": here\n\n"));
	http_sse_end(server, 71); /* the session of company 1's streams */
	assert_true(hears(one, "0\r\n\r\n"));
	assert_true(hears(also, "0\r\n\r\n"));
	struct answer a = ask(one, "GET /after HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(a.status, 200);
	free(a.body);
	http_sse(server, 2, STR("x"), 0, STR("still here"));
	assert_true(hears(other, "data: still here\n\n"));
	close(one);
	close(also);
	stop();
	assert_true(hears(other, "0\r\n\r\n"));
	close(other);
}

static void
drops_slow_streams(void **state)
{
	(void)state;
	start(options());
	int slow = dial_events(1), fast = dial_events(1);
	char *data = malloc(100000);
	memset(data, 'x', 100000);
	fcntl(fast, F_SETFL, O_NONBLOCK);
	char sink[65536];
	size_t got = 0;
	for (int i = 0; i < 100; i++) { /* 10 MB: more than the kernel buffers for a reader */
		http_sse(server, 1, STR("big"), i + 1, (str){ data, 100000 });
		/* a fast reader has each event before the next is said, however busy the machine */
		for (int tries = 0; got < (size_t)(i + 1) * 100000 && tries < 5000; tries++) {
			ssize_t r = recv(fast, sink, sizeof(sink), 0);
			if (r > 0)
				got += (size_t)r;
			else
				nap(1);
		}
	}
	fcntl(fast, F_SETFL, 0);
	http_sse(server, 1, STR("end"), 1000, STR("."));
	assert_true(hears(fast, "id: 1000\n"));
	size_t n = 0;
	ssize_t k;
	while ((k = hear(slow, sink, sizeof(sink), 1000)) > 0)
		n += (size_t)k;
	assert_int_equal(k, 0);
	assert_true(n < 10000000);
	free(data);
	close(slow);
	close(fast);
	assert_true(alive());
	stop();
}

static void
stops_gracefully(void **state)
{
	(void)state;
	start(options());
	int idle = dial(), busy = dial();
	struct answer a = ask(idle, "GET / HTTP/1.1\r\n" HOST "\r\n");
	free(a.body);
	say_z(busy, "GET /sleep HTTP/1.1\r\n" HOST "\r\n");
	nap(100);
	kill(getpid(), SIGTERM);
	a = hear_answer(busy, false);
	assert_int_equal(a.status, 200);
	assert_string_equal(a.body, "slept");
	assert_non_null(strstr(a.head, "Connection: close\r\n"));
	free(a.body);
	assert_true(ended(idle, 2000));
	assert_true(ended(busy, 2000));
	finish();
	close(idle);
	close(busy);
}

static void
opens_where_it_may(void **state)
{
	struct http_options o = options();
	struct http_server *first, *second;
	str why = { 0 };
	o.address = "0.0.0.0";
	assert_int_equal(http_open(&o, *state, &first, &why), ERR_INPUT);
	assert_true(str_find(why, STR("127.0.0.1")) != SIZE_MAX);
	o.address = "127.0.0.1";
	assert_int_equal(http_open(&o, *state, &first, &why), OK);
	o.port = http_port(first);
	assert_int_equal(http_open(&o, *state, &second, &why), ERR_BUSY);
	assert_true(str_find(why, STR("in use")) != SIZE_MAX);
	o.next_free = true;
	assert_int_equal(http_open(&o, *state, &second, &why), OK);
	assert_true(http_port(second) > o.port);
	http_close(first);
	http_close(second);
}

/* Many clients at once, of which some leave: nothing is lost, mixed up or leaked. */
static void *
hammer(void *seed)
{
	unsigned at = (unsigned)(uintptr_t)seed;
	for (int i = 0; i < 60; i++) {
		int fd = dial();
		char request[200], want[100];
		for (int k = 0; k < 3; k++) {
			unsigned number = at * 1000 + (unsigned)(i * 3 + k);
			snprintf(request, sizeof(request), "GET /%u HTTP/1.1\r\n" HOST "\r\n", number);
			snprintf(want, sizeof(want), "0 /%u||localhost|body 0|cookie ", number);
			if ((i + k) % 7 == 6) {
				say_z(fd, request);
				break;
			}
			struct answer a = ask(fd, request);
			assert_int_equal(a.status, 200);
			assert_string_equal(a.body, want);
			free(a.body);
		}
		close(fd);
	}
	return NULL;
}

static void
many_at_once(void **state)
{
	(void)state;
	start(options());
	pthread_t threads[8];
	for (size_t i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, hammer, (void *)(uintptr_t)(i + 1));
	for (size_t i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	assert_true(alive());
	stop();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(opens_where_it_may),
		unit(keeps_alive),
		unit(pipelines),
		unit(methods_and_forms),
		unit(refuses),
		unit(too_many_headers),
		unit(too_large),
		unit(gzips),
		unit(survives_a_greedy_handler),
		unit(cuts_slow_clients),
		unit(client_leaves_while_the_handler_sleeps),
		unit(sheds_and_recovers),
		unit(connection_cap),
		unit(streams_events),
		unit(drops_slow_streams),
		unit(stops_gracefully),
		unit(many_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
