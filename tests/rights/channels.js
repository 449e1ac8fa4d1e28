// The matrix beyond route by route: every list, search, export and history for every actor; links of one purpose; and
// who has just been moved, disabled, or lost a role. What it is not for: the rules (model.js).
"use strict";
const { ask, command, sql } = require("../story/drive.js");

const words = ["accounts", "contacts", "products", "deals", "completed-steps", "stakeholders", "documents", "activities", "mentions", "attachments", "deal-history", "targets", "processes", "stages", "steps",
	"skills", "obligations", "charters", "blockers", "people", "absences"];

// No actor finds a text, a deal or an account of others in any list, search, palette, export, history or calendar.
async function sweep({ tap, actors, objects, secrets, get, canaries, ids }, profile) {
	const paths = [...words.map((w) => `/api/v1/${w}?limit=500`), "/me/data.json", "/me", "/today", "/coaching", "/coaching/calendar.ics", "/commitments",
		"/commitments?show=closed", "/brief", "/case", "/leaders", "/duties", "/goals", "/charter", "/coaches", "/board?scope=all", "/deals?has=canary", "/deals.csv", "/deals/new", "/health", "/import"];
	for (const id of Object.values(ids))
		paths.push(`/people/${id}`, `/gap?person=${id}&from=2026-10-01&to=2026-12-31`, `/charter?of=${id}`, `/deals?owner=${id}`);
	for (const d of objects.deals)
		paths.push(`/api/v1/deals/${d.id}/history`, `/deals/${d.id}/edit`);
	for (const s of secrets)
		paths.push(`/search?q=${s.text}`, `/palette?q=${s.text}`);
	for (const s of objects.sessions)
		paths.push(`/coaching/${s.id}`, ...(s.held ? [`/coaching/${s.held}`, `/coaching/${s.held}/session`] : []));
	const wrong = [];
	for (const who of actors)
		for (const path of paths) {
			const got = await get(who, path), before = wrong.length;
			const echoed = { ...got, body: /[?]q=/.test(path) ? got.body.replaceAll(path.split("?q=")[1], "") : got.body };
			canaries(who, profile, echoed, {}, wrong);
			if (got.status >= 500)
				wrong.push(`${who.name}: ${got.status}`);
			for (let i = before; i < wrong.length; i++)
				wrong[i] += ` at ${path}`;
		}
	tap.ok(!wrong.length, `${profile}: ${actors.length} actors find nothing of others at ${paths.length} addresses`, wrong.join("\n"));
}

// O6, O5: whom a charter is promised to reads it in every profile; the company that of who leads leaders.
async function charters({ tap, actor, get, secrets, ids }, profile) {
	const s = secrets.find((x) => x.kind === "charter");
	for (const name of ["seller1", "moved", "leader", "head", "manager1"])
		tap.ok((await get(actor(name), `/charter?of=${ids.manager1}`)).body.includes(s.text), `${profile}: ${name} reads the charter of manager1`);
	tap.ok((await get(actor("seller3"), `/charter?of=${ids.manager1}`)).body.includes(s.text) === (profile !== "agreement"), `${profile}: seller3 ${profile === "agreement" ? "does not" : "does"}`);
	tap.ok((await get(actor("seller3"), `/charter?of=${ids.leader}`)).body.includes("I was late"), `${profile}: the company reads the charter of who leads leaders`);
	tap.ok(/Person-manager1/.test((await get(actor("seller3"), "/leaders")).body.replace(/<title>.*?<\/title>/, "").split("Why these figures")[0]) === (profile !== "agreement"), `${profile}: and whether manager1 stands on the board of seller3`);
}

// Who may read a text does: a matrix that finds nothing anywhere would prove nothing.
async function readable({ tap, actor, objects, get }) {
	for (const s of objects.sessions.filter((x) => x.ours))
		for (const name of [s.coach, s.coachee]) {
			const page = (await get(actor(name), `/coaching/${s.id}/session`)).body;
			tap.ok(page.includes(s.ours) && page.includes(s.mine[name]), `${name} reads what ${s.label} wrote`);
		}
	const c = objects.commitments.find((x) => /missed/.test(x.label));
	for (const name of [c.owner, c.to])
		tap.ok(/Secret-account/.test((await get(actor(name), `/commitments/${c.id}`)).body), `${name} reads the account`);
	tap.ok(/7,?654,?321/.test((await get(actor("manager1"), "/api/v1/targets")).body.replace(/00"/g, "\"")) ||
		/7,654,321/.test((await get(actor("manager1"), "/gap?person=" + actor("seller1").id + "&from=2026-10-01&to=2026-12-31")).body), "the manager reads the target");
}

// A percent sign and an underscore are looked for as themselves.
async function wildcards({ tap, admin, get }) {
	for (const q of ["%", "_", "Canary_", "!"]) {
		const found = JSON.parse((await get(admin, `/palette?q=${encodeURIComponent(q)}`)).body);
		tap.ok(found.length === 0, `nothing is called ${q}`, JSON.stringify(found));
		tap.ok(!/Canary-\w/.test((await get(admin, `/deals?has=${encodeURIComponent(q)}`)).body), `no deal is called ${q}`);
	}
}

// O5, "line": accounts to choose from are the ones to see, those of nobody, and the one that stands there.
async function accounts({ tap, actor, objects, get, post, setCompany, made }) {
	const who = actor("seller1"), own = objects.deals.find((d) => d.owner === "seller1");
	for (const profile of ["open", "line", "agreement"]) {
		await setCompany({ profile });
		const form = (await get(who, `/deals/${own.id}/edit`)).body, list = (await get(who, "/api/v1/accounts")).body;
		for (const body of [form, list]) {
			tap.ok(body.includes(made.nobody.name), `${profile}: an account of nobody is there`);
			tap.ok(body.includes(made.theirs.name) === (profile === "open"), `${profile}: an account of another team ${profile === "open" ? "is" : "is not"} there`);
		}
		if (profile !== "open") {
			const r = await post(who, `/deals/${own.id}/edit`, { account: made.theirs.id });
			const twice = await post(who, `/deals/${own.id}/edit`, { account: made.theirs.id, amount: "much" });
			tap.ok(twice.status === 422 && !twice.body.includes(made.theirs.name), `${profile}: nor named beside another fault`, twice.status);
			const fresh = await post(who, "/deals", { name: "", account: made.theirs.id });
			tap.ok(fresh.status === 422 && !fresh.body.includes(made.theirs.name), `${profile}: nor in a new deal`, fresh.status);
			tap.ok(r.status === 422 && !r.body.includes(made.theirs.name), `${profile}: an account that is not seen is not chosen`, r.status);
		}
	}
	await setCompany({ profile: "open" });
	tap.ok((await post(who, `/deals/${own.id}/edit`, { account: made.theirs.id })).status === 303, "open: it is chosen");
	await setCompany({ profile: "line" });
	tap.ok((await get(who, `/deals/${own.id}/edit`)).body.includes(made.theirs.name), "line: what stands in the form stays in it");
	tap.ok((await post(who, `/deals/${own.id}/edit`, { account: "" })).status === 303, "line: it is taken out");
	objects.accounts.length = 0; // from here on the name stands in the history of a deal of their own
}

// C6, L1a: a link is good for its one purpose, until it ends, and for nothing else.
async function links({ tap, plain, port, url, actor, admin, objects, get, post, program, setCompany, ids }) {
	const s = objects.sessions.find((x) => x.label === "manager1+seller1"), to = `/l/${s.link}`;
	const nobody = {}, page = await get(nobody, to);
	tap.ok(page.status === 200 && !page.body.includes(s.why) && !page.body.includes(s.ours), "the link shows what it asks, and no text");
	tap.ok(!page.headers["set-cookie"], "it signs nobody in");
	for (const who of [{ cookie: s.link }, { token: s.link }])
		tap.ok([303, 401].includes((await get(who, "/deals")).status), "it is no cookie and no token");
	for (const [path, status] of [[`${to}/session`, 404], [`/coaching/${s.held}/session`, 303], [`/coaching/${s.held}/confirm`, 303]])
		tap.ok((await get(nobody, path)).status === status, `it opens no ${path.replace(s.link, "SECRET")}`);
	const done = await post(nobody, to, { held: "yes", kind: "inspection", act: "answer", row: s.id });
	tap.ok(done.status === 303 && !done.headers["set-cookie"], "it takes one answer", done.status);
	tap.ok((await post(nobody, to, { held: "no" })).status === 200, "a second one is answered");
	const own = JSON.parse((await get(actor("seller1"), "/me/data.json")).body).session.find((x) => x.id === s.held);
	tap.ok(own.answer === "confirmed", "the first answer stands", own.answer);
	const open = objects.sessions.find((x) => x.label === "manager2+seller3"), again = await post(actor("manager2"), `/coaching/${open.held}/link`, {});
	const later = /\/l\/([\w-]{43})/.exec(again.body);
	tap.ok(again.status === 200 && later && later[1] !== open.link, "another link is another secret", again.status);
	sql(url, "update link set end_at = 1 where kind = 'confirm'");
	const over = await get(nobody, to), never = await get(nobody, `/l/${"A".repeat(43)}`);
	tap.ok(over.status === 404 && plain(over.body) === plain(never.body), "a link that is over is as one that never was", over.status);
	await brief({ tap, actor, admin, objects, get, post, setCompany, ids });
	const once = /\/l\/([\w-]+)/.exec(command(program, url, "user", "link", "seller4@example.com"))[1];
	const first = await post(nobody, `/l/${once}`, { password: "another long password" });
	tap.ok(first.status === 303, "a sign-in link is used", first.status);
	tap.ok((await post(nobody, `/l/${once}`, { password: "another long password" })).status === 404, "and only once");
	const late = /\/l\/([\w-]+)/.exec(command(program, url, "user", "link", "seller4@example.com"))[1];
	command(program, url, "user", "disable", "seller4@example.com");
	tap.ok((await get(nobody, `/l/${late}`)).status === 404, "a disabled sign-in has no links");
	tap.ok((await get(actor("seller4"), "/deals")).status === 303, "and no session");
	Object.assign(actor("seller4"), { known: false, person: null });
}

// The head's brief by link: acts on what the head owes and is owed, while they are the head.
async function brief({ tap, actor, objects, get, post, setCompany, ids }) {
	const made = await post(actor("head"), "/brief/link", {}), secret = /\/l\/([\w-]{43})/.exec(made.body);
	tap.ok(made.status === 200 && secret, "the head makes a link of the brief", made.status);
	const to = `/l/${secret[1]}`, other = objects.commitments[0], nobody = {};
	tap.ok((await get(nobody, to)).status === 200, "it shows the brief");
	const r = await post(nobody, to, { act: "kept", row: other.id, held: "yes" });
	tap.ok(r.status >= 400, "it confirms nothing of others", r.status);
	tap.ok([303, 401].includes((await get({ cookie: secret[1] }, "/brief")).status), "it is no cookie");
	await setCompany({ head: "" });
	tap.ok((await get(nobody, to)).status === 404, "who is no longer the head has no brief by link");
	tap.ok((await get(actor("head"), "/brief")).status === 404, "nor by their session");
	await setCompany({ head: ids.head });
}

// An administrator's role ends at once, and an invitation is no sign-in.
async function roles({ tap, port, url, actor, admin, get, post, ids }) {
	const member = actor("member");
	tap.ok((await get(member, "/company")).status === 404, "a member does not see the settings");
	sql(url, "update membership set admin = 1 where login_id = (select id from login where email = 'member@example.com')");
	tap.ok((await get(member, "/company")).status === 200, "an administrator does");
	sql(url, "update membership set admin = 0 where login_id = (select id from login where email = 'member@example.com')");
	tap.ok((await get(member, "/company")).status === 404, "and no longer once the role has ended");
	const token = actor("token"), ends = [
		[member, "membership set ended_at = $ where login_id = (select id from login where email = 'member@example.com')", "a membership"],
		[member, "login set disabled_at = $ where email = 'member@example.com'", "a sign-in"],
		[token, "token set revoked_at = $", "a token"],
		[token, "token set end_at = $", "the time of a token"],
	];
	for (const [who, what, name] of ends) {
		sql(url, `update ${what.replace("$", "1")}`);
		tap.ok([303, 401].includes((await get(who, "/deals")).status), `${name} has ended`);
		sql(url, `update ${what.replace("$", "null")}`);
		tap.ok((await get(who, "/deals")).status === 200, `${name} goes on`);
	}
	const said = await post(admin, `/people/${ids.seller2}/invite`, {}), secret = /\/l\/([\w-]{43})/.exec(said.body);
	tap.ok(secret, "an invitation is a link");
	for (const who of [{ cookie: secret[1] }, { token: secret[1] }])
		tap.ok([303, 401].includes((await get(who, "/deals")).status), "who is invited is not signed in yet");
	await post(admin, "/people", { name: "Person-theirs", email: "outsider@example.com" });
	const found = JSON.parse((await get(admin, "/palette?q=person-theirs")).body)[0].href;
	const taken = await post(admin, `${found}/invite`, {});
	tap.ok(taken.status === 422 && !/\/l\//.test(taken.body), "nobody sets the password of a sign-in of another company", taken.status);
	const r = await ask(port, "GET", "/company", { who: actor("outsider") });
	tap.ok(r.status === 200, "which goes on");
}

module.exports = { words, charters, sweep, readable, wildcards, accounts, links, roles };
