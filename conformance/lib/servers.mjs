// What a row stands on: the fixture and the gateway, each a process on a port of its own.
import { spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { end, lineOf, MARK } from "../../peers/lib/processes.mjs";

export const CONFORMANCE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const REPOSITORY = path.dirname(CONFORMANCE);
const LAUNCHER = path.join(REPOSITORY, "watchgate");
const FIXTURE = "io.watchgate.everything.EverythingServer";
const READY = 60_000;

/** The command of the fixture. `make conformance` writes down the JDK and the test class path. */
function fixtureCommand(era, transport) {
  const file = path.join(REPOSITORY, "target", "test-java.txt");
  const [home, classPath] = readFileSync(file, "utf8").split(/\r?\n/);
  const java = path.join(home, "bin", "java");
  // Many start at once on few cores: a short start is worth more than fast code.
  const options = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  return [java, ...options, "-cp", classPath, FIXTURE, "--era", era, "--transport", transport];
}

/** The fixture over HTTP: `{url, stop}`. Its log goes into the directory. */
export async function startFixture(era, directory) {
  const [command, ...args] = [...fixtureCommand(era, "http"), "--port", "0"];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  child.stderr.pipe(createWriteStream(path.join(directory, "fixture.log")));
  return listening(child, child.stdout);
}

/** The fixture as an upstream that the gateway starts itself. */
export const fixtureOverStdio = (era) => ({ command: fixtureCommand(era, "stdio") });

/** A small server, so that the fixture is not the only upstream. */
export const notes = () => ({ command: [LAUNCHER, "demo-server", "notes"] });

/** The gateway over HTTP in front of `upstreams`, entries of the configuration: `{url, stop}`. */
export async function startGateway(upstreams, directory) {
  const file = path.join(directory, "watchgate.yaml");
  const marked = upstreams.map((each) => (each.command ? { ...each, env: mark() } : each));
  // Every JSON text is YAML too.
  await writeFile(file, JSON.stringify({ proxy: { upstreams: marked } }));
  const args = ["run", "-c", file, "--transport", "http", "--port", "0"];
  const child = spawn(LAUNCHER, args, { stdio: ["ignore", "ignore", "pipe"] });
  child.stderr.pipe(createWriteStream(path.join(directory, "gateway.log")));
  return listening(child, child.stderr);
}

const mark = () => ({ [MARK]: process.env[MARK] });

async function listening(child, stream) {
  const stop = () => end(child);
  try {
    const [, url] = await lineOf(child, stream, /listening on (http:\/\/\S+\/mcp)\s/, READY);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
