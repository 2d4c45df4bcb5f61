package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The parts of a JSON value that paths lead to, in the shape of the whole: objects have fewer
/// members, arrays fewer elements. A path is `$` with steps behind it: `.name`, `['any name']`,
/// `[0]`, `[0:10]`, and `.*` or `[*]` for all.
final class JsonSelection {
  private static final int MOST_STEPS = 32;

  private final List<List<Step>> paths;

  private JsonSelection(List<List<Step>> paths) {
    this.paths = paths;
  }

  private sealed interface Step {
    record Member(String name) implements Step {}

    record Elements(int from, int to) implements Step {}

    record All() implements Step {}
  }

  /// @throws IllegalArgumentException when a text is no path, with the reason
  static JsonSelection of(List<String> paths) {
    return new JsonSelection(paths.stream().map(path -> new PathReader(path).read()).toList());
  }

  /// What is selected of a value, empty when nothing is.
  Optional<Json> in(Json value) {
    return kept(value, paths);
  }

  private static Optional<Json> kept(Json value, List<List<Step>> paths) {
    if (paths.isEmpty()) {
      return Optional.empty(); // and nobody looks further
    }
    if (paths.stream().anyMatch(List::isEmpty)) {
      return Optional.of(value);
    }
    return value.isObject() ? members(value, paths) : elements(value, paths);
  }

  private static Optional<Json> members(Json object, List<List<Step>> paths) {
    var kept = new ArrayList<>();
    for (var member : object.members()) {
      var further =
          further(
              paths,
              step ->
                  step instanceof Step.All
                      || (step instanceof Step.Member named && named.name.equals(member.key())));
      kept(member.value(), further)
          .ifPresent(value -> {
            kept.add(member.key());
            kept.add(value);
          });
    }
    return kept.isEmpty() ? Optional.empty() : Optional.of(Json.object(kept.toArray()));
  }

  private static Optional<Json> elements(Json array, List<List<Step>> paths) {
    var kept = new ArrayList<Json>();
    var elements = array.elements();
    for (int i = 0; i < elements.size(); i++) {
      int index = i;
      var further =
          further(
              paths,
              step ->
                  step instanceof Step.All
                      || (step instanceof Step.Elements some
                          && some.from <= index
                          && index < some.to));
      kept(elements.get(i), further).ifPresent(kept::add);
    }
    return kept.isEmpty() ? Optional.empty() : Optional.of(Json.array(kept));
  }

  /// What is left of the paths that take a step.
  private static List<List<Step>> further(List<List<Step>> paths, Predicate<Step> takes) {
    return paths.stream()
        .filter(path -> takes.test(path.getFirst()))
        .map(path -> path.subList(1, path.size()))
        .toList();
  }

  /// Reads one path.
  private static final class PathReader {
    private final String path;
    private int at = 1;

    PathReader(String path) {
      this.path = path;
    }

    List<Step> read() {
      if (!path.startsWith("$")) {
        throw wrong("has to start with $");
      }
      var steps = new ArrayList<Step>();
      while (at < path.length()) {
        steps.add(step());
      }
      if (steps.size() > MOST_STEPS) {
        throw wrong("has more than " + MOST_STEPS + " steps");
      }
      return List.copyOf(steps);
    }

    private Step step() {
      char c = path.charAt(at++);
      if (c == '.') {
        var name = name();
        return name.equals("*") ? new Step.All() : new Step.Member(name);
      }
      if (c != '[') {
        throw wrong("has \"" + c + "\" where a step starts with . or [");
      }
      return at < path.length() && "'\"".indexOf(path.charAt(at)) >= 0 ? quoted() : numbered();
    }

    private String name() {
      int start = at;
      while (at < path.length() && ".[".indexOf(path.charAt(at)) < 0) {
        at++;
      }
      if (at == start) {
        throw wrong("has a step without a name");
      }
      return path.substring(start, at);
    }

    private Step quoted() {
      int end = path.indexOf(path.charAt(at) + "]", at + 1);
      if (end < 0) {
        throw wrong("has a name in brackets that does not end");
      }
      var name = path.substring(at + 1, end);
      at = end + 2;
      return new Step.Member(name);
    }

    private Step numbered() {
      int end = path.indexOf(']', at);
      if (end < 0) {
        throw wrong("has a bracket that is not closed");
      }
      var inside = path.substring(at, end);
      at = end + 1;
      if (inside.equals("*")) {
        return new Step.All();
      }
      int colon = inside.indexOf(':');
      if (colon < 0) {
        int index = number(inside);
        return new Step.Elements(index, index + 1);
      }
      var from = inside.substring(0, colon);
      var to = inside.substring(colon + 1);
      return new Step.Elements(
          from.isEmpty() ? 0 : number(from), to.isEmpty() ? Integer.MAX_VALUE : number(to));
    }

    private int number(String digits) {
      boolean isNumber =
          !digits.isEmpty()
              && digits.length() < 9
              && digits.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!isNumber) {
        throw wrong("has \"" + digits + "\" where a number, a range or * is expected");
      }
      return Integer.parseInt(digits);
    }

    private IllegalArgumentException wrong(String what) {
      return new IllegalArgumentException("the path " + path + " " + what);
    }
  }
}
