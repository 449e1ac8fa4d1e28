// The history that another system keeps of its deals (D5b): who stood in which stage since when, brought in by the command line
// and the wizard, as snapshots, as from–to and as one field a row. With it time in stage is known, conversion and velocity count
// it; without it they read "at least since". Dry run, errors by row and column, the same file again, undo; a program's way.
//     node history.js PROGRAM
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { spawnSync } = require("child_process");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap(), folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-history-"));

function file(name, head, rows) {
	const at = path.join(folder, name);
	fs.writeFileSync(at, [head, ...rows].map((r) => r.join(",")).join("\n") + "\n");
	return at;
}

const deals = () => file("deals.csv", ["Id", "Name", "StageName", "Amount", "CloseDate", "OwnerId", "CreatedDate"], [
	["006A", "Cranes", "Negotiation", "9000", day(60), "Ada Lund", day(-100)],
	["006B", "Doors", "Qualification", "4000", day(50), "Ada Lund", day(-90)],
	["006C", "Winches", "Closed Won", "7000", day(-10), "Ben Ortiz", day(-80)],
	["006D", "Paint", "Closed Lost", "1000", day(-20), "Ben Ortiz", day(-70)],
	["006E", "Ropes", "Qualification", "2000", day(40), "Ben Ortiz", day(-60)]]);
// Snapshots: each row is what stood from then on; one of them changes the amount alone.
const snapshots = () => file("history.csv", ["Id", "OpportunityId", "StageName", "Amount", "CloseDate", "CreatedDate", "CreatedById"], [
	["008A", "006A", "Qualification", "9000", day(30), `${day(-95)}T10:00:00.000+0000`, "Ada"],
	["008B", "006A", "Qualification", "9500", day(30), `${day(-60)}T10:00:00.000+0000`, "Ada"],
	["008C", "006A", "Negotiation", "9000", day(60), `${day(-40)}T10:00:00.000+0000`, "Ada"],
	["008D", "006B", "Qualification", "4000", day(50), `${day(-85)}T10:00:00.000+0000`, "Ada"],
	["008E", "006C", "Qualification", "7000", day(-10), `${day(-75)}T10:00:00.000+0000`, "Ben"],
	["008F", "006C", "Negotiation", "7000", day(-10), `${day(-30)}T10:00:00.000+0000`, "Ben"],
	["008G", "006C", "Closed Won", "7000", day(-10), `${day(-10)}T10:00:00.000+0000`, "Ben"],
	["008H", "006D", "Qualification", "1000", day(-20), `${day(-65)}T10:00:00.000+0000`, "Ben"],
	["008I", "006D", "Closed Lost", "1000", day(-20), `${day(-20)}T10:00:00.000+0000`, "Ben"]]);

function bring(url, ...words) {
	const r = spawnSync(program, ["import", ...words, "--db", url], { encoding: "utf8" });
	return { status: r.status, said: r.stdout + r.stderr, id: (/import undo (\S+)/.exec(r.stdout) || [])[1] };
}

const conversion = (url) => Object.fromEntries(JSON.parse(command(program, url, "report", "conversion", "--by", "stage", "--format", "json")).rows.map((r) => [r.stage, r]));
const pairs = async (c) => Object.fromEntries(JSON.parse((await c.get("/api/v1/deals?limit=50")).body).data.map((d) => [d.name, d]));

async function bySnapshots(c, ok, url) {
	const was = await pairs(c), before = conversion(url);
	ok(was.Cranes.stage_since_known === false && was.Cranes.stage_since === day(-100), "without history the stage is known “at least since”", JSON.stringify(was.Cranes));
	ok(/at least since/.test(plain((await c.get(`/deals/${was.Cranes.id}`)).body)), "and the deal says so");
	const dry = bring(url, "history", snapshots(), "--dry-run");
	ok(dry.status === 0 && /Salesforce history/.test(dry.said) && /9 rows: 9 would be created/.test(dry.said), "a dry run says what would happen", dry.said);
	ok(JSON.parse((await c.get("/api/v1/deal-history")).body).data.length === 0, "and writes nothing");
	const first = bring(url, "history", snapshots());
	ok(first.status === 0 && /9 rows: 9 created/.test(first.said), "a history of snapshots comes in", first.said);
	let now = await pairs(c);
	ok(now.Cranes.stage_since_known === true && now.Cranes.stage_since === day(-40) && now.Doors.stage_since === day(-85) && now.Doors.stage_since_known === true,
		"time in stage is known since the last move, not since the last row", JSON.stringify([now.Cranes, now.Doors]));
	ok(now.Ropes.stage_since_known === false, "a deal without history stays “at least since”", JSON.stringify(now.Ropes));
	ok(now.Winches.stage_since === day(-10) && now.Cranes.amount === 900000 && now.Cranes.version === was.Cranes.version + 1, "what is now stays as it was", JSON.stringify(now.Winches));
	const page = plain((await c.get(`/deals/${now.Cranes.id}`)).body);
	ok(!/at least since/.test(page) && /Stage: Negotiation/.test(page) && /From the source’s history · Ada/.test(page), "the deal tells it, with who did it there", page.slice(0, 4000));

	const after = conversion(url), q = after.Qualification, n = after.Negotiation;
	ok(before.Qualification.entered === 2 && q.entered === 5 && q.moved_on === 2 && q.lost === 1 && q.still_there === 2, "conversion counts the moves of the file", JSON.stringify([before, after]));
	ok(n.entered === 2 && n.moved_on === 1 && n.still_there === 1 && n.median_days === 20, "stage by stage", JSON.stringify(n));
	const again = bring(url, "history", snapshots());
	ok(again.status === 0 && /0 created, 0 updated, 9 unchanged/.test(again.said), "the same file again changes nothing", again.said);
	const third = bring(url, "history", file("more.csv", ["Id", "OpportunityId", "StageName", "Amount", "CloseDate", "CreatedDate", "CreatedById"], [["008D", "006B", "Qualification", "4100", day(50), `${day(-84)}T10:00:00.000+0000`, "Ada"]]));
	now = await pairs(c);
	ok(/1 updated/.test(third.said) && now.Doors.stage_since === day(-84), "a row that was put right there is put right here", third.said + JSON.stringify(now.Doors));
	for (const x of [third, again, first]) // the newest first
		command(program, url, "import", "undo", x.id);
	now = await pairs(c);
	ok(now.Cranes.stage_since_known === false && now.Cranes.stage_since === day(-100) && now.Doors.stage_since === day(-90) && JSON.parse((await c.get("/api/v1/deal-history")).body).data.length === 0, "undo takes all of it back", JSON.stringify([now.Cranes, now.Doors]));
	ok(JSON.stringify(conversion(url)) === JSON.stringify(before), "and the figures with it");
}

// Old value, new value; names, days and numbers as people write them; what has no history here is left out and said.
async function byFields(c, ok, url) {
	const at = file("fields.csv", ["Opportunity Name", "Edit Date", "Field / Event", "Old Value", "New Value", "Edited By"], [
		["Cranes", "3/1/2026", "Stage", "Qualification", "Negotiation", "Ada Lund"],
		["Cranes", "3/2/2026", "Amount", "8000", "9000", "Ada Lund"],
		["Cranes", "3/3/2026", "Close Date", "4/1/2026", "5/1/2026", "Ada Lund"],
		["Cranes", "3/4/2026", "Next Step", "", "Call", "Ada Lund"],
		["Winches", "3/25/2026", "Owner", "Zoe Gone", "Ben Ortiz", "Zoe Gone"],
		["Winches", "3/26/2026", "Owner", "Ben Ortiz", "Zoe Gone", "Zoe Gone"]]);
	const dry = bring(url, "history", at, "--dry-run");
	ok(dry.status === 0 && /2 rows about what has no history here: Next Step; stage, amount/.test(dry.said) && /1 owner not known here, left out: “Zoe Gone”/.test(dry.said), "what has no history here is said", dry.said);
	const first = bring(url, "history", at);
	const rows = JSON.parse((await c.get("/api/v1/deal-history?limit=50")).body).data;
	ok(/6 rows: 4 created, 0 updated, 2 unchanged/.test(first.said) && rows.length === 4, "one field a row comes in", first.said);
	const of = (f) => rows.find((r) => r.field === f);
	ok(of("Stage").on_day === "2026-03-01" && of("Amount").amount === 900000 && of("Amount").currency === "EUR" && of("Close Date").closes_on === "2026-05-01" && of("Owner").owner === c.ids.Ben, "each as what it is, on the company's day", JSON.stringify(rows));
	const cranes = (await pairs(c)).Cranes;
	ok(cranes.stage_since === "2026-03-01" && cranes.stage_since_known === true, "and dates the stage", JSON.stringify(cranes));
	const again = bring(url, "history", at);
	ok(/0 created, 0 updated, 6 unchanged/.test(again.said), "rows without an id are found again by what they say", again.said);
	for (const x of [again, first])
		command(program, url, "import", "undo", x.id);

	const bad = file("bad.csv", ["Deal Name", "From stage", "To stage", "Changed on"], [
		["Cranes", "Qualification", "Negotiation", day(-3)], ["Nowhere", "", "Negotiation", day(-3)], ["Doors", "", "Daydream", day(-3)], ["Doors", "", "Negotiation", day(40)],
		["Ropes", "", "Negotiation", "30 February"], ["Winches", "", "won", day(-10)], ["", "", "Negotiation", day(-3)]]);
	const errors = path.join(folder, "errors.csv"), no = bring(url, "history", bad, "--errors", errors);
	ok(no.status === 1 && /row 2 .*column Deal Name: there is no deal “Nowhere”/.test(no.said) && /row 3 .*column To stage: the deal's process has no stage “Daydream”; say under values/.test(no.said)
		&& /row 4 .*column Changed on: is in the future/.test(no.said) && /row 5 .*column Changed on:/.test(no.said) && /row 7 .*column Deal Name: is missing/.test(no.said), "each wrong row says its column, why and what to do", no.said);
	ok(/Nothing was written/.test(no.said) && fs.readFileSync(errors, "utf8").trim().split("\n").length === 6, "nothing is written, the wrong rows are in a file", fs.readFileSync(errors, "utf8"));
	const some = bring(url, "history", bad, "--partial");
	ok(some.status === 0 && /2 created/.test(some.said), "the good ones on request; won means the won stage", some.said);
	command(program, url, "import", "undo", some.id);
}

async function byProgram(c, ok) {
	const deal = (await pairs(c)).Ropes, other = (await pairs(c)).Cranes;
	const send = (json, who = c.admin, method = "POST", to = "/api/v1/deal-history") => ask(c.port, method, to, { who, json, headers: { "X-CSRF": who.csrf } });
	const row = { deal: deal.id, stage: deal.stage, at: `${day(-33)}T09:00:00Z` };
	const made = await send(row), one = JSON.parse(made.body);
	ok(made.status === 201 && one.on_day === day(-33) && (await pairs(c)).Ropes.stage_since === day(-33), "a program adds a row, which dates the stage", made.body);
	const none = await send({ deal: deal.id, at: `${day(-33)}T09:00:00Z` });
	ok(none.status === 422 && /say what changed/.test(none.body), "a row that says nothing is refused", none.body);
	const late = await send({ ...row, at: `${day(5)}T09:00:00Z` });
	ok(late.status === 422 && /is in the future/.test(late.body), "history is not in the future", late.body);
	const mine = await send({ ...row, deal: other.id, stage: other.stage }, c.Ben), yours = await send({ ...row, stage: other.stage }, c.Ben);
	ok(mine.status === 403 && yours.status === 201, "a seller writes that of the own deals", `${mine.status} ${mine.body} ${yours.status} ${yours.body}`);
}

// Through the wizard's forms, as a browser sends them.
async function byWizard(c, ok) {
	const bytes = fs.readFileSync(snapshots()), mark = "----history", body = Buffer.concat([Buffer.from(["csrf", "kind"].map((k) => `--${mark}\r\nContent-Disposition: form-data; name="${k}"\r\n\r\n${k === "csrf" ? c.admin.csrf : "history"}\r\n`).join("")
		+ `--${mark}\r\nContent-Disposition: form-data; name="file"; filename="history.csv"\r\nContent-Type: text/csv\r\n\r\n`), bytes, Buffer.from(`\r\n--${mark}--\r\n`)]);
	const up = await new Promise((done, failed) => {
		const q = require("http").request({ host: "127.0.0.1", port: c.port, method: "POST", path: "/import", headers: { "Sec-Fetch-Site": "same-origin", Cookie: `__Host-ridealong=${c.admin.cookie}`, "Content-Type": `multipart/form-data; boundary=${mark}`, "Content-Length": body.length } },
			(r) => { let said = ""; r.on("data", (x) => { said += x; }); r.on("end", () => done({ status: r.statusCode, headers: r.headers, body: said })); });
		q.on("error", failed);
		q.end(body);
	});
	const page = up.headers.location ? (await c.get(up.headers.location)).body : up.body;
	ok(/Read as the last file with these headers\./.test(plain(page)), "the wizard knows the file", `${up.status} ${plain(page).slice(0, 900)}`);
	ok(/StageName goes to[^]*?<option value="stage" selected>Stage</.test(page) && /OpportunityId goes to[^]*?<option value="deal" selected>/.test(page), "and where its columns go");
}

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "History", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const people = file("people.csv", ["Name", "Email", "Manager"], [["Hanna Roth", "hanna@example.com", ""], ["Ada Lund", "ada@example.com", "Hanna Roth"], ["Ben Ortiz", "ben@example.com", "Hanna Roth"]]);
	command(program, base.url, "import", "people", people);
	command(program, base.url, "import", "deals", deals());
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `D5b: ${name} (${kind})`, detail);
	try {
		c.ids.Ben = await c.find("Ben Ortiz");
		await c.post(`/people/${c.ids.Ben}/invite`, {}, c.admin, 200);
		c.Ben = await c.signIn("Ben");
		await bySnapshots(c, ok, base.url);
		await byFields(c, ok, base.url);
		await byWizard(c, ok);
		await byProgram(c, ok);
	} finally {
		await s.stop();
	}
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	fs.rmSync(folder, { recursive: true });
	tap.end();
})().catch((e) => { tap.ok(false, "the story of a history ran", e.stack); tap.end(); });
