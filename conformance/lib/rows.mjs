// The rows of the table: a revision of the suite, and what it runs against.
import { fixtureOverStdio, notes, startFixture, startGateway } from "./servers.mjs";

/** With the number of scenarios on each side, so that none gets lost without anyone noticing. */
const REVISIONS = {
  2025: {
    revision: "2025-11-25",
    era: "legacy",
    server: { scored: 30, all: 33 },
    client: { scored: 5, all: 5 },
  },
  2026: {
    revision: "2026-07-28",
    era: "modern",
    server: { scored: 37, all: 50 },
    client: { scored: 8, all: 8 },
  },
};

/** What the suite's client speaks to: `{url, stop}`. Logs go into the directory. */
const TOPOLOGIES = {
  straight: startFixture,
  http: (era, directory) => behind(era, directory, ({ url }) => [{ name: "everything", url }]),
  stdio: (era, directory) =>
    startGateway([{ name: "everything", ...fixtureOverStdio(era) }], directory),
  two: (era, directory) =>
    behind(era, directory, ({ url }) => [
      { name: "everything", prefix: "", url },
      { name: "notes", ...notes() },
    ]),
};

/**
 * What `demand` asks of a row: to `pass` every scored scenario; to `equal` the straight run check by
 * check in every scenario; or as a `client` to pass every scenario that needs no authorization.
 */
export const ROWS = [
  ...ofYear(2025),
  ...ofYear(2026),
  server(2026, "on-legacy", "pass", opener("http", 2025)),
  server(2025, "on-modern", "pass", opener("http", 2026)),
  server(2025, "on-modern-stdio", "pass", opener("stdio", 2026)),
  ...[2025, 2026].flatMap((year) => [
    client(year, "client-straight", "node driver.mjs --straight"),
    { ...client(year, "client", "node driver.mjs"), baseline: `${year}-client-straight` },
  ]),
];

function ofYear(year) {
  const straight = server(year, "straight", "pass");
  const others = ["http", "stdio", "two"].map((name) => server(year, name, "equal"));
  return [straight, ...others.map((row) => ({ ...row, baseline: straight.name }))];
}

function server(year, name, demand, open = opener(name, year)) {
  const { revision, server: sizes } = REVISIONS[year];
  return { name: `${year}-${name}`, demand, revision, sizes, open };
}

function opener(topology, year) {
  return (directory) => TOPOLOGIES[topology](REVISIONS[year].era, directory);
}

function client(year, name, command) {
  const { revision, client: sizes } = REVISIONS[year];
  return { name: `${year}-${name}`, demand: "client", revision, sizes, command };
}

async function behind(era, directory, upstreamsOf) {
  const fixture = await startFixture(era, directory);
  try {
    const gateway = await startGateway(upstreamsOf(fixture), directory);
    return { url: gateway.url, stop: () => gateway.stop().finally(fixture.stop) };
  } catch (error) {
    await fixture.stop();
    throw error;
  }
}
