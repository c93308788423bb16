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
    this.value = numbers[numbers.length - 1];
    const others = result.columns.filter((name) => name !== this.value);
    const isText = (name) => result.rows.every((row) => !row[name] || row[name].type === "literal");
    this.name = others.find((name) => !numbers.includes(name) && isText(name)) || others[0];
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

  picture(rows) {
    const usable = rows.filter((row) => row[this.name] && row[this.value]);
    const points = usable.slice(0, this.constructor.MOST).map((row) => ({
      name: kmn.named(row[this.name]),
      language: row[this.name]["xml:lang"],
      value: kmn.asNumber(row[this.value]),
    }));
    const count = kmn.number(points.length);
    const cut = points.length < usable.length ? [kmn.make("p", {}, kmn.text("cut", { count }))] : [];
    const isTime = points.length > 1 && usable.every((row) => this.constructor.TIME.test(row[this.name].datatype || ""));
    return [...cut, isTime ? this.line(points) : this.bars(points)];
  }

  /** Return a table whose third column draws the second. */
  bars(points) {
    const least = Math.min(0, ...points.map((point) => point.value));
    const span = Math.max(0, ...points.map((point) => point.value)) - least || 1;
    const share = (value) => `${((value / span) * 100).toFixed(2)}%`;
    const rows = points.map(({ name, value, language }) => {
      const bar = kmn.make("svg:rect", { x: share(Math.min(value, 0) - least), width: share(Math.abs(value)), height: "100%" });
      return kmn.make("tr", {},
        kmn.make("th", { scope: "row", dir: "auto", ...(language ? { lang: language } : {}) }, name),
        kmn.make("td", { class: "amount" }, kmn.number(value)),
        kmn.make("td", { "aria-hidden": "true" }, kmn.make("svg:svg", { class: "bar" }, bar)));
    });
    const head = kmn.make("tr", {}, kmn.make("th", { scope: "col" }, this.name), kmn.make("th", { scope: "col", class: "amount" }, this.value), kmn.make("td"));
    return kmn.make("table", { "aria-label": kmn.text("chart") }, kmn.make("thead", {}, head), kmn.make("tbody", {}, ...rows));
  }

  /** Return a line over time; its ends and its highest point are written beside it. */
  line(points) {
    const when = (name) => (/^-?\d{4,}$/.test(name) ? Number(name) : Date.parse(name) / 31556952000 + 1970);
    const sorted = points.map((point) => ({ ...point, x: when(point.name) })).sort((a, b) => a.x - b.x);
    const [first, last] = [sorted[0], sorted[sorted.length - 1]];
    const least = Math.min(0, ...sorted.map((point) => point.value));
    const most = Math.max(0, ...sorted.map((point) => point.value));
    const x = (point) => (60 + (520 * (point.x - first.x)) / (last.x - first.x || 1)).toFixed(1);
    const y = (value) => (240 - (220 * (value - least)) / (most - least || 1)).toFixed(1);
    const axis = [least, most].map((value) => kmn.make("svg:text", { x: 52, y: Number(y(value)) + 4, "text-anchor": "end" }, kmn.number(value)));
    const ends = [first, last].map((point, end) => kmn.make("svg:text", { x: x(point), y: 262, "text-anchor": end ? "end" : "start" }, point.name));
    const dots = sorted.map((point) => kmn.make("svg:circle", { cx: x(point), cy: y(point.value), r: 3.5 },
      kmn.make("svg:title", {}, `${point.name}: ${kmn.number(point.value)}`)));
    const label = kmn.text("chart_label", { value: this.value, label: this.name, least: kmn.number(Math.min(...points.map((p) => p.value))), most: kmn.number(most) });
    return kmn.make("svg:svg", { viewBox: "0 0 600 275", role: "img", "aria-label": label, class: "line" },
      kmn.make("svg:path", { class: "axis", d: `M60 ${y(most)}V240M60 ${y(0)}H580` }),
      kmn.make("svg:path", { class: "curve", d: `M${sorted.map((point) => `${x(point)} ${y(point.value)}`).join("L")}` }),
      ...dots, ...axis, ...ends);
  }
});
