// The kill loop: 32 writers add deals and activities through HTTP and keep a ledger of what was acknowledged; the program is
// killed at any moment and started again; whatever was acknowledged, or asked for again with the same key, is there exactly
// once, and check finds nothing.
//     node kill.js PROGRAM [--rounds N] [--writes N] [--only sqlite|postgres]
"use strict";
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");

const WRITERS = 32;
const option = (name, none) => { const i = process.argv.indexOf(`--${name}`); return i > 0 ? process.argv[i + 1] : none; };
const program = process.argv[2];
const rounds = Number(option("rounds", 30)), writes = Number(option("writes", 100)), only = option("only", "");
const tap = new Tap();
const seed = Number(option("seed", Date.now() % 1000000));
let dice = seed;
const random = (n) => { dice = (dice * 1103515245 + 12345) % 2147483648; return Math.floor(dice / 65536) % n; };
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

// A company with one person, who is the administrator as well.
async function setUp(url) {
	command(program, url, "init", "--company", "Kill", "--currency", "EUR", "--timezone", "Europe/Berlin", "--admin", "a@example.com");
	const s = await serve(program, url), who = await enter(s.port, s.link, {});
	const made = await ask(s.port, "POST", "/people", { who, form: { name: "Kim Writer", idem: "p1" } });
	const found = JSON.parse((await ask(s.port, "GET", "/palette?q=kim", { who })).body);
	const person = found.length ? found[0].href.split("/").pop() : "";
	const tied = await ask(s.port, "POST", "/company/me", { who, form: { person } });
	if (made.status !== 303 || tied.status !== 303)
		throw new Error(`set-up: ${made.status} ${tied.status}`);
	await s.stop();
	return who;
}

// One intent, sent until it is acknowledged or the server is gone. True: acknowledged.
async function send(port, who, w) {
	const form = w.deal ? { kind: "call", on_day: "2026-11-20", subject: w.name, idem: w.key } : { name: w.name, amount: "100", idem: w.key };
	const r = await ask(port, "POST", w.deal ? `/deals/${w.deal}/activity` : "/deals", { who, form });
	if (r.status !== 303)
		throw new Error(`${r.status}`);
	const id = /^\/deals\/(\w+)/.exec(r.headers.location);
	if (!w.deal && id)
		w.id = id[1];
	w.acknowledged = true;
}

async function writer(port, who, round, ledger, state) {
	const deals = [];
	while (!state.over) {
		const deal = deals.length && random(2) ? deals[random(deals.length)] : null;
		const w = { round, name: `r${round}n${ledger.length}x`, key: `k${seed}-${ledger.length}`, deal };
		ledger.push(w);
		try {
			await send(port, who, w);
		} catch (e) {
			if (/^\d+$/.test(e.message) && e.message !== "503")
				state.odd = `${w.name}: ${e.message}`;
			if (state.over || !/^\d+$/.test(e.message))
				return;
			await pause(5);
			continue;
		}
		state.acknowledged++;
		if (!deal && w.id && deals.length < 20)
			deals.push(w.id);
	}
}

const count = (text, name) => text.split(name).length - 1;

// Deals of a round by the list, activities by the page of their deal; what is not there exactly once is said.
async function verify(port, who, round, ledger) {
	const wrong = [], own = ledger.filter((w) => w.round === round);
	const csv = await ask(port, "GET", `/deals.csv?has=r${round}n`, { who, timeout: 60000 });
	const names = new Map();
	for (const m of csv.body.matchAll(/^"(r\d+n\d+x)"/gm))
		names.set(m[1], (names.get(m[1]) || 0) + 1);
	for (const w of own.filter((x) => !x.deal))
		if (names.get(w.name) !== 1)
			wrong.push(`deal ${w.name} is there ${names.get(w.name) || 0} times`);
	if (names.size !== own.filter((x) => !x.deal).length)
		wrong.push(`${names.size} deals, ${own.filter((x) => !x.deal).length} were entered`);
	const pages = new Map();
	for (const w of own.filter((x) => x.deal)) {
		if (!pages.has(w.deal))
			pages.set(w.deal, (await ask(port, "GET", `/deals/${w.deal}`, { who })).body);
		if (count(pages.get(w.deal), `<p>${w.name}</p>`) !== 1)
			wrong.push(`activity ${w.name} is there ${count(pages.get(w.deal), `<p>${w.name}</p>`)} times`);
	}
	return wrong;
}

async function proof(kind) {
	const base = fresh(kind), ledger = [], wrong = [];
	const who = await setUp(base.url);
	let acknowledged = 0, again = 0, fewest = Infinity;
	for (let round = 1; round <= rounds && !wrong.length; round++) {
		const s = await serve(program, base.url), state = { over: false, acknowledged: 0 };
		const all = Array.from({ length: WRITERS }, () => writer(s.port, who, round, ledger, state));
		const until = Date.now() + 60000;
		while (state.acknowledged < writes && !s.signal && s.code === undefined && Date.now() < until)
			await pause(1);
		await pause(random(25));
		s.child.kill("SIGKILL");
		await s.ended;
		state.over = true;
		await Promise.all(all);
		if (s.signal !== "SIGKILL" || state.odd || state.acknowledged < writes)
			wrong.push(`round ${round}: ${s.code} ${s.signal}, ${state.acknowledged} acknowledged, ${state.odd || ""} ${s.errors.slice(-500)}`);
		acknowledged += state.acknowledged;
		fewest = Math.min(fewest, state.acknowledged);
		try {
			command(program, base.url, "check");
		} catch (e) {
			wrong.push(`round ${round}: ${e.message}`);
		}
		// Whoever got no answer asks again, with the same key.
		const next = await serve(program, base.url);
		for (const w of ledger.filter((x) => x.round === round && !x.acknowledged)) {
			again++;
			await send(next.port, who, w).catch((e) => wrong.push(`${w.name} again: ${e.message}`));
		}
		wrong.push(...await verify(next.port, who, round, ledger));
		await next.stop(round % 2 ? "SIGKILL" : "SIGTERM");
	}
	const last = await serve(program, base.url);
	const csv = await ask(last.port, "GET", "/deals.csv?has=n", { who, timeout: 120000 });
	const deals = ledger.filter((w) => !w.deal).length, there = new Set([...csv.body.matchAll(/^"(r\d+n\d+x)"/gm)].map((m) => m[1])).size;
	if (deals < 90000 && there !== deals)
		wrong.push(`at the end ${there} of ${deals} deals are there`);
	await last.stop();
	try {
		command(program, base.url, "check");
	} catch (e) {
		wrong.push(e.message);
	}
	tap.ok(!wrong.length, `${kind}: ${rounds} kills, ${acknowledged} acknowledged writes, ${again} asked again, every one there once`, `seed ${seed}\n${wrong.join("\n")}`);
	tap.ok(fewest >= writes, `${kind}: at least ${writes} acknowledged in every round`, fewest);
	base.drop();
}

(async () => {
	for (const kind of ["sqlite", "postgres"])
		if ((!only || only === kind) && kinds().includes(kind))
			await proof(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the kill loop ran", e.stack); tap.end(); });
