// The client that the suite tests: the official SDK's, with the gateway between it and the suite's
// server. `node driver.mjs [--straight] URL`; the suite says in the environment what to do.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { SCENARIOS, connect } from "./lib/client.mjs";
import { startGateway } from "./lib/servers.mjs";

const options = { straight: { type: "boolean" } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [url] = positionals;
const scenario = SCENARIOS[process.env.MCP_CONFORMANCE_SCENARIO];
const revision = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION;
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}");

const server = values.straight ? { url, stop: async () => {} } : await behindGateway(url);
process.once("SIGTERM", () => server.stop().finally(() => process.exit(1)));
try {
  const client = await connect(server.url, revision, scenario.capabilities);
  await scenario.run(client, { context, isStraight: values.straight });
  await client.close();
} finally {
  await server.stop();
}

async function behindGateway(url) {
  const directory = await mkdtemp(path.join(tmpdir(), "watchgate-driver-"));
  const gateway = await startGateway([{ url }], directory);
  const stop = async () => {
    await gateway.stop();
    // The suite keeps what the driver says.
    process.stderr.write(await readFile(path.join(directory, "gateway.log")));
    await rm(directory, { recursive: true });
  };
  return { url: gateway.url, stop };
}
