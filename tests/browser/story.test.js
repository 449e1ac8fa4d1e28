// A company's first week, from the one-time link to what each leader kept: by mouse, by keyboard alone (Tab, Enter, arrows, letters)
// and at 360 px with JavaScript off; by mouse on PostgreSQL where RIDEALONG_PG is set, the others on SQLite; then the key steps with the
// keyboard alone.
// Each step says what stands on the page afterwards, in words and figures.
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const h = require("./harness");
const { Somebody, postgres } = require("./somebody");

const day = (n) => new Date(Date.now() + n * 86400000).toISOString().slice(0, 10);
const password = "a long road with few signs";
let browser;

before(async () => { browser = await h.openBrowser(); });
after(async () => { await browser.close(); });

// A file of fixtures/ with its days, written {-20}, counted from today.
function fixture(server, name) {
	const text = fs.readFileSync(path.join(__dirname, "fixtures", name), "utf8").replace(/\{(-?\d+)\}/g, (_, n) => day(+n));
	fs.writeFileSync(path.join(server.folder, name), text);
	return path.join(server.folder, name);
}

const ways = [
	{ name: "by mouse", short: "mouse", scripts: true, width: 1440 },
	{ name: "by keyboard alone", short: "keys", scripts: true, width: 1440, keys: true },
	{ name: "at 360 px without JavaScript", short: "plain", scripts: false, width: 360 },
];

async function setUp(admin) {
	const { page, server } = admin;
	await page.goto(server.link);
	await admin.heads("Set up Ridealong");
	await admin.fill({ company: "Bus & Sons", currency: "EUR", zone: "UTC", email: "first@example.com", password: "short" });
	await admin.press("Start");
	await admin.says("Not yet.", "has fewer than 10 letters");
	assert.strictEqual(await page.locator('[name="company"]').inputValue(), "Bus & Sons");
	await admin.fill({ password });
	await admin.press("Start");
	assert.strictEqual(new URL(page.url()).pathname, "/welcome");
	await admin.says("Bus & Sons", "Bring your own data", "Name the head");
	const used = await page.request.get(server.link);
	assert.ok(used.status() >= 400, `the link works once, and answered ${used.status()}`);
}

// From the file to the dry run; what it says of all rows is what is to be written.
async function dryRun(admin, kind, file, rows, created, rejected) {
	await admin.go("/import");
	await admin.choose("kind", { value: kind });
	await admin.page.locator('input[type="file"]').setInputFiles(fixture(admin.server, file));
	await admin.press("Look at the file");
	await admin.says("Which column is what");
	if (kind === "deals")
		await admin.sound();
	await admin.press("Dry run");
	await admin.says("Nothing is written yet");
	assert.deepStrictEqual([await admin.figure("Rows"), await admin.figure("Created"), await admin.figure("Rejected")],
		[rows, created, rejected].map(String), file);
}

async function importFiles(admin) {
	await dryRun(admin, "people", "people.csv", 4, 4, 0);
	await admin.says("Ravi Banerjee");
	await admin.go("/people");
	await admin.says("Nobody here yet");
	for (const [kind, n] of [["people", 4], ["products", 2], ["accounts", 3]]) {
		await dryRun(admin, kind, kind + ".csv", n, n, 0);
		await admin.press(`Import ${n} rows`);
		await admin.heads(`Done: ${kind}.csv`);
	}
	await admin.go("/people");
	await admin.says("4 people", /Ben Ortiz Account executive Vienna Ravi Banerjee|Ben Ortiz/);

	await dryRun(admin, "deals", "deals.csv", 6, 5, 1);
	await admin.says("close_date 30 February is not a day");
	await admin.sound();
	await admin.shot("dry-run");
	await admin.press("Import only the 5 good rows");
	await admin.heads("Done: deals.csv");
	await admin.go("/deals");
	await admin.says("5 deals", "Aurora Rail", "Tideline");

	await admin.go("/import");
	await admin.press(/Undo deals.csv/);
	await admin.says("This import was taken back.");
	await admin.go("/deals");
	await admin.says("0 deals");
	await dryRun(admin, "deals", "deals.csv", 6, 5, 1);
	await admin.press("Import only the 5 good rows");
	await admin.go("/deals?outcome=won");
	await admin.says("2 deals", /€\s?1,200/, /€\s?380/);
}

async function invite(admin, name) {
	await admin.go("/people");
	await admin.press(name, admin.main(), "link");
	await admin.heads(name);
	await admin.press("Make a link");
	const link = await admin.page.locator("#invite").innerText();
	const guest = await Somebody.at(browser, admin.server, admin.way, name);
	await guest.page.goto(link);
	await guest.says("This link signs in " + name, "Bus & Sons");
	await guest.fill({ password });
	await guest.press("Sign in");
	assert.strictEqual(new URL(guest.page.url()).pathname, "/today");
	return guest;
}

async function nameHead(admin) {
	await admin.go("/charter");
	await admin.says("The first seat is empty");
	await admin.go("/company");
	await admin.choose("head", "Ruth Adler");
	await admin.press("Save");
	await admin.go("/people");
	await admin.says(/Ruth Adler Head/);
}

async function signCharter(head) {
	await head.go("/charter");
	await head.says("No sponsor named", "Write your charter");
	await head.fill({ sponsor_name: "Hanna Vogt" });
	await head.press("Name the sponsor");
	await head.says("Sponsor of the head: Hanna Vogt");
	await head.go("/charter");
	await head.fill({ part: "I asked for numbers and never rode along.", reason: "Half of our deals end without a decision.",
		reason_number: "250000", reason_unit: "euro of margin", reason_day: day(120), stops: "Asking for the forecast twice a week." });
	const first = head.main().locator(".whenthen").first();
	await head.type(first.locator("input").nth(0), "a manager reports a lost deal");
	await head.type(first.locator("input").nth(1), "ask for the cause before the number");
	await head.type(head.main().locator('fieldset input[type="date"]').first(), day(30));
	await head.pick(head.main().locator("fieldset select").first(), { label: "Ravi Banerjee" });
	await head.shot("charter");
	await head.press("Sign as Ruth Adler");
	await head.go("/charter");
	await head.says("I asked for numbers and never rode along.", "250,000 euro of margin", "ask for the cause before the number", "1 of at most 5",
		"Nobody has answered yet.", "Version 1");
}

async function agree(manager, head) {
	await manager.go("/charter");
	await manager.says("Do you agree?");
	await manager.tick(manager.page.locator('[name="agrees"][value="1"]'));
	await manager.press("Sign as Ravi Banerjee");
	await head.go("/charter");
	await head.says(/Ravi Banerjee agreed/);
	for (const s of [head, manager]) {
		await s.go("/duties");
		await s.says("Not promised");
		await s.press(`Agree to all as ${s.name}`);
		await s.go("/duties");
		const mine = s.main().locator('section[aria-labelledby="d-me"]');
		assert.ok(await mine.locator("li").count() > 0);
		assert.strictEqual(await mine.getByText("Not promised").count(), 0);
		assert.match(await mine.innerText(), /Agreed/);
	}
}

// A deal of the house's own process, whose stages are held by steps.
async function newDeal(manager, name, account, owner) {
	await manager.go("/deals/new");
	await manager.heads("New deal");
	await manager.fill({ name, amount: "84,000" });
	await manager.choose("account", account);
	await manager.choose("owner", owner);
	await manager.press("Add the deal");
	await manager.heads(name);
	await manager.says("Qualify", /No next step/i, /€\s?84,000/);
	return new URL(manager.page.url()).pathname;
}

async function board(manager) {
	await manager.go("/board?scope=team");
	await manager.choose("process", "Complex B2B sale");
	await manager.press("Show");
	if (manager.way.scripts)
		await manager.page.locator("[data-board][data-awake]").waitFor();
}

const column = (s, name) => s.page.locator(`.col[data-name="${name}"]`);

// The card asks to leave Qualify, which its steps hold; with a reason it goes, and the toast takes it back.
async function gate(manager) {
	await newDeal(manager, "Signalling refresh", "Aurora Rail", "Ada Lund");
	await board(manager);
	const card = () => manager.page.locator("li.deal", { hasText: "Signalling refresh" });
	assert.strictEqual(await column(manager, "Qualify").locator("[data-count]").innerText(), "1");
	assert.match(await column(manager, "Qualify").locator("[data-sum]").innerText(), /84/);
	if (manager.way.scripts) {
		if (manager.way.keys) {
			await manager.reach(card().locator("h3 a")); // as keys find it
			await manager.page.keyboard.press("]");
		} else {
			await card().dragTo(column(manager, "Discover").locator("header"));
		}
		const dialog = manager.page.locator("dialog[open]");
		await dialog.waitFor();
		assert.deepStrictEqual(await h.axe(manager.page), []);
		await manager.shot("gate");
		assert.match(await dialog.innerText(), /Before Signalling refresh moves to Discover/);
		await manager.type(dialog.locator('[name="reason"]'), "They decide this week");
		await manager.hit(dialog.getByRole("button", { name: "Move anyway" }));
		await column(manager, "Discover").locator("li.deal", { hasText: "Signalling refresh" }).waitFor();
		await column(manager, "Discover").locator("[data-sum]", { hasText: "84" }).waitFor();
		assert.match(await column(manager, "Qualify").locator("[data-sum]").innerText(), /^€\s?0$/);
	} else {
		await card().locator("summary").click();
		await manager.choose("stage", "Discover", card());
		await manager.press("Move", card());
		await manager.says("Before Signalling refresh moves to Discover");
		await manager.press("Move anyway");
		await manager.says(/reason/i);
		await manager.fill({ reason: "They decide this week" });
		await manager.press("Move anyway");
		await manager.says("Discover");
	}
	const undo = manager.page.locator(".toast").getByRole("button", { name: "Undo" });
	await undo.waitFor();
	if (manager.way.scripts) {
		await manager.hit(undo);
		await manager.page.waitForTimeout(600);
	} else
		await manager.press("Undo", manager.page.locator(".toast"));
	await board(manager);
	await column(manager, "Qualify").locator("li.deal", { hasText: "Signalling refresh" }).waitFor();
	assert.strictEqual(await column(manager, "Discover").locator("li.deal").count(), 0);
	await manager.shot("board");
}

async function tickAndPlan(manager) {
	await manager.go("/board?scope=team");
	await board(manager);
	await manager.press("Aurora Rail", column(manager, "Qualify"), "link");
	const step = (name) => manager.main().locator("ul.todo li", { hasText: name });
	const who = step("Somebody there wants it solved"); // P2: the weightiest first, and open
	await manager.type(who.getByLabel("Who"), "Petra Auer");
	await manager.press(/^Done/, who);
	await manager.says(/is missing or too long; say what they do there/); // what was typed is kept
	assert.strictEqual(await who.getByLabel("Who").inputValue(), "Petra Auer");
	await manager.type(who.getByLabel("Role"), "Head of operations");
	await manager.pick(who.getByLabel("Influence"), "decisive");
	await manager.pick(who.getByLabel("Attitude"), "positive");
	await manager.press(/^Done/, who);
	await manager.says(/1 of 4 steps/, "Who decides", "Petra Auer", "Decisive influence");
	const problem = step("The problem is said");
	await manager.type(problem.getByLabel("In their words"), "Trains wait for signals");
	await manager.press(/^Done/, problem);
	await manager.says(/2 of 4 steps/, "Trains wait for signals", /15 %/); // P4: 10 and 5
	await manager.fill({ next_step: "Ask who signs", next_step_on: day(3) });
	await manager.press("Plan it");
	await manager.says(/Signalling refresh/, "Ask who signs");
	assert.strictEqual(await manager.main().getByText(/No next step/).count(), 0);
	await manager.shot("deal");
}

async function coach(manager) {
	await manager.go("/coaching");
	await manager.says("Start coaching with my team", "2 people report to you");
	await manager.choose("weekday", "Wednesday");
	await manager.press("Start coaching with my team");
	await manager.go("/coaching");
	await manager.says("Ada Lund", "Ben Ortiz", "Claimed 0, confirmed 0");
	await manager.shot("coaching");
	await manager.press(/^Prepare Ada Lund/, manager.main(), "link");
	await manager.says("At most two deals and one skill", "Rule:", "What Ada Lund owes me", "Nothing open.");
	await manager.shot("preparation");
	await manager.press(/Start session/, manager.main(), "link");
	await manager.says("Agenda", "What we agree", "Only you see this. Never printed.");
	await manager.press("End the session");
	await manager.says(/Not saved/);
	await manager.fill({ when: "I meet Aurora Rail on Thursday", then: "ask who else must agree" });
	await manager.fill({ due: day(7) });
	await manager.press("Agree");
	await manager.says("When I meet Aurora Rail on Thursday, then I ask who else must agree");
	await manager.choose("skill", "Reaching the person who decides");
	await manager.shot("session");
	await manager.press("End the session");
	await manager.says("Waiting for Ada Lund");
	if (await manager.page.getByRole("button", { name: /Show code and link/ }).count())
		await manager.press(/Show code and link/);
	await manager.says("Let them point the camera here");
	await manager.sound();
	await manager.shot("code");
	return (await manager.text()).match(/https?:\/\/\S+\/l\/\S+/)?.[0]
		?? manager.page.locator('input[value*="/l/"]').first().inputValue();
}

async function confirm(server, way, link) {
	const seller = await Somebody.at(browser, server, way, "Ada Lund by link");
	const answer = await seller.page.goto(link);
	assert.strictEqual(answer.status(), 200);
	await seller.fits();
	await seller.says("before you see what Ravi Banerjee wrote");
	assert.ok(!(await seller.text()).includes("Reaching the person who decides agreed"));
	await seller.tick(seller.page.locator('[name="held"][value="yes"]'));
	await seller.tick(seller.page.locator('[name="kind"][value="coaching"]'));
	await seller.choose("skill", "Reaching the person who decides");
	await seller.sound();
	await seller.shot("confirm");
	await seller.press("Answer");
	await seller.says("You confirmed it", "ask who else must agree");
	const other = await seller.page.goto(server.origin + "/coaching");
	assert.ok(new URL(seller.page.url()).pathname !== "/coaching" || other.status() >= 400, "the link signs nobody in");
	await seller.calm();
}

async function whatCounts(manager, head) {
	await manager.go("/coaching");
	await manager.says("Claimed 1, confirmed 1, same skill named by both 1");
	await manager.go("/commitments");
	await manager.says("ask for the cause before the number", "ask who else must agree");
	await manager.go("/today");
	await manager.shot("today");
	await head.go("/coaching");
	await head.says("Ravi Banerjee");
	await head.go("/today");
	await head.says("ask for the cause before the number");
}

async function lookBack(head, manager) {
	await head.go("/gap");
	await head.shot("gap");
	await head.says(/2/);
	await head.go("/leaders");
	await head.says("Ravi Banerjee");
	await head.shot("leaders");
	await manager.go("/me");
	await manager.says("Ravi Banerjee");
	await manager.shot("me");
}

// With Tab, letters and Enter only.
async function byKeys(manager) {
	const { page } = manager;
	await newDeal(manager, "Platform doors", "Aurora Rail", "Ada Lund"); // one whose steps are all to be done
	await manager.go("/today");
	await page.keyboard.press("g");
	await page.keyboard.press("b");
	await page.waitForURL(/\/board/);
	await board(manager);
	await page.locator("[data-board][data-awake]").waitFor(); // its keys are listened to
	const card = () => page.locator("li.deal", { hasText: "Platform doors" });
	await page.keyboard.press("j"); // its script comes with the first of these keys
	await page.waitForFunction(() => document.activeElement.closest("li.deal"));
	await card().locator("h3 a").focus();
	await page.keyboard.press("]");
	await page.locator("dialog[open]").waitFor();
	await page.keyboard.press("Escape");
	await column(manager, "Qualify").locator("li.deal", { hasText: "Platform doors" }).waitFor();
	await page.waitForFunction(() => document.activeElement !== document.body);
	await card().locator("h3 a").focus();
	await page.keyboard.press("]");
	const dialog = page.locator("dialog[open]");
	await dialog.waitFor();
	await dialog.locator('[name="reason"]').focus();
	await page.keyboard.type("They decide this week");
	await dialog.getByRole("button", { name: "Move anyway" }).focus();
	await page.keyboard.press("Enter");
	await column(manager, "Discover").locator("li.deal", { hasText: "Platform doors" }).waitFor();
	await page.locator(".toast").getByRole("button", { name: "Undo" }).waitFor();
	const focused = await page.evaluate(() => document.activeElement.closest("li.deal, .toast, dialog") !== null);
	assert.ok(focused, "after the move the focus stays with the card");
	await card().locator("h3 a").focus();
	await page.keyboard.press("[");
	// a gate, or the answer that it moved
	await page.waitForFunction(() => document.querySelector("dialog[open]") || !document.querySelector(".deal.wait"));
	if (await page.locator("dialog[open]").count())
		await page.keyboard.press("Escape");
	else
		await column(manager, "Qualify").locator("li.deal", { hasText: "Platform doors" }).waitFor();

	await page.keyboard.press("Control+k");
	await page.keyboard.type("platform");
	await page.locator('[role="option"]', { hasText: "Platform doors" }).first().waitFor();
	await page.keyboard.press("Enter");
	await page.waitForURL(/\/deals\//);
	await manager.heads("Platform doors");
	const tick = page.getByRole("button", { name: /^Done/ }).first();
	if (await tick.count()) {
		await tick.focus();
		await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
	}
	await page.keyboard.press("g");
	await page.keyboard.press("c");
	await page.waitForURL(/\/coaching/);
	await page.getByRole("link", { name: /^Prepare Ben Ortiz/ }).focus();
	await page.keyboard.press("Enter");
	await page.waitForURL(/\/coaching\/./);
	await page.getByRole("link", { name: /Start session/ }).focus();
	await page.keyboard.press("Enter");
	await page.waitForURL(/\/session/);
	await page.locator("#w").focus();
	await page.keyboard.type("I call Tideline");
	await page.keyboard.press("Tab");
	await page.keyboard.type("ask for the head of operations");
	await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
	await manager.says("then I ask for the head of operations");
	await page.locator("#skill").focus();
	await page.keyboard.press("ArrowDown");
	await page.getByRole("button", { name: "End the session" }).focus();
	await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
	await manager.says("Waiting for Ben Ortiz");
}

function week(engine, open, way) {
	test(`a first week ${way.name}, ${engine}`, { timeout: way.keys ? 420000 : 180000 }, async (t) => {
		const base = open(way), server = await h.startServer({ db: base.url });
		try {
			const admin = await Somebody.at(browser, server, way, "the administrator");
			let head, manager, link, broken = null;
			const step = (name, run) => t.test(name, { skip: broken ? "after: " + broken : false }, async () => {
				try { await run(); } catch (e) {
					broken = broken || name;
					for (const s of [admin, head, manager])
						if (s) await s.shot("broken-" + h.slug(s.name)).catch(() => {});
					throw e;
				}
			});
			await step("set-up by the one-time link", () => setUp(admin));
			await step("files in: dry run, a bad row, undo", () => importFiles(admin));
			await step("the head is named and invited", async () => { await nameHead(admin); head = await invite(admin, "Ruth Adler"); });
			await step("the charter is signed", () => signCharter(head));
			await step("the manager agrees; duties are accepted", async () => { manager = await invite(admin, "Ravi Banerjee"); await agree(manager, head); });
			await step("a deal goes through the gate, and back by undo", () => gate(manager));
			await step("a step ticked, the next one planned", () => tickAndPlan(manager));
			await step("preparation, session, commitment", async () => { link = await coach(manager); });
			await step("the seller confirms without signing in", () => confirm(server, way, link));
			await step("what counts is what both said", () => whatCounts(manager, head));
			await step("where the number went, leaders, what is kept about me", () => lookBack(head, manager));
			if (way.scripts)
				await step("the key steps with the keyboard alone", () => byKeys(manager));
			await step("no complaint of the browser", async () => { for (const s of [admin, head, manager]) await s.calm(); });
		} finally {
			await server.close();
			base.drop();
		}
	});
}

// Each way once: by mouse on PostgreSQL where there is one.
for (const way of ways)
	if (way.short === "mouse" && process.env.RIDEALONG_PG)
		week("PostgreSQL", () => postgres(`story_${way.short}_${process.pid}`), way);
	else
		week("SQLite", () => ({ url: undefined, drop() {} }), way);
