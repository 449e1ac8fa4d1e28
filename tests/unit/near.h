/* Comparison of doubles as doubles: cmocka's own goes through float.
   What it is not for: money, which is compared as integers. */
#ifndef UNIT_NEAR_H
#define UNIT_NEAR_H

#include <math.h>

#include "unit.h"

#define assert_near(got, want, within) unit_assert_near((got), (want), (within), __FILE__, __LINE__)

static inline void
unit_assert_near(double got, double want, double within, const char *file, int line)
{
	if (!(fabs(got - want) <= within)) {
		print_error("%.15g is not within %g of %.15g\n", got, within, want);
		_fail(file, line);
	}
}

#endif
