// Every page of pages.json, one visit each. At 1440 px: its weight cold, headings, navigation, width, axe in light and the colours in
// dark, also with what it opens; at 360 px the same in light; then at the edges that people reach: 320 px (1.4.10), doubled (1.4.4: 720 of
// 1440 px), on paper, with wider text (1.4.12), where nothing may stick out and nothing private may be printed; last its weight warm,
// and what the browser complained of on the way. The Nu HTML checker reads what was saved. RIDEALONG_SHOTS leaves pictures in build/shots/.
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
const [light, dark] = h.themes, [wide, narrow] = h.widths;
const spacing = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-block-end:2em!important}";
const visitors = new Map(), saved = new Map();
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

// One browser page a person, signed in once: a new one for each visit costs more than the visit.
async function visitorOf(p) {
	if (!visitors.has(p.who)) {
		const page = await (await browser.newContext()).newPage();
		await page.emulateMedia({ reducedMotion: "reduce" });
		if (p.who !== "anonymous" && p.who !== "nobody yet")
			await h.signIn(page, p.who === "admin" ? demo.link : h.linkFor(demo, list.people[p.who]));
		visitors.set(p.who, page);
	}
	return visitors.get(p.who);
}

async function addressOf(page, p) {
	const server = serverOf(p);
	if (p.path === "setup-link")
		return server.link;
	const steps = p.path.split(/\s*\{|\}\s*/).filter(Boolean);
	let address = server.origin + steps.shift();
	for (const css of steps) {
		await page.goto(address);
		address = new URL(await page.locator(css).first().getAttribute("href", { timeout: 5000 }), address).href;
	}
	return address;
}

const size = (page, width) => page.setViewportSize({ width, height: width > 800 ? 900 : 740 });

async function openAll(page, selectors, rules) {
	const faults = [];
	for (const css of selectors || []) {
		const opener = page.locator(css).filter({ visible: true }).first();
		if (await opener.count() === 0)
			continue; // folded away at this width
		await opener.click();
		faults.push(...(await h.axe(page, rules)).map((f) => `with ${css} open: ${f}`));
		await page.keyboard.press("Escape");
		if (await opener.evaluate((x) => x.matches("details[open] > summary")))
			await opener.click();
	}
	return faults;
}

async function look(page, p, theme, width) {
	const name = `${h.slug(p.title)}-${h.slug(p.who)}-${theme}-${width}`;
	await size(page, width);
	const before = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
	await page.emulateMedia({ colorScheme: theme });
	if (p.reload && theme !== before)
		await page.reload({ waitUntil: "load" });
	// the other theme is the same document in other colours
	const rules = theme === light ? undefined : ["color-contrast"];
	const faults = rules ? [] : await h.structure(page, p);
	faults.push(...await h.axe(page, rules));
	await h.picture(page, name);
	faults.push(...await openAll(page, p.open, rules));
	return faults.map((f) => `${theme}, ${width} px: ${f}`);
}

// What sticks out of the page to the end of the line, by its nearest words; what scrolls in a box of its own does not.
// Two frames after a change of size, for some rules for it come with the next frame.
const outside = async () => {
	await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
	const edge = document.documentElement.clientWidth, faults = [];
	if (document.documentElement.scrollWidth <= edge) return faults;
	for (const x of document.querySelectorAll("body *")) {
		const box = x.getBoundingClientRect();
		if (box.right > edge + 1 && box.width && !x.closest(".scroll, .board, .tabs, .vh, .toasts, .pop > div"))
			faults.push(`${x.tagName.toLowerCase()}.${x.className?.baseVal ?? x.className} to ${Math.round(box.right)}: ${x.textContent.trim().slice(0, 40)}`);
	}
	return [`${document.documentElement.scrollWidth} of ${edge} px`, ...faults.slice(0, 4)];
};

const printed = () => [...document.querySelectorAll(".side, .top, .thumb, .private, .noprint, .skip, main .btn")]
	.filter((x) => x.checkVisibility()).map((x) => `printed: ${x.className} ${x.textContent.trim().slice(0, 30)}`).slice(0, 4);

// The reader's own style: one that is made by script, which no policy of the page's forbids.
const wider = (css) => {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	document.adoptedStyleSheets.push(sheet);
};

async function edges(page) {
	const faults = [];
	const see = async (where) => faults.push(...(await page.evaluate(outside)).map((f) => `${where}: ${f}`));
	await page.setViewportSize({ width: 320, height: 740 });
	await see("320 px");
	await page.setViewportSize({ width: 720, height: 450 });
	await see("720 px");
	await page.emulateMedia({ media: "print" });
	faults.push(...await page.evaluate(printed));
	await page.emulateMedia({ media: "screen" });
	await size(page, narrow);
	await page.evaluate(wider, spacing);
	await see("wider text");
	return faults;
}

async function visit(p) {
	const page = await visitorOf(p), most = { ...h.budget, ...p.budget };
	await page.emulateMedia({ colorScheme: light, media: "screen" });
	await size(page, wide);
	const address = await addressOf(page, p);
	const complaints = h.listen(page, p.allow);
	try {
		const cold = await h.weigh(page, address, { cold: true });
		const name = `${h.slug(p.title)}-${h.slug(p.who)}`;
		saved.set(name, h.saveIn("pages", name + ".html"));
		fs.writeFileSync(saved.get(name), await cold.answer.text());
		const faults = cold.answer.status() === (p.status || 200) ? [] : [`answered ${cold.answer.status()}`];
		for (const [theme, width] of [[light, wide], [dark, wide], [light, narrow], ...(process.env.RIDEALONG_SHOTS ? [[dark, narrow]] : [])])
			faults.push(...await look(page, p, theme, width));
		faults.push(...await edges(page));
		const warm = await h.weigh(page, address, { cold: false });
		const said = `cold ${cold.bytes} bytes in ${cold.requests} requests, warm ${warm.bytes} bytes`;
		console.log(`# ${p.title}: ${said}`);
		if (cold.bytes > most.cold || cold.requests > most.requests || warm.bytes > most.warm)
			faults.push("over its budget: " + said);
		assert.deepStrictEqual([...faults, ...complaints], []);
	} finally {
		complaints.end();
	}
}

const [part, parts] = (process.env.RIDEALONG_PART || "1/1").split("/").map(Number);
for (const p of list.pages.filter((_, i) => i % parts === part - 1))
	test(`${p.title} for ${p.who}`, { timeout: 120000 }, () => visit(p));

test("the Nu HTML checker finds no error on any page", { timeout: 120000 }, () => {
	assert.deepStrictEqual(h.checkHtml([...saved.values()]), {});
});
