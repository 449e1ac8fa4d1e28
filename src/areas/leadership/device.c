#include "areas/leadership/device.h"

struct sign {
	const char *in, *name;
};

/* The first that fits: Edge and Opera call themselves Chrome, Chrome calls itself Safari. */
static const struct sign browsers[] = { { "Edg", "Edge" }, { "OPR/", "Opera" }, { "Vivaldi", "Vivaldi" },
	{ "SamsungBrowser", "Samsung Internet" }, { "Firefox/", "Firefox" }, { "FxiOS", "Firefox" },
	{ "HeadlessChrome", "Chrome" }, { "CriOS", "Chrome" }, { "Chrome/", "Chrome" }, { "Chromium/", "Chromium" },
	{ "Safari/", "Safari" }, { "curl/", "The program curl" }, { NULL, NULL } };
static const struct sign systems[] = { { "iPhone", "an iPhone" }, { "iPad", "an iPad" }, { "Android", "Android" },
	{ "Windows", "Windows" }, { "Macintosh", "a Mac" }, { "CrOS", "a Chromebook" }, { "Linux", "Linux" },
	{ NULL, NULL } };

static str
found(const struct sign *all, str agent)
{
	for (; all->in; all++)
		if (str_find(agent, str_of(all->in)) != SIZE_MAX)
			return str_of(all->name);
	return (str){ 0 };
}

str
device_name(struct arena *a, str agent)
{
	str browser = found(browsers, agent), on = found(systems, agent);

	if (!browser.n && !on.n)
		return agent.n ? STR("A program, not a known browser") : STR("An unknown device");
	return str_fmt(
	        a, "%.*s%s%.*s", STR_ARG(browser.n ? browser : STR("A browser")), on.n ? " on " : "", STR_ARG(on));
}
