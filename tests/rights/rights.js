// The rights matrix: route × actor × object by real requests, compared with model.js, in the profiles "open" and "line".
//     node rights.js PROGRAM HELP [sqlite|postgres]
"use strict";
const { spawnSync } = require("child_process");
const { fresh, command, serve, ask, enter, Tap } = require("../story/drive.js");
const { line, rule, refusal, reads, readsProspect, enters, table, above } = require("./model.js");
const { secrets, addSessions, addCommitments, addFigures, addPromises } = require("./texts.js");
const channels = require("./channels.js");
const signins = require("./signins.js");
const reports = require("./reports.js");

const [program, help] = process.argv.slice(2);
const tap = new Tap();
const objects = { deals: [], people: [], sets: [], sessions: [], commitments: [], absences: [], charters: [], duties: [], targets: [], accounts: [], prospects: [], goals: [], objections: [] };
const actors = [];
let port, admin;

const get = (who, path) => ask(port, "GET", path, { who });
const send = (method, who, path, json) => ask(port, method, path, { who, json, headers: who.csrf ? { "X-CSRF": who.csrf } : {} });
const post = (who, path, form, more = {}) => ask(port, "POST", path, { who, form: { idem: Math.random().toString(36), ...form }, ...more });

async function must(promise, status, what) {
	const r = await promise;
	if (r.status !== status)
		throw new Error(`${what}: ${r.status}, not ${status}: ${r.body.replace(/<[^>]*>/g, " ").slice(0, 800)}`);
	return r;
}

async function findId(who, name) {
	const found = JSON.parse((await get(who, `/palette?q=${encodeURIComponent(name.toLowerCase())}`)).body);
	if (!found.length)
		throw new Error(`${name} is not found`);
	return found[0].href.split("/").pop();
}

// ---- the company ----

async function addPeople() {
	const ids = {};
	for (const name of Object.keys(line)) {
		const boss = name === "moved" ? "manager2" : line[name];
		await must(post(admin, "/people", { name: `Person-${name}`, email: `${name}@example.com`, manager: boss ? ids[boss] : "", manager_from: "2026-01-01" }), 303, `add ${name}`);
		ids[name] = await findId(admin, `Person-${name}`);
	}
	await must(post(admin, `/people/${ids.moved}/edit`, { manager: ids.manager1 }), 303, "move a person");
	await must(post(admin, "/people", { name: "Person-nomail" }), 303, "add nomail");
	await setCompany({ head: ids.head });
	for (const name of ["seller1", "manager1"])
		objects.people.push({ label: name, org: 1, id: await findId(admin, "Person-nomail") });
	return ids;
}

const setCompany = (form) => must(post(admin, "/company", form.profile === "agreement" ? { profile_from: "2026-01-01", ...form } : form), 303, "the company");

function signInLink(email) {
	const said = command(program, globalUrl, "user", "link", email);
	return /\/l\/([\w-]+)/.exec(said)[1];
}

let globalUrl;

async function addActors() {
	for (const name of Object.keys(line)) {
		const who = { name, person: name, org: 1, known: true, leads: Object.values(line).includes(name), head: name === "head" };
		await enter(port, signInLink(`${name}@example.com`), who, `a long password of ${name}`);
		actors.push(who);
	}
	admin.name = "admin";
	actors.push(admin);
	const gone = actors.find((a) => a.name === "gone");
	await addDeal(gone, "gone");
	command(program, globalUrl, "user", "disable", "gone@example.com");
	Object.assign(gone, { known: false, person: null, disabled: true });
	const token = command(program, globalUrl, "token", "probe", "--scopes", "read").trim();
	actors.push({ name: "token", token, known: true, admin: true, org: 1 });
	/* a sign-in without a person of the company */
	actors.push(await enter(port, signInLink("member@example.com"), { name: "member", org: 1, known: true }, "a long password of a member"));
	actors.push({ name: "anonymous", known: false, org: 0 });
	actors.push({ name: "forged", known: false, org: 0, cookie: "A".repeat(43) });
}

async function addDeal(who, owner) {
	const name = `Canary-${owner}-${Math.random().toString(36).slice(2, 8)}`;
	const made = await must(post(who, "/deals", { name, amount: "1000", next_step: "Ring", next_step_on: "2027-01-01" }), 303, `deal of ${owner}`);
	const id = /^\/deals\/(\w+)/.exec(made.headers.location)[1];
	const page = (await get(who, `/deals/${id}`)).body;
	const stage = /name="from" value="(\w+)"/.exec(page), step = /name="step" value="(\w+)"><div class="field"><label for="s-\w+">In their words/.exec(page);
	const deal = { label: owner, org: who.org, owner, id, name, stage: stage && stage[1], step: step && step[1] };
	if (!deal.stage || !deal.step)
		throw new Error(`no stage or step on the page of a deal: ${page.slice(0, 3000)}`);
	objects.deals.push(deal);
	return deal;
}

async function addOutsider() {
	const r = spawnSync(help, ["company", globalUrl, "outsider@example.com"], { encoding: "utf8" });
	const who = { name: "outsider", org: 2, known: true, admin: true };
	await enter(port, r.stdout.trim(), who);
	await must(post(who, "/people", { name: "Canary-Foreign Person" }), 303, "a foreign person");
	const id = await findId(who, "Canary-Foreign Person");
	await must(post(who, "/company/me", { person: id }), 303, "a foreign person ties");
	who.person = "outsider";
	await addDeal(who, "outsider");
	objects.people.push({ label: "foreign", org: 2, id });
	actors.push(who);
}

const actor = (name) => actors.find((a) => a.name === name);

// Everything between two people; and the names of those whom open records concern.
async function addTexts(ids) {
	const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin" }).format(new Date());
	const world = { get, post, must, actor, admin, objects, ids, today };
	await addSessions(world);
	await addCommitments(world);
	await addFigures(world);
	const { charters, duties } = await addPromises(world), names = new Map(Object.entries(ids).map(([k, v]) => [v, k]));
	for (const [kind, rows] of [["charters", charters], ["duties", duties]])
		for (const row of rows) {
			const by = names.get(String(row.person && row.person.id || row.person));
			objects[kind].push({ label: `${kind} of ${by}`, org: 1, by, id: row.id });
		}
	for (const by of ["seller1", "seller3", "manager1", "head"])
		objects.targets.push({ label: by, org: 1, by, id: ids[by] });
	objects.targets.push({ label: "foreign", org: 2, id: objects.people.find((o) => o.org === 2).id });
	objects.duties = objects.duties.filter((o, i, all) => all.findIndex((x) => x.by === o.by) === i);
}

async function addProspect(who, owner) {
	const name = `Canary-${who.org === 2 ? "Foreign " : ""}prospect-${owner}-${Math.random().toString(36).slice(2, 8)}`;
	const made = await must(post(who, "/prospects", { name, ...(owner ? {} : { pool: "1" }) }), 303, `prospect of ${owner}`);
	objects.prospects.push({ label: `prospect of ${owner}`, org: who.org, owner, id: /^\/prospects\/(\w+)/.exec(made.headers.location)[1], name });
}

async function addObjects() {
	for (const name of ["seller1", "seller2", "seller3", "manager1", "manager2", "moved"])
		await addDeal(actors.find((a) => a.name === name), name);
	for (const [name, owner] of [["seller1", "seller1"], ["seller3", "seller3"], ["seller2", null], ["outsider", "outsider"]])
		await addProspect(actor(name), owner);
	for (const kind of Object.keys(objects))
		objects[kind].push({ label: "absent", org: 0, id: "00000000001" });
	const own = objects.deals.find((d) => d.owner === "seller1"), who = actor("seller1");
	const edited = await must(post(who, `/deals/${own.id}/edit`, { next_step: "To be undone" }), 303, "an edit");
	const foreign = actor("outsider"), deal = objects.deals.find((d) => d.org === 2);
	const elsewhere = await must(post(foreign, `/deals/${deal.id}/edit`, { next_step: "Elsewhere" }), 303, "a foreign edit");
	objects.sets.unshift({ label: "set of the outsider", org: 2, by: "nobody", id: /done=(\w+)/.exec(elsewhere.headers.location)[1] });
	objects.sets.unshift({ label: "set of seller1", org: 1, by: "seller1", id: /done=(\w+)/.exec(edited.headers.location)[1] });
}

// ---- one route ----

const pathOf = (path, object, word) => path.replace("*", word || "*").replace(":", object ? object.id : "00000000001").replace(":", "00000000001")
	.replace(/\*/g, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

// How many change sets there are: nothing is written without one.
async function written() {
	const m = /(\d+), of which \d+ are sealed/.exec((await get(admin, "/health")).body.replace(/,(?=\d)/g, ""));
	if (!m)
		throw new Error("the health page does not say how much was written");
	return Number(m[1]);
}

// C5a, O5: the text of two is theirs alone, a person's figures are the line's too; administrators set targets. A charter is
// everybody's; under a works agreement that of a first-line manager is the own team's and the line's (O6).
const mayRead = (a, s, profile) => a.org === 1 && a.known && s.kind === "charter" ? profile !== "agreement" || Boolean(a.person) && (above(a.person, s.above) || line[a.person] === s.above) : a.org === 1 && a.known && (s.between.includes(a.name) || s.kind === "target" && (Boolean(a.admin) || above(a.person, s.above)));

// Names of deals that must not be, or must be, in an answer; and texts of others.
function canaries(actor, profile, answer, r, wrong) {
	for (const d of objects.accounts)
		if (answer.body.includes(d.name) && !(actor.known && reads(actor, d, profile)))
			wrong.push(`${actor.name} reads ${d.name}`);
	for (const d of objects.deals.filter((x) => x.name)) {
		const may = actor.known && reads(actor, d, profile), there = answer.body.includes(d.name);
		if (there && !may)
			wrong.push(`${actor.name} reads ${d.name}`);
		if (r.exact && may && answer.status === 200 && !there)
			wrong.push(`${actor.name} misses ${d.name}`);
	}
	for (const d of objects.prospects)
		if (d.name && answer.body.includes(d.name) && !(actor.known && readsProspect(actor, d, profile)))
			wrong.push(`${actor.name} reads ${d.name}`);
	for (const s of secrets)
		if (answer.body.includes(s.text) && !mayRead(actor, s, profile))
			wrong.push(`${actor.name} reads ${s.text} of ${s.between.join(" and ")}`);
	if (actor.org !== 2 && answer.body.includes("Canary-Foreign"))
		wrong.push(`${actor.name} reads of the other company`);
}

const plain = (body) => body.replace(/<code>\w{11}<\/code>/g, "").replace(/name="idem" value="\w*"/g, "").replace(/data-line="\d+"/, "");

function expectation(r, actor, method, object, profile) {
	if (!enters[r.who](actor))
		return refusal(actor, method, r.api);
	if (actor.token && method !== "GET" && !r.anyToken)
		return [403]; // it may read
	return typeof r.is === "function" ? r.is(actor, object, profile) : r.is;
}

async function one(route, r, actor, object, profile, wrong) {
	const [method, path] = route.split(" "), want = expectation(r, actor, method, object, profile);
	const form = r.form ? r.form(object || {}, actor) : {}, to = pathOf(path, object, r.word) + (r.query || "");
	const got = method === "GET" ? await get(actor, to) : r.api || method !== "POST" ? await send(method, actor, to, r.json ? r.json() : {}) : await post(actor, to, form);
	const good = want ? want.includes(got.status) : got.status < 500 && got.status !== 401;
	if (!good)
		wrong.push(`${actor.name}${object ? ` → ${object.label}` : ""}: ${got.status}, not ${want || "any but 401 and 5xx"}`);
	if (r.twice && got.status === 303)
		await post(actor, to, form); // and back
	canaries(actor, profile, got, r, wrong);
	return got;
}

// The cases of a route: refused ones first, with a look at the database after them, then the others.
async function matrix(route, profile) {
	const r = rule(route), wrong = [], method = route.split(" ")[0], cases = [];
	for (const actor of actors)
		for (const object of r.objects ? objects[r.objects] : [null])
			cases.push([actor, object, expectation(r, actor, method, object, profile)]);
	const refused = cases.filter(([, , want]) => want && want.every((s) => s >= 400 || (s === 303 && method === "GET")));
	const before = method === "GET" ? 0 : await written();
	for (const [actor, object] of refused)
		await one(route, r, actor, object, profile, wrong);
	if (method !== "GET" && (await written()) !== before)
		wrong.push("a refused write was written");
	for (const c of cases.filter((x) => !refused.includes(x)))
		await one(route, r, c[0], c[1], profile, wrong);
	if (r.same)
		await identical(route, r, profile, wrong);
	tap.ok(!wrong.length, `${profile}: ${route} (${cases.length} cases)`, wrong.join("\n"));
}

// Not yours, of another company, and not there: the same bytes but for the reference.
async function identical(route, r, profile, wrong) {
	for (const actor of actors.filter((a) => a.known)) {
		const bodies = new Map();
		for (const o of objects[r.objects].filter((x) => !(r.sees || reads)(actor, x, profile))) {
			const got = await get(actor, pathOf(route.split(" ")[1], o, r.word));
			delete got.headers.date;
			bodies.set(`${got.status} ${JSON.stringify(got.headers)} ${plain(got.body)}`, o.label);
		}
		if (bodies.size > 1)
			wrong.push(`${actor.name} can tell apart: ${[...bodies.values()].join(", ")}`);
	}
}

// Writes that do not come from our own pages are refused, and nothing is written.
async function forgeries(route) {
	const r = rule(route), wrong = [], [method, pattern] = route.split(" "), path = pathOf(pattern, null, r.word);
	const before = await written();
	for (const actor of actors.filter((a) => a.cookie && a.known && enters[r.who](a))) {
		const form = r.form ? r.form({}, actor) : {};
		const tries = {
			"no token": { csrf: undefined }, "another token": { csrf: `${actor.csrf.slice(1)}x` },
			"cross-site": { headers: { "Sec-Fetch-Site": "cross-site" } }, "same-site": { headers: { "Sec-Fetch-Site": "same-site" } },
			"foreign origin": { headers: { "Sec-Fetch-Site": undefined, Origin: "http://evil.example" } },
			"origin null": { headers: { "Sec-Fetch-Site": undefined, Origin: "null" } },
		};
		for (const name of Object.keys(tries)) {
			const more = tries[name], csrf = "csrf" in more ? more.csrf : actor.csrf;
			const got = await ask(port, method, path, { who: { cookie: actor.cookie }, form, headers: more.headers || {}, csrf });
			if (got.status !== 403)
				wrong.push(`${actor.name}, ${name}: ${got.status}, not 403`);
		}
	}
	if ((await written()) !== before)
		wrong.push("a forged write was written");
	tap.ok(!wrong.length, `forged: ${route}`, wrong.join("\n"));
}

// What the API's description says an act needs, the act itself refuses to do without: asked by form, past the check of bodies.
async function needs(profile) {
	const { paths } = JSON.parse((await get(admin, "/api/v1/openapi.json")).body), wrong = [];
	const right = (y, x = y.anyOf ? y.anyOf[0] : y) => (x.enum ? x.enum.find((w) => w !== null) : x.format === "date" ? "2026-12-01" : x.pattern ? "00000000001" : [].concat(x.type).includes("string") ? "Something" : "1");
	let n = 0;
	for (const [p, x] of Object.entries(paths)) {
		const schema = x.post && x.post.requestBody.content["application/json"].schema, route = `POST ${p.replace(/\{part\d\}/g, ":")}`, r = schema && !p.startsWith("/api/") && rule(route);
		for (const f of r && schema.required || []) {
			const cases = actors.flatMap((a) => (r.objects ? objects[r.objects] : [null]).map((o) => [a, o])), may = cases.find(([a, o]) => (expectation(r, a, "POST", o, profile) || []).includes(422));
			if (!may)
				continue;
			const form = Object.fromEntries(schema.required.filter((k) => k !== f).map((k) => [k, right(schema.properties[k])])), got = await post(may[0], pathOf(route.split(" ")[1], may[1], r.word), form);
			n += got.status === 422;
			if (got.status < 400)
				wrong.push(`${route} by ${may[0].name} without ${f}: ${got.status}`);
		}
	}
	tap.ok(n > 40 && !wrong.length, `${profile}: ${n} fields that acts need are really needed`, wrong.join("\n"));
}

// A sign-in page on another site must not sign anybody in.
async function forgedSignIn() {
	for (const headers of [{ "Sec-Fetch-Site": "cross-site" }, { "Sec-Fetch-Site": undefined, Origin: "http://evil.example" }]) {
		const got = await ask(port, "POST", "/sign-in", { form: { email: "x@example.com", password: "x" }, headers });
		tap.ok(got.status === 403, `forged sign-in: ${JSON.stringify(headers)}`, got.status);
	}
}

async function addAccount(name, owner) {
	const made = await send("POST", admin, "/api/v1/accounts", owner ? { name, owner } : { name });
	if (made.status !== 201 && made.status !== 200)
		throw new Error(`an account: ${made.status} ${made.body.slice(0, 400)}`);
	return { name, id: JSON.parse(made.body).id };
}

// Lists, searches, exports, links, roles: channels.js.
async function beyond(s, base, ids) {
	const theirs = await addAccount("Canary-account-of-seller3", ids.seller3), nobody = await addAccount("Account of nobody");
	objects.accounts.push({ ...theirs, org: 1, owner: "seller3" });
	const world = { tap, port, url: base.url, actors, actor, admin, objects, secrets, get, post, program, canaries, plain, setCompany, ids, made: { theirs, nobody } };
	const thin = Object.keys(objects).filter((k) => k !== "accounts" && objects[k].length < 3);
	tap.ok(!thin.length, "there is enough of everything to tell apart", thin.join(" "));
	await channels.readable(world);
	await channels.wildcards(world);
	for (const profile of ["open", "line", "agreement"]) {
		await setCompany({ profile });
		await channels.sweep(world, profile);
		await channels.charters(world, profile);
		await reports.all({ ...world, reads }, profile);
	}
	await channels.accounts(world);
	await channels.roles(world);
	await channels.links(world);
	await signins.all({ ...world, send, words: channels.words, written });
}

// Who was moved reads and is read by the new line with the next request, in the session that was open before (O2, O3).
async function moved(ids, known) {
	await must(post(admin, `/people/${ids.seller2}/edit`, { manager: ids.manager2 }), 303, "seller2 moves");
	line.seller2 = "manager2";
	for (const route of known.filter((x) => /\/(deals|search|palette|api\/v1\/\*)/.test(x) && !/PATCH|DELETE/.test(x)))
		await matrix(route, "line");
}

async function run(kind) {
	const base = fresh(kind);
	globalUrl = base.url;
	command(program, base.url, "init", "--company", "Rights", "--currency", "EUR", "--timezone", "Europe/Berlin", "--admin", "admin@example.com");
	const s = await serve(program, base.url);
	port = s.port;
	admin = await enter(port, s.link, { name: "admin", org: 1, known: true, admin: true });
	const ids = await addPeople();
	await addActors();
	await addOutsider();
	await addTexts(ids);
	await addObjects();
	const routes = spawnSync(help, ["routes"], { encoding: "utf8" }).stdout.trim().split("\n").map((x) => x.split("\t")[0]);
	const unknown = routes.filter((x) => !rule(x)), lost = Object.keys(table).filter((x) => !routes.includes(x));
	tap.ok(!unknown.length && routes.length > 30, "every route stands in the model", unknown.join("\n"));
	tap.ok(!lost.length, "every rule of the model has its route", lost.join("\n"));
	const known = routes.filter(rule), writing = known.filter((x) => !x.startsWith("GET") && !rule(x).noCsrf);
	// Between the databases only the statements differ: of them the stricter profile has all.
	for (const route of kind === "sqlite" ? writing : [])
		await forgeries(route);
	await forgedSignIn();
	for (const profile of kind === "sqlite" ? ["open", "line"] : ["line"]) {
		await setCompany({ profile });
		for (const route of known.filter((x) => !rule(x).last))
			await matrix(route, profile);
	}
	await needs("line");
	await beyond(s, base, ids);
	await moved(ids, known);
	for (const route of known.filter((x) => rule(x).last).reverse())
		await matrix(route, "line");
	tap.ok(s.code === undefined, "the program still runs", s.errors);
	await s.stop();
	let checked = "";
	try {
		command(program, base.url, "check");
	} catch (e) {
		checked = e.message;
	}
	tap.ok(!checked, "check finds nothing", checked);
	base.drop();
}

run(process.argv[4] || "sqlite").then(() => tap.end()).catch((e) => { tap.ok(false, "the matrix ran", e.stack); tap.end(); });
