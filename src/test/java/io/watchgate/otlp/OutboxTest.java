package io.watchgate.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.otlp.Outbox.Counts;
import io.watchgate.otlp.Outbox.Freight;
import io.watchgate.testkit.HandTurnedTime;
import io.watchgate.testkit.TestCollector;
import io.watchgate.testkit.TestCollector.Answer;
import io.watchgate.testkit.TestCollector.Received;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Answer BUSY = new Answer(503, Map.of(), "");

  private TestCollector server;
  private Collector collector;
  private final Lines lines = new Lines();

  @BeforeEach
  void open() throws IOException {
    server = new TestCollector();
    collector = to(server.endpoint());
  }

  private static Collector to(URI endpoint) {
    var headers = Map.of("Authorization", "Bearer of-nobody-else");
    return new Collector(new CollectorSettings(endpoint, headers, Duration.ofSeconds(5)));
  }

  @AfterEach
  void close() {
    collector.close();
    server.close();
  }

  /// Lines of a log, which say what became of them.
  private static final class Lines implements Freight<String> {
    final BlockingQueue<String> fates = new LinkedBlockingQueue<>();

    @Override
    public Signal signal() {
      return Signal.LOGS;
    }

    @Override
    public Json request(List<String> batch) {
      var records =
          batch.stream()
              .map(line ->
                  Json.object(
                      "timeUnixNano", Otlp.time(Instant.EPOCH.plusSeconds(1)),
                      "severityNumber", 9,
                      "traceId", "0123456789abcdef0123456789abcdef",
                      "body", Otlp.value(line),
                      "attributes", Otlp.attributes(Map.of("n", 1, "x", 0.5, "l", List.of(true)))))
              .toList();
      var scope = Json.object("scope", Otlp.scope("1"), "logRecords", Json.array(records));
      var logs =
          Json.object(
              "resource", Otlp.resource("1", "me"), "scopeLogs", Json.array(List.of(scope)));
      return Json.object("resourceLogs", Json.array(List.of(logs)));
    }

    @Override
    public void taken(List<String> batch) {
      fates.add("taken " + batch);
    }

    @Override
    public void lost(List<String> batch, String why) {
      fates.add("lost " + batch + ": " + why);
    }
  }

  private Outbox<String> outbox(int room, int batch, Time time) {
    var terms = new Outbox.Terms(room, batch, Duration.ofHours(1), time, new Random(1));
    return new Outbox<>("logs", collector, lines, terms);
  }

  private static List<String> bodies(Received received) {
    return ((ExportLogsServiceRequest) received.message())
        .getResourceLogs(0).getScopeLogs(0).getLogRecordsList().stream()
            .map(record -> record.getBody().getStringValue())
            .toList();
  }

  @Test
  void fullBatchGoesOutAtOnceAndInOrder() throws InterruptedException {
    var outbox = outbox(10, 2, Time.REAL);

    for (var line : List.of("a", "b", "c", "d")) {
      assertThat(outbox.offer(line)).isTrue();
    }

    assertThat(bodies(server.next())).containsExactly("a", "b");
    assertThat(bodies(server.next())).containsExactly("c", "d");
    outbox.close(LONG);
    assertThat(outbox.counts()).isEqualTo(new Counts(4, 0));
    assertThat(lines.fates).containsExactly("taken [a, b]", "taken [c, d]");
  }

  @Test
  void requestIsOneOfTheProtocolAndCarriesTheHeaders() throws InterruptedException {
    var outbox = outbox(10, 1, Time.REAL);

    assertThat(outbox.offer("\"ü\n")).isTrue();

    var received = server.next();
    assertThat(bodies(received)).containsExactly("\"ü\n");
    assertThat(received.path()).isEqualTo("/v1/logs");
    assertThat(received.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("authorization", "Bearer of-nobody-else");
    var logs = ((ExportLogsServiceRequest) received.message()).getResourceLogs(0);
    assertThat(logs.getResource().getAttributesList())
        .anySatisfy(one -> assertThat(one.getValue().getStringValue()).isEqualTo("watchgate"));
    assertThat(logs.getScopeLogs(0).getLogRecords(0).getTraceId().size()).isEqualTo(16);
    assertThat(server.mistakes()).isEmpty();
    outbox.close(LONG);
  }

  @Test
  void partOfABatchGoesOutWhenItIsOldEnough() throws InterruptedException {
    var outbox = outbox(10, 5, new HandTurnedTime());

    assertThat(outbox.offer("alone")).isTrue();

    assertThat(bodies(server.next())).containsExactly("alone");
    assertThat(lines.fates.take()).isEqualTo("taken [alone]");
    outbox.close(LONG);
  }

  @Test
  void collectorThatIsBusyGetsTheSameAgainUntilItTakesIt() throws InterruptedException {
    server.answering(BUSY, BUSY, new Answer(429, Map.of("Retry-After", "7"), ""), BUSY);
    var time = new HandTurnedTime();
    var before = time.nanos();
    var outbox = outbox(10, 1, time);

    assertThat(outbox.offer("patient")).isTrue();

    assertThat(bodies(server.next())).containsExactly("patient");
    assertThat(lines.fates.take()).isEqualTo("taken [patient]");
    assertThat(outbox.trouble()).isEmpty();
    assertThat(Duration.ofNanos(time.nanos() - before))
        .isBetween(Duration.ofSeconds(7 + 1 + 4), Duration.ofSeconds(7 + 1 + 2 + 8));
    outbox.close(LONG);
  }

  @Test
  void collectorThatIsAwayGetsAllWhenItIsBack() throws IOException, InterruptedException {
    var endpoint = server.endpoint();
    server.close();
    var outbox = outbox(10, 1, new HandTurnedTime());
    assertThat(outbox.offer("kept")).isTrue();
    while (outbox.trouble().isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(outbox.trouble().orElseThrow()).startsWith(endpoint.toString());

    server = new TestCollector(endpoint.getPort());

    assertThat(bodies(server.next())).containsExactly("kept");
    assertThat(lines.fates.take()).isEqualTo("taken [kept]");
    assertThat(outbox.counts()).isEqualTo(new Counts(1, 0));
    outbox.close(LONG);
  }

  @Test
  void whatTheCollectorRefusesIsLostAndTheNextIsSent() throws InterruptedException {
    server.answering(new Answer(400, Map.of(), "no"));
    var outbox = outbox(10, 1, Time.REAL);

    assertThat(outbox.offer("bad")).isTrue();
    assertThat(outbox.offer("good")).isTrue();

    assertThat(bodies(server.next())).containsExactly("good");
    assertThat(lines.fates.take()).startsWith("lost [bad]: ").endsWith("HTTP status 400");
    outbox.close(LONG);
    assertThat(outbox.counts()).isEqualTo(new Counts(1, 1));
  }

  @Test
  void whatTheCollectorTookOnlyInPartIsCounted() throws InterruptedException {
    var partial = "{\"partialSuccess\":{\"rejectedLogRecords\":\"1\",\"errorMessage\":\"old\"}}";
    server.answering(new Answer(200, Map.of(), partial));
    var outbox = outbox(10, 2, Time.REAL);

    assertThat(outbox.offer("a")).isTrue();
    assertThat(outbox.offer("b")).isTrue();

    assertThat(lines.fates.take()).isEqualTo("lost [a, b]: the collector rejected a part: old");
    outbox.close(LONG);
    assertThat(outbox.counts()).isEqualTo(new Counts(1, 1));
  }

  @Test
  void whatFindsNoRoomIsLostAtOnceAndCounted() throws InterruptedException {
    server.close();
    var outbox = outbox(3, 2, Time.REAL);

    var taken = IntStream.range(0, 5).filter(i -> outbox.offer("line " + i)).count();

    assertThat(taken).isEqualTo(3);
    assertThat(outbox.waiting()).isEqualTo(3);
    assertThat(outbox.counts()).isEqualTo(new Counts(0, 2));
    outbox.close(LONG);
    assertThat(outbox.counts()).isEqualTo(new Counts(0, 5));
    assertThat(outbox.waiting()).isZero();
  }

  @Test
  void closingSendsWhatIsThereAndTakesNoMore() throws InterruptedException {
    var outbox = outbox(10, 5, Time.REAL);
    assertThat(outbox.offer("last")).isTrue();

    outbox.close(LONG);

    assertThat(server.received()).hasSize(1);
    assertThat(outbox.offer("too late")).isFalse();
    assertThat(outbox.counts()).isEqualTo(new Counts(1, 1));
  }

  @Test
  void nothingThatPeopleSeeHasASecret() throws InterruptedException {
    var secret = URI.create("http://user:pass@127.0.0.1:1/?key=pass");
    var settings = new CollectorSettings(secret, Map.of("X-Key", "pass"), Duration.ofSeconds(5));
    assertThat(settings.toString()).isEqualTo("http://127.0.0.1:1/");
    try (var unreachable = new Collector(settings)) {
      assertThat(unreachable.post(Signal.TRACES, Json.EMPTY_OBJECT).toString())
          .contains("http://127.0.0.1:1/")
          .doesNotContain("pass");
    }
  }
}
