// Sheets and role-plays in a session, on both databases (C2c, C4, C7): each of the two writes a sheet alone and reads the other's once both have
// written, in no channel before; then neither is changed. A role-play on a rubric stands with its session.
//     node sheets.js PROGRAM
"use strict";
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Sheets", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail), text = async (to, who) => plain((await c.get(to, who)).body);
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Ada", "Mara"], ["Bo", "Mara"]])
		await c.person(n, m);
	await c.post("/company", { name: "Sheets", head: c.ids.Hanna, currency: "EUR", zone: "UTC", profile: "open" });
	for (const n of ["Hanna", "Mara", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	await c.post("/coaching/start", { weekday: String(new Date().getUTCDay() || 7), start: "09:00", length: "30" }, c.Mara);
	const board = (await c.get("/coaching", c.Mara)).body.split("<tr"), at = (name) => `/coaching/${board.find((x) => x.includes(`${name}</a>`)).match(/\/coaching\/(\w{11})/)[1]}`;
	const ada = at("Ada"), bo = at("Bo"), frame = async (to, name) => c.post(`${to}/framework`, { framework: new RegExp(`value="(\\w{11})"[^>]*>${name}`).exec((await c.get(`${to}/session`, c.Mara)).body)[1] }, c.Mara);

	// ---- the sheet of a pair session ----
	await c.post(`${ada}/sheet`, { q0_0: "x" }, c.Ada, 422);
	await frame(ada, "Pair session of two peers");
	const page = (await c.get(`${ada}/session`, c.Ada)).body, fields = [...page.matchAll(/textarea id="(q0_\d)"/g)].map((x) => x[1]);
	ok(fields.length === 3 && /My sheet/.test(plain(page)) && /What went best this week/.test(plain(page)), "C2c: its questions stand on the session's page", plain(page).slice(0, 900));
	await c.post(`${ada}/sheet`, { q0_0: " " }, c.Ada, 422);
	await c.post(`${ada}/sheet`, { q0_0: "CANARY-ada I asked twice", q0_2: "How do you open?" }, c.Ada);
	const blind = async (who, name) => {
		const all = [];
		for (const to of [`${ada}/session`, ada, "/me/data.json", "/search?q=CANARY", "/palette?q=asked", "/today", "/coaching"])
			all.push((await c.get(to, who)).body.replace(/name="q"[^>]*value="[^"]*"|<title>[^<]*<\/title>/g, ""));
		ok(!all.some((x) => x.includes("CANARY-ada")), `C2c: nowhere before both have written: ${name}`, all.find((x) => x.includes("CANARY-ada"))?.slice(0, 600));
	};
	await blind(c.Mara, "the other of the two");
	await blind(c.Hanna, "the line above");
	await blind(c.Bo, "a peer");
	ok(/the other has written/.test(await text(`${ada}/session`, c.Mara)), "that it was written is said");
	ok(/value="|>CANARY-ada I asked twice</.test((await c.get(`${ada}/session`, c.Ada)).body), "one's own is kept and may be changed");
	for (const who of [c.Bo, c.Hanna])
		ok((await c.post(`${ada}/sheet`, { q0_0: "x" }, who, 404)).status === 404, "nobody else writes one");
	await c.post(`${ada}/sheet`, { q0_0: "CANARY-mara I closed early", q0_1: "" }, c.Mara);
	for (const n of ["Ada", "Mara"])
		ok(/Our sheets/.test(await text(`${ada}/session`, c[n])) && /CANARY-ada/.test(await text(`${ada}/session`, c[n])) && /CANARY-mara/.test(await text(`${ada}/session`, c[n])), `both read both: ${n}`, await text(`${ada}/session`, c[n]));
	const late = await c.post(`${ada}/sheet`, { q0_0: "CANARY-ada better words" }, c.Ada, 422);
	ok(/it stays/.test(plain(late.body)) && !/better words/.test(await text(`${ada}/session`, c.Mara)), "what was read stays", plain(late.body).slice(0, 700));
	for (const [who, name] of [[c.Hanna, "the line above"], [c.Bo, "a peer"]])
		await blind(who, `${name}, afterwards`);

	// ---- role-play on a rubric, within the session ----
	await frame(bo, "Skill practice with role-play");
	const play = (await c.get(`${bo}/session`, c.Mara)).body, link = /\/observations\/new\?rubric=\w+&amp;person=\w+&amp;session=\w+/.exec(play)[0].replaceAll("&amp;", "&");
	ok(!/observations\/new\?rubric/.test((await c.get(`${bo}/session`, c.Bo)).body), "C4: the coach writes it, on a rubric made for role-plays");
	const form = (await c.get(link, c.Mara)).body, ids = [...new Set([...form.matchAll(/name="s_(\w{11})"/g)].map((x) => x[1]))], rubric = /rubric=(\w+)/.exec(link)[1];
	const levels = Object.fromEntries(ids.flatMap((id) => [[`s_${id}`, "2"], [`n_${id}`, "“No”, and then silence"]])), seen = { rubric, person: c.ids.Bo, kind: "role_play", on_day: day(0), result: "not_yet", text: "Spoke first.", ...levels };
	const session = /session=(\w+)/.exec(link)[1];
	ok(form.includes(`name="session" value="${session}"`), "the form says in which session");
	await c.post("/observations", { ...seen, session: ada.split("/").pop() }, c.Mara, 422);
	await c.post("/observations", { ...seen, session }, c.Mara);
	ok(/Role-play .*A role-play of a no .*by Mara/.test(await text(`${bo}/session`, c.Mara)) && /A role-play of a no/.test(await text(`${bo}/session`, c.Bo)), "and it stands with the session, for both", await text(`${bo}/session`, c.Bo));
	command(program, base.url, "check");
	await s.stop();
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of sheets ran", e.stack); tap.end(); });
