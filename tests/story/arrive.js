// What a file says of the way of a deal: the expected close that moved later before it came here counts as pushed (D5b, P5); a
// stage that a file brings past open mandatory steps is a deviation of nobody, said as what it is (D5a, P2; decision 7). Undo takes
// both back; the same file again doubles neither; a first file makes none (P5a).
//     node arrive.js PROGRAM
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { spawnSync } = require("child_process");
const { fresh, command, serve, enter, sql, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap(), folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-arrive-"));

function file(name, head, rows) {
	const at = path.join(folder, name);
	fs.writeFileSync(at, [head, ...rows].map((r) => r.join(",")).join("\n") + "\n");
	return at;
}

const deals = (name, stages) => file(name, ["Id", "Name", "StageName", "Amount", "CloseDate", "OwnerId", "CreatedDate"], [
	["006A", "Cranes", stages[0], "9000", day(60), "Ada Lund", day(-100)], ["006B", "Doors", stages[1], "4000", day(50), "Ada Lund", day(-90)],
	["006C", "Ropes", stages[2], "2000", day(40), "Ada Lund", day(-60)], ["006D", "Paint", "Closed Won", "1000", day(-10), "Ada Lund", day(-60)], ["006E", "Locks", "Closed Lost", "1000", day(-10), "Ada Lund", day(-60)]]);
const Q = "Qualification", N = "Negotiation/Review", W = "Closed Won", L = "Closed Lost";
const history = (name, more = []) => file(name, ["Id", "OpportunityId", "StageName", "Amount", "CloseDate", "CreatedDate", "CreatedById"], [
	["008A", "006A", Q, "9000", day(10), `${day(-95)}T10:00:00.000+0000`, "Ada"], ["008B", "006A", Q, "9000", day(30), `${day(-60)}T10:00:00.000+0000`, "Ada"],
	["008C", "006A", Q, "9000", day(20), `${day(-50)}T10:00:00.000+0000`, "Ada"], ["008D", "006A", Q, "9000", day(60), `${day(-40)}T10:00:00.000+0000`, "Ada"],
	["008E", "006B", Q, "4000", day(50), `${day(-85)}T10:00:00.000+0000`, "Ada"], ...more]);

async function story(kind) {
	const base = fresh(kind), ok = (good, name, detail) => tap.ok(good, `${name} (${kind})`, detail);
	command(program, base.url, "init", "--company", "Arrive", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const run = (...words) => { const r = spawnSync(program, ["import", ...words, "--db", base.url], { encoding: "utf8" }); return { status: r.status, said: r.stdout + r.stderr, id: (/import undo (\S+)/.exec(r.stdout) || [])[1] }; };
	const all = async (what) => JSON.parse((await c.get(`/api/v1/${what}?limit=50`)).body).data;
	const pairs = async () => Object.fromEntries((await all("deals")).map((d) => [d.name, d]));
	const page = async (name) => plain((await c.get(`/deals/${(await pairs())[name].id}`)).body);
	const first = run("deals", deals("first.csv", [Q, Q, N]));
	ok(/5 created/.test(first.said), "five deals came in", first.said);

	let r = run("history", history("history.csv"));
	let now = await pairs();
	ok(now.Cranes.past_pushes === 2 && !now.Doors.past_pushes && !now.Cranes.pushes, "D5b: the expected close moved later twice in the history", r.said + JSON.stringify(now.Cranes));
	ok(/Close date moved later 2 times, before it came here/.test(await page("Cranes")), "P5: the deal says so", (await page("Cranes")).slice(0, 3000));
	ok(/Close date moved later 2 times, before it came here/.test(plain((await c.get("/board?scope=all")).body)), "P5: and so does its card");
	const past = r.id;
	run("history", history("again.csv", [["008F", "006A", Q, "9000", day(70), `${day(-30)}T10:00:00.000+0000`, "Ada"]]));
	ok((await pairs()).Cranes.past_pushes === 3, "D5b: a longer history counts anew, none twice");
	await c.post(`/deals/${now.Cranes.id}/edit`, { field: "close", closes_on: day(90), closes_why: "They asked", version: `${(await pairs()).Cranes.version}` });
	now = await pairs();
	ok(now.Cranes.pushes === 1 && now.Cranes.past_pushes === 3 && /Close date moved later 4 times, 3 of them before it came here/.test(await page("Cranes")), "D5b: what moves here is counted beside it", JSON.stringify(now.Cranes));

	// The company designs the stages: Qualification holds a deal until its step is done.
	const stages = await all("stages"), from = stages.find((x) => x.name === Q);
	const org = sql(base.url, "select id from company"), step = 77;
	sql(base.url, `insert into step (org_id, id, version, edited, stage, position, name, importance, kind, points) values (${org}, ${step}, 1, 0, (select stage from deal where name = 'Doors'), 1, 'Budget agreed', 'mandatory', 'tick', 10)`);
	ok(from && (await all("deviations")).length === 0, "a first file makes no deviations (P5a)");
	const second = run("deals", deals("second.csv", [N, Q, Q]));
	let made = await all("deviations");
	ok(/updated/.test(second.said) && made.length === 1 && made[0].deal === now.Cranes.id && !made[0].person && made[0].reason === "Came with the import of second.csv" && made[0].steps === "Budget agreed" && made[0].n === 1,
		"D5a, P2: past an open mandatory step it is a deviation of nobody; backwards it is none", second.said + JSON.stringify(made));
	const said = await page("Cranes");
	ok(/Past the gate 1 deviation Came with the import of second\.csv .* moved in the other system, by nobody here/.test(said) && /Left open: Budget agreed/.test(said), "P2: the deal says what it is", said.slice(0, 4500));
	run("deals", deals("second.csv", [N, Q, Q]));
	ok((await all("deviations")).length === 1, "the same file again makes none");
	const third = run("deals", deals("third.csv", [N, L, W]));
	made = await all("deviations");
	ok(made.length === 2 && made.some((x) => x.deal === now.Ropes.id) && !made.some((x) => x.deal === now.Doors.id), "to won it asks, to lost it does not", third.said + JSON.stringify(made));
	command(program, base.url, "import", "undo", third.id);
	command(program, base.url, "import", "undo", second.id);
	ok((await all("deviations")).length === 0, "undo takes them back");
	for (const x of command(program, base.url, "import", "list").trim().split("\n").map((y) => y.split("\t")).filter((y) => y[3] === "done" && y[2] === "history"))
		command(program, base.url, "import", "undo", x[0]);
	ok(past && !(await pairs()).Cranes.past_pushes, "and so it does with what the history counted", JSON.stringify((await pairs()).Cranes));
	await s.stop();
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of what arrives ran", e.stack); tap.end(); });
