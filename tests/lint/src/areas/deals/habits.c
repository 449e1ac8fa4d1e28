/* What the lints must find: the clock and a change of a table. "time(NULL)" in a comment or a string is neither. */
static const char *said = "time(NULL), updated sets";

long
hours(void)
{
	return time(NULL) / 3600;
}

const char *
steal(void)
{
	return "update deal "
	       "set amount = 0";
}
