package io.watchgate.security.toolguard;

import io.watchgate.jsonrpc.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// What one form of a definition says that another does not, value by value, to be read by people.
final class DefinitionDiff {
  private static final int MAX_LINES = 60;
  private static final int LONGEST = 400;
  private static final int CONTEXT = 40;

  private final List<String> lines = new ArrayList<>();

  private DefinitionDiff() {}

  static List<String> of(Json before, Json after) {
    var diff = new DefinitionDiff();
    var old = leaves(before);
    var now = leaves(after);
    var places = new LinkedHashSet<>(old.keySet());
    places.addAll(now.keySet());
    for (var place : places) {
      diff.compare(place, old.getOrDefault(place, ""), now.getOrDefault(place, ""));
    }
    return diff.lines.size() <= MAX_LINES ? diff.lines : diff.cut();
  }

  private List<String> cut() {
    var cut = new ArrayList<>(lines.subList(0, MAX_LINES));
    cut.add("… and %d lines more".formatted(lines.size() - MAX_LINES));
    return cut;
  }

  private void compare(String place, String before, String after) {
    if (before.equals(after)) {
      return;
    }
    lines.add(Printable.of(place.isEmpty() ? "/" : place, LONGEST));
    int same = 0;
    int most = Math.min(before.length(), after.length());
    while (same < most && before.charAt(same) == after.charAt(same)) {
      same++;
    }
    int from = same - CONTEXT <= CONTEXT ? 0 : same - CONTEXT;
    if (!before.isEmpty()) {
      lines.add("  - " + part(before, from));
    }
    if (!after.isEmpty()) {
      lines.add("  + " + part(after, from));
    }
  }

  private static String part(String text, int from) {
    return (from > 0 ? "…" : "") + Printable.of(text.substring(from), LONGEST);
  }

  /// All values that hold no others, as JSON, by their JSON pointers.
  private static Map<String, String> leaves(Json value) {
    var leaves = new LinkedHashMap<String, String>();
    collect(value, "", leaves);
    return leaves;
  }

  private static void collect(Json value, String place, Map<String, String> leaves) {
    var members = value.members();
    var elements = value.elements();
    for (var member : members) {
      var key = member.key().replace("~", "~0").replace("/", "~1");
      collect(member.value(), place + "/" + key, leaves);
    }
    for (int i = 0; i < elements.size(); i++) {
      collect(elements.get(i), place + "/" + i, leaves);
    }
    if (members.isEmpty() && elements.isEmpty()) {
      leaves.put(place, value.isString() ? "\"" + value.text() + "\"" : value.toString());
    }
  }
}
