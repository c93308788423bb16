// Views of YASR's: rows as a table that can be sorted and filtered, and the answer to ASK.
"use strict";

Yasgui.Yasr.registerPlugin("table", class {
  static STEP = 100;
  static LONG = 200; // characters beyond which a value is folded
  priority = 10;
  label = kmn.text("table");

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    return kmn.result(this.yasr).columns.length > 0;
  }

  getIcon() {
    return kmn.icon("M1 2h14v12H1zm1.5 4v2.5H7V6zm6 0v2.5h5V6zm-6 4v2.5H7V10zm6 0v2.5h5V10z");
  }

  draw() {
    const { columns, rows } = kmn.result(this.yasr);
    const { STEP } = this.constructor;
    Object.assign(this, { columns, rows, order: "", rising: true, wanted: "", most: STEP });
    const filter = kmn.make("input", { type: "search", autocomplete: "off" });
    filter.addEventListener("input", () => this.show({ wanted: filter.value, most: STEP }));
    this.amount = kmn.make("p", { role: "status" });
    this.head = kmn.make("thead");
    this.body = kmn.make("tbody");
    this.more = kmn.make("button", { type: "button" }, kmn.text("more"));
    this.more.addEventListener("click", () => this.show({ most: this.most + STEP }));
    const table = kmn.make("table", { "aria-label": kmn.text("table") }, this.head, this.body);
    const around = { class: "scroll", role: "region", tabindex: "0", "aria-label": kmn.text("table") };
    this.yasr.resultsEl.append(
      kmn.make("p", { class: "row" }, kmn.make("label", {}, `${kmn.text("filter")} `, filter)),
      this.amount, kmn.make("div", around, table), this.more,
    );
    this.head.append(kmn.make("tr", {}, ...columns.map((name) => this.header(name))));
    this.show({});
  }

  header(name) {
    const button = kmn.make("button", { type: "button", title: kmn.text("sort", { column: name }) }, name);
    button.addEventListener("click", () =>
      this.show({ order: name, rising: this.order === name ? !this.rising : true }));
    return kmn.make("th", { scope: "col" }, button);
  }

  /** Draw the rows again after a change of what is wanted. */
  show(changes) {
    Object.assign(this, changes);
    const wanted = this.wanted.toLocaleLowerCase();
    const fits = (term) => term && String(term.value).toLocaleLowerCase().includes(wanted);
    const found = this.rows.filter((row) => !wanted || this.columns.some((name) => fits(row[name])));
    if (this.order) found.sort((a, b) => this.compare(a[this.order], b[this.order]));
    this.columns.forEach((name, place) => this.head.rows[0].cells[place].setAttribute(
      "aria-sort", name !== this.order ? "none" : this.rising ? "ascending" : "descending"));
    const shown = found.slice(0, this.most);
    this.body.replaceChildren(...shown.map((row) =>
      kmn.make("tr", {}, ...this.columns.map((name) => this.cell(row[name])))));
    const counts = { shown: kmn.number(shown.length), count: kmn.number(found.length) };
    this.amount.textContent = kmn.text("shown", counts);
    this.more.hidden = shown.length === found.length;
  }

  /** Order numbers by value, everything else by text; empty cells last. */
  compare(a, b) {
    if (!a || !b) return a ? -1 : b ? 1 : 0;
    const difference = kmn.asNumber(a) - kmn.asNumber(b);
    const order = Number.isNaN(difference) ? String(a.value).localeCompare(b.value, kmn.language) : difference;
    return this.rising ? order : -order;
  }

  cell(term) {
    if (!term) return kmn.make("td");
    if (term.type === "uri") {
      const target = kmn.href(term.value);
      const name = kmn.short(term.value);
      return kmn.make("td", {}, target
        ? kmn.make("a", { href: target, title: term.value }, name)
        : kmn.make("code", {}, term.value));
    }
    if (term.type === "bnode") return kmn.make("td", {}, `_:${term.value}`);
    if (term.type === "triple") return kmn.make("td", {}, kmn.make("code", {}, JSON.stringify(term.value)));
    const language = term["xml:lang"] ? { lang: term["xml:lang"] } : {};
    const attributes = { ...language, dir: "auto" };
    const summary = kmn.make("summary", {}, `${term.value.slice(0, 60)} …`);
    const text = term.value.length > this.constructor.LONG
      ? kmn.make("details", attributes, summary, term.value)
      : kmn.make("span", attributes, term.value);
    return kmn.make("td", Number.isNaN(kmn.asNumber(term)) ? {} : { class: "amount" }, text);
  }
});

Yasgui.Yasr.registerPlugin("boolean", class {
  priority = 10;
  hideFromSelection = true;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    return typeof this.yasr.results?.getBoolean() === "boolean";
  }

  draw() {
    const answer = this.yasr.results.getBoolean() ? "yes" : "no";
    this.yasr.resultsEl.append(kmn.make("p", {}, kmn.make("strong", {}, kmn.text(answer))));
  }
});
