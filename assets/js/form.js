// Forms: sent once, words kept. A note is kept in this browser with every stroke and posted when one pauses; a lost line or a
// closed lid loses nothing. What it is not for: checking fields, the server does, and says so at the field.
import { parse, say, t } from "./say.js";

const dirty = new Set();
const store = {
	get(k) { try { return localStorage.getItem(k); } catch { return null; } },
	set(k, v) { try { localStorage.setItem(k, v); } catch { /* full or forbidden: the server still gets it */ } },
	drop(k) { try { localStorage.removeItem(k); } catch { /* nothing to drop */ } },
};

// Where the line is down the page stays as it is, and its words with it: asked before the form leaves, not after.
document.addEventListener("submit", async (e) => {
	const form = e.target, button = e.submitter;
	if (e.defaultPrevented || !(form.matches("[data-keep]") || form.querySelector("[data-autosave]"))) return;
	if (form.dataset.asked) return delete form.dataset.asked;
	e.preventDefault();
	try {
		if (!(await fetch("/alive", { cache: "no-store", signal: AbortSignal.timeout(5000) })).ok) throw new Error("down");
	} catch {
		return say(t("line", "No line. Everything typed is kept on this device; send it again when the line is back."), true);
	}
	form.dataset.asked = "1";
	form.requestSubmit(button);
});

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

// Both wrote at once: nobody's words are lost. What I put behind the text we both had goes behind theirs; else mine stand below it.
export function both(base, mine, theirs) {
	const added = mine.startsWith(base) ? mine.slice(base.length).trim() : "";
	if (mine === theirs || mine === base || (added && theirs.includes(added))) return theirs; // it came, the answer did not
	if (theirs === base) return mine;
	return added ? theirs + (theirs.endsWith("\n") ? "" : "\n") + added : `${theirs}\n\n${mine}`;
}

// The text that the server has stands as the area's default, so that a live update knows whether words of mine are in it.
function autosave(area) {
	area.dataset.awake = "";
	const form = area.form, key = `note:${area.dataset.autosave}`, out = form.querySelector("[data-saved]");
	const tell = (text) => { if (out) out.textContent = text; };
	let wait, busy = false, tries = 0, kept = null;
	const hold = () => store.set(key, JSON.stringify({ text: area.value, base: area.defaultValue }));
	try { kept = JSON.parse(store.get(key)); } catch { store.drop(key); }
	if (kept?.text === area.value) store.drop(key);
	else if (typeof kept?.text === "string") {
		area.value = form.elements.version ? both(kept.base, kept.text, area.defaultValue) : kept.text;
		say(t("restored", "Words from before the break are back."));
		wait = setTimeout(send, 300);
	}
	// The other one saved first: theirs is asked for, and mine put to it.
	async function merge() {
		const answer = await fetch(location.href, { headers: { accept: "text/html" } });
		const fresh = answer.ok && parse(await answer.text()).querySelector(`[data-autosave="${CSS.escape(area.dataset.autosave)}"]`);
		if (!fresh) throw new Error("gone");
		area.value = both(area.defaultValue, area.value, fresh.defaultValue);
		area.defaultValue = fresh.defaultValue;
		form.elements.version.value = fresh.form.elements.version.value;
		hold();
		say(t("both", "Both of you wrote at once: both texts stand here."));
	}
	async function send() {
		clearTimeout(wait);
		if (busy || area.value === area.defaultValue) return;
		busy = true;
		const text = area.value;
		try {
			const answer = await fetch(form.dataset.saveUrl ?? form.action, { method: "POST", keepalive: text.length < 60000,
				headers: { accept: "application/json", "ridealong-part": "save" }, body: new URLSearchParams(new FormData(form)) });
			if (answer.status === 409 && form.elements.version) { await merge(); wait = setTimeout(send, 300); return; }
			if (!answer.ok) throw new Error(answer.status);
			const version = (await answer.json().catch(() => ({}))).version;
			if (version && form.elements.version) form.elements.version.value = version;
			const mine = area.value; // setting the default may not touch what is typed meanwhile
			area.defaultValue = text;
			if (area.value !== mine) area.value = mine;
			tries = 0;
			if (mine === text) store.drop(key);
			else hold();
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
		hold();
		tell(t("typing", "Not saved yet"));
		clearTimeout(wait);
		wait = setTimeout(send, 1000);
	});
	area.addEventListener("blur", send);
	addEventListener("online", () => { tries = 0; send(); });
	addEventListener("pagehide", send);
	form.addEventListener("submit", () => { if (form.dataset.asked) mark(key); });
}

// A form's fields, kept with every stroke until the server took them. What was sent and never answered goes out with the same
// key of intent when nothing was changed since, so that it has one effect.
function keep(form) {
	form.dataset.awake = "";
	const key = `form:${form.dataset.keep}`;
	const fields = () => [...form.elements].filter((x) => x.name && !/^(hidden|submit|button|file|password)$/.test(x.type));
	const values = () => fields().map((x) => [x.name, x.type === "radio" || x.type === "checkbox" ? `${x.value} ${x.checked}` : x.value]);
	let kept = null;
	try { kept = JSON.parse(store.get(key)); } catch { store.drop(key); }
	const before = JSON.stringify(values());
	for (const x of fields()) {
		const ticked = x.type === "radio" || x.type === "checkbox";
		const one = kept?.values?.find(([name, value]) => name === x.name && (!ticked || value.startsWith(`${x.value} `)));
		if (!one) continue; // the form has changed since: what is still asked comes back
		if (ticked) x.checked = one[1] === `${x.value} true`;
		else x.value = one[1];
	}
	if (kept && JSON.stringify(values()) !== before) say(t("restored", "Words from before the break are back."));
	form.addEventListener("input", () => store.set(key, JSON.stringify({ ...kept, values: values() })));
	form.addEventListener("submit", () => {
		if (!form.dataset.asked) return; // it stays until the line was asked
		const now = values(), idem = form.elements.idem;
		if (idem && kept?.idem && JSON.stringify(kept.tried) === JSON.stringify(now)) idem.value = kept.idem;
		kept = { values: now, tried: now, idem: idem?.value };
		store.set(key, JSON.stringify(kept));
		mark(key);
	});
}

function mark(key) { try { sessionStorage.setItem("sent", key); } catch { /* then the words come back once more */ } }

// Words leave this browser only after the server took them: it led on to this page, which shows no error. A page come to by
// another way, after a send without a line, says nothing of them. Asked once, as this page came: while a form is on its way the page
// that sent it still lives, and what others change may wake it again.
(function taken() {
	try {
		const key = sessionStorage.getItem("sent"), way = performance.getEntriesByType("navigation")[0];
		sessionStorage.removeItem("sent");
		const led = way?.type === "navigate" && way.redirectCount > 0 || document.querySelector("[data-undo]");
		if (key && led && !document.querySelector("[data-bad], .alert.bad")) store.drop(key);
	} catch { /* nothing to forget */ }
})();

export function wake() {
	for (const f of document.querySelectorAll("[data-keep]:not([data-awake])")) keep(f);
	for (const a of document.querySelectorAll("[data-autosave]:not([data-awake])")) if (a.form) autosave(a);
}
