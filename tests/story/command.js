// The command line, as scripts use it: every command and option says itself under --help and in the man page; what is wrong is
// told on stderr with another exit status than 0, and nothing on stdout; what is not known is null with n 0.
//     node command.js PROGRAM MANUAL
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { spawnSync } = require("child_process");
const { fresh, command, sql, serve, ask, enter, Tap, kinds } = require("./drive.js");
const sales = require("./sales.js");

const [, , program, manual] = process.argv, tap = new Tap();
const commands = ["init", "serve", "user", "token", "check", "backup", "restore", "migrate", "import", "report", "demo"];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-command-")), at = (name) => path.join(folder, name);
const run = (...words) => { const r = spawnSync(program, words, { encoding: "utf8" }); return { status: r.status, out: r.stdout, err: r.stderr }; };

function helps() {
	const all = run("--help"), man = fs.readFileSync(manual, "utf8").replaceAll("\\-", "-").replaceAll("\\(dq", '"');
	tap.ok(all.status === 0 && commands.every((c) => new RegExp(`^  (ridealong )?${c} `, "m").test(all.out)), "--help names every command", all.out);
	for (const c of commands) {
		const one = run(c, "--help"), options = [...new Set(one.out.match(/--[a-z-]+/g))];
		tap.ok(one.status === 0 && one.out.startsWith(`usage: ridealong ${c}`) && one.err === "", `${c} --help`, one.out + one.err);
		const missing = options.filter((o) => !man.includes(o) && !man.includes(o.slice(2)));
		tap.ok(man.includes(c) && !missing.length, `the man page has ${c} and its options`, missing.join(" "));
	}
	for (const c of ["import list", "import undo", "user list", "user link"])
		tap.ok(run(...c.split(" "), "--help").status === 0, `${c} --help`);
}

// Wrong use is 2, what cannot be done is 1; each with a word on stderr that says what to do, and none on stdout.
function refuses(url) {
	const bad = [
		[2, /there is no command “dance”/, ["dance"]], [2, /ridealong: sales management/, []],
		[2, /there is no option --loud/, ["check", "--loud"]], [2, /--db wants a value/, ["check", "--db"]],
		[1, /is empty; run: ridealong init|no such|init|cannot/, ["check", "--db", `sqlite:${at("none.db")}`]],
		[1, /no time zone/, ["init", "--company", "X", "--currency", "EUR", "--timezone", "Mars/Olympus", "--admin", "a@example.com", "--db", `sqlite:${at("new.db")}`]],
		[1, /no currency/, ["init", "--company", "X", "--currency", "EURO", "--timezone", "UTC", "--admin", "a@example.com", "--db", `sqlite:${at("new2.db")}`]],
		[1, /holds the company “Command” already/, ["init", "--company", "X", "--currency", "EUR", "--timezone", "UTC", "--admin", "a@example.com", "--db", url]],
		[2, /name one report/, ["report", "dance", "--db", url]], [2, /--as-of “2017-02-30” is not a day; write it as 2017-12-31/, ["report", "revenue", "--as-of", "2017-02-30", "--db", url]],
		[2, /--from is after --to/, ["report", "revenue", "--from", "2017-07-01", "--to", "2017-06-30", "--db", url]],
		[2, /--by “planet” is not known; use office/, ["report", "revenue", "--by", "planet", "--db", url]], [2, /--format is json, csv or text/, ["report", "gap", "--format", "xml", "--db", url]],
		[1, /nobody is called “Nobody”; write the whole name, or the e-mail/, ["report", "sales-summary", "--person", "Nobody", "--db", url]],
		[2, /say what the file holds/, ["import", "ducks", "x.csv", "--db", url]], [2, /name one file/, ["import", "deals", "--db", url]],
		[1, /no such file; check the path/, ["import", "deals", at("none.csv"), "--db", url]], [2, /name the import; see: ridealong import list/, ["import", "undo", "zzz", "--db", url]],
		[1, /no such import; see: ridealong import list/, ["import", "undo", "00000000001", "--db", url]],
		[2, /name an e-mail address/, ["user", "link", "somebody", "--db", url]], [2, /is no action; use list, link or disable/, ["user", "dance", "a@example.com", "--db", url]],
		[1, /absent/, ["user", "disable", "nobody@example.com", "--db", url]],
		[2, /give the token a name/, ["token", "--db", url]], [2, /name the file to write/, ["backup", "--db", url]], [2, /name the backup/, ["restore", "--db", url]],
		[2, /can be reached from outside/, ["serve", "--listen", "0.0.0.0:0", "--db", url]], [2, /is no port/, ["serve", "--listen", "127.0.0.1:99999", "--db", url]],
		[1, /cannot be read/, ["import", "deals", at("deals.csv"), "--map", at("none.yaml"), "--db", url]],
	];
	for (const [status, wanted, words] of bad) {
		const r = run(...words);
		tap.ok(r.status === status && wanted.test(r.err) && r.out === "", `refused: ridealong ${words.filter((w) => !w.includes("/")).join(" ")}`, `${r.status}\n${r.out}${r.err}`);
	}
}

function reports(url) {
	const json = (...words) => JSON.parse(command(program, url, "report", ...words, "--format", "json")), rows = (...words) => JSON.stringify(json("revenue", ...words).rows);
	tap.ok(rows("--by", "office", "--by", "quarter") === rows("--by", "office,quarter") && json("revenue", "--by", "office", "--by", "quarter").rows.length > 1, "--by twice is --by with both");
	const one = json("revenue", "--by", "quarter").rows.find((r) => r.quarter.endsWith("Q1")), bounds = ["--from", `${one.quarter.slice(0, 4)}-01-01`, "--to", `${one.quarter.slice(0, 4)}-03-31`];
	tap.ok(json("revenue", ...bounds).rows[0].value === one.value, "--from and --to are inclusive", JSON.stringify(one));
	const days = sql(url, "select min(closed_on) || ' ' || max(closed_on) from deal where outcome = 'won'").split(" ");
	tap.ok(json("sales-summary", "--from", days[0], "--to", days[1]).metrics.won.value === json("sales-summary").metrics.won.value, "the first and the last day of closing are in");
	const m = json("sales-summary").metrics, none = json("sales-summary", "--from", "1990-01-01", "--to", "1990-12-31").metrics;
	const names = ["won", "lost", "open", "win_rate", "revenue_won", "cycle_won_mean_days", "cycle_won_median_days", "open_value", "weighted_value"];
	tap.ok(names.every((n) => n in m && "n" in m[n] && "value" in m[n]), "sales-summary has every figure with its n", Object.keys(m).join(" "));
	tap.ok(Number.isInteger(m.revenue_won.value) && Number.isInteger(m.open_value.value), "money is whole minor units");
	tap.ok(["win_rate", "revenue_won", "cycle_won_mean_days", "cycle_won_median_days"].every((n) => none[n].value === null && none[n].n === 0), "no data is null with n 0", JSON.stringify(none));
	const list = Number(sql(url, "select count(*) from deal where outcome = 'open' and value_from = 'list'"));
	tap.ok(list > 0 && m.open_value.n_list_price === list && m.weighted_value.n_list_price === list, "how many deals count with a list price is said", JSON.stringify(m.open_value));
	tap.ok(command(program, url, "report", "sales-summary").includes(`${list} without an amount, at their product's list price`), "in words, too");
	const head = json("gap");
	tap.ok(/^\d{4}-\d\d-\d\d$/.test(head.as_of) && head.currency === "USD" && head.person === null, "the head of a report: day, currency, person", JSON.stringify(head));
	for (const kind of ["sales-summary", "revenue", "coaching", "commitments", "gap"])
		for (const format of ["json", "csv", "text"])
			tap.ok(command(program, url, "report", kind, "--format", format).length > 20, `report ${kind} --format ${format}`);
	sql(url, "update person set email = 'Kim.Lee@Example.com' where id = (select min(owner) from deal)");
	const name = sql(url, "select name from person where id = (select min(owner) from deal)");
	const by = (who) => JSON.stringify(json("sales-summary", "--person", who).metrics);
	tap.ok(by(name) === by("kim.lee@example.com") && by(name) === by(name.toUpperCase()) && by(name) !== JSON.stringify(m), "a person by name or e-mail, in any case");
	tap.ok(json("sales-summary", "--person", name).person !== null, "and is named in the report");
}

// A mapping is proposed, kept and read again; a dry run writes nothing; an undo takes back.
function imports(url) {
	const proposed = command(program, url, "import", "deals", at("deals.csv"), "--propose-map"), before = sql(url, "select count(*) from change_set");
	fs.writeFileSync(at("proposed.yaml"), proposed);
	tap.ok(/columns?:/.test(proposed) && sql(url, "select count(*) from change_set") === before, "--propose-map prints a mapping and writes nothing", proposed);
	const dry = run("import", "deals", at("deals.csv"), "--map", at("proposed.yaml"), "--dry-run", "--db", url);
	tap.ok(/would be created/.test(dry.out) && sql(url, "select count(*) from change_set") === before, "--map reads it; --dry-run writes nothing", dry.out + dry.err);
	const products = command(program, url, "import", "products", at("one.csv")), id = /import undo (\w+)/.exec(products)[1];
	tap.ok(command(program, url, "import", "list").startsWith(`${id}\t`), "import list begins with the newest");
	tap.ok(/0 kept/.test(command(program, url, "import", "undo", id)) && command(program, url, "import", "list").split("\n")[0].includes("\tundone\t"), "import undo takes it back");
	tap.ok(run("import", "undo", id, "--db", url).status === 1, "and only once");
}

// A password is set anew by command, without mail; who is disabled is out.
async function users(url) {
	const s = await serve(program, url), link = (said) => /\/l\/([\w-]+)/.exec(said)[1];
	await enter(s.port, link(command(program, url, "user", "link", "b@example.com", "--admin")), {}, "the first long password");
	const signIn = (password) => ask(s.port, "POST", "/sign-in", { form: { email: "B@example.com", password } });
	tap.ok((await signIn("the first long password")).status === 303, "a sign-in made by command");
	await enter(s.port, link(command(program, url, "user", "link", "b@example.com")), {}, "another long password");
	tap.ok((await signIn("another long password")).status === 303 && (await signIn("the first long password")).status === 422, "a password is set anew by command");
	tap.ok(/^b@example\.com\tadministrator/m.test(command(program, url, "user", "list")), "user list");
	const token = command(program, url, "token", "probe").trim(), read = () => ask(s.port, "GET", "/api/v1/deals", { who: { token } });
	tap.ok(/^ride_/.test(token) && (await read()).status === 200, "a token made by command reads");
	command(program, url, "user", "disable", "b@example.com");
	tap.ok((await signIn("another long password")).status === 422, "who is disabled does not sign in");
	await s.stop();
}

function copies(url) {
	if (!url.startsWith("sqlite:"))
		return;
	command(program, url, "backup", at("copy.db"));
	const back = `sqlite:${at("back.db")}`;
	command(program, back, "restore", at("copy.db"));
	tap.ok(/ 0 wrong/.test(command(program, back, "check")) && command(program, back, "report", "sales-summary") === command(program, url, "report", "sales-summary"), "backup and restore");
	tap.ok(run("restore", at("copy.db"), "--db", back).status === 1, "what is there is not overwritten");
	const sample = `sqlite:${at("sample.db")}`;
	command(program, sample, "demo", "--seed", "7", "--deals", "300");
	tap.ok(JSON.parse(command(program, sample, "report", "sales-summary", "--format", "json")).metrics.won.value > 0, "demo --seed --deals");
	command(program, sample, "demo", "--remove");
	tap.ok(run("report", "sales-summary", "--db", sample).status === 1 && sql(sample, "select count(*) from deal") === "0", "demo --remove takes all of it away");
}

async function story(kind) {
	const base = fresh(kind), files = sales.made();
	command(program, base.url, "init", "--company", "Command", "--currency", "USD", "--timezone", "UTC", "--admin", "a@example.com");
	for (const [what, map] of [["products"], ["accounts"], ["people", files.peopleMap], ["deals", files.dealsMap]]) {
		fs.writeFileSync(at(`${what}.csv`), files[what]);
		fs.writeFileSync(at("map.yaml"), map || "");
		command(program, base.url, "import", what, at(`${what}.csv`), ...(map ? ["--map", at("map.yaml")] : []));
	}
	fs.writeFileSync(at("one.csv"), "name,list_price\nWheel,100\n");
	refuses(base.url);
	reports(base.url);
	imports(base.url);
	await users(base.url);
	copies(base.url);
	base.drop();
}

(async () => {
	helps();
	for (const kind of kinds())
		await story(kind);
	fs.rmSync(folder, { recursive: true });
	tap.end();
})().catch((e) => { tap.ok(false, "the story of the command line ran", e.stack); tap.end(); });
