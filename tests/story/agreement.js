// The profile "works agreement", switched on while work goes on, on both databases (O5, O6): its day is asked for and announced; from then
// on no figure of a single person, nor of a line of fewer than five, tells of a time before it, on pages and on the command line; sums of
// the company stay; first-line managers rank as employees, whose promises their own team and the line above read; switched off, all is back.
//     node agreement.js PROGRAM
"use strict";
const fs = require("fs");
const path = require("path");
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const since = day(-40);

// Ada wins one deal of 1,000 before the day of the agreement and one of 300 after it, Bo one of 200 after it.
function deals(folder) {
	const file = path.join(folder, "deals.csv");
	fs.writeFileSync(file, ["Deal Name,Owner,Amount,Stage,Create Date,Close Date", `Early,Ada,1000,Won,${day(-100)},${day(-60)}`, `Late,Ada,300,Won,${day(-100)},${day(-20)}`, `Other,Bo,200,Won,${day(-100)},${day(-20)}`,
		`Gone,Ada,700,Lost,${day(-100)},${day(-50)}`, `Older,Ada,7777,Lead,${day(-60)},${day(30)}`, `Newer,Ada,2000,Lead,${day(-20)},${day(30)}`].join("\n") + "\n");
	return file;
}

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Agreement", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${name} (${kind})`, detail);
	const report = (what, ...more) => JSON.parse(command(program, base.url, "report", what, "--format", "json", "--from", day(-200), "--to", day(0), ...more));
	const page = async (to, who) => plain((await c.get(to, who)).body);
	for (const [n, m] of [["Hanna"], ["Lea", "Hanna"], ["Mara", "Lea"], ["Nils", "Lea"], ["Ada", "Mara"], ["Bo", "Mara"], ["Cy", "Nils"]])
		await c.person(n, m);
	const company = { name: "Agreement", head: c.ids.Hanna, currency: "EUR", zone: "UTC" };
	await c.post("/company", { ...company, profile: "open" });
	for (const n of ["Hanna", "Lea", "Mara", "Nils", "Ada", "Bo", "Cy"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	const folder = fs.mkdtempSync(path.join(process.env.TMPDIR || "/var/tmp", "ridealong-agreement."));
	command(program, base.url, "import", "deals", deals(folder));
	fs.rmSync(folder, { recursive: true });

	const whole = report("sales-summary").metrics, ada = () => report("sales-summary", "--person", "Ada").metrics, mara = () => report("sales-summary", "--person", "Mara").metrics;
	const revenue = (...by) => report("revenue", "--by", "person", ...by).rows.map((x) => `${x.person} ${x.value}`).join(", ");
	ok(whole.won.value === 3 && ada().won.value === 2 && ada().lost.value === 1 && mara().revenue_won.value === 150000 && revenue() === "Ada 130000, Bo 20000", "open: all of the time is counted", JSON.stringify([whole, ada(), mara(), revenue()]));
	const promise = async (who, to, n, due) => { await c.post("/commitments", { owed_to: c.ids[to], when_: `it is ${n}`, then_: "ring", due }, c[who]); };
	await promise("Ada", "Mara", "Monday", day(0));
	const charter = { part: "I closed deals myself", reason: "We lose", reason_number: "10", reason_unit: "deals", reason_day: day(30), value_proposition: "Fast", messaging: "Short", culture: "Open", stops: "Waiting" };
	for (const n of ["Lea", "Mara"])
		await c.post("/charter", charter, c[n]);
	ok(/I closed deals myself/.test(await page(`/charter?of=${c.ids.Mara}`, c.Cy)), "open: a leader's charter is everybody's");
	await c.post("/coaching/start", { weekday: "1", start: "09:00", length: "30" }, c.Mara);

	// Asked and answered before the agreement: found under its own days afterwards (A4).
	const quarter = { person: c.ids.Mara, from_day: day(-70), to_day: day(-10) }, asks = `/trace?person=${c.ids.Mara}&from=${quarter.from_day}&to=${quarter.to_day}`;
	await c.post("/trace", quarter, c.Lea);
	ok(/asked on/.test(await page(asks, c.Mara)), "A4: Lea asks how Mara's number came about");

	// Switched on: never without its day, and not for some day far ahead.
	const refused = await c.post("/company", { ...company, profile: "agreement", profile_from: "" }, c.admin, 422);
	ok(/Enter|enter the day of the works agreement/.test(plain(refused.body)) && /value="agreement" selected/.test(refused.body), "O5: its day is asked for, and what was chosen is kept", plain(refused.body).slice(0, 900));
	await c.post("/company", { ...company, profile: "agreement", profile_from: day(500) }, c.admin, 422);
	await c.post("/company", { ...company, profile: "agreement", profile_from: "soon" }, c.admin, 422);
	ok(ada().won.value === 2, "refused: nothing has changed");
	await c.post("/company", { ...company, profile: "agreement", profile_from: since });

	// Announced to everybody, explained where it counts.
	for (const n of ["Hanna", "Mara", "Ada"])
		ok(/Who sees what has changed: Works agreement instead of Open/.test(await page("/today", c[n])), `O5: ${n} is told`);
	const me = await page("/me", c.Ada);
	ok(/Who sees what here: Works agreement , of/.test(me) && /Figures of single people begin on/.test(me), "O7: and finds it on the page of what is kept", me.slice(0, 1200));

	// Figures.
	ok(report("sales-summary").metrics.won.value === 3, "O5: the company's sums stay");
	ok(ada().won.value === 1 && ada().lost.value === 0 && ada().revenue_won.value === 30000, "O5: Ada's begin on the day of the agreement", JSON.stringify(ada()));
	ok(mara().revenue_won.value === 50000, "O5: so do those of a team of three", JSON.stringify(mara()));
	ok(report("sales-summary", "--person", "Lea").metrics.revenue_won.value === 150000, "a line of six is a sum of people", JSON.stringify(report("sales-summary", "--person", "Lea").metrics));
	ok(revenue() === "Ada 30000, Bo 20000" && report("revenue", "--by", "quarter").rows.reduce((n, x) => n + x.value, 0) === 150000, "O5: person by person from then on, quarter by quarter all", revenue());
	const people = report("people").rows, row = people.find((x) => x.person === "Ada");
	ok(row.n === 1 && row.won === 1, "O5: the comparison of people too", JSON.stringify(row));
	ok(/Figures of single people begin on/.test(await page("/analyse?show=people", c.Hanna)) && /€\s?300/.test(await page("/analyse?show=people", c.Hanna)) && !/1,300/.test(await page("/analyse?show=people", c.Hanna)), "and its page says since when", (await page("/analyse?show=people", c.Hanna)).slice(0, 1500));
	const gap = await page(`/gap?person=${c.ids.Ada}&from=${day(-200)}&to=${day(0)}`, c.Mara), asked = report("gap", "--person", "Ada").metrics;
	ok(!/Early/.test(gap) && /Late/.test(gap) && asked.revenue.value === 30000, "A4b: where the number went begins there as well", gap.slice(0, 1500) + JSON.stringify(asked));
	ok(/asked on/.test(await page(asks, c.Mara)) && /asked on/.test(await page(asks, c.Lea)), "A4: what was asked before the agreement is found under its own days");
	const card = JSON.parse(command(program, base.url, "report", "scorecard", "--person", "Ada", "--from", day(-200), "--to", day(0), "--format", "json")).rows.find((x) => /Revenue won/.test(x.measure));
	ok(card && card.value === 30000, "A1: and the scorecard", JSON.stringify(card));

	// The forecast: what one person won in a quarter begins there, of the company all of it.
	const begins = day(0).slice(0, 5) + ["01", "04", "07", "10"][Math.floor((Number(day(0).slice(5, 7)) - 1) / 3)] + "-01", cut = /the day of the works agreement, with which figures/;
	ok(cut.test(await page(`/forecast?person=${c.ids.Ada}`, c.Hanna)) === (since > begins) && !cut.test(await page("/forecast", c.Hanna)), "O5: and what stands as won in a person's forecast", await page(`/forecast?person=${c.ids.Ada}`, c.Hanna));

	// First-line managers rank as employees.
	ok(!/I closed deals myself/.test(await page(`/charter?of=${c.ids.Mara}`, c.Cy)) && /I closed deals myself/.test(await page(`/charter?of=${c.ids.Mara}`, c.Ada)), "O6: a first-line manager's charter is the own team's");
	ok(/I closed deals myself/.test(await page(`/charter?of=${c.ids.Lea}`, c.Cy)), "who leads leaders stays open to all");
	const board = async (who) => (await page("/leaders", who)).split("Why these figures")[0].replace(/Set-up.*?Sign out/, "");
	ok(!/Mara/.test(await board(c.Cy)) && /Nils/.test(await board(c.Cy)) && /Lea/.test(await board(c.Cy)) && /Mara/.test(await board(c.Hanna)), "O5: on the leaders' board as well", await board(c.Cy));

	// Coaching and commitments of the time before pause, and are no debt.
	await c.post("/company", { ...company, profile: "agreement", profile_from: day(0) });
	const coaching = report("coaching").rows || [], debt = coaching.find((x) => x.coach === "Mara" || x.person === "Mara");
	ok(!debt || !debt.in_debt, "C8: nobody is in debt for the time before", JSON.stringify(debt));
	await c.post("/company", { ...company, profile: "agreement", profile_from: day(1) });
	ok(ada().won.n === 0 || ada().won.value === 0, "a day to come: none yet", JSON.stringify(ada()));

	// C2: what a session is prepared with begins there as well.
	await c.post("/company", { ...company, profile: "agreement", profile_from: since });
	const session = ((await c.get("/coaching", c.Mara)).body.match(/href="\/coaching\/([^"\/]+)">Prepare<span class="vh"> Ada/) || [])[1], weeks = plain(((await c.get(`/coaching/${session}`, c.Mara)).body.match(/id="c-new"[\s\S]*?<\/table>/) || [""])[0]);
	ok(/2,000/.test(weeks) && !/7,777/.test(weeks), "C2, O5: new pipeline of a person too", weeks || session);

	// Switched off: nothing was lost.
	await c.post("/company", { ...company, profile: "open" });
	ok(ada().won.value === 2 && revenue() === "Ada 130000, Bo 20000" && /I closed deals myself/.test(await page(`/charter?of=${c.ids.Mara}`, c.Cy)), "switched off, all of it is back");
	ok(/Open instead of Works agreement/.test(await page("/today", c.Ada)), "and that is told, too");
	await s.stop();
	command(program, base.url, "check");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of the works agreement ran", e.stack); tap.end(); });
