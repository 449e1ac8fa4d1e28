// Prospects and campaigns (G1): the pool, claim, the steps of a campaign, touches, giving back, disqualifying, becoming a deal with near
// duplicates offered, what a campaign brought; each act undone; who may (O3); the file in and out; the JSON API.
//     node prospects.js PROGRAM
"use strict";
const fs = require("fs");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const done = (r) => /done=(\w+)/.exec(r.headers.location)?.[1];
const idOf = (r, kind) => new RegExp(`/${kind}/(\\w+)`).exec(r.headers.location)?.[1];
const names = (body) => [...body.matchAll(/<th scope="row"><a href="\/prospects\/\w+">([^<]*)</g)].map((x) => x[1]).sort().join(" ");
const hidden = (body, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? "";
const undo = (c, r, who) => c.post(`/undo/${done(r)}`, {}, who);
const json = (c, method, to, body, who = c.admin) => ask(c.port, method, `/api/v1/${to}`, { who, json: body, headers: { "X-CSRF": who.csrf } });

async function people(c) {
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Ada", "Mara"], ["Bo", "Hanna"]])
		await c.person(n, m);
	for (const n of ["Mara", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	await c.post("/company/me", { person: c.ids.Hanna });
}

async function campaign(c, ok) {
	const bad = await c.post("/campaigns", { name: "Fair", from_day: day(0), to_day: day(-5), goal: "many" }, c.Mara, 422);
	ok(/is before the first day|does not fit/.test(plain(bad.body)) && bad.body.includes('value="many"') && bad.body.includes(`value="${day(-5)}"`), "a campaign that cannot be is refused at its fields, with what was typed", plain(bad.body).slice(0, 600));
	const made = await c.post("/campaigns", { name: "Fair", channel: "Fair", from_day: day(-30), to_day: day(-25), goal: "2", owner: c.ids.Mara }, c.Mara);
	c.fair = idOf(made, "campaigns");
	const to = `/campaigns/${c.fair}`;
	for (const [step, kind, days] of [["Call about the card", "call", 0], ["Write what it was about", "mail", 1], ["Meet", "meeting", 7]])
		await c.post(`${to}/steps`, { step, kind, days }, c.Mara);
	const wrong = await c.post(`${to}/steps`, { step: "Later", kind: "call", days: "soon" }, c.Mara, 422);
	ok(/does not fit here/.test(wrong.body) && wrong.body.includes('value="Later"') && wrong.body.includes('value="soon"'), "a step in no days is refused and kept");
	await c.post(`${to}/steps`, { step: "Not mine", kind: "call", days: 1 }, c.Bo, 403);
	const extra = await c.post(`${to}/steps`, { step: "One too many", kind: "note", days: 9 }, c.Mara);
	await undo(c, extra, c.Mara);
	ok(!/One too many/.test((await c.get(to, c.Mara)).body), "an added step can be undone");
	const ready = await c.post("/campaigns", { name: "Web", steps: "1", channel: "Website" }, c.Ada);
	ok(/Call again, at another hour/.test((await c.get(`/campaigns/${idOf(ready, "campaigns")}`, c.Ada)).body), "a campaign may begin with ready steps");
	await undo(c, ready, c.Ada);
	ok((await c.get(`/campaigns/${idOf(ready, "campaigns")}`, c.Ada)).status === 404, "and goes with them by one undo");
}

async function claim(c, ok) {
	const bad = await c.post("/prospects", { name: "Lena Brandt", email: "lena at nordwind", campaign: c.fair, pool: "1" }, c.Bo, 422);
	ok(/is not an e-mail address/.test(bad.body) && bad.body.includes('value="lena at nordwind"') && bad.body.includes('value="Lena Brandt"'), "an address that is none is said at its field, and kept");
	for (const [name, company] of [["Lena Brandt", "Nordwind"], ["Tom Rosen", "Acme"], ["Ute Falk", ""]])
		c[name.split(" ")[0]] = idOf(await c.post("/prospects", { name, company, campaign: c.fair, email: `${name.split(" ")[0].toLowerCase()}@example.net`, pool: "1" }, c.Bo), "prospects");
	ok(names((await c.get("/prospects?owner.none=1&state=open", c.Ada)).body) === "Lena Brandt Tom Rosen Ute Falk", "what is nobody's stands in the pool for all");
	const to = `/prospects/${c.Lena}`;
	await c.post(`${to}/touch`, { kind: "call", on_day: day(0), text: "Rang" }, c.Ada, 422);
	const mine = await c.post(`${to}/claim`, {}, c.Ada);
	const page = plain((await c.get(to, c.Ada)).body);
	ok(/Call about the card/.test(page) && /0 of 3 steps done/.test(page) && /due/.test(page), "claimed, the first step of the campaign comes next", page.slice(0, 900));
	const late = await c.post(`${to}/claim`, {}, c.Bo, 422);
	ok(/is Ada already/.test(plain(late.body)), "who comes second is told whose it is", plain(late.body).slice(0, 500));
	await c.post(`${to}/touch`, { kind: "call", on_day: day(0) }, c.Bo, 403);
	await undo(c, mine, c.Ada);
	ok(/Nobody’s yet/.test((await c.get(to, c.Ada)).body), "a claim can be undone by a seller, too");
	const both = await Promise.all([c.Ada, c.Bo].map((who) => ask(c.port, "POST", `${to}/claim`, { who, form: { idem: `both${who.csrf.slice(0, 6)}` } })));
	ok(both.map((x) => x.status).filter((x) => x === 303).length === 1 && both.every((x) => [303, 409, 422].includes(x.status)), "two who claim it at once: one has it, the other is told", both.map((x) => x.status).join(" "));
	if (both[1].status === 303)
		await c.post(`${to}/claim`, { owner: c.ids.Ada });
	await c.post(`${to}/claim`, { owner: c.ids.Bo }, c.Ada, 403);
	await c.post(`/prospects/${c.Tom}/claim`, { owner: c.ids.Ada }, c.Mara);
	ok(JSON.parse((await c.get("/palette?q=rosen", c.Bo)).body).some((x) => x.kind === "Prospect" && x.href === `/prospects/${c.Tom}`), "a prospect is found by its name");
	ok(/Tom Rosen/.test(names((await c.get(`/prospects?owner=${c.ids.Ada}`, c.Mara)).body)), "who leads somebody gives it to them");
	await c.post(`/prospects/${c.Ute}/claim`, { owner: c.ids.Ada }, c.Bo, 403);
	const edit = (await c.get(to, c.Ada)).body, version = hidden(edit, "version");
	const saved = await c.post(to, { version, name: "Lena Brandt", company: "Nordwind GmbH", title: "Plant manager", email: "lena@example.net", campaign: c.fair }, c.Ada);
	await c.post(to, { version, name: "Lena B" }, c.Ada, 409);
	ok(/Nordwind GmbH/.test((await c.get(to, c.Bo)).body) && done(saved), "facts are saved; an older form overwrites nothing");
	ok(!/name="title"/.test((await c.get(to, c.Bo)).body), "who may not write it gets no form (O3)");
}

async function touches(c, ok) {
	const to = `/prospects/${c.Lena}`, form = async () => ({ step: hidden((await c.get(to, c.Ada)).body, "step"), on_day: day(0), text: "Not there" });
	const future = await c.post(`${to}/touch`, { ...(await form()), on_day: day(3), text: "Kept words" }, c.Ada, 422);
	ok(/is still to come/.test(future.body) && future.body.includes('value="Kept words"'), "what is still to come was not done, and the words are kept");
	const first = await form(), one = await c.post(`${to}/touch`, first, c.Ada);
	let page = plain((await c.get(to, c.Ada)).body);
	ok(/1 of 3 steps done/.test(page) && /Write what it was about/.test(page) && /first touched/.test(page), "a step done, the next one comes", page.slice(0, 700));
	await c.post(`${to}/touch`, first, c.Ada, 409);
	await undo(c, one, c.Ada);
	page = plain((await c.get(to, c.Ada)).body);
	ok(/0 of 3 steps done/.test(page) && !/first touched/.test(page), "undone, it waits for its first touch again", page.slice(0, 700));
	await c.post(`${to}/touch`, await form(), c.Ada);
	await c.post(`${to}/touch`, { kind: "meeting", on_day: day(0), text: "Met her by chance" }, c.Ada);
	page = plain((await c.get(to, c.Ada)).body);
	ok(/1 of 3 steps done/.test(page) && /Met her by chance/.test(page), "a touch beside the steps moves none of them", page.slice(0, 700));
	await c.post(`/prospects/${c.Ute}/claim`, {}, c.Ada);
	ok(/Call about the card: Ute Falk/.test(plain((await c.get("/today", c.Ada)).body)), "what is due stands on Today", plain((await c.get("/today", c.Ada)).body).slice(0, 1200));
	const figures = plain((await c.get(`/campaigns/${c.fair}`, c.Mara)).body);
	ok(/Touched so far 1 of 3/.test(figures) && /n 3/.test(figures), "the campaign counts who waits as waiting", figures.slice(0, 900));
}

async function ways_out(c, ok) {
	const ute = `/prospects/${c.Ute}`;
	const none = await c.post(`${ute}/disqualify`, { reason: " " }, c.Ada, 422);
	ok(/say why, in a few words/.test(none.body), "none without a reason");
	await c.post(`${ute}/disqualify`, { reason: "Too small" }, c.Bo, 403);
	const out = await c.post(`${ute}/disqualify`, { reason: "Too small" }, c.Ada);
	const said = (await c.get(`/campaigns/${c.fair}`)).body, rows = (re) => c.get(re.exec(said)[1].replace(/&amp;/g, "&"));
	ok(/Too small/.test(said) && names((await rows(/Too small<\/dt><dd class="num"><a class="plain" href="([^"]*)"/)).body) === "Ute Falk", "the campaign says why, and the figure opens its rows");
	ok(names((await rows(/Up to 7 days<\/dt><dd class="num"><a class="plain" href="([^"]*)"/)).body) === "Lena Brandt Tom Rosen", "so does an age");
	await c.post(`${ute}/touch`, { kind: "call", on_day: day(0) }, c.Ada, 422);
	await undo(c, out, c.Ada);
	ok(/Call about the card/.test((await c.get(ute, c.Ada)).body), "undone, it is worked on");
	const past = await c.post(`${ute}/recycle`, { reason: "In spring", back_on: day(-1) }, c.Ada, 422);
	ok(/is past/.test(past.body) && past.body.includes('value="In spring"'), "given back for a day that is past: said, and the reason kept");
	await c.post(`${ute}/touch`, { step: hidden((await c.get(ute, c.Ada)).body, "step"), on_day: day(0) }, c.Ada);
	const back = await c.post(`${ute}/recycle`, { reason: "In spring", back_on: day(40) }, c.Ada);
	let page = plain((await c.get(ute, c.Bo)).body);
	ok(/Rests until/.test(page) && /Given back: In spring/.test(page), "given back it rests, with the reason", page.slice(0, 700));
	ok(/rests until/.test(plain((await c.post(`${ute}/claim`, {}, c.Bo, 422)).body)), "and cannot be claimed before its day");
	ok((await json(c, "PATCH", `prospects/${c.Ute}`, { version: JSON.parse((await json(c, "GET", `prospects/${c.Ute}`)).body).version, owner: c.ids.Bo }, c.Bo)).status === 422, "nor by a program");
	await undo(c, back, c.Ada);
	ok(/Ada/.test(plain((await c.get(ute, c.Ada)).body)) && /1 of 3 steps done/.test(plain((await c.get(ute, c.Ada)).body)), "taken back, it is as it was");
	await c.post(`${ute}/recycle`, { reason: "Not now", back_on: day(0) }, c.Ada);
	await c.post(`${ute}/claim`, {}, c.Bo);
	page = plain((await c.get(ute, c.Bo)).body);
	ok(/0 of 3 steps done/.test(page) && /given back 1 time/.test(page) && /first touched/.test(page), "for the next one the steps begin anew; what was tried stays", page.slice(0, 800));
}

async function qualify(c, ok) {
	await json(c, "POST", "accounts", { name: "Nordwind" });
	const to = `/prospects/${c.Lena}`, form = (await c.get(`${to}/qualify`, c.Ada)).body;
	ok(/Nordwind <span class="note">the same name but for its legal form/.test(form) && /A new account: Nordwind GmbH/.test(form), "an account of nearly that name is offered", plain(form).slice(0, 800));
	const near = /name="account" value="(\w{11})"/.exec(form)[1], version = hidden(form, "version");
	await c.get(`${to}/qualify`, c.Bo).then((r) => ok(r.status === 403, "who may not write it makes it no deal", r.status));
	const bad = await c.post(`${to}/qualify`, { version, account: near, contact: "new", name: "", amount: "lots" }, c.Ada, 422);
	ok(/is not an amount/.test(bad.body) && bad.body.includes('value="lots"') && bad.body.includes(`value="${near}" checked`), "a refused form keeps what was chosen and typed", plain(bad.body).slice(0, 700));
	const fields = { version, account: near, contact: "new", name: "Nordwind line 3", amount: "12,500", next_step: "Visit", next_step_on: day(3) };
	const first = await c.post(`${to}/qualify`, fields, c.Ada), deal = idOf(first, "deals");
	const page = (await c.get(`/deals/${deal}`, c.Ada)).body;
	ok(/Nordwind/.test(page) && page.includes(`/campaigns/${c.fair}`), "the deal has the account and its campaign", plain(page).slice(0, 500));
	ok(/Became a deal/.test(plain((await c.get(to)).body)) && (await c.get(`${to}/qualify`, c.Ada)).status === 303, "the prospect says what it became");
	await c.post(`${to}/qualify`, fields, c.Ada, 409);
	await undo(c, first, c.Ada);
	ok((await c.get(`/deals/${deal}`, c.Ada)).status === 404 && /1 of 3 steps done/.test(plain((await c.get(to, c.Ada)).body)), "one undo takes deal and contact back, and it is worked on again");
	ok(!/Lena/.test((await json(c, "GET", "contacts")).body), "no contact is left behind");
	const again = hidden((await c.get(`${to}/qualify`, c.Ada)).body, "version"), r = await c.post(`${to}/qualify`, { ...fields, version: again }, c.Ada);
	c.deal = idOf(r, "deals");
	const stages = Object.fromEntries([...(await c.get("/deals")).body.matchAll(/<option value="(\w{11})"[^>]*>(Won|Lost)</g)].map((x) => [x[2], x[1]]));
	await c.post(`/deals/${c.deal}/move`, { stage: stages.Won, anyway: "1", reason: "Signed at the fair" });
	const figures = plain((await c.get(`/campaigns/${c.fair}`, c.Mara)).body);
	ok(/Won €12\.5k 1 deal|Won €12,500 1 deal/.test(figures) && /Became deals 1 of 2 wanted/.test(figures), "what it won counts for the campaign (G1)", figures.slice(0, 700));
	ok(/Nordwind line 3/.test((await c.get(`/deals?campaign=${c.fair}&outcome=won`)).body), "and the figure opens its deals");
	ok(/Campaign is Fair/.test(plain((await c.get(`/deals?campaign=${c.fair}`)).body)), "as a filter that reads as a sentence");
	const csv = (await c.get("/campaigns.csv")).body.trim().split("\r\n");
	ok(csv.length === 2 && /^Fair,Fair,Mara,/.test(csv[1]) && /12500\.00,EUR/.test(csv[1]), "the file of campaigns has its figures", csv.join("\n"));
	const heads = (await c.get("/campaigns.csv")).body.split("\r\n")[0].split(","), line = csv[1].split(","), [said] = JSON.parse(command(program, c.url, "report", "campaigns", "--format", "json")).rows;
	const of = (head) => line[heads.indexOf(head)];
	ok(said.campaign === "Fair" && said.prospects === Number(of("Prospects")) && said.unclaimed === Number(of("Unclaimed")) && said.became_deals === Number(of("Became deals"))
		&& said.first_touch_n === Number(of("n of it")) && said.won === 1250000 && said.won_deals === Number(of("Deals won")), "report campaigns gives every figure of the page (G1)", JSON.stringify(said) + csv.join("\n"));
}

async function files(c, ok, folder) {
	const file = `${folder}/leads.csv`;
	fs.writeFileSync(file, "Name,Company,Email,Campaign,Created\nIda Berg,Berg AG,ida@example.org,Autumn list,2026-09-01\nKim Sol,,kim@example.org,fair,2026-09-02\n\"=cmd|x\",Evil Ltd,e@example.org,Autumn list,2026-09-02\n");
	const bad = `${folder}/bad.csv`;
	fs.writeFileSync(bad, "Name,Company,Email\nNo Mail,X,not a mail\n");
	const look = command(program, c.url, "import", "prospects", file, "--dry-run");
	ok(/3/.test(look) && names((await c.get("/prospects?has=ida")).body) === "", "a dry run writes nothing", look);
	command(program, c.url, "import", "prospects", file);
	command(program, c.url, "import", "prospects", file);
	const pool = (await c.get("/prospects?owner.none=1&state=open")).body;
	ok(names(pool) === "=cmd|x Ida Berg Kim Sol", "a file fills the pool, and a second time it never doubles", names(pool));
	ok(/Kim Sol/.test((await c.get(`/prospects?campaign=${c.fair}`)).body) && /Autumn list/.test((await c.get("/campaigns")).body), "campaigns are found by name, or made");
	let refused = "";
	try { command(program, c.url, "import", "prospects", bad); } catch (e) { refused = e.message; }
	ok(/is not an e-mail address/.test(refused), "a row that cannot be is refused by name", refused.slice(0, 600));
	ok(/3 prospects/.test(plain((await c.get("/prospects/figures?owner.none=1&state=open")).body)), "the figures of a filter stand at an address of their own");
	const csv = (await c.get("/prospects.csv?owner.none=1&sort=name")).body;
	ok(/^Prospect,Company/.test(csv) && /'=cmd/.test(csv) && csv.trim().split("\r\n").length === 4, "the list as a file; what a spreadsheet would take for a formula is guarded", csv);
}

async function api(c, ok) {
	const made = await json(c, "POST", "prospects", { name: "Robot", company: "Api Inc", campaign: c.fair }, c.Bo), p = JSON.parse(made.body);
	ok(made.status === 201 && p.state === "open" && !p.owner, "a program adds one to the pool", made.body.slice(0, 400));
	const mine = await json(c, "PATCH", `prospects/${p.id}`, { version: p.version, owner: c.ids.Bo }, c.Bo);
	ok(mine.status === 200 && JSON.parse(mine.body).next_step === "Call about the card", "claims it by naming its person, and learns the next step", mine.body.slice(0, 500));
	const drop = await json(c, "PATCH", `prospects/${p.id}`, { version: JSON.parse(mine.body).version, owner: null }, c.Bo);
	ok(drop.status === 422 && /give it back with a reason/.test(drop.body), "and cannot drop it without a word", drop.body.slice(0, 300));
	ok((await json(c, "PATCH", `prospects/${p.id}`, { version: JSON.parse(mine.body).version, state: "qualified" }, c.Bo)).status === 422, "what rules decide is not written");
	ok((await json(c, "PATCH", `prospects/${p.id}`, { version: JSON.parse(mine.body).version, owner: c.ids.Ada }, c.Ada)).status === 403, "nobody takes it from them (O3)");
	const touch = await json(c, "POST", "touches", { prospect: p.id, kind: "mail", on_day: day(0), text: "by program" }, c.Bo);
	ok(touch.status === 201 && (await json(c, "GET", `prospects/${p.id}`)).body.includes('"touches":1'), "a touch counts", touch.body.slice(0, 300));
	const left = JSON.parse((await json(c, "POST", "prospects", { name: "Left over" }, c.Bo)).body);
	ok((await json(c, "DELETE", `prospects/${left.id}?version=${left.version}`, undefined, c.Ada)).status === 403, "what is nobody's is not everybody's to throw away");
}

async function leaves(c, ok) {
	const picked = hidden((await c.get(`/deals/bulk?deal=${c.deal}`)).body, "picked").replace(/&amp;/g, "&");
	await c.post("/deals/bulk", { picked, query: "", act: "remove", step: "do" });
	ok(/The deal is gone since/.test((await c.get(`/prospects/${c.Lena}`)).body), "a deal in the trash leaves its prospect where it is");
	await c.post(/action="(\/trash\/\w+)"/.exec((await c.get("/trash")).body)[1], {});
	ok(/Nordwind line 3/.test((await c.get(`/prospects/${c.Lena}`)).body), "and comes back to it");
	await c.post(`/people/${c.ids.Bo}/leave`, { left_on: day(0), to: c.ids.Ada });
	ok(/Ute Falk/.test((await c.get(`/prospects?owner=${c.ids.Ada}&state=open`)).body), "a leaver's open prospects are handed over (O4)", names((await c.get("/prospects")).body));
}

async function story(kind) {
	const base = fresh(kind), folder = fs.mkdtempSync("/var/tmp/ridealong-leads.");
	command(program, base.url, "init", "--company", "Prospects", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	await people(c);
	ok(/No prospects yet/.test((await c.get("/prospects")).body) && /No campaigns yet/.test((await c.get("/campaigns")).body), "empty pages say why");
	await campaign(c, ok);
	await claim(c, ok);
	await touches(c, ok);
	await ways_out(c, ok);
	await qualify(c, ok);
	await files(c, ok, folder);
	await api(c, ok);
	await leaves(c, ok);
	ok(s.code === undefined, "the program still runs", s.errors);
	await s.stop();
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing", command(program, base.url, "check"));
	base.drop();
	fs.rmSync(folder, { recursive: true });
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of prospects ran", e.stack); tap.end(); });
