// The list of deals as a sentence: filters as people type them, each said and each taken away alone; a filter kept under a name, seen
// by nobody else, replaced, removed and taken back (D2). Hostile addresses are told, and nothing falls.
//     node views.js PROGRAM
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Views", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Ada", "Mara"], ["Bo", "Hanna"]])
		await c.person(n, m);
	for (const n of ["Mara", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	await c.post("/company/me", { person: c.ids.Hanna });
	for (const [name, owner, amount, closes, step] of [["Acorn", "Ada", "12,500", day(10), "Call"], ["Birch", "Ada", "900.50", day(60), ""], ["Cedar", "Bo", "40k", day(10), ""]])
		await c.post("/deals", { name, owner: c.ids[owner], amount, closes_on: closes, next_step: step, next_step_on: step ? day(3) : "" });
	const said = async (query, who = c.Mara) => { const r = await c.get(`/deals?${query}`, who); return { status: r.status, body: r.body, text: plain(r.body), names: ["Acorn", "Birch", "Cedar"].filter((x) => new RegExp(`<th scope="row"><a href="/deals/\\w+">${x}<`).test(r.body)).join(" ") }; };

	let r = await said("value.least=10,000&closes_on.most=" + day(30));
	ok(r.names === "Acorn Cedar" && /2 deals worth €52\.5k ?, weighted €[\d.]+k? ?where Value at least €10,000 × and Expected close until/.test(r.text), "a filter reads as a sentence, amounts as people type them", r.text.slice(0, 1500));
	ok(new RegExp(`/deals\\?value\\.least=10%2C000" aria-label="Without: Expected close`).test(r.body) && r.body.includes('value="10,000"'), "each part is taken away alone, and the form keeps what was typed", r.body.match(/class="sentence".*/)?.[0]);
	ok(r.body.includes(`href="/deals?value.least=10%2C000&amp;closes_on.most=${day(30)}&amp;sort=name"`) && r.body.includes('href="/deals.csv?value.least=10%2C000&amp;'), "sorting and CSV keep the filter", r.body.match(/<thead>.*?<\/thead>/s)[0]);
	const csv = await c.get(/href="(\/deals\.csv[^"]*)"/.exec(r.body)[1].replace(/&amp;/g, "&"), c.Mara);
	ok(/Acorn/.test(csv.body) && !/Birch/.test(csv.body), "the file holds what the list does", csv.body);
	r = await said(`owner.below=${c.ids.Mara}&next_step.none=1`);
	ok(r.names === "Birch" && /Owner is Mara or below × and Next step is empty/.test(r.text), "a team, and what is empty", r.text.slice(0, 1200));
	r = await said("value.least=lots&outcome=open");
	ok(r.status === 422 && /value\.least “lots” is no value of Value/.test(r.text) && r.names === "Acorn Birch Cedar" && r.body.includes('value="lots"'), "what is no value is named, the rest of the filter holds", r.text.slice(0, 900));
	for (const hostile of ["nothing=1", "owner=00000000001", "stage=x", "name.is=%3Cscript%3E", "value.between=1", `${Array.from({ length: 14 }, (x, i) => `name.has=${i}`).join("&")}`, "closes_on.least=2026-99-99", "owner.below=%27%22"])
		ok([200, 422].includes((await said(hostile)).status), `an address with ${hostile.slice(0, 30)} does no harm`);

	const query = `value.least=${encodeURIComponent("10,000")}&outcome=open`;
	await c.post("/deals/views", { name: "Large ones", query }, c.Mara);
	r = await said(query);
	ok(/aria-label="Views".*aria-current="page">Large ones </s.test(r.body), "a filter is kept under a name", r.text.slice(0, 600));
	ok(!/Large ones/.test((await said("", c.Bo)).body), "and is nobody else's");
	await c.post("/deals/views", { name: "", query }, c.Mara, 422);
	await c.post("/deals/views", { name: "None", query: "" }, c.Mara, 422);
	const bad = await c.post("/deals/views", { name: "Elsewhere", query: "x\" onclick=\"y" }, c.Mara, 422);
	ok(bad.body.includes('value="Elsewhere"') || /is no filter/.test(plain(bad.body)), "what is no filter is refused", plain(bad.body).slice(0, 500));
	await c.post("/deals/views", { name: "Large ones", query: "outcome=won" }, c.Mara);
	r = await said("outcome=won");
	ok((r.body.match(/>Large ones </g) || []).length === 1, "the same name is replaced, not doubled", r.text.slice(0, 600));
	const drop = /\/deals\/views\/\w+\/remove/.exec(r.body)[0];
	await c.post(drop, {}, c.Bo, 404);
	const gone = await c.post(drop, {}, c.Mara), set = /done=(\w+)/.exec(gone.headers.location)[1];
	ok(!/Large ones/.test((await said("")).body.replace(/Undo.*?</g, "")), "a view is removed");
	await c.post(`/undo/${set}`, {}, c.Mara);
	ok(/>Large ones </.test((await said("")).body), "and comes back by undo");
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-views-")), file = path.join(folder, "deals.csv");
	fs.writeFileSync(file, `id,name,owner,stage,amount,close_date\n${Array.from({ length: 130 }, (x, i) => `V${i},"Deal ${i * 37 % 130}, ü & co",Ada,Qualify,${1000 + i * 7 % 50},${day(i % 20)}`).join("\n")}\n`);
	command(program, base.url, "import", "deals", file);
	fs.rmSync(folder, { recursive: true });
	for (const order of ["sort=name", "sort=-name", "sort=-value", "sort=closes_on", ""]) {
		const seen = [];
		for (let to = `/deals?has=deal&outcome=open&${order}`, pages = 0; to && pages < 6; pages++) {
			const page = (await c.get(to, c.Mara)).body;
			seen.push(...[...page.matchAll(/<th scope="row"><a href="\/deals\/(\w+)"/g)].map((x) => x[1]));
			to = (/href="([^"]*after=[^"]*)" data-keys/.exec(page) || ["", ""])[1].replace(/&amp;/g, "&");
		}
		ok(seen.length === 130 && new Set(seen).size === 130, `page by page every deal once, ${order || "newest first"}, under a filter`, `${seen.length} ${new Set(seen).size}`);
	}
	await s.stop();
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of views ran", e.stack); tap.end(); });
