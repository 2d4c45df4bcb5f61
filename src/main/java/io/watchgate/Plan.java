package io.watchgate;

import io.watchgate.config.GatewayConfig;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.UnknownServer;
import io.watchgate.hosting.Plugins;
import io.watchgate.resilience.ConcurrencyLimit;
import io.watchgate.routing.Router;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// What the gateway does by one configuration. Nothing in it changes: another configuration makes
/// another plan, and a call keeps to the one that it began with.
///
/// @param limit of calls in flight, of all servers together
/// @param branches in the order of the configuration
/// @param routers by endpoint: the empty name for all servers, `/server` for one alone
/// @param endpoints the stacks in front of the routers
/// @param plugins what they let pass
record Plan(
    GatewayConfig config,
    ConcurrencyLimit limit,
    List<Branch> branches,
    Map<String, Router> routers,
    SequencedMap<String, Handler> endpoints,
    Plugins plugins) {

  /// The router that joins all servers.
  Router router() {
    return Objects.requireNonNull(routers.get(""));
  }

  /// The stack behind an endpoint.
  ///
  /// @throws Rejection when there is none, because its server is gone
  Handler endpoint(String name) {
    var stack = endpoints.get(name);
    if (stack == null) {
      var known = branches.stream().map(Branch::name).collect(Collectors.joining(", "));
      throw new Rejection(new UnknownServer(name.substring(1), known));
    }
    return stack;
  }
}
