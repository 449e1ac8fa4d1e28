// New rows of a file that look like something stored (D5): shown in the dry run with what they look like and why; the same, another, or
// left out, for all and for single rows; as certain as an address, the same is proposed. The file may come again, and one undo takes back
// both what was created and what was changed.
//     node stored.js PROGRAM
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const http = require("http");
const { spawnSync } = require("child_process");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap(), folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-stored-"));

function file(name, lines) {
	const at = path.join(folder, name);
	fs.writeFileSync(at, lines.join("\n") + "\n");
	return at;
}

// A mapping of a source by its columns.
const map = (source, columns) => file(`${source}.yaml`, ["version: 1", `source: ${source}`, "columns:", ...columns.map(([from, to]) => `  ${from}: ${to}`)]);
const accountColumns = [["Id", "external_id"], ["Account", "name"], ["Website", "website"], ["Industry", "sector"], ["Country", "country"]];
const contactColumns = [["Id", "external_id"], ["Name", "name"], ["Mail", "email"], ["Phone", "phone"], ["Account", "account"], ["Title", "title"]];

const ours = () => file("ours.csv", ["Id,Account,Website,Industry,Country", "A1,Aurora Rail,https://www.aurora.example/,,Norway", "A2,Helbing & Söhne GmbH,,Steel,Germany", "A3,Tideline Ferries,tideline.example,,", "A4,Plant 12,,,"]);
const theirs = () => file("theirs.csv", ["Id,Account,Website,Industry,Country", "B1,Aurora Rail AS,aurora.example,Transport,", "B2,Helbing und Söhne,,,", "B3,Tideline Feries,,Shipping,Denmark", "B4,Plant 21,,,", "B5,Northgate Hospitals,,,"]);

async function story(kind) {
	const base = fresh(kind), ok = (good, name, detail) => tap.ok(good, `${name} (${kind})`, detail);
	command(program, base.url, "init", "--company", "Stored", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const run = (...words) => { const r = spawnSync(program, ["import", ...words, "--db", base.url], { encoding: "utf8" }); return { status: r.status, said: r.stdout + r.stderr, id: (/import undo (\S+)/.exec(r.stdout) || [])[1] }; };
	const all = async (what) => JSON.parse((await c.get(`/api/v1/${what}?limit=50`)).body).data;
	const names = async (what = "accounts") => (await all(what)).map((x) => x.name).sort().join("|");
	const one = async (name, what = "accounts") => (await all(what)).find((x) => x.name === name);
	const before = "Aurora Rail|Helbing & Söhne GmbH|Plant 12|Tideline Ferries";
	const crm = map("crm", accountColumns), old = map("old", accountColumns);

	run("accounts", ours(), "--map", crm);
	let r = run("accounts", theirs(), "--map", old, "--dry-run", "--doubles", path.join(folder, "doubles.csv"));
	ok(/row 1: “Aurora Rail AS” looks like “Aurora Rail”, which is stored: the same website; taken for the same/.test(r.said) && /row 2: “Helbing und Söhne” looks like “Helbing & Söhne GmbH”, which is stored: the same name but for its legal form or signs; another: goes in/.test(r.said) && /row 3: “Tideline Feries” looks like “Tideline Ferries”, which is stored: one or two letters apart; another/.test(r.said), "D5: the dry run names what a new row looks like, and why", r.said);
	ok(/3 new rows look like something stored: 1 taken for the same, 2 go in, 0 left out/.test(r.said) && /5 rows: 4 would be created, 1 would be updated/.test(r.said) && !/Plant 21” looks/.test(r.said), "D5: the same is proposed where name and website say it; a figure makes another one", r.said);
	ok(/\n1,Aurora Rail AS,stored,Aurora Rail,the same website,the same\r?\n/.test(fs.readFileSync(path.join(folder, "doubles.csv"), "utf8")), "D5: the list as CSV", fs.readFileSync(path.join(folder, "doubles.csv"), "utf8"));
	ok(await names() === before, "and nothing is written");

	r = run("accounts", theirs(), "--map", old);
	ok(r.status === 0 && /4 created, 1 updated/.test(r.said) && (await all("accounts")).length === 8, "D5: one is changed, the others are new", r.said);
	const aurora = await one("Aurora Rail AS");
	ok(aurora && aurora.sector === "Transport" && aurora.external_id === "A1" && aurora.source === "crm", "D5: it keeps its own id", JSON.stringify(aurora));
	const first = r.id;
	r = run("accounts", theirs(), "--map", old);
	ok(/0 created, 0 updated, 5 unchanged/.test(r.said) && !/which is stored/.test(r.said), "D5: the file again changes nothing and asks nothing", r.said);
	r = run("accounts", ours(), "--map", crm, "--dry-run");
	ok(/4 rows: 0 would be created/.test(r.said), "D5: nor does the one of before add any", r.said);
	r = run("undo", first);
	ok(r.status === 0 && await names() === before && !(await one("Aurora Rail")).sector, "D5: one undo takes back what was created and what was changed", r.said + await names());
	r = run("accounts", theirs(), "--map", old, "--dry-run");
	ok(/1 taken for the same/.test(r.said), "D5: with what was said of the rows", r.said);

	r = run("accounts", theirs(), "--map", old, "--stored", "leave");
	ok(/2 created, 0 updated, 3 unchanged/.test(r.said) && await names() === "Aurora Rail|Helbing & Söhne GmbH|Northgate Hospitals|Plant 12|Plant 21|Tideline Ferries", "D5: all left out", r.said);
	const left = r.id;
	r = run("accounts", theirs(), "--map", old, "--stored", "proposed");
	ok(/0 created, 0 updated, 5 unchanged/.test(r.said), "D5: they stay out when the file comes again", r.said);
	run("undo", left);
	r = run("accounts", theirs(), "--map", old, "--stored", "same", "--another", "2");
	ok(/3 created, 2 updated/.test(r.said) && (await one("Tideline Feries")).country === "Denmark" && await one("Helbing und Söhne") && await one("Helbing & Söhne GmbH"), "D5: all the same but for one", r.said + await names());
	run("undo", r.id);
	ok(await names() === before && !(await one("Tideline Ferries")).country, "D5: and back", await names());
	r = run("accounts", theirs(), "--map", old, "--same", "3", "--leave", "1");
	ok(/3 created, 1 updated, 1 unchanged/.test(r.said), "D5: single rows", r.said);
	run("undo", r.id);
	for (const bad of [["--stored", "some"], ["--same", "x"], ["--leave", "0"]])
		ok(run("accounts", theirs(), "--map", old, ...bad).status === 2, `${bad.join(" ")} is refused`);

	// said again, and of a record that is gone since
	r = run("accounts", theirs(), "--map", old, "--same", "2");
	const said = r.id, again2 = run("accounts", theirs(), "--map", old, "--leave", "2");
	ok(again2.status === 0 && /0 created/.test(again2.said), "D5: said again it is so from then on", again2.said);
	if (again2.id)
		run("undo", again2.id);
	run("undo", said);
	ok(await names() === before, "D5: undone in turn", await names());
	r = run("accounts", theirs(), "--map", old, "--stored", "same", "--another", "1,2");
	const ferries = await one("Tideline Feries");
	const gone = await ask(c.port, "DELETE", `/api/v1/accounts/${ferries.id}?version=${ferries.version}`, { who: c.admin, headers: { "X-CSRF": c.admin.csrf } });
	const anew = run("accounts", theirs(), "--map", old, "--stored", "proposed");
	ok(gone.status < 300 && anew.status === 0 && /1 created/.test(anew.said), "D5: what was taken for a record that is gone is new", `${gone.status} ${anew.said}`);
	run("undo", anew.id);
	run("undo", r.id);
	run("accounts", ours(), "--map", crm);
	ok(await names() === before, "D5: the record is there again", await names());

	// what cannot be the same
	const again = file("again.csv", ["Id,Account,Website,Industry,Country", "A9,Aurora Rail AS,aurora.example,,"]);
	r = run("accounts", again, "--map", crm, "--stored", "same", "--dry-run");
	ok(/1 would be created/.test(r.said) && /another: goes in: the stored one has an id of its own in that source/.test(r.said), "D5: two ids of one source are two", r.said);
	const twice = file("twice.csv", ["Id,Account,Website,Industry,Country", "C1,Tideline Feries,,,", "C2,Tideline Ferrys,,,", "C3,Tideline Ferries,,Sea,"]);
	r = run("accounts", twice, "--map", map("third", accountColumns), "--stored", "same");
	ok(r.status === 0 && /2 created, 1 updated/.test(r.said) && /another: goes in: the stored one is a row of this file itself/.test(r.said) && (await one("Tideline Ferries")).sector === "Sea", "D5: what a row names by itself no other row is", r.said);
	run("undo", r.id);
	ok(await names() === before, "and back again", await names());
	const both = file("both.csv", ["Id,Account,Website,Industry,Country", "C1,Tideline Feries,,Sea,", "C2,Tideline Ferrys,,,"]);
	r = run("accounts", both, "--map", map("third", accountColumns), "--stored", "same");
	ok(/1 created, 1 updated/.test(r.said) && /row 2: .*the stored one is what an earlier row was taken for/.test(r.said) && (await one("Tideline Feries")).website === "tideline.example", "D5: one record is what one row says, and what it lacks takes nothing away", r.said);
	run("undo", r.id);

	// contacts: by e-mail, and by phone with a name in common
	const people = file("people.csv", ["Id,Name,Mail,Phone,Account,Title", "P1,Jo Lindqvist,jo@aurora.example,+47 22 33 44 55,Aurora Rail,", "P2,Sam Reed,,+47 22 99 88 77,Aurora Rail,"]);
	run("contacts", people, "--map", map("crm", contactColumns));
	const more = file("more.csv", ["Id,Name,Mail,Phone,Account,Title", "Q1,Johanna Lindqvist,JO@aurora.example,,Aurora Rail,Buyer", "Q2,Samuel Reed,,0047 22998877,Plant 12,", "Q3,Kim Holt,,22 99 88 77,Plant 12,"]);
	r = run("contacts", more, "--map", map("old", contactColumns));
	ok(/row 1: .*the same e-mail address; taken for the same/.test(r.said) && /row 2: .*the same phone number and a name in common; another/.test(r.said) && !/Kim Holt” looks like “Sam/.test(r.said) && /2 created, 1 updated/.test(r.said), "D5: contacts by e-mail and phone", r.said);
	ok((await all("contacts")).some((x) => x.name === "Johanna Lindqvist" && x.title === "Buyer"), "D5: and what the row knows is laid over");
	run("undo", r.id);
	ok(await names("contacts") === "Jo Lindqvist|Sam Reed", "D5: undone", await names("contacts"));

	await page(c, ok);
	await s.stop();
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing");
	base.drop();
}

// The wizard: what they look like, one choice for all, one for each.
async function page(c, ok) {
	const crlf = "\r\n", b = "xyz", part = (name, value, more = "") => `--${b}${crlf}Content-Disposition: form-data; name="${name}"${more}${crlf}${crlf}${value}${crlf}`;
	let r = await new Promise((done, fail) => {
		const q = http.request({ host: "127.0.0.1", port: c.port, method: "POST", path: "/import", headers: { "Sec-Fetch-Site": "same-origin", Cookie: `__Host-ridealong=${c.admin.cookie}`, "Content-Type": `multipart/form-data; boundary=${b}` } }, (x) => { x.resume(); x.on("end", () => done(x)); });
		q.on("error", fail);
		q.end(part("csrf", c.admin.csrf) + part("kind", "accounts") + part("file", "Account Name,Website\nAurora Rail AS,aurora.example\nTideline Feries,\n", `; filename="new.csv"`) + `--${b}--${crlf}`);
	});
	const to = r.headers.location, upload = /import\/([^?]+)/.exec(to)[1], dry = (form) => ask(c.port, "POST", to, { who: c.admin, form: { kind: "accounts", name: "new.csv", do: "dry", ...form } });
	r = await dry({});
	ok(/2 new rows look like a stored account/.test(plain(r.body)) && /As it stands: 1 updates the stored one, 1 is created, 0 stay out/.test(plain(r.body)), "D5: the page asks", plain(r.body).slice(0, 3500));
	ok(/<a href="\/accounts\/\w{11}">Aurora Rail<\/a>/.test(r.body) && /name="is-2"/.test(r.body) && /name="stored" value="proposed"[^>]* checked/.test(r.body) && /taken for “Aurora Rail”: the same website/.test(r.body), "D5: with the stored one beside each, and what becomes of it", plain(r.body).slice(0, 3500));
	const yaml = /<textarea name="map"[^>]*>([^<]*)</.exec(r.body)[1].replace(/&(quot|#34);/g, "\"").replace(/&amp;/g, "&").replace(/&gt;/g, ">").replace(/&lt;/g, "<").replace(/&#39;/g, "'");
	r = await dry({ map: yaml, alike: "all", stored: "leave", "is-1": "same", "is-2": "" });
	ok(/1 updates the stored one, 0 are created, 1 stays out/.test(plain(r.body)) && /<option value="same" selected>/.test(r.body), "D5: looked at again", plain(r.body).slice(0, 3500));
	const again = /<textarea name="map"[^>]*>([^<]*)</.exec(r.body)[1].replace(/&(quot|#34);/g, "\"").replace(/&gt;/g, ">");
	ok(/stored: leave\nsame: \[1\]/.test(again), "D5: the mapping says so", again);
	const list = await ask(c.port, "POST", `/import/${upload}/errors`, { who: c.admin, form: { kind: "accounts", name: "new.csv", rows: "alike", map: yaml } });
	ok(/2,Tideline Feries,stored,Tideline Ferries,one or two letters apart,goes in/.test(list.body), "D5: the list to download", list.body);
	r = await ask(c.port, "POST", `/import/${upload}/run`, { who: c.admin, form: { kind: "accounts", name: "new.csv", map: yaml, alike: "all", stored: "leave", "is-1": "same", "is-2": "" } });
	for (let i = 0; i < 50 && !/done/.test(r.headers.location || ""); i++) {
		await new Promise((go) => setTimeout(go, 100));
		r = await ask(c.port, "GET", r.headers.location || `/import/${upload}/progress`, { who: c.admin });
	}
	const there = JSON.parse((await c.get("/api/v1/accounts?limit=50")).body).data.map((x) => x.name);
	ok(there.includes("Aurora Rail AS") && !there.includes("Aurora Rail") && !there.includes("Tideline Feries"), "D5: and it is done so", there.join());
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of rows that look stored ran", e.stack); tap.end(); });
