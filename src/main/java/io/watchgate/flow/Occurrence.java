package io.watchgate.flow;

import io.watchgate.flow.Trail.Judgement;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Something worth keeping that is no request of a client.
public sealed interface Occurrence {

  /// What passed, or did not, between one server and clients.
  ///
  /// @param id of the exchange
  /// @param session of the client, the gateway's for all of them
  /// @param judgements what plugins said of it
  record Passage(String id, Session session, String server, List<Judgement> judgements) {
    public Passage {
      judgements = List.copyOf(judgements);
    }
  }

  /// A server told clients something.
  record Told(Passage passage, Notification said) implements Occurrence {}

  /// A server asked a client something.
  record Asked(Passage passage, Request request) implements Occurrence {}

  /// What a server asked came back to it.
  ///
  /// @param response empty when the server did not wait for it
  record AskAnswered(Passage passage, Request request, Optional<Response> response, Duration took)
      implements Occurrence {}

  /// The gateway asked a server on its own behalf, and plugins had something to say of that.
  record Fetched(Passage passage, Request request, Response response, Duration took)
      implements Occurrence {}

  /// Something was turned away that became no call.
  ///
  /// @param session in which it came, empty when it belongs to none
  /// @param what in the form `refused/token`
  /// @param code of the JSON-RPC error or the HTTP status that answers it
  /// @param why without anything secret
  record Refused(Optional<Session> session, String what, OptionalInt code, String why)
      implements Occurrence {}

  /// A client's conversation began or ended.
  ///
  /// @param what `session/opened`, `session/resumed` or `session/closed`
  record SessionChanged(Session session, String what) implements Occurrence {}

  /// Something became of a server.
  ///
  /// @param what in the form `upstream/ready`
  /// @param why for people, empty where there is nothing to say
  record ServerChanged(String server, String what, String why) implements Occurrence {}

  /// A plugin found or did something that is no verdict on a message.
  ///
  /// @param server that it is about, empty for none
  /// @param what in the form `pins/changed`
  /// @param name of what it is about, empty for none
  record PluginNoted(
      String plugin, Optional<String> server, String what, Optional<String> name, String why)
      implements Occurrence {}

  /// Another configuration is in force, or was refused.
  ///
  /// @param before SHA-256 of the file that was in force, in hexadecimal
  /// @param after the same of the one that was read
  /// @param refusal why it was not taken, empty when it was
  record Configured(String before, String after, Optional<String> refusal) implements Occurrence {}

  /// The gateway itself.
  ///
  /// @param what in the form `gateway/started`
  record GatewayChanged(String what, String why) implements Occurrence {}
}
