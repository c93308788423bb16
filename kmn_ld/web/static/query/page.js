// Puts YASGUI's editor (YASQE) and result views (YASR) on the query page, which works without.
"use strict";

{
  const { make, text, number, short } = kmn;
  const form = document.querySelector("form.query");
  const field = form.querySelector("#query");
  const status = document.getElementById("status");
  const section = document.getElementById("live");
  const LARGEST = 20 * 1024 * 1024; // bytes of a result that a page shows
  const LEGIBLE = 1024 * 1024; // characters that are laid out
  let running = null;

  // The editor. Nothing of it is stored in the browser, and Tab leaves it (WCAG 2.1.2).

  const { Yasqe } = Yasgui;
  const terms = fetch(form.dataset.terms, { headers: { Accept: "application/json" } })
    .then((response) => response.json())
    .catch(() => ({ classes: [], properties: [] }));
  const labels = new Map();

  /** Let the editor complete classes or properties: by IRI, by prefixed name, by label. */
  function complete(name, kind) {
    const named = (iri) => (short(iri) === iri ? `<${iri}>` : short(iri));
    Yasqe.Autocompleters[name] = {
      ...Yasqe.Autocompleters[name],
      async get(_, token) {
        const start = (token?.autocompletionString || "").toLowerCase();
        const typed = (token?.string || "").toLowerCase();
        const fits = ({ iri, label }) =>
          iri.toLowerCase().startsWith(start) || short(iri).toLowerCase().startsWith(typed) || label.toLowerCase().includes(typed);
        const found = (await terms)[kind].filter(fits).slice(0, 100);
        for (const { iri, label } of found) labels.set(named(iri), label);
        return found.map(({ iri }) => iri);
      },
      postProcessSuggestion: (_, __, iri) => named(iri),
      postprocessHints: (_, hints) => hints.map((hint) => ({
        ...hint,
        displayText: labels.get(hint.text) ? `${hint.text} – ${labels.get(hint.text)}` : hint.text,
      })),
    };
  }
  complete("class", "classes");
  complete("property", "properties");
  Yasqe.Autocompleters.prefixes = {
    ...Yasqe.Autocompleters.prefixes,
    persistenceId: null,
    get: () => Object.entries(JSON.parse(form.dataset.prefixes)).map(([name, iri]) => `${name}: <${iri}>`).sort(),
  };

  const holder = make("div", { id: "editor", lang: "en" });
  field.after(holder);
  const run = () => form.requestSubmit();
  const editor = new Yasqe(holder, {
    value: field.value,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    inputStyle: "contenteditable",
    screenReaderLabel: form.querySelector("label[for=query]").textContent,
    autocompleters: ["variables", "prefixes", "class", "property"],
    extraKeys: { ...Yasqe.defaults.extraKeys, Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run },
  });
  const input = editor.getInputField();
  input.setAttribute("role", "textbox");
  input.setAttribute("aria-multiline", "true");
  editor.on("autocompletionShown", (_, list) => list.hints.setAttribute("aria-label", text("suggestions")));
  editor.on("change", () => { field.value = editor.getValue(); });

  const plain = form.querySelector("#plain");
  function choose() {
    field.hidden = !plain.checked;
    holder.hidden = plain.checked;
    if (!plain.checked && editor.getValue() !== field.value) editor.setValue(field.value);
    if (!plain.checked) editor.refresh();
  }
  plain.addEventListener("change", choose);
  for (const element of document.querySelectorAll(".scripted")) element.hidden = false;
  choose();

  // The result.

  const { Yasr } = Yasgui;
  Yasr.plugins.response.prototype.getIcon = () => kmn.icon("M1 3h14v2H1zm0 4h10v2H1zm0 4h14v2H1z");
  const views = new Yasr(section.querySelector("#views"), {
    persistenceId: null,
    pluginOrder: ["table", "map", "chart", "response"],
    defaultPlugin: "table",
  });
  views.plugins.response.label = text("response");
  const wanted = { map: "map", bar: "chart", line: "chart" }[section.dataset.view];
  if (wanted) views.selectPlugin(wanted);
  views.on("drawn", () => queueMicrotask(nameViews)); // YASR marks its buttons after that

  /** Tell by attributes what YASR tells by colour alone, and give its buttons names in our language. */
  function nameViews() {
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
    if (!code) return;
    code.CodeMirror.setOption("readOnly", "nocursor"); // the region takes the focus and scrolls
    code.CodeMirror.getInputField().setAttribute("aria-label", text("response"));
    code.lang = "en";
    const region = { tabindex: "0", role: "region", "aria-label": text("response"), lang: kmn.language };
    for (const [key, value] of Object.entries(region)) code.querySelector(".CodeMirror-scroll").setAttribute(key, value);
  }

  function tell(...content) {
    status.replaceChildren(...content);
  }

  /** Ask a query and show what comes; `method` is GET where the address of this page asks it too. */
  async function ask(query, method) {
    running?.abort();
    const abort = new AbortController();
    running = abort;
    form.setAttribute("aria-busy", "true");
    tell(text("running"));
    const started = performance.now();
    const address = new URL(form.action);
    const content = new URLSearchParams({ query });
    if (method === "GET") address.search = content;
    const options = { method, signal: abort.signal, headers: { Accept: "application/sparql-results+json, text/turtle;q=0.9" } };
    try {
      const response = await fetch(address, method === "GET" ? options : { ...options, body: content });
      if (response.ok) await show(query, response, started);
      else refuse(await problem(response));
    } catch (error) {
      if (error.name !== "AbortError") refuse({ title: text("failed"), detail: "" });
    }
    if (running !== abort) return;
    running = null;
    form.removeAttribute("aria-busy");
  }

  async function show(query, response, started) {
    const length = Number(response.headers.get("Content-Length"));
    document.getElementById("result-of-form")?.remove();
    section.hidden = false;
    section.querySelector("form").elements.query.value = query;
    permalink(query);
    snippets(query);
    if (length > LARGEST) {
      await response.body.cancel();
      views.rootEl.hidden = true;
      tell(text("too_large", { size: number(length / 1024 / 1024, 0) }));
      return;
    }
    views.rootEl.hidden = false;
    const { ok, status: code, headers } = response;
    const content = legible(await response.text(), headers.get("Content-Type"));
    views.setResponse({ ok, status: code, headers, content });
    const seconds = number((performance.now() - started) / 1000);
    const { columns, rows } = kmn.result(views);
    const isTable = columns.length > 0;
    const words = isTable ? text("found", { count: number(rows.length), seconds }) : text("answered", { seconds });
    tell(`${words} – `, make("a", { href: "#live" }, text("to_result")));
    for (const part of section.querySelectorAll("[data-of]")) {
      part.hidden = (part.dataset.of === "rows") === /turtle/.test(headers.get("Content-Type"));
    }
  }

  /** Return JSON with line breaks, where that takes no time. */
  function legible(content, type) {
    return type.includes("json") && content.length < LEGIBLE ? JSON.stringify(JSON.parse(content), null, 2) : content;
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
    if (excerpt) box.append(make("pre", { class: "scroll" }, excerpt));
    if (line) {
      const button = make("button", { type: "button" }, text("to_mistake"));
      button.addEventListener("click", () => point(line, column || 1));
      box.append(button);
    }
    section.hidden = true;
    tell(box);
  }

  function point(line, column) {
    if (plain.checked) {
      const before = field.value.split("\n").slice(0, line - 1).join("\n");
      const place = before.length + (line > 1 ? 1 : 0) + column - 1;
      field.focus();
      field.setSelectionRange(place, place);
      return;
    }
    editor.focus();
    editor.getDoc().setCursor({ line: line - 1, ch: column - 1 });
  }

  /** Offer the address of the result, where it is short enough to be passed on. */
  function permalink(query) {
    const link = section.querySelector("#permalink");
    const address = new URL(form.action);
    address.searchParams.set("query", query);
    address.searchParams.set("format", "html");
    const isShort = address.pathname.length + address.search.length <= Number(form.dataset.longest);
    link.href = address;
    link.hidden = !isShort;
    section.querySelector("#no-permalink").hidden = isShort;
  }

  /** Have the server write the calls from other tools for this query. */
  async function snippets(query) {
    const place = document.getElementById("snippets");
    const open = [...place.querySelectorAll("details")].map((entry) => entry.open);
    const response = await fetch(form.dataset.snippets, { method: "POST", body: new URLSearchParams({ query }) });
    if (!response.ok) return;
    place.innerHTML = await response.text(); // our own server's page part, escaped there
    place.querySelectorAll("details").forEach((entry, index) => { entry.open = open[index]; });
  }

  form.addEventListener("submit", (event) => {
    if (form.elements.format.value !== "html") return; // another format: the browser fetches it
    event.preventDefault();
    ask(field.value, "POST");
  });
  if (document.getElementById("result-of-form")) ask(field.value, form.dataset.asked);
}
