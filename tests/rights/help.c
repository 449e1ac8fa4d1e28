/* What the rights matrix needs from inside the program: its routes, and a second company in the database.
   What it is not for: what anybody may (model.js says that a second time). */
#include <stdio.h>
#include <string.h>

#include "app/routes.h"
#include "app/setup.h"

static int
print_routes(struct arena *a)
{
	static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };

	for (const struct route *x = routes_all(a); x->path; x++)
		printf("%s %s\t%d\t%s\n", methods[x->method], x->path, (int)x->policy, x->what);
	return 0;
}

static int
make_company(struct arena *a, const char *url, const char *email)
{
	struct setup s = { .name = STR("Canary-Foreign Company"),
		.currency = STR("EUR"),
		.zone = STR("Europe/Berlin"),
		.email = str_of(email) };
	struct db_options o = { 0 };
	struct faults f;
	struct db *d;
	str why = { 0 }, secret = { 0 };

	faults_init(&f, a);
	if (auth_start() != OK || db_open(url, &o, a, &d, &why) != OK) {
		fprintf(stderr, "%.*s\n", STR_ARG(why));
		return 1;
	}
	enum err e = setup_company(d, a, &s, &f);
	if (e == OK)
		e = setup_sign_in_link(d, a, s.org, s.ret_login, &secret);
	db_close(d);
	printf("%.*s\n", STR_ARG(secret));
	return e == OK ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct arena a;
	int status = 2;

	arena_init(&a, (size_t)1 << 30);
	if (argc == 2 && strcmp(argv[1], "routes") == 0)
		status = print_routes(&a);
	else if (argc == 4 && strcmp(argv[1], "company") == 0)
		status = make_company(&a, argv[2], argv[3]);
	arena_fini(&a);
	return status;
}
