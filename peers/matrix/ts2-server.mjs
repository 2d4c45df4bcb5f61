// A server made with the TypeScript SDK 2.x, of both eras: `node ts2-server.mjs stdio|http`.
import { createServer } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { acceptedContent, createMcpHandler, inputRequired, inputResponse, McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";
import { ASK_NAME, greeting, NOTE, readNote, slow, textOf, THINK, touchNote, wasCancelled } from "./note.mjs";

/** `updated(server)` tells whoever subscribed that the note has changed. */
function build({ era }, updated) {
  const capabilities = { resources: { subscribe: true } };
  const server = new McpServer({ name: "ts2", version: "2.0.0" }, { capabilities });
  const tool = (name, fields, run) => server.registerTool(name, { inputSchema: z.object(fields) }, run);
  tool("add", { a: z.number(), b: z.number() }, ({ a, b }) => textOf(a + b));
  tool("slow", { tag: z.string(), hold: z.boolean().optional() }, (args, { mcpReq }) =>
    slow(args, mcpReq._meta?.progressToken, mcpReq.signal, mcpReq.notify),
  );
  tool("cancelled", { tag: z.string() }, ({ tag }) => wasCancelled(tag));
  tool("ask_name", {}, (_, { mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "who");
    if (answer) return textOf(`Hello ${answer.name}`);
    return inputRequired({ inputRequests: { who: inputRequired.elicit(ASK_NAME) } });
  });
  tool("think", {}, (_, { mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "thought");
    if (answer.kind === "sampling") return textOf(`thought: ${answer.result.content.text}`);
    return inputRequired({ inputRequests: { thought: inputRequired.createMessage(THINK) } });
  });
  tool("touch", {}, async () => {
    const result = touchNote();
    await updated(server);
    return result;
  });
  server.registerResource("note", NOTE, {}, readNote);
  server.registerPrompt("greet", { argsSchema: z.object({ name: z.string() }) }, ({ name }) => greeting(name));
  if (era === "legacy") {
    server.server.setRequestHandler("resources/subscribe", () => ({}));
    server.server.setRequestHandler("resources/unsubscribe", () => ({}));
  }
  return server;
}

if (process.argv[2] === "http") {
  const handler = createMcpHandler((context) => build(context, () => handler.notify.resourceUpdated(NOTE)));
  const listener = createServer(toNodeHandler(handler)).listen(0, "127.0.0.1", () => {
    console.error(`listening on http://127.0.0.1:${listener.address().port}/mcp `);
  });
} else {
  serveStdio((context) => build(context, (server) => server.server.sendResourceUpdated({ uri: NOTE })));
}
