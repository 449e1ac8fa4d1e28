// Steps and stages that appear or open by a company's own fields of deals (P3): put together in the designer, checked at publishing, with
// names that are code; the deal's guidance follows what is filled in; a field's new name goes into every condition, of published versions
// too; the file of the process goes out and in as it was, and names by line what this company does not have.
//     node own_conditions.js PROGRAM
"use strict";
const { fresh, command, serve, enter, ask, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const hostile = `a] is "x" or [<b>`;

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Conditions", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	await c.person("Hanna");
	await c.person("Ada", "Hanna");
	await c.post("/company/me", { person: c.ids.Hanna });
	const define = (name, kind, more = {}) => c.post("/company/fields", { about: "deal", kind, name, listed: "1", filtered: "1", ...more });
	await define("Tier", "choice", { choices: "Gold\nSilver" });
	await define(hostile, "text");
	await define("Their budget", "money");
	await define("Go-live", "day");
	await define("Engineer", "person");
	await define("Tender", "yesno");
	await define("Share", "decimal");
	const fields = JSON.parse((await c.get("/api/v1/own-fields")).body).data, of = Object.fromEntries(fields.map((x) => [x.name, x.id])), f = (name) => `f${of[name]}`;
	const page = async (to) => { const r = await c.get(to); return { ...r, text: plain(r.body) }; };
	const id = (body, pattern) => (pattern.exec(body) || ["", ""])[1];
	const v1 = id((await page("/process")).body, /\/process\/(\w+)">Complex B2B sale/);
	const v2 = /process\/(\w+)/.exec((await c.post(`/process/${v1}/draft`, {})).headers.location)[1];
	const qualify = id((await page(`/process/${v2}`)).body, /<section class="card" id="s-(\w+)".*?<h2[^>]*>\d+\. Qualify</s);
	const add = async (name, form) => {
		await c.post(`/process/${v2}/stages/${qualify}/steps`, { step: name });
		const step = id((await page(`/process/${v2}`)).body, new RegExp(`/steps/(\\w+)">${name}<`)), to = `/process/${v2}/steps/${step}`;
		await c.post(to, { name, kind: "tick", importance: "helpful", points: "1", condition: "", ...form });
		return to;
	};
	const gold = await add("Board visits", { b_what: "[Tier]", b_op: "is", b_value: "Gold" });
	const form = (await page(gold)).body;
	ok(/optgroup label="Fields of our own"/.test(form) && form.includes(`value="[a]] is &#34;x&#34; or [&lt;b&gt;]"`), "the builder offers our own fields, a name that is code too", form.match(/Fields of our own.*?<\/optgroup>/s)?.[0]);
	await add("Ask what it means", { b_what: `[${hostile.replace("]", "]]")}]`, b_op: "contains", b_value: `say "so"` });
	await add("Check the budget", { condition: "[Their budget] at least 50000 EUR" });
	await add("Plan the start", { condition: "[Go-live] before 2030-01-01 and [Engineer] is \"Ada\"" });
	await add("Read the tender", { condition: "[Tender] is yes" });
	await add("Halve it", { condition: "[Share] more than 12.5" });
	const said = (await page(`/process/${v2}`)).text;
	ok(/Appears when Tier is “Gold”/.test(said) && said.includes(`a] is "x" or [`) && /contains “say "so"”/.test(said) && !(await page(`/process/${v2}`)).body.includes("[<b>"), "they read as sentences, quoted", said.slice(said.indexOf("Board visits"), said.indexOf("Board visits") + 700));
	for (const [condition, word] of [["[Tier] is Bronze", `choose one of "Gold", "Silver"`], ["[Tier] at least 5", "cannot be compared like that"], ["[Their budget] is large", "compared with something of another kind"], ["[Share] at least 5 EUR", "compared with something of another kind"], ["[Share] contains 5", "cannot be compared like that"], ["[Go-live] after 5", "compared with something of another kind"], ["[Nothing of ours] is known", "is no field of a deal"], ["[Tier is Gold", "a bracket is not closed"]]) {
		const r = await c.post(gold, { name: "Board visits", kind: "tick", importance: "helpful", points: "1", condition }, c.admin, 422);
		ok(plain(r.body).includes(word) && r.body.includes(condition.replace(/"/g, "&quot;")), `refused at its field and kept: ${condition}`, plain(r.body).slice(0, 800));
	}

	// What is archived is named before publishing, and comes back.
	const tier = JSON.parse((await c.get(`/api/v1/own-fields/${of.Tier}`)).body), keep = { name: "Tier", choices: "Gold\nSilver", listed: "1", filtered: "1", position: "1" };
	const away = await c.post(`/company/fields/${of.Tier}`, { ...keep, version: tier.version, archived: "1" });
	const blocked = await c.post(`/process/${v2}/publish`, {}, c.admin, 422);
	ok(/“Tier” is no field of a deal/.test(plain(blocked.body)), "a field that is archived holds up publishing, by name", plain(blocked.body).slice(0, 700));
	await c.post(`/undo/${/done=(\w+)/.exec(away.headers.location)[1]}`, {});
	await c.post(`/process/${v2}/publish`, {});

	// A deal is led by what is filled in.
	await c.post("/deals", { name: "Acorn", owner: c.ids.Ada, amount: "1000" });
	const deal = await c.find("Acorn"), steps = () => ["Board visits", "Ask what it means", "Check the budget", "Plan the start", "Read the tender", "Halve it"].filter((x) => at.text.includes(x)).map((x) => x.split(" ")[0]).join(" ");
	let at = await page(`/deals/${deal}`);
	ok(steps() === "", "without a value none of them appears", steps());
	const set = async (values) => { const now = JSON.parse((await c.get(`/api/v1/deals/${deal}`)).body); const r = await ask(s.port, "PATCH", `/api/v1/deals/${deal}`, { who: c.admin, json: { version: now.version, ...values }, headers: { "X-CSRF": c.admin.csrf } }); at = await page(`/deals/${deal}`); return r; };
	let r = await set({ [f("Tier")]: "Gold", [f(hostile)]: `They say "so" often` });
	ok(steps() === "Board Ask", "a choice and a text", `${r.status} ${r.body.slice(0, 200)} ${steps()}`);
	r = await set({ [f("Tier")]: "Silver", [f("Their budget")]: 5000000, [f("Go-live")]: "2029-12-31", [f("Engineer")]: c.ids.Ada, [f("Tender")]: true });
	ok(steps() === "Ask Check Plan Read", "an amount, a day, a person, a yes", `${r.status} ${r.body.slice(0, 300)} ${steps()}`);
	await set({ [f("Their budget")]: 4999999, [f("Tender")]: false });
	ok(steps() === "Ask Plan", "a cent less is less", steps());
	await set({ [f("Share")]: 12.500001 });
	ok(steps() === "Ask Plan Halve", "a number with decimals", steps());
	await set({ [f("Share")]: 12.5 });
	ok(steps() === "Ask Plan", "not more than itself", steps());

	// A new name is a new word for people, and changes no process.
	const now = JSON.parse((await c.get(`/api/v1/own-fields/${of.Tier}`)).body);
	const renamed = await c.post(`/company/fields/${of.Tier}`, { ...keep, name: "Rank [of] theirs", version: now.version });
	ok(/Appears when Rank \[of\] theirs is “Gold”/.test((await page(`/process/${v2}`)).text), "a field's new name stands in the published version's sentence", (await page(`/process/${v2}`)).text.slice(0, 1500));
	await set({ [f("Tier")]: "Gold" });
	ok(/Board/.test(steps()), "and the step still appears by it");
	const file = (await c.get(`/process/${v2}/file`)).body;
	ok(file.includes("[Rank [of]] theirs]"), "the file has it", file.match(/.*Rank.*/)?.[0]);
	const same = await c.post("/process/import", { text: file });
	ok(/same=1/.test(same.headers.location), "out and in, it is no difference", same.headers.location);
	const line = file.split("\n").findIndex((x) => /step: .?Board visits/.test(x)) + 1;
	const other = await c.post("/process/import", { text: file.replace("[Rank [of]] theirs]", "[Colour]") }, c.admin, 422);
	ok(line > 0 && plain(other.body).includes(`line ${line}: “Colour” is no field of a deal`), "what this company does not have is named with its line", plain(other.body).slice(0, 700));
	await c.post(`/undo/${/done=(\w+)/.exec(renamed.headers.location)[1]}`, {});
	ok(/Appears when Tier is “Gold”/.test((await page(`/process/${v2}`)).text), "undo brings the old name back, everywhere", (await page(`/process/${v2}`)).text.slice(0, 1500));
	ok(s.code === undefined, "the program still runs", s.errors);
	await s.stop();
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing", command(program, base.url, "check"));
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of conditions ran", e.stack); tap.end(); });
