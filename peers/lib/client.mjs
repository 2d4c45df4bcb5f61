// An official SDK client that answers what servers ask and remembers every message it got.
import { EventEmitter, once } from "node:events";
import { pathToFileURL } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  ResultSchema,
} from "@modelcontextprotocol/sdk/types.js";

export const SAMPLE = {
  role: "assistant",
  content: { type: "text", text: "forty-two – zweiundvierzig" },
  model: "model-of-the-peer",
  stopReason: "endTurn",
};

export const ELICITED = { name: "Ada Lovelace", check: true, integer: 7, number: 2.5 };

const CAPABILITIES = {
  roots: { listChanged: true },
  sampling: {},
  elicitation: { form: {}, url: {} },
};

export function transportTo(target) {
  if (target.command) return new StdioClientTransport({ ...target, stderr: "pipe" });
  const url = new URL(target.url);
  return target.transport === "sse"
    ? new SSEClientTransport(url)
    : new StreamableHTTPClientTransport(url);
}

export class Peer {
  /** Messages from the other side, in the order of their arrival. */
  received = [];
  /** What the SDK complained about: unknown ids, unknown tokens, malformed messages. */
  complaints = [];
  /** Requests from servers: `{method, params}`. */
  asked = [];
  /** What this client answers to sampling. */
  sample = SAMPLE;
  stderr = "";
  #arrivals = new EventEmitter().setMaxListeners(0);

  constructor(target, roots) {
    this.transport = transportTo(target);
    this.roots = roots.map((directory) => ({ uri: pathToFileURL(directory).href, name: "root" }));
    this.client = new Client({ name: "peer", version: "1.0.0" }, { capabilities: CAPABILITIES });
    this.client.onerror = (error) => this.complaints.push(error.message);
    this.#answer(CreateMessageRequestSchema, () => this.sample);
    this.#answer(ListRootsRequestSchema, () => ({ roots: this.roots }));
    this.#answer(ElicitRequestSchema, ({ params }) =>
      params.mode === "url" ? { action: "decline" } : { action: "accept", content: ELICITED },
    );
  }

  static async connect(target, roots = []) {
    const peer = new Peer(target, roots);
    peer.transport.stderr?.on("data", (chunk) => (peer.stderr += chunk));
    try {
      await peer.client.connect(peer.#tapped(), { timeout: 30_000 });
    } catch (error) {
      await peer.close();
      throw new Error(`${error.message}\n${peer.stderr}`, { cause: error });
    }
    return peer;
  }

  /** One request; the result as it came, unknown fields included. */
  request(method, params = {}, options = {}) {
    return this.client.request({ method, params }, ResultSchema, { timeout: 20_000, ...options });
  }

  call(name, args = {}, options = {}) {
    return this.request("tools/call", { name, arguments: args }, options);
  }

  /** The first message after position `from` that fits, waiting for it if need be. */
  async arrival(fits, { from = 0, milliseconds = 15_000, what = fits } = {}) {
    const signal = AbortSignal.timeout(milliseconds);
    for (;;) {
      const found = this.received.slice(from).find(fits);
      if (found) return found;
      try {
        await once(this.#arrivals, "message", { signal });
      } catch {
        const seen = this.received.slice(from).map((message) => JSON.stringify(message).slice(0, 300));
        throw new Error(`not arrived within ${milliseconds} ms: ${what}; seen:\n${seen.join("\n")}`);
      }
    }
  }

  async close() {
    await this.transport.terminateSession?.().catch(() => {});
    await this.client.close().catch(() => {});
  }

  #answer(schema, answer) {
    this.client.setRequestHandler(schema, (request) => {
      this.asked.push({ method: request.method, params: request.params });
      return answer(request);
    });
  }

  // The SDK calls a handler that is there before `connect` with every message first.
  #tapped() {
    this.transport.onmessage = (message) => {
      this.received.push(message);
      this.#arrivals.emit("message");
    };
    return this.transport;
  }
}
