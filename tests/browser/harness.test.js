// The checks themselves, on a page that is well and on one that is not: a check that cannot fail proves nothing.
"use strict";
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const fs = require("node:fs");
const http = require("node:http");
const h = require("./harness");

const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'";
const well = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
	'<title>Deals – Ridealong</title><link rel="icon" href="/dot.png"><link rel="stylesheet" href="/a.css"></head><body>' +
	'<nav aria-label="Places"><a href="/" aria-current="page">Deals</a></nav><main><h1>Deals</h1><p>All is well.</p></main></body></html>';
const ill = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Something</title></head><body><nav aria-label="Places"><a href="/">x</a></nav>' +
	'<main><h1>Deals</h1><h1>More</h1><img src="/gone.png"><p class="pale" style="width:5000px">pale</p><p><div></div></p></main>' +
	"<script>document.title = 'no'</script></body></html>";
const css = "body { color: #111; background: #fff }";

let browser, server, origin;

before(async () => {
	server = http.createServer((request, response) => {
		const body = { "/": well, "/ill": ill, "/a.css": css, "/dot.png": "" }[request.url];
		const type = request.url.endsWith(".css") ? "text/css" : "text/html";
		response.writeHead(body === undefined ? 404 : 200, { "Content-Type": type, "Content-Security-Policy": policy,
			"Cache-Control": request.url === "/a.css" ? "max-age=3600, immutable" : "no-store" });
		response.end(body);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	origin = `http://127.0.0.1:${server.address().port}`;
	browser = await h.openBrowser();
});

after(async () => {
	await browser.close();
	server.closeAllConnections();
	server.close();
});

async function visit(path) {
	const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
	const complaints = h.listen(page);
	await page.goto(origin + path);
	return { page, complaints, faults: [...await h.structure(page), ...await h.axe(page)] };
}

test("a page that is well passes", async () => {
	const { page, complaints, faults } = await visit("/");
	assert.deepStrictEqual([...faults, ...complaints], []);
	await page.close();
});

test("a page that is not is found out", async () => {
	const { page, complaints, faults } = await visit("/ill");
	for (const wanted of [/2 h1/, /no lang/, /aria-current/, /inline script/, /axe image-alt/, /axe html-has-lang/])
		assert.ok(faults.some((f) => wanted.test(f)), `${wanted} in ${faults.join("\n")}`);
	for (const wanted of [/Content Security Policy/, /gone\.png answered 404/])
		assert.ok(complaints.some((c) => wanted.test(c)), `${wanted} in ${complaints.join("\n")}`);
	await page.close();
});

test("a page wider than its window is found out", async () => {
	const { page } = await visit("/");
	await page.evaluate(() => document.querySelector("p").style.setProperty("width", "5000px"));
	assert.match((await h.structure(page)).join("\n"), /wider than the window: p/);
	await page.close();
});

test("weight counts bytes and requests, and what the cache spares", async () => {
	const page = await browser.newPage();
	const cold = await h.weigh(page, origin + "/", { cold: true });
	const warm = await h.weigh(page, origin + "/", { cold: false });
	assert.ok(cold.bytes > well.length + css.length && cold.bytes < 4000, JSON.stringify(cold));
	assert.ok(warm.bytes < cold.bytes && warm.requests < cold.requests, JSON.stringify({ cold, warm }));
	await page.close();
});

test("the HTML checker passes and finds", { timeout: 60000 }, () => {
	const files = [h.saveIn("pages-of-harness", "well.html"), h.saveIn("pages-of-harness", "ill.html")];
	fs.writeFileSync(files[0], well);
	fs.writeFileSync(files[1], ill);
	assert.deepStrictEqual(Object.keys(h.checkHtml(files)), ["ill.html"]);
});
