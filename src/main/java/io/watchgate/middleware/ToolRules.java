package io.watchgate.middleware;

import io.watchgate.mcp.NamePattern;
import io.watchgate.middleware.ToolRule.Checks;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which tools clients see, and what becomes of each.
///
/// @param allowed patterns of the own names of tools that are shown, empty for all
/// @param denied patterns of those that are not, whatever else is said of them
/// @param named the rules of tools that the configuration names, by their own names
/// @param owns the own names of tools that have another one for clients, by that
/// @param standard what is checked of the tools that it does not name
record ToolRules(
    Optional<List<NamePattern>> allowed,
    List<NamePattern> denied,
    Map<String, ToolRule> named,
    Map<String, String> owns,
    Checks standard) {

  /// The rule for a tool by its own name, empty when clients must not see it.
  Optional<ToolRule> of(String own) {
    if (matches(denied, own)) {
      return Optional.empty();
    }
    var rule = named.get(own);
    if (rule != null) {
      return Optional.of(rule);
    }
    boolean isTaken = owns.containsKey(own); // another tool goes by this name
    return !isTaken && allowed.map(patterns -> matches(patterns, own)).orElse(true)
        ? Optional.of(ToolRule.plain(own, standard))
        : Optional.empty();
  }

  /// The own name of what clients know by a name, empty when there is no such thing for them.
  Optional<String> own(String shown) {
    var own = owns.getOrDefault(shown, shown);
    return of(own).filter(rule -> rule.shown().equals(shown)).map(_ -> own);
  }

  private static boolean matches(List<NamePattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(name));
  }
}
