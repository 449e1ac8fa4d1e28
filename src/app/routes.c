#include "app/routes.h"

#include "api/api.h"
#include "app/assets.h"
#include "app/door.h"
#include "app/health.h"
#include "app/live.h"
#include "areas/accountability/pages.h"
#include "areas/coaching/certify.h"
#include "areas/coaching/effect_view.h"
#include "areas/coaching/framework_view.h"
#include "areas/coaching/rubric_view.h"
#include "areas/coaching/pages.h"
#include "areas/coaching/programme_view.h"
#include "areas/commitments/pages.h"
#include "areas/deals/account.h"
#include "areas/deals/bulk.h"
#include "areas/deals/file_view.h"
#include "areas/deals/list.h"
#include "areas/deals/rates.h"
#include "areas/deals/trash.h"
#include "areas/deals/mention.h"
#include "areas/deals/view.h"
#include "areas/design/pages.h"
#include "areas/forecast/pages.h"
#include "areas/forecast/review.h"
#include "areas/imports/folders.h"
#include "areas/imports/pages.h"
#include "areas/imports/sources.h"
#include "areas/leadership/pages.h"
#include "areas/library/pages.h"
#include "areas/mails/mails.h"
#include "areas/motivation/motivation.h"
#include "areas/prospects/pages.h"
#include "areas/growth/plan.h"
#include "areas/people/fields.h"
#include "areas/people/pages.h"
#include "page/pick.h"

/* clang-format off: a line each, so that areas growing side by side do not meet here */
static const struct route *const tables[] = {
	door_routes,
	health_routes,
	assets_routes,
	people_routes,
	field_routes,
	list_routes,
	pick_routes,
	bulk_routes,
	cell_routes,
	trash_routes,
	rates_routes,
	deal_routes,
	account_routes,
	file_routes,
	prospect_routes,
	growth_routes,
	forecast_routes,
	folder_routes,
	source_routes,
	import_routes,
	commitment_routes,
	coaching_routes,
	framework_routes,
	rubric_routes,
	certify_routes,
	effect_routes,
	accountability_routes,
	programme_routes,
	leadership_routes,
	mail_routes,
	motivation_routes,
	report_routes, /* its fixed words before those of any record */
	api_routes,
	live_routes,
	design_routes,
	library_routes,
};
/* clang-format on */

/* clang-format off: a line each */
static const struct act_body *const act_tables[] = {
	door_acts,
	motivation_acts,
	prospects_acts,
	mails_acts,
	deals_acts,
	growth_acts,
	design_acts,
	library_acts,
	coaching_acts,
	accountability_acts,
	leadership_acts,
	forecast_acts,
	imports_acts,
	commitments_acts,
	people_acts,
	NULL,
};
/* clang-format on */

const struct act_field *const *
routes_acts(struct arena *a, const struct route *routes)
{
	return acts_of(a, routes, act_tables);
}

const struct route *
routes_all(struct arena *a)
{
	struct route *all = NULL;
	size_t n = 0, cap = 0;

	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct route *x = tables[t]; x->path; x++) {
			arena_grow(a, all, n, cap);
			all[n++] = *x;
		}
	arena_grow(a, all, n, cap);
	all[n] = (struct route){ 0 };
	return all;
}

/* clang-format off: a line each */
const today_source today_sources[] = {
	profile_today,
	mention_today,
	prospect_today,
	review_source,
	trace_today,
	folder_today,
	observation_today,
	second_today,
	accountability_today,
	skipped_today,
	programme_today,
	NULL,
};
/* clang-format on */

const struct page_panel page_panel_list[] = { { agreement_panel_load, agreement_panel_show },
	{ motivation_panel_load, motivation_panel_show }, { NULL, NULL } };

const struct page_badge page_badges[] = {
	{ "board", "need attention", deals_attention },
	{ "coaching", "wait for you", coaching_waiting },
	{ "commitments", "past their day", commitments_late },
	{ NULL, NULL, NULL },
};

const struct link_page link_pages[] = {
	{ "confirm", coaching_link_show, coaching_link_act },
	{ "calendar", coaching_feed_show, coaching_feed_act },
	{ "brief", leadership_link_show, leadership_link_act },
	{ "mail", mail_link_show, mail_link_act },
	{ NULL, NULL, NULL },
};
