package io.watchgate.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A collection that is still being read, and the ones around it.
final class YamlFrame {
  private static final int LONGEST_KEY = 256;

  private final @Nullable YamlFrame parent;
  private final boolean isSequence;
  private final Optional<String> anchor;
  private final Position at;
  private final String path;
  private final int depth;
  private final List<Yaml> items = new ArrayList<>();
  private final Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
  private final List<Yaml> merged = new ArrayList<>();
  private Yaml.@Nullable Scalar key;
  private boolean isKeyNext = true;
  private boolean isKeyUsable;
  private int size = 1;
  private int height = 1;

  private YamlFrame(
      @Nullable YamlFrame parent, boolean isSequence, Optional<String> anchor, Position at) {
    this.parent = parent;
    this.isSequence = isSequence;
    this.anchor = anchor;
    this.at = at;
    this.path = parent == null ? "" : parent.childPath();
    this.depth = parent == null ? 0 : parent.depth + 1;
  }

  static YamlFrame root() {
    return new YamlFrame(null, true, Optional.empty(), Position.START);
  }

  YamlFrame open(boolean sequence, Optional<String> name, Position start) {
    return new YamlFrame(this, sequence, name, start);
  }

  boolean isRoot() {
    return parent == null;
  }

  YamlFrame parent() {
    return parent == null ? this : parent;
  }

  Optional<String> anchor() {
    return anchor;
  }

  int depth() {
    return depth;
  }

  int size() {
    return size;
  }

  Optional<Yaml> document() {
    return items.isEmpty() ? Optional.empty() : Optional.of(items.getFirst());
  }

  /// True when this collection or one around it carries the anchor.
  boolean isInside(String name) {
    for (var frame = this; frame != null; frame = frame.parent) {
      if (frame.anchor.filter(name::equals).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /// The path of the value that comes next.
  String childPath() {
    if (isRoot()) {
      return "";
    } else if (isSequence) {
      return path + "[" + items.size() + "]";
    }
    return key == null || isKeyNext ? path : join(path, key.text());
  }

  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  void add(Finished value, Problems problems) {
    size += value.size();
    height = Math.max(height, value.height() + 1);
    if (isSequence) {
      items.add(value.value());
    } else if (isKeyNext) {
      addKey(value.value(), problems);
      isKeyNext = false;
    } else {
      addValue(value.value());
      isKeyNext = true;
    }
  }

  private void addKey(Yaml value, Problems problems) {
    key = value instanceof Yaml.Scalar scalar ? scalar : null;
    if (key != null && key.text().length() > LONGEST_KEY) {
      var length = key.text().length();
      key = null;
      isKeyUsable = false;
      problems.add(
          value.at(),
          path,
          "the key has " + length + " characters, " + LONGEST_KEY + " are allowed");
      return;
    }
    isKeyUsable = key != null && !entries.containsKey(key.text());
    if (key == null) {
      problems.add(value.at(), path, "a key must be a text, not " + value.described());
    } else if (!isKeyUsable) {
      var first = entries.get(key.text());
      var line = first == null ? 0 : first.keyAt().line();
      problems.add(
          key.at(), join(path, key.text()), "duplicate key, first written in line " + line);
    }
  }

  private void addValue(Yaml value) {
    if (key == null || !isKeyUsable) {
      return;
    }
    if (key.text().equals("<<")) {
      merged.add(value);
    } else {
      entries.put(key.text(), new Yaml.Entry(key.text(), key.at(), value));
    }
  }

  Finished finish(Problems problems) {
    if (isSequence) {
      return new Finished(new Yaml.Sequence(List.copyOf(items), at), size, height);
    }
    merged.forEach(value -> merge(value, problems));
    return new Finished(
        new Yaml.Mapping(List.copyOf(entries.values()), at),
        Math.max(size, entries.size()),
        height);
  }

  /// `<<: *defaults`, the merge key of YAML 1.1, which Gatekit's loader knows.
  private void merge(Yaml value, Problems problems) {
    switch (value) {
      case Yaml.Mapping mapping ->
          mapping.entries().forEach(entry -> entries.putIfAbsent(entry.key(), entry));
      case Yaml.Sequence sequence -> sequence.items().forEach(item -> merge(item, problems));
      case Yaml.Scalar scalar ->
          problems.add(
              scalar.at(), path, "<< takes a mapping or an alias, not " + scalar.described());
    }
  }

  /// A value with what it costs to walk it, aliases counted each time.
  record Finished(Yaml value, int size, int height) {
    static Finished one(Yaml.Scalar scalar) {
      return new Finished(scalar, 1, 0);
    }
  }
}
