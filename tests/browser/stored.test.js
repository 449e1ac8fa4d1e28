// New rows that look like something stored, in the wizard: seen with it beside them and why, one taken for the same, one left out, the
// rest as proposed (D5). On a desktop, at 360 px, and without JavaScript.
// What it is not for: what looks like what, and what becomes of it (tests/story/stored.js).
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const fs = require("node:fs");
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
		await h.picture(admin.page, `stored-${name}-${theme}-${admin.way.short}`);
	}
	await admin.page.emulateMedia({ colorScheme: "light" });
}

for (const way of [{ short: "wide", scripts: true, width: 1440 }, { short: "narrow", scripts: true, width: 360 }, { short: "plain", scripts: false, width: 360 }])
	test(`new rows that look like stored ones, ${way.short}`, { timeout: 60000 }, async () => {
		const server = await h.startServer({});
		try {
			const admin = await Somebody.at(browser, server, way, "The administrator"), send = async (name, lines) => {
				const file = path.join(server.folder, name);
				fs.writeFileSync(file, lines.join("\n") + "\n");
				await admin.go("/import?kind=accounts");
				await admin.page.locator('input[type="file"]').setInputFiles(file);
				await admin.press("Look at the file");
				await admin.press("Dry run");
			};
			await h.signIn(admin.page, server.link);
			await send("ours.csv", ["Account,Website", "Aurora Rail,https://www.aurora.example/", "Helbing & Söhne GmbH,", "Tideline Ferries,tideline.example", "Northgate Hospitals,"]);
			await admin.press(/^Import /);
			await admin.heads("Done: ours.csv");
			await send("theirs.csv", ["Account,Website,Industry", "Aurora Rail AS,aurora.example,Transport", "Helbing und Söhne,,Steel", "Tideline Feries,,Shipping", "North Gate Hospitals,,Health", "Lumen Optik,,Optics"]);
			await admin.says("4 new rows look like a stored account", "As it stands: 1 updates the stored one, 3 are created, 0 stay out", "the same website", "one or two letters apart");
			await look(admin, "dry");
			await admin.page.getByLabel("Row 2 is").selectOption({ label: "The same: update it" });
			await admin.page.getByLabel("Row 3 is").selectOption({ label: "Leave it out" });
			await admin.press("Dry run again");
			await admin.says("2 update the stored one, 1 is created, 1 stays out", "taken for “Helbing & Söhne GmbH”");
			await look(admin, "again");
			await admin.press(/^Import /);
			await admin.heads("Done: theirs.csv");
			assert.deepStrictEqual([await admin.figure("Created"), await admin.figure("Updated")], ["2", "2"]);
			await admin.press(/Undo this import/);
			await admin.go("/accounts");
			await admin.says("Aurora Rail", "Helbing & Söhne GmbH");
			assert.ok(!/Aurora Rail AS|Lumen Optik/.test(await admin.text()));
		} finally {
			await server.close();
		}
	});
