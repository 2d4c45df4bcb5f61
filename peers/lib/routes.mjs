// Ways from a client to the reference servers: straight, or through the gateway.
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Peer } from "./client.mjs";
import { end, lineOf } from "./processes.mjs";
import { EVERYTHING, NAMES, REPOSITORY } from "./upstreams.mjs";

export const LAUNCHER = path.join(REPOSITORY, "watchgate");

/** One client for each server, nothing between them: what the gateway is compared with. */
export class Straight {
  label = "straight";
  isGateway = false;

  constructor(targets, roots) {
    Object.assign(this, { targets, roots, peers: {} });
  }

  async open() {
    for (const name of NAMES) this.peers[name] = await Peer.connect(this.targets[name], this.roots);
    return this;
  }

  /** A second, independent client of the same servers. */
  another = () => new Straight(this.targets, this.roots).open();
  peer = (server) => this.peers[server];
  clients = () => Object.values(this.peers);
  tool = (server, name) => name;
  uri = (server, uri) => uri;
  async close() {
    await Promise.all(this.clients().map((peer) => peer.close()));
  }
}

/** One client for all servers, which sees them as the gateway shows them. */
class ThroughGateway {
  isGateway = true;
  another = () => this.sibling().open();
  peer = () => this.client;
  clients = () => [this.client];
  tool = (server, name) => `${server}__${name}`;

  /** The first of the upstreams that list a URI has it as it is, the others have it wrapped. */
  uri(server, uri) {
    const listed = uri.startsWith("demo://resource/static/");
    const shared = EVERYTHING.includes(server) && server !== EVERYTHING[0];
    return listed && shared ? `watchgate://${server}/${encodeURIComponent(uri)}` : uri;
  }
}

export class OverStdio extends ThroughGateway {
  label = "through the gateway over stdio";

  constructor(targets, roots, scratch) {
    super();
    Object.assign(this, { targets, roots, scratch });
  }

  sibling = () => new OverStdio(this.targets, this.roots, this.scratch);

  async open() {
    const file = await writeConfiguration(this.scratch, "stdio", this.targets);
    const args = ["run", "-c", file, "--transport", "stdio"];
    const target = { command: LAUNCHER, args, cwd: REPOSITORY, env: gatewayEnvironment() };
    this.client = await Peer.connect(target, this.roots);
    return this;
  }

  log = () => this.client?.stderr ?? "";
  gatewayPid = () => this.client.transport.pid;
  close = async () => this.client?.close();
}

export class OverHttp extends ThroughGateway {
  label = "through the gateway over streamable HTTP";

  constructor(targets, roots, scratch, gateway) {
    super();
    Object.assign(this, { targets, roots, scratch, gateway, owner: !gateway });
  }

  sibling = () => new OverHttp(this.targets, this.roots, this.scratch, this.gateway);

  async open() {
    this.gateway ??= await HttpGateway.start(this.scratch, this.targets);
    this.client = await Peer.connect({ url: this.gateway.url }, this.roots);
    return this;
  }

  log = () => this.gateway?.stderr ?? "";
  gatewayPid = () => this.gateway.process.pid;

  /** Ends the client, and the gateway when this route started it. */
  async close() {
    await this.client?.close();
    if (this.owner) await this.gateway?.stop();
  }
}

/** `./watchgate run` over HTTP, on a port that the system chose. */
export class HttpGateway {
  stderr = "";

  static async start(scratch, targets) {
    const gateway = new HttpGateway();
    const file = await writeConfiguration(scratch, "http", targets);
    gateway.process = spawn(LAUNCHER, ["run", "-c", file, "--transport", "http", "--port", "0"], {
      cwd: REPOSITORY,
      env: { ...gatewayEnvironment(), XDG_STATE_HOME: scratch },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const { stderr } = gateway.process;
    stderr.on("data", (chunk) => (gateway.stderr += chunk));
    const pattern = /listening on (http:\/\/\S+\/mcp)\s/;
    try {
      [, gateway.url] = await lineOf(gateway.process, stderr, pattern, 60_000);
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    return gateway;
  }

  stop = () => end(this.process);
}

/** A variable of the gateway that no server may see: upstreams get a minimal environment. */
export const SECRET = "WATCHGATE_PEERS_SECRET";
const gatewayEnvironment = () => ({ ...process.env, [SECRET]: "not for servers" });

/** The configuration of a gateway with these servers behind it, in their order. */
export async function writeConfiguration(directory, transport, targets) {
  const file = path.join(directory, `${transport}.yaml`);
  const entries = Object.entries(targets).map(([name, target]) => upstreamYaml(name, target));
  await writeFile(
    file,
    `proxy:
  transport: ${transport}
  http:
    host: 127.0.0.1
    port: 0
  upstreams:
${entries.join("")}`,
  );
  return file;
}

// Every JSON text is YAML too, so values need no other quoting.
function upstreamYaml(name, target) {
  const entry = target.command
    ? { command: [target.command, ...target.args], env: target.env }
    : { url: target.url, ...(target.transport === "sse" && { transport: "sse" }) };
  const lines = Object.entries(entry).map(([key, value]) => `      ${key}: ${JSON.stringify(value)}\n`);
  return `    - name: ${name}\n${lines.join("")}`;
}
