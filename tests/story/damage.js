// What check says of a database that somebody damaged by hand: each kind of damage, on both databases, is found and named,
// and once it is mended check finds nothing again.
//     node damage.js PROGRAM
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { spawnSync } = require("child_process");
const { fresh, command, sql, Tap, kinds, fewer } = require("./drive.js");
const sales = require("./sales.js");

const program = process.argv[2], tap = new Tap();
// Past what the database itself would refuse: references are not looked at while the damage is done.
const past = (url, text) => sql(url, url.startsWith("sqlite:") ? text : `set session_replication_role = replica; ${text}`);
const first = (table, where = "1=1") => `(select min(id) from ${table} where ${where})`;
const index = (url, name) => sql(url, url.startsWith("sqlite:") ? `select sql from sqlite_master where name = '${name}'` : `select pg_get_indexdef('${name}'::regclass)`);
const sealed = (n) => `(select id from change_set where seq = ${n})`;

// what, how, how it is taken back, what check says. Where a value has to come back it waits in the table kept_.
const damages = [
	["a table that lost an index", "drop index deal_i7", (url) => index(url, "deal_i7"), /deal_i7/],
	["a column of somebody's own", "alter table deal add column mine text", "alter table deal drop column mine", /deal\.mine|mine/],
	["a reference to an account that is not there", `update deal set account = 12345 where id = ${first("deal")}`,
		`update deal set account = (select v from kept_) where id = ${first("deal")}`, /deal\.account: 1 rows point at a account that is not there/, `select account from deal where id = ${first("deal")}`],
	["a value taken out that must be there", `update deal set name = null where id = ${first("deal")}`,
		`update deal set name = (select t from kept_) where id = ${first("deal")}`, /deal\.name: 1 rows lack a required value/, `select null, name from deal where id = ${first("deal")}`],
	["a sum that counts one more", "update deal_sum set n = n + 1 where part = (select min(part) from deal_sum)", "update deal_sum set n = n - 1 where part = (select min(part) from deal_sum)", /deal_sum: \d+ sums differ from a recount/],
	["a deal worth more than was entered", `update deal set value = value + 1 where id = ${first("deal", "value > 0")}`, `update deal set value = value - 1 where id = ${first("deal", "value > 0")}`, /deal_sum: \d+ sums differ/],
	["a deal that was taken out by hand", `create table gone_ as select * from deal where id = ${first("deal")}; delete from deal where id = ${first("deal")}`,
		"insert into deal select * from gone_; drop table gone_", /deal_sum: \d+ sums differ/],
	["a row of the line taken out", `create table gone_ as select * from line where depth = 1 and to_day is null; delete from line where depth = 1 and to_day is null`,
		"insert into line select * from gone_; drop table gone_", /line: \d+ rows of the reporting line are missing and 0 are too many/],
	["a row of the line too many", `insert into line (org_id, above, below, depth, from_day) select org_id, below, above, 1, from_day from line where depth = 1 and to_day is null`,
		`delete from line where depth = 1 and to_day is null and exists (select 1 from line o where o.org_id = line.org_id and o.above = line.below and o.below = line.above) and above not in (select manager from person where manager is not null)`,
		/line: 0 rows of the reporting line are missing and \d+ are too many/],
	["somebody moved without the line", `update person set manager = null where id = (select min(id) from person where manager is not null)`,
		`update person set manager = (select v from kept_), manager_from = (select t from kept_) where id = (select min(below) from line where depth = 1 and to_day is null)`,
		/line: 0 rows .* are missing and [1-9]/, "select manager, manager_from from person where id = (select min(id) from person where manager is not null)"],
	["two leaders on a day long ago", `insert into line (org_id, above, below, depth, from_day, to_day) select org_id, below, below, 1, '2001-01-01', '2001-02-01' from line where depth = 1 and to_day is null and below = (select max(below) from line where depth = 1)`,
		"delete from line where to_day = '2001-02-01'", /line: 1 people have two leaders on one day/],
	["what was written altered", `update change_line set after_ = 'x' where set_id = ${sealed(3)} and n = 1`,
		`update change_line set after_ = (select t from kept_) where set_id = ${sealed(3)} and n = 1`, /change set \w{11}: does not match its digest: it was altered/,
		`select null, after_ from change_line where set_id = ${sealed(3)} and n = 1`],
	["who wrote it altered", `update change_set set login = login + 1 where seq = 3`, `update change_set set login = login - 1 where seq = 3`, /does not match its digest/],
	["why it was written altered", `update change_set set reason = reason || '.' where seq = 3`, `update change_set set reason = substr(reason, 1, length(reason) - 1) where seq = 3`, /does not match its digest/],
	["a line of a change set taken out", `create table gone_ as select * from change_line where set_id = ${sealed(3)} and n = 1; delete from change_line where set_id = ${sealed(3)} and n = 1`,
		"insert into change_line select * from gone_; drop table gone_", /change set \w{11}: has \d+ lines, its header says \d+/],
	["lines that no change set holds", `insert into change_line (org_id, set_id, n, record, row_id, field, effective) select org_id, 77, 1, 'deal', id, 'name', 0 from deal where id = ${first("deal")}`,
		"delete from change_line where set_id = 77", /1 lines belong to no change set/],
	["a change set taken out of the middle", `create table gone_ as select * from change_set where seq = 3; delete from change_set where seq = 3`,
		"insert into change_set select * from gone_; drop table gone_", /has number 4 where 3 was due: one was taken out/],
	["two change sets in another order", "update change_set set seq = -3 where seq = 3; update change_set set seq = 3 where seq = 4; update change_set set seq = 4 where seq = -3",
		"update change_set set seq = -3 where seq = 3; update change_set set seq = 3 where seq = 4; update change_set set seq = 4 where seq = -3", /breaks the chain of digests/],
	["a link of the chain made up", "update change_set set chain = 'f' || substr(chain, 2) where seq = 3 and substr(chain, 1, 1) <> 'f'; update change_set set chain = 'e' || substr(chain, 2) where seq = 3 and chain = (select t from kept_)",
		"update change_set set chain = (select t from kept_) where seq = 3", /breaks the chain of digests/, "select null, chain from change_set where seq = 3"],
];

function check(url) {
	const r = spawnSync(program, ["check", "--db", url], { encoding: "utf8" });
	return { status: r.status, said: r.stdout + r.stderr, sound: r.status === 0 && r.stderr === "" && / 0 wrong\n$/.test(r.stdout) };
}

// A company with people of two levels, deals of every kind and a change set or two a file.
function company(url, folder) {
	const files = sales.made();
	command(program, url, "init", "--company", "Damage", "--currency", "USD", "--timezone", "UTC", "--admin", "a@example.com");
	for (const [kind, map] of [["products"], ["accounts"], ["people", files.peopleMap], ["deals", files.dealsMap]]) {
		fs.writeFileSync(path.join(folder, sales.kinds[kind]), files[kind]);
		if (map)
			fs.writeFileSync(path.join(folder, "map.yaml"), map);
		command(program, url, "import", kind, path.join(folder, sales.kinds[kind]), ...(map ? ["--map", path.join(folder, "map.yaml")] : []));
	}
}

function story(kind) {
	const base = fresh(kind), folder = fs.mkdtempSync(path.join(os.tmpdir(), "ridealong-damage-"));
	company(base.url, folder);
	const before = check(base.url);
	tap.ok(before.sound, `${kind}: a database nobody damaged is sound`, before.said);
	if (kind === "postgres") // the tables keep a required name themselves there, too, where they were asked to
		sql(base.url, "alter table deal alter column name drop not null");
	// PostgreSQL keeps the same rows, so that each third says enough.
	for (const [what, harm, mend, wanted, keep] of damages.filter((_, i) => kind === "sqlite" ? fewer(i + 1) > fewer(i) : i % 3 === 0)) {
		sql(base.url, "create table kept_ (v bigint, t text)");
		if (keep)
			sql(base.url, `insert into kept_ (v, t) ${/^select null,/.test(keep) || keep.split(" from ")[0].includes(",") ? keep : keep.replace(/^select (.*?) from/, "select $1, null from")}`);
		const back = typeof mend === "function" ? mend(base.url) : mend;
		past(base.url, harm);
		const hurt = check(base.url);
		past(base.url, back);
		sql(base.url, "drop table kept_");
		tap.ok(hurt.status === 1 && wanted.test(hurt.said) && !/ 0 wrong/.test(hurt.said), `${kind}: ${what} is found and named`, hurt.said);
		const after = check(base.url);
		if (!tap.ok(after.sound, `${kind}: mended, all is sound again`, after.said))
			break;
	}
	fs.rmSync(folder, { recursive: true });
	base.drop();
}

try {
	for (const kind of kinds(true))
		story(kind);
} catch (e) {
	tap.ok(false, "the story of damage ran", e.stack);
}
tap.end();
