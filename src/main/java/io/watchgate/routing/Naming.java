package io.watchgate.routing;

import io.watchgate.flow.Policy;
import io.watchgate.flow.Server;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import java.util.function.BiFunction;

/// Gives what one server says the names under which a client knows the server's things.
///
/// @param policy what may pass between the server and clients
/// @param names gives what a server of a name tells everything but the ids of tasks
/// @param reads hears what the server says, for it may end what is kept
record Naming(
    Server server,
    Policy policy,
    BiFunction<String, Notification, Notification> names,
    TaskIds tasks,
    KeptReads reads) {

  /// What the server tells a client of this principal.
  Notification outward(Notification notification, String principal) {
    reads.heard(notification);
    return tasks.outward(server, names.apply(server.name(), notification), principal);
  }

  /// What the server asks a client of this principal.
  Request outward(Request request, String principal) {
    return tasks.outward(server, request, principal);
  }

  /// What such a client answers.
  Response inward(Response response, String principal) {
    return tasks.inward(server, response, principal);
  }
}
