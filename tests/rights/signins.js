// The door itself: passwords, the ends of a session, links that two hands hold; and records of the company, which only its
// administrators and its head write. What it is not for: routes (rights.js), links that have ended (channels.js).
"use strict";
const { ask, command, enter, sql } = require("../story/drive.js");

const mail = "door@example.com", password = "a door with a long password";
const knock = (port, email, word) => ask(port, "POST", "/sign-in", { form: { email, password: word } });
const cookieOf = (r) => (/__Host-ridealong=([^;]+)/.exec(String(r.headers["set-cookie"])) || [])[1];
const linkFor = (program, url, email, ...more) => /\/l\/([\w-]+)/.exec(command(program, url, "user", "link", email, ...more))[1];
// A number as addresses write it.
const idText = (n) => Array.from({ length: 11 }, (_, i) => "0123456789abcdefghjkmnpqrstvwxyz"[Number((BigInt(n) >> BigInt(5 * (10 - i))) & 31n)]).join("");
const isIn = async (port, who) => (await ask(port, "GET", "/deals", { who })).status === 200;

// A password opens one sign-in, and neither a wrong one nor none does.
async function passwords({ tap, port, program, url }) {
	const nobody = linkFor(program, url, mail); // a sign-in without a password yet
	for (const word of ["", password])
		tap.ok((await knock(port, mail, word)).status === 422, "a sign-in without a password takes none");
	await enter(port, nobody, {}, password);
	const good = await knock(port, mail, password), wrong = await knock(port, mail, `${password}.`), unknown = await knock(port, "nobody@example.com", password);
	tap.ok(good.status === 303 && cookieOf(good), "the password signs in", good.status);
	tap.ok(wrong.status === 422 && !cookieOf(wrong), "another one does not", wrong.status);
	const said = (r, email) => r.body.replace(/<code>\w{11}<\/code>/g, "").replaceAll(email, "E-MAIL");
	tap.ok(said(wrong, mail) === said(unknown, "nobody@example.com"), "an unknown e-mail is told the same");
	sql(url, `update login set disabled_at = 1 where email = '${mail}'`);
	tap.ok((await knock(port, mail, password)).status === 422, "a disabled sign-in does not, with the right one either");
	sql(url, `update login set disabled_at = null where email = '${mail}'`);
	for (let i = 0; i < 9; i++)
		await knock(port, mail, "guess");
	tap.ok((await knock(port, mail, password)).status === 422, "after many guesses one waits, with the right one too");
	sql(url, `update login set wait_until = 0, failed = 0 where email = '${mail}'`);
	tap.ok((await knock(port, mail, password)).status === 303, "and then comes in");
}

// A session ends by idleness, by age, by its sign-out; nobody ends another's.
async function sessions({ tap, port, actor, url }) {
	const who = { cookie: cookieOf(await knock(port, mail, password)) }, of = `login_id = (select id from login where email = '${mail}')`;
	tap.ok(await isIn(port, who), "a session is in");
	for (const column of ["idle_until", "end_at"]) {
		const was = sql(url, `select max(${column}) from session where ${of}`);
		sql(url, `update session set ${column} = 1 where ${of}`);
		tap.ok(!await isIn(port, who), `a session is over by ${column}`);
		sql(url, `update session set ${column} = ${was} where ${of}`);
		tap.ok(await isIn(port, who), "and goes on before that");
	}
	const id = idText(sql(url, `select max(id) from session where ${of}`));
	const other = await ask(port, "POST", `/me/session/${id}/end`, { who: actor("seller1"), form: {} });
	tap.ok(other.status === 404 && await isIn(port, who), "nobody ends the session of another", other.status);
	const page = await ask(port, "GET", "/people", { who });
	who.csrf = /name="csrf" value="([^"]+)"/.exec(page.body)[1];
	tap.ok((await ask(port, "POST", "/sign-out", { who, form: {} })).status === 303 && !await isIn(port, who), "a session that signed out is over");
}

// Two hands that hold one link: one comes in.
async function once({ tap, port, program, url }) {
	for (let i = 0; i < 5; i++) {
		const secret = linkFor(program, url, mail), both = await Promise.all([0, 1, 2].map((n) => ask(port, "POST", `/l/${secret}`, { form: { password: `${password} ${n}` } })));
		tap.ok(both.filter((r) => r.status === 303 && cookieOf(r)).length === 1, "a link that three open at once lets in one", both.map((r) => r.status).join(" "));
	}
}

// O4, O5: products, the process, skills, people and the company are written by administrators and the head.
async function writers({ tap, port, actor, admin, send, words, written }) {
	const theirs = ["accounts", "contacts", "deals", "completed-steps", "stakeholders", "documents", "activities", "mentions", "blockers", "charters", "absences"], wrong = [], before = await written();
	for (const name of ["seller1", "manager1", "leader", "member", "outsider"])
		for (const word of words.filter((w) => !theirs.includes(w))) {
			const list = JSON.parse((await ask(port, "GET", `/api/v1/${word}?limit=1`, { who: admin })).body), row = list.data[0];
			const tries = [["POST", `/api/v1/${word}`, { name: "Somebody's own", currency: "EUR" }],
				...(row ? [["PATCH", `/api/v1/${word}/${row.id}`, { version: row.version, name: "Renamed" }], ["DELETE", `/api/v1/${word}/${row.id}?version=${row.version}`, {}]] : [])];
			for (const [method, to, json] of name === "outsider" ? tries.slice(1) : tries) {
				const r = await send(method, actor(name), to, json);
				if (r.status < 400 || r.status >= 500)
					wrong.push(`${name}: ${method} ${to.replace(/\/\w{11}/, "/ID")}: ${r.status}`);
			}
		}
	tap.ok(!wrong.length, "who is no administrator writes no record of the company", wrong.join("\n"));
	tap.ok((await written()) === before, "and nothing was written");
}

async function all(world) {
	await passwords(world);
	await sessions(world);
	await once(world);
	if (world.send)
		await writers(world);
}

module.exports = { all };
