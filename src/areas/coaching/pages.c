#include "areas/coaching/pages.h"

enum err
coaching_link_show(struct request *r)
{
	(void)r;
	return ERR_ABSENT;
}

enum err
coaching_link_act(struct request *r)
{
	(void)r;
	return ERR_ABSENT;
}

const struct route coaching_routes[] = {
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
