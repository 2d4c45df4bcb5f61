package io.watchgate.routing;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Policy;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Server;
import io.watchgate.flow.ServerEvents;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.mcp.ListKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All servers and all routers: takes what a server says outside of calls to the lists that it
/// concerns and to the clients of every router that the server is a member of. Both come and go.
public final class Switchboard implements ServerEvents {
  private static final Logger log = LoggerFactory.getLogger(Switchboard.class);

  private final Seal seal;
  private final Refusals refusals;
  private final Time time;
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final Map<Server, Offers> offers = new ConcurrentHashMap<>();
  private volatile List<Router> routers = List.of();

  /// @param seal makes what clients carry and must not change
  /// @param refusals counts what they carry all the same
  /// @param time by which lists age
  public Switchboard(Seal seal, Refusals refusals, Time time) {
    this.seal = seal;
    this.refusals = refusals;
    this.time = time;
  }

  /// A server as a router takes it in.
  ///
  /// @param handler the stack that calls to the server go through
  /// @param prefix what its names start with, empty for none
  /// @param policy what may pass between it and clients
  public record Place(Server server, Handler handler, String prefix, Policy policy) {

    /// A server that everything may pass to.
    public Place(Server server, Handler handler, String prefix) {
      this(server, handler, prefix, Policy.OPEN);
    }
  }

  /// A router for some servers, in the order that decides who keeps a name. It hears nothing of
  /// what servers say outside of calls before it is connected.
  ///
  /// @param endpoint where it will stand, the same for one that takes its place
  /// @param separator between a server's name and a tool's
  public Router router(String endpoint, String separator, List<Place> places) {
    var where = endpoints.computeIfAbsent(endpoint, _ -> new Endpoint());
    return new Router(where, places, this::offers, new Router.Terms(separator, seal, refusals));
  }

  private Offers offers(Place place) {
    var known = offers.get(place.server);
    if (known != null && known.isBy(place.policy)) {
      return known;
    }
    if (known != null) { // the same server, of which clients see something else now
      return made(place, known);
    }
    var before =
        routers.stream()
            .flatMap(router -> router.members().stream())
            .filter(member -> member.name().equals(place.server.name()))
            .findFirst()
            .map(Member::offers)
            .orElse(null);
    return made(place, before);
  }

  private Offers made(Place place, @Nullable Offers before) {
    var source = new ListSource(place.server, place.policy.around(place.handler), time);
    var made = new Offers(source, place.policy, before);
    offers.put(place.server, made);
    return made;
  }

  /// Clients know what is listed now: what was listed by another policy is no longer needed.
  public void settle() {
    offers.values().forEach(Offers::forgetBefore);
  }

  /// Has these routers hear of everything, in the place of those before.
  public void connect(List<Router> all) {
    all.forEach(Router::serve);
    routers = List.copyOf(all);
  }

  /// A server that no router has any more is gone for good.
  public void forget(Server server) {
    var gone = offers.remove(server);
    if (gone != null) {
      offers.values().forEach(other -> other.forget(gone));
    }
    endpoints.values().forEach(endpoint -> endpoint.forget(server));
  }

  @Override
  public void broadcast(Server server, Notification notification) {
    heard(server, notification);
    for (var router : routers) {
      member(router, server).ifPresent(member -> router.broadcast(member, notification));
    }
  }

  /// What a server says may end what is kept of it.
  private void heard(Server server, Notification notification) {
    Optional.ofNullable(offers.get(server))
        .ifPresent(offered -> offered.reads().heard(notification));
  }

  @Override
  public void listChanged(Server server, Notification notification, Session owner) {
    var changed = ListKind.changedBy(notification.method()).toList();
    lists(server, owner).forEach(known -> changed.forEach(known::invalidate));
    heard(server, notification);
    if (isMember(server)) { // the lists of one that is leaving are nobody's
      tell(server, owner, notification);
    }
  }

  private void tell(Server server, Session owner, Notification notification) {
    if (owner == GatewayClient.INSTANCE) {
      broadcast(server, notification);
    } else {
      owner.tell(notification);
    }
  }

  /// What a session with a server says concerns its owner's lists, or those of all clients.
  private List<ServerLists> lists(Server server, Session owner) {
    var offered = offers.get(server);
    if (offered == null) {
      return List.of();
    }
    return owner == GatewayClient.INSTANCE ? offered.all() : offered.known(owner).stream().toList();
  }

  /// A server that comes back may be another version of itself: what a client saw of it is read
  /// anew, and where it differs the client hears of it.
  @Override
  public void reached(Server server, Session owner) {
    if (owner == GatewayClient.INSTANCE && Member.isStateless(server)) {
      doubt(server);
      return;
    }
    Optional.ofNullable(offers.get(server))
        .flatMap(offered -> offered.known(owner))
        .ifPresent(known ->
            Thread.ofVirtual()
                .name("lists of " + server.name())
                .start(() -> readAnew(server, owner, known)));
  }

  /// What changed while nobody listened is not known: everybody may want to read again what they
  /// saw.
  private void doubt(Server server) {
    var seen = EnumSet.noneOf(ListKind.class);
    for (var known : lists(server, GatewayClient.INSTANCE)) {
      for (var kind : ListKind.values()) {
        if (known.invalidate(kind) || known.known(kind).problem().isPresent()) {
          seen.add(kind);
        }
      }
    }
    tellChanged(server, GatewayClient.INSTANCE, seen);
  }

  /// A server answers again that was left alone: who could not read its lists may do so now.
  public void recovered(Server server) {
    var missed = EnumSet.noneOf(ListKind.class);
    for (var known : lists(server, GatewayClient.INSTANCE)) {
      for (var kind : ListKind.values()) {
        if (known.known(kind).problem().isPresent()) {
          missed.add(kind);
        }
      }
    }
    tellChanged(server, GatewayClient.INSTANCE, missed);
  }

  /// A policy makes something else of a server's lists than before.
  public void judgedAnew(String server) {
    offers.keySet().stream().filter(each -> each.name().equals(server)).forEach(this::doubt);
  }

  private void readAnew(Server server, Session owner, ServerLists known) {
    try {
      var changed = EnumSet.noneOf(ListKind.class);
      for (var kind : ListKind.values()) {
        var before = known.known(kind);
        boolean asked = known.invalidate(kind) || before.problem().isPresent();
        if (asked && !known.get(kind).listing().entries().equals(before.entries())) {
          changed.add(kind);
        }
      }
      tellChanged(server, owner, changed);
    } catch (InterruptedException _) {
      log.debug("reading the lists of server \"{}\" was interrupted", server.name());
    }
  }

  private void tellChanged(Server server, Session owner, Set<ListKind> changed) {
    if (!isMember(server)) {
      return;
    }
    for (var method : changed.stream().map(ListKind::changed).collect(Collectors.toSet())) {
      tell(server, owner, Notification.of(method));
    }
  }

  private static Optional<Member> member(Router router, Server server) {
    return router.members().stream().filter(member -> member.server().equals(server)).findFirst();
  }

  private boolean isMember(Server server) {
    return routers.stream().anyMatch(router -> member(router, server).isPresent());
  }
}
