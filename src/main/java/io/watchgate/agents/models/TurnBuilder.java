package io.watchgate.agents.models;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Puts a turn together out of the pieces in which it comes. For one thread.
final class TurnBuilder {
  private static final int CHARACTERS_A_TOKEN = 4;

  /// Uses of tools in one turn, by a provider that counts them.
  private static final int MOST_USES = 1000;

  private final WireNames names;
  private final Consumer<String> listener;
  private final StringBuilder text = new StringBuilder();
  private final Map<Integer, Use> uses = new TreeMap<>();
  private long input;
  private long output;

  /// @param listener hears the text as it comes
  TurnBuilder(WireNames names, Consumer<String> listener) {
    this.names = names;
    this.listener = listener;
  }

  /// A use of a tool that is still being said.
  private static final class Use {
    private String id = "";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();
  }

  void text(String more) {
    if (!more.isEmpty()) {
      text.append(more);
      listener.accept(more);
    }
  }

  /// A piece of a use of a tool.
  ///
  /// @param index tells it from others of the turn
  /// @param id empty when it was said before
  /// @param name empty when it was said before
  void use(int index, String id, String name, String arguments) {
    if (uses.size() >= MOST_USES && !uses.containsKey(index)) {
      return;
    }
    var use = uses.computeIfAbsent(index, _ -> new Use());
    use.id = id.isEmpty() ? use.id : id;
    use.name = name.isEmpty() ? use.name : name;
    use.arguments.append(arguments);
  }

  void input(long tokens) {
    input = tokens;
  }

  void output(long tokens) {
    output = tokens;
  }

  /// @param asked characters of the request, which tell its tokens where the provider does not
  Turn turn(int asked) {
    var all = new ArrayList<ToolUse>();
    long said = text.length();
    for (var use : uses.entrySet()) {
      var written = use.getValue();
      said += written.arguments.length();
      var id = written.id.isEmpty() ? "use-" + use.getKey() : written.id;
      all.add(new ToolUse(id, names.inward(written.name), arguments(written.arguments.toString())));
    }
    var tokens =
        input + output > 0
            ? new Tokens(input, output)
            : new Tokens(asked / CHARACTERS_A_TOKEN, said / CHARACTERS_A_TOKEN);
    return new Turn(text.toString(), List.copyOf(all), tokens);
  }

  /// What a model wrote as arguments; a text when that is no JSON.
  private static Json arguments(String written) {
    if (written.isBlank()) {
      return Json.EMPTY_OBJECT;
    }
    try {
      return Json.parse(written.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    } catch (MalformedMessage _) {
      return Json.string(written);
    }
  }
}
