// Cards move by drag, by keys and by the menu; all three send the form of the card. A move shows at once and goes back,
// seen and heard, when the server says no. What it is not for: rules, they are the server's.
import { open, parse, post, say, show, t } from "./say.js";

let held, home;
const title = (card) => card.querySelector("h3").textContent.trim();
const column = (board, stage) => [...board.querySelectorAll(".col")].find((c) => c.dataset.stage === stage);

function put(card, col, before) {
	col.querySelector("ol").insertBefore(card, before ?? null);
	for (const c of card.closest("[data-board]").querySelectorAll(".col")) {
		const n = c.querySelector("ol").childElementCount, shown = c.querySelector("[data-count]");
		if (shown && !shown.dataset.more) shown.textContent = n;
		const none = c.querySelector(".none");
		if (none) none.hidden = n > 0;
	}
}

function back(card, from, why) {
	put(card, from.col, from.next?.isConnected ? from.next : null);
	card.classList.remove("wait");
	card.classList.add("back");
	card.addEventListener("animationend", () => card.classList.remove("back"), { once: true });
	const menu = card.querySelector("[data-move] select");
	if (menu) menu.value = from.col.dataset.stage;
	if (why) say(why, true);
}

// Counts and sums as the server has them now, in this view and filter.
async function recount() {
	const page = parse(await (await fetch(location.href, { headers: { accept: "text/html" } })).text());
	const swap = (here, there) => here && there && here.replaceChildren(...there.childNodes);
	for (const c of page.querySelectorAll(".col[data-stage]"))
		for (const what of ["[data-count]", "[data-sum]"])
			swap(document.querySelector(`.col[data-stage="${CSS.escape(c.dataset.stage)}"] ${what}`), c.querySelector(what));
	swap(document.querySelector(".strip"), page.querySelector(".strip"));
}

// One answer of the server: the new card and words, or a gate, or no.
async function settle(card, from, col, ask) {
	let a;
	try { a = await ask(); } catch { return back(card, from, t("offline", "{0} stays in {1}: no line to the server.", title(card), from.col.dataset.name)); }
	const part = parse(a.html);
	if (a.status === 409 && part.querySelector("dialog")) return gate(part.querySelector("dialog"), card, from, col);
	const fresh = part.querySelector("li.deal");
	if (a.status >= 400 || (!fresh && part.querySelector("[data-say]")))
		return back(card, from, part.querySelector("[data-say]")?.textContent ?? t("refused", "{0} stays in {1}: the server refused the move.", title(card), from.col.dataset.name));
	if (fresh) {
		const had = card.contains(document.activeElement) || document.activeElement === document.body;
		card.replaceWith(fresh);
		if (had) fresh.querySelector("a[href]")?.focus();
	} else card.classList.remove("wait");
	for (const s of part.querySelectorAll("[data-for]")) {
		const [what, stage] = s.dataset.for.split(" ");
		const to = document.querySelector(`.col[data-stage="${CSS.escape(stage)}"] [data-${what === "sum" ? "sum" : "count"}]`);
		if (to) to.textContent = s.textContent;
	}
	if (fresh) recount().catch(() => {}); /* the next load shows them */
	const toast = part.querySelector("[data-toast] .toast, .toast");
	toast ? show(toast) : say(t("moved", "{0} moved to {1}.", title(fresh ?? card), col.dataset.name));
}

function gate(dialog, card, from, col) {
	dialog.setAttribute("data-gate", "");
	let sent = false;
	dialog.addEventListener("submit", (e) => {
		if (e.target.method === "dialog") return;
		e.preventDefault();
		sent = true;
		const form = e.target, button = e.submitter;
		const data = () => post(form, button, "card");
		const answer = data(); /* read the fields before the dialog leaves the page */
		dialog.close();
		settle(card, from, col, () => answer);
	});
	dialog.addEventListener("close", () => { if (!sent) back(card, from, t("stayed", "{0} stays in {1}.", title(card), from.col.dataset.name)); });
	open(dialog);
}

export function move(card, col, before) {
	const form = card.querySelector("[data-move] form");
	const from = { col: card.closest(".col"), next: card.nextElementSibling };
	if (!form || !col || col === from.col) return;
	form.elements.stage.value = col.dataset.stage;
	const had = card.contains(document.activeElement);
	const answer = post(form, undefined, "card");
	card.querySelector("[data-move]").open = false;
	put(card, col, before);
	card.classList.add("wait");
	if (had) card.querySelector("h3 a").focus();
	card.scrollIntoView({ block: "nearest", inline: "nearest" });
	return settle(card, from, col, () => answer);
}

function keys(e) {
	const card = e.target.closest?.(".deal");
	if (!card || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("select, input, textarea")) return;
	const col = card.closest(".col"), cols = [...col.parentElement.querySelectorAll(":scope > .col")];
	const next = (n) => cols[cols.indexOf(col) + n];
	const to = (c) => c?.querySelector("h3 a")?.focus();
	if (e.key === "]" || e.key === "[") { e.preventDefault(); move(card, next(e.key === "]" ? 1 : -1)); }
	else if (e.key === "ArrowDown") { e.preventDefault(); to(card.nextElementSibling); }
	else if (e.key === "ArrowUp") { e.preventDefault(); to(card.previousElementSibling); }
	else if (e.key === "ArrowRight" || e.key === "ArrowLeft") {
		e.preventDefault();
		const n = [...card.parentElement.children].indexOf(card);
		for (let c = next(e.key === "ArrowRight" ? 1 : -1); c; c = cols[cols.indexOf(c) + (e.key === "ArrowRight" ? 1 : -1)]) {
			const there = c.querySelectorAll(".deal");
			if (there.length) return to(there[Math.min(n, there.length - 1)]);
		}
	}
}

export function wake() {
	for (const board of document.querySelectorAll("[data-board]:not([data-awake])")) {
		board.dataset.awake = "";
		board.addEventListener("keydown", keys);
		board.addEventListener("submit", (e) => {
			const card = e.target.closest(".deal");
			if (!card || !e.target.closest("[data-move]")) return;
			e.preventDefault();
			move(card, column(board, e.target.elements.stage.value));
		});
		board.addEventListener("dragstart", (e) => {
			held = e.target.closest?.(".deal");
			if (!held) return;
			home = held.closest(".col");
			e.dataTransfer.effectAllowed = "move";
			e.dataTransfer.setData("text/uri-list", new URL(held.querySelector("a").href, location).href);
			requestAnimationFrame(() => held?.classList.add("drag"));
			document.documentElement.dataset.dragging = "";
		});
		board.addEventListener("dragover", (e) => {
			const col = held && e.target.closest?.(".col");
			if (!col) return;
			e.preventDefault();
			for (const c of board.querySelectorAll(".over")) if (c !== col) c.classList.remove("over");
			col.classList.toggle("over", col !== home);
		});
		board.addEventListener("drop", (e) => {
			const col = held && e.target.closest?.(".col");
			if (!col) return;
			e.preventDefault();
			const near = [...col.querySelectorAll(".deal")].find((c) => c !== held && e.clientY < c.getBoundingClientRect().top + c.offsetHeight / 2);
			move(held, col, near);
		});
		board.addEventListener("dragend", () => {
			held?.classList.remove("drag");
			for (const c of board.querySelectorAll(".over")) c.classList.remove("over");
			delete document.documentElement.dataset.dragging;
			held = home = null;
		});
	}
}
