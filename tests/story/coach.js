// Coaching between people, through HTTP on both databases: a sponsor coaches the head (O8), a coach beside the line (C1), a
// blocker that ends in the coach's commitment too (A3, A5), notes sent upward and read (C5a, O5), "useful" kept to oneself
// (C6), a calendar's address (C10), a promise that its owner asks to withdraw (A3), and what is refused.
//     node coach.js PROGRAM
"use strict";
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2];
const tap = new Tap();
const note = "CANARY we spoke about the fear of large buyers";

async function begin(c) {
	await c.person("Hanna");
	await c.person("Otto"); // the sponsor: nobody's report
	await c.person("Mara", "Hanna");
	await c.person("Ada", "Mara");
	await c.person("Bo", "Mara");
	await c.post("/company", { name: "Coach", head: c.ids.Hanna, sponsor: c.ids.Otto, currency: "EUR", zone: "UTC", profile: "open" });
	for (const n of ["Hanna", "Otto", "Mara", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	await c.post("/charter/sponsor", { person: c.ids.Otto, sponsor: c.ids.Otto }, c.Hanna);
}

const session = async (c, who, name) => {
	const page = await c.get("/coaching", who), row = page.body.split(/<tr|<li/).find((x) => x.includes(name) && /\/coaching\/\w{11}/.test(x));
	return row && /\/coaching\/(\w{11})/.exec(row)[1];
};

async function lines(c, kind) {
	const otto = await c.get("/coaching", c.Otto);
	tap.ok(/1 person reports to you/.test(plain(otto.body)), `O8: the sponsor can start coaching the head (${kind})`, plain(otto.body).slice(0, 600));
	await c.post("/coaching/start", { weekday: "3", start: "09:00", length: "30" }, c.Otto);
	const hanna = plain((await c.get("/coaching", c.Hanna)).body);
	tap.ok(/Otto, every two weeks/i.test(hanna), `O8: the head is coached by the sponsor, fortnightly (${kind})`, hanna.slice(0, 900));
	await c.post("/coaching/start", { weekday: "2", start: "09:00", length: "30" }, c.Mara);
	const form = { coachee: c.ids.Ada, coach: c.ids.Bo, cadence: "weekly", weekday: "4", start: "15:00", length: "20" };
	await c.post("/coaching/coaches", { ...form, coach: c.ids.Ada }, c.Mara, 422);
	const refused = await c.post("/coaching/coaches", { ...form, coachee: c.ids.Hanna }, c.Mara, 422);
	tap.ok(/is not below you/.test(plain(refused.body)) && refused.body.includes('value="15:00"'), `C1: who is not below cannot be given a coach, and what was typed stays (${kind})`, plain(refused.body));
	await c.post("/coaching/coaches", form, c.Bo, 422);
	await c.post("/coaching/coaches", { ...form, start: "25:99" }, c.Mara, 422);
	await c.post("/coaching/coaches", { ...form, to_day: day(-3) }, c.Mara, 422);
	await c.post("/coaching/coaches", form, c.Mara);
	await c.post("/coaching/coaches", form, c.Mara, 422);
	const ada = plain((await c.get("/coaching", c.Ada)).body), bo = plain((await c.get("/coaching", c.Bo)).body);
	tap.ok(/Bo, every week/i.test(ada) && /Mara, every week/i.test(ada), `C1: a named coach beside the own leader (${kind})`, ada.slice(0, 900));
	tap.ok(/Ada/.test(bo) && /Whom to coach/.test(bo), `C1: the named coach sees whom to coach (${kind})`, bo.slice(0, 600));
	const page = await c.get("/coaching", c.Ada), end = /\/coaching\/coaches\/\w{11}\/end/.exec(page.body)[0];
	await c.post(end, {}, c.Otto, 404);
	await c.post(end, {}, c.Ada);
	const later = plain((await c.get("/coaching", c.Bo)).body);
	tap.ok(!/Whom to coach this week/.test(later) || !/Prepare Ada/.test(later), `C1: either of the two can end it (${kind})`, later.slice(0, 600));
	command(program, c.url, "check");
}

async function hold(c, kind) {
	const s = await session(c, c.Mara, "Ada"), at = `/coaching/${s}`;
	await c.get(at, c.Mara);
	await c.post(`${at}/brings`, { brings: "The call with Tideline", evidence: "The recording of Tuesday" }, c.Ada);
	tap.ok(/Evidence:\s+The recording of Tuesday/.test(plain((await c.get(at, c.Mara)).body)), `C2: the coachee brings one piece of evidence (${kind})`);
	const chosen = async () => plain(/aria-labelledby="c-ag".*?<\/section>/s.exec((await c.get(`${at}/session`, c.Ada)).body)[0]);
	const topic = /name="topic" value="(3-\d+)"/.exec((await c.get(at, c.Mara)).body)[1], before = await chosen();
	await c.post(`${at}/agenda`, { topic, in: "0" }, c.Bo, 404);
	await c.post(`${at}/agenda`, { topic: "3-1", in: "0" }, c.Ada, 404);
	await c.post(`${at}/agenda`, { topic: "x", in: "0" }, c.Ada, 422);
	await c.post(`${at}/agenda`, { topic, in: "0" }, c.Ada);
	const without = await chosen();
	await c.post(`${at}/agenda`, { topic, in: "1" }, c.Mara);
	tap.ok(without.length < before.length && (await chosen()) === before, `C2: what either of the two takes off the agenda is off the session, and back when put back (${kind})`, before + without);
	const notes = await c.post(`${at}/mine`, { text: "Ask before advising", from: "prep" }, c.Mara);
	tap.ok(notes.headers.location === at && (await c.get(at, c.Mara)).body.includes("Ask before advising") && !(await c.get(at, c.Ada)).body.includes("Ask before advising"), `C5a: private notes beside the preparation are the writer's alone (${kind})`, notes.headers.location);
	const early = await c.post(`${at}/commit`, { when: "they ask", then: "", due: day(5), from: "prep" }, c.Mara, 422);
	tap.ok(/is missing/.test(plain(early.body)) && early.body.includes('value="they ask"') && /What Ada owes me/.test(plain(early.body)), `C5: a commitment refused on the preparation keeps its words there (${kind})`, plain(early.body).slice(0, 900));
	const ends = { held_on: day(0), kind: "other", blocker: "No legal help for contracts" };
	await c.post(`${at}/commit`, { when: "a contract is sent", then: "read it aloud first", due: day(5), owner: c.ids.Ada }, c.Mara);
	const asked = await c.post(`${at}/session`, ends, c.Mara, 422);
	tap.ok(/needs a commitment of yours too/.test(plain(asked.body)) && asked.body.includes("No legal help"), `A3: a blocker asks for the coach's commitment, and what was typed stays (${kind})`, plain(asked.body));
	await c.post(`${at}/commit`, { when: "I meet legal on Monday", then: "ask for an hour a week", due: day(5), owner: c.ids.Mara }, c.Mara);
	await c.post(`${at}/session`, ends, c.Mara, 200);
	const mine = plain((await c.get("/blockers", c.Mara)).body);
	tap.ok(/Waiting for my answer/.test(mine) && /No legal help for contracts/.test(mine), `A5: the blocker waits for the coach's answer (${kind})`, mine);
	await c.post(`${at}/session`, ends, c.Mara, 200); // again: nothing is raised twice
	const page = await c.get("/blockers", c.Mara), answers = [...page.body.matchAll(/action="(\/blockers\/\w+\/answer)"/g)];
	tap.ok(answers.length === 1, `A5: ending it again raises nothing twice (${kind})`, page.body);
	await c.post(answers[0][1], { answer: "" }, c.Mara, 422);
	await c.post(answers[0][1], { answer: "Not mine" }, c.Ada, 403);
	await c.post(answers[0][1], { answer: "An hour each Thursday" }, c.Mara);
	await c.post(answers[0][1], { answer: "Twice" }, c.Mara, 422);
	tap.ok(/An hour each Thursday/.test(plain((await c.get("/blockers", c.Ada)).body)), `A5: who raised it reads the answer (${kind})`);
	await c.post("/blockers", { text: "", owner: c.ids.Mara }, c.Bo, 422);
	await c.post("/blockers", { text: "x", owner: c.ids.Bo }, c.Bo, 422);
	await c.post("/blockers", { text: "My laptop is slow", owner: c.ids.Mara }, c.Bo);
	tap.ok(/Open below me.*My laptop is slow/.test(plain((await c.get("/blockers", c.Hanna)).body)), `A5: the line above sees what waits (${kind})`);
	return at;
}

async function word(c, kind, at) {
	await c.post(`${at}/confirm`, { held: "yes", kind: "coaching", useful: "no" }, c.Ada);
	const seen = await c.get(`${at}/session`, c.Mara);
	tap.ok(!/useful/i.test(plain(seen.body).replace(/Was it useful/g, "")), `C6: the coach does not read what was said of use (${kind})`, plain(seen.body));
	const mine = JSON.parse((await c.get("/me/data.json", c.Ada)).body), his = (await c.get("/me/data.json", c.Mara)).body;
	tap.ok(JSON.stringify(mine).includes("useful") && !/"useful":"no"/.test(his), `C6, I4a: it is in the writer's own data, not in the coach's (${kind})`, his.slice(0, 800));
	tap.ok(/too few answers/.test(plain((await c.get("/coaching", c.Mara)).body)), `C6, E3: one answer is too few to show (${kind})`);
}

async function sent(c, kind, at) {
	await c.post(`${at}/send`, { reader: c.ids.Hanna }, c.Ada, 422); // no notes yet
	await c.post(`${at}/note`, { text: note, version: "0" }, c.Mara);
	await c.post(`${at}/send`, { reader: c.ids.Hanna }, c.Mara, 403);
	await c.post(`${at}/send`, { reader: c.ids.Bo }, c.Ada, 422);
	for (const who of [c.Hanna, c.Otto, c.Bo])
		tap.ok((await c.get(`${at}/sent`, who)).status === 404, `O5: unsent notes are nobody else's (${kind})`);
	await c.post(`${at}/send`, { reader: c.ids.Hanna }, c.Ada);
	const list = await c.get("/coaching", c.Hanna);
	tap.ok(/Notes sent to me\s+From Ada/.test(plain(list.body)) && !list.body.includes("CANARY"), `O5: a list of what was sent holds no text (${kind})`, plain(list.body));
	tap.ok(/Nobody has read them yet/.test(plain((await c.get(`${at}/session`, c.Ada)).body)), `C5a: nobody has read them yet (${kind})`);
	const text = await c.get(`${at}/sent`, c.Hanna);
	tap.ok(text.status === 200 && text.body.includes(note), `O5: what the owner sends is read (${kind})`, plain(text.body));
	tap.ok((await c.get(`${at}/sent`, c.Otto)).status === 404, `O5: by nobody else (${kind})`);
	for (const who of [c.Ada, c.Mara])
		tap.ok(/Hanna read them/.test(plain((await c.get(`${at}/session`, who)).body)), `C5a: the reading is shown to both (${kind})`);
	tap.ok(/Hanna opened your/.test(plain((await c.get("/me", c.Ada)).body)), `O7: and stands on one's own page (${kind})`, plain((await c.get("/me", c.Ada)).body));
	await c.post(`${at}/send`, { reader: "" }, c.Ada);
	tap.ok((await c.get(`${at}/sent`, c.Hanna)).status === 404, `O5: taken back, it is gone (${kind})`);
}

async function rest(c, kind) {
	const made = await c.post("/coaching/calendar", {}, c.Ada, 200), first = /\/l\/[\w-]{43}/.exec(made.body)[0];
	const feed = await ask(c.port, "GET", first, {});
	tap.ok(feed.status === 200 && /BEGIN:VCALENDAR/.test(feed.body) && /Coaching: Mara and Ada/.test(feed.body), `C10: a program reads the calendar without signing in (${kind})`, feed.body.slice(0, 400));
	tap.ok((await ask(c.port, "POST", first, { form: {} })).status === 404, `C10: the address does nothing else (${kind})`);
	const again = await c.post("/coaching/calendar", {}, c.Ada, 200), second = /\/l\/[\w-]{43}/.exec(again.body)[0];
	tap.ok((await ask(c.port, "GET", first, {})).status === 404 && (await ask(c.port, "GET", second, {})).status === 200, `C10: a new address ends the old one (${kind})`);
	await c.post("/commitments", { when_: "the fair opens", then_: "stand at the door", due: day(9), owed_to: c.ids.Mara }, c.Bo);
	const one = /\/commitments\/(\w{11})/.exec((await c.get("/commitments", c.Bo)).body)[1];
	await c.post(`/commitments/${one}/line`, { own_line: "No reader" }, c.Bo, 422);
	await c.post(`/commitments/${one}/ask`, {}, c.Mara, 403);
	await c.post(`/commitments/${one}/ask`, {}, c.Bo);
	tap.ok(/Bo asked to withdraw it/.test(plain((await c.get("/commitments", c.Mara)).body)), `A3: whom it is owed to sees the wish (${kind})`);
	await c.post(`/commitments/${one}/withdraw`, {}, c.Mara);
	tap.ok(/Withdrawn/.test(plain((await c.get("/commitments?show=closed", c.Bo)).body)), `A3: and withdraws it (${kind})`);
}

async function run(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Coach", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	await begin(c);
	await lines(c, kind);
	const at = await hold(c, kind);
	await word(c, kind, at);
	await sent(c, kind, at);
	await rest(c, kind);
	await s.stop();
	command(program, base.url, "check");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await run(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of coaching ran", e.stack); tap.end(); });
