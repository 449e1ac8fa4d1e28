// How deals go, by the command line: conversion, velocity, forecast, win-loss, people and survival, in JSON, CSV and text.
// On a small company of our own, with everything counted again here by other means; and with RIDEALONG_DATA on the
// published files against their reference answers (D6, D7, C9, L3).
//     node figures.js PROGRAM
"use strict";
const { spawnSync } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const sales = require("./sales.js");

const program = process.argv[2];
const tap = new Tap();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-figures-"));
const near = (a, b, by) => typeof a === "number" && Math.abs(a - b) <= by;
const days = (from, to) => (Date.parse(to) - Date.parse(from)) / 86400000;

class Company {
	constructor(kind, files, name) {
		this.base = fresh(kind);
		[this.files, this.name] = [files, `${name} on ${kind}`];
		command(program, this.base.url, "init", "--company", "Maven", "--currency", "USD", "--timezone", "UTC", "--admin", "a@example.com");
		for (const [what, map] of [["products"], ["accounts"], ["people", files.peopleMap], ["deals", files.dealsMap]]) {
			const file = path.join(folder, sales.kinds[what]), mapped = path.join(folder, "map.yaml");
			fs.writeFileSync(file, files[what]);
			fs.writeFileSync(mapped, map || "");
			command(program, this.base.url, "import", what, file, ...(map ? ["--map", mapped] : []));
		}
	}
	ok(good, what, detail) { return tap.ok(good, `${this.name}: ${what}`, detail); }
	all(list, what) {
		const wrong = list.filter(([, value, to, by]) => !(by ? near(value, to, by) : value === to));
		this.ok(list.length && !wrong.length, what, wrong.map(([name, value, to]) => `${name} is ${value}, not ${to}`).join("\n"));
	}
	report(...words) { return JSON.parse(command(program, this.base.url, "report", ...words, "--format", "json")); }
	said(...words) { return command(program, this.base.url, "report", ...words); }
	close() { this.base.drop(); }
}

function dealsOf(files) {
	return sales.parse(files.deals).rows.map((r) => ({ owner: r[1], stage: r[4], from: r[5], to: r[6], value: Number(r[7]) }));
}

// Counted deal by deal, as the definition reads, not by day as the program does.
function estimate(files, t) {
	const spells = dealsOf(files).filter((d) => d.from).map((d) => ({ t: days(d.from, d.to || files.asOf), end: d.to ? d.stage : "" }));
	let open = 1, won = 0, sum = 0;
	for (const at of [...new Set(spells.filter((x) => x.end).map((x) => x.t))].sort((a, b) => a - b)) {
		if (at > t)
			break;
		const n = spells.filter((x) => x.t >= at).length, w = spells.filter((x) => x.t === at && x.end === "Won").length;
		const d = spells.filter((x) => x.t === at && x.end).length;
		won += open * w / n;
		open *= 1 - d / n;
		sum += d / (n * (n - d));
	}
	return { open, won, error: open * Math.sqrt(sum), n: spells.length };
}

function survival(c) {
	const r = c.report("survival", "--by", "day"), list = [];
	for (const row of r.rows.filter((x) => [3, 5, 17, 30, 60, 61, 90].includes(x.day))) {
		const to = estimate(c.files, row.day);
		list.push([`S(${row.day})`, row.open, to.open, 1e-9], [`F(${row.day})`, row.won, to.won, 1e-9], [`error(${row.day})`, row.error, to.error, 1e-9]);
	}
	list.push(["n", r.metrics.n.value, estimate(c.files, 0).n]);
	c.all(list, "the curves are those of the definition, counted deal by deal");
	const csv = c.said("survival", "--by", "day", "--format", "csv").trim().split(/\r?\n/);
	c.ok(csv[0].startsWith("day,at_risk,events,open") && csv.length === r.rows.length + 1, "CSV has the same rows", csv[0]);
}

function velocity(c) {
	const deals = dealsOf(c.files), won = deals.filter((d) => d.stage === "Won"), closed = deals.filter((d) => d.to), open = deals.length - closed.length;
	const of = (list) => {
		const w = list.filter((d) => d.stage === "Won"), mean = (f) => w.reduce((a, d) => a + f(d), 0) / w.length;
		return list.length * (w.length / list.length) * mean((d) => d.value) / mean((d) => days(d.from, d.to)) * 100;
	};
	const m = c.report("velocity").metrics, rows = c.report("velocity", "--by", "quarter").rows;
	const list = [["a day", m.velocity_per_day.value, Math.round(of(closed))], ["of the open", m.velocity_open_per_day.value, Math.round(of(closed) / closed.length * open), 1]];
	for (const q of rows) {
		const its = closed.filter((d) => `${d.to.slice(0, 4)}-Q${Math.ceil(Number(d.to.slice(5, 7)) / 3)}` === q.quarter);
		list.push([q.quarter, q.velocity_per_day, Math.round(of(its)), 1], [`${q.quarter} n`, q.decided, its.length]);
	}
	c.ok(won.length > 0 && rows.length > 1, "velocity has quarters", rows.length);
	c.all(list, "velocity is decided × rate × value ÷ cycle");
}

function forecast(c) {
	const words = ["forecast", "--from", "2017-10-01", "--to", "2018-03-31"], one = c.said(...words, "--format", "json"), m = JSON.parse(one).metrics;
	c.ok(one === c.said(...words, "--format", "json"), "the same draw twice");
	c.ok(m.p10.value <= m.p50.value && m.p50.value <= m.p90.value && m.won.value <= m.p10.value && m.p10.n > 0, "what is won is in every draw, and the range is in order", one);
	const later = c.report("forecast", "--from", "2017-10-01", "--to", "2018-12-31").metrics;
	c.ok(later.p50.value >= m.p50.value, "more time brings no less", JSON.stringify(later.p50));
	const undated = dealsOf(c.files).filter((d) => d.stage === "Prospecting").length;
	c.ok(m.undated.value === undated, "deals without a day of beginning are named, not guessed", JSON.stringify(m.undated));
	const by = c.report("forecast", "--by", "person");
	const total = (key) => by.rows.reduce((a, r) => a + r[key], 0);
	c.all([["value", total("pipeline"), by.metrics.pipeline.value], ["n", total("n"), by.metrics.open.value]], "people add up to the company");
	const past = spawnSync(program, ["report", "forecast", "--as-of", "2017-06-30", "--db", c.base.url], { encoding: "utf8" });
	c.ok(past.status === 1 && past.stderr.includes("--as-of"), "a past day is refused with the reason", past.stderr);
}

function people(c) {
	const deals = dealsOf(c.files).filter((d) => d.to), r = c.report("people"), names = r.rows.map((x) => x.person);
	const wins = (p) => deals.filter((d) => d.owner === p && d.stage === "Won").length, n = (p) => deals.filter((d) => d.owner === p).length;
	const share = deals.filter((d) => d.stage === "Won").length / deals.length;
	const chi = names.filter(n).reduce((a, p) => a + (wins(p) - n(p) * share) ** 2 / (n(p) * share * (1 - share)), 0);
	c.all([...r.rows.flatMap((x) => [[`${x.person} won`, x.won, wins(x.person)], [`${x.person} n`, x.n, n(x.person)]]), ["chi-square", r.metrics.chi_square.value, chi, 1e-9]], "everybody's deals and the test of difference");
	c.ok(JSON.stringify(names) === JSON.stringify([...names].sort((a, b) => (a < b ? -1 : 1))), "in the order of names, not of figures (L3)", names.join("; "));
	const idle = sales.parse(c.files.people).rows.map((x) => x[0]).filter((p) => !dealsOf(c.files).some((d) => d.owner === p));
	c.ok(idle.length && r.rows.filter((x) => idle.includes(x.person)).every((x) => x.win_rate === null && x.n === 0), "no deals is no data, never 0 %", idle.join());
	c.ok(r.metrics.p.value < .05 || /Nothing here says that people differ/.test(r.metrics.words.value), "no difference is said in a sentence", r.metrics.words.value);
	const boss = sales.parse(c.files.people).rows[0][1], team = sales.parse(c.files.people).rows.filter((x) => x[1] === boss).map((x) => x[0]);
	c.ok(c.report("people", "--person", boss).rows.every((x) => team.includes(x.person)), "a manager's people alone");
	c.ok(/no data|–/.test(c.said("people")), "text says so too");
}

function winLoss(c) {
	const r = c.report("win-loss", "--by", "trait"), m = r.metrics, deals = dealsOf(c.files);
	c.all([["won", m.won.value, deals.filter((d) => d.stage === "Won").length], ["lost", m.lost.value, deals.filter((d) => d.stage === "Lost").length],
		["reasons given", m.reason_given.value, 0]], "won and lost, and that the file gives no reason");
	c.ok(r.rows.length > 0 && r.rows.every((x) => x.n_with >= 30 && x.low <= x.difference && x.difference <= x.high && x.holm_p >= x.fisher_p - 1e-12), "each characteristic with n and interval", JSON.stringify(r.rows[0]));
	const c2 = c.report("conversion", "--by", "stage");
	c.ok(c2.metrics.not_followed.value === m.won.value + m.lost.value && c2.rows.find((x) => x.stage === "Engaging").still_there === deals.filter((d) => d.stage === "Engaging").length,
		"a way through the stages that nobody recorded is not made up (D5b)", JSON.stringify(c2.metrics));
}

// The pages say what the command line says, and let a leader forecast.
async function pages(c) {
	const s = await serve(program, c.base.url), who = await enter(s.port, s.link, {});
	const get = async (to) => (await ask(s.port, "GET", to, { who, timeout: 60000 })).body.replace(/[\s\u00a0]+/g, " ");
	const people = await get("/analyse?person=all&show=people"), words = c.report("people").metrics.words.value;
	c.ok(people.includes(words.replace(/'/g, "&#39;")) || people.includes(words), "the page of people says the same sentence", words + people.slice(-3000));
	const won = await get("/analyse?person=all&show=win-loss"), m = c.report("win-loss").metrics;
	c.ok(m.model_verdict.value !== "no usable signal" || won.includes("No usable signal"), "the page of wins says when there is no signal", won.slice(0, 2000));
	const way = await get("/analyse?person=all&show=conversion");
	c.ok(!m.lost.value || way.includes("nobody recorded the way"), "and that no way was recorded", way.slice(0, 2000));
	const bad = await ask(s.port, "GET", "/analyse?person=all&show=velocity&from=yesterday", { who });
	c.ok(bad.status === 422 && bad.body.includes("is not a day"), "a day that is none is said at its field", bad.status);
	c.ok((await ask(s.port, "GET", "/analyse?person=all&show=nothing", { who })).status === 404, "a view that is none is not there");
	const boss = sales.parse(c.files.people).rows[0][1], found = JSON.parse((await ask(s.port, "GET", `/palette?q=${encodeURIComponent(boss)}`, { who })).body);
	await ask(s.port, "POST", "/company/me", { who, form: { person: found[0].href.split("/").pop() } });
	const say = (form) => ask(s.port, "POST", "/forecast", { who, form: { from_day: "2018-02-01", committed: "50k", best: "70,000", sure: "80", note: "Two are signed", ...form } });
	const refused = await say({ best: "40k" });
	c.ok(refused.status === 422 && refused.body.includes("is below the commit") && refused.body.includes("50k"), "a best case below the commit is refused, and what was typed stays", refused.body.slice(0, 3000));
	c.ok((await say({ from_day: "2017-02-01" })).status === 422 && (await say({ sure: "" })).status === 422, "a past quarter and a commit without how sure are refused");
	const done = await say({}), page = await get(String(done.headers.location));
	c.ok(done.status === 303 && /commits (<[^>]*>)?\$50,000/.test(page) && page.includes("80 % sure") && page.includes("Two are signed"), "a forecast is submitted, with who and when", page.slice(0, 3000));
	await s.stop();
}

function reference(c, ref) {
	const km = ref("maven_km_anyclose.json"), r = c.report("survival", "--by", "day"), m = r.metrics, list = [];
	for (const to of km.surv) {
		const row = r.rows.find((x) => x.day === to.t);
		list.push([`at risk ${to.t}`, row.at_risk, to.at_risk], [`S ${to.t}`, row.open, to.S, 1e-6], [`se ${to.t}`, row.error, to.se, 1e-6],
			[`low ${to.t}`, row.low, to.lo, 1e-6], [`high ${to.t}`, row.high, to.hi, 1e-6]);
	}
	list.push(["n", m.n.value, km.n], ["events", m.events.value, km.events], ["q25", m.q25_days.value, km.quartiles_days.q25],
		["median", m.median_days.value, km.quartiles_days.q50], ["q75", m.q75_days.value, km.quartiles_days.q75],
		["median low", m.median_days.low, km.median_ci95_log[0]], ["median high", m.median_days.high, km.median_ci95_log[1]]);
	c.all(list, "Kaplan-Meier is the reference's");
	const glm = ref("maven_logistic.json"), w = c.report("win-loss").metrics;
	c.all([["n trained", w.signal_trained.value, glm.n_train], ["n tried", w.model_brier.n, glm.glm.n],
		...[["model", "glm"], ["constant", "constant"], ["owner_rate", "agent_rate"]].flatMap(([ours, theirs]) => [
			[`${ours} Brier`, w[`${ours}_brier`].value, glm[theirs].brier, 1e-4], [`${ours} AUC`, w[`${ours}_auc`].value, glm[theirs].auc, 1e-4],
			[`${ours} log loss`, w[`${ours}_log_loss`].value, glm[theirs].logloss, 1e-4]])], "the model and what it is worth are the reference's");
	c.ok(w.model_verdict.value === "no usable signal" && w.traits_found.value === 0, "and that is said: no usable signal, no characteristic beyond chance", JSON.stringify(w.model_verdict));
	const basic = ref("maven_basic.json"), conversion = c.report("conversion").metrics, v = c.report("velocity").metrics;
	c.all([...Object.entries(basic.conversion).map(([name, to]) => [name, conversion[name].value, to, 1e-6]), ["win rate", conversion.win_rate.value, basic.win_rate, 1e-6],
		["cycle", v.cycle_won_mean_days.value, basic.cycle_won_mean_days, 1e-6], ["value", v.won_value_mean.value, Math.round(basic.avg_won_value * 100)]], "conversion and velocity are the reference's");
	const rows = new Map(c.report("people").rows.map((x) => [x.person, x]));
	c.all(ref("maven_wilson_central.json").flatMap((a) => {
		const x = rows.get(a.agent);
		return [[`${a.agent} won`, x.won, a.won], [`${a.agent} n`, x.n, a.closed], [`${a.agent} rate`, x.win_rate, a.win_rate, 1e-6],
			[`${a.agent} low`, x.low, a.wilson_lo, 1e-6], [`${a.agent} high`, x.high, a.wilson_hi, 1e-6]];
	}), "people's rates and intervals are the reference's");
}

(async () => {
	for (const kind of ["sqlite", "postgres"]) {
		if (!kinds(Boolean(process.env.RIDEALONG_DATA)).includes(kind))
			continue;
		const data = process.env.RIDEALONG_DATA, companies = [[sales.made(), "small company"]];
		if (data)
			companies.push([sales.published(data), "published files"]);
		for (const [files, name] of companies) {
			const c = new Company(kind, files, name);
			for (const part of [velocity, forecast, people, winLoss])
				part(c);
			if (name === "small company")
				survival(c);
			else
				reference(c, (file) => JSON.parse(fs.readFileSync(path.join(data, "ref", file), "utf8")));
			await pages(c);
			c.close();
		}
	}
	fs.rmSync(folder, { recursive: true });
	tap.end();
})().catch((e) => { tap.ok(false, "the story ran", e.stack); tap.end(); });
