// The library, on both databases (K1): a piece is written by whoever changes processes, shown beside a deal's step, in preparation and session
// and with a framework, in every version of a process; opening it goes through a counted link, once a day and place, not by whom; deals with
// and without it are set side by side from ten of each on; retired it is shown nowhere; files, CSV, JSON, undo, old forms.
//     node library.js PROGRAM
"use strict";
const { fresh, command, serve, ask, enter, sql, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const done = (r) => /done=(\w{11})/.exec(r.headers.location)[1];
const piece = (r) => r.headers.location.split("?")[0];
const api = async (c, to) => JSON.parse((await c.get(`/api/v1/${to}`)).body).data;

async function begin(c) {
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Milo", "Hanna"], ["Ada", "Mara"], ["Cid", "Milo"]])
		await c.person(n, m);
	await c.post("/company", { name: "Shelf", head: c.ids.Hanna, sponsor_name: "Chair", currency: "EUR", zone: "UTC", profile: "open" });
	for (const n of ["Hanna", "Mara", "Ada", "Cid"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	const options = (await c.get("/library/new")).body;
	c.at = (name) => new RegExp(`<option value="([a-z]+-\\w{11})"[^>]*>${name}<`).exec(options)[1];
}

async function written(c, ok, page) {
	ok(/Nothing in the library yet.*Add the first/.test((await page("/library", c.Hanna)).text) && !/Add the first/.test((await page("/library", c.Ada)).text), "empty, it says what belongs there, and offers it to those who may");
	ok((await c.get("/library/new", c.Ada)).status === 403, "a seller writes none");
	await c.post("/library", { title: "Mine", kind: "article", body: "x" }, c.Ada, 403);
	const bad = await c.post("/library", { title: "A case", kind: "link", purpose: "Kept words" }, c.Hanna, 422);
	ok(/is missing; paste the link to it/.test(plain(bad.body)) && bad.body.includes("Kept words"), "a link wants its address, and what was typed is kept", plain(bad.body).slice(0, 600));
	await c.post("/library", { title: "A case", kind: "link", address: "javascript:alert(1)" }, c.Hanna, 422);
	await c.post("/library", { title: "A case", kind: "article", body: "x", at: "step-00000000001" }, c.Hanna, 422);
	await c.post("/library", { title: "A case", kind: "article", body: "x", at: "nonsense" }, c.Hanna, 422);
	const form = { title: "What it costs", kind: "article", purpose: "When no number is named.", body: "Ask **how often**.\n\n<script>alert(1)</script>", at: c.at("Qualify: Reason to act now is known"), idem: "twice" };
	const first = await c.post("/library", form, c.Hanna), again = await c.post("/library", form, c.Hanna);
	c.text = piece(first);
	ok(piece(again) === c.text && (await api(c, "contents")).length === 1, "sent twice it is there once", piece(again));
	c.link = piece(await c.post("/library", { title: "A case", kind: "link", address: "https://example.com/case?a=1&b=2" }, c.Hanna));
	const edit = (await c.get(`${c.link}/edit`, c.Hanna)).body, version = /name="version" value="(\d+)"/.exec(edit)[1];
	const saved = await c.post(`${c.link}/edit`, { version, title: "A case of ours", kind: "link", purpose: "Who else did it?", address: "https://example.com/case?a=1&b=2", body: "" }, c.Hanna);
	await c.post(`${c.link}/edit`, { version, title: "Over it", kind: "link", address: "https://example.com/" }, c.Hanna, 409);
	await c.post(`/undo/${done(saved)}`, {}, c.Hanna);
	ok(/<h1>A case<\/h1>/.test((await c.get(c.link, c.Ada)).body), "undo brings back what it was; an older form overwrote nothing");
	await c.post(`${c.link}/edit`, { version: "1", title: "x", kind: "link", address: "https://example.com/" }, c.Ada, 403);
	const row = (await api(c, "contents")).find((x) => x.title === "What it costs");
	ok(row.purpose === "When no number is named." && row.kind === "article" && !row.archived, "the API has it by its fields", JSON.stringify(row));
}

async function shown(c, ok, page) {
	const deal = `/deals/${/\/deals\/(\w{11})/.exec((await c.post("/deals", { name: "Deal of Ada" }, c.Ada)).headers.location)[1]}`;
	c.deal = deal;
	const link = `${c.text}/open?deal=${deal.split("/")[2]}`;
	ok((await c.get(deal, c.Ada)).body.includes(`href="${link}"`), "it is shown beside its step on a deal");
	await c.post(`${c.link}/show`, { at: c.at("Qualify, the whole stage") }, c.Hanna);
	ok(/Next right step.*A case.*The problem is said/s.test((await page(deal, c.Ada)).text), "and at the stage above its steps", (await page(deal, c.Ada)).text.slice(0, 900));
	await c.post(`${c.link}/show`, { at: c.at("Qualify, the whole stage") }, c.Ada, 403);
	await c.post(`${c.link}/show`, { at: "" }, c.Hanna, 422);
	const twice = await api(c, "content-places");
	await c.post(`${c.link}/show`, { at: c.at("Qualify, the whole stage") }, c.Hanna);
	ok((await api(c, "content-places")).length === twice.length, "shown twice it is there once");
	// The next version of the process shows it too, and takes a new one along.
	const process = /\/process\/(\w{11})/.exec((await c.get("/process")).body)[1];
	await c.post(`/process/${process}/draft`, {});
	ok((await api(c, "content-places")).length === 2 * twice.length, "a draft takes along what its version shows");
	await c.post(`${c.text}/show`, { at: c.at("Discover: Second person met") }, c.Hanna);
	const two = await api(c, "content-places"), places = (await page(c.text, c.Ada)).text;
	ok(two.length === 2 * twice.length + 2 && (places.match(/Discover: Second person met/g) || []).length === 1, "a new place holds in both versions, and is one place", places);
	const off = await c.post(`${c.text}/hide`, { at: c.at("Discover: Second person met") }, c.Hanna);
	ok((await api(c, "content-places")).length === 2 * twice.length, "taken away from both");
	await c.post(`/undo/${done(off)}`, {}, c.Hanna);
	ok((await api(c, "content-places")).length === two.length, "and undo brings both back");
	await c.post(`${c.text}/hide`, { at: c.at("Discover: Second person met") }, c.Hanna);
	// Coaching: the pair's focus, and the framework of the session.
	await c.post(`${c.text}/show`, { at: c.at("Finding the problem") }, c.Hanna);
	await c.post(`${c.link}/show`, { at: c.at("Weekly one-to-one") }, c.Hanna);
	await c.post("/coaching/start", { weekday: "2", start: "09:00", length: "30" }, c.Mara);
	const session = /\/coaching\/(\w{11})/.exec((await c.get("/coaching", c.Ada)).body)[1], prep = `/coaching/${session}`;
	ok(!/from the library/.test((await page(prep, c.Ada)).text), "where nothing helps, nothing is said");
	const skill = c.at("Finding the problem").slice(6), weekly = c.at("Weekly one-to-one").slice(10);
	await c.post(`${prep}/focus`, { focus: skill }, c.Mara);
	ok(/Helps with Finding the problem from the library What it costs/.test((await page(prep, c.Ada)).text), "beside the focus in preparation", (await page(prep, c.Ada)).text.slice(-2500));
	await c.post(`${prep}/framework`, { framework: weekly }, c.Mara);
	const both = (await c.get(`${prep}/session`, c.Mara)).body;
	ok(both.includes(`href="${c.text}/open?from=coaching"`) && both.includes(`href="${c.link}/open?from=coaching"`), "and in the session, with what its framework shows", plain(both).slice(-1500));
	ok(/Helps in a session from the library A case/.test((await page(`/frameworks/${weekly}`, c.Ada)).text), "on the framework’s page");
	const rubric = /\/rubrics\/(\w{11})"><b>A discovery call/.exec((await c.get("/rubrics")).body)[1];
	ok(/Helps with Finding the problem from the library What it costs/.test((await page(`/rubrics/${rubric}`, c.Ada)).text), "on the page of a rubric of that skill");
	const topic = await ask(c.port, "POST", "/api/v1/content-topics", { who: c.admin, json: { content: c.link.split("/")[2] }, headers: { "X-CSRF": c.admin.csrf } });
	ok(topic.status === 422 && /one of the two/.test(topic.body), "the API wants a skill or a framework", topic.body);
}

async function counted(c, ok, page, url) {
	const open = (to, who, headers = {}) => ask(c.port, "GET", to, { who, headers: { "Sec-Fetch-Site": "same-origin", ...headers } });
	const n = () => Number(sql(url, "select count(*) from content_open")), id = c.deal.split("/")[2];
	const go = await open(`${c.link}/open?deal=${id}`, c.Ada);
	ok(go.status === 303 && go.headers.location === "https://example.com/case?a=1&b=2" && n() === 1, "opening a link goes where it lies, and is counted", `${go.status} ${go.headers.location} ${n()}`);
	await open(`${c.link}/open?deal=${id}`, c.Mara);
	ok(n() === 1, "once a day and deal");
	await open(`${c.link}/open?from=coaching`, c.Mara);
	await open(`${c.link}/open`, c.Ada);
	ok(n() === 3, "coaching and the library each for itself", n());
	await open(`${c.text}/open`, c.Ada, { "Sec-Purpose": "prefetch" });
	await open(`${c.text}/open`, c.Ada, { "Sec-Fetch-Site": "cross-site" });
	ok(n() === 3, "what is fetched ahead, or asked for by another site, nobody opened");
	const read = await open(`${c.text}/open?deal=${id}`, c.Ada);
	ok(read.status === 200 && /<strong>how often<\/strong>/.test(read.body) && !/<script>alert/.test(read.body) && n() === 4, "a text is read here, without what a browser would run", read.body.slice(0, 300));
	ok((await open(`${c.text}/open?deal=00000000001`, c.Ada)).status === 404 && (await open("/library/00000000001/open", c.Ada)).status === 404 && n() === 4, "of what is not there nothing is counted");
	const kept = sql(url, "select count(*) from change_set where reason = 'opened' and person is not null") + sql(url, "select count(*) from change_set where reason = 'opened' and login is not null and login <> 0");
	ok(/^0\s*0\s*$/.test(kept), "who opened it is kept nowhere", kept);
	const use = (await page(c.link, c.Cid)).text;
	ok(/Opened by week.*? 3 From deals 1 1 deal From coaching 1 From the library 1 Different days 1/.test(use), "its page says how often and from where", use.slice(0, 2500));
	ok(/Once a day for each deal/.test(use), "and what that counts");
}

// Twelve deals won and lost with the step done, ten without; one more from another team.
async function effect(c, ok, page, url) {
	const part = async (who) => plain((await ask(c.port, "GET", `${c.text}/effect`, { who, headers: { "ridealong-part": "totals" } })).body);
	ok(/Not enough yet: 0 decided deals with it opened, 0 without/.test(await part(c.Ada)), "with too few no share is shown", await part(c.Ada));
	const step = sql(url, "select max(x.id) from content_place p join step x on x.id = p.step join stage g on g.id = x.stage join process q on q.id = g.process where coalesce(q.state, '') <> 'draft'").trim();
	const stages = await api(c, "stages?limit=100"), process = (await api(c, "processes?limit=100")).find((p) => p.standard).id;
	const at = (name) => stages.find((x) => x.process === process && x.name === name).id;
	const idText = BigInt(step).toString(32).padStart(11, "0").replace(/./g, (x) => "0123456789abcdefghjkmnpqrstvwxyz"[parseInt(x, 32)]);
	for (let i = 0; i < 22; i++) {
		const deal = `/deals/${/\/deals\/(\w{11})/.exec((await c.post("/deals", { name: `Deal ${i}`, amount: "1000" }, c.Ada)).headers.location)[1]}`;
		await c.post(`${deal}/step`, { step: idText, [`s-${idText}`]: "In their words" }, c.Ada);
		if (i < 12)
			await ask(c.port, "GET", `${c.text}/open?deal=${deal.split("/")[2]}`, { who: c.Ada });
		await c.post(`${deal}/move`, { stage: i < 9 || i === 12 ? at("Won") : at("Lost"), anyway: "1", reason: "Tried", lost_reason: "No budget" }, c.Ada);
	}
	const said = await part(c.Ada);
	ok(/Opened 75 % 9 of 12 won; 95 %: 46\.8 % to 91\.1 % Not opened 10 % 1 of 10 won/.test(said) && /higher than chance explains/.test(said) && /nothing of a cause/.test(said), "from ten of each on both shares stand with n and interval, and no cause is claimed", said);
	await c.post("/company", { name: "Shelf", head: c.ids.Hanna, currency: "EUR", zone: "UTC", profile: "line" });
	ok(/Not enough yet: 0 decided/.test(await part(c.Cid)) && /9 of 12/.test(await part(c.Mara)), "O5: of deals that one sees", await part(c.Cid));
	ok((await c.get(`${c.link}/open?deal=${c.deal.split("/")[2]}`, c.Cid)).status === 404, "O5: nor opened from one that is not seen");
}

async function files(c, ok, page) {
	const at = piece(await c.post("/library", { title: "A sheet", kind: "file" }, c.Hanna));
	ok(/There is no file yet/.test((await page(at, c.Ada)).text), "a file comes after it, and is said to be missing");
	const sent = await ask(c.port, "POST", `${at}/files`, { who: c.Hanna, json: { name: "sheet.csv", data: Buffer.from("a,b\n").toString("base64") }, headers: { "X-CSRF": c.Hanna.csrf } });
	const no = await ask(c.port, "POST", `${at}/files`, { who: c.Ada, json: { name: "sheet.csv", data: "eA==" }, headers: { "X-CSRF": c.Ada.csrf } });
	ok(sent.status < 400 && no.status === 403, "whoever writes the piece adds its file", `${sent.status} ${sent.body} ${no.status}`);
	const go = await c.get(`${at}/open`, c.Cid), got = await c.get(go.headers.location, c.Cid);
	ok(go.status === 303 && got.status === 200 && got.body === "a,b\n", "in any profile everybody has it, by the counted link", `${go.status} ${got.status} ${got.body.slice(0, 80)}`);
	const file = go.headers.location.split("/")[2];
	ok((await c.get(at, c.Cid)).body.includes(`${at}/open?file=${file}`) && (await c.get(`${c.text}/open?file=${file}`, c.Cid)).status === 404, "from its page as well; of another piece it is none");
	await c.post(`/files/${file}/remove`, {}, c.Ada, 403);
	const gone = await c.post(`/files/${file}/remove`, {}, c.Hanna);
	ok(/There is no file yet/.test((await page(at, c.Ada)).text), "removed");
	await c.post(`/undo/${done(gone)}`, {}, c.Hanna);
	ok((await c.get(`${at}/open`, c.Cid)).status === 303, "and back");
}

async function listed(c, ok, page) {
	const rows = async (query) => [...(await c.get(`/library?${query}`, c.Ada)).body.matchAll(/<th scope="row"><a href="[^"]*">([^<]*)/g)].map((x) => x[1]).join();
	ok((await rows("")) === "A case,A sheet,What it costs", "the list, by title", await rows(""));
	ok((await rows("kind=link")) === "A case" && (await rows("has=COSTS")) === "What it costs" && (await rows(`at=${c.at("Finding the problem")}`)) === "What it costs" && (await rows(`at=${c.at("Qualify, the whole stage")}`)) === "A case,What it costs" && (await rows(`at=${c.at("Weekly one-to-one")}`)) === "A case", "filtered by kind, title, step and skill");
	ok(/Nothing fits/.test((await page("/library?has=zzzz", c.Ada)).text) && (await rows("kind=nonsense&at=nonsense&from=x")) === "A case,A sheet,What it costs", "what no filter knows filters nothing");
	await c.post("/library", { title: "=cmd|x", kind: "article", body: "x" }, c.Hanna);
	const csv = (await c.get("/library.csv?kind=article", c.Ada)).body;
	ok(/^Title,Kind,What it is for/.test(csv) && csv.trim().split("\r\n").length === 3 && csv.includes("'=cmd|x") && /What it costs,Article,When no number is named\.,,.*Qualify: Reason to act now is known; Skill: Finding the problem/.test(csv), "CSV of what is shown, with its places", csv);
	await c.post(`${c.text}/retire`, {}, c.Ada, 403);
	const retired = await c.post(`${c.text}/retire`, {}, c.Hanna);
	ok(!(await c.get(c.deal, c.Ada)).body.includes(`${c.text}/open`) && !/What it costs/.test(await rows("")) && (await rows("retired=1")) === "What it costs", "retired it is shown nowhere, and found among the retired");
	const found = async (q) => JSON.parse((await c.get(`/palette?q=${encodeURIComponent(q)}`, c.Ada)).body).filter((x) => x.kind === "In the library").map((x) => `${x.label} ${x.href}`).join();
	ok((await found("what costs")) === "", "the palette finds nothing that is retired", await found("what costs"));
	await c.post(`/undo/${done(retired)}`, {}, c.Hanna);
	ok((await c.get(c.deal, c.Ada)).body.includes(`${c.text}/open`), "undo shows it again");
	ok((await found("cost what")) === `What it costs ${c.text}` && (await found("whqt it costs")) === `What it costs ${c.text}` && plain((await c.get("/search?q=costs", c.Ada)).body).includes("What it costs In the library"), "the palette and search find it by its words, a typing error forgiven", await found("cost what"));
}

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Shelf", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	const page = async (to, who) => { const r = await c.get(to, who); return { ...r, text: plain(r.body) }; };
	try {
		await begin(c);
		await written(c, ok, page);
		await shown(c, ok, page);
		await counted(c, ok, page, base.url);
		await effect(c, ok, page, base.url);
		await files(c, ok, page);
		await listed(c, ok, page);
	} finally {
		await s.stop();
	}
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of the library ran", e.stack); tap.end(); });
