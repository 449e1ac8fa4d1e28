#include "areas/library/pages.h"
#include "areas/library/view.h"

const struct route library_routes[] = {
	{ HTTP_GET, "/library", POLICY_SIGNED_IN, library_page, "library", "See the library", false },
	{ HTTP_GET, "/library.csv", POLICY_SIGNED_IN, library_csv, "library", "Take the library’s list as CSV", false },
	{ HTTP_GET, "/library/new", POLICY_SIGNED_IN, library_new, "library", "Write for the library", false },
	{ HTTP_POST, "/library", POLICY_SIGNED_IN, library_create, "library", "Add to the library", false },
	{ HTTP_GET, "/library/:", POLICY_SIGNED_IN, library_piece, "library", "See a content of the library", false },
	{ HTTP_GET, "/library/:/edit", POLICY_SIGNED_IN, library_edit, "library", "Edit a content", false },
	{ HTTP_POST, "/library/:/edit", POLICY_SIGNED_IN, library_update, "library", "Save a content", false },
	{ HTTP_POST, "/library/:/retire", POLICY_SIGNED_IN, library_retire, "library", "Retire a content", false },
	{ HTTP_POST, "/library/:/show", POLICY_SIGNED_IN, library_show_at, "library", "Show a content somewhere",
	        false },
	{ HTTP_POST, "/library/:/hide", POLICY_SIGNED_IN, library_hide_at, "library",
	        "Show a content somewhere no longer", false },
	{ HTTP_GET, "/library/:/open", POLICY_SIGNED_IN, library_open, "library", "Open a content, counted", false },
	{ HTTP_GET, "/library/:/effect", POLICY_SIGNED_IN, library_effect_part, "library",
	        "See what became of deals with a content", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
