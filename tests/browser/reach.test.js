// Every page of pages.json at the edges that people reach: 320 px wide (1.4.10), doubled (1.4.4: 720 px of 1440), with wider text
// (1.4.12), on paper. Nothing may be wider than the page, and nothing private or of the frame may be printed.
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const h = require("./harness");

const list = JSON.parse(fs.readFileSync(process.env.RIDEALONG_PAGES || path.join(__dirname, "pages.json"), "utf8"));
const spacing = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-block-end:2em!important}";
const contexts = new Map();
let browser, demo;

before(async () => {
	browser = await h.openBrowser();
	demo = await h.startServer({ demo: true });
});

after(async () => {
	await Promise.allSettled([browser && browser.close(), demo && demo.close()]);
});

async function pageOf(p) {
	if (!contexts.has(p.who)) {
		const context = await browser.newContext({ bypassCSP: true }); // wider text comes as a style of the reader's
		contexts.set(p.who, context);
		if (p.who !== "anonymous") {
			const page = await context.newPage();
			await h.signIn(page, p.who === "admin" ? demo.link : h.linkFor(demo, list.people[p.who]));
			await page.close();
		}
	}
	const page = await contexts.get(p.who).newPage();
	const steps = p.path.split(/\s*\{|\}\s*/).filter(Boolean);
	await page.emulateMedia({ reducedMotion: "reduce" });
	await page.setViewportSize({ width: 320, height: 740 });
	await page.goto(demo.origin + steps.shift());
	for (const css of steps)
		await page.goto(new URL(await page.locator(css).first().getAttribute("href", { timeout: 5000 }), page.url()).href);
	return page;
}

// What sticks out of the page to the end of the line, by its nearest words; what scrolls in a box of its own does not.
const outside = () => {
	const wide = document.documentElement.clientWidth, faults = [];
	if (document.documentElement.scrollWidth <= wide) return faults;
	for (const x of document.querySelectorAll("body *")) {
		const box = x.getBoundingClientRect();
		if (box.right > wide + 1 && box.width && !x.closest(".scroll, .board, .tabs, .vh, .toasts, .pop > div"))
			faults.push(`${x.tagName.toLowerCase()}.${x.className?.baseVal ?? x.className} to ${Math.round(box.right)}: ${x.textContent.trim().slice(0, 40)}`);
	}
	return [`${document.documentElement.scrollWidth} of ${wide} px`, ...faults.slice(0, 4)];
};

const printed = () => [...document.querySelectorAll(".side, .top, .thumb, .private, .noprint, .skip, main .btn")]
	.filter((x) => x.checkVisibility()).map((x) => `printed: ${x.className} ${x.textContent.trim().slice(0, 30)}`).slice(0, 4);

for (const p of list.pages.filter((x) => x.who !== "nobody yet"))
	test(`${p.title} for ${p.who}: narrow, doubled, wider text, paper`, { timeout: 180000 }, async () => {
		const page = await pageOf(p), faults = [];
		try {
			faults.push(...(await page.evaluate(outside)).map((f) => `320 px: ${f}`));
			await page.setViewportSize({ width: 720, height: 450 });
			faults.push(...(await page.evaluate(outside)).map((f) => `720 px: ${f}`));
			await page.emulateMedia({ media: "print" });
			faults.push(...await page.evaluate(printed));
			await page.emulateMedia({ media: "screen" });
			await page.setViewportSize({ width: 360, height: 740 });
			await page.addStyleTag({ content: spacing });
			faults.push(...(await page.evaluate(outside)).map((f) => `wider text: ${f}`));
			assert.deepStrictEqual(faults, []);
		} finally {
			await page.close();
		}
	});
