#include "app/demo.h"
#include "record/own.h"
#include "areas/deals/deals.h"

static const char *const first_names[] = { "Anna", "Jonas", "Marta", "Felix", "Ines", "Tomas", "Clara", "Erik", "Lena",
	"Pavel", "Nora", "Milan", "Greta", "Oskar", "Julia", "Anton", "Vera", "Simon", "Hanna", "Rafael", "Elena",
	"Bruno", "Paula", "Stefan", "Maja", "Victor", "Sofia", "Lukas", "Alma", "David", "Ida", "Marek", "Laura",
	"Emil", "Petra", "Henrik", "Carla", "Robert", "Agnes", "Daniel", "Olga", "Moritz", "Ruth", "Samuel", "Edith",
	"Karl", "Linda", "Adrian" };
static const char *const last_names[] = { "Albrecht", "Novak", "Lindqvist", "Brandt", "Ferrari", "Hofmann", "Kovacs",
	"Dahl", "Weber", "Moreau", "Kessler", "Berg", "Santos", "Vogel", "Horvat", "Lang", "Petrov", "Seidel",
	"Janssen", "Rossi", "Krause", "Olsen", "Winter", "Marin", "Fuchs", "Bakker", "Stein", "Costa", "Reuter",
	"Nilsen", "Huber", "Zeman", "Arnold", "Silva", "Busch", "Holm", "Keller", "Duarte", "Lorenz", "Varga", "Peters",
	"Sommer", "Conti", "Haas", "Lund", "Jansen", "Graf", "Pohl", "Sand", "Blom", "Ritter", "Moser", "Kuhn", "Falk",
	"Adler", "Engel", "Thoma", "Wolff", "Rademacher", "Zorn" };
static const char *const offices[] = { "Hamburg", "Munich", "Vienna" };

static void
name_person(struct demo *m, size_t i)
{
	enum { F = sizeof first_names / sizeof *first_names, L = sizeof last_names / sizeof *last_names };
	size_t k = (i * 1103 + (size_t)(m->seed % 997) * 61) %
	           (F * L); /* 1103 has no factor of F × L: no name twice in a round */
	const char *first = first_names[k % F], *last = last_names[k / F];
	struct demo_person *p = &m->people[i];

	if (i < (size_t)F * L) {
		p->name = str_fmt(m->arena, "%s %s", first, last);
		p->email = str_fmt(m->arena, "%s.%s@example.com", first, last);
	} else {
		char initial = (char)('A' + i / ((size_t)F * L) % 26);
		p->name = str_fmt(m->arena, "%s %c. %s", first, initial, last);
		p->email = str_fmt(m->arena, "%s.%c.%s@example.com", first, initial, last);
	}
	char *low = str_z(m->arena, p->email);
	for (char *z = low; *z; z++)
		if (*z >= 'A' && *z <= 'Z')
			*z = (char)(*z + 32);
	p->email = str_of(low);
}

/* Who leads whom: the first four teams of six are told in full, the others are for size. */
static void
place_person(struct demo *m, size_t i)
{
	struct demo_person *p = &m->people[i];
	struct dice d = dice_make(m, DICE_PEOPLE, i);

	if (i >= m->first_seller) {
		size_t n = i - m->first_seller;
		p->role = ROLE_SELLER;
		p->manager = m->first_manager +
		             (n < TOLD_SELLERS ? n / TOLD_TEAM : TOLD_MANAGERS + (n - TOLD_SELLERS) / BULK_TEAM);
		p->ability = (int)(dice_from(&d, -15, 15) + dice_from(&d, -15, 15));
		p->ability += m->people[p->manager].style == STYLE_GOOD
		                      ? 15
		                      : 0; /* coaching helps, and less than chance does */
		p->started = day_add(m->today, -(int)dice_from(&d, 420, 2600));
	} else if (i >= m->first_manager) {
		size_t n = i - m->first_manager;
		p->role = ROLE_MANAGER;
		p->style = n < TOLD_MANAGERS ? STYLE_NEW + (int)n : STYLE_AVERAGE;
		p->manager = n < TOLD_MANAGERS ? 1 : 2 + (n - TOLD_MANAGERS) / 10;
		p->started = day_add(m->today, -(int)dice_from(&d, 900, 3200));
		p->ability = n ? 0 : 45; /* the best seller, promoted */
	} else {
		p->role = i ? ROLE_LEADER : ROLE_HEAD;
		p->manager = i > 1 ? 1 : 0;
		p->started = day_add(m->today, i ? -1500 : -4200);
	}
	name_person(m, i);
}

static const char *
title_of(const struct demo_person *p, size_t i)
{
	static const char *const titles[] = { "", "Account executive", "Sales manager", "Regional sales director",
		"Chief executive" };

	return i == 1 ? "VP Sales" : titles[p->role];
}

day
demo_promoted_on(const struct demo *m)
{
	return demo_workday(day_add(m->today, -91));
}

/* Saves people [from, to) as they stood before the promotion three months ago. */
static enum err
save_people(struct change *c, struct demo *m, size_t from, size_t to)
{
	size_t n = to - from, average = demo_manager(m, STYLE_AVERAGE);
	struct person *all = arena_new(c->arena, struct person, n + 1);
	void **each = arena_new(c->arena, void *, n + 1);
	enum err e;

	for (size_t i = 0; i < n; i++) {
		const struct demo_person *x = &m->people[from + i];
		struct person *p = &all[i];
		bool was_seller = x->style == STYLE_NEW;
		size_t manager = was_seller || m->people[x->manager].style == STYLE_NEW ? average : x->manager;
		record_init(&person_record, p);
		p->name = x->name;
		p->email = x->email;
		p->role = was_seller ? ROLE_SELLER : x->role;
		p->title = was_seller ? STR("Account executive") : str_of(title_of(x, from + i));
		p->office = str_of(offices[x->role == ROLE_SELLER ? (from + i - m->first_seller) / TOLD_TEAM % 3
		                                                  : (from + i) % 3]);
		p->started_on = x->started;
		p->manager = from + i ? m->people[manager].id : 0;
		p->manager_from = x->started;
		each[i] = p;
	}
	e = record_save_many(c, &person_record, each, n);
	for (size_t i = 0; e == OK && i < n; i++) {
		m->people[from + i].id = all[i].row.id;
		m->people[from + i].version = all[i].row.version;
	}
	return e;
}

/* The best seller became manager, and six of the average manager's people moved along (O2). */
static enum err
promote(struct change *c, struct demo *m)
{
	size_t new = demo_manager(m, STYLE_NEW);
	struct person p;
	enum err e = OK;

	c->effective = zone_instant(m->zone, demo_promoted_on(m), 9 * 60);
	for (size_t i = new; e == OK &&i < m->first_seller + TOLD_TEAM; i = i == new ? m->first_seller : i + 1) {
		e = record_load(c->conn, c->arena, c->grant, &person_record, m->people[i].id, &p);
		if (e != OK)
			break;
		p.manager = m->people[m->people[i].manager].id;
		p.manager_from = demo_promoted_on(m);
		if (i == new) {
			p.role = ROLE_MANAGER;
			p.title = STR("Sales manager");
		}
		e = record_save(c, &person_record, &p);
	}
	c->effective = 0;
	return e;
}

enum err
demo_make_people(struct change *c, void *what)
{
	struct demo *m = what;
	size_t new = m->first_manager;
	enum err e = OK;

	for (size_t i = 0; i < m->n_people; i++)
		place_person(m, i);
	for (size_t i = 0; e == OK && i < 2; i++)
		e = save_people(c, m, i, i + 1);
	if (e == OK && m->first_manager > 2)
		e = save_people(c, m, 2, m->first_manager);
	if (e == OK)
		e = save_people(c, m, new + 1, m->first_seller);
	if (e == OK)
		e = save_people(c, m, new, new + 1);
	if (e == OK)
		e = save_people(c, m, m->first_seller, m->n_people);
	return e == OK ? promote(c, m) : e;
}

enum err
demo_name_head(struct change *c, void *what)
{
	struct demo *m = what;
	struct company o;
	enum err e = record_load(c->conn, c->arena, c->grant, &company_record, m->org, &o);

	if (e != OK)
		return e;
	o.head = m->people[0].id;
	o.sponsor_name = STR("Friederike Halden, chair of the board");
	o.sponsor_email = STR("friederike.halden@example.com");
	return record_save(c, &company_record, &o);
}

static enum err
make_products(struct change *c, struct demo *m)
{
	static const struct {
		const char *name, *series;
		int64_t price;
	} list[DEMO_PRODUCTS] = { { "Pressure transmitter HT-20", "Sensors", 890000 },
		{ "Flow meter HF-7", "Sensors", 1450000 }, { "Calibration bench HC-3", "Benches", 3800000 },
		{ "Gas analyser HG-11", "Analysers", 2650000 }, { "Line monitoring suite", "Software", 4900000 },
		{ "Service contract, three years", "Service", 1800000 } };
	struct product all[DEMO_PRODUCTS];
	void *each[DEMO_PRODUCTS];
	enum err e;

	for (size_t i = 0; i < DEMO_PRODUCTS; i++) {
		record_init(&product_record, &all[i]);
		all[i].name = str_of(list[i].name);
		all[i].series = str_of(list[i].series);
		all[i].list_price = list[i].price;
		all[i].currency = STR("EUR");
		each[i] = &all[i];
	}
	e = record_save_many(c, &product_record, each, DEMO_PRODUCTS);
	for (size_t i = 0; i < DEMO_PRODUCTS; i++)
		m->products[i] = all[i].row.id;
	return e;
}

static str
firm_name(struct demo *m, size_t i)
{
	static const char *const heads[] = { "Nor", "Vel", "Tar", "Quin", "Bel", "Ostra", "Kal", "Fer", "Lum", "Zen",
		"Mira", "Dor", "Hex", "Per", "Sil", "Ard" };
	static const char *const middles[] = { "ve", "no", "li", "da", "ro", "sta", "mi", "go", "ka", "lu", "ne" };
	static const char *const tails[] = { "ta", "rex", "lan", "dis", "mar", "via", "tek", "nor", "ris", "von", "lia",
		"con", "dyn" };
	static const char *const forms[] = { "GmbH", "AG", "SE", "Werke", "BV", "AB", "Works" };
	size_t k = i * 1367 % (16 * 11 * 13); /* a round of 2,288 names; later rounds carry a number */
	struct dice d = dice_make(m, DICE_ACCOUNT, i);
	const char *form = dice_pick(&d, forms);
	size_t round = i / (16 * 11 * 13);

	if (round)
		return str_fmt(m->arena, "%s%s%s %zu %s", heads[k % 16], middles[k / 16 % 11], tails[k / 176],
		        round + 1, form);
	return str_fmt(m->arena, "%s%s%s %s", heads[k % 16], middles[k / 16 % 11], tails[k / 176], form);
}

/* Two fields that this company thought of itself. */
static enum err
make_own_fields(struct change *c)
{
	struct own_field tier, until;
	enum err e;

	record_init(&own_field_record, &tier);
	tier.about = OWN_OF_ACCOUNT;
	tier.listed = tier.filtered = true;
	tier.position = 1;
	until = tier;
	tier.name = STR("Tier");
	tier.kind = OWN_CHOICE;
	tier.choices = STR("Key account\nGrowing\nOccasional");
	until.name = STR("Contract until");
	until.kind = OWN_DAY;
	until.listed = false;
	until.position = 2;
	e = record_save(c, &own_field_record, &tier);
	return e == OK ? record_save(c, &own_field_record, &until) : e;
}

static void
fill_own(const struct demo *m, struct dice *d, const struct field *own, size_t n, struct account *a)
{
	static const char *const tiers[] = { "Key account", "Growing", "Growing", "Occasional", "Occasional",
		"Occasional" };

	if (n < 2 || !dice_chance(d, 70))
		return;
	field_set_text(&own[0], a, str_of(dice_pick(d, tiers)));
	if (dice_chance(d, 40))
		field_set_text(&own[1], a, day_iso(m->arena, day_add(m->today, (int)dice_from(d, 20, 700))));
}

static enum err
make_accounts(struct change *c, struct demo *m)
{
	static const char *const sectors[] = { "Chemicals", "Food and drink", "Water", "Pharma", "Machinery", "Energy",
		"Paper", "Automotive" };
	static const char *const countries[] = { "DE", "DE", "DE", "AT", "CH", "NL", "DK", "CZ", "PL" };
	struct account *all = arena_new(c->arena, struct account, m->n_accounts);
	void **each = arena_new(c->arena, void *, m->n_accounts);
	const struct field *own = NULL;
	size_t n_own = 0;
	enum err e = make_own_fields(c);

	if (e == OK)
		e = own_of_change(c, &account_record, &own, &n_own);
	if (e != OK)
		return e;
	for (size_t i = 0; i < m->n_accounts; i++) {
		struct dice d = dice_make(m, DICE_ACCOUNT, i + 1000000);
		m->accounts[i].name = firm_name(m, i);
		record_init(&account_record, &all[i]);
		all[i].name = m->accounts[i].name;
		all[i].sector = str_of(dice_pick(&d, sectors));
		all[i].country = str_of(dice_pick(&d, countries));
		all[i].employees = dice_from(&d, 4, 90) * dice_from(&d, 5, 60);
		all[i].owner = m->people[m->first_seller + (size_t)dice_below(&d, (int64_t)m->n_sellers)].id;
		fill_own(m, &d, own, n_own, &all[i]);
		each[i] = &all[i];
	}
	e = record_save_many(c, &account_record, each, m->n_accounts);
	for (size_t i = 0; i < m->n_accounts; i++)
		m->accounts[i].id = all[i].row.id;
	return e;
}

static enum err
make_contacts(struct change *c, struct demo *m)
{
	static const char *const titles[] = { "Plant manager", "Head of purchasing", "Head of quality",
		"Managing director", "Head of production", "Chief financial officer" };
	size_t n = 0, most = m->n_accounts < 5000 ? m->n_accounts : 5000;
	struct contact *all = arena_new(c->arena, struct contact, most * 2);
	void **each = arena_new(c->arena, void *, most * 2);

	for (size_t i = 0; i < most; i++) {
		struct dice d = dice_make(m, DICE_ACCOUNT, i + 2000000);
		for (int k = 0, wanted = 1 + dice_chance(&d, 60); k < wanted; k++) {
			struct contact *x = &all[n];
			const char *first = dice_pick(&d, first_names), *last = dice_pick(&d, last_names);
			record_init(&contact_record, x);
			x->account = m->accounts[i].id;
			x->name = str_fmt(c->arena, "%s %s", first, last);
			x->email = str_fmt(c->arena, "%s.%s.%zu@example.org", first, last, i);
			x->title = str_of(dice_pick(&d, titles));
			each[n++] = x;
		}
	}
	return record_save_many(c, &contact_record, each, n);
}

enum err
demo_make_book(struct change *c, void *what)
{
	struct demo *m = what;
	enum err e = make_products(c, m);

	if (e == OK)
		e = make_accounts(c, m);
	return e == OK ? make_contacts(c, m) : e;
}
