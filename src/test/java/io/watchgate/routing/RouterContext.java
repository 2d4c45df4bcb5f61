package io.watchgate.routing;

import io.watchgate.flow.Call;
import io.watchgate.flow.Client;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.routing.Switchboard.Place;
import io.watchgate.testkit.RecordingSession;
import java.util.Arrays;
import java.util.List;

/// A router before some servers, and one client of it.
final class RouterContext {
  final Refusals refusals = new Refusals();
  private final Switchboard switchboard = new Switchboard(Seal.random(), refusals, Time.REAL);
  private final Router router;
  private final RecordingSession client = new RecordingSession("client");

  /// Several servers have `name__` for a prefix, one has none.
  RouterContext(FakeServer... servers) {
    this(
        Arrays.stream(servers)
            .map(server ->
                new Place(server, server, servers.length == 1 ? "" : server.name() + "__"))
            .toList());
  }

  RouterContext(List<Place> places) {
    router = switchboard.router("", "__", places);
    switchboard.connect(List.of(router));
  }

  Switchboard switchboard() {
    return switchboard;
  }

  Router router() {
    return router;
  }

  RecordingSession client() {
    return client;
  }

  Response send(String method, String params) throws InterruptedException {
    return send(client, method, params);
  }

  Response send(Client from, String method, String params) throws InterruptedException {
    var request = Request.of(RequestId.of(7), method, Json.trusted(params));
    return new RescueLayer().around(router).handle(new Call(request, from)).response();
  }

  void tell(String method) throws InterruptedException {
    var _ = router.handle(new Call(Notification.of(method), client));
  }

  /// The result as text.
  String result(String method, String params) throws InterruptedException {
    return send(method, params).result().map(Json::toString).orElse("no result");
  }

  /// An error as `code reason: message`.
  String error(String method, String params) throws InterruptedException {
    var response = send(method, params);
    var reason =
        response
            .error()
            .flatMap(error -> error.member("data"))
            .flatMap(data -> data.textMember("reason"));
    return "%d %s: %s".formatted(response.errorCode(), reason.orElse("-"), response.errorMessage());
  }

  Response tool(String name) throws InterruptedException {
    return send("tools/call", Json.object("name", name).toString());
  }

  /// The names in a list as the client sees it.
  List<String> names(String method) throws InterruptedException {
    return names(client, method);
  }

  List<String> names(RecordingSession from, String method) throws InterruptedException {
    var members = send(from, method, "{}").result().orElseThrow().members();
    return members.getFirst().value().elements().stream()
        .map(entry ->
            entry
                .textMember("name")
                .or(() -> entry.textMember("uri"))
                .or(() -> entry.textMember("uriTemplate"))
                .orElseThrow())
        .toList();
  }
}
