// The reference servers behind the gateway: how each is started, or where it listens.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { end, lineOf, MARK } from "./processes.mjs";

export const PEERS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
export const REPOSITORY = path.dirname(PEERS);

/** Upstreams that are the everything server: over stdio, streamable HTTP and the old HTTP+SSE. */
export const EVERYTHING = ["local", "web", "old"];

/** All upstreams, in the order of the configuration file. */
export const NAMES = [...EVERYTHING, "files", "memory", "time"];

const npm = (name) =>
  path.join(PEERS, "node_modules", "@modelcontextprotocol", name, "dist", "index.js");
const everything = npm("server-everything");

/** A directory for one route: what the filesystem server serves and where memory keeps its graph. */
export async function makeScratch() {
  const root = await mkdtemp(path.join(tmpdir(), "watchgate-peers-"));
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

/** What the filesystem server serves; the same for all routes, so that results can be compared. */
export async function makeData(root) {
  const data = path.join(root, "data");
  await mkdir(path.join(data, "deep", "er"), { recursive: true });
  await writeFile(path.join(data, "hello.txt"), "hello\nworld\n");
  await writeFile(path.join(data, "grüße.txt"), "Grüße 👋 \u2028 \u0000 end\n");
  await writeFile(path.join(data, "deep", "er", "numbers.json"), '{"big": 12345678901234567890}');
  return data;
}

/** `{command, args, env}` or `{url, transport}` of each upstream. */
export function upstreams({ data, memoryFile, webUrl, oldUrl }) {
  const mark = { [MARK]: process.env[MARK] };
  const node = (script, args = [], env = {}) => ({
    command: process.execPath,
    args: [script, ...args],
    env: { ...mark, ...env },
  });
  return {
    local: node(everything, ["stdio"]),
    web: { url: webUrl, transport: "http" },
    old: { url: oldUrl, transport: "sse" },
    files: node(npm("server-filesystem"), [data]),
    memory: node(npm("server-memory"), [], { MEMORY_FILE_PATH: memoryFile }),
    time: {
      command: path.join(PEERS, ".venv", "bin", "python"),
      args: ["-m", "mcp_server_time", "--local-timezone", "Europe/Berlin"],
      env: { ...mark },
    },
  };
}

async function freePort() {
  const probe = createServer();
  await new Promise((done, fail) => probe.once("error", fail).listen(0, "127.0.0.1", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

async function startRemote(mode, ready, endpoint) {
  const port = await freePort();
  const child = spawn(process.execPath, [everything, mode], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  await lineOf(child, child.stderr, ready, 20_000);
  return { url: `http://127.0.0.1:${port}${endpoint}`, stop: () => end(child) };
}

/** The two everything servers that listen: `{webUrl, oldUrl, stop}`. */
export async function startRemotes() {
  const [web, old] = await Promise.all([
    startRemote("streamableHttp", /listening on port \d+/, "/mcp"),
    startRemote("sse", /running on port \d+/, "/sse"),
  ]);
  const stop = () => Promise.all([web.stop(), old.stop()]);
  return { webUrl: web.url, oldUrl: old.url, stop };
}

/** The children of a process whose command line has a text in it; Linux only. */
export async function childrenOf(parent, text) {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      // Behind the name, which may hold anything: state, then parent.
      const isChild = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent;
      return isChild && command.includes(text) ? [pid] : [];
    }),
  );
  return found.flat();
}
