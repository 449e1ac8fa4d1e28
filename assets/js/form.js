// Forms: sent once, words kept. A note is kept in this browser with every stroke and posted when one pauses; a lost line or a
// closed lid loses nothing. What it is not for: checking fields, the server does, and says so at the field.
import { say, t } from "./say.js";

const dirty = new Set();
const store = {
	get(k) { try { return localStorage.getItem(k); } catch { return null; } },
	set(k, v) { try { localStorage.setItem(k, v); } catch { /* full or forbidden: the server still gets it */ } },
	drop(k) { try { localStorage.removeItem(k); } catch { /* nothing to drop */ } },
};

document.addEventListener("submit", (e) => {
	const form = e.target.closest?.("[data-form]");
	if (e.defaultPrevented || !form) return;
	if (form.dataset.sent) return e.preventDefault();
	form.dataset.sent = "1";
	dirty.delete(form);
	const b = e.submitter;
	b?.setAttribute("aria-busy", "true");
	// the browser may stay on the page (a download, or Back): free the form again
	setTimeout(() => { delete form.dataset.sent; b?.removeAttribute("aria-busy"); }, 8000);
});
addEventListener("pageshow", () => { for (const f of document.querySelectorAll("[data-sent]")) { delete f.dataset.sent; f.querySelector("[aria-busy]")?.removeAttribute("aria-busy"); } });

document.addEventListener("input", (e) => {
	const form = e.target.closest?.("[data-warn]");
	if (form && !e.target.matches("[data-autosave]")) dirty.add(form);
});
addEventListener("beforeunload", (e) => { for (const f of dirty) if (f.isConnected) return e.preventDefault(); });

document.addEventListener("keydown", (e) => {
	if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.matches?.("textarea")) e.target.form?.requestSubmit();
});

function autosave(area) {
	area.dataset.awake = "";
	const form = area.form, key = `note:${area.dataset.autosave}`, out = form.querySelector("[data-saved]");
	const tell = (text) => { if (out) out.textContent = text; };
	let sent = area.value, wait, busy = false, tries = 0;
	const kept = store.get(key);
	if (kept !== null && kept !== area.value) {
		area.value = kept;
		say(t("restored", "Words from before the break are back."));
		wait = setTimeout(send, 300);
	}
	async function send() {
		clearTimeout(wait);
		if (busy || area.value === sent) return;
		busy = true;
		const text = area.value;
		try {
			const answer = await fetch(form.dataset.saveUrl ?? form.action, { method: "POST", keepalive: text.length < 60000,
				headers: { accept: "application/json", "ridealong-part": "save" }, body: new URLSearchParams(new FormData(form)) });
			if (answer.status === 409) { tell(t("conflict", "Somebody else changed this. Your words are kept here; reload to see both.")); return; }
			if (!answer.ok) throw new Error(answer.status);
			const version = (await answer.json().catch(() => ({}))).version;
			if (version && form.elements.version) form.elements.version.value = version;
			sent = text;
			tries = 0;
			if (area.value === text) store.drop(key);
			tell(t("saved", "Saved {0}", new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })));
		} catch {
			tell(t("local", "No line – kept on this device"));
			wait = setTimeout(send, Math.min(60000, 2000 * 2 ** tries++));
		} finally {
			busy = false;
			if (area.value !== text && !tries) wait = setTimeout(send, 1000);
		}
	}
	area.addEventListener("input", () => {
		store.set(key, area.value);
		tell(t("typing", "Not saved yet"));
		clearTimeout(wait);
		wait = setTimeout(send, 1000);
	});
	area.addEventListener("blur", send);
	addEventListener("online", () => { tries = 0; send(); });
	addEventListener("pagehide", send);
	form.addEventListener("submit", () => { try { sessionStorage.setItem("sent", key); } catch { /* then the words come back once more */ } });
}

// Words leave this browser only after the server took them: it led on to this page, which shows no error. A page come to by
// another way, after a send without a line, says nothing of them.
function taken() {
	try {
		const key = sessionStorage.getItem("sent"), way = performance.getEntriesByType("navigation")[0];
		sessionStorage.removeItem("sent");
		const led = way?.type === "navigate" && way.redirectCount > 0 || document.querySelector("[data-undo]");
		if (key && led && !document.querySelector("[data-bad], .alert.bad")) store.drop(key);
	} catch { /* nothing to forget */ }
}

export function wake() {
	taken();
	for (const a of document.querySelectorAll("[data-autosave]:not([data-awake])")) if (a.form) autosave(a);
}
