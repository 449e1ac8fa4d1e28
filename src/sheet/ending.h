/* Won, lost or open, as other systems word it in stages and status columns (en, de, fr, es, cs).
   What it is not for: our own stages (areas/process). */
#ifndef SHEET_ENDING_H
#define SHEET_ENDING_H

#include <stdbool.h>

#include "base/str.h"

enum ending { ENDING_NONE, ENDING_OPEN, ENDING_WON, ENDING_LOST, ENDING_COUNT };

const char *ending_name(enum ending o); /* "open", "won", "lost"; "" for none */
bool ending_find(str name, enum ending *ret);
/* "Closed Won", "Lost to competitor", "Canceled", "In Progress"; NONE when the words say nothing. */
enum ending ending_of(str words);

#endif
