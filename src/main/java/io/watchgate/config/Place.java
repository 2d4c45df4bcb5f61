package io.watchgate.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A value that is being read: what is there, what its path is, and where to report.
record Place(Yaml value, String path, Places places, Problems problems) {

  /// Reads the value, unless it is known to be missing.
  <T> Optional<T> read(Type<T> type) {
    var isUnresolved = value instanceof Yaml.Scalar scalar && scalar.kind() == Yaml.Kind.UNRESOLVED;
    return isUnresolved ? Optional.empty() : type.read(this);
  }

  void problem(String message) {
    problems.add(value.at(), path, message);
  }

  /// A problem of a name, with the nearest known one.
  void problem(String message, String written, Collection<String> known) {
    problems.add(value.at(), path, message, NearestName.of(written, known));
  }

  void expected(String what) {
    problem("expected " + what + ", not " + value.described());
  }

  Place entry(Yaml.Entry entry) {
    return new Place(entry.value(), YamlFrame.join(path, entry.key()), places, problems);
  }

  /// An empty mapping at this place.
  Place empty() {
    return new Place(new Yaml.Mapping(List.of(), value.at()), path, places, problems);
  }

  /// The elements of a sequence, none when the value is another thing.
  List<Place> items() {
    List<Place> items = new ArrayList<>();
    if (value instanceof Yaml.Sequence sequence) {
      for (var item : sequence.items()) {
        items.add(new Place(item, path + "[" + items.size() + "]", places, problems));
      }
    }
    return items;
  }
}
