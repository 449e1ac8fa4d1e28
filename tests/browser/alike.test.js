// Rows of one file that look like each other, in the wizard: seen with their rows and why, one said to be another, the rest merged
// (D5). On a desktop, at 360 px, and without JavaScript.
// What it is not for: which names are alike, and what becomes of them (tests/story/alike.js).
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const path = require("node:path");
const h = require("./harness");
const { Somebody } = require("./somebody");

let browser;
before(async () => { browser = await h.openBrowser(); });
after(async () => { await browser.close(); });

async function look(admin, name) {
	await admin.page.evaluate(() => scrollTo(0, 0));
	await admin.fits();
	await admin.sound();
	for (const theme of h.themes) {
		await admin.page.emulateMedia({ colorScheme: theme });
		await h.settled(admin.page);
		await h.picture(admin.page, `alike-${name}-${theme}-${admin.way.short}`);
	}
	await admin.page.emulateMedia({ colorScheme: "light" });
}

for (const way of [{ short: "wide", scripts: true, width: 1440 }, { short: "narrow", scripts: true, width: 360 }, { short: "plain", scripts: false, width: 360 }])
	test(`rows that look alike, ${way.short}`, { timeout: 60000 }, async () => {
		const server = await h.startServer({});
		try {
			const admin = await Somebody.at(browser, server, way, "The administrator");
			await h.signIn(admin.page, server.link);
			await admin.go("/import?kind=accounts");
			await admin.page.locator('input[type="file"]').setInputFiles(path.join(__dirname, "fixtures", "alike.csv"));
			await admin.press("Look at the file");
			await admin.press("Dry run");
			await admin.says("3 rows look like an earlier one of this file", "the same website", "one or two letters apart", "Import 7 rows");
			assert.strictEqual(await admin.page.getByLabel("All go in").isChecked(), true);
			await look(admin, "dry");
			await admin.page.getByLabel("Row 4 is another one").check();
			await admin.page.getByRole("radio", { name: /^Merge/ }).check();
			await admin.press("Dry run again");
			await admin.says("merged into row 1");
			assert.deepStrictEqual([await admin.figure("Created"), await admin.page.getByLabel("Row 4 is another one").isChecked()], ["5", true]);
			await look(admin, "again");
			await admin.press(/^Import /);
			await admin.heads("Done: alike.csv");
			assert.strictEqual(await admin.figure("Created"), "5");
			await admin.go("/accounts");
			await admin.says("Helbing & Söhne GmbH", "Aurora Group", "Tideline Ferries");
		} finally {
			await server.close();
		}
	});
