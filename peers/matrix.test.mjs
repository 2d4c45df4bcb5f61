// Every client of the matrix with every server, straight where their eras meet, and through the gateway.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HttpGateway, LAUNCHER, writeConfiguration } from "./lib/routes.mjs";
import { MARK } from "./lib/processes.mjs";
import { makeScratch, REPOSITORY } from "./lib/upstreams.mjs";
import { CHECKS, notOffered } from "./matrix/offered.mjs";
import { CLIENTS, runClient, SERVERS, startServers } from "./matrix/peers.mjs";

const NOTE = "matrix://note";
const CLIENT_LIMIT = 240_000;
const AT_ONCE = 2; // the machines of CI have two cores

const scratch = await makeScratch();
let servers, gateway, configuration;

/** A way from a client to the servers: the targets of its job, each with the servers behind it. */
const ROUTES = {
  straight: (client) =>
    SERVERS.filter((server) => meet(client, server)).map(({ key }) => ({
      target: servers.targets[key],
      servers: [{ key, prefix: "", uri: NOTE, without: without("straight", client.key, key) }],
    })),
  http: (client) => [{ target: { url: gateway.url }, servers: routed("http", client) }],
  stdio: (client) => {
    const args = ["run", "-c", configuration, "--transport", "stdio"];
    const target = { command: LAUNCHER, args, cwd: REPOSITORY, env: { [MARK]: process.env[MARK] } };
    return [{ target, servers: routed("stdio", client) }];
  },
};

/** The checks that an SDK has no way to pass; with this variable they are tried all the same. */
const without = (route, client, server) =>
  process.env.WATCHGATE_PEERS_ALL ? [] : CHECKS.filter((check) => notOffered(route, client, server, check));

const meet = (client, server) => server.eras.includes(client.era);

/** The first server that lists a URI has it as it is, the others have it wrapped. */
const routed = (route, client) =>
  SERVERS.map(({ key }, index) => ({
    key,
    prefix: `${key}__`,
    uri: index === 0 ? NOTE : `watchgate://${key}/${encodeURIComponent(NOTE)}`,
    without: without(route, client.key, key),
  }));

const outcomes = new Map(); // of a route and a client: the promise of its outcomes
const failures = new Map(); // of a route, a client and a server: the checks that failed

before(async () => {
  servers = await startServers();
  gateway = await HttpGateway.start(scratch.root, servers.targets);
  configuration = await writeConfiguration(scratch.root, "stdio", servers.targets);
  const jobs = Object.keys(ROUTES).flatMap((route) => CLIENTS.map((client) => ({ route, client })));
  const starts = jobs.map(({ route, client }) => {
    let start;
    const begun = new Promise((done) => (start = done));
    outcomes.set(`${route} ${client.key}`, begun.then(() => outcomesOf(route, client)));
    return { start, ended: outcomes.get(`${route} ${client.key}`).catch(() => {}) };
  });
  const next = async () => {
    for (let each = starts.shift(); each; each = starts.shift()) {
      each.start();
      await each.ended;
    }
  };
  for (let lane = 0; lane < AT_ONCE; lane++) void next();
});

after(async () => {
  await gateway?.stop();
  await servers?.stop();
  await scratch.remove();
  printTables();
});

const outcomesOf = (route, client) =>
  runClient(client, { label: `${route} ${client.key}`, targets: ROUTES[route](client) }, CLIENT_LIMIT);

for (const route of Object.keys(ROUTES)) {
  describe(route === "straight" ? route : `through the gateway over ${route}`, () => {
    for (const client of CLIENTS) {
      for (const server of SERVERS) {
        if (route === "straight" && !meet(client, server)) continue;
        test(`${client.key} with ${server.key}`, () => checkPair(route, client.key, server.key));
      }
    }
  });
}

async function checkPair(route, client, server) {
  const name = `${route} ${client} ${server}`;
  failures.set(name, ["no outcome"]);
  const mine = (await outcomes.get(`${route} ${client}`)).filter(({ key }) => key === server);
  const wrong = mine.flatMap(({ check, error }) => {
    const reason = notOffered(route, client, server, check);
    if (reason) return error ? [] : [{ check, error: `works, though it says: ${reason}` }];
    return error ? [{ check, error }] : [];
  });
  failures.set(name, wrong.map(({ check }) => check));
  assert.ok(mine.length > 0, "no outcome");
  assert.equal(wrong.map(({ check, error }) => `${check}: ${error}`).join("\n"), "");
}

function printTables() {
  for (const route of Object.keys(ROUTES)) {
    const row = (client, server) => failures.get(`${route} ${client} ${server}`)?.join(" ");
    const cell = (failed) => (failed === undefined ? "-" : failed || "ok");
    const rows = CLIENTS.map((client) => [
      client.key,
      Object.fromEntries(SERVERS.map((server) => [server.key, cell(row(client.key, server.key))])),
    ]);
    console.log(`${route}: the checks that failed`);
    console.table(Object.fromEntries(rows));
  }
}
