// A field that chooses a row of many: found as one types and taken by keys, or written in full where there is no script; in a form, in the
// place of a fact and in the sentence of a filter.
// What it is not for: what a name means, and who is offered what (tests/story/pick.js).
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const h = require("./harness");
const { Somebody } = require("./somebody");

let browser, server;

before(async () => {
	browser = await h.openBrowser();
	server = await h.startServer({ demo: true });
	const file = path.join(server.folder, "accounts.csv");
	fs.writeFileSync(file, `Account,Country\n${Array.from({ length: 2400 }, (_, i) => `${["Aurora", "Helios", "Zwillinge"][i % 3]} Glas ${i},Norway`).join("\n")}\nKäserei Grün,Austria\n`);
	h.ridealong(["import", "accounts", file, "--db", server.db]);
});

after(async () => { await Promise.allSettled([browser && browser.close(), server && server.close()]); });

async function inTheme(who, name) {
	await who.sound();
	for (const theme of h.themes) {
		await who.page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
		await h.settled(who.page);
		await h.picture(who.page, `pick-${name}-${theme}-${who.way.short}`);
	}
	await who.page.emulateMedia({ colorScheme: "light" });
}

const enter = async (way, name) => {
	const who = await Somebody.at(browser, server, way, name);
	await h.signIn(who.page, h.linkFor(server, "admin@example.com"));
	return who;
};

for (const way of [{ short: "wide", scripts: true, width: 1440 }, { short: "narrow", scripts: true, width: 360 }])
	test(`found as one types, by keys alone, ${way.short}`, { timeout: 60000 }, async () => {
		const who = await enter(way, "The head"), keys = who.page.keyboard;
		await who.go("/deals/new");
		const field = who.page.getByRole("combobox", { name: /^Account/ });
		await who.page.locator("#name").focus();
		await keys.type("Panes for the pier");
		for (let i = 0; i < 10 && !(await field.evaluate((e) => e === document.activeElement)); i++)
			await keys.press("Tab");
		await keys.type("kaserei gr");
		await who.page.locator(".pick").getByRole("option", { name: /Käserei Grün/ }).waitFor();
		assert.strictEqual(await field.getAttribute("aria-expanded"), "true");
		assert.match(await who.page.locator(`#${await field.getAttribute("aria-activedescendant")}`).innerText(), /^Käserei Grün/);
		await inTheme(who, "open");
		await keys.press("Escape");
		assert.deepStrictEqual([await field.getAttribute("aria-expanded"), await field.inputValue(), await who.page.locator("h1").innerText()], ["false", "kaserei gr", "New deal"]);
		await field.fill("");
		await keys.type("helios glas");
		await who.page.locator(".pick").getByRole("option").nth(9).waitFor();
		assert.strictEqual(await who.page.locator(".pick").getByRole("option").count(), 10);
		await keys.press("ArrowDown");
		await keys.press("ArrowDown");
		await keys.press("ArrowUp");
		const wanted = (await who.page.locator('[role="option"][aria-selected="true"]').locator("span").first().innerText());
		await keys.press("Enter");
		assert.strictEqual(await field.inputValue(), wanted);
		assert.strictEqual(await who.page.locator("h1").innerText(), "New deal", "Enter takes it and sends nothing");
		await Promise.all([who.page.waitForURL(/\/deals\/\w{11}/), keys.press("Enter")]);
		await who.says("Panes for the pier", wanted);

		// in the place of the fact, where Esc closes one layer at a time
		await who.page.locator('a[data-place="account"]').click();
		const inPlace = who.page.locator("#i-account");
		await inPlace.waitFor();
		await inPlace.fill("");
		await inPlace.pressSequentially("zwil");
		await who.page.locator(".pick").getByRole("option").first().waitFor();
		await keys.press("Escape");
		assert.strictEqual(await inPlace.isVisible(), true, "the first Esc shuts the list alone");
		await inPlace.fill("zwillinge glas 2");
		await who.page.locator(".pick").getByRole("option", { name: /^Zwillinge Glas 2(?!\d)/ }).click();
		await Promise.all([who.page.locator('a[data-place="account"]').filter({ hasText: "Zwillinge Glas 2" }).waitFor(), keys.press("Enter")]);
		assert.deepStrictEqual(who.complaints, []);
		await who.context.close();
	});

test("written in full, without script", { timeout: 60000 }, async () => {
	const who = await enter({ short: "plain", scripts: false, width: 360 }, "The head");
	await who.go("/deals/new");
	await who.page.getByLabel("Deal", { exact: true }).fill("Panes for the pier");
	await who.page.getByLabel(/^Account/).fill("Kaserai Grun");
	await who.press("Add the deal");
	await who.says("No account is named “Kaserai Grun”; choose one of these");
	assert.deepStrictEqual([await who.page.getByLabel("Deal", { exact: true }).inputValue(), await who.page.getByLabel(/^Account/).inputValue()], ["Panes for the pier", "Kaserai Grun"]);
	await inTheme(who, "refused");
	await who.page.getByRole("radio", { name: /Käserei Grün/ }).check();
	await who.press("Add the deal");
	await who.heads("Panes for the pier");
	await who.says("Käserei Grün");
	await who.go(`${new URL(who.page.url()).pathname}/edit`);
	assert.strictEqual(await who.page.getByLabel(/^Account/).inputValue(), "Käserei Grün");
	await who.press("Save");
	await who.says("Käserei Grün");
	await who.context.close();
});
