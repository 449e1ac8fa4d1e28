// Letters as they arrive at a real server (smtp.py), and what both their forms say.
// What it is not for: any story's own rules.
"use strict";
const { execFile, spawn } = require("child_process");
const path = require("path");

// The server of smtp.py; letters come as they are taken.
function smtp(...options) {
	const child = spawn("/usr/bin/python3", [path.join(__dirname, "smtp.py"), ...options], { stdio: ["pipe", "pipe", "inherit"] });
	const s = { letters: [], stop: () => { child.stdin.end(); return new Promise((done) => child.on("exit", done)); } };
	let rest = "";
	return new Promise((resolve, reject) => {
		child.on("exit", (code) => reject(new Error(`smtp.py ended: ${code}`)));
		child.stdout.on("data", (x) => {
			const lines = (rest + x).split("\n");
			rest = lines.pop();
			for (const line of lines) {
				if (s.port)
					s.letters.push(JSON.parse(line));
				else
					resolve(Object.assign(s, { port: Number(line) }));
			}
		});
	});
}

// The program's letters of a moment. Letters are read while it sends, so it is not waited for by spawnSync.
const mailer = (program) => (url, at, server, ...more) => new Promise((resolve) => execFile(program, ["mail", "--db", url, "--at", at, "--address", "https://sales.example.com/",
	"--mail", server, "--mail-from", "Ridealong für Bus <sales@example.com>", ...more], (error, said, errors) => setTimeout(resolve, 50, { status: error ? error.code : 0, said, errors })));

// What a text or its HTML says, without marks and addresses.
function words(s) {
	const marks = { lt: "<", gt: ">", quot: '"', amp: "&", "#39": "'" };
	const said = /^<!doctype/.test(s) ? s.replace(/^[^]*<body>/, "").replace(/<[^>]*>/g, " ").replace(/&(#?\w+);/g, (all, x) => marks[x] ?? all) : s;
	return said.replace(/(: )?https:\/\/sales\.example\.com\S*/g, "").split(/\s+/).filter((x) => x && x !== "-" && x !== "--").join(" ");
}

// Where they lead, in order.
const linksOf = (s) => /^<!doctype/.test(s) ? [...s.matchAll(/ href="([^"]*)"/g)].map((x) => x[1].replace(/&amp;/g, "&"))
	: s.match(/https:\/\/sales\.example\.com\/[^\s]*[^\s.,)]/g) || [];

module.exports = { smtp, mailer, words, linksOf };
