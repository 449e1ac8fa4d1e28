// A deal worked by its process, through HTTP on both databases: steps and what they make (P2), the gate and an override
// (P2), lost and won (P6), its undo, two people at one field and one deal, what hangs on it (D1), health (P5), mentions (O5).
//     node deal.js PROGRAM
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2];
const tap = new Tap();

async function begin(c) {
	await c.person("Hanna");
	await c.person("Mara", "Hanna");
	await c.person("Mikko", "Hanna");
	await c.person("Ada", "Mara");
	await c.person("Bo", "Mikko");
	await c.post("/company", { name: "Deals", head: c.ids.Hanna, currency: "EUR", zone: "UTC", profile: "open" });
	for (const n of ["Mara", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	const made = await c.post("/deals", { name: "Signalling refresh" }, c.Ada);
	c.deal = /\/deals\/(\w{11})/.exec(made.headers.location)[1];
	const stages = JSON.parse((await c.get("/api/v1/stages?limit=50")).body).data;
	c.stage = (name) => stages.find((x) => x.name === name).id;
}

const show = async (c, who = c.Ada, more = "") => (await c.get(`/deals/${c.deal}${more}`, who)).body;
const record = async (c) => JSON.parse((await c.get(`/api/v1/deals/${c.deal}`, c.Ada)).body);
const stepOf = (html, name) => {
	const part = html.split("<li").find((x) => x.includes(name) && /name="step" value="\w{11}"/.test(x));
	return part && /name="step" value="(\w{11})"/.exec(part)[1];
};
const undo = (c, r, who = c.Ada) => c.post(`/undo/${/done=(\w{11})/.exec(r.headers.location)[1]}`, { to: "/board" }, who);

// P2, P4: completing a step makes what it asks for; taking it back takes that away.
async function steps(c, kind) {
	const before = await record(c), html = await show(c);
	tap.ok(/Next right step/.test(html) && /10\s*%/.test(plain(html)), `P4: a fresh deal stands at the lowest of its stage (${kind})`, plain(html).slice(0, 900));
	tap.ok(before.closes_from === "stages" && before.closes_on === day(123), `P4: the stages' durations say when it closes (${kind})`, JSON.stringify(before));
	const who = stepOf(html, "Somebody there wants it solved");
	const refused = await c.post(`/deals/${c.deal}/step`, { step: who, [`s-${who}`]: "Olga" }, c.Ada, 422);
	tap.ok(refused.body.includes('value="Olga"') && /say what they do there/.test(plain(refused.body)), `a step that lacks a word keeps what was typed (${kind})`, plain(refused.body).slice(0, 600));
	const said = { step: who, [`s-${who}`]: "Olga Ostrava", [`s-${who}-role`]: "Plant manager", [`s-${who}-influence`]: "decisive", [`s-${who}-attitude`]: "positive" };
	await c.post(`/deals/${c.deal}/step`, said, c.Ada);
	let page = plain(await show(c)), now = await record(c);
	tap.ok(/Decision maker known Olga Ostrava/.test(page) && now.people === 1 && now.deciders === 1, `D1: the step entered who decides (${kind})`, page.slice(0, 1500));
	await c.post(`/deals/${c.deal}/step`, { step: who }, c.Ada);
	page = plain(await show(c));
	now = await record(c);
	tap.ok(/Decision maker not known/.test(page) && now.people === 0, `a step taken back takes the stakeholder along (${kind})`, JSON.stringify(now));
	await c.post(`/deals/${c.deal}/step`, said, c.Ada);
	await c.post(`/deals/${c.deal}/step`, { step: who }, c.Bo, 403);
	c.who = who;
}

// P2: what holds, an override without and with its reason, the deviation, and the undo of all of it.
async function gate(c, kind) {
	const to = c.stage("Discover"), from = c.stage("Qualify");
	await c.post(`/deals/${c.deal}/step`, { step: c.who }, c.Ada); // open again: it holds the stage
	const shut = await c.post(`/deals/${c.deal}/move`, { stage: to, from }, c.Ada, 409);
	tap.ok(/This step holds the stage “Qualify”/.test(plain(shut.body)) && shut.body.includes(`name="s-${c.who}-role"`), `P2: the gate says what holds (${kind})`, plain(shut.body).slice(0, 800));
	const bare = await c.post(`/deals/${c.deal}/move`, { stage: to, from, anyway: "1" }, c.Ada, 422);
	tap.ok(/is missing; say in a few words why it moves/.test(plain(bare.body)), `P2: an override needs its reason, said at the field (${kind})`, plain(bare.body).slice(0, 900));
	const past = await c.post(`/deals/${c.deal}/move`, { stage: to, from, anyway: "1", reason: "They decide on Friday" }, c.Ada);
	let page = plain(await show(c));
	tap.ok(/Past the gate 1 deviation/.test(page) && /They decide on Friday/.test(page) && /Qualify → Discover/.test(page), `P2: it is kept as a deviation (${kind})`, page.slice(0, 3000));
	await undo(c, past);
	page = plain(await show(c));
	tap.ok(!/Past the gate/.test(page) && (await record(c)).stage === from, `undo takes the move and its deviation back (${kind})`, page.slice(0, 900));
	const json = await ask(c.port, "POST", `/deals/${c.deal}/move`, { who: c.Ada, json: { stage: to, from }, headers: { "X-CSRF": c.Ada.csrf } });
	tap.ok(json.status === 409 && /holds the stage/.test(json.body), `the same gate for a program (${kind})`, json.body);
	const fields = { [`s-${c.who}`]: "Olga Ostrava", [`s-${c.who}-role`]: "Plant manager", [`s-${c.who}-influence`]: "decisive", [`s-${c.who}-attitude`]: "positive" };
	await c.post(`/deals/${c.deal}/move`, { stage: to, from, ...fields }, c.Ada);
	tap.ok((await record(c)).stage === to, `what is missing is completed at the gate (${kind})`);
}

// Two people: one field, two fields, one deal.
async function two(c, kind) {
	const at = `/deals/${c.deal}/edit`, form = (await c.get(at, c.Ada)).body;
	const version = /name="version" value="(\d+)"/.exec(form)[1];
	await c.post(at, { amount: "80000", "was-amount": "", version, field: "amount" }, c.Mara);
	const both = await c.post(at, { category: "commit", "was-category": "", version, field: "category" }, c.Ada);
	tap.ok(both.status === 303 && (await record(c)).amount === 8000000, `two fields of two people are both kept (${kind})`);
	const clash = await c.post(at, { amount: "90000", "was-amount": "", version, field: "amount" }, c.Ada, 409);
	const words = plain(clash.body);
	tap.ok(/Theirs: 80,000|Theirs:.*80,000/.test(words) && /Yours:.*90,000/.test(words) && /Mara/.test(words), `one field of two people shows both and who (${kind})`, words.slice(0, 900));
	tap.ok((await record(c)).amount === 8000000, `nothing is overwritten (${kind})`);
	const was = /name="was-amount" value="(\d*)"/.exec(clash.body)[1], newer = /name="version" value="(\d+)"/.exec(clash.body)[1];
	await c.post(at, { amount: "90000", "was-amount": was, "choose-amount": "mine", version: newer, field: "amount" }, c.Ada);
	tap.ok((await record(c)).amount === 9000000, `the choice is saved (${kind})`);
	const here = c.stage("Discover");
	await c.post(`/deals/${c.deal}/move`, { stage: c.stage("Qualify"), from: here }, c.Mara);
	const met = await c.post(`/deals/${c.deal}/move`, { stage: c.stage("Propose"), from: here }, c.Ada, 409);
	tap.ok(/was moved meanwhile/.test(plain(met.body)) && /Leave it in Qualify/.test(plain(met.body)) && /Mara/.test(plain(met.body)), `two people move one deal: the second sees the first's move (${kind})`, plain(met.body).slice(0, 800));
	await c.post(`/deals/${c.deal}/move`, { stage: here, from: c.stage("Qualify") }, c.Ada);
}

async function facts(c, kind) {
	const at = `/deals/${c.deal}/edit`, open = await show(c, c.Ada, "/edit?field=closes_on");
	tap.ok(/name="closes_on"/.test(open) && /name="closes_why"/.test(open), `a fact is edited in its place without script (${kind})`);
	let r = await c.post(at, { field: "closes_on", closes_on: day(-3), closes_why: "They said so" }, c.Ada, 422);
	tap.ok(/is past; choose a later day/.test(plain(r.body)) && r.body.includes(day(-3)), `a close date in the past is refused, the value kept (${kind})`, plain(r.body).slice(0, 600));
	r = await c.post(at, { field: "closes_on", closes_on: day(40) }, c.Ada, 422);
	tap.ok(/say in a few words why the day moves/.test(plain(r.body)), `P4: a day that a person sets has a reason (${kind})`);
	await c.post(at, { field: "closes_on", closes_on: day(40), closes_why: "Their budget round" }, c.Ada);
	let d = await record(c);
	tap.ok(d.closes_from === "person" && d.closes_on === day(40) && d.pushes === 0, `P4: the person's day stands (${kind})`, JSON.stringify(d));
	await c.post(at, { field: "closes_on", closes_on: "" }, c.Ada);
	d = await record(c);
	tap.ok(d.closes_from === "stages" && d.closes_on > day(0), `P4: taken away, the stages say it again (${kind})`, JSON.stringify(d));
	tap.ok(/was entered|Past|Set by|From the stages/.test(plain(await show(c))), `the breakdown stands there (${kind})`);
}

async function parts(c, kind) {
	const at = `/deals/${c.deal}/part`;
	await c.post(`${at}/competitor`, { name: "Kestrel", note: "Cheaper" }, c.Ada);
	await c.post(`${at}/competitor`, { name: "kestrel", note: "Cheaper by a tenth" }, c.Ada);
	await c.post(`${at}/tag`, { name: "Rail" }, c.Ada);
	await c.post(`${at}/tag`, { name: "Rail" }, c.Bo, 403);
	await c.post(`${at}/document`, { name: "Offer", address: "javascript:alert(1)" }, c.Ada, 422);
	await c.post(`${at}/document`, { name: "Offer", address: "https://papers.example.com/1" }, c.Ada);
	await c.post(`${at}/stakeholder`, { who: "Nina Nord", role: "Buyer", influence: "significant", attitude: "hostile" }, c.Ada);
	await c.post(`${at}/nonsense`, { name: "x" }, c.Ada, 404);
	const product = await ask(c.port, "POST", "/api/v1/products", { who: c.admin, json: { name: "Switch", list_price: 120000, currency: "EUR" }, headers: { "X-CSRF": c.admin.csrf } });
	const id = JSON.parse(product.body).id;
	const dollar = JSON.parse((await ask(c.port, "POST", "/api/v1/products", { who: c.admin, json: { name: "Lamp", list_price: 500, currency: "USD" }, headers: { "X-CSRF": c.admin.csrf } })).body).id;
	const foreign = await c.post(`${at}/line`, { product: dollar, quantity: "2" }, c.Ada, 422);
	tap.ok(/no list price in this currency/.test(plain(foreign.body)), `D3: a price in another currency is not converted without a rate (${kind})`, plain(foreign.body).slice(0, 400));
	await c.post(`/deals/${c.deal}/edit`, { field: "amount", amount: "" }, c.Ada);
	const line = await c.post(`${at}/line`, { product: id, quantity: "3" }, c.Ada);
	let d = await record(c), page = plain(await show(c));
	tap.ok(d.value === 360000 && d.value_from === "lines", `D1: the lines' sum counts where no amount is given, and is marked (${kind})`, JSON.stringify(d));
	tap.ok((page.match(/kestrel/gi) ?? []).length >= 1 && /Cheaper by a tenth/.test(page) && !/Cheaper \D*Cheaper by/.test(page), `a competitor is named once (${kind})`);
	await undo(c, line);
	d = await record(c);
	tap.ok(d.value !== 360000, `undo of a line takes the value back (${kind})`, JSON.stringify(d));
	await c.post(`/deals/${c.deal}/edit`, { field: "amount", amount: "84000" }, c.Ada);
}

// O5: whoever may not see the deal is not told.
async function mentions(c, kind) {
	const file = path.join(os.tmpdir(), `ridealong-deal-${process.pid}.csv`);
	const noted = await c.post(`/deals/${c.deal}/activity`, { kind: "call", on_day: day(0), subject: "Called; @Bo knows their plant" }, c.Ada);
	const today = plain((await c.get("/today", c.Bo)).body);
	tap.ok(/Ada mentioned you: Signalling refresh/.test(today), `a mention stands on Today (${kind})`, today.slice(0, 1200));
	tap.ok(new RegExp(`<a href="/people/${c.ids.Bo}">@Bo</a>`).test(await show(c)), `the name is a link (${kind})`);
	const read = /\/mentions\/(\w{11})\/read/.exec(await show(c, c.Bo))[1];
	await c.post(`/mentions/${read}/read`, {}, c.Mara, 403);
	await c.post(`/mentions/${read}/read`, {}, c.Bo);
	tap.ok(!/mentioned you/.test(plain((await c.get("/today", c.Bo)).body)), `put away, it is gone (${kind})`);
	const send = (method, to, json, who) => ask(c.port, method, `/api/v1/${to}`, { who, json, headers: { "X-CSRF": who.csrf } }), mine = async (who, more = "") => JSON.parse((await c.get(`/api/v1/mentions?activity=${note.id}${more}`, who)).body).data;
	const wrote = await send("POST", "activities", { deal: c.deal, kind: "note", on_day: day(0), subject: "For later", text: "@Mara reads this; an@bo.example does not, nor @Nobody" }, c.Ada), note = JSON.parse(wrote.body);
	tap.ok(wrote.status === 201 && (await mine(c.Mara)).length === 1 && (await mine(c.Mara))[0].writer === c.ids.Ada && !(await mine(c.Bo)).length, `a note by the API mentions as one of the page does (${kind})`, wrote.body + JSON.stringify(await mine(c.Mara)));
	tap.ok(/Ada mentioned you: Signalling refresh/.test(plain((await c.get("/today", c.Mara)).body)), `on Today, too (${kind})`);
	const more = await send("PATCH", `activities/${note.id}`, { version: note.version, text: "@Mara reads this, and @Bo" }, c.Ada);
	tap.ok(more.status === 200 && (await mine(c.Mara)).length === 1 && (await mine(c.Bo)).length === 1, `who is named later is mentioned then, nobody twice (${kind})`, more.body);
	const [own] = await mine(c.Bo), others = [(await c.get(`/api/v1/mentions/${own.id}`, c.Mara)).status, (await c.get(`/api/v1/mentions/${own.id}/history`, c.Mara)).status, (await c.get(`/api/v1/mentions?person=${c.ids.Bo}`, c.Mara)).body];
	tap.ok(others[0] === 404 && others[1] === 404 && !others[2].includes(own.id) && (await c.get(`/api/v1/mentions/${own.id}`, c.Bo)).status === 200, `mentions are those of whoever asks: when others put theirs away is theirs (${kind})`, others);
	const away = await ask(c.port, "POST", `/mentions/${own.id}/read`, { who: c.Bo, json: {}, headers: { "X-CSRF": c.Bo.csrf } });
	tap.ok(away.status === 200 && !(await mine(c.Bo, "&read_on.none=1")).length && (await mine(c.Bo)).length === 1, `put away by its act, and listed as such (${kind})`, away.body);
	const gone = await send("DELETE", `activities/${note.id}?version=${JSON.parse(more.body).version}`, undefined, c.Ada);
	tap.ok(gone.status === 204 && !(await mine(c.Bo)).length && !(await mine(c.Mara)).length, `a note that is removed takes its mentions along (${kind})`, `${gone.status} ${gone.body}`);
	tap.ok((await send("POST", "mentions", {}, c.Bo)).status === 403, `nobody writes one by hand (${kind})`);
	await c.post("/company", { name: "Deals", head: c.ids.Hanna, currency: "EUR", zone: "UTC", profile: "line" });
	const unseen = await send("POST", "activities", { deal: c.deal, kind: "note", on_day: day(0), subject: "Ask @Bo" }, c.Ada);
	tap.ok(unseen.status === 422 && JSON.parse(unseen.body).errors[0].place === "subject" && /may not see this deal/.test(unseen.body), `O5: by the API as well (${kind})`, unseen.body);
	const refused = await c.post(`/deals/${c.deal}/activity`, { kind: "note", on_day: day(0), subject: "Ask @Bo" }, c.Ada, 422);
	tap.ok(/may not see this deal/.test(plain(refused.body)) && refused.body.includes("Ask @Bo"), `O5: who may not see the deal cannot be mentioned (${kind})`, plain(refused.body).slice(0, 600));
	fs.writeFileSync(file, "Account ID,Account Name\nU1,Unowned Works\n");
	command(program, c.url, "import", "accounts", file);
	const found = async (q) => plain((await c.get(`/search?q=${q}`, c.Bo)).body);
	const seen = { exact: /Unowned Works Account/.test(await found("unowned")), near: /Unowned Works Account/.test(await found("unownd")), list: (await c.get("/accounts", c.Bo)).body.includes("Unowned Works"), others: /Signalling refresh/.test(await found("signalling")) };
	tap.ok(seen.exact && seen.near && seen.list && !seen.others, `O5: search finds what its list shows, an account of nobody too, and no more (${kind})`, JSON.stringify(seen));
	await c.post("/company", { name: "Deals", head: c.ids.Hanna, currency: "EUR", zone: "UTC", profile: "open" });
	fs.rmSync(file);
	tap.ok(noted.status === 303, `noted (${kind})`);
}

// P6: lost with a reason, reopened; won past the gate; and back.
async function ends(c, kind) {
	const from = (await record(c)).stage, lost = c.stage("Lost");
	const asked = await c.post(`/deals/${c.deal}/move`, { stage: lost, from }, c.Ada, 409);
	const reasons = [...asked.body.matchAll(/name="lost_reason" value="([^"]+)"/g)].map((m) => m[1].replace(/&#39;|’/g, "’"));
	tap.ok(reasons.length > 2, `P6: lost offers its reasons (${kind})`, plain(asked.body).slice(0, 600));
	const first = JSON.parse((await c.get("/api/v1/processes?limit=50")).body).data.find((x) => x.standard).id;
	for (const name of ["No decision", "Their board"])
		await ask(c.port, "POST", "/api/v1/lost-reasons", { who: c.admin, json: { process: first, name }, headers: { "X-CSRF": c.admin.csrf } });
	const off = await c.post(`/deals/${c.deal}/move`, { stage: lost, from, lost_reason: "Bad luck" }, c.Ada, 422);
	tap.ok(/is not on the list/.test(plain(off.body)) && /Their board/.test(plain(off.body)), `P6: once the process lists its reasons, one of them it is (${kind})`, plain(off.body).slice(0, 700));
	await c.post(`/deals/${c.deal}/move`, { stage: lost, from, lost_reason: reasons[0], lost_note: "Their board said no" }, c.Ada);
	let d = await record(c);
	tap.ok(d.outcome === "lost" && d.lost_note === "Their board said no", `P6: lost, in own words too (${kind})`, JSON.stringify(d));
	await c.post(`/deals/${c.deal}/move`, { stage: from, from: lost }, c.Ada);
	d = await record(c);
	tap.ok(d.outcome === "open" && !d.lost_reason && !d.closed_on, `a lost deal is opened again (${kind})`, JSON.stringify(d));
	const won = await c.post(`/deals/${c.deal}/move`, { stage: c.stage("Won"), from, anyway: "1", reason: "Signed at the fair" }, c.Ada);
	d = await record(c);
	tap.ok(d.outcome === "won" && d.probability === 100 && d.closed_on === day(0), `P6: won past the gate, with its reason (${kind})`, JSON.stringify(d));
	await undo(c, won);
	d = await record(c);
	tap.ok(d.outcome === "open" && d.stage === from && !d.closed_on, `undo opens it as it was (${kind})`, JSON.stringify(d));
}

async function run(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Deals", "--currency", "EUR", "--timezone", "UTC", "--admin", "admin@example.com");
	const s = await serve(program, base.url);
	try {
		const c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
		await begin(c);
		for (const part of [steps, gate, two, facts, parts, mentions, ends])
			await part(c, kind);
		const plainTime = plain(await show(c, c.Ada, "?time=change"));
		tap.ok(/Stage: Qualify → Discover/.test(plainTime), `D4: the changes stand in the timeline (${kind})`, plainTime.slice(0, 2500));
	} catch (e) {
		tap.ok(false, `the story ends (${kind})`, e.stack);
	}
	await s.stop();
	let checked = "";
	try { command(program, base.url, "check"); } catch (e) { checked = e.message; }
	tap.ok(!checked, `check finds nothing (${kind})`, checked);
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await run(kind);
	tap.end();
})();
