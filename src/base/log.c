#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"

#define LINE_MOST 2048

static atomic_int most = LOG_INFO;

static const char *const names[] = { "error", "warn", "info", "debug" };

void
log_level_set(enum log_level level)
{
	atomic_store(&most, (int)level);
}

/* "2026-11-23T14:03:00.000Z warn " without memory of its own: there may be none left to log with. */
static size_t
put_head(char *to, size_t size, enum log_level level)
{
	instant at = now();
	day d = zone_day(zone_utc(), at);
	int year, month, dom, ms = (int)(at - d.n * DAY_MS);
	day_parts(d, &year, &month, &dom);
	int n = snprintf(to, size, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ %s ", year, month, dom, ms / 3600000,
	        ms / 60000 % 60, ms / 1000 % 60, ms % 1000, names[level]);
	return n > 0 ? (size_t)n : 0;
}

void
log_line(enum log_level level, const char *format, ...)
{
	if ((int)level > atomic_load(&most))
		return;
	char line[LINE_MOST];
	size_t head = put_head(line, sizeof(line), level);
	va_list list;
	va_start(list, format);
	vsnprintf(line + head, sizeof(line) - head - 1, format, list);
	va_end(list);
	size_t n = head + strlen(line + head);
	for (size_t i = head; i < n; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = ' '; /* one event stays one line, whatever a visitor sent */
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		return; /* nowhere left to say so */
}
