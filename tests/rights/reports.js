// Reports of the API: every report, asked by every actor for everybody, in every profile. Who gets an answer is said here a
// second time, from O5, O6 and A4; whose rows stand in it as well. What it is not for: their figures (tests/story/reports.js).
"use strict";
const { line, above } = require("./model.js");

const reports = ["sales-summary", "revenue", "pipeline", "coaching", "commitments", "gap", "conversion", "velocity", "forecast", "win-loss", "people", "survival",
	"process", "trace", "scorecard", "observers", "coaching-effect", "campaigns"];
const by = { revenue: ["person", "manager", "office,quarter"], forecast: ["person"], process: ["person", "step"], scorecard: ["person"], "win-loss": ["trait"], survival: ["day"], conversion: ["stage"], velocity: ["quarter"] };
const below = (p) => Object.keys(line).filter((x) => above(p, x));

// What somebody of the company gets who asks for this person's; "" is nobody, "all" the company.
function wanted(a, report, of) {
	if (!a.known)
		return 401;
	const own = ["coaching", "commitments", "trace", "scorecard"].includes(report);
	if (own && !a.person)
		return 404;
	if (of === "all" && ["trace", "scorecard"].includes(report))
		return 422;
	if (of === "foreign" || of === "absent")
		return 404;
	if (!of || of === "all")
		return 200;
	if (a.org !== 1)
		return 404;
	if (["coaching", "commitments"].includes(report)) // O5: figures go up the line
		return above(a.person, of) ? 200 : 404;
	if (["trace", "scorecard"].includes(report)) // O6: and those of leaders down
		return above(a.person, of) || above(of, a.person) ? 200 : 404;
	if (report === "revenue") // one person's is the line's; of five and more it is a sum
		return a.person && above(a.person, of) || below(of).length >= 5 ? 200 : 404;
	return 200;
}

// Rows that name a person: whose may stand there.
function readable(a, report, name, deal) {
	const who = name.replace(/^Person-/, "");
	if (!(who in line))
		return a.org === 2 || name === "Person-nomail"; // nobody's report: nothing is known of them
	if (report === "scorecard")
		return Boolean(a.person) && (above(a.person, who) || above(who, a.person));
	return report === "forecast" ? deal(a, who) : Boolean(a.person) && above(a.person, who);
}

async function all({ tap, actors, objects, get, canaries, ids, reads }, profile) {
	const people = { "": "", all: "all", foreign: objects.people.find((o) => o.org === 2).id, absent: "00000000001" };
	for (const name of ["head", "leader", "manager1", "seller1", "seller3"])
		people[name] = ids[name];
	const wrong = [], seen = new Set(), span = "from=2026-10-01&to=2026-12-31";
	let n = 0;
	for (const a of actors)
		for (const report of reports)
			for (const of of Object.keys(people))
				for (const split of ["", ...(of === "" || of === "all" ? by[report] || [] : [])]) {
					const to = `/api/v1/reports/${report}?${span}${of && `&person=${people[of]}`}${split && `&by=${split}`}`, got = await get(a, to), before = wrong.length;
					const own = a.org === 2 && of === "foreign" && a.known ? 200 : wanted(a, report, of);
					n++;
					if (got.status !== own)
						wrong.push(`${got.status}, not ${own}: ${got.body.slice(0, 200)}`);
					canaries(a, profile, got, {}, wrong);
					for (const row of got.status === 200 ? JSON.parse(got.body).rows || [] : [])
						if (row.person && row.section !== "leader") {
							seen.add(`${a.name} ${report} ${row.person}`);
							if (!readable(a, report, row.person, (who, owner) => reads(who, { org: 1, owner }, profile)))
								wrong.push(`reads of ${row.person}: ${JSON.stringify(row).slice(0, 200)}`);
						}
					for (let i = before; i < wrong.length; i++)
						wrong[i] = `${a.name} at ${to}: ${wrong[i]}`;
				}
	tap.ok(!wrong.length, `${profile}: ${n} questions for reports are answered by the rules`, wrong.slice(0, 30).join("\n"));
	for (const x of ["head people Person-seller1", "manager1 people Person-seller1", "seller1 scorecard Person-manager1"])
		tap.ok(seen.has(x), `${profile}: ${x} is there, so that its absence elsewhere tells something`, [...seen].slice(0, 60).join("\n"));
}

module.exports = { all };
