// Exports of other systems as they come, brought in by the command line with nothing but the proposed mapping, against what
// expected.json beside them says; on both databases.
//     node importer.js PROGRAM DATA
"use strict";
const { spawnSync } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");

const [program, data] = process.argv.slice(2), folder = path.join(data, "importer");
const expected = JSON.parse(fs.readFileSync(path.join(folder, "expected.json"), "utf8"));
const tap = new Tap(), work = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-importer-"));
const list = (o) => JSON.stringify(Object.entries(o).sort());
const plain = (s) => s.replace(/\s+/g, " ").trim();

// The rows of a file of ours; formula guards are taken off.
function rowsOf(text) {
	const rows = [[]];
	let at = 0;
	for (const m of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
		if (m.index < at || at > text.length - 1)
			break;
		at = m.index + m[0].length;
		rows[rows.length - 1].push((m[1] !== undefined ? m[1].replaceAll('""', '"') : m[2]).replace(/^'(?=[=+\-@])/, ""));
		if (m[3] !== ",")
			rows.push([]);
	}
	rows.pop();
	return rows.map((r) => Object.fromEntries(r.map((x, i) => [rows[0][i], x]))).slice(1);
}

const cents = (deals) => deals.reduce((sum, d) => sum + Math.round(Number(d.Value || 0) * 100), 0);
function tally(deals, key) {
	const n = {};
	for (const d of deals)
		n[d[key]] = (n[d[key]] || 0) + 1;
	return n;
}

// One file into a fresh company; its deals as the list gives them, and what report says.
async function bring(kind, file, ...more) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Importer", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const r = spawnSync(program, ["import", "deals", path.join(folder, file), "--db", base.url, ...more], { encoding: "utf8" });
	const s = await serve(program, base.url), who = await enter(s.port, s.link, {});
	const deals = rowsOf((await ask(s.port, "GET", "/deals.csv", { who })).body);
	const won = rowsOf((await ask(s.port, "GET", "/deals.csv?outcome=won", { who })).body);
	const m = JSON.parse(command(program, base.url, "report", "sales-summary", "--format", "json")).metrics;
	await s.stop();
	const sound = /0 wrong/.test(command(program, base.url, "check"));
	base.drop();
	return { said: r.stdout + r.stderr, status: r.status, deals, won, sound, outcome: { Won: m.won.value, Lost: m.lost.value, Open: m.open.value } };
}

async function file(kind, name, facts) {
	const want = expected[name], got = await bring(kind, name), wrong = [];
	const same = (what, value, to) => value === to || wrong.push(`${what} is ${value}, not ${to}`);
	same("status", got.status, 0);
	same("sound", got.sound, true);
	same("rows", got.deals.length, want.rows);
	for (const [what, value, to] of facts(got, want))
		same(what, value, to);
	tap.ok(!wrong.length, `${kind}: ${name}, as expected.json says`, [...wrong, got.said].join("\n"));
}

const stages = (got, want) => ["stages", list(tally(got.deals, "Stage")), list(want)];
const files = {
	"hubspot_deals_utf8bom_crlf.csv": (g, w) => [stages(g, w.stages), ["sum", cents(g.deals), w.amount_sum_cents], ["won", g.outcome.Won, w.stages["Closed Won"]], ["lost", g.outcome.Lost, w.stages["Closed Lost"]]],
	"salesforce_opportunity_asis.csv": (g, w) => [stages(g, w.stages), ["sum", cents(g.deals), w.amount_sum_cents], ["won", g.outcome.Won, w.won_rows]],
	"salesforce_report_cp1252_footer.csv": (g, w) => [["sum", cents(g.deals), w.amount_sum_cents], ["won", g.outcome.Won, w.won],
		["in EUR", cents(g.deals.filter((d) => d.Currency === "EUR")), w.sum_cents_by_currency.EUR], ["in USD", cents(g.deals.filter((d) => d.Currency === "USD")), w.sum_cents_by_currency.USD],
		["accounts", Object.keys(tally(g.deals, "Account")).sort().join(), w.distinct_accounts.sort().join()]],
	"pipedrive_semicolon_eu.csv": (g, w) => [["outcomes", list(g.outcome), list(w.status)], ["sum", cents(g.deals), w.value_sum_cents], ["won sum", cents(g.won), w.won_value_sum_cents],
		["currencies", Object.keys(tally(g.deals, "Currency")).sort().join(), w.currencies.join()]],
	"zoho_potentials_first500.csv": (g, w) => [stages(g, w.stages), ["sum", cents(g.deals), w.amount_sum_cents], ["owners", list(tally(g.deals, "Owner")), list(w.owners)], ["won", g.outcome.Won, w.stages["Closed Won"]]],
	"dynamics_utf16le_tab.txt": (g, w) => [["sum", cents(g.deals), w.est_revenue_sum_cents], ["won", g.outcome.Won, w.status.Won], ["lost", g.outcome.Lost, w.status.Canceled], ["open", g.outcome.Open, w.status["In Progress"]],
		["currency", Object.keys(tally(g.deals, "Currency")).join(), w.currency]],
	"excel_sep_cp1250_cz.csv": (g, w) => [["sum", cents(g.deals), w.amount_sum_cents], ["won", g.outcome.Won, w.yes], ["not won", g.outcome.Open + g.outcome.Lost, w.no],
		["firms", Object.keys(tally(g.deals, "Account")).sort().join(), [...w.firms].sort().join()], ["currency", Object.keys(tally(g.deals, "Currency")).join(), "CZK"]],
};

async function broken(kind) {
	const name = "broken_rows.csv", want = expected[name], all = await bring(kind, name);
	tap.ok(all.status === 1 && all.deals.length === 0 && /Nothing was written/.test(all.said), `${kind}: ${name}, all or nothing`, all.said);
	const words = { 3: /row 3 .*too few fields/, 4: /row 4 .*too many fields/, 7: /row 7 .*30 February is not a day/, 8: /row 8 .*NUL byte/, 10: /row 10 .*"ten thousand" is not a number/,
		"1 (second)": /duplicate id in file: “1” is in row 1 already/, 13: /unterminated quote: it opens here and is never closed; nothing after it was read/ };
	tap.ok(Object.keys(want.reject).every((k) => words[k] && words[k].test(all.said)) && / 7 rejected/.test(all.said), `${kind}: ${name}, every row that cannot go in says why`, all.said);
	const some = await bring(kind, name, "--partial");
	tap.ok(some.status === 0 && some.deals.length === want.accept_ids.length && cents(some.deals) === want.accepted_amount_sum_cents, `${kind}: ${name}, the good rows on request`, `${cents(some.deals)} ${some.said}`);
	tap.ok(/1 amount below zero, taken as written: row 11/.test(some.said) && some.deals.some((d) => d.Deal === '=HYPERLINK("http://evil.example";"click")'), `${kind}: ${name}, a credit is told, a formula is text`, some.said + JSON.stringify(some.deals));
}

// Quirk by quirk: each column once as the deal's name, read in a dry run.
function spectrum(kind) {
	const base = fresh(kind), wrong = [];
	command(program, base.url, "init", "--company", "Spectrum", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const names = fs.readdirSync(path.join(folder, "csv-spectrum")).filter((f) => f.endsWith(".csv"));
	for (const name of names) {
		const rows = [].concat(JSON.parse(fs.readFileSync(path.join(folder, "csv-spectrum", name.replace(/csv$/, "json")), "utf8")));
		for (const column of Object.keys(rows[0])) {
			fs.writeFileSync(path.join(work, "map.yaml"), `version: 1\nsource: spectrum\ncolumns:\n  ${JSON.stringify(column)}: name\n`);
			const r = spawnSync(program, ["import", "deals", path.join(folder, "csv-spectrum", name), "--map", path.join(work, "map.yaml"), "--dry-run", "--db", base.url], { encoding: "utf8" });
			rows.forEach((row, i) => {
				if (row[column] !== "" && row[column] !== "1234567890" && !plain(r.stdout).includes(`row ${i + 1}: create ${plain(row[column])}`))
					wrong.push(`${name}, ${column}, row ${i + 1}: ${row[column]}\n${r.stdout}${r.stderr}`);
			});
		}
	}
	tap.ok(names.length === 12 && !wrong.length, `${kind}: ${names.length} files of csv-spectrum`, wrong.join("\n"));
	base.drop();
}

(async () => {
	for (const kind of ["sqlite", "postgres"]) {
		if (!kinds(Boolean(process.env.RIDEALONG_DATA)).includes(kind))
			continue;
		for (const [name, facts] of Object.entries(files))
			await file(kind, name, facts);
		await broken(kind);
		spectrum(kind);
	}
	tap.ok(Object.keys(expected).filter((k) => k.includes(".")).every((k) => files[k] || k === "broken_rows.csv"), "no file of expected.json is left out", Object.keys(expected).join());
	fs.rmSync(work, { recursive: true });
	tap.end();
})().catch((e) => { tap.ok(false, "the story ran", e.stack); tap.end(); });
