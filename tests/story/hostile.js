// Every form of every page that a head who administers can reach, sent with each field missing and with what nobody means to type:
// no answer is an error of the program, no markup comes back as markup, and afterwards check finds nothing.
//     node hostile.js PROGRAM
"use strict";
const http = require("http");
const { fresh, serve, ask, enter, command, sql, Tap, kinds } = require("./drive.js");

const program = process.argv[2], tap = new Tap();
const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
const markup = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>";
// As they stand in the body, percent-encoded where a form would.
const hostile = ["", encodeURIComponent(markup), "x".repeat(70000), "-1", "99999999999999999999999", "2026-02-30", "9999-12-31", "1e309", "%00", "%ff%fe", "%F0%9F%92%A9%E2%80%AE",
	encodeURIComponent("' or 1=1; drop table deal; --"), "00000000001", encodeURIComponent("../../../etc/passwd"), encodeURIComponent("=1+1\r\nSet-Cookie: a=b")];
// What would end the session or the company that is being tried, or only leads elsewhere.
const spared = /^\/(sign-out|sign-in|demo|me\/session|import\/\w+\/run)|\/remove$/;

const text = (s) => s.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const shape = (address) => address.replace(/[?#].*/, "").replace(/\b[0-9a-hjkmnp-tv-z]{11}\b/g, ":");

// The forms of a page that post: where to, and their fields as a browser would send them.
function formsOf(html) {
	const forms = [];
	for (const m of html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
		const action = text((/action="([^"]*)"/.exec(m[1]) || [])[1] || ""), fields = new Map();
		if (!/method="post"/i.test(m[1]) || !action.startsWith("/"))
			continue;
		for (const f of m[2].matchAll(/<(input|select|textarea|button)([^>]*)>(?:([\s\S]*?)<\/\1>)?/g)) {
			const name = (/\bname="([^"]*)"/.exec(f[2]) || [])[1], value = (/\bvalue="([^"]*)"/.exec(f[2]) || [])[1];
			if (!name || /type="file"/.test(f[2]))
				continue;
			const inside = f[1] === "select" ? (/<option[^>]*value="([^"]*)"[^>]*selected/.exec(f[3] || "") || /<option[^>]*value="([^"]+)"/.exec(f[3] || "") || [])[1] : f[1] === "textarea" ? f[3] : value;
			if (!fields.has(name))
				fields.set(name, text(inside || ""));
		}
		forms.push({ action, fields });
	}
	return forms;
}

function send(port, who, to, pairs) {
	const body = pairs.map(([k, v]) => `${encodeURIComponent(k)}=${v}`).join("&");
	return new Promise((done, fail) => {
		const q = http.request({ host: "127.0.0.1", port, method: "POST", path: to, agent, timeout: 30000,
			headers: { Cookie: `__Host-ridealong=${who.cookie}`, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded", "Content-Length": Buffer.byteLength(body) } }, (r) => {
			const parts = [];
			r.on("data", (x) => parts.push(x));
			r.on("end", () => done({ status: r.statusCode, headers: r.headers, body: Buffer.concat(parts).toString() }));
		});
		q.on("timeout", () => q.destroy(new Error("no answer in time")));
		q.on("error", fail);
		q.end(body);
	});
}

// Every page once for each shape of its address.
async function crawl(port, who) {
	const seen = new Set(), waiting = ["/today", "/company", "/welcome", "/people/new", "/deals/new", "/commitments/new", "/brief", "/me"], forms = new Map(), odd = [];
	while (waiting.length && seen.size < 300) {
		const to = waiting.shift();
		if (seen.has(shape(to)) || /^\/(api|assets|live|l)\//.test(to))
			continue;
		seen.add(shape(to));
		const page = await ask(port, "GET", to, { who, timeout: 60000 });
		if (page.status >= 500)
			odd.push(`${page.status} GET ${to}`);
		if (!/html/.test(page.headers["content-type"] || ""))
			continue;
		for (const f of formsOf(page.body))
			if (!spared.test(f.action)) {
				const key = `${shape(f.action)} ${[...f.fields.keys()].join(" ")}`.replace(/\b[0-9a-hjkmnp-tv-z]{11}\b/g, ":");
				if (!forms.has(key))
					forms.set(key, f);
			}
		waiting.push(...[...page.body.matchAll(/<a[^>]*href="(\/[^"]*)"/g)].map((m) => text(m[1])));
	}
	return { forms: [...forms.values()], pages: seen.size, odd };
}

// With PostgreSQL each field meets a third of the values, the next one the next third: the forms are the same.
async function tryForm(kind, port, who, form, odd, answers) {
	const own = [...form.fields].map(([k, v]) => [k, k === "csrf" ? encodeURIComponent(who.csrf) : encodeURIComponent(v)]), all = [];
	for (const name of form.fields.keys()) {
		if (name === "csrf")
			continue;
		const rest = own.filter(([k]) => k !== name);
		all.push([`without ${name}`, rest], [`${name} twice`, [...own, [name, "1"]]]);
		for (const value of hostile.filter((_, i) => kind === "sqlite" || (i + all.length) % 3 === 0))
			all.push([`${name}=${value.slice(0, 40)}`, [...rest, [name, value]]]);
	}
	let n = 0;
	for (let at = 0; at < all.length; at += 8)
		await Promise.all(all.slice(at, at + 8).map(async ([what, pairs]) => {
			const fresh_ = pairs.map(([k, v]) => (k === "idem" && !what.includes("idem") ? [k, `h${++n}${Math.random()}`] : [k, v]));
			const r = await send(port, who, form.action, fresh_).catch((e) => ({ status: 0, headers: {}, body: e.message }));
			answers.set(r.status, (answers.get(r.status) || 0) + 1);
			if (r.status === 0 || r.status >= 500)
				odd.push(`${r.status} POST ${form.action} ${what}: ${r.body.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").slice(-200)}`);
			if (/<img src=x|<script>alert/.test(r.body) || r.headers["set-cookie"] && /a=b/.test(String(r.headers["set-cookie"])))
				odd.push(`markup came back from ${form.action} ${what}`);
		}));
	return all.length;
}

async function story(kind) {
	const base = fresh(kind), odd = [], answers = new Map();
	command(program, base.url, "demo", "--seed", "3", "--deals", "400");
	const s = await serve(program, base.url), who = await enter(s.port, s.link, {});
	const head = sql(base.url, "select head from company where id = org_id and head is not null");
	sql(base.url, `update membership set person = ${head}, admin = 1 where login_id = (select login_id from session limit 1)`);
	const found = await crawl(s.port, who);
	tap.ok(found.pages > 25 && found.forms.length > 20 && !found.odd.length, `${kind}: ${found.forms.length} forms on ${found.pages} pages`, found.odd.join("\n"));
	let n = 0;
	for (const form of found.forms)
		n += await tryForm(kind, s.port, who, form, odd, answers);
	const count = (...statuses) => statuses.reduce((sum, x) => sum + (answers.get(x) || 0), 0);
	tap.ok(!odd.length && n > 1000, `${kind}: ${n} hostile forms, none an error of the program`, odd.join("\n"));
	tap.ok(count(303) > 100 && count(422) > 300 && count(400) > 100 && count(403) * 20 < n, `${kind}: they were taken (${count(303)}), told at the field (${count(422)}) or refused unread (${count(400)})`, JSON.stringify([...answers]));
	const after = await crawl(s.port, who), raw = [];
	for (const to of ["/today", "/people", "/deals", "/board?scope=all", "/commitments", "/coaching", "/accounts", "/company", "/me", "/deals.csv"]) {
		const r = await ask(s.port, "GET", to, { who, timeout: 60000 });
		if (r.status >= 500 || !to.endsWith("csv") && /<img src=x|<script>alert/.test(r.body))
			raw.push(`${r.status} ${to}`);
	}
	tap.ok(!raw.length && !after.odd.length && s.code === undefined, `${kind}: every page still answers, and shows markup as text`, [...raw, ...after.odd, s.errors.slice(-2000)].join("\n"));
	await s.stop();
	let said = "";
	try { command(program, base.url, "check"); } catch (e) { said = e.message; }
	tap.ok(!said, `${kind}: check finds nothing`, said);
	base.drop();
}

(async () => {
	for (const kind of kinds().filter((k) => k === "sqlite" || !process.argv.includes("--lite")))
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of hostile forms ran", e.stack); tap.end(); });
