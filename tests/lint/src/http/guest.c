#include <sqlite3.h>
#include "db/low.h"
