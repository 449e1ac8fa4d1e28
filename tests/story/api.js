// The JSON API (I1): its description is accepted by Spectral and Redocly, and a program's day goes through Prism's proxy, which
// holds every request and answer against the description; then directly, with what a program does wrong.
//     node api.js PROGRAM [--only sqlite|postgres]
"use strict";
const { spawn, spawnSync } = require("child_process");
const fs = require("fs");
const http = require("http");
const net = require("net");
const path = require("path");
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");

const program = process.argv[2], only = process.argv[3] === "--only" ? process.argv[4] : "";
const bin = (name) => path.join(__dirname, "../../node_modules/.bin", name);
const tap = new Tap();
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

function send(port, method, to, { token, body, text, headers = {} } = {}) {
	const data = text !== undefined ? text : body === undefined ? undefined : JSON.stringify(body);
	const all = { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(data === undefined ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(data) }), ...headers };
	return new Promise((resolve, reject) => {
		const q = http.request({ host: "127.0.0.1", port, method, path: to, headers: all, timeout: 20000 }, (r) => {
			if (r.statusCode === 204) { // Prism says it has two bytes; Node 18 then waits for them
				resolve({ status: 204, headers: r.headers, body: "", json: null });
				r.on("error", () => {});
				r.resume();
				return;
			}
			const parts = [];
			r.on("aborted", () => reject(new Error(`${method} ${to}: cut off after ${Buffer.concat(parts).length} bytes: ${JSON.stringify(r.headers)}`)));
			r.on("data", (x) => parts.push(x));
			r.on("end", () => {
				const said = Buffer.concat(parts).toString();
				let json = null;
				try { json = JSON.parse(said); } catch (e) { /* no JSON: json stays null */ }
				resolve({ status: r.statusCode, headers: r.headers, body: said, json });
			});
		});
		q.on("timeout", () => q.destroy(new Error("no answer in time")));
		q.on("error", reject);
		q.end(data);
	});
}

const freePort = () => new Promise((done) => { const s = net.createServer().listen(0, "127.0.0.1", () => { const { port } = s.address(); s.close(() => done(port)); }); });

// Prism between us and the program: an answer that the description does not know becomes an error.
async function prism(description, port) {
	const own = await freePort();
	const child = spawn(bin("prism"), ["proxy", description, `http://127.0.0.1:${port}`, "--port", String(own), "--host", "127.0.0.1", "--errors", "--validate-request", "false"], { stdio: ["ignore", "pipe", "pipe"] });
	let said = "";
	child.stdout.on("data", (x) => { said += x; });
	child.stderr.on("data", (x) => { said += x; });
	for (let i = 0; i < 300 && !/listening|Prism is/.test(said); i++)
		await pause(100);
	if (!/listening|Prism is/.test(said))
		throw new Error(`prism: ${said}`);
	return { port: own, stop: () => child.kill() };
}

const place = (r, name) => r.json && r.json.errors && r.json.errors.find((x) => x.place === name);

// A program's day: an account, a deal, work on it, a list, a history, an end. through: the name of the way.
async function day(kind, through, port, token) {
	const ask = (method, to, more = {}) => send(port, method, to, { token, ...more });
	const ok = (good, name, r) => tap.ok(good, `${kind}, ${through}: ${name}`, r && `${r.status} ${r.body}`);
	let r = await ask("POST", "/api/v1/accounts", { body: { name: `Räder & Söhne ${through}`, employees: 40 }, headers: { "Idempotency-Key": `a-${through}` } });
	ok(r.status === 201 && r.json.version === 1 && r.headers["change-set"], "an account is added", r);
	const account = r.json.id;
	r = await ask("POST", "/api/v1/deals", { body: { name: `Wheels ${through}`, account, amount: 1250000 }, headers: { "Idempotency-Key": `d-${through}` } });
	ok(r.status === 201 && r.json.outcome === "open" && r.json.currency === "EUR" && r.json.value === 1250000 && r.json.owner, "a deal starts with stage, currency and owner of its company", r);
	const deal = r.json.id, first = r.json;
	r = await ask("POST", "/api/v1/deals", { body: { name: `Wheels ${through}`, account, amount: 1250000 }, headers: { "Idempotency-Key": `d-${through}` } });
	ok(r.status === 201 && r.json.id === deal, "the same key again has no second effect", r);
	r = await ask("PATCH", `/api/v1/deals/${deal}`, { body: { version: 1, next_step: "Visit the plant", next_step_on: "2027-02-01" } });
	ok(r.status === 200 && r.json.version === 2 && r.json.amount === 1250000, "a change leaves the other fields", r);
	const set = r.headers["change-set"];
	r = await ask("PATCH", `/api/v1/deals/${deal}`, { body: { version: 1, amount: 5 } });
	ok(r.status === 409 && r.json.code === "stale", "an older version overwrites nothing", r);
	r = await ask("GET", `/api/v1/deals?account=${account}&count=true&sort=-value`);
	ok(r.status === 200 && r.json.count === 1 && r.json.data[0].id === deal && r.json.next === null, "the list is filtered, sorted and counted", r);
	r = await ask("GET", `/api/v1/deals/${deal}/history`);
	ok(r.status === 200 && r.json.data.some((x) => x.field === "next_step" && x.after === "Visit the plant" && x.change_set === set), "the history has the change (D4)", r);
	const stages = (await ask("GET", `/api/v1/stages?limit=100`)).json.data.filter((s) => s.process === first.process).sort((a, b) => a.position - b.position);
	r = await ask("PATCH", `/api/v1/deals/${deal}`, { body: { version: 2, stage: stages[1].id } });
	ok(r.status === 422 && place(r, "stage"), "a stage is not changed past its gate (P2)", r);
	r = await ask("POST", `/undo/${set}`, { body: {} });
	ok(r.status === 200 && r.json.to, "an act takes a change back", r);
	r = await ask("GET", `/api/v1/deals/${deal}`);
	ok(r.status === 200 && r.json.next_step === null, "and it is gone", r);
	r = await ask("DELETE", `/api/v1/accounts/${account}?version=1`);
	ok(r.status === 422 && /referred/.test(r.body), "what others refer to stays", r);
	r = await ask("DELETE", `/api/v1/deals/${deal}?version=${(await ask("GET", `/api/v1/deals/${deal}`)).json.version}`);
	ok(r.status === 204, "a deal is removed", r);
	r = await ask("GET", `/api/v1/deals/${deal}`);
	ok(r.status === 404, "and is not there", r);
	return { deal, account };
}

// Every report in the shape that the description gives it, with and without its table.
async function reports(kind, port, token) {
	const list = (await send(port, "GET", "/api/v1/reports", { token })).json.data, wrong = [];
	for (const x of list)
		for (const by of ["", ...x.by]) {
			const r = await send(port, "GET", `${x.address}${by && `?by=${by}`}`, { token });
			if (r.status !== 200 || r.json.report !== x.name || !r.json.metrics)
				wrong.push(`${x.name} ${by}: ${r.status} ${r.body.slice(0, 500)}`);
		}
	tap.ok(list.length > 15 && !wrong.length, `${kind}, through Prism: ${list.length} reports are as described`, wrong.join("\n"));
}

async function wrong(kind, port, token, reader) {
	const ok = (good, name, r) => tap.ok(good, `${kind}: ${name}`, r && `${r.status} ${r.body}`);
	const post = (text, more = {}) => send(port, "POST", "/api/v1/deals", { token, text, ...more });
	let r = await post('{"name": "x",\n "amount": }');
	ok(r.status === 422 && /line 2/.test(r.body), "broken JSON is placed by line", r);
	r = await post('{"name":"x","name":"y"}');
	ok(r.status === 422, "a key twice is refused", r);
	r = await post("[1]");
	ok(r.status === 422 && place(r, "body"), "an array is no record", r);
	r = await post('{"name":"x","amount":"12"}');
	ok(r.status === 422 && /minor units/.test(place(r, "amount").mend), "a number in quotes is told from a number", r);
	r = await post('{"name":"x","weighted":1,"owner":"nobody","colour":"red"}');
	ok(r.status === 422 && r.json.errors.length === 3, "every wrong field is named at once", r);
	r = await post('{"name":"x","amount":1e3}');
	ok(r.status === 422 && place(r, "amount"), "a float is no amount", r);
	r = await post('{"name":"x"}', { headers: { "Content-Type": "text/plain" } });
	ok(r.status === 422 && place(r, "Content-Type"), "another type of body is named", r);
	r = await post('{"name":"x","owner":"00000000001"}');
	ok(r.status === 422 && place(r, "owner"), "a person who is not there is no owner", r);
	r = await post('{"name":"x"}', { token: reader });
	ok(r.status === 403 && r.json.code === "denied", "a token that may only read does not write", r);
	r = await post('{"name":"x"}', { token: `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}` });
	ok(r.status === 401 && r.json, "a wrong token is signed out, in JSON", r);
	r = await send(port, "GET", "/api/v1/deals?limit=0&nonsense=1&sort=colour", { token });
	ok(r.status === 422 && r.json.errors.length === 3, "a wrong query is named piece by piece", r);
	for (const to of ["/api/v1/nothing", "/api/v1/sessions", "/api/v1/private_note", "/api/v1/deals/00000000001"]) {
		r = await send(port, "GET", to, { token });
		ok(r.status === 404 && r.json.code === "absent", `${to} is not there`, r);
	}
	r = await send(port, "POST", "/api/v1/skills", { token, body: { name: "x" } });
	ok(r.status === 403, "what is not written here is refused", r);
	r = await send(port, "GET", "/api/v1/accounts?format=csv", { token });
	ok(r.status === 200 && /^text\/csv/.test(r.headers["content-type"]) && /^ridealong_id,/.test(r.body) && /Räder & Söhne/.test(r.body), "CSV on request", r);
}

// A hundred rows by pages of seven: every one once.
async function pages(kind, port, token) {
	for (let i = 0; i < 30; i++)
		await send(port, "POST", "/api/v1/products", { token, body: { name: `Product ${i}`, list_price: i * 100, currency: "EUR" } });
	const seen = [];
	let next = "", turns = 0;
	do {
		const r = await send(port, "GET", `/api/v1/products?limit=7&sort=name${next ? `&after=${encodeURIComponent(next)}` : ""}`, { token });
		seen.push(...r.json.data.map((x) => x.name));
		next = r.json.next;
	} while (next && ++turns < 20);
	tap.ok(seen.length === 30 && new Set(seen).size === 30, `${kind}: thirty products by pages of seven, each once`, seen.join(" "));
}

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "API", "--currency", "EUR", "--timezone", "Europe/Berlin", "--admin", "a@example.com");
	const s = await serve(program, base.url), who = await enter(s.port, s.link, {});
	const token = command(program, base.url, "token", "writer", "--scopes", "read write").trim();
	const reader = command(program, base.url, "token", "reader", "--scopes", "read").trim();
	const made = await send(s.port, "POST", "/api/v1/people", { token, body: { name: "Kim Seller", email: "kim@example.com" } });
	tap.ok(made.status === 201, `${kind}: a person is added`, made.body);
	const cookie = { Cookie: `__Host-ridealong=${who.cookie}`, "Sec-Fetch-Site": "same-origin" };
	let r = await send(s.port, "POST", "/company/me", { body: { person: made.json.id }, headers: cookie });
	tap.ok(r.status === 403, `${kind}: a browser's session without X-CSRF writes nothing`, r.body);
	r = await send(s.port, "POST", "/company/me", { body: { person: made.json.id }, headers: { ...cookie, "X-CSRF": who.csrf } });
	tap.ok(r.status === 200 && r.json, `${kind}: with it an act takes JSON`, r.body);
	const description = path.join(fs.mkdtempSync(path.join(process.env.TMPDIR || "/tmp", "ridealong-api.")), "openapi.json");
	fs.writeFileSync(description, (await send(s.port, "GET", "/api/v1/openapi.json")).body);
	if (kind === "sqlite")
		lint(description);
	const proxy = await prism(description, s.port);
	await day(kind, "through Prism", proxy.port, token);
	await reports(kind, proxy.port, token);
	proxy.stop();
	await day(kind, "directly", s.port, token);
	await wrong(kind, s.port, token, reader);
	await pages(kind, s.port, token);
	command(program, base.url, "check");
	await s.stop();
	fs.rmSync(path.dirname(description), { recursive: true });
	base.drop();
}

function lint(description) {
	const rules = path.join(path.dirname(description), "spectral.json");
	fs.writeFileSync(rules, JSON.stringify({ extends: ["spectral:oas"] }));
	let r = spawnSync(bin("spectral"), ["lint", "-r", rules, "--fail-severity", "warn", description], { encoding: "utf8" });
	tap.ok(r.status === 0, "Spectral accepts the description", r.stdout + r.stderr);
	r = spawnSync(bin("redocly"), ["lint", "--extends=recommended", description], { encoding: "utf8", env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" } });
	tap.ok(r.status === 0, "Redocly accepts the description", r.stdout + r.stderr);
}

(async () => {
	for (const kind of ["sqlite", "postgres"])
		if ((!only || only === kind) && kinds().includes(kind))
			await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the API's story ran", e.stack); tap.end(); });
