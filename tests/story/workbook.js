// A workbook of two sheets, by the command line and through the pages: the sheet is chosen, days and amounts are right.
//     node workbook.js PROGRAM
"use strict";
const { spawnSync } = require("child_process");
const fs = require("fs");
const http = require("http");
const os = require("os");
const path = require("path");
const zlib = require("zlib");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");

const program = process.argv[2], tap = new Tap();

// Parts stored as they are: a zip archive needs no more (APPNOTE 4.3).
// The last eight bytes of a gzip file are checksum and length; zlib.crc32 is newer than Debian's Node.
const crc32 = (body) => { const z = zlib.gzipSync(body); return z.readUInt32LE(z.length - 8); };

function zip(parts) {
	const local = [], central = [];
	let at = 0;
	for (const [name, text] of Object.entries(parts)) {
		const body = Buffer.from(text), head = Buffer.alloc(30), entry = Buffer.alloc(46), crc = crc32(body);
		head.writeUInt32LE(0x04034b50, 0);
		head.writeUInt16LE(20, 4);
		head.writeUInt32LE(crc, 14);
		for (const o of [18, 22])
			head.writeUInt32LE(body.length, o);
		head.writeUInt16LE(name.length, 26);
		entry.writeUInt32LE(0x02014b50, 0);
		entry.writeUInt16LE(20, 6);
		head.copy(entry, 16, 14, 28);
		entry.writeUInt32LE(at, 42);
		local.push(head, Buffer.from(name), body);
		central.push(entry, Buffer.from(name));
		at += 30 + name.length + body.length;
	}
	const directory = Buffer.concat(central), end = Buffer.alloc(22), n = Object.keys(parts).length;
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(n, 8);
	end.writeUInt16LE(n, 10);
	end.writeUInt32LE(directory.length, 12);
	end.writeUInt32LE(at, 16);
	return Buffer.concat([...local, directory, end]);
}

const cell = (x) => (typeof x === "number" ? `<c><v>${x}</v></c>` : x.day ? `<c s="1"><v>${x.day}</v></c>` : `<c t="inlineStr"><is><t>${x}</t></is></c>`);
const sheet = (rows) => `<worksheet><sheetData>${rows.map((r) => `<row>${r.map(cell).join("")}</row>`).join("")}</sheetData></worksheet>`;
const book = zip({
	"xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="Read me" r:id="a"/><sheet name="Deals 2017" r:id="b"/></sheets></workbook>',
	"xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/><Relationship Id="b" Target="worksheets/sheet2.xml"/></Relationships>',
	"xl/styles.xml": '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
	"xl/worksheets/sheet1.xml": sheet([["name", "account"], ["A note", "Nobody"]]),
	"xl/worksheets/sheet2.xml": sheet([["Opportunity ID", "Deal name", "Account", "Stage", "Amount", "Currency", "Closed on"],
		["W1", "Rails", "Acme, Ltd", "Won", 1054.5, "EUR", { day: 42795 }], ["W2", "Switches", "Zeta", "Lost", 200, "EUR", { day: 42800 }], ["W3", "Signals", "Zeta", "Open", 70, "EUR"]]),
});

function upload(s, who) {
	const edge = "----edge8512", body = Buffer.concat([Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${who.csrf}\r\n--${edge}\r\nContent-Disposition: form-data; name="kind"\r\n\r\ndeals\r\n`
		+ `--${edge}\r\nContent-Disposition: form-data; name="file"; filename="book.xlsx"\r\nContent-Type: application/octet-stream\r\n\r\n`), book, Buffer.from(`\r\n--${edge}--\r\n`)]);
	return new Promise((resolve, reject) => {
		const q = http.request({ host: "127.0.0.1", port: s.port, method: "POST", path: "/import", headers: { Cookie: `__Host-ridealong=${who.cookie}`, "Sec-Fetch-Site": "same-origin",
			"Content-Type": `multipart/form-data; boundary=${edge}`, "Content-Length": body.length } }, (r) => { r.resume(); r.on("end", () => resolve(r.headers.location)); });
		q.on("error", reject);
		q.end(body);
	});
}

const mapOf = (html) => /<textarea name="map"[^>]*>([\s\S]*?)<\/textarea>/.exec(html)[1].replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const right = (url) => {
	const m = JSON.parse(command(program, url, "report", "sales-summary", "--format", "json"));
	return m.as_of === "2017-03-06" && m.metrics.won.value === 1 && m.metrics.lost.value === 1 && m.metrics.open.value === 1 && m.metrics.revenue_won.value === 105450;
};

function company(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Book", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	return base;
}

async function proof(kind) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-book-")), file = path.join(folder, "book.xlsx");
	let base = company(kind);
	fs.writeFileSync(file, book);
	const r = spawnSync(program, ["import", "deals", file, "--sheet", "Deals 2017", "--db", base.url], { encoding: "utf8" });
	tap.ok(r.status === 0 && /3 rows: 3 created/.test(r.stdout) && /“Read me”, “Deals 2017”/.test(r.stderr) && right(base.url), `${kind}: a sheet by the command line`, r.stdout + r.stderr);
	const none = spawnSync(program, ["import", "deals", file, "--sheet", "Nope", "--db", base.url], { encoding: "utf8" });
	tap.ok(none.status === 1 && /has no sheet “Nope”; the first is “Read me”/.test(none.stderr), `${kind}: a sheet that is not there`, none.stderr);
	fs.writeFileSync(file, book.subarray(0, book.length / 2));
	const cut = spawnSync(program, ["import", "deals", file, "--db", base.url], { encoding: "utf8" });
	tap.ok(cut.status === 1 && /is damaged: .*save it again as .xlsx/.test(cut.stderr), `${kind}: half a workbook`, cut.stderr);
	base.drop();
	base = company(kind);
	const s = await serve(program, base.url), who = await enter(s.port, s.link, {}), at = await upload(s, who), to = at.replace(/\?.*/, "");
	const first = (await ask(s.port, "GET", at, { who })).body;
	tap.ok(/<select id="sheet"[^>]*>\s*<option value="Read me" selected>Read me<\/option>\s*<option value="Deals 2017">/.test(first) && first.includes("A note"), `${kind}: the page offers both sheets`, first.slice(0, 200));
	const form = { kind: "deals", name: "book.xlsx", as_of: "", map: mapOf(first), sheet_was: "Read me", sheet: "Deals 2017", m0: "name", do: "look" };
	const second = (await ask(s.port, "POST", to, { who, form })).body;
	tap.ok(second.includes("Acme, Ltd") && second.includes("2017-03-01") && /<option value="Deals 2017" selected>/.test(second), `${kind}: another sheet is read anew`, (/<main[\s\S]*/.exec(second) || [second])[0].slice(0, 2000));
	const done = await ask(s.port, "POST", `${to}/run`, { who, form: { kind: "deals", name: "book.xlsx", as_of: "", map: mapOf(second), sheet_was: "Deals 2017", sheet: "Deals 2017" } });
	tap.ok(done.status === 303 && right(base.url), `${kind}: and comes in by the pages`, `${done.status} ${done.body.slice(0, 500)}`);
	await s.stop();
	base.drop();
	fs.rmSync(folder, { recursive: true });
}

(async () => {
	for (const kind of ["sqlite", "postgres"])
		if (kinds().includes(kind))
			await proof(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story ran", e.stack); tap.end(); });
