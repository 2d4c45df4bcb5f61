package io.watchgate;

import io.watchgate.agents.Agents;
import io.watchgate.agents.AgentsServer;
import io.watchgate.agents.AgentsSettings;
import io.watchgate.agents.Doorway;
import io.watchgate.agents.models.Models;
import io.watchgate.config.GatewayConfig;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Session;
import io.watchgate.web.BearerTokens;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The agents of a gateway, which are clients of it, and the listener where they are asked for.
/// Only looked at where there are agents: nothing of them is loaded otherwise.
record Agency(Agents agents, AgentsServer server) implements AutoCloseable {

  /// Agents that are asked for in this process.
  static Agents agents(Gateway gateway, AgentsSettings settings) {
    var around =
        new Agents.Surroundings(
            new Door(gateway), gateway.time(), gateway.random(), gateway.witness());
    return new Agents(
        settings, around, model -> Models.of(model, gateway.time(), gateway.random()));
  }

  /// Starts to listen.
  ///
  /// @throws IOException when the address cannot be bound
  static Agency start(Gateway gateway, AgentsSettings settings) throws IOException {
    var agents = agents(gateway, settings);
    var terms =
        new AgentsServer.Terms(
            tokens(gateway.config(), settings),
            gateway.terms().refusals(),
            gateway.time(),
            Version.number());
    try {
      return new Agency(agents, AgentsServer.start(settings, agents, terms));
    } catch (IOException failure) {
      agents.close();
      throw failure;
    }
  }

  /// Who has which token: who has the same one at the gateway's own endpoint is the same there.
  private static BearerTokens tokens(GatewayConfig config, AgentsSettings settings) {
    var known = config.http().bearerTokens();
    var principals = new HashMap<String, String>();
    for (var token : settings.bearerTokens()) {
      int number = known.indexOf(token) + 1;
      var name = number > 0 ? "token " + number : "agents token " + (principals.size() + 1);
      principals.put(token, name);
    }
    return new BearerTokens(principals);
  }

  /// Ends all executions, which are answered that they were cancelled.
  @Override
  public void close() {
    agents.close();
    server.close();
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
