// What every route must do, straight as well as through the gateway.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { ELICITED, SAMPLE } from "./client.mjs";
import { EVERYTHING, NAMES } from "./upstreams.mjs";

const LIMIT = { timeout: 30_000 };
const STATIC = "demo://resource/static/document/features.md";

const text = (result) => result.content[0].text;
const method = (name) => (message) => message.method === name;

/** Registers the checks of one route; `route()` is called when they run. */
export function commonChecks(route) {
  test("the handshake is done and ping is answered", LIMIT, async () => {
    for (const peer of route().clients()) {
      assert.equal(typeof peer.client.getServerVersion().name, "string");
      assert.deepEqual(await peer.client.ping(), {});
    }
  });

  test("one call on every server at once", LIMIT, async () => {
    const calls = {
      ...Object.fromEntries(EVERYTHING.map((server) => [server, ["echo", { message: server }]])),
      files: ["list_allowed_directories", {}],
      memory: ["read_graph", {}],
      time: ["get_current_time", { timezone: "UTC" }],
    };
    const results = await Promise.all(
      NAMES.map((server) => route().peer(server).call(route().tool(server, calls[server][0]), calls[server][1])),
    );
    const texts = results.map(text);
    assert.deepEqual(texts.slice(0, 3), EVERYTHING.map((server) => `Echo: ${server}`));
    assert.match(texts[3], /^Allowed directories:\n\//);
    assert.deepEqual(results[4].structuredContent, { entities: [], relations: [] });
    assert.equal(results[5].structuredContent.timezone, "UTC");
  });

  test("calls on one server run at the same time", LIMIT, async () => {
    const started = performance.now();
    const calls = EVERYTHING.flatMap((server) =>
      [1, 2, 3, 4, 5].map((steps) => longCall(route(), server, { duration: 1, steps })),
    );
    for (const result of await Promise.all(calls)) assert.match(text(result), /completed/);
    const milliseconds = performance.now() - started;
    assert.ok(milliseconds < 5_000, `15 calls of 1 s each took ${milliseconds.toFixed()} ms`);
  });

  for (const server of EVERYTHING) everythingChecks(route, server);

  test("a changed memory is told to its subscriber", LIMIT, async () => {
    const peer = route().peer("memory");
    const uri = route().uri("memory", "memory://knowledge-graph");
    const from = peer.received.length;
    await peer.request("resources/subscribe", { uri });
    const entity = { name: "gamma", entityType: "server", observations: [] };
    await peer.call(route().tool("memory", "create_entities"), { entities: [entity] });
    const updated = await peer.arrival(method("notifications/resources/updated"), { from });
    await peer.request("resources/unsubscribe", { uri });
    await peer.call(route().tool("memory", "delete_entities"), { entityNames: ["gamma"] });
    assert.equal(updated.params.uri, uri);
  });

  test("changed roots reach a server that asks for them", LIMIT, async () => {
    const peer = route().peer("files");
    const second = path.join(new URL(peer.roots[0].uri).pathname, "..", "second");
    await mkdir(second, { recursive: true });
    const before = peer.roots;
    const asked = peer.asked.length;
    const clients = route().clients();
    for (const each of clients) each.roots = [...before, { uri: pathToFileURL(second).href }];
    await Promise.all(clients.map((each) => each.client.sendRootsListChanged()));
    const allowed = () => peer.call(route().tool("files", "list_allowed_directories"));
    await until(async () => text(await allowed()).includes(second), "the second root is allowed");
    assert.ok(peer.asked.slice(asked).some(method("roots/list")));
    for (const each of clients) each.roots = before;
    await Promise.all(clients.map((each) => each.client.sendRootsListChanged()));
    await until(async () => !text(await allowed()).includes(second), "the second root is gone");
  });

  test("two clients that use the same ids are not crossed", LIMIT, async () => {
    const other = await route().another();
    try {
      const clients = [route(), other];
      await Promise.all(
        clients.flatMap((each, client) =>
          EVERYTHING.flatMap((server) => callsOfClient(each, server, client)),
        ),
      );
    } finally {
      await other.close();
    }
  });
}

function callsOfClient(route, server, client) {
  const peer = route.peer(server);
  // Two clients, three servers and a long call each: 96 calls at once, below the limit of 100.
  const echoes = Array.from({ length: 15 }, async (_, index) => {
    const message = `client ${client} server ${server} call ${index}`;
    assert.equal(text(await peer.call(route.tool(server, "echo"), { message })), `Echo: ${message}`);
  });
  // The same token in both clients.
  const progressToken = `token ${server}`;
  const steps = 3 + 2 * client;
  const long = async () => {
    const from = peer.received.length;
    await longCall(route, server, { duration: 0.5, steps }, { progressToken });
    const wanted = Array.from({ length: steps }, (_, i) => ({ progress: i + 1, total: steps, progressToken }));
    const mine = progressOf(peer.received.slice(from)).filter((each) => each.progressToken === progressToken);
    assert.deepEqual(mine, wanted, `client ${client} server ${server}`);
  };
  return [...echoes, long()];
}

// Read off the wire: the SDK's own `onprogress` misses one that comes together with the result.
const progressOf = (messages) =>
  messages.filter(method("notifications/progress")).map(({ params }) => params);

const longCall = (route, server, args, meta) =>
  route.peer(server).request("tools/call", {
    name: route.tool(server, "trigger-long-running-operation"),
    arguments: args,
    ...(meta && { _meta: meta }),
  });

function everythingChecks(route, server) {
  const peer = () => route().peer(server);
  const call = (name, args, options) => peer().call(route().tool(server, name), args, options);
  const arrival = (name, from, milliseconds) =>
    peer().arrival(method(name), { from, milliseconds, what: name });

  for (const progressToken of [`token "ü" of ${server}`, 0, Number.MAX_SAFE_INTEGER]) {
    const token = JSON.stringify(progressToken);
    test(`${server}: progress with token ${token} comes before the result`, LIMIT, async () => {
      const from = peer().received.length;
      await longCall(route(), server, { duration: 0.4, steps: 4 }, { progressToken });
      const seen = peer().received.slice(from);
      const result = seen.findIndex((message) => message.result?.content);
      assert.deepEqual(
        progressOf(seen.slice(0, result)),
        [1, 2, 3, 4].map((progress) => ({ progress, total: 4, progressToken })),
      );
    });
  }

  test(`${server}: a cancelled call is rejected and later calls work`, LIMIT, async () => {
    const abort = new AbortController();
    const onprogress = () => abort.abort("enough");
    const args = { duration: 2, steps: 20 };
    const cancelled = call("trigger-long-running-operation", args, { onprogress, signal: abort.signal });
    await assert.rejects(cancelled, /enough/);
    const from = peer().received.length;
    assert.equal(text(await call("echo", { message: "still here" })), "Echo: still here");
    await longCall(route(), server, { duration: 2.5, steps: 1 });
    const late = peer().received.slice(from).filter(method("notifications/progress"));
    // This server goes on regardless; what it still says must end at a gateway.
    if (route().isGateway) assert.deepEqual(late, []);
  });

  test(`${server}: log messages come at the level that was set, and name the server`, LIMIT, async () => {
    const uri = route().uri(server, STATIC);
    const subscribe = () => peer().request("resources/subscribe", { uri });
    await peer().client.setLoggingLevel("error");
    let from = peer().received.length;
    await subscribe();
    await call("echo", { message: "nothing below error" });
    assert.deepEqual(peer().received.slice(from).filter(method("notifications/message")), []);
    await peer().client.setLoggingLevel("debug");
    from = peer().received.length;
    await subscribe();
    const { params } = await arrival("notifications/message", from);
    assert.equal(params.level, "info");
    assert.match(params.data, /^Received Subscribe Resource request for URI: demo:/);
    if (route().isGateway) assert.match(params.logger ?? "(none)", new RegExp(`^${server}\\b`));
    await peer().request("resources/unsubscribe", { uri });
  });

  test(`${server}: updates of a subscribed resource arrive`, LIMIT, async () => {
    const uri = route().uri(server, STATIC);
    await peer().request("resources/subscribe", { uri });
    const from = peer().received.length;
    await call("toggle-subscriber-updates");
    const fits = (message) =>
      method("notifications/resources/updated")(message) && message.params.uri === uri;
    await peer().arrival(fits, { from, what: `update of ${uri}` });
    await call("toggle-subscriber-updates");
    await peer().request("resources/unsubscribe", { uri });
  });

  test(`${server}: sampling is asked of the client and its answer comes back`, LIMIT, async () => {
    const asked = peer().asked.length;
    const result = await call("trigger-sampling-request", { prompt: `of ${server}`, maxTokens: 9 });
    const [{ params }] = peer().asked.slice(asked);
    assert.equal(params.messages[0].content.text, `Resource trigger-sampling-request context: of ${server}`);
    assert.equal(params.maxTokens, 9);
    assert.deepEqual(JSON.parse(text(result).split("\n").slice(1).join("\n")), SAMPLE);
  });

  test(`${server}: elicitation is asked of the client and its answer comes back`, LIMIT, async () => {
    const asked = peer().asked.length;
    const result = await call("trigger-elicitation-request");
    const [{ params }] = peer().asked.slice(asked);
    assert.equal(params.requestedSchema.properties.integer.default, 42);
    const raw = JSON.parse(result.content.at(-1).text.replace(/^\s*Raw result: /, ""));
    assert.deepEqual(raw, { action: "accept", content: ELICITED });
  });

  test(`${server}: elicitation by URL, as a request and as error -32042`, LIMIT, async () => {
    const url = "https://example.com/consent";
    const args = { url, message: "please", elicitationId: `id-${server}` };
    const asked = peer().asked.length;
    assert.match(text(await call("trigger-url-elicitation", args)), /declined/);
    assert.equal(peer().asked[asked].params.elicitationId, args.elicitationId);
    const error = await call("trigger-url-elicitation", { ...args, errorPath: true }).catch((e) => e);
    assert.equal(error.code, -32042);
    assert.equal(error.data.elicitations[0].url, "https://modelcontextprotocol.io");
  });

  test(`${server}: the client's roots are known to the server`, LIMIT, async () => {
    const result = await call("get-roots-list");
    assert.match(text(result), /^Current MCP Roots \(1 total\)/);
    assert.ok(text(result).includes(peer().roots[0].uri));
  });

  test(`${server}: a resource that a call made is announced, listed and read`, LIMIT, async () => {
    const name = `${route().label} ${server}`.replaceAll(" ", "-");
    const from = peer().received.length;
    const data = `data:text/plain;base64,${Buffer.from(name).toString("base64")}`;
    const made = await call("gzip-file-as-resource", { name, data, outputType: "resource" });
    await arrival("notifications/resources/list_changed", from);
    const uri = `demo://resource/session/${name}`;
    assert.equal(made.content[0].resource.uri, uri);
    const listed = async () => (await peer().request("resources/list")).resources.map((each) => each.uri);
    await until(async () => (await listed()).includes(uri), `${uri} is listed`);
    const { contents } = await peer().request("resources/read", { uri });
    assert.equal(contents[0].blob, made.content[0].resource.blob);
  });
}

async function until(holds, what) {
  const deadline = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never within 10 s: ${what}`);
  }
}
