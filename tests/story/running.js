// A large file through HTTP: sent in slices over a line that breaks, brought in by the server while one looks on, stopped, killed in
// the middle, gone on with, taken back in one; on both databases.
//     node running.js PROGRAM [--only sqlite|postgres]
"use strict";
const http = require("http");
const { fresh, command, sql, serve, ask, enter, Tap, kinds, fewer } = require("./drive.js");
const { plain } = require("./company.js");

const program = process.argv[2], only = process.argv[3] === "--only" ? process.argv[4] : "";
const tap = new Tap(), MANY = { sqlite: Math.max(fewer(80000), 30000), postgres: 30000 }; // three batches at least, so that there is a middle
const words = (n) => n.toLocaleString("en");

function file(many) {
	const rows = ["Deal ID,Deal Name,Company,Deal Stage,Amount,Close Date,Deal Owner"];
	for (let i = 0; i < many; i++)
		rows.push(`D${i},"Deal number ${i}, of the year",Company ${i % 700},${["Lead", "Proposal", "Closed Won", "Closed Lost"][i % 4]},${i % 9000}.50,2026-${String(i % 12 + 1).padStart(2, "0")}-11,Seller ${i % 20}`);
	return Buffer.from(`${rows.join("\r\n")}\r\n`);
}

// One slice; cut: the line breaks after so many bytes.
function put(port, who, to, bytes, { cut, csrf = who.csrf } = {}) {
	return new Promise((resolve, reject) => {
		const q = http.request({ host: "127.0.0.1", port, method: "PUT", path: to, headers: { "Sec-Fetch-Site": "same-origin", Cookie: `__Host-ridealong=${who.cookie}`,
			"X-CSRF": csrf, "Content-Type": "application/octet-stream", "Content-Length": bytes.length } }, (r) => {
			const parts = [];
			r.on("data", (x) => parts.push(x));
			r.on("end", () => resolve({ status: r.statusCode, body: Buffer.concat(parts).toString() }));
		});
		q.on("error", (e) => cut ? resolve({ status: 0, body: "" }) : reject(e));
		if (cut) {
			q.write(bytes.subarray(0, cut));
			setTimeout(() => q.destroy(new Error("cut")), 200);
		} else {
			q.end(bytes);
		}
	});
}

const json = (r) => JSON.parse(r.body);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function upload(kind, s, who, bytes) {
	const SLICE = 1 << 20;
	const begun = json(await ask(s.port, "POST", "/import/upload", { who, form: { size: bytes.length } })), at = `/import/${begun.id}/slice`;
	tap.ok(begun.offset === 0 && begun.slice >= SLICE, `${kind}: an upload begins`, JSON.stringify(begun));
	let offset = json(await put(s.port, who, `${at}?offset=0`, bytes.subarray(0, SLICE))).offset;
	await put(s.port, who, `${at}?offset=${offset}`, bytes.subarray(offset, offset + SLICE), { cut: 300000 });
	let r = await ask(s.port, "GET", at, { who });
	tap.ok(json(r).offset === SLICE, `${kind}: of a slice that was cut off nothing is kept`, r.body);
	r = await put(s.port, who, `${at}?offset=0`, bytes.subarray(0, SLICE));
	tap.ok(r.status === 409 && json(r).offset === SLICE, `${kind}: a slice sent twice is answered with where to go on`, r.body);
	r = await put(s.port, who, `${at}?offset=${SLICE}`, Buffer.alloc((4 << 20) + 1));
	tap.ok(r.status === 413, `${kind}: a slice over 4 MB is refused`, `${r.status}`);
	r = await put(s.port, who, `${at}?offset=${SLICE}`, bytes.subarray(SLICE), { csrf: "x" });
	tap.ok(r.status === 403, `${kind}: a slice without the page's token is refused`, `${r.status}`);
	while (offset < bytes.length)
		offset = json(await put(s.port, who, `${at}?offset=${offset}`, bytes.subarray(offset, offset + SLICE))).offset;
	tap.ok(offset === bytes.length, `${kind}: all slices are there`);
	r = await ask(s.port, "POST", "/import/upload", { who, form: { size: 2 ** 33 } });
	tap.ok(r.status === 413 && /command line/.test(r.body), `${kind}: more than 4 GB goes by the command line`, plain(r.body));
	return begun.id;
}

const state = async (s, who, id) => ask(s.port, "GET", `/import/${id}/progress`, { who });

async function until(s, who, id, what, tries = 6000) {
	for (let i = 0; i < tries; i++) {
		const r = await state(s, who, id);
		if (what(r))
			return r;
		await wait(10);
	}
	throw new Error(`never: ${what}`);
}

async function begin(s, who, id) {
	const name = encodeURIComponent("many.csv"), page = await ask(s.port, "GET", `/import/${id}?kind=deals&name=${name}`, { who });
	const map = /<textarea name="map"[^>]*>([^<]*)</.exec(page.body)[1].replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
	const form = { kind: "deals", name: "many.csv", map };
	const dry = await ask(s.port, "POST", `/import/${id}`, { who, form: { ...form, do: "dry" }, timeout: 60000 });
	if (!/Nothing is written yet/.test(dry.body))
		throw new Error(plain(dry.body));
	return ask(s.port, "POST", `/import/${id}/run`, { who, form, timeout: 60000 });
}

// As the list of deals says: "30,000 deals".
async function count(s, who) {
	const r = await ask(s.port, "GET", "/deals?scope=all", { who, timeout: 60000 });
	return Number((/([\d,]+) deals?\b/.exec(plain(r.body)) ?? ["", "0"])[1].replaceAll(",", ""));
}

async function story(kind) {
	const many = MANY[kind], base = fresh(kind), bytes = file(many);
	command(program, base.url, "init", "--company", "Running", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	let s = await serve(program, base.url), who = await enter(s.port, s.link, {});
	const id = await upload(kind, s, who, bytes);
	let r = await begin(s, who, id);
	tap.ok(r.status === 303 && r.headers.location === `/import/${id}/progress`, `${kind}: a large import goes on by itself`, `${r.status} ${r.headers.location} ${plain(r.body)}`);
	r = await ask(s.port, "POST", `/import/${id}/stop`, { who, form: {} });
	r = await until(s, who, id, (x) => !/data-progress[^]*<progress/.test(x.body));
	tap.ok(/Stopped/.test(r.body) && /Go on/.test(r.body), `${kind}: it is stopped and can go on`, plain(r.body));
	await ask(s.port, "POST", `/import/${id}/resume`, { who, form: {} });
	r = await until(s, who, id, (x) => /rows written/.test(x.body) && /([\d,]+) of [\d,]+ rows written/.exec(plain(x.body))?.[1] !== "0");
	tap.ok(plain(r.body).includes(`of ${words(many)} rows written`), `${kind}: its page says how many rows are written`, plain(r.body));
	await s.stop("SIGKILL");
	s = await serve(program, base.url);
	who = await enter(s.port, s.link, {});
	r = await state(s, who, id);
	tap.ok(/Interrupted/.test(r.body) && /each is whole/.test(r.body), `${kind}: killed in the middle it is interrupted, and says what is safe`, plain(r.body));
	r = await ask(s.port, "GET", "/import", { who });
	tap.ok(r.body.includes(`/import/${id}/progress`), `${kind}: the list leads to it`, plain(r.body));
	const half = await count(s, who);
	tap.ok(half > 0 && half < many, `${kind}: part of the rows is there`, half);
	await ask(s.port, "POST", `/import/${id}/resume`, { who, form: {} });
	r = await until(s, who, id, (x) => x.status === 303);
	const done = r.headers.location;
	r = await ask(s.port, "GET", done, { who });
	tap.ok(r.body.includes(`<dt>Created</dt><dd>${words(many)}<`) && /<dt>Unchanged<\/dt><dd>0</.test(r.body), `${kind}: it went on; the figures are those of the whole`, plain(r.body));
	const whole = await count(s, who);
	tap.ok(whole === many, `${kind}: every deal is there once`, whole);
	if (kind === "postgres") {
		const known = Number(sql(base.url, "select min(reltuples) from pg_class where relname in ('deal', 'account', 'change_line')"));
		tap.ok(known > 0, `${kind}: it plans for the tables as they are now`, known);
	}
	r = await begin(s, who, id);
	tap.ok(r.status === 303 && r.headers.location === done, `${kind}: the form sent again finds what was done`, r.headers.location);
	r = await ask(s.port, "POST", `/import/undo/${/done\/([^?]*)/.exec(done)[1]}`, { who, form: {}, timeout: 240000 });
	tap.ok(r.status === 200 && await count(s, who) === 0, `${kind}: one undo takes both parts back`, plain(r.body));
	command(program, base.url, "check");
	await s.stop();
	base.drop();
}

(async () => {
	for (const kind of ["sqlite", "postgres"])
		if ((!only || only === kind) && kinds().includes(kind))
			await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of a large file ran", e.stack); tap.end(); });
