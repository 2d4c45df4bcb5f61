// The servers and the clients of the matrix: one of each SDK, in every era and over every transport it has.
import { spawn } from "node:child_process";
import path from "node:path";
import { end, lineOf, MARK } from "../lib/processes.mjs";
import { PEERS } from "../lib/upstreams.mjs";

const here = (...names) => path.join(PEERS, "matrix", ...names);
const PYTHON = path.join(PEERS, ".venv", "bin", "python");

const node = (script) => [process.execPath, here(script)];
const python = (script) => [PYTHON, here(script)];
const java = (age, program) => ["java", "-cp", [here(".java", age, "classes"), here(".java", age, "lib", "*")].join(":"), program];
const go = (name) => [here(".go", name)];

const BOTH = ["handshake", "stateless"];
const OLD = ["handshake"];

/** `mode` is the argument that the program gets: all but `stdio` listen. */
const server = (sdk, command, mode, eras) => ({ key: `${sdk}-${mode}`, command: [...command, mode], mode, eras });
export const SERVERS = [
  server("ts1", node("ts1-server.mjs"), "stdio", OLD),
  server("ts1", node("ts1-server.mjs"), "http", OLD),
  server("ts2", node("ts2-server.mjs"), "stdio", BOTH),
  server("ts2", node("ts2-server.mjs"), "http", BOTH),
  server("py", python("py_server.py"), "stdio", BOTH),
  server("py", python("py_server.py"), "http", BOTH),
  server("go", go("server"), "stdio", BOTH),
  server("go", go("server"), "http", OLD),
  server("go", go("server"), "stateless", BOTH),
  server("java1", java("1.1", "Server"), "stdio", OLD),
  server("java2", java("2.0", "Server"), "stdio", OLD),
];

const clientsOf = (sdk, command, eras) => eras.map((era) => ({ key: `${sdk}-${era}`, command, era }));
export const CLIENTS = [
  ...clientsOf("ts1", node("ts1-client.mjs"), OLD),
  ...clientsOf("ts2", node("ts2-client.mjs"), BOTH),
  ...clientsOf("py", python("py_client.py"), BOTH),
  ...clientsOf("go", go("client"), BOTH),
  ...clientsOf("java1", java("1.1", "Client"), OLD),
  ...clientsOf("java2", java("2.0", "Client"), OLD),
];

/** Starts the servers that listen; answers how each server is reached, by its key, and how to stop. */
export async function startServers() {
  const running = [];
  const targetOf = async ({ command: [command, ...args], mode }) => {
    if (mode === "stdio") return { command, args, env: { [MARK]: process.env[MARK] } };
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
    running.push(child);
    const [, url] = await lineOf(child, child.stderr, /listening on (http:\S+) /, 30_000);
    return { url };
  };
  const stop = () => Promise.all(running.map((child) => end(child)));
  try {
    const entries = await Promise.all(SERVERS.map(async (each) => [each.key, await targetOf(each)]));
    return { targets: Object.fromEntries(entries), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs one client with its job; answers an outcome `{key, check, error?}` for every check. */
export async function runClient({ command: [command, ...args], era }, job, milliseconds) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let log = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (log += chunk));
  child.stdin.on("error", () => {}).end(JSON.stringify({ ...job, era }));
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  const code = await new Promise((done, fail) => child.once("error", fail).once("close", done));
  clearTimeout(timer);
  if (code !== 0) throw new Error(`${command} ${args} ended with ${code ?? "a signal"}:\n${log.slice(-2000)}`);
  return JSON.parse(output);
}
