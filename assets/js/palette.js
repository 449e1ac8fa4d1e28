// Ctrl K: pages and actions at once from the page, records and people from /palette as one types.
import { open, t } from "./say.js";

const fold = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let dialog, input, list, foot, at = 0, items = [], asked = 0, late;

function local() {
	const out = [];
	const take = (a, kind) => {
		const words = [...a.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join(" ").trim();
		if (words && !out.some((o) => o.href === a.getAttribute("href")))
			out.push({ label: words, href: a.getAttribute("href"), kind, hint: a.dataset.hint ?? "",
				key: a.dataset.key ? (a.dataset.key.length === 1 ? `G ${a.dataset.key.toUpperCase()}` : a.dataset.key) : "" });
	};
	for (const a of document.querySelector("template[data-palette-items]")?.content.querySelectorAll("a") ?? []) take(a, a.dataset.kind ?? t("page", "Page"));
	for (const a of document.querySelectorAll(".side a[href]")) take(a, t("page", "Page"));
	for (const a of document.querySelectorAll("[data-keys][href]")) out.push({ label: a.textContent.trim(), href: a.getAttribute("href"), kind: t("action", "Action"), hint: "", key: a.dataset.keys.split(" ")[0] });
	return out;
}

// every typed word must begin a word of the label; a letter missed or swapped is the server's to forgive
const fits = (q) => { const w = fold(q).split(/\s+/).filter(Boolean); return (i) => { const l = ` ${fold(i.label)} ${fold(i.hint ?? "")}`; return w.every((x) => l.includes(` ${x}`)); }; };

function draw() {
	list.replaceChildren(...items.map((i, n) => {
		const li = document.createElement("li");
		li.id = `p-${n}`;
		li.setAttribute("role", "option");
		li.setAttribute("aria-selected", n === at);
		li.append(Object.assign(document.createElement("span"), { textContent: i.label }));
		if (i.hint) li.append(Object.assign(document.createElement("span"), { className: "note clip", textContent: i.hint }));
		const end = Object.assign(document.createElement("span"), { className: "end" });
		if (i.key) for (const k of i.key.split(" ")) end.append(Object.assign(document.createElement("kbd"), { textContent: k }));
		end.append(i.kind ?? "");
		li.append(end);
		li.addEventListener("click", (e) => go(i, e.ctrlKey || e.metaKey));
		return li;
	}));
	list.hidden = !items.length;
	foot.hidden = !!items.length || !input.value.trim();
	items.length ? input.setAttribute("aria-activedescendant", `p-${at}`) : input.removeAttribute("aria-activedescendant");
	list.children[at]?.scrollIntoView({ block: "nearest" });
}

function go(i, tab) {
	if (!i || !/^(\/(?!\/)|\?|#)/.test(i.href)) return; /* our own pages only */
	tab ? window.open(i.href, "_blank", "noopener") : location.assign(i.href);
	dialog.close();
}

async function find() {
	const q = input.value.trim(), mine = ++asked, near = local().filter(fits(q)).slice(0, q ? 5 : 12);
	items = near; at = 0; draw();
	if (q.length < 2) return;
	clearTimeout(late);
	late = setTimeout(async () => {
		try {
			const answer = await fetch(`/palette?q=${encodeURIComponent(q)}`, { headers: { accept: "application/json" } });
			const found = await answer.json();
			if (mine !== asked) return;
			items = [...found, ...near.filter((n) => !found.some((f) => f.href === n.href))].slice(0, 20);
			at = Math.min(at, Math.max(0, items.length - 1)); draw();
		} catch { /* the pages are still there */ }
	}, 60);
}

function build() {
	dialog = Object.assign(document.createElement("dialog"), { className: "palette" });
	dialog.setAttribute("aria-label", t("find", "Find pages, records, people, actions"));
	input = Object.assign(document.createElement("input"), { type: "text", placeholder: t("jump", "Search or jump to…"), autocomplete: "off", spellcheck: false });
	for (const [k, v] of Object.entries({ role: "combobox", "aria-expanded": "true", "aria-controls": "p-list", "aria-autocomplete": "list", "aria-label": t("jump", "Search or jump to…") })) input.setAttribute(k, v);
	list = Object.assign(document.createElement("ul"), { id: "p-list" });
	list.setAttribute("role", "listbox");
	list.setAttribute("aria-label", t("results", "Results"));
	foot = Object.assign(document.createElement("p"), { className: "none", textContent: t("nothing", "Nothing found. Enter searches everywhere.") });
	foot.setAttribute("role", "status");
	const help = document.createElement("footer");
	for (const [k, w] of [["↑ ↓", t("choose", "choose")], ["↵", t("openit", "open")], ["Esc", t("close", "close")]]) {
		const s = document.createElement("span");
		for (const x of k.split(" ")) s.append(Object.assign(document.createElement("kbd"), { textContent: x }), " ");
		s.append(w.toLowerCase());
		help.append(s);
	}
	dialog.append(input, list, foot, help);
	input.addEventListener("input", find);
	input.addEventListener("keydown", (e) => {
		if (e.key === "ArrowDown" || e.key === "ArrowUp") {
			e.preventDefault();
			at = (at + (e.key === "ArrowDown" ? 1 : -1) + items.length) % Math.max(1, items.length); draw();
		} else if (e.key === "Enter" && !e.isComposing) {
			e.preventDefault();
			items[at] ? go(items[at], e.ctrlKey || e.metaKey) : location.assign(`/search?q=${encodeURIComponent(input.value)}`);
		}
	});
	dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });
}

// typed: the words are the reader's own beginning, to be gone on with; otherwise they are chosen, to be written over.
export function openPalette(text = "", typed = false) {
	if (!dialog) build();
	if (dialog.open) return dialog.close();
	input.value = text ?? "";
	open(dialog);
	typed ? input.setSelectionRange(input.value.length, input.value.length) : input.select();
	find();
}
