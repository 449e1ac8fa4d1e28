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
// G1: a prospect is its owner's, as a deal is; nobody's is read by all and taken by each person of the company.
const readsProspect = (a, o, p) => Boolean(o) && o.org === a.org && (o.owner ? reads(a, o, p) : a.known);
const writesProspect = (a, o) => (o.owner ? writes(a, o) : Boolean(a.admin || a.person));
const prospect = (then) => (a, o, p) => (!readsProspect(a, o, p) ? [404] : writesProspect(a, o) ? then : [403]);
const here = (a, o) => (o && o.org === a.org ? [200] : [404]);
const refusedForm = (a, o) => (o && o.org === a.org ? [422] : [404]);
const designs = (then) => (a) => (a.admin || a.head ? then : [403]);
const fresh = () => `Step ${Math.random().toString(36).slice(2)}`;

const table = {
	"GET /": { who: "public", is: [303] },
	"GET /alive": { who: "public", is: sees },
	"GET /sign-in": { who: "public", is: (a) => (a.known && !a.token ? [303] : [200]) },
	"POST /sign-in": { who: "public", is: [422], form: () => ({ email: "nobody@example.com", password: "not the password" }) },
	"POST /sign-out": { who: "signed", is: [303], last: true },
	"POST /practice": { who: "person", is: [303] },
	"POST /theme": { who: "signed", is: [303] },
	"POST /undo/:": { who: "signed", objects: "sets", last: true, is: (a, o) => (!o || a.org !== o.org ? [404] : a.name === o.by ? [303] : a.admin ? [303] : [404]) },
	"GET /l/*": { who: "public", is: [404] },
	"POST /l/*": { who: "public", is: [404], noCsrf: true, anyToken: true }, // the link alone counts
	"GET /health": { who: "admin", is: sees },

	"GET /welcome": { who: "admin", is: sees },
	"GET /people": { who: "signed", is: sees },
	"GET /people/new": { who: "admin", is: sees },
	"GET /people/invite": { who: "admin", is: sees },
	"POST /people/invite": { who: "admin", is: [422] }, // nobody is chosen
	"POST /people": { who: "admin", is: [422], form: () => ({ name: "" }) },
	"GET /people/:": { who: "signed", objects: "people", is: here },
	"GET /people/:/edit": { who: "admin", objects: "people", is: here },
	"POST /people/:/edit": { who: "admin", objects: "people", is: refusedForm, form: () => ({ name: "" }) },
	"POST /people/:/invite": { who: "admin", objects: "people", is: refusedForm },
	"GET /company": { who: "admin", is: sees },
	"POST /company": { who: "admin", is: [422], form: () => ({ name: "" }) },
	"POST /company/me": { who: "admin", is: [404], form: () => ({ person: "00000000001" }) },

	"GET /company/fields": { who: "admin", is: sees },
	"POST /company/fields": { who: "admin", is: [422], form: () => ({ name: "" }) },
	"GET /company/fields/:": { who: "admin", is: [404] },
	"POST /company/fields/:": { who: "admin", is: [404] },

	"GET /board": { who: "signed", is: sees },
	"GET /deals": { who: "signed", is: sees, exact: true },
	"GET /deals.csv": { who: "signed", is: sees, exact: true },
	"GET /deals/totals": { who: "signed", is: sees },
	"GET /board/totals": { who: "signed", is: sees, query: "?scope=all" },
	// Many at once: who may not write one is refused by name inside the answer, not by its status; told by tests/story/lists.js.
	"GET /deals/bulk": { who: "signed", is: sees, query: "?all=1" },
	"POST /deals/bulk": { who: "signed", is: [422] },
	"GET /deals/:/cell/*": { who: "signed", objects: "deals", word: "next_step", is: (a, o, p) => (!reads(a, o, p) ? [404] : writes(a, o) ? [200] : [403]), same: true },
	"POST /deals/:/cell/*": { who: "signed", objects: "deals", word: "next_step", is: writable, form: () => ({ next_step: fresh() }) },
	"GET /trash": { who: "signed", is: sees },
	"POST /trash/:": { who: "signed", is: [404] },
	"GET /company/rates": { who: "signed", is: sees },
	"POST /company/rates": { who: "head", is: [422] },
	"POST /company/rates/file": { who: "head", is: [422] },
	"POST /company/rates/:/remove": { who: "head", is: [404] },
	"POST /deals/views/first": { who: "person", is: [303] },
	"POST /deals/views": { who: "person", is: [422] },
	"POST /deals/views/:/remove": { who: "person", is: [404] },
	"GET /deals/new": { who: "person", is: sees },
	"POST /deals": { who: "person", is: [422], form: () => ({ name: "" }) },
	"GET /deals/:": { who: "signed", objects: "deals", is: readable, same: true },
	"GET /deals/:/edit": { who: "signed", objects: "deals", is: readable, same: true },
	"POST /deals/:/edit": { who: "signed", objects: "deals", is: writable, form: () => ({ next_step: fresh() }) },
	"POST /deals/:/move": { who: "signed", objects: "deals", is: writable, form: (o) => ({ stage: o.stage || "00000000001" }) },
	"POST /deals/:/step": { who: "signed", objects: "deals", is: writable, form: (o) => ({ step: o.step || "00000000001", [`s-${o.step}`]: "In their words" }), twice: true },
	"POST /deals/:/activity": { who: "person", objects: "deals", is: writable, form: () => ({ subject: "Rang", on_day: "2026-11-20" }) },
	"POST /deals/:/part/*": { who: "signed", objects: "deals", word: "tag", is: writable, form: () => ({ name: fresh() }) },
	"POST /deals/:/part/*/:/remove": { who: "signed", objects: "deals", word: "tag", is: (a, o, p) => (!reads(a, o, p) ? [404] : writes(a, o) ? [404] : [403]) },
	"POST /mentions/:/read": { who: "person", is: [404] },
	"GET /palette": { who: "signed", is: sees, query: "?q=canary", exact: true },
	"GET /pick/*": { who: "signed", word: "deal", is: sees, query: "?q=canary", exact: true },
	// The JSON API: the same rows as the pages. apiId: of the record in the path; json: the body is sent as JSON.
	"GET /live": { who: "signed", api: false, is: (a) => (a.token ? [404] : [200]) }, // the stream itself: tests/browser/live.test.js
	"GET /api/v1/openapi.json": { who: "public", is: sees },
	// Which report opens for whom: tests/rights/reports.js.
	"GET /api/v1/reports": { who: "signed", api: true, is: sees },
	"GET /api/v1/reports/*": { who: "signed", api: true, word: "conversion", is: sees },
	"GET /api/v1/*": { who: "signed", api: true, word: "deals", query: "?limit=500", is: sees, exact: true },
	"POST /api/v1/*": { who: "signed", api: true, word: "deals", is: [422], json: () => ({ name: "", amount: "x" }) },
	"GET /api/v1/*/:": { who: "signed", api: true, word: "deals", objects: "deals", is: readable, same: true },
	"PATCH /api/v1/*/:": { who: "signed", api: true, word: "deals", objects: "deals", is: (a, o, p) => (!reads(a, o, p) ? [404] : writes(a, o) ? [409] : [403, 409]), json: () => ({ version: 1000, next_step: fresh() }) },
	"DELETE /api/v1/*/:": { who: "signed", api: true, word: "deals", query: "?version=1000", objects: "deals", is: (a, o, p) => (!reads(a, o, p) ? [404] : [409]) },
	"GET /api/v1/*/:/history": { who: "signed", api: true, word: "deals", objects: "deals", is: readable, same: true },

	// One account and a pair of records: of nobody's here; who may merge what is told by tests/story/merge.js.
	"GET /accounts": { who: "signed", is: sees },
	"GET /deals/:/files": { who: "signed", objects: "deals", is: readable, same: true },
	"POST /deals/:/files": { who: "signed", objects: "deals", is: writable, form: () => ({ name: "a.txt", data: "eA==" }) },
	"GET /accounts/:/files": { who: "signed", is: [404] },
	"POST /accounts/:/files": { who: "signed", is: [404], form: () => ({ name: "a.txt", data: "eA==" }) },
	// K1, O5: the library is the company's, as processes are; one that is there: tests/story/library.js.
	"GET /library": { who: "signed", is: sees },
	"GET /library.csv": { who: "signed", is: sees },
	"GET /library/new": { who: "signed", is: designs([200]) },
	"POST /library": { who: "signed", is: designs([422]), form: () => ({ title: "" }) },
	"GET /library/:": { who: "signed", is: [404] },
	"GET /library/:/edit": { who: "signed", is: [404] },
	"POST /library/:/edit": { who: "signed", is: [404] },
	"POST /library/:/retire": { who: "signed", is: [404] },
	"POST /library/:/show": { who: "signed", is: [404] },
	"POST /library/:/hide": { who: "signed", is: [404] },
	"GET /library/:/open": { who: "signed", is: [404] },
	"GET /library/:/effect": { who: "signed", is: [404] },
	"GET /library/:/files": { who: "signed", is: [404] },
	"POST /library/:/files": { who: "signed", is: [404], form: () => ({ name: "a.txt", data: "eA==" }) },
	"GET /files/:": { who: "signed", is: [404] },
	"POST /files/:/remove": { who: "signed", is: [404] },
	"GET /accounts/:": { who: "signed", is: [404] },
	"POST /accounts/:": { who: "signed", is: [404], form: () => ({ name: "x" }) },
	"POST /accounts/:/contact": { who: "signed", is: [404], form: () => ({ contact: "x" }) },
	// What each act does: tests/story/prospects.js. A campaign is written as an account is; here it is one that is not there.
	"GET /prospects": { who: "signed", is: sees },
	"GET /prospects.csv": { who: "signed", is: sees },
	"GET /prospects/figures": { who: "signed", is: sees },
	"GET /prospects/bulk": { who: "signed", is: sees, query: "?all=1" },
	"POST /prospects/bulk": { who: "signed", is: [422] },
	"POST /prospects/views": { who: "person", is: [422] },
	"POST /prospects/views/first": { who: "person", is: [303] },
	"POST /prospects/views/:/remove": { who: "person", is: [404] },
	"GET /prospects/new": { who: "person", is: sees },
	"POST /prospects": { who: "person", is: [422], form: () => ({ name: "" }) },
	"GET /prospects/:": { who: "signed", objects: "prospects", is: (a, o, p) => (readsProspect(a, o, p) ? [200] : [404]), sees: readsProspect, same: true },
	"POST /prospects/:": { who: "signed", objects: "prospects", is: prospect([422]), form: () => ({ name: "" }) },
	"POST /prospects/:/claim": { who: "signed", objects: "prospects", is: prospect([422]), form: () => ({ owner: "00000000001" }) },
	"POST /prospects/:/touch": { who: "person", objects: "prospects", is: prospect([422]), form: () => ({ kind: "" }) },
	"POST /prospects/:/recycle": { who: "signed", objects: "prospects", is: prospect([422]), form: () => ({ reason: "" }) },
	"POST /prospects/:/disqualify": { who: "signed", objects: "prospects", is: prospect([422]), form: () => ({ reason: "" }) },
	"GET /prospects/:/qualify": { who: "person", objects: "prospects", is: prospect([200]), sees: readsProspect, same: true },
	"POST /prospects/:/qualify": { who: "person", objects: "prospects", is: prospect([422]), form: () => ({ name: "" }) },
	"GET /campaigns": { who: "signed", is: sees },
	"GET /campaigns.csv": { who: "signed", is: sees },
	"POST /campaigns": { who: "person", is: [422], form: () => ({ name: "" }) },
	"GET /campaigns/:": { who: "signed", is: [404] },
	"POST /campaigns/:": { who: "signed", is: [404] },
	"POST /campaigns/:/remove": { who: "signed", is: [404] },
	"POST /campaigns/:/steps": { who: "signed", is: [404] },
	"POST /campaigns/:/steps/:/remove": { who: "signed", is: [404] },
	// A plan is its account's; the steps are commitments. What each act does, and who may: tests/story/plan.js.
	"GET /accounts/:/plan": { who: "signed", is: [404] },
	"GET /accounts/:/plan/cell": { who: "signed", is: [404] },
	"GET /accounts/:/plan.csv": { who: "signed", is: [404] },
	"POST /accounts/:/plan/units": { who: "signed", is: [404] },
	"POST /accounts/:/plan/units/:/remove": { who: "signed", is: [404] },
	"POST /accounts/:/plan/potential": { who: "signed", is: [404] },
	"POST /accounts/:/plan/deal": { who: "signed", is: [404] },
	"POST /accounts/:/plan/chart": { who: "signed", is: [404] },
	"POST /accounts/:/plan/steps": { who: "person", is: [404] },
	"GET /duplicates": { who: "signed", is: sees },
	"GET /duplicates/*/:/:": { who: "signed", word: "deal", is: [404] },
	"POST /duplicates/*/:/:": { who: "signed", word: "deal", is: [404] },
	"GET /search": { who: "signed", is: sees, query: "?q=canary", exact: true },

	// O5: what the company works by is read by all and designed by the head and administrators; whose version it is nobody asks, so
	// here it is one that is not there. What may be done with one that is: tests/story/design.js.
	"GET /process": { who: "signed", is: sees },
	"POST /process": { who: "signed", is: designs([422]), form: () => ({ name: "" }) },
	"POST /process/import": { who: "signed", is: designs([422]), form: () => ({ text: "stages: 1" }) },
	"GET /process/:": { who: "signed", is: [404] },
	"GET /process/:/file": { who: "signed", is: [404] },
	"GET /process/:/publish": { who: "signed", is: [404] },
	"GET /process/:/deals": { who: "signed", is: [404] },
	"GET /process/:/rules": { who: "signed", is: [404] },
	"GET /process/:/stages/:": { who: "signed", is: [404] },
	"GET /process/:/steps/:": { who: "signed", is: [404] },
	"POST /process/:/name": { who: "signed", is: [404] },
	"POST /process/:/draft": { who: "signed", is: [404] },
	"POST /process/:/remove": { who: "signed", is: [404] },
	"POST /process/:/retire": { who: "signed", is: [404] },
	"POST /process/:/publish": { who: "signed", is: [404] },
	"POST /process/:/deals": { who: "signed", is: [404] },
	"POST /process/:/stages": { who: "signed", is: [404] },
	"POST /process/:/rules": { who: "signed", is: [404] },
	"POST /process/:/reasons": { who: "signed", is: [404] },
	"POST /process/:/next": { who: "signed", is: [404] },
	"POST /process/:/stages/:": { who: "signed", is: [404] },
	"POST /process/:/stages/:/place": { who: "signed", is: [404] },
	"POST /process/:/stages/:/remove": { who: "signed", is: [404] },
	"POST /process/:/stages/:/steps": { who: "signed", is: [404] },
	"POST /process/:/steps/:": { who: "signed", is: [404] },
	"POST /process/:/steps/:/place": { who: "signed", is: [404] },
	"POST /process/:/steps/:/remove": { who: "signed", is: [404] },
	"POST /process/:/reasons/:": { who: "signed", is: [404] },
	"POST /process/:/next/:/remove": { who: "signed", is: [404] },
};

// O5, C5a: a session is the pair's; the line above either of them sees that it was, not what was said.
const pair = (a, o) => Boolean(o) && o.org === a.org && Boolean(a.person) && (a.person === o.coach || a.person === o.coachee);
const facts = (a, o) => Boolean(o) && o.org === a.org && Boolean(a.person) && (above(a.person, o.coach) || above(a.person, o.coachee));
// A write of the pair: what the coach, and what the coachee gets.
const ofPair = (coach, coachee) => (a, o) => (!facts(a, o) ? [404] : !pair(a, o) ? [403, 404] : a.person === o.coach ? coach : coachee);
const onlyPair = (a, o) => (pair(a, o) ? [200] : [404]);

// O5: a promise is its two people's, and the line's above them; A3: each act is one side's.
const promised = (a, o) => Boolean(o) && o.org === a.org && Boolean(a.person) && (above(a.person, o.owner) || above(a.person, o.to));
const bySide = (side, then) => (a, o) => (!promised(a, o) ? [404] : a.person === o[side] ? then : [403]);

// A duty or charter is open to the company and its owner's to answer for.
const inCompany = (a, o) => Boolean(o) && o.org === a.org;
const byOwner = (then) => (a, o) => (!inCompany(a, o) ? [404] : a.person === o.by ? then : [403]);
const nearby = (a, o) => Boolean(a.person) && (line[o.by] === a.person || line[a.person] === o.by);

// A target is set from above, for the head by the head, and by administrators.
function targeted(a, o) {
	if (a.admin)
		return inCompany(a, o) ? [422] : [404];
	return inCompany(a, o) && a.person && (a.person !== o.by && above(a.person, o.by) || a.head && a.person === o.by) ? [422] : [403];
}

// The one person of the other company is the outsider.
const carded = (a, o) => inCompany(a, o) && Boolean(a.person) && (o.org === 2 || above(a.person, o.by) || above(o.by, a.person));
const paired = (a, o) => o.org === 2 || a.person === o.by || line[o.by] === a.person;

// O4, O7: a place in the line, absence and leaving are entered by administrators and from above, never by a peer.
const placed = (then) => (a, o) => (inCompany(a, o) && (a.admin || a.person && a.person !== o.by && above(a.person, o.by)) ? then : inCompany(a, o) ? [403] : [404]);

Object.assign(table, {
	"GET /people/:/place": { who: "signed", objects: "targets", is: placed([200]), sees: inCompany, same: true },
	"POST /people/:/transfer": { who: "signed", objects: "targets", is: placed([422]) },
	"POST /people/:/absence": { who: "signed", objects: "targets", is: placed([422]) },
	"POST /people/:/absence/:/remove": { who: "signed", objects: "targets", is: placed([404]) },
	"POST /people/:/leave": { who: "signed", objects: "targets", is: placed([422]) },
	"POST /leaders/goal": { who: "leader", is: [422] },
	"POST /leaders/goal/:/end": { who: "leader", objects: "goals", is: byOwner([422]) },
	"POST /charter/objection/:": { who: "leader", objects: "objections", is: byOwner([422]) },
	"GET /today": { who: "signed", is: sees },
	// C7: one's own and those of the line below; one here is told by tests/story/trace.js.
	"GET /observations": { who: "person", is: sees },
	"GET /observations/new": { who: "person", is: sees },
	"POST /observations": { who: "person", is: [422] },
	"GET /observations/:": { who: "person", is: [404] },
	"POST /observations/:/answer": { who: "person", is: [404] },
	// E8b: a second observer is asked by the first and writes alone; what is there: tests/story/rubrics.js.
	"POST /observations/:/second": { who: "person", is: [404] },
	"POST /observations/:/enter": { who: "person", is: [404] },
	"POST /observations/:/decline": { who: "person", is: [404] },
	// C2b: the queue is of the line below; who saw a session certifies, who gave it or stands above revokes: tests/story/certify.js.
	"GET /coaches": { who: "person", is: sees },
	"GET /coaches.csv": { who: "person", is: sees },
	"POST /observations/:/certify": { who: "person", is: [404] },
	"POST /certifications/:/revoke": { who: "person", is: [404] },
	// C7: rubrics are the company's, as frameworks are; one that is there: tests/story/rubrics.js.
	"GET /rubrics": { who: "signed", is: sees },
	"GET /rubrics/new": { who: "signed", is: designs([200]) },
	"POST /rubrics": { who: "signed", is: designs([422]), form: () => ({ name: "" }) },
	"POST /rubrics/import": { who: "signed", is: designs([422]), form: () => ({ text: "criteria: 1" }) },
	"POST /rubrics/ready": { who: "signed", is: designs([303]) },
	"GET /rubrics/:": { who: "signed", is: [404] },
	"GET /rubrics/:/edit": { who: "signed", is: [404] },
	"POST /rubrics/:/edit": { who: "signed", is: [404] },
	"GET /rubrics/:/file": { who: "signed", is: [404] },
	"POST /rubrics/:/copy": { who: "signed", is: [404] },
	"POST /rubrics/:/retire": { who: "signed", is: [404] },
	"POST /rubrics/:/remove": { who: "signed", is: [404] },
	// C3: frameworks are the company's: read by all, written by the head and administrators; one that is there: tests/story/frameworks.js.
	"GET /frameworks": { who: "signed", is: sees },
	"GET /frameworks/new": { who: "signed", is: designs([200]) },
	"POST /frameworks": { who: "signed", is: designs([422]), form: () => ({ name: "" }) },
	"POST /frameworks/import": { who: "signed", is: designs([422]), form: () => ({ text: "phases: 1" }) },
	"POST /frameworks/ready": { who: "signed", is: designs([303]) },
	"GET /frameworks/:": { who: "signed", is: [404] },
	"GET /frameworks/:/edit": { who: "signed", is: [404] },
	"POST /frameworks/:/edit": { who: "signed", is: [404] },
	"GET /frameworks/:/file": { who: "signed", is: [404] },
	"POST /frameworks/:/copy": { who: "signed", is: [404] },
	"POST /frameworks/:/retire": { who: "signed", is: [404] },
	"POST /frameworks/:/remove": { who: "signed", is: [404] },
	// C1: programmes are read by all (their sessions by O5); planned by the head, administrators and leaders for their own line. What they do: tests/story/programmes.js.
	"GET /programmes": { who: "signed", is: sees },
	"GET /programmes/new": { who: "signed", is: (a) => (a.admin || a.head || a.leads ? [200] : [403]) },
	"POST /programmes": { who: "signed", is: (a) => (a.admin || a.head || a.leads ? [422] : [403]), form: () => ({ name: "" }) },
	"GET /programmes/:": { who: "signed", is: [404] },
	"POST /programmes/:/pairs": { who: "signed", is: [404] },
	"POST /programmes/:/end": { who: "signed", is: [404] },
	"POST /programmes/:/undo": { who: "signed", is: [404] },
	"GET /coaching": { who: "person", is: sees },
	"GET /coaching/effect": { who: "signed", is: sees },
	"GET /coaching/effect.csv": { who: "signed", is: sees },
	"POST /coaching/skills/:": { who: "signed", is: [404] },
	"POST /coaching/start": { who: "person", is: (a) => (a.leads ? [422] : [404]) }, // nobody reports to the others
	"GET /coaching/calendar.ics": { who: "person", is: sees, calendar: true },
	// Coaches beside the line: who is below is told by tests/story/coach.js; here nobody names anybody.
	"POST /coaching/calendar": { who: "person", last: true, is: [200] },
	"POST /coaching/coaches": { who: "person", is: [422] },
	"POST /coaching/coaches/:/end": { who: "person", is: [404] },
	"POST /coaching/:/send": { who: "person", objects: "sessions", is: ofPair([403], [303, 422]), form: () => ({ reader: "" }) },
	"GET /coaching/:/sent": { who: "person", objects: "sessions", is: [404], sees: () => false },
	"GET /coaching/:": { who: "person", objects: "sessions", is: (a, o) => (facts(a, o) ? [200] : [404]), sees: facts, same: true },
	"POST /coaching/:/move": { who: "person", objects: "sessions", is: ofPair([422], [422]) },
	"POST /coaching/:/excuse": { who: "person", objects: "sessions", is: ofPair([422], [422]) },
	"POST /coaching/:/brings": { who: "person", objects: "sessions", is: ofPair([403], [303]), form: (o) => ({ brings: o.brings || "x" }) },
	// C1: the coach alone puts several into one meeting, or names a second coach; with others in it: tests/story/together.js.
	// C2c: a sheet is written by each of the two alone; with one: tests/story/sheets.js.
	"POST /coaching/:/sheet": { who: "person", objects: "sessions", is: ofPair([422], [422]) },
	"POST /coaching/:/together": { who: "person", objects: "sessions", is: ofPair([422], [403]) },
	"POST /coaching/:/alone": { who: "person", objects: "sessions", is: ofPair([303, 422], [403]) },
	"POST /coaching/:/second": { who: "person", objects: "sessions", is: ofPair([303, 422], [403]) },
	"POST /coaching/:/second/answer": { who: "person", objects: "sessions", is: ofPair([403], [422]), form: () => ({ answer: "yes" }) },
	"POST /coaching/:/agenda": { who: "person", objects: "sessions", is: ofPair([404, 422], [404, 422]), form: () => ({ topic: "1-1", in: "1" }) },
	"POST /coaching/:/focus": { who: "person", objects: "sessions", is: ofPair([303], [303]), form: () => ({ focus: "" }) },
	"GET /coaching/:/session": { who: "person", objects: "sessions", is: onlyPair, sees: pair, same: true },
	"POST /coaching/:/session": { who: "person", objects: "sessions", is: ofPair([422], [403]) },
	"POST /coaching/:/commit": { who: "person", objects: "sessions", is: ofPair([422], [422]) },
	"POST /coaching/:/note": { who: "person", objects: "sessions", is: ofPair([303], [303]), form: (o) => ({ text: o.ours || "x" }) },
	"POST /coaching/:/mine": { who: "person", objects: "sessions", is: ofPair([303], [303]), form: (o, a) => ({ text: (o.mine && o.mine[a.name]) || "x" }) },
	"POST /coaching/:/link": { who: "person", objects: "sessions", is: ofPair([422], [403]) },
	"POST /coaching/:/framework": { who: "person", objects: "sessions", is: ofPair([303], [303]), form: () => ({ framework: "" }) },
	"GET /coaching/:/confirm": { who: "person", objects: "sessions", is: (a, o) => (pair(a, o) && a.person === o.coachee ? [200] : [404]), sees: (a, o) => pair(a, o) && a.person === o.coachee, same: true },
	"POST /coaching/:/confirm": { who: "person", objects: "sessions", is: (a, o) => (pair(a, o) && a.person === o.coachee ? [422] : [404]) },

	"GET /commitments": { who: "person", query: "?show=closed", is: sees },
	"GET /commitments/new": { who: "person", is: sees },
	"POST /commitments": { who: "person", is: [422], form: () => ({ when_: "" }) },
	"GET /commitments/:": { who: "person", objects: "commitments", is: (a, o) => (promised(a, o) ? [200] : [404]), sees: promised, same: true },
	"POST /commitments/:/claim": { who: "person", objects: "commitments", is: bySide("owner", [422]) },
	"POST /commitments/:/confirm": { who: "person", objects: "commitments", last: true, is: bySide("to", [303, 422]) },
	"POST /commitments/:/miss": { who: "person", objects: "commitments", last: true, is: bySide("to", [303, 422]) },
	"POST /commitments/:/withdraw": { who: "person", objects: "commitments", last: true, is: bySide("to", [303, 422]) },
	"POST /commitments/:/move": { who: "person", objects: "commitments", is: bySide("owner", [422]) },
	"POST /commitments/:/account": { who: "person", objects: "commitments", is: bySide("owner", [422]) },

	"POST /commitments/:/ask": { who: "person", objects: "commitments", last: true, is: bySide("owner", [303, 422]) },
	"POST /commitments/:/line": { who: "person", objects: "commitments", is: bySide("owner", [422]) },
	"GET /blockers": { who: "person", is: sees },
	"POST /blockers": { who: "person", is: [422] },
	"POST /blockers/:/hand": { who: "person", is: [404] },
	"POST /blockers/:/answer": { who: "person", is: [404] },
	"POST /blockers/:/confirm": { who: "person", is: [404] },

	// A1, A2, O5, O6: a scorecard is its person's, the line's above, and of a leader the team's below; an agreement is its two sides'.
	"GET /scorecard": { who: "person", is: sees },
	"GET /scorecard.csv": { who: "person", is: sees },
	"GET /scorecard/measures": { who: "signed", is: sees },
	"POST /scorecard/measures": { who: "head", is: [422], form: () => ({ name: "" }) },
	"POST /scorecard/measures/:/end": { who: "head", is: [404] },
	"GET /scorecard/:": { who: "person", objects: "targets", is: (a, o) => (carded(a, o) ? [200] : [404]), sees: carded, same: true },
	"POST /scorecard/:/entry": { who: "person", objects: "targets", is: (a, o) => (!carded(a, o) ? [404] : paired(a, o) ? [422] : [403]) },
	"GET /scorecard/:/agreement": { who: "person", objects: "targets", is: (a, o) => (!carded(a, o) ? [404] : paired(a, o) ? [200] : [403]) },
	"POST /scorecard/:/agreement": { who: "person", objects: "targets", is: (a, o) => (!carded(a, o) ? [404] : paired(a, o) ? [422] : [403]) },
	"GET /huddle": { who: "person", is: sees },
	"POST /huddle/share": { who: "person", is: [303] },
	"POST /agreements/:/sign": { who: "person", is: [404] },
	"POST /agreements/:/decline": { who: "person", is: [404] },

	"GET /charter": { who: "signed", is: sees },
	"POST /charter": { who: "leader", is: (a) => (a.person ? [422] : [403, 404]), form: () => ({ part: "" }) },
	"POST /charter/sponsor": { who: "head", is: [422] },
	"POST /charter/:/answer": { who: "person", objects: "charters", is: (a, o) => (!inCompany(a, o) ? [404] : a.person === o.by ? [403] : [422]) },
	"GET /duties": { who: "signed", is: sees },
	"POST /duties/accept": { who: "person", last: true, is: [303] },
	"POST /duties/:/accept": { who: "person", objects: "duties", is: byOwner([303, 403]) }, // once agreed there is nothing to agree
	"POST /duties/:/change": { who: "person", objects: "duties", is: byOwner([422, 303]) },
	"POST /duties/:/agree": { who: "person", objects: "duties", is: (a, o) => (!inCompany(a, o) ? [404] : nearby(a, o) ? [303, 403] : [403]) },
	"POST /duties/:/decline": { who: "person", objects: "duties", is: (a, o) => (!inCompany(a, o) ? [404] : nearby(a, o) ? [303, 403] : [403]) },

	"GET /leaders": { who: "signed", is: sees },
	"GET /forecast": { who: "signed", is: sees, query: "?person=all" },
	"POST /forecast": { who: "leader", is: (a) => (a.person ? [422] : [403, 404, 422]), form: () => ({ from_day: "2026-12-01", committed: "" }) },
	// P7: questions to whoever leads the process, open to the company; answered by their owner alone. What is told: tests/story/process_fault.js.
	"POST /process-reviews": { who: "leader", is: [422] },
	"GET /process-reviews/:": { who: "signed", is: [404] },
	"POST /process-reviews/:/answer": { who: "person", is: [404] },
	"GET /analyse": { who: "signed", is: sees, query: "?person=all&show=people" },
	"GET /gap": { who: "signed", is: sees, query: "?person=all&from=2026-10-01&to=2026-12-31" },
	// The one person of the other company is the outsider. A4: a trace is its person's, the line's above and the team's below; asked for by the person or from above.
	"GET /trace": { who: "person", is: sees, query: "?from=2026-10-01&to=2026-12-31" },
	"POST /trace": { who: "person", objects: "targets", is: (a, o) => (inCompany(a, o) && (o.org === 2 || above(a.person, o.by)) ? [422] : [404]), form: (o) => ({ person: o.id || "00000000001" }) },
	"POST /trace/:/answer": { who: "person", is: [404] },
	"GET /case": { who: "signed", is: sees, query: "?from=2026-10-01&to=2026-12-31" },
	"POST /gap/account": { who: "person", is: [422] },
	"POST /gap/target": { who: "signed", objects: "targets", is: targeted, form: (o) => ({ person: o.id || "00000000001", amount: "" }) },
	"GET /me": { who: "signed", is: sees },
	"GET /me/data.json": { who: "person", is: sees },
	"POST /me/absence": { who: "person", is: [422] },
	"POST /me/absence/:/remove": { who: "person", objects: "absences", last: true, is: (a, o) => (!inCompany(a, o) || !above(a.person, o.by) ? [404] : a.person === o.by ? [303] : [403]) },
	"POST /me/session/:/end": { who: "signed", is: [404] },
	"POST /me/keys": { who: "signed", is: [303] },
	// M1, M2: own goals are one's own; a stranger's is not there: tests/story/motivation.js.
	"GET /goals": { who: "person", is: sees },
	"POST /goals": { who: "person", is: [422], form: () => ({ text: "" }) },
	"POST /goals/:/share": { who: "person", is: [404] },
	"POST /goals/:/close": { who: "person", is: [404] },
	"POST /recognition": { who: "person", is: [422], form: () => ({ words: "" }) },
	"POST /recognition/way": { who: "person", is: [422], form: () => ({ how: "party" }) },
	// L5: one's own letters and wishes for them.
	"GET /mail": { who: "person", is: sees },
	"POST /mail": { who: "person", is: [422], form: () => ({ kind: "party" }) },
	"GET /brief": { who: "head", is: sees },
	"POST /brief": { who: "head", objects: "commitments", is: (a, o) => (!promised(a, o) ? [404] : [403, 422]), form: (o) => ({ act: "account", row: o.id || "00000000001" }) },
	"POST /brief/link": { who: "head", is: [200, 303] },

	"GET /import": { who: "admin", is: sees },
	"POST /import": { who: "admin", is: [415, 422] },
	"GET /import/done/:": { who: "admin", is: [404] },
	"POST /import/undo/:": { who: "admin", is: [404] },
	"GET /import/folders": { who: "admin", is: sees },
	"POST /import/folders": { who: "admin", is: [422] },
	"POST /import/folders/now": { who: "admin", is: [303] },
	"POST /import/folders/:/remove": { who: "admin", is: [404] },
	"GET /import/sources": { who: "admin", is: sees },
	"POST /import/sources": { who: "admin", is: [422] },
	"POST /import/upload": { who: "admin", is: [422] },
	"PUT /import/*/slice": { who: "admin", is: [404] },
	"GET /import/*/slice": { who: "admin", is: [404] },
	"GET /import/*/progress": { who: "admin", is: [404] },
	"POST /import/*/stop": { who: "admin", is: [404] },
	"POST /import/*/resume": { who: "admin", is: [404] },
	"GET /import/*": { who: "admin", is: [404] },
	"POST /import/*": { who: "admin", is: [404] },
	"POST /import/*/run": { who: "admin", is: [404] },
	"POST /import/*/errors": { who: "admin", is: [404] },
	"POST /sample/remove": { who: "admin", is: [404] },
});

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

module.exports = { line, rule, refusal, reads, readsProspect, writes, enters, table, above };
