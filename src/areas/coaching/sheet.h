/* The sheets of a session's framework: questions that each of the two answers alone before they meet, and reads of the
   other once they have written their own (C2c, C4). What it is not for: common or private notes (session.c), role-play
   (observe.h). */
#ifndef AREAS_COACHING_SHEET_H
#define AREAS_COACHING_SHEET_H

#include "areas/coaching/framework.h"
#include "areas/coaching/coaching.h"
#include "page/page.h"

/* One answer. Blindness is in the row: until the other has written, too, it names nobody but its author, so that no
   page, search, export or API can show it before. */
struct sheet_answer {
	struct row row;
	id session, author, reader, phase;
	int64_t question; /* of the phase, from 0 */
	str text;
};
extern const struct record sheet_answer_record;

struct sheet_question {
	id phase;
	int64_t question;
	str words, name;  /* name: of its field */
	str mine, theirs; /* theirs: once it may be read */
};

struct sheet_part {
	struct sheet_question q[3 * QUESTIONS_MOST];
	size_t n;
	bool may;             /* is one of the two, and the session has not been held */
	bool i_wrote, opened; /* opened: both have written */
	bool they_wrote;
};

/* ret->n 0: the framework has no sheet. */
enum err sheet_load(
        struct request *r, const struct session *s, const struct framework_whole *w, struct sheet_part *ret);
enum err sheet_act(struct request *r);

#endif
