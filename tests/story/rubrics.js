// Observation with rubrics, on both databases (C7, C8, E8b): ready ones come with a new company; one is linted when written, frozen when
// used, and goes out and in as a file. An observation on one is blind both ways: the person says their own levels before reading the
// observer's, a second observer writes without the first's, and no page and no export shows a level before its time.
//     node rubrics.js PROGRAM
"use strict";
const { fresh, command, serve, enter, sql, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const ready = ["A discovery call", "A coaching session", "A role-play of a no"];

const file = (levels, more = "") => `rubric: Mine\nfor: call\nskill: Handling a no\ncriteria:\n  - criterion: Silence\n    levels:\n${levels.map((x) => `      ${x}\n`).join("")}${more}`;
const three = ["1: Speaks over the buyer at once.", "2: Waits two seconds and then goes on.", "3: Waits until the buyer speaks again."];
const swap = (at, text) => three.map((x, i) => (i === at ? text : x));

// Each bad file, and what is said of it with the line.
const broken = [
	["", /file: is missing/], ["rubric: X\ncriteria: 3\n", /line 1: it is not said what the rubric is for.*“skill” is missing.*line 2: “criteria” is no list/],
	[file(three.slice(0, 2)), /line 5: is missing: a criterion has three to five levels/],
	[file(["1: Speaks over the buyer at once.", "3: Waits two seconds and then goes on."]), /line 8: level 2 is missing here/],
	[file(["2: Speaks over the buyer at once.", "1: Waits two seconds and then goes on."]), /line 7: level 1 is missing here/],
	[file(swap(2, "3: Excellent listening.")), /line 9: judges with “Excellent” and does not say what one sees; say what the person says or does/],
	[file(swap(0, "1: Is a very poor listener.")), /line 7: judges with “poor”/],
	[file(swap(1, "2: Speaks over the buyer at once.")), /line 8: says the same as level 1/],
	[file(swap(1, "2: Always speaks over the buyer at once.")), /line 8: differs from level 1 only in how much or how often/],
	[file(swap(1, "2: waits two seconds and then goes on")), /line 8: is no full sentence/],
	[file(swap(1, "2: Waits briefly.")), /line 8: says too little/],
	[file(swap(1, "2: Understands that the buyer needs time.")), /line 8: begins with “Understands”, which nobody sees/],
	[file(three, "  - criterion: silence\n    levels:\n      1: Looks at the slides only.\n      2: Looks up once in a while.\n      3: Looks at whoever is speaking.\n"), /line 10: “silence” is there already/],
	[file(three, "  - criterion: Eyes\n    levels:\n      1: Looks at the slides only.\n      2: Looks up once in a while.\n      3: Looks at whoever is speaking.\n      4: Looks at who has not spoken yet.\n"), /does not fit: the first criterion has 3 levels and this one 4/],
	["[", /line \d/],
];

const idText = (n) => BigInt(n).toString(32).padStart(11, "0").replace(/./g, (x) => "0123456789abcdefghjkmnpqrstvwxyz"[parseInt(x, 32)]);

async function begin(c) {
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Milo", "Hanna"], ["Ada", "Mara"], ["Bo", "Mara"], ["Cy", "Milo"]])
		await c.person(n, m);
	await c.post("/company", { name: "Rubrics", head: c.ids.Hanna, sponsor_name: "Chair", currency: "EUR", zone: "UTC", profile: "open" });
	for (const n of ["Hanna", "Mara", "Milo", "Ada", "Bo", "Cy"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	for (const n of ["Hanna", "Mara", "Milo"])
		await c.post("/coaching/start", { weekday: "2", start: "09:00", length: "30" }, c[n]);
}

const criteria = (body) => [...new Set([...body.matchAll(/name="s_(\w{11})"/g)].map((x) => x[1]))];
const levels = (ids, all, note = "“Waits”, they said") => Object.fromEntries(ids.flatMap((id, i) => [[`s_${id}`, String(all[i])], [`n_${id}`, note && `${note} ${i}`]]));

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Rubrics", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	await begin(c);
	const page = async (to, who) => { const r = await c.get(to, who); return { ...r, text: plain(r.body) }; };
	const find = async (name) => ((await page("/rubrics")).body.split("<li").find((x) => x.includes(`<b>${name}</b>`)) || "").match(/\/rubrics\/(\w{11})/)?.[1];

	// ---- as data ----
	const list = await page("/rubrics");
	for (const name of ready)
		ok(list.text.includes(name), `C7: ${name} is ready`, list.text.slice(0, 800));
	await c.post("/rubrics/ready", {});
	ok((await page("/rubrics")).text === list.text, "ready ones are not added twice");
	const call = await find("A discovery call"), out = (await c.get(`/rubrics/${call}/file`, c.Ada)).body;
	const same = await c.post("/rubrics/import", { text: out });
	ok(same.headers.location === `/rubrics/${call}`, "what comes back unchanged changes nothing", same.headers.location);
	for (const [text, wanted] of broken) {
		const r = await c.post("/rubrics/import", { text }, c.admin, 422);
		ok(wanted.test(plain(r.body)), `E8b: linted when written: ${wanted}`, plain(r.body).slice(0, 700));
	}
	await c.post("/rubrics/import", { text: file(three) });
	const mine = await find("Mine");
	ok(mine && /Handling a no/.test((await page(`/rubrics/${mine}`, c.Cy)).text), "a file makes a rubric that everybody reads");
	for (const [to, form] of [["/rubrics/import", { text: out }], [`/rubrics/${call}/copy`, {}], [`/rubrics/${call}/edit`, { name: "Mine" }], ["/rubrics", { name: "Mine" }], ["/rubrics/ready", {}], [`/rubrics/${mine}/retire`, {}], [`/rubrics/${mine}/remove`, {}]])
		await c.post(to, form, c.Mara, 403);
	ok(!/New rubric/.test((await page("/rubrics", c.Ada)).text) && /To propose a change/.test((await page("/rubrics", c.Ada)).text), "who may not write is offered none");

	// The form lints at the field, keeps what was typed, and writes in place while nobody used it.
	const hidden = (body) => ({ version: /name="version" value="(\d+)"/.exec(body)[1], was: /name="was" value="(\w{11})"/.exec(body)[1] });
	const form = await c.get(`/rubrics/${mine}/edit`), read = hidden(form.body), skill = /<option value="(\w{11})" selected>Handling a no/.exec(form.body)[1];
	const fields = { name: "Mine", kind: "call", skill, c0_name: "Second", c0_position: "2", c0_l1: "Reads the mail while they speak.", c0_l2: "Looks up when the buyer is done.", c0_l3: "Writes down the buyer’s own words.", c1_name: "First", c1_position: "1", c1_l1: "Says no word of greeting at all.", c1_l2: "Greets everybody by their name.", c1_l3: "Greets and asks who else will come." };
	const gap = await c.post(`/rubrics/${mine}/edit`, { ...fields, ...read, c1_l2: "", c0_l3: "Great eye contact." }, c.admin, 422);
	ok(/criterion 1, level 2: is missing: levels go from 1 without a gap/.test(plain(gap.body)) && /criterion 2, level 3: judges with “Great”/.test(plain(gap.body)) && gap.body.includes("Greets and asks who else"), "E8b: the form says which field, and keeps the rest", plain(gap.body).slice(0, 700));
	await c.post(`/rubrics/${mine}/edit`, { ...fields, ...read });
	ok(/First Says no word.*Second Reads the mail/.test((await page(`/rubrics/${mine}`)).text), "edited in place, in the order of the numbers", (await page(`/rubrics/${mine}`)).text);
	await c.post(`/rubrics/${mine}/edit`, { ...fields, ...read }, c.admin, 409);

	// ---- an observation on it, blind both ways ----
	const empty = await c.get(`/observations/new?rubric=${mine}&person=${c.ids.Ada}`, c.Mara), ids = criteria(empty.body);
	ok(ids.length === 2 && /Mine/.test(plain(empty.body)) && !/value="coaching"/.test(empty.body), "the form asks for each criterion, and for what the rubric is made for", plain(empty.body).slice(0, 800));
	const seen = { rubric: mine, person: c.ids.Ada, kind: "call", on_day: day(0), result: "not_yet", text: "Secret-of-Mara, she read the mail." };
	const bare = await c.post("/observations", { ...seen, [`s_${ids[0]}`]: "1" }, c.Mara, 422);
	ok(/the lowest and the highest level want/.test(plain(bare.body)) && /choose what you saw, or “not seen”/.test(plain(bare.body)), "extremes want words, and each criterion an answer", plain(bare.body).slice(0, 600));
	await c.post("/observations", { ...seen, ...levels(ids, [1, 2]), kind: "coaching" }, c.Mara, 422);
	await c.post("/observations", { ...seen, ...levels(ids, [1, 2]) }, c.Cy, 422);
	await c.post("/observations", { ...seen, ...levels(ids, [1, 9]) }, c.Mara, 422);
	const first = (await c.post("/observations", { ...seen, ...levels(ids, [1, 2], "Note-of-Mara") }, c.Mara)).headers.location.split("?")[0];
	const one = await page(first, c.Ada);
	ok(/own view first/.test(one.text) && !/Secret-of-Mara|Note-of-Mara/.test(one.body), "C7: the person says first", one.text.slice(0, 600));
	const export1 = (await c.get("/me/data.json", c.Ada)).body;
	ok(!/Secret-of-Mara|Note-of-Mara/.test(export1), "C7: nor does the export of one’s own data say it before", export1.slice(0, 300));

	// A second observer, blind until both have written.
	await c.post(`${first}/second`, { second: c.ids.Ada }, c.Mara, 422);
	await c.post(`${first}/second`, { second: c.ids.Cy }, c.Mara, 422);
	await c.post(`${first}/second`, { second: c.ids.Milo }, c.Ada, 403);
	await c.post(`${first}/second`, { second: c.ids.Milo }, c.Milo, 404);
	await c.post(`${first}/second`, { second: c.ids.Milo }, c.Mara);
	await c.post(`${first}/second`, { second: c.ids.Hanna }, c.Mara, 422);
	ok(/You saw Ada too/.test((await page("/today", c.Milo)).text), "O9: whoever coaches may be asked, and Today says so");
	const second = `/observations/${/href="\/observations\/(\w{11})"/.exec((await c.get("/observations", c.Milo)).body)[1]}`;
	const blind = await page(second, c.Milo);
	ok(/Mara saw the same and asked you/.test(blind.text) && !/Note-of-Mara|Secret-of-Mara/.test(blind.body) && !/Note-of-Mara/.test((await c.get("/me/data.json", c.Milo)).body), "E8b: the second writes without the first’s", blind.text.slice(0, 600));

	// The person's levels: the first observer reads them at once, the second not yet.
	const self = { held: "yes", own_result: "changed", own_text: "It went well" };
	await c.post(`${first}/answer`, self, c.Ada, 422);
	await c.post(`${first}/answer`, { ...self, ...levels(ids, [3, 0], "Note-of-Ada") }, c.Bo, 404);
	await c.post(`${first}/answer`, { ...self, ...levels(ids, [3, 0], "Note-of-Ada") }, c.Ada);
	const both = await page(first, c.Ada);
	ok(/Secret-of-Mara/.test(both.text) && /Note-of-Mara/.test(both.text) && /two levels apart or more/.test(both.text) && /not seen/.test(both.text), "C7: then both read both, and where to begin", both.text.slice(0, 1200));
	ok(/Note-of-Ada/.test((await page(first, c.Mara)).text) && !/Note-of-Ada|Note-of-Mara/.test((await page(second, c.Milo)).body), "the second observer reads neither");
	const set = sql(base.url, "select id from change_set where reason = 'Observation answered'").split("\n")[0];
	await c.post(`/undo/${idText(set)}`, { to: first }, c.Ada, 403);
	ok(/Note-of-Ada/.test((await page(first, c.Mara)).text), "what was read is not taken back");
	ok(!/Secret-of-Mara|Note-of/.test((await page(first, c.Hanna)).body) && /words are for the two/.test((await page(first, c.Hanna)).text), "O5: the line above sees that it took place");
	ok((await c.get(first, c.Bo)).status === 404 && (await c.get(second, c.Cy)).status === 404, "O5: others see nothing");

	// The second writes; now both observers read each other's levels, the texts stay with their pair.
	await c.post(`${second}/enter`, { result: "changed", text: "Secret-of-Milo", ...levels(ids, [1, 3], "Note-of-Milo") }, c.Mara, 403);
	const half = await c.post(`${second}/enter`, { result: "changed", text: "Secret-of-Milo", [`s_${ids[0]}`]: "2" }, c.Milo, 422);
	ok(half.body.includes("Secret-of-Milo"), "refused, what was typed is kept");
	await c.post(`${second}/enter`, { result: "changed", text: "Secret-of-Milo", ...levels(ids, [1, 3], "Note-of-Milo") }, c.Milo);
	await c.post(`${second}/enter`, { result: "changed", text: "Again", ...levels(ids, [1, 3]) }, c.Milo, 403);
	const m1 = await page(first, c.Mara), m2 = await page(second, c.Milo), a1 = await page(first, c.Ada);
	ok(/Note-of-Milo/.test(m1.text) && !/Secret-of-Milo/.test(m1.text), "E8b: the first now reads the second’s levels, not what was written to the person", m1.text.slice(0, 1500));
	ok(/Note-of-Mara/.test(m2.text) && /Note-of-Ada/.test(m2.text) && !/Secret-of-Mara/.test(m2.text), "E8b: the second reads the first’s and the person’s", m2.text.slice(0, 1500));
	ok(/Note-of-Milo/.test(a1.text) && /Secret-of-Milo/.test((await page(second, c.Ada)).text), "the person reads both", a1.text.slice(0, 1500));

	// Agreement: figures go up the line; too few say so, on the page and on the command line.
	const report = JSON.parse(command(program, base.url, "report", "observers", "--format", "json"));
	ok(/"calls":1,"n":2,/.test(JSON.stringify(report)) && /"kappa":null/.test(JSON.stringify(report)), "E8b: report observers counts what both gave, and no figure below the minimum", JSON.stringify(report).slice(0, 600));
	const seen2 = async (who) => (await page(`/rubrics/${mine}`, who)).text.split("Do two who see the same see the same?")[1];
	ok(/Not enough yet\..*All first against second 1 2 not enough yet/.test(await seen2(c.Hanna)) && /Mara 1 2/.test(await seen2(c.Mara)), "E8b: the page says the same", (await seen2(c.Hanna)).slice(0, 500));
	ok(/No call was seen by two on this version yet/.test(await seen2(c.Cy)), "O5: others see none of it", (await seen2(c.Cy)).slice(0, 300));

	// A declined one leaves nothing; a denied call counts for nobody.
	const other = (await c.post("/observations", { ...seen, person: c.ids.Bo, ...levels(ids, [1, 2]) }, c.Mara)).headers.location.split("?")[0];
	await c.post(`${other}/second`, { second: c.ids.Milo }, c.Mara);
	const asked = `/observations/${/You saw it, too.*?href="\/observations\/(\w{11})"/s.exec((await c.get("/observations", c.Milo)).body)[1]}`;
	await c.post(`${asked}/decline`, {}, c.Mara, 403);
	await c.post(`${asked}/decline`, {}, c.Milo);
	ok((await c.get(asked, c.Milo)).status === 404 && /Was somebody else there/.test((await page(other, c.Mara)).text), "declined, another may be asked");
	await c.post(`${other}/answer`, { held: "no" }, c.Bo);
	ok(/did not take place/.test((await page(other, c.Mara)).text), "a denied one is said to be denied");

	// ---- frozen when used ----
	const now = hidden((await c.get(`/rubrics/${mine}/edit`)).body);
	await c.post(`/rubrics/${mine}/remove`, {}, c.admin, 422);
	const next = (await c.post(`/rubrics/${mine}/edit`, { ...fields, summary: "Newer", ...now })).headers.location.split(/[/?]/)[2];
	ok(next !== mine && /version 2/.test((await page(`/rubrics/${next}`)).text) && /version 1, replaced/.test((await page(`/rubrics/${mine}`)).text), "a used version stays, the next one is made");
	ok(/Mine, version 1/.test((await page(first, c.Mara)).text), "the observation keeps what it was made with");
	await c.post(`/rubrics/${next}/retire`, {});
	ok(!(await c.get("/observations/new", c.Mara)).body.includes(next), "a retired one is offered no longer");
	ok(JSON.stringify(JSON.parse((await c.get("/api/v1/rubric-criteria?limit=200", c.Ada)).body)).includes("Writes down the buyer"), "the API reads them");
	command(program, base.url, "check");
	await s.stop();
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of rubrics ran", e.stack); tap.end(); });
