// A disk that is full: what cannot be stored is refused with the reason, what was acknowledged stays, reading goes on, and with room
// again writing goes on too. Runs on a small file system of its own, which a user name space or root may mount.
//     node full.js PROGRAM
"use strict";
const { spawnSync } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { command, serve, ask, enter, Tap } = require("./drive.js");

const [, , program, inside] = process.argv;
const tap = new Tap();
const size = 12; // MB

async function story(folder) {
	const url = `sqlite:${folder}/ridealong.db`, ballast = path.join(folder, "ballast"), acknowledged = [];
	command(program, url, "init", "--company", "Full", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com");
	const s = await serve(program, url), who = await enter(s.port, s.link, {});
	fs.writeFileSync(ballast, Buffer.alloc(4 << 20, 7));
	const write = (name, text) => ask(s.port, "POST", "/api/v1/accounts", { who, json: { name, website: text }, headers: { "X-CSRF": who.csrf } });
	let refused = null;
	for (let i = 0; i < 20000 && !refused; i++) {
		const r = await write(`Account ${i} ${"x".repeat(150)}`, `https://example.com/${"y".repeat(150)}`);
		if (r.status === 201)
			acknowledged.push(JSON.parse(r.body).id);
		else
			refused = r;
	}
	tap.ok(refused && refused.status === 507 && /full/i.test(refused.body), "a write that finds no room is refused with 507 and the reason", refused ? `${refused.status} ${refused.body}` : `${acknowledged.length} writes and still room`);
	tap.ok(acknowledged.length > 50, "there was room before", `${acknowledged.length}`);
	let page = null; // a small write may still find room where a large one did not, and the log's room comes back once it is copied
	for (let i = 0; i < 2000 && (!page || page.status === 303); i++)
		page = await ask(s.port, "POST", "/people", { who, form: { name: `No Room ${i}`, idem: `n${i}` } });
	tap.ok(page.status === 507 && /The disk is full/.test(page.body), "a page says so too", `${page.status} ${page.body.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").slice(0, 500)}`);
	const list = await ask(s.port, "GET", "/accounts", { who }), one = await ask(s.port, "GET", `/api/v1/accounts/${acknowledged[acknowledged.length - 1]}`, { who });
	tap.ok(list.status === 200 && one.status === 200, "reading goes on", `${list.status} ${one.status}`);
	fs.unlinkSync(ballast);
	const again = await write("With room again", "https://example.com");
	tap.ok(again.status === 201, "with room again, writing goes on", `${again.status} ${again.body}`);
	let missing = 0;
	for (const id of acknowledged)
		missing += (await ask(s.port, "GET", `/api/v1/accounts/${id}`, { who })).status !== 200;
	tap.ok(missing === 0, "nothing that was acknowledged is lost", `${missing} of ${acknowledged.length}`);
	await s.stop();
	tap.ok(/ 0 wrong/.test(command(program, url, "check")), "check finds nothing");
}

function mount(folder) {
	return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}m`, "ridealong", folder], { encoding: "utf8" });
}

// In a user name space of its own where that is allowed, else as root.
function enclose() {
	const own = spawnSync("unshare", ["-rm", process.execPath, __filename, program, "inside"], { encoding: "utf8", env: process.env });
	if (own.status !== null && /^1\.\./m.test(own.stdout)) {
		process.stdout.write(own.stdout);
		process.exit(own.status);
	}
	return own.stderr || String(own.error || "");
}

(async () => {
	const said = inside ? "" : enclose();
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-full-")), m = mount(folder);
	if (m.status !== 0) {
		fs.rmdirSync(folder);
		if (inside)
			process.exit(3); // the caller tries without the name space
		console.log(`1..0 # SKIP a small file system cannot be mounted here: ${said} ${m.stderr}`.replace(/\s+/g, " "));
		process.exit(77);
	}
	try {
		await story(folder);
	} catch (e) {
		tap.ok(false, "the story of the full disk ran", e.stack);
	}
	spawnSync("umount", ["-l", folder]);
	fs.rmSync(folder, { recursive: true, force: true });
	tap.end();
})();
