// What a person sees: the table, and below it the checks that are not as they should be.
const HEAD = {
  name: "row",
  scored: "scored",
  equal: "equal",
  seconds: "seconds",
  verdict: "verdict",
};

export function printTable(results) {
  const verdicts = results.map((each) => ({ ...each, verdict: each.ok ? "ok" : "FAILED" }));
  const lines = [HEAD, ...verdicts];
  const widths = Object.keys(HEAD).map((key) => Math.max(...lines.map((line) => line[key].length)));
  for (const line of lines) {
    const cells = Object.keys(HEAD).map((key, column) => line[key].padEnd(widths[column]));
    console.log(`| ${cells.join(" | ")} |`);
    if (line === HEAD) console.log(`|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`);
  }
}

export function printFindings({ name, error, findings }) {
  if (error === undefined && findings.length === 0) return;
  console.log(`\n${name}`);
  if (error !== undefined) console.log(`  ${error}`);
  for (const { scenario, check, expected, actual, message, reason, counts } of findings) {
    const note = reason ? ` (allowed: ${reason})` : counts ? "" : " (not scored)";
    console.log(`  ${scenario}: ${check}: ${expected} expected, got ${actual}${note}`);
    if (message) console.log(`    ${message}`);
  }
}
