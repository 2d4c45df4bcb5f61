package io.watchgate.middleware;

import io.watchgate.mcp.Method;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Makes results of tools smaller, and says in them what was cut. What remains is a valid result:
/// structured content keeps what its output schema asks for, or stays whole.
final class ResponsePruner implements Plugin {
  private final List<PruneRule> rules;
  private final OutputSchemas schemas = new OutputSchemas();

  ResponsePruner(List<PruneRule> rules) {
    this.rules = rules;
  }

  @Override
  public Set<Moment> moments() {
    return EnumSet.of(Moment.RESPONSE);
  }

  @Override
  public Verdict onResponse(Exchange exchange, Content answer) {
    if (exchange.method().equals(Method.TOOLS_LIST) && answer.kind() == Content.Kind.RESULT) {
      schemas.learn(exchange.server(), answer.json());
      return Verdict.PASS;
    }
    var tool = exchange.name().orElse("");
    var rule = rules.stream().filter(each -> each.tools().hasOrIsEmpty(tool)).findFirst();
    var result = ToolResult.of(exchange, answer);
    if (rule.isEmpty() || result.isEmpty()) {
      return Verdict.PASS;
    }
    return new Pruning(rule.get(), schemas.of(exchange.server(), tool)).of(result.get());
  }
}
