// Runs one row: `{checks, passes}`, the checks of each scenario, and whether one is passed.
import path from "node:path";
import { passed } from "./compare.mjs";
import { requirements, testClient, testServer } from "./suite.mjs";

/** The scenarios of a row, and which of them count. */
export function scope({ name, revision, command, sizes }) {
  const found = requirements(revision, command ? "client" : "server");
  const all = found.all.filter((scenario) => !scenario.startsWith("auth/"));
  const scored = command ? all : found.scored;
  const expected = `${sizes.scored} of ${sizes.all}`;
  const actual = `${scored.length} of ${all.length}`;
  if (actual !== expected) throw new Error(`${name}: the suite scores ${actual}, not ${expected}`);
  return { all, scored };
}

export function execute(row, directory) {
  return row.command ? asClient(row, directory) : asServer(row, directory);
}

async function asServer(row, directory) {
  const server = await row.open(directory);
  try {
    const checks = await testServer(row.revision, server.url, directory);
    return { checks, passes: (scenario) => passed(checks.get(scenario)) };
  } finally {
    await server.stop();
  }
}

async function asClient(row, directory) {
  const checks = new Map();
  const content = new Set();
  for (const scenario of scope(row).all) {
    const into = path.join(directory, scenario);
    const result = await testClient(row.revision, scenario, row.command, into);
    checks.set(scenario, result.checks);
    if (result.passed) content.add(scenario);
  }
  return { checks, passes: (scenario) => content.has(scenario) };
}
