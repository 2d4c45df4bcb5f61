// The official SDK's client, and what it does in each scenario of the suite's client mode.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const LIMIT = { timeout: 10_000 };
const ELICITATION = { elicitation: { form: { applyDefaults: true } } };

/** A client that speaks one revision only. */
export async function connect(url, revision, capabilities = {}) {
  const mode = revision < "2026-07-28" ? "legacy" : { pin: revision };
  const options = { capabilities, versionNegotiation: { mode } };
  const client = new Client({ name: "driver", version: "1.0.0" }, options);
  await client.connect(new StreamableHTTPClientTransport(new URL(url)), LIMIT);
  return client;
}

const call = (client, name, args = {}) => client.callTool({ name, arguments: args }, LIMIT);

export const SCENARIOS = {
  initialize: { run: (client) => client.listTools() },
  tools_call: {
    run: async (client) => {
      await client.listTools();
      await call(client, "add_numbers", { a: 5, b: 3 });
    },
  },
  "elicitation-sep1034-client-defaults": {
    capabilities: ELICITATION,
    run: async (client) => {
      client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: {} }));
      await call(client, "test_client_elicitation_defaults");
    },
  },
  "sse-retry": { run: (client) => call(client, "test_reconnection") },
  "request-metadata": { run: (client) => client.listTools() },
  "sep-2322-client-request-state": { capabilities: ELICITATION, run: multipleRounds },
  "http-standard-headers": { run: everyPrimitive },
  "http-custom-headers": {
    run: async (client, { context }) => {
      await client.listTools();
      for (const each of context.toolCalls) await call(client, each.name, each.arguments);
    },
  },
  "http-invalid-tool-headers": { run: everyTool },
  "json-schema-ref-no-deref": { run: (client) => client.listTools() },
  "json-schema-2020-12-preservation": {
    run: async (client) => {
      const { tools } = await client.listTools();
      const { inputSchema } = tools.find(({ name }) => name === "json_schema_2020_12_tool");
      await call(client, "json_schema_echo", { schema: inputSchema });
    },
  },
};

/** One call after the other; between the rounds of each there is a call of another tool. */
async function multipleRounds(client) {
  client.setRequestHandler("elicitation/create", async () => {
    await call(client, "test_mrtr_unrelated");
    return { action: "accept", content: { confirmed: true } };
  });
  await client.listTools();
  await call(client, "test_mrtr_echo_state");
  await call(client, "test_mrtr_no_state");
  // The suite asks whether a retry follows; the SDK, stricter, takes no result without a type.
  await call(client, "test_mrtr_no_result_type").catch((error) => {
    if (error.code !== "INVALID_RESULT") throw error;
  });
}

async function everyPrimitive(client) {
  const { tools } = await client.listTools();
  for (const { name } of tools) await call(client, name);
  const { resources } = await client.listResources();
  for (const { uri } of resources) await client.readResource({ uri }, LIMIT);
  const { prompts } = await client.listPrompts();
  for (const { name } of prompts) await client.getPrompt({ name }, LIMIT);
}

// The SDK leaves out tools whose headers are not valid. Asked in its own words it shows every tool
// that the gateway shows, and then the gateway is what has to leave them out.
async function everyTool(client, { isStraight }) {
  const { tools } = isStraight
    ? await client.listTools()
    : await client.request({ method: "tools/list" }, LIMIT);
  for (const { name } of tools) await call(client, name, { region: "eu-west1" });
}
