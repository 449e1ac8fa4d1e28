// Own goals and recognition, on both databases: a goal is read by nobody else unless it is shared, with one person and as long as its owner
// likes (M1); in no search, export, API, history or letter of another (O5); recognition is for a behaviour or a promise that was kept and
// confirmed, never for oneself (M2); how somebody likes it is read by all.
//     node motivation.js PROGRAM
"use strict";
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const secret = "CANARY a house by the lake";

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Goals", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Ada", "Mara"], ["Bo", "Mara"]])
		await c.person(n, m);
	await c.post("/company", { name: "Goals", head: c.ids.Hanna, sponsor_name: "Chair", currency: "EUR", zone: "UTC", profile: "open" });
	for (const n of ["Hanna", "Mara", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	const goals = async (who) => plain((await c.get("/goals", c[who])).body);

	// M1: mine alone.
	const empty = await c.post("/goals", { text: "", reason: "kept" }, c.Ada, 422), wrong = await c.post("/goals", { text: "x", by_day: "soon" }, c.Ada, 422);
	ok(/is missing/.test(plain(empty.body)) && empty.body.includes("kept") && /by_day/.test(wrong.body) && wrong.body.includes('value="x"'), "what is refused says where, and keeps the rest", plain(empty.body).slice(0, 600));
	await c.post("/goals", { text: secret, reason: "My mother lives there", by_day: day(300) }, c.Ada);
	const page = await c.get("/goals", c.Ada), id = /\/goals\/(\w{11})\/share/.exec(page.body)[1];
	ok(/CANARY.*My mother lives there.*Only you see this/.test(plain(page.body)), "M1: a goal of one's own", plain(page.body).slice(0, 900));
	const places = ["/goals", `/people/${c.ids.Ada}`, "/search?q=CANARY", "/palette?q=CANARY", "/today", "/me/data.json", "/me", "/coaching", "/api/v1/people", "/mail", "/undo", `/people/${c.ids.Ada}?print=1`];
	const leaks = async (who) => { const found = []; for (const to of places) if ((await c.get(to, c[who])).body.includes("by the lake")) found.push(to); return found; };
	for (const who of ["Mara", "Bo", "Hanna", "admin"])
		ok((await leaks(who)).length === 0, `O5: ${who} finds it nowhere`, (await leaks(who)).join(" "));
	await c.post(`/goals/${id}/share`, { reader: c.ids.Bo }, c.Mara, 404);
	await c.post(`/goals/${id}/close`, { state: "reached" }, c.Bo, 404);
	const self = await c.post(`/goals/${id}/share`, { reader: c.ids.Ada }, c.Ada, 422);
	ok(/is you/.test(plain(self.body)) || self.status === 422, "shared with oneself is no sharing");
	await c.post(`/goals/${id}/share`, { reader: c.ids.Mara }, c.Ada);
	ok(/What moves Ada CANARY/.test(plain((await c.get(`/people/${c.ids.Ada}`, c.Mara)).body)), "M1: shared, it stands beside the person for that reader", plain((await c.get(`/people/${c.ids.Ada}`, c.Mara)).body).slice(0, 1200));
	ok((await leaks("Bo")).length === 0 && (await leaks("Hanna")).length === 0, "and for nobody else");
	await c.post(`/goals/${id}/share`, { reader: "" }, c.Mara, 403);
	await c.post("/coaching/start", { weekday: "2", start: "09:00", length: "30" }, c.Mara);
	const prep = `/coaching/${/\/coaching\/(\w{11})"/.exec((await c.get("/coaching", c.Ada)).body)[1]}`;
	ok(/CANARY/.test(plain((await c.get(prep, c.Mara)).body)), "M1: the coach has it in the preparation, to ask about");
	await c.post(`/goals/${id}/share`, { reader: "" }, c.Ada);
	ok((await leaks("Mara")).length === 0 && !/CANARY/.test((await c.get(prep, c.Mara)).body), "M1: taken back, it is gone");
	await c.post(`/goals/${id}/close`, { state: "reached" }, c.Ada);
	ok(/Reached/.test(await goals("Ada")), "a goal is reached");
	await c.post(`/goals/${id}/close`, { state: "let_go" }, c.Ada, 422);

	// M2: for what was done.
	await c.post("/recognition/way", { how: "alone", note: "No applause, please" }, c.Bo);
	ok(/Likes it: In private, between two; No applause, please/.test(plain((await c.get(`/goals?for=${c.ids.Bo}`, c.Ada)).body)), "M2: how somebody likes it is said before", plain((await c.get(`/goals?for=${c.ids.Bo}`, c.Ada)).body).slice(0, 900));
	const skill = /name="skill"[^]*?<option value="(\w{11})"/.exec((await c.get("/goals", c.Mara)).body)[1], words = "Let the buyer do the sum, and they called back";
	for (const [form, wanted] of [[{ person: c.ids.Bo, words }, /behaviour|commitment/i], [{ person: c.ids.Mara, skill, words }, /is you/], [{ person: c.ids.Bo, skill, words: "" }, /are missing/], [{ person: "", skill, words }, /is missing|choose/i]]) {
		const r = await c.post("/recognition", form, c.Mara, 422);
		ok(wanted.test(plain(r.body)) && (!form.words || r.body.includes(words)), `M2: refused in words, and what was typed stays: ${wanted}`, plain(r.body).slice(0, 700));
	}
	await c.post("/recognition", { person: c.ids.Bo, skill, words }, c.Mara);
	ok(/Said of what I did M Mara .*Let the buyer do the sum/.test(await goals("Bo")) && /What I recognised B Bo/.test(await goals("Mara")), "M2: it reaches the person", await goals("Bo"));
	for (const who of ["Ada", "Hanna"])
		ok(!/do the sum/.test(await goals(who)) && !/do the sum/.test((await c.get(`/people/${c.ids.Bo}`, c[who])).body), `O5: between the two; ${who} reads nothing`);
	await c.post("/commitments", { when_: "they ask", then_: "send the sheet", due: day(1), owed_to: c.ids.Mara }, c.Ada);
	const one = /\/commitments\/(\w{11})/.exec((await c.get("/commitments", c.Ada)).body)[1];
	const early = await c.post("/recognition", { person: c.ids.Ada, commitment: one, words }, c.Mara, 422);
	ok(/none that this person kept/.test(plain(early.body)), "M2: a promise that is open is no deed yet", plain(early.body).slice(0, 600));
	await c.post(`/commitments/${one}/claim`, { evidence: "sent", evidence_kind: "word" }, c.Ada);
	await c.post(`/commitments/${one}/confirm`, {}, c.Mara);
	ok(new RegExp(`<option value="${one}">Ada: send the sheet`).test((await c.get("/goals", c.Mara)).body), "M2: what was kept is offered");
	const other = await c.post("/recognition", { person: c.ids.Bo, commitment: one, words }, c.Mara, 422);
	ok(/none that this person kept/.test(plain(other.body)), "another's promise is not theirs");
	await c.post("/recognition", { person: c.ids.Ada, commitment: one, words }, c.Mara);
	ok(/Kept: send the sheet/.test(await goals("Ada")), "M2: recognised for a kept promise", await goals("Ada"));
	command(program, base.url, "check");
	await s.stop();
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of goals ran", e.stack); tap.end(); });
