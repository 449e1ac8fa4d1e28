/* A file inside the program.
   What it is not for: serving it (assets.c). */
#ifndef APP_EMBEDDED_H
#define APP_EMBEDDED_H

#include <stddef.h>

struct embedded {
	const char *name; /* NULL ends the table */
	const unsigned char *data;
	size_t n;
};

extern const struct embedded embedded_assets[];

#endif
