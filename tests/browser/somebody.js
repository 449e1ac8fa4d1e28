// One who sits at a browser and reads what stands there, and a database of PostgreSQL for the program they sit at.
// What it is not for: any story's own steps.
"use strict";
const assert = require("node:assert");
const { execFileSync } = require("node:child_process");
const h = require("./harness");

function postgres(name) {
	const psql = (sql) => execFileSync("psql", ["-Xq", "-v", "ON_ERROR_STOP=1", "-d", process.env.RIDEALONG_PG, "-c", sql]);
	psql(`drop database if exists ${name} with (force)`);
	psql(`create database ${name} template template0 encoding 'UTF8' locale 'C.UTF-8'`);
	return { url: process.env.RIDEALONG_PG.replace(/(\/\/[^/]*\/)[^?]*/, `$1${name}`), drop: () => psql(`drop database ${name} with (force)`) };
}

// One who sits at a browser of their own.
class Somebody {
	static async at(browser, server, way, name) {
		const s = new Somebody();
		[s.server, s.way, s.name] = [server, way, name];
		s.context = await browser.newContext({ javaScriptEnabled: way.scripts, viewport: { width: way.width, height: way.width > 800 ? 900 : 740 } });
		s.page = await s.context.newPage();
		s.page.setDefaultTimeout(10000);
		s.complaints = h.listen(s.page, ["409", "422"]); // a gate and a refused form are answers
		return s;
	}
	async go(address) {
		const answer = await this.page.goto(new URL(address, this.server.origin).href);
		assert.strictEqual(answer.status(), 200, address);
		await this.fits();
	}
	main() { return this.page.locator("main"); }
	async text() { return (await this.main().innerText()).replace(/[\s\u00a0\u202f]+/g, " "); }
	async says(...wanted) {
		const text = await this.text();
		for (const w of wanted)
			assert.ok(w instanceof RegExp ? w.test(text) : text.includes(w), `${this.name} reads ${w} at ${this.page.url()} in: ${text}`);
	}
	async heads(title) { assert.strictEqual(await this.page.locator("h1").innerText(), title); }
	async fits() {
		const wide = await this.page.locator("html").evaluate((e) => e.scrollWidth - e.clientWidth);
		assert.ok(wide <= 0, `${this.page.url()} is ${wide} px too wide at ${this.way.width} px`);
	}
	async press(name, within = this.main(), role = "button") {
		const at = within.getByRole(role, { name, exact: typeof name === "string" }).first();
		await at.waitFor();
		await Promise.all([this.page.waitForEvent("load"), at.click()]);
		await this.fits();
	}
	async fill(fields, within = this.main()) {
		for (const [name, value] of Object.entries(fields))
			await within.locator(`[name="${name}"]`).first().fill(value);
	}
	async choose(name, label, within = this.main()) {
		await within.locator(`select[name="${name}"]`).first().selectOption(typeof label === "string" ? { label } : label);
	}
	async figure(word) {
		const row = this.main().locator("dl div, dl").filter({ has: this.page.locator("dt", { hasText: word }) }).last();
		return (await row.locator("dd").first().innerText()).replace(/[\s\u00a0\u202f]+/g, " ");
	}
	async shot(name) {
		await this.page.locator("html").evaluate(() => scrollTo(0, 0));
		await this.page.screenshot({ path: h.saveIn("shots", `story-${name}-${this.way.short}.png`), fullPage: true });
	}
	// What pages.test.js asks of pages that only a form leads to.
	async sound() {
		if (!this.way.scripts)
			return;
		const faults = [];
		for (const width of h.widths) {
			await this.page.setViewportSize({ width, height: 900 });
			faults.push(...await h.structure(this.page, { nav: false }), ...await h.axe(this.page));
		}
		await this.page.setViewportSize({ width: this.way.width, height: 900 });
		assert.deepStrictEqual(faults, [], this.page.url());
	}
	async calm() {
		assert.deepStrictEqual(this.complaints, []);
		await this.context.close();
	}
}

module.exports = { Somebody, postgres };
