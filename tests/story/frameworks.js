// Coaching frameworks as data, on both databases (C3): ready ones come with a new company; one is copied, edited, taken as a file and
// brought back as it was; what a session used is frozen and the next save makes a version; who may not is refused; broken files and
// forms say where. A session follows one and shows its phases with their time of day (C4); inspection is said to be none of coaching (C2a).
//     node frameworks.js PROGRAM
"use strict";
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Frames", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Ada", "Mara"], ["Bo", "Mara"]])
		await c.person(n, m);
	for (const n of ["Mara", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	const page = async (to, who) => { const r = await c.get(to, who); return { ...r, text: plain(r.body) }; };
	const find = async (name) => ((await page("/frameworks")).body.split("<li").find((x) => x.includes(`<b>${name}</b>`)) || "").match(/\/frameworks\/(\w{11})/)?.[1];
	const list = await page("/frameworks");
	for (const name of ["Weekly one-to-one", "Strategy before a call", "Debrief after a call", "Skill practice with role-play", "Ride-along", "Pipeline inspection", "Pair session of two peers", "Coaching a coach", "The first session of a new coach"])
		ok(list.text.includes(name), `C3: ${name} is ready`, list.text.slice(0, 800));
	ok(/Pipeline inspection .*? Counted apart/.test(list.text), "C2a: inspection is another kind", list.text);
	await c.post("/frameworks/ready", {});
	ok((await page("/frameworks")).text === list.text, "ready ones are not added twice");

	// A file goes out and comes back as it was; a change in it makes the next version.
	const weekly = await find("Weekly one-to-one"), file = (await c.get(`/frameworks/${weekly}/file`, c.Ada)).body;
	const first = await page(`/frameworks/${weekly}`);
	ok(/version 1 /.test(first.text) && first.body.includes(`/frameworks/${weekly}/edit`) && /Versions.*Version 1 /.test(first.text), "C3: the only version is the one in use, and is edited", first.text.slice(0, 600));
	const same = await c.post("/frameworks/import", { text: file });
	ok(same.headers.location === `/frameworks/${weekly}`, "what comes back unchanged changes nothing", same.headers.location);
	for (const [text, wanted] of [["", /file: is missing/], ["framework: X\nphases: 3\n", /line 2: “phases” is no list/], ["framework: X\nphases:\n  - phase: A\n    minutes: 0\n", /line 3: the minutes/],
		["framework: X\nfoo: 1\nphases:\n  - phase: A\n    minutes: 4\n", /line 2: “foo” is unknown here/], ["framework: X\nkind: party\nphases:\n  - phase: A\n    minutes: 4\n", /line 2: that kind is not known/],
		["framework: X\nphases:\n  - phase: A\n    kind: sheet\n    minutes: 4\n", /a sheet without questions/], ["[", /line \d/]]) {
		const r = await c.post("/frameworks/import", { text }, c.admin, 422);
		ok(wanted.test(plain(r.body)) && (!text || r.body.includes(text.split("\n")[0])), `a broken file is refused by line: ${wanted}`, plain(r.body).slice(0, 500));
	}
	await c.post("/frameworks/import", { text: file }, c.Ada, 403);
	await c.post(`/frameworks/${weekly}/edit`, { name: "Mine" }, c.Mara, 403);
	await c.post(`/frameworks/${weekly}/copy`, {}, c.Ada, 403);
	ok((await page("/frameworks/new", c.Ada)).status === 403, "a seller writes none");
	ok(!/New framework/.test((await page("/frameworks", c.Ada)).text) && /To propose a change/.test((await page("/frameworks", c.Ada)).text), "and is offered none");

	// Copied and edited in place while no session used it.
	const copy = (await c.post(`/frameworks/${weekly}/copy`, {})).headers.location.split(/[/?]/)[2];
	const form = await c.get(`/frameworks/${copy}/edit`), version = /name="version" value="(\d+)"/.exec(form.body)[1];
	const fields = { name: "Our half hour", kind: "coaching", summary: "Short", opening: "Hello", p0_name: "Second", p0_position: "2", p0_minutes: "10", p0_kind: "talk", p0_questions: "What now?\n\nWhat else?", p1_name: "First", p1_position: "1", p1_minutes: "7", p1_kind: "practice" };
	const wrong = await c.post(`/frameworks/${copy}/edit`, { ...fields, version, p1_minutes: "999" }, c.admin, 422);
	ok(/Not saved/.test(plain(wrong.body)) && wrong.body.includes("What else?") && wrong.body.includes("Our half hour"), "a refused form keeps what was typed", plain(wrong.body).slice(0, 400));
	await c.post(`/frameworks/${copy}/edit`, { ...fields, version, p0_name: "", p1_name: "" }, c.admin, 422);
	await c.post(`/frameworks/${copy}/edit`, { ...fields, version });
	const edited = await page(`/frameworks/${copy}`, c.Bo);
	ok(/1\. First 7 minutes · Practice.*2\. Second 10 minutes What now\? What else\?/.test(edited.text), "C3: edited in place, in the order of the numbers", edited.text);
	const stale = await c.post(`/frameworks/${copy}/edit`, { ...fields, version }, c.admin, 409);
	ok(stale.status === 409, "an older form overwrites nothing");

	// A session follows it; then it is frozen, and saving makes the next version.
	await c.post("/coaching/start", { weekday: "2", start: "09:00", length: "30" }, c.Mara);
	const at = `/coaching/${/\/coaching\/(\w{11})"/.exec((await c.get("/coaching", c.Ada)).body)[1]}`;
	await c.post(`${at}/framework`, { framework: copy }, c.Bo, 404);
	await c.post(`${at}/framework`, { framework: "00000000001" }, c.Ada, 422);
	await c.post(`${at}/framework`, { framework: copy }, c.Ada);
	const session = await page(`${at}/session`, c.Mara);
	ok(/First Role-play 09:00 · 7 min.*Second 09:07 · 10 min What now\?.*17 of 30 minutes/.test(session.text), "C4: the agenda has the time of each phase", session.text.slice(0, 1500));
	ok(/Words to open with Hello/.test(session.text) && !/Words to open with/.test((await page(`${at}/session`, c.Ada)).text), "the words to open with are the coach's");
	const now = /name="version" value="(\d+)"/.exec((await c.get(`/frameworks/${copy}/edit`)).body)[1];
	await c.post(`/frameworks/${copy}/remove`, {}, c.admin, 422);
	const next = (await c.post(`/frameworks/${copy}/edit`, { ...fields, name: "Our half hour", opening: "Good morning", version: now })).headers.location.split(/[/?]/)[2];
	ok(next !== copy && /version 2/.test((await page(`/frameworks/${next}`)).text) && /version 1, replaced/.test((await page(`/frameworks/${copy}`)).text), "C3: a used version stays, the next one is made");
	ok(/Words to open with Hello/.test((await page(`${at}/session`, c.Mara)).text), "C3: the session keeps what it was begun with");
	const inspect = await find("Pipeline inspection");
	await c.post(`${at}/framework`, { framework: inspect }, c.Mara);
	const looked = await c.get(`${at}/session`, c.Mara);
	ok(/This is an inspection and pays no coaching/.test(plain(looked.body)) && /value="inspection" selected/.test(looked.body), "C2a: an inspection is said to be one, and ended as one", plain(looked.body).slice(0, 900));
	await c.post(`/frameworks/${next}/retire`, {});
	ok(!(await c.get(`${at}/session`, c.Mara)).body.includes(`value="${next}"`), "a retired one is offered no longer");
	const api = JSON.parse((await c.get("/api/v1/frameworks?limit=100", c.Ada)).body);
	ok(JSON.stringify(api).includes("Coaching a coach"), "the API reads them", JSON.stringify(api).slice(0, 300));
	command(program, base.url, "check");
	await s.stop();
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of frameworks ran", e.stack); tap.end(); });
