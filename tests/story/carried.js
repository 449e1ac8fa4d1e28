// What of the library stands at the stages and steps of a process goes out with its file and comes into another company with it (K1, K2):
// made once, shown where the file says, found by title where it is here already; broken pieces are refused by line; one undo.
//     node carried.js PROGRAM
"use strict";
const { fresh, command, serve, enter, Tap, kinds } = require("./drive.js");
const { Company, plain } = require("./company.js");

const program = process.argv[2], tap = new Tap();
const body = "Ask **how often**.\n\n- then: what it costs\n- \"quoted\" & <b>";

async function company(kind, name) {
	const base = fresh(kind);
	command(program, base.url, "init", "--company", name, "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, base.url), c = new Company(s.port, await enter(s.port, s.link, {}), base.url, program);
	await c.person("Hanna");
	await c.post("/company/me", { person: c.ids.Hanna });
	return { base, s, c, end: async () => { await s.stop(); const checked = command(program, base.url, "check"); base.drop(); return checked; } };
}

async function story(kind) {
	const ok = (good, name, detail) => tap.ok(good, `${kind}: ${name}`, detail);
	const from = await company(kind, "From"), c = from.c;
	const process = async (x) => /\/process\/(\w+)">Complex B2B sale/.exec((await x.get("/process")).body)[1];
	const form = (await c.get("/library/new")).body, at = (words) => new RegExp(`<option value="([^"]+)"[^>]*>${words}<`).exec(form)?.[1];
	await c.post("/library", { title: "What it costs: \"a\" case", kind: "article", purpose: "When no number is named.", body, at: at("Qualify: Reason to act now is known") });
	await c.post("/library", { title: "Our case", kind: "link", address: "https://example.com/case?a=1&b=2", at: at("Qualify, the whole stage") });
	const v1 = await process(c), file = (await c.get(`/process/${v1}/file`)).body;
	ok(/\nlibrary:\n/.test(file) && /content:\n +- "?Our case/.test(file) && /address: "?https:\/\/example\.com/.test(file) && /kind: article/.test(file), "the file has the pieces and where they are shown", `${at("Reason to act now is known")} ${file.slice(0, 900)} ${file.slice(-900)}`);
	const same = await c.post("/process/import", { text: file });
	ok(/same=1/.test(same.headers.location), "read where it came from, it is no difference", same.headers.location);

	const into = await company(kind, "Into"), d = into.c, pieces = async () => JSON.parse((await d.get("/api/v1/contents")).body).data, places = async () => JSON.parse((await d.get("/api/v1/content-places")).body).data.length;
	await d.post("/library", { title: "our CASE", kind: "article", body: "Ours" });
	const brought = await d.post("/process/import", { text: file }), all = await pieces();
	ok(all.length === 2 && all.find((x) => /What it costs/.test(x.title)).body === body && (await places()) === 2 && /Ours/.test(JSON.stringify(all)), "in another company the pieces are made and shown; one of that title stays as it is", `${brought.headers.location} ${JSON.stringify(all)}`);
	const theirs = (await d.get(`/process/${await process(d)}/file`)).body;
	ok(/content:\n +- "?our CASE/.test(theirs) && /- "What it costs/.test(theirs) && theirs.includes("Ours"), "at the version that is in use", theirs.slice(-700));
	const again = await d.post("/process/import", { text: file });
	ok(/same=1/.test(again.headers.location) && (await places()) === 2, "read twice it is there once", again.headers.location);
	await d.post(`/undo/${/done=(\w+)/.exec(brought.headers.location)[1]}`, {});
	ok((await places()) === 0 && (await pieces()).length === 1, "one undo takes it back");
	const fresh_ = await d.post("/process/import", { text: file.replace("process: Complex B2B sale", "process: Another").replace('process: "Complex B2B sale"', 'process: "Another"') });
	ok((await places()) === 2 && (await pieces()).length === 2, "a new process comes with them", fresh_.headers.location);
	const lines = file.split("\n"), where = (re) => lines.findIndex((x) => re.test(x)) + 1;
	for (const [name, broken, said] of [
		["a title that nobody knows", file.replace(/(content:\n +- )"?Our case"?/, '$1"Nowhere"'), `line ${where(/- "?Our case"?$/)}: “Nowhere” is not in this file’s library, nor in ours`],
		["an address that is code", file.replace(/address: .*/, "address: \"javascript:alert(1)\""), "address is no web address"],
		["a kind that is none", file.replace("kind: link", "kind: spell"), "“spell” is no Kind"],
		["a piece twice", `${file}  - piece: Our case\n    kind: link\n    address: https://example.com/\n`, "piece “Our case” is there twice"],
		["nothing in it", file.replace(/\n +address: .*/, ""), "address is missing"],
	]) {
		const r = await d.post("/process/import", { text: broken }, d.admin, 422);
		ok(plain(r.body).includes(said), `refused by line: ${name}`, plain(r.body).slice(300, 1100));
	}
	ok(/ 0 wrong/.test(await from.end()) && / 0 wrong/.test(await into.end()), "check finds nothing");
}

(async () => {
	for (const kind of kinds())
		await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of what is carried ran", e.stack); tap.end(); });
