package io.watchgate.routing;

import io.watchgate.flow.Call;
import io.watchgate.flow.Client;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Server;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.Extension;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.routing.Switchboard.Place;
import java.util.Optional;
import java.util.Set;

/// A server's place in a router.
///
/// @param place the server, its stack and the prefix of its names
/// @param handler the stack, with what is kept of the server's answers
/// @param offers what it offers to whom, shared by all routers that it is a member of
/// @param naming gives what the server says the names that clients know
/// @param endpoint where the router stands
record Member(Place place, Handler handler, Offers offers, Naming naming, Endpoint endpoint) {
  private static final String TASKS = "tasks";

  String name() {
    return server().name();
  }

  Server server() {
    return place.server();
  }

  /// What its names start with downstream, empty for none.
  String prefix() {
    return place.prefix();
  }

  /// A client as this server sees it.
  Client seen(Client client) {
    return NamedSession.of(client, this);
  }

  /// A client's session as this server sees it.
  Session seen(Session session) {
    return new NamedSession(session, server(), endpoint);
  }

  /// What the server offers to one client.
  ServerLists lists(Session session) {
    return offers.to(session, endpoint);
  }

  /// Takes a call to the server, and notes that it went there.
  Reply forward(Call call) throws InterruptedException {
    call.trail().sentTo(name());
    return pass(call);
  }

  /// Takes a call to the server among others.
  Reply pass(Call call) throws InterruptedException {
    return handler.handle(call.with(seen(call.client())));
  }

  boolean hasCapability(String capability) {
    return server().offer().map(offer -> offer.has(capability)).orElse(false);
  }

  boolean mayHaveCapability(String capability) {
    return server().offer().map(offer -> offer.has(capability)).orElse(true);
  }

  /// What the server is capable of for any one client, empty when it was never reached.
  Optional<Json> capabilities() {
    var capabilities = server().offer().map(Offer::capabilities);
    return servesEverybody(server()) ? capabilities.map(Member::withoutTaskList) : capabilities;
  }

  private static Json withoutTaskList(Json capabilities) {
    return capabilities
        .member(TASKS)
        .map(tasks -> capabilities.with(TASKS, tasks.without(Set.of("list"))))
        .orElse(capabilities);
  }

  /// Whether all clients are one to the server: it cannot tell whose task is whose.
  static boolean servesEverybody(Server server) {
    return server.isShared() || isStateless(server);
  }

  static boolean isStateless(Server server) {
    return server
        .offer()
        .flatMap(offer -> ProtocolVersion.of(offer.protocolVersion()))
        .filter(ProtocolVersion::isStateless)
        .isPresent();
  }

  /// Whether the server runs tasks, of either revision.
  boolean hasTasks() {
    return capabilities()
        .filter(all ->
            all.member(TASKS).isPresent()
                || all.member("extensions")
                    .flatMap(extensions -> extensions.member(Extension.TASKS))
                    .isPresent())
        .isPresent();
  }

  /// Whether a client can ask the server for the client's tasks.
  boolean listsTasks() {
    return capabilities()
        .flatMap(all -> all.member(TASKS))
        .flatMap(tasks -> tasks.member("list"))
        .isPresent();
  }

  /// Whether the server declares a family of methods: `skills` by a capability of that name, or by
  /// an extension like `io.modelcontextprotocol/skills`.
  boolean declares(String family) {
    return capabilities().filter(all -> Capabilities.declare(all, family)).isPresent();
  }
}
