package io.watchgate.otlp;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;

/// A collector of OpenTelemetry, which takes batches in JSON over HTTP (OTLP 1.x). Safe for any
/// number of threads.
public final class Collector implements AutoCloseable {
  private static final int MAX_ANSWER_BYTES = 64 * 1024;
  private static final int MAX_WORDS = 200;

  /// A collector that names a longer one is taken at this.
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final CollectorSettings settings;
  private final HttpClient client;

  public Collector(CollectorSettings settings) {
    this.settings = settings;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER) // headers may be secrets
            .connectTimeout(settings.timeout())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /// What became of a batch.
  public sealed interface Answer {}

  /// It was taken.
  ///
  /// @param rejected how many of its items were not, and will not be another time
  public record Taken(long rejected, String why) implements Answer {}

  /// It was not, and will not be another time.
  public record Refused(String why) implements Answer {}

  /// It was not, and may be another time.
  ///
  /// @param after when the collector wants to be asked again, empty when it did not say
  public record Later(String why, Optional<Duration> after) implements Answer {}

  /// Sends a batch, and waits for the answer.
  public Answer post(Signal signal, Json batch) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(settings.of(signal))
            .timeout(settings.timeout())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(batch.toBytes()));
    settings.headers().forEach(request::setHeader);
    try {
      var bounded = BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES);
      return answer(signal, client.send(request.build(), bounded));
    } catch (IOException failure) {
      return new Later(settings.shown() + ": " + words(failure), Optional.empty());
    }
  }

  private Answer answer(Signal signal, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status / 100 == 2) {
      return taken(signal, response.body());
    }
    var why = settings.shown() + " answered with HTTP status " + status;
    return switch (status) {
      case 429, 502, 503, 504 -> new Later(why, pause(response));
      default -> new Refused(why);
    };
  }

  /// A collector that says nothing has taken all, and so has one whose words make no sense.
  private static Answer taken(Signal signal, byte[] body) {
    try {
      var partial = Json.parse(body, Limits.DEFAULT).member("partialSuccess");
      var rejected = partial.flatMap(part -> part.member(signal.rejected));
      var number = rejected.map(n -> n.isString() ? n.text() : n.toString()).orElse("0");
      var why = partial.flatMap(part -> part.textMember("errorMessage")).orElse("");
      return new Taken(Math.max(0, Long.parseLong(number)), cut(why));
    } catch (MalformedMessage | NumberFormatException _) {
      return new Taken(0, "");
    }
  }

  private static Optional<Duration> pause(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.length() <= 9 && !value.isEmpty())
        .filter(value -> value.chars().allMatch(c -> c >= '0' && c <= '9'))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .map(pause -> pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
  }

  private static String words(IOException failure) {
    var message = failure.getMessage();
    return cut(message == null ? failure.getClass().getSimpleName() : message);
  }

  private static String cut(String words) {
    return words.length() <= MAX_WORDS ? words : words.substring(0, MAX_WORDS) + "…";
  }

  /// Ends the connections.
  @Override
  public void close() {
    client.shutdownNow();
  }
}
