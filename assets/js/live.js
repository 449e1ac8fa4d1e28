// What others changed appears on the page. One browser keeps one stream, however many tabs it has: the tab that holds the lock
// listens and passes on what it hears. The page then asks again and takes what differs; a field being edited, a form with
// words in it, an open menu and a card in the hand stay as they are. What it is not for: deciding who may see what.
import { parse, posts, show, t } from "./say.js";

const others = new BroadcastChannel("ridealong-live");
const line = document.querySelector("[data-line]");
const dot = document.querySelector("[data-line-state]");
const main = () => document.querySelector("#main");

// ---- hearing ----

function lost(is) {
	if (dot) {
		dot.dataset.lineState = is ? "off" : "on";
		dot.firstElementChild.textContent = is ? t("nolive", "Offline") : t("live", "Live");
	}
	if (!line || line.hidden === !is) return;
	line.textContent = is ? t("reconnecting", "Reconnecting… What you type stays here.") : "";
	line.hidden = !is;
}

let heard = 0, holds = false;
const since = Number(line?.dataset.line || 0);

function hear(kind, data) {
	if (kind === "hello") { if (holds) others.postMessage([line?.hidden === false ? "lost" : "open"]); if (holds && heard > data) others.postMessage(["missed"]); }
	else if (kind === "lost") lost(true);
	else if (kind === "open") lost(false);
	else if (kind === "missed" || concerns(data)) look();
}

function listen() {
	const tell = (kind, data) => { hear(kind, data); others.postMessage([kind, data]); };
	let stream, wait = 1000, dead;
	holds = true;
	const open = () => {
		stream = new EventSource(`/live?since=${heard || since}`);
		stream.onopen = () => { dead = false; wait = 1000; tell("open"); };
		stream.onerror = () => {
			tell("lost");
			if (stream.readyState !== EventSource.CLOSED) return; /* the browser comes back by itself, with Last-Event-ID */
			dead = true;
			setTimeout(open, wait = Math.min(wait * 2, 30000));
		};
		for (const kind of ["changed", "missed"]) stream.addEventListener(kind, (e) => {
			heard = Math.max(heard, Number(e.lastEventId));
			tell(kind, JSON.parse(e.data));
		});
	};
	open();
	return new Promise(() => {}); /* the lock is held as long as this tab lives */
}

others.onmessage = (e) => hear(...e.data);
others.postMessage(["hello", since]); /* what happened between this page's making and now */
if (navigator.locks) navigator.locks.request("ridealong-live", listen);
else listen();

// ---- does it concern this page? ----

// A list that says which records it is made of, or a row that stands on the page by its id.
function concerns(data) {
	const page = main();
	if (!page) return false;
	for (const [kind, ids] of Object.entries(data)) {
		if (page.querySelector(`[data-live~="${CSS.escape(kind)}"]`)) return true;
		if (!ids.length || ids.some((id) => location.pathname.includes(id))) return true;
		if (ids.some((id) => page.querySelector(`[href*="${CSS.escape(id)}"],[data-deal="${CSS.escape(id)}"]`))) return true;
	}
	return false;
}

// ---- taking what differs ----

let asking, again, waiting;
function later(ms) {
	again = true;
	clearTimeout(waiting);
	waiting = setTimeout(look, ms);
}

async function look() {
	// The answer to a form: there is nothing to ask for again, unless it says what it waits for; then once that has come.
	const waits = !since && main()?.querySelector("[data-until]");
	if (!since && !waits) return;
	// The answer to a form stands at an address that gives something else when it is asked for again.
	// So does a form that was refused: what is wrong with it would be gone before it is read.
	if (main()?.querySelector("[data-still], .alert.bad, .error")) return;
	if (document.hidden) { again = true; return; }
	if (asking) { again = true; return; }
	if (document.querySelector("form[data-sent]")) return later(300); // its answer takes this page's place, and may end this address
	asking = true;
	again = false;
	try {
		const sent = posts;
		const answer = await fetch(location.href, { headers: { accept: "text/html" } }), text = await answer.text();
		if (answer.ok && answer.redirected) onward(answer.url);
		else if (sent !== posts) again = true; // it may not know yet what was done here meanwhile
		else if (answer.ok) {
			const fresh = parse(text);
			if (!waits || !fresh.querySelector(`#${CSS.escape(waits.id)}[data-until]`)) take(fresh);
		}
	} catch { /* the line is lost: the stream says so, and asks again when it is back */ }
	asking = false;
	if (again) later(100);
}
document.addEventListener("visibilitychange", () => { if (!document.hidden && again) look(); });

// The record has gone on to another page of its own, as a session that was ended: said, for words may stand here.
function onward(url) {
	const to = new URL(url), own = location.pathname.split("/").slice(0, 3).join("/");
	if (!to.pathname.startsWith(`${own}/`) || document.querySelector(".toast a[data-on]")) return;
	const toast = Object.assign(document.createElement("div"), { className: "toast" }), a = Object.assign(document.createElement("a"), { href: to.pathname, textContent: t("onward", "This has gone on: see where it stands") });
	a.dataset.on = "";
	toast.append(a);
	show(toast);
}

// Notes of two: what the other one wrote, where no words of mine are on their way; the caret stays at its words.
function notes(page, fresh) {
	for (const x of page.querySelectorAll("textarea[data-autosave]")) {
		const y = fresh.querySelector(`[data-autosave="${CSS.escape(x.dataset.autosave)}"]`), had = x.value;
		const [here, there] = [x, y].map((z) => z?.form?.elements.version);
		if (!here || !there || had !== x.defaultValue || !(Number(there.value) > Number(here.value))) continue; // an answer may be older than my words
		const at = [x.selectionStart, x.selectionEnd].map((i) => !y.defaultValue.startsWith(had.slice(0, i)) && y.defaultValue.endsWith(had.slice(i)) ? y.defaultValue.length - (had.length - i) : Math.min(i, y.defaultValue.length));
		x.defaultValue = x.value = y.defaultValue;
		if (x === document.activeElement) x.setSelectionRange(...at);
		here.value = there.value;
	}
}

function take(answer) {
	const page = main(), fresh = answer.querySelector("#main");
	if (!fresh || !page) return;
	/* A card in the hand, or one whose move is not answered yet, would stand in two columns. */
	if (document.documentElement.hasAttribute("data-dragging") || page.querySelector(".deal.wait")) return later(300);
	const at = [scrollX, scrollY];
	const board = page.querySelector(".board"), across = board?.scrollLeft;
	const had = document.activeElement, of = had?.closest("[data-deal]")?.dataset.deal;
	notes(page, fresh);
	match(page, fresh);
	const side = document.querySelector("#nav"), places = answer.querySelector("#nav");
	if (side && places) match(side, places); /* what waits, beside the places */
	document.dispatchEvent(new Event("swapped")); /* what is new on the page wants its script */
	const card = () => of && page.querySelector(`[data-deal="${CSS.escape(of)}"] a[href]`); // it may stand in another column now
	if (had !== document.activeElement) (had?.isConnected ? had : card())?.focus({ preventScroll: true });
	if (board && across) board.scrollLeft = across;
	scrollTo(...at);
}

const still = (x) => x.replace(/ data-(awake|at|kept|sent|asked)="[^"]*"| aria-busy="true"/g, "").replace(/(name="(?:idem|csrf)" value=")[^"]*/g, "$1");
const same = (a, b) => a.isEqualNode(b) || (a.nodeType === 1 && b.nodeType === 1 && still(a.outerHTML) === still(b.outerHTML));
const typed = (form) => [...form.elements].some((x) => x.type !== "hidden" && ("checked" in x && /checkbox|radio/.test(x.type) ? x.checked !== x.defaultChecked : x.options ? [...x.options].some((o) => o.selected !== o.defaultSelected) && x.value !== ([...x.options].find((o) => o.defaultSelected) ?? x.options[0])?.value : "defaultValue" in x && x.value !== x.defaultValue));

// In use: somebody is in it, or words of theirs are.
function busy(x) {
	if (x.nodeType !== 1) return false;
	if (x.matches("dialog[open], details.pop[open], .wait, .drag")) return true;
	if (x.matches("form") && (x.contains(document.activeElement) && document.activeElement.matches("input, textarea, select") || typed(x))) return true;
	return x === document.activeElement && x.matches("input, textarea, select");
}

const key = (x) => (x.nodeType === 1 && (x.id || x.dataset.deal || x.dataset.stage || x.querySelector?.(":scope > th a[href], :scope > a[href]")?.getAttribute("href"))) || "";

const first = (x) => (x.getAttribute("class") ?? "").split(" ")[0];

function attributes(here, there) {
	for (const a of [...here.attributes]) if (!there.hasAttribute(a.name) && !/^(data-(awake|at|kept|sent|asked)|open|tabindex)$/.test(a.name)) here.removeAttribute(a.name);
	for (const a of there.attributes) if (here.getAttribute(a.name) !== a.value && !(a.name === "hidden" && here.matches("[data-print]"))) here.setAttribute(a.name, a.value);
}

function match(here, there) {
	if (busy(here) || same(here, there)) return;
	attributes(here, there);
	if (here.matches("input")) { here.value = there.value; return; }
	const known = new Map();
	for (const x of here.childNodes) if (key(x)) known.set(key(x), x);
	let at = here.firstChild;
	for (const y of [...there.childNodes]) {
		let x = key(y) ? known.get(key(y)) : at;
		if (!key(y) && y.nodeType === 1) while (x && !(x.nodeName === y.nodeName && !key(x) && first(x) === first(y))) x = x.nextSibling;
		if (x && x.parentNode === here && x.nodeType === y.nodeType && x.nodeName === y.nodeName && key(x) === key(y)) {
			if (x !== at) here.insertBefore(x, at);
			if (x.nodeType === 1) match(x, y);
			else if (x.data !== y.data) x.data = y.data;
			at = x.nextSibling;
		} else {
			y.classList?.add("fresh");
			here.insertBefore(y, at);
		}
	}
	while (at) {
		const next = at.nextSibling;
		if (!busy(at) && !(at.nodeType === 1 && [...at.querySelectorAll("form, dialog[open]")].some(busy))) at.remove();
		at = next;
	}
}
