// A forecast over deals in several currencies (D3, D6): each is converted by its last rate, which is said; one without a rate is in
// no sum, which is said too; page and command line give the same.
//     node currency.js PROGRAM
"use strict";
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Currency", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${name} (${kind})`, detail);
	const send = async (to, json) => JSON.parse((await ask(c.port, "POST", `/api/v1/${to}`, { who: c.admin, json, headers: { "X-CSRF": c.admin.csrf } })).body);
	const m = () => JSON.parse(command(program, base.url, "report", "forecast", "--format", "json")).metrics;
	const page = async () => plain((await c.get("/forecast")).body);
	await c.person("Hanna");
	await c.person("Ada", "Hanna");
	await c.post("/company/me", { person: c.ids.Hanna });
	const stages = JSON.parse((await c.get("/api/v1/stages?limit=50")).body).data, won = stages.find((x) => x.outcome === "won").id;
	const deal = (name, amount, currency, more) => send("deals", { name, amount, currency, owner: c.ids.Ada, ...more });
	await deal("Acorn", 1000000, "EUR", { category: "commit" });
	await deal("Birch", 400000, "USD", { category: "commit" });
	await deal("Cedar", 50000, "JPY", { category: "best" }); // yen have no smaller unit
	const sold = await deal("Dollar", 200000, "USD"), moved = await c.post(`/deals/${sold.id}/move`, { stage: won, anyway: "1", reason: "Signed" });
	ok(moved.status === 303, "one was won in dollars");

	let f = m();
	ok(f.commit.value === 1000000 && f.commit.n === 2 && f.no_rate.value === 2 && f.converted.value === 0 && f.won.value === 0 && f.won_no_rate.value === 1, "D3: without a rate nothing is added", JSON.stringify(f));
	let said = await page();
	ok(/3 open deals , of these 2 in currencies without a rate into EUR, which are in no sum; give a rate/.test(said) && /1 won in the quarter, 1 of them in currencies without a rate, not in the sum/.test(said), "D3: and the page says so", said.slice(0, 2500));

	said = plain((await c.get(`/gap?person=${c.ids.Ada}`)).body);
	ok(/1 won in USD, (?:US)?\$\s?2,000[.0]*, not in the split: no rate into EUR/.test(said), "D3: the gap leaves it out, and says so", said.slice(0, 2500));
	await send("rates", { currency: "USD", base: "EUR", on_day: day(-40), rate: "0.9" });
	await send("rates", { currency: "USD", base: "EUR", on_day: day(-1), rate: "0.5" });
	await send("rates", { currency: "USD", base: "EUR", on_day: day(30), rate: "7" });
	f = m();
	ok(f.commit.value === 1200000 && f.no_rate.value === 1 && f.converted.value === 1 && f.won.value === 100000 && f.won_no_rate.value === 0, "D6: the last rate up to today counts", JSON.stringify(f));
	said = await page();
	ok(/of these 1 in currencies without a rate/.test(said) && new RegExp(`Converted: USD at 0\\.5 EUR of `).test(said), "D3: what it was converted at is said", said.slice(0, 2500));
	await send("rates", { currency: "JPY", base: "EUR", on_day: day(-1), rate: "0.006" });
	f = m();
	ok(f.best.value === 30000 && f.no_rate.value === 0 && /USD at 0\.5 EUR.*JPY at|JPY at 0\.006 EUR.*USD at/.test(JSON.stringify(f.rates)), "D3: the smallest units of both are minded", JSON.stringify(f));
	const gap = plain((await c.get(`/gap?person=${c.ids.Ada}`)).body), own = JSON.parse(command(program, base.url, "report", "gap", "--person", "Ada", "--format", "json")).metrics;
	ok(own.revenue.value === 100000 && own.revenue.n === 1 && /€\s?1,000/.test(gap) && /Converted: USD at 0\.5 EUR of/.test(gap) && !/not in the split/.test(gap), "D3: the gap counts what was won in dollars", JSON.stringify(own) + gap.slice(0, 2500));
	const by = JSON.parse(command(program, base.url, "report", "forecast", "--by", "person", "--format", "json")).rows;
	ok(by.length === 1 && by[0].person === "Ada" && by[0].n === 3 && by[0].commit === 1200000 && by[0].best === 30000 && by[0].value === 1230000, "by person the same", JSON.stringify(by));
	await s.stop();
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of currencies ran", e.stack); tap.end(); });
