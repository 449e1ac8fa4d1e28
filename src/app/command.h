/* The command line: one function a command, options parsed once, errors on stderr with a non-zero exit.
   What it is not for: pages (routes.c). */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "auth/actor.h"
#include "record/record.h"

struct option {
	str name, value;
};

struct command_line {
	struct arena *arena;
	struct db *db;
	str url;
	struct actor actor; /* the administrator; org 0 before init */
	struct grant grant;
	str words[8]; /* what is no option */
	size_t n_words;
	struct option options[32];
	size_t n_options;
	struct faults faults;
};

/* How much of a base a command needs. */
enum need { NEED_NOTHING, NEED_DATABASE, NEED_COMPANY };

struct command {
	const char *name;
	enum need need;
	int (*run)(struct command_line *c); /* the exit status */
	const char *options; /* blank-separated names of allowed options; those that end in '=' take a value */
	const char *usage;   /* printed by --help */
};

str command_option(const struct command_line *c, const char *name); /* last one given; empty when absent */
bool command_has(const struct command_line *c, const char *name);
/* Says what is wrong and how to mend it; always 1 (2 for wrong use). */
int command_fail(struct command_line *c, enum err e, const char *what);
int command_misuse(const struct command *c, const char *what);
/* Seals what the command wrote. */
void command_seal(struct command_line *c);

extern const struct command commands_import[], commands_process[], commands_report[],
        commands_demo[]; /* ended by a NULL name */
int command_serve(struct command_line *c);
int command_mail(struct command_line *c);
int command_import_folder(struct command_line *c);

#endif
