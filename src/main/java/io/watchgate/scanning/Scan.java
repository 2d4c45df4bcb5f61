package io.watchgate.scanning;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.JsonCursor;
import io.watchgate.plugin.Content;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// What some detectors find in a content, in all of its keys, strings and long numbers, whatever
/// their disguise.
public final class Scan {
  private static final int MOST_POINTERS = 64;

  private final Json json;
  private final List<Place> places = new ArrayList<>();

  /// A key, string or number that something was found in, nothing of it overlapping.
  private record Place(
      int start, int end, int container, boolean isKey, String text, List<Hit> hits) {}

  private Scan(Json json) {
    this.json = json;
  }

  /// Runs detectors over all that a content says.
  public static Scan of(Content content, List<? extends Detector> detectors) {
    return of(content, detectors, _ -> true);
  }

  /// Runs detectors over some readings of all that a content says.
  public static Scan of(
      Content content, List<? extends Detector> detectors, Predicate<View> readings) {
    var leaves = content.derived(Leaves.class, Leaves::of);
    var scan = new Scan(leaves.json());
    leaves.forEach((cursor, views) -> {
      var hits = new ArrayList<Hit>(0);
      for (var view : views) {
        if (readings.test(view)) {
          scan.find(cursor, view, detectors, hits);
        }
      }
      if (!hits.isEmpty()) {
        scan.add(cursor, hits);
      }
    });
    return scan;
  }

  private void find(
      JsonCursor cursor, View view, List<? extends Detector> detectors, List<Hit> hits) {
    boolean isKey = cursor.kind() == JsonCursor.Kind.KEY;
    var key = isKey ? "" : cursor.key().orElse("");
    for (var detector : detectors) {
      for (var finding : detector.findIn(view, key)) {
        hits.add(
            new Hit(
                "",
                isKey,
                view.originStart(finding.start()),
                view.originEnd(finding.end()),
                finding.type(),
                view.disguise(),
                finding.score(),
                view.text().substring(finding.start(), finding.end())));
      }
    }
  }

  private void add(JsonCursor cursor, List<Hit> hits) {
    var pointer = places.size() < MOST_POINTERS ? cursor.pointer() : "";
    boolean isKey = cursor.kind() == JsonCursor.Kind.KEY;
    places.add(
        new Place(
            cursor.start(),
            cursor.end(),
            cursor.container(),
            isKey,
            cursor.text(),
            merged(hits, pointer)));
  }

  private static List<Hit> merged(List<Hit> hits, String pointer) {
    hits.sort(Comparator.comparingInt(Hit::start).thenComparingInt(hit -> -hit.end()));
    var merged = new ArrayList<Hit>(hits.size());
    for (var hit : hits) {
      boolean overlaps = !merged.isEmpty() && hit.start() < merged.getLast().end();
      var before = overlaps ? merged.removeLast() : hit;
      merged.add(union(before, hit, pointer));
    }
    return List.copyOf(merged);
  }

  /// Both as one, by the name of the surer one, of the first where both are as sure.
  private static Hit union(Hit one, Hit other, String pointer) {
    var surer = other.score() > one.score() ? other : one;
    return new Hit(
        pointer,
        surer.isKey(),
        Math.min(one.start(), other.start()),
        Math.max(one.end(), other.end()),
        surer.type(),
        surer.disguise(),
        surer.score(),
        surer.found());
  }

  public boolean isEmpty() {
    return places.isEmpty();
  }

  /// All finds in the order of the text, none overlapping another.
  public List<Hit> hits() {
    return places.stream().flatMap(place -> place.hits().stream()).toList();
  }

  /// The content with something else in place of all finds, and every other byte as it was.
  public Json redacted(Function<Hit, String> replacement) {
    var edits = new ArrayList<Json.Edit>(places.size());
    var keys = new HashMap<Integer, Map<Integer, String>>();
    for (var place : places) {
      var text = redacted(place, replacement);
      if (place.isKey()) {
        keys.computeIfAbsent(place.container(), _ -> new HashMap<>()).put(place.start(), text);
      } else {
        edits.add(new Json.Edit(place.start(), place.end(), Json.string(text)));
      }
    }
    if (!keys.isEmpty()) {
      edits.addAll(new KeyEdits(keys).edits(json));
    }
    return json.edited(edits);
  }

  private static String redacted(Place place, Function<Hit, String> replacement) {
    var text = new StringBuilder(place.text().length());
    int from = 0;
    for (var hit : place.hits()) {
      text.append(place.text(), from, hit.start()).append(replacement.apply(hit));
      from = hit.end();
    }
    return text.append(place.text(), from, place.text().length()).toString();
  }

  /// New keys in some objects, numbered where an object would have one twice.
  ///
  /// @param wanted by where the object begins and where the key begins
  private record KeyEdits(Map<Integer, Map<Integer, String>> wanted) {

    private List<Json.Edit> edits(Json json) {
      var taken = new HashMap<Integer, Set<String>>();
      forEachKey(
          json,
          (cursor, changed) -> {
            if (!changed.containsKey(cursor.start())) {
              taken.computeIfAbsent(cursor.container(), _ -> new HashSet<>()).add(cursor.text());
            }
          });
      var edits = new ArrayList<Json.Edit>();
      var counts = new HashMap<Integer, Map<String, Integer>>();
      forEachKey(
          json,
          (cursor, changed) -> {
            var key = changed.get(cursor.start());
            if (key != null) {
              var counted = counts.computeIfAbsent(cursor.container(), _ -> new HashMap<>());
              var others = taken.computeIfAbsent(cursor.container(), _ -> new HashSet<>());
              var free = free(key, counted, others);
              edits.add(new Json.Edit(cursor.start(), cursor.end(), Json.string(free)));
            }
          });
      return edits;
    }

    private void forEachKey(Json json, BiConsumer<JsonCursor, Map<Integer, String>> visitor) {
      for (var cursor = json.cursor(); cursor.next(); ) {
        var changed = cursor.kind() == JsonCursor.Kind.KEY ? wanted.get(cursor.container()) : null;
        if (changed != null) {
          visitor.accept(cursor, changed);
        }
      }
    }

    private static String free(String key, Map<String, Integer> counted, Set<String> taken) {
      var free = key;
      while (!taken.add(free)) {
        free = key + " " + (counted.merge(key, 1, Integer::sum) + 1);
      }
      return free;
    }
  }
}
