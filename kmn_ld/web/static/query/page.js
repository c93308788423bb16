// Runs the query of the form without leaving the page, and shows the answer in YASGUI's views (YASR).
"use strict";

{
  const { make, text, number } = kmn;
  const LARGEST = 20 * 1024 * 1024; // bytes of a result that the page shows
  const LINES = 2000; // of a response that are shown at once
  const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";
  const VIEWS = { map: "map", bar: "chart", line: "chart" }; // what queries say → our views
  const form = document.querySelector("form.query");
  const status = document.getElementById("status");
  const section = document.getElementById("live");
  let running = null;

  Yasgui.Yasr.plugins.response.defaults.maxLines = LINES;
  const views = new Yasgui.Yasr(section.querySelector("#views"), {
    persistenceId: null,
    pluginOrder: ["table", "map", "chart", "response"],
    defaultPlugin: "table",
  });
  views.plugins.response.label = text("response");
  views.on("drawn", () => queueMicrotask(describeViews)); // YASR marks its buttons after that
  const [kind, ...columns] = section.dataset.view.split(" ");
  kmn.wanted = { kind, columns }; // what the example that is in the form says of its picture
  if (kind in VIEWS) views.selectPlugin(VIEWS[kind]);

  /** Tell by attributes what YASR tells by colour alone, and name its parts in our language. */
  function describeViews() {
    views.headerEl.querySelector("ul").setAttribute("aria-label", text("views"));
    for (const button of views.headerEl.querySelectorAll("ul button")) {
      const [, name] = /select_(\w+)/.exec(button.className);
      button.removeAttribute("aria-label");
      button.removeAttribute("title");
      button.querySelector("span").textContent = views.plugins[name].label;
      button.disabled = button.classList.contains("disabled");
      button.setAttribute("aria-pressed", String(name === views.drawnPlugin));
    }
    const code = views.resultsEl.querySelector(".CodeMirror");
    if (code) describeResponse(code);
  }

  /** Let the response be scrolled by keyboard: the region takes the focus, not a field in it. */
  function describeResponse(code) {
    const attributes = { tabindex: "0", role: "region", "aria-label": text("response"), lang: kmn.language };
    const region = code.querySelector(".CodeMirror-scroll");
    for (const [key, value] of Object.entries(attributes)) region.setAttribute(key, value);
    code.lang = "en";
    code.CodeMirror.setOption("readOnly", "nocursor");
    code.CodeMirror.getInputField().setAttribute("aria-label", text("response"));
  }

  /** Ask a query; GET where the address of this page asks it too, else POST: logs keep addresses. */
  async function ask(query, method) {
    running?.abort();
    const abort = new AbortController();
    running = abort;
    form.setAttribute("aria-busy", "true");
    status.replaceChildren(text("running"));
    try {
      await answer(query, method, abort.signal);
    } catch (error) {
      if (error.name !== "AbortError") refuse({ title: text("failed"), detail: "" });
    }
    if (running !== abort) return;
    running = null;
    form.removeAttribute("aria-busy");
  }

  async function answer(query, method, signal) {
    const started = performance.now();
    const address = new URL(form.action);
    const content = new URLSearchParams({ query });
    if (method === "GET") address.search = content;
    const body = method === "GET" ? null : content;
    const response = await fetch(address, { method, body, signal, headers: { Accept: ACCEPT } });
    if (!response.ok) {
      refuse(await problem(response));
      return;
    }
    offer(query, response.headers.get("Content-Type"));
    if (Number(response.headers.get("Content-Length")) > LARGEST) {
      await decline(response);
      return;
    }
    await show(response);
    tellAmount((performance.now() - started) / 1000);
  }

  /** Show what can be done with a result: the whole as data, its address, calls from other tools. */
  function offer(query, type) {
    document.getElementById("result-of-form")?.remove();
    section.hidden = false;
    section.querySelector("form").elements.query.value = query;
    const kind = type.includes("turtle") ? "triples" : "rows";
    for (const part of section.querySelectorAll("[data-of]")) part.hidden = part.dataset.of !== kind;
    offerAddress(query);
    offerCalls(query);
  }

  async function show(response) {
    const { ok, status: code, headers } = response;
    const told = await response.text();
    const isJson = headers.get("Content-Type").includes("json");
    const content = isJson ? JSON.stringify(JSON.parse(told), null, 2) : told; // else one long line
    views.rootEl.hidden = false;
    views.setResponse({ ok, status: code, headers, content });
  }

  function tellAmount(duration) {
    const { columns, rows } = kmn.result(views);
    const details = { count: number(rows.length), seconds: number(duration) };
    const words = text(columns.length ? "found" : "answered", details);
    status.replaceChildren(`${words} – `, make("a", { href: "#live" }, text("to_result")));
  }

  async function decline(response) {
    const size = Number(response.headers.get("Content-Length")) / 1024 / 1024;
    await response.body.cancel();
    views.rootEl.hidden = true;
    status.replaceChildren(text("too_large", { size: number(size, 0) }));
  }

  /** Return what a failed answer says: a problem document (RFC 9457), or its status. */
  async function problem(response) {
    try {
      return await response.json();
    } catch {
      return { title: `${response.status} ${response.statusText}`, detail: "" };
    }
  }

  /** Show a failure in words, with a way to its place in the text. */
  function refuse({ title, detail, line, column, excerpt }) {
    const box = make("div", { class: "failure" }, make("p", {}, make("strong", {}, title)), make("p", {}, detail));
    if (excerpt) {
      const region = { class: "scroll", tabindex: "0", role: "region", "aria-label": text("excerpt") };
      box.append(make("pre", region, excerpt));
    }
    if (line) {
      const button = make("button", { type: "button" }, text("to_mistake"));
      button.addEventListener("click", () => kmn.editor.pointTo(line, column || 1));
      box.append(button);
    }
    section.hidden = true;
    status.replaceChildren(box);
  }

  function offerAddress(query) {
    const address = new URL(form.action);
    address.searchParams.set("query", query);
    address.searchParams.set("format", "html");
    const isShort = address.pathname.length + address.search.length <= Number(form.dataset.longest);
    const link = section.querySelector("#permalink");
    link.href = address;
    link.hidden = !isShort;
    section.querySelector("#no-permalink").hidden = isShort;
  }

  /** Have the server write the calls from other tools anew; those that were open stay open. */
  async function offerCalls(query) {
    const place = document.getElementById("snippets");
    const body = new URLSearchParams({ query });
    const response = await fetch(form.dataset.snippets, { method: "POST", body }).catch(() => null);
    if (!response?.ok) return;
    const wereOpen = [...place.querySelectorAll("details")].map((entry) => entry.open);
    place.innerHTML = await response.text(); // a part of our own page, escaped by the server
    place.querySelectorAll("details").forEach((entry, index) => { entry.open = wereOpen[index]; });
  }

  /** Offer the views of a result that the server has shown; its query is run again only for them. */
  function offerViews() {
    const shown = document.querySelector("#result-of-form h2");
    const button = make("button", { type: "button" }, text("show_views"));
    button.addEventListener("click", () => ask(form.elements.query.value, form.dataset.asked));
    shown?.after(make("p", {}, button));
  }

  form.addEventListener("submit", (event) => {
    if (form.elements.format.value !== "html") return; // another format: the browser fetches it
    event.preventDefault();
    ask(form.elements.query.value, "POST");
  });
  offerViews();
}
