// Reports by the API, by page and by command line, on both databases: the same figures, since one function counts them; each under the
// rights of whoever asks (O5, O6, A4), with the works agreement, and for tokens as far as they may read.
//     node reports.js PROGRAM
"use strict";
const { fresh, command, sql, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const quarter = () => {
	const [y, m] = day(0).split("-").map(Number), from = Math.floor((m - 1) / 3) * 3 + 1, iso = (month, d) => new Date(Date.UTC(y, month - 1, d)).toISOString().slice(0, 10);
	return { from: iso(from, 1), to: iso(from + 3, 0) };
};

// A sample company, and three of it signed in: the head, a manager whose people lead nobody, one of these people.
async function begin(kind) {
	const base = fresh(kind);
	command(program, base.url, "demo", "--seed", "3", "--deals", "1200");
	if (kind === "postgres") { // it plans for what was just made: without that a page of process or person takes seconds
		const never = sql(base.url, "select relname from pg_class where relname in ('deal', 'change_line', 'step_done', 'coaching_session') and reltuples < 1");
		tap.ok(never === "", "the tables of a sample company were looked at", never);
	}
	const s = await serve(program, base.url), c = { base, s, port: s.port, ok: (good, name, detail) => tap.ok(good, `${name} (${kind})`, typeof detail === "string" ? detail.slice(0, 3000) : JSON.stringify(detail)) };
	c.token = command(program, base.url, "token", "reports", "--scopes", "read").trim();
	c.get = (to, who = { token: c.token }) => ask(c.port, "GET", to, { who });
	c.json = async (to, who) => JSON.parse((await c.get(`/api/v1/reports${to && `/${to}`}`, who)).body);
	c.page = async (to, who) => plain((await c.get(to, who)).body);
	c.command = (...words) => JSON.parse(command(program, base.url, "report", ...words, "--format", "json"));
	c.people = JSON.parse((await c.get("/api/v1/people?limit=500")).body).data.filter((p) => !p.left_on);
	const below = (p) => c.people.filter((x) => x.manager === p.id), leads = (p) => below(p).length > 0;
	c.head = c.people.find((p) => !p.manager && leads(p));
	c.manager = c.people.find((p) => p.manager && below(p).length >= 3 && !below(p).some(leads));
	c.seller = below(c.manager)[0];
	c.peer = below(c.manager)[1];
	c.team = below(c.manager);
	c.stranger = c.people.find((p) => p.manager && p.manager !== c.manager.id && p.manager !== c.head.id && !leads(p));
	c.admin = await enter(c.port, s.link, {});
	for (const who of ["head", "manager", "seller"]) {
		const link = /\/l\/([\w-]+)/.exec(command(program, base.url, "user", "link", c[who].email))[1];
		Object.assign(c[who], await enter(c.port, link, {}, "a long road with few signs"));
	}
	return c;
}

const splits = { "sales-summary": [""], revenue: ["person", "manager,quarter", "office"], pipeline: [""], coaching: [""], commitments: [""], gap: [""], conversion: ["", "stage"], velocity: ["", "quarter"],
	forecast: ["", "person"], "win-loss": ["", "reason", "trait"], people: [""], survival: ["", "day"], process: ["", "person"], trace: [""], scorecard: ["", "person"], observers: [""], "coaching-effect": [""], campaigns: [""] };

// The head reads all: then the API says what the command line says, letter for letter, in JSON and in CSV.
async function same(c) {
	const { from, to } = quarter(), listed = (await c.json("")).data.map((x) => x.name);
	c.ok(JSON.stringify(listed) === JSON.stringify(Object.keys(splits)), "every report of the command line is listed", listed);
	for (const name of listed)
		for (const by of splits[name]) {
			const words = [name, "--from", from, "--to", to, ...(by ? ["--by", by] : [])], query = `${name}?from=${from}&to=${to}${by && `&by=${by}`}`;
			const api = await c.json(query, c.head), person = api.person ? ["--person", api.person] : [], said = c.command(...words, ...person);
			c.ok(JSON.stringify(api) === JSON.stringify(said), `${query} is what the command line says`, JSON.stringify([api, said]));
			const csv = (await c.get(`/api/v1/reports/${query}&format=csv`, c.head)), text = command(program, c.base.url, "report", ...words, ...person, "--format", "csv");
			c.ok(/^text\/csv/.test(csv.headers["content-type"]) && csv.body === text && text.split("\n").length > 1, `${query} as CSV, too`, csv.body + text);
		}
	const some = await c.json(`people?person=${c.manager.id}`, c.head), one = c.command("people", "--person", c.manager.name);
	c.ok(JSON.stringify(some) === JSON.stringify(one) && some.rows.length >= 3 && some.person === c.manager.name, "of one team, too", some);
}

const count = (n) => String(n).replace(/(\d)(?=(\d{3})+$)/g, "$1,");
const of = (m) => `${count(Math.round(m.value * m.n))} of ${count(m.n)}`;

// The pages show the same numbers.
async function pages(c) {
	const span = `person=all`, who = c.head, { from, to } = quarter();
	let text = await c.page(`/analyse?show=conversion&${span}`, who), r = await c.json(`conversion?${span}&by=stage`, who), m = r.metrics;
	c.ok([m.win_rate, m.created_to_engaged, m.engaged_to_closed, m.engaged_to_won].every((x) => text.includes(of(x))), "conversion is on its page", text + JSON.stringify(m));
	c.ok(r.rows.filter((x) => x.entered).length > 3 && r.rows.filter((x) => x.entered).every((x) => text.includes(`${x.stage} ${x.process} ${count(x.entered)} ${count(x.moved_on)} ${count(x.lost)}`)), "stage by stage", text + JSON.stringify(r.rows));
	text = await c.page(`/analyse?show=velocity&${span}`, who);
	r = await c.json(`velocity?${span}&by=quarter`, who);
	c.ok(text.includes(`Decided ${count(r.metrics.decided.value)} Win rate`) && text.includes(of(r.metrics.win_rate)) && text.includes(`${r.metrics.cycle_won_mean_days.value.toFixed(1)} days`) && r.rows.every((x) => text.includes(`${count(x.won)} of ${count(x.decided)}`)), "velocity", text + JSON.stringify(r));
	text = await c.page(`/analyse?show=win-loss&${span}`, who);
	m = (await c.json(`win-loss?${span}`, who)).metrics;
	c.ok(text.includes(`${count(m.lost.value)} lost, ${count(m.won.value)} won.`) && text.includes(m.traits_found.value ? `${m.traits_found.value} of ${m.traits.value} characteristics` : `None of ${m.traits.value} characteristics`), "win and loss", text + JSON.stringify(m));
	text = await c.page(`/analyse?show=people&${span}`, who);
	r = await c.json(`people?${span}`, who);
	c.ok(r.rows.filter((x) => x.n).length > 5 && r.rows.filter((x) => x.n).every((x) => text.includes(`${x.person} `) && text.includes(`${x.won} of ${x.n};`)) && text.includes(r.metrics.words.value.slice(0, 40)), "people", text + JSON.stringify(r.rows));
	text = await c.page(`/forecast?${span}&from=${from}`, who);
	r = await c.json(`forecast?${span}&from=${from}&to=${to}&by=person`, who);
	c.ok(text.includes(`${count(r.metrics.open.value)} open deals`) && text.includes(`${count(r.metrics.won.n)} won in the quarter`) && text.includes(`Each of ${count(r.metrics.draws.value)} draws`) && text.includes(`how ${count(r.metrics.history_decided.value)} decided deals`) &&
		r.rows.length > 5 && r.rows.every((x) => text.includes(`${x.person} ${count(x.n)} `)), "forecast", text + JSON.stringify(r));
	text = await c.page(`/gap?person=${c.manager.id}&from=${from}&to=${to}`, c.manager);
	m = (await c.json(`gap?from=${from}&to=${to}`, c.manager)).metrics;
	c.ok(text.includes(`${m.revenue.n} of ${m.gap.n || m.gap_decided.n}`) && text.includes(`(${m.history_won.value} of ${m.history_decided.value})`), "where the number went, of one's own team where nobody is named", text.slice(0, 4000) + JSON.stringify(m));
}

// Scorecard, coaching and commitments: a seller's, a quarter, three ways.
async function card(c) {
	const span = quarter(), query = `from=${span.from}&to=${span.to}`, r = await c.json(`scorecard?${query}&person=${c.seller.id}`, c.manager), row = (name) => r.rows.find((x) => x.measure === name);
	const kept = (await c.json(`commitments?${query}&person=${c.seller.id}`, c.manager)).metrics, coached = (await c.json(`coaching?${query}&person=${c.seller.id}`, c.manager)).metrics;
	const text = await c.page(`/scorecard/${c.seller.id}`, c.manager), file = (await c.get("/scorecard.csv", c.manager)).body.split("\r\n").map((x) => x.split(","));
	c.ok(r.rows.length > 5 && r.rows.every((x) => text.includes(x.measure)), "the page of a scorecard has the same measures", text + JSON.stringify(r.rows));
	for (const x of r.rows) {
		const line = file.find((f) => f[0] === c.seller.name && f[1] === x.measure), plainly = x.value === null ? "" : x.unit === "minor" ? (x.value / 100).toFixed(2) : String(x.value);
		c.ok(line && line[3] === plainly && line[4] === String(x.n), `scorecard: ${x.measure} is in the page's file`, [line, x]);
	}
	c.ok(row("Commitments kept").value === kept.kept.value && row("Commitments kept").n <= kept.due.value && kept.kept.value + kept.missed.value === row("Commitments kept").n, "commitments kept are those of the scorecard", [row("Commitments kept"), kept]);
	c.ok(row("Coaching confirmed").value === coached.confirmed.value && coached.due.n > 0, "sessions confirmed are those of the scorecard", [row("Coaching confirmed"), coached]);
	const team = await c.json(`scorecard?${query}&by=person`, c.manager), own = await c.json(`scorecard?${query}&by=person&person=${c.manager.id}`, c.seller);
	c.ok(c.team.every((p) => team.rows.some((x) => x.person === p.name)), "a leader's team", team.rows.map((x) => x.person));
	c.ok([...new Set(own.rows.map((x) => x.person))].sort().join() === [c.manager.name, c.seller.name].sort().join(), "O6: of it one of the team sees the leader, and themselves", own.rows.map((x) => x.person));
}

async function rights(c) {
	const get = async (to, who) => (await c.get(`/api/v1/reports/${to}`, who)).status;
	for (const name of ["coaching", "commitments", "scorecard", "trace", "revenue"]) {
		c.ok(await get(`${name}?person=${c.peer.id}`, c.seller) === 404, `O5: ${name} of a colleague is not there for a seller`);
		c.ok(await get(`${name}?person=${c.seller.id}`, c.seller) === 200 && await get(`${name}?person=${c.seller.id}`, c.manager) === 200, `their own is, and the leader's`);
		c.ok(await get(`${name}?person=${c.stranger.id}`, c.manager) === 404, `and ${name} of another team is not there for a manager`);
	}
	c.ok(await get(`revenue?person=${c.head.id}`, c.seller) === 200, "O5: the sum of many is open");
	for (const name of ["people", "revenue"]) {
		const all = (await c.json(`${name}?person=all&by=${name === "revenue" ? "person" : ""}`, c.manager)).rows.map((x) => x.person), own = (await c.json(`${name}?person=all&by=${name === "revenue" ? "person" : ""}`, c.seller)).rows.map((x) => x.person);
		c.ok(all.length > 1 && all.every((x) => x === c.manager.name || c.team.some((p) => p.name === x)), `O5: ${name} are those of the own line`, all);
		c.ok(own.length === 1 && own[0] === c.seller.name, `${name}: oneself for who leads nobody`, own);
	}
	const managers = (await c.json("revenue?person=all&by=manager", c.seller)).rows;
	c.ok(!managers.some((x) => x.manager === c.manager.name), "O5: nor does a sum by manager tell of a colleague", managers);
	const admin = (await c.json("people?person=all", c.admin)).rows, before = c.admin;
	c.ok(Array.isArray(admin) && before, "an administrator reads what their own place in the line shows", admin);
	const trace = await c.json(`trace?person=${c.manager.id}`, c.seller);
	c.ok(trace.rows.every((x) => x.section === "leader" || x.person === c.seller.name), "A4, O5: a trace of the own leader shows nobody else’s part", trace.rows);
	for (const [to, status, place] of [["people?person=nobody", 422, "person"], ["people?person=00000000001", 404], ["conversion?by=planet", 422, "by"], ["velocity?by=stage", 422, "by"], ["people?by=person", 422, "by"], ["gap?from=soon", 422, "from"],
		["gap?from=2026-02-01&to=2026-01-01", 422, "to"], ["gap?format=xml", 422, "format"], ["gap?sort=name", 422, "sort"], ["forecast?as_of=2020-01-01", 422, "as_of"], ["trace?person=all", 422, "person"], ["gossip", 404], ["commitments/x", 404]]) {
		const r = await c.get(`/api/v1/reports/${to}`, c.head);
		c.ok(r.status === status && (!place || JSON.parse(r.body).errors.some((x) => x.place === place)), `${to}: ${status}`, r.body);
	}
	const blind = command(program, c.base.url, "token", "blind", "--scopes", "nothing").trim();
	for (const to of ["", "/people", "/commitments"])
		c.ok((await c.get(`/api/v1/reports${to}`, { token: blind })).status === 403, `a token that may not read is refused at reports${to}`);
	c.ok((await c.get("/api/v1/reports/people", {})).status === 401, "nobody is asked to sign in");
}

// O5: figures of single people, and of a line of fewer than five, begin with the works agreement.
async function agreement(c) {
	const since = day(-20), company = { profile: "agreement", profile_from: since };
	const figures = async () => {
		const own = (await c.json(`commitments?to=${day(0)}`, c.manager)), coaching = await c.json(`coaching?to=${day(0)}`, c.manager), team = await c.json(`revenue?by=person&person=all`, c.head);
		return { kept: own.metrics.due.value, from: own.from, sessions: coaching.metrics.due.value, revenue: team.rows.reduce((n, x) => n + x.value, 0), all: (await c.json("sales-summary?person=all", c.head)).metrics.won.value };
	};
	const before = await figures(), done = await ask(c.port, "POST", "/company", { who: c.admin, form: { idem: "agreement", ...company } });
	c.ok(done.status === 303 && before.from === null && before.kept > 0 && before.sessions > 0, "the works agreement comes into force", before);
	const after = await figures();
	c.ok((c.team.length + 1 >= 5 || (after.from === since && after.kept < before.kept && after.sessions < before.sessions)) && after.revenue < before.revenue && after.all === before.all, "O5: what is single people's begins on its day, the company's sums stay", [before, after]);
	const seller = await c.json("commitments", c.seller);
	c.ok(seller.from === since, "one's own as well", seller);
}

async function story(kind) {
	const c = await begin(kind);
	await same(c);
	await pages(c);
	await card(c);
	await rights(c);
	await agreement(c);
	await c.s.stop();
	c.base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of reports ran", e.stack); tap.end(); });
