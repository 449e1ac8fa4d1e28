// A company that a story fills through HTTP as its people would: persons by name, their sign-ins, forms.
// What it is not for: any story's own rules.
"use strict";
const { command, ask, enter } = require("./drive.js");

const day = (n) => new Date(Date.now() + n * 86400000).toISOString().slice(0, 10);

class Company {
	constructor(port, who, url, program) { this.program = program; this.port = port; this.admin = who; this.url = url; this.ids = {}; this.n = 0; }
	get(to, who = this.admin) { return ask(this.port, "GET", to, { who }); }
	async post(to, form, who = this.admin, wanted = 303) {
		const r = await ask(this.port, "POST", to, { who, form: { idem: `k${++this.n}`, ...form } });
		if (r.status !== wanted)
			throw new Error(`POST ${to}: ${r.status} ${r.body.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").slice(0, 1500)}`);
		return r;
	}
	async find(name) { return JSON.parse((await this.get(`/palette?q=${encodeURIComponent(name)}`)).body)[0].href.split("/").pop(); }
	async person(name, manager) {
		await this.post("/people", { name, email: `${name.toLowerCase()}@example.com`, manager: manager ? this.ids[manager] : "", manager_from: day(-400) });
		this.ids[name] = await this.find(name);
	}
	async signIn(name) {
		const said = command(this.program, this.url, "user", "link", `${name.toLowerCase()}@example.com`);
		return enter(this.port, /\/l\/([\w-]+)/.exec(said)[1], {}, "a long road with few signs");
	}
}

const plain = (html) => html.replace(/<[^>]*>/g, " ").replace(/&#?\w+;/g, " ").replace(/\s+/g, " ");

module.exports = { Company, day, plain };
