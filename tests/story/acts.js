// What acts take, as the API's description says it (I1): every act states the fields of its body; what is unknown, of another type or
// missing is refused at the field, and nothing is changed; the form's own checks refuse without the needed ones, too; and the source
// reads no field that its area's table lacks.
//     node acts.js PROGRAM SOURCE
"use strict";
const fs = require("fs");
const path = require("path");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");

const program = process.argv[2], source = process.argv[3], tap = new Tap();

// ---- the source: names that are read, by area ----

const text = (file) => fs.readFileSync(path.join(source, file), "utf8");
const files = (folder, end) => fs.readdirSync(path.join(source, folder)).filter((f) => f.endsWith(end)).map((f) => `${folder}/${f}`);

function readNames(folder) {
	const names = new Set();
	for (const file of files(folder, ".c")) {
		for (const m of text(file).matchAll(/(?:page_(?:id_|day_|has_)?field|page_has_field|http_field)\(r(?:->http)?, "([^"]+)"/g))
			names.add(m[1]);
		for (const m of text(file).matchAll(/page_fill\(r, &\w+, "([^"]+)"/g))
			m[1].split(" ").forEach((n) => names.add(n));
	}
	for (const own of ["idem", "size"]) // the key of an intent, and the length of an upload, which is no act
		names.delete(own);
	return names;
}

function reading() {
	const areas = fs.readdirSync(path.join(source, "areas")).filter((a) => files(`areas/${a}`, ".c").some((f) => /HTTP_POST/.test(text(f))));
	for (const area of areas) {
		const table = text(`areas/${area}/acts.c`), stated = new Set(table.match(/[\w#*-]+/g)), names = [...readNames(`areas/${area}`)];
		if (/TAKE_VERSION/.test(table))
			stated.add("version");
		const lacks = names.filter((n) => !stated.has(n.replace(/[0-9]+/, "#")) && !stated.has(n));
		tap.ok(!lacks.length, `${area}: of ${names.length} fields that are read each stands in the table`, lacks.join(" "));
	}
	tap.ok(areas.length > 10, "the areas are found", areas.join(" "));
}

// ---- the program ----

const wrongFor = (x) => {
	const types = [].concat(x.type || (x.anyOf ? x.anyOf[0].type : []));
	return !types.includes("integer") ? 12 : !types.includes("boolean") ? true : null;
};
const rightFor = (x) => {
	const one = x.anyOf ? x.anyOf[0] : x, types = [].concat(one.type);
	return one.enum ? one.enum.find((w) => w !== null) : one.format === "date" ? "2026-12-01" : one.pattern ? "00000000001" : types.includes("string") ? "Something" : types.includes("integer") ? one.minimum || 1 : true;
};

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "demo", "--seed", "5", "--deals", "60");
	const s = await serve(program, base.url), admin = await enter(s.port, s.link, {}), ok = (good, name, detail) => tap.ok(good, `${name} (${kind})`, detail);
	const send = async (to, json) => {
		const r = await ask(s.port, "POST", to, { who: admin, json, headers: { "X-CSRF": admin.csrf } });
		return { status: r.status, places: r.status === 422 ? JSON.parse(r.body).errors.map((x) => x.place) : [], body: r.body };
	};
	const written = async () => /(\d+), of which \d+ are sealed/.exec((await ask(s.port, "GET", "/health", { who: admin })).body.replace(/,(?=\d)/g, ""))[1];
	const all = JSON.parse((await ask(s.port, "GET", "/api/v1/openapi.json")).body), acts = Object.entries(all.paths).filter(([p, x]) => !p.startsWith("/api/") && x.post);
	const body = (x) => x.post.requestBody.content["application/json"].schema, before = await written(), wrong = { unknown: [], type: [], needed: [], words: [] };
	let n = 0, needed = 0, absent = 0;
	for (const [p, x] of acts) {
		const to = p.replace(/\{part\d\}/g, /import|duplicates|cell|part\//.test(p) ? "deal" : "00000000001").replace("/deals/deal/", "/deals/00000000001/"), schema = body(x), fields = Object.entries(schema.properties).filter(([f]) => f !== "idem");
		const full = Object.fromEntries((schema.required || []).map((f) => [f, rightFor(schema.properties[f])]));
		for (const [f, y] of fields) {
			if (!y.description || !(y.type || y.anyOf))
				wrong.words.push(`${p}: ${f}`);
			n++;
		}
		let r = await send(to, { ...full, colour: "red" });
		absent += r.status === 404;
		if (r.status !== 404 && !r.places.includes("colour")) // 404: whoever asks may not enter
			wrong.unknown.push(`${p}: ${r.status} ${r.body.slice(0, 200)}`);
		for (const [f, y] of fields.filter(([, v]) => wrongFor(v) !== null)) {
			r = await send(to, { ...full, [f]: wrongFor(y) });
			if (r.status !== 404 && !r.places.includes(f))
				wrong.type.push(`${p}: ${f}: ${r.status} ${r.body.slice(0, 200)}`);
		}
		for (const f of schema.required || []) {
			r = await send(to, { ...full, [f]: undefined });
			needed++;
			if (r.status !== 404 && !r.places.includes(f))
				wrong.needed.push(`${p}: ${f}: ${r.status} ${r.body.slice(0, 200)}`);
		}
	}
	ok(acts.length > 190 && !wrong.words.length && n > 400 && absent < 10, `${acts.length} acts state ${n} fields with type and words`, `${absent} not there; ${wrong.words.join("\n")}`);
	ok(!wrong.unknown.length, "a field that an act does not take is refused by name", wrong.unknown.join("\n"));
	ok(!wrong.type.length, "so is one of another type", wrong.type.join("\n"));
	ok(needed > 80 && !wrong.needed.length, `and ${needed} that are needed are asked for`, wrong.needed.join("\n"));
	ok(before === await written(), "nothing was changed by any of them", before);
	await s.stop();
	base.drop();
}

(async () => {
	reading();
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of acts ran", e.stack); tap.end(); });
