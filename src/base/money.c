#include "base/money.h"
