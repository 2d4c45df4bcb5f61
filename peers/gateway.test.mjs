// The clients through the gateway, over stdio and over streamable HTTP.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { commonChecks } from "./lib/checks.mjs";
import { endpointChecks, gatewayChecks, nothingStrange, sameResults } from "./lib/gateway-checks.mjs";
import { hostileChecks } from "./lib/hostile-checks.mjs";
import { OverHttp, OverStdio, Straight } from "./lib/routes.mjs";
import { makeData, makeScratch, startRemotes, upstreams } from "./lib/upstreams.mjs";

const LIMIT = { timeout: 90_000 };
const scratch = await makeScratch();
const data = await makeData(scratch.root);
let remotes, straight;

const targetsOf = (route) =>
  upstreams({ data, memoryFile: path.join(scratch.root, `${route}.jsonl`), ...remotes });

before(async () => {
  remotes = await startRemotes();
  straight = await new Straight(targetsOf("straight"), [data]).open();
}, LIMIT);

after(async () => {
  await straight?.close();
  await remotes?.stop();
  await scratch.remove();
}, LIMIT);

function suite(label, open, more) {
  describe(label, () => {
    let route;
    before(async () => {
      route = open();
      await route.open();
    }, LIMIT);
    after(async () => {
      await route.close();
    }, LIMIT);
    gatewayChecks(() => route, () => straight);
    sameResults(() => route, () => straight, data);
    commonChecks(() => route);
    hostileChecks(() => route);
    more?.(() => route, () => straight);
    nothingStrange(() => route);
    test("the log has no stack trace", () => {
      assert.doesNotMatch(route.log(), /^\s+at [\w.$/]+\(/m);
    });
  });
}

suite("over stdio", () => new OverStdio(targetsOf("stdio"), [data], scratch.root));
suite("over streamable HTTP", () => new OverHttp(targetsOf("http"), [data], scratch.root), endpointChecks);
