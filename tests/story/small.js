// A firm of one, which grows to three, on both databases: where a rule asks for a second person who is not there, the page names
// who could stand in, the result is marked "by one person", and nothing is blocked (O9).
//     node small.js PROGRAM
"use strict";
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2];
const tap = new Tap();
const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin" }).format(new Date());

async function promise(c, who, to, due, words) {
	await c.post("/commitments", { when_: words, then_: "do it", due, owed_to: c.ids[to] }, who);
	return (await c.get("/commitments", who)).body.split("<li").find((x) => x.includes(words)).match(/\/commitments\/(\w{8,})/)[1];
}
const listed = async (c, who, words) => plain(`<${(await c.get("/commitments?show=closed", who)).body.split("<li").find((x) => x.includes(words)) || ""}`);

async function one(c, kind) {
	await c.post("/people", { name: "Solo", email: "solo@example.com", role: "seller", manager_from: day(-400) });
	c.ids.Solo = await c.find("Solo");
	c.Solo = await c.signIn("Solo");
	tap.ok(/Nobody else is here/.test(plain((await c.get("/commitments/new", c.Solo)).body)), `a new promise says that nobody else is here (${kind})`);
	const kept = await promise(c, c.Solo, "Solo", today, "Acorn calls"), off = await promise(c, c.Solo, "Solo", day(9), "Birch calls");
	c.later = await promise(c, c.Solo, "Solo", day(9), "Cedar calls");
	const page = plain((await c.get(`/commitments/${kept}`, c.Solo)).body);
	tap.ok(/marked “by one person”/.test(page) && /A sponsor, a partner or a peer could stand in/.test(page), `its page says how it closes, and who could stand in (${kind})`, page);
	await c.post(`/commitments/${kept}/confirm`, {}, c.Solo, 403);
	await c.post(`/commitments/${kept}/claim`, { evidence: "", evidence_kind: "word" }, c.Solo, 422);
	await c.post(`/commitments/${kept}/claim`, { evidence: "They signed", evidence_kind: "word" }, c.Solo);
	tap.ok(/Kept, by one person/.test(await listed(c, c.Solo, "Acorn")), `closed with evidence, marked (${kind})`, await listed(c, c.Solo, "Acorn"));
	tap.ok(/1 of 1/.test(plain((await c.get("/commitments", c.Solo)).body)) && /1 by one person/.test(plain((await c.get("/commitments", c.Solo)).body)), `marked where it is counted (${kind})`, plain((await c.get("/commitments", c.Solo)).body));
	await c.post(`/commitments/${off}/ask`, {}, c.Solo);
	tap.ok(/Withdrawn, by one person/.test(await listed(c, c.Solo, "Birch")), `so is one that was withdrawn (${kind})`);
	const report = JSON.parse(command(program, c.url, "report", "commitments", "--format", "json")).metrics;
	tap.ok(report.kept.value === 1 && report.by_one_person.value === 1, `the report counts it apart (${kind})`, JSON.stringify(report));

	let duties = (await c.get("/duties", c.Solo)).body;
	const duty = /action="\/duties\/(\w{8,})\/change"/.exec(duties)[1];
	await c.post(`/duties/${duty}/change`, { words: "My own way", cadence: "standing", days: "", change_reason: "There is only me." }, c.Solo);
	duties = plain((await c.get("/duties", c.Solo)).body);
	tap.ok(/My own way/.test(duties) && /changed by one person/.test(duties) && !/Change waits/.test(duties), `a change of a duty stands at once, marked (${kind})`, duties);
	await c.post("/company", { name: "Small", sponsor_name: "Chair", currency: "EUR", zone: "Europe/Berlin", profile: "open" });
	for (const at of ["/duties", "/coaching"])
		tap.ok(/Chair \(sponsor\) could stand in/.test(plain((await c.get(at, c.Solo)).body)), `${at} names the sponsor (${kind})`, plain((await c.get(at, c.Solo)).body));
}

async function three(c, kind) {
	await c.person("Bo");
	await c.person("Cy", "Bo");
	c.Bo = await c.signIn("Bo");
	c.Cy = await c.signIn("Cy");
	tap.ok(/Chair \(sponsor\) or Bo or Cy could stand in/.test(plain((await c.get("/coaching", c.Solo)).body)), `partners and peers are named too (${kind})`, plain((await c.get("/coaching", c.Solo)).body));
	await c.post("/commitments", { when_: "Dogwood calls", then_: "do it", due: day(9), owed_to: c.ids.Solo }, c.Solo, 422);
	const due = await promise(c, c.Solo, "Bo", day(9), "Elder calls");
	tap.ok(!/by one person/.test(plain((await c.get(`/commitments/${due}`, c.Solo)).body)), `where somebody is there, they confirm (${kind})`);
	await c.post(`/commitments/${due}/claim`, { evidence: "Seen", evidence_kind: "word" }, c.Solo);
	tap.ok(!/Elder/.test(await listed(c, c.Solo, "Elder")), `and nobody closes their own (${kind})`);
	await c.post(`/commitments/${due}/confirm`, {}, c.Solo, 403);
	await c.post(`/commitments/${due}/confirm`, {}, c.Bo);
	const row = await listed(c, c.Solo, "Elder");
	tap.ok(/Kept/.test(row) && !/by one person/.test(row), `confirmed by two, it bears no mark (${kind})`, row);
	await c.post(`/commitments/${c.later}/claim`, { evidence: "Seen", evidence_kind: "word" }, c.Solo);
	tap.ok(/Kept, by one person/.test(await listed(c, c.Solo, "Cedar")), `one from before is not stuck, and stays marked (${kind})`);
	const duty = /action="\/duties\/(\w{8,})\/change"/.exec((await c.get("/duties", c.Cy)).body)[1];
	await c.post(`/duties/${duty}/change`, { words: "On Fridays", cadence: "standing", days: "", change_reason: "Travel." }, c.Cy);
	tap.ok(/Change waits/.test(plain((await c.get("/duties", c.Cy)).body)), `who has a leader waits for their word (${kind})`);
	await c.post(`/duties/${duty}/decline`, {}, c.Bo);
	tap.ok(!/changed by one person/.test(plain((await c.get("/duties", c.Cy)).body)), `a declined change bears no mark (${kind})`);
}

(async () => {
	for (const kind of ["sqlite", "postgres"])
		if (kinds().includes(kind)) {
			const base = fresh(kind);
			command(program, base.url, "init", "--company", "Small", "--currency", "EUR", "--timezone", "Europe/Berlin", "--admin", "admin@example.com");
			const s = await serve(program, base.url);
			try {
				const c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
				await one(c, kind);
				await three(c, kind);
				tap.ok(/ 0 wrong/.test(command(program, base.url, "check")), `check finds nothing (${kind})`);
			} finally {
				await s.stop();
				base.drop();
			}
		}
	tap.end();
})().catch((e) => { tap.ok(false, "the story of a small firm ran", e.stack); tap.end(); });
