// A process is designed, compared, published, and open deals moved to it on purpose and back (P1–P6); files go out and come back as
// they were. Conditions on what is gone, circles, broken files and hands that may not are refused with the reason.
//     node design.js PROGRAM
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Design", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Ada", "Mara"]])
		await c.person(n, m);
	await c.post(`/people/${c.ids.Ada}/invite`, {}, c.admin, 200);
	const ada = await c.signIn("Ada");
	await c.post("/company/me", { person: c.ids.Hanna });
	for (const name of ["Acorn", "Birch", "Cedar"])
		await c.post("/deals", { name, owner: c.ids.Ada, amount: "50000", closes_on: day(30) });
	const page = async (to, who) => { const r = await c.get(to, who); return { ...r, text: plain(r.body) }; };
	const id = (body, pattern) => (pattern.exec(body) || ["", ""])[1];
	const list = await page("/process");
	const v1 = id(list.body, /\/process\/(\w+)">Complex B2B sale/);
	const deal = id((await page("/deals")).body, /\/deals\/(\w+)">Acorn</);
	const json = async (to) => JSON.parse((await c.get(to)).body);
	const stages = async (v) => [...(await page(`/process/${v}`)).body.matchAll(/<section class="card" id="s-(\w+)".*?<h2[^>]*>\d+\. ([^<]+)</gs)].map((m) => [m[2], m[1]]);

	// P1: what deals stand on stays as it is, for everybody and every way.
	const qualify = Object.fromEntries(await stages(v1)).Qualify;
	const direct = await c.post(`/process/${v1}/stages/${qualify}`, { name: "Other", outcome: "open" }, c.admin, 422);
	ok(/is a version that deals stand on/.test(plain(direct.body)), "a published version is not changed", plain(direct.body).slice(0, 400));
	await c.post(`/process/${v1}/draft`, {}, ada, 403);
	ok(!/Make a draft/.test((await page(`/process/${v1}`, ada)).text) && /Qualify/.test((await page(`/process/${v1}`, ada)).text), "a seller reads it and is offered nothing");

	const made = await c.post(`/process/${v1}/draft`, {}), v2 = /process\/(\w+)/.exec(made.headers.location)[1];
	ok(v2 !== v1, "a draft is made");
	const again = await c.post(`/process/${v1}/draft`, {}, c.admin, 422);
	ok(/has a draft already/.test(plain(again.body)), "one draft a process");
	ok(/No difference/.test((await page(`/process/${v2}/publish`)).text), "a fresh draft differs in nothing", (await page(`/process/${v2}/publish`)).text.slice(0, 900));

	// Stages and steps.
	await c.post(`/process/${v2}/stages`, { stage: "Pilot" });
	await c.post(`/process/${v2}/stages`, { stage: "Pilot" }, c.admin, 422);
	let at = Object.fromEntries(await stages(v2));
	await c.post(`/process/${v2}/stages/${at.Pilot}/place`, { to: "3" });
	ok((await stages(v2)).map((x) => x[0]).join(" ") === "Qualify Discover Pilot Validate Propose Commit Won Lost", "stages are ordered", (await stages(v2)).join(" "));
	const stageForm = { name: "Pilot", exit: "They use it", outcome: "open", probability: "45", greatest: "50", allowed_days: "14", guidance: "# Run it\n\n<script>alert(1)</script> [x](javascript:alert(1))", condition: "" };
	const bad = await c.post(`/process/${v2}/stages/${at.Pilot}`, { ...stageForm, probability: "60", allowed_days: "many", condition: "amount at 5" }, c.admin, 422);
	ok(/least or most is missing at letter 11/.test(plain(bad.body)) && bad.body.includes('value="many"') && bad.body.includes("amount at 5"), "a wrong form comes back with what was typed, each fault at its field", plain(bad.body).slice(0, 900));
	await c.post(`/process/${v2}/stages/${at.Pilot}`, stageForm);
	const rendered = (await page(`/process/${v2}`)).body;
	ok(/<h3>Run it<\/h3>/.test(rendered) && !/<script>alert|javascript:alert/.test(rendered), "guidance is rendered, harmless");
	await c.post(`/process/${v2}/stages/${at.Pilot}/steps`, { step: "Kestrel compared" });
	let body = (await page(`/process/${v2}`)).body;
	const step = (name) => id(body, new RegExp(`/steps/(\\w+)">${name}<`));
	const compared = step("Kestrel compared"), met = step("Second person met"), cost = step("Cost of the problem agreed in numbers");
	const stepForm = { name: "Kestrel compared", kind: "choice", importance: "mandatory", points: "5", options: "They win | We win", guidance: "", depends: met, condition: "" };
	const gone = await c.post(`/process/${v2}/steps/${compared}`, { ...stepForm, condition: "step \"Nowhere\" is done" }, c.admin, 422);
	ok(/step “Nowhere” is not in this version/.test(plain(gone.body)), "a condition on a step that is not there is named (P3)");
	await c.post(`/process/${v2}/steps/${compared}`, { ...stepForm, condition: "competitor \"Kestrel\" is named", b_join: "or", b_what: "amount", b_op: "at least", b_value: "50000" });
	body = (await page(`/process/${v2}`)).body;
	ok(/Appears when the competitor “Kestrel” is named or Amount is at least 50,000/.test(plain(body)), "the condition reads as a sentence, put together without typing it", plain(body).slice(0, 3000));
	const ring = await c.post(`/process/${v2}/steps/${met}`, { name: "Second person met", kind: "tick", importance: "important", depends: compared }, c.admin, 422);
	ok(/waits for this step itself/.test(plain(ring.body)), "steps do not wait for each other in a ring");

	// A condition follows a renamed step, and a removed one is named before publishing.
	await c.post(`/process/${v2}/steps/${met}`, { name: "Second person met", kind: "tick", importance: "important", condition: `step "Cost of the problem agreed in numbers" is done` });
	await c.post(`/process/${v2}/steps/${cost}`, { name: "Cost agreed", kind: "text", importance: "mandatory", points: "8" });
	ok(/the step “Cost agreed” is done/.test((await page(`/process/${v2}`)).text), "a renamed step keeps what hangs on it");
	const dropped = await c.post(`/process/${v2}/steps/${cost}/remove`, {});
	ok(/step “Cost agreed” is not in this version/.test((await page(`/process/${v2}/publish`)).text), "a removed step is named where it is asked for");
	const refused = await c.post(`/process/${v2}/publish`, {}, c.admin, 422);
	ok(/cannot be published yet/.test(plain(refused.body)), "and publishing waits for that");
	await c.post(`/undo/${/done=(\w+)/.exec(dropped.headers.location)[1]}`, {});
	ok(/Cost agreed/.test((await page(`/process/${v2}`)).text), "undo brings the step back");

	// P5, P6: rules, reasons, what comes next.
	const rules = { "stage-days-on": "1", "stage-days-warning": "80", "stage-days-critical": "200", "single-threaded-on": "1", "single-threaded-watch": "2", "no-next-step-on": "1", "no-next-step-level": "critical", "no-activity-on": "1", "no-activity-watch": "21" };
	const wrong = await c.post(`/process/${v2}/rules`, { ...rules, "stage-days-watch": "90" }, c.admin, 422);
	ok(/is reached before a milder level/.test(plain(wrong.body)) && wrong.body.includes('value="90"'), "limits rise with the level (P5)", plain(wrong.body).slice(0, 500));
	await c.post(`/process/${v2}/rules`, rules);
	const text = (await page(`/process/${v2}`)).text;
	ok(/warning above 80 %, critical above 200 %/.test(text) && /watch fewer than 2 stakeholders/.test(text) && /critical at once/.test(text), "rules of health are the version's", text.slice(-3000));
	await c.post(`/process/${v1}/reasons`, { reason: "Price", hint: "Another was cheaper" });
	await c.post(`/process/${v2}/reasons`, { reason: "Price" }, c.admin, 422);
	await c.post("/process", { name: "Renewal" });
	await c.post("/process", { name: "Renewal" }, c.admin, 422);
	const renewal = id((await page("/process")).body, /\/process\/(\w+)">Renewal/);
	await c.post(`/process/${v2}/next`, { moment: "won", what: "deal", target: renewal, name: "{account}: renewal", after_days: "300" });
	await c.post(`/process/${v2}/next`, { moment: "won", what: "deal", target: "", name: "x" }, c.admin, 422);
	await c.post(`/process/${v2}/next`, { moment: "stage", what: "task", name: "x" }, c.admin, 422);
	const self = await c.post(`/process/${v2}/next`, { moment: "won", what: "deal", target: v1, name: "x" }, c.admin, 422);
	ok(/leads round in a circle: Complex B2B sale → Complex B2B sale/.test(plain(self.body)), "a process does not start itself (P6)", plain(self.body).slice(0, 500));

	// Compare and publish.
	const before = await page(`/process/${v2}/publish`);
	for (const words of [/Stage “Pilot” Added/, /Step “Kestrel compared” in Pilot Added/, /Step “Cost agreed” in Discover Changed Step: Cost of the problem agreed in numbers → Cost agreed/, /Rule of health “Days in stage” Changed/, /What comes next “{account}: renewal” Added/])
		ok(words.test(before.text), `the comparison says ${words.source}`, before.text.slice(0, 2500));
	await c.post(`/process/${v2}/publish`, {}, ada, 403);
	await c.post(`/process/${v2}/publish`, {});
	const all = (await page("/process")).text;
	ok(/version 2[^%]*?In use New deals start here/.test(all) && /version 1[^%]*?Retired/.test(all), "published: it takes the place of the one before", all.slice(0, 900));
	await c.post(`/process/${renewal}/next`, { moment: "lost", what: "deal", target: v2, name: "x" }, c.admin, 422).then((r) =>
		ok(/leads round in a circle: Renewal → Complex B2B sale → Renewal/.test(plain(r.body)), "a circle over two processes is refused with its names", plain(r.body).slice(0, 500)));

	// Deals stay, then move on purpose, and come back.
	const open = async () => (await json(`/api/v1/deals/${deal}`));
	const said = id((await page(`/deals/${deal}`)).body, /for="s-(\w{11})">In their words/);
	await c.post(`/deals/${deal}/step`, { step: said, [`s-${said}`]: "The line stands still" });
	const was = await open();
	ok(was.process === v1 || was.process?.id === v1, "an open deal stays on its version (P1)", JSON.stringify(was).slice(0, 600));
	const form = await page(`/process/${v2}/deals`);
	ok(/3 open deals, all owners/.test(form.text) && /1 completed steps go along/.test(form.text), "a mapping is proposed with its counts", form.text.slice(0, 900));
	const old = id(form.body, /name="from" value="(\w+)"/), to = id(form.body, /name="(to-\w+)"/), goal = id(form.body, /<option value="(\w+)" selected/);
	await c.post(`/process/${v2}/deals`, { from: old, [to]: "" , move: "1" }, c.admin, 422);
	const tried = await c.post(`/process/${v2}/deals`, { from: old, [to]: goal }, c.admin, 200);
	ok(/Nothing has been written yet/.test(plain(tried.body)) && ((await open()).version === was.version), "a dry run writes nothing");
	await c.post(`/process/${v2}/deals`, { from: old, [to]: goal, move: "1" }, ada, 403);
	const moved = await c.post(`/process/${v2}/deals`, { from: old, [to]: goal, move: "1" });
	const is = await open();
	ok((is.process?.id || is.process) === v2 && is.stage_since === was.stage_since && is.touched_on === was.touched_on && is.probability === was.probability, "moved in one change; days, touch and steps go along", JSON.stringify([was, is]));
	await c.post(`/undo/${/done=(\w+)/.exec(moved.headers.location)[1]}`, {});
	const back = await open();
	ok((back.process?.id || back.process) === v1 && back.stage === was.stage, "and back by one undo", JSON.stringify(back));

	// Files (K2's form): out, in, the same; broken ones refused by line.
	const file = (await c.get(`/process/${v2}/file`)).body;
	const same = await c.post("/process/import", { text: file });
	ok(/same=1/.test(same.headers.location), "the exported file is no difference", `${same.headers.location}\n${file}`);
	const lines = file.split("\n"), where = (pattern) => lines.findIndex((x) => pattern.test(x)) + 1;
	for (const [name, broken, said] of [
		["a word nobody knows", file.replace("  - stage: Discover", "  - stage: Discover\n    colour: red"), `line ${where(/stage: Discover/) + 1}: “colour” is unknown here`],
		["two stages of one name", file.replace("stage: Discover", "stage: Qualify"), "stage “Qualify” is there twice"],
		["a condition on a step that is gone", file.replace('step: "Cost agreed"', 'step: "Costs"'), "step “Cost agreed” is not in this version"],
		["no stages", "process: X\n", "there are no stages"],
		["a number that is none", file.replace("allowed_days: 14", "allowed_days: many"), "“many” is no Allowed days"],
		["a number out of bounds", file.replace("allowed_days: 14", "allowed_days: 99999"), "is outside of 1 to 3650"],
		["broken YAML", "process: \"X\nstages: [", "line"],
		["nothing", " ", "is missing"],
	]) {
		const r = await c.post("/process/import", { text: broken }, c.admin, 422);
		ok(plain(r.body).includes(said), `a file with ${name} is refused`, plain(r.body).slice(0, 500));
	}
	ok(!/version 3/.test((await page("/process")).text), "and nothing of them is written");
	await c.post("/process/import", { text: file.replace("stage: Pilot", "stage: Trial run") });
	ok(/version 3[^%]*?Draft/.test((await page("/process")).text), "a changed file becomes a draft", (await page("/process")).text.slice(0, 800));
	await c.post("/process/import", { text: file.replace('process: "Complex B2B sale"', "process: Partner sale").replace(/\nnext:[^]*/, "\n") });
	ok(/Partner sale version 1/.test((await page("/process")).text), "another name is another process");
	await s.stop();
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-design-")), plainFile = path.join(folder, "process.yaml");
	fs.writeFileSync(plainFile, command(program, base.url, "process", "export", "Complex B2B sale"));
	ok(fs.readFileSync(plainFile, "utf8") === file, "the command line writes the same file");
	ok(/no difference/.test(command(program, base.url, "process", "import", plainFile)), "and reads it back as no difference");
	ok(/Complex B2B sale\tversion 1\tretired/.test(command(program, base.url, "process", "list")), "and lists the versions");
	fs.rmSync(folder, { recursive: true });
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of a designed process ran", e.stack); tap.end(); });
