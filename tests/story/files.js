// Files on deals and accounts: kept in the database with limits on kind, size and total, given back for saving only, seen and
// removed by whoever sees and writes the record, taken back by undo, gone with the deal and back with it, in the backup; and what
// hostile hands send.
//     node files.js PROGRAM
"use strict";
const fs = require("fs");
const http = require("http");
const { spawnSync } = require("child_process");
const { fresh, command, sql, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const done = (r) => /done=(\w{11})/.exec(r.headers.location)[1];
const pdf = (n, fill = "x") => Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(n, fill)]);

// As a browser sends a form with a file.
function send(c, to, who, name, bytes, idem) {
	const mark = "----ridealong", part = (n, v) => `--${mark}\r\nContent-Disposition: form-data; name="${n}"\r\n\r\n${v}\r\n`;
	const body = Buffer.concat([Buffer.from(part("csrf", who.csrf) + part("idem", idem || `f${++c.n}`)
		+ `--${mark}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/html\r\n\r\n`), bytes, Buffer.from(`\r\n--${mark}--\r\n`)]);
	return raw(c, "POST", to, who, body, `multipart/form-data; boundary=${mark}`);
}

function raw(c, method, to, who, body, type) {
	return new Promise((resolve, reject) => {
		const q = http.request({ host: "127.0.0.1", port: c.port, method, path: to, headers: { "Sec-Fetch-Site": "same-origin", Cookie: `__Host-ridealong=${who.cookie}`, ...(body ? { "Content-Type": type, "Content-Length": body.length } : {}) } }, (r) => {
			const parts = [];
			r.on("data", (x) => parts.push(x));
			r.on("end", () => resolve({ status: r.statusCode, headers: r.headers, bytes: Buffer.concat(parts), body: Buffer.concat(parts).toString() }));
		});
		q.on("error", reject);
		q.end(body);
	});
}

const list = async (c, more = "") => JSON.parse((await c.get(`/api/v1/attachments?limit=100${more}`)).body).data;

async function begin(c) {
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Mikko", "Hanna"], ["Ada", "Mara"], ["Ben", "Mara"], ["Cid", "Mikko"]])
		await c.person(n, m);
	await c.post("/company/me", { person: c.ids.Hanna });
	for (const n of ["Ada", "Ben", "Cid"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	for (const n of ["Ada", "Ben"])
		c[`of${n}`] = `/deals/${/\/deals\/(\w{11})/.exec((await c.post("/deals", { name: `Deal of ${n}` }, c[n])).headers.location)[1]}`;
	const oak = await ask(c.port, "POST", "/api/v1/accounts", { who: c.admin, json: { name: "Oak Ltd", owner: c.ids.Ada }, headers: { "X-CSRF": c.admin.csrf } });
	c.oak = `/accounts/${JSON.parse(oak.body).id}`;
}

async function roundTrip(c, ok) {
	const bytes = pdf(300000, "\0\xff\r\n"), sent = await send(c, `${c.ofAda}/files`, c.Ada, "Angebot für Öl & Gas.pdf", bytes, "same");
	ok(sent.status === 303, "a file goes to a deal", `${sent.status} ${plain(sent.body).slice(0, 600)}`);
	const twice = await send(c, `${c.ofAda}/files`, c.Ada, "Angebot für Öl & Gas.pdf", bytes, "same");
	const [x, more] = await list(c);
	ok(twice.status === 303 && x && !more, "sent twice it is there once", JSON.stringify([x, more]));
	ok(x.name === "Angebot für Öl & Gas.pdf" && x.size === bytes.length && x.kind === "pdf" && x.by === c.ids.Ada && x.on_day === day(0) && !("data" in x), "with its name, size and who sent it", JSON.stringify(x));
	const page = plain((await c.get(c.ofAda, c.Ada)).body);
	ok(/Angebot für Öl (?:& )?Gas\.pdf PDF, 293 KB · Ada/.test(page), "the deal shows it", page.slice(-2500));
	const got = await raw(c, "GET", `/files/${x.id}`, c.Ada);
	ok(got.status === 200 && got.bytes.equals(bytes), "the bytes come back as they were", `${got.status} ${got.bytes.length}`);
	const h = got.headers;
	ok(/^attachment; filename="Angebot f_+r _+l & Gas\.pdf"; filename\*=UTF-8''Angebot%20f%C3%BCr%20%C3%96l%20%26%20Gas\.pdf$/.test(h["content-disposition"]) && h["content-type"] === "application/pdf"
		&& h["x-content-type-options"] === "nosniff" && /sandbox/.test(h["content-security-policy"]) && /no-store/.test(h["cache-control"]), "for saving only, as the kind it is and not as it was said to be", JSON.stringify(h));
	await send(c, `${c.oak}/files`, c.Ada, "notes.txt", Buffer.from("Räder"));
	const notes = (await list(c)).find((f) => f.name === "notes.txt");
	ok(notes && notes.account && !notes.deal && /notes\.txt Text, 6 bytes/.test(plain((await c.get(c.oak, c.Ada)).body)), "an account has files, too", JSON.stringify(notes));
	const json = await ask(c.port, "POST", `${c.ofAda}/files`, { who: c.Ada, json: { name: "plan.csv", data: Buffer.from("a,b\n1,2\n").toString("base64") }, headers: { "X-CSRF": c.Ada.csrf, "Idempotency-Key": "plan" } });
	ok(json.status < 400 && (await list(c)).length === 3, "a program sends its bytes in base64", `${json.status} ${json.body}`);
	const odd = await ask(c.port, "POST", `${c.ofAda}/files`, { who: c.Ada, json: { name: "plan.csv", data: "***" }, headers: { "X-CSRF": c.Ada.csrf } });
	ok(odd.status === 422 && /is no base64/.test(odd.body), "what is no base64 is said", odd.body);
	return x;
}

async function refusals(c, ok) {
	const before = (await list(c)).length, no = async (name, bytes, words, why) => {
		const r = await send(c, `${c.ofAda}/files`, c.Ada, name, Buffer.from(bytes));
		ok(r.status === 422 && words.test(plain(r.body)), why, `${name}: ${r.status} ${plain(r.body).slice(0, 700)}`);
	};
	await no("page.html", "<script>alert(1)</script>", /is of a kind that is not taken: \.html; PDF, Office documents/, "no HTML");
	await no("picture.svg", "<svg onload=alert(1)>", /not taken: \.svg/, "no SVG");
	await no("run.pdf.exe", "MZ", /not taken: \.exe/, "no programs");
	await no("README", "x", /has no ending that says what it is/, "nothing without an ending");
	await no("paper.pdf", "<html>", /is called \.pdf and is none/, "what is called PDF is one");
	await no("table.csv", Buffer.from([0x61, 0x00, 0x62]), /is called \.csv and is none/, "text is text");
	await no("empty.txt", "", /is missing or empty/, "nothing empty");
	await no("large.pdf", pdf(5 * 1024 * 1024), /is larger than 5 MB; link to where it lies/, "none above 5 MB");
	await no(`${"n".repeat(130)}.txt`, "x", /has too long a name/, "no name without end");
	await no("two.docx", "x", /is called \.docx and is none/, "no Office document by name alone");
	for (const [name, is] of [["..\\..\\etc\\boot.txt", "boot.txt"], ["../../etc/passwd.txt", "passwd.txt"], [".hidden.txt", "hidden.txt"], ["\u202egpj.txt", "gpj.txt"], ["a<img src=x onerror=alert(1)>.txt", "aimg src=x onerror=alert(1).txt"]]) {
		const r = await send(c, `${c.oak}/files`, c.Ada, name, Buffer.from("x")), [x] = (await list(c)).sort((a, b) => (a.id < b.id ? 1 : -1));
		ok(r.status === 303 && x.name === is, `a name is text and nothing else: ${JSON.stringify(name)}`, `${r.status} ${x && x.name}`);
		await c.post(`/files/${x.id}/remove`, {}, c.Ada);
	}
	ok((await list(c)).length === before, "nothing of it was kept");
	for (let i = 0; i < 5; i++)
		await send(c, `${c.ofBen}/files`, c.Ben, `part ${i}.pdf`, pdf(5 * 1024 * 1024 - 100, String(i)));
	const full = await send(c, `${c.ofBen}/files`, c.Ben, "one more.txt", Buffer.alloc(2000, "x"));
	ok(full.status === 422 && /would bring all files here above 25 MB/.test(plain(full.body)), "a deal holds 25 MB", plain(full.body).slice(0, 600));
}

async function rights(c, ok, x) {
	const other = (await send(c, `${c.ofAda}/files`, c.Ben, "mine.txt", Buffer.from("x"))).status, drop = await ask(c.port, "POST", `/files/${x.id}/remove`, { who: c.Ben, form: {} });
	ok(other === 403 && drop.status === 403 && (await raw(c, "GET", `/files/${x.id}`, c.Ben)).status === 200, "who reads the deal reads its files, and changes none", `${other} ${drop.status}`);
	const reach = async () => [(await raw(c, "GET", `/files/${x.id}`, c.Cid)).status, (await raw(c, "GET", `${c.ofAda}/files`, c.Cid)).status, JSON.parse((await c.get("/api/v1/attachments?limit=100", c.Cid)).body).data.length > 0];
	const open = await reach();
	await c.post("/company", { name: "Files", head: c.ids.Hanna, currency: "EUR", zone: "UTC", profile: "line" });
	const line = await reach();
	ok(open.join() === "200,200,true" && line.join() === "404,404,false", "O5: in the profile line files of another team are not there, in no list either", `${open} ${line}`);
	const gone = await ask(c.port, "GET", "/files/00000000001", { who: c.Ada }), none = await raw(c, "GET", "/files/00000000001", c.Ada);
	ok(gone.status === 404 && none.status === 404, "what is not there is not there");
	const nobody = await raw(c, "GET", `/files/${x.id}`, { cookie: "" });
	ok(nobody.status !== 200 && !nobody.body.includes("%PDF"), "nobody gets a file without signing in", String(nobody.status));
}

async function back(c, ok, x) {
	const drop = await c.post(`/files/${x.id}/remove`, {}, c.Ada);
	ok((await raw(c, "GET", `/files/${x.id}`, c.Ada)).status === 404 && !(await list(c)).some((f) => f.id === x.id), "removed, it is gone");
	await c.post(`/undo/${done(drop)}`, {}, c.Ada);
	const again = await raw(c, "GET", `/files/${x.id}`, c.Ada);
	ok(again.status === 200 && again.bytes.length === x.size, "undo brings it back, whole", String(again.status));
	const page = (await c.get(`/deals/bulk?deal=${c.ofAda.split("/")[2]}`, c.Ada)).body, picked = /name="picked" value="([^"]*)"/.exec(page)[1].replace(/&amp;/g, "&");
	const thrown = await c.post("/deals/bulk", { picked, query: "", act: "remove", step: "do" }, c.Ada);
	ok((await raw(c, "GET", `/files/${x.id}`, c.Ada)).status === 404, "it goes to the trash with its deal");
	await c.post(`/trash/${done(thrown)}`, {}, c.Ada);
	ok((await raw(c, "GET", `/files/${x.id}`, c.Ada)).bytes.length === x.size, "and comes back with it");
}

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Files", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${name} (${kind})`, detail);
	let x;
	try {
		await begin(c);
		x = await roundTrip(c, ok);
		await refusals(c, ok);
		await back(c, ok, x);
		await rights(c, ok, x);
	} finally {
		await s.stop();
	}
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing");
	if (kind === "sqlite") {
		const copy = `${base.url.slice(7)}.copy`;
		command(program, base.url, "backup", copy);
		ok(sql(`sqlite:${copy}`, "select sum(n_pieces) from (select count(*) as n_pieces from file_piece)") === sql(base.url, "select count(*) from file_piece"), "the backup holds the contents");
	}
	sql(base.url, `delete from file_piece where digest = '${x.digest}'`);
	const damaged = spawnSync(program, ["check", "--db", base.url], { encoding: "utf8" });
	ok(damaged.status !== 0 && /has lost its content/.test(damaged.stdout + damaged.stderr), "a lost content is found", damaged.stdout + damaged.stderr);
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of files ran", e.stack); tap.end(); });
