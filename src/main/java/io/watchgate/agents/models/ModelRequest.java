package io.watchgate.agents.models;

import io.watchgate.agents.models.Model.Wish;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.LineReader;
import io.watchgate.jsonrpc.MalformedMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One request for a turn of a model, and the stream that answers it.
final class ModelRequest {
  private static final Set<Integer> AWAY = Set.of(408, 500, 502, 503, 504, 529);
  private static final int TOO_MANY = 429;
  private static final int LONGEST_LINE = 4 << 20;
  private static final long LONGEST_ANSWER = 16 << 20;
  private static final int LONGEST_ERROR = 64 << 10;
  private static final String DATA = "data:";

  private final ModelSettings settings;
  private final Dialect dialect;
  private final HttpClient client;
  private final Time time;

  ModelRequest(ModelSettings settings, Dialect dialect, HttpClient client, Time time) {
    this.settings = settings;
    this.dialect = dialect;
    this.client = client;
    this.time = time;
  }

  /// The service gave no answer, or none that is one.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final transient Optional<Duration> retryAfter;

    /// Whose fault it is.
    enum Kind {
      /// Nothing of an answer came.
      AWAY,
      /// It wants to be asked later.
      BUSY,
      /// An answer began, and was none.
      BROKEN,
      /// It does not like the request.
      UNWANTED
    }

    Refused(Kind kind, String why) {
      this(kind, why, Optional.empty());
    }

    Refused(Kind kind, String why, Optional<Duration> retryAfter) {
      super(why, null, false, false);
      this.kind = kind;
      this.retryAfter = retryAfter;
    }

    /// What the model did.
    String why() {
      return String.valueOf(getMessage());
    }

    boolean isWorthAnotherTry() {
      return kind == Kind.AWAY || kind == Kind.BUSY;
    }

    boolean isOfTheService() {
      return kind == Kind.AWAY || kind == Kind.BROKEN;
    }

    Optional<Duration> retryAfter() {
      return retryAfter;
    }
  }

  /// Sends it and reads the answer.
  ///
  /// @throws ModelFailure when the service says in its answer that there is none
  Turn send(Conversation conversation, Wish wish, Deadline until)
      throws Refused, ModelFailure, InterruptedException {
    var names = new WireNames(wish.tools());
    var body = dialect.request(settings, conversation, wish, names);
    var response = head(request(body), until);
    var turn = new TurnBuilder(names, wish.text());
    var reader = dialect.reader(settings.name(), turn);
    read(response.body(), reader, until);
    if (!reader.isComplete()) {
      throw new Refused(Refused.Kind.BROKEN, "ended its answer before it was complete");
    }
    return turn.turn(body.length());
  }

  private HttpRequest request(Json body) {
    var base = settings.baseUrl().map(URI::toString).orElse(dialect.baseUrl());
    var start = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    var request =
        HttpRequest.newBuilder(URI.create(start + dialect.path()))
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .POST(BodyPublishers.ofByteArray(body.toBytes()));
    dialect.headers(settings.apiKey().orElse("")).forEach(request::header);
    return request.build();
  }

  private HttpResponse<InputStream> head(HttpRequest request, Deadline until)
      throws Refused, InterruptedException {
    var sent = client.sendAsync(request, BodyHandlers.ofInputStream());
    HttpResponse<InputStream> response;
    try {
      response = time.get(sent, until.remainingNanos());
    } catch (TimeoutException _) {
      throw new Refused(Refused.Kind.AWAY, late());
    } catch (ExecutionException failure) {
      throw new Refused(Refused.Kind.AWAY, "cannot be reached: " + cause(failure.getCause()));
    } finally {
      sent.cancel(true);
    }
    if (response.statusCode() == 200) {
      return response;
    }
    var words = words(response, until);
    throw new Refused(
        kind(response.statusCode()),
        "answered with HTTP status " + response.statusCode() + words,
        retryAfter(response));
  }

  private static Refused.Kind kind(int status) {
    if (status == TOO_MANY) {
      return Refused.Kind.BUSY;
    }
    return AWAY.contains(status) ? Refused.Kind.AWAY : Refused.Kind.UNWANTED;
  }

  private String late() {
    return "did not answer within " + settings.timeout().toMillis() + " ms";
  }

  private static String cause(@Nullable Throwable failure) {
    if (failure == null) {
      return "unknown";
    }
    var words = failure.getMessage();
    return failure.getClass().getSimpleName() + (words == null ? "" : ": " + words);
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("retry-after")
        .filter(text -> !text.isEmpty() && text.length() < 7)
        .filter(text -> text.chars().allMatch(c -> c >= '0' && c <= '9'))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  /// What the service says of an error, empty when it says nothing that can be read.
  private String words(HttpResponse<InputStream> response, Deadline until)
      throws InterruptedException {
    var said = new CompletableFuture<Optional<String>>();
    Thread.startVirtualThread(() -> {
      try (var in = response.body()) {
        var bytes = in.readNBytes(LONGEST_ERROR);
        var error = Json.parse(bytes, Limits.DEFAULT).member("error");
        said.complete(error.map(one -> Dialect.failure(settings.name(), one).what()));
      } catch (IOException | MalformedMessage _) {
        said.complete(Optional.empty());
      }
    });
    try (var _ = response.body()) {
      return time.get(said, until.remainingNanos()).map(what -> ": " + what).orElse("");
    } catch (TimeoutException | IOException _) {
      return "";
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// How the reading of an answer ended, when not well.
  private record End(Optional<Exception> failure) {}

  /// Reads the events on another thread: who waits for bytes can only be told by the end of them
  /// that nobody wants them any more.
  private void read(InputStream body, Dialect.Reader reader, Deadline until)
      throws Refused, ModelFailure, InterruptedException {
    var ended = new CompletableFuture<End>();
    Thread.ofVirtual()
        .name("answer of " + settings.name())
        .start(() -> ended.complete(readAll(body, reader)));
    try (body) {
      var failure = time.get(ended, until.remainingNanos()).failure;
      if (failure.isPresent()) {
        throw thrown(failure.get());
      }
    } catch (TimeoutException _) {
      throw new Refused(Refused.Kind.BROKEN, late());
    } catch (IOException failure) {
      throw new Refused(Refused.Kind.BROKEN, "broke off its answer: " + cause(failure));
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Refused thrown(Exception failure) throws ModelFailure {
    if (failure instanceof ModelFailure said) {
      throw said;
    }
    var what =
        failure instanceof MalformedMessage
            ? "sent something that is no JSON: " + failure.getMessage()
            : "broke off its answer: " + cause(failure);
    return new Refused(Refused.Kind.BROKEN, what);
  }

  private static End readAll(InputStream body, Dialect.Reader reader) {
    try {
      readEvents(body, reader);
      return new End(Optional.empty());
    } catch (IOException | MalformedMessage | ModelFailure failure) {
      return new End(Optional.of(failure));
    } catch (RuntimeException fault) { // supervised edge: who waits must hear of it
      return new End(Optional.of(fault));
    }
  }

  private static void readEvents(InputStream body, Dialect.Reader reader)
      throws IOException, MalformedMessage, ModelFailure {
    var lines = new LineReader(body, LONGEST_LINE);
    var data = new StringBuilder();
    long length = 0;
    for (var line = lines.next(); line != null && !reader.isOver(); line = lines.next()) {
      length += line.length;
      if (length > LONGEST_ANSWER) {
        throw new IOException("it is longer than " + LONGEST_ANSWER + " bytes");
      }
      var text = new String(line, StandardCharsets.UTF_8);
      if (text.startsWith(DATA)) {
        data.append(text.substring(DATA.length()).strip()).append('\n');
      } else if (text.isEmpty() && !data.isEmpty()) {
        accept(data.toString().strip(), reader);
        data.setLength(0);
      }
    }
  }

  private static void accept(String data, Dialect.Reader reader)
      throws MalformedMessage, ModelFailure {
    if (data.equals("[DONE]")) {
      reader.end();
    } else {
      reader.accept(Json.parse(data.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT));
    }
  }
}
