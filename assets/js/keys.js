// Single keys: G then a letter, J K Enter X, E N / ?. Never in fields; switched off in the help.
import { open, t } from "./say.js";

export const wants = true;
let g = 0;
const $$ = (s) => [...document.querySelectorAll(s)];
const seen = (x) => x.checkVisibility?.() ?? true;
const press = (x, e) => { if (x) { e.preventDefault(); x.click(); return true; } };

function walk(step, e) {
	const rows = $$("[data-row]").filter(seen), next = step > 0 ? "a[rel=next]" : "a[rel=prev]", through = document.querySelector("[data-walk]:not([hidden])");
	if (through || !rows.length) return press((through ?? document).querySelector(next), e); // a record of a view: on to the next one, whatever it lists
	let i = rows.findIndex((r) => r.hasAttribute("data-at") || r.contains(document.activeElement));
	i = i < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, i + step));
	for (const r of rows) r.toggleAttribute("data-at", r === rows[i]);
	(rows[i].querySelector("a[href]") ?? rows[i]).focus();
	rows[i].scrollIntoView({ block: "nearest", inline: "nearest" });
	e.preventDefault();
}

export function key(e) {
	const k = e.key.toLowerCase();
	if (g && Date.now() - g < 1500) {
		g = 0;
		if (press(document.querySelector(`[data-key="${CSS.escape(k)}"]`), e)) return;
	}
	if (k === "g") { g = Date.now(); return; }
	if (k === "?") { e.preventDefault(); return help(); }
	if (k === "/") {
		const q = document.querySelector("[data-palette], input[type=search]");
		if (q) { e.preventDefault(); q.focus(); q.select(); }
		return;
	}
	if (k === "j" || k === "k") return walk(k === "j" ? 1 : -1, e);
	if (k === "x") return press(document.querySelector("[data-at] input[type=checkbox]"), e);
	if (k === "n" && press(document.querySelector("[data-new]"), e)) return;
	if (k === "e" && press(document.querySelector("[data-at] [data-edit], [data-edit]"), e)) return;
	for (const x of $$("[data-keys]")) if (x.dataset.keys.split(" ")[0].toLowerCase() === k) return press(x, e);
}

export function help() {
	const d = document.createElement("dialog");
	d.className = "dialog";
	d.setAttribute("data-gate", "");
	d.setAttribute("aria-labelledby", "keys-h");
	const h = Object.assign(document.createElement("h2"), { id: "keys-h", textContent: t("keys", "Keys on this page") });
	const dl = Object.assign(document.createElement("dl"), { className: "keys" });
	const line = (k, what) => {
		const dt = document.createElement("dt"), dd = document.createElement("dd");
		for (const p of k.split(" ")) dt.append(Object.assign(document.createElement("kbd"), { textContent: p }), " ");
		dd.textContent = what;
		dl.append(dt, dd);
	};
	line(/Mac|iP/.test(navigator.platform) ? "⌘ K" : "Ctrl K", t("find", "Find pages, records, people, actions"));
	line("/", t("search", "Search"));
	if (document.querySelector("[data-row]")) { line("J K", t("walk", "Next, previous")); line("Enter", t("openit", "Open")); }
	if (document.querySelector("[data-new]")) line("N", document.querySelector("[data-new]").textContent.replace(/\s*N\s*$/, "").trim());
	if (document.querySelector("[data-edit]")) line("E", t("edit", "Edit"));
	if (document.querySelector("[data-board]")) line("[ ]", t("moves", "Move the card a column back, on"));
	for (const x of $$("[data-keys]")) { const [k, ...w] = x.dataset.keys.split(" "); line(k, w.join(" ")); }
	for (const x of $$(".side [data-key]")) line(`G ${x.dataset.key.toUpperCase()}`, [...x.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join("").trim());
	const label = Object.assign(document.createElement("label"), { className: "check" });
	const box = Object.assign(document.createElement("input"), { type: "checkbox" });
	try { box.checked = localStorage.getItem("keys") !== "off"; } catch { box.checked = true; }
	box.addEventListener("change", () => { try { box.checked ? localStorage.removeItem("keys") : localStorage.setItem("keys", "off"); } catch {} });
	label.append(box, " ", Object.assign(document.createElement("span"), { textContent: t("single", "Single keys are on (Ctrl K always is)") }));
	const shut = Object.assign(document.createElement("button"), { className: "btn", type: "button", textContent: t("close", "Close") });
	shut.dataset.close = "";
	d.append(h, dl, label, shut);
	open(d);
}
