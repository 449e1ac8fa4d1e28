// Files and ways that go wrong, by the command line and by the pages: a clear word that names the place and the mend,
// nothing half written, and afterwards the good file comes in whole.
//     node bad_files.js PROGRAM [--only sqlite|postgres]
"use strict";
const { spawn, spawnSync } = require("child_process");
const fs = require("fs");
const http = require("http");
const os = require("os");
const path = require("path");
const { fresh, command, sql, serve, ask, enter, Tap, kinds, fewer } = require("./drive.js");
const sales = require("./sales.js");

const program = process.argv[2], only = process.argv[3] === "--only" ? process.argv[4] : "";
const tap = new Tap();
const folder = fs.mkdtempSync(path.join(process.env.TMPDIR || "/var/tmp", "ridealong-bad."));
const at = (name) => path.join(folder, name);
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
const head = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n";
const good = "A1,Ada Lund,GTX Pro,Acme,Won,2017-01-02,2017-02-03,100\n";

const many = (n) => head + Array.from({ length: n }, (_, i) => `K${i},Ada Lund,GTX Pro,Acme ${i % 50},${i % 3 ? "Won" : "Lost"},2017-01-02,2017-0${1 + i % 9}-15,${i % 3 ? 10 + i % 7 : 0}\n`).join("");
const people = (rows) => `sales_agent,manager,regional_office\n${rows}`;
// name, kind, text or a maker of the file, what is said: place and mend.
const bad = [
	["a loop in the line", "people", people("X,Y,\nY,Z,\nZ,X,\n"), [/row 1 .*would make a loop: X → Y → Z → X; name somebody who does not report/]],
	["somebody twice", "people", people("Ada,Maya,\nBen,Maya,\nAda,Ruth,\n"), [/row 3 \(line 4\).*“Ada” is in row 1 already; leave one of the two/]],
	["a day that is none", "deals", `${head}${good}A2,Ada Lund,GTX Pro,Acme,Won,2017-02-30,2017-03-03,5\n`, [/row 2 \(line 3\), column engage_date: 30 February is not a day; mend this cell/]],
	["closed before it began", "deals", `${head}A2,Ada Lund,GTX Pro,Acme,Won,2017-05-30,2017-03-03,5\n`, [/column close_date: is before the deal was engaged; check the two days/]],
	["an amount in words", "deals", `${head}A2,Ada Lund,GTX Pro,Acme,Won,2017-01-30,2017-03-03,ten\n`, [/column close_value: "ten" is not a number; write it as 12500.00/]],
	["a stage nobody named", "deals", `${head}A2,Ada Lund,GTX Pro,Acme,Dancing,2017-01-30,,\n`, [/column deal_stage: the mapping has no stage “Dancing”; add it under stages/]],
	["an id twice", "deals", `${head}${good}${good}`, [/row 2 .*duplicate id in file: “A1” is in row 1 already/]],
	["columns of another file", "deals", "colour,size\nred,4\n", [/line \d+: the file has no column "opportunity_id"; write the column's name as it stands/]],
	["a quote never closed", "deals", `${head}${good}A2,"Ada Lund,GTX Pro,Acme,Won,2017-01-30,2017-03-03,5\nA3,Ben,GTX Pro,Acme,Won,2017-01-30,2017-03-03,5\n`,
		[/line 3\): unterminated quote: it opens here and is never closed; nothing after it was read; close the quote/]],
	["text behind a quote", "deals", `${head}A2,"Ada" Lund,GTX Pro,Acme,Won,2017-01-30,2017-03-03,5\n`, [/line 2\): text after a closing quote; double every quote/]],
	["a row of 10 MB", "deals", `${head}${good}A2,${"x".repeat(10 << 20)},GTX Pro,Acme,Won,2017-01-30,2017-03-03,5\n`, [/line 3\): the row is longer than 1048576 bytes; shorten it/]],
	["a program", "deals", () => fs.copyFileSync(program, at("file.csv")), [/not a table of text; export the list as CSV/]],
	["an empty file", "deals", "", [/the file is empty; export the list again, with a header line/]],
	["a folder", "deals", () => fs.mkdirSync(at("file.csv")), [/is a folder; name one file/]],
	["no file", "deals", () => {}, [/there is no such file; check the path/]],
	["gigabytes of nothing behind the rows", "deals", () => { fs.writeFileSync(at("file.csv"), many(2000)); fs.truncateSync(at("file.csv"), fewer(2 ** 31)); },
		[/row 2001 \(line 2002\): the row is longer than 1048576 bytes; shorten it/]],
];

function run(url, kind, file, ...more) {
	const from = Date.now(), r = spawnSync(program, ["import", kind, file, "--db", url, ...more], { encoding: "utf8", timeout: 120000, maxBuffer: 1 << 26 });
	return { status: r.status, signal: r.signal, said: r.stdout + r.stderr, ms: Date.now() - from };
}

// Everything that is stored, as check counts it.
const stored = (url) => /(\d+) rows and (\d+) change sets looked at, 0 wrong/.exec(command(program, url, "check")).slice(1).join(" ");

function refusals(name, url) {
	const before = stored(url);
	for (const [what, kind, text, wants] of bad) {
		fs.rmSync(at("file.csv"), { recursive: true, force: true });
		if (typeof text === "string")
			fs.writeFileSync(at("file.csv"), text);
		else
			text();
		const r = run(url, kind, at("file.csv"), "--map", at(kind === "deals" ? "deals.yaml" : "people.yaml"));
		const rude = /\((io|input|db|error)\)|1970|-2147483648|^0 rows:/m.test(r.said);
		tap.ok(r.status === 1 && wants.every((w) => w.test(r.said)) && !rude, `${name}: ${what}, refused in ${r.ms} ms with its place and mend`, `${r.status} ${r.signal}\n${r.said.slice(0, 3000)}`);
	}
	fs.rmSync(at("file.csv"), { recursive: true, force: true });
	tap.ok(stored(url) === before, `${name}: nothing of all that is stored`, `${before}, now ${stored(url)}`);
}

// ---- killed in the middle ----

// Starts an import and kills it once it has begun and some: what it leaves is neither done nor undone.
async function cutShort(name, url, times) {
	const begun = () => Number(sql(url, "select count(*) from import_file where state = 'running'"));
	let cut = 0;
	for (let turn = 0; turn < 8 && cut < times; turn++) {
		const had = begun(), child = spawn(program, ["import", "deals", at("many.csv"), "--map", at("deals.yaml"), "--db", url], { stdio: "ignore" });
		const ended = new Promise((done) => { child.on("exit", (code, signal) => done(signal)); });
		while (child.exitCode === null && begun() === had)
			await pause(5);
		await pause(turn * 40);
		child.kill("SIGKILL");
		const signal = await ended, sound = spawnSync(program, ["check", "--db", url], { encoding: "utf8" });
		cut += Number(signal === "SIGKILL" && begun() > had);
		if (sound.status !== 0)
			tap.ok(false, `${name}: sound after the kill`, sound.stdout + sound.stderr);
	}
	tap.ok(cut > 0, `${name}: an import was killed in the middle ${cut} times`, "never between its first and its last write");
}

const states = (url) => command(program, url, "import", "list").trim().split("\n").filter(Boolean).map((l) => l.split("\t")).map(([id, , , state]) => ({ id, state }));
const deals = (url) => { const m = JSON.parse(command(program, url, "report", "sales-summary", "--format", "json")).metrics; return m.won.value + m.lost.value + m.open.value; };

const kind = (url) => url.slice(0, url.indexOf(":"));

async function killed(name, url) {
	const n = fewer(kind(url) === "postgres" ? 6000 : 12000);
	fs.writeFileSync(at("many.csv"), many(n));
	await cutShort(name, url, 2);
	for (let i = 0; i < 90 && states(url).some((x) => x.state === "running"); i++)
		await pause(1000); // what has not written for a minute runs no more
	tap.ok(states(url).every((x) => x.state === "interrupted"), `${name}: what was cut says “interrupted”`, JSON.stringify(states(url)));
	for (const { id } of states(url)) {
		const r = spawnSync(program, ["import", "undo", id, "--db", url], { encoding: "utf8" });
		tap.ok(r.status === 0, `${name}: and is taken back`, r.stdout + r.stderr);
	}
	tap.ok(deals(url) === 0 && /0 wrong/.test(command(program, url, "check")), `${name}: nothing half-written stays`, deals(url));
	await cutShort(name, url, 1);
	const r = run(url, "deals", at("many.csv"), "--map", at("deals.yaml"));
	const m = /(\d+) rows: (\d+) created, 0 updated, (\d+) unchanged, 0 rejected/.exec(r.said);
	tap.ok(r.status === 0 && m && Number(m[1]) === n && Number(m[2]) + Number(m[3]) === n, `${name}: the same file goes on where it stopped`, r.said);
	tap.ok(deals(url) === n && /0 wrong/.test(command(program, url, "check")), `${name}: every row is there once, and sums and seal are right`, deals(url));
}

// ---- by the pages ----

function multipart(fields, name, text) {
	const edge = "----edge8512", parts = Object.entries(fields).map(([k, v]) => `--${edge}\r\nContent-Disposition: form-data; name="${k}"\r\n\r\n${v}\r\n`);
	return { type: `multipart/form-data; boundary=${edge}`,
		body: Buffer.concat([Buffer.from(`${parts.join("")}--${edge}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`), Buffer.from(text), Buffer.from(`\r\n--${edge}--\r\n`)]) };
}

// Sends an upload; with cut, the connection drops after so many bytes.
function upload(s, who, kind, name, text, cut) {
	const m = multipart({ csrf: who.csrf, kind }, name, text);
	return new Promise((resolve, reject) => {
		const q = http.request({ host: "127.0.0.1", port: s.port, method: "POST", path: "/import",
			headers: { Cookie: `__Host-ridealong=${who.cookie}`, "Sec-Fetch-Site": "same-origin", "Content-Type": m.type, "Content-Length": m.body.length } }, (r) => {
			let body = "";
			r.on("data", (x) => { body += x; });
			r.on("end", () => resolve({ status: r.statusCode, to: r.headers.location, body }));
		});
		q.on("error", (e) => (cut ? resolve({ status: 0 }) : reject(e)));
		if (!cut)
			return q.end(m.body);
		q.write(m.body.subarray(0, cut));
		setTimeout(() => q.destroy(), 60);
	});
}

const plain = (html) => html.replace(/<[^>]+>/g, " ").replace(/[\s\u00a0]+/g, " ");
const mapOf = (html) => /<textarea name="map"[^>]*>([\s\S]*?)<\/textarea>/.exec(html)[1].replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

async function byPages(name, url) {
	const s = await serve(program, url), who = await enter(s.port, s.link, {}), before = stored(url);
	const text = (id) => head + `${id},Ada Lund,GTX Pro,Acme,Engaging,2017-01-02,,100\n`.repeat(1) + `${id}b,Ada Lund,GTX Pro,Acme,Won,2017-01-02,2017-03-01,70\n`;
	await upload(s, who, "deals", "cut.csv", many(3000), 100000);
	const alive = await ask(s.port, "GET", "/import", { who });
	tap.ok(alive.status === 200 && stored(url) === before, `${name}: a connection dropped during an upload leaves nothing`, alive.status);
	const none = await upload(s, who, "deals", "empty.csv", "");
	tap.ok(none.status === 422 && /File: is missing or empty; choose a file/.test(plain(none.body)), `${name}: an empty upload is told`, plain(none.body).slice(0, 500));
	const program_ = await upload(s, who, "deals", "program.csv", fs.readFileSync(program).subarray(0, 200000));
	const seen = program_.to ? await ask(s.port, "GET", program_.to, { who }) : program_;
	tap.ok(seen.status === 422 && /not a table of text; export the list as CSV/.test(plain(seen.body)), `${name}: a program is no table`, `${seen.status} ${plain(seen.body).slice(0, 500)}`);
	const large = await upload(s, who, "deals", "large.csv", Buffer.alloc(34 << 20, "x"));
	tap.ok(large.status === 413 || (large.status === 422 && /32 MB/.test(large.body)), `${name}: what is too large is told so`, `${large.status} ${plain(large.body || "").slice(0, 300)}`);
	const first = await upload(s, who, "deals", "twice.csv", text("T1")), columns = await ask(s.port, "GET", first.to, { who });
	const form = { kind: "deals", name: "twice.csv", map: mapOf(columns.body), as_of: "" }, to = first.to.replace(/\?.*/, "");
	const broken = await ask(s.port, "POST", to, { who, form: { ...form, map: form.map.replace("deal_stage:", "deal_stag:"), do: "dry" } });
	tap.ok(broken.status < 500, `${name}: a mapping that fits no more is told, not stumbled over`, broken.status);
	const both = await Promise.all([0, 1].map(() => ask(s.port, "POST", `${to}/run`, { who, form })));
	const third = await ask(s.port, "POST", `${to}/run`, { who, form });
	tap.ok(both.every((r) => r.status === 303) && third.status === 303, `${name}: a step sent twice at once is answered both times`, both.map((r) => `${r.status} ${plain(r.body).slice(0, 800)}`).join("\n"));
	const summary = JSON.parse(command(program, url, "report", "pipeline", "--format", "json")).stages;
	tap.ok(summary.length === 1 && summary[0].n === 1, `${name}: and writes once`, JSON.stringify(summary));
	const states = command(program, url, "import", "list").split("\n").filter((l) => l.includes("twice.csv")).map((l) => l.split("\t").slice(3).join(" "));
	tap.ok(states.filter((x) => / 2 created/.test(x) && x.startsWith("done")).length === 1 && !states.some((x) => x.startsWith("running")), `${name}: one import has the rows, the others found them`, states.join("\n"));
	const stale = await ask(s.port, "POST", "/import/0123456789a/run", { who, form });
	tap.ok(stale.status === 422 && /no longer here.*upload it again/i.test(plain(stale.body)), `${name}: a step whose file is gone says so and how to go on`, `${stale.status} ${plain(stale.body).slice(0, 600)}`);
	await s.stop();
	tap.ok(/0 wrong/.test(command(program, url, "check")), `${name}: and check finds nothing`);
}

async function proof(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Bad", "--currency", "USD", "--timezone", "UTC", "--admin", "a@example.com");
	fs.writeFileSync(at("deals.yaml"), sales.made().dealsMap);
	fs.writeFileSync(at("people.yaml"), sales.made().peopleMap);
	refusals(kind, base.url);
	await byPages(kind, base.url);
	base.drop();
	const other = fresh(kind);
	command(program, other.url, "init", "--company", "Kill", "--currency", "USD", "--timezone", "UTC", "--admin", "a@example.com");
	await killed(kind, other.url);
	other.drop();
}

(async () => {
	for (const kind of ["sqlite", "postgres"])
		if ((!only || only === kind) && kinds().includes(kind))
			await proof(kind);
	fs.rmSync(folder, { recursive: true });
	tap.end();
})().catch((e) => { tap.ok(false, "the story ran", e.stack); tap.end(); });
