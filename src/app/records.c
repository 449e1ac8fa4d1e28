/* Every record of the program, in the order in which they refer to each other.
   What it is not for: what they mean. */
#include "areas/accountability/accountability.h"
#include "areas/deals/file.h"
#include "areas/deals/past.h"
#include "areas/deals/source.h"
#include "areas/imports/folder.h"
#include "areas/imports/stored.h"
#include "areas/coaching/certify.h"
#include "areas/coaching/coaching.h"
#include "areas/coaching/framework.h"
#include "areas/coaching/observe.h"
#include "areas/coaching/rubric.h"
#include "areas/coaching/sheet.h"
#include "areas/coaching/shelf.h"
#include "areas/coaching/programme.h"
#include "areas/prospects/prospects.h"
#include "areas/growth/growth.h"
#include "areas/forecast/forecast.h"
#include "areas/forecast/review.h"
#include "areas/leadership/records.h"
#include "areas/leadership/trace.h"
#include "areas/mails/mails.h"
#include "areas/motivation/motivation.h"
#include "areas/deals/rates.h"
#include "areas/deals/sums.h"
#include "areas/people/line.h"
#include "areas/process/content.h"
#include "record/own.h"

/* clang-format off: a line each, so that areas growing side by side do not meet here */
const struct record *const record_all[] = {
	&person_record,
	&company_record,
	&own_field_record,
	&absence_record,
	&process_record,
	&stage_record,
	&step_record,
	&lost_reason_record,
	&health_rule_record,
	&next_start_record,
	&content_record,
	&content_place_record,
	&content_open_record,
	&account_record,
	&contact_record,
	&product_record,
	&campaign_record,
	&deal_record,
	&activity_record,
	&stakeholder_record,
	&document_record,
	&competitor_record,
	&line_item_record,
	&deal_tag_record,
	&deviation_record,
	&past_record,
	&attachment_record,
	&mention_record,
	&step_done_record,
	&campaign_step_record,
	&prospect_record,
	&touch_record,
	&plan_unit_record,
	&potential_record,
	&plan_deal_record,
	&distinct_record,
	&view_record,
	&first_view_record,
	&rate_record,
	&target_record,
	&forecast_record,
	&process_review_record,
	&commitment_record,
	&obligation_record,
	&charter_record,
	&charter_answer_record,
	&blocker_record,
	&measure_record,
	&measure_entry_record,
	&agreement_record,
	&agreement_line_record,
	&huddle_share_record,
	&development_goal_record,
	&number_account_record,
	&trace_record,
	&trace_answer_record,
	&skill_record,
	&framework_record,
	&framework_phase_record,
	&content_topic_record,
	&programme_record,
	&pair_record,
	&session_record,
	&rubric_record,
	&rubric_criterion_record,
	&observation_record,
	&observation_text_record,
	&observation_score_record,
	&sheet_answer_record,
	&certification_record,
	&useful_record,
	&prep_record,
	&shared_note_record,
	&private_note_record,
	&own_goal_record,
	&liked_record,
	&recognition_record,
	&mail_record,
	&mail_wish_record,
	&invitation_record,
	&import_record,
	&import_map_record,
	&import_said_record,
	&import_folder_record,
	&source_record,
	NULL,
};
/* clang-format on */

const struct record_extra record_extra[] = { { line_schema, NULL }, { deal_sum_schema, deal_sums_rebuild },
	{ file_piece_schema, NULL }, { NULL, NULL } };
