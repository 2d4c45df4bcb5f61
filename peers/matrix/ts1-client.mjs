// The client of the TypeScript SDK 1.x, which speaks the revisions with a handshake.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { elicited, FIRST, LIMIT, main, SAMPLED } from "./checks.mjs";

await main(async (target, { label }) => {
  const capabilities = { elicitation: {}, sampling: {} };
  const client = new Client({ name: "ts1", version: "1.0.0" }, { capabilities });
  client.setRequestHandler(ElicitRequestSchema, () => elicited(label));
  client.setRequestHandler(CreateMessageRequestSchema, () => SAMPLED);
  const waiting = new Map();
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => waiting.get(params.uri)?.());
  const transport = target.url
    ? new StreamableHTTPClientTransport(new URL(target.url))
    : new StdioClientTransport({ ...target, stderr: "ignore" });
  await client.connect(transport, FIRST);
  return {
    tools: async () => (await client.listTools(undefined, LIMIT)).tools.map(({ name }) => name),
    prompts: async () => (await client.listPrompts(undefined, LIMIT)).prompts.map(({ name }) => name),
    resources: async () => (await client.listResources(undefined, LIMIT)).resources.map(({ uri }) => uri),
    call: (name, args, options) => client.callTool({ name, arguments: args }, undefined, { ...LIMIT, ...options }),
    read: (uri) => client.readResource({ uri }),
    prompt: (name, args) => client.getPrompt({ name, arguments: args }),
    subscribe: async (uri) => {
      const updated = new Promise((done) => waiting.set(uri, done));
      await client.subscribeResource({ uri });
      return { updated, close: () => client.unsubscribeResource({ uri }) };
    },
    close: () => client.close(),
  };
});
