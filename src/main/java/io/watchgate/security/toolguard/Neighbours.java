package io.watchgate.security.toolguard;

import io.watchgate.jsonrpc.JsonCursor;
import io.watchgate.scanning.Skeleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the other servers have, as their pins say: names that look like theirs, and words about
/// their tools.
final class Neighbours {
  private static final int SHORTEST_MENTION = 6;

  private final Map<String, DefinitionId> ids = new HashMap<>();
  private final Map<String, String> owners = new HashMap<>();
  private final Map<String, String> mentionable = new HashMap<>();
  private final Set<String> own = new HashSet<>();

  private Neighbours() {}

  /// @param server whose definitions are looked at
  static Neighbours of(PinStore store, String server) throws IOException {
    var neighbours = new Neighbours();
    for (var other : store.servers()) {
      for (var id : store.of(other).pins().forms().keySet()) {
        if (id.kind() == Kind.TOOL || id.kind() == Kind.PROMPT) {
          neighbours.add(other, id, other.equals(server));
        }
      }
    }
    return neighbours;
  }

  private void add(String server, DefinitionId id, boolean isOwn) {
    if (isOwn) {
      own.add(id.name());
      return;
    }
    var looks = id.kind().word() + " " + Skeleton.of(id.name());
    ids.putIfAbsent(looks, id);
    owners.putIfAbsent(looks, server);
    if (id.kind() == Kind.TOOL && isDistinctive(id.name())) {
      mentionable.putIfAbsent(id.name(), server);
    }
  }

  /// A tool called `search` is no reason to think that every search is one by it.
  private static boolean isDistinctive(String name) {
    boolean hasParts = name.indexOf('_') > 0 || name.indexOf('-') > 0;
    boolean hasHumps =
        !name.equals(name.toLowerCase(Locale.ROOT))
            && name.chars().skip(1).anyMatch(Character::isUpperCase);
    return name.length() >= SHORTEST_MENTION && (hasParts || hasHumps);
  }

  /// Says whose name a name looks like without being it. The same name is no sign: clients know
  /// tools by the names of their servers, too.
  Optional<String> lookalike(DefinitionId id) {
    var looks = id.kind().word() + " " + Skeleton.of(id.name());
    var other = ids.get(looks);
    return other == null || other.name().equals(id.name())
        ? Optional.empty()
        : Optional.of(
            "looks like the %s \"%s\" of server \"%s\""
                .formatted(id.kind().word(), other.name(), owners.get(looks)));
  }

  /// Says which tools of others a definition speaks of.
  List<String> mentions(Definition definition) {
    var found = new ArrayList<String>();
    var cursor = definition.json().cursor();
    while (cursor.next()) {
      if (cursor.kind() == JsonCursor.Kind.STRING) {
        mentions(cursor.text(), found);
      }
    }
    return found.stream().distinct().toList();
  }

  private void mentions(String text, List<String> found) {
    int start = -1;
    for (int at = 0; at <= text.length(); at++) {
      if (at < text.length() && isOfName(text.charAt(at))) {
        start = start < 0 ? at : start;
      } else if (start >= 0) {
        owner(text.substring(start, at)).ifPresent(found::add);
        start = -1;
      }
    }
  }

  private static boolean isOfName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
  }

  private Optional<String> owner(String word) {
    if (own.contains(word)) {
      return Optional.empty();
    }
    for (int from = 0; from >= 0; from = next(word, from)) {
      var server = mentionable.get(word.substring(from));
      boolean isNamed = server != null && (from == 0 || word.substring(0, from).contains(server));
      if (isNamed && !own.contains(word.substring(from))) {
        return Optional.of(
            "speaks of \"%s\" of server \"%s\"".formatted(word.substring(from), server));
      }
    }
    return Optional.empty();
  }

  /// Where a name may begin behind that of its server.
  private static int next(String word, int from) {
    int at = word.indexOf('_', from);
    return at < 0 || at + 1 >= word.length() ? -1 : at + 1;
  }
}
