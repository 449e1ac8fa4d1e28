// The plan of an account (G2): business units by products, potential, value so far and what is untapped, in one currency; who reports to
// whom; steps that are commitments; who may (O3, O5); each act undone; the file and the JSON API.
//     node plan.js PROGRAM
"use strict";
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const done = (r) => /done=(\w+)/.exec(r.headers.location)?.[1];
const json = (c, method, to, body, who = c.admin) => ask(c.port, method, `/api/v1/${to}`, { who, json: body, headers: { "X-CSRF": who.csrf } });
const made = async (...x) => JSON.parse((await json(...x)).body).id;
const page = async (c, who) => plain((await c.get(c.plan, who)).body).replace(/ ,/g, ",");

async function people(c) {
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Ada", "Mara"], ["Bo", "Hanna"]])
		await c.person(n, m);
	for (const n of ["Mara", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	await c.post("/company/me", { person: c.ids.Hanna });
}

async function account(c) {
	c.account = await made(c, "POST", "accounts", { name: "Nordwind", owner: c.ids.Ada });
	c.plan = `/accounts/${c.account}/plan`;
	c.other = await made(c, "POST", "accounts", { name: "Elsewhere", owner: c.ids.Bo });
	c.pump = await made(c, "POST", "products", { name: "Pump" });
	c.valve = await made(c, "POST", "products", { name: "Valve" });
	const stages = Object.fromEntries([...(await c.get("/deals")).body.matchAll(/<option value="(\w{11})"[^>]*>(Won|Lost)</g)].map((x) => [x[2], x[1]]));
	c.deals = {};
	for (const [name, product, amount, won] of [["North pumps", c.pump, "30,000", 1], ["South valves", c.valve, "10,000", 1], ["More pumps", c.pump, "8,000", 0]]) {
		const r = await c.post("/deals", { name, product, amount, account: c.account, owner: c.ids.Ada });
		c.deals[name] = /deals\/(\w+)/.exec(r.headers.location)[1];
		if (won)
			await c.post(`/deals/${c.deals[name]}/move`, { stage: stages.Won, anyway: "1", reason: "told" });
	}
}

async function grid(c, ok) {
	ok(/Value so far €40k 2 deals won/.test(await page(c)) && /Potential not written/.test(await page(c)), "value so far is there before anybody plans", (await page(c)).slice(0, 700));
	await c.post(`${c.plan}/units`, { unit_name: "Plant North" }, c.Bo, 403);
	const unit = await c.post(`${c.plan}/units`, { unit_name: "Plant North" }, c.Ada);
	ok(/is there already/.test((await c.post(`${c.plan}/units`, { unit_name: "Plant North" }, c.Ada, 422)).body), "the same unit twice is said at its field");
	await c.post(`/undo/${done(unit)}`, {}, c.Ada);
	ok(!/Plant North/.test(await page(c)), "a unit can be undone");
	for (const name of ["Plant North", "Plant South"])
		await c.post(`${c.plan}/units`, { unit_name: name }, c.Ada);
	const units = Object.fromEntries(JSON.parse((await json(c, "GET", "business-units")).body).data.map((x) => [x.name, x.id]));
	const bad = await c.post(`${c.plan}/potential`, { unit: units["Plant North"], product: c.pump, amount: "plenty", note: "they said so" }, c.Ada, 422);
	ok(/is not an amount/.test(bad.body) && bad.body.includes('value="plenty"') && bad.body.includes('value="they said so"'), "what is no amount is said at its field, and kept");
	const set = (u, product, amount, who = c.Ada, wanted = 303) => c.post(`${c.plan}/potential`, { unit: u ? units[u] : "", product, amount }, who, wanted);
	await set("Plant North", c.pump, "100,000");
	await set("Plant South", c.valve, "25,000");
	await set("Plant North", c.pump, "1", c.Bo, 403);
	let said = await page(c);
	ok(/Potential €125k/.test(said) && /Untapped €125k/.test(said), "before deals are placed nothing of it is tapped: value where nobody planned is no gap", said.slice(0, 700));
	for (const [deal, u] of [["North pumps", "Plant North"], ["South valves", "Plant South"], ["More pumps", "Plant North"]])
		await c.post(`${c.plan}/deal`, { deal: c.deals[deal], unit: units[u] }, c.Ada);
	said = await page(c);
	ok(/Untapped €85k Open now €8,?0?0?0?k?/.test(said) && /Plant North €70k €30k of €100k open €8/.test(said) && /€70k/.test(said) && /€15k/.test(said), "untapped = potential − value, by unit and in all", said.slice(0, 1200));
	await c.post(`${c.plan}/deal`, { deal: c.deals["North pumps"], unit: units["Plant South"] }, c.Bo, 403);
	await set("Plant South", c.valve, "5,000");
	said = await page(c);
	ok(/€5,?000 more than thought|€5k more than thought/.test(said) && /Untapped €65k/.test(said), "more sold than thought is said, not hidden", said.slice(0, 1200));
	const gone = await set("Plant South", c.valve, "");
	ok(/Potential €100k/.test(await page(c)), "an empty potential comes off the plan");
	await c.post(`/undo/${done(gone)}`, {}, c.Ada);
	ok(/Potential €105k/.test(await page(c)), "and back by undo");
	const twice = await json(c, "POST", "potentials", { account: c.account, unit: units["Plant North"], product: c.pump, amount: 100 }, c.Ada);
	ok(twice.status === 422 && /has a potential there already/.test(twice.body), "by program, too, one figure for one product of one unit", twice.body.slice(0, 300));
	const foreign = await json(c, "POST", "potentials", { account: c.other, unit: units["Plant North"], product: c.pump, amount: 100 }, c.Bo);
	ok(foreign.status === 422 && /is no part of this account/.test(foreign.body), "a unit of another account is none here", foreign.body.slice(0, 300));
	const held = await c.post(`${c.plan}/units/${units["Plant North"]}/remove`, {}, c.Ada, 422);
	ok(/is referred to by/.test(held.body), "a unit that is planned for stays", plain(held.body).slice(0, 400));
	await set("", c.pump, "7,000");
	ok(/No unit named/.test(await page(c)), "what is for no unit has a line of its own");
	const html = (await c.get(c.plan, c.Mara)).body, cells = [...html.matchAll(/href="(\/accounts\/\w+\/plan\/cell[^"]*)"/g)].map((x) => x[1].replace(/&amp;/g, "&")), rows = async (to) => plain((await c.get(to, c.Mara)).body.replace(/^.*<main/s, "<main"));
	const north = cells.find((x) => x.includes(`unit=${units["Plant North"]}`) && x.includes(`product=${c.pump}`)), counted = await rows(north);
	ok(/Plant North, Pump/.test(counted) && /North pumps/.test(counted) && /More pumps/.test(counted) && !/South valves/.test(counted) && /Won €30,000 Open €8,000 Potential €100,000 Untapped €70,000/.test(counted), "a figure of the grid opens the deals and the potential that it counts", counted.slice(0, 900));
	const every = await rows(`${c.plan}/cell`);
	ok(cells.includes(`${c.plan}/cell`) && /All units, all products/.test(every) && /North pumps/.test(every) && /South valves/.test(every) && /Won €40,000/.test(every), "so does the sum", every.slice(0, 700));
	ok(/No unit named/.test(await rows(`${c.plan}/cell?unit=none`)) && (await c.get(`${c.plan}/cell?unit=00000000001`, c.Mara)).status === 404 && (await c.get(`${c.plan}/cell?product=%3Cb%3E`, c.Mara)).status === 404, "a place that the grid has not is not there");
	const csv = (await c.get(`${c.plan}.csv`)).body.trim().split("\r\n");
	ok(csv.some((x) => x === "Nordwind,Plant North,Pump,100000.00,30000.00,70000.00,8000.00,EUR"), "the grid as a file", csv.join("\n"));
}

async function money(c, ok) {
	await c.post("/company/rates", { currency: "USD", rate: "0.5", on_day: day(-3) });
	const d = await made(c, "POST", "deals", { name: "Dollars", amount: 2000000, currency: "USD", account: c.account, owner: c.ids.Ada, product: c.valve });
	ok(/Open now €18k/.test(await page(c)), "another currency comes in by its rate (D3)", (await page(c)).slice(0, 500));
	await made(c, "POST", "deals", { name: "Yen", amount: 5000, currency: "JPY", account: c.account, owner: c.ids.Ada });
	ok(/Left out for want of a rate: ¥5,000/.test(await page(c)) && d, "one without a rate is said, and in no sum", (await page(c)).slice(0, 1500));
}

async function chart(c, ok) {
	const ids = {};
	for (const name of ["Chief", "Head", "Buyer"])
		ids[name] = await made(c, "POST", "contacts", { name, account: c.account, owner: c.ids.Ada });
	const away = await made(c, "POST", "contacts", { name: "Stranger", account: c.other, owner: c.ids.Ada });
	const place = (contact, to, who = c.Ada, wanted = 303) => c.post(`${c.plan}/chart`, { contact: ids[contact] || contact, reports_to: ids[to] || to }, who, wanted);
	await place("Head", "Chief");
	const last = await place("Buyer", "Head");
	const tree = (await c.get(c.plan)).body;
	ok(/Chief[\s\S]*<ul>\s*<li><div class="item"><p>Head[\s\S]*<ul>\s*<li><div class="item"><p>Buyer/.test(tree), "the chart stands as they report", plain(tree).slice(-900));
	const loop = await place("Chief", "Buyer", c.Ada, 422);
	ok(/Chief → Buyer → Head → Chief|would report to themselves/.test(plain(loop.body)), "a loop is refused with the names in it", plain(loop.body).slice(0, 400));
	await place("Head", away, c.Ada, 422);
	await place("Buyer", "Chief", c.Bo, 403);
	await c.post(`/undo/${done(last)}`, {}, c.Ada);
	ok(!/<ul>\s*<li><div class="item"><p>Buyer/.test((await c.get(c.plan)).body), "a place can be undone");
}

async function steps(c, ok) {
	const bad = await c.post(`${c.plan}/steps`, { when_: "the new plant manager starts", then_: "", due: day(20), owed_to: c.ids.Mara }, c.Ada, 422);
	ok(/is missing/.test(bad.body) && bad.body.includes('value="the new plant manager starts"'), "a step needs an act, and what was typed is kept");
	await c.post(`${c.plan}/steps`, { when_: "the new plant manager starts", then_: "show her the line", due: day(20), owed_to: c.ids.Mara }, c.Ada);
	ok(/show her the line/.test(await page(c, c.Mara)) && /show her the line/.test(plain((await c.get("/commitments", c.Ada)).body)), "a step is a commitment: on the plan, and on the list of who owes it");
	ok(!/show her the line/.test(await page(c, c.Bo)) && /1 more of other people/.test(await page(c, c.Bo)), "who is neither of the two nor above sees that there is one, not what (O5)", (await page(c, c.Bo)).slice(-600));
}

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Plans", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	await people(c);
	await account(c);
	await grid(c, ok);
	await money(c, ok);
	await chart(c, ok);
	await steps(c, ok);
	ok(s.code === undefined, "the program still runs", s.errors);
	await s.stop();
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing", command(program, base.url, "check"));
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of plans ran", e.stack); tap.end(); });
