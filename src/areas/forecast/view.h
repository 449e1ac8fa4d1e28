/* What the pages of forecast and analysis show; filled by forecast.c and analyse.c, written by *.html.
   What it is not for: figures (figures.h). */
#ifndef AREAS_FORECAST_VIEW_H
#define AREAS_FORECAST_VIEW_H

#include <math.h>

#include "areas/deals/target.h"
#include "areas/forecast/figures.h"
#include "areas/forecast/forecast.h"
#include "areas/forecast/review.h"
#include "html/svg.h"
#include "html/widgets.h"
#include "page/page.h"

struct rows_line {
	id deal;
	str name, account, owner, stage;
	bool has_value, from_list;
	money value;
	day closed_on;
};

struct rows_view { /* the deals behind one figure; those read are the first of all */
	struct rows_line *row;
	size_t n;
	int64_t all;
	str words;
};

struct analyse_view {
	id person;
	str who, show, period, query; /* query: person and days of the page's address */
	day from, to, bounded;        /* bounded: the day of a works agreement, where it cut the time (O5); DAY_NONE */
	struct report_sales sales;
	struct figures_stages stages;
	struct figures_velocity *velocity;
	size_t n_velocity;
	struct figures_spells spells;
	struct survive_days quarter, half, three; /* -1: not reached */
	struct survive_mean mean;
	int64_t mean_until;
	struct figures_winloss winloss;
	struct figures_people people;
	struct rows_view deals;
	struct judge judge;
	struct judge_step *step; /* the one asked for, with its people */
	struct review_line *reviews;
	size_t n_reviews;
	id leader; /* of the process */
	str leader_name;
	struct review_quarter quarters[4]; /* the leader's duty (A2a) */
	str words;
	struct svg_dots plot;
	struct svg_process chart;
	bool has_chart;
};

struct review_view {
	struct review_line line;
	struct judge_step now; /* the same step today */
	bool has_now, mine;
};

struct forecast_change {
	id deal;
	str name, what, who;
	instant at;
};

struct forecast_view {
	id person;
	str who, period, subtitle;
	day from, to, won_from; /* won_from: where what was won begins; later than from: a works agreement (O5) */
	struct {
		day from;
		str name;
	} quarters[8];
	struct figures_open all, *owners;
	size_t n_owners;
	struct figures_range range;
	struct target_sum target;
	double reach; /* share of draws that reach the target; NaN: none */
	struct svg_dots plot;
	struct svg_dot dots[6];
	struct forecast_line *lines; /* of the period, latest first */
	size_t n_lines;
	struct forecast_scores scores;
	bool may_submit, is_over;
	struct forecast_change *changes;
	size_t n_changes;
	str changed; /* counts, in words */
};

enum err analyse_page(struct request *r);
/* The page with what its address asks for; show is set. */
enum err analyse_show(struct request *r, struct analyse_view *v);
enum err analyse_rows(struct request *r, struct analyse_view *v, const struct report_scope *s);
enum err forecast_page(struct request *r);
enum err forecast_submit(struct request *r);

#endif
