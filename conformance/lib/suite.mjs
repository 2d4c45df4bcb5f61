// The official suite: what a revision requires, and one run of it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parse } from "yaml";
import { end } from "../../peers/lib/processes.mjs";
import { CONFORMANCE } from "./servers.mjs";

const SUITE = path.join(CONFORMANCE, "node_modules", "@modelcontextprotocol", "conformance");
const MAIN = path.join(SUITE, "dist", "index.js");
const SCENARIO_LIMIT = 15_000;
const RUN_LIMIT = 150_000;

/** What a revision asks of one side, `server` or `client`: names of scenarios. */
export function requirements(revision, side) {
  const text = readFileSync(path.join(SUITE, "requirements", `${revision}.yaml`), "utf8");
  const { [side]: scored, not_scored } = parse(text);
  const unscored = not_scored.filter(({ leg }) => leg === side).map(({ scenario }) => scenario);
  return { scored, all: [...scored, ...unscored] };
}

/** Everything a revision asks of the server at a URL: the checks of each scenario, by name. */
export async function testServer(revision, url, directory) {
  await run(["server", "--url", url, "--requirements", revision], directory);
  return results(directory, /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/);
}

/** One scenario with the driver as the client: its checks, and whether the suite is content. */
export async function testClient(revision, scenario, command, directory) {
  const args = ["client", "--scenario", scenario, "--spec-version", revision, "--command", command];
  const code = await run(args, directory);
  const found = results(directory, /^(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/);
  return { checks: found.get(scenario) ?? [], passed: code === 0 };
}

async function run(args, directory) {
  const options = ["-o", directory, "--timeout", String(SCENARIO_LIMIT)];
  const command = node();
  // The suite starts the driver as `node`.
  const PATH = [path.dirname(command), process.env.PATH].join(path.delimiter);
  const child = spawn(command, [MAIN, ...args, ...options], {
    cwd: CONFORMANCE,
    env: { ...process.env, PATH },
    stdio: "ignore",
  });
  const timer = setTimeout(() => end(child), RUN_LIMIT);
  const [code] = await once(child, "exit").finally(() => clearTimeout(timer));
  return code;
}

// The suite needs Node 22, which npm has as one package for each platform.
function node() {
  const platform = `${process.platform}-${process.arch}`;
  const name = platform === "darwin-arm64" ? `node-bin-${platform}` : `node-${platform}`;
  const require = createRequire(import.meta.url);
  try {
    return path.join(path.dirname(require.resolve(`${name}/package.json`)), "bin", "node");
  } catch {
    if (Number(process.versions.node.split(".")[0]) >= 22) return process.execPath;
    throw new Error(`the suite needs Node 22, and there is no ${name} in conformance/node_modules`);
  }
}

function results(directory, pattern) {
  const found = new Map();
  for (const name of readdirSync(directory)) {
    const [, scenario] = pattern.exec(name) ?? [];
    if (scenario) found.set(scenario, checksIn(path.join(directory, name, "checks.json")));
  }
  return found;
}

function checksIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return []; // the scenario did not come to its end
    throw error;
  }
}
