// Asks queries with Comunica, one after the other. Reads JSON from stdin: [{name, query, sources,
// options}]; writes to stdout a line of JSON for each: {name, kind, text} or {name, error}.
// Packages are those of the working directory.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const { QueryEngine } = createRequire(`${process.cwd()}/`)("@comunica/query-sparql");
const engine = new QueryEngine();

async function answer({ query, sources, options }) {
  const result = await engine.query(query, { sources, ...options });
  const type =
    result.resultType === "quads" ? "application/n-triples" : "application/sparql-results+json";
  const { data } = await engine.resultToString(result, type);
  return { kind: result.resultType, text: await text(data) };
}

for (const wish of JSON.parse(await text(process.stdin))) {
  const told = await answer(wish).catch((error) => ({ error: String(error) }));
  process.stdout.write(`${JSON.stringify({ name: wish.name, ...told })}\n`);
}
