// The clients straight at the servers: proves the servers, and the checks themselves.
import path from "node:path";
import { after, before, describe } from "node:test";
import { commonChecks } from "./lib/checks.mjs";
import { sameResults } from "./lib/gateway-checks.mjs";
import { Straight } from "./lib/routes.mjs";
import { makeData, makeScratch, startRemotes, upstreams } from "./lib/upstreams.mjs";

const LIMIT = { timeout: 60_000 };
const scratch = await makeScratch();
const data = await makeData(scratch.root);
let remotes, route, twin;

const open = (memory) => {
  const memoryFile = path.join(scratch.root, memory);
  return new Straight(upstreams({ data, memoryFile, ...remotes }), [data]).open();
};

before(async () => {
  remotes = await startRemotes();
  [route, twin] = await Promise.all([open("one.jsonl"), open("two.jsonl")]);
}, LIMIT);

after(async () => {
  await Promise.all([route?.close(), twin?.close()]);
  await remotes?.stop();
  await scratch.remove();
}, LIMIT);

describe("straight", () => {
  sameResults(() => route, () => twin, data);
  commonChecks(() => route);
});
