// Programmes of coaching on both databases (C1): the whole company from the head down in one act and undone as one; a team, named pairs,
// two coaches for one person; newcomers, transfers, leavers; an inspection counted apart (C2a); rules in words, month ends, what is
// refused; a head without and with a sponsor (O8); skipped twice tells the coach's coach (C10); the end, after which nobody is exempt.
//     node programmes.js PROGRAM
"use strict";
const { fresh, command, serve, ask, enter, Tap, sql, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const weekday = (d) => ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"][new Date(`${d}T12:00:00Z`).getUTCDay()];

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Programme", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	for (const [n, m] of [["Hanna"], ["Otto"], ["Mara", "Hanna"], ["Nils", "Hanna"], ["Ada", "Mara"], ["Bo", "Mara"], ["Cleo", "Nils"]])
		await c.person(n, m);
	await c.post("/company", { name: "Programme", head: c.ids.Hanna, currency: "EUR", zone: "Europe/Berlin", profile: "open" });
	for (const n of ["Hanna", "Otto", "Mara", "Nils", "Ada", "Bo", "Cleo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	const page = async (to, who) => { const r = await c.get(to, who); return { ...r, text: plain(r.body) }; };
	const first = day(3), open = () => Number(sql(base.url, "select count(*) from pair where to_day is null and coalesce(apart, 0) = 0"));
	const form = { name: "One-to-ones", objective: "Everybody tries one new thing a week", who: "down", root: c.ids.Hanna, often: "week", from_day: first, start: "09:00", length: "30", framework: "" };

	// What is refused keeps what was typed.
	for (const [change, wanted] of [[{ objective: "" }, /objective: is missing/], [{ length: "999" }, /length/], [{ from_day: day(-3) }, /from_day: is past/], [{ often: "" }, /often: is missing/],
		[{ often: "rule", rule: "" }, /rule: is missing/], [{ often: "rule", rule: "FREQ=HOURLY" }, /rule:/], [{ often: "rule", rule: "FREQ=NEVER" }, /rule:/], [{ start: "25:00" }, /start: is no time/],
		[{ to_day: day(1) }, /to_day: is before it begins/], [{ who: "team", root: "" }, /root: is missing/], [{ framework: "00000000001" }, /framework/]]) {
		const r = await c.post("/programmes", { ...form, ...change }, c.Hanna, 422);
		ok(wanted.test(plain(r.body)) && r.body.includes("One-to-ones"), `refused with the reason: ${JSON.stringify(change)}`, plain(r.body).slice(0, 700));
	}
	await c.post("/programmes", form, c.Ada, 403);
	const above = await c.post("/programmes", form, c.Mara, 422);
	ok(/is neither you nor below you/.test(plain(above.body)), "a manager plans for the own line alone", plain(above.body).slice(0, 400));

	// A look at its dates starts nothing; the last day of months that are too short.
	const look = plain((await c.post("/programmes", { ...form, preview: "1" }, c.Hanna, 200)).body);
	ok(look.includes(`It would meet every ${weekday(first)}`) && /5 pairs\. Nothing has started yet/.test(look) && open() === 0, "C1: the dates are shown first, in words", look.slice(0, 900));
	const ends = plain((await c.post("/programmes", { ...form, often: "month_end", preview: "1" }, c.Hanna, 200)).body);
	const at = new Date(`${first}T12:00:00Z`), months = [0, 1, 2, 3].map((i) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + i + 1, 0)));
	ok(/on the last day of every month/.test(ends) && months.every((m) => ends.includes(`${m.getUTCDate()} ${m.toUTCString().slice(8, 11)}`)), "C1: month ends are month ends", ends.slice(0, 900));
	const raw = plain((await c.post("/programmes", { ...form, often: "rule", rule: "rrule:freq=monthly;byday=1MO,3MO", preview: "1" }, c.Hanna, 200)).body);
	ok(/It would meet/.test(raw), "C1: any rule of RFC 5545", raw.slice(0, 500));

	// The whole company in one act; undone as one.
	const made = (await c.post("/programmes", form, c.Hanna)).headers.location, whole = made;
	ok(open() === 5 && /Hanna stands at the top and has no sponsor/.test((await page(whole, c.Hanna)).text), "C1: five pairs, and the head's seat is said to be empty");
	await c.post(`${whole}/undo`, {}, c.Mara, 403);
	await c.post(`${whole}/undo`, {}, c.Hanna);
	ok(open() === 0 && (await c.get(whole, c.Hanna)).status === 404, "all of it is undone as one");
	const again = (await c.post("/programmes", form, c.Hanna)).headers.location.split("?")[0];
	const ada = (await page("/coaching", c.Ada)).text, mara = await page(again, c.Mara), bo = await page(again, c.Bo);
	ok(ada.includes(`Mara, every ${weekday(first)}`), "C1: the rhythm in words on one's own page", ada.slice(0, 900));
	ok(/Ada/.test(mara.text) && !/Cleo/.test(mara.text.replace(/Add a pair.*/, "")) && !/Ada Mara|Ada\s+Mara/.test(bo.text), "O5: sessions of others are not listed", mara.text);
	ok(sql(base.url, "select count(*) from coaching_session") === "10", "C1: the next two sessions of every pair are there", sql(base.url, "select count(*) from coaching_session"));

	// Newcomers, the sponsor, a transfer with its commitment, a leaver.
	await c.person("Dan", "Mara");
	await c.get("/coaching", c.Mara);
	ok(open() === 6 && sql(base.url, `select count(*) from pair where programme is not null and to_day is null`) === "6", "C1: a newcomer joins at the next date");
	await c.post("/charter/sponsor", { person: c.ids.Otto, sponsor: c.ids.Otto }, c.Hanna);
	await c.post("/company", { name: "Programme", head: c.ids.Hanna, sponsor: c.ids.Otto, currency: "EUR", zone: "Europe/Berlin", profile: "open" });
	await c.get("/coaching", c.Otto);
	ok((await page("/coaching", c.Hanna)).text.includes(`Otto, every ${weekday(first)}`), "O8: with a sponsor the head is coached too", (await page("/coaching", c.Hanna)).text.slice(0, 600));
	const session = async (who, name) => (await c.get("/coaching", who)).body.split(/<tr|<li/).find((x) => x.includes(name) && /\/coaching\/\w{11}/.test(x)).match(/\/coaching\/(\w{11})/)[1];
	await c.post(`/coaching/${await session(c.Mara, "Bo")}/commit`, { when: "they call", then: "ask twice", due: day(9), owner: c.ids.Bo }, c.Mara);
	const place = await c.get(`/people/${c.ids.Bo}/place`), version = (/name="version" value="(\d+)"/.exec(place.body) || [])[1];
	await c.post(`/people/${c.ids.Bo}/transfer`, { manager: c.ids.Nils, from_day: day(0), ...(version ? { version } : {}) });
	await c.get("/coaching", c.Bo);
	await c.get("/coaching", c.Nils);
	ok((await page("/coaching", c.Bo)).text.includes(`Nils, every ${weekday(first)}`) && /ask twice/.test((await page("/commitments", c.Nils)).text), "C1: a transfer carries the open commitment along and joins the new leader", (await page("/coaching", c.Bo)).text.slice(0, 900));

	// Two coaches for one person, each with their own debt; peers.
	const peers = (await c.post("/programmes", { ...form, name: "Pairs", who: "pairs", root: "", often: "fortnight" }, c.Mara)).headers.location.split("?")[0];
	await c.post(`${peers}/pairs`, { coach: c.ids.Dan, coachee: c.ids.Dan }, c.Mara, 422);
	await c.post(`${peers}/pairs`, { coach: c.ids.Mara, coachee: c.ids.Cleo }, c.Mara, 422);
	await c.post(`${peers}/pairs`, { coach: c.ids.Dan, coachee: c.ids.Ada }, c.Ada, 403);
	await c.post(`${peers}/pairs`, { coach: c.ids.Dan, coachee: c.ids.Ada }, c.Mara);
	await c.post(`${peers}/pairs`, { coach: c.ids.Dan, coachee: c.ids.Ada }, c.Mara, 422);
	const two = (await page("/coaching", c.Ada)).text;
	ok(two.includes(`Mara, every ${weekday(first)}`) && two.includes(`Dan, every second ${weekday(first)}`), "C1, C2c: two coaches for one person", two.slice(0, 900));

	// C2a: an inspection makes sessions and no debt.
	const inspect = /\/frameworks\/(\w{11})"><b>Pipeline inspection/.exec((await c.get("/frameworks")).body)[1], table = async () => (await page("/coaching", c.Mara)).text.split("Whom to coach this week, and on what")[2], before = await table();
	const looks = (await c.post("/programmes", { ...form, name: "Friday list", who: "team", root: c.ids.Mara, framework: inspect }, c.Mara)).headers.location.split("?")[0];
	ok(/Inspection/.test((await page("/programmes", c.Bo)).text) && (await table()) === before && sql(base.url, "select count(*) from pair where apart = 1 and to_day is null") === "2", "C2a: an inspection is counted apart and owes no coaching");
	ok(/\/coaching\/\w{11}/.test((await c.get(looks, c.Mara)).body), "its sessions are there to be held");

	// C10: two sessions skipped in a row are on the page and the day of the coach's coach.
	for (const n of [-15, -8])
		sql(base.url, `update coaching_session set state = 'missed', on_day = '${day(n)}' where id = (select min(id) from coaching_session where coachee = (select id from person where name = 'Cleo') and state in ('planned', 'prepared'))`);
	const told = (await page("/today", c.Hanna)).text;
	ok(/Nils and Cleo have skipped two sessions/.test(told), "C10: skipped twice tells the coach's coach", told.slice(0, 1500));
	ok(!/have skipped two/.test((await page("/today", c.Mara)).text), "and nobody else");

	// A later programme of the same kind takes its couples over; the end leaves nobody uncoached.
	const next = (await c.post("/programmes", { ...form, name: "Every two weeks", who: "team", root: c.ids.Mara, often: "fortnight" }, c.Mara)).headers.location.split("?")[0];
	ok((await page("/coaching", c.Ada)).text.includes(`Mara, every second ${weekday(first)}`), "C1: a later programme takes its couples over");
	// C9: what came of it is asked for once the page stands; nothing is known of it yet.
	const effect = `/coaching/effect?programme=${next.split("/").pop()}`, part = await ask(s.port, "GET", effect, { who: c.Ada, headers: { "ridealong-part": "totals" } });
	ok(part.status === 200 && !part.body.includes("<main") && /Not enough yet: 0 of 10 observations/.test(plain(part.body)), "C9: the part that its page asks for", part.body.slice(0, 400));
	ok(/Does coaching help\? Every two weeks/.test((await page(effect, c.Ada)).text) && (await c.get("/coaching/effect?programme=07061racc1x", c.Ada)).status === 404, "and the page of its figures");
	await c.post(`${next}/end`, {}, c.Ada, 403);
	await c.post(`${next}/end`, {}, c.Mara);
	const after = (await page("/coaching", c.Ada)).text;
	ok(/Mara, every/.test(after) && sql(base.url, `select count(*) from pair where to_day is null and coalesce(apart, 0) = 0 and coachee = (select id from person where name = 'Ada') and coach = (select id from person where name = 'Mara')`) === "1", "C1: after the end the pair goes on, once", after.slice(0, 900));
	const api = JSON.parse((await c.get("/api/v1/programmes?limit=100", c.Bo)).body);
	ok(JSON.stringify(api).includes("FREQ=WEEKLY"), "the API reads them", JSON.stringify(api).slice(0, 300));

	// From one programme to the next: asked for before it ends; rhythm, length and people go along, the objective is said anew.
	const last = day(17), four = (await c.post("/programmes", { ...form, name: "Four weeks", who: "team", root: c.ids.Mara, to_day: last }, c.Mara)).headers.location.split("?")[0];
	ok(/What comes after “Four weeks”\?/.test((await page("/today", c.Mara)).text) && !/What comes after/.test((await page("/today", c.Ada)).text + (await page("/today", c.Hanna)).text), "C1: whoever's programme it is hears in time that it ends");
	const asked = await page(four, c.Mara), then = `/programmes/new?after=${four.split("/").pop()}`;
	ok(asked.body.includes(`href="${then}"`) && !(await c.get(four, c.Ada)).body.includes("after="), "its page leads to the next, for whom it is to decide", asked.text.slice(0, 900));
	const filled = (await c.get(then, c.Mara)).body, starts = new Date(`${first}T12:00:00Z`);
	while (starts.toISOString().slice(0, 10) <= last)
		starts.setUTCDate(starts.getUTCDate() + 7);
	const begins = starts.toISOString().slice(0, 10), ends2 = new Date(starts.getTime() + (new Date(last) - new Date(first))).toISOString().slice(0, 10);
	ok(filled.includes(`name="from_day" type="date" required value="${begins}"`) && filled.includes(`value="${ends2}"`) && /value="week" checked/.test(filled) && /value="team" checked/.test(filled), "it begins with the first date after the last day, and is as long", plain(filled).slice(0, 900));
	ok(plain(filled).includes("Everybody tries one new thing a week") && !/<textarea id="objective"[^>]*>Every/.test(filled), "what it was to bring about is shown, and asked anew");
	ok((await c.get(then, c.Ada)).status === 403 && (await c.get("/programmes/new?after=07061racc1x", c.Mara)).status === 404 && (await c.get("/programmes/new?after=x", c.Mara)).status === 404, "not everybody's to go on with; not there");
	const follows = four.split("/").pop(), going = { ...form, name: "Four more weeks", objective: "Each asks what happens if nothing changes", who: "team", root: c.ids.Mara, from_day: begins, to_day: ends2, follows };
	await c.post("/programmes", going, c.Nils, 403);
	ok(/follows: is gone/.test(plain((await c.post("/programmes", { ...going, follows: "07061racc1x" }, c.Mara, 422)).body)), "one that is gone is said at its place");
	const later = (await c.post("/programmes", going, c.Mara)).headers.location.split("?")[0];
	ok((await page(four, c.Mara)).body.includes(`href="${later}"`) && /After Four weeks/.test((await page(later, c.Ada)).text), "each of the two names the other");
	ok(!/What comes after/.test((await page("/today", c.Mara)).text), "and nothing more is asked");
	const pairs = (which) => sql(base.url, `select count(*), max(x.to_day), max(x.joined) from pair x join programme p on p.id = x.programme join person q on q.id = x.coachee where p.name = '${which}' and q.name = 'Ada'`);
	const held = pairs("Four weeks").split("|"), gone = pairs("Four more weeks").split("|");
	ok(held[0] === "1" && held[1] < begins && held[1] >= last && gone[0] === "1" && gone[2] === begins, "C1: up to the last day by the old one, from the first date on by the new", `${held} / ${gone}`);
	await c.person("Eve", "Mara");
	await c.get("/coaching", c.Mara);
	ok(sql(base.url, "select p.name from pair x join programme p on p.id = x.programme join person q on q.id = x.coachee where q.name = 'Eve' and x.to_day is null and coalesce(x.apart, 0) = 0") === "Four weeks", "C1: a newcomer joins what runs today, not what follows it", sql(base.url, "select p.name, q.name, x.from_day, x.to_day, x.joined from pair x left join programme p on p.id = x.programme join person q on q.id = x.coachee order by x.id"));
	sql(base.url, `update programme set from_day = '${day(-30)}' where name = 'Pairs'; update pair set from_day = '${day(-28)}', joined = '${day(-28)}' where programme = (select id from programme where name = 'Pairs')`);
	await c.post(`${peers}/end`, {}, c.Nils, 403);
	await c.post(`${peers}/end`, {}, c.Mara);
	const more = { ...form, name: "Pairs again", objective: "Two calls a week are listened to", who: "pairs", root: "", often: "fortnight", from_day: day(6), follows: peers.split("/").pop() };
	ok(/1 named pair goes along/.test(plain((await c.post("/programmes", { ...more, preview: "1" }, c.Mara, 200)).body)), "named pairs go along");
	const again2 = (await c.post("/programmes", more, c.Mara)).headers.location.split("?")[0];
	ok(/Dan/.test((await page(again2, c.Mara)).text.replace(/Add a pair.*/, "")) && sql(base.url, "select count(*) from pair x join programme p on p.id = x.programme where p.name = 'Pairs again' and x.to_day is null") === "1", "C2c: the same two peers");
	await s.stop();
	command(program, base.url, "check");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of programmes ran", e.stack); tap.end(); });
