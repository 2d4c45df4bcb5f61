// What must hold when clients ask for much at once, and servers die.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SAMPLE } from "./client.mjs";
import { childrenOf, EVERYTHING } from "./upstreams.mjs";

const LIMIT = { timeout: 60_000 };
const UNAVAILABLE = -32003;
const OVERLOADED = [-32006, 503]; // over HTTP the SDK tells the status instead of the error
const MAX_CONCURRENT = 100; // the gateway's default
const STATIC = "demo://resource/static/document/features.md";

const text = (result) => result.content[0].text;
const long = (duration, steps = 1) => ["trigger-long-running-operation", { duration, steps }];
const many = (count, what) => Array.from({ length: count }, (_, index) => what(index));

/** Registers the checks of one gateway route; `route()` is called when they run. */
export function hostileChecks(route) {
  test("50 calls at once on five servers get 50 answers, each its own", LIMIT, async () => {
    await Promise.all(many(50, (index) => smallCall(route(), index)));
  });

  test("what is too much is refused at once, and the rest is served", LIMIT, async () => {
    const greedy = await route().another();
    try {
      const started = performance.now();
      let refusedAfter = 0;
      const calls = many(MAX_CONCURRENT + 20, async (index) => {
        const server = EVERYTHING[index % EVERYTHING.length];
        const [name, args] = long(4);
        const answer = await greedy.client.call(`${server}__${name}`, args).catch((error) => error);
        if (answer instanceof Error) refusedAfter = performance.now() - started;
        return answer;
      });
      const answers = await Promise.all(calls);
      const refused = answers.filter((answer) => answer instanceof Error);
      assert.deepEqual(refused.filter(({ code }) => !OVERLOADED.includes(code)), []);
      assert.equal(refused.length, 20, refused[0]?.message);
      assert.ok(refusedAfter < 4_000, `the last refusal came after ${refusedAfter.toFixed()} ms`);
      await smallCall(greedy, 0);
    } finally {
      await greedy.close();
    }
  });

  test("a server killed in the middle fails its own calls only, and comes back", LIMIT, async () => {
    const { client } = route();
    const before = await client.request("tools/list");
    const uri = route().uri("local", STATIC);
    await client.request("resources/subscribe", { uri });
    const doomed = await doomedCalls(client, 10);
    const others = many(40, (index) => smallCall(route(), index, ["web", "old", "files", "memory"]));
    const pids = await childrenOf(route().gatewayPid(), "server-everything");
    assert.ok(pids.length > 0);
    for (const pid of pids) process.kill(pid, "SIGKILL");
    await Promise.all(others);
    for (const error of await Promise.all(doomed)) {
      assert.equal(error.code, UNAVAILABLE, error.message);
      assert.equal(error.data.server, "local");
      assert.match(error.message, /local.*signal 9/);
    }
    await smallCall(route(), 0);
    assert.deepEqual(await client.request("tools/list"), before);
    await isStillSubscribed(route(), client, uri);
    assert.match(text(await client.call("local__get-roots-list")), /^Current MCP Roots \(1 total\)/);
  });

  test("each of two clients is asked for its own samples only", LIMIT, async () => {
    const other = await route().another();
    const peers = [route().client, other.client];
    try {
      await Promise.all(peers.flatMap((peer, index) => samplings(peer, `client-${index}`)));
    } finally {
      peers[0].sample = SAMPLE;
      await other.close();
    }
  });
}

/** One call whose answer no other call has. */
async function smallCall(route, index, servers = ["local", "web", "old", "files", "memory"]) {
  const server = servers[index % servers.length];
  const mark = `call ${index} – ${"ü".repeat(index)}`;
  const call = (name, args) => route.client.call(route.tool(server, name), args);
  if (server === "files") {
    const result = await call("read_text_file", { path: `/outside/${mark}` });
    assert.ok(text(result).includes(mark), text(result));
  } else if (server === "memory") {
    // Reading only: this server loses what is written at the same time.
    const { structuredContent } = await call("open_nodes", { names: [mark] });
    assert.deepEqual(structuredContent, { entities: [], relations: [] });
  } else {
    assert.equal(text(await call("echo", { message: mark })), `Echo: ${mark}`);
  }
}

/** Calls that have begun, as promises of the errors that they end with. */
async function doomedCalls(client, count) {
  const errors = [];
  const begun = many(count, () => new Promise((onprogress) => {
    const [name, args] = long(20, 200);
    const ends = client.call(`local__${name}`, args, { onprogress });
    errors.push(ends.then(() => assert.fail("it was killed"), (error) => error));
  }));
  await Promise.all(begun);
  return errors;
}

async function isStillSubscribed(route, client, uri) {
  const from = client.received.length;
  await client.call("local__toggle-subscriber-updates");
  const fits = ({ method, params }) => method === "notifications/resources/updated" && params.uri === uri;
  await client.arrival(fits, { from, what: `update of ${uri} after the restart` });
  await client.call("local__toggle-subscriber-updates");
  await client.request("resources/unsubscribe", { uri });
}

/** Sampling on all servers at once; every answer must be the one of this very client. */
function samplings(peer, who) {
  const from = peer.asked.length;
  peer.sample = { ...SAMPLE, model: who };
  return EVERYTHING.flatMap((server) =>
    many(5, async (index) => {
      const prompt = `${who} ${server} ${index}`;
      const result = await peer.call(`${server}__trigger-sampling-request`, { prompt, maxTokens: 9 });
      assert.equal(JSON.parse(text(result).split("\n").slice(1).join("\n")).model, who);
      const asked = samplingsAsked(peer, from);
      assert.ok(asked.some((each) => each.endsWith(`context: ${prompt}`)), prompt);
      assert.deepEqual(asked.filter((each) => !each.includes(who)), []);
    }),
  );
}

const samplingsAsked = (peer, from) =>
  peer.asked
    .slice(from)
    .filter(({ method }) => method === "sampling/createMessage")
    .map(({ params }) => params.messages[0].content.text);
