// Puts YASGUI's editor (YASQE) over the text field, which keeps the query and can be had back.
// Nothing is stored in the browser, and Tab leaves the editor (WCAG 2.1.2).
"use strict";

kmn.editor = (() => {
  const { make, text, short } = kmn;
  const { Yasqe } = Yasgui;
  const MOST = 100; // suggestions at a time
  const form = document.querySelector("form.query");
  const field = form.querySelector("#query");
  const plain = form.querySelector("#plain");
  const labels = new Map();
  const terms = fetch(form.dataset.terms)
    .then((response) => response.json())
    .catch(() => ({ classes: [], properties: [] })); // then nothing is suggested

  function named(iri) {
    return short(iri) === iri ? `<${iri}>` : short(iri);
  }

  /** Return the classes or properties that a token may mean: by IRI, prefixed name or label. */
  async function suggest(kind, token) {
    const iriStart = (token?.autocompletionString || "").toLowerCase();
    const typed = (token?.string || "").toLowerCase();
    const found = (await terms)[kind].filter(({ iri, label }) =>
      iri.toLowerCase().startsWith(iriStart) ||
      short(iri).toLowerCase().startsWith(typed) ||
      label.toLowerCase().includes(typed));
    for (const { iri, label } of found.slice(0, MOST)) labels.set(named(iri), label);
    return found.slice(0, MOST).map(({ iri }) => iri);
  }

  function withLabel(hint) {
    const label = labels.get(hint.text);
    return { ...hint, displayText: label ? `${hint.text} – ${label}` : hint.text };
  }

  /** Let a completer of YASQE's ask us; its own would ask another host. */
  function replace(name, changes) {
    Yasqe.Autocompleters[name] = { ...Yasqe.Autocompleters[name], ...changes };
  }

  for (const [name, kind] of [["class", "classes"], ["property", "properties"]]) {
    replace(name, {
      get: (_, token) => suggest(kind, token),
      postProcessSuggestion: (_, __, iri) => named(iri),
      postprocessHints: (_, hints) => hints.map(withLabel),
    });
  }
  const prefixes = Object.entries(JSON.parse(form.dataset.prefixes));
  replace("prefixes", {
    persistenceId: null,
    get: () => prefixes.map(([name, iri]) => `${name}: <${iri}>`),
  });

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
    inputStyle: "contenteditable", // what screen readers understand better
    screenReaderLabel: form.querySelector("label[for=query]").textContent,
    autocompleters: ["variables", "prefixes", "class", "property"],
    extraKeys: {
      ...Yasqe.defaults.extraKeys,
      "Tab": false,
      "Shift-Tab": false,
      "Ctrl-Enter": run,
      "Cmd-Enter": run,
    },
  });
  editor.getInputField().setAttribute("role", "textbox");
  editor.getInputField().setAttribute("aria-multiline", "true");
  editor.on("autocompletionShown", (_, list) => list.hints.setAttribute("aria-label", text("suggestions")));
  editor.on("change", () => { field.value = editor.getValue(); });

  /** Show the editor or, where it is wanted, the field; both hold the same text. */
  function choose() {
    field.hidden = !plain.checked;
    holder.hidden = plain.checked;
    if (plain.checked) return;
    if (editor.getValue() !== field.value) editor.setValue(field.value);
    editor.refresh();
  }
  plain.addEventListener("change", choose);
  window.addEventListener("pageshow", choose); // the browser may have brought a text back
  form.querySelector(".scripted").hidden = false;
  choose();

  /** Put the cursor at a place of the text; lines and columns count from 1. */
  function pointTo(line, column) {
    if (!plain.checked) {
      editor.focus();
      editor.getDoc().setCursor({ line: line - 1, ch: column - 1 });
      return;
    }
    const before = field.value.split("\n").slice(0, line - 1);
    const place = before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
    field.focus();
    field.setSelectionRange(place, place);
  }

  return { pointTo };
})();
