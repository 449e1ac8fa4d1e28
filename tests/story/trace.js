// The responsibility trace on both databases, each sentence of A4 and A4a by hand: what was promised, kept, missed, unknown,
// waiting; leaders first, the people after their answers or five working days; nobody for the time before or for a predecessor.
//     node trace.js PROGRAM
"use strict";
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2];
const tap = new Tap();

async function begin(c) {
	await c.person("Hanna");
	await c.person("Mara", "Hanna");
	await c.person("Ada", "Mara");
	await c.person("Bo", "Mara");
	await c.post("/company", { name: "Trace", head: c.ids.Hanna, sponsor_name: "Chair", currency: "EUR", zone: "UTC", profile: "open" });
	for (const n of ["Hanna", "Mara", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
}

const time = { from_day: day(-60), to_day: day(30) };
const address = (c, of) => `/trace?person=${c.ids[of]}&from=${time.from_day}&to=${time.to_day}`;

async function before(c, kind) {
	const page = plain((await c.get(address(c, "Ada"), c.Mara)).body);
	tap.ok(/Not promised/.test(page) && !/Missed [A-Z]/.test(page.split("How to read it")[0]), `A4a: before anything was agreed nobody missed anything (${kind})`, page);
	tap.ok(/Nobody was asked yet/.test(page) && /Leaders answer first/.test(page), `A4: leaders answer first (${kind})`, page);
	tap.ok((await c.get(address(c, "Ada"), c.Bo)).status === 404, `O5: a peer does not open another's trace (${kind})`);
	tap.ok((await c.get(address(c, "Mara"), c.Bo)).status === 200, `O6: a leader's trace is open to the team (${kind})`);
	tap.ok((await c.get(address(c, "Hanna"), c.admin)).status === 404, `O5: an administrator outside the line has no trace to open (${kind})`);
}

async function promise(c) {
	for (const n of ["Hanna", "Mara", "Ada"]) {
		await c.get("/duties", c[n]);
		await c.post("/duties/accept", {}, c[n]);
	}
	await c.post("/commitments", { when_: "Ada asks for a price", then_: "I answer within a day", due: day(0), owner: c.ids.Mara, owed_to: c.ids.Ada }, c.Mara);
	await c.post("/commitments", { when_: "I meet a buyer", then_: "ask twice", due: day(1), owner: c.ids.Ada, owed_to: c.ids.Mara }, c.Ada);
	await c.post("/blockers", { text: "Legal takes five weeks", owner: c.ids.Mara }, c.Ada);
}

async function keep(c, kind) {
	const promised = plain((await c.get(address(c, "Ada"), c.Mara)).body);
	tap.ok(/Unknown Coach each direct report every week no sessions were set up/.test(promised), `A4a: due, and nothing here says: unknown (${kind})`, promised);
	tap.ok(/Missed Sign a charter not signed/.test(promised), `A4a: agreed and not done is missed (${kind})`, promised);
	const list = await c.get("/commitments", c.Mara), one = /\/commitments\/(\w{8,})/.exec(list.body)[1];
	await c.post(`/commitments/${one}/claim`, { evidence: "sent", evidence_kind: "word" }, c.Mara);
	tap.ok(/Waiting Own promises to those below 0 of 1 kept; 1 waiting to be confirmed/.test(plain((await c.get(address(c, "Ada"), c.Mara)).body)), `A4a: claimed, it waits for the other side (${kind})`, plain((await c.get(address(c, "Ada"), c.Mara)).body));
	await c.post(`/commitments/${one}/confirm`, {}, c.Ada);
	tap.ok(/Kept Own promises to those below 1 of 1 kept/.test(plain((await c.get(address(c, "Ada"), c.Mara)).body)), `A3: confirmed by whom it is owed to, it is kept (${kind})`);
	await c.post("/charter", { part: "I asked for numbers.", reason: "Two customers carry us.", reason_number: "12", reason_unit: "deals", reason_day: day(300), stops: "Fridays." }, c.Hanna);
	tap.ok(/Kept Sign a charter signed/.test(plain((await c.get(address(c, "Ada"), c.Mara)).body)), `A4a: late evidence is taken (${kind})`);
}

async function answers(c, kind) {
	await c.post("/trace", { person: c.ids.Ada, ...time }, c.Bo, 404);
	await c.post("/trace", { person: c.ids.Ada, from_day: "nonsense", to_day: time.to_day }, c.Mara, 422);
	await c.post("/trace", { person: c.ids.Ada, ...time }, c.Mara);
	await c.post("/trace", { person: c.ids.Ada, ...time }, c.Hanna); // asked twice is asked once
	const asked = await c.get(address(c, "Ada"), c.Hanna), form = /action="(\/trace\/\w+\/answer)"/.exec(asked.body)[1];
	tap.ok(/Opens when Hanna has answered/.test(plain(asked.body)), `A4: the highest answers next (${kind})`, plain(asked.body));
	tap.ok(!/Own promises that came due/.test(plain((await c.get(address(c, "Ada"), c.Ada)).body)), `A4: the person's section is closed until then (${kind})`);
	tap.ok(/Where the number of Ada went: my part/.test(plain((await c.get("/today", c.Hanna)).body)), `A4: Today asks for the answer (${kind})`);
	await c.post(form, { text: "" }, c.Hanna, 422);
	await c.post(form, { text: "Not mine" }, c.Bo, 404);
	await c.post(form, { text: "Not mine" }, c.Ada, 403);
	await c.post(form, { text: "I let legal wait." }, c.Hanna);
	tap.ok(/Opens when Mara has answered/.test(plain((await c.get(address(c, "Ada"), c.Ada)).body)), `A4: then the next one below (${kind})`);
	await c.post(form, { text: "I watched the board and not the calls." }, c.Mara);
	const open = plain((await c.get(address(c, "Ada"), c.Ada)).body);
	tap.ok(/I let legal wait/.test(open) && /watched the board/.test(open), `A4: answers are read by whom they concern (${kind})`, open);
	tap.ok(!/Leaders answer first/.test(open) && !/Opens when/.test(open), `A4: all answered, the person's section is open (${kind})`, open);
	tap.ok(!/my part/.test(plain((await c.get("/today", c.Mara)).body)), `A4: answered, Today asks no longer (${kind})`);
}

// Five working days without an answer open it, and it names who did not answer; the page is read as of a later day.
async function silence(c, kind) {
	await c.post("/trace", { person: c.ids.Bo, ...time }, c.Mara);
	const now = plain((await c.get(address(c, "Bo"), c.Bo)).body), later = plain((await c.get(`${address(c, "Bo")}&as_of=${day(8)}`, c.Bo)).body);
	tap.ok(/Opens when Hanna/.test(now) && !/Did not answer:/.test(now), `A4: within five working days it stays closed (${kind})`);
	tap.ok(/Did not answer: Hanna, Mara/.test(later), `A4: after them it names who did not answer (${kind})`, later);
	const report = JSON.parse(command(program, c.url, "report", "trace", "--person", "Bo", "--from", time.from_day, "--to", time.to_day, "--as-of", day(8), "--format", "json"));
	tap.ok(report.metrics.people_open.value === "open" && report.metrics.asked.value === 2 && report.metrics.answered.value === 0, `report trace says what the page says (${kind})`, JSON.stringify(report.metrics));
	tap.ok(report.metrics.missed.value >= 1 && report.metrics.leaders.value === 2, `A4: what leaders missed is counted, and erases nothing (${kind})`, JSON.stringify(report.metrics));
}

// O2, A4a: Mikko takes the team over; each answers for the days of the own office.
async function successor(c, kind) {
	await c.person("Mikko", "Hanna");
	await c.post(`/people/${c.ids.Ada}/transfer`, { manager: c.ids.Mikko, since: day(-10) }, c.Hanna);
	const page = plain((await c.get(address(c, "Ada"), c.Hanna)).body);
	tap.ok(/Mara .*In this office .* for the days before and after others answer/.test(page) && /Mikko .*In this office/.test(page), `A4a: each leader for the days they held the office (${kind})`, page);
	tap.ok(/Not promised Any duty none was ever agreed/.test(page), `A4a: a successor owes nothing before it was agreed (${kind})`, page);
	tap.ok((await c.get(address(c, "Ada"), c.Mara)).status === 200, `A4a: whoever held the office may read and answer (${kind})`);
}

async function run(kind) {
	const db = fresh(kind);
	command(program, db.url, "init", "--company", "Trace", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, db.url);
	try {
		const c = new Company(s.port, await enter(s.port, s.link, {}), db.url, program);
		await begin(c);
		for (const part of [before, promise, keep, answers, silence, successor])
			await part(c, kind);
	} catch (e) {
		tap.ok(false, `the story goes on to its end (${kind})`, e.stack);
	}
	await s.stop();
	tap.ok(/nothing|sound|0 /i.test(command(program, db.url, "check")), `check finds nothing (${kind})`);
	db.drop();
}

(async () => {
	for (const kind of kinds())
		await run(kind);
	tap.end();
})();
