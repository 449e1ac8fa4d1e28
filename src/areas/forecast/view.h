/* What the pages of forecast and analysis show; filled by forecast.c and analyse.c, written by *.html.
   What it is not for: figures (figures.h). */
#ifndef AREAS_FORECAST_VIEW_H
#define AREAS_FORECAST_VIEW_H

#include <math.h>

#include "areas/deals/target.h"
#include "areas/forecast/figures.h"
#include "areas/forecast/forecast.h"
#include "html/svg.h"
#include "html/widgets.h"
#include "page/page.h"

struct analyse_view {
	id person;
	str who, show, period, query; /* query: person and days of the page's address */
	str rows;                     /* the query of /deals that shows the decided deals counted here */
	day from, to;
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
	struct figures_step *steps;
	size_t n_steps, n_skipped, n_same;
	str words;
	struct svg_dots plot;
	struct svg_process chart;
	bool has_chart;
};

struct forecast_change {
	id deal;
	str name, what, who;
	instant at;
};

struct forecast_view {
	id person;
	str who, period, subtitle;
	day from, to;
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
enum err forecast_page(struct request *r);
enum err forecast_submit(struct request *r);

#endif
