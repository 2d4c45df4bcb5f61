package io.watchgate.routing;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.UnknownServer;
import io.watchgate.flow.Rejection.UnknownTool;
import io.watchgate.flow.Session;
import io.watchgate.mcp.ListKind;
import io.watchgate.routing.Merged.Target;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What all members of a router offer together, and who has what.
final class Catalog {
  private static final Logger log = LoggerFactory.getLogger(Catalog.class);

  /// Views that clients have at a time; more is possible and only costs merging anew.
  private static final int MAX_RECENT = 8;

  private final List<Member> members;
  private final String separator;
  private final Map<ListKind, Deque<Merged>> merged = new EnumMap<>(ListKind.class);

  Catalog(List<Member> members, String separator) {
    this.members = members;
    this.separator = separator;
  }

  /// The merged list for one client; members that are down or slow are in it with what is known.
  Offering offering(ListKind kind, Session session) throws InterruptedException {
    boolean current = members.stream().allMatch(m -> m.lists(session).isCurrent(kind));
    var parts =
        current
            ? members.stream().map(m -> m.lists(session).snapshot(kind)).toList()
            : FanOut.all(members, member -> member.lists(session).get(kind));
    var hints = parts.stream().map(Snapshot::hints).reduce(Hints::and).orElse(Hints.NONE);
    return new Offering(merge(kind, parts.stream().map(Snapshot::listing).toList()), hints);
  }

  /// A merged list, and for how long and for whom it may be kept.
  record Offering(Merged list, Hints hints) {}

  /// The merged list as far as it says who has what.
  Merged lookUp(ListKind kind, Session session) throws InterruptedException {
    return isFresh(kind, session)
        ? known(kind, session)
        : merge(kind, FanOut.all(members, member -> member.lists(session).lookUp(kind)));
  }

  /// The merged list as the client may have seen it, empty when it cannot have.
  Optional<Merged> seen(ListKind kind, Session session) {
    var parts = members.stream().map(member -> member.offers().seen(session)).toList();
    return parts.stream().flatMap(Optional::stream).anyMatch(lists -> lists.isKnown(kind))
        ? Optional.of(
            merge(
                kind,
                parts.stream()
                    .map(part -> part.map(lists -> lists.known(kind)).orElse(Listing.EMPTY))
                    .toList()))
        : Optional.empty();
  }

  private Merged known(ListKind kind, Session session) {
    return merge(kind, members.stream().map(m -> m.lists(session).known(kind)).toList());
  }

  private boolean isFresh(ListKind kind, Session session) {
    return members.stream().allMatch(member -> member.lists(session).isFresh(kind));
  }

  /// Clients to whom the servers offer the same share one merged list.
  private Merged merge(ListKind kind, List<Listing> parts) {
    synchronized (merged) {
      var recent = merged.computeIfAbsent(kind, _ -> new ArrayDeque<>());
      for (var known : recent) {
        if (isMadeOf(known, parts)) {
          return known;
        }
      }
      var made = Merged.of(kind, members, parts);
      report(kind, recent.peekFirst(), made);
      recent.addFirst(made);
      if (recent.size() > MAX_RECENT) {
        recent.removeLast();
      }
      return made;
    }
  }

  @SuppressWarnings("ReferenceEquality") // a list that was not read anew is the same object
  private static boolean isMadeOf(Merged merged, List<Listing> parts) {
    for (int i = 0; i < parts.size(); i++) {
      if (merged.parts().get(i) != parts.get(i)) {
        return false;
      }
    }
    return true;
  }

  private static void report(ListKind kind, @Nullable Merged last, Merged next) {
    if (last == null || !last.hidden().equals(next.hidden())) {
      for (var target : next.hidden()) {
        log.warn(
            "{}: \"{}\" of server \"{}\" is hidden, because a server before it in the configuration"
                + " has the same name",
            kind.member(),
            target.original(),
            target.member().name());
      }
    }
  }

  /// Who has a tool or a prompt.
  ///
  /// @throws Rejection when nobody has it, or the one who may have it was just now not reached
  Target owner(ListKind kind, String exposed, Session session) throws InterruptedException {
    var candidates = candidates(exposed); // the first that has it, as in the merged list
    for (var candidate : candidates) {
      var lists = candidate.member().lists(session);
      if (lists.lookUp(kind).has(candidate.original())) {
        lists.requireReached(kind);
        return candidate;
      }
    }
    // A longer prefix says more: `a__b__` before `a__` before none.
    candidates.sort(
        Comparator.comparingInt((Target target) -> target.member().prefix().length()).reversed());
    for (var candidate : candidates) {
      var lists = candidate.member().lists(session);
      boolean isAsked = lists.known(kind).problem().isPresent(); // just now, and in vain
      var listing = isAsked ? lists.known(kind) : lists.reread(kind);
      if (listing.has(candidate.original()) || listing.problem().isPresent()) {
        lists.requireReached(kind);
        return candidate; // a server that cannot say what it has says itself why it cannot answer
      }
    }
    throw unknown(kind, exposed);
  }

  /// Where a name could lead: the members whose prefix it has, in their order.
  private List<Target> candidates(String exposed) {
    var candidates = new ArrayList<Target>();
    for (var member : members) {
      if (exposed.startsWith(member.prefix())) {
        candidates.add(new Target(member, exposed.substring(member.prefix().length())));
      }
    }
    if (members.size() == 1) {
      var only = members.getFirst();
      var longForm = only.name() + separator;
      if (only.prefix().isEmpty() && exposed.startsWith(longForm)) {
        candidates.add(new Target(only, exposed.substring(longForm.length())));
      }
    }
    return candidates;
  }

  private Rejection unknown(ListKind kind, String exposed) {
    int end = exposed.indexOf(separator);
    var server = end > 0 ? exposed.substring(0, end) : "";
    boolean prefixes = members.size() > 1;
    if (prefixes && !server.isEmpty() && members.stream().noneMatch(m -> m.name().equals(server))) {
      return new Rejection(new UnknownServer(server, names()));
    }
    return new Rejection(new UnknownTool(kind == ListKind.TOOLS ? "tool" : "prompt", exposed));
  }

  private String names() {
    return members.stream().map(Member::name).collect(Collectors.joining(", "));
  }

  /// Who has a resource for certain: by its alias, a list, or a template.
  Optional<Target> resourceOwner(String uri, Session session) throws InterruptedException {
    if (uri.startsWith(Merged.ALIAS)) {
      return aliased(uri);
    }
    if (members.size() == 1) {
      return Optional.of(new Target(members.getFirst(), uri));
    }
    var listed = lookUp(ListKind.RESOURCES, session).owners().get(uri);
    if (listed != null) {
      return Optional.of(listed);
    }
    return lookUp(ListKind.TEMPLATES, session).owners().values().stream()
        .filter(template -> UriTemplate.matches(template.original(), uri))
        .map(template -> new Target(template.member(), uri))
        .findFirst();
  }

  private Optional<Target> aliased(String alias) {
    var path = alias.substring(Merged.ALIAS.length());
    int slash = path.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    var name = path.substring(0, slash);
    var uri = decoded(path.substring(slash + 1));
    return uri.isEmpty() ? Optional.empty() : member(name).map(m -> new Target(m, uri.get()));
  }

  private static Optional<String> decoded(String encoded) {
    try {
      return Optional.of(URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // a % that is followed by no two digits
    }
  }

  private Optional<Member> member(String name) {
    return members.stream().filter(member -> member.name().equals(name)).findFirst();
  }

  /// The URI under which clients know a member's resource.
  String exposedUri(String server, String uri) {
    var alias = Merged.alias(server, uri);
    synchronized (merged) {
      var resources = merged.get(ListKind.RESOURCES);
      return resources != null && resources.getFirst().owners().containsKey(alias) ? alias : uri;
    }
  }
}
