package io.watchgate.agents;

import io.watchgate.flow.Handler;
import io.watchgate.flow.Session;
import java.util.Map;
import java.util.Optional;

/// The gateway as agents see it: what any client gets.
public interface Doorway {

  /// The endpoint that joins all servers.
  Handler all();

  /// The endpoint of one server alone, empty when there is no such server any more.
  Optional<Handler> alone(String server);

  /// Which server each tool is of that a client was shown there. Asks nobody.
  Map<String, String> owners(Session client);
}
