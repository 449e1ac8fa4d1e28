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
		await this.reach(at);
		await Promise.all([this.page.waitForEvent("load"), this.hit(at)]);
		await this.fits();
	}
	// Where there is no mouse: Tab from control to control until it is this one. Of radio buttons Tab knows the group.
	async reach(at) {
		if (!this.way.keys)
			return;
		const control = await at.elementHandle(), there = () => control.evaluate((e) => document.activeElement === e ||
			e.type === "radio" && document.activeElement.type === "radio" && document.activeElement.name === e.name && document.activeElement.form === e.form);
		/* Back with Shift where it stands before the focus, as anybody would. */
		const key = await control.evaluate((e) => document.activeElement !== document.body &&
			e.compareDocumentPosition(document.activeElement) === Node.DOCUMENT_POSITION_FOLLOWING) ? "Shift+Tab" : "Tab";
		for (let i = 0; i < 500; i++) {
			if (await there())
				return;
			await this.page.keyboard.press(key);
		}
		throw new Error(`no Tab leads to ${at}`);
	}
	async hit(at) {
		if (!this.way.keys)
			return at.click();
		await this.reach(at);
		await this.page.keyboard.press("Enter");
	}
	async type(at, value) {
		if (!this.way.keys)
			return at.fill(value);
		await this.reach(at);
		const keys = this.page.keyboard, kind = await at.evaluate((e) => e.type);
		if (kind === "date") {
			await keys.type(value.replace(/(\d+)-(\d+)-(\d+)/, "$2$3$1"));
		} else {
			await keys.press("Control+a");
			await keys.type(value);
		}
		const got = await at.inputValue();
		assert.ok(got === value || kind === "textarea", `${value} was typed, ${got} stands there`);
	}
	async fill(fields, within = this.main()) {
		for (const [name, value] of Object.entries(fields))
			await this.type(within.locator(`[name="${name}"]`).first(), value);
	}
	async pick(at, what) {
		if (!this.way.keys)
			return at.selectOption(what);
		await this.reach(at);
		const n = await at.evaluate((e, w) => [...e.options].findIndex((o) => o.value === (w.value ?? w) || o.label === w.label), what);
		assert.ok(n >= 0, `there is no choice ${JSON.stringify(what)}`);
		await this.page.keyboard.press("Home");
		for (let i = 0; i < n; i++)
			await this.page.keyboard.press("ArrowDown");
		assert.strictEqual(await at.evaluate((e) => e.selectedIndex), n);
	}
	choose(name, label, within = this.main()) {
		return this.pick(within.locator(`select[name="${name}"]`).first(), typeof label === "string" ? { label } : label);
	}
	async tick(at) {
		if (!this.way.keys)
			return at.check();
		await this.reach(at);
		await this.page.keyboard.press("Space");
		for (let i = 0; i < 8 && !await at.isChecked(); i++)
			await this.page.keyboard.press("ArrowDown");
		assert.ok(await at.isChecked());
	}
	async figure(word) {
		const row = this.main().locator("dl div, dl").filter({ has: this.page.locator("dt", { hasText: word }) }).last();
		return (await row.locator("dd").first().innerText()).replace(/[\s\u00a0\u202f]+/g, " ");
	}
	async shot(name) {
		await this.page.locator("html").evaluate(() => scrollTo(0, 0));
		await h.picture(this.page, `story-${name}-${this.way.short}`);
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
