// What the parts of the query page share: texts, elements, the rows of a result, links, numbers.
"use strict";

const kmn = (() => {
  const { texts, prefixes, base } = document.querySelector("form.query").dataset;
  const names = JSON.parse(texts);
  const spaces = Object.entries(JSON.parse(prefixes));
  const language = document.documentElement.lang;

  /** Return a text of the catalogue, with its placeholders filled. */
  function text(key, details = {}) {
    return names[key].replace(/\{(\w+)\}/g, (_, name) => details[name]);
  }

  /** Make an HTML element (or SVG, below the name "svg:") with attributes and children. */
  function make(name, attributes = {}, ...children) {
    const element = name.startsWith("svg:")
      ? document.createElementNS("http://www.w3.org/2000/svg", name.slice(4))
      : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  function number(value, digits = 2) {
    return value.toLocaleString(language, { maximumFractionDigits: digits });
  }

  /** Return the prefixed name of an IRI, or the IRI where none of our prefixes fits. */
  function short(iri) {
    for (const [prefix, space] of spaces) {
      const local = iri.startsWith(space) ? iri.slice(space.length) : "";
      if (/^\w[\w-]*$/.test(local)) return `${prefix}:${local}`;
    }
    return iri;
  }

  /** Return a name for a term in a picture: short, and without our base. */
  function named(term) {
    const name = term.type === "uri" ? short(term.value) : String(term.value);
    return name.startsWith(base) ? name.slice(base.length).replace(/^id\//, "") : name;
  }

  /** Encode what no path has, so that browsers read none of it as something else (`\` as `/`). */
  function encoded(path) {
    return path.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, encodeURIComponent);
  }

  /** Return where a link to an IRI leads: ours on this server; "" where no browser should go. */
  function href(iri) {
    if (iri.startsWith(base)) return "/" + encoded(iri.slice(base.length).replace(/^\/+/, ""));
    return /^(https?|mailto|tel):/i.test(iri) ? iri : "";
  }

  const read = new WeakMap();

  /**
   * Return columns and rows of a result; of triples there are three columns.
   *
   * YASR's own reading replaces {{name}} within values; ours leaves data as they are.
   */
  function result(yasr) {
    const { results } = yasr;
    if (!results) return { columns: [], rows: [] };
    if (!read.has(results)) {
      const isRows = (results.getContentType() || "").includes("sparql-results+json");
      const json = isRows ? JSON.parse(results.getOriginalResponseAsString()) : results.getAsJson();
      const columns = json?.head?.vars || [];
      read.set(results, { columns, rows: json?.results?.bindings || [] });
    }
    return read.get(results);
  }

  const NUMERIC = new RegExp("#(integer|decimal|double|float|(non)?(Negative|Positive)Integer|" +
    "(unsigned)?(Long|Int|Short|Byte)|gYear)$", "i");

  /** Return the number that a term is, NaN where it is none. */
  function asNumber(term) {
    return term && NUMERIC.test(term.datatype || "") ? Number(term.value) : NaN;
  }

  /** Return the columns that hold numbers and nothing else. */
  function numeric({ columns, rows }) {
    return columns.filter((name) => {
      const bound = rows.filter((row) => row[name]);
      return bound.length > 0 && bound.every((row) => Number.isFinite(asNumber(row[name])));
    });
  }

  /** Return a labelled choice that calls back with what was chosen. */
  function choice(label, options, chosen, changed) {
    const select = make("select");
    select.append(...options.map(([value, name]) => new Option(name, value, false, value === chosen)));
    select.addEventListener("change", () => changed(select.value));
    return make("label", {}, `${label} `, select);
  }

  /** Return a picture for a button of YASR's, of one path in a square of 16. */
  function icon(path) {
    return make("svg:svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, make("svg:path", { d: path }));
  }

  return { text, make, number, short, named, href, result, asNumber, numeric, choice, icon, language };
})();
