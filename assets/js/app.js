// The only script every page loads. It waits, and brings the others when a page or a person first needs them.
const $ = (s, from = document) => from.querySelector(s);
const load = (name) => import(`./${name}.js`);
const inField = (e) => e.target.closest?.("input:not([type=checkbox],[type=radio],[type=button]),textarea,select,[contenteditable]");
const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };
const mac = /Mac|iP/.test(navigator.platform);

// what is typed while the palette comes is meant for it
let early = null;
async function palette(e) {
	e.preventDefault();
	if (early !== null) return;
	early = "";
	try {
		const { openPalette } = await load("palette");
		openPalette(early || $("[data-palette]")?.value, early !== "");
	} finally { early = null; }
}

document.addEventListener("keydown", async (e) => {
	if (e.defaultPrevented || e.isComposing) return;
	const ctrl = mac ? e.metaKey : e.ctrlKey;
	if (ctrl && !e.shiftKey && !e.altKey && e.key.toLowerCase() === "k") return palette(e);
	if (inField(e) || e.altKey) return;
	if (early !== null && e.key.length === 1 && !ctrl) { e.preventDefault(); early += e.key; return; }
	if (ctrl && !e.shiftKey && e.key.toLowerCase() === "z") {
		const undo = $("[data-toasts] [data-undo]");
		if (undo) { e.preventDefault(); undo.click(); }
		return;
	}
	if (e.ctrlKey || e.metaKey || off() || $("dialog[open]")) return;
	if (/^[a-z?/]$/i.test(e.key)) {
		const { key, wants } = await keysNow(e);
		if (wants) key(e);
	}
});

// the first key of a page must not be lost while its module comes
let keys;
async function keysNow(e) {
	if (e.key === "/" && $("[data-palette]")) e.preventDefault();
	keys ??= load("keys"); /* one promise, so that keys come in their order */
	return keys;
}

document.addEventListener("click", async (e) => {
	const at = (s) => e.target.closest?.(s);
	let x;
	if (at("[data-palette]") && matchMedia("(pointer: fine)").matches && e.detail) return palette(e);
	if ((x = at("[data-close]"))) { e.preventDefault(); x.closest("dialog")?.close(); }
	else if ((x = at("[data-help]"))) (await load("keys")).help();
	else if ((x = at("[data-print]"))) print();
	else if ((x = at("[data-copy]"))) {
		const from = x.dataset.copy && $(x.dataset.copy);
		const { say, t } = await load("say");
		try {
			await navigator.clipboard.writeText(from ? from.value ?? from.textContent : x.dataset.text);
			say(t("copied", "Copied."));
		} catch { from?.select?.(); say(t("nocopy", "Select the text and copy it by hand."), true); }
	}
	// a menu closes when one clicks beside it
	for (const d of document.querySelectorAll("details.pop[open], details.me[open]")) if (!d.contains(e.target)) d.open = false;
});

document.addEventListener("keydown", (e) => {
	const d = e.key === "Escape" && !$("dialog[open]") && $("details.pop[open], details.me[open]");
	if (d) { d.open = false; $("summary", d).focus(); }
});

// The deals of this view in its order, for the next and the previous of place.js; here, since every view would fetch that for it.
function keep() {
	const rows = [...document.querySelectorAll("[data-row] :is(h3, th, p) a[href^='/deals/']")].map((a) => [a.getAttribute("href"), a.textContent.trim()]);
	if (rows.length) try { sessionStorage.setItem("view", JSON.stringify({ at: location.pathname + location.search, name: document.title.split(" – ")[0], rows })); } catch { /* then there is no next */ }
}

// What the markup asks for, now and after every swap.
function wake() {
	if ($("[data-form],[data-warn],[data-autosave],[data-undo]")) load("form").then((m) => m.wake());
	if ($("[data-walk],[data-place]")) load("place").then((m) => m.wake());
	if (!$("[data-walk]")) keep();
	if ($("[data-later],[data-pick-all],[data-cell],[data-clean]")) load("list").then((m) => m.wake());
	if ($("[data-board]")) load("board").then((m) => m.wake());
	if ($("[data-pick]:not([data-awake])")) load("pick").then((m) => m.wake());
	if ($("[data-slices],[data-progress]")) load("import").then((m) => m.wake());
	const gate = $("dialog[data-gate]:not([open])");
	if (gate) load("say").then((m) => m.open(gate));
	const f = $("[data-focus]");
	if (f) { f.focus(); f.removeAttribute("data-focus"); }
	for (const b of document.querySelectorAll("[data-print][hidden]")) b.hidden = false;
	for (const s of document.querySelectorAll("[data-toasts] > .toast:not([data-kept])")) { s.dataset.kept = ""; load("say").then((m) => m.keep(s)); }
}
wake();
document.addEventListener("swapped", wake);
document.addEventListener("focusin", (e) => { if (e.target.matches?.("[data-pick]:not([data-awake])")) load("pick").then((m) => m.wake()); });

// What others change appears, once the page stands and nothing else is to be fetched.
if ($("body.app")) addEventListener("load", () => setTimeout(() => load("live"), 1000));
