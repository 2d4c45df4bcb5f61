package io.watchgate.agents.models;

import io.watchgate.agents.models.Conversation.Answered;
import io.watchgate.agents.models.Conversation.Asked;
import io.watchgate.agents.models.Conversation.Returned;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// A model without a mind, for demonstrations and tests: calls each tool whose name is in the
/// question, with the JSON object behind the name as arguments, or else the first tool that there
/// is; then answers with what came of it. Says the same each time.
public final class EchoModel implements Model {
  private static final int CHARACTERS_A_TOKEN = 4;

  /// Braces that are tried as the end of arguments: a question may consist of them.
  private static final int MAX_BRACES = 32;

  @Override
  public Turn next(Conversation conversation, Wish wish) {
    var returned =
        conversation.parts().stream()
            .filter(Returned.class::isInstance)
            .map(Returned.class::cast)
            .toList();
    var question = question(conversation);
    var uses =
        returned.isEmpty() && wish.mayCall() ? uses(question, wish.tools()) : List.<ToolUse>of();
    var text = uses.isEmpty() ? answer(question, returned) : "";
    if (!text.isEmpty()) {
      wish.text().accept(text);
    }
    return new Turn(text, uses, tokens(conversation, text));
  }

  private static String question(Conversation conversation) {
    return conversation.parts().stream()
        .filter(Asked.class::isInstance)
        .map(part -> ((Asked) part).text())
        .findFirst()
        .orElse("");
  }

  /// A name of a tool in the question.
  private record Mention(int at, ToolSpec tool) {}

  private static List<ToolUse> uses(String question, List<ToolSpec> tools) {
    var mentions = new ArrayList<Mention>();
    for (var tool : tools) {
      int at = question.indexOf(tool.name());
      if (at >= 0) {
        mentions.add(new Mention(at, tool));
      }
    }
    mentions.sort(Comparator.comparingInt(Mention::at));
    var uses = new ArrayList<ToolUse>();
    for (var mention : mentions) {
      var behind = question.substring(mention.at + mention.tool.name().length()).strip();
      var arguments =
          behind.startsWith("{") ? object(behind) : Guess.arguments(mention.tool, question);
      uses.add(new ToolUse("use-" + (uses.size() + 1), mention.tool.name(), arguments));
    }
    if (uses.isEmpty() && !tools.isEmpty()) {
      var first = tools.getFirst();
      uses.add(new ToolUse("use-1", first.name(), Guess.arguments(first, question)));
    }
    return uses;
  }

  /// The JSON object that a text begins with, a text when it is none.
  private static Json object(String text) {
    int end = text.indexOf('}');
    for (int tried = 0; end >= 0 && tried < MAX_BRACES; tried++) {
      try {
        var bytes = text.substring(0, end + 1).getBytes(StandardCharsets.UTF_8);
        return Json.parse(bytes, Limits.DEFAULT);
      } catch (MalformedMessage _) {
        end = text.indexOf('}', end + 1);
      }
    }
    return Json.string(text);
  }

  private static String answer(String question, List<Returned> returned) {
    if (returned.isEmpty()) {
      return "You asked: " + question;
    }
    return returned.stream()
        .flatMap(part -> part.results().stream())
        .map(result -> result.name() + (result.isError() ? " failed: " : " says: ") + result.text())
        .collect(Collectors.joining("\n"));
  }

  private static Tokens tokens(Conversation conversation, String said) {
    long read = conversation.instructions().length();
    for (var part : conversation.parts()) {
      read +=
          switch (part) {
            case Asked(var text) -> text.length();
            case Answered(var turn) -> turn.text().length();
            case Returned(var results) ->
                results.stream().mapToLong(result -> result.text().length()).sum();
          };
    }
    return new Tokens(read / CHARACTERS_A_TOKEN, said.length() / CHARACTERS_A_TOKEN);
  }
}
