/* A client of its own: keep-alive connections, one request at a time on each, one thread. And the server as a child. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

enum { ANSWER = 4 << 20, MOST = 64 };

struct line {
	int fd;
	char *text; /* the answer so far */
	size_t n, whole;
	double since;
	bool busy;
};

static int
connect_to(int port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = { htonl(INADDR_LOOPBACK) }
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static void
ask(struct load *l, struct line *x, const char *path)
{
	char text[1024];
	int n = snprintf(text, sizeof text,
	        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: __Host-ridealong=%s\r\n\r\n", path, l->port,
	        l->cookie);

	x->n = x->whole = 0;
	x->busy = true;
	x->since = clock_of(CLOCK_MONOTONIC);
	if (write(x->fd, text, (size_t)n) != n)
		fail("a request was not taken");
}

/* True when the whole answer is there. */
static bool
take(struct line *x, const char *path)
{
	ssize_t got = read(x->fd, x->text + x->n, ANSWER - x->n - 1);
	const char *end, *length;

	if (got <= 0)
		fail("the server hung up on %s", path);
	x->n += (size_t)got;
	x->text[x->n] = 0;
	if (!x->whole) {
		end = strstr(x->text, "\r\n\r\n");
		if (!end)
			return false;
		length = strcasestr(x->text, "content-length:");
		if (strncmp(x->text, "HTTP/1.1 200", 12) != 0 || !length || length > end)
			fail("%s was answered by %.60s", path, x->text);
		x->whole = (size_t)(end + 4 - x->text) + strtoul(length + 15, NULL, 10);
		if (x->whole >= ANSWER)
			fail("%s is too long", path);
	}
	return x->n >= x->whole;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double
median(double *x, size_t n)
{
	qsort(x, n, sizeof *x, by_size);
	return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

double
load_run(struct load *l)
{
	struct line lines[MOST] = { 0 };
	struct pollfd polled[MOST];
	size_t asked = 0, done = 0, k = (size_t)l->connections;
	double start = clock_of(CLOCK_MONOTONIC), end;

	for (size_t i = 0; i < k; i++) {
		lines[i].fd = connect_to(l->port);
		lines[i].text = malloc(ANSWER);
		if (lines[i].fd < 0 || !lines[i].text)
			fail("no connection");
		polled[i] = (struct pollfd){ .fd = lines[i].fd, .events = POLLIN };
		if (asked < l->n)
			ask(l, &lines[i], l->paths[asked++ % l->n_paths]);
	}
	while (done < l->n && poll(polled, k, 20000) > 0)
		for (size_t i = 0; i < k; i++) {
			if (!(polled[i].revents & (POLLIN | POLLHUP)) || !lines[i].busy ||
			        !take(&lines[i], l->paths[0]))
				continue;
			l->us[done++] = (clock_of(CLOCK_MONOTONIC) - lines[i].since) * 1e6;
			lines[i].busy = false;
			if (asked < l->n)
				ask(l, &lines[i], l->paths[asked++ % l->n_paths]);
		}
	if (done < l->n)
		fail("the server answers no more");
	end = clock_of(CLOCK_MONOTONIC);
	for (size_t i = 0; i < k; i++) {
		close(lines[i].fd);
		free(lines[i].text);
	}
	qsort(l->us, l->n, sizeof *l->us, by_size);
	return end - start;
}

/* ---- the server ---- */

static int
free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) || getsockname(fd, (struct sockaddr *)&at, &n))
		fail("no free port");
	close(fd);
	return ntohs(at.sin_port);
}

static bool
alive(int port)
{
	char text[512];
	int fd = connect_to(port);
	static const char ask_alive[] = "GET /alive HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
	ssize_t n = -1;

	if (fd < 0)
		return false;
	if (write(fd, ask_alive, sizeof ask_alive - 1) > 0)
		n = read(fd, text, sizeof text);
	close(fd);
	return n > 12 && strncmp(text, "HTTP/1.1 200", 12) == 0;
}

void
serve_start(struct served *s, const char *program, const struct base *b)
{
	char listen[32];
	cpu_set_t first;
	double start;

	s->port = free_port();
	snprintf(listen, sizeof listen, "127.0.0.1:%d", s->port);
	start = clock_of(CLOCK_MONOTONIC);
	s->pid = fork();
	if (s->pid == 0) {
		int nothing = open("/dev/null", O_WRONLY);
		CPU_ZERO(&first);
		CPU_SET(0, &first);
		sched_setaffinity(0, sizeof first, &first);
		dup2(nothing, 1);
		execl(program, program, "serve", "--db", b->url, "--listen", listen, (char *)NULL);
		_exit(127);
	}
	while (!alive(s->port)) {
		usleep(1000);
		if (s->pid < 0 || waitpid(s->pid, NULL, WNOHANG) != 0 || clock_of(CLOCK_MONOTONIC) - start > 10)
			fail("%s does not serve", program);
	}
	s->start_ms = (clock_of(CLOCK_MONOTONIC) - start) * 1e3;
}

void
serve_stop(struct served *s)
{
	kill(s->pid, SIGTERM);
	waitpid(s->pid, NULL, 0);
}

double
serve_cpu(const struct served *s)
{
	clockid_t clock;

	if (clock_getcpuclockid(s->pid, &clock))
		fail("no clock of the server");
	return clock_of(clock);
}

long
serve_private(const struct served *s)
{
	char path[64], text[256];
	long kib = -1;
	FILE *in;

	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)s->pid);
	in = fopen(path, "r");
	while (in && fgets(text, sizeof text, in))
		if (strncmp(text, "Private_Dirty:", 14) == 0)
			kib = atol(text + 14);
	if (in)
		fclose(in);
	return kib;
}
