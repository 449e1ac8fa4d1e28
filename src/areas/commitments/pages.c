#include "areas/commitments/pages.h"

#include "areas/commitments/commitments.h"

static enum err
commitments_page(struct request *r)
{
	struct page p = { .title = STR("Commitments") };

	page_head(r, &p);
	page_foot(r);
	return OK;
}

const struct route commitment_routes[] = {
	{ HTTP_GET, "/commitments", POLICY_PERSON, commitments_page, "commitments", "Commitments", false },
	{ 0 },
};
