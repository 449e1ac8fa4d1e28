// Process fault or people fault (P7): a company whose steps are of every kind, its figures counted again here; the questions that open
// by themselves for whoever leads the process, never a flag on a seller; the answer, what it led to, and the duty it keeps (A2a).
//     node process_fault.js PROGRAM
"use strict";
const { fresh, command, serve, enter, ask, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const sellers = ["Ada", "Bo", "Cy"], people = [["Hanna"], ["Lea", "Hanna"], ["Mara", "Lea"], ["Ada", "Mara"], ["Bo", "Mara"], ["Cy", "Mara"]];

// Of 32 deals of each seller half are won. The four steps of the first stage: done on nearly every won deal and few lost ones, but never
// by Cy; done by nobody; done on every second deal however it ends; done always.
function done(step, who, i) {
	const won = i % 2 === 0;
	return step === 0 ? who !== "Cy" && (won ? i % 16 !== 0 : i % 16 === 1) : step === 1 ? false : step === 2 ? i % 4 < 2 : true;
}

async function fill(c, token) {
	const api = async (method, to, body) => {
		const r = await ask(c.port, method, to, { who: { token }, json: body });
		if (r.status >= 400)
			throw new Error(`${method} ${to}: ${r.status} ${r.body.slice(0, 600)}`);
		return r.body ? JSON.parse(r.body) : null;
	};
	const stages = (await api("GET", "/api/v1/stages?limit=100")).data.sort((a, b) => a.position - b.position);
	const steps = (await api("GET", "/api/v1/steps?limit=100")).data.filter((s) => s.stage === stages[0].id).sort((a, b) => a.position - b.position).slice(0, 4);
	const ends = { won: stages.find((s) => s.outcome === "won"), lost: stages.find((s) => s.outcome === "lost") };
	for (const who of sellers)
		for (let i = 0; i < 32; i++) {
			const deal = await api("POST", "/api/v1/deals", { name: `${who} ${i}`, owner: c.ids[who], amount: 100000 + i });
			for (const [k, step] of steps.entries())
				if (done(k, who, i))
					await c.post(`/deals/${deal.id}/step`, { step: step.id, [`s-${step.id}`]: "Said so", [`s-${step.id}-kind`]: "call" });
			await c.post(`/deals/${deal.id}/move`, { stage: ends[i % 2 ? "lost" : "won"].id, anyway: "1", reason: "The figures of a story", lost_reason: "Price", version: (await api("GET", `/api/v1/deals/${deal.id}`)).version });
		}
	return { api, steps, stages };
}

const count = (list, f) => list.filter(f).length;

async function story(kind) {
	const base = fresh(kind), ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	command(program, base.url, "init", "--company", "Faults", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	for (const [n, m] of people)
		await c.person(n, m);
	for (const n of ["Lea", "Mara", "Ada", "Cy"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	await c.post("/company/me", { person: c.ids.Hanna });
	await c.get("/duties", c.Lea); // what each place owes is proposed
	await c.post("/duties/accept", {}, c.Lea);
	const token = command(program, base.url, "token", "writer", "--scopes", "read write").trim();
	const { api, steps } = await fill(c, token);
	const report = (...words) => JSON.parse(command(program, base.url, "report", "process", ...words, "--format", "json"));

	const r = report(), all = sellers.flatMap((who) => Array.from({ length: 32 }, (x, i) => ({ who, i, won: i % 2 === 0 })));
	const wrong = [];
	for (const [k, step] of steps.entries()) {
		const row = r.rows.find((x) => x.step === step.name), is = (name, value, to) => Math.abs(value - to) < 1e-9 || wrong.push(`${step.name} ${name}: ${value}, not ${to}`);
		is("n", row.n, 96);
		is("skipped", row.skipped, count(all, (d) => !done(k, d.who, d.i)) / 96);
		is("won_done", row.won_done, count(all, (d) => d.won && done(k, d.who, d.i)) / 48);
		is("lost_done", row.lost_done, count(all, (d) => !d.won && done(k, d.who, d.i)) / 48);
		is("people", row.people_skipping, count(sellers, (who) => 2 * count(all, (d) => d.who === who && done(k, who, d.i)) < 32));
	}
	ok(!wrong.length, "shares, won and lost, people: as counted here", wrong.join("\n"));
	const says = steps.map((x) => r.rows.find((y) => y.step === x.name).says);
	ok(says.join() === "separates,process_skipped,process_same,process_same", "what each step says of the process", says.join());
	const persons = report("--by", "person").rows.filter((x) => x.step === steps[0].name);
	ok(persons.find((x) => x.person === "Cy").says === "person" && persons.filter((x) => x.says === "person").length === 1 && persons.find((x) => x.person === "Cy").low > 0,
		"a person is named where they skip what others do and what goes with wins, with its interval", JSON.stringify(persons));
	ok(report("--by", "person").rows.filter((x) => x.step === steps[1].name).every((x) => x.says === "process"), "and nobody where all skip it");
	ok(command(program, base.url, "report", "process", "--format", "csv").startsWith("step,stage,process,skipped,") && /separates/.test(command(program, base.url, "report", "process")), "CSV and text say the same");

	// The questions open when a leader looks, once, and are one person's: who owes the review.
	const page = await c.get("/analyse?show=steps&person=all", c.Ada);
	ok(page.status === 200 && (await api("GET", "/api/v1/process-reviews")).data.length === 0, "a seller who looks opens nothing");
	await c.get("/analyse?show=steps&person=all", c.Mara);
	await c.get("/analyse?show=steps&person=all", c.Lea);
	const open = (await api("GET", "/api/v1/process-reviews?limit=50")).data;
	ok(open.length === 3 && open.every((x) => x.person === c.ids.Lea && !x.answer) && open.map((x) => x.found).sort().join() === "same,same,skipped", "three questions, once, to whoever leads the process", JSON.stringify(open));
	ok(open.every((x) => x.n === 96), "with the figures they were asked on");
	const today = plain((await c.get("/today", c.Lea)).body), cys = plain((await c.get("/today", c.Cy)).body);
	ok(new RegExp(`Keep, change or drop .*${steps[1].name.slice(0, 12)}`).test(today) && !/Process review/.test(cys), "they stand on the leader’s Today, and nothing on the seller’s", today.slice(0, 900));
	const seen = plain((await c.get(`/analyse?show=steps&person=all&step=${steps[0].id}`, c.Ada)).body);
	ok(!/Cy skips it/.test(seen) && /Cy skips it/.test(plain((await c.get(`/analyse?show=steps&person=all&step=${steps[0].id}`, c.Mara)).body)), "whom it is about is for their line alone (O5)", seen.slice(0, 900));

	// Every figure opens its rows.
	const rows = async (query, who = c.Lea) => plain((await c.get(`/analyse?show=deals&person=all&${query}`, who)).body);
	ok(new RegExp(`${count(all, (d) => !done(0, d.who, d.i))} deals that the figure`).test(await rows(`what=step&step=${steps[0].id}&is=skipped`)), "the skipped ones open", await rows(`what=step&step=${steps[0].id}&is=skipped`));
	ok(/32 deals/.test(await rows(`what=step&step=${steps[0].id}&is=skipped&of=${c.ids.Cy}`)), "one person’s, too");
	const stage = steps[0].stage, moved = await rows(`what=stage&stage=${stage}&is=moved`), lost = await rows(`what=stage&stage=${stage}&is=lost`);
	ok(/48 deals/.test(moved) && /48 deals/.test(lost) && /96 deals/.test(await rows(`what=stage&stage=${stage}&is=entered`)), "a stage’s figures open", moved.slice(0, 800));
	ok(/48 deals/.test(await rows("what=reason&reason=Price")) && /48 deals/.test(await rows("what=decided&is=won")) && /96 deals/.test(await rows("what=trait&kind=account&value=no%20account")), "reasons, decided ones and characteristics open");
	ok((await c.get("/analyse?show=deals&what=nothing", c.Lea)).status === 404 && (await c.get("/analyse?show=deals&what=quarter&quarter=x", c.Lea)).status === 404, "a figure that is none is not there");

	// Answering is the owner's, has a reason, stays, and keeps the duty.
	const one = open.find((x) => x.found === "skipped"), at = `/process-reviews/${one.id}`;
	await c.post(`${at}/answer`, { answer: "drop", reason: "Nobody needs it" }, c.Mara, 403);
	const short = await c.post(`${at}/answer`, { answer: "drop", reason: "" }, c.Lea, 422);
	ok(/is missing/.test(plain(short.body)) && /value="drop" checked/.test(short.body), "an answer without a reason is refused, and what was chosen stays", plain(short.body).slice(0, 900));
	const said = await c.post(`${at}/answer`, { answer: "drop", reason: "I asked all three: the buyer decides it earlier." }, c.Lea);
	const shown = plain((await c.get(at, c.Ada)).body);
	ok(/Drop it/.test(shown) && /the buyer decides it earlier/.test(shown), "the answer and its reason are open to the company", shown.slice(0, 900));
	await c.post(`${at}/answer`, { draft: one.process }, c.Lea);
	ok(/It led to the version/.test(plain((await c.get(at, c.Cy)).body)), "what it led to is linked");
	ok(/kept on/.test(plain((await c.get("/analyse?show=steps&person=all", c.Lea)).body)), "the duty of the quarter is kept by it (A2a)");
	ok((await api("GET", "/api/v1/process-reviews?limit=50")).data.length === 3, "what was answered is not asked again at once");
	await c.post(`/undo/${/done=(\w+)/.exec(said.headers.location)[1]}`, {}, c.Lea);
	const whole = await c.post("/process-reviews", { process: one.process }, c.Mara);
	ok(/Review of/.test((await c.get(whole.headers.location, c.Mara)).body), "a leader reviews a whole process");
	await c.post("/process-reviews", {}, c.Mara, 422);
	await c.post("/process-reviews", { step: steps[0].id }, c.Ada, 404);
	await s.stop();
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of process faults ran", e.stack); tap.end(); });
