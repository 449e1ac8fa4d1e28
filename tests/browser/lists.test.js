// Selling by the list, with a mouse, by keys, on a phone, and without script: rows chosen and changed at once with one undo (30), a cell
// edited in its place and refused in its place (26), totals that come a moment later (D2), a view kept and shared (33).
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const h = require("./harness");

let browser, server;
const people = { manager: "nora.kessler@example.com", head: "oskar.novak@example.com" };
const sit = async (email, more = {}) => {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...more });
	const page = await context.newPage();
	page.setDefaultTimeout(15000);
	page.complaints = h.listen(page, ["status of (409|422)"]);
	await h.signIn(page, h.linkFor(server, email));
	return page;
};
const open = "/deals?outcome=open&sort=-value";
const ready = (page) => page.waitForFunction(() => document.querySelector("[data-pick-all]:not([hidden])"), null, { polling: 100 });

before(async () => {
	browser = await h.openBrowser();
	server = await h.startServer({ demo: true });
});
after(async () => { await browser.close(); await server.close(); });

test("rows are chosen by range and by X, changed at once, and taken back by Ctrl Z", async () => {
	const page = await sit(people.head);
	await page.goto(server.origin + open);
	await ready(page);
	const boxes = page.locator('input[form="pick"]');
	await boxes.nth(1).click();
	await boxes.nth(4).click({ modifiers: ["Shift"] });
	assert.match(await page.locator("[data-picked]").textContent(), /Edit 4 ticked/);
	await page.keyboard.press("j");
	await page.waitForFunction(() => document.querySelector("[data-at]"));
	await page.keyboard.press("x");
	assert.match(await page.locator("[data-picked]").textContent(), /Edit 5 ticked/, "X ticks the row that J stands on");
	await page.locator("[data-pick-all]").click();
	assert.equal(await boxes.evaluateAll((all) => all.every((b) => b.checked)), true, "the head of the column ticks all");
	await page.locator("[data-pick-all]").click();
	await boxes.nth(0).click();
	await boxes.nth(2).click({ modifiers: ["Shift"] });
	await page.locator("[data-picked]").click();
	await page.locator("h1", { hasText: "Edit 3 deals" }).waitFor();
	await page.fill("#next_step", "Send the renewed plan");
	await page.locator("button", { hasText: "See what changes" }).click();
	await page.locator("h2", { hasText: "3 of 3 would change" }).waitFor();
	await page.keyboard.press("Enter"); // the focus stands on the button
	await page.locator(".toast", { hasText: "3 deals: Next step → Send the renewed plan" }).waitFor();
	await page.goto(server.origin + open);
	assert.equal(await page.locator("td", { hasText: "Send the renewed plan" }).count(), 3);
	await page.goBack();
	await page.locator("[data-undo]").waitFor();
	await page.keyboard.press("Control+z");
	await page.waitForURL((u) => !u.search.includes("done=") || u.pathname !== "/deals" || true);
	await page.waitForTimeout(500);
	await page.goto(server.origin + open);
	assert.equal(await page.locator("td", { hasText: "Send the renewed plan" }).count(), 0, "one undo for all three");
	assert.deepEqual(page.complaints, []);
	await page.context().close();
});

test("a cell is edited in its place: Enter saves, Esc cancels, what is wrong is said there", async () => {
	const page = await sit(people.head);
	await page.goto(server.origin + open);
	await ready(page);
	const cell = page.locator('main tbody tr a[data-cell][href$="/amount"]').first(), before = await cell.textContent();
	await cell.click();
	await page.locator("#cell").waitFor();
	await page.fill("#cell", "1");
	await page.keyboard.press("Escape");
	assert.equal(await page.locator("#cell").count(), 0);
	assert.equal(await page.evaluate(() => document.activeElement.matches("a[data-cell]")), true, "the focus is back on the cell");
	assert.equal(await cell.textContent(), before);
	await page.keyboard.press("Enter");
	await page.locator("#cell").waitFor();
	await page.fill("#cell", "a lot");
	await page.keyboard.press("Enter");
	await page.locator("[data-cell-form] .error", { hasText: "is not an amount" }).waitFor();
	assert.equal(await page.inputValue("#cell"), "a lot", "what was typed is kept");
	await page.fill("#cell", "654321");
	await page.keyboard.press("Enter");
	await page.locator("td", { hasText: "€654,321" }).waitFor();
	assert.equal(await page.locator("#cell").count(), 0);
	await page.locator(".toast", { hasText: "Amount saved" }).waitFor();
	assert.equal(await page.evaluate(() => document.activeElement.matches('a[data-cell][href$="/amount"]')), true);
	assert.deepEqual(page.complaints.filter((x) => !/422/.test(x)), []);
	await page.context().close();
});

test("two people in one cell: the other's words stand beside one's own", async () => {
	const one = await sit(people.head), two = await one.context().newPage(); // a second link would end the first session
	for (const page of [one, two]) {
		await page.goto(server.origin + open);
		await ready(page);
		await page.locator('main tbody tr a[data-cell][href$="/next_step"]').nth(3).click();
		await page.locator("#cell").waitFor();
	}
	await one.fill("#cell", "Words of the first");
	await one.keyboard.press("Enter");
	await one.locator("td", { hasText: "Words of the first" }).waitFor();
	await two.fill("#cell", "Words of the second");
	await two.keyboard.press("Enter");
	await two.locator("[data-cell-form] .error", { hasText: "it says “Words of the first”" }).waitFor();
	assert.equal(await two.inputValue("#cell"), "Words of the second");
	await two.keyboard.press("Enter");
	await two.locator("td", { hasText: "Words of the second" }).waitFor();
	await one.context().close();
});

test("a filter leaves no empty fields in the address, goes to the board and back, and is kept as a view", async () => {
	const page = await sit(people.head);
	await page.goto(`${server.origin}/deals`);
	await ready(page);
	await page.locator("summary", { hasText: "More to filter by" }).click();
	await page.fill("#f-least", "50,000");
	await page.selectOption("#outcome", "open");
	await page.locator("form[data-clean] button").click();
	await page.waitForURL(/\/deals\?outcome=open&value\.least=50%2C000$/);
	await page.locator(".term", { hasText: "Value at least €50,000" }).waitFor();
	await page.locator(".seg a", { hasText: "Board" }).click();
	await page.waitForURL(/\/board\?scope=all&/);
	await page.locator(".term", { hasText: "Value at least €50,000" }).waitFor();
	await page.locator(".seg a", { hasText: "Table" }).click();
	await page.waitForURL(/\/deals\?.*value\.least=50%2C000/);
	await page.locator("summary", { hasText: "Keep this filter" }).click();
	await page.fill("#v-name", "Large and open");
	await page.selectOption("#v-shared", "company");
	await page.locator("button", { hasText: "Keep the view" }).click();
	await page.locator('nav[aria-label="Views"] [aria-current]', { hasText: /Large and open \d+/ }).waitFor();
	const other = await sit(people.manager);
	await other.goto(`${server.origin}/deals`);
	await other.locator('nav[aria-label="Views"] a', { hasText: "Large and open" }).click();
	await other.locator(".sentence", { hasText: "Value at least €50,000" }).waitFor();
	assert.deepEqual(page.complaints, []);
	await page.context().close();
	await other.context().close();
});

test("at 360 pixels rows are chosen and changed, and nothing is wider than the screen", async () => {
	const page = await sit(people.head, { viewport: { width: 360, height: 760 }, hasTouch: true, isMobile: true });
	await page.goto(server.origin + open);
	await ready(page);
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), "no sideways scroll");
	await page.locator('input[form="pick"]').nth(0).tap();
	await page.locator("[data-picked]").tap();
	await page.locator("h1", { hasText: "Edit 1 deal" }).waitFor();
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360));
	await page.selectOption("#category", "commit");
	await page.locator("button", { hasText: "See what changes" }).tap();
	await page.locator("h2", { hasText: "1 of 1 would change" }).waitFor();
	await page.locator("button", { hasText: "Change 1 deal" }).tap();
	await page.locator(".toast", { hasText: "1 deal: Forecast category → Commit" }).waitFor();
	await page.context().close();
});

test("without script: ticked, tried, changed, undone; a cell has a page of its own", async () => {
	const page = await sit(people.head, { javaScriptEnabled: false });
	await page.goto(server.origin + open);
	await page.locator('input[form="pick"]').nth(0).check();
	await page.locator('input[form="pick"]').nth(1).check();
	await page.locator("[data-picked]").click();
	await page.fill("#next_step", "Without a script");
	await page.locator("button", { hasText: "See what changes" }).click();
	await page.locator("button", { hasText: "Change 2 deals" }).click();
	assert.equal((await page.locator(".toast span").first().textContent()).trim(), "2 deals: Next step → Without a script");
	await page.locator("[data-undo]").click();
	await page.goto(server.origin + open);
	assert.equal(await page.locator("td", { hasText: "Without a script" }).count(), 0);
	await page.locator('main tbody tr a[data-cell][href$="/closes_on"]').first().click();
	await page.locator("h1", { hasText: "Expected close of" }).waitFor();
	await page.fill("#cell", "2027-03-01");
	await page.locator("[data-cell-form] button").click();
	assert.match(await page.locator(".toast span").first().textContent(), /Expected close saved/);
	await page.context().close();
});
