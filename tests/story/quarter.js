// A quarter of a whole company, head to seller, by a clock that stands where the story puts it (C6, C8, C10, A3, A4, A5, L5); every figure
// below is counted by hand in the comments beside it. The company: Hanna leads Mara and Lena; Mara leads Ada and Bo; Lena leads Cleo.
// Mara coaches on Tuesdays, Lena on Thursdays, thirteen weeks; Hanna her two managers every second Wednesday, of which she holds three.
//   Ada   every week held and confirmed: 13 periods, 13 paid.
//   Bo    weeks 0 to 3 paid; 4 and 5 nobody says anything: two owed, and Hanna hears of two in a row; 6 Mara claims, Bo denies;
//         7 Mara claims, Bo never answers; 8 it was an inspection, Bo says so; 9 to 12 paid. 8 paid of 13.
//   Cleo  weeks 0 to 9 paid, then Lena is away for the rest: paused.
//     node quarter.js PROGRAM
"use strict";
const { execFile } = require("child_process");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const start = (() => { const d = new Date(Date.now() + 86400000); while (d.getUTCDay() !== 1) d.setUTCDate(d.getUTCDate() + 1); return Date.parse(d.toISOString().slice(0, 10)); })();
const dayOf = (week, n = 0) => new Date(start + (7 * week + n) * 86400000).toISOString().slice(0, 10);
const [monday, tuesday, wednesday, thursday] = [0, 1, 2, 3];

// The program begun anew at another time; who was signed in stays so.
class Time {
	constructor(url) { this.url = url; }
	async at(week, n, hour = "12") {
		if (this.server)
			await this.server.stop();
		this.server = await serve(program, this.url, "--at", `${dayOf(week, n)}T${hour}:00:00Z`);
		if (this.c)
			this.c.port = this.server.port;
		return this.server;
	}
	// Sign-ins end after fourteen idle days, and after ninety in any case.
	async signIn(name) {
		const r = await ask(this.server.port, "POST", "/sign-in", { form: { email: `${name.toLowerCase()}@example.com`, password: "a long road with few signs" } });
		const cookie = /__Host-ridealong=([^;]+)/.exec(String(r.headers["set-cookie"]))[1], page = await ask(this.server.port, "GET", "/people", { who: { cookie } });
		this.c[name] = { cookie, csrf: /name="csrf" value="([^"]+)"/.exec(page.body)[1] };
	}
}

const names = ["Hanna", "Mara", "Lena", "Ada", "Bo", "Cleo"];

async function begin(t) {
	const s = await t.at(0, monday, "09"), c = t.c = new Company(s.port, await enter(s.port, s.link, {}), t.url, program);
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Lena", "Hanna"], ["Ada", "Mara"], ["Bo", "Mara"], ["Cleo", "Lena"]])
		await c.person(n, m);
	await c.post("/company", { name: "Quarter", head: c.ids.Hanna, sponsor_name: "The chair", currency: "EUR", zone: "UTC", profile: "line" });
	for (const n of names) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	for (const n of ["Hanna", "Mara", "Lena"]) {
		await c.get("/duties", c[n]);
		await c.post("/duties/accept", {}, c[n]);
	}
	await c.post("/coaching/start", { weekday: "3", start: "09:00", length: "30" }, c.Hanna);
	await c.post("/coaching/start", { weekday: "2", start: "09:00", length: "30" }, c.Mara);
	await c.post("/coaching/start", { weekday: "4", start: "09:00", length: "30" }, c.Lena);
	c.skill = /name="skill"[^]*?<option value="(\w{11})"/.exec((await c.get(`${await of(c, "Mara", "Ada")}/session`, c.Mara)).body)[1];
	return c;
}

// The session that the coach's list leads to for that person.
async function of(c, coach, name) {
	const page = await c.get("/coaching", c[coach]), row = page.body.split(/<tr|<li/).find((x) => x.includes(name) && /\/coaching\/\w{11}/.test(x));
	if (!row)
		throw new Error(`${coach} has no session with ${name}: ${plain(page.body).slice(0, 600)}`);
	return `/coaching/${/\/coaching\/(\w{11})/.exec(row)[1]}`;
}

async function hold(c, coach, name, held_on, word = {}) {
	const at = await of(c, coach, name);
	await c.post(`${at}/session`, { held_on, kind: "coaching", skill: c.skill, no_commitment: "The same as last week" }, c[coach], 200);
	if (word)
		await c.post(`${at}/confirm`, { held: "yes", kind: "coaching", skill: c.skill, ...word }, c[name]);
	return at;
}

const bo = [{}, {}, {}, {}, null, null, { held: "no" }, "silent", { kind: "inspection" }, {}, {}, {}, {}];

async function week(t, w, ok) {
	const { c } = t;
	await t.at(w, tuesday);
	if (w % 2 === 0) // before fourteen idle days are over
		for (const n of ["Mara", "Ada", "Bo", "Hanna", "Lena", "Cleo"])
			await t.signIn(n);
	await hold(c, "Mara", "Ada", dayOf(w, tuesday));
	if (bo[w])
		await hold(c, "Mara", "Bo", dayOf(w, tuesday), bo[w] === "silent" ? null : bo[w]);
	if (w === 2) // due in week 3, claimed and confirmed then
		await c.post("/commitments", { when_: "a buyer asks for a price", then_: "ask what it is for", due: dayOf(3, tuesday), owed_to: c.ids.Mara }, c.Bo);
	if (w === 5) { // due in week 6, and missed: the account follows in week 7
		await c.post("/commitments", { when_: "the fair ends", then_: "write to ten people", due: dayOf(6, tuesday), owed_to: c.ids.Mara }, c.Bo);
		await c.post("/blockers", { text: "No samples in Norwegian", owner: c.ids.Mara }, c.Bo);
	}
	if (w === 3) {
		const one = /\/commitments\/(\w{11})/.exec((await c.get("/commitments", c.Bo)).body)[1];
		await c.post(`/commitments/${one}/claim`, { evidence: "noted on the deal", evidence_kind: "word" }, c.Bo);
		await c.post(`/commitments/${one}/confirm`, {}, c.Mara);
	}
	if (w === 4 || w === 8 || w === 12) {
		await t.at(w, wednesday);
		await hold(c, "Hanna", "Mara", dayOf(w, wednesday));
	}
	if (w <= 9) {
		await t.at(w, thursday);
		await hold(c, "Lena", "Cleo", dayOf(w, thursday));
	}
	if (w === 9)
		await c.post("/me/absence", { from_day: dayOf(10, monday), to_day: dayOf(14, monday), share: "0" }, c.Lena);
	await look(t, w, ok);
}

function report(url, what, ...more) {
	return JSON.parse(command(program, url, "report", what, "--format", "json", ...more)).metrics;
}

const letter = (url, at) => new Promise((resolve) => execFile(program, ["mail", "--db", url, "--dry-run", "--at", at], (_, out) => resolve(out)));
const to = (letters, name) => letters.split("To: ").filter((x) => x.startsWith(`${name} <`)).join("\n");

// What stands at the end of a week, where something has come due.
async function look(t, w, ok) {
	const { c } = t, of_ = (name, ...more) => report(t.url, "coaching", "--person", name, "--from", dayOf(0), "--as-of", dayOf(w + 1), "--to", dayOf(w + 1, -1), ...more);
	if (w === 3) {
		const m = of_("Mara"); // four weeks of two
		ok(m.confirmed.value === 8 && m.claimed.value === 8 && m.denied.value === 0, "C6: after four weeks eight sessions are claimed and confirmed", m);
		const k = report(t.url, "commitments", "--person", "Bo", "--as-of", dayOf(4));
		ok(k.kept.value === 1 && k.due.value === 1 && k.missed.value === 0, "A3: one promise came due and was kept", k);
	}
	if (w === 5) {
		await t.at(6, monday, "08");
		await t.signIn("Hanna");
		const today = plain((await c.get("/today", c.Hanna)).body), brief = to(await letter(t.url, `${dayOf(6)}T07:00:00Z`), "Hanna");
		ok(/Mara .*Bo|Bo .*Mara/.test(/Asked of me.*/.exec(today)?.[0] || "") && /skipped/i.test(today), "C10: two in a row, and the coach's coach hears of it", today.slice(0, 1500));
		ok(/Bo/.test(brief) && /skipped/i.test(brief), "L5: Monday's brief says so, too", brief);
		const page = plain((await c.get("/coaching", c.Hanna)).body);
		ok(/Mara/.test(page), "C8: the debt below stands by name", page.slice(0, 600));
	}
	if (w === 6) {
		const brief = to(await letter(t.url, `${dayOf(7)}T07:00:00Z`), "Bo");
		ok(/Was due .*to Mara: when the fair ends, then I write to ten people/.test(brief), "L5: what was missed stands in the brief of who owes it", brief);
		const m = of_("Mara"); // the line of Mara, herself too: Ada 7; Bo 4, and one that he denies; Hanna with Mara in week 4
		ok(m.claimed.value === 13 && m.confirmed.value === 12 && m.denied.value === 1, "E8: a session that the other side denies is claimed, not confirmed", m);
		await t.at(7, monday, "08");
		await t.signIn("Mara");
		await t.signIn("Bo");
		const one = /\/commitments\/(\w{11})/.exec((await c.get("/commitments", c.Bo)).body)[1];
		await c.post(`/commitments/${one}/miss`, {}, c.Mara).catch(() => c.post(`/commitments/${one}/missed`, {}, c.Mara));
	}
}

async function end(t, ok) {
	const { c } = t, from = dayOf(0), last = dayOf(13, -1), now = dayOf(13);
	await t.at(13, monday, "09");
	for (const n of names)
		await t.signIn(n);
	const mara = report(t.url, "coaching", "--person", "Mara", "--from", from, "--to", last, "--as-of", now);
	// Mara as coach and as coachee. Claimed: Ada 13, Bo 13 - 2 = 11, Hanna with her 3: 27. Confirmed as coaching: 13 + 8 + 3 = 24; denied 1,
	// an inspection 1, without an answer 1. Due: 13 of each of the two, 7 of the fortnight: 33.
	ok(mara.claimed.value === 27 && mara.confirmed.value === 24 && mara.denied.value === 1 && mara.other.value === 1, "C6, C2a: a quarter of Mara's line: 27 claimed, 24 confirmed, one denied, one inspection", mara);
	ok(mara.due.value === 33, "C8: 33 sessions were due", mara);
	ok(mara.same_skill.value === 24, "C6: both name the same skill each time", mara);
	// Lena: Cleo 10, then away; Hanna's fortnight with her 7, none held.
	const lena = report(t.url, "coaching", "--person", "Lena", "--from", from, "--to", last, "--as-of", now);
	ok(lena.claimed.value === 10 && lena.confirmed.value === 10 && lena.due.value === 17, "O7: weeks away pause the cadence: of 13 with Cleo ten are due", lena);
	const hanna = report(t.url, "coaching", "--person", "Hanna", "--from", from, "--to", last, "--as-of", now);
	ok(hanna.claimed.value === 27 + 10 && hanna.confirmed.value === 24 + 10 && hanna.due.value === 33 + 17, "C8: the whole line is the sum of its parts", hanna);
	const kept = report(t.url, "commitments", "--person", "Bo", "--as-of", now);
	ok(kept.kept.value === 1 && kept.due.value === 2, "A3: one of two kept", kept);

	await c.post("/trace", { person: c.ids.Bo, from_day: from, to_day: last }, c.Hanna);
	const trace = plain((await c.get(`/trace?person=${c.ids.Bo}&from=${from}&to=${last}`, c.Hanna)).body);
	ok(/Missed Coach each direct report every week 8 of 13 confirmed, same skill named in 8; 1 waiting for the other side; 1 denied, a dispute/.test(trace), "A4: in a trace of Bo, Mara's part is what she did for Bo: 8 of 13", trace.slice(0, 3000));
	ok(/Missed Answer blockers within 2 working days 0 of 1 in time/.test(trace), "A5: the blocker of week five was never answered", trace.slice(0, 3000));
	ok(/Missed Sign a charter not signed/.test(trace), "L1: the head signed nothing", trace.slice(0, 1500));
	ok(/Opens when Hanna has answered/.test(trace), "A4: the head answers first", trace);
	ok(/Missed Coach each direct report every two weeks 2 of 6 confirmed, same skill named in 3 of 3 sessions/.test(trace), "A4: Hanna's part: six whole fortnights with Mara, two of them paid; the third session stands in one that is not over", trace.slice(0, 2500));
	const brief = to(await letter(t.url, `${now}T09:30:00Z`), "Hanna");
	ok(/my part|Where the number/i.test(brief) && /Your charter is not signed/.test(brief), "L5: the head's brief asks for both", brief);
	ok(!/Coach each|debt/.test(to(await letter(t.url, `${now}T09:30:00Z`), "Ada")), "L5: a seller's brief tells nothing of it");
}

async function story(kind) {
	const base = fresh(kind), t = new Time(base.url), ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, typeof detail === "string" ? detail : JSON.stringify(detail));
	command(program, base.url, "init", "--company", "Quarter", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	try {
		await begin(t);
		for (let w = 0; w < 13; w++)
			await week(t, w, ok);
		await end(t, ok);
	} catch (e) {
		ok(false, "the story goes on to its end", e.stack);
	}
	await t.server.stop();
	command(program, base.url, "check");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})();
