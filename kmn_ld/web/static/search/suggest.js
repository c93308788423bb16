// Offers suggestions below the search field: the combobox pattern of the ARIA Authoring Practices
// (editable, list autocomplete, manual selection). Without this script the form works as it is.
"use strict";

{
  const WAIT = 150; // milliseconds after the last key
  const SHORTEST = 2; // characters
  const field = document.querySelector(".search .field");
  const input = field.querySelector("input");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let found = [];
  let active = -1;
  let timer = 0;
  let asked = null;

  list.id = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.label);
  status.className = "unseen";
  status.setAttribute("role", "status");
  field.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) input.setAttribute(name, value);

  /** Return one line of the list. */
  function option(suggestion, index) {
    const item = document.createElement("li");
    item.id = `suggestion-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const label = document.createElement("span");
    label.className = "label";
    label.dir = "auto";
    if (suggestion.language) label.lang = suggestion.language;
    label.textContent = suggestion.label;
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = [suggestion.kind, suggestion.place].filter(Boolean).join(" · ");
    item.append(label, " ", kind);
    item.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps focus
    item.addEventListener("click", () => location.assign(suggestion.path));
    return item;
  }

  function show(suggestions) {
    found = suggestions;
    list.replaceChildren(...found.map(option));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    const { one, many } = field.dataset;
    const told = found.length === 1 ? one : many.replace("{count}", found.length);
    status.textContent = found.length ? told : "";
    choose(-1);
  }

  /** Mark a line as the one that Enter opens; -1 for none. */
  function choose(index) {
    active = index;
    for (const [number, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", String(number === index));
    }
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  async function ask() {
    asked?.abort();
    const text = input.value.trim();
    if (text.length < SHORTEST) return show([]);
    asked = new AbortController();
    const address = new URL(field.dataset.suggest, location.href);
    address.searchParams.set("q", text);
    try {
      const response = await fetch(address, { signal: asked.signal, headers: { Accept: "application/json" } });
      const answer = response.ok ? await response.json() : { suggestions: [] };
      if (document.activeElement === input && input.value.trim() === text) show(answer.suggestions);
    } catch (error) {
      if (error.name !== "AbortError") show([]);
    }
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    show([]);
  }

  const keys = {
    ArrowDown: () => (found.length ? choose((active + 1) % found.length) : ask()),
    ArrowUp: () => choose(active > 0 ? active - 1 : found.length - 1),
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key in keys) {
      event.preventDefault();
      keys[event.key]();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(found[active].path);
    } else if (event.key === "Escape" && found.length) {
      event.preventDefault(); // else the browser clears the field too
      close();
    }
  });
  input.addEventListener("blur", close);
}
