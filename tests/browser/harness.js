// What the browser tests stand on: the program on a port of its own with a database of its own, Debian's Chromium,
// and the checks that every page must pass. What it is not for: which pages there are (pages.json).
"use strict";
const { spawn, execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { chromium } = require("playwright-core");

const root = path.resolve(__dirname, "../..");
const program = process.env.RIDEALONG_PROGRAM || path.join(root, "build/src/app/ridealong");
const built = path.join(root, "build");
const axeSource = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const vnuJar = path.join(root, "node_modules/vnu-jar/build/dist/vnu.jar");

const themes = ["light", "dark"];
const widths = [1440, 360];
const axeTags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const password = "four wheels on one bus";

// Budgets of a page, in bytes over the wire; pages.json may set others for a page that says why.
const budget = { cold: 60 * 1024, warm: 12 * 1024, requests: 8 };

function ridealong(args) {
	return execFileSync(program, args, { encoding: "utf8", cwd: root });
}

// Starts the program on a free port. `demo` fills the database with the sample company first. Ends with close().
async function startServer({ demo = false, db, args = [] } = {}) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-browser-"));
	const url = db || "sqlite:" + path.join(folder, "ridealong.db");
	if (demo)
		ridealong(["demo", "--db", url]);
	const child = spawn(program, ["serve", "--db", url, "--listen", "127.0.0.1:0", ...args],
		{ cwd: root, stdio: ["ignore", "pipe", "pipe"] });
	const server = { db: url, folder, child, log: "", origin: null, link: null };
	server.close = () => closeServer(server);
	try {
		await readAddress(server);
	} catch (error) {
		await server.close();
		throw error;
	}
	return server;
}

// The program prints its address, then the one-time link below it.
function readAddress(server) {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error("no address within 20 s:\n" + server.log)), 20000);
		const look = (chunk) => {
			server.log += chunk;
			const link = /(http:\/\/[^\s/]+)(\/l\/[^\s]+)\s/.exec(server.log);
			if (link && !server.origin) {
				[server.link, server.origin] = [link[1] + link[2], link[1]];
				clearTimeout(timer);
				resolve();
			}
		};
		server.child.stdout.on("data", look);
		server.child.stderr.on("data", look);
		server.child.on("error", reject);
		server.child.on("exit", (status, signal) =>
			reject(new Error(`the program ended (${signal || status}) before it was ready:\n${server.log}`)));
	});
}

async function closeServer(server) {
	if (server.child.exitCode === null && server.child.signalCode === null) {
		const ended = new Promise((resolve) => server.child.once("exit", resolve));
		server.child.kill("SIGTERM");
		const timer = setTimeout(() => server.child.kill("SIGKILL"), 10000);
		await ended;
		clearTimeout(timer);
	}
	fs.rmSync(server.folder, { recursive: true, force: true });
}

// A one-time link for a person, made by the command line.
function linkFor(server, email) {
	const printed = ridealong(["user", "link", email, "--db", server.db]);
	return server.origin + /\/l\/\S+/.exec(printed)[0];
}

async function openBrowser() {
	return chromium.launch({
		executablePath: process.env.RIDEALONG_CHROMIUM || "/usr/bin/chromium-headless-shell",
		args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu-rasterization", "--disable-software-rasterizer"],
	});
}

// Follows a one-time link and answers what it asks: the four questions of a first start, or a password.
async function signIn(page, link) {
	await page.goto(link);
	const answers = { company: "Bus & Sons", currency: "EUR", zone: "UTC", email: "first@example.com", password };
	for (const [name, answer] of Object.entries(answers)) {
		const field = page.locator(`main [name="${name}"], body [name="${name}"]`).first();
		if (await field.count() > 0 && (await field.inputValue()) === "")
			await field.fill(answer);
	}
	await Promise.all([
		page.waitForURL((url) => !url.pathname.startsWith("/l/"), { timeout: 15000 }),
		page.locator('form[action^="/l/"] button').first().click(),
	]);
}

// Everything a page complains of from now on, until .end(): console errors (also violations of the Content-Security-Policy),
// exceptions, failed requests. `allow` is a list of regular expressions, as text.
function listen(page, allow = []) {
	const complaints = [];
	const add = (text) => {
		if (!allow.some((a) => new RegExp(a).test(text)))
			complaints.push(text);
	};
	const heard = {
		console: (m) => m.type() === "error" && add("console: " + m.text()),
		pageerror: (e) => add("exception: " + e.message),
		requestfailed: (r) => {
			const why = r.failure() ? r.failure().errorText : "";
			if (why !== "net::ERR_ABORTED") // left behind by a navigation, as the event stream is
				add(`request: ${r.url()} ${why}`);
		},
		response: (r) => {
			if (r.status() >= 400 && r.request() !== null && !r.request().isNavigationRequest())
				add(`request: ${r.url()} answered ${r.status()}`);
		},
	};
	for (const [event, run] of Object.entries(heard))
		page.on(event, run);
	// Not seen when two lists are compared.
	Object.defineProperty(complaints, "end", { value: () => Object.entries(heard).forEach(([event, run]) => page.off(event, run)) });
	return complaints;
}

// rules: only these instead of all of WCAG 2.2 AA, for a document that was looked at whole before.
async function axe(page, rules) {
	await settled(page);
	if (!await page.evaluate(() => "axe" in globalThis))
		await inject(page, axeSource);
	const found = await page.evaluate((only) => globalThis.axe.run(document, { runOnly: only, resultTypes: ["violations"] }),
		rules ? { type: "rule", values: rules } : axeTags);
	return found.violations.flatMap((v) => v.nodes.map((n) => `axe ${v.id}: ${n.target.join(" ")}: ${n.failureSummary.replace(/\s+/g, " ")}`));
}

// As the browser's own tools do it: half a megabyte by page.evaluate takes most of a second.
async function inject(page, source) {
	const session = await page.context().newCDPSession(page);
	await session.send("Runtime.evaluate", { expression: source + ";0" });
	await session.detach();
}

// Colours in transition have no contrast yet; they set out with the next frame, and finite animations are over soon. Where
// scripts are off a page's own clock does not run, so the time is ours.
async function settled(page) {
	const still = page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
		.then(() => Promise.allSettled(document.getAnimations()
			.filter((a) => a.playState === "running" && a.effect.getComputedTiming().endTime !== Infinity).map((a) => a.finished)))
		.then(() => true)).catch(() => false);
	await Promise.race([still, page.waitForTimeout(1000)]);
}

// What can be read off the document itself, in words; [] when all is well.
async function structure(page, { nav = true } = {}) {
	return page.evaluate((wantsNav) => {
		const faults = [];
		const text = (e) => e.textContent.replace(/\s+/g, " ").trim();
		const h1 = [...document.querySelectorAll("h1")];
		if (h1.length !== 1)
			faults.push(`${h1.length} h1 elements`);
		else if (!document.title.startsWith(text(h1[0])))
			faults.push(`the title “${document.title}” does not start with the h1 “${text(h1[0])}”`);
		if (!document.documentElement.lang)
			faults.push("html has no lang");
		if (wantsNav && !document.querySelector("nav [aria-current]"))
			faults.push("nothing in nav has aria-current");
		if (document.querySelectorAll("main").length !== 1)
			faults.push("not exactly one main");
		const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
		if (wide > 0) {
			const edge = document.documentElement.clientWidth;
			const worst = [...document.body.querySelectorAll("*")].find((e) => e.getBoundingClientRect().right > edge + 0.5);
			faults.push(`${wide} px wider than the window` + (worst ? `: ${worst.tagName.toLowerCase()}.${worst.className}` : ""));
		}
		for (const e of document.querySelectorAll("[style], script:not([src]):not([type='application/json']), [onclick], [onload]"))
			faults.push(`inline script or style: ${e.outerHTML.slice(0, 80)}`);
		return faults;
	}, nav);
}

// Bytes over the wire and requests of one load, from the browser's own count; and its answer.
async function weigh(page, address, { cold }) {
	const session = await page.context().newCDPSession(page);
	await session.send("Network.enable");
	if (cold)
		await session.send("Network.clearBrowserCache");
	const sum = { bytes: 0, requests: 0 };
	const cached = new Set();
	session.on("Network.requestServedFromCache", (e) => cached.add(e.requestId));
	session.on("Network.responseReceived", (e) => {
		if (e.response.fromDiskCache)
			cached.add(e.requestId);
	});
	session.on("Network.loadingFinished", (e) => {
		sum.bytes += e.encodedDataLength;
		sum.requests += cached.has(e.requestId) ? 0 : 1;
	});
	sum.answer = await page.goto(address, { waitUntil: "load" });
	await page.waitForTimeout(150);
	await session.detach();
	return sum;
}

// The Nu HTML checker over saved pages, one Java process for all: { file name: [errors] }.
function checkHtml(files) {
	if (files.length === 0)
		return {};
	const out = execFileSync("sh", ["-c", 'java -jar "$0" --format json --exit-zero-always --errors-only "$@" 2>&1', vnuJar, ...files],
		{ encoding: "utf8", maxBuffer: 64 << 20 });
	const errors = {};
	for (const m of JSON.parse(out).messages) {
		const name = path.basename(m.url || "?");
		(errors[name] = errors[name] || []).push(`line ${m.lastLine}: ${m.message} ${m.extract || ""}`);
	}
	return errors;
}

function saveIn(folder, name) {
	fs.mkdirSync(path.join(built, folder), { recursive: true });
	return path.join(built, folder, name);
}

const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "root";

// A picture for people to look at, in build/shots; taken where RIDEALONG_SHOTS is set, for pictures take time.
async function picture(page, name) {
	if (process.env.RIDEALONG_SHOTS)
		await page.screenshot({ path: saveIn("shots", name + ".png"), fullPage: true });
}

module.exports = { axe, budget, built, checkHtml, linkFor, listen, openBrowser, picture, program, ridealong, root, saveIn, settled, signIn,
	slug, startServer, structure, themes, weigh, widths };
