#include "areas/mails/invite.h"

static str
names_of(struct request *r, const struct invite_change *x)
{
	if (x->entry)
		return str_fmt(r->arena, "%.*s and %.*s", STR_ARG(x->entry->coach), STR_ARG(x->entry->coachees));
	return str_fmt(r->arena, "%.*s and %.*s", STR_ARG(page_name(r, "person", x->told.coach)),
	        STR_ARG(page_name(r, "person", x->told.coachee)));
}

static str
on_day(struct request *r, instant at)
{
	return day_text(r->arena, zone_day(page_zone(r), at), r->today);
}

static str
at_time(struct request *r, instant at)
{
	return minutes_text(r->arena, zone_minutes(page_zone(r), at));
}

static void
say(struct request *r, const struct invite_change *x, struct out *to)
{
	instant from = x->told.start, until = from + x->told.length * 60000;

	out_fmt(to, "- %.*s, %.*s–%.*s, %.*s", STR_ARG(on_day(r, from)), STR_ARG(at_time(r, from)),
	        STR_ARG(at_time(r, until)), STR_ARG(names_of(r, x)));
	if (x->act == INVITE_CHANGED && x->was != from)
		out_fmt(to, ", before: %.*s, %.*s", STR_ARG(on_day(r, x->was)), STR_ARG(at_time(r, x->was)));
	if (x->entry)
		out_fmt(to, ". To its page: %.*s/coaching/%.*s", STR_ARG(r->env->base),
		        STR_ARG(id_text(r->arena, x->told.session)));
	out_lit(to, "\n");
}

void
invite_text(struct request *r, const struct invite_change *x, size_t n, struct out *to, str *ret_subject)
{
	static const char *const headings[] = { "PLANNED", "CHANGED", "CALLED OFF" }, *const acts[] = { "Session",
		"Changed", "Called off" };

	for (int act = INVITE_NEW; act <= INVITE_GONE; act++) {
		bool any = false;
		for (size_t i = 0; i < n; i++) {
			if ((int)x[i].act != act)
				continue;
			if (!any)
				out_fmt(to, "%s%s\n", to->n ? "\n" : "", headings[act]);
			any = true;
			say(r, &x[i], to);
		}
	}
	out_fmt(to,
	        "\n%s for your calendar. To move or excuse a session, use its page; an answer to this letter reaches "
	        "nobody.\n",
	        n == 1 ? "With it comes an entry" : "With it come entries");
	*ret_subject =
	        n == 1 ? str_fmt(r->arena, "%s: %.*s, %.*s, %.*s", acts[x[0].act], STR_ARG(on_day(r, x[0].told.start)),
	                         STR_ARG(at_time(r, x[0].told.start)), STR_ARG(names_of(r, &x[0])))
	               : str_fmt(r->arena, "For your calendar: %zu sessions", n);
}

struct letter_entry *
invite_entries(struct request *r, const struct mail_server *s, const struct invite_change *x, size_t n)
{
	struct letter_entry *all = arena_new(r->arena, struct letter_entry, n + 1);
	struct arena *a = r->arena;

	for (size_t i = 0; i < n; i++) {
		const struct invitation *t = &x[i].told;
		struct out o;
		out_init(&o, 0);
		feed_invite(&o, &(struct feed_invite){
		                        .event = { .uid = entry_uid(a, t->session),
		                                .start = t->start,
		                                .end = t->start + t->length * 60000,
		                                .revised = now(),
		                                .sequence = (int)t->sequence,
		                                .summary = str_fmt(a, "Coaching: %.*s", STR_ARG(names_of(r, &x[i]))),
		                                .url = str_fmt(a, "%.*s/coaching/%.*s", STR_ARG(r->env->base),
		                                        STR_ARG(id_text(a, t->session))),
		                                .cancelled = t->gone },
		                        .from = str_of(s->from),
		                        .from_name = r->actor.org_name,
		                        .to = r->actor.email,
		                        .to_name = r->actor.name });
		all[i] = (struct letter_entry){ out_all(&o, a), t->gone };
		out_fini(&o);
	}
	return all;
}
