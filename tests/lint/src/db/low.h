#include "base/round.h"
