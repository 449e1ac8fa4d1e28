// The exports of three other systems through the wizard with nothing but what it proposes, the last of them taken back:
// whatever the company had before is there again, to the letter (D5). On SQLite and PostgreSQL.
// What it is not for: corrections of a mapping (wizard.test.js), what each vendor's file means (tests/story/importer.js).
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const path = require("node:path");
const h = require("./harness");
const { Somebody, postgres } = require("./somebody");

const way = { short: "layouts", scripts: true, width: 1440 };
let browser;
before(async () => { browser = await h.openBrowser(); });
after(async () => { await browser.close(); });

const vendors = [
	{ file: "salesforce.csv", layout: "Salesforce export", rows: 4, deals: { "Harbour cranes": 12000050, "Dry dock doors": 8000000, "Paint shop": 1500000, "Tug winches": 4100000 }, won: 1 },
	{ file: "hubspot.csv", layout: "HubSpot", rows: 3, deals: { "Signal boxes, north": 2108337, "Ticket gates": 3329022, "Ward doors": 1253232 }, won: 2 },
	{ file: "pipedrive.csv", layout: "Pipedrive", rows: 4, deals: { "Kessel; groß": 106000, Förderband: 68850, Prüfstand: 614200, Pumpe: 55050 }, won: 4 },
];

// All that imports can touch, as a program reads it; of each kind of record all of its rows.
async function everything(admin) {
	const all = {};
	for (const kind of ["deals", "accounts", "contacts", "people", "products", "processes", "stages", "activities", "lost-reasons"]) {
		const answer = await admin.page.evaluate(async (to) => { const r = await fetch(to); return { status: r.status, body: await r.text() }; }, `/api/v1/${kind}?limit=500`);
		assert.strictEqual(answer.status, 200, `${kind}: ${answer.body}`);
		all[kind] = JSON.parse(answer.body).data.sort((x, y) => (x.id < y.id ? -1 : 1));
	}
	return all;
}

async function bringIn(admin, v, again) {
	await admin.go("/import?kind=deals");
	await admin.page.locator('input[type="file"]').setInputFiles(path.join(__dirname, "fixtures", v.file));
	await admin.press("Look at the file");
	await admin.says("Which column is what", again ? "Read as the last file with these headers." : `Looks like: ${v.layout}.`);
	await admin.press("Dry run");
	await admin.says("Nothing is written yet");
	assert.deepStrictEqual([await admin.figure("Rows"), await admin.figure("Created"), await admin.figure("Rejected")], [`${v.rows}`, `${v.rows}`, "0"], v.file);
	await admin.press(`Import ${v.rows} rows`);
	await admin.heads(`Done: ${v.file}`);
	const { deals } = await everything(admin);
	for (const [name, amount] of Object.entries(v.deals))
		assert.strictEqual(deals.find((d) => d.name === name)?.amount, amount, name);
	assert.strictEqual(deals.filter((d) => d.outcome === "won").length, v.won);
	await admin.go("/deals?outcome=won");
	await admin.says(v.won === 1 ? "1 deal" : `${v.won} deals`);
}

for (const engine of ["SQLite", "PostgreSQL"])
	test(`three layouts in, one taken back, ${engine}`, { timeout: 60000, skip: engine === "PostgreSQL" && !process.env.RIDEALONG_PG }, async () => {
		const base = engine === "PostgreSQL" ? postgres("ridealong_layouts") : { url: undefined, drop: () => {} };
		const server = await h.startServer({ db: base.url });
		try {
			const admin = await Somebody.at(browser, server, way, "The administrator");
			await h.signIn(admin.page, server.link);
			await bringIn(admin, vendors[0]);
			await bringIn(admin, vendors[1]);
			const was = await everything(admin);
			await bringIn(admin, vendors[2]);
			const with_ = await everything(admin);
			assert.ok(with_.deals.length === was.deals.length + 4 && with_.accounts.length > was.accounts.length && with_.stages.length > was.stages.length);
			await admin.go("/import");
			assert.strictEqual(await admin.page.getByRole("button", { name: /Undo hubspot.csv/ }).count(), 0); // the newer one first
			await admin.press("hubspot.csv", admin.main(), "link");
			await admin.says("To take it back, undo “pipedrive.csv”"); // which is named
			assert.strictEqual(await admin.page.getByRole("button", { name: "Undo this import" }).count(), 0);
			assert.deepStrictEqual(await everything(admin), with_, "a refused undo changes nothing");
			await admin.go("/import");
			await admin.press(/Undo pipedrive.csv/);
			await admin.says("This import was taken back.");
			assert.deepStrictEqual(await everything(admin), was);
			await admin.go("/deals");
			await admin.says("7 deals", "Ticket gates", "Tug winches");
			assert.ok(!(await admin.text()).includes("Prüfstand"));
			await bringIn(admin, vendors[2], true); // and in again: how it was read is remembered
			assert.match(h.ridealong(["check", "--db", server.db]), / 0 wrong/);
			await admin.calm();
		} finally {
			await server.close();
			base.drop();
		}
	});
