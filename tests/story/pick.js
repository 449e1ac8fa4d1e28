// A field that chooses a row of many: a list while there are few; else a text field that the server understands by name, and by the
// number at the source. What names no row, or several, comes back with the nearest to choose; nothing is written meanwhile; nobody is
// offered, and nobody can name, what they do not see (O5).
//     node pick.js PROGRAM
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { fresh, command, serve, enter, ask, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const first = ["Aurora", "Boreal", "Cobalt", "Delphi", "Ember", "Falken", "Granit", "Helios", "Ibex", "Jaspis"];
const second = ["Rail", "Foods", "Marine", "Optics", "Papier", "Textil", "Logistik", "Glas", "Pharma", "Energie"];

// 2,400 accounts; two of one name, one of a name with an accent, and one that Bo alone owns.
function accounts(file) {
	const rows = [];
	for (let i = 0; i < 2400; i++)
		rows.push(`${first[i % 10]} ${second[Math.floor(i / 10) % 10]} ${i},CRM,A-${i},Norway,`);
	rows.push("Zwillinge Bau,CRM,Z-1,Germany,", "Zwillinge Bau,CRM,Z-2,Spain,", "Käserei Grün,CRM,K-1,Austria,", "Wholly Bos,CRM,W-1,Chile,Bo");
	fs.writeFileSync(file, `Account,Source,Record ID,Country,Owner\n${rows.join("\n")}\n`);
}

const field = (name, table, text, more = {}) => ({ [name]: text, [`${name}:of`]: table, ...more });
const found = async (c, q, who) => JSON.parse((await c.get(`/pick/account?q=${encodeURIComponent(q)}`, who)).body);
const labels = async (c, q, who) => (await found(c, q, who)).map((x) => x.label);
const dealOf = (r) => /^\/deals\/(\w+)/.exec(r.headers.location)[1];
const accountOn = async (c, deal) => {
	const body = (await c.get(`/deals/${deal}/edit`)).body, input = /<input id="account"[^>]*value="([^"]*)"/.exec(body);
	return input && input[1];
};

async function typed(c, ok) {
	ok(/<input id="account" name="account"[^>]*data-pick="\/pick\/account"/.test((await c.get("/deals/new")).body), "above 200 rows it is a text field");
	ok(/<select id="owner" name="owner"/.test((await c.get("/deals/new")).body), "below it is a list");
	const one = dealOf(await c.post("/deals", { name: "By name", ...field("account", "account", "helios GLAS 77") }));
	ok(await accountOn(c, one) === "Helios Glas 77", "a name is understood, whatever its capitals", await accountOn(c, one));
	const accent = dealOf(await c.post("/deals", { name: "By accent", ...field("account", "account", "kaserei  grun".replace("  ", " ")) }));
	ok(await accountOn(c, accent) === "Käserei Grün", "and its accents");
	const number = dealOf(await c.post("/deals", { name: "By number", ...field("account", "account", "A-1234") }));
	ok(/ 1234$/.test(await accountOn(c, number)), "the number at the source is understood");
	const none = await c.post("/deals", { name: "Typed words", amount: "1200", ...field("account", "account", "Helyos Glas 77") }, c.admin, 422);
	ok(/No account is named “Helyos Glas 77”; choose one of these/.test(none.body) && /value="Helyos Glas 77"/.test(none.body) && /value="Typed words"/.test(none.body) && /value="1200"/.test(none.body), "no such name: the form comes back with all that was typed", plain(none.body).slice(0, 900));
	const radio = /name="account:id" value="(\w+)"> <span>Helios Glas 77/.exec(none.body);
	ok(radio, "the nearest are offered", plain(none.body).slice(300, 1200));
	const chosen = dealOf(await c.post("/deals", { name: "Typed words", ...field("account", "account", "Helyos Glas 77", { "account:was": "Helyos Glas 77", "account:id": radio[1] }) }));
	ok(await accountOn(c, chosen) === "Helios Glas 77", "the one that is ticked is taken");
	const two = await c.post("/deals", { name: "Two", ...field("account", "account", "Zwillinge Bau") }, c.admin, 422);
	ok(/Several accounts are named “Zwillinge Bau”/.test(two.body) && /Germany/.test(two.body) && /Spain/.test(two.body), "two of one name: both are offered with what tells them apart");
	const words = await c.post("/deals", { name: "None", ...field("account", "account", "%%%") }, c.admin, 422);
	ok(/No account is named “%%%”; write the name as it stands/.test(words.body), "nothing near is said, too");
	const many = await c.post("/deals", { name: "Every", ...field("account", "account", "x".repeat(5000)) }, c.admin, 422);
	ok(many.body.length < 60000, "a name without end is answered in bounds");
	return one;
}

async function kept(c, ok, deal) {
	const page = (await c.get(`/deals/${deal}/edit`)).body, version = /name="version" value="(\d+)"/.exec(page)[1];
	const id = /name="account:id" value="(\w+)"/.exec(page)[1];
	const same = { version, name: "Renamed", ...field("account", "account", "Helios Glas 77", { "account:was": "Helios Glas 77", "account:id": id }) };
	await c.post(`/deals/${deal}/edit`, same);
	ok(await accountOn(c, deal) === "Helios Glas 77", "what was not touched is kept");
	await c.post(`/deals/${deal}/edit`, field("account", "account", "", { "account:was": "Helios Glas 77", "account:id": id }));
	ok(await accountOn(c, deal) === "", "what was emptied is taken off");
	await c.post(`/deals/${deal}/edit`, field("account", "account", "Boreal Rail 1", { "account:was": "Helios Glas 77", "account:id": id }));
	ok(await accountOn(c, deal) === "Boreal Rail 1", "what was written over is understood anew");
	const bad = await c.post(`/deals/${deal}/edit`, field("account", "account", "Nirgendwo"), c.admin, 422);
	ok(/No account is named “Nirgendwo”/.test(bad.body) && await accountOn(c, deal) === "Boreal Rail 1", "and what is not understood changes nothing");
	const part = await ask(c.port, "POST", `/deals/${deal}/edit`, { who: c.admin, form: { idem: "part", field: "account", ...field("account", "account", "Nirgendwo") }, headers: { "ridealong-part": "field" } });
	ok(part.status === 422 && /No account is named/.test(part.body) && !/<main/.test(part.body), "in its place, too");
}

async function asked(c, ok) {
	const begins = await labels(c, "helios gl");
	ok(begins.length === 10 && begins.every((x) => /^Helios Glas/.test(x)) && begins.join() === [...begins].sort().join(), "ten whose names begin so, in their order", begins.join());
	ok((await labels(c, "glas helios 77"))[0] === "Helios Glas 77", "words in any order");
	ok((await labels(c, "helyos glas 77")).includes("Helios Glas 77"), "with a typing error");
	ok((await labels(c, "grün"))[0] === "Käserei Grün" && (await labels(c, "kaserei"))[0] === "Käserei Grün", "with accents or without");
	ok((await labels(c, "")).length === 10, "nothing typed: the first ten");
	ok((await found(c, "zwillinge")).map((x) => x.hint).sort().join() === "Germany,Spain", "and what tells two of one name apart");
	for (const [word, status] of [["login", 404], ["session_note", 404], ["commitment", 404], ["nothing", 404], ["person", 200], ["product", 200], ["deal", 200]])
		ok((await c.get(`/pick/${word}?q=a`)).status === status, `${word}: ${status}`);
}

// O5: in the profile "line" Bo's account is Bo's and the line's above.
async function seen(c, ok) {
	const row = (await found(c, "Wholly Bos"))[0].id;
	await c.post("/company", { head: c.ids.Hanna, profile: "line" });
	ok(!(await labels(c, "wholly", c.Ada)).length && (await labels(c, "wholly", c.Bo)).length === 1, "what is not seen is not found");
	for (const text of ["Wholly Bos", "W-1", row]) {
		const r = await c.post("/deals", { name: "Peek", ...field("account", "account", text) }, c.Ada, 422);
		ok(/No account is named/.test(r.body) && (text === "Wholly Bos" || !/Wholly Bos/.test(r.body)), `nor understood: ${text === row ? "its id" : text}`);
	}
	const forged = await c.post("/deals", { name: "Peek", ...field("account", "account", "x", { "account:was": "x", "account:id": row }) }, c.Ada, 422);
	ok(!/Wholly Bos/.test(forged.body), "nor by saying that a text stands for it");
	await c.post("/company", { head: c.ids.Hanna, profile: "open" });
}

// Whatever form it is: what is not understood is said, what was typed comes back, and nothing is written.
async function everywhere(c, ok, deal) {
	const account = (await found(c, "Helios Glas 77"))[0].id, sets = async () => /([\d,]+), of which/.exec((await c.get("/health")).body)[1];
	const prospect = /^\/prospects\/(\w+)/.exec((await c.post("/prospects", { name: "Nina Probe" })).headers.location)[1];
	const before = await sets();
	const forms = [
		["/accounts/" + account, { name: "Helios Glas 77", ...field("owner", "person", "Nirgendwer") }],
		["/campaigns", { name: "Spring", ...field("owner", "person", "Nirgendwer") }],
		["/prospects", { name: "X", ...field("campaign", "campaign", "Nirgendwer") }],
		[`/prospects/${prospect}/claim`, field("owner", "person", "Nirgendwer")],
		["/commitments", { text: "Call", due: "2030-01-01", ...field("owed_to", "person", "Nirgendwer") }],
		["/blockers", { text: "Stuck", ...field("owner", "person", "Nirgendwer") }],
		["/people", { name: "Y", ...field("manager", "person", "Nirgendwer") }],
		["/company", field("head", "person", "Nirgendwer")],
		["/company/me", field("person", "person", "Nirgendwer")],
		[`/people/${c.ids.Bo}/transfer`, field("manager", "person", "Nirgendwer")],
		[`/people/${c.ids.Bo}/leave`, field("to", "person", "Nirgendwer")],
		["/coaching/coaches", { ...field("coach", "person", "Nirgendwer"), coachee: c.ids.Ada }],
		["/charter/sponsor", field("sponsor", "person", "Nirgendwer")],
		["/programmes", { name: "P", ...field("root", "person", "Nirgendwer") }],
		["/observations", { text: "Saw", ...field("person", "person", "Nirgendwer") }],
		["/recognition", { text: "Well done", ...field("person", "person", "Nirgendwer") }],
		[`/accounts/${account}/plan/potential`, { amount: "1", ...field("product", "product", "Nirgendwer") }],
		[`/accounts/${account}/plan/steps`, { when: "a", then: "b", due: "2030-01-01", ...field("owed_to", "person", "Nirgendwer") }],
		[`/deals/${deal}/part/line`, { quantity: "1", ...field("product", "product", "Nirgendwer") }],
		["/prospects/bulk", { picked: `${prospect}:1`, query: "", act: "change", ...field("owner", "person", "Nirgendwer") }],
		["/deals/bulk", { picked: `${deal}:1`, query: "", act: "change", ...field("owner", "person", "Nirgendwer") }],
	];
	for (const [to, form] of forms) {
		const r = await ask(c.port, "POST", to, { who: c.admin, form: { idem: `e${to}`, ...form } });
		ok(r.status === 422 && /No (\w+) is named “Nirgendwer”/.test(r.body) && /value="Nirgendwer"/.test(r.body), `${to.replace(/\w{11}/g, ":")} says so`, `${r.status} ${plain(r.body).replace(/.*Live/, "").slice(0, 700)}`);
	}
	ok(await sets() === before, "and nothing was written");
	const r = await ask(c.port, "POST", "/deals", { who: c.admin, form: { idem: "bad", name: "X", ...field("account", "login", "admin") } });
	ok(r.status === 422, "a table that is none of these is refused", r.status + plain(r.body).slice(0,900));
	const flood = { idem: "flood", name: "X" };
	for (let i = 0; i < 200; i++)
		Object.assign(flood, field(`f${i}`, "account", `nothing ${i}`));
	const large = await ask(c.port, "POST", "/deals", { who: c.admin, form: flood });
	ok(large.status === 413, "so are hundreds of such fields", String(large.status));
}

async function addresses(c, ok) {
	const led = await c.get("/deals?owner=bo&owner:of=person&owner:was=&outcome=open");
	ok(led.status === 303 && led.headers.location === `/deals?owner=${c.ids.Bo}&outcome=open`, "an address says the row, not how it was typed", `${led.status} ${led.headers.location}`);
	const empty = await c.get("/gap?person=&person:of=person&person:none=all");
	ok(empty.status === 303 && /^\/gap\?person=all$/.test(empty.headers.location), "what stands for none is kept", empty.headers.location);
	const bad = await c.get("/deals?owner=Nirgendwer&owner:of=person");
	ok(bad.status === 422 && !/owner:of/.test(plain(bad.body)) && /No person is named “Nirgendwer”/.test(bad.body) && /value="Nirgendwer"/.test(bad.body), "a filter that is not understood says so at its field", bad.status + plain(bad.body).slice(0, 1500));
	const row = (await found(c, "Cobalt Marine 222"))[0].id;
	const json = await ask(c.port, "POST", "/deals", { who: c.admin, json: { name: "From a program", account: row }, headers: { "X-CSRF": c.admin.csrf } });
	ok(json.status === 200, "programs send ids", json.body.slice(0, 300));
	const not = await ask(c.port, "POST", "/deals", { who: c.admin, json: { name: "From a program", "account:of": "account", account: "Nirgendwo" }, headers: { "X-CSRF": c.admin.csrf } });
	ok(not.status === 422, "and no names", not.body.slice(0, 300));
}

async function on(kind) {
	const db = fresh(kind), folder = fs.mkdtempSync(path.join(os.tmpdir(), "pick."));
	const ok = (x, what, why) => tap.ok(Boolean(x), `${kind}: ${what}`, why);
	let server;
	try {
		command(program, db.url, "init", "--company", "Aurora", "--currency", "EUR", "--timezone", "UTC", "--admin", "admin@example.com");
		server = await serve(program, db.url);
		const c = new Company(server.port, await enter(server.port, server.link, {}), db.url, program);
		for (const [n, m] of [["Hanna"], ["Ada", "Hanna"], ["Cleo", "Hanna"], ["Bo", "Cleo"]])
			await c.person(n, m);
		for (const n of ["Ada", "Bo"]) {
			await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
			c[n] = await c.signIn(n);
		}
		await c.post("/company/me", { person: c.ids.Hanna });
		accounts(path.join(folder, "accounts.csv"));
		command(program, db.url, "import", "accounts", path.join(folder, "accounts.csv"));
		const deal = await typed(c, ok);
		await kept(c, ok, deal);
		await asked(c, ok);
		await seen(c, ok);
		await everywhere(c, ok, deal);
		await addresses(c, ok);
	} catch (error) {
		ok(false, "told to the end", error.stack);
	} finally {
		if (server)
			await server.stop();
		db.drop();
		fs.rmSync(folder, { recursive: true });
	}
}

(async () => {
	for (const kind of kinds())
		await on(kind);
	tap.end();
})();
