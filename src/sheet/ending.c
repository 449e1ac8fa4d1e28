#include "sheet/ending.h"

#include <assert.h>

static const char *const names[ENDING_COUNT] = { "", "open", "won", "lost" };

const char *
ending_name(enum ending o)
{
	assert(o < ENDING_COUNT);
	return names[o];
}

bool
ending_find(str name, enum ending *ret)
{
	for (enum ending o = ENDING_OPEN; o < ENDING_COUNT; o++)
		if (str_same(name, str_of(names[o]))) {
			*ret = o;
			return true;
		}
	return false;
}

/* A word of its own, or several: not a part of a longer one ("won" in "wonder"). */
static bool
holds(str text, str word)
{
	for (size_t at = 0; at + word.n <= text.n; at++) {
		if (!str_same(str_first(str_from(text, at), word.n), word))
			continue;
		unsigned char before = at ? (unsigned char)text.s[at - 1] : ' ';
		unsigned char after = at + word.n < text.n ? (unsigned char)text.s[at + word.n] : ' ';
		bool joined = false;
		for (int i = 0; i < 2; i++) {
			unsigned char c = i ? after : before;
			joined = joined || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
		}
		if (!joined)
			return true;
	}
	return false;
}

enum ending
ending_of(str words)
{
	static const struct {
		str word;
		enum ending is;
		bool whole; /* nothing else may stand beside it */
	} all[] = {
		{ STR_INIT("not won"), ENDING_LOST, false },
		{ STR_INIT("lost"), ENDING_LOST, false },
		{ STR_INIT("canceled"), ENDING_LOST, false },
		{ STR_INIT("cancelled"), ENDING_LOST, false },
		{ STR_INIT("out-sold"), ENDING_LOST, false },
		{ STR_INIT("disqualified"), ENDING_LOST, false },
		{ STR_INIT("abandoned"), ENDING_LOST, false },
		{ STR_INIT("no decision"), ENDING_LOST, false },
		{ STR_INIT("dead"), ENDING_LOST, true },
		{ STR_INIT("verloren"), ENDING_LOST, false },
		{ STR_INIT("storniert"), ENDING_LOST, false },
		{ STR_INIT("abgebrochen"), ENDING_LOST, false },
		{ STR_INIT("perdu"), ENDING_LOST, false },
		{ STR_INIT("perdido"), ENDING_LOST, false },
		{ STR_INIT("perdida"), ENDING_LOST, false },
		{ STR_INIT("prohr\xc3\xa1no"), ENDING_LOST, false },
		{ STR_INIT("ztraceno"), ENDING_LOST, false },
		{ STR_INIT("won"), ENDING_WON, false },
		{ STR_INIT("win"), ENDING_WON, true },
		{ STR_INIT("gewonnen"), ENDING_WON, false },
		{ STR_INIT("gagn\xc3\xa9"), ENDING_WON, false },
		{ STR_INIT("ganado"), ENDING_WON, false },
		{ STR_INIT("ganada"), ENDING_WON, false },
		{ STR_INIT("vyhr\xc3\xa1no"), ENDING_WON, false },
		{ STR_INIT("open"), ENDING_OPEN, true },
		{ STR_INIT("in progress"), ENDING_OPEN, true },
		{ STR_INIT("on hold"), ENDING_OPEN, true },
		{ STR_INIT("active"), ENDING_OPEN, true },
		{ STR_INIT("offen"), ENDING_OPEN, true },
		{ STR_INIT("aktiv"), ENDING_OPEN, true },
		{ STR_INIT("in bearbeitung"), ENDING_OPEN, true },
		{ STR_INIT("otev\xc5\x99"
		           "eno"),
		        ENDING_OPEN, true },
	};
	words = str_trim(words);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].whole ? str_same(words, all[i].word) : holds(words, all[i].word))
			return all[i].is;
	return ENDING_NONE;
}
