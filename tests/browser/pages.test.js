// Every page of pages.json, at 1440 px in light and dark, at 360 px in light: axe, width, headings, navigation, complaints of the
// browser; then, once a page: weight cold and warm; and the Nu HTML checker over all. With RIDEALONG_SHOTS set
// pictures lie in build/shots/.
// A page: path, who ("anonymous", "admin" or a key of people), title; and where needed:
//   nav: false       stands outside the navigation            status: 404     what it answers, by default 200
//   open: [CSS, …]   is clicked, then axe looks again          allow: [text]   complaints that are meant, as expressions
//   reload: true      where cards out of sight are not drawn: they would keep the colours of the theme before
//   budget: {…}      cold, warm, requests instead of the usual ones
// A path may hold {CSS} at its end, "/deals {main a.deal}": the address that element leads to is the page.
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const h = require("./harness");

const list = JSON.parse(fs.readFileSync(process.env.RIDEALONG_PAGES || path.join(__dirname, "pages.json"), "utf8"));
const contexts = new Map(), addresses = new Map(), saved = new Map();
let browser, fresh, demo;

before(async () => {
	browser = await h.openBrowser();
	fresh = await h.startServer();
	if (list.pages.some((p) => p.who !== "anonymous" && p.who !== "nobody yet"))
		demo = await h.startServer({ demo: true });
});

after(async () => {
	await Promise.allSettled([browser && browser.close(), fresh && fresh.close(), demo && demo.close()]);
});

const serverOf = (p) => (p.who === "nobody yet" || !demo ? fresh : demo);

// One context a person: signed in once, pages opened in it.
async function contextOf(p) {
	if (!contexts.has(p.who)) {
		const context = await browser.newContext();
		contexts.set(p.who, context);
		if (p.who !== "anonymous" && p.who !== "nobody yet") {
			const page = await context.newPage();
			await h.signIn(page, p.who === "admin" ? demo.link : h.linkFor(demo, list.people[p.who]));
			await page.close();
		}
	}
	return contexts.get(p.who);
}

async function addressOf(p) {
	const key = p.who + " " + p.path;
	if (!addresses.has(key))
		addresses.set(key, await findAddress(p));
	return addresses.get(key);
}

async function findAddress(p) {
	const server = serverOf(p);
	if (p.path === "setup-link")
		return server.link;
	const steps = p.path.split(/\s*\{|\}\s*/).filter(Boolean);
	let address = server.origin + steps.shift();
	const page = await (await contextOf(p)).newPage();
	for (const css of steps) {
		await page.goto(address);
		address = new URL(await page.locator(css).first().getAttribute("href", { timeout: 5000 }), address).href;
	}
	await page.close();
	return address;
}

async function withPage(p, theme, width, run) {
	const context = await contextOf(p);
	const page = await context.newPage();
	try {
		await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
		await page.setViewportSize({ width, height: width > 800 ? 900 : 740 });
		return await run(page, await addressOf(p));
	} finally {
		await page.close();
	}
}

async function openAll(page, selectors, rules) {
	const faults = [];
	for (const css of selectors || []) {
		const opener = page.locator(css).filter({ visible: true }).first();
		if (await opener.count() === 0)
			continue; // folded away at this width
		await opener.click();
		faults.push(...(await h.axe(page, rules)).map((f) => `with ${css} open: ${f}`));
		await page.keyboard.press("Escape");
	}
	return faults;
}

// One load a width; the theme changes under it, as it does when the evening comes.
async function look(p, width) {
	await withPage(p, h.themes[0], width, async (page, address) => {
		const complaints = h.listen(page, p.allow);
		const answer = await page.goto(address, { waitUntil: "load" });
		const name = `${h.slug(p.title)}-${h.slug(p.who)}`;
		if (!saved.has(name)) {
			saved.set(name, h.saveIn("pages", name + ".html"));
			fs.writeFileSync(saved.get(name), await answer.text());
		}
		const faults = answer.status() === (p.status || 200) ? [] : [`answered ${answer.status()}`];
		faults.push(...await h.structure(page, p));
		for (const theme of h.themes) {
			if (theme !== h.themes[0] && width !== h.widths[0] && !process.env.RIDEALONG_SHOTS)
				continue; // colours do not change with the width
			await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
			if (p.reload && theme !== h.themes[0])
				await page.reload({ waitUntil: "load" });
			// the other theme is the same document in other colours
			const rules = theme === h.themes[0] ? undefined : ["color-contrast"];
			const found = await h.axe(page, rules);
			await h.picture(page, `${name}-${theme}-${width}`);
			faults.push(...[...found, ...await openAll(page, p.open, rules)].map((f) => `${theme}: ${f}`));
		}
		assert.deepStrictEqual([...faults, ...complaints], []);
	});
}

async function weight(p) {
	await withPage(p, "light", 1440, async (page, address) => {
		const most = { ...h.budget, ...p.budget };
		const cold = await h.weigh(page, address, { cold: true });
		const warm = await h.weigh(page, address, { cold: false });
		const said = `cold ${cold.bytes} bytes in ${cold.requests} requests, warm ${warm.bytes} bytes`;
		console.log(`# ${p.title}: ${said}`);
		assert.ok(cold.bytes <= most.cold && cold.requests <= most.requests && warm.bytes <= most.warm, said);
	});
}

for (const p of list.pages) {
	for (const width of h.widths)
		test(`${p.title} for ${p.who}: ${width} px`, { timeout: 180000 }, () => look(p, width));
	test(`${p.title} for ${p.who}: weight`, { timeout: 180000 }, () => weight(p));
}

test("the Nu HTML checker finds no error on any page", { timeout: 120000 }, () => {
	assert.deepStrictEqual(h.checkHtml([...saved.values()]), {});
});
