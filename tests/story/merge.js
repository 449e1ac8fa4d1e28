// Search that forgives (checklist 36), and duplicates found, merged without loss, and parted again (D2), by real requests on both
// databases: what a seller, their colleague, their manager and the administrator may do.
//     node merge.js PROGRAM [--only sqlite|postgres]
"use strict";
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");

const program = process.argv[2], only = process.argv[3] === "--only" ? process.argv[4] : "";
const tap = new Tap();
const text = (r) => r.body.replace(/<script.*?<\/script>/gs, " ").replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

async function company(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Merge", "--currency", "EUR", "--timezone", "Europe/Berlin", "--admin", "a@example.com");
	const s = await serve(program, base.url), admin = await enter(s.port, s.link, {});
	const post = async (who, to, json) => {
		const r = await ask(s.port, "POST", to, { who, json, headers: { "X-CSRF": who.csrf } });
		return { ...r, json: r.body ? JSON.parse(r.body) : null };
	};
	const people = {};
	for (const [name, manager] of [["Mara Lead", null], ["Sam Adler", "Mara Lead"], ["Jo Brandt", "Mara Lead"]])
		people[name] = (await post(admin, "/api/v1/people", { name, email: `${name.split(" ")[0].toLowerCase()}@example.com`, manager: manager && people[manager] })).json.id;
	const sign = async (mail) => enter(s.port, /\/l\/([\w-]+)/.exec(command(program, base.url, "user", "link", mail))[1], {}, `a long password of ${mail}`);
	return { base, s, admin, post, people, mara: await sign("mara@example.com"), sam: await sign("sam@example.com"), jo: await sign("jo@example.com") };
}

async function searching(kind, c) {
	const found = async (who, q) => JSON.parse((await ask(c.s.port, "GET", `/palette?q=${encodeURIComponent(q)}`, { who })).body).map((x) => x.label);
	const cases = [["helbing", true, "as it is written"], ["HÉLBING", true, "other letters, accents"], ["räder helbing", true, "words in another order"],
		["helbnig", true, "two letters swapped"], ["hellbing", true, "a letter too many"], ["helbig räder", true, "a letter too few"], ["zebra", false, "another word"],
		["hel%", false, "a percent sign is a percent sign"], ["he", true, "a beginning"], ["xy", false, "short words are not bent"]];
	for (const [q, want, why] of cases) {
		const names = await found(c.sam, q);
		tap.ok(names.some((x) => /Helbing/.test(x)) === want, `${kind}: “${q}” (${why}) finds ${want ? "it" : "nothing of it"}`, names.join(", "));
	}
	const people = await found(c.sam, "sma adlre");
	tap.ok(people.length === 0 || people[0] === "Sam Adler", `${kind}: a person nearly by name`, people.join(", "));
}

async function merging(kind, c) {
	const ok = (good, name, r) => tap.ok(good, `${kind}: ${name}`, r && `${r.status} ${text(r)}`);
	const get = (who, to) => ask(c.s.port, "GET", to, { who });
	const read = async (to) => JSON.parse((await get(c.admin, to)).body);
	const keep = (await c.post(c.sam, "/api/v1/accounts", { name: "Helbing Räder GmbH", sector: "Steel", owner: c.people["Sam Adler"] })).json.id;
	const goes = (await c.post(c.sam, "/api/v1/accounts", { name: "Helbing Rader AG", sector: "Iron", country: "DE", owner: c.people["Sam Adler"] })).json.id;
	const deal = (await c.post(c.sam, "/api/v1/deals", { name: "Räder für Helbing", account: goes, amount: 100 })).json.id;
	await c.post(c.sam, `/accounts/${goes}/contact`, { contact: "Kim Weiß", email: "kim@helbing.example" });
	await searching(kind, c);
	let r = await get(c.sam, "/duplicates");
	const link = new RegExp(`/duplicates/account/${keep}/${goes}`);
	ok(link.test(r.body) && /legal form/.test(r.body), "the two accounts are proposed, with the reason", r);
	r = await get(c.sam, `/duplicates/account/${keep}/${goes}`);
	ok(r.status === 200 && /1 contact/.test(text(r)) && /1 deal/.test(text(r)), "the page says what moves over", r);
	const form = { version_a: 1, version_b: 1, take_sector: "b" };
	let m = await c.post(c.jo, `/duplicates/account/${keep}/${goes}`, form);
	ok(m.status === 403 && /ask Mara Lead, who leads everybody whose work it is, or an administrator/.test(text(m)), "a colleague may not merge what is not theirs (O3), and is told who may", m);
	m = await c.post(c.sam, `/duplicates/account/${keep}/${keep}`, form);
	ok(m.status === 422 && /same record/.test(m.body), "a record is not merged into itself", m);
	m = await c.post(c.sam, `/duplicates/account/${keep}/${goes}`, { ...form, version_b: 9 });
	ok(m.status === 409, "an older page merges nothing", m);
	m = await c.post(c.sam, `/duplicates/import/${keep}/${goes}`, form);
	ok(m.status === 404, "other kinds are not merged here", m);
	m = await c.post(c.sam, `/duplicates/account/${keep}/${goes}`, form);
	ok(m.status === 200 && m.json.change_set, "the owner merges them", m);
	const set = m.json.change_set;
	const stays = await read(`/api/v1/accounts/${keep}`);
	ok(stays.sector === "Iron" && stays.country === "DE" && stays.name === "Helbing Räder GmbH", "the chosen value stands, what lacked is filled", { status: 0, body: JSON.stringify(stays) });
	ok((await read(`/api/v1/deals/${deal}`)).account === keep && (await get(c.admin, `/api/v1/accounts/${goes}`)).status === 404, "the deal moved over, the other is gone");
	r = await get(c.sam, `/accounts/${keep}`);
	ok(/Räder für Helbing/.test(r.body) && /Kim Weiß/.test(r.body), "the account's page has deal and contact", r);
	command(program, c.base.url, "check");
	await c.post(c.sam, `/undo/${set}`, {});
	ok((await read(`/api/v1/deals/${deal}`)).account === goes && (await read(`/api/v1/accounts/${goes}`)).sector === "Iron" && (await read(`/api/v1/accounts/${keep}`)).country === null, "undo parts them, with all that belonged to each");
	await c.post(c.sam, `/duplicates/account/${keep}/${goes}`, { different: true });
	r = await get(c.sam, "/duplicates");
	ok(!link.test(r.body), "two that are different are not proposed again", r);
	command(program, c.base.url, "check");
}

// Who may not merge two asks who may: it waits on their Today, and is answered by what they do with the two.
async function asking(kind, c) {
	const ok = (good, name, r) => tap.ok(good, `${kind}: ${name}`, r && `${r.status} ${text(r)}`);
	const get = (who, to) => ask(c.s.port, "GET", to, { who }), form = (who, to, x) => ask(c.s.port, "POST", to, { who, form: x });
	const one = (await c.post(c.sam, "/api/v1/accounts", { name: "Quarry Nine", owner: c.people["Sam Adler"] })).json.id;
	const two = (await c.post(c.sam, "/api/v1/accounts", { name: "Quarry 9", owner: c.people["Sam Adler"] })).json.id;
	const pair = `/duplicates/account/${one}/${two}`, versions = { version_a: 1, version_b: 1 };
	let r = await form(c.jo, pair, versions);
	const owner = /name="owner" value="(\w+)"/.exec(r.body)?.[1], named = /name="pair" value="([^"]+)"/.exec(r.body)?.[1];
	ok(r.status === 403 && owner === c.people["Mara Lead"] && named === `account/${one}/${two}` && /Ask Mara Lead/.test(text(r)), "the refusal offers to ask who may", r);
	r = await form(c.jo, "/blockers", { owner, pair: named, text: "" });
	ok(r.status === 422 && r.body.includes(`name="pair" value="${named}"`), "without words it is refused, and kept what it is about", r);
	for (const odd of ["account/x/y", `account/${one}/${one}`, `person/${one}/${two}`, `account/${one}`, `../../${one}/${two}`])
		ok((await form(c.jo, "/blockers", { owner, pair: odd, text: "Please" })).status === 404, `no two records: ${odd.replace(one, "1").replace(one, "1").replace(two, "2")}`);
	r = await form(c.jo, "/blockers", { owner, pair: named, text: "These two are one" });
	ok(r.status === 303 && r.headers.location.startsWith(pair), "asked, one is back at the two", r);
	ok(/Jo Brandt asked Mara Lead .{5,12} ; an answer is due/.test(text(await get(c.jo, pair))), "which say that it was asked", await get(c.jo, pair));
	ok(/Blockers wait for my answer/.test(text(await get(c.mara, "/today"))), "it waits on the Today of who was asked", await get(c.mara, "/today"));
	r = await get(c.mara, "/blockers");
	const [low, high] = [one, two].sort();
	ok(r.body.includes(`href="/duplicates/account/${low}/${high}"`), "with the way to the two", { status: r.body.match(/.{80}duplicates.{90}/)?.[0], body: "" });
	const merged = await form(c.mara, `/duplicates/account/${two}/${one}`, { ...versions });
	r = await get(c.jo, "/blockers");
	ok(merged.status === 303 && /Merged into Quarry 9\./.test(text(r)) && /Answered/.test(text(r)), "merging answers it", r);
	ok(!/Blockers wait for my answer/.test(text(await get(c.mara, "/today"))), "it waits no longer");
	await c.post(c.mara, `/undo/${/done=(\w+)/.exec(merged.headers.location)[1]}`, {});
	ok(/Blockers wait for my answer/.test(text(await get(c.mara, "/today"))) && (await get(c.sam, `/accounts/${one}`)).status === 200, "undo parts them, and it waits again");
	await form(c.mara, pair, { different: "1" });
	ok(/They are two different ones\./.test(text(await get(c.jo, "/blockers"))), "so does saying that they are two");
	ok(/ 0 wrong/.test(command(program, c.base.url, "check")), "check finds nothing");
}

(async () => {
	for (const kind of ["sqlite", "postgres"])
		if ((!only || only === kind) && kinds().includes(kind)) {
			const c = await company(kind);
			await merging(kind, c);
			await asking(kind, c);
			await c.s.stop();
			c.base.drop();
		}
	tap.end();
})().catch((e) => { tap.ok(false, "the story of two accounts ran", e.stack); tap.end(); });
