// The checks of both TypeScript clients; `checks.py`, `client.go` and `Client.java` make the same ones.
import assert from "node:assert/strict";
import { text as readAll } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

export const LIMIT = { timeout: 30_000 }; // nobody waits that long but for what never comes
export const FIRST = { timeout: 60_000 }; // until every server has started
const ANSWER = "42";

export const elicited = (label) => ({ action: "accept", content: { name: label } });
export const SAMPLED = { model: "none", role: "assistant", content: { type: "text", text: ANSWER } };
const text = ({ content }) => content[0].text;

/** Reads the job, lets `connect(target, job)` open each target, prints one line with every outcome. */
export async function main(connect) {
  const job = JSON.parse(await readAll(process.stdin));
  const outcomes = [];
  for (const { target, servers } of job.targets) {
    let peer;
    try {
      peer = await connect(target, job);
    } catch (error) {
      for (const { key } of servers) outcomes.push({ key, check: "connect", error: told(error) });
      continue;
    }
    for (const server of servers) outcomes.push(...(await checkServer(peer, server, job.label)));
    await peer.close().catch(() => {});
  }
  process.stdout.write(`${JSON.stringify(outcomes)}\n`, () => process.exit(0));
}

const told = (error) => `${error.code ?? error.name}: ${error.message}`.slice(0, 600);

async function checkServer(peer, server, label) {
  const outcomes = [];
  for (const [check, run] of Object.entries(CHECKS)) {
    if (server.without.includes(check)) continue;
    try {
      await within(run(peer, server, label), check === "list" ? { timeout: 2 * FIRST.timeout } : LIMIT);
      outcomes.push({ key: server.key, check });
    } catch (error) {
      outcomes.push({ key: server.key, check, error: told(error) });
    }
  }
  return outcomes;
}

function within(promise, { timeout }) {
  const late = new AbortController();
  const timer = pause(timeout, undefined, { signal: late.signal }).then(
    () => Promise.reject(new Error("not done in time")),
    () => {},
  );
  return Promise.race([promise, timer]).finally(() => late.abort());
}

/** Until a server has started, the gateway's lists are without it. */
async function sooner(listed) {
  const end = performance.now() + FIRST.timeout;
  for (;;) {
    try {
      return await listed();
    } catch (error) {
      if (!(error instanceof assert.AssertionError) || performance.now() > end) throw error;
    }
    await pause(200);
  }
}

const TOOLS = ["add", "ask_name", "cancelled", "slow", "think", "touch"];
const CHECKS = {
  list: (peer, { prefix, uri }) =>
    sooner(async () => {
      const tools = (await peer.tools()).filter((name) => name.startsWith(prefix));
      assert.deepEqual(tools.sort(), TOOLS.map((name) => prefix + name));
      assert.ok((await peer.prompts()).includes(`${prefix}greet`));
      assert.ok((await peer.resources()).includes(uri));
    }),
  async call(peer, { prefix }) {
    assert.equal(text(await peer.call(`${prefix}add`, { a: 2, b: 3 })), "5");
  },
  async read(peer, { uri }) {
    const { contents } = await peer.read(uri);
    assert.match(contents[0].text, /^note \d+$/);
    assert.equal(contents[0].uri, uri);
  },
  async prompt(peer, { prefix }, label) {
    const { messages } = await peer.prompt(`${prefix}greet`, { name: label });
    assert.equal(messages[0].content.text, `Hello ${label}`);
  },
  async progress(peer, { prefix }, label) {
    // A client of the TypeScript SDK looks at an answer at once, and at progress a moment later: where
    // one read brings both, it has forgotten by then who listens. Such a call is made again, as long as
    // what it saw is in order.
    const steps = [[1, 3], [2, 3], [3, 3]];
    for (let tries = / ts\d/.test(label) ? 5 : 1; ; tries--) {
      const seen = [];
      const onprogress = ({ progress, total }) => seen.push([progress, total]);
      const result = await peer.call(`${prefix}slow`, { tag: "no" }, { onprogress });
      assert.equal(text(result), "done");
      const isLate = tries > 1 && seen.length < steps.length;
      assert.deepEqual(seen, isLate ? steps.slice(0, seen.length) : steps);
      if (!isLate) return;
    }
  },
  async cancel(peer, { prefix, key }, label) {
    const tag = `${label} ${key}`;
    const started = new AbortController();
    const onprogress = () => started.abort("no longer wanted");
    const call = peer.call(`${prefix}slow`, { tag, hold: true }, { onprogress, signal: started.signal });
    await assert.rejects(call);
    const told = async () => text(await peer.call(`${prefix}cancelled`, { tag })) === "yes";
    while (!(await told())) await pause(50);
  },
  async elicit(peer, { prefix }, label) {
    assert.equal(text(await peer.call(`${prefix}ask_name`, {})), `Hello ${label}`);
  },
  async sample(peer, { prefix }) {
    assert.equal(text(await peer.call(`${prefix}think`, {})), `thought: ${ANSWER}`);
  },
  async subscribe(peer, { prefix, uri }) {
    const subscription = await peer.subscribe(uri);
    try {
      await peer.call(`${prefix}touch`, {});
      await subscription.updated;
    } finally {
      await subscription.close();
    }
  },
};
