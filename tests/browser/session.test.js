// A session held in two browsers at once (C4, C5, C5a, C6): each sees what the other writes without asking for it, what one keeps to
// oneself is nowhere in the other's browser, and nothing typed is lost when the line drops. What it is not for: the rules of a
// session (tests/story/coach.js).
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const h = require("./harness");

const people = JSON.parse(fs.readFileSync(path.join(__dirname, "pages.json"), "utf8")).people;
const secret = ["Canary-Albatross", "Canary-Nightjar"];
let server, browser;
before(async () => { [server, browser] = [await h.startServer({ demo: true }), await h.openBrowser()]; });
after(async () => { await browser.close(); await server.close(); });

// A person in a browser of their own; `heard` is all that the server ever sent it.
async function sit(email, width = 1440) {
	const context = await browser.newContext({ viewport: { width, height: 900 } }), page = await context.newPage(), heard = [];
	page.setDefaultTimeout(10000);
	page.on("dialog", (d) => d.accept());
	await h.signIn(page, h.linkFor(server, email));
	const tap = await context.newCDPSession(page);
	await tap.send("Network.enable");
	tap.on("Network.eventSourceMessageReceived", (e) => heard.push(`${e.eventName} ${e.data}`));
	page.on("response", async (r) => { try { heard.push(await r.text()); } catch { /* a redirect has no body */ } });
	return Object.assign(page, { heard });
}

const listening = (page) => page.waitForFunction(() => document.querySelector("[data-line-state]")?.dataset.lineState === "on", null, { timeout: 10000 });
const sees = (page, text) => page.locator("main", { hasText: text }).waitFor();
const value = (page, field, want) => page.waitForFunction(([f, w]) => document.querySelector(f)?.value === w, [field, want]);
const button = (page, name) => page.getByRole("button", { name, exact: true });
const press = (page, name) => Promise.all([page.waitForEvent("load"), button(page, name).click()]);

// Coach and the next session of theirs with somebody who has not been met in this file; one of two, not a meeting of several.
async function session(coach, n) {
	await coach.goto(new URL("/coaching", server.origin).href);
	const links = await coach.locator("main tbody tr th a[href^='/coaching/']").evaluateAll((all) => all.map((a) => [a.innerText, a.getAttribute("href")]));
	const two = [];
	for (const [text, href] of links) {
		await coach.goto(new URL(`${href}/session`, server.origin).href);
		if (!/people in one meeting/.test(await coach.locator("main").innerText()) && two.push([text, href]) > n)
			break;
	}
	const [text, href] = two[n], name = text.replace(/^[A-Z]{1,2}\s*\n/, "").trim();
	return { prep: new URL(href, server.origin).href, at: new URL(`${href}/session`, server.origin).href, email: `${name.toLowerCase().replace(/\s+/g, ".")}@example.com` };
}

test("a session in two browsers at once", { timeout: 60000 }, async () => {
	const coach = await sit(people.manager), s = await session(coach, 0), coachee = await sit(s.email);
	await Promise.all([coach.goto(s.at), coachee.goto(s.prep)]);
	await Promise.all([listening(coach), listening(coachee)]);

	// C2: the coachee's topic stands on the coach's page.
	await coachee.fill("#brings", "The call with the plant manager");
	await press(coachee, "Add to the agenda");
	await sees(coach, "The call with the plant manager");
	await coachee.goto(s.at);
	await listening(coachee);

	// C4: notes of both, written by both; the second does not write over the first.
	await coach.locator("#snt").fill("The buyer named a sum.");
	await value(coachee, "#snt", "The buyer named a sum.");
	await coachee.locator("#snt").focus();
	await coachee.keyboard.press("Control+End");
	await coachee.keyboard.type(" I did not ask for the second one.");
	await value(coach, "#snt", "The buyer named a sum. I did not ask for the second one.");
	const both = "The buyer named a sum. I did not ask for the second one.";
	for (const [page, words] of [[coach, "\nNext: two buyers."], [coachee, "\nI call on Monday."]]) {
		await page.locator("#snt").focus();
		await page.keyboard.press("Control+End");
		await page.keyboard.insertText(words);
	}
	for (const page of [coach, coachee])
		await page.waitForFunction((b) => ((v) => v.startsWith(b) && v.includes("Next: two buyers.") && v.includes("I call on Monday.") && v.length < b.length + 45)(document.querySelector("#snt").value), both);
	await coach.waitForFunction(() => document.querySelector("#snt").value === document.querySelector("#snt").defaultValue);
	assert.strictEqual(await coach.inputValue("#snt"), await coachee.inputValue("#snt"), "the same text for both");

	// C5a: what is mine alone.
	await coach.locator("#mnt").fill(secret[0]);
	await coachee.locator("#mnt").fill(secret[1]);
	for (const page of [coach, coachee])
		await page.locator(".private [data-saved]", { hasText: "Saved" }).waitFor();

	// C5: when this, then that; the line of the coach is down for a while.
	await coach.context().setOffline(true);
	await coach.locator("#w").pressSequentially("the buyer says no");
	await coach.locator("#t").pressSequentially("ask what stands behind it");
	await button(coach, "Agree").click();
	await coach.locator(".toast", { hasText: "No line" }).waitFor();
	assert.strictEqual(await coach.locator("#w").inputValue(), "the buyer says no");
	await coach.context().setOffline(false);
	await press(coach, "Agree");
	await sees(coachee, "ask what stands behind it");
	assert.strictEqual((await coach.locator("#end").innerText()).split("ask what stands behind it").length - 1, 1, "agreed once");

	// C6: the coach ends it, the coachee is told, says what it was first, and the coach sees both sides.
	await coach.selectOption("#kind", "coaching");
	if (!await coach.inputValue("#skill"))
		await coach.selectOption("#skill", { index: 1 });
	await press(coach, "End the session");
	await coach.locator("#code").waitFor();
	await listening(coach);
	await coachee.locator("a[data-on]").click();
	await coachee.waitForURL(/\/confirm$/);
	await coachee.locator("[name=held][value=yes]").check();
	await coachee.locator("[name=kind][value=coaching]").check();
	await press(coachee, "Answer");
	await sees(coach, "Both sides");
	assert.strictEqual(await coach.locator("#code").count(), 0, "nothing waits any more");

	// C5a: nowhere in what the other's browser was ever given, nor found by it: a page that finds it names what was looked for, once
	// in its field, once in its title and words, and links to nothing.
	await Promise.all([coach.goto(s.at), coachee.goto(s.at)]);
	for (const [page, others] of [[coach, secret[1]], [coachee, secret[0]]]) {
		assert.deepStrictEqual(page.heard.filter((x) => x.includes(others)).map((x) => x.slice(0, 200)), [], "the other's own notes never came here");
		assert.ok(page.heard.some((x) => x.startsWith("changed ") && x.includes('"session"')), "told that the session changed");
		assert.deepStrictEqual(page.heard.filter((x) => x.includes("private_note")), [], "and never of a private note");
		await page.goto(`${server.origin}/search?q=${others}`);
		assert.deepStrictEqual(await page.locator("main a[href^='/coaching/']").allInnerTexts(), []);
		assert.strictEqual(await page.evaluate(async (q) => (await (await fetch(`/palette?q=${q}`)).json()).length, others), 0);
	}
	await Promise.all([coach.context().close(), coachee.context().close()]);
});

for (const width of [1440, 360])
	test(`nothing typed is lost when the line drops and the page is left, ${width} px`, { timeout: 60000 }, async () => {
		const page = await sit(people.manager, width), context = page.context(), s = (await session(page, width > 800 ? 1 : 2)).at;
		await page.goto(s);
		const agreed = async () => (await page.locator("#end").innerText()).split("ask what stands behind it").length - 1, before = await agreed(), when = `the buyer says no, ${width}`;
		await page.locator("#snt").fill("Our words");
		await page.locator("[data-saved]", { hasText: "Saved" }).first().waitFor();

		await context.setOffline(true);
		await page.locator("#snt").pressSequentially(" go on");
		await page.locator("#w").pressSequentially(when);
		await page.locator("#t").pressSequentially("ask what stands behind it");
		await page.locator("#blocker").pressSequentially("No time on Mondays");
		await button(page, "Agree").click();
		await page.locator(".toast", { hasText: "No line" }).waitFor();
		assert.strictEqual(page.url(), s, "the page is not left");
		assert.strictEqual(await page.locator("#w").inputValue(), when, "its words stand there");
		assert.deepStrictEqual(await h.axe(page), []);

		// The lid is closed; another day the page is opened anew.
		await context.setOffline(false);
		await page.goto("about:blank");
		await page.goto(s);
		await value(page, "#w", when);
		assert.strictEqual(await page.locator("#t").inputValue(), "ask what stands behind it");
		assert.strictEqual(await page.locator("#blocker").inputValue(), "No time on Mondays");
		await value(page, "#snt", "Our words go on");
		assert.strictEqual(await agreed(), before, "nothing was sent by itself");

		// While the form is on its way the page that sent it is woken once more, as what others change wakes it.
		await page.evaluate(() => document.addEventListener("submit", () => setTimeout(() => document.dispatchEvent(new Event("swapped")), 0)));
		await Promise.all([page.waitForURL(/done=/), button(page, "Agree").click()]);
		assert.strictEqual(await agreed(), before + 1, "sent once");
		assert.strictEqual(await page.locator("#w").inputValue(), "", "and forgotten here");
		await value(page, "#blocker", "No time on Mondays");
		await page.reload();
		assert.strictEqual(await page.locator("#snt").inputValue(), "Our words go on", "the notes are the server's");
		assert.strictEqual(await page.locator("#w").inputValue(), "");
		await context.close();
	});
