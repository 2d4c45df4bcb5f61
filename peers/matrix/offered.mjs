// What an SDK cannot do by itself: such a check is left out, and shown in the table as not offered.
export const CHECKS = ["list", "call", "read", "prompt", "progress", "cancel", "elicit", "sample", "subscribe"];

const TOO_OLD = "its stdio transport speaks 2024-11-05 only, which has no elicitation";

const TABLE = [
  { client: /^java/, check: /cancel/, reason: "the client has no way to cancel a call" },
  { server: /^java/, check: /cancel/, reason: "the server does not hear cancellations" },
  {
    server: /^go-stateless/,
    check: /cancel/,
    reason: "over HTTP without sessions the tool does not hear that the client has gone",
  },
  { client: /^py/, server: /^java1/, check: /elicit/, route: /straight/, reason: TOO_OLD },
  { client: /^go/, server: /^java1/, check: /connect/, route: /straight/, reason: TOO_OLD },
  {
    client: /handshake/,
    server: /^(ts2-http|go-stateless)/,
    check: /cancel|elicit|sample|subscribe/,
    route: /straight/,
    reason: "it serves clients with a handshake without sessions, so there is nothing to come back to",
  },
];

/** Why a check cannot succeed, or undefined when it has to. */
export function notOffered(route, client, server, check) {
  return TABLE.find((entry) => matches(entry, { route, client, server, check }))?.reason;
}

function matches(entry, actual) {
  return Object.entries(actual).every(([name, value]) => !entry[name] || entry[name].test(value));
}
