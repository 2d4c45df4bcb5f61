package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.LineReader;
import io.watchgate.jsonrpc.LineWriter;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.plugin.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One process that judges: questions go to its standard input, answers come from its standard
/// output, in any order, and what it writes to its standard error is logged.
final class ChildJudge {
  private static final Logger log = LoggerFactory.getLogger(ChildJudge.class);
  private static final List<String> MINIMAL_ENVIRONMENT =
      List.of("PATH", "HOME", "LANG", "TMPDIR", "USER");
  private static final int MAX_LOGGED = 4096;
  private static final Duration WRITE = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final ProcessSettings settings;
  private final Process process;
  private final Home.Pause pause;
  private final LineWriter writer;
  private final Map<Long, CompletableFuture<Json>> pending = new ConcurrentHashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile String lastWords = "";
  private volatile boolean complained;

  private ChildJudge(ProcessSettings settings, Process process, Home.Pause pause) {
    this.settings = settings;
    this.process = process;
    this.pause = pause;
    this.writer = new LineWriter("to " + settings.shown(), process.getOutputStream());
    reader("errors of ").start(this::readErrors);
    reader("answers of ").start(this::readAnswers);
  }

  /// Starts the process.
  ///
  /// @throws IOException when the system cannot start it
  static ChildJudge start(ProcessSettings settings, Home.Pause pause) throws IOException {
    var builder = new ProcessBuilder(settings.command()).directory(settings.directory().toFile());
    builder.environment().keySet().retainAll(MINIMAL_ENVIRONMENT);
    builder.environment().putAll(settings.environment());
    return new ChildJudge(settings, builder.start(), pause);
  }

  /// A pipe would block the carrier of a virtual thread.
  private Thread.Builder reader(String what) {
    return Thread.ofPlatform().name(what + settings.shown()).daemon();
  }

  boolean isRunning() {
    return ended.getCount() > 0;
  }

  int pending() {
    return pending.size();
  }

  /// Asks, and waits for the answer.
  ///
  /// @throws IllegalStateException when there is none
  Json ask(long id, Json question) throws InterruptedException {
    var answer = new CompletableFuture<Json>();
    if (pending.size() >= settings.maxPending()) {
      throw new IllegalStateException(
          settings.shown() + " has " + pending.size() + " questions to answer already");
    }
    pending.put(id, answer);
    var patience = Thread.ofVirtual().name("patience").start(() -> expire(answer));
    try {
      if (!isRunning()) {
        throw new IOException(end());
      }
      writer.write(question.toBytes(), WRITE.toNanos());
      return answer.get();
    } catch (IOException | ExecutionException failure) {
      throw new IllegalStateException(
          settings.shown() + " does not answer: " + failure.getMessage(), failure);
    } finally {
      patience.interrupt();
      pending.remove(id);
    }
  }

  private void expire(CompletableFuture<Json> answer) {
    try {
      pause.pass(settings.timeout());
      answer.completeExceptionally(
          new IOException("no answer within " + settings.timeout().toMillis() + " ms"));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // it was answered
    }
  }

  private void readAnswers() {
    try (var answers = process.getInputStream()) {
      var reader = new LineReader(answers, settings.maxLine());
      for (var line = next(reader); line != null; line = next(reader)) {
        if (line.length > 0) {
          answered(line);
        }
      }
    } catch (IOException closed) {
      log.debug("{}: {}", settings.shown(), closed.getMessage());
    } finally {
      ended.countDown();
      var end = new IOException(end());
      pending.values().forEach(answer -> answer.completeExceptionally(end));
    }
  }

  /// The next line that is short enough.
  private byte @Nullable [] next(LineReader reader) throws IOException {
    while (true) {
      try {
        return reader.next();
      } catch (LineReader.TooLong tooLong) {
        complain(tooLong.getMessage());
      }
    }
  }

  /// Answers that nobody waits for any more are late, and no fault.
  private void answered(byte[] line) {
    try {
      var answer = Json.parse(line, Limits.DEFAULT);
      var waiting = answer.member("id").map(Json::toString).map(this::waiting);
      if (waiting.isPresent()) {
        waiting.get().complete(answer);
      } else {
        complain("it has no id");
      }
    } catch (MalformedMessage malformed) {
      complain(malformed.getMessage());
    }
  }

  /// Once, for a process that writes one such line writes many.
  private void complain(@Nullable String what) {
    var level = complained ? Level.DEBUG : Level.WARN;
    complained = true;
    log.atLevel(level).log("{} wrote what is no answer: {}", settings.shown(), what);
  }

  private CompletableFuture<Json> waiting(String id) {
    boolean isNumber = id.length() < 19 && id.chars().allMatch(c -> c >= '0' && c <= '9');
    var none = new CompletableFuture<Json>();
    return isNumber ? pending.getOrDefault(Long.parseLong(id), none) : none;
  }

  private void readErrors() {
    try (var errors = process.getErrorStream()) {
      var reader = new LineReader(errors, MAX_LOGGED);
      for (var line = next(reader); line != null; line = next(reader)) {
        lastWords = Printable.of(new String(line, StandardCharsets.UTF_8), MAX_LOGGED);
        log.info("[{}] {}", settings.shown(), lastWords);
      }
    } catch (IOException closed) {
      log.debug("{}: {}", settings.shown(), closed.getMessage());
    }
  }

  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /// How it ended, in words for a person.
  String end() {
    var how =
        process.isAlive() ? "it closed its output" : "it ended with status " + process.exitValue();
    return lastWords.isEmpty() ? how : how + ": " + lastWords;
  }

  /// Ends the process: its input closes, then it is asked to, then it is killed.
  void close() {
    var family = process.descendants().toList();
    writer.close();
    try {
      if (!endsWithin(GRACE)) {
        process.destroy();
        if (!endsWithin(GRACE)) {
          log.warn("{} (process {}) does not end and is killed", settings.shown(), process.pid());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
      family.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private boolean endsWithin(Duration time) throws InterruptedException {
    for (var left = time; process.isAlive() && left.isPositive(); left = left.minus(LOOK)) {
      pause.pass(LOOK);
    }
    return !process.isAlive();
  }
}
