// What goes on when somebody else takes over, on both databases: a blocker about a deal is handed on with why and a new answer time,
// and not once it is overdue (A5); after a transfer the old agreement promises nothing more (A2); what a leaver promised to whoever
// takes over is kept by a third (O4, A3).
//     node handover.js PROGRAM
"use strict";
const { fresh, command, serve, enter, sql, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();

async function begin(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Handover", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Milo", "Hanna"], ["Ada", "Mara"], ["Bo", "Mara"]])
		await c.person(n, m);
	await c.post("/company", { name: "Handover", head: c.ids.Hanna, currency: "EUR", zone: "UTC", profile: "open" });
	for (const n of ["Hanna", "Mara", "Milo", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	c.text = async (to, who) => plain((await c.get(to, who)).body);
	c.end = async () => { command(program, base.url, "check"); await s.stop(); base.drop(); };
	return c;
}

// Working days after today, as the program counts them.
function workingDay(n) {
	let at = 0;
	for (let left = n; left > 0;) {
		at++;
		left -= ![0, 6].includes(new Date(Date.now() + at * 86400000).getUTCDay());
	}
	return day(at);
}

async function blockers(c, ok) {
	await c.post("/deals", { name: "Plant north", amount: "5000" }, c.Ada);
	const deal = await c.find("Plant north");
	ok((await c.get(`/deals/${deal}`, c.Ada)).body.includes(`href="/blockers?deal=${deal}#new"`) && (await c.get("/today", c.Ada)).body.includes('href="/blockers#new"'), "A5: raised from Today and from a deal’s page");
	ok((await c.get(`/blockers?deal=${deal}`, c.Ada)).body.includes(`name="deal" value="${deal}"`), "the form says which deal");
	const back = await c.post("/blockers", { text: "Legal does not answer", owner: c.ids.Mara, deal }, c.Ada);
	ok(back.headers.location.startsWith(`/deals/${deal}`), "and leads back to it", back.headers.location);
	const on = async (who) => (await c.text(`/deals/${deal}`, who)).split("In its way")[1] || "";
	ok(/^ Legal does not answer Ada asked .*; Mara answers by .*Waits for Mara/.test(await on(c.Ada)) && /Waits for Mara\s+Answer : Legal/.test(await on(c.Mara)), "A5: the deal says what is in its way, who answers, and by when", [await on(c.Ada), await on(c.Mara)]);
	const one = /\/blockers\/(\w{11})\/hand/.exec((await c.get("/blockers", c.Mara)).body)[1], hand = (form, who, wanted) => c.post(`/blockers/${one}/hand`, form, who, wanted);
	await hand({ to: c.ids.Hanna, why: "x" }, c.Ada, 403);
	for (const [form, wanted] of [[{ to: "", why: "She knows them" }, /to is missing/], [{ to: c.ids.Hanna, why: "" }, /why they can and you cannot/], [{ to: c.ids.Ada, why: "x" }, /raised it/], [{ to: c.ids.Mara, why: "x" }, /has it already/], [{ to: c.ids.Hanna, why: "x", by: day(60) }, /not between today and the day/]])
		ok(wanted.test(plain((await hand(form, c.Mara, 422)).body)), `refused: ${wanted}`, plain((await hand(form, c.Mara, 422)).body).slice(0, 800));
	await hand({ to: c.ids.Hanna, why: "She signed the frame contract", by: "" }, c.Mara);
	const row = sql(c.url, `select due from blocker where text = 'Legal does not answer'`);
	ok(row === workingDay(5), "A2a: the head owes an answer in five working days from the handing", `${row} ${workingDay(5)}`);
	ok(/Ada asked Hanna .*Mara handed it on .*She signed the frame contract/.test(await c.text("/blockers", c.Ada)), "who raised it sees who has it now, and why", await c.text("/blockers", c.Ada));
	ok(!/Legal does not answer/.test((await c.text("/blockers", c.Mara)).split("What I raised")[0]) && /Legal does not answer/.test(await c.text("/blockers", c.Hanna)), "it waits for the new one alone");
	ok(/Hanna answers by .* Mara handed it on: She signed the frame contract/.test(await on(c.Ada)), "and who has it since", await on(c.Ada));
	sql(c.url, `update blocker set due = '${day(-2)}' where text = 'Legal does not answer'`);
	ok(/the answer is overdue and stays yours/.test(plain((await hand({ to: c.ids.Milo, why: "He could" }, c.Hanna, 422)).body)), "A4a: what is overdue is not handed away");
	ok(/Answer overdue/.test(await on(c.Ada)), "what is overdue is loud there, too", await on(c.Ada));
	await c.post(`/blockers/${one}/answer`, { answer: "Signed today" }, c.Hanna);
	ok(/Hanna answered .*Signed today.* Ada says by .* whether that clears it/.test(await on(c.Ada)), "answered: it waits for the word of who raised it", await on(c.Ada));
	await c.post(`/blockers/${one}/confirm`, { clears: "1", reply: "" }, c.Ada);
	ok(!/In its way/.test(await c.text(`/deals/${deal}`, c.Ada)), "cleared: it is gone from the deal");
}

async function agreements(c, ok) {
	const form = (await c.get(`/scorecard/${c.ids.Ada}/agreement`, c.Mara)).body, field = /name="(m-[\w]+)"/.exec(form)[1];
	await c.post(`/scorecard/${c.ids.Ada}/agreement`, { [field]: "10", [field.replace("m-", "p-")]: "week", words: "Mara joins one call a month", from_day: day(0), reason: "First one" }, c.Mara);
	await c.post(/\/agreements\/\w{11}\/sign/.exec((await c.get(`/scorecard/${c.ids.Ada}`, c.Ada)).body)[0], {}, c.Ada);
	ok(!/Agree anew/.test(await c.text("/today", c.Ada)), "nothing is asked while the two belong together");
	await c.post(`/people/${c.ids.Ada}/transfer`, { manager: c.ids.Milo, since: day(0) }, c.Hanna);
	ok(/Agree anew with Milo/.test(await c.text("/today", c.Ada)) && /Agree anew with Ada/.test(await c.text("/today", c.Milo)) && !/Agree anew/.test(await c.text("/today", c.Mara)), "A2: after a transfer both are asked to agree anew", await c.text("/today", c.Milo));
	const card = await c.text(`/scorecard/${c.ids.Ada}`, c.Ada);
	ok(/What the leader of that time owes me Mara joins one call.*Signed with somebody who does not lead Ada now/.test(card), "A4a: and the page says whose promises those were", card.split("Paired agreement")[1]);
	await c.post(`/scorecard/${c.ids.Ada}/agreement`, { [field]: "8", [field.replace("m-", "p-")]: "week", words: "Milo reads the offers first", from_day: day(0), reason: "New leader" }, c.Milo);
	ok(!/Agree anew/.test(await c.text("/today", c.Milo)), "one that is proposed clears it");
}

async function leaver(c, ok) {
	await c.post("/commitments", { when_: "the trial ends", then_: "send the figures", due: day(9), owed_to: c.ids.Mara }, c.Bo);
	const form = { to: c.ids.Mara, left_on: day(0) };
	const refused = await c.post(`/people/${c.ids.Bo}/leave`, form, c.Hanna, 422);
	ok(/1 promise was made to whoever takes over/.test(plain(refused.body)), "A3: a promise to whoever takes over wants a third", plain(refused.body).slice(0, 1500));
	await c.post(`/people/${c.ids.Bo}/leave`, { ...form, keeper: c.ids.Mara }, c.Hanna, 422);
	await c.post(`/people/${c.ids.Bo}/leave`, { ...form, keeper: c.ids.Milo }, c.Hanna);
	ok(/send the figures/.test(await c.text("/commitments", c.Milo)) && /send the figures/.test(await c.text("/commitments", c.Mara)), "who then owes it, to the same person");
}

(async () => {
	for (const kind of kinds()) {
		const c = await begin(kind), ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
		await blockers(c, ok);
		await agreements(c, ok);
		await leaver(c, ok);
		await c.end();
	}
	tap.end();
})().catch((e) => { tap.ok(false, "the story of handing over ran", e.stack); tap.end(); });
