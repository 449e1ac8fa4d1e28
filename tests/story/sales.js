// A company's sales as another system exports them, in four files, and the figures that follow from them.
// made() makes a small one, with the quirks that real files have: a product spelt otherwise, deals without an account,
// open deals without a value, lost ones worth 0, people without any deal, managers named nowhere but beside their people.
// What it is not for: the program; nothing of it is used here.
"use strict";
const fs = require("fs");
const path = require("path");

const kinds = { products: "products.csv", accounts: "accounts.csv", people: "sales_teams.csv", deals: "sales_pipeline.csv" };

// RFC 4180, as far as these files go.
function parse(text) {
	const rows = [...text.trim().split(/\r?\n/)].map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)]
		.filter((m, i, all) => i === 0 || all[i - 1][2] === ",")
		.map((m) => (m[1].startsWith('"') ? m[1].slice(1, -1).replaceAll('""', '"') : m[1])));
	return { head: rows[0], rows: rows.slice(1) };
}

const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const print = (table) => [table.head, ...table.rows].map((r) => r.map(quoted).join(",")).join("\r\n") + "\r\n";

const peopleMap = "version: 1\nsource: maven\nkey: [sales_agent]\ncolumns:\n  sales_agent: name\n  manager: manager\n  regional_office: office\n";
const dealsMap = "version: 1\nsource: maven\nkey: [opportunity_id]\ndate: Y-M-D\ncurrency: USD\ncolumns:\n  opportunity_id: external_id\n"
	+ "  sales_agent: owner\n  product: product\n  account: account\n  deal_stage: stage\n  engage_date: engaged_on\n  close_date: closed_on\n"
	+ "  close_value: amount\nvalues:\n  product: { GTXPro: GTX Pro }\nstages:\n  Prospecting: { outcome: open, probability: 10 }\n"
	+ "  Engaging: { outcome: open, probability: 50 }\n  Won: { outcome: won }\n  Lost: { outcome: lost }\n";

// The published files where they are, else a small company of our own.
function published(folder) {
	const read = (name) => fs.readFileSync(path.join(folder, "maven", name), "utf8");
	return {
		products: read("products.csv"), accounts: read("accounts.csv"), people: read("sales_teams.csv"), deals: read("sales_pipeline.csv"),
		peopleMap: read("people.map.yaml"), dealsMap: read("deals.map.yaml"), asOf: "2017-12-31",
	};
}

function made() {
	const offices = ["Central", "East", "West"], managers = ["Maya Kern", "Ottó Bíró", "Li Wen"];
	const people = ["Ada Lund", "Ben Ortiz", "Cid Mora", "Dee O'Hara", 'Eli "Bo" Byrd', "Fay, Gus", "Hal Noone", "Ida Nodeal"];
	const products = [["GTX Pro", "GTX", 4821], ["MG Special", "MG", 55], ["GTK 500", "GTK", 26768]];
	const accounts = ["Acme Corporation", "Betasoloin", "Müller & Söhne", "Zumgoity"];
	const day = (n) => new Date(Date.UTC(2017, 0, 1) + n * 86400000).toISOString().slice(0, 10);
	const deals = Array.from({ length: 180 }, (_, i) => {
		const product = products[i % 3], stage = ["Won", "Lost", "Won", "Engaging", "Won", "Prospecting", "Lost"][(i * 5) % 7];
		const from = (i * 13) % 250, long = 5 + (i * 29) % 110, open = stage === "Engaging" || stage === "Prospecting";
		return [`X${String(i).padStart(4, "0")}`, people[(i * 7) % 6], product[0] === "GTX Pro" ? "GTXPro" : product[0],
			open && i % 3 ? "" : accounts[i % 4], stage, stage === "Prospecting" ? "" : day(from), open ? "" : day(from + long),
			stage === "Won" ? String(product[2] - (i * 17) % 50) : stage === "Lost" ? "0" : ""];
	});
	deals[0] = ["X0000", people[0], "GTXPro", accounts[0], "Won", day(200), "2017-12-31", "5000"];
	return {
		products: print({ head: ["product", "series", "sales_price"], rows: products.map((p) => p.map(String)) }),
		accounts: print({ head: ["account", "sector", "office_location"], rows: accounts.map((a) => [a, "technolgy", "Philipines"]) }),
		people: print({ head: ["sales_agent", "manager", "regional_office"], rows: people.map((p, i) => [p, managers[i % 3], offices[i % 3]]) }),
		deals: print({ head: ["opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date", "close_value"], rows: deals }),
		peopleMap, dealsMap, asOf: "2017-12-31",
	};
}

const days = (from, to) => (Date.parse(to) - Date.parse(from)) / 86400000;
const sum = (list) => list.reduce((a, b) => a + b, 0);
const mean = (list) => sum(list) / list.length;
function median(list) {
	const s = [...list].sort((a, b) => a - b), m = (s.length - 1) / 2;
	return (s[Math.floor(m)] + s[Math.ceil(m)]) / 2;
}

// What the reports must say, straight from the files.
function figures(files) {
	const price = new Map(parse(files.products).rows.map((r) => [r[0], Number(r[2])]));
	const office = new Map(parse(files.people).rows.map((r) => [r[0], r[2]]));
	const deals = parse(files.deals).rows.map((r) => ({
		owner: r[1], product: r[2] === "GTXPro" ? "GTX Pro" : r[2], account: r[3], stage: r[4], from: r[5], to: r[6], value: Number(r[7]),
	}));
	const of = (stage) => deals.filter((d) => d.stage === stage), cycle = (list) => list.map((d) => days(d.from, d.to));
	const won = of("Won"), lost = of("Lost"), engaged = deals.filter((d) => d.from);
	const open = {};
	for (const stage of ["Prospecting", "Engaging"])
		open[stage] = { n: of(stage).length, list_value: sum(of(stage).map((d) => price.get(d.product))), n_no_account: of(stage).filter((d) => !d.account).length };
	const quarters = new Map();
	for (const d of won) {
		const key = `${office.get(d.owner)} ${d.to.slice(0, 4)}-Q${Math.ceil(Number(d.to.slice(5, 7)) / 3)}`;
		const q = quarters.get(key) || { revenue: 0, deals: 0 };
		quarters.set(key, { revenue: q.revenue + d.value, deals: q.deals + 1 });
	}
	return {
		basic: {
			as_of: files.asOf, rows: deals.length, stage_counts: { Won: won.length, Lost: lost.length, Engaging: open.Engaging.n, Prospecting: open.Prospecting.n },
			win_rate: won.length / (won.length + lost.length), revenue_won: sum(won.map((d) => d.value)),
			avg_won_value: mean(won.map((d) => d.value)), median_won_value: median(won.map((d) => d.value)),
			cycle_won_mean_days: mean(cycle(won)), cycle_won_median_days: median(cycle(won)),
			cycle_lost_mean_days: mean(cycle(lost)), cycle_closed_mean_days: mean(cycle([...won, ...lost])),
			conversion: {
				created_to_engaged: engaged.length / deals.length, engaged_to_closed: (won.length + lost.length) / engaged.length,
				engaged_to_won: won.length / engaged.length, created_to_won: won.length / deals.length,
			},
			open_pipeline: open, open_pipeline_total_list: open.Engaging.list_value + open.Prospecting.list_value,
			weighted_pipeline_fixed: { value: (open.Prospecting.list_value + 5 * open.Engaging.list_value) / 10 },
		},
		quarters: [...quarters].map(([key, q]) => ({ regional_office: key.split(" ")[0], quarter: key.split(" ")[1], ...q })),
	};
}

module.exports = { kinds, parse, print, published, made, figures };
