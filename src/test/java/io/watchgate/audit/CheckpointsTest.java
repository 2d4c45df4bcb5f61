package io.watchgate.audit;

import static io.watchgate.audit.TestRecords.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.watchgate.audit.AuditLog.Outside;
import io.watchgate.audit.LogSettings.Checkpoints;
import io.watchgate.audit.LogSettings.Copy;
import io.watchgate.audit.LogSettings.Durability;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What signs a log: when, where to, and what it shows after a restart.
@Timeout(60)
class CheckpointsTest {
  private static final LogSettings STRICT = LogSettings.STANDARD.with(Durability.STRICT);

  @TempDir private Path directory = Path.of("");

  private Path file = Path.of("");

  @BeforeEach
  void nameTheLog() {
    file = directory.resolve("audit.jsonl");
  }

  @Test
  void aLogIsSignedWhenItIsClosedAndOnlyWhenThereIsSomethingNew() throws Exception {
    write(STRICT, "1", "2");
    write(STRICT);
    write(STRICT, "3");

    assertThat(checkpoints().stream().map(Checkpoint::size)).containsExactly(2L, 3L);
    assertThat(checkpoints().stream().map(Checkpoint::origin).distinct())
        .singleElement()
        .asString()
        .matches("watchgate/[0-9a-f]{16}");
    assertThat(WrittenLog.verified(file, keys()).ids()).hasSize(3);
  }

  @Test
  void aLogIsSignedWhileItIsWritten() throws Exception {
    var log = open(STRICT.with(new Checkpoints(Duration.ofMillis(5), Optional.empty())));
    log.record(request("1")).await();
    while (log.report().caretaker().size() == 0) {
      Time.REAL.pass(Duration.ofMillis(1));
    }

    assertThat(checkpoints()).hasSize(1);
    log.close();
  }

  @Test
  void whereNothingIsForcedTheCheckpointForces() throws Exception {
    var settings =
        LogSettings.STANDARD
            .with(Durability.BEST_EFFORT)
            .with(new Checkpoints(Duration.ofMillis(5), Optional.empty()));
    var log = open(settings);
    log.record(request("1"));
    while (log.report().caretaker().size() == 0) {
      Time.REAL.pass(Duration.ofMillis(1));
    }

    assertThat(log.head().seq()).isEqualTo(1);
    log.close();
  }

  @Test
  void aCheckpointThatIsTornIsWrittenOver() throws Exception {
    write(STRICT, "1");
    write(STRICT, "2");
    var notes = new LogFiles(file).checkpoints();
    var whole = Files.readAllBytes(notes);
    for (int size = whole.length / 2 + 1; size < whole.length; size += 7) {
      Files.write(notes, Arrays.copyOf(whole, size));
      var book = new CheckpointBook(notes, Disk.REAL);
      book.add(SigningKey.in(keys()).sign(new Checkpoint("o", 9, "r").text()));

      var entries = CheckpointFile.read(notes);
      assertThat(entries).as("torn at %d", size).hasSize(2).allMatch(e -> e.note().isPresent());
    }
  }

  @Test
  void theOldestCheckpointsLeaveWhenThereAreMany() throws Exception {
    var notes = new LogFiles(file).checkpoints();
    var book = new CheckpointBook(notes, Disk.REAL);
    var key = SigningKey.in(keys());
    var many = new StringBuilder();
    var root = "A".repeat(43) + "=";
    var note = key.sign(new Checkpoint("watchgate/x", 7, root).text()).encode() + "\n";
    while (many.length() < 4 << 20) {
      many.append(note);
    }
    Files.writeString(notes, many);
    book.add(key.sign(new Checkpoint("watchgate/x", 8, root).text()));

    assertThat(Files.size(notes)).isBetween(900_000L, 1L << 20);
    assertThat(CheckpointFile.read(notes)).allMatch(entry -> entry.checkpoint().isPresent());
    assertThat(book.last().map(Checkpoint::size)).contains(8L);
  }

  @Test
  void aLogThatWasCutSaysSoForEver() throws Exception {
    write(STRICT, "1", "2", "3");
    Files.write(file, Files.readAllLines(file).subList(0, 1));

    write(STRICT, "4");

    assertThat(WrittenLog.of(file).methods()).containsExactly("audit/shortened");
    var verdict = new LogVerifier(Trust.local(keys()), List.of(), _ -> {}).verify(file).getFirst();
    assertThat(verdict.fault()).isPresent();
  }

  @Test
  void checkpointsAreCopiedToASecondFile() throws Exception {
    var copy = directory.resolve("elsewhere/copies");
    var log = open(STRICT.with(copies(new Copy.ToFile(copy))));
    log.record(request("1")).await();
    log.close();

    assertThat(copy).hasSameTextualContentAs(new LogFiles(file).checkpoints());
  }

  @Test
  void checkpointsArePostedUntilTheyAreTaken() throws Exception {
    var taken = new LinkedBlockingQueue<String>();
    var refusals = new AtomicInteger(1);
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/notes",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          boolean refused = refusals.getAndDecrement() > 0;
          exchange.sendResponseHeaders(refused ? 503 : 204, -1);
          exchange.close();
          if (!refused) {
            taken.add(exchange.getRequestMethod() + " " + body);
          }
        });
    server.start();
    try {
      var uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/notes");
      var log = open(STRICT.with(copies(new Copy.ToServer(uri))));
      log.record(request("1")).await();
      var note = taken.poll(30, TimeUnit.SECONDS);
      log.close();

      assertThat(note).startsWith("POST watchgate/").contains("\n1\n", "\n— watchgate ");
      assertThat(Files.readString(new LogFiles(file).checkpoints())).isEqualTo(note.substring(5));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aPlaceThatTakesNothingHoldsNobodyUp() throws Exception {
    var log = open(STRICT.with(copies(new Copy.ToServer(URI.create("http://127.0.0.1:1/notes")))));
    log.record(request("1")).await();
    while (!log.report().caretaker().trouble().startsWith("copies")) {
      log.record(request("more")).await();
    }

    assertThat(log.trouble()).isEmpty();
    log.close();
  }

  private static Checkpoints copies(Copy to) {
    return new Checkpoints(Duration.ofMillis(5), Optional.of(to));
  }

  private List<Checkpoint> checkpoints() throws IOException {
    return CheckpointFile.read(new LogFiles(file).checkpoints()).stream()
        .map(entry -> entry.checkpoint().orElseThrow())
        .toList();
  }

  private Path keys() {
    return directory.resolve("keys");
  }

  private void write(LogSettings settings, String... ids) throws Exception {
    var log = open(settings);
    for (var id : ids) {
      log.record(request(id)).await();
    }
    log.close();
  }

  private AuditLog open(LogSettings settings) {
    return AuditLog.open(
        file,
        settings,
        new Outside(Disk.REAL, Time.REAL, () -> Instant.EPOCH, keys(), new Random(1)));
  }
}
