/* What each act of imports takes, for programs: a row for each of their routes (page/act.h). */
#include "areas/imports/pages.h"
#include "areas/deals/source.h"
#include "areas/imports/folder.h"

/* What the steps of one file have in common: each sends the whole of it, for nothing is kept between them. */
#define FILE_AND_MAPPING \
	TAKE_TEXT("kind", "What the file holds"), TAKE_TEXT("name", "The file’s name"), \
	        TAKE_TEXT("map", "The mapping as YAML"), TAKE_TEXT("sheet", "The sheet of a workbook"), \
	        TAKE_TEXT("sheet_was", "The sheet that the mapping was made for"), \
	        TAKE_TEXT("delimiter", "Between values"), TAKE_TEXT("encoding", "Of the letters"), \
	        TAKE_TEXT("source", "The system that it comes from"), \
	        TAKE_WORD("alike", "all first merge", "Rows that look like each other"), \
	        TAKE_DAY("as_of", "The day that the file shows"), TAKE_YES("full", "It holds all there is")
#define WHAT_ROWS_ARE \
	MANY_NUMBER("apart", "Rows that are another one, as you say"), \
	        TAKE_WORD("stored", "proposed same another leave", "New rows that look like something stored"), \
	        TAKE_ANY("is-#", "What the row of that number is, of the same words"), \
	        TAKE_ANY("m#", "Where a column goes"), \
	        TAKE_ANY("s#*", "A stage: s0n its name, s0o outcome, s0p probability, s0q order"), \
	        TAKE_ANY("v#*", "A value: v0f its field, v0n from, v0t to, v0o in other words")

const struct act_body imports_acts[] = {
	{ "/import", TAKES(TAKE_TEXT("kind", "What the file holds")) },
	{ "/import/undo/:", TAKES_NOTHING },
	{ "/import/*/stop", TAKES_NOTHING },
	{ "/import/*/resume", TAKES_NOTHING },
	{ "/import/*",
	        TAKES(TAKE_WORD("do", "look dry", "Look at the file again, or a dry run"), FILE_AND_MAPPING,
	                TAKE_TEXT("fate", "Rows of this fate are listed"), TAKE_TEXT("date", "How days are written"),
	                TAKE_TEXT("decimal", "How fractions are written"),
	                TAKE_TEXT("currency", "Of amounts without one"), WHAT_ROWS_ARE) },
	{ "/import/*/run",
	        TAKES(FILE_AND_MAPPING, TAKE_YES("partial", "The good rows alone"),
	                TAKE_TEXT("date", "How days are written"), TAKE_TEXT("decimal", "How fractions are written"),
	                TAKE_TEXT("currency", "Of amounts without one"), WHAT_ROWS_ARE) },
	{ "/import/*/errors", TAKES(FILE_AND_MAPPING, TAKE_TEXT("rows", "Which rows the file has"), WHAT_ROWS_ARE) },
	{ "/import/sources", TAKES(TAKE_OF(source_record, "name label url master"),
	                             TAKE_ANY("f_*", "Is this field the other system’s to change")) },
	{ "/import/folders", TAKES(TAKE_OF(import_folder_record, "path kind every whole as_of_from")) },
	{ "/import/folders/now", TAKES_NOTHING },
	{ "/import/folders/:/remove", TAKES(TAKE_VERSION) },
	{ NULL, NULL },
};
