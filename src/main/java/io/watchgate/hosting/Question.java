package io.watchgate.hosting;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Content.Kind;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import org.jspecify.annotations.Nullable;

/// What a plugin is asked about a message.
record Question(Moment moment, Exchange exchange, Content content) {

  /// The same about what a plugin made of the message.
  Question about(Json other) {
    return new Question(moment, exchange, new Content(content.kind(), other));
  }

  /// Asks a plugin, on this thread.
  Verdict put(Plugin plugin) throws InterruptedException {
    return switch (moment) {
      case REQUEST -> plugin.onRequest(exchange, content);
      case RESPONSE -> plugin.onResponse(exchange, content);
      case NOTIFICATION -> plugin.onNotification(exchange, content);
      case SERVER_REQUEST -> plugin.onServerRequest(exchange, content);
    };
  }

  /// A verdict that may be given on this message.
  ///
  /// @param verdict as the plugin gave it: code that is not ours may return anything
  Verdict checked(@Nullable Verdict verdict) throws Unjudged {
    return switch (verdict) {
      case null -> throw new Unjudged("it gave no verdict", null);
      case Verdict.Pass pass -> pass;
      case Verdict.Block block -> block;
      case Verdict.Replace(var json, var reason) ->
          new Verdict.Replace(object(json, "a replacement"), reason);
      case Verdict.Complete(var answer, var reason) -> {
        if (moment != Moment.REQUEST || answer.kind() == Kind.PARAMS) {
          throw new Unjudged("it answered what is no request", null);
        }
        var checked = new Content(answer.kind(), object(answer.json(), "an answer"));
        yield new Verdict.Complete(checked, reason);
      }
    };
  }

  /// Whoever made the JSON may have made it out of anything.
  private static Json object(Json json, String what) throws Unjudged {
    try {
      var parsed = Json.parse(json.toBytes(), Limits.DEFAULT);
      if (parsed.isObject()) {
        return parsed;
      }
      throw new Unjudged("it gave " + what + " that is no object", null);
    } catch (MalformedMessage malformed) {
      throw new Unjudged("it gave " + what + " that is no JSON", malformed);
    }
  }
}
