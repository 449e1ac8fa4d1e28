// Lists: totals that come later, rows chosen by range, cells edited in their place, addresses without empty fields. What it is not
// for: what may be changed, and to what; the server says that, and every act here is a plain form without this.
import { parse, post, say, show, t } from "./say.js";

const $$ = (s, from = document) => [...from.querySelectorAll(s)];

// ---- still counting: one after the other, so that the page's own requests go first
let counting = Promise.resolve();
async function count(x) {
	try {
		const answer = await fetch(x.dataset.later || x.href, { headers: { accept: "text/html", "ridealong-part": "totals" } });
		if (!answer.ok) throw new Error(answer.status);
		const part = parse(await answer.text());
		for (const y of $$("[data-for]", part)) {
			const [what, stage] = y.dataset.for.split(" ");
			document.querySelector(`.col[data-stage="${CSS.escape(stage)}"] [data-${what}]`)?.replaceChildren(...y.childNodes);
			y.remove();
		}
		const stats = part.querySelector("[data-stats]"), here = x.closest(".stats");
		if (stats && here) { x.closest("div").replaceWith(...stats.children); return; }
		if (x.matches("a")) x.replaceWith(...part.childNodes);
		else x.replaceChildren(...part.childNodes);
	} catch { if (x.matches("a")) x.textContent = t("count", "Count them"); }
}

// ---- rows chosen
const boxes = () => $$('input[form="pick"]');
let last;
function tell() {
	const n = boxes().filter((b) => b.checked).length, all = document.querySelector("[data-pick-all]"), button = document.querySelector("[data-picked]");
	if (all) { all.checked = n > 0 && n === boxes().length; all.indeterminate = n > 0 && !all.checked; }
	if (button) button.lastChild.data = n ? ` ${t("picked", "Edit {0} ticked", n)}` : ` ${t("pick", "Edit those ticked")}`;
}
document.addEventListener("click", (e) => {
	const box = e.target.closest?.('input[form="pick"]');
	if (!box) return;
	const all = boxes(), from = all.indexOf(last), to = all.indexOf(box);
	if (e.shiftKey && from >= 0) for (const b of all.slice(Math.min(from, to), Math.max(from, to) + 1)) b.checked = box.checked;
	last = box;
	tell();
});
document.addEventListener("change", (e) => {
	if (!e.target.matches?.("[data-pick-all]")) return;
	for (const b of boxes()) b.checked = e.target.checked;
	tell();
});

// ---- cells: what a form stands in for is kept beside it (a form's own names are its fields)
const instead = new WeakMap(), sending = new WeakSet();
async function edit(link) {
	const answer = await fetch(link.href, { headers: { accept: "text/html", "ridealong-part": "cell" } });
	if (!answer.ok) { location.href = link.href; return; }
	put(link, parse(await answer.text()));
}
function put(old, part) {
	const form = part.querySelector("[data-cell-form]");
	instead.set(form, instead.get(old) ?? old);
	old.replaceWith(form);
	const field = form.querySelector("#cell");
	field.focus();
	field.select?.();
}
const cancel = (form) => { const link = instead.get(form); form.replaceWith(link); link.focus(); };

document.addEventListener("click", (e) => {
	const link = e.target.closest?.("[data-cell]"), no = e.target.closest?.("[data-cell-cancel]");
	if (e.ctrlKey || e.metaKey || e.shiftKey) return;
	if (link) {
		e.preventDefault();
		const open = document.querySelector("[data-cell-form]");
		if (instead.has(open)) cancel(open);
		edit(link);
	} else if (instead.has(no?.closest("form"))) { e.preventDefault(); cancel(no.closest("form")); }
});
document.addEventListener("keydown", (e) => {
	const form = e.key === "Escape" && e.target.closest?.("[data-cell-form]");
	if (instead.has(form)) { e.preventDefault(); cancel(form); }
});
document.addEventListener("submit", async (e) => {
	const form = e.target.closest?.("[data-cell-form]");
	if (!instead.has(form) || e.defaultPrevented) return;
	e.preventDefault();
	if (sending.has(form)) return;
	sending.add(form);
	const answer = await post(form, undefined, "cell").catch(() => ({ status: 0 }));
	sending.delete(form);
	if (answer.status === 422 || answer.status === 409) return put(form, parse(answer.html));
	if (answer.status !== 200) return say(t("unsaved", "Not saved. What you typed is still here; try again."), true);
	const part = parse(answer.html), row = part.querySelector("tr"), toast = part.querySelector(".toast"), at = instead.get(form).getAttribute("href");
	form.closest("tr").replaceWith(row);
	row.querySelector(`[href="${CSS.escape(at)}"]`)?.focus();
	if (toast) show(toast);
});

// ---- an address says what was asked, not what was left empty
document.addEventListener("submit", (e) => {
	if (!e.target.matches?.("[data-clean]")) return;
	const empty = $$("input,select", e.target).filter((x) => x.name && !x.value);
	for (const x of empty) x.disabled = true;
	setTimeout(() => { for (const x of empty) x.disabled = false; });
});

export function wake() {
	for (const x of $$("[data-later]:not([data-asked])")) {
		x.dataset.asked = "";
		counting = counting.then(() => count(x));
	}
	for (const x of $$("[data-pick-all][hidden]")) x.hidden = false;
	tell();
}
