// What O5 keeps between two people or to one: sessions with notes of every scope, accounts of a miss, targets; each
// with a text that is found again wherever it must not be. What it is not for: who may read them (model.js).
"use strict";

const secrets = []; // { text, kind, between: [names] }

function secret(kind, between) {
	const text = `Secret-${kind}-${Math.random().toString(36).slice(2, 8)}`;
	secrets.push({ text, kind, between });
	return text;
}

const idOf = (s) => /\/(\w{11})(?:[/?#]|$)/.exec(s)[1];

// The sessions of one person's calendar: "Coaching: A and B" with their address.
function feed(body) {
	const plain = body.replace(/\r\n[ \t]/g, "");
	return plain.split("BEGIN:VEVENT").slice(1).map((x) => {
		const [, coach, coachee] = /SUMMARY:Coaching: Person-(\w+) and Person-(\w+)/.exec(x);
		return { coach, coachee, id: idOf(/URL:(\S+)/.exec(x)[1]) };
	});
}

// Two sessions of each pair: one to come, one held; notes of the scopes mine and ours on both (C5a).
async function addSessions({ get, post, must, actor, objects, today }) {
	for (const name of ["manager1", "manager2", "leader"])
		await must(post(actor(name), "/coaching/start", { weekday: "2", start: "09:00", length: "30" }), 303, `${name} starts to coach`);
	const all = [];
	for (const name of ["manager1", "manager2", "leader"])
		all.push(...feed((await get(actor(name), "/coaching/calendar.ics")).body).filter((s) => s.coach === name));
	const pairs = [["manager1", "seller1"], ["manager2", "seller3"], ["leader", "manager1"]];
	for (const [coach, coachee] of pairs) {
		const two = all.filter((s) => s.coach === coach && s.coachee === coachee);
		if (two.length < 2)
			throw new Error(`${coach} and ${coachee} have ${two.length} sessions, not 2`);
		const s = { label: `${coach}+${coachee}`, org: 1, coach, coachee, id: two[1].id, held: two[0].id, mine: {} };
		s.ours = secret("ours", [coach, coachee]);
		s.brings = secret("brings", [coach, coachee]);
		for (const name of [coach, coachee])
			s.mine[name] = secret("mine", [name]);
		objects.sessions.push(s);
		await must(post(actor(coach), `/coaching/${s.id}/note`, { text: s.ours }), 303, "a note of two");
		for (const name of [coach, coachee])
			await must(post(actor(name), `/coaching/${s.id}/mine`, { text: s.mine[name] }), 303, "a note of one");
		await must(post(actor(coachee), `/coaching/${s.id}/brings`, { brings: s.brings }), 303, "a topic");
		s.why = secret("held", [coach]); // the coachee sees it once they have answered (C6)
		const form = { held_on: today, kind: "inspection", no_commitment: s.why };
		const done = await must(post(actor(coach), `/coaching/${s.held}/session`, form), 200, "a session ends");
		s.link = /\/l\/([\w-]{43})/.exec(done.body)[1];
	}
}

// One open and one missed with its account, owed along the line (A3).
async function addCommitments({ get, post, must, actor, objects, ids, today }) {
	const api = async (name) => JSON.parse((await get(actor(name), "/me/data.json")).body).commitment;
	for (const [owner, to] of [["seller1", "manager1"], ["manager1", "seller1"], ["seller3", "manager2"]]) {
		const make = (then_) => must(post(actor(owner), "/commitments", { owed_to: ids[to], when_: "it is Monday", then_, due: today }), 303, "a commitment");
		await make("ring first");
		const open = (await api(owner)).findLast((c) => c.then_ === "ring first" && c.owner && c.state === "open").id;
		objects.commitments.push({ label: `${owner} owes ${to}`, org: 1, owner, to, id: open });
		await make("write it down");
		const missed = (await api(owner)).findLast((c) => c.then_ === "write it down").id;
		await must(post(actor(to), `/commitments/${missed}/miss`, {}), 303, "a miss");
		await must(post(actor(owner), `/commitments/${missed}/account`, { did: secret("account", [owner, to]), differently: secret("account", [owner, to]) }), 303, "an account");
		objects.commitments.push({ label: `${owner} missed for ${to}`, org: 1, owner, to, id: missed });
	}
}

// Targets of single people are theirs and the line's; away from … to is the person's own (O7).
async function addFigures({ get, post, must, actor, admin, objects, ids, today }) {
	const money = { seller1: "7654321", seller2: "1234567" };
	for (const name of Object.keys(money)) {
		await must(post(admin, "/gap/target", { person: ids[name], amount: money[name], from_day: "2026-10-01", to_day: "2026-12-31" }), 303, "a target");
		const digits = money[name].replace(/(\d)(?=(\d{3})+$)/g, "$1,");
		for (const text of [`${money[name]}.00`, `${money[name]}00`, digits])
			secrets.push({ text, kind: "target", between: [name], above: name });
	}
	for (const name of ["seller1", "seller3"]) {
		await must(post(actor(name), "/me/absence", { from_day: today, to_day: today }), 303, "an absence");
		const own = JSON.parse((await get(actor(name), "/me/data.json")).body).absence[0];
		objects.absences.push({ label: `absence of ${name}`, org: 1, by: name, id: own.id });
	}
}

// What stands in the company's open records: charters, and duties as they are proposed.
async function addPromises({ get, post, must, actor, admin, objects, ids, today }) {
	await get(actor("head"), "/duties");
	const charter = { part: "I was late", reason: "We lose", reason_number: "10", reason_unit: "deals", reason_day: "2026-12-31", value_proposition: "Fast", messaging: "Short", culture: "Open", stops: "Waiting" };
	for (const name of ["manager1", "leader"]) {
		const part = name === "manager1" ? secret("charter", [name]) : charter.part;
		Object.assign(secrets.at(-1), name === "manager1" ? { above: name } : {});
		await must(post(actor(name), "/charter", { ...charter, part }), 303, "a charter");
	}
	for (const name of ["seller1", "manager1"])
		await must(post(actor(name), "/goals", { text: secret("goal", [name]) }), 303, "a goal of one's own");
	const list = async (word) => JSON.parse((await get(admin, `/api/v1/${word}?limit=200`)).body);
	const rows = (x) => (Array.isArray(x) ? x : x.rows || x.items || x.data || x.records);
	const charters = rows(await list("charters")), duties = rows(await list("obligations"));
	if (!charters || !charters.length || !duties || !duties.length)
		throw new Error(`no charter or duty: ${JSON.stringify(await list("charters")).slice(0, 400)}`);
	for (const [name, below] of [["manager1", "seller1"], ["leader", "manager1"]]) {
		await must(post(actor(name), "/leaders/goal", { goal: "Listen longer", sign: "They speak more", due: today }), 303, "a goal");
		const goal = /\/leaders\/goal\/(\w{11})\/end/.exec((await get(actor(name), "/leaders")).body);
		objects.goals.push({ label: `goal of ${name}`, org: 1, by: name, id: goal[1] });
		const own = charters.find((c) => ids[name] === String(c.person && c.person.id || c.person));
		await must(post(actor(below), `/charter/${own.id}/answer`, { agrees: "0", reason: "It says nothing of us" }), 303, "an objection");
		const objection = /\/charter\/objection\/(\w{11})/.exec((await get(actor(name), `/charter?of=${ids[name]}`)).body);
		objects.objections.push({ label: `objection to ${name}`, org: 1, by: name, id: objection[1] });
	}
	return { charters, duties };
}

module.exports = { secrets, addSessions, addCommitments, addFigures, addPromises };
