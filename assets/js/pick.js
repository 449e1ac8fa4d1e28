// A text field that chooses a row: what one types is found by the server, arrows walk, Enter or Tab takes, Esc shuts. What it is not
// for: saying what the text means, the server does, and offers the nearest where a name is not understood.
import { t } from "./say.js";

const fold = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let n = 0;

function pick(input) {
	const box = input.parentElement, list = document.createElement("ul"), none = document.createElement("p"), part = (x) => box.querySelector(`[name$=":${x}"]`);
	let items = [], at = -1, asked = 0, late;
	input.dataset.awake = "";
	list.id = `pick-${++n}`;
	list.setAttribute("role", "listbox");
	list.setAttribute("aria-label", t("results", "Results"));
	none.className = "none";
	none.setAttribute("role", "status");
	list.hidden = none.hidden = true;
	for (const [k, v] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(k, v);
	box.append(list, none);

	const shut = () => { asked++; clearTimeout(late); items = []; draw(); none.hidden = true; };
	function mark(i) {
		at = i;
		[...list.children].forEach((li, k) => li.setAttribute("aria-selected", k === at));
		at < 0 ? input.removeAttribute("aria-activedescendant") : input.setAttribute("aria-activedescendant", `${list.id}-${at}`);
		list.children[at]?.scrollIntoView({ block: "nearest" });
	}
	function draw() {
		list.replaceChildren(...items.map((x, i) => {
			const li = Object.assign(document.createElement("li"), { id: `${list.id}-${i}` });
			li.setAttribute("role", "option");
			li.append(Object.assign(document.createElement("span"), { textContent: x.label }));
			if (x.hint) li.append(Object.assign(document.createElement("span"), { className: "note", textContent: x.hint }));
			li.addEventListener("pointerdown", (e) => { e.preventDefault(); take(i); });
			return li;
		}));
		list.hidden = !items.length;
		input.setAttribute("aria-expanded", String(items.length > 0));
		mark(items.length && input.value.trim() && fold(items[0].label).startsWith(fold(input.value.trim())) ? 0 : -1);
	}
	// what the text stands for goes with it; the choices of a refused form have had their time
	function take(i) {
		const x = items[i], form = input.form;
		form?.querySelectorAll(`[name="${CSS.escape(input.name)}:id"]`).forEach((y) => (y.closest("fieldset") ?? y).remove());
		input.value = part("was").value = x.label;
		box.append(Object.assign(document.createElement("input"), { type: "hidden", name: `${input.name}:id`, value: x.id }));
		input.removeAttribute("aria-invalid");
		shut();
		input.dispatchEvent(new Event("change", { bubbles: true }));
	}
	async function find() {
		const mine = ++asked, q = input.value.trim();
		try {
			const answer = await fetch(`${input.dataset.pick}?q=${encodeURIComponent(q)}`, { headers: { accept: "application/json" } });
			const found = answer.ok ? await answer.json() : [];
			if (mine !== asked || document.activeElement !== input) return;
			items = found;
			draw();
			none.textContent = t("nopick", "Nothing found by that name.");
			none.hidden = items.length > 0;
		} catch { /* the name as it is typed is understood by the server */ }
	}
	input.addEventListener("input", () => { clearTimeout(late); late = setTimeout(find, 60); });
	input.addEventListener("blur", shut);
	input.addEventListener("keydown", (e) => {
		if (e.isComposing || e.ctrlKey || e.metaKey) return;
		if (e.key === "ArrowDown" || e.key === "ArrowUp") {
			e.preventDefault();
			if (!items.length) return void find();
			const step = e.key === "ArrowDown" ? 1 : -1;
			mark(at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length);
		} else if (e.key === "Escape" && (items.length || !none.hidden)) {
			e.preventDefault();
			e.stopPropagation();
			shut();
		} else if (e.key === "Enter" && at >= 0) {
			e.preventDefault();
			take(at);
		} else if (e.key === "Tab" && at >= 0) take(at);
	});
}

export function wake() {
	for (const x of document.querySelectorAll("[data-pick]:not([data-awake])")) pick(x);
}
