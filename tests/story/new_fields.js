// Columns without a place become fields of the company's own, made with the import (D5): offered with the kind that the values are fit for,
// said in the dry run, found again by the next file of these headers, taken back with the import unless somebody uses one elsewhere. Names
// that are taken, or of another kind, are refused by column.
//     node new_fields.js PROGRAM
"use strict";
const http = require("http");
const { fresh, command, serve, enter, ask, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const file = "Id,Deal name,Owner,Stage,Amount,Plants visited,Signed NDA,Their words,Kick-off,Fee,Product,Discount\nA1,Acorn,Ada,Qualify,100,3,yes,=1+1 <b>,2026-03-01,\"EUR 1,200.50\",x,12.5\nA2,Birch,Ada,Qualify,200,,no,,,,y,-0.125\nA3,Cedar,Ada,Qualify,300,12,yes,plain,2026-04-02,EUR 5,z,7\n";

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Columns", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program), who = c.admin;
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	await c.person("Hanna");
	await c.person("Ada", "Hanna");
	await c.post("/company/me", { person: c.ids.Hanna });
	const own = async () => JSON.parse((await c.get("/api/v1/own-fields")).body).data;
	const upload = async (text) => {
		const begun = JSON.parse((await ask(s.port, "POST", "/import/upload", { who, form: { size: Buffer.byteLength(text) } })).body);
		const sent = await new Promise((done, fail) => {
			const r = http.request({ port: s.port, method: "PUT", path: `/import/${begun.id}/slice?offset=0`, host: "127.0.0.1", headers: { Cookie: `__Host-ridealong=${who.cookie}`, "X-CSRF": who.csrf, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/octet-stream", "Content-Length": Buffer.byteLength(text) } }, (x) => { x.resume(); x.on("end", () => done(x.statusCode)); });
			r.on("error", fail).end(text);
		});
		if (sent !== 200)
			throw new Error(`slice: ${sent}`);
		return begun.id;
	};
	const heads = file.split("\n")[0].split(",");
	const fields = (page) => Object.fromEntries([...page.matchAll(/<select id="(m\d+)".*?<\/select>/gs)].map((m) => [m[1], /value="([^"]*)" selected/.exec(m[0])?.[1] ?? ""]));
	const offers = (page, n) => new RegExp(`<select id="m${n}".*?</select>`, "s").exec(page)[0].match(/new-\w+/g)?.join(" ") ?? "";
	const columns = async (id) => (await c.get(`/import/${id}?kind=deals&name=more.csv`)).body;
	const form = (page, more) => ({ kind: "deals", name: "more.csv", as_of: "", map: (/<textarea name="map"[^>]*>([^<]*)</.exec(page) || ["", ""])[1].replace(/&gt;/g, ">").replace(/&#34;|&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&"), source: "crm", currency: "EUR", ...fields(page), ...more });

	let id = await upload(file), page = await columns(id);
	ok(["new-number", "new-yesno", "new-text", "new-day", "new-money", "", "new-decimal"].every((x, i) => !x || offers(page, 5 + i) === x), "each column is offered a field of the kind that its values are fit for", [5, 6, 7, 8, 9, 11].map((i) => offers(page, i)).join(" | "));
	ok(/A new field of our own: whole number/.test(page), "in words");
	const wish = { m5: "new-number", m6: "new-yesno", m7: "new-text", m8: "new-day", m9: "new-money", m10: "", m11: "new-decimal" };
	const taken = await ask(s.port, "POST", `/import/${id}`, { who, form: form(page, { ...wish, m10: "new-text", do: "dry" }) });
	ok(/column Product: “Product” is a field that is there already/.test(plain(taken.body)), "a name that is taken is refused by its column", plain(taken.body).slice(-1500));
	const dry = await ask(s.port, "POST", `/import/${id}`, { who, form: form(page, { ...wish, do: "dry" }) });
	ok(dry.status === 200 && /6 fields of our own/.test(plain(dry.body)) && /Plants visited \(Whole number\), Signed NDA \(Yes or no\), Their words \(Text\), Kick-off \(Day\), Fee \(Amount\), Discount \(Number with decimals\)/.test(plain(dry.body)) && /Import 3 rows/.test(plain(dry.body)), "the dry run says what will be made, and what undo does", plain(dry.body).slice(0, 2500));
	ok((await own()).length === 0, "and makes nothing");
	const run = await ask(s.port, "POST", `/import/${id}/run`, { who, form: form(page, wish), timeout: 60000 });
	const first = /done\/(\w+)/.exec(run.headers.location || "")?.[1];
	const made = await own(), of = Object.fromEntries(made.map((x) => [x.name, `f${x.id}`]));
	ok(made.map((x) => `${x.name}:${x.kind}`).sort().join(" ") === "Discount:decimal Fee:money Kick-off:day Plants visited:number Signed NDA:yesno Their words:text" && first, "the import makes them", JSON.stringify(made).slice(0, 400) + run.status + plain(run.body).slice(0, 600));
	const acorn = await c.find("Acorn"), text = (await c.get(`/deals/${acorn}`)).body;
	ok(/Plants visited 3/.test(plain(text)) && /Signed NDA Yes/.test(plain(text)) && /Fee €1,200\.50/.test(plain(text)) && /Discount 12\.5/.test(plain(text)) && /Kick-off 1 March 2026/.test(plain(text)) && !/=1\+1 <b>/.test(text), "with the values of the rows", plain(text).slice(0, 2500));
	ok(/Acorn/.test((await c.get(`/deals?${of["Plants visited"]}.most=3`)).body) && !/Cedar/.test((await c.get(`/deals?${of["Plants visited"]}.most=3`)).body), "and to filter by");

	// The next file with these headers finds them: nothing is made twice.
	id = await upload(file.replace("Acorn,Ada,Qualify,100,3", "Acorn,Ada,Qualify,100,4"));
	page = await columns(id);
	ok(/Read as the last file with these headers/.test(page) && fields(page).m5 === "new-number", "the mapping is remembered");
	const second = await ask(s.port, "POST", `/import/${id}/run`, { who, form: form(page, { m10: "" }), timeout: 60000 });
	ok((await own()).length === 6 && /Plants visited 4/.test(plain((await c.get(`/deals/${acorn}`)).body)), "and the fields are those that are there", plain(second.body).slice(0, 600));
	const odd = await ask(s.port, "POST", `/import/${await upload(file)}`, { who, form: form(page, { m5: "new-text", m10: "", do: "dry" }) });
	ok(/“Plants visited” is a field of our own of another kind/.test(plain(odd.body)), "one of another kind is refused", plain(odd.body).slice(-1500));

	const fine = await ask(s.port, "POST", `/import/${await upload(file.replace("12.5", "0.1234567"))}`, { who, form: form(page, { m10: "", do: "dry" }) });
	ok(/has more than six digits behind the point/.test(plain(fine.body)), "what is finer than a field keeps is refused, not rounded", plain(fine.body).slice(-1500));

	// Taken back: what is used elsewhere stays, and is named.
	await ask(s.port, "POST", `/import/undo/${/done\/(\w+)/.exec(second.headers.location)[1]}`, { who, form: {} });
	await c.post("/deals", { name: "Dahlia", owner: c.ids.Ada, [of["Their words"]]: "ours" });
	const back = await ask(s.port, "POST", `/import/undo/${first}`, { who, form: {} });
	const left = (await own()).map((x) => x.name).join(" ");
	ok(left === "Their words" && !/Acorn/.test(plain((await c.get("/deals")).body)) && /Their words/.test(plain(back.body) || plain((await c.get(`/import/done/${first}`)).body)), "undo takes them back, save the one that somebody filled in elsewhere, which is named", `${left} ${back.status} ${plain(back.body).slice(0, 900)}`);
	await choices(c, ok, { upload, columns, offers, form, fields, own, who, port: s.port });
	ok(s.code === undefined, "the program still runs", s.errors);
	await s.stop();
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing", command(program, base.url, "check"));
	base.drop();
}

// Few texts that come again and again are a list: its choices are the values that the file has, and grow with the next one.
async function choices(c, ok, { upload, columns, offers, form, own, who, port }) {
	const tiers = ["Gold", "Silver", "gold", "Bronze"];
	const rows = (n, more = "") => `Id,Deal name,Owner,Stage,Amount,Tier,Remark\n${Array.from({ length: n }, (_, i) => `T${i},Deal ${i},Ada,Qualify,100,${tiers[i % 4]},remark ${i}`).join("\n")}\n${more}`;
	const to = (name) => ask(port, "POST", `/import/${name}`, { who, form: {} });
	let id = await upload(rows(24)), page = await columns(id);
	ok(offers(page, 5) === "new-text new-choice" && offers(page, 6) === "new-text", "few values that repeat are guessed as a choice, others are not", `${offers(page, 5)} | ${offers(page, 6)}`);
	ok(/4 values in 24 rows: /.test(plain(page)), "with what speaks for it", plain(page).slice(1500, 4000));
	const dry = await ask(port, "POST", `/import/${id}`, { who, form: form(page, { m5: "new-choice", m6: "", do: "dry" }) });
	ok(/Tier \(Choice\)/.test(plain(dry.body)) && /Tier gets 3 choices: the values that the file has/.test(plain(dry.body)) && /Import 24 rows/.test(plain(dry.body)), "the dry run says how many choices it gets", plain(dry.body).slice(300, 2500));
	const first = await ask(port, "POST", `/import/${id}/run`, { who, form: form(page, { m5: "new-choice", m6: "" }), timeout: 60000 }), tier = async () => (await own()).find((x) => x.name === "Tier");
	ok((await tier())?.kind === "choice" && (await tier()).choices === "Gold\nSilver\nBronze", "made with the values of the file, a spelling once", JSON.stringify(await own()).slice(0, 600) + plain(first.body).slice(0, 500));
	const deal = await c.find("Deal 2");
	ok(/Tier Gold/.test(plain((await c.get(`/deals/${deal}`)).body)), "and each row has its own", plain((await c.get(`/deals/${deal}`)).body).slice(0, 2000));
	id = await upload(rows(24, "T90,Deal 90,Ada,Qualify,100,Copper,x\n"));
	page = await columns(id);
	const more = await ask(port, "POST", `/import/${id}/run`, { who, form: form(page, { m5: "new-choice", m6: "" }), timeout: 60000 });
	ok((await tier()).choices === "Gold\nSilver\nBronze\nCopper", "the next file brings one more", (await tier()).choices + plain(more.body).slice(0, 900));
	await to(`undo/${/done\/(\w+)/.exec(more.headers.location)[1]}`);
	ok((await tier()).choices === "Gold\nSilver\nBronze", "which undo takes off again", (await tier()).choices);
	id = await upload(rows(4, Array.from({ length: 70 }, (_, i) => `M${i},Many ${i},Ada,Qualify,100,Kind ${i},x`).join("\n")));
	page = await columns(id);
	const many = await ask(port, "POST", `/import/${id}`, { who, form: form(page, { m5: "new-choice", m6: "", do: "dry" }) });
	ok(/is no value of the field Tier/.test(plain(many.body)) && /Rejected 13/.test(plain(many.body)), "what is more than a list holds is refused by row", plain(many.body).slice(300, 1800));
	await to(`undo/${/done\/(\w+)/.exec(first.headers.location)[1]}`);
	ok(!(await tier()), "and undo takes the field back");
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of new fields ran", e.stack); tap.end(); });
