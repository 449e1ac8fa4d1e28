// One deal at the browser: facts edited where they stand, by mouse, by keyboard alone, on a phone and without script; the
// gate on the deal's page; the next deal of the view one came from. What it is not for: the rules (tests/story/deal.js).
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const h = require("./harness");
const { Somebody } = require("./somebody.js");

const people = JSON.parse(fs.readFileSync(path.join(__dirname, "pages.json"), "utf8")).people;
let server, browser;
before(async () => { [server, browser] = [await h.startServer({ demo: true }), await h.openBrowser()]; });
after(async () => { await browser.close(); await server.close(); });

async function seller(way) {
	const s = await Somebody.at(browser, server, way, "the seller");
	await h.signIn(s.page, h.linkFor(server, people.seller));
	return s;
}

// To a deal of one's own board; where it stands.
async function open(s) {
	await s.go("/board?scope=mine");
	await Promise.all([s.page.waitForURL(/\/deals\/\w{11}/), s.page.locator("li.deal h3 a").first().click()]);
	await s.page.locator(".stages").waitFor();
	await s.fits();
	return new URL(s.page.url()).pathname;
}

for (const width of [1440, 360])
	test(`a fact is edited where it stands, ${width} px`, async () => {
		const s = await seller({ short: `deal-${width}`, width, scripts: true });
		await open(s);
		const link = () => s.page.locator('#f-next_step a.edit, #f-amount a.edit').last();
		const was = await s.page.locator("#f-amount a.edit").innerText();
		await s.page.locator("#f-amount a.edit").click();
		const field = s.page.locator('#f-amount input[name="amount"]');
		await field.waitFor();
		assert.ok(await field.evaluate((e) => e === document.activeElement), "the cursor stands in the field");
		await field.fill("a lot");
		await field.press("Enter");
		await s.page.locator("#f-amount .error").waitFor();
		assert.strictEqual(await field.inputValue(), "a lot", "what was typed is kept");
		assert.deepStrictEqual(await h.axe(s.page), []);
		await s.fits();
		await field.press("Escape");
		await field.waitFor({ state: "detached" });
		assert.strictEqual(await s.page.locator("#f-amount a.edit").innerText(), was, "Esc changes nothing");
		await s.page.waitForFunction(() => document.activeElement.matches("#f-amount a.edit"));
		await s.page.keyboard.press("Enter"); // by keyboard alone
		await field.waitFor();
		await field.fill("91,000");
		await field.press("Enter");
		await s.page.locator("#f-amount a.edit", { hasText: "91,000" }).waitFor();
		await s.page.waitForFunction(() => document.activeElement.matches("#f-amount a.edit"));
		await s.page.locator(".toast").getByRole("button", { name: "Undo" }).click();
		await s.page.locator("#f-amount a.edit", { hasText: was.trim().split(/\s/)[0] }).waitFor();
		assert.ok(await link().count());
		await s.calm();
	});

test("a fact is edited without script, and a past day is refused at the field", async () => {
	const s = await seller({ short: "deal-plain", width: 1440, scripts: false });
	const at = await open(s);
	await s.press(/edit Expected close/, s.page.locator("#f-closes_on"), "link");
	await s.fill({ closes_on: "2020-01-01", closes_why: "They said so" }, s.page.locator("#f-closes_on"));
	await s.press(/^Save/, s.page.locator("#f-closes_on"));
	await s.says(/is past; choose a later day, or close the deal/);
	assert.strictEqual(await s.page.locator('#f-closes_on input[name="closes_on"]').inputValue(), "2020-01-01");
	await s.press(/^Cancel/, s.page.locator("#f-closes_on"), "link");
	assert.strictEqual(new URL(s.page.url()).pathname, at);
	await s.calm();
});

test("the next deal of the view, the gate on the page, by keyboard alone", async () => {
	const s = await seller({ short: "deal-keys", width: 1440, scripts: true });
	const at = await open(s);
	await s.page.locator("[data-walk] a[rel=next]").waitFor();
	await Promise.all([s.page.waitForURL((u) => /\/deals\/\w{11}/.test(u.pathname) && u.pathname !== at), s.page.keyboard.press("j")]);
	await s.page.locator("[data-walk] a[rel=prev]").waitFor();
	await Promise.all([s.page.waitForURL((u) => u.pathname === at), s.page.keyboard.press("k")]);
	const won = s.page.locator(".stages button", { hasText: "Won" });
	await won.focus();
	await Promise.all([s.page.waitForEvent("load"), s.page.keyboard.press("Enter")]);
	await s.page.locator("#g").waitFor();
	assert.deepStrictEqual(await h.axe(s.page), []);
	await s.page.locator("#reason").focus();
	await s.page.keyboard.type("Signed at the fair");
	await s.page.keyboard.press("Tab");
	await s.page.keyboard.press("Tab");
	await Promise.all([s.page.waitForEvent("load"), s.page.keyboard.press("Enter")]);
	await s.says(/Won/, "Past the gate", "Signed at the fair");
	await s.shot("deal-won");
	await Promise.all([s.page.waitForEvent("load"), s.page.keyboard.press("Control+z")]);
	assert.strictEqual(await s.page.locator("#c-past").count(), 0);
	await s.calm();
});

test("lost takes a reason in one step", async () => {
	const s = await seller({ short: "deal-lost", width: 360, scripts: true });
	await open(s);
	await Promise.all([s.page.waitForEvent("load"), s.page.locator(".stages button", { hasText: "Lost" }).click()]);
	await s.page.locator('[name="lost_reason"]').first().check();
	assert.deepStrictEqual(await h.axe(s.page), []);
	await s.press("Close as lost");
	await s.says(/Lost because/);
	await s.press("Undo", s.page.locator(".toast"));
	await s.calm();
});
