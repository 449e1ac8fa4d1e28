// Sessions as entries for a calendar, by letter, on both databases (C10, L5): off until somebody wants them, each change once, gathered for five
// minutes, sequences that only grow (also after an undo), a meeting of several, a programme, a transfer; UID and times of the feed, no name that the
// feed does not tell; every entry within libical's restrictions; one click ends the kind (RFC 8058).
//     node invites.js PROGRAM ICAL_CHECK
"use strict";
const { spawnSync } = require("child_process");
const { fresh, command, serve, enter, ask, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");
const { smtp, mailer, words, linksOf } = require("./letters.js");

const program = process.argv[2], check = process.argv[3], tap = new Tap(), run = mailer(program);
const began = Date.now(), at = (minutes) => new Date(began + minutes * 60000).toISOString().slice(0, 19) + "Z";

// The properties of one entry, unfolded.
function entry(text) {
	const lines = text.replace(/\r?\n[ \t]/g, "").split(/\r?\n/).filter(Boolean).map((x) => /^([A-Z-]+)((?:;[^:"]*(?:"[^"]*")?)*):(.*)$/.exec(x));
	return Object.fromEntries(lines.map((m) => [m[1], m[3]]).concat(lines.map((m) => [`${m[1]};`, m[2]])));
}

const events = (calendar) => Object.fromEntries(calendar.replace(/\r\n /g, "").split("BEGIN:VEVENT").slice(1).map((x) => entry(x)).map((x) => [x.UID, x]));

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Bus", "--currency", "EUR", "--timezone", "Europe/Vienna", "--admin", "a@example.com");
	const s = await serve(program, base.url), mail = await smtp("--refuse", "cy@example.com"), server = `smtp://127.0.0.1:${mail.port}`;
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, JSON.stringify(detail)), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Nils", "Hanna"], ["Ada", "Mara"], ["Bo", "Mara"], ["Cy", "Mara"]])
		await c.person(n, m);
	await c.post("/company", { name: "Bus", head: c.ids.Hanna, currency: "EUR", zone: "Europe/Vienna", profile: "open" });
	for (const n of ["Hanna", "Mara", "Nils", "Ada", "Bo", "Cy"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	// Three days from now in Vienna, so that nothing begins soon.
	const weekday = String(new Date(`${day(3)}T12:00:00Z`).getUTCDay() || 7);
	await c.post("/coaching/start", { weekday, start: "09:00", length: "30" }, c.Mara);
	const got = (who, since = 0) => mail.letters.slice(since).filter((l) => l.to[0] === `${who}@example.com` && l.calendars.length);
	const feed = async (who) => events((await c.get("/coaching/calendar.ics", who)).body);
	// What a letter brings: its entries by UID, each looked at by libical.
	const brought = (l) => {
		for (const x of l ? l.calendars : []) {
			const r = spawnSync(check, { input: x.text.replace(/\r?\n/g, "\r\n"), encoding: "utf8" });
			ok(r.status === 0 && x.text.includes(`METHOD:${x.method}`), "libical's restriction check takes it", r.stdout + x.text);
		}
		return Object.fromEntries((l ? l.calendars : []).map((x) => [entry(x.text).UID, { ...entry(x.text), method: x.method }]));
	};
	const uid = (x) => `${x}@ridealong`;

	// ---- off until asked ----
	await run(base.url, at(1), server);
	await run(base.url, at(7), server);
	ok(!mail.letters.some((l) => l.calendars.length), "nobody who did not ask gets one");
	ok(/Sessions for my calendar Off/.test(plain((await c.get("/mail", c.Ada)).body)), "the page says so", plain((await c.get("/mail", c.Ada)).body).slice(0, 1500));
	for (const n of ["Mara", "Ada", "Bo", "Cy", "Hanna"])
		await c.post("/mail", { kind: "invite", off: "no" }, c[n]);
	const look = plain((await c.get("/mail?show=invite", c.Ada)).body);
	ok(/Sessions for my calendar .{0,3}Wanted/.test(look) && /PLANNED - .*Mara and Ada/.test(look), "what would be told is shown", look.slice(0, 1800));

	// ---- what is planned, once ----
	const gather = await run(base.url, at(8), server);
	ok(!mail.letters.some((l) => l.calendars.length), "changes are gathered first", gather.said + gather.errors);
	const sent = await run(base.url, at(14), server);
	const [ada, mara] = [got("ada")[0], got("mara")[0]], fed = await feed(c.Ada), told = brought(ada);
	ok(ada && ada.root === "multipart/mixed" && ada.parts.join() === "multipart/mixed,multipart/alternative,text/plain,text/html,text/calendar,text/calendar" && ada.calendars.every((x) => x.name === "session.ics") && ada.defects.length === 0, "several: text, HTML, and a calendar for each", ada ? ada.parts : sent.said + sent.errors);
	ok(Object.keys(told).sort().join() === Object.keys(fed).sort().join() && Object.keys(told).length === 2, "C10: the UIDs of the feed", [Object.keys(told), Object.keys(fed)]);
	for (const [k, x] of Object.entries(told)) {
		ok(x.METHOD === "REQUEST" && x.STATUS === "CONFIRMED" && x.SEQUENCE === "0" && ["DTSTART", "DTEND", "SUMMARY"].every((f) => x[f] === fed[k][f]), "C10: times and words of the feed, and no more", [x, fed[k]]);
		ok(x.ORGANIZER === "mailto:sales@example.com" && x.ATTENDEE === "mailto:ada@example.com" && /CN="Ada"/.test(x["ATTENDEE;"]) && !x.DESCRIPTION, "who sends it, and whom it is for alone", x);
	}
	const vienna = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Vienna", hour: "2-digit", minute: "2-digit" }), start = (x) => x.DTSTART.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d).*/, "$1-$2-$3T$4:$5:00Z");
	ok(Object.values(told).every((x) => vienna.format(new Date(start(x))) === "09:00"), "nine in Vienna, as UTC", Object.values(told).map((x) => x.DTSTART));
	ok(/PLANNED\n- .*09:00–09:30, Mara and Ada/.test(ada.text) && words(ada.text) === words(ada.html) && linksOf(ada.text).join() === linksOf(ada.html).join(), "the letter says it in words, in both forms", ada.text + ada.html);
	ok(ada.headers.subject === "For your calendar: 2 sessions" && /^Bus sends you a letter when your coaching sessions/m.test(ada.text), "and why it comes", ada.headers.subject);
	ok(mara && mara.calendars.length === 6 && Object.values(brought(mara)).every((x) => x.ATTENDEE === "mailto:mara@example.com"), "the coach has each of theirs", mara && mara.calendars.length);
	ok(got("hanna").length === 0 && got("nils").length === 0, "who is in none gets none");
	ok(/cy@example.com\tfailed/.test(sent.said), "an address that is refused", sent.said);
	let since = mail.letters.length;
	const again = (await run(base.url, at(15), server)).said + (await run(base.url, at(30), server)).said;
	ok(!mail.letters.slice(since).some((l) => l.calendars.length) && !/cy@/.test(again), "each change once, and what was refused is not tried again that day", again);

	// ---- moved, excused, taken back ----
	const ids = Object.keys(fed).sort((x, y) => fed[x].DTSTART < fed[y].DTSTART ? -1 : 1).map((x) => x.split("@")[0]), [first, second] = ids;
	await c.post(`/coaching/${first}/move`, { moved_to: day(5), start: "14:00" }, c.Mara);
	await run(base.url, at(31), server);
	const excused = await c.post(`/coaching/${second}/excuse`, { excuse: "customer" }, c.Ada);
	await run(base.url, at(33), server);
	ok(!mail.letters.slice(since).some((l) => l.calendars.length), "five minutes are waited");
	await run(base.url, at(37), server);
	const moved = got("ada", since), both = brought(moved[0]);
	ok(moved.length === 1 && both[uid(first)].METHOD === "REQUEST" && both[uid(first)].SEQUENCE === "1" && vienna.format(new Date(start(both[uid(first)]))) === "14:00", "moved: the same entry at its new time, in one letter with the other", [moved.length, both]);
	ok(both[uid(second)].METHOD === "CANCEL" && both[uid(second)].STATUS === "CANCELLED" && both[uid(second)].SEQUENCE === "1", "excused: it is called off", both[uid(second)]);
	ok(/CHANGED\n- .*14:00–14:30, Mara and Ada, before: .*, 09:00\. To its page/.test(moved[0].text) && /CALLED OFF\n- /.test(moved[0].text), "in words", moved[0].text);
	ok(got("mara", since).length === 1 && got("bo", since).length === 0, "to both of them, and nobody else");
	since = mail.letters.length;
	await c.post(`/undo/${excused.headers.location.match(/done=(\w+)/)[1]}`, { to: "/coaching" }, c.Ada);
	await run(base.url, at(40), server);
	await run(base.url, at(46), server);
	const back = got("ada", since)[0], one = brought(back);
	ok(back && back.root === "multipart/alternative" && back.parts.slice(1).join() === "text/plain,text/html,text/calendar", "one alone is an invitation", back && back.parts);
	ok(one[uid(second)].METHOD === "REQUEST" && one[uid(second)].SEQUENCE === "2" && /^Session: .*Mara and Ada$/.test(back.headers.subject), "undone: it stands again, and its sequence counts on", one);
	ok(new Set(got("ada").map((l) => l.headers["message-id"])).size === 3, "each letter of the day is one of its own", got("ada").map((l) => l.headers["message-id"]));

	// ---- several in one meeting ----
	since = mail.letters.length;
	const near = /name="with" value="(\w{11})"[^>]*> <span>Bo/.exec((await c.get(`/coaching/${first}`, c.Mara)).body)[1];
	await c.post(`/coaching/${first}/together`, { topic: "CANARY-topic", length: "60", with: near }, c.Mara);
	await run(base.url, at(60), server);
	await run(base.url, at(66), server);
	const group = brought(got("mara", since)[0]), bo = brought(got("bo", since)[0]), maras = await feed(c.Mara);
	ok(group[uid(first)].SUMMARY === "Coaching: Mara and Ada\\, Bo" && maras[uid(first)].SUMMARY === group[uid(first)].SUMMARY && group[uid(first)].DTEND > group[uid(first)].DTSTART, "the coach has one entry of the meeting, as in the feed", [group, Object.keys(maras)]);
	ok(group[uid(near)].METHOD === "CANCEL" && !maras[uid(near)], "and not the one that joined it", group[uid(near)]);
	ok(bo[uid(near)].METHOD === "REQUEST" && bo[uid(near)].SUMMARY === "Coaching: Mara and Bo" && bo[uid(near)].DTSTART === group[uid(first)].DTSTART, "a coachee has their own, at the time of all", bo);
	ok(!/Ada/.test(got("bo", since)[0].text + got("bo", since)[0].calendars[0].text) && !mail.letters.some((l) => /CANARY-topic/.test(JSON.stringify(l))), "C5a: nobody reads of another, nor what they look at");

	// ---- a programme, and a transfer ----
	since = mail.letters.length;
	await c.post("/programmes", { name: "Lines", objective: "Coach the coach", who: "down", root: c.ids.Hanna, often: "week", from_day: day(4), start: "16:00", length: "45", framework: "" }, c.Hanna);
	await run(base.url, at(80), server);
	await run(base.url, at(86), server);
	const hanna = brought(got("hanna", since)[0]);
	ok(Object.values(hanna).some((x) => x.METHOD === "REQUEST" && x.SUMMARY === "Coaching: Hanna and Mara" && vienna.format(new Date(start(x))) === "16:00"), "C1: a programme from the head down tells the head, too", hanna);
	ok(Object.values(brought(got("mara", since)[0])).some((x) => x.SUMMARY === "Coaching: Hanna and Mara"), "and whom it coaches");
	since = mail.letters.length;
	const place = await c.get(`/people/${c.ids.Ada}/place`), version = (/name="version" value="(\d+)"/.exec(place.body) || [])[1];
	await c.post(`/people/${c.ids.Ada}/transfer`, { manager: c.ids.Nils, from_day: day(0), ...(version ? { version } : {}) });
	for (const n of ["Mara", "Nils"])
		await c.get("/coaching", c[n]);
	await run(base.url, at(100), server);
	await run(base.url, at(106), server);
	const left = brought(got("ada", since)[0]);
	ok((await c.get(`/coaching/${near}`, c.Mara)).status === 200 && (await c.get("/coaching", c.Mara)).status === 200, "C1: who leaves a meeting of several takes nobody's session along");
	ok(Object.values(left).some((x) => x.METHOD === "CANCEL" && x.SUMMARY === "Coaching: Mara and Ada") && Object.values(left).some((x) => x.METHOD === "REQUEST" && x.SUMMARY === "Coaching: Nils and Ada"), "a transfer calls off the old coach's and plans the new one's", left);

	// ---- soon, and the end of it ----
	since = mail.letters.length;
	const bos = await feed(c.Bo), next = Object.values(bos).filter((x) => x.STATUS === "CONFIRMED" && start(x) > at(0)).sort((x, y) => x.DTSTART < y.DTSTART ? -1 : 1)[0];
	await c.post(`/coaching/${next.UID.split("@")[0]}/excuse`, { excuse: "technical" }, c.Mara);
	const soon = new Date(Date.parse(start(next)) - 3600000).toISOString().slice(0, 19) + "Z";
	await run(base.url, soon, server);
	ok(brought(got("bo", since)[0])[next.UID].METHOD === "CANCEL", "what begins within two hours is told at once", got("bo", since));
	const stop = /<https:\/\/sales\.example\.com(\/l\/[\w-]+)>/.exec(got("bo", since)[0].headers["list-unsubscribe"])[1];
	ok(/End this kind of letter to Bo/.test(plain((await ask(s.port, "GET", stop)).body)), "a person is asked first");
	await ask(s.port, "POST", stop, { form: { "List-Unsubscribe": "One-Click" } });
	ok(/Sessions for my calendar Off/.test(plain((await c.get("/mail", c.Bo)).body)), "RFC 8058: one click ends it");
	since = mail.letters.length;
	await c.post(`/coaching/${next.UID.split("@")[0]}/move`, { moved_to: day(6), start: "15:00" }, c.Mara);
	await run(base.url, soon, server);
	await run(base.url, new Date(Date.parse(soon) + 600000).toISOString().slice(0, 19) + "Z", server);
	ok(got("bo", since).length === 0 && got("mara", since).length === 1, "who ended it gets none, others do", [got("bo", since).length, got("mara", since).length]);
	await s.stop();
	await mail.stop();
	command(program, base.url, "check");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((error) => { console.log(`not ok - ${error.stack}`); process.exit(1); });
