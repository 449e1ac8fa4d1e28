#include "areas/process/standard.h"

struct standard_stage {
	const char *name, *exit, *guidance;
	int outcome, probability, greatest, allowed_days;
	const char *steps[6];
	int importance[6], kind[6], points[6];
};

#define H IMPORTANCE_HELPFUL
#define I IMPORTANCE_IMPORTANT
#define M IMPORTANCE_MANDATORY
#define T STEP_TICK
#define X STEP_TEXT
#define Q STEP_QUESTION
#define W STEP_STAKEHOLDER
#define A STEP_ACTIVITY
#define D STEP_DOCUMENT

static const struct standard_stage stages[] = {
	{ "Qualify", "They confirm a problem worth solving",
	        "Find out whether there is a problem, who has it and what it costs.", OUTCOME_OPEN, 10, 25, 21,
	        { "The problem is said in the buyer's words", "Somebody there wants it solved",
	                "Reason to act now is known", "Next meeting agreed" },
	        { I, M, I, H }, { X, W, Q, A }, { 5, 10, 5, 5 } },
	{ "Discover", "Cost of the problem agreed in numbers",
	        "Agree with them what the problem costs and who feels it.", OUTCOME_OPEN, 25, 45, 30,
	        { "Cost of the problem agreed in numbers", "Who decides, and how, is known", "Second person met",
	                "What happens if nothing is done" },
	        { M, I, I, H }, { X, T, W, Q }, { 8, 4, 4, 4 } },
	{ "Validate", "Everyone who decides has been met",
	        "Meet everyone who decides; let them say what a good solution must do.", OUTCOME_OPEN, 45, 65, 30,
	        { "The person who signs has been met", "Criteria of the decision written down",
	                "Proof agreed: trial, visit or reference", "Objections named and answered" },
	        { M, I, I, H }, { A, D, T, T }, { 8, 4, 4, 4 } },
	{ "Propose", "Proposal reviewed live, no surprises", "Walk through the proposal together; send nothing cold.",
	        OUTCOME_OPEN, 65, 85, 21,
	        { "Proposal walked through together", "Price and terms said aloud before they were sent",
	                "Steps to the signature written with them", "Procurement and legal known" },
	        { M, I, I, I }, { A, T, D, X }, { 8, 4, 4, 4 } },
	{ "Commit", "Signature date and steps agreed", "Keep the shared list of steps; remove what stands in the way.",
	        OUTCOME_OPEN, 85, 95, 21,
	        { "Signature date agreed by the signer", "Contract text agreed",
	                "Start of the work planned with them" },
	        { M, I, H }, { X, D, T }, { 5, 3, 2 } },
	{ "Won", "Signed", "", OUTCOME_WON, 100, 0, 0, { 0 }, { 0 }, { 0 }, { 0 } },
	{ "Lost", "They chose otherwise, or nothing", "", OUTCOME_LOST, 0, 0, 0, { 0 }, { 0 }, { 0 }, { 0 } },
};

static str
words(const char *z)
{
	return str_of(z);
}

static enum err
make_steps(struct change *c, id stage, const struct standard_stage *from)
{
	struct step all[6];
	void *each[6];
	size_t n = 0;

	for (; n < 6 && from->steps[n]; n++) {
		record_init(&step_record, &all[n]);
		all[n].stage = stage;
		all[n].position = (int64_t)n + 1;
		all[n].name = words(from->steps[n]);
		all[n].importance = from->importance[n];
		all[n].kind = from->kind[n];
		all[n].points = from->points[n];
		each[n] = &all[n];
	}
	return n ? record_save_many(c, &step_record, each, n) : OK;
}

static enum err
make_stage(struct change *c, id process, size_t position)
{
	const struct standard_stage *from = &stages[position];
	struct stage s;
	enum err e;

	record_init(&stage_record, &s);
	s.process = process;
	s.position = (int64_t)position + 1;
	s.name = words(from->name);
	s.exit = words(from->exit);
	s.guidance = words(from->guidance);
	s.outcome = from->outcome;
	s.probability = from->probability;
	s.greatest = from->greatest ? from->greatest : NO_INT;
	s.allowed_days = from->allowed_days ? from->allowed_days : NO_INT;
	e = record_save(c, &stage_record, &s);
	return e == OK ? make_steps(c, s.row.id, from) : e;
}

enum err
process_make_standard(struct change *c, id *ret)
{
	struct process p;
	enum err e;

	record_init(&process_record, &p);
	p.name = STR("Complex B2B sale");
	p.number = 1;
	p.state = PROCESS_DRAFT;
	e = record_save(c, &process_record, &p);
	for (size_t i = 0; e == OK && i < sizeof stages / sizeof *stages; i++)
		e = make_stage(c, p.row.id, i);
	p.state = PROCESS_PUBLISHED;
	p.standard = true;
	if (e == OK)
		e = record_save(c, &process_record, &p);
	if (e == OK)
		*ret = p.row.id;
	return e;
}

enum err
process_find_standard(struct conn *c, struct arena *a, const struct grant *g, struct process *ret)
{
	return record_find_by(c, a, g, &process_record, "standard", STR("1"), ret);
}

enum err
process_stages(struct conn *c, struct arena *a, id org, id process, struct stage **ret, size_t *ret_n)
{
	str sql = str_fmt(a,
	        "select %.*s from stage t where t.org_id = $1 and t.process = $2 order by t.position, t.id limit 60",
	        STR_ARG(record_columns(a, &stage_record, "t")));
	struct stage *all = arena_new(a, struct stage, 60);
	size_t n = 0;
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(org), DB_I(process)), &rows);

	if (e != OK)
		return e;
	while (n < 60 && db_next(&rows))
		record_read(&rows, &stage_record, 0, &all[n++]);
	*ret = all;
	*ret_n = n;
	return db_end(&rows);
}

enum err
process_steps(struct conn *c, struct arena *a, id org, id stage, struct step **ret, size_t *ret_n)
{
	str sql = str_fmt(a,
	        "select %.*s from step t where t.org_id = $1 and t.stage = $2 order by t.position, t.id limit 60",
	        STR_ARG(record_columns(a, &step_record, "t")));
	struct step *all = arena_new(a, struct step, 60);
	size_t n = 0;
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(org), DB_I(stage)), &rows);

	if (e != OK)
		return e;
	while (n < 60 && db_next(&rows))
		record_read(&rows, &step_record, 0, &all[n++]);
	*ret = all;
	*ret_n = n;
	return db_end(&rows);
}
