/* Two printed pages for a head who is not in yet (L1a): the gap, the money at stake, what is asked.
   What it is not for: what a better leader is worth (L6), or the trace of a missed number. */
#ifndef AREAS_LEADERSHIP_CASE_H
#define AREAS_LEADERSHIP_CASE_H

#include "areas/leadership/view.h"

struct case_view {
	struct gap_view gap;
	str head;                 /* empty: nobody is named */
	str point;                /* what one point of win rate is worth in such a quarter */
	str low, high;            /* what the quarter holds at the ends of the rate's interval */
	str rate;                 /* "28 % (177 of 632)" */
	int64_t pairs, owed;      /* pairs of coaching, and those in debt */
	int64_t leaders, signed_; /* leaders below the head, and those with a charter */
	bool head_signed;
	str first; /* the highest leader who signed; empty: nobody */
};

#endif
