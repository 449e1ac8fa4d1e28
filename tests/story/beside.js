// Ridealong beside another CRM (D5a): full files and what they lack; on both databases.
//     node beside.js PROGRAM [--only sqlite|postgres]
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { fresh, command, serve, ask, enter, Tap } = require("./drive.js");
const { plain } = require("./company.js");

const program = process.argv[2], only = process.argv[3] === "--only" ? process.argv[4] : "";
const tap = new Tap();
const MAP = 'version: 1\nsource: salesforce\nkey: [Id]\ncurrency: EUR\ncolumns:\n  Id: external_id\n  Name: name\n  Stage: stage\n  Amount: amount\n  Owner: owner\n  Close: closes_on\nstages:\n'
	+ "  Lead: { outcome: open, probability: 10 }\n  Offer: { outcome: open, probability: 50 }\n  Won: { outcome: won }\n";
const rows = (...ids) => ["Id,Name,Stage,Amount,Owner,Close", ...ids.map((i) => `${i},Deal ${i},Lead,100.00,Sam Adler,2027-03-01`)].join("\n") + "\n";

async function story(kind) {
	const base = fresh(kind), work = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-beside-")), at = (name) => path.join(work, name);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	const bring = (name, text, ...more) => { fs.writeFileSync(at(name), text); return command(program, base.url, "import", "deals", at(name), "--map", at("map.yaml"), ...more); };
	fs.writeFileSync(at("map.yaml"), MAP);
	command(program, base.url, "init", "--company", "Beside", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	bring("1.csv", rows(1, 2, 3, 4), "--full");
	bring("2.csv", rows(1, 2, 5), "--full");
	const s = await serve(program, base.url), who = await enter(s.port, s.link, {});
	const list = async () => [...(await ask(s.port, "GET", "/deals.csv?gone_on.any=1", { who })).body.matchAll(/Deal (\d)/g)].map((m) => m[1]).sort().join();
	ok(await list() === "3,4", "D5a: deals that a full file lacks are not in the last file", await list());
	let r = await ask(s.port, "GET", "/deals?gone_on.any=1", { who });
	ok(/Not in the last file/.test(plain(r.body)), "the filter says so in words", plain(r.body));
	const one = /href="(\/deals\/[0-9a-z]+)"[^>]*>\s*Deal 3/.exec(r.body);
	r = await ask(s.port, "GET", one ? one[1] : "/none", { who });
	ok(/Not in the last file of salesforce/.test(plain(r.body)), "and so does the deal's page", plain(r.body));
	bring("3.csv", rows(1, 2));
	ok(await list() === "3,4", "a file that is not full marks nothing", await list());
	const said = bring("4.csv", rows(1, 3, 4, 5), "--full");
	ok(await list() === "2", "what comes back loses the mark", await list());
	command(program, base.url, "import", "undo", /import undo (\S+)/.exec(said)[1]);
	ok(await list() === "3,4", "undo of a full file restores the marks", await list());
	command(program, base.url, "check");
	await s.stop();
	base.drop();
	fs.rmSync(work, { recursive: true });
}

(async () => {
	for (const kind of ["sqlite", "postgres"])
		if ((!only || only === kind) && (kind === "sqlite" || process.env.RIDEALONG_PG))
			await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story beside another CRM ran", e.stack); tap.end(); });
