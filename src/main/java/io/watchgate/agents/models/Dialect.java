package io.watchgate.agents.models;

import io.watchgate.agents.models.Model.Wish;
import io.watchgate.jsonrpc.Json;
import java.util.Map;

/// How the API of a provider puts things.
interface Dialect {
  /// Of a count that is one.
  int MOST_DIGITS = 9;

  /// Where the API begins, where the settings do not say so.
  String baseUrl();

  /// Behind that.
  String path();

  /// Which say who asks.
  ///
  /// @param key empty for none
  Map<String, String> headers(String key);

  /// A request for the next turn, as a stream.
  Json request(ModelSettings settings, Conversation conversation, Wish wish, WireNames names);

  /// Reads one answer of a model.
  Reader reader(String model, TurnBuilder turn);

  /// Takes the events of one answer.
  interface Reader {
    /// Takes the data of one event.
    ///
    /// @throws ModelFailure when it says that there will be no answer
    void accept(Json data) throws ModelFailure;

    /// The provider says that no event follows.
    default void end() {}

    /// Whether the answer has been said to its end.
    boolean isComplete();

    /// Whether no event follows.
    boolean isOver();
  }

  /// A count, 0 where there is none.
  static long number(Json object, String key) {
    var written = object.member(key).map(Json::toString).orElse("0");
    boolean isCount =
        written.length() <= MOST_DIGITS && written.chars().allMatch(c -> c >= '0' && c <= '9');
    return isCount ? Long.parseLong(written) : 0;
  }

  /// Why the provider cannot answer, in its own words, which are cut.
  static ModelFailure failure(String model, Json error) {
    var words =
        error.textMember("message").or(() -> error.textMember("type")).orElseGet(error::toString);
    var cut = words.length() <= 300 ? words : words.substring(0, 300) + "…";
    return new ModelFailure("model \"%s\" failed: %s".formatted(model, cut));
  }
}
