package io.watchgate;

import io.watchgate.agents.Agents;
import io.watchgate.agents.AgentsSettings;
import io.watchgate.agents.Doorway;
import io.watchgate.agents.models.Models;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Session;
import java.util.Map;
import java.util.Optional;

/// The agents of a gateway, which are clients of it.
final class Agency {
  private Agency() {}

  static Agents agents(Gateway gateway, AgentsSettings settings) {
    var around =
        new Agents.Surroundings(
            new Door(gateway), gateway.time(), gateway.random(), gateway.witness());
    return new Agents(settings, around, Models::of);
  }

  /// By whichever plan is in force.
  record Door(Gateway gateway) implements Doorway {
    @Override
    public Handler all() {
      return gateway.handler();
    }

    @Override
    public Optional<Handler> alone(String server) {
      return gateway.handler(server);
    }

    @Override
    public Map<String, String> owners(Session client) {
      return gateway.router().owners(client);
    }
  }
}
