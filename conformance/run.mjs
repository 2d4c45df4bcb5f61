// Runs everything of `make conformance` and ends with one line: `N passed, M failed`.
// Arguments choose rows of the table, none means all. `--keep DIRECTORY` keeps logs and the suite's
// own output.
import { mkdirSync, rmSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { killLeftOver } from "../peers/lib/processes.mjs";
import { execute } from "./lib/execute.mjs";
import { judge } from "./lib/judge.mjs";
import { printFindings, printTable } from "./lib/report.mjs";
import { ROWS } from "./lib/rows.mjs";

const LANES = 2;
const options = { keep: { type: "string" } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const known = ROWS.map(({ name }) => name);
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`unknown row ${unknown.join(", ")}; there are: ${known.join(", ")}`);
  process.exit(2);
}

const scratch = await mkdtemp(path.join(tmpdir(), "watchgate-conformance-"));
process.env.TMPDIR = scratch; // for the drivers
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, interrupted);
const directory = values.keep ? path.resolve(values.keep) : scratch;
const allowed = JSON.parse(await readFile(new URL("allowed.json", import.meta.url), "utf8"));
const runs = new Map();
const results = [];
let failed = 0;
try {
  const rows = chosen(positionals.length > 0 ? positionals : known);
  await inLanes(rows.filter(({ baseline }) => !baseline));
  await inLanes(rows.filter(({ baseline }) => baseline));
  results.sort((one, other) => known.indexOf(one.name) - known.indexOf(other.name));
  printTable(results);
  results.forEach(printFindings);
  failed = results.filter(({ ok }) => !ok).length + stale(rows);
} finally {
  failed += await killLeftOver();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${results.filter(({ ok }) => ok).length} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function interrupted() {
  await killLeftOver();
  rmSync(scratch, { recursive: true, force: true });
  process.exit(1);
}

/** The rows of these names, and those that they are compared with. */
function chosen(names) {
  const baselines = ROWS.filter(({ name }) => names.includes(name)).map(({ baseline }) => baseline);
  return ROWS.filter(({ name }) => names.includes(name) || baselines.includes(name));
}

async function inLanes(rows) {
  const queue = [...rows];
  const lane = async () => {
    for (let row = queue.shift(); row; row = queue.shift()) results.push(await outcome(row));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function outcome(row) {
  const started = performance.now();
  const into = path.join(directory, row.name);
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  const result = await attempt(row, into).catch(({ message }) => ({ ok: false, error: message }));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  return { name: row.name, seconds, scored: "", equal: "", findings: [], ...result };
}

async function attempt(row, into) {
  const run = await execute(row, into);
  runs.set(row.name, run);
  const baseline = runs.get(row.baseline);
  if (row.baseline && !baseline) throw new Error(`${row.baseline} did not run`);
  return judge(row, run, baseline, allowed);
}

/** Entries of allowed.json for rows that ran, and which nothing needed. */
function stale(rows) {
  const ran = rows.map(({ name }) => name);
  const due = (row) => ran.includes(row) || !known.includes(row);
  const entries = allowed.filter(({ row, used }) => !used && due(row));
  for (const { row, scenario, check } of entries) {
    console.log(`allowed.json: ${row} ${scenario} ${check} differs no more, remove the entry`);
  }
  return entries.length;
}
