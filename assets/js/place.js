// Facts edited where they stand: the link becomes the server's form, Enter saves, Esc puts the link back. And the next and the
// previous record of the view one came from. What it is not for: checking what was typed, the server does, at the field.
import { parse, post, show } from "./say.js";

const $ = (s, from = document) => from.querySelector(s);

function close(form) {
	const link = form.previousElementSibling;
	form.remove();
	link.hidden = false;
	link.focus();
}

function put(link, html, old) {
	const form = parse(html).querySelector("form");
	if (!form) return location.assign(link.href);
	old ? old.replaceWith(form) : link.after(form);
	link.hidden = true;
	form.addEventListener("keydown", (e) => { if (e.key === "Escape") { e.preventDefault(); e.stopPropagation(); close(form); } });
	form.addEventListener("click", (e) => { if (e.target.closest("[data-cancel]")) { e.preventDefault(); close(form); } });
	form.addEventListener("submit", async (e) => {
		e.preventDefault();
		if (form.dataset.sent) return;
		form.dataset.sent = "1";
		try {
			const a = await post(form, e.submitter, "field");
			if (a.url) return swap(a.url, a.html, link.dataset.place);
			put(link, a.html, form);
		} catch { delete form.dataset.sent; form.requestSubmit === undefined || HTMLFormElement.prototype.submit.call(form); }
	});
	const at = $("[aria-invalid], [data-bad] input, [data-bad] select", form) ?? $("select, input:not([type=hidden], [type=radio])", form) ?? $("input[type=radio]", form);
	at?.focus();
	at?.select?.();
}

// The page as it is after the change, with its line to undo; the focus goes to where it was.
function swap(url, html, place) {
	const page = new DOMParser().parseFromString(html, "text/html"), fresh = $("#main", page);
	if (!fresh) return location.assign(url);
	$("#main").replaceChildren(...fresh.childNodes);
	document.title = page.title;
	history.replaceState(null, "", url);
	const toast = $("[data-toasts] .toast", page);
	if (toast) show(toast);
	document.dispatchEvent(new Event("swapped"));
	$(`[data-place="${CSS.escape(place)}"]`)?.focus();
}

document.addEventListener("click", async (e) => {
	const link = e.target.closest?.("a[data-place]");
	if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
	e.preventDefault();
	try {
		const a = await fetch(link.href, { headers: { accept: "text/html", "ridealong-part": "field" } });
		put(link, await a.text());
	} catch { location.assign(link.href); }
});

// ---- the view one came from: app.js keeps it ----

const kept = () => { try { return JSON.parse(sessionStorage.getItem("view")) ?? {}; } catch { return {}; } };

function walk(nav) {
	const { rows = [], at, name } = kept(), i = rows.findIndex(([to]) => to === location.pathname);
	if (i < 0) return;
	const way = (row, rel, word) => {
		if (!row) return;
		const a = Object.assign(document.createElement("a"), { className: "btn small", href: row[0], rel, textContent: word, title: row[1] });
		nav.append(a);
	};
	nav.replaceChildren();
	way(rows[i - 1], "prev", "← Previous");
	nav.append(Object.assign(document.createElement("a"), { href: at, className: "small", textContent: `${i + 1} of ${rows.length} in ${name}` }));
	way(rows[i + 1], "next", "Next →");
	nav.hidden = false;
}

export function wake() {
	const nav = $("[data-walk]");
	if (nav) walk(nav);
	const at = $("[data-focus-in] :is(input, select)");
	if (at && !document.querySelector("[data-place][hidden]") && at.closest("form")?.dataset.inPlace !== undefined && document.activeElement === document.body) at.focus();
}
