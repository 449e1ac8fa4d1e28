/* How the program mails, from the command line: shared by serve and mail.
   What it is not for: what is sent when (areas/mails). */
#ifndef APP_MAIL_OPTIONS_H
#define APP_MAIL_OPTIONS_H

#include "app/command.h"
#include "areas/mails/mails.h"

/* False: said on stderr what is wrong. ret->server.url stays NULL where no --mail is given. */
bool mail_options(struct command_line *c, const char *command, struct mail_server *ret);
/* --address, without a slash at its end; empty: not given. False: it is no address of a page. */
bool address_option(struct command_line *c, const char *command, str *ret);

#endif
