package io.watchgate.security.toolguard;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.JsonCursor;
import io.watchgate.plugin.Content;
import io.watchgate.scanning.Detector;
import io.watchgate.scanning.Disguise;
import io.watchgate.scanning.Finding;
import io.watchgate.scanning.Hit;
import io.watchgate.scanning.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Finds orders to the model in what is no place for orders: every text and every key of a
/// definition.
final class Poison implements Detector {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_READ_OTHERWISE = 20_000;
  private static final int MOST_SAID = 5;

  private static final int LONGEST_KEPT = 80;
  private static final int MOST_KEPT = 4096;

  /// Short texts that were looked at: most of what schemas say is said again and again.
  private final Set<String> harmless = ConcurrentHashMap.newKeySet();

  /// What is read when the first definition comes, and not while clients wait for the start.
  private static final class Loaded {
    private static final Signs SIGNS = Signs.load();
  }

  /// By which signs it looks.
  String signs() {
    return Loaded.SIGNS.version();
  }

  /// What a definition gives away, and where; empty when there is nothing.
  List<String> in(Json definition) {
    if (definition.length() > MAX_BYTES) {
      return List.of("has %d bytes, too many to be looked through".formatted(definition.length()));
    }
    var wrapped = Json.object("definition", definition);
    var said = new ArrayList<>(hidden(wrapped));
    Scan.of(Content.result(wrapped), List.of(this)).hits().forEach(hit -> said.add(said(hit)));
    if (!said.isEmpty()) {
      return said.stream().distinct().limit(MOST_SAID).toList();
    }
    var together = together(definition);
    return Loaded.SIGNS
        .worst(together)
        .map(finding -> List.of(finding.type() + " (in several places together)"))
        .orElse(List.of());
  }

  private static List<String> hidden(Json wrapped) {
    var said = new ArrayList<String>();
    for (var cursor = wrapped.cursor(); cursor.next(); ) {
      if (cursor.kind() != JsonCursor.Kind.NUMBER) {
        var how = HiddenText.in(cursor.text());
        if (how.isPresent()) {
          boolean isKey = cursor.kind() == JsonCursor.Kind.KEY;
          said.add(how.get() + " at " + place(cursor.pointer(), isKey));
        }
      }
    }
    return said;
  }

  private static String said(Hit hit) {
    return hit.type()
        + " at "
        + place(hit.pointer(), hit.isKey())
        + (hit.disguise() == Disguise.NONE ? "" : " (disguised)");
  }

  private static String place(String pointer, boolean isKey) {
    var place = pointer.substring(Math.min(pointer.length(), "/definition".length()));
    return (isKey ? "the key of " : "") + (place.isEmpty() ? "/" : Printable.of(place, 200));
  }

  /// All texts one after the other: an order may be given in parts.
  private static String together(Json definition) {
    var all = new StringBuilder();
    for (var cursor = definition.cursor(); cursor.next(); ) {
      if (cursor.kind() == JsonCursor.Kind.STRING) {
        all.append(cursor.text()).append('\n');
      }
    }
    return all.toString();
  }

  @Override
  public List<Finding> find(String text) {
    if (harmless.contains(text)) {
      return List.of();
    }
    var found = Loaded.SIGNS.worst(text);
    if (found.isPresent()) {
      return List.of(found.get());
    }
    var otherwise = otherwise(text);
    if (otherwise.isEmpty() && text.length() <= LONGEST_KEPT) {
      if (harmless.size() >= MOST_KEPT) {
        harmless.clear();
      }
      harmless.add(text);
    }
    return otherwise;
  }

  private List<Finding> otherwise(String text) {
    return text.length() > MAX_READ_OTHERWISE
        ? List.of()
        : Readings.of(text).stream()
            .flatMap(reading -> Loaded.SIGNS.worst(reading.text(), reading.odd()).stream())
            .map(finding -> new Finding(finding.type(), 0, text.length(), finding.score()))
            .limit(1)
            .toList();
  }
}
