// Selling by the list: many deals changed at once with their refusals named and one undo (30), cells edited in place (26, 27), the trash
// (29), currencies that are never mixed silently (D3), the same filter on board and table (35), shared views (33), filters that widen
// (39), totals in a second fragment (D2), and who may do what (O3).
//     node lists.js PROGRAM
"use strict";
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const rows = (body) => [...body.matchAll(/<th scope="row"><a href="\/deals\/\w+">([^<]*)</g)].map((x) => x[1]).sort().join(" ");
const hidden = (body, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1].replace(/&amp;/g, "&") ?? "";
const done = (r) => /done=(\w+)/.exec(r.headers.location)?.[1];

async function people(c) {
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Ada", "Mara"], ["Bo", "Hanna"]])
		await c.person(n, m);
	for (const n of ["Mara", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	await c.post("/company/me", { person: c.ids.Hanna });
}

async function bulk(c, ok) {
	const stages = Object.fromEntries([...(await c.get("/deals")).body.matchAll(/<option value="(\w{11})"[^>]*>(Qualify|Discover|Validate|Propose|Commit|Won|Lost)</g)].map((x) => [x[2], x[1]]));
	const page = await c.get(`/deals/bulk?${["Acorn", "Birch", "Cedar"].map((n) => `deal=${c.deals[n]}`).join("&")}`, c.Mara);
	ok(/<h1>Edit 3 deals/.test(page.body) && hidden(page.body, "picked").split(" ").length === 3, "ticked deals are shown before anything is asked", plain(page.body).slice(0, 500));
	const kept = { picked: hidden(page.body, "picked"), query: "" }, step = { ...kept, next_step: "Send the plan", next_step_on: day(5), act: "change" };
	const tried = await c.post("/deals/bulk", step, c.Mara, 200);
	ok(/2 of 3 would change/.test(plain(tried.body)) && /Cedar is not yours to change/.test(plain(tried.body)), "the preview counts, and names whom the asking person may not write (O3)", plain(tried.body).slice(0, 1500));
	ok(!/Send the plan/.test((await c.get("/deals", c.Mara)).body), "nothing changed by looking");
	const set = done(await c.post("/deals/bulk", { ...step, step: "do" }, c.Mara));
	let list = (await c.get("/deals", c.Mara)).body;
	ok((list.match(/Send the plan/g) || []).length === 2, "both that may be written changed", plain(list).slice(-900));
	await c.post(`/undo/${set}`, {}, c.Mara);
	list = (await c.get("/deals", c.Mara)).body;
	ok(!/Send the plan/.test(list), "one step takes all of it back");
	const stale = await c.post("/deals/bulk", { ...step, step: "do" }, c.Mara, 409);
	ok(/Acorn was changed by somebody meanwhile/.test(plain(stale.body)) && !/Send the plan/.test((await c.get("/deals", c.Mara)).body), "a deal that changed since it was shown is left alone, and named", plain(stale.body).slice(0, 900));

	const all = (await c.get("/deals/bulk?all=1&outcome=open")).body;
	ok(/<h1>Edit 4 deals/.test(all) && hidden(all, "query") === "outcome=open", "all of a filter", plain(all).slice(0, 400));
	const every = { picked: hidden(all, "picked"), query: "outcome=open" };
	const lost = await c.post("/deals/bulk", { ...every, stage: stages.Lost, act: "change" }, c.admin, 200);
	ok(/0 of 4 would change/.test(plain(lost.body)) && /Lost because is missing; say why it was lost/.test(plain(lost.body)), "lost wants a reason", plain(lost.body).slice(0, 1200));
	const gate = await c.post("/deals/bulk", { ...every, stage: stages.Validate, act: "change" }, c.admin, 200);
	ok(/stay as they are/.test(plain(gate.body)) && /has to do first: /.test(plain(gate.body)), "a stage is reached through its gate, here too (P2)", plain(gate.body).slice(0, 1200));
	const past = await c.post("/deals/bulk", { ...every, stage: stages.Validate, past: "agreed by phone", act: "change" }, c.admin, 200);
	ok(/4 of 4 would change/.test(plain(past.body)), "or past it, with a reason", plain(past.body).slice(0, 900));
	const wrong = await c.post("/deals/bulk", { ...every, closes_on: "someday", next_step: "Kept words", act: "change" }, c.admin, 422);
	ok(/is not a day/.test(wrong.body) && wrong.body.includes('value="Kept words"') && wrong.body.includes('value="someday"'), "what is no day is said at its field, and the words are kept");
	ok(/was said to change/.test((await c.post("/deals/bulk", { ...every, act: "change" }, c.admin, 422)).body), "nothing to change is said");
	const owner = { ...every, owner: c.ids.Bo, category: "commit", act: "change", step: "do" };
	const moved = done(await c.post("/deals/bulk", owner));
	const again = done(await c.post("/deals/bulk", { ...owner, idem: `k${c.n}` }));
	ok(moved && moved === again, "sent twice it is done once", `${moved} ${again}`);
	ok(rows((await c.get(`/deals?owner=${c.ids.Bo}&category=commit`)).body) === "Acorn Birch Cedar Dollar", "owner and category of all");
	await c.post(`/undo/${moved}`, {});
	ok(rows((await c.get(`/deals?owner=${c.ids.Bo}`)).body) === "Cedar", "and back");
	ok((await c.get("/deals/bulk?all=1&nothing=1")).status >= 400, "all of a filter that is none is nothing");
	ok(/No deal is chosen/.test((await c.get("/deals/bulk")).body), "and none ticked says so");
}

async function cell(c, ok) {
	const to = `/deals/${c.deals.Acorn}/cell`, form = await c.get(`${to}/amount`, c.Ada);
	ok(/name="amount" value="12500\.00"/.test(form.body), "a cell opens with what stands there", form.body.slice(0, 600));
	await c.post(`${to}/amount`, { amount: "13,000", was: "12500.00", to: "/deals?outcome=open" }, c.Ada);
	const list = (await c.get("/deals", c.Ada)).body;
	ok(/€13,000/.test(plain(list)), "and is saved", plain(list).slice(-800));
	const bad = await c.post(`${to}/amount`, { amount: "lots", was: "13000.00" }, c.Ada, 422);
	ok(/is not an amount/.test(bad.body) && /value="lots"/.test(bad.body), "what is no amount is said in the cell, and kept");
	const both = await c.post(`${to}/amount`, { amount: "14000", was: "12500.00" }, c.Ada, 409);
	ok(/it says “13000\.00”/.test(both.body) && /value="14000"/.test(both.body) && hidden(both.body, "was") === "13000.00", "another's change of the same cell is shown beside one's own (27)", both.body.slice(0, 900));
	await c.post(`${to}/next_step`, { next_step: "Ring Ann", was: "Call" }, c.Ada);
	await c.post(`${to}/closes_on`, { closes_on: day(20), was: day(10) }, c.Ada);
	ok(/Ring Ann/.test((await c.get("/deals", c.Ada)).body), "another cell changed meanwhile is no conflict");
	ok((await c.get(`${to}/name`, c.Ada)).status === 404, "only these four cells");
	ok((await c.get(`${to}/amount`, c.Bo)).status === 403, "who may not write it gets no form (O3)");
	await c.post(`${to}/amount`, { amount: "1", was: "13000.00" }, c.Bo, 403);
	ok(!/cell\/amount/.test((await c.get("/deals?has=acorn", c.Bo)).body) && /cell\/amount/.test((await c.get("/deals?has=acorn", c.Mara)).body), "and sees no pencil");
}

async function trash(c, ok) {
	const page = (await c.get(`/deals/bulk?deal=${c.deals.Birch}`, c.Ada)).body;
	await c.post(`/deals/${c.deals.Birch}/activity`, { kind: "call", on_day: day(0), subject: "A call that goes with it" }, c.Ada);
	const picked = hidden((await c.get(`/deals/bulk?deal=${c.deals.Birch}`, c.Ada)).body, "picked");
	const tried = await c.post("/deals/bulk", { picked, query: "", act: "remove" }, c.Ada, 200);
	ok(/1 of 1 would go to the trash/.test(plain(tried.body)) && page, "a removal is shown first", plain(tried.body).slice(0, 900));
	await c.post("/deals/bulk", { picked, query: "", act: "remove", step: "do" }, c.Ada);
	ok(rows((await c.get("/deals", c.Ada)).body) === "Acorn Cedar Dollar" && (await c.get(`/deals/${c.deals.Birch}`, c.Ada)).status === 404, "it is gone from the list");
	const seen = (await c.get("/trash", c.Mara)).body;
	ok(/<th scope="row">Birch</.test(seen) && /Ada/.test(plain(seen)), "and in the trash, also for the line above", plain(seen).slice(-600));
	ok(!/Birch/.test((await c.get("/trash", c.Bo)).body), "but for nobody beside (O3)");
	const set = /action="(\/trash\/\w+)"/.exec(seen)[1];
	await c.post(set, {}, c.Bo, 404);
	await c.post(set, {}, c.Mara);
	const back = await c.get(`/deals/${c.deals.Birch}`, c.Ada);
	ok(back.status === 200 && /A call that goes with it/.test(back.body), "it comes back at its address, with all that belonged to it", back.status);
	ok(/The trash is empty/.test((await c.get("/trash", c.Mara)).body), "and leaves the trash");
	const other = hidden((await c.get(`/deals/bulk?deal=${c.deals.Cedar}`, c.Ada)).body, "picked");
	const no = await c.post("/deals/bulk", { picked: other, query: "", act: "remove" }, c.Ada, 200);
	ok(/0 of 1 would go/.test(plain(no.body)) && /not yours/.test(plain(no.body)), "what one may not write one may not throw away", plain(no.body).slice(0, 600));
}

async function money(c, ok) {
	const head = async (q = "") => plain((await c.get(`/deals?${q}`)).body).replace(/ ,/g, ",");
	ok(/without \$10k: no rate into EUR/.test(await head()), "a currency without a rate is said, and in no total (D3)", (await head()).slice(-1500));
	ok(/No rate into EUR for USD \(1 deal\)/.test(plain((await c.get("/company/rates")).body)), "also where rates are entered");
	for (const [form, why] of [[{ currency: "USD", rate: "zero", on_day: day(-3) }, /is no rate/], [{ currency: "XXQ", rate: "1", on_day: day(-3) }, /is no currency/], [{ currency: "EUR", rate: "1", on_day: day(-3) }, /one it would be converted into/], [{ currency: "USD", rate: "-1", on_day: day(-3) }, /is no rate/], [{ currency: "USD", rate: "0.9", on_day: "tomorrowish" }, /is not a day/]]) {
		const r = await c.post("/company/rates", form, c.admin, 422);
		ok(why.test(r.body) && r.body.includes(`value="${form.currency}"`), `a rate that is none: ${form.currency} ${form.rate}`, plain(r.body).slice(-700));
	}
	await c.post("/company/rates", { currency: "usd", rate: "0,90", on_day: day(-3) });
	let said = await head();
	ok(/of it \$10k at 0\.90 EUR of/.test(said), "a total names the currency, the rate and its day", said.slice(-1500));
	const sum = /worth (€[\d.]+k)/.exec(said)[1];
	const file = await c.post("/company/rates/file", { file: `currency,date,rate\nUSD,${day(-3)},0.95\nJPY,${day(-2)},0.0061\nKWD,${day(-2)},3.01\nXX,${day(-2)},1\n` }, c.admin, 422);
	ok(/line 5/.test(file.body) && /JPY/.test(file.body), "a pasted file is refused by line, and kept", plain(file.body).slice(-900));
	await c.post("/company/rates/file", { file: `currency;date;rate\nUSD;${day(-3)};0,95\nJPY;${day(-2)};0,0061\nKWD;${day(-2)};3,01\n` });
	said = await head();
	ok(/at 0\.95 EUR/.test(said) && /worth (€[\d.]+k)/.exec(said)[1] !== sum, "a rate of the same day is corrected", said.slice(-1200));
	for (const [name, amount, currency] of [["Yen", 1000000, "JPY"], ["Dinar", 1234567, "KWD"]]) {
		const r = await require("./drive.js").ask(c.port, "POST", "/api/v1/deals", { who: c.admin, json: { name, amount, currency, owner: c.ids.Bo }, headers: { "X-CSRF": c.admin.csrf } });
		ok(r.status === 201 || r.status === 200, `a deal in ${currency}`, r.body.slice(0, 400));
	}
	said = plain((await c.get("/deals/totals?currency=JPY")).body);
	ok(/worth €6\.1k/.test(said) && /of it ¥1M at 0\.0061 EUR/.test(said), "a yen has no cents: 1,000,000 × 0.0061", said.slice(-400));
	said = plain((await c.get("/deals/totals?currency=KWD")).body);
	ok(/worth €3\.7k|worth €3,716/.test(said), "a dinar has a thousand fils: 1,234.567 × 3.01", said.slice(-400));
	ok(rows((await c.get("/deals?value.least=10,000")).body) === "Acorn Cedar", "an amount is meant in the company's currency", rows((await c.get("/deals?value.least=10,000")).body));
	ok(rows((await c.get("/deals?value.least=5000&currency=USD")).body) === "Dollar", "or in the one that is named");
	const board = plain((await c.get("/board?scope=all")).body);
	ok(/of it .*\$10k at 0\.95 EUR/.test(board), "the board says the same", board.slice(-1500));
	await c.post("/company/rates", { currency: "CHF", rate: "1", on_day: day(0) }, c.Bo, 404);
	ok((await c.get("/company/rates", c.Bo)).status === 200 && !/Save the rate/.test((await c.get("/company/rates", c.Bo)).body), "everybody reads rates, the head and administrators write them");
}

async function views(c, ok) {
	await c.post("/deals/views", { name: "Big", query: "value.least=10000", shared: "below", for_role: "" }, c.Mara);
	await c.post("/deals/views", { name: "For all", query: "outcome=open", shared: "company", for_role: "seller" });
	ok(/Big <span class="note">Mara/.test((await c.get("/deals?all=1", c.Ada)).body), "a leader's view is seen below");
	ok(!/>Big/.test((await c.get("/deals?all=1", c.Bo)).body) && /For all/.test((await c.get("/deals?all=1", c.Bo)).body), "and not beside; the company's by all");
	ok(/is not yours to choose/.test((await c.post("/deals/views", { name: "No", query: "outcome=won", shared: "company" }, c.Ada, 422)).body), "who leads nobody shares by link");
	const r = await c.get("/deals?value.least=10000", c.Ada), id = /name="view" value="(\w+)"/.exec(r.body)[1];
	ok(/Shared by Mara/.test(r.body) && !new RegExp(`/deals/views/${id}/remove`).test(r.body), "somebody else's view is not changed");
	await c.post(`/deals/views/${id}/remove`, {}, c.Ada, 404);
	await c.post("/deals/views/first", { view: id }, c.Ada);
	ok((await c.get("/deals", c.Ada)).headers.location === "/deals?value.least=10000", "one starts with the view one chose");
	ok(rows((await c.get("/deals?all=1", c.Ada)).body).split(" ").length > 3, "all deals are a click away");
	await c.post("/deals/views/first", { view: "" }, c.Ada);
	await c.post("/deals/views/first", { view: id }, c.Bo, 404);
	ok(/<span class="n">\d+</.test((await c.get("/deals?all=1", c.Ada)).body), "a view shows its count");
}

async function filters(c, ok) {
	const q = `owner.below=${c.ids.Mara}&value.least=100`;
	ok(rows((await c.get(`/deals?${q}`)).body) === "Acorn Birch", "a filter on the table");
	const board = (await c.get(`/board?scope=all&${q}`)).body;
	ok(/Acorn/.test(board) && /Birch/.test(board) && !/Cedar/.test(board), "the same filter on the board (35)");
	ok(/href="\/deals\?owner\.below=\w+&amp;value\.least=100"/.test(board), "and its way back to the table");
	const none = plain((await c.get(`/deals?has=acorn&owner=${c.ids.Bo}`)).body);
	ok(/No deal fits Take one part of the filter away/.test(none) && /Without “Deal has acorn”: \d/.test(none), "a filter that finds nothing offers to widen, with what that finds (39)", none.slice(-600));
	for (const [one, want] of [["account.none=1", /Account is empty/], ["category=commit", /Forecast category is Commit/], ["health_why.word=no-next-step", /Flag says No next step/], ["account.has=acme", /Account has acme/], ["currency=USD", /Currency is USD/]])
		ok(want.test(plain((await c.get(`/deals?${one}`)).body)), `it reads as a sentence: ${one}`);
	const csv = (await c.get(`/deals.csv?${q}&sort=-value`)).body.trim().split("\r\n");
	ok(csv.length === 3 && /^"Acorn"/.test(csv[1]) && /^"Birch"/.test(csv[2]), "the file holds the rows of the list in its order (37)", csv.join("\n"));
	ok(/worth/.test(plain((await c.get(`/deals/totals?${q}`)).body)) && /Totals of the pipeline/.test((await c.get(`/board/totals?scope=all&${q}`)).body), "totals stand at addresses of their own");
}

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Lists", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	await people(c);
	c.deals = {};
	for (const [name, owner, amount, step] of [["Acorn", "Ada", "12,500", "Call"], ["Birch", "Ada", "900.50", ""], ["Cedar", "Bo", "40k", ""], ["Dollar", "Hanna", "10000", ""]])
		c.deals[name] = /deals\/(\w+)/.exec((await c.post("/deals", { name, owner: c.ids[owner], amount, closes_on: day(10), next_step: step, next_step_on: step ? day(3) : "" })).headers.location)[1];
	const usd = await require("./drive.js").ask(c.port, "PATCH", `/api/v1/deals/${c.deals.Dollar}`, { who: c.admin, json: { version: 1, currency: "USD" }, headers: { "X-CSRF": c.admin.csrf } });
	ok(usd.status === 200, "one deal is in dollars", usd.body.slice(0, 300));
	await filters(c, ok);
	await bulk(c, ok);
	await cell(c, ok);
	await trash(c, ok);
	await money(c, ok);
	await views(c, ok);
	ok(s.code === undefined, "the program still runs", s.errors);
	await s.stop();
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing", command(program, base.url, "check"));
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of lists ran", e.stack); tap.end(); });
