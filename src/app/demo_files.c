/* Files on some of the sample company's open deals: what a seller writes down before a meeting, what the buyer sent.
   What it is not for: large files; the sample company stays small. */
#include "app/demo.h"
#include "areas/deals/file.h"

static const struct {
	const char *name, *text;
} samples[] = {
	{ "Questions for the first meeting.txt",
	        "What happens today when the line stands still?\nWho notices first, and who "
	        "pays?\nWhat would have to be true by summer?\n" },
	{ "Stoppages by week.csv", "week,line,minutes\n31,A,140\n32,A,95\n33,B,210\n34,A,60\n" },
};

struct target_deal {
	id deal, owner;
};

static enum err
add_file(struct change *c, const struct demo *m, const struct target_deal *d, size_t which)
{
	struct file_sent sent;
	struct attachment x;
	struct faults f;
	enum err e;

	faults_init(&f, c->arena);
	e = file_judge(c->arena, str_of(samples[which].name), str_of(samples[which].text), &f, &sent);
	record_init(&attachment_record, &x);
	x.deal = d->deal;
	x.by = d->owner;
	x.on_day = m->today;
	x.name = sent.name;
	x.kind = e == OK ? str_of(sent.kind->ending) : (str){ 0 };
	x.size = sent.size;
	x.digest = sent.digest;
	if (e == OK)
		e = record_save(c, &attachment_record, &x);
	return e == OK ? file_store(c, &sent) : e;
}

enum err
demo_make_files(struct change *c, void *demo)
{
	const struct demo *m = demo;
	struct target_deal all[150];
	size_t n = 0;
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select id, owner from deal where org_id = $1 and outcome = 'open' order by id desc limit 150",
	        DB_ARGS(DB_I(m->org)), &rows);

	while (e == OK && n < 150 && db_next(&rows))
		all[n++] = (struct target_deal){ db_int(&rows, 0), db_int(&rows, 1) };
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++)
		for (size_t k = 0; e == OK && k <= i % 2; k++)
			e = add_file(c, m, &all[i], k);
	return e;
}
