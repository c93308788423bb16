// A view of YASR's: a number of each row as a bar; as a line where the labels are years or days.
"use strict";

Yasgui.Yasr.registerPlugin("chart", class {
  static MOST = 200;
  static TIME = /#(gYear|gYearMonth|date|dateTime)$/;
  priority = 4;
  label = kmn.text("chart");

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    const result = kmn.result(this.yasr);
    return result.columns.length > 1 && kmn.numeric(result).length > 0;
  }

  getIcon() {
    return kmn.icon("M1 14V9h3v5zm5 0V2h3v12zm5 0V6h3v8z");
  }

  draw() {
    const result = kmn.result(this.yasr);
    const numbers = kmn.numeric(result);
    const [name, value] = kmn.wanted.columns.filter((wanted) => result.columns.includes(wanted));
    this.value = numbers.includes(value) ? value : numbers[numbers.length - 1];
    this.name = name && this.value === value ? name : this.labels(result, numbers);
    const place = kmn.make("div", { class: "chart" });
    const show = (changes) => {
      Object.assign(this, changes);
      place.replaceChildren(...this.picture(result.rows));
    };
    const named = (names) => names.map((name) => [name, name]);
    this.yasr.resultsEl.append(
      kmn.make("p", { class: "row" },
        kmn.choice(kmn.text("label_column"), named(result.columns), this.name, (name) => show({ name })),
        kmn.choice(kmn.text("value_column"), named(numbers), this.value, (value) => show({ value }))),
      place,
    );
    show({});
  }

  /** Return the column that is best for labels: of texts, if there is one. */
  labels({ columns, rows }, numbers) {
    const others = columns.filter((name) => name !== this.value);
    const isText = (name) => rows.every((row) => !row[name] || row[name].type === "literal");
    return others.find((name) => !numbers.includes(name) && isText(name)) || others[0];
  }

  picture(rows) {
    const usable = rows.filter((row) => row[this.name] && row[this.value]);
    const points = usable.slice(0, this.constructor.MOST).map((row) => ({
      name: kmn.named(row[this.name]),
      language: row[this.name]["xml:lang"],
      type: row[this.name].datatype || "",
      value: kmn.asNumber(row[this.value]),
    }));
    const count = kmn.number(points.length);
    const cut = points.length < usable.length ? [kmn.make("p", {}, kmn.text("cut", { count }))] : [];
    const isTime = points.every(({ name, type }) =>
      this.constructor.TIME.test(type) || (kmn.wanted.kind === "line" && /^\d{4}$/.test(name)));
    return [...cut, isTime && points.length > 1 ? this.line(points) : this.bars(points)];
  }

  /** Return a table whose third column draws the second. */
  bars(points) {
    const { make, number } = kmn;
    const least = Math.min(0, ...points.map(({ value }) => value));
    const span = Math.max(0, ...points.map(({ value }) => value)) - least || 1;
    const share = (value) => `${((value / span) * 100).toFixed(2)}%`;
    const rows = points.map(({ name, value, language }) => {
      const sizes = { x: share(Math.min(value, 0) - least), width: share(Math.abs(value)), height: "100%" };
      return make("tr", {},
        make("th", { scope: "row", dir: "auto", ...(language ? { lang: language } : {}) }, name),
        make("td", { class: "amount" }, number(value)),
        make("td", { "aria-hidden": "true" }, make("svg:svg", { class: "bar" }, make("svg:rect", sizes))));
    });
    const head = make("tr", {},
      make("th", { scope: "col" }, this.name),
      make("th", { scope: "col", class: "amount" }, this.value),
      make("td"));
    const named = { "aria-label": kmn.text("chart") };
    return make("table", named, make("thead", {}, head), make("tbody", {}, ...rows));
  }

  /** Return a line over time, with its ends and its least and greatest value. */
  line(points) {
    const { make, number } = kmn;
    const sorted = points.map((point) => ({ ...point, year: this.year(point.name) }))
      .sort((a, b) => a.year - b.year);
    const [first, last] = [sorted[0], sorted[sorted.length - 1]];
    const values = sorted.map(({ value }) => value);
    const [bottom, top] = [Math.min(0, ...values), Math.max(0, ...values)];
    const x = ({ year }) => (60 + (520 * (year - first.year)) / (last.year - first.year || 1)).toFixed(1);
    const y = (value) => (240 - (220 * (value - bottom)) / (top - bottom || 1)).toFixed(1);
    const path = (name, d) => make("svg:path", { class: name, d });
    const write = (words, place) => make("svg:text", place, words);
    const dots = sorted.map((point) =>
      make("svg:circle", { cx: x(point), cy: y(point.value), r: 3.5 },
        make("svg:title", {}, `${point.name}: ${number(point.value)}`)));
    return make("svg:svg", { viewBox: "0 0 600 275", role: "img", "aria-label": this.told(values), class: "line" },
      path("axis", `M60 ${y(top)}V240M60 ${y(0)}H580`),
      path("curve", `M${sorted.map((point) => `${x(point)} ${y(point.value)}`).join("L")}`),
      ...dots,
      ...[bottom, top].map((value) =>
        write(number(value), { x: 52, y: Number(y(value)) + 4, "text-anchor": "end" })),
      write(first.name, { x: x(first), y: 262, "text-anchor": "start" }),
      write(last.name, { x: x(last), y: 262, "text-anchor": "end" }));
  }

  /** Return a time as a number of years. */
  year(name) {
    return /^-?\d{4,}$/.test(name) ? Number(name) : Date.parse(name) / (365.2425 * 86400 * 1000) + 1970;
  }

  told(values) {
    const least = kmn.number(Math.min(...values));
    const most = kmn.number(Math.max(...values));
    return kmn.text("chart_label", { value: this.value, label: this.name, least, most });
  }
});
