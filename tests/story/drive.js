// Starts the program on a database of its own and speaks to it as a browser does.
// What it is not for: any test's own rules.
"use strict";
const { spawn, spawnSync } = require("child_process");
const fs = require("fs");
const http = require("http");
const net = require("net");
const path = require("path");

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

// The databases that a story meets: both, where a cluster is there; with RIDEALONG_STORIES only those that it names, unless
// it says both. A run of several builds, as script/test, says "parted": then RIDEALONG_STORIES_PARTED of meson.build counts.
function kinds(both = false) {
	const parted = process.env.RIDEALONG_STORIES === "parted";
	const wanted = both ? "" : parted ? process.env.RIDEALONG_STORIES_PARTED : process.env.RIDEALONG_STORIES;
	return ["sqlite", "postgres"].filter((k) => (!wanted || wanted.split(" ").includes(k)) && (k === "sqlite" || process.env.RIDEALONG_PG));
}

// How many of n where the program is made so that it runs slower: RIDEALONG_SLOWER says how many times.
const fewer = (n) => Math.ceil(n / (Number(process.env.RIDEALONG_SLOWER) || 1));

const psql = (sql) => {
	const r = spawnSync("psql", ["-Xq", "-v", "ON_ERROR_STOP=1", "-d", process.env.RIDEALONG_PG, "-c", sql]);
	if (r.status !== 0)
		throw new Error(`psql: ${r.stderr}`);
};
const addressOf = (name) => process.env.RIDEALONG_PG.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`);

// A database of the cluster that holds this program's tables and no company: the first story makes it by `migrate`, the others wait
// for that and copy it, which takes a third of the time that making the tables takes. Without a cluster of our own: template0.
function tablesMade(program) {
	const dir = decodeURIComponent(/[?&]host=([^&]+)/.exec(process.env.RIDEALONG_PG)?.[1] || "");
	if (!dir || !fs.existsSync(path.join(dir, "data")))
		return "template0";
	const { mtimeMs, ino } = fs.statSync(program), name = `ridealong_tables_${ino}_${Math.floor(mtimeMs)}`, mark = path.join(dir, name);
	try {
		fs.mkdirSync(mark);
	} catch {
		for (let i = 0; i < 1200 && !fs.existsSync(path.join(mark, "made")); i++)
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
		return fs.existsSync(path.join(mark, "made")) ? name : "template0";
	}
	psql(`create database ${name} template template0 encoding 'UTF8' locale 'C.UTF-8'`);
	command(program, addressOf(name), "migrate");
	fs.writeFileSync(path.join(mark, "made"), "");
	return name;
}

// A fresh database: "sqlite" in a folder on a disk (never memory), or "postgres" in the cluster of RIDEALONG_PG. bare: without
// tables, too, for what is about making them.
function fresh(kind, { bare = false } = {}) {
	const folder = fs.mkdtempSync(path.join(process.env.TMPDIR || "/var/tmp", "ridealong-story."));
	if (kind === "sqlite")
		return { url: `sqlite:${folder}/ridealong.db`, drop: () => fs.rmSync(folder, { recursive: true }) };
	const name = `ridealong_story_${process.pid}_${Date.now()}`;
	psql(`create database ${name} template ${bare ? "template0" : tablesMade(process.argv[2])} strategy file_copy encoding 'UTF8' locale 'C.UTF-8'`);
	return {
		url: addressOf(name),
		drop: () => { fs.rmSync(folder, { recursive: true }); psql(`drop database ${name} with (force)`); },
	};
}

// One command of the program; its output. Throws with what it said when it fails.
function command(program, url, ...words) {
	const r = spawnSync(program, [...words, "--db", url], { encoding: "utf8" });
	if (r.status !== 0)
		throw new Error(`${words.join(" ")}: ${r.status}${r.signal || ""}: ${r.stdout}${r.stderr}`);
	return r.stdout;
}

// A statement past the program, by the database's own tool: what only damage, or time, brings about. What it answers.
function sql(url, text) {
	const r = url.startsWith("sqlite:") ? spawnSync("sqlite3", ["-batch", url.slice(7), ".timeout 5000", text], { encoding: "utf8" })
		: spawnSync("psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", text], { encoding: "utf8" });
	if (r.status !== 0)
		throw new Error(`${text}: ${r.stderr}`);
	return r.stdout.trim();
}

// What an act reads stands in its table (src/page/act.h), or programs could not know of it.
function allRead(s) {
	const lacks = /^.*which its table lacks.*$/m.exec(s.errors);
	if (lacks)
		throw new Error(lacks[0]);
}

// With RIDEALONG_PRISM, what a story asks of the API goes through Prism's proxy: an answer that the description does not know becomes
// an error there, and the story fails.
const prisms = new Map();

const freePort = () => new Promise((done) => { const s = net.createServer().listen(0, "127.0.0.1", () => { const { port } = s.address(); s.close(() => done(port)); }); });

async function prism(port, folder) {
	const description = path.join(folder, "openapi.json"), own = await freePort();
	fs.writeFileSync(description, (await ask(port, "GET", "/api/v1/openapi.json")).body);
	const child = spawn(path.join(__dirname, "../../node_modules/.bin/prism"), ["proxy", description, `http://127.0.0.1:${port}`, "--port", String(own), "--host", "127.0.0.1", "--errors", "--validate-request", "false"], { stdio: ["ignore", "pipe", "pipe"] });
	let said = "";
	for (const from of [child.stdout, child.stderr])
		from.on("data", (x) => { said = (said + x).slice(-20000); });
	for (let i = 0; i < 600 && !/listening|Prism is/.test(said); i++)
		await new Promise((go) => { setTimeout(go, 100); });
	if (!/listening|Prism is/.test(said))
		throw new Error(`prism: ${said}`);
	running.add(child);
	return { port: own, stop: () => { running.delete(child); child.kill(); fs.rmSync(folder, { recursive: true }); } };
}

async function through(s) {
	if (process.env.RIDEALONG_PRISM)
		prisms.set(s.port, await prism(s.port, fs.mkdtempSync(path.join(process.env.TMPDIR || "/var/tmp", "ridealong-prism."))));
	return s;
}

function unwind(s) {
	if (prisms.has(s.port))
		prisms.get(s.port).stop();
	prisms.delete(s.port);
	allRead(s);
}

// The running program: where it listens, and the administrator's link of this start.
function serve(program, url, ...more) {
	return new Promise((resolve, reject) => {
		const child = spawn(program, ["serve", "--db", url, "--listen", "127.0.0.1:0", ...more], { stdio: ["ignore", "pipe", "pipe"] });
		const s = { child, said: "", errors: "" };
		running.add(child);
		s.ended = new Promise((done) => child.on("exit", (code, signal) => { running.delete(child); s.code = code; s.signal = signal; done(); }));
		s.stop = async (signal = "SIGTERM") => { child.kill(signal); await s.ended; unwind(s); };
		child.stderr.on("data", (x) => { s.errors = (s.errors + x).slice(-20000); });
		child.stdout.on("data", (x) => {
			s.said += x;
			const at = /running at http:\/\/127\.0\.0\.1:(\d+)/.exec(s.said), link = /\/l\/([\w-]+)/.exec(s.said);
			if (at && link && !s.port) {
				s.port = Number(at[1]);
				s.link = link[1];
				through(s).then(resolve, reject);
			}
		});
		s.ended.then(() => reject(new Error(`serve ended: ${s.said}${s.errors}`)));
	});
}

// Through Prism; what is not described at all is asked directly, and must not be there.
async function described(port, method, to, more) {
	const r = await ask(prisms.get(port).port, method, to, more);
	if (!/prism\/errors#/.test(r.body))
		return r;
	if (/#UNAUTHORIZED/.test(r.body)) // it lets nobody through without a sign-in; what is said to them is ours
		return ask(port, method, to, { ...more, direct: true });
	if (!/NO_(METHOD|PATH)_MATCHED/.test(r.body))
		throw new Error(`${method} ${to}: not as described: ${r.body.slice(0, 2000)}`);
	const own = await ask(port, method, to, { ...more, direct: true });
	if (own.status < 300)
		throw new Error(`${method} ${to} is not described, and answers ${own.status}`);
	return own;
}

// One request. form makes a POST body; who gives cookie, csrf and token; headers win over what a browser would say.
function ask(port, method, to, { who = {}, form, json, headers = {}, csrf = who.csrf, timeout = 20000, direct = false } = {}) {
	if (prisms.has(port) && !direct && to !== "/api/v1/openapi.json" && (to.startsWith("/api/v1/") || json))
		return described(port, method, to, { who, form, json, headers, csrf, timeout });
	const fields = method === "GET" ? null : json ? JSON.stringify(json) : new URLSearchParams({ ...(csrf ? { csrf } : {}), ...form }).toString();
	const all = { "Sec-Fetch-Site": "same-origin", ...headers };
	if (who.cookie)
		all.Cookie = `__Host-ridealong=${who.cookie}`;
	if (who.token)
		all.Authorization = `Bearer ${who.token}`;
	if (fields !== null) {
		all["Content-Type"] = json ? "application/json" : "application/x-www-form-urlencoded";
		all["Content-Length"] = Buffer.byteLength(fields);
	}
	for (const k of Object.keys(all))
		if (all[k] === undefined)
			delete all[k];
	return new Promise((resolve, reject) => {
		const q = http.request({ host: "127.0.0.1", port, method, path: to, headers: all, agent, timeout }, (r) => {
			const parts = [];
			if (/^text\/event-stream/.test(r.headers["content-type"])) { // it does not end by itself: its head is the answer
				resolve({ status: r.statusCode, headers: r.headers, body: "" });
				r.on("error", () => {});
				q.destroy();
				return;
			}
			if (r.statusCode === 204) { // Prism says that it has two bytes, and there are none
				resolve({ status: 204, headers: r.headers, body: "" });
				r.on("error", () => {});
				r.resume();
				return;
			}
			r.on("data", (x) => parts.push(x));
			r.on("end", () => resolve({ status: r.statusCode, headers: r.headers, body: Buffer.concat(parts).toString() }));
			r.on("error", reject);
			r.on("aborted", () => reject(new Error("cut off")));
		});
		q.on("timeout", () => q.destroy(new Error("no answer in time")));
		// A kept connection that the server had closed meanwhile: nothing of this request was read.
		q.on("error", (error) => q.reusedSocket && error.code === "ECONNRESET" && !q.res
			? ask(port, method, to, { who, form, json, headers, csrf, timeout }).then(resolve, reject) : reject(error));
		q.end(fields === null ? undefined : fields);
	});
}

// Follows a single-purpose link; who is signed in gets cookie and csrf.
async function enter(port, secret, who, password) {
	const r = await ask(port, "POST", `/l/${secret}`, { form: password ? { password } : {} });
	const m = /__Host-ridealong=([^;]+)/.exec(String(r.headers["set-cookie"]));
	if (r.status !== 303 || !m)
		throw new Error(`the link does not sign in: ${r.status} ${r.body.slice(0, 2000)}`);
	who.cookie = m[1];
	const page = await ask(port, "GET", "/people", { who });
	const c = /name="csrf" value="([^"]+)"/.exec(page.body);
	if (!c)
		throw new Error(`no csrf on the page: ${page.status}`);
	who.csrf = c[1];
	return who;
}

// What runs, so that nothing is left running when a test ends early.
const running = new Set();

// TAP for script/test; with RIDEALONG_FIRST the first failure ends the test.
class Tap {
	constructor() { this.n = 0; this.failed = 0; }
	ok(good, name, detail = "") {
		console.log(`${good ? "ok" : "not ok"} ${++this.n} - ${name}`);
		if (!good) {
			this.failed++;
			console.log(String(detail).split("\n").slice(0, 40).map((x) => `# ${x}`).join("\n"));
			if (process.env.RIDEALONG_FIRST)
				this.end();
		}
		return good;
	}
	end() {
		console.log(`1..${this.n}`);
		running.forEach((child) => child.kill("SIGKILL"));
		process.exit(this.failed || !this.n ? 1 : 0);
	}
}

module.exports = { fresh, command, sql, serve, ask, enter, Tap, kinds, fewer };
