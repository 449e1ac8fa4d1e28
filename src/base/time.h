/* Instants, days, zones and the clock. No other code asks the clock; tests move a simulated one.
   What it is not for: recurrence (coaching's calendar uses libical for RFC 5545). */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/str.h"

typedef int64_t instant; /* milliseconds since 1970-01-01T00:00Z */

typedef struct {
	int32_t n; /* days since 1970-01-01; DAY_NONE when there is none */
} day;

#define DAY_NONE ((day){ INT32_MIN })
#define DAY_MS   INT64_C(86400000)

struct zone; /* an IANA time zone; lives for ever once found */

instant now(void);
/* For tests, the demo generator and --as-of: now() answers this until the next call; 0 returns to the real clock. */
void clock_set(instant at);
/* Microseconds of a clock that only goes forward; for measuring, never for records. */
int64_t clock_steady_us(void);

const struct zone *zone_find(str name); /* NULL when the name is not IANA's */
const struct zone *zone_utc(void);
int zone_offset(const struct zone *z, instant at);              /* seconds east of UTC */
instant zone_instant(const struct zone *z, day d, int minutes); /* local wall time → instant (a gap moves forward) */
day zone_day(const struct zone *z, instant at);
int zone_minutes(const struct zone *z, instant at); /* minutes since local midnight */

day day_of(int year, int month, int dom); /* DAY_NONE when there is no such day */
void day_parts(day d, int *ret_year, int *ret_month, int *ret_dom);
bool day_is(day d);     /* not DAY_NONE */
int day_weekday(day d); /* Monday 1 … Sunday 7 */
day day_add(day d, int days);
day day_add_months(day d, int months);     /* 31 Jan + 1 = 28 or 29 Feb */
day day_week(day d);                       /* its Monday */
day day_month(day d);                      /* its first */
day day_quarter(day d);                    /* first day of its calendar quarter */
int day_between(day from, day to);         /* to - from in days */
day day_add_working(day d, int n);         /* Monday to Friday, no holidays */
int day_working_between(day from, day to); /* working days after from up to and with to */

bool day_parse(str iso, day *ret); /* 2026-02-28 and nothing else */
str day_iso(struct arena *a, day d);
str day_text(struct arena *a, day d, day today); /* "Tue 24 Nov", with the year when it is another */
str day_long(struct arena *a, day d);            /* "24 November 2026" */
str day_quarter_name(struct arena *a, day d);    /* "Q4 2026" */
str instant_iso(struct arena *a, instant at);    /* 2026-11-23T14:03:00.000Z */
bool instant_parse(str iso, instant *ret);       /* RFC 3339; also a bare day (midnight UTC) */
str instant_text(struct arena *a, instant at, const struct zone *z); /* "23 Nov 2026, 14:03" */

#endif
