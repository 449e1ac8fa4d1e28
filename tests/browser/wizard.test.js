// The files of another system through the pages: each is uploaded, its proposed mapping corrected, tried and brought in;
// then the board and the reports say what the reference says. On SQLite and PostgreSQL, at 360 px, without JavaScript; on
// a small company of our own, and with RIDEALONG_DATA on the published files.
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const h = require("./harness");
const { Somebody, postgres } = require("./somebody");
const sales = require("../story/sales");

const read = (...words) => JSON.parse(fs.readFileSync(path.join(process.env.RIDEALONG_DATA, ...words), "utf8"));
const number = (n) => n.toLocaleString("en-US");
let browser;

before(async () => { browser = await h.openBrowser(); });
after(async () => { await browser.close(); });

const ways = [
	{ name: "by mouse, SQLite", short: "wide", scripts: true, width: 1440, db: "sqlite" },
	{ name: "at 360 px, PostgreSQL", short: "narrow", scripts: true, width: 360, db: "postgres" },
	{ name: "at 360 px without JavaScript, SQLite", short: "plain", scripts: false, width: 360, db: "sqlite" },
];

function company() {
	if (!process.env.RIDEALONG_DATA) {
		const files = sales.made();
		return { files, want: sales.figures(files) };
	}
	return { files: sales.published(process.env.RIDEALONG_DATA),
		want: { basic: read("ref", "maven_basic.json"), quarters: read("ref", "maven_revenue_office_quarter.json") } };
}

async function look(admin, name) {
	/* From the top: the bar that stays covers whatever happens to be scrolled under it. */
	await admin.page.evaluate(() => scrollTo(0, 0));
	await admin.fits();
	await admin.sound();
	for (const theme of h.themes) {
		await admin.page.emulateMedia({ colorScheme: theme });
		await h.settled(admin.page);
		await admin.page.evaluate(() => scrollTo(0, 0));
		await h.picture(admin.page, `wizard-${name}-${theme}-${admin.way.short}`);
	}
	await admin.page.emulateMedia({ colorScheme: "light" });
}

async function upload(admin, files, kind) {
	const file = path.join(admin.server.folder, sales.kinds[kind]);
	fs.writeFileSync(file, files[kind]);
	await admin.go(`/import?kind=${kind}`);
	await admin.page.locator('input[type="file"]').setInputFiles(file);
	if (kind === "deals")
		await look(admin, "1-upload");
	await admin.press("Look at the file");
	await admin.says("Which column is what");
}

const goesTo = (admin, column) => admin.page.getByLabel(`${column} goes to`, { exact: true });

async function target(admin, column, label) {
	assert.strictEqual(await goesTo(admin, column).locator("option:checked").innerText(), label, column);
}

async function dry(admin, rows) {
	await admin.press("Dry run");
	await admin.says("Nothing is written yet");
	assert.deepStrictEqual([await admin.figure("Rows"), await admin.figure("Created"), await admin.figure("Rejected")], [number(rows), number(rows), "0"]);
}

async function bringIn(admin, rows, file) {
	await admin.press(`Import ${number(rows)} rows`);
	await admin.heads(`Done: ${file}`);
	assert.strictEqual(await admin.figure("Created"), number(rows));
}

const corrections = {
	async products(admin) { await admin.fill({ currency: "USD" }); },
	async accounts() {},
	async people(admin) {
		await goesTo(admin, "sales_agent").selectOption({ label: "Name" });
		await goesTo(admin, "manager").selectOption({ label: "Reports to" });
		await goesTo(admin, "regional_office").selectOption({ label: "Office" });
		await admin.fill({ source: "maven" });
	},
	async deals(admin) {
		for (const [column, label] of [["opportunity_id", "Id at the source"], ["sales_agent", "Owner"], ["deal_stage", "Stage"], ["close_date", "Closed on"]])
			await target(admin, column, label);
		await admin.fill({ source: "maven", currency: "USD" });
		assert.deepStrictEqual(await admin.page.locator("#stages ~ .scroll th[scope=row]").allInnerTexts(), ["Prospecting", "Engaging", "Won", "Lost"]);
		const taken = admin.page.getByLabel("GTXPro is taken as");
		assert.strictEqual(await taken.inputValue(), "GTX Pro");
		const choices = await taken.locator("option").allInnerTexts();
		assert.deepStrictEqual([choices[0], choices[1], choices.at(-1)], ["GTXPro – created", "GTX Pro", "– left out –"]);
		/* D5: what is chosen outlasts reading the file again, and is in the mapping. */
		await taken.selectOption("-");
		await admin.page.getByRole("button", { name: "Read again so" }).click();
		assert.strictEqual(await taken.inputValue(), "-");
		assert.match(await admin.page.locator("textarea[name=map]").inputValue(), /GTXPro: ['"]?-/);
		await taken.selectOption("GTX Pro");
		await admin.page.getByLabel("Probability of Prospecting").fill("10");
		await admin.page.getByLabel("Probability of Engaging").fill("50");
		await look(admin, "2-columns");
	},
};

async function file(admin, files, kind) {
	const rows = sales.parse(files[kind]).rows.length;
	await upload(admin, files, kind);
	await corrections[kind](admin);
	await dry(admin, rows);
	if (kind === "deals")
		await look(admin, "3-dry");
	await bringIn(admin, rows, sales.kinds[kind]);
	if (kind === "deals")
		await look(admin, "4-done");
}

async function figuresFit(admin, want) {
	const open = want.stage_counts.Prospecting + want.stage_counts.Engaging;
	await admin.go("/board?scope=all");
	await admin.says(`Open, ${number(open)} deals`);
	await admin.says("No deal here has a warning.");
	assert.strictEqual(await admin.page.locator("main .flag").count(), 0);
	await admin.shot("wizard-board");
	await admin.go("/deals?outcome=won");
	await admin.says(`${number(want.stage_counts.Won)} deals`);
	const m = JSON.parse(h.ridealong(["report", "sales-summary", "--format", "json", "--db", admin.server.db])).metrics;
	assert.deepStrictEqual([m.won.value, m.lost.value, m.open.value, m.revenue_won.value, m.open_value.value, m.weighted_value.value],
		[want.stage_counts.Won, want.stage_counts.Lost, open, want.revenue_won * 100, want.open_pipeline_total_list * 100, Math.round(want.weighted_pipeline_fixed.value * 100)]);
	assert.ok(Math.abs(m.win_rate.value - want.win_rate) < 1e-6);
}

function quartersFit(admin, want) {
	const rows = JSON.parse(h.ridealong(["report", "revenue", "--by", "office,quarter", "--format", "json", "--db", admin.server.db])).rows;
	const key = (q) => `${q.regional_office} ${q.quarter} ${q.revenue * 100} ${q.deals}`;
	assert.deepStrictEqual(rows.map((r) => `${r.office} ${r.quarter} ${r.value} ${r.n}`).sort(), want.map(key).sort());
}

// A file sent again is known: nothing to correct, nothing to do.
async function again(admin, files) {
	const rows = sales.parse(files.deals).rows.length;
	await upload(admin, files, "deals");
	await admin.says("Read as the last file with these headers.");
	await admin.press("Dry run");
	assert.deepStrictEqual([await admin.figure("Rows"), await admin.figure("Unchanged")], [number(rows), number(rows)]);
}

for (const way of ways)
	test(`four files by the wizard ${way.name}`, { timeout: 240000, skip: way.db === "postgres" && !process.env.RIDEALONG_PG }, async () => {
		const base = way.db === "postgres" ? postgres("ridealong_wizard") : { url: undefined, drop: () => {} };
		const server = await h.startServer({ db: base.url });
		const { files, want } = company();
		try {
			const admin = await Somebody.at(browser, server, way, "The administrator");
			await admin.page.goto(server.link);
			await admin.fill({ company: "Maven", currency: "USD", zone: "UTC", email: "first@example.com", password: "a long road with few signs" });
			await admin.press("Start");
			try {
				for (const kind of ["products", "accounts", "people", "deals"])
					await file(admin, files, kind);
				await figuresFit(admin, want.basic);
				quartersFit(admin, want.quarters);
				await again(admin, files);
			} catch (error) {
				await admin.shot("broken-wizard");
				throw error;
			}
			await admin.calm();
		} finally {
			await server.close();
			base.drop();
		}
	});
