package io.watchgate.routing;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All servers and all routers: takes what a server says outside of calls to the lists that it
/// concerns and to the clients of every router that the server is a member of.
public final class Switchboard implements ServerEvents {
  private static final Logger log = LoggerFactory.getLogger(Switchboard.class);

  private final String separator;
  private final Seal seal;
  private final Refusals refusals;
  private final Time time;
  private final Map<String, Offers> offers = new ConcurrentHashMap<>();
  private final List<Router> routers = new CopyOnWriteArrayList<>();

  /// @param separator between a server's name and a tool's
  /// @param seal makes what clients carry and must not change
  /// @param refusals counts what they carry all the same
  /// @param time by which lists age
  public Switchboard(String separator, Seal seal, Refusals refusals, Time time) {
    this.separator = separator;
    this.seal = seal;
    this.refusals = refusals;
    this.time = time;
  }

  /// A server as a router takes it in.
  ///
  /// @param handler the stack that calls to the server go through
  /// @param prefix what its names start with, empty for none
  public record Place(Server server, Handler handler, String prefix) {}

  /// A router for some servers, in the order that decides who keeps a name.
  public Router router(List<Place> places) {
    var router = new Router(places, this::offers, separator, seal, refusals);
    routers.add(router);
    return router;
  }

  private Offers offers(Place place) {
    return offers.computeIfAbsent(
        place.server.name(), _ -> new Offers(new ListSource(place.server, place.handler, time)));
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
    Optional.ofNullable(offers.get(server.name()))
        .ifPresent(offered -> offered.reads().heard(notification));
  }

  @Override
  public void listChanged(Server server, Notification notification, Session owner) {
    var changed = ListKind.changedBy(notification.method()).toList();
    lists(server, owner).forEach(known -> changed.forEach(known::invalidate));
    heard(server, notification);
    tell(server, owner, notification);
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
    var offered = offers.get(server.name());
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
      forget(server);
      return;
    }
    Optional.ofNullable(offers.get(server.name()))
        .flatMap(offered -> offered.known(owner))
        .ifPresent(known ->
            Thread.ofVirtual()
                .name("lists of " + server.name())
                .start(() -> readAnew(server, owner, known)));
  }

  /// What changed while nobody listened is not known: everybody may want to read again what they
  /// saw.
  private void forget(Server server) {
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
    for (var method : changed.stream().map(ListKind::changed).collect(Collectors.toSet())) {
      tell(server, owner, Notification.of(method));
    }
  }

  private static Optional<Member> member(Router router, Server server) {
    return router.members().stream()
        .filter(member -> member.name().equals(server.name()))
        .findFirst();
  }
}
