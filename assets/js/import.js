// Files of any size go up in slices, and on after a lost line; an import under way is looked at twice a second. What it is not
// for: reading files, the server does. Without it one form post brings up to 32 MB, and the page loads itself again.
import { parse, say, t } from "./say.js";

const SLICE = 4 << 20, DIRECT = 1 << 20, LONGEST = 15000;
const kept = (file) => `upload:${file.name}:${file.size}:${file.lastModified}`;
const store = {
	get(k) { try { return localStorage.getItem(k); } catch { return null; } },
	set(k, v) { try { v ? localStorage.setItem(k, v) : localStorage.removeItem(k); } catch { /* then it begins anew after a reload */ } },
};
const wait = (ms) => new Promise((done) => {
	const timer = setTimeout(done, ms);
	addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
});

async function ask(method, to, csrf, body) {
	const a = await fetch(to, { method, body, headers: { accept: "application/json", "X-CSRF": csrf } });
	if (a.ok || a.status === 409) return a.json();
	throw Object.assign(new Error(a.status), { lost: a.status >= 500 && a.status !== 507, status: a.status });
}

async function send(form, file, tell) {
	const csrf = form.elements.csrf.value, key = kept(file);
	let id = store.get(key), offset = 0, tries = 0;
	const goOn = id && await ask("GET", `/import/${id}/slice`, csrf).catch(() => null);
	if (goOn) offset = goOn.offset;
	else ({ id } = await ask("POST", "/import/upload", csrf, new URLSearchParams({ csrf, size: file.size })));
	store.set(key, id);
	while (offset < file.size) {
		tell(offset / file.size, tries);
		try {
			({ offset } = await ask("PUT", `/import/${id}/slice?offset=${offset}`, csrf, file.slice(offset, offset + SLICE)));
			tries = 0;
		} catch (e) {
			if (e.status && !e.lost) { store.set(key, null); throw e; }
			tell(offset / file.size, ++tries);
			await wait(Math.min(LONGEST, 500 * 2 ** tries));
			offset = (await ask("GET", `/import/${id}/slice`, csrf).catch(() => ({ offset }))).offset;
		}
	}
	store.set(key, null);
	return id;
}

function slices(form) {
	form.dataset.awake = "";
	const at = form.querySelector("[data-slices-at]"), bar = at.querySelector("progress"), out = at.querySelector("[role=status]");
	const tell = (part, tries) => {
		at.hidden = false;
		bar.value = Math.floor(part * 100);
		const words = tries ? t("nolinesend", "No line; trying again. What was sent is kept.") : t("sent", "{0} % sent", Math.floor(part * 100));
		if (tries || part === 0 || out.textContent !== words) out.textContent = words;
	};
	form.addEventListener("submit", async (e) => {
		const file = form.elements.file.files[0], button = e.submitter;
		if (form.dataset.sent) return e.preventDefault();
		if (!file || file.size <= DIRECT) return;
		e.preventDefault();
		form.dataset.sent = "1";
		button?.setAttribute("aria-busy", "true");
		try {
			const id = await send(form, file, tell);
			tell(1, 0);
			location.assign(`/import/${id}?${new URLSearchParams({ kind: form.elements.kind.value, name: file.name.slice(0, 120) })}`);
		} catch (error) {
			at.hidden = true;
			say(error.status === 413 ? t("toolarge", "That file is larger than 4 GB: use the command line.") : error.status === 507 ? t("full", "The server’s disk is full.")
				: t("notsent", "The server did not take the file."), true);
		}
		delete form.dataset.sent;
		button?.removeAttribute("aria-busy");
	});
}

// The part of the page that says how far it is, as the server has it now; a button under the finger stays.
async function follow(part) {
	part.dataset.awake = "";
	for (;;) {
		await wait(500);
		if (!part.isConnected || document.hidden) continue;
		let a;
		try { a = await fetch(location.href, { headers: { accept: "text/html" } }); } catch { continue; }
		if (a.redirected) return location.assign(a.url);
		const fresh = parse(await a.text()).querySelector("[data-progress]");
		if (!fresh) continue;
		if (!fresh.querySelector("progress")) return location.reload();
		for (const s of ["h2", ".meter-line", ".note", ".stats"]) part.querySelector(s)?.replaceWith(fresh.querySelector(s));
	}
}

export function wake() {
	for (const f of document.querySelectorAll("[data-slices]:not([data-awake])")) slices(f);
	const part = document.querySelector("[data-progress]:not([data-awake])");
	if (part?.querySelector("progress")) follow(part);
}
