// Who may do what, written a second time from O3 to O6 of the product's rules and not from the program's route table.
// An entry: who may enter (public, signed, person, leader, head, admin), and what the answer is for whoever may.
// What it is not for: how a request is made (rights.js).
"use strict";

// The company of the matrix: name → leader.
const line = { head: null, leader: "head", manager1: "leader", manager2: "leader", seller1: "manager1", seller2: "manager1",
	seller3: "manager2", seller4: "manager2", moved: "manager1", gone: "manager2" };

const above = (a, b) => b !== undefined && b !== null && (a === b || above(a, line[b])); // a stands above b, or is b

// O5: deals are open to the company, or (profile "line") to the owner's team and the line above; administrators import them.
function reads(actor, deal, profile) {
	if (!deal || actor.org !== deal.org)
		return false;
	if (actor.admin)
		return true;
	const o = deal.owner, p = actor.person;
	return actor.known && profile === "open" || p && (above(p, o) || line[o] === line[p] || line[p] === o);
}

// O3, O5: written by the owner and the line above; an administrator may mend.
const writes = (actor, deal) => deal && actor.org === deal.org && (actor.admin || (actor.person && above(actor.person, deal.owner)));

const enters = {
	public: () => true,
	signed: (a) => a.known,
	person: (a) => a.known && Boolean(a.person),
	leader: (a) => a.known && Boolean(a.leads || a.head),
	head: (a) => a.known && Boolean(a.head || a.admin),
	admin: (a) => a.known && Boolean(a.admin),
};

const sees = [200];
const readable = (a, o, p) => (reads(a, o, p) ? [200] : [404]);
const writable = (a, o, p) => (!reads(a, o, p) ? [404] : writes(a, o) ? [303] : [403]);
const here = (a, o) => (o && o.org === a.org ? [200] : [404]);
const refusedForm = (a, o) => (o && o.org === a.org ? [422] : [404]);
const fresh = () => `Step ${Math.random().toString(36).slice(2)}`;

const table = {
	"GET /": { who: "public", is: [303] },
	"GET /alive": { who: "public", is: sees },
	"GET /sign-in": { who: "public", is: (a) => (a.known && !a.token ? [303] : [200]) },
	"POST /sign-in": { who: "public", is: [422], form: () => ({ email: "nobody@example.com", password: "not the password" }) },
	"POST /sign-out": { who: "signed", is: [303], last: true },
	"POST /theme": { who: "signed", is: [303] },
	"POST /undo/:": { who: "signed", objects: "sets", last: true, is: (a, o) => (o && a.org === o.org && (a.admin || a.name === o.by) ? [303] : [404]) },
	"GET /l/*": { who: "public", is: [404] },
	"POST /l/*": { who: "public", is: [404], noCsrf: true, anyToken: true }, // the link alone counts
	"GET /health": { who: "admin", is: sees },

	"GET /welcome": { who: "admin", is: sees },
	"GET /people": { who: "signed", is: sees },
	"GET /people/new": { who: "admin", is: sees },
	"POST /people": { who: "admin", is: [422], form: () => ({ name: "" }) },
	"GET /people/:": { who: "signed", objects: "people", is: here },
	"GET /people/:/edit": { who: "admin", objects: "people", is: here },
	"POST /people/:/edit": { who: "admin", objects: "people", is: refusedForm, form: () => ({ name: "" }) },
	"POST /people/:/invite": { who: "admin", objects: "people", is: refusedForm },
	"GET /company": { who: "admin", is: sees },
	"POST /company": { who: "admin", is: [422], form: () => ({ name: "" }) },
	"POST /company/me": { who: "admin", is: [404], form: () => ({ person: "00000000001" }) },

	"GET /board": { who: "signed", is: sees },
	"GET /deals": { who: "signed", is: sees, exact: true },
	"GET /deals.csv": { who: "signed", is: sees, exact: true },
	"GET /deals/new": { who: "person", is: sees },
	"POST /deals": { who: "person", is: [422], form: () => ({ name: "" }) },
	"GET /deals/:": { who: "signed", objects: "deals", is: readable, same: true },
	"GET /deals/:/edit": { who: "signed", objects: "deals", is: readable, same: true },
	"POST /deals/:/edit": { who: "signed", objects: "deals", is: writable, form: () => ({ next_step: fresh() }) },
	"POST /deals/:/move": { who: "signed", objects: "deals", is: writable, form: (o) => ({ stage: o.stage || "00000000001" }) },
	"POST /deals/:/step": { who: "signed", objects: "deals", is: writable, form: (o) => ({ step: o.step || "00000000001" }), twice: true },
	"POST /deals/:/activity": { who: "person", objects: "deals", is: (a, o, p) => (reads(a, o, p) ? [422] : [404]), form: () => ({ subject: "", on_day: "2026-11-20" }) },
	"GET /palette": { who: "signed", is: sees, query: "?q=canary", exact: true },
	// The JSON API: the same rows as the pages. apiId: of the record in the path; json: the body is sent as JSON.
	"GET /live": { who: "signed", api: false, is: (a) => (a.token ? [404] : [200]) }, // the stream itself: tests/browser/live.test.js
	"GET /api/v1/openapi.json": { who: "public", is: sees },
	"GET /api/v1/*": { who: "signed", api: true, word: "deals", query: "?limit=500", is: sees, exact: true },
	"POST /api/v1/*": { who: "signed", api: true, word: "deals", is: [422], json: () => ({ name: "", amount: "x" }) },
	"GET /api/v1/*/:": { who: "signed", api: true, word: "deals", objects: "deals", is: readable, same: true },
	"PATCH /api/v1/*/:": { who: "signed", api: true, word: "deals", objects: "deals", is: (a, o, p) => (!reads(a, o, p) ? [404] : writes(a, o) ? [409] : [403, 409]), json: () => ({ version: 1000, next_step: fresh() }) },
	"DELETE /api/v1/*/:": { who: "signed", api: true, word: "deals", query: "?version=1000", objects: "deals", is: (a, o, p) => (!reads(a, o, p) ? [404] : [409]) },
	"GET /api/v1/*/:/history": { who: "signed", api: true, word: "deals", objects: "deals", is: readable, same: true },

	"GET /search": { who: "signed", is: sees, query: "?q=canary", exact: true },
};

// Entry alone is said here, object by object stands in the areas' own tests: "METHOD path who".
const entry = `
GET /today signed
GET /coaching person
POST /coaching/start leader
GET /coaching/calendar.ics person
GET /coaching/: person
POST /coaching/:/move person
POST /coaching/:/excuse person
POST /coaching/:/brings person
POST /coaching/:/focus person
GET /coaching/:/session person
POST /coaching/:/session person
POST /coaching/:/commit person
POST /coaching/:/note person
POST /coaching/:/mine person
POST /coaching/:/link person
GET /coaching/:/confirm person
POST /coaching/:/confirm person
GET /commitments person
GET /commitments/new person
POST /commitments person
GET /commitments/: person
POST /commitments/:/claim person
POST /commitments/:/confirm person
POST /commitments/:/miss person
POST /commitments/:/withdraw person
POST /commitments/:/move person
POST /commitments/:/account person
GET /charter signed
POST /charter leader
POST /charter/sponsor head
POST /charter/:/answer person
POST /charter/objection/: leader
GET /duties signed
POST /duties/accept person
POST /duties/:/accept person
POST /duties/:/change person
POST /duties/:/agree person
POST /duties/:/decline person
GET /leaders signed
GET /gap signed
GET /case signed
POST /leaders/goal leader
POST /leaders/goal/:/end leader
GET /people/:/place signed
POST /people/:/transfer signed
POST /people/:/absence signed
POST /people/:/absence/:/remove signed
POST /people/:/leave signed
POST /gap/target signed
GET /me signed
GET /me/data.json person
POST /me/absence person
POST /me/absence/:/remove person
POST /me/session/:/end signed
POST /me/keys signed
GET /brief head
POST /brief head
POST /brief/link head
GET /import admin
POST /import admin
GET /import/done/: admin
POST /import/undo/: admin
GET /import/* admin
POST /import/* admin
POST /import/*/run admin
POST /import/*/errors admin
POST /sample/remove admin
`;
for (const row of entry.trim().split("\n")) {
	const [method, path, who] = row.split(" ");
	const gone = /[:*]/.test(path); // there is no such thing: the same answer for everybody who may enter
	table[`${method} ${path}`] = { who, is: gone ? null : method === "GET" ? [200, 303] : null, loose: true };
}

function rule(route) {
	if (/^GET \/assets\//.test(route))
		return { who: "public", is: [404] };
	return table[route];
}

// What somebody gets who may not enter: the door, or "not here" as if there were nothing.
function refusal(actor, method, api) {
	if (!actor.known)
		return method === "GET" && !actor.token && !api ? [303] : [401];
	return [404];
}

module.exports = { line, rule, refusal, reads, writes, enters, table };
