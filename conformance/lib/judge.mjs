// Says what came of a row: its line of the table, and every check that is not as it should be.
import { differences, failures, lost } from "./compare.mjs";
import { scope } from "./execute.mjs";

/** What a scenario has to be, by the name that a row gives it: findings, none when all is well. */
const DEMANDS = {
  pass: failing,
  equal: ({ checks, straight }) => differences(straight, checks),
  client: (scenario) => [...failing(scenario), ...lost(scenario.straight, scenario.checks)],
};

/** `{scored, equal, ok, findings}`; entries of `allowed` that a finding needed are marked `used`. */
export function judge(row, run, baseline, allowed) {
  const { all, scored } = scope(row);
  const findings = all.flatMap((scenario) => {
    const counts = row.demand !== "pass" || scored.includes(scenario);
    return findingsIn(row, scenario, run, baseline).map((finding) => {
      const reason = allowance(row, scenario, finding, allowed);
      return { scenario, counts: counts && !reason, reason, ...finding };
    });
  });
  const differing = new Set(findings.filter(({ reason }) => !reason).map(({ scenario }) => scenario));
  return {
    scored: `${scored.filter(run.passes).length}/${scored.length}`,
    equal: row.demand === "equal" ? `${all.length - differing.size}/${all.length}` : "",
    ok: !findings.some(({ counts }) => counts),
    findings,
  };
}

function findingsIn(row, scenario, run, baseline) {
  const checks = run.checks.get(scenario) ?? [];
  const straight = baseline?.checks.get(scenario) ?? [];
  if (checks.length === 0) return [unexplained("it did not come to its end")];
  return DEMANDS[row.demand]({ checks, straight, passes: run.passes(scenario) });
}

// In client mode the suite is also not content with warnings, and with a driver that fails.
function failing({ checks, passes }) {
  const failed = failures(checks);
  return passes || failed.length > 0 ? failed : [unexplained("see what --keep keeps of it")];
}

const unexplained = (message) => ({
  check: "(scenario)",
  expected: "a pass",
  actual: "none",
  message,
});

function allowance(row, scenario, { check }, allowed) {
  const entry = allowed.find(
    (each) => each.row === row.name && each.scenario === scenario && each.check === check,
  );
  if (entry) entry.used = true;
  return entry?.reason;
}
