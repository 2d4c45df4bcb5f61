// Runs everything of `make peers` and ends with one line: `N passed, M failed`.
// Arguments choose parts: straight, gateway, java, matrix. None means all.
import { spawn } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { killLeftOver } from "./lib/processes.mjs";
import { PEERS, REPOSITORY } from "./lib/upstreams.mjs";

const PARTS = { straight: nodeTests, gateway: nodeTests, java: javaTests, matrix: nodeTests };
/** For one part, which ends then, finished or not. */
const LIMIT = 300_000;
/** The matrix starts hundreds of programs, one after the other; a broker is away for a minute. */
const LIMITS = { matrix: 600_000, java: 900_000 };

const chosen = process.argv.slice(2);
const unknown = chosen.filter((part) => !(part in PARTS));
if (unknown.length > 0) {
  console.error(`unknown part ${unknown.join(", ")}; there are: ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}

const total = { passed: 0, failed: 0 };
for (const part of chosen.length > 0 ? chosen : Object.keys(PARTS)) {
  const { passed, failed } = await PARTS[part](part);
  total.passed += passed;
  total.failed += failed;
}
total[(await killLeftOver()) === 0 ? "passed" : "failed"] += 1;
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

function nodeTests(part) {
  return new Promise((resolve, reject) => {
    const count = { passed: 0, failed: 0 };
    const stream = run({
      files: [path.join(PEERS, `${part}.test.mjs`)],
      concurrency: 1,
      signal: AbortSignal.timeout(LIMITS[part] ?? LIMIT),
    });
    const isTest = ({ details }) => details.type !== "suite";
    stream.on("test:pass", (data) => (count.passed += isTest(data) ? 1 : 0));
    // A suite fails with its tests; one that failed otherwise is told here too.
    stream.on("test:fail", (data) => (count.failed += isTest(data) || isOwn(data) ? 1 : 0));
    stream.on("error", reject);
    stream.on("end", () => resolve(count));
    stream.compose(spec).pipe(process.stdout, { end: false });
  });
}

function isOwn({ details }) {
  return details.error?.failureType !== "subtestsFailed";
}

/** The Java SDK's client against the same servers: the JUnit tests with the tag `peers`. */
async function javaTests() {
  const since = Date.now();
  const args = ["-B", "-q", "test", "-Dgroups=peers"];
  const maven = spawn("mvn", args, { cwd: REPOSITORY, stdio: "inherit", timeout: LIMITS.java });
  const code = await new Promise((done, fail) => maven.once("error", fail).once("exit", done));
  const count = await countReports(path.join(REPOSITORY, "target", "surefire-reports"), since);
  console.log(`Java SDK: ${count.passed} passed, ${count.failed} failed`);
  // Maven can fail before any test runs, and no test at all is no success.
  if (count.failed === 0 && (code !== 0 || count.passed === 0)) count.failed = 1;
  return count;
}

async function countReports(directory, since) {
  const count = { passed: 0, failed: 0 };
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((each) => /^TEST-.*\.xml$/.test(each))) {
    const file = path.join(directory, name);
    if ((await stat(file)).mtimeMs < since) continue;
    const [suite] = /<testsuite\b[^>]*>/.exec(await readFile(file, "utf8"));
    const number = (key) => Number(new RegExp(`\\b${key}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    const failed = number("errors") + number("failures") + number("skipped");
    count.failed += failed;
    count.passed += number("tests") - failed;
  }
  return count;
}
