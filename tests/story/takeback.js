// Which import can be taken back, and what to do where one cannot (D5): one that changed nothing stands in nobody's way; every
// refusal names its mend, on the command line and on the pages.
//     node takeback.js PROGRAM
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { spawnSync } = require("child_process");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap(), folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-takeback-"));

function file(name, amount) {
	const at = path.join(folder, name);
	fs.writeFileSync(at, `Deal ID,Deal - Title,Deal - Value,Deal - Owner\n1,Cranes,${amount},Ada Lund\n2,Doors,4000,Ada Lund\n`);
	return at;
}

async function story(kind) {
	const base = fresh(kind), ok = (good, name, detail) => tap.ok(good, `${name} (${kind})`, detail);
	command(program, base.url, "init", "--company", "Takeback", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const run = (...words) => { const r = spawnSync(program, ["import", ...words, "--db", base.url], { encoding: "utf8" }); return { status: r.status, said: r.stdout + r.stderr, id: (/import undo (\S+)/.exec(r.stdout) || [])[1] }; };
	const deals = async () => Object.fromEntries(JSON.parse((await c.get("/api/v1/deals?limit=50")).body).data.map((d) => [d.name, d]));
	const first = run("deals", file("first.csv", 9000)), second = run("deals", file("second.csv", 9500)), same = run("deals", file("third.csv", 9500));
	ok(/2 created/.test(first.said) && /1 updated, 1 unchanged/.test(second.said) && /0 created, 0 updated, 2 unchanged/.test(same.said), "three files came in; the third changed nothing", first.said + second.said + same.said);

	let r = run("undo", first.id);
	ok(r.status === 1 && /cannot be undone while a later import stands: second\.csv/.test(r.said) && /undo “second\.csv” of \d{4}-\d\d-\d\d first; its file can be sent again afterwards/.test(r.said), "D5: a later one that changed something is named, with the mend", r.said);
	let page = plain((await c.get("/import")).body);
	ok(/third\.csv .* It changed nothing, so there is nothing to undo\. second\.csv/.test(page) && /Undo second\.csv/.test(page) && /first\.csv .* To take it back, undo “second\.csv” of \S+ first/.test(page) && !/Undo first\.csv/.test(page), "D5: the list of imports says the same", page.slice(0, 2500));
	page = plain((await c.get(`/import/done/${first.id}`)).body);
	ok(/To take it back, undo “second\.csv”/.test(page) && !/Undo this import/.test(page), "and so does its own page", page.slice(0, 2500));
	page = plain((await c.get(`/import/done/${same.id}`)).body);
	ok(/It changed nothing/.test(page) && !/Undo this import/.test(page), "and that of the one that changed nothing", page.slice(0, 2500));
	r = await ask(s.port, "POST", `/import/undo/${first.id}`, { who: c.admin, form: {} });
	ok(/cannot be undone while a later import stands/.test(plain(r.body)) && /undo “second\.csv” of/.test(plain(r.body)), "a form that is sent all the same is refused with it", plain(r.body).slice(0, 1500));

	const was = (await deals()).Cranes;
	r = await ask(s.port, "PATCH", `/api/v1/deals/${was.id}`, { who: c.admin, json: { version: was.version, name: "Cranes, all of them" }, headers: { "X-CSRF": c.admin.csrf } });
	r = run("undo", second.id);
	ok(r.status === 0 && (await deals())["Cranes, all of them"].amount === 900000, "D5: the one before an import that changed nothing is undone", r.said);
	r = run("undo", second.id);
	ok(r.status === 1 && /was undone before/.test(r.said) && /send the file again to have its rows back/.test(r.said), "D5: undone twice: what brings it back is said", r.said);
	r = run("undo", first.id);
	ok(r.status === 0 && /2 kept/.test(r.said) && /Ada Lund”: is referred to by 1 deal as Owner; change those first/.test(r.said) && /was edited since, and stays; remove it by hand if it should go/.test(r.said), "D5: what was edited stays, and how it goes is said", r.said);
	ok(Object.keys(await deals()).join() === "Cranes, all of them", "the others are gone");
	await s.stop();
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of taking back ran", e.stack); tap.end(); });
