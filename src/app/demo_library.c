/* A few pieces in the sample company's library, at steps, skills and frameworks, opened now and then (K1).
   What it is not for: a full library; each piece shows one kind and one place. */
#include "app/demo.h"
#include "areas/coaching/shelf.h"
#include "areas/deals/file.h"
#include "areas/process/content.h"

#define OPENED_MOST 300 /* deals looked at for a piece */

static const struct {
	const char *title, *purpose, *body, *address;
	int kind, stage, step; /* of the standard process; -1: none */
	int skill;             /* -1: none */
	bool weekly, retired;  /* weekly: in the weekly one-to-one */
} pieces[] = {
	{ "What does it cost you today?", "For the moment when they name a problem and no number.",
	        "Ask one at a time, and write down their words.\n\n1. What happens when it goes wrong?\n2. How often, "
	        "in a "
	        "month?\n3. Who drops what they are doing?\n4. What would that time have brought?\n5. Who else pays "
	        "for "
	        "it?\n\nSay the sum back to them, and ask what is missing in it.\n",
	        "", CONTENT_ARTICLE, 1, 0, 0, false, false },
	{ "Steps to the signature, a shared list", "Written with the buyer, from today back from the day they need it.",
	        "| By | Who | What |\n| --- | --- | --- |\n| | They | Criteria of the decision in writing |\n| | We | "
	        "Visit "
	        "to a reference |\n| | They | Legal has read the terms |\n| | Both | Signature |\n",
	        "", CONTENT_TEMPLATE, 3, 2, -1, false, false },
	{ "Case: a bottling line that stopped stopping", "When they ask who else has done it.", "",
	        "https://example.com/cases/bottling-line", CONTENT_LINK, 2, 2, -1, false, false },
	{ "Return of a calibration contract", "A sheet to fill in together while the price is on the table.", "", "",
	        CONTENT_FILE, 3, 1, 4, false, false },
	{ "A first call, with comments", "Twelve minutes; look for the pause after the third question.", "",
	        "https://example.com/videos/first-call", CONTENT_VIDEO, 0, -1, 2, false, false },
	{ "Six questions that leave the answer with them", "For coaches who hear themselves give advice.",
	        "1. What have you tried?\n2. What did they say, word for word?\n3. What would have to be true?\n4. "
	        "What else?\n"
	        "5. What will you do, and by when?\n6. What could keep you from it?\n",
	        "", CONTENT_ARTICLE, -1, -1, 7, true, false },
	{ "Price list 2024", "Replaced by the calculator.", "", "https://example.com/prices-2024", CONTENT_LINK, -1, -1,
	        -1, false, true },
};

enum { PIECES = sizeof pieces / sizeof *pieces };

static enum err
attach(struct change *c, const struct demo *m, id content)
{
	struct file_sent sent;
	struct attachment x;
	struct faults f;
	enum err e;

	faults_init(&f, c->arena);
	e = file_judge(c->arena, STR("Return of a calibration contract.csv"),
	        STR("what,today,with contract\nhours of standstill a year,,\ncost of an hour,,\ncontract,0,\n"), &f,
	        &sent);
	record_init(&attachment_record, &x);
	x.content = content;
	x.by = m->people[0].id;
	x.on_day = m->today;
	x.name = sent.name;
	x.kind = e == OK ? str_of(sent.kind->ending) : (str){ 0 };
	x.size = sent.size;
	x.digest = sent.digest;
	if (e == OK)
		e = record_save(c, &attachment_record, &x);
	return e == OK ? file_store(c, &sent) : e;
}

static enum err
place(struct change *c, const struct demo *m, size_t i, id content)
{
	struct content_place at;
	struct content_topic topic;
	enum err e = OK;

	record_init(&content_place_record, &at);
	at.content = content;
	if (pieces[i].stage >= 0) {
		const struct demo_stage *s = &m->stages[pieces[i].stage];
		at.stage = s->stage.row.id;
		at.step = pieces[i].step >= 0 ? s->steps[pieces[i].step].row.id : 0;
		e = record_save(c, &content_place_record, &at);
	}
	for (int k = 0; e == OK && k < 2; k++) {
		record_init(&content_topic_record, &topic);
		topic.content = content;
		if (k == 0 && pieces[i].skill >= 0)
			topic.skill = m->skills[pieces[i].skill];
		else if (k == 1 && pieces[i].weekly)
			topic.framework = m->frame_weekly;
		else
			continue;
		e = record_save(c, &content_topic_record, &topic);
	}
	return e;
}

static enum err
opened(struct change *c, id content, id deal, day on, int from)
{
	struct content_open x;

	record_init(&content_open_record, &x);
	x.content = content;
	x.deal = deal ? deal : NO_INT;
	x.on_day = on;
	x.place = from;
	return record_save(c, &content_open_record, &x);
}

/* From some of the deals on which its step was done, on that day. */
static enum err
open_from_deals(struct change *c, const struct demo *m, size_t i, id content)
{
	struct dice d = dice_make(m, DICE_LIBRARY, i);
	struct {
		id deal;
		day on;
	} all[OPENED_MOST];
	size_t n = 0;
	struct rows rows;
	enum err e;

	if (pieces[i].step < 0)
		return OK;
	e = db_query(c->conn, c->arena,
	        "select deal, on_day from step_done where org_id = $1 and step = $2 order by id desc limit 300",
	        DB_ARGS(DB_I(m->org), DB_I(m->stages[pieces[i].stage].steps[pieces[i].step].row.id)), &rows);
	for (; e == OK && n < OPENED_MOST && db_next(&rows); n++) {
		all[n].deal = db_int(&rows, 0);
		all[n].on = db_day(&rows, 1);
	}
	if (e == OK)
		e = db_end(&rows);
	for (size_t k = 0; e == OK && k < n; k++)
		if (day_is(all[k].on) && dice_chance(&d, 30))
			e = opened(c, content, all[k].deal, all[k].on, OPENED_AT_DEAL);
	return e;
}

static enum err
open_elsewhere(struct change *c, const struct demo *m, size_t i, id content)
{
	struct dice d = dice_make(m, DICE_LIBRARY, PIECES + i);
	int from = pieces[i].skill >= 0 ? OPENED_IN_COACHING : OPENED_IN_LIBRARY;
	enum err e = OK;

	for (int ago = 75; e == OK && ago > 0; ago -= (int)dice_from(&d, 3, 14))
		e = opened(c, content, 0, demo_workday(day_add(m->today, -ago)), from);
	return e;
}

static enum err
make_piece(struct change *c, const struct demo *m, size_t i)
{
	struct content x;
	enum err e;

	record_init(&content_record, &x);
	x.title = str_of(pieces[i].title);
	x.purpose = str_of(pieces[i].purpose);
	x.kind = pieces[i].kind;
	x.body = str_of(pieces[i].body);
	x.address = str_of(pieces[i].address);
	x.archived = pieces[i].retired;
	e = record_save(c, &content_record, &x);
	if (e == OK)
		e = place(c, m, i, x.row.id);
	if (e == OK && x.kind == CONTENT_FILE)
		e = attach(c, m, x.row.id);
	if (e == OK)
		e = open_from_deals(c, m, i, x.row.id);
	return e == OK && !x.archived ? open_elsewhere(c, m, i, x.row.id) : e;
}

enum err
demo_make_library(struct change *c, void *demo)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < PIECES; i++)
		e = make_piece(c, demo, i);
	return e;
}
