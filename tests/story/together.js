// Several in one meeting and a second coach, on both databases (C1): each couple keeps own notes, commitments and word; it pays the debt of
// whoever calls it coaching, and of nobody else (C2a, C6); the second coach reads that one session and nothing that was written for two (C5a).
//     node together.js PROGRAM
"use strict";
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();

async function begin(c) {
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Otto", "Hanna"], ["Ada", "Mara"], ["Bo", "Mara"], ["Cy", "Mara"], ["Di", "Mara"]])
		await c.person(n, m);
	await c.post("/company", { name: "Together", head: c.ids.Hanna, currency: "EUR", zone: "UTC", profile: "open" });
	for (const n of ["Hanna", "Mara", "Otto", "Ada", "Bo", "Cy", "Di"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	await c.post("/coaching/start", { weekday: String(new Date().getUTCDay() || 7), start: "09:00", length: "30" }, c.Mara);
}

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Together", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	const text = async (to, who) => plain((await c.get(to, who)).body);
	await begin(c);
	const of = async (name) => (await c.get("/coaching", c.Mara)).body.split("<tr").find((x) => x.includes(`${name}</a>`)).match(/\/coaching\/(\w{11})/)[1];
	const [ada, bo, cy] = [await of("Ada"), await of("Bo"), await of("Cy")], at = (x) => `/coaching/${x}`;

	// ---- one meeting of three ----
	const prep = await c.get(at(ada), c.Mara), boxes = [...prep.body.matchAll(/name="with" value="(\w{11})"[^>]*> <span>(\w+)/g)].map((x) => [x[2], x[1]]);
	ok(boxes.map((x) => x[0]).join() === "Bo,Cy,Di", "whoever has a session near can join", JSON.stringify(boxes));
	await c.post(`${at(ada)}/together`, { topic: "", length: "60", with: bo }, c.Mara, 422);
	await c.post(`${at(ada)}/together`, { topic: "The call", length: "60" }, c.Mara, 422);
	await c.post(`${at(ada)}/together`, { topic: "The call", with: bo }, c.Ada, 403);
	await c.post(`${at(ada)}/together`, { topic: "The call", with: bo }, c.Otto, 404);
	await c.post(`${at(ada)}/together`, { topic: "The call of Tuesday", length: "60", with: bo }, c.Mara);
	const third = await c.post(`${at(ada)}/together`, { topic: "The call of Tuesday", length: "60", with: cy }, c.Mara);
	ok(/Ada, Bo and Cy, on: The call of Tuesday/.test(await text(at(ada), c.Mara)), "the page says who meets", await text(at(ada), c.Mara));
	ok(/3 people in one meeting/.test(await text(`${at(bo)}/session`, c.Bo)) && !/Cy<|>Ada/.test((await c.get(`${at(bo)}/session`, c.Bo)).body.split('id="group"')[1].split("</section>")[0]), "a coachee reads how many, and no other's page", await text(`${at(bo)}/session`, c.Bo));
	const undo = third.headers.location.match(/done=(\w+)/)[1];
	await c.post(`/undo/${undo}`, { to: at(ada) }, c.Mara);
	ok(/Ada and Bo, on/.test(await text(at(ada), c.Mara)), "undo takes the third out again", await text(at(ada), c.Mara));
	await c.post(`${at(ada)}/together`, { topic: "The call of Tuesday", length: "60", with: cy }, c.Mara);

	// C10: one entry in the coach's calendar, each coachee their own.
	const calendar = async (who) => (await c.get("/coaching/calendar.ics", who)).body.replace(/\r\n /g, "");
	ok((await calendar(c.Mara)).split("SUMMARY:").filter((x) => /Mara and Ada/.test(x) && /Bo/.test(x.split("\n")[0]) && /Cy/.test(x.split("\n")[0])).length === 1, "C10: one entry for the coach", await calendar(c.Mara));
	ok(/SUMMARY:Coaching: Mara and Bo/.test(await calendar(c.Bo)) && !/Ada/.test(await calendar(c.Bo)), "C10: a coachee's names nobody else", await calendar(c.Bo));

	// Notes are the couple's.
	await c.post(`${at(ada)}/note`, { text: "CANARY-ada", version: "0" }, c.Ada);
	for (const [who, to] of [[c.Bo, `${at(ada)}/session`], [c.Cy, `${at(ada)}/session`], [c.Bo, at(ada)]])
		ok((await c.get(to, who)).status === 404, "C5a: another's session is not there");
	ok(!/CANARY-ada/.test((await c.get(`${at(bo)}/session`, c.Bo)).body + (await c.get("/me/data.json", c.Bo)).body), "C5a: nor in what one is given");

	// ---- it ends for those who were there, each with a commitment of their own ----
	const today = day(0), agree = (x, who) => c.post(`${at(x)}/commit`, { when: "I call", then: `ask twice ${x}`, due: day(7), owner: "", evidence_kind: "word" }, who);
	const skill = /<option value="(\w{11})"[^>]*>Finding the problem/.exec((await c.get(`${at(ada)}/session`, c.Mara)).body)[1];
	const form = { held_on: today, kind: "coaching", skill, no_commitment: "", blocker: "" };
	await agree(ada, c.Mara);
	await agree(bo, c.Mara);
	const early = await c.post(`${at(ada)}/session`, { ...form, there: cy }, c.Mara, 422);
	ok(/Cy has no commitment of this session yet/.test(plain(early.body)), "C5: nobody's ends without one of their own", plain(early.body).slice(0, 900));
	await c.post(`${at(ada)}/session`, { ...form, there: bo }, c.Mara, 200);
	ok(/Waiting for Bo/.test(await text(`${at(bo)}/session`, c.Mara)) && /planned|Start session/i.test(await text(at(cy), c.Mara)), "who was not there stays planned", await text(at(cy), c.Mara));

	// C6: each says what it was.
	await c.post(`${at(ada)}/confirm`, { held: "yes", kind: "coaching", skill }, c.Ada);
	await c.post(`${at(bo)}/confirm`, { held: "yes", kind: "other" }, c.Bo);
	const board = await text("/coaching", c.Mara);
	ok(/Claimed 2, confirmed 1 \(1 in a meeting of several\)/.test(board), "C2a: it pays the coaching of whoever calls it so, and of nobody else", board.slice(0, 2500));
	ok(/1 together with others/.test(await text(at(ada), c.Ada)) && !/together with others/.test(await text(at(bo), c.Bo)), "and each reads their own");
	await c.post(`${at(cy)}/alone`, {}, c.Mara);
	ok(!/The call of Tuesday/.test(await text(at(cy), c.Mara)), "one of them meets alone again");

	// ---- a second coach ----
	await c.post(`${at(ada)}/second`, { second: c.ids.Otto }, c.Mara, 422);
	const di = await of("Di");
	ok((await c.get(`${at(di)}/session`, c.Otto)).status === 404, "nobody beside the two is there");
	await c.post(`${at(di)}/second`, { second: c.ids.Di }, c.Mara, 422);
	await c.post(`${at(di)}/second`, { second: c.ids.Otto }, c.Di, 403);
	await c.post(`${at(di)}/second/answer`, { answer: "yes", who: c.ids.Otto }, c.Di, 422);
	await c.post(`${at(di)}/second`, { second: c.ids.Otto }, c.Mara);
	ok(/May Otto coach you, too, with Mara\?/.test(await text("/today", c.Di)) && !/Otto/.test(await text("/today", c.Hanna)), "C1: the one who is coached is asked", await text("/today", c.Di));
	ok((await c.get(`${at(di)}/session`, c.Otto)).status === 404 && (await c.get(at(di), c.Otto)).status === 404, "C5a: until a yes the second reads nothing");
	for (const [n, status] of [["Mara", 403], ["Otto", 404], ["Hanna", 404], ["Ada", 404]])
		await c.post(`${at(di)}/second/answer`, { answer: "yes", who: c.ids.Otto }, c[n], status);
	for (const f of [{ answer: "perhaps", who: c.ids.Otto }, { answer: "yes", who: c.ids.Hanna }, { who: c.ids.Otto }])
		await c.post(`${at(di)}/second/answer`, f, c.Di, 422);
	await c.post(`${at(di)}/second/answer`, { answer: "no", who: c.ids.Otto }, c.Di);
	ok(/Di would rather meet without Otto/.test(await text(at(di), c.Mara)) && !/May Otto/.test(await text("/today", c.Di)) && (await c.get(at(di), c.Otto)).status === 404, "a no stands, and is said to the coach alone", await text(at(di), c.Mara));
	await c.post(`${at(di)}/second`, { second: c.ids.Otto }, c.Mara);
	await c.post(`${at(cy)}/second`, { second: c.ids.Otto }, c.Mara);
	await c.post(`${at(cy)}/note`, { text: "For two", version: "0" }, c.Mara);
	ok(/written for two/.test(plain((await c.post(`${at(cy)}/second/answer`, { answer: "yes", who: c.ids.Otto }, c.Cy, 422)).body)), "C5a: nor is what was written for two shown by a yes");
	await c.post(`${at(di)}/second/answer`, { answer: "yes", who: c.ids.Otto }, c.Di);
	await c.post(`${at(di)}/second/answer`, { answer: "no", who: c.ids.Otto }, c.Di);
	ok((await c.get(`${at(di)}/session`, c.Otto)).status === 404, "a yes is taken back until it is held");
	await c.post(`${at(di)}/second/answer`, { answer: "yes", who: c.ids.Otto }, c.Di);
	ok((await c.get(at(di), c.Otto)).headers.location === `${at(di)}/session`, "the second coach is led to the session");
	ok(/Otto coaches, too/.test(await text(`${at(di)}/session`, c.Di)) && /Mara, Di and Otto see this/.test(await text(`${at(di)}/session`, c.Di)), "C5a: who sees it is printed where one types", await text(`${at(di)}/session`, c.Di));
	await c.post(`${at(di)}/note`, { text: "Seen by three", version: "0" }, c.Otto);
	ok(/Seen by three/.test(await text(`${at(di)}/session`, c.Di)), "the second coach writes in the common notes");
	await c.post(`${at(di)}/mine`, { text: "CANARY-otto" }, c.Otto);
	for (const n of ["Mara", "Di", "Hanna"])
		ok(!/CANARY-otto/.test((await c.get(`${at(di)}/session`, c[n])).body), `C5a: their own notes stay theirs (${n})`);
	for (const [to, f] of [["session", form], ["second", { second: "" }], ["together", { topic: "x", with: bo }], ["link", {}]])
		await c.post(`${at(di)}/${to}`, f, c.Otto, 403);
	ok((await c.post(`${at(di)}/move`, { moved_to: day(3) }, c.Otto, 404)).status === 404, "and moves nothing");
	await c.post(`${at(di)}/commit`, { when: "we met", then: "send the recording", due: day(5), owner: c.ids.Otto, evidence_kind: "word" }, c.Otto);
	ok(/send the recording/.test(await text("/commitments", c.Otto)) && /send the recording/.test(await text("/commitments", c.Di)), "a second coach commits, and owes it to the coachee");
	await agree(di, c.Mara);
	await c.post(`${at(di)}/session`, form, c.Mara, 200);
	ok(/Was Otto there too\?/.test(await text(`${at(di)}/confirm`, c.Di)), "C6: the coachee is asked about the second coach");
	await c.post(`${at(di)}/confirm`, { held: "yes", kind: "coaching", skill, second: "yes" }, c.Di);
	ok(/took part in 1 session of the last 12 weeks; in 1 the one who was coached says so/.test(await text("/coaching", c.Otto)), "it is counted beside for the second coach", await text("/coaching", c.Otto));
	ok(/confirmed 2/.test(await text("/coaching", c.Mara)), "and pays the debt of the one who owes it");
	command(program, base.url, "check");
	await s.stop();
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of several in one meeting ran", e.stack); tap.end(); });
