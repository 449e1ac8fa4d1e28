// Adds up what the parts of script/test left in a folder, one figure a test case, and prints "N passed, N failed".
// *.json  Meson's log, a line a program; cmocka's TAP in its output says the cases, else the program counts as one.
// *.tap   TAP, of node's test runner or of script/lint.
// Ends with 1 when anything failed or when nothing ran.
"use strict";
const fs = require("fs");
const path = require("path");

const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

function add(name, outcome) {
	total[outcome]++;
	if (outcome === "failed")
		failures.push(name);
}

// cmocka writes "not ok 3 # SKIP name" for what was skipped. Indented lines are cases of node's runner.
function addTap(text, prefix) {
	let cases = 0;
	for (const line of text.split("\n")) {
		const m = /^\s*(not ok|ok) \d+(?: -)? ?(.*)$/.exec(line);
		if (!m)
			continue;
		if (m[1] === "ok" && /\.test\.js$/.test(m[2]))
			continue; // some versions of node's runner wrap the cases of a file in one for the file
		cases++;
		if (/# (SKIP|TODO)\b/i.test(m[2]))
			add(prefix + m[2], "skipped");
		else
			add(prefix + m[2], m[1] === "ok" ? "passed" : "failed");
	}
	return cases;
}

function addMesonTest(t, prefix) {
	const name = prefix + t.name + ": ";
	const failedBefore = total.failed;
	const cases = addTap(t.stdout || "", name);
	if (t.result === "SKIP" && cases === 0)
		add(name, "skipped");
	else if (t.result === "OK" || t.result === "EXPECTEDFAIL") {
		if (cases === 0)
			add(name, "passed");
	} else if (total.failed === failedBefore)
		add(name + t.result, "failed"); // a crash, a sanitizer's word, a time-out
}

function addFile(folder, file) {
	const text = fs.readFileSync(path.join(folder, file), "utf8");
	const prefix = path.parse(file).name + ": ";
	if (file.endsWith(".tap"))
		addTap(text, prefix);
	else if (file.endsWith(".json"))
		for (const line of text.split("\n").filter(Boolean))
			addMesonTest(JSON.parse(line), prefix);
}

const folder = process.argv[2];
for (const file of fs.readdirSync(folder).sort())
	addFile(folder, file);
for (const name of failures)
	console.log("failed: " + name);
if (total.passed + total.failed === 0)
	console.log("nothing ran");
console.log(`${total.passed} passed, ${total.failed} failed` + (total.skipped ? `, ${total.skipped} skipped` : ""));
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
