// Letters by SMTP, on both databases (L5, L1a), against Debian's aiosmtpd: Monday's brief for head, manager and seller, what a day asks, the
// head's one link that answers without a sign-in, one click to end a kind (RFC 8058), each letter once, tries after a refusal that
// passes and none after one that stays, TLS and a wrong password, and that nobody reads in a letter what their pages do not say.
//     node mail.js PROGRAM
"use strict";
const { spawnSync } = require("child_process");
const fs = require("fs");
const path = require("path");
const { fresh, command, serve, enter, ask, sql, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");
const { smtp, mailer, words, linksOf } = require("./letters.js");

const program = process.argv[2], tap = new Tap(), run = mailer(program);
const monday = (() => { const d = new Date(Date.now() + 86400000); while (d.getUTCDay() !== 1) d.setUTCDate(d.getUTCDate() + 1); return d.toISOString().slice(0, 10); })();
const after = (n) => new Date(Date.parse(monday) + n * 86400000).toISOString().slice(0, 10);

async function company(url, port, link) {
	const c = new Company(port, await enter(port, link, {}), url, program);
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Ada", "Mara"], ["Bo", "Mara"], ["Cleo", "Mara"]])
		await c.person(n, m);
	await c.post("/company/head", { head: c.ids.Hanna }).catch(() => c.post("/company", { head: c.ids.Hanna }));
	for (const n of ["Hanna", "Mara", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	await c.post("/coaching/start", { weekday: "2", start: "09:00", length: "30" }, c.Mara);
	return c;
}

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Bus & Söhne", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), mail = await smtp("--refuse", "bo@example.com");
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	const c = await company(base.url, s.port, s.link), server = `smtp://127.0.0.1:${mail.port}`;
	const to = (who) => mail.letters.filter((l) => l.to[0] === `${who}@example.com`);

	// Something for each: a promise to Mara, a blocker for Hanna, a private note of Mara's that is nobody else's.
	await c.post("/commitments", { when_: "the offer to Kestrel lies there", then_: "call their buyer", due: after(2), owed_to: c.ids.Mara }, c.Ada);
	await c.post("/commitments", { when_: "they ask", then_: `write "<img src=x onerror=alert(1)>" & see https://evil.example/x`, due: after(1), owed_to: c.ids.Mara }, c.Ada);
	await c.post("/blockers", { text: "No price list for Norway", owner: c.ids.Hanna, due: after(3) }, c.Mara);
	const early = await run(base.url, `${monday}T05:00:00Z`, server);
	ok(early.status === 0 && /^0 sent/m.test(early.said) && mail.letters.length === 0, "nothing before half past six", early.said + early.errors);
	const first = await run(base.url, `${monday}T07:00:00Z`, server);
	ok(first.status === 0 && /hanna@example.com\tsent/.test(first.said) && /mara@example.com\tsent/.test(first.said) && /ada@example.com\tsent/.test(first.said), "L5: a brief to each role on Monday", first.said + first.errors);
	ok(!/cleo/.test(first.said), "who cannot sign in gets none", first.said);
	ok(/bo@example.com\tfailed\t.*550/.test(first.said), "an address that is refused for good is not tried again", first.said);
	const again = await run(base.url, `${monday}T07:05:00Z`, server);
	ok(/^0 sent/m.test(again.said), "each letter once", again.said);

	const ada = to("ada")[0], mara = to("mara")[0], hanna = to("hanna")[0];
	ok(ada.headers.from === "Ridealong für Bus <sales@example.com>" && ada.sender === "sales@example.com" && ada.headers.to === "Ada <ada@example.com>", "names outside ASCII arrive whole", ada.headers);
	ok(ada.defects.length === 0 && ada.type === "text/plain" && ada.longest <= 80 && ada.headers["auto-submitted"] === "auto-generated", "Python's parser finds no defect; no line is longer than 80", ada.defects.concat(ada.longest));
	ok(new RegExp(`Due .*to Mara: when the offer to Kestrel lies there, then I call their buyer`).test(ada.text) && /with Mara\. Bring one thing/.test(ada.text), "a seller reads what they owe, and the session", ada.text);
	for (const l of mail.letters) {
		ok(l.root === "multipart/alternative" && l.parts.join() === "multipart/alternative,text/plain,text/html", `${l.to[0]}: text and HTML, each readable alone`, l.parts);
		ok(words(l.text) === words(l.html) && words(l.text).length > 100, `${l.to[0]}: both say the same words`, [words(l.text), words(l.html)]);
		ok(linksOf(l.text).length > 3 && linksOf(l.text).join() === linksOf(l.html).join(), `${l.to[0]}: both lead to the same places`, [linksOf(l.text), linksOf(l.html)]);
		ok(!/<(img|script|link|iframe|form|object)\b|\bsrc=|url\(|@import/i.test(l.html.replace(/&lt;.*?&gt;/g, "")) && /color-scheme" content="light dark"/.test(l.html), `${l.to[0]}: nothing from outside, and dark where the reader is`, l.html.slice(0, 900));
	}
	ok(ada.html.includes("&lt;img src=x onerror=alert(1)&gt;") && ada.html.includes("evil.example/x") && !/href="https?:\/\/evil/.test(ada.html), "what somebody typed is text: no element, no link", ada.html);
	ok(/Bus & Söhne sends you this once a week/.test(ada.text) && !/COACH FIRST|AS A LEADER/.test(ada.text), "and no leader's part", ada.text);
	ok(/COACH FIRST THIS WEEK\n- /.test(mara.text) && /09:00–09:30, with Ada/.test(mara.text), "a manager reads whom to coach first", mara.text);
	ok(/Mara waits for your answer: No price list for Norway/.test(hanna.text) && /about two minutes, without a sign-in/.test(hanna.text), "L1a: the head reads what waits, and one link", hanna.text);
	ok(!/1 blocker waits/.test(hanna.text), "L1a: what waits is said once", hanna.text);
	ok(!mail.letters.some((l) => l !== hanna && /No price list for Norway/.test(l.text)), "a blocker is its owner's", "");

	// L1a: the link answers without a sign-in.
	const brief = /https:\/\/sales\.example\.com(\/l\/[\w-]+)/.exec(hanna.text)[1], page = await ask(s.port, "GET", brief);
	const row = /name="row" value="(\w{11})"/.exec(page.body);
	ok(page.status === 200 && row, "L1a: the mailed link opens the brief", page.status);
	const answered = await ask(s.port, "POST", brief, { form: { act: "answer", row: row[1], answer: "By Friday, with the list of Sweden" } });
	ok(answered.status === 303 && /By Friday/.test((await c.get("/blockers", c.Mara)).body), "L1a: and takes the answer");

	// RFC 8058: a program posts, a person is asked first.
	const stop = /<https:\/\/sales\.example\.com(\/l\/[\w-]+)>/.exec(ada.headers["list-unsubscribe"])[1];
	ok(ada.headers["list-unsubscribe-post"] === "List-Unsubscribe=One-Click" && ada.text.includes(stop), "the way to end it stands in the head and in the text", ada.headers);
	const asked = await ask(s.port, "GET", stop);
	ok(/End this kind of letter to Ada/.test(plain(asked.body)) && /Wanted.*Weekly brief|Weekly brief.*Wanted/.test(plain((await c.get("/mail", c.Ada)).body)), "looking at the link ends nothing", plain(asked.body));
	await ask(s.port, "POST", stop, { form: { "List-Unsubscribe": "One-Click" } });
	ok(/Weekly brief Ended/.test(plain((await c.get("/mail", c.Ada)).body)), "one click ends it", plain((await c.get("/mail", c.Ada)).body).slice(0, 900));
	ok((await ask(s.port, "GET", stop.slice(0, -2) + "xx")).status === 404, "a link that is not ours ends nothing");

	// The day: Tuesday's session; Wednesday the promise is due; Thursday asks nothing of Ada.
	const n = to("ada").length;
	await run(base.url, `${after(1)}T07:00:00Z`, server);
	ok(to("ada").length === n + 1 && /^- today, 09:00–09:30, with Mara/m.test(to("ada")[n].text) && /^Subject|Today asks: /m.test(to("ada")[n].headers.subject), "a session today is told in the morning", to("ada").slice(n));
	await run(base.url, `${after(2)}T07:00:00Z`, server);
	ok(to("ada").length === n + 2 && /Due today to Mara/.test(to("ada")[n + 1].text), "a promise that is due today is told", to("ada").slice(n + 1));
	await run(base.url, `${after(4)}T07:00:00Z`, server);
	ok(to("ada").length === n + 2, "a day that asks nothing new writes nothing", to("ada").slice(n + 2));
	await run(base.url, `${after(5)}T07:00:00Z`, server);
	ok(to("ada").length === n + 2, "nothing on Saturday");
	await run(base.url, `${after(7)}T07:00:00Z`, server);
	ok(!to("ada").slice(n + 2).some((l) => /Your week/.test(l.headers.subject)) && to("mara").some((l) => l.headers.date.includes(`${Number(after(7).slice(8))} `) && /Your week/.test(l.headers.subject)), "who ended the brief gets none next Monday; others do", to("mara").map((l) => l.headers.date));
	await c.post("/mail", { kind: "brief", off: "no" }, c.Ada);
	await run(base.url, `${after(14)}T07:00:00Z`, server);
	ok(to("ada").some((l) => /Your week/.test(l.headers.subject) && l !== ada), "wanted again, it comes again", to("ada").map((l) => l.headers.subject));
	const bad = await c.post("/mail", { kind: "party", off: "yes" }, c.Ada, 422);
	ok(/is no kind of letter/.test(plain(bad.body)), "a kind that is none is named");

	await hard(kind, base, c, mail, ok);
	await s.stop();
	await mail.stop();
	base.drop();
}

// Servers that are away, refuse for now, want TLS or a password.
async function hard(kind, base, c, mail, ok) {
	const later = await smtp("--later", "mara@example.com"), at = `smtp://127.0.0.1:${later.port}`;
	const away = await run(base.url, `${after(21)}T07:00:00Z`, "smtp://127.0.0.1:1");
	ok(away.status === 0 && /waiting\t/.test(away.said) && /^0 sent/m.test(away.said), "a server that is away: the letter waits", away.said + away.errors);
	const soon = await run(base.url, `${after(21)}T07:00:30Z`, at);
	ok(/ada@example.com\tsent/.test(soon.said) && /hanna@example.com\twaiting\t/.test(away.said) && !/hanna/.test(soon.said), "one was tried, the others kept their tries and go out when it is back; that one waits", away.said + soon.said);
	const then = await run(base.url, `${after(21)}T07:01:30Z`, at);
	ok(/mara@example.com\twaiting\t.*451/.test(then.said), "refused for now: it waits longer", then.said);
	for (const hour of ["08", "10", "13", "23"])
		await run(base.url, `${after(21)}T${hour}:00:00Z`, at);
	const last = await run(base.url, `${after(22)}T14:00:00Z`, at);
	ok(/mara@example.com\tfailed\t/.test(last.said), "after six tries it has failed", last.said);
	ok(/1 of this week failed|letters wait for another try/.test(plain((await c.get("/health")).body)) || /no server is named/.test(plain((await c.get("/health")).body)), "the health page tells of it");
	await later.stop();

	const folder = fs.mkdtempSync(path.join(process.env.TMPDIR || "/var/tmp", "ridealong-mail.")), pem = path.join(folder, "pem"), word = path.join(folder, "word");
	spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path.join(folder, "key"), "-out", path.join(folder, "crt"), "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]);
	fs.writeFileSync(pem, fs.readFileSync(path.join(folder, "key"), "utf8") + fs.readFileSync(path.join(folder, "crt"), "utf8"));
	fs.writeFileSync(word, "right word\nsecond line\n");
	const tls = await smtp("--user", "sales@example.com", "--password", "right word", "--cert", pem), who = `smtp://sales@example.com@127.0.0.1:${tls.port}`;
	const strange = await run(base.url, `${after(28)}T07:00:00Z`, who, "--mail-password-file", word);
	ok(/waiting\t/.test(strange.said) && !tls.letters.length, "a certificate nobody vouches for is not trusted", strange.said + strange.errors);
	fs.writeFileSync(path.join(folder, "wrong"), "wrong word\n");
	const wrong = await run(base.url, `${after(28)}T07:02:00Z`, who, "--mail-password-file", path.join(folder, "wrong"), "--mail-ca-file", path.join(folder, "crt"));
	ok(/waiting\t.*(denied|535)/i.test(wrong.said) && !tls.letters.length, "a wrong password: the letters wait for the mend", wrong.said + wrong.errors);
	const right = await run(base.url, `${after(28)}T07:09:00Z`, who, "--mail-password-file", word, "--mail-ca-file", path.join(folder, "crt"));
	ok(/mara@example.com\tsent/.test(right.said) && tls.letters.length && tls.letters.every((l) => l.tls), "with both right they go out, by TLS", right.said + right.errors);
	await tls.stop();
	fs.rmSync(folder, { recursive: true });

	for (const [words, said] of [[["--mail", "ftp://x"], /smtp:\/\/host:587/], [["--mail", "smtp://u:p@h"], /does not belong into the address/], [["--mail-from", "nobody"], /sender is written as/],
		[["--mail-from", "A\r\nBcc: x@example.com <a@b.c\r\nX: y>"], /sender is written as/], [["--mail", "smtp://u@h"], /belong together/], [["--mail-password-file", "/nowhere"], /cannot be read/],
		[["--address", "sales.example.com"], /what people type/], [["--at", "Monday"], /is written as/]]) {
		const r = await run(base.url, `${after(28)}T07:00:00Z`, "smtp://127.0.0.1:1", ...words);
		ok(r.status === 2 && said.test(r.errors), `${words[0]} ${JSON.stringify(words[1])} is refused in words`, r.errors);
	}
	ok(sql(base.url, "select count(*) from change_line where record = 'mail' and (after_ like '%/l/%' or before_ like '%/l/%')") === "0", "no link stands in the history");
	const dry = spawnSync(program, ["mail", "--db", base.url, "--dry-run", "--at", `${after(35)}T07:00:00Z`], { encoding: "utf8" });
	ok(dry.status === 0 && /To: Mara <mara@example.com>/.test(dry.stdout) && /none was sent/.test(dry.stdout), "--dry-run shows them and sends none", dry.stdout.slice(0, 400) + dry.stderr);
	const sample = fresh(kind);
	command(program, sample.url, "demo");
	const none = await run(sample.url, `${after(28)}T07:00:00Z`, `smtp://127.0.0.1:${mail.port}`);
	ok(/^0 sent/m.test(none.said), "a sample company mails nobody", none.said + none.errors);
	sample.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((error) => { console.log(`not ok - ${error.stack}`); process.exit(1); });
