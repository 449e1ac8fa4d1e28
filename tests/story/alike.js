// Rows of one file that look like each other (D5): shown in the dry run with their row numbers and why, on the page, the command
// line and as CSV; all go in, or the first of each, or the first with its gaps filled; a row may be said to be another one. The
// same file again doubles nothing, and an undo takes back.
//     node alike.js PROGRAM
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const http = require("http");
const { spawnSync } = require("child_process");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap(), folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-alike-"));

function file(name, lines) {
	const at = path.join(folder, name);
	fs.writeFileSync(at, lines.join("\n") + "\n");
	return at;
}

const accounts = () => file("accounts.csv", ["Account ID,Account Name,Website,Industry,Billing Country",
	"A1,Helbing & Söhne GmbH,,Steel,", "A2,Aurora Rail,https://www.aurora.example/,,Norway", "A3,Helbing und Sohne,helbing.example,,Germany",
	"A4,Aurora Group,aurora.example,Transport,", "A5,Plant 12,,,", "A6,Plant 21,,,", "A7,Tideline Ferries,,,", "A8,Tideline Feries,,Shipping,Denmark"]);

async function story(kind) {
	const base = fresh(kind), ok = (good, name, detail) => tap.ok(good, `${name} (${kind})`, detail);
	command(program, base.url, "init", "--company", "Alike", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const run = (...words) => { const r = spawnSync(program, ["import", ...words, "--db", base.url], { encoding: "utf8" }); return { status: r.status, said: r.stdout + r.stderr, id: (/import undo (\S+)/.exec(r.stdout) || [])[1] }; };
	const all = async (what) => JSON.parse((await c.get(`/api/v1/${what}?limit=50`)).body).data;
	const names = async (what = "accounts") => (await all(what)).map((x) => x.name).sort().join("|");

	let r = run("accounts", accounts(), "--dry-run", "--doubles", path.join(folder, "doubles.csv"));
	ok(/row 3: “Helbing und Sohne” looks like row 1, “Helbing & Söhne GmbH”: the same name but for its legal form or signs/.test(r.said) && /row 4: “Aurora Group” looks like row 2, “Aurora Rail”: the same website/.test(r.said) && /row 8: “Tideline Feries” looks like row 7, “Tideline Ferries”: one or two letters apart/.test(r.said), "D5: the dry run names rows that look alike, and why", r.said);
	ok(/3 rows look like an earlier one of this file: all go in; --alike first keeps the first of each/.test(r.said) && !/Plant/.test(r.said.split("looks like").slice(1).join()) && /8 rows: 8 would be created/.test(r.said), "D5: names that differ in a figure are two; without a word all go in", r.said);
	ok(fs.readFileSync(path.join(folder, "doubles.csv"), "utf8").replace(/\r/g, "").includes("4,Aurora Group,2,Aurora Rail,the same website,goes in\n"), "D5: the list as CSV", fs.readFileSync(path.join(folder, "doubles.csv"), "utf8"));

	r = run("accounts", accounts(), "--alike", "first", "--apart", "4");
	ok(r.status === 0 && /8 rows: 6 created, 0 updated, 2 unchanged/.test(r.said) && /2 rows look like others earlier in this file: left out/.test(r.said) && /row 4: .*another one, as you said/.test(r.said), "D5: the first of each, but for one that is another", r.said);
	ok(await names() === "Aurora Group|Aurora Rail|Helbing & Söhne GmbH|Plant 12|Plant 21|Tideline Ferries", "D5: those are there", await names());
	const first = r.id;
	r = run("accounts", accounts(), "--apart", "4");
	ok(/0 created, 0 updated, 8 unchanged/.test(r.said) && (await all("accounts")).length === 6, "D5: the same file again doubles nothing: the way is kept with the mapping", r.said);
	r = run("undo", first);
	ok(r.status === 0 && (await all("accounts")).length === 0, "D5: and undo takes it back", r.said);

	r = run("accounts", accounts(), "--alike", "merge");
	const merged = Object.fromEntries((await all("accounts")).map((x) => [x.name, x]));
	ok(/8 rows: 5 created, 0 updated, 3 unchanged/.test(r.said) && Object.keys(merged).length === 5, "D5: merged, the first of each is there", r.said + Object.keys(merged));
	ok(merged["Helbing & Söhne GmbH"].website === "helbing.example" && merged["Helbing & Söhne GmbH"].sector === "Steel" && merged["Helbing & Söhne GmbH"].country === "Germany", "D5: with what the others know besides", JSON.stringify(merged["Helbing & Söhne GmbH"]));
	ok(merged["Aurora Rail"].website === "https://www.aurora.example/" && merged["Aurora Rail"].sector === "Transport" && merged["Aurora Rail"].country === "Norway", "D5: what it says itself stays", JSON.stringify(merged["Aurora Rail"]));
	r = run("accounts", accounts(), "--alike", "merge");
	ok(/0 created, 0 updated, 8 unchanged/.test(r.said), "D5: merged again, nothing changes", r.said);
	ok(run("accounts", accounts(), "--alike", "some").status === 2 && run("accounts", accounts(), "--apart", "x").status === 2, "a word or row that is none is refused");

	const contacts = file("contacts.csv", ["Record ID,Name,Email,Account Name,Phone", "C1,Jo Lindqvist,jo@aurora.example,Aurora Rail,", "C2,Johanna Lindqvist,JO@aurora.example,Aurora Rail,+47 1", "C3,Sam Reed,,Aurora Rail,", "C4,Sam Reed,,Plant 12,", "C5,Sam Read,,Aurora Rail,"]);
	r = run("contacts", contacts, "--alike", "first");
	ok(/row 2: .* looks like row 1, .*the same e-mail address/.test(r.said) && /row 5: “Sam Read” looks like row 3/.test(r.said) && /3 created/.test(r.said), "D5: contacts by e-mail, or by name at the same account", r.said);
	const deals = file("deals.csv", ["Deal ID,Deal - Title,Deal - Organization,Deal - Status,Deal - Value,Deal - Owner", "D1,Signalling refresh,Aurora Rail,open,1000,Ada Lund", "D2,Signaling refresh,Aurora Rail,open,1000,Ada Lund", "D3,Signalling refresh,Plant 12,open,1000,Ada Lund", "D4,Yearly service,Aurora Rail,won,500,Ada Lund", "D5,Yearly service,Aurora Rail,won,500,Ada Lund"]);
	await page(c, ok, deals, "deals");
	ok(await names("deals") === "Signalling refresh|Signalling refresh|Yearly service|Yearly service", "D5: open deals of one account; those that were decided came again", await names("deals"));
	await s.stop();
	base.drop();
}

// The wizard: the rows with why, the three ways, one that is another, the list to download.
async function page(c, ok, at, kind) {
	const crlf = "\r\n", b = "xyz", part = (name, value, more = "") => `--${b}${crlf}Content-Disposition: form-data; name="${name}"${more}${crlf}${crlf}${value}${crlf}`;
	let r = await new Promise((done, fail) => {
		const q = http.request({ host: "127.0.0.1", port: c.port, method: "POST", path: "/import", headers: { "Sec-Fetch-Site": "same-origin", Cookie: `__Host-ridealong=${c.admin.cookie}`, "Content-Type": `multipart/form-data; boundary=${b}` } }, (x) => { x.resume(); x.on("end", () => done(x)); });
		q.on("error", fail);
		q.end(part("csrf", c.admin.csrf) + part("kind", kind) + part("file", fs.readFileSync(at, "utf8"), `; filename="deals.csv"`) + `--${b}--${crlf}`);
	});
	const to = r.headers.location, upload = /import\/([^?]+)/.exec(to)[1], dry = (form) => ask(c.port, "POST", to, { who: c.admin, form: { kind, name: "deals.csv", do: "dry", ...form } });
	r = await dry({});
	let said = plain(r.body);
	ok(r.status === 200 && /1 row looks like an earlier one of this file All go in .* Keep the first of each .* Merge/.test(said) && /2 Signaling refresh Signalling refresh row 1 one or two letters apart/.test(said) && /Import 5 rows/.test(said), "D5: the page of the dry run shows them and asks", said.slice(0, 4000));
	ok(/name="alike" value="all"[^>]* checked/.test(r.body) && /name="apart" value="2"/.test(r.body), "all go in unless one says otherwise", r.body.slice(r.body.indexOf('name="alike"') - 200, r.body.indexOf('name="alike"') + 400));
	const map = (html) => /<textarea name="map"[^>]*>([^<]*)</.exec(html)[1].replace(/&(quot|#34);/g, "\"").replace(/&amp;/g, "&").replace(/&gt;/g, ">").replace(/&lt;/g, "<").replace(/&#39;/g, "'");
	r = await dry({ alike: "first", map: map(r.body) });
	said = plain(r.body);
	ok(/Looks like another 1/.test(said) && /2 Signaling refresh Looks like another looks like row 1: one or two letters apart/.test(said) && /name="alike" value="first"[^>]* checked/.test(r.body), "D5: looked at again with another way", said.slice(0, 4000));
	const other = await dry({ alike: "merge", apart: "2", map: map(r.body) });
	ok(!/Looks like another 1/.test(plain(other.body)) && /name="apart" value="2"[^>]* checked/.test(other.body), "D5: a row that is another one stays", plain(other.body).slice(0, 3000));
	const list = await ask(c.port, "POST", `/import/${upload}/errors`, { who: c.admin, form: { kind, name: "deals.csv", rows: "alike", map: map(r.body) } });
	ok(/alike\.csv/.test(list.headers["content-disposition"]) && /2,Signaling refresh,1,Signalling refresh,one or two letters apart,left out/.test(list.body), "D5: the list to download", list.body);
	r = await ask(c.port, "POST", `/import/${upload}/run`, { who: c.admin, form: { kind, name: "deals.csv", map: map(r.body), alike: "first" } });
	for (let i = 0; i < 50 && !/done/.test(r.headers.location || ""); i++) {
		await new Promise((go) => setTimeout(go, 200));
		r = await ask(c.port, "GET", r.headers.location || `/import/${upload}/progress`, { who: c.admin });
	}
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of rows that look alike ran", e.stack); tap.end(); });
