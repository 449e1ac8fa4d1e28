// Invitations by copied link: several people at once get a link each, which lets its owner choose a password, once; who has one, has
// left or has no e-mail is not asked; a sign-in of another company is never opened so.
//     node invite.js PROGRAM
"use strict";
const { fresh, serve, ask, enter, sql, command, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();

async function story(kind) {
	const base = fresh(kind), ok = (good, what, detail) => tap.ok(good, `${kind}: ${what}`, detail);
	command(program, base.url, "init", "--company", "Invite", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	for (const [name, manager] of [["Hanna"], ["Mara", "Hanna"], ["Sam", "Mara"], ["Gone", "Mara"]])
		await c.person(name, manager);
	await c.post("/people", { name: "Silent" });
	sql(base.url, `update person set left_on = '2020-01-01' where name = 'Gone'`);
	const page = plain((await c.get("/people/invite")).body);
	ok(["Hanna", "Mara", "Sam"].every((n) => page.includes(n)) && !/Gone|Silent/.test(page) && /1 person has no e-mail/.test(page), "the page lists who can be invited", page);
	const none = await c.post("/people/invite", {}, c.admin, 422);
	ok(/Nobody is chosen/.test(none.body), "nobody chosen is told");
	const form = new URLSearchParams([["csrf", c.admin.csrf], ...["Hanna", "Mara", "Mara"].map((n) => ["person", c.ids[n]]), ["person", "00000000001"], ["person", "?"]]);
	const made = await new Promise((done, fail) => {
		const q = require("http").request({ host: "127.0.0.1", port: s.port, method: "POST", path: "/people/invite",
			headers: { Cookie: `__Host-ridealong=${c.admin.cookie}`, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded" } },
			(r) => { let body = ""; r.on("data", (x) => { body += x; }); r.on("end", () => done({ status: r.statusCode, body })); });
		q.on("error", fail);
		q.end(form.toString());
	});
	const lines = /<textarea[^>]*>([^<]*)/.exec(made.body)[1].trim().split("\n").map((l) => l.split("\t"));
	ok(made.status === 200 && lines.length === 2 && lines[0].slice(0, 2).join(" ") === "Hanna hanna@example.com", "each chosen one gets a link, once", JSON.stringify(lines));
	for (const [name, , link] of lines) {
		const who = await enter(s.port, link.split("/l/")[1], {}, "a long road with few signs");
		ok((await ask(s.port, "GET", "/today", { who })).body.includes(name), `${name} comes in by it`);
		ok((await ask(s.port, "POST", `/l/${link.split("/l/")[1]}`, { form: { password: "another long password" } })).status === 404, "and only once");
	}
	const after = plain((await c.get("/people/invite")).body);
	ok(after.includes("Sam") && !/Hanna|Mara @/.test(after.replace(/Mara/, "")), "who has a password is not listed any more", after);
	sql(base.url, "insert into membership (org_id, login_id, admin, made_at) select 7, id, 0, 0 from login where email = 'mara@example.com'");
	sql(base.url, "update login set hash = null where email = 'mara@example.com'");
	const foreign = await c.post("/people/invite", { person: c.ids.Mara }, c.admin, 200);
	ok(/No link was made/.test(foreign.body) && !foreign.body.includes("/l/"), "a sign-in of another company too is not opened", plain(foreign.body).slice(0, 800));
	sql(base.url, "delete from membership where org_id = 7");
	await s.stop();
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing");
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of invitations ran", e.stack); tap.end(); });
