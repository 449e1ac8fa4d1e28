// Prospects and deals by the list: views of prospects kept, shared and begun with (D2), many prospects changed at once with their refusals
// named and one undo (30), fields of the company's own, whom we may know already told before they are entered twice, two merged without
// loss, the trash (29), a campaign that nothing came from removed; deals filtered by tag, and tagged together. Who may (O3).
//     node pool.js PROGRAM
"use strict";
const { fresh, command, serve, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const done = (r) => /done=(\w+)/.exec(r.headers.location)?.[1];
const idOf = (r, kind) => new RegExp(`/${kind}/(\\w+)`).exec(r.headers.location)?.[1];
const names = (body, kind = "prospects") => [...body.matchAll(new RegExp(`<th scope="row"><a href="/${kind}/\\w+">([^<]*)<`, "g"))].map((x) => x[1]).sort().join(" ");
const hidden = (body, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1].replace(/&amp;/g, "&") ?? "";
const undo = (c, r, who) => c.post(`/undo/${done(r)}`, {}, who);
const picked = async (c, query, who, page = "prospects") => ({ picked: hidden((await c.get(`/${page}/bulk?${query}`, who)).body, "picked"), query: "" });

async function people(c) {
	for (const [n, m] of [["Hanna"], ["Mara", "Hanna"], ["Ada", "Mara"], ["Bo", "Hanna"]])
		await c.person(n, m);
	for (const n of ["Mara", "Ada", "Bo"]) {
		await c.post(`/people/${c.ids[n]}/invite`, {}, c.admin, 200);
		c[n] = await c.signIn(n);
	}
	await c.post("/company/me", { person: c.ids.Hanna });
	c.fair = idOf(await c.post("/campaigns", { name: "Fair", channel: "Fair", steps: "1" }, c.Mara), "campaigns");
	c.web = idOf(await c.post("/campaigns", { name: "Web", steps: "1" }, c.Ada), "campaigns");
}

async function enters(c, ok) {
	await c.post("/company/fields", { about: "prospect", kind: "choice", name: "Size", choices: "Small\nLarge", listed: "1", filtered: "1" });
	await c.post("/company/fields", { about: "prospect", kind: "text", name: `"><b>Their words`, listed: "1", filtered: "1" });
	const form = (await c.get("/prospects/new", c.Ada)).body, [size, words] = [...form.matchAll(/name="(f[0-9A-Za-z]{11})"/g)].map((x) => x[1]);
	ok(size && words && !/<b>Their/.test(form), "a field of our own stands in the form of a prospect, its name as text", plain(form).slice(0, 600));
	c.size = size;
	const odd = await c.post("/prospects", { name: "Odd", [size]: "Huge" }, c.Ada, 422);
	ok(/“Huge” does not fit/.test(plain(odd.body)) && odd.body.includes('value="Odd"'), "what does not fit is said at the field, the rest kept");
	for (const [name, who, mine, value] of [["Lena Brandt", c.Ada, "", "Large"], ["Tom Rosen", c.Ada, "", "Small"], ["Ute Falk", c.Bo, "1", ""], ["Kim Sol", c.Bo, "", "Large"]])
		c[name.split(" ")[0]] = idOf(await c.post("/prospects", { name, company: `${name.split(" ")[1]} AG`, email: `${name.split(" ")[0].toLowerCase()}@example.net`, campaign: c.fair, pool: mine, [size]: value, [words]: value && "=1+1" }, who), "prospects");
	const list = (await c.get(`/prospects?${size}=Large`, c.Mara)).body;
	ok(names(list) === "Kim Sol Lena Brandt" && /Size is Large/.test(plain(list)) && /data-label="Size">Large</.test(list), "and in the list, its filter and its sentence", plain(list).slice(0, 900));
	const csv = (await c.get(`/prospects.csv?${size}=Large&sort=name`)).body.split("\r\n");
	ok(/,Rests until,Size,"?""?>?/.test(csv[0]) && /,Large,"'=1\+1"/.test(csv[1]) && csv.length === 4, "and in the file, guarded", csv.join("\n"));
	ok(JSON.stringify(JSON.parse((await ask(c.port, "GET", `/api/v1/prospects/${c.Lena}`, { who: c.admin })).body)).includes('"Large"'), "and in the API");
	const version = hidden((await c.get(`/prospects/${c.Tom}`, c.Ada)).body, "version");
	await c.post(`/prospects/${c.Tom}`, { version, name: "Tom Rosen", company: "Rosen AG", email: "tom@example.net", campaign: c.fair, [size]: "Large" }, c.Ada);
	ok(/Size.*Large/.test(plain((await c.get(`/prospects/${c.Tom}`, c.Bo)).body)), "it is changed on the prospect's page, and read by who may not change it");
}

async function near(c, ok) {
	const again = { name: "Lena Brand", company: "Brandt", email: "", pool: "1", note: "kept words" };
	const told = await c.post("/prospects", again, c.Bo, 422);
	ok(/This may be here already/.test(told.body) && told.body.includes(`href="/prospects/${c.Lena}"`) && /one letter apart/.test(told.body) && />\s*kept words</.test(told.body), "whom we may know already is told, what was typed stays", plain(told.body).slice(0, 900));
	ok(/the same e-mail address/.test((await c.post("/prospects", { name: "L. B.", email: "LENA@example.net" }, c.Bo, 422)).body), "by the address too");
	const other = idOf(await c.post("/prospects", { name: "Lena Brandt", company: "Quite another firm", pool: "1" }, c.Bo), "prospects");
	ok(other, "one of the same name at another firm is another person");
	await c.post("/prospects/bulk", { ...(await picked(c, `prospect=${other}`, c.admin)), act: "remove", step: "do" });
	c.twin = idOf(await c.post("/prospects", { ...again, name: "Lena Brandt", phone: "123", [c.size]: "Small", anyway: "1" }, c.Bo), "prospects");
	ok(c.twin, "and added all the same where somebody says so");
	const once = { name: "Once Only", pool: "1", idem: `once-${c.n}` }, one = await c.post("/prospects", once, c.Bo), two = await c.post("/prospects", once, c.Bo);
	ok(idOf(one, "prospects") === idOf(two, "prospects"), "sent twice, it is one prospect and no warning about itself", two.status);
	await c.post("/prospects/bulk", { ...(await picked(c, `prospect=${idOf(one, "prospects")}`, c.admin)), act: "remove", step: "do" });
	ok(/The same name: /.test(plain((await c.get(`/prospects/${c.twin}`, c.Ada)).body)), "the page of one says who bears its name");
	const pairs = (await c.get("/duplicates?of=prospect", c.Ada)).body, [older, newer] = [c.Lena, c.twin];
	ok(pairs.includes(`/duplicates/prospect/${older}/${newer}`), "two that may be one stand among the duplicates", plain(pairs).slice(0, 600));
	await c.post(`/prospects/${c.Lena}/touch`, { step: hidden((await c.get(`/prospects/${c.Lena}`, c.Ada)).body, "step"), on_day: day(0), text: "Rang" }, c.Ada);
	const pair = (await c.get(`/duplicates/prospect/${older}/${newer}`, c.Ada)).body, versions = { version_a: hidden(pair, "version_a"), version_b: hidden(pair, "version_b") };
	ok(/Size/.test(plain(pair)) && pair.includes(`name="take_${c.size}"`), "side by side, fields of our own too", plain(pair).slice(0, 700));
	const wrong = await c.post(`/duplicates/prospect/${newer}/${older}`, { version_a: versions.version_b, version_b: versions.version_a }, c.Ada, 422);
	ok(/is claimed, and the other is nobody’s; merge the other way round/.test(plain(wrong.body)), "what is worked on does not go into what is nobody's", plain(wrong.body).slice(0, 600));
	const merged = await c.post(`/duplicates/prospect/${older}/${newer}`, { ...versions, [`take_${c.size}`]: "b" }, c.Ada);
	let page = (await c.get(`/prospects/${older}`, c.Ada)).body;
	ok(page.includes('value="123"') && /Rang/.test(page) && /value="Small" selected/.test(page) && (await c.get(`/prospects/${newer}`, c.Ada)).status === 404, "one is left, with what the other knew", plain(page).slice(0, 900));
	await undo(c, merged, c.Ada);
	page = (await c.get(`/prospects/${older}`, c.Ada)).body;
	ok(!page.includes('value="123"') && /value="Large" selected/.test(page) && (await c.get(`/prospects/${newer}`, c.Ada)).status === 200, "one undo makes two of it again");
	await c.post(`/duplicates/prospect/${older}/${newer}`, { different: "1" }, c.Ada);
	ok(!/The same name: /.test(plain((await c.get(`/prospects/${older}`, c.Ada)).body)) && !(await c.get("/duplicates?of=prospect", c.Ada)).body.includes(newer), "two that are two are not asked about again");
	await c.post("/prospects/bulk", { ...(await picked(c, `prospect=${c.twin}`, c.admin)), act: "remove", step: "do" });
}

async function bulk(c, ok) {
	const all = await picked(c, "all=1&state=open", c.Mara), mine = { ...all, act: "change" };
	ok(all.picked.split(" ").length === 4, "all of a filter", all.picked);
	const tried = await c.post("/prospects/bulk", { ...mine, campaign: c.web }, c.Mara, 200);
	ok(/3 of 4 would change/.test(plain(tried.body)) && /Kim Sol is not yours to change/.test(plain(tried.body)) && /Campaign → Web/.test(plain(tried.body)), "the preview counts, and names what is not the asking person's (O3)", plain(tried.body).slice(0, 900));
	ok(names((await c.get(`/prospects?campaign=${c.web}`)).body) === "", "nothing changed by looking");
	const moved = await c.post("/prospects/bulk", { ...mine, campaign: c.web, [c.size]: "Small", step: "do" }, c.Mara);
	ok(names((await c.get(`/prospects?campaign=${c.web}&${c.size}=Small`)).body) === "Lena Brandt Tom Rosen Ute Falk", "campaign and a field of our own, of three");
	await c.post("/prospects/bulk", { ...mine, campaign: c.web, step: "do" }, c.Mara, 409);
	await undo(c, moved, c.Mara);
	ok(names((await c.get(`/prospects?campaign=${c.fair}`)).body) === "Kim Sol Lena Brandt Tom Rosen Ute Falk" && names((await c.get(`/prospects?${c.size}=Large`)).body) === "Kim Sol Lena Brandt Tom Rosen", "one step takes all of it back");
	const now = async () => ({ ...(await picked(c, "all=1&state=open", c.Mara)), act: "change" });
	for (const [form, word] of [[{ out: "Too small", back: "Later" }, "does not go with disqualifying"], [{ back: "Later" }, "is missing"], [{ back: "Later", back_on: day(-2) }, "is past"], [{ owner: "00000000001" }, "is not on the list"], [{}, "was said to change"], [{ [c.size]: "Huge" }, "does not fit"]])
		ok(plain((await c.post("/prospects/bulk", { ...(await now()), ...form }, c.Mara, 422)).body).includes(word), `refused: ${JSON.stringify(form)}`);
	const given = await c.post("/prospects/bulk", { ...(await now()), owner: c.ids.Ada, step: "do" }, c.Mara);
	ok(names((await c.get(`/prospects?owner=${c.ids.Ada}`)).body) === "Lena Brandt Tom Rosen Ute Falk", "given to somebody below, the unclaimed one too", names((await c.get(`/prospects?owner=${c.ids.Ada}`)).body));
	await undo(c, given, c.Mara);
	const back = await c.post("/prospects/bulk", { ...(await now()), back: "In spring", back_on: day(30), step: "do" }, c.Mara);
	ok(names((await c.get("/prospects?back_on.any=1")).body) === "Lena Brandt Tom Rosen" && /Given back: In spring/.test(plain((await c.get(`/prospects/${c.Lena}`)).body)), "given back with a reason and a day; what is nobody's stays");
	await undo(c, back, c.Mara);
	const out = await c.post("/prospects/bulk", { ...(await now()), out: "Too small", step: "do" }, c.Mara);
	ok(names((await c.get("/prospects?state=disqualified")).body) === "Lena Brandt Tom Rosen Ute Falk", "disqualified with a reason");
	ok(/is decided; give it back first/.test(plain((await c.post("/prospects/bulk", { ...(await picked(c, `prospect=${c.Lena}`, c.Mara)), act: "change", owner: c.ids.Mara }, c.Mara, 200)).body)), "what is decided is not given on");
	await undo(c, out, c.Mara);
	await c.post("/prospects/bulk", { ...(await picked(c, `prospect=${c.Lena}&prospect=${c.Ute}`, c.Ada)), act: "remove" }, c.Ada, 200).then((r) => ok(/1 of 2 would go/.test(plain(r.body)) && /Ute Falk is not yours/.test(plain(r.body)), "what is nobody's is not everybody's to throw away", plain(r.body).slice(0, 700)));
	await c.post("/prospects/bulk", { ...(await picked(c, `prospect=${c.Lena}`, c.Ada)), act: "remove", step: "do" }, c.Ada);
	ok((await c.get(`/prospects/${c.Lena}`, c.Ada)).status === 404 && /Lena Brandt/.test((await c.get("/trash", c.Ada)).body) && !/Lena Brandt/.test((await c.get("/trash", c.Bo)).body), "one goes to the trash, seen by who might change it");
	await c.post(/Lena Brandt.*?action="(\/trash\/\w+)"/s.exec((await c.get("/trash", c.Ada)).body)[1], {}, c.Ada);
	ok(/Rang/.test((await c.get(`/prospects/${c.Lena}`, c.Ada)).body), "and comes back with what was tried");
}

async function views(c, ok) {
	const query = `campaign=${c.fair}&state=open`, at = async (to, who) => (await c.get(to, who)).body;
	ok(/No prospect is chosen/.test(await at("/prospects/bulk", c.Ada)), "none ticked is said");
	const bad = await c.post("/prospects/views", { name: "", query }, c.Mara, 422);
	ok(/name the view/.test(plain(bad.body)), "a view wants a name", plain(bad.body).slice(0, 400));
	await c.post("/prospects/views", { name: "Fair, open", query, shared: "below", for_role: "seller", first: "1" }, c.Mara);
	const page = await at(`/prospects?${query}`, c.Mara);
	ok(/aria-current="page">Fair, open <span class="n">4</.test(page), "a filter is kept under a name, and counted", page.match(/aria-label="Views".*?<\/nav>/s)?.[0]);
	ok(/Fair, open <span class="note">Mara/.test(await at("/prospects?all=1", c.Ada)) && !/Fair, open/.test(await at("/prospects?all=1", c.Bo)), "shared with those below, and nobody else's");
	ok((await c.get("/prospects", c.Mara)).headers.location === `/prospects?${query}` && (await c.get("/prospects", c.Bo)).status === 200, "whoever chose to starts with it");
	ok((await c.get("/deals", c.Mara)).status === 200 && !/Fair, open/.test(await at("/deals?all=1", c.Mara)), "and it is no view of deals");
	await c.post("/deals/views", { name: "Fair, open", query: "outcome=open" }, c.Mara);
	ok(/>Fair, open <span class="n">4</.test(await at(`/prospects?${query}`, c.Mara)) && />Fair, open </.test(await at("/deals?all=1", c.Mara)), "a view of deals may bear the same name");
	const drop = /\/prospects\/views\/\w+\/remove/.exec(await at(`/prospects?${query}`, c.Mara))[0];
	await c.post(drop, {}, c.Bo, 404);
	await c.post(drop.replace("/prospects/", "/deals/"), {}, c.Mara, 404);
	const gone = await c.post(drop, {}, c.Mara);
	ok(!/>Fair, open </.test(await at("/prospects?all=1", c.Mara)), "a view is removed");
	await undo(c, gone, c.Mara);
	ok(/>Fair, open </.test(await at("/prospects?all=1", c.Mara)), "and comes back by undo");
	await c.post("/prospects/views/first", {}, c.Mara);
	ok((await c.get("/prospects", c.Mara)).status === 200, "all prospects again");
}

async function campaigns(c, ok) {
	const to = `/campaigns/${c.web}`, remove = async (where, who, wanted) => c.post(`${where}/remove`, { version: hidden((await c.get(where, who)).body, "version") }, who, wanted);
	ok(/It stays while 4 prospects say that they came from it/.test(plain((await c.get(`/campaigns/${c.fair}`, c.Mara)).body)), "a campaign says why it stays");
	const kept = await c.post(`/campaigns/${c.fair}/remove`, { version: "1" }, c.Mara, 422);
	ok(/is where 4 prospects came from; give them another campaign first/.test(plain(kept.body)), "and is not removed", plain(kept.body).slice(0, 500));
	await c.post(`${to}/remove`, { version: "1" }, c.Bo, 403);
	await c.post(`${to}/remove`, { version: "7" }, c.Ada, 409);
	const gone = await remove(to, c.Ada, 303);
	ok((await c.get(to, c.Ada)).status === 404 && /Web/.test(plain((await c.get("/trash", c.Ada)).body)), "one that nothing came from goes to the trash");
	await undo(c, gone, c.Ada);
	ok(/Call again, at another hour/.test((await c.get(to, c.Ada)).body), "undo brings it back with its steps");
	await remove(to, c.Ada, 303);
	await c.post(/Web.*?action="(\/trash\/\w+)"/s.exec((await c.get("/trash", c.Ada)).body)[1], {}, c.Ada);
	ok(/Call again, at another hour/.test((await c.get(to, c.Ada)).body), "so does the trash");
}

async function tags(c, ok) {
	for (const [name, owner] of [["Acorn", "Ada"], ["Birch", "Ada"], ["Cedar", "Bo"]])
		await c.post("/deals", { name, owner: c.ids[owner] });
	const acorn = await c.find("Acorn"), said = async (query, who = c.Mara) => (await c.get(`/deals?${query}`, who)).body;
	await c.post(`/deals/${acorn}/part/tag`, { name: "Key account" }, c.Ada);
	let list = await said("tag=" + encodeURIComponent("KEY account"));
	ok(names(list, "deals") === "Acorn" && /Tag is KEY account/.test(plain(list)) && /1 deals? worth/.test(plain(list)) && list.includes('<option value="Key account">'), "deals are filtered by a tag, however it is written, and the tags there are proposed", plain(list).slice(0, 800));
	ok(names(await said("tag.none=1"), "deals") === "Birch Cedar" && /Has no tag/.test(plain(await said("tag.none=1"))) && names(await said("tag.not=key%20account"), "deals") === "Birch Cedar" && names(await said("tag.has=acc"), "deals") === "Acorn", "without, not, and by a part of it");
	ok((await c.get("/deals?tag.least=a", c.Mara)).status === 422 && names(await said("tag=%25"), "deals") === "", "what is no comparison is said; a percent sign is a percent sign");
	ok(JSON.parse((await ask(c.port, "GET", "/api/v1/deals?tag=key%20account&count=true", { who: c.admin })).body).data.length === 1, "a program filters the same way");
	const three = { ...(await picked(c, "all=1&outcome=open", c.Mara, "deals")), act: "change", tag_add: "Tender", tag_off: "key account" };
	const tried = plain((await c.post("/deals/bulk", three, c.Mara, 200)).body);
	ok(/2 of 3 would change/.test(tried) && /Cedar is not yours to change/.test(tried) && /Tag added → Tender/.test(tried) && /Tag removed → key account/.test(tried), "tags of many are shown before", tried.slice(0, 900));
	const tagged = await c.post("/deals/bulk", { ...three, step: "do" }, c.Mara);
	ok(names(await said("tag=tender"), "deals") === "Acorn Birch" && names(await said("tag=key%20account"), "deals") === "", "and given and taken, by who leads the owner");
	ok(/2 say so already/.test(plain((await c.post("/deals/bulk", { ...(await picked(c, "all=1&tag=tender", c.Mara, "deals")), act: "change", tag_add: "TENDER" }, c.Mara, 200)).body)), "who has it has it");
	await undo(c, tagged, c.Mara);
	ok(names(await said("tag=tender"), "deals") === "" && names(await said("tag=key%20account"), "deals") === "Acorn", "one undo");
	ok(plain((await c.post("/deals/bulk", { ...three, tag_add: "x".repeat(41) }, c.Mara, 422)).body).includes("at most 40 letters"), "a tag too long is said");
}

async function story(kind) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", "Pool", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	await people(c);
	await enters(c, ok);
	await near(c, ok);
	await bulk(c, ok);
	await views(c, ok);
	await campaigns(c, ok);
	await tags(c, ok);
	ok(s.code === undefined, "the program still runs", s.errors);
	await s.stop();
	ok(/ 0 wrong/.test(command(program, base.url, "check")), "check finds nothing", command(program, base.url, "check"));
	base.drop();
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of the pool ran", e.stack); tap.end(); });
