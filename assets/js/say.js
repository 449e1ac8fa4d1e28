// Words, and the one polite region that says them. What it is not for: text of pages.
const words = document.querySelector("template[data-words]")?.dataset ?? {};

// t("saved", "Saved {0}", "14:03"): the catalogue's word if the page brought one, else the English
export const t = (key, english, ...args) => (words[key] ?? english).replace(/\{(\d)\}/g, (_, n) => args[n] ?? "");

const region = () => {
	let r = document.querySelector("[data-toasts]");
	if (!r) {
		r = Object.assign(document.createElement("div"), { className: "toasts" });
		r.setAttribute("role", "status");
		r.dataset.toasts = "";
		document.body.append(r);
	}
	return r;
};

// A toast leaves after 12 s, not while somebody points at it or is in it.
export function keep(toast) {
	let left;
	const start = () => { clearTimeout(left); left = setTimeout(() => toast.remove(), 12000); };
	const stop = () => clearTimeout(left);
	toast.addEventListener("pointerenter", stop);
	toast.addEventListener("pointerleave", start);
	toast.addEventListener("focusin", stop);
	toast.addEventListener("focusout", start);
	start();
}

export function say(text, bad) {
	const toast = Object.assign(document.createElement("div"), { className: bad ? "toast bad" : "toast" });
	toast.append(Object.assign(document.createElement("span"), { textContent: text }));
	show(toast);
}

// at most one at a time: a second act replaces the word about the first, its undo stays in the history page
export function show(toast) {
	region().replaceChildren(toast);
	keep(toast);
}

export const parse = (html) => {
	const tpl = document.createElement("template");
	tpl.innerHTML = html;
	return tpl.content;
};

// How many posts began or were answered so far: a page asked for at another count may be older than what this page shows.
export let posts = 0;

// Post a form as the browser would, and get the answer as text.
export async function post(form, button, part) {
	const data = new URLSearchParams(new FormData(form, button));
	posts++;
	try {
		const answer = await fetch(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href,
			{ method: "POST", body: data, headers: { accept: "text/html", "ridealong-part": part } });
		return { status: answer.status, url: answer.redirected ? answer.url : "", html: await answer.text() };
	} finally { posts++; }
}

// Opens a dialog; Esc closes the top layer only, and the focus goes back to where it was.
export function open(dialog) {
	const from = document.activeElement;
	if (!dialog.isConnected) document.body.append(dialog);
	dialog.addEventListener("close", () => {
		if (from?.isConnected) from.focus();
		if (dialog.hasAttribute("data-gate")) dialog.remove();
	}, { once: true });
	dialog.showModal();
}
