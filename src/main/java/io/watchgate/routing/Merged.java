package io.watchgate.routing;

import io.watchgate.flow.Call;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.MirroredArguments;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/// One list of all members under the names that clients see.
///
/// @param kind which list
/// @param parts the members' lists that it was made from, in the members' order
/// @param owners who has what is exposed under a name
/// @param hidden what is not exposed, because its name was taken
/// @param pages the entries in their order, at least one array
/// @param version what tells these pages from others, the same for equal ones
/// @param unavailable why members' entries may be out of date, by their names; empty for none
record Merged(
    ListKind kind,
    List<Listing> parts,
    Map<String, Target> owners,
    List<Target> hidden,
    List<Json> pages,
    long version,
    Optional<Json> unavailable) {
  static final String ALIAS = "watchgate://";

  /// Larger lists go out in several pages.
  static final int MAX_PAGE_ENTRIES = 1_000;

  static final int MAX_PAGE_BYTES = 4 << 20;

  /// A member and the name under which it knows something.
  record Target(Member member, String original) {

    /// Takes a call under the exposed name to the member under its own.
    ///
    /// @param field where the call has the name
    Reply send(Call call, Field field, String exposed) throws InterruptedException {
      var message =
          exposed.equals(original)
              ? call.request()
              : call.request().with(field, Json.string(original));
      var reply = member.forward(call.with(message));
      return reply instanceof Reply.Answered(var response)
          ? new Reply.Answered(Names.outward(this, exposed, response))
          : reply;
    }

    /// Whether this is a tool that the member's list has now.
    boolean isListed(Session session) {
      return member.lists(session).known(ListKind.TOOLS).has(original);
    }

    /// Whether this is a tool that may be called twice without harm, by its own account.
    boolean isIdempotent(Session session) {
      return member.lists(session).known(ListKind.TOOLS).isIdempotent(original);
    }

    /// What headers must repeat of the arguments, when this is a tool.
    MirroredArguments mirrored(Session session) {
      return member
          .lists(session)
          .known(ListKind.TOOLS)
          .mirrored()
          .getOrDefault(original, MirroredArguments.NONE);
    }
  }

  static Merged of(ListKind kind, List<Member> members, List<Listing> parts) {
    var owners = new LinkedHashMap<String, Target>();
    var hidden = new ArrayList<Target>();
    var entries = new ArrayList<Json>();
    for (int i = 0; i < members.size(); i++) {
      var member = members.get(i);
      for (var entry : parts.get(i).entries().entrySet()) {
        var target = new Target(member, entry.getKey());
        var exposed = exposed(kind, target, owners);
        if (owners.putIfAbsent(exposed, target) != null) {
          hidden.add(target);
        } else if (exposed.equals(entry.getKey())) {
          entries.add(entry.getValue());
        } else {
          entries.add(entry.getValue().with(kind.key(), Json.string(exposed)));
        }
      }
    }
    var pages = pages(entries);
    return new Merged(
        kind, parts, owners, hidden, pages, version(pages), unavailable(members, parts));
  }

  /// Names get the member's prefix; a URI stays as it is unless another member lists it too.
  private static String exposed(ListKind kind, Target target, Map<String, Target> owners) {
    return switch (kind) {
      case TOOLS, PROMPTS -> target.member().prefix() + target.original();
      case RESOURCES -> alias(target, owners);
      case TEMPLATES -> target.original();
    };
  }

  private static String alias(Target target, Map<String, Target> owners) {
    return owners.containsKey(target.original())
        ? alias(target.member().name(), target.original())
        : target.original();
  }

  static String alias(String server, String uri) {
    var encoded = URLEncoder.encode(uri, StandardCharsets.UTF_8).replace("+", "%20");
    return ALIAS + server + "/" + encoded;
  }

  private static List<Json> pages(List<Json> entries) {
    var pages = new ArrayList<Json>();
    int from = 0;
    long bytes = 0;
    for (int at = 0; at < entries.size(); at++) {
      int length = entries.get(at).length();
      if (at > from && (at - from == MAX_PAGE_ENTRIES || bytes + length > MAX_PAGE_BYTES)) {
        pages.add(Json.array(entries.subList(from, at)));
        from = at;
        bytes = 0;
      }
      bytes += length;
    }
    pages.add(Json.array(entries.subList(from, entries.size())));
    return pages;
  }

  /// A digest of the pages; nobody asks for that of a single one.
  private static long version(List<Json> pages) {
    if (pages.size() == 1) {
      return 0;
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      pages.forEach(page -> digest.update(page.toBytes()));
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Optional<Json> unavailable(List<Member> members, List<Listing> parts) {
    var unavailable = new StringJoiner(",", "{", "}").setEmptyValue("");
    for (int i = 0; i < members.size(); i++) {
      var name = members.get(i).name();
      parts
          .get(i)
          .problem()
          .ifPresent(why -> unavailable.add(Json.string(name) + ":" + Json.string(why)));
    }
    return Optional.of(unavailable.toString()).filter(s -> !s.isEmpty()).map(Json::trusted);
  }
}
