#include "base/time.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t simulated;

instant
now(void)
{
	int64_t told = atomic_load_explicit(&simulated, memory_order_relaxed);
	if (told)
		return told;
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
clock_set(instant at)
{
	atomic_store(&simulated, at);
}

int64_t
clock_steady_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
	"Dec" };

str
instant_iso(struct arena *a, instant at)
{
	day d = zone_day(zone_utc(), at);
	if (!day_is(d))
		return (str){ 0 };
	int year, month, dom, ms = (int)(at - d.n * DAY_MS);
	day_parts(d, &year, &month, &dom);
	return str_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, dom, ms / 3600000, ms / 60000 % 60,
	        ms / 1000 % 60, ms % 1000);
}

str
instant_text(struct arena *a, instant at, const struct zone *z)
{
	day d = zone_day(z, at);
	if (!day_is(d))
		return (str){ 0 };
	int year, month, dom, minutes = zone_minutes(z, at);
	day_parts(d, &year, &month, &dom);
	return str_fmt(a, "%d %s %d, %02d:%02d", dom, months[month - 1], year, minutes / 60, minutes % 60);
}

/* Two digits and, when there is one, the mark that ends them; -1 when s starts otherwise or they are over most. */
static int
two(str *s, char mark, int most)
{
	if (s->n < 2 + (mark != 0) || s->s[0] < '0' || s->s[0] > '9' || s->s[1] < '0' || s->s[1] > '9')
		return -1;
	if (mark && s->s[2] != mark)
		return -1;
	int n = (s->s[0] - '0') * 10 + (s->s[1] - '0');
	*s = str_from(*s, 2 + (mark != 0));
	return n > most ? -1 : n;
}

/* ".123456" → 123; digits past the millisecond are dropped. -1 for a point without digits. */
static int
milliseconds(str *s)
{
	if (!str_starts(*s, STR(".")))
		return 0;
	int ms = 0, weight = 100;
	size_t n = 1;
	for (; n < s->n && s->s[n] >= '0' && s->s[n] <= '9'; n++, weight /= 10)
		ms += (s->s[n] - '0') * weight;
	*s = str_from(*s, n);
	return n > 1 ? ms : -1;
}

/* "Z" or "+02:00", all that is left of s. */
static bool
offset_parse(str s, int *ret_minutes)
{
	if (str_same(s, STR("Z"))) {
		*ret_minutes = 0;
		return true;
	}
	if (!str_starts(s, STR("+")) && !str_starts(s, STR("-")))
		return false;
	int sign = s.s[0] == '-' ? -1 : 1;
	s = str_from(s, 1);
	int hours = two(&s, ':', 23);
	int minutes = hours < 0 ? -1 : two(&s, 0, 59);
	if (minutes < 0 || s.n)
		return false;
	*ret_minutes = sign * (hours * 60 + minutes);
	return true;
}

bool
instant_parse(str iso, instant *ret)
{
	day d;
	if (!day_parse(str_first(iso, 10), &d))
		return false;
	if (iso.n == 10) {
		*ret = d.n * DAY_MS;
		return true;
	}
	char mark = iso.s[10];
	if (mark != 'T' && mark != 't' && mark != ' ')
		return false;
	str s = str_from(iso, 11);
	int hours = two(&s, ':', 23);
	int minutes = hours < 0 ? -1 : two(&s, ':', 59);
	int seconds = minutes < 0 ? -1 : two(&s, 0, 60); /* RFC 3339 writes a leap second as 60 */
	int ms = seconds < 0 ? -1 : milliseconds(&s);
	int east;
	if (ms < 0 || !offset_parse(s, &east))
		return false;
	*ret = d.n * DAY_MS + (hours * 60 + minutes - east) * INT64_C(60000) + seconds * 1000 + ms;
	return true;
}
