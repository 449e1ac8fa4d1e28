/* The sample company's campaigns: a fair, the website, calls. Some prospects became deals that are there, some wait,
   one list was never worked (G1). What it is not for: the deals (demo_deals.c). */
#include "app/demo.h"
#include "areas/prospects/prospects.h"

enum { WAITING = 54, BECAME = 70 };

enum err
demo_make_campaigns(struct change *c, void *demo)
{
	static const struct {
		const char *name, *channel, *note;
		int from, to;
		int64_t goal;
	} all[DEMO_CAMPAIGNS] = {
		{ "Hall 11, spring fair", "Fair", "Cards collected at our stand; everybody was promised a call.", -230,
		        -223, 12 },
		{ "Website enquiries", "Website", "Who asked for a data sheet or a call back.", -400, 0, NO_INT },
		{ "Calls to food producers", "Calls",
		        "Plants with more than two filling lines, from the trade register.", -75, 30, 30 },
	};
	struct demo *m = demo;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < DEMO_CAMPAIGNS; i++) {
		struct campaign x;
		record_init(&campaign_record, &x);
		x.name = str_of(all[i].name);
		x.channel = str_of(all[i].channel);
		x.note = str_of(all[i].note);
		x.owner = m->people[i ? m->first_manager + i : 1].id;
		x.from_day = demo_workday(day_add(m->today, all[i].from));
		x.to_day = all[i].to ? demo_workday(day_add(m->today, all[i].to)) : DAY_NONE;
		x.goal = all[i].goal;
		e = record_save(c, &campaign_record, &x);
		m->campaigns[i] = x.row.id;
		for (size_t k = 0; e == OK && k < CAMPAIGN_STEPS_READY; k++) {
			struct campaign_step s = campaign_steps_ready[k];
			s.campaign = x.row.id;
			e = record_save(c, &campaign_step_record, &s);
		}
	}
	return e;
}

struct told {
	struct demo *m;
	struct campaign_step steps[DEMO_CAMPAIGNS][CAMPAIGN_STEPS_READY];
};

static enum err
load_steps(struct change *c, struct told *t)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < DEMO_CAMPAIGNS; i++) {
		struct list l = { .record = &campaign_step_record, .limit = CAMPAIGN_STEPS_READY };
		struct list_result x;
		e = list_parse(c->arena, &campaign_step_record, STR("campaign"),
		        str_fmt(c->arena, "%lld", (long long)t->m->campaigns[i]), &l, c->faults);
		if (e == OK)
			e = record_list(c->conn, c->arena, c->grant, &l, &x);
		for (size_t k = 0; e == OK && k < x.n; k++) {
			const struct campaign_step *s = &((const struct campaign_step *)x.rows)[k];
			t->steps[i][s->position - 1] = *s;
		}
	}
	return e;
}

static const char *
said(struct dice *d, int kind)
{
	static const char *const calls[] = { "Not there; call again on Thursday",
		"Talked for five minutes, wants figures", "Mailbox", "Knows the problem, somebody else decides",
		"Asked for a call in the new quarter" };
	static const char *const mails[] = { "Sent the case from the dairy", "Sent the two pages on downtime",
		"Wrote down what we talked about" };

	return kind == 1 ? dice_pick(d, calls) : dice_pick(d, mails);
}

/* n touches from a day on, by the steps of the campaign, never after the last day. */
static enum err
touch(struct change *c, const struct told *t, struct prospect *p, size_t campaign, size_t n, day last, struct dice *d)
{
	void *each[CAMPAIGN_STEPS_READY];
	enum err e;

	for (size_t i = 0; i < n; i++) {
		struct touch *x = arena_new(c->arena, struct touch, 1);
		record_init(&touch_record, x);
		x->prospect = p->row.id;
		x->person = p->owner;
		x->step = t->steps[campaign][i].row.id;
		x->kind = t->steps[campaign][i].kind;
		x->on_day =
		        demo_workday(day_add(p->claimed_on, (int)t->steps[campaign][i].days + (int)dice_below(d, 3)));
		if (day_between(x->on_day, last) < 0)
			x->on_day = last;
		x->text = str_of(said(d, x->kind));
		each[i] = x;
	}
	e = n ? record_save_many(c, &touch_record, each, n) : OK;
	return e == OK ? record_load(c->conn, c->arena, c->grant, &prospect_record, p->row.id, p) : e;
}

static void
begin(struct change *c, const struct demo *m, struct prospect *p, size_t campaign, day came, day claimed)
{
	record_init(&prospect_record, p);
	p->campaign = m->campaigns[campaign];
	p->came_on = came;
	p->claimed_on = claimed;
	c->effective = zone_instant(m->zone, came, 11 * 60);
	c->today = m->today; /* what was tried is never still to come */
}

/* ---- those that became deals ---- */

struct origin {
	id deal, account, owner, campaign, contact;
	day created;
	str name, title, email, company;
};

static enum err
became(struct change *c, struct told *t, const struct origin *o)
{
	struct demo *m = t->m;
	struct prospect p;
	struct dice d = dice_make(m, DICE_PROSPECT, (uint64_t)o->created.n * 1000 + (uint64_t)o->name.n);
	day claimed = demo_workday(day_add(o->created, -(int)dice_from(&d, 4, 12)));
	size_t campaign = 0;
	enum err e;

	while (campaign + 1 < DEMO_CAMPAIGNS && m->campaigns[campaign] != o->campaign)
		campaign++;
	begin(c, m, &p, campaign, demo_workday(day_add(claimed, -(int)dice_below(&d, 6))), claimed);
	p.owner = o->owner;
	p.name = o->name;
	p.title = o->title;
	p.email = o->email;
	p.company = o->company;
	e = record_save(c, &prospect_record, &p);
	if (e == OK)
		e = touch(c, t, &p, campaign, (size_t)dice_from(&d, 1, 3), o->created, &d);
	p.state = PROSPECT_QUALIFIED;
	p.ended_on = o->created;
	p.deal = o->deal;
	p.account = o->account;
	p.contact = o->contact;
	c->effective = zone_instant(m->zone, o->created, 15 * 60);
	return e == OK ? record_save(c, &prospect_record, &p) : e;
}

static enum err
make_became(struct change *c, struct told *t)
{
	struct origin *all = arena_new(c->arena, struct origin, BECAME);
	struct rows rows;
	size_t n = 0;
	enum err e = db_query(c->conn, c->arena,
	        "select d.id, d.account, d.owner, d.created_on, d.campaign, k.id, k.name, k.title, k.email, a.name "
	        "from "
	        "deal d join account a on a.org_id = d.org_id and a.id = d.account join contact k on k.org_id = "
	        "d.org_id "
	        "and k.account = d.account where d.org_id = $1 and d.campaign is not null and not exists (select 1 "
	        "from "
	        "contact z where z.org_id = k.org_id and z.account = k.account and z.id < k.id) order by d.id limit $2",
	        DB_ARGS(DB_I(t->m->org), DB_I(BECAME)), &rows);

	if (e != OK)
		return e;
	for (; n < BECAME && db_next(&rows); n++)
		all[n] = (struct origin){ .deal = db_int(&rows, 0),
			.account = db_int(&rows, 1),
			.owner = db_int(&rows, 2),
			.created = db_day(&rows, 3),
			.campaign = db_int(&rows, 4),
			.contact = db_int(&rows, 5),
			.name = db_text(&rows, 6),
			.title = db_text(&rows, 7),
			.email = db_text(&rows, 8),
			.company = db_text(&rows, 9) };
	e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++)
		e = became(c, t, &all[i]);
	return e;
}

/* ---- those that wait, and those that are none ---- */

static void
name_one(struct change *c, struct dice *d, size_t i, struct prospect *p)
{
	static const char *const first[] = { "Lena", "Tomas", "Ines", "Piet", "Nora", "Emil", "Sofia", "Karl", "Mira",
		"Jan", "Olga", "Rune" };
	static const char *const last[] = { "Brandt", "Novotny", "Ferrari", "Dewit", "Solberg", "Lang", "Kowalska",
		"Meier", "Dubois", "Hagen", "Petrov", "Lindqvist" };
	static const char *const companies[] = { "Alpenmolkerei", "Brauhaus am Tor", "Delta Getränke", "Nordfisch",
		"Obsthof Weber", "Pastificio Riva", "Schokoladenwerk Ost", "Mühle Steiner", "Süßwaren Kranich",
		"Fleischerei Voss", "Konserven Adler", "Backhaus Linde" };
	static const char *const titles[] = { "Plant manager", "Head of maintenance", "Head of quality",
		"Technical buyer", "Managing director" };
	const char *f = dice_pick(d, first), *l = dice_pick(d, last);

	p->name = str_fmt(c->arena, "%s %s", f, l);
	p->company = str_of(dice_pick(d, companies));
	p->title = str_of(dice_pick(d, titles));
	p->email = str_fold(c->arena, str_fmt(c->arena, "%c.%s%zu@example.net", f[0], l, i));
}

static enum err
end(struct change *c, const struct demo *m, struct prospect *p, struct dice *d)
{
	static const char *const none[] = { "No need", "Too small", "Wrong person", "Cannot be reached",
		"Buys from somebody else" };

	if (dice_chance(d, 22)) { /* given back: for later */
		p->owner = 0;
		p->round = 1;
		p->reason = STR("Budget is open again in the new quarter");
		p->back_on = demo_workday(day_add(m->today, (int)dice_from(d, -10, 60)));
	} else {
		p->state = PROSPECT_DISQUALIFIED;
		p->reason = str_of(dice_pick(d, none));
		p->ended_on = day_is(p->touched_on) ? p->touched_on : m->today;
	}
	return record_save(c, &prospect_record, p);
}

static enum err
waits(struct change *c, struct told *t, size_t i)
{
	struct demo *m = t->m;
	struct dice d = dice_make(m, DICE_PROSPECT, 1000000 + i);
	struct prospect p;
	size_t campaign = i % DEMO_CAMPAIGNS, n = 0;
	day came = demo_workday(day_add(m->today, campaign == 0   ? -(int)dice_from(&d, 221, 226)
	                                          : campaign == 1 ? -(int)dice_from(&d, 0, 120)
	                                                          : -(int)dice_from(&d, 5, 70)));
	bool claimed = dice_chance(&d, campaign == 1 ? 85 : 65);
	bool ends = claimed && (day_between(came, m->today) > 30 || dice_chance(&d, 25));
	day on = demo_workday(day_add(came, (int)dice_below(&d, campaign == 1 ? 4 : 16)));
	enum err e;

	if (day_between(on, m->today) < 0)
		on = m->today;
	begin(c, m, &p, campaign, came, claimed ? on : DAY_NONE);
	name_one(c, &d, i, &p);
	p.owner = claimed ? m->people[m->first_seller + (size_t)dice_below(&d, TOLD_SELLERS)].id : 0;
	e = record_save(c, &prospect_record, &p);
	if (claimed) { /* as many steps as there was time for, and one in four is late */
		while (n < CAMPAIGN_STEPS_READY && day_between(on, m->today) >= t->steps[campaign][n].days)
			n++;
		n = ends ? (n ? n : 1) : n > 1 && dice_chance(&d, 75) ? n - 1 : n / 2;
	}
	if (e == OK && n)
		e = touch(c, t, &p, campaign, n, m->today, &d);
	return e == OK && ends ? end(c, m, &p, &d) : e;
}

enum err
demo_make_prospects(struct change *c, void *demo)
{
	struct told t = { .m = demo };
	enum err e = load_steps(c, &t);

	if (e == OK)
		e = make_became(c, &t);
	for (size_t i = 0; e == OK && i < WAITING; i++)
		e = waits(c, &t, i);
	c->effective = 0;
	c->today = t.m->today;
	return e;
}
