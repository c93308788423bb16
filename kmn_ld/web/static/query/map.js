// A view of YASR's: geometries in WKT as a map, drawn here, without tiles.
"use strict";

Yasgui.Yasr.registerPlugin("map", class {
  static MOST = 2000;
  static WIDTH = 1000;
  static CLASSES = 5;
  static WKT = /^\s*(?:<([^>]*)>)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*Z?\s*\(/i;
  priority = 5;
  label = kmn.text("map");

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    return Boolean(this.column());
  }

  getIcon() {
    return kmn.icon("M1 3l4.5-2 5 2L15 1v12l-4.5 2-5-2L1 15zm5-.3v9l4 1.6v-9z");
  }

  /** Return the first column with a geometry. */
  column() {
    const { columns, rows } = kmn.result(this.yasr);
    const isShape = (term) => term && this.constructor.WKT.test(term.value);
    return columns.find((name) => rows.some((row) => isShape(row[name])));
  }

  draw() {
    const result = kmn.result(this.yasr);
    const column = this.column();
    const found = result.rows.filter((row) => row[column] && this.constructor.WKT.test(row[column].value));
    const rows = found.slice(0, this.constructor.MOST);
    const numbers = kmn.numeric(result);
    const place = kmn.make("div", { class: "map" });
    const show = (name) => place.replaceChildren(...this.picture(rows, column, name));
    const options = [["", kmn.text("nothing")], ...numbers.map((name) => [name, name])];
    const chosen = numbers[0] || "";
    if (numbers.length) {
      const choice = kmn.choice(kmn.text("colour_by"), options, chosen, show);
      this.yasr.resultsEl.append(kmn.make("p", { class: "row" }, choice));
    }
    if (found.length > rows.length) {
      this.yasr.resultsEl.append(kmn.make("p", {}, kmn.text("cut", { count: kmn.number(rows.length) })));
    }
    this.yasr.resultsEl.append(place);
    show(chosen);
  }

  /** Return the map and the legend of its colours; `by` is the column that colours, if any. */
  picture(rows, column, by) {
    const shapes = rows.map((row) => this.read(row[column].value));
    const project = this.projection(shapes.flatMap((shape) => shape.rings.flat()));
    const values = rows.map((row) => (by ? kmn.asNumber(row[by]) : NaN));
    const scale = this.scale(values.filter(Number.isFinite));
    const drawn = shapes.map((shape, index) => {
      const title = kmn.make("svg:title", {}, this.title(rows[index]));
      const tint = Number.isFinite(values[index]) ? `tint-${scale.of(values[index])}` : "";
      return kmn.make("svg:g", { class: `shape ${shape.kind} ${tint}` }, title, ...this.outline(shape, project));
    });
    const label = kmn.text("map_label", { count: kmn.number(rows.length) });
    const box = `-20 -20 ${this.constructor.WIDTH + 40} ${project.height + 40}`;
    const svg = kmn.make("svg:svg", { viewBox: box, role: "img", "aria-label": label }, ...drawn);
    return scale ? [svg, this.legend(scale, by)] : [svg];
  }

  /** Return kind and rings of a geometry, each a list of [longitude, latitude]. */
  read(wkt) {
    const [, crs, , kind] = this.constructor.WKT.exec(wkt);
    const isTurned = /EPSG\/.*\/(4326|4258)$/.test(crs || ""); // latitude first, as EPSG has it
    const rings = [...wkt.slice(wkt.indexOf("(")).matchAll(/[^()]+/g)]
      .map(([text]) => text.split(",").map((pair) => pair.trim().split(/\s+/).map(Number)))
      .map((ring) => ring.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)))
      .map((ring) => (isTurned ? ring.map(([y, x]) => [x, y]) : ring))
      .filter((ring) => ring.length);
    return { kind: kind.toLowerCase(), rings };
  }

  /** Return a function that puts a place on paper: degrees, narrowed by the cosine of latitude. */
  projection(points) {
    const end = (pick, axis, start) => points.reduce((found, point) => pick(found, point[axis]), start);
    const [west, south] = [0, 1].map((axis) => end(Math.min, axis, Infinity));
    const [east, north] = [0, 1].map((axis) => end(Math.max, axis, -Infinity));
    const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
    const width = this.constructor.WIDTH;
    const factor = width / Math.max((east - west) * narrow, (north - south) / 1.2, 0.01);
    const margin = (width - (east - west) * narrow * factor) / 2;
    const project = ([x, y]) =>
      [margin + (x - west) * narrow * factor, (north - y) * factor].map((value) => value.toFixed(1));
    return Object.assign(project, { height: Math.max((north - south) * factor, 40) });
  }

  outline(shape, project) {
    if (shape.kind === "point") {
      return shape.rings.flat().map(project).map(([cx, cy]) => kmn.make("svg:circle", { cx, cy, r: 8 }));
    }
    const end = shape.kind === "polygon" ? "Z" : "";
    const d = shape.rings.map((ring) => `M${ring.map(project).join("L")}${end}`).join("");
    return [kmn.make("svg:path", { d })];
  }

  /** Return what a shape is called: its row without geometries. */
  title(row) {
    const told = Object.entries(row).filter(([, term]) => !this.constructor.WKT.test(term.value));
    return told.map(([name, term]) => `${name}: ${kmn.named(term)}`).join("\n");
  }

  /** Return equal steps between the least and the greatest value. */
  scale(values) {
    if (!values.length) return null;
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const step = (most - least) / this.constructor.CLASSES;
    const last = this.constructor.CLASSES - 1;
    const of = (value) => (step ? Math.min(Math.floor((value - least) / step), last) : 0);
    const used = [...new Set(values.map(of))].sort();
    const ranges = used.map((tint) => {
      const inside = values.filter((value) => of(value) === tint);
      return { tint, least: Math.min(...inside), most: Math.max(...inside) };
    });
    return { of, ranges };
  }

  legend(scale, by) {
    const entries = scale.ranges.map(({ tint, least, most }) => {
      const patch = kmn.make("span", { class: `patch tint-${tint}`, "aria-hidden": "true" });
      const text = least === most ? kmn.number(least) : `${kmn.number(least)} – ${kmn.number(most)}`;
      return kmn.make("li", {}, patch, text);
    });
    return kmn.make("ul", { class: "legend", "aria-label": by }, ...entries);
  }
});
