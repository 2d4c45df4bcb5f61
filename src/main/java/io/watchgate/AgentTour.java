package io.watchgate;

import io.watchgate.agents.Order;
import io.watchgate.agents.Party;
import io.watchgate.agents.Result.Status;
import java.io.PrintStream;
import java.util.List;

/// What the demo shows of agents: two of them at once, with the embedded model.
record AgentTour(Agency agency, PrintStream out) {
  private static final List<Order> ORDERS =
      List.of(
          order("researcher", "weather__travel_plan {\"from\": \"Oslo\", \"to\": \"Lima\"}"),
          order("reviewer", "notes__add_note {\"text\": \"Pack light\"} notes__list_notes {}"));

  private static Order order(String type, String query) {
    return new Order(type, "demo", query, "anonymous", false);
  }

  /// Runs them and prints their steps; true when both completed.
  boolean show() throws InterruptedException {
    out.printf("%nTwo agents at once, with the embedded model%n");
    var progress = new AgentProgress(out, false);
    var outcome = Party.run(agency.agents(), ORDERS, () -> progress);
    for (var result : outcome.results()) {
      out.printf(
          "  %s %s after %d ms, tools: %d%n",
          result.id(), result.status().label(), result.took().toMillis(), result.steps().size());
    }
    out.printf("Ask for more of them%n  curl -s %s/api/v1/agents%n", agency.server().url());
    return outcome.results().stream().allMatch(one -> one.status() == Status.COMPLETED);
  }
}
