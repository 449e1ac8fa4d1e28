#include "areas/imports/folder.h"

#include "areas/deals/past.h"
#include "areas/prospects/prospects.h"

const struct choice import_kinds[] = { { "", "" }, { "people", "People" }, { "accounts", "Accounts" },
	{ "contacts", "Contacts" }, { "products", "Products" }, { "deals", "Deals" }, { "targets", "Targets" },
	{ "activities", "Activities" }, { "prospects", "Prospects" }, { "history", "Deals’ history" }, { NULL, NULL } };
const struct choice import_states[] = { { "", "" }, { "running", "Running" }, { "done", "Done" },
	{ "interrupted", "Interrupted" }, { "undone", "Undone" }, { NULL, NULL } };

static const struct field import_fields[] = {
	FIELD(struct import, kind, CHOICE, "Kind", .required = 1, .choices = import_kinds, .list = 1, .filter = 1),
	FIELD(struct import, state, CHOICE, "State", .required = 1, .choices = import_states, .list = 1, .filter = 1),
	FIELD(struct import, file, TEXT, "File", .required = 1, .list = 1),
	FIELD(struct import, source, TEXT, "Source", .list = 1),
	FIELD(struct import, map, LONG, "Mapping", .most = 65536),
	FIELD(struct import, as_of, DAY, "Data end on", .list = 1),
	FIELD(struct import, n_rows, INT, "Rows", .list = 1),
	FIELD(struct import, n_created, INT, "Created", .list = 1),
	FIELD(struct import, n_updated, INT, "Updated", .list = 1),
	FIELD(struct import, n_same, INT, "Unchanged", .list = 1),
	FIELD(struct import, n_kept, INT, "Edited here, kept", .list = 1),
	FIELD(struct import, n_rejected, INT, "Rejected", .list = 1),
	FIELD(struct import, n_missing, INT, "Not in the file"),
	FIELD(struct import, started_at, INSTANT, "Started"),
	FIELD(struct import, finished_at, INSTANT, "Finished"),
	FIELD(struct import, digest, TEXT, "Digest of the file"),
	FIELD(struct import, upload, TEXT, "Upload", .system = 1),
	FIELD(struct import, whole, BOOL, "Holds every deal of its source"),
};

const struct record import_record = {
	.name = "import",
	.table = "import_file",
	.label = "import",
	.plural = "imports",
	.size = sizeof(struct import),
	FIELDS(import_fields),
	.matter = MATTER_ADMIN,
	.purpose = "To know which file brought what, and to take it back.",
	.retention = "Ten years.",
};

static const struct field import_map_fields[] = {
	FIELD(struct import_map, kind, CHOICE, "Kind", .required = 1, .choices = import_kinds, .list = 1),
	FIELD(struct import_map, fingerprint, TEXT, "Headers", .required = 1),
	FIELD(struct import_map, map, LONG, "Mapping", .most = 65536),
};

const struct record import_map_record = {
	.name = "import_map",
	.table = "import_map",
	.label = "mapping",
	.plural = "mappings",
	.size = sizeof(struct import_map),
	FIELDS(import_map_fields),
	.matter = MATTER_ADMIN,
	.unique = (const char *const[]){ "kind fingerprint", NULL },
	.purpose = "So that the next file of the same form needs no questions.",
	.retention = "Until replaced.",
};

const struct choice folder_days[] = { { "", "" }, { "name", "The day in the file's name" },
	{ "date", "The day the file was written" }, { "column", "The largest day in the file" }, { NULL, NULL } };
const struct choice folder_lasts[] = { { "", "" }, { "fine", "Came in" }, { "partly", "Some rows rejected" },
	{ "failed", "Failed" }, { NULL, NULL } };

static const struct field folder_fields[] = {
	FIELD(struct import_folder, path, TEXT, "Folder", .required = 1, .list = 1, .most = 1000),
	FIELD(struct import_folder, kind, CHOICE, "Its files hold", .required = 1, .choices = import_kinds, .list = 1),
	FIELD(struct import_folder, every, INT, "Looked at every so many minutes", .required = 1, .least = 1,
	        .greatest = 10080),
	FIELD(struct import_folder, whole, BOOL, "Each file holds every deal"),
	FIELD(struct import_folder, as_of_from, CHOICE, "The data end on", .required = 1, .choices = folder_days),
	FIELD(struct import_folder, last, CHOICE, "The last file", .choices = folder_lasts, .system = 1),
	FIELD(struct import_folder, last_file, TEXT, "Name of the last file", .system = 1),
	FIELD(struct import_folder, last_digest, TEXT, "Digest of the last file", .system = 1),
	FIELD(struct import_folder, last_why, TEXT, "Why", .most = 1000, .system = 1),
	FIELD(struct import_folder, last_at, INSTANT, "Came in at", .system = 1),
	FIELD(struct import_folder, last_import, INT, "Last import", .system = 1), /* no reference: it may go */
	FIELD(struct import_folder, n_files, INT, "Files", .system = 1),
};

const struct record import_folder_record = {
	.name = "import_folder",
	.table = "import_folder",
	.label = "import folder",
	.plural = "import folders",
	.size = sizeof(struct import_folder),
	FIELDS(folder_fields),
	.matter = MATTER_ADMIN,
	.unique = (const char *const[]){ "path", NULL },
	.purpose = "To run beside another CRM: its exports come in by themselves.",
	.retention = "Until removed.",
};

int
import_kind_of(str name)
{
	for (int i = 1; i < IMPORT_KINDS; i++)
		if (str_eq(name, str_of(import_kinds[i].code)))
			return i;
	return IMPORT_NONE;
}

const struct record *
import_target(int kind)
{
	static const struct record *const targets[IMPORT_KINDS] = { NULL, &person_record, &account_record,
		&contact_record, &product_record, &deal_record, &target_record, &activity_record, &prospect_record,
		&past_record };

	return targets[kind];
}
