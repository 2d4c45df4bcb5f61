// A server made with the TypeScript SDK 1.x: `node ts1-server.mjs stdio|http`. Over HTTP it prints its port.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { ASK_NAME, greeting, NOTE, readNote, slow, textOf, THINK, touchNote, wasCancelled } from "./note.mjs";

const subscribers = new Set();

function build() {
  const capabilities = { resources: { subscribe: true } };
  const server = new McpServer({ name: "ts1", version: "1.0.0" }, { capabilities });
  const tool = (name, inputSchema, run) => server.registerTool(name, { inputSchema }, run);
  tool("add", { a: z.number(), b: z.number() }, ({ a, b }) => textOf(a + b));
  tool("slow", { tag: z.string(), hold: z.boolean().optional() }, (args, { _meta, signal, sendNotification }) =>
    slow(args, _meta?.progressToken, signal, sendNotification),
  );
  tool("cancelled", { tag: z.string() }, ({ tag }) => wasCancelled(tag));
  tool("ask_name", {}, async (_, { requestId }) => {
    const { content } = await server.server.elicitInput(ASK_NAME, { relatedRequestId: requestId });
    return textOf(`Hello ${content?.name}`);
  });
  tool("think", {}, async (_, { requestId }) => {
    const { content } = await server.server.createMessage(THINK, { relatedRequestId: requestId });
    return textOf(`thought: ${content.text}`);
  });
  tool("touch", {}, async () => {
    const result = touchNote();
    await Promise.all([...subscribers].map((each) => each.server.sendResourceUpdated({ uri: NOTE })));
    return result;
  });
  server.registerResource("note", NOTE, {}, readNote);
  server.registerPrompt("greet", { argsSchema: { name: z.string() } }, ({ name }) => greeting(name));
  const subscription = (schema, change) =>
    server.server.setRequestHandler(schema, () => {
      change();
      return {};
    });
  subscription(SubscribeRequestSchema, () => subscribers.add(server));
  subscription(UnsubscribeRequestSchema, () => subscribers.delete(server));
  return server;
}

const sessions = new Map();

async function sessionOf(request) {
  const known = sessions.get(request.headers["mcp-session-id"]);
  if (known || request.headers["mcp-session-id"]) return known;
  const server = build();
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => sessions.set(id, transport),
  });
  transport.onclose = () => {
    subscribers.delete(server);
    sessions.delete(transport.sessionId);
  };
  await server.connect(transport);
  return transport;
}

async function serveHttp(request, response) {
  const session = await sessionOf(request);
  if (!session) return response.writeHead(404).end();
  await session.handleRequest(request, response);
}

if (process.argv[2] === "http") {
  const listener = createServer(serveHttp).listen(0, "127.0.0.1", () => {
    console.error(`listening on http://127.0.0.1:${listener.address().port}/mcp `);
  });
} else {
  await build().connect(new StdioServerTransport());
}
