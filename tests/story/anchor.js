// What an anchor outside the database tells, and nothing else can: that the end of the history was cut off, or written anew.
//     node anchor.js PROGRAM
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { spawnSync } = require("child_process");
const { fresh, command, sql, Tap, kinds } = require("./drive.js");

const program = process.argv[2], tap = new Tap();

const run = (url, ...words) => { const r = spawnSync(program, [...words, "--db", url], { encoding: "utf8" }); return { status: r.status, said: r.stdout + r.stderr }; };

function story(kind) {
	const base = fresh(kind), folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-anchor-")), file = path.join(folder, "anchor.txt"), list = path.join(folder, "products.csv");
	const bring = (name) => { fs.writeFileSync(list, `name,list_price\n${name},100\n`); command(program, base.url, "import", "products", list); };
	command(program, base.url, "init", "--company", "Anchor", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	command(program, base.url, "check", "--anchor", file);
	tap.ok(/^\d{4}-\d\d-\d\dT[\d:.]+Z? \w{11} \d+ [0-9a-f]{64}\n$/.test(fs.readFileSync(file, "utf8")), `${kind}: the file is begun with where the chain stands`, fs.readFileSync(file, "utf8"));
	bring("Wheel");
	command(program, base.url, "check", "--anchor", file);
	command(program, base.url, "check", "--anchor", file);
	tap.ok(fs.readFileSync(file, "utf8").trim().split("\n").length === 2, `${kind}: a line is added when the chain has grown`, fs.readFileSync(file, "utf8"));
	bring("Axle");
	tap.ok(run(base.url, "check", "--anchor", path.join(folder, "none", "x")).status === 1, `${kind}: a file that cannot be written is said`);
	const kept = fs.readFileSync(file, "utf8");
	const last = Number(/ (\d+) [0-9a-f]{64}\n$/.exec(kept)[1]);
	sql(base.url, `delete from change_line where set_id in (select id from change_set where seq >= ${last}); delete from change_set where seq >= ${last};`);
	tap.ok(run(base.url, "check").status === 0, `${kind}: the chain alone does not know that its end is gone`);
	const cut = run(base.url, "check", "--anchor", file);
	tap.ok(cut.status === 1 && cut.said.includes(`number ${last}, it is gone`) && fs.readFileSync(file, "utf8") === kept, `${kind}: the anchor does, and keeps what it knew`, cut.said);
	for (let i = 0; i < 6; i++)
		bring(`Spoke ${i}`);
	const anew = run(base.url, "check", "--anchor", file);
	tap.ok(anew.status === 1 && anew.said.includes("written anew"), `${kind}: a history written anew is told too`, anew.said);
	fs.writeFileSync(file, "not an anchor\n");
	const wrong = run(base.url, "check", "--anchor", file);
	tap.ok(wrong.status === 1 && wrong.said.includes("is no line of an anchor"), `${kind}: a file that is no anchor is refused and kept`, wrong.said);
	fs.rmSync(folder, { recursive: true });
	base.drop();
}

try {
	for (const kind of kinds())
		story(kind);
} catch (e) {
	tap.ok(false, "the story of the anchor ran", e.stack);
}
tap.end();
