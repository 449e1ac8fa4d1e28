// Scorecards, paired agreements and the huddle on both databases, values by hand (A1, A2, A5): no data is not 0, ratios from one's
// own history or “not enough yet”, both sign, what is signed stays, the leader's figures first and open to the team, a blocker
// answered by one and confirmed by the other.
//     node score.js PROGRAM
"use strict";
const { fresh, command, serve, Tap, enter, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2];
const tap = new Tap();
const rows = (c, ...more) => JSON.parse(command(program, c.url, "report", "scorecard", "--format", "json", ...more)).rows;
const row = (all, person, measure) => all.find((x) => x.person === person && x.measure === measure);
const one = (c, person, measure, ...more) => row(rows(c, "--person", person, ...more), person, measure);
const page = async (c, of, who, more = "") => plain((await c.get(`/scorecard/${c.ids[of]}${more}`, who)).body);

async function begin(c) {
	await c.person("Hanna");
	await c.person("Mara", "Hanna");
	await c.person("Ada", "Mara");
	await c.person("Bo", "Mara");
	await c.person("Gil", "Hanna");
	await c.person("Eva", "Gil");
	await c.post("/company", { name: "Score", head: c.ids.Hanna, currency: "EUR", zone: "UTC", profile: "open" });
	for (const n of ["Hanna", "Mara", "Ada", "Bo", "Gil", "Eva"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
}

async function lineFirst(c, kind) {
	const empty = await page(c, "Ada", c.Ada);
	tap.ok(/Calls leading no data/.test(empty) && /Revenue won lagging no data/.test(empty) && !/Calls leading 0/.test(empty), `A1: nothing recorded is no data, not 0 (${kind})`, empty);
	tap.ok(empty.indexOf("Coaching given and confirmed") < empty.indexOf("Calls leading"), `O6: the leader's figures stand first (${kind})`, empty);
	tap.ok((await c.get(`/scorecard/${c.ids.Ada}`, c.Bo)).status === 404, `O5: a peer's figures are not for a peer (${kind})`);
	tap.ok((await c.get(`/scorecard/${c.ids.Ada}`, c.Gil)).status === 404, `O5: nor for another leader (${kind})`);
	tap.ok((await c.get(`/scorecard/${c.ids.Ada}`, c.Hanna)).status === 200, `O5: the line above reads them (${kind})`);
	tap.ok((await c.get(`/scorecard/${c.ids.Mara}`, c.Bo)).status === 200, `O6: a leader's are open to the team (${kind})`);
	tap.ok((await c.get(`/scorecard?of=${c.ids.Gil}`, c.Bo)).status === 404, `O5: another team has no page for who is not in it (${kind})`);
	const team = plain((await c.get("/scorecard", c.Bo)).body);
	tap.ok(/1 more in this team/.test(team) && !/Ada/.test(team.split("How to read")[0].replace(/.*Behind/, "")), `O5: of colleagues a seller sees that they are there, no figure (${kind})`, team);
}

// Six wins of seven decided, 18 calls, one mail, each of this quarter's days so far. Ada: 18 calls ÷ 6 closes = 3 calls per close.
async function work(c, kind) {
	const made = [];
	for (let i = 0; i < 7; i++) {
		const r = await c.post("/deals", { name: `Deal ${i}`, amount: "1000", owner: c.ids.Ada, next_step: "Ring", next_step_on: day(3) }, c.Ada);
		made.push(/\/deals\/(\w{11})/.exec(r.headers.location)[1]);
	}
	for (let i = 0; i < 18; i++)
		await c.post(`/deals/${made[i % 7]}/activity`, { kind: "call", on_day: day(0), subject: `Call ${i}` }, c.Ada);
	await c.post(`/deals/${made[0]}/activity`, { kind: "mail", on_day: day(0), subject: "Mail" }, c.Ada);
	const now = one(c, "Ada", "Next step on each deal");
	tap.ok(now.value === 7 && now.n === 7, `A1: each open deal with a next step, 7 of 7 (${kind})`, JSON.stringify(now));
	tap.ok(/calls per close: not enough yet|18 noted for 0|new deals per close: not enough yet/.test(await page(c, "Ada", c.Ada)), `A2: below five closes a ratio says not enough yet (${kind})`, await page(c, "Ada", c.Ada));
	const stages = JSON.parse((await c.get("/api/v1/stages?limit=100")).body).data, of = (name) => stages.find((x) => x.name === name).id;
	const from = JSON.parse((await c.get(`/api/v1/deals/${made[0]}`)).body).stage;
	for (let i = 0; i < 6; i++)
		await c.post(`/deals/${made[i]}/move`, { stage: of("Won"), from, anyway: "1", reason: "Signed" }, c.Ada);
	const asked = await c.post(`/deals/${made[6]}/move`, { stage: of("Lost"), from }, c.Ada, 409);
	await c.post(`/deals/${made[6]}/move`, { stage: of("Lost"), from, lost_reason: /name="lost_reason" value="([^"&]+)"/.exec(asked.body)[1] }, c.Ada);
	const all = rows(c, "--person", "Ada");
	const calls = row(all, "Ada", "Calls"), won = row(all, "Ada", "Deals won"), rate = row(all, "Ada", "Win rate"), money = row(all, "Ada", "Revenue won");
	tap.ok(calls.value === 18 && calls.n === 19, `A1: 18 calls of 19 activities noted (${kind})`, JSON.stringify(calls));
	tap.ok(won.value === 6 && won.n === 7 && money.value === 600000 && money.n === 6, `A1: 6 of 7 decided won, 6,000.00 EUR (${kind})`, JSON.stringify([won, money]));
	// Wilson: (6 + 1.92073) / (7 + 3.84146) ± …: 0.48687 to 0.97432
	tap.ok(Math.abs(rate.low - 0.48687) < 1e-4 && Math.abs(rate.high - 0.97432) < 1e-4, `A1: a share comes with its interval (${kind})`, JSON.stringify(rate));
	const shown = await page(c, "Ada", c.Mara);
	// Wilson of 6 in 18: 0.16281 to 0.56253, turned over 1.78 to 6.14
	tap.ok(/3 calls per close \(18 calls, 6 closes; 95 % interval 2–6\)/.test(shown), `A2: 18 calls ÷ 6 closes = 3 calls per close, with n and interval (${kind})`, shown);
	tap.ok(/meetings: 0 noted for 6 closes, so not all were noted/.test(shown), `A2: no ratio from what was not noted (${kind})`, shown);
	tap.ok(/Calls leading 18/.test(shown) && /Revenue won lagging €6,000/.test(shown), `A1: the page says what the report prints (${kind})`, shown);
	tap.ok(one(c, "Mara", "Deals won by the team").value === 6 && one(c, "Gil", "Deals won by the team").value === null, `A1: a team's are of those below, another's stay without data (${kind})`);
	const before = one(c, "Ada", "Calls", "--as-of", day(-1));
	tap.ok(before.value === null && before.n === 0, `A1: as of yesterday there is no data (${kind})`, JSON.stringify(before));
}

const week = () => { const t = new Date(Date.now()), d = (t.getUTCDay() + 6) % 7; return { from: day(-d), to: day(6 - d), gone: Math.min(d + 1, 5) }; };

async function agree(c, kind) {
	await c.get("/duties", c.Mara);
	await c.post("/duties/accept", {}, c.Mara);
	const at = `/scorecard/${c.ids.Ada}/agreement`, form = (await c.get(at, c.Mara)).body;
	const duty = [...form.matchAll(/name="(o-\w+)"/g)].map((m) => m[1]);
	tap.ok(duty.length === 3 && /Coach each direct report every week/.test(plain(form)), `A2a: the leader's side offers the duties that stand (${kind})`, plain(form));
	const does = { "m-calls": "10", "p-calls": "week", "m-coached": "90", from_day: day(0) }, owes = Object.fromEntries(duty.map((x) => [x, "1"]));
	await c.post(at, does, c.Mara, 422); // one side alone is no agreement
	const typed = await c.post(at, { ...does, ...owes, "m-calls": "many" }, c.Mara, 422);
	tap.ok(/is no such number/.test(plain(typed.body)) && /value="many"/.test(typed.body), `A2: a refused form keeps what was typed (${kind})`);
	await c.post(at, { ...does, ...owes, from_day: day(-5) }, c.Mara, 422);
	await c.post(at, { ...does, ...owes }, c.Bo, 404);
	await c.post(at, { ...does, ...owes }, c.Hanna, 403);
	await c.post(at, { ...does, ...owes, words: "I join each first visit" }, c.Mara);
	const waits = await c.get(`/scorecard/${c.ids.Ada}`, c.Ada), sign = /action="(\/agreements\/\w+\/sign)"/.exec(waits.body)[1];
	tap.ok(/Ada has not signed/.test(plain(waits.body)) && /Mara signed/.test(plain(waits.body)), `A2: proposed and signed by one side (${kind})`, plain(waits.body));
	tap.ok(one(c, "Ada", "Calls").target === null, `A4a: nothing is promised until both have signed (${kind})`);
	tap.ok(/agreement with Mara waits for my signature/i.test(plain((await c.get("/today", c.Ada)).body)), `A2: Today asks for the signature (${kind})`, plain((await c.get("/today", c.Ada)).body).slice(0, 1500));
	await c.post(sign, {}, c.Bo, 404);
	await c.post(sign, {}, c.Hanna, 403);
	await c.post(sign, {}, c.Ada);
	const w = week(), calls = one(c, "Ada", "Calls", "--from", w.from, "--to", w.to), d = new Date(), today = (d.getUTCDay() + 6) % 7;
	// Agreed today: ten a week over five working days, from today to Friday; on a weekend none is left of this week.
	const left = Math.max(0, 5 - today);
	tap.ok(calls.target === left * 2 && calls.pace === (today < 5 ? 2 : 0), `A2: ten a week for the days it is in force: ${left * 2}, pace ${today < 5 ? 2 : 0} (${kind})`, JSON.stringify(calls));
	const next = one(c, "Ada", "Calls", "--from", day(7 - today), "--to", day(13 - today));
	tap.ok(next.target === 10 && next.value === null, `A2: a whole week asks for just ten, and has no data yet (${kind})`, JSON.stringify(next));
	const shown = await page(c, "Ada", c.Ada);
	tap.ok(/Calls: 10 a week from my own history: 3 calls per close/.test(shown) && /What Mara owes me .*Coach each direct report every week/.test(shown), `A2: both columns stand, with the ratio it came from (${kind})`, shown);
	tap.ok(/I join each first visit/.test(shown) && /in force since/.test(shown), `A2: dated, with the leader's own words (${kind})`, shown);
	await c.post(sign, {}, c.Ada, 409);
	c.owes = owes;
}

async function change(c, kind) {
	const at = `/scorecard/${c.ids.Ada}/agreement`;
	const does = { "m-calls": "12", "p-calls": "week", from_day: day(7), ...c.owes };
	const no = await c.post(at, does, c.Ada, 422);
	tap.ok(/say why it changes/.test(plain(no.body)), `A2: a change says why (${kind})`, plain(no.body));
	await c.post(at, { ...does, reason: "Two more visits" }, c.Ada);
	tap.ok(one(c, "Ada", "Calls", "--from", day(700), "--to", day(706)).target === 10, `A2: until both sign, the version before stands (${kind})`);
	const form = (await c.get(`/scorecard/${c.ids.Ada}`, c.Mara)).body, sign = /action="(\/agreements\/\w+)\/sign"/.exec(form)[1];
	await c.post(`${sign}/decline`, { reason: "Not before the fair" }, c.Mara);
	tap.ok(one(c, "Ada", "Calls", "--from", day(700), "--to", day(706)).target === 10, `A2: declined, nothing changed (${kind})`);
	await c.post(at, { ...does, reason: "After the fair" }, c.Ada);
	const again = (await c.get(`/scorecard/${c.ids.Ada}`, c.Mara)).body;
	await c.post(/action="(\/agreements\/\w+\/sign)"/.exec(again)[1], {}, c.Mara);
	tap.ok(one(c, "Ada", "Calls", "--from", day(700), "--to", day(706)).target === 12, `A2: signed by both, version 3 asks for 12 (${kind})`);
	const shown = await page(c, "Ada", c.Ada);
	tap.ok(/Version 3, in force since/.test(shown) && /Version 1, in force/.test(shown), `A2: versioned and dated (${kind})`, shown);
	const list = JSON.parse((await c.get("/api/v1/agreements?limit=50", c.Ada)).body), text = JSON.stringify(list);
	tap.ok((text.match(/"number"/g) || []).length === 3, `A2: the JSON API lists every version (${kind})`, text.slice(0, 600));
	tap.ok(!/"number"/.test((await c.get("/api/v1/agreements?limit=50", c.Bo)).body), `O5: and none of them to a peer (${kind})`);
}

// O7: half a week away is half of what the week asks for; O9: without a leader it stands by one person; A1: what no record tells is entered.
async function edges(c, kind) {
	const d = (new Date().getUTCDay() + 6) % 7, monday = 28 - d;
	await c.post("/me/absence", { from_day: day(monday), to_day: day(monday + 1) }, c.Ada);
	const away = one(c, "Ada", "Calls", "--from", day(monday), "--to", day(monday + 6));
	tap.ok(away.target === 7, `O7: two of five days away: 12 × 3 ÷ 5 = 7.2, so 7 (${kind})`, JSON.stringify(away));
	await c.post(`/scorecard/${c.ids.Hanna}/agreement`, { "m-kept": "90", from_day: day(0) }, c.Hanna);
	tap.ok(/by one person/.test(await page(c, "Hanna", c.Hanna)) && one(c, "Hanna", "Commitments kept").target === 90, `O9: the head's agreement stands by one person, and says so (${kind})`);
	await c.post("/scorecard/measures", { name: "Visits on site", role: "seller", kind: "leading", source: "hand" }, c.Hanna, 422);
	await c.post("/scorecard/measures", { name: "Visits on site", role: "seller", kind: "leading", source: "hand", about: "At the customer's plant" }, c.Hanna);
	await c.post("/scorecard/measures", { name: "Rings", role: "seller", kind: "leading", source: "calls" }, c.Hanna, 422);
	await c.post("/scorecard/measures", { name: "Mine", role: "seller", kind: "leading", source: "hand", about: "x" }, c.Ada, 404);
	const measure = /name="measure" value="(\w+)"/.exec((await c.get(`/scorecard/${c.ids.Ada}`, c.Ada)).body)[1], to = `/scorecard/${c.ids.Ada}/entry`;
	await c.post(to, { measure, amount: "x", on_day: day(0) }, c.Ada, 422);
	await c.post(to, { measure, amount: "2", on_day: day(4) }, c.Ada, 422);
	await c.post(to, { measure, amount: "2", on_day: day(0) }, c.Hanna, 403);
	tap.ok(one(c, "Ada", "Visits on site").value === null, `A1: nothing entered is no data (${kind})`);
	await c.post(to, { measure, amount: "0", on_day: day(0) }, c.Ada);
	tap.ok(one(c, "Ada", "Visits on site").value === 0, `A1: an entered 0 is 0 (${kind})`);
	await c.post(to, { measure, amount: "3", on_day: day(0) }, c.Mara);
	const visits = one(c, "Ada", "Visits on site");
	tap.ok(visits.value === 3 && visits.n === 2, `A1: entries add up, with how many they were (${kind})`, JSON.stringify(visits));
	const csv = (await c.get("/scorecard.csv", c.Mara)).body.split("\r\n");
	tap.ok(csv[0] === "person,measure,kind,value,n,target,target_in" && csv[1].startsWith("Mara,") && csv.includes("Ada,Visits on site,leading,3,2,,count"), `A1: the table holds what the page shows, the leader first (${kind})`, csv.join("\n"));
	const by = rows(c, "--person", "Mara", "--by", "person");
	tap.ok(by[0].person === "Mara" && [...new Set(by.map((x) => x.person))].join() === "Mara,Ada,Bo", `report scorecard --by person: the leader, then those below by name (${kind})`);
}

// A5: raised in the huddle, owed by the day of the duty, answered by one, confirmed by the other; what is not shared stays away.
async function huddle(c, kind) {
	const first = await c.get("/huddle", c.Bo), shut = plain(first.body);
	tap.ok(/Mara leads.* A Ada Not shown.* B Bo Only/.test(shut), `A5: the leader first, then by name (${kind})`, shut);
	tap.ok(/Not shown to the team/.test(shut) && !/of \d+ Calls/.test(shut), `O5: a colleague's figure is not shown unasked (${kind})`, shut);
	await c.post("/huddle/share", { show: "1" }, c.Ada);
	const open = plain((await c.get("/huddle?per=quarter", c.Bo)).body);
	tap.ok(/18 of \d+ Calls/.test(open) && /Coach each direct report every week/.test(open), `A5: shown by choice, both columns stand (${kind})`, open);
	tap.ok((await c.get(`/huddle?of=${c.ids.Mara}`, c.Eva)).status === 404, `O5: another team does not open it (${kind})`);
	const raise = { text: "Legal takes five weeks", owner: c.ids.Mara, huddle: c.ids.Mara };
	await c.post("/blockers", { ...raise, due: day(40) }, c.Ada, 422);
	const to = await c.post("/blockers", raise, c.Ada);
	tap.ok(/^\/huddle\?of=/.test(to.headers.location) && /Legal takes five weeks Mara by/.test(plain((await c.get("/huddle", c.Bo)).body)), `A5: raised in the huddle, it has an owner and a day (${kind})`, plain((await c.get("/huddle", c.Bo)).body));
	const b = /action="(\/blockers\/\w+)\/answer"/.exec((await c.get("/huddle", c.Mara)).body)[1];
	await c.post(`${b}/confirm`, { clears: "1" }, c.Ada, 422); // nothing to confirm yet
	await c.post(`${b}/answer`, { answer: "Ask again" }, c.Bo, 403);
	await c.post(`${b}/answer`, { answer: "Standard text from Monday on" }, c.Mara);
	tap.ok(/Does the answer of Mara clear it/.test(plain((await c.get("/today", c.Ada)).body)), `A5: Today asks who raised it (${kind})`);
	await c.post(`${b}/confirm`, { clears: "1" }, c.Mara, 403);
	await c.post(`${b}/confirm`, {}, c.Ada, 422); // still blocks, but not what
	const trace = async () => plain((await c.get(`/trace?person=${c.ids.Ada}&from=${day(-60)}&to=${day(30)}`, c.Mara)).body);
	tap.ok(/Waiting Answer blockers within 2 working days 0 of 1 in time; 1 answered, waiting for who raised it/.test(await trace()), `A4a: answered, it waits for the other side (${kind})`, await trace());
	await c.post(`${b}/confirm`, { reply: "The old contracts too" }, c.Ada);
	tap.ok(/it still blocks\. The old contracts too/.test(plain((await c.get("/blockers", c.Mara)).body)) && /Legal takes five weeks Mara by/.test(plain((await c.get("/huddle", c.Ada)).body)), `A5: said to block still, it is owed again (${kind})`, plain((await c.get("/blockers", c.Mara)).body));
	await c.post(`${b}/answer`, { answer: "Those too" }, c.Mara);
	await c.post(`${b}/confirm`, { clears: "1" }, c.Ada);
	tap.ok(/Kept Answer blockers within 2 working days 1 of 1 in time/.test(await trace()), `A2a: the duty is kept by what both sides said (${kind})`, await trace());
	tap.ok(/Kept A target agreed by both, from real ratios version 3, .*calls per close/.test(await trace()), `A4: the trace knows the agreement and its ratio (${kind})`, await trace());
	tap.ok(one(c, "Mara", "Blockers answered in time").value === 1, `A1: and the scorecard counts it (${kind})`);
	const person = plain((await c.get(`/people/${c.ids.Ada}`, c.Mara)).body), peer = plain((await c.get(`/people/${c.ids.Ada}`, c.Bo)).body);
	tap.ok(/What I owe Ada/.test(person) && !/Paired agreement/.test(peer), `A2: both columns on the person's page, for whom they concern (${kind})`, person);
}

const parts = [lineFirst, work, agree, change, edges, huddle];

async function run(kind) {
	const db = fresh(kind);
	command(program, db.url, "init", "--company", "Score", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, db.url);
	try {
		const c = new Company(s.port, await enter(s.port, s.link, {}), db.url, program);
		await begin(c);
		for (const part of parts)
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
