package io.watchgate.security.toolguard;

import io.watchgate.mcp.ListKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What kinds of things a server defines.
public enum Kind {
  TOOL(ListKind.TOOLS),
  PROMPT(ListKind.PROMPTS),
  RESOURCE(ListKind.RESOURCES),
  TEMPLATE(ListKind.TEMPLATES),
  /// What a server says of itself to the model, under an empty name.
  INSTRUCTIONS;

  private static final Map<String, Kind> BY_METHOD =
      Arrays.stream(values())
          .filter(kind -> kind.list.isPresent())
          .collect(Collectors.toMap(kind -> kind.list.orElseThrow().method(), kind -> kind));

  private final Optional<ListKind> list;

  Kind(ListKind list) {
    this.list = Optional.of(list);
  }

  Kind() {
    this.list = Optional.empty();
  }

  /// The list that such things are in.
  Optional<ListKind> list() {
    return list;
  }

  static Optional<Kind> listedBy(String method) {
    return Optional.ofNullable(BY_METHOD.get(method));
  }

  static Optional<Kind> named(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
