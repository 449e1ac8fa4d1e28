/* Time zones, read once from the system's TZif files (RFC 9636) into a table of changes up to 2100 that is never
   changed again: a look-up takes no lock and asks no library. What it is not for: leap seconds, names of zones for
   people. */
#include "base/time.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER      "/usr/share/zoneinfo/"
#define FILE_MOST   ((size_t)64 << 10)
#define NAME_MOST   64
#define YEAR_MOST   2100
#define HEAD        44
#define OFFSET_MOST (26 * 3600) /* seconds; RFC 9636 asks for less */

struct change {
	instant at;     /* from here on … */
	int32_t offset; /* … seconds east of UTC */
};

struct zone {
	struct zone *next; /* in its bucket */
	char name[NAME_MOST];
	int32_t first; /* offset before the first change */
	size_t n;
	struct change *changes; /* oldest first */
};

/* When daylight saving starts or ends: the m of "M3.5.0/2". */
struct moment {
	enum { BY_WEEK, BY_JULIAN, BY_DAY } kind;
	int month, week, weekday; /* BY_WEEK: week 5 is the last, weekday 0 is Sunday */
	int day;                  /* BY_JULIAN: 1 … 365 without 29 February; BY_DAY: 0 … 365 */
	int seconds;              /* local time after midnight, may be negative */
};

/* What the footer of a file says of the years after its last change (POSIX TZ). */
struct rule {
	int standard, saving; /* seconds east of UTC */
	bool saves;
	struct moment start, end;
};

static struct zone utc = { .name = "UTC" };
static struct zone *_Atomic buckets[64];
static pthread_mutex_t adding = PTHREAD_MUTEX_INITIALIZER;

static int64_t
floor_div(int64_t n, int64_t by)
{
	return n / by - (n % by < 0);
}

static int64_t
big_endian(const unsigned char *p, int size)
{
	uint64_t n = size && p[0] & 0x80 ? UINT64_MAX : 0;
	for (int i = 0; i < size; i++)
		n = n << 8 | p[i];
	return (int64_t)n;
}

/* A decimal number of at most four digits at the front of s, taken off it. */
static bool
take_number(str *s, int *ret)
{
	size_t n = 0;
	int value = 0;
	for (; n < s->n && n < 4 && s->s[n] >= '0' && s->s[n] <= '9'; n++)
		value = value * 10 + (s->s[n] - '0');
	*s = str_from(*s, n);
	*ret = value;
	return n > 0;
}

static bool
take_byte(str *s, char c)
{
	if (!s->n || s->s[0] != c)
		return false;
	*s = str_from(*s, 1);
	return true;
}

/* "[-]h[:m[:s]]" in seconds. */
static bool
take_time(str *s, int *ret)
{
	int sign = take_byte(s, '-') ? -1 : 1, hours, minutes = 0, seconds = 0;
	take_byte(s, '+');
	if (!take_number(s, &hours) || hours > 167)
		return false;
	if (take_byte(s, ':') && !take_number(s, &minutes))
		return false;
	if (take_byte(s, ':') && !take_number(s, &seconds))
		return false;
	*ret = sign * (hours * 3600 + minutes * 60 + seconds);
	return true;
}

/* "CET" or "<+0330>". */
static bool
take_name(str *s)
{
	size_t n = 0;
	if (take_byte(s, '<')) {
		n = str_find_byte(*s, '>');
		*s = str_from(*s, n == SIZE_MAX ? s->n : n + 1);
		return n != SIZE_MAX;
	}
	while (n < s->n && ((s->s[n] | 32) >= 'a' && (s->s[n] | 32) <= 'z'))
		n++;
	*s = str_from(*s, n);
	return n > 0;
}

static bool
take_moment(str *s, struct moment *ret)
{
	*ret = (struct moment){ .seconds = 2 * 3600 };
	if (take_byte(s, 'M')) {
		ret->kind = BY_WEEK;
		if (!take_number(s, &ret->month) || !take_byte(s, '.') || !take_number(s, &ret->week) ||
		        !take_byte(s, '.') || !take_number(s, &ret->weekday))
			return false;
		if (ret->month < 1 || ret->month > 12 || ret->week < 1 || ret->week > 5 || ret->weekday > 6)
			return false;
	} else {
		ret->kind = take_byte(s, 'J') ? BY_JULIAN : BY_DAY;
		if (!take_number(s, &ret->day) || ret->day > 365)
			return false;
	}
	return !take_byte(s, '/') || take_time(s, &ret->seconds);
}

/* "CET-1CEST,M3.5.0,M10.5.0/3" */
static bool
rule_parse(str s, struct rule *ret)
{
	*ret = (struct rule){ 0 };
	int west;
	if (!take_name(&s) || !take_time(&s, &west))
		return false;
	ret->standard = -west;
	if (s.n == 0)
		return true;
	ret->saves = true;
	ret->saving = ret->standard + 3600;
	if (!take_name(&s))
		return false;
	if (s.n && s.s[0] != ',') {
		if (!take_time(&s, &west))
			return false;
		ret->saving = -west;
	}
	return take_byte(&s, ',') && take_moment(&s, &ret->start) && take_byte(&s, ',') && take_moment(&s, &ret->end) &&
	       s.n == 0;
}

/* The moment in a year, local time being `offset` seconds east. */
static instant
moment_in(const struct moment *m, int year, int offset)
{
	day d = day_of(year, 1, 1);
	if (m->kind == BY_DAY) {
		d = day_add(d, m->day);
	} else if (m->kind == BY_JULIAN) {
		bool leap = day_is(day_of(year, 2, 29));
		d = day_add(d, m->day - 1 + (leap && m->day >= 60));
	} else {
		day first = day_of(year, m->month, 1), next = day_add_months(first, 1);
		int weekday = m->weekday ? m->weekday : 7;
		d = day_add(first, (weekday - day_weekday(first) + 7) % 7 + (m->week - 1) * 7);
		while (d.n >= next.n)
			d = day_add(d, -7);
	}
	return d.n * DAY_MS + (m->seconds - offset) * INT64_C(1000);
}

/* Puts a change behind the others, unless the file's own table knows better. */
static void
add(struct zone *z, instant at, int offset)
{
	if (z->n == 0 || at > z->changes[z->n - 1].at)
		z->changes[z->n++] = (struct change){ at, offset };
}

static void
add_rule(struct zone *z, const struct rule *r)
{
	int year = 1970, month, dom;
	if (!r->saves)
		return;
	if (z->n)
		day_parts(zone_day(&utc, z->changes[z->n - 1].at), &year, &month, &dom);
	for (; year > 0 && year <= YEAR_MOST; year++) {
		instant start = moment_in(&r->start, year, r->standard), end = moment_in(&r->end, year, r->saving);
		if (start < end)
			add(z, start, r->saving);
		add(z, end, r->standard);
		if (start >= end)
			add(z, start, r->saving);
	}
}

/* The counts in the head of a TZif block. */
struct counts {
	size_t utc, standard, leaps, times, types, letters;
};

/* False when it is no head or the block it announces (times of `width` bytes) ends past n. */
static bool
counts_read(const unsigned char *p, size_t n, size_t width, struct counts *ret, size_t *ret_size)
{
	size_t c[6];
	if (n < HEAD || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return false;
	for (int i = 0; i < 6; i++) {
		c[i] = (size_t)big_endian(p + 20 + 4 * i, 4);
		if (c[i] > FILE_MOST)
			return false;
	}
	*ret = (struct counts){ c[0], c[1], c[2], c[3], c[4], c[5] };
	*ret_size = HEAD + ret->times * (width + 1) + ret->types * 6 + ret->letters + ret->leaps * (width + 4) +
	            ret->standard + ret->utc;
	return *ret_size <= n;
}

/* Offset of type i in a file's table of types. */
static int32_t
type_offset(const unsigned char *types, size_t i)
{
	return (int32_t)big_endian(types + i * 6, 4);
}

static bool
fill(struct zone *z, const unsigned char *p, size_t n)
{
	struct counts c;
	size_t size;
	if (!counts_read(p, n, 4, &c, &size))
		return false;
	p += size; /* the first block is for readers of 32 bits */
	n -= size;
	if (!counts_read(p, n, 8, &c, &size) || c.types == 0 || c.leaps)
		return false;
	const unsigned char *times = p + HEAD, *kinds = times + c.times * 8, *types = kinds + c.times;
	z->changes = calloc(c.times + 2 * (YEAR_MOST - 1900 + 1), sizeof(*z->changes));
	if (!z->changes)
		return false;
	z->first = type_offset(types, 0);
	for (size_t i = 0; i < c.times; i++) {
		int64_t at = big_endian(times + i * 8, 8);
		if (kinds[i] >= c.types || abs(type_offset(types, kinds[i])) > OFFSET_MOST)
			return false;
		if (at > -INT64_C(5000000000)) /* before 1811 there were no zones; some files begin with the big bang */
			add(z, at * 1000, type_offset(types, kinds[i]));
	}
	str footer, rest;
	struct rule r;
	if (str_cut((str){ (const char *)p + size + 1, n - size - (n > size) }, '\n', &footer, &rest) && footer.n &&
	        rule_parse(footer, &r))
		add_rule(z, &r);
	return true;
}

/* Europe/Berlin, Etc/GMT+5; never a way out of the folder, never the variants with leap seconds. */
static bool
name_sound(str name)
{
	if (name.n == 0 || name.n >= NAME_MOST || str_starts(name, STR("right/")) || str_starts(name, STR("posix/")))
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.s[i];
		bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
		if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+')))
			return false;
	}
	return name.s[0] >= 'A' && name.s[0] <= 'Z';
}

static struct zone *
zone_load(str name)
{
	char path[sizeof(FOLDER) + NAME_MOST];
	snprintf(path, sizeof(path), FOLDER "%.*s", STR_ARG(name));
	FILE *file = fopen(path, "re");
	unsigned char *bytes = file ? malloc(FILE_MOST) : NULL;
	struct zone *z = bytes ? calloc(1, sizeof(*z)) : NULL;
	if (z) {
		size_t n = fread(bytes, 1, FILE_MOST, file);
		memcpy(z->name, name.s, name.n);
		if (!fill(z, bytes, n)) {
			free(z->changes);
			free(z);
			z = NULL;
		}
	}
	free(bytes);
	if (file)
		fclose(file);
	return z;
}

static const struct zone *
lookup(str name, size_t bucket)
{
	for (const struct zone *z = atomic_load_explicit(&buckets[bucket], memory_order_acquire); z; z = z->next)
		if (str_eq(str_of(z->name), name))
			return z;
	return NULL;
}

const struct zone *
zone_utc(void)
{
	return &utc;
}

const struct zone *
zone_find(str name)
{
	if (str_eq(name, STR("UTC")))
		return &utc;
	if (!name_sound(name))
		return NULL;
	size_t bucket = str_hash(name) % (sizeof(buckets) / sizeof(*buckets));
	const struct zone *found = lookup(name, bucket);
	if (found)
		return found;
	pthread_mutex_lock(&adding);
	found = lookup(name, bucket); /* somebody may have been quicker */
	if (!found) {
		struct zone *z = zone_load(name);
		if (z) {
			z->next = atomic_load_explicit(&buckets[bucket], memory_order_relaxed);
			atomic_store_explicit(&buckets[bucket], z, memory_order_release);
		}
		found = z;
	}
	pthread_mutex_unlock(&adding);
	return found;
}

int
zone_offset(const struct zone *z, instant at)
{
	assert(z);
	size_t low = 0, high = z->n; /* the count of changes up to and with `at` lies between */
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (z->changes[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? z->changes[low - 1].offset : z->first;
}

instant
zone_instant(const struct zone *z, day d, int minutes)
{
	assert(day_is(d));
	instant wall = d.n * DAY_MS + minutes * INT64_C(60000);
	int before = zone_offset(z, wall - DAY_MS), after = zone_offset(z, wall + DAY_MS);
	instant early = wall - before * INT64_C(1000), late = wall - after * INT64_C(1000);
	if (before == after || zone_offset(z, early) == before)
		return early;                                /* of a time that comes twice, the first */
	return zone_offset(z, late) == after ? late : early; /* neither: a gap, left by its own width */
}

day
zone_day(const struct zone *z, instant at)
{
	int64_t n = floor_div(at + zone_offset(z, at) * INT64_C(1000), DAY_MS);
	return n < -3000000 || n > 3000000 ? DAY_NONE : day_add((day){ 0 }, (int)n);
}

int
zone_minutes(const struct zone *z, instant at)
{
	int64_t wall = at + zone_offset(z, at) * INT64_C(1000);
	return (int)((wall - floor_div(wall, DAY_MS) * DAY_MS) / 60000);
}
