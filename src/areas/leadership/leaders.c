#include "areas/leadership/pages.h"

static enum err
leaders_page(struct request *r)
{
	struct page p = { .title = STR("Leaders") };

	page_head(r, &p);
	page_foot(r);
	return OK;
}

const struct route leadership_routes[] = {
	{ HTTP_GET, "/leaders", POLICY_PERSON, leaders_page, "leaders", "The leaders' board", false },
	{ 0 },
};
