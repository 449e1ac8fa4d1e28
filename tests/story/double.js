// A thousand intents, each sent twice at the same moment: a form that is submitted again, a program that tries again. Each has one
// effect, and both answers say the same (the form's key, the header Idempotency-Key).
//     node double.js PROGRAM [--most N]
"use strict";
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, day } = require("./company.js");

const program = process.argv[2], most = Number(process.argv[3] === "--most" ? process.argv[4] : 500), at_once = 10;
const tap = new Tap();
const total = async (c, what) => (what === "commitments" ? (await c.get("/commitments")).body.split(/<li class="open"/).length - 1 : Number(/"count":(\d+)/.exec((await c.get(`/api/v1/${what}?limit=1&count=true`)).body)[1]));

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Double", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	await c.person("Hanna");
	await c.person("Mara", "Hanna");
	await c.post("/company/me", { person: c.ids.Mara });
	await c.post("/deals", { name: "The first" });
	const deal = await c.find("The first"), form = (to, fields) => (i) => ask(s.port, "POST", to, { who: c.admin, form: { idem: `i-${to}-${i}`, ...fields(i) } });
	const kinds = [
		["deals", form("/deals", (i) => ({ name: `Deal ${i}` }))],
		["commitments", form("/commitments", (i) => ({ when_: `it is ${i}`, then_: "act", due: day(9), owed_to: c.ids.Hanna }))],
		["activities", form(`/deals/${deal}/activity`, (i) => ({ subject: `Call ${i}`, kind: "call", on_day: day(0) }))],
		["products", (i) => ask(s.port, "POST", "/api/v1/products", { who: c.admin, json: { name: `Product ${i}`, currency: "EUR" }, headers: { "X-CSRF": c.admin.csrf, "Idempotency-Key": `p-${i}` } })],
	];
	for (const [what, send] of kinds) {
		const had = await total(c, what), n = most / kinds.length, differ = [];
		for (let at = 0; at < n; at += at_once)
			await Promise.all(Array.from({ length: Math.min(at_once, n - at) }, async (x, k) => {
				const [one, other] = await Promise.all([send(at + k), send(at + k)]);
				if (one.status !== other.status || one.status >= 400 || one.headers.location !== other.headers.location)
					differ.push(`${one.status} ${one.headers.location} / ${other.status} ${other.headers.location} ${other.body.slice(0, 200)}`);
			}));
		tap.ok(!differ.length, `${kind}: ${n} ${what} sent twice at once: both answers say the same`, differ.slice(0, 5).join("\n"));
		const now = await total(c, what);
		tap.ok(now - had === n, `${kind}: and each is there once`, `${had} before, ${now} after`);
	}
	await s.stop();
	tap.ok(/ 0 wrong/.test(command(program, base.url, "check")), `${kind}: check finds nothing`);
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of double submits ran", e.stack); tap.end(); });
