// The health page on both databases: what it asks for, and that doing it is seen (I4b).
//     node upkeep.js PROGRAM
"use strict";
const { spawnSync } = require("child_process");
const { fresh, command, serve, sql, ask, enter, Tap, kinds } = require("./drive.js");
const { Company, day, plain } = require("./company.js");

const program = process.argv[2];
const tap = new Tap();

// The text of one line of the page.
const line = (html, title) => plain((html.split("<li class=\"item\">").find((x) => x.includes(`<b>${title}</b>`)) || "").split("</li>")[0]);

async function story(kind) {
	const base = fresh(kind), lite = kind === "sqlite";
	command(program, base.url, "init", "--company", "Upkeep", "--currency", "EUR", "--timezone", "Europe/Berlin", "--admin", "admin@example.com");
	const s = await serve(program, base.url);
	try {
		const who = await enter(s.port, s.link, {}), c = new Company(s.port, who, base.url, program);
		const page = async () => (await c.get("/health")).body;
		await c.person("Ada");
		await c.person("Bo");
		await c.signIn("Bo");
		let html = await page();
		tap.ok(/none is known/.test(line(html, "Last backup")) && /Needs you/.test(line(html, "Last backup")) && (lite ? /ridealong backup FILE/ : /pg_dump/).test(line(html, "Last backup")), `a backup is asked for, by the means of this database (${kind})`, line(html, "Last backup"));
		tap.ok(/never/.test(line(html, "Last tried to restore")) && /Needs you/.test(line(html, "Last tried to restore")), `so is a try of bringing it back (${kind})`, line(html, "Last tried to restore"));
		tap.ok(lite ? /MiB|GiB/.test(line(html, "Disk")) && / left in /.test(line(html, "Disk")) : /MiB on PostgreSQL/.test(line(html, "Disk")) && !/Good|Needs/.test(line(html, "Disk")), `the disk, as far as it is seen (${kind})`, line(html, "Disk"));
		tap.ok(/of which \d+ are sealed/.test(line(html, "Change sets")) && /Good/.test(line(html, "Access")), `the chain and the access (${kind})`, line(html, "Access"));
		const table = plain(html.split("id=\"h-access\"")[1].split("</table>")[0]);
		tap.ok(new RegExp(`admin@example.com Administer ${""}`).test(table) && /Bo bo@example.com Their own work/.test(table) && !/ada@/.test(table) && !/\d:\d\d/.test(table), `who has access, by days without times (${kind})`, table);
		tap.ok(/lines need you|line needs you/.test(plain(html)), `the verdict counts them (${kind})`);

		if (lite) {
			command(program, base.url, "backup", `${base.url.slice(7)}.copy`);
			command(program, `${base.url}.back`, "restore", `${base.url.slice(7)}.copy`);
			tap.ok(/0 wrong/.test(command(program, `${base.url}.back`, "check")) && /\.copy/.test(sql(`${base.url}.back`, "select place from upkeep where kind = 'restored'")), "what was restored knows from where");
		} else
			command(program, base.url, "backup", "--note", "made", "nightly dump");
		html = await page();
		tap.ok(/today/.test(line(html, "Last backup")) && (lite ? /\.copy/ : /nightly dump/).test(line(html, "Last backup")) && /Good/.test(line(html, "Last backup")), `a backup is seen (${kind})`, line(html, "Last backup"));
		command(program, base.url, "backup", "--note", "restored");
		html = await page();
		tap.ok(/today/.test(line(html, "Last tried to restore")) && /Good/.test(line(html, "Last tried to restore")), `so is a try (${kind})`, line(html, "Last tried to restore"));
		sql(base.url, `update upkeep set at = ${Date.now() - 9 * 86400000} where kind = 'made'`);
		html = await page();
		tap.ok(/9 days ago/.test(line(html, "Last backup")) && /Needs you/.test(line(html, "Last backup")), `an old backup is asked for again (${kind})`, line(html, "Last backup"));
		const bad = spawnSync(program, ["backup", "--note", "thought-of", "--db", base.url], { encoding: "utf8" });
		tap.ok(bad.status === 2 && /made or restored/.test(bad.stderr), `another note is refused (${kind})`, bad.stderr);

		sql(base.url, `update person set left_on = '${day(-1)}' where name = 'Bo'`);
		html = await page();
		tap.ok(/1 who left can still sign in/.test(line(html, "Access")) && /user disable/.test(line(html, "Access")), `who left and can still sign in is named as work to do (${kind})`, line(html, "Access"));
		command(program, base.url, "user", "disable", "bo@example.com");
		html = await page();
		tap.ok(/Good/.test(line(html, "Access")) && !/bo@example.com/.test(html), `and is gone when done (${kind})`, line(html, "Access"));
		tap.ok((await ask(s.port, "GET", "/health", { who: await c.signIn("Ada") })).status === 404, `it is the administrator's (${kind})`);
	} finally {
		await s.stop();
		base.drop();
	}
}

(async () => {
	for (const kind of ["sqlite", "postgres"])
		if (kinds().includes(kind))
			await story(kind);
	tap.end();
})().catch((e) => { tap.ok(false, "the story of upkeep ran", e.stack); tap.end(); });
