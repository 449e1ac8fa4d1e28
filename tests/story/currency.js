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
	await figures(c, ok, send, base.url, stages);
	await accounts(c, ok, send, won);
	await s.stop();
	base.drop();
}

// The list of accounts and the page of one: the company's currency by the last rate, with what each currency brings (D3).
async function accounts(c, ok, send, won) {
	const rail = await send("accounts", { name: "Rail of several" }), home = await send("accounts", { name: "Home alone" }), rand = await send("accounts", { name: "Without a rate" });
	const deal = (name, account, amount, currency) => send("deals", { name, account: account.id, amount, currency, owner: c.ids.Ada });
	await deal("R1", rail, 100000, "EUR");
	await deal("R2", rail, 300000, "USD");
	await deal("R3", rail, 500000, "USD");
	await deal("R4", rail, 700000, "ZAR");
	const sold = await deal("R5", rail, 200000, "USD");
	await c.post(`/deals/${sold.id}/move`, { stage: won, anyway: "1", reason: "Signed" });
	await deal("H1", home, 120000, "EUR");
	await deal("W1", rand, 900000, "ZAR");
	const row = (html, name) => plain(new RegExp(`>${name}</a>[\\s\\S]*?</tr>`).exec(html)[0]);
	const list = (await c.get("/accounts")).body, several = row(list, "Rail of several");
	ok(/4 €5,000 from \$8k, €1k; without ZAR 7k/.test(several), "D3: an account's open deals are summed in the company's currency, with its parts", several);
	ok(/1 €1,200$/.test(row(list, "Home alone").trim()), "D3: one currency needs no parts", row(list, "Home alone"));
	ok(/1 ZAR 9k, no rate/.test(row(list, "Without a rate")), "D3: what no rate converts is said as it is", row(list, "Without a rate"));
	ok(/Converted: USD at 0\.5 EUR of .*Not in the sums: ZAR 16,000 of 2 deals/.test(plain(list)), "D3: and at which rate", plain(list).slice(-900));
	const page = plain((await c.get(`/accounts/${rail.id}`)).body);
	ok(/4 open €5,000 from \$8k, €1k; without ZAR 7k 1 won €1,000 from \$2k/.test(page) && /Converted: USD at 0\.5 EUR/.test(page), "D3: the page of the account says the same, and what was won", page.slice(300, 1600));
}

// Every other figure that sums money converts as the forecast does, says at which rate, and names what it leaves out (D3).
async function figures(c, ok, send, url, stages) {
	const report = (...words) => JSON.parse(command(program, url, "report", ...words, "--format", "json"));
	const csv = (...words) => command(program, url, "report", ...words, "--format", "csv").trim().split("\n").map((x) => x.trim().split(","));
	const won = stages.find((x) => x.outcome === "won").id, lost = stages.find((x) => x.outcome === "lost").id;
	const close = async (name, amount, currency, stage, more) => {
		const d = await send("deals", { name, amount, currency, owner: c.ids.Ada });
		await c.post(`/deals/${d.id}/move`, { stage, anyway: "1", reason: "It is over", ...more });
	};
	await close("Elm", 300000, "EUR", won);
	await close("Fir", 700000, "CHF", won);
	await close("Gum", 100000, "USD", lost, { lost_reason: "No budget" });
	await close("Haw", 200000, "CHF", lost, { lost_reason: "No budget" });
	await send("deals", { name: "Ivy", amount: 900000, currency: "CHF", owner: c.ids.Ada });
	const left = /CHF\s?7,000[.0]* of 1 deal/, rates = /USD at 0\.5 EUR of/;

	let m = report("sales-summary").metrics;
	ok(m.won.value === 3 && m.revenue_won.value === 400000 && m.revenue_won.n === 2 && m.won_value_mean.value === 200000 && m.won_value_median.value === 200000, "D3: won in dollars counts by its rate", JSON.stringify(m));
	ok(m.open_value.value === 1230000 && m.open_value.n === 3 && m.no_rate.value === 2 && /CHF\s?16,000[.0]* of 2 deals/.test(m.left_out.value) && rates.test(m.rates.value), "D3: francs have no rate, and that is said", JSON.stringify(m));
	const r = report("revenue", "--by", "person");
	ok(r.rows.length === 1 && r.rows[0].value === 400000 && r.rows[0].n === 2 && r.rows[0].n_no_rate === 1 && left.test(r.metrics.left_out.value), "D3: revenue by person", JSON.stringify(r));
	ok(csv("revenue", "--by", "person")[1].slice(-4).join() === "4000.00,EUR,2,1", "D3: its CSV says how many are left out", JSON.stringify(csv("revenue", "--by", "person")));
	const stage = report("pipeline");
	ok(stage.stages.length === 1 && stage.stages[0].n === 4 && stage.stages[0].value === 1230000 && stage.stages[0].n_value === 3 && stage.stages[0].n_no_rate === 1 && /CHF/.test(stage.metrics.left_out.value), "D3: the pipeline by stage", JSON.stringify(stage));
	const v = report("velocity", "--by", "quarter");
	ok(v.metrics.won_value_mean.value === 200000 && v.metrics.won_value_mean.n === 2 && v.rows.length === 1 && v.rows[0].won_value_mean === 200000 && v.rows[0].won === 3 && v.rows[0].no_rate === 1 && left.test(v.metrics.left_out.value) && rates.test(v.metrics.rates.value), "D3: velocity", JSON.stringify(v));
	const p = report("people"), ada = p.rows.find((x) => x.person === "Ada");
	ok(p.rows.filter((x) => x.person === "Ada").length === 1 && ada.won === 3 && ada.n === 5 && ada.revenue_won === 400000 && ada.no_rate === 1 && left.test(p.metrics.left_out.value), "D3: people", JSON.stringify(p));
	const w = report("win-loss", "--by", "reason");
	ok(w.rows.length === 1 && w.rows[0].lost === 2 && w.rows[0].value === 50000 && w.rows[0].no_rate === 1 && /CHF\s?2,000[.0]* of 1 deal/.test(w.metrics.left_out.value), "D3: reasons for lost", JSON.stringify(w));
	m = report("gap", "--person", "Ada").metrics;
	ok(m.revenue.value === 400000 && m.no_rate.value === 1 && left.test(m.left_out.value) && rates.test(m.rates.value), "D3: the gap on the command line", JSON.stringify(m));
	const card = report("scorecard", "--person", "Ada").rows.find((x) => x.value === "€4,000" || x.value === 400000 || /4,?000/.test(String(x.value)));
	ok(card, "D3: the scorecard", JSON.stringify(report("scorecard", "--person", "Ada")));
	ok(/€\s?4,000/.test(plain((await c.get(`/scorecard/${c.ids.Ada}?per=quarter`)).body)) && left.test(plain((await c.get(`/scorecard/${c.ids.Ada}?per=quarter`)).body)), "D3: and its page says what it leaves out", plain((await c.get(`/scorecard/${c.ids.Ada}?per=quarter`)).body).slice(0, 3000));
	for (const show of ["velocity", "people"]) {
		const said = plain((await c.get(`/analyse?show=${show}&person=all`)).body);
		ok(/Converted: USD at 0\.5 EUR of .* Not in the sums: CHF\s?7,000[.0]* of 1 deal, for there is no rate into EUR\. Give a rate/.test(said), `D3: the page of ${show} says both`, said.slice(0, 3000));
	}
	await send("rates", { currency: "CHF", base: "EUR", on_day: day(-1), rate: "1" });
	m = report("sales-summary").metrics;
	ok(m.revenue_won.value === 1100000 && m.revenue_won.n === 3 && m.no_rate.value === 0 && !m.left_out && m.won_value_median.value === 300000, "D3: with a rate all of it is there", JSON.stringify(m));
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of currencies ran", e.stack); tap.end(); });
