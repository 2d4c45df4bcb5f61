// Compares the checks of two runs, scenario by scenario: which statuses each check id got.
const LENGTH = 300;

/** Check ids of one scenario whose statuses differ: `[{check, expected, actual, message}]`. */
export function differences(expected, actual) {
  const before = statuses(expected);
  const after = statuses(actual);
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((check) => before.get(check)?.join() !== after.get(check)?.join())
    .map((check) => ({
      check,
      expected: counted(before.get(check)),
      actual: counted(after.get(check)),
      message: message(actual, check) || message(expected, check),
    }));
}

/** Checks of one scenario that failed, in the same form. */
export function failures(checks) {
  const failed = checks.filter(({ status }) => status === "FAILURE").map(({ id }) => id);
  return [...new Set(failed)].map((check) => ({
    check,
    expected: "SUCCESS",
    actual: counted(statuses(checks).get(check)),
    message: message(checks, check),
  }));
}

/**
 * Checks that succeeded before and do neither succeed nor fail now: hollow successes. Others are not
 * compared, since a server meets other requests from the gateway than from a client.
 */
export function lost(expected, actual) {
  const known = actual.filter(({ status }) => status === "SUCCESS" || status === "FAILURE").map(key);
  const before = expected.filter(({ status }) => status === "SUCCESS").map(key);
  return before
    .filter((each) => !known.includes(each))
    .map((check) => ({ check, expected: "SUCCESS", actual: "not observed", message: "" }));
}

const key = ({ id, name }) => `${id} (${name})`;

/** The suite's own rule: a scenario that ran passed when no check of it failed. */
export const passed = (checks = []) => checks.length > 0 && failures(checks).length === 0;

function statuses(checks) {
  const found = new Map();
  for (const { id, status } of checks) found.set(id, [...(found.get(id) ?? []), status].sort());
  return found;
}

function counted(list = []) {
  const each = [...new Set(list)].map((status) => {
    const count = list.filter((other) => other === status).length;
    return count === 1 ? status : `${status} ×${count}`;
  });
  return each.join(", ") || "nothing";
}

function message(checks, check) {
  const told = checks.filter(({ id, status }) => id === check && status !== "SUCCESS");
  const text = told.map(({ errorMessage }) => errorMessage ?? "").find((each) => each !== "") ?? "";
  return text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text;
}
