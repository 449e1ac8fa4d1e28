// What a deal starts next when it is won, lost or comes into a stage (P6): a deal in another process and tasks, in the change
// set of the move, so that one undo takes all of it back; by the deal's page, by bulk edit and by a program; a process
// that is no longer in use starts nothing and that is said.
//     node starts.js PROGRAM
"use strict";
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const done = (r) => /done=(\w{11})/.exec(r.headers.location)[1];
const id = (body, pattern) => (pattern.exec(body) || ["", ""])[1];

async function people(c) {
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Ada", "Mara"], ["Bo", "Mara"]])
		await c.person(n, m);
	await c.post("/company/me", { person: c.ids.Hanna });
	for (const n of ["Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
}

// Two processes in use: service, and the house's own that starts it.
async function design(c) {
	await c.post("/process", { name: "Service" });
	c.service = id((await c.get("/process")).body, /\/process\/(\w+)">Service</);
	await c.post(`/process/${c.service}/publish`, {});
	const v1 = id((await c.get("/process")).body, /\/process\/(\w+)">Complex B2B sale</);
	const made = await c.post(`/process/${v1}/draft`, {}), v2 = /process\/(\w+)/.exec(made.headers.location)[1];
	const stages = JSON.parse((await c.get("/api/v1/stages?limit=100")).body).data.filter((x) => x.process === v2);
	c.stage = Object.fromEntries(stages.map((x) => [x.name, x.id]));
	for (const next of [
		{ moment: "won", what: "deal", target: c.service, name: "{account}: service", after_days: "30" },
		{ moment: "won", what: "task", name: "Hand {deal} over", after_days: "2" },
		{ moment: "lost", what: "task", name: "Ask {account} again", after_days: "90" },
		{ moment: "stage", stage: c.stage.Validate, what: "task", name: "Book the trial" }])
		await c.post(`/process/${v2}/next`, next);
	await c.post(`/process/${v2}/publish`, {});
	await c.post("/process/" + v2 + "/reasons", { reason: "Too dear" });
	const oak = await ask(c.port, "POST", "/api/v1/accounts", { who: c.admin, json: { name: "Oak & Sons", owner: c.ids.Ada }, headers: { "X-CSRF": c.admin.csrf } });
	c.oak = JSON.parse(oak.body).id;
}

const records = async (c, what, more = "") => JSON.parse((await c.get(`/api/v1/${what}?limit=100${more}`)).body).data;
async function make(c, name, account) {
	const made = await c.post("/deals", { name, amount: "9000", account: account || "" }, c.Ada);
	return /\/deals\/(\w{11})/.exec(made.headers.location)[1];
}
const move = (c, deal, to, more, wanted) => c.post(`/deals/${deal}/move`, { stage: c.stage[to], anyway: "1", reason: "Agreed by phone", ...more }, c.Ada, wanted);

async function won(c, ok) {
	const acorn = await make(c, "Acorn", c.oak), was = { deals: await records(c, "deals"), tasks: await records(c, "activities") };
	const moved = await move(c, acorn, "Won", { idem: "won-once" }), again = await move(c, acorn, "Won", { idem: "won-once" });
	ok(done(moved) === done(again), "sent twice it starts once", `${moved.headers.location} ${again.headers.location}`);
	const deals = await records(c, "deals"), started = deals.filter((d) => d.name === "Oak & Sons: service");
	ok(deals.length === 2 && started.length === 1, "a won deal starts one in the other process", JSON.stringify(deals));
	const [s] = started, stage = (await records(c, "stages")).find((x) => x.process === c.service && x.name === "First stage");
	ok(s.process === c.service && s.stage === stage.id && s.outcome === "open" && s.owner === c.ids.Ada && s.account === c.oak && s.currency === "EUR" && s.amount === null,
		"with account, owner and currency of the first, at the first stage, without an amount", JSON.stringify(s));
	ok(s.next_step === "Take it up after “Acorn”" && s.next_step_on === day(30) && s.created_on === day(0), "to be taken up on its day", JSON.stringify(s));
	const tasks = await records(c, "activities");
	ok(tasks.length === 1 && tasks[0].subject === "Hand Acorn over" && tasks[0].on_day === day(2) && tasks[0].deal === acorn && tasks[0].person === c.ids.Ada && tasks[0].kind === "task",
		"and the task, on its day, for its owner", JSON.stringify(tasks));
	const said = plain((await c.get(moved.headers.location, c.Ada)).body);
	ok(/Acorn moved to Won, past open steps: Agreed by phone, started “Oak (?:& )?Sons: service”, task “Hand Acorn over”/.test(said), "what was started is said with its undo", said.slice(-900));

	await c.post(`/undo/${done(moved)}`, {}, c.Ada);
	const back = await records(c, "deals");
	const bare = (all) => JSON.stringify(all.map(({ version, updated_at, ...rest }) => rest));
	ok(bare(back) === bare(was.deals) && (await records(c, "activities")).length === was.tasks.length && (await records(c, "deviations")).length === 0,
		"one undo takes back the move, the deal, the task and the deviation", JSON.stringify(back));

	const second = await move(c, acorn, "Won"), other = (await records(c, "deals")).find((d) => d.name === "Oak & Sons: service");
	await c.post(`/deals/${other.id}/edit`, { version: other.version, next_step: "Ring the yard" , "was-next_step": other.next_step }, c.Ada);
	const kept = await c.post(`/undo/${done(second)}`, {}, c.Ada);
	const stays = (await records(c, "deals")).find((d) => d.id === other.id);
	ok(stays && stays.next_step === "Ring the yard", "a started deal that was worked since is kept", `${kept.status} ${JSON.stringify(stays)}`);
	ok((await records(c, "deals")).find((d) => d.id === acorn).outcome === "open", "while the move is taken back");
	return other;
}

async function others(c, ok, started) {
	const stage = (await records(c, "stages")).find((x) => x.process === c.service && x.name === "Won"), n = (await records(c, "deals")).length;
	await c.post(`/deals/${started.id}/move`, { stage: stage.id }, c.Ada);
	ok((await records(c, "deals")).length === n, "a deal of a process that starts nothing starts nothing");

	const birch = await make(c, "Birch");
	await move(c, birch, "Validate");
	let tasks = (await records(c, "activities")).filter((a) => a.deal === birch).map((a) => a.subject);
	ok(tasks.join() === "Book the trial", "entering a stage starts its task", tasks.join());
	const lost = await move(c, birch, "Lost", { lost_reason: "Too dear" });
	tasks = (await records(c, "activities")).filter((a) => a.deal === birch).map((a) => a.subject).sort();
	ok(tasks.join() === "Ask Birch again,Book the trial", "a lost one its own, named after the deal where there is no account", tasks.join());
	await c.post(`/undo/${done(lost)}`, {}, c.Ada);
	tasks = (await records(c, "activities")).filter((a) => a.deal === birch);
	ok(tasks.length === 1, "and undo takes it back", JSON.stringify(tasks));

	const cedar = await make(c, "Cedar"), seen = (await records(c, "deals")).find((d) => d.id === cedar);
	const json = await ask(c.port, "POST", `/deals/${cedar}/move`, { who: c.Ada, json: { stage: c.stage.Won, from: seen.stage, anyway: true, reason: "Signed" }, headers: { "X-CSRF": c.Ada.csrf, "Idempotency-Key": "cedar" } });
	tasks = (await records(c, "activities")).filter((a) => a.deal === cedar).map((a) => a.subject);
	ok(json.status < 400 && tasks.join() === "Hand Cedar over", "a program's move starts the same", `${json.status} ${json.body}`);
	// An activity is removed by whoever writes its deal, by a program as by undo.
	const [task] = (await records(c, "activities")).filter((a) => a.deal === cedar), bo = await ask(c.port, "DELETE", `/api/v1/activities/${task.id}?version=${task.version}`, { who: c.Bo, headers: { "X-CSRF": c.Bo.csrf } });
	const gone = await ask(c.port, "DELETE", `/api/v1/activities/${task.id}?version=${task.version}`, { who: c.Ada, headers: { "X-CSRF": c.Ada.csrf } });
	ok(bo.status === 403 && gone.status === 204 && !(await records(c, "activities")).some((a) => a.id === task.id), "its task is removed by the deal's owner, and by no other seller", `${bo.status} ${gone.status} ${gone.body}`);
	const long = await make(c, "A".repeat(200));
	await move(c, long, "Won");
	ok((await records(c, "activities")).some((a) => a.deal === long && a.subject === "A".repeat(200)), "a name that would be too long is the deal's own");
}

// Many at once, one undo; then without a process to start in.
async function many(c, ok) {
	const [dollar, elm] = [await make(c, "Dollar", c.oak), await make(c, "Elm")], before = (await records(c, "deals")).length;
	const page = (await c.get(`/deals/bulk?deal=${dollar}&deal=${elm}`, c.Ada)).body;
	const picked = /name="picked" value="([^"]*)"/.exec(page)[1].replace(/&amp;/g, "&");
	const moved = await c.post("/deals/bulk", { picked, query: "", stage: c.stage.Won, past: "Both signed", act: "change", step: "do" }, c.Ada);
	let names = (await records(c, "deals")).map((d) => d.name);
	ok(names.length === before + 2 && names.includes("Elm: service"), "many won at once start one each", names.join());
	await c.post(`/undo/${done(moved)}`, {}, c.Ada);
	ok((await records(c, "deals")).length === before && !(await records(c, "activities")).some((a) => a.deal === dollar || a.deal === elm), "and one undo takes all of it back");

	await c.post(`/process/${c.service}/retire`, {});
	const bare = await move(c, elm, "Won");
	names = (await records(c, "deals")).map((d) => d.name);
	const said = plain((await c.get(bare.headers.location, c.Ada)).body);
	ok(names.length === before && /not started, since its process has no published version: “Elm: service”, task “Hand Elm over”/.test(said), "a process that is retired starts nothing, which is said", said.slice(-900));
}

async function story(kind) {
	const base = fresh(kind, { bare: true });
	command(program, base.url, "init", "--company", "Starts", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `P6: ${name} (${kind})`, detail);
	try {
		await people(c);
		await design(c);
		await others(c, ok, await won(c, ok));
		await many(c, ok);
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
})().catch((e) => { tap.ok(false, "the story of what comes next ran", e.stack); tap.end(); });
