// The client of the TypeScript SDK 2.x, in the era that the job names.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { elicited, FIRST, LIMIT, main, SAMPLED } from "./checks.mjs";

await main(async (target, { label, era }) => {
  const isStateless = era === "stateless";
  const client = new Client(
    { name: "ts2", version: "2.0.0" },
    {
      capabilities: { elicitation: { form: {} }, sampling: {} },
      versionNegotiation: { mode: isStateless ? { pin: "2026-07-28" } : "legacy" },
    },
  );
  client.setRequestHandler("elicitation/create", () => elicited(label));
  client.setRequestHandler("sampling/createMessage", () => SAMPLED);
  const waiting = new Map();
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => waiting.get(params.uri)?.());
  const transport = target.url
    ? new StreamableHTTPClientTransport(new URL(target.url))
    : new StdioClientTransport({ ...target, stderr: "ignore" });
  await client.connect(transport, FIRST);
  return {
    tools: async () => (await client.listTools(undefined, LIMIT)).tools.map(({ name }) => name),
    prompts: async () => (await client.listPrompts(undefined, LIMIT)).prompts.map(({ name }) => name),
    resources: async () => (await client.listResources(undefined, LIMIT)).resources.map(({ uri }) => uri),
    call: (name, args, options) => client.callTool({ name, arguments: args }, { ...LIMIT, ...options }),
    read: (uri) => client.readResource({ uri }),
    prompt: (name, args) => client.getPrompt({ name, arguments: args }),
    subscribe: async (uri) => {
      const updated = new Promise((done) => waiting.set(uri, done));
      if (isStateless) {
        const subscription = await client.listen({ resourceSubscriptions: [uri] });
        return { updated, close: () => subscription.close() };
      }
      await client.subscribeResource({ uri });
      return { updated, close: () => client.unsubscribeResource({ uri }) };
    },
    close: () => client.close(),
  };
});
