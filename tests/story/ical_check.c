/* Reads one calendar and says whether libical takes it: whole, without an error, within the restrictions of RFC 5546.
   What it is not for: what it says (invites.js). */
#include <stdio.h>

#include <libical/ical.h>

int
main(void)
{
	static char text[1 << 16];
	size_t n = fread(text, 1, sizeof text - 1, stdin);
	icalcomponent *c;
	int bad;

	text[n] = '\0';
	c = icalparser_parse_string(text);
	if (!c)
		return printf("no calendar\n"), 1;
	bad = !icalrestriction_check(c) || icalcomponent_count_errors(c) != 0 ||
	      icalcomponent_count_components(c, ICAL_VEVENT_COMPONENT) != 1;
	if (bad)
		printf("%s", icalcomponent_as_ical_string(c));
	icalcomponent_free(c);
	return bad;
}
