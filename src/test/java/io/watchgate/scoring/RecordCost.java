package io.watchgate.scoring;

import io.watchgate.audit.JsonLinesFactory;
import io.watchgate.config.TestOptions;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Judgement;
import io.watchgate.plugin.AuditRecord.Origin;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.AuditRecord.Payload;
import io.watchgate.plugin.AuditRecord.Subject;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Recorder;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Prints what the two records of a call cost the audit log alone, without a gateway: processor
/// time, and how long clients wait for the disk: `make record-cost`.
public final class RecordCost {
  private static final List<String> DURABILITIES = List.of("strict", "bounded", "best_effort");
  private static final int ROUNDS = 3;
  private static final int CALLS = 100_000;
  private static final int CLIENTS = 64;
  private static final int CALLS_OF_A_CLIENT = 1_000;

  private RecordCost() {}

  /// Measures and prints.
  ///
  /// @param args a directory to write to
  public static void main(String[] args) throws Exception {
    var directory =
        Files.createTempDirectory(Path.of(args.length == 0 ? "target" : args[0]), "cost");
    spelling();
    processorTime("without a log", _ -> {});
    for (var durability : DURABILITIES) {
      processorTime(directory, durability);
    }
    for (var durability : DURABILITIES) {
      waits(directory, durability);
    }
  }

  private static void spelling() {
    for (int round = 0; round < ROUNDS; round++) {
      print("two records", timeOf(_ -> {}), "µs");
      print("two records as JSON", timeOf(record -> record.json().length()), "µs");
    }
  }

  /// Microseconds of this thread for the records of a call.
  private static double timeOf(Consumer<AuditRecord> work) {
    var threads = ManagementFactory.getThreadMXBean();
    long began = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < CALLS; i++) {
      work.accept(request(i));
      work.accept(response(i));
    }
    return (threads.getCurrentThreadCpuTime() - began) / 1e3 / CALLS;
  }

  private static void processorTime(Path directory, String durability) throws Exception {
    try (var log = log(directory, durability)) {
      processorTime(durability, log::record);
      System.out.println(log.status());
    }
  }

  private static void processorTime(String name, Consumer<AuditRecord> log) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      long began = processorTime();
      long beganAt = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        log.accept(request(i));
        log.accept(response(i));
        while (i % 50 == 0 && System.nanoTime() - beganAt < i * 100_000L) {
          Time.REAL.pass(Duration.ofMillis(2)); // ten thousand calls a second
        }
      }
      print(name + ": processor time of a call", (processorTime() - began) / 1e3 / CALLS, "µs");
    }
  }

  private static long processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  /// Clients that call one after the other, as fast as they are answered, with a pause of their
  /// own.
  private static void waits(Path directory, String durability) throws Exception {
    var log = log(directory, durability);
    for (int round = 0; round < ROUNDS; round++) {
      long began = System.nanoTime();
      try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
        var all =
            IntStream.range(0, CLIENTS)
                .mapToObj(client -> clients.submit(() -> client(log, client)))
                .toList();
        var waits =
            all.stream().map(RecordCost::get).flatMapToLong(Arrays::stream).sorted().toArray();
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
            Locale.ROOT,
            "%s: %d clients, %.0f calls a second, a call waits %.2f ms, p99 %.2f ms, p99.9 %.2f"
                + " ms%n",
            durability,
            CLIENTS,
            waits.length / seconds,
            waits[waits.length / 2] / 1e6,
            waits[waits.length * 99 / 100] / 1e6,
            waits[waits.length * 999 / 1000] / 1e6);
      }
    }
    log.close();
  }

  private static long[] get(Future<long[]> waits) {
    try {
      return waits.get();
    } catch (Exception e) { // supervised edge: a measurement that fails is none
      throw new IllegalStateException(e);
    }
  }

  private static long[] client(Recorder log, int client) throws Exception {
    var random = new Random(client);
    var waits = new long[CALLS_OF_A_CLIENT];
    for (int i = 0; i < waits.length; i++) {
      Time.REAL.pass(Duration.ofMillis(random.nextInt(20)));
      long began = System.nanoTime();
      log.record(request(i));
      log.record(response(i)).await();
      waits[i] = System.nanoTime() - began;
    }
    return waits;
  }

  private static void print(String what, double value, String unit) {
    System.out.printf(Locale.ROOT, "%-45s %8.2f %s%n", what, value, unit);
  }

  private static Recorder log(Path directory, String durability) throws Exception {
    var home = new Home(directory, InstantSource.system(), Time.REAL::pass, new Random(1));
    var options = TestOptions.of("durability: " + durability);
    return (Recorder) new JsonLinesFactory().read(options).make(home);
  }

  private static AuditRecord request(int id) {
    return record(
        Event.REQUEST,
        id,
        new Ending(Outcome.ALLOWED, OptionalInt.empty(), Optional.empty(), ""),
        new Payload(OptionalInt.of(213), OptionalInt.empty(), Optional.empty(), Optional.empty()));
  }

  private static AuditRecord response(int id) {
    return record(
        Event.RESPONSE,
        id,
        new Ending(
            Outcome.COMPLETED, OptionalInt.empty(), Optional.of(Duration.ofNanos(1_234_567)), ""),
        new Payload(OptionalInt.empty(), OptionalInt.of(999), Optional.empty(), Optional.empty()));
  }

  private static AuditRecord record(Event event, int id, Ending ending, Payload payload) {
    return new AuditRecord(
        Instant.ofEpochMilli(1_795_000_000_000L + id),
        event,
        new Origin(
            Optional.of("0b5c1d6e-7a51-4f6e-9d52-" + (100_000_000_000L + id)),
            Optional.empty(),
            Optional.of("3f9a1c2b7d"),
            Optional.of("alice@example.org"),
            Optional.of("claude-code")),
        new Subject(Optional.of("files"), "tools/call", Optional.of("read_file")),
        Optional.of(ending),
        payload,
        List.of(new Judgement("secrets", "pass", ""), new Judgement("pii", "pass", "")),
        Json.EMPTY_OBJECT);
  }
}
