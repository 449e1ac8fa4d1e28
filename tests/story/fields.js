// Fields of the company's own: defined, filled, refused, listed, filtered, found, read as CSV and JSON, told in the history, merged,
// taken back; names that are code stay text.
//     node fields.js PROGRAM
"use strict";
const { spawnSync } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { fresh, command, serve, enter, ask, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const hostile = `"}'); drop table deal; <script>alert(1)</script>`;

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Fields", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	await c.person("Hanna");
	await c.person("Ada", "Hanna");
	await c.post("/company/me", { person: c.ids.Hanna });
	const define = (form, wanted) => c.post("/company/fields", { filtered: "1", listed: "1", ...form }, c.admin, wanted);
	const json = async (to) => JSON.parse((await ask(s.port, "GET", to, { who: c.admin, headers: { Accept: "application/json" } })).body);

	/* ---- what may be said of a field ---- */
	await define({ about: "deal", kind: "choice", name: "Region", choices: "North\nSouth", required: "1" });
	await define({ about: "deal", kind: "money", name: "Their budget" });
	await define({ about: "deal", kind: "text", name: hostile });
	await define({ about: "deal", kind: "person", name: "Engineer" });
	await define({ about: "deal", kind: "decimal", name: "Discount %" });
	await define({ about: "account", kind: "yesno", name: "Reference" });
	await define({ about: "account", kind: "text", name: "Nickname" });
	for (const [form, word] of [[{ about: "deal", kind: "text", name: "region" }, "another field"], [{ about: "deal", kind: "text", name: "Amount" }, "there already"], [{ about: "deal", kind: "choice", name: "Empty" }, "missing"],
		[{ about: "deal", kind: "nothing", name: "X" }, "does not fit"], [{ about: "deal", kind: "text", name: "x".repeat(61) }, "letters"], [{ about: "deal", kind: "money", name: "Y", currency: "QQ" }, "no currency"]]) {
		const r = await define(form, 422);
		ok(r.body.includes(word) && (!form.name || r.body.includes(`value="${form.name}"`)), `refused and kept: ${JSON.stringify(form).slice(0, 60)}`, plain(r.body).slice(0, 800));
	}
	const list = (await c.get("/company/fields")).body;
	ok(!list.includes("<script>alert") && list.includes("&lt;script&gt;alert"), "a name that is code is text");
	const fields = (await json("/api/v1/own-fields")).data, id = (name) => "f" + fields.find((x) => x.name === name).id;
	const region = id("Region"), budget = id("Their budget"), code = id(hostile), engineer = id("Engineer"), share = id("Discount %");

	/* ---- in forms and on pages ---- */
	let r = await c.post("/deals", { name: "Without", owner: c.ids.Ada }, c.admin, 422);
	ok(/Region/.test(plain(r.body)) && new RegExp(`id="${region}"`).test(r.body) && /is missing; fill in Region/.test(plain(r.body)), "a required field is asked for", plain(r.body).slice(0, 900));
	r = await c.post("/deals", { name: "Odd", owner: c.ids.Ada, [region]: "West", [budget]: "lots", [engineer]: "nobody", [share]: "0.1234567" }, c.admin, 422);
	ok(/“0.1234567” does not fit here; write a number, as 12.5/.test(plain(r.body)) && /“West” does not fit/.test(plain(r.body)) && /“lots” does not fit/.test(plain(r.body)) && r.body.includes('value="lots"'), "what does not fit is said at the field and kept", plain(r.body).slice(0, 900));
	await c.post("/deals", { name: "Acorn", owner: c.ids.Ada, [region]: "North", [budget]: "12,500.50", [code]: "=1+1 <b>", [engineer]: c.ids.Ada, [share]: "12,5" });
	await c.post("/deals", { name: "Birch", owner: c.ids.Ada, [region]: "South", [budget]: "900", [share]: "-0.25" });
	const acorn = await c.find("Acorn"), birch = await c.find("Birch");
	r = await c.get(`/deals/${acorn}`);
	ok(/Region North/.test(plain(r.body)) && /Their budget €12,500.50/.test(plain(r.body)) && /Engineer Ada/.test(plain(r.body)) && /Discount % 12\.5/.test(plain(r.body)) && !/<b>/.test(r.body.match(/=1\+1.{8}/)?.[0] || "<b>"), "the deal's page has them", plain(r.body).slice(0, 3000));

	/* ---- lists, filters, search, CSV ---- */
	const names = (body) => ["Acorn", "Birch"].filter((x) => new RegExp(`<th scope="row"><a href="/deals/\\w+">${x}<`).test(body)).join(" ");
	r = await c.get(`/deals?${region}=North`);
	ok(names(r.body) === "Acorn" && /Region is North/.test(plain(r.body)), "a sentence filters by one", plain(r.body).slice(0, 900));
	r = await c.get(`/deals?${budget}.least=${encodeURIComponent("1,000")}`);
	ok(names(r.body) === "Acorn" && /Their budget at least €1,000/.test(plain(r.body)), "an amount as people type it", plain(r.body).slice(0, 900));
	ok(names((await c.get(`/deals?${engineer}=${c.ids.Ada}`)).body) === "Acorn" && names((await c.get(`/deals?${engineer}.none=1`)).body) === "Birch" && names((await c.get(`/deals?${engineer}.below=${c.ids.Hanna}`)).body) === "Acorn", "people, none, and below somebody");
	for (const [most, wanted] of [["12,4", "Birch"], ["12.5", "Acorn Birch"], ["-0.25", "Birch"], ["-0.250001", ""]])
		ok(names((await c.get(`/deals?${share}.most=${most}`)).body) === wanted, `a number with decimals as people type it, at most ${most}`);
	ok(/Discount % at least 12\.5/.test(plain((await c.get(`/deals?${share}.least=12,5`)).body)), "said in the sentence");
	for (const odd of [`${region}=West`, `${share}.least=a`, `${budget}.least=x`, `${region}.between=1`, "f00000000000=1"])
		ok((await c.get(`/deals?${odd}`)).status === 422, `told: ${odd.slice(12)}`);
	ok(/Acorn/.test((await c.get("/search?q=1%2B1")).body), "search finds the text of a field");
	const csv = (await c.get("/deals.csv")).body;
	ok(csv.includes('"Region","Their budget"') && /"North","12500.50","'=1\+1 <b>","Ada","?12\.5"?/.test(csv), "the file holds them, and no formula", csv);

	/* ---- JSON and its description ---- */
	let d = await json(`/api/v1/deals/${acorn}`);
	ok(d[region] === "North" && d[budget] === 1250050 && d[code] === "=1+1 <b>" && d[engineer] === c.ids.Ada && d[share] === 12.5 && !("extra" in d), "JSON holds them in their types", JSON.stringify(d));
	const about = await json("/api/v1/openapi.json");
	ok(about.components.schemas.Deal.properties[region].description === "Region" && about.components.schemas.DealFields.patternProperties, "the description names them to who signs in");
	const send = (to, body, method = "PATCH") => ask(s.port, method, to, { who: c.admin, json: body, headers: { "X-CSRF": c.admin.csrf } });
	for (const odd of ["12.5", 0.1234567, 1e12, true])
		ok((await send(`/api/v1/deals/${acorn}`, { version: d.version, [share]: odd })).status === 422, `refused as a number with decimals: ${JSON.stringify(odd)}`);
	ok(JSON.stringify(about.components.schemas.Deal.properties[share].type) === '["number","null"]', "described as a number", JSON.stringify(about.components.schemas.Deal.properties[share]));
	r = await send(`/api/v1/deals/${acorn}`, { version: d.version, [region]: "South", [budget]: null, [share]: -7.125 });
	ok(JSON.parse(r.body)[share] === -7.125 && r.status === 200 && JSON.parse(r.body)[region] === "South" && JSON.parse(r.body)[budget] === null, "and changed", r.body);
	d = JSON.parse(r.body);
	for (const wrong of [{ [region]: 7 }, { [region]: "West" }, { [region]: null }, { [budget]: "12" }, { [engineer]: "00000000001" }, { f00000000000: "x" }, { extra: "{}" }]) {
		r = await send(`/api/v1/deals/${acorn}`, { version: d.version, ...wrong });
		ok(r.status === 422, `JSON refused: ${JSON.stringify(wrong).replace(/f\w{11}/, "f…")}`, r.body);
	}
	r = await send("/api/v1/deals", { name: "By API", owner: c.ids.Ada }, "POST");
	ok(r.status === 422 && r.body.includes("send Region"), "a required field is asked of programs, too", r.body);

	/* ---- history and undo ---- */
	r = await c.get(`/deals/${acorn}`);
	ok(/Region: North → South/.test(plain(r.body)) && /Their budget: €12,500.50 → nothing/.test(plain(r.body)), "the history has a line a field, by its name", plain(r.body).slice(-2500));
	const events = (await json(`/api/v1/deals/${acorn}/history`)).data;
	ok(events.some((x) => x.label === "Region" && x.field === region && x.before === "North" && x.after === "South"), "and for programs", JSON.stringify(events.slice(0, 3)));
	await c.post(`/undo/${events[0].change_set}`, {});
	d = await json(`/api/v1/deals/${acorn}`);
	ok(d[region] === "North" && d[budget] === 1250050, "undo restores them", JSON.stringify(d));

	/* ---- merge, archive, stale ---- */
	r = await c.get(`/duplicates/deal/${acorn}/${birch}`);
	ok(r.body.includes(`name="take_${region}"`), "a merge asks which value stands", plain(r.body).slice(0, 900));
	const [va, vb] = [/name="version_a" value="(\d+)"/.exec(r.body)[1], /name="version_b" value="(\d+)"/.exec(r.body)[1]];
	r = await c.post(`/duplicates/deal/${acorn}/${birch}`, { version_a: va, version_b: vb, [`take_${region}`]: "b" });
	d = await json(`/api/v1/deals/${acorn}`);
	ok(d[region] === "South" && d[budget] === 1250050, "and takes it", JSON.stringify(d));
	await c.post(`/undo/${/done=(\w+)/.exec(r.headers.location)[1]}`, {});
	ok((await json(`/api/v1/deals/${acorn}`))[region] === "North" && (await json(`/api/v1/deals/${birch}`))[region] === "South", "undo parts them, each with its own");
	const at = `/company/fields/${region.slice(1)}`, v = fields.find((x) => "f" + x.id === region).version;
	await c.post(at, { version: v, name: "Region", choices: "North\nEast", filtered: "1", listed: "1", required: "1" });
	await c.post(at, { version: v, name: "Too late" }, c.admin, 409);
	r = await c.get(`/deals/${birch}/edit`);
	ok(/<option value="South" selected>/.test(r.body), "a choice off the list stays where it stands");
	await c.post(at, { name: "Region", choices: "North\nEast", archived: "1" });
	ok(!(await c.get(`/deals/${acorn}`)).body.includes("Region ") && (await c.get(`/deals?${region}=North`)).status === 422, "archived: out of pages and filters");
	await c.post(at, { name: "Region", choices: "North\nEast", filtered: "1" });
	ok(names((await c.get(`/deals?${region}=North`)).body) === "Acorn", "and back with its values");

	/* ---- accounts ---- */
	r = await send("/api/v1/accounts", { name: "Oak Ltd", owner: c.ids.Ada, [id("Reference")]: true, [id("Nickname")]: "Zofie" }, "POST");
	const oak = JSON.parse(r.body);
	ok(r.status === 201 && oak[id("Reference")] === true, "an account has its own", r.body);
	ok(/Oak Ltd/.test((await c.get(`/accounts?${id("Reference")}=1`)).body) && !/Oak Ltd/.test((await c.get(`/accounts?${id("Reference")}=0`)).body) && /Oak Ltd/.test((await c.get("/search?q=zofie")).body), "filtered and found by them");
	await c.post(`/accounts/${oak.id}`, { name: "Oak Ltd", [id("Nickname")]: "Žofka" });
	ok((await json(`/api/v1/accounts/${oak.id}`))[id("Nickname")] === "Žofka" && (await json(`/api/v1/accounts/${oak.id}`))[id("Reference")] === true, "changed on its page; what the form does not have stays");
	/* ---- files: the mapping proposes a field by its name; what is no value is told; a second time nothing doubles ---- */
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-fields-")), file = path.join(folder, "deals.csv");
	const bring = (...rows) => {
		fs.writeFileSync(file, `id,name,owner,stage,region,Their budget,Engineer\n${rows.join("\n")}\n`);
		const r = spawnSync(program, ["import", "deals", file, "--db", base.url], { encoding: "utf8" });
		return r.stdout + r.stderr;
	};
	bring("1,File one,Ada,Qualify,north,1200.50,Ada", "2,File two,Ada,Qualify,,,");
	const one = await c.find("File one");
	d = await json(`/api/v1/deals/${one}`);
	ok(d[region] === "North" && d[budget] === 120050 && d[engineer] === c.ids.Ada, "a file fills them", JSON.stringify(d));
	ok((await json(`/api/v1/deals/${await c.find("File two")}`))[region] === null, "empty cells are none");
	bring("1,File one,Ada,Qualify,East,1300,Ada", "2,File two,Ada,Qualify,,,");
	d = await json(`/api/v1/deals/${one}`);
	ok(d[region] === "East" && d[budget] === 130000 && names((await c.get(`/deals?${region}=East`)).body) === "" && (await c.get(`/deals?${region}=East`)).body.includes("File one"), "a second file changes them, and their keys", JSON.stringify(d));
	for (const [row, word] of [["3,Odd,Ada,Qualify,Nowhere,,", "no value of the field Region"], ["3,Odd,Ada,Qualify,,lots,", "lots"], ["3,Odd,Ada,Qualify,,,Nobody", "no value of the field Engineer"]])
		ok(bring(row).includes(word) && (await json("/api/v1/deals?name.is=Odd")).data.length === 0, `rejected: ${word}`, bring(row));
	fs.writeFileSync(file, `id,account,owner,stage\n9,Elm Ltd,Ada,Qualify\n`);
	const nameless = spawnSync(program, ["import", "deals", file, "--db", base.url], { encoding: "utf8" });
	ok(nameless.status === 0 && /1 created/.test(nameless.stdout + nameless.stderr), "a file without a column for the name comes in, own fields or none", nameless.stdout + nameless.stderr);
	r = await send(`/api/v1/deals/${one}`, { version: d.version, [region]: "North" });
	const said = bring("1,File one,Ada,Qualify,East,1400,Ada");
	ok(/kept/.test(said) && (await json(`/api/v1/deals/${one}`))[region] === "North", "what a person edited here stays", said);
	fs.rmSync(folder, { recursive: true });
	await s.stop();
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of own fields ran", e.stack); tap.end(); });
