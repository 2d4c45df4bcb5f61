// What the gateway must do besides: lists, names, and the very results of the servers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue, outcome } from "./catalogue.mjs";
import { Peer } from "./client.mjs";
import { MARK } from "./processes.mjs";
import { SECRET } from "./routes.mjs";
import { EVERYTHING, NAMES } from "./upstreams.mjs";

const LIMIT = { timeout: 30_000 };
const LISTS = { "tools/list": "tools", "prompts/list": "prompts" };
const NO_METHOD = -32601;

/** Registers the checks of one gateway route, compared with a straight one. */
export function gatewayChecks(route, straight) {
  test("the first list has the tools of every server, or says which are late and tells when they come", LIMIT, async () => {
    const { client } = route();
    const first = await client.request("tools/list");
    const late = Object.keys(first._meta?.["io.watchgate/unavailable"] ?? {});
    assert.deepEqual(ownersOf(first), NAMES.filter((name) => !late.includes(name)));
    await listed(client, (list) => ownersOf(list).length === NAMES.length);
  });

  // A handshake waits for nobody, so how much of it is offered depends on who has started by then.
  test("tools are offered from the start, and nothing that no server has", LIMIT, async () => {
    const offered = offeredStraight(straight());
    assert.deepEqual(keys(route().client).filter((key) => !offered.includes(key)), []);
    assert.ok(keys(route().client).includes("tools"));
  });

  for (const [method, key] of Object.entries(LISTS)) {
    test(`${method} is every server's list, complete, prefixed and in order`, LIMIT, async () => {
      const wanted = [];
      for (const name of NAMES) {
        const items = await listOf(straight().peer(name), method, key);
        wanted.push(...items.map((item) => ({ ...item, name: `${name}__${item.name}` })));
      }
      assert.deepEqual(await listOf(route().client, method, key), wanted);
    });
  }

  test("resources/list has every resource once, and wraps what two servers list", LIMIT, async () => {
    const wanted = [];
    for (const name of NAMES) {
      const items = await listOf(straight().peer(name), "resources/list", "resources");
      wanted.push(...items.filter(isLasting).map((each) => ({ ...each, uri: route().uri(name, each.uri) })));
    }
    const got = await listOf(route().client, "resources/list", "resources");
    assert.deepEqual(got.filter(isLasting), wanted);
  });

  test("resources/templates/list has every template", LIMIT, async () => {
    const wanted = await listOf(straight().peer("local"), "resources/templates/list", "resourceTemplates");
    const got = await listOf(route().client, "resources/templates/list", "resourceTemplates");
    assert.deepEqual(got.filter(({ uriTemplate }) => uriTemplate.startsWith("demo:")).slice(0, wanted.length), wanted);
  });

  test("a tool of a client class, checked by the SDK against its schema", LIMIT, async () => {
    const { client } = route().client;
    await client.listTools();
    const name = "web__get-structured-content";
    const result = await client.callTool({ name, arguments: { location: "New York" } });
    assert.equal(result.structuredContent.temperature, 33);
  });

  for (const name of ["local__no-such-tool", "nobody__echo", "echo"]) {
    test(`the unknown tool ${name} is refused with -32602`, LIMIT, async () => {
      const error = await route().client.call(name).catch((e) => e);
      assert.equal(error.code, -32602);
      assert.match(error.data?.reason, /^unknown_(tool|server)$/);
    });
  }

  test("an unknown method is refused with -32601", LIMIT, async () => {
    const error = await route().client.request("no/such/method").catch((e) => e);
    assert.equal(error.code, NO_METHOD);
  });

  test("a server's environment is minimal", LIMIT, async () => {
    const result = await route().client.call("local__get-env");
    const environment = JSON.parse(result.content[0].text);
    assert.equal(environment[SECRET], undefined);
    assert.equal(environment[MARK], process.env[MARK]);
    const known = ["PATH", "HOME", "LANG", "TMPDIR", "USER", MARK];
    assert.deepEqual(Object.keys(environment).filter((key) => !known.includes(key)), []);
  });
}

/** Every request of the catalogue gets the very result that it gets straight. */
export function sameResults(route, straight, data) {
  for (const server of NAMES) {
    for (const [index, request] of catalogue(server, data).entries()) {
      test(`${server}: ${describeRequest(index, request)} is as straight`, LIMIT, async () => {
        const wanted = await outcome(straight(), server, request);
        assert.deepEqual(await outcome(route(), server, request), wanted);
      });
    }
  }
}

/** The last check of a route: nothing came that the SDK did not understand. */
export function nothingStrange(route) {
  test("the SDK had nothing to complain about", () => {
    // It reports progress with a token of ours, and one that comes together with the result.
    const complaints = route().client.complaints.filter(
      (each) => !each.startsWith("Received a progress notification for an unknown token"),
    );
    assert.deepEqual(complaints, []);
  });
}

/** What only the HTTP side has: one upstream by itself, and the old transport. */
export function endpointChecks(route, straight) {
  test("/mcp/time is the time server alone, without a prefix", LIMIT, async () => {
    const peer = await Peer.connect({ url: `${route().gateway.url}/time` });
    try {
      const wanted = await listOf(straight().peer("time"), "tools/list", "tools");
      await listed(peer, ({ tools }) => tools.length > 0); // its process is this client's own
      assert.deepEqual(await listOf(peer, "tools/list", "tools"), wanted);
      const result = await peer.call("get_current_time", { timezone: "UTC" });
      assert.equal(result.structuredContent.timezone, "UTC");
    } finally {
      await peer.close();
    }
  });

  test("a client that comes when all servers are there is offered what they have together", LIMIT, async () => {
    const later = await route().another();
    try {
      assert.deepEqual(keys(later.client), offeredStraight(straight()));
      const { resources } = later.client.client.getServerCapabilities();
      assert.deepEqual({ ...resources }, { subscribe: true, listChanged: true });
    } finally {
      await later.close();
    }
  });

  test("a client of the old HTTP+SSE transport is served at /sse", LIMIT, async () => {
    const url = route().gateway.url.replace(/\/mcp$/, "/sse");
    const peer = await Peer.connect({ url, transport: "sse" });
    try {
      const result = await peer.call("old__echo", { message: "from long ago" });
      assert.equal(result.content[0].text, "Echo: from long ago");
    } finally {
      await peer.close();
    }
  });
}

// Tasks are of a revision and an owner: a gateway may leave experimental ones out.
const isSettled = (key) => !["experimental", "tasks"].includes(key);
const keys = (peer) => Object.keys(peer.client.getServerCapabilities()).filter(isSettled).sort();
const offeredStraight = (straight) => [...new Set(NAMES.flatMap((name) => keys(straight.peer(name))))].sort();

const ownersOf = ({ tools }) => [...new Set(tools.map(({ name }) => name.split("__")[0]))];

/** Reads the tools until they are complete, again only when the gateway says that they changed. */
async function listed(peer, isComplete) {
  const isNews = ({ method }) => method === "notifications/tools/list_changed";
  for (let from = 0; !isComplete(await peer.request("tools/list")); from = peer.received.length) {
    await peer.arrival(isNews, { from, what: "tools/list_changed" });
  }
}

// Resources that a call made are of one session.
const isLasting = ({ uri }) => !uri.includes("resource/session") && !uri.includes("resource%2Fsession");

async function listOf(peer, method, key) {
  try {
    const result = await peer.request(method);
    assert.equal(result.nextCursor, undefined);
    return result[key];
  } catch (error) {
    if (error.code === NO_METHOD) return [];
    throw error;
  }
}

const describeRequest = (index, { method, name, uri, ref, params }) => {
  const what = name ?? uri ?? ref.name ?? ref.uri;
  const text = JSON.stringify(params.arguments ?? params.argument ?? {});
  return `${index + 1}. ${method} ${what} ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`;
};
