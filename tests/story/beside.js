// Ridealong beside another CRM (D5a): full files and what they lack, a folder that is looked at, fields that have another master; on
// both databases.
//     node beside.js PROGRAM [--only sqlite|postgres]
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
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
	await masters({ kind, s, who, ok, deal: one[1] });
	await s.stop();
	await folder({ kind, base, work, ok });
	base.drop();
	fs.rmSync(work, { recursive: true });
}

// D5a: each field has one master.
async function masters({ s, who, ok, deal }) {
	const post = (to, form) => ask(s.port, "POST", to, { who, form });
	const version = async () => /name="version" value="(\d+)"/.exec((await ask(s.port, "GET", `${deal}/edit`, { who })).body)[1];
	const source = { name: "salesforce", label: "Salesforce", url: "https://crm.example/deals/{id}", master: "1", f_name: "1", f_stage: "1", f_amount: "1" };
	let r = await post("/import/sources", { ...source, url: "javascript:alert(1)" });
	ok(r.status === 422 && /begin it with https/.test(plain(r.body)) && /javascript:alert/.test(r.body), "an address of another kind is refused, and kept in the form", plain(r.body));
	r = await post("/import/sources", { ...source, url: "https://crm.example/deals" });
	ok(r.status === 422 && /\{id\}/.test(r.body), "an address without the place of the id is refused", plain(r.body));
	r = await post("/import/sources", source);
	ok(r.status === 303, "a source is made the master", plain(r.body));
	r = await ask(s.port, "GET", deal, { who });
	ok(r.body.includes('href="https://crm.example/deals/3"') && !/id="c-move"/.test(r.body), "D5a: the deal links to itself there, and is not moved here", plain(r.body));
	r = await ask(s.port, "GET", `${deal}/edit`, { who });
	ok(/name="name"[^>]*disabled|disabled[^>]*name="name"/.test(r.body) && /kept in Salesforce/.test(r.body), "its fields are read-only", plain(r.body));
	r = await post(`${deal}/edit`, { version: await version(), name: "Another name" });
	ok(r.status === 422 && /is kept in Salesforce/.test(plain(r.body)), "and refused when somebody sends them all the same", plain(r.body));
	const stages = [...(await ask(s.port, "GET", "/board?scope=all", { who })).body.matchAll(/data-stage="([0-9a-z]+)"/g)].map((m) => m[1]);
	r = await post(`${deal}/move`, { version: await version(), stage: stages[1] });
	ok(r.status === 422 && /is kept in Salesforce/.test(plain(r.body)), "so is a move", `${r.status} ${plain(r.body)}`);
	r = await post(`${deal}/edit`, { version: await version(), next_step: "Call Kim", next_step_on: "2027-01-04" });
	ok(r.status === 303 && /Call Kim/.test((await ask(s.port, "GET", deal, { who })).body), "the next step stays ours", plain(r.body));
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// A folder: only one that serve allows; files once each, put away with a report; a failure is seen.
async function folder({ base, work, ok }) {
	const in_ = path.join(work, "in"), other = path.join(work, "other"), files = (where) => fs.existsSync(path.join(in_, where)) ? fs.readdirSync(path.join(in_, where)).sort() : [];
	fs.mkdirSync(in_);
	fs.mkdirSync(other);
	const s = await serve(program, base.url, "--import-folder", in_), who = await enter(s.port, s.link, {});
	const post = (to, form) => ask(s.port, "POST", to, { who, form });
	let r = await post("/import/folders", { path: other, kind: "deals", every: "1", as_of_from: "name" });
	ok(r.status === 422 && /not a folder that may be looked at/.test(plain(r.body)), "a folder that serve does not allow is refused", plain(r.body));
	r = await post("/import/folders", { path: fs.realpathSync(in_), kind: "deals", every: "1", whole: "1", as_of_from: "name" });
	ok(r.status === 303, "one that it allows is looked at", plain(r.body));
	const arrive = async (name, text, where) => {
		const before = files(where).length;
		fs.writeFileSync(path.join(in_, `.${name}`), text);
		fs.renameSync(path.join(in_, `.${name}`), path.join(in_, name));
		for (let i = 0; i < 300 && files(where).length < before + 2; i++) {
			if (i % 10 === 5)
				await post("/import/folders/now", {});
			await wait(100);
		}
		return files(where);
	};
	const last = () => ask(s.port, "GET", "/import/folders", { who });
	const report = (where, name) => { const f = files(where).filter((x) => x.includes(name) && x.endsWith(".report.txt")).pop(); return f ? fs.readFileSync(path.join(in_, where, f), "utf8") : ""; };
	await arrive("deals 2026-11-20.csv", rows(1, 3, 6), "done");
	ok(/3 rows: 1 created/.test(report("done", "2026-11-20")) && !fs.existsSync(path.join(in_, "deals 2026-11-20.csv")), "a file comes in and is put away with a report", report("done", "2026-11-20"));
	r = await ask(s.port, "GET", "/deals.csv?gone_on.any=1", { who });
	ok(/Deal 2/.test(r.body) && !/Deal 3/.test(r.body), "a full file of the folder marks what it lacks", r.body);
	await arrive("again 2026-11-21.csv", rows(1, 3, 6), "done");
	ok(/same as the last file/.test(report("done", "again")), "the same file again does nothing", report("done", "again"));
	await arrive("no day.csv", rows(1, 3, 7), "failed");
	ok(/no day such as/.test(report("failed", "no day")), "a file whose day is not known is put aside, with the reason", report("failed", "no day"));
	r = await last();
	for (let i = 0; i < 50 && !/no day such as/.test(r.body); i++, r = await last())
		await wait(100); // the file is put away before its note is written
	ok(/Failed/.test(r.body) && /no day such as/.test(r.body), "the page of folders says so", plain(r.body));
	ok(/no day such as/.test(plain((await ask(s.port, "GET", "/health", { who })).body)), "so does the health page");
	ok(/An import failed/.test(plain((await ask(s.port, "GET", "/today", { who })).body)), "and the administrator's Today", plain((await ask(s.port, "GET", "/today", { who })).body));
	await arrive("other 2026-11-22.csv", "A,B\n1,2\n", "failed");
	ok(/by hand/.test(report("failed", "other")), "columns that nobody mapped are not guessed at", report("failed", "other"));
	await arrive("part 2026-11-23.csv", `${rows(1, 3)}8,Deal 8,Lead,many,Sam Adler,2027-03-01\n`, "done");
	ok(/1 rejected/.test(report("done", "part")) && files("done").some((x) => x.endsWith(".errors.csv")), "good rows come in, bad ones stand in a file beside the report", report("done", "part"));
	await s.stop();
	const listed = command(program, base.url, "import", "folder", "list");
	ok(/every 1 min\tfull\tpartly/.test(listed), "the command line lists it", listed);
	command(program, base.url, "import", "folder", "remove", in_);
	ok(command(program, base.url, "import", "folder", "list") === "", "and removes it");
	command(program, base.url, "check");
}

(async () => {
	for (const kind of ["sqlite", "postgres"])
		if ((!only || only === kind) && kinds().includes(kind))
			await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story beside another CRM ran", e.stack); tap.end(); });
