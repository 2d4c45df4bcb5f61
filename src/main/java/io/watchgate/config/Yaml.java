package io.watchgate.config;

import java.util.List;

/// One value of a YAML or JSON file, with the place where it is written.
sealed interface Yaml {
  Position at();

  /// What the value is, as a message says it.
  String described();

  /// What a scalar is by the rules of YAML 1.2.
  enum Kind {
    TEXT,
    INTEGER,
    NUMBER,
    BOOLEAN,
    NULL,
    /// Text with a reference that was replaced: it is whatever its key wants it to be.
    REPLACED,
    /// Text with a reference that led nowhere; this was reported, the value is not looked at.
    UNRESOLVED
  }

  /// One word, number or text.
  ///
  /// @param text the value, with references replaced
  /// @param written the value as it is in the file, the only form that a message may show
  record Scalar(Kind kind, String text, String written, Position at) implements Yaml {
    private static final int SHOWN = 60;

    @Override
    public String described() {
      var shown = written.length() <= SHOWN ? written : written.substring(0, SHOWN) + "…";
      return switch (kind) {
        case TEXT, REPLACED, UNRESOLVED -> "the text \"" + shown + "\"";
        case INTEGER, NUMBER -> "the number " + shown;
        case BOOLEAN -> shown;
        case NULL -> "nothing";
      };
    }
  }

  record Sequence(List<Yaml> items, Position at) implements Yaml {
    @Override
    public String described() {
      return "a list";
    }
  }

  record Mapping(List<Entry> entries, Position at) implements Yaml {
    @Override
    public String described() {
      return "a mapping";
    }
  }

  record Entry(String key, Position keyAt, Yaml value) {}

  /// True when nothing was written after the key.
  default boolean isNull() {
    return this instanceof Scalar scalar && scalar.kind() == Kind.NULL;
  }
}
