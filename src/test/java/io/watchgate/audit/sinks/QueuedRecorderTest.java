package io.watchgate.audit.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.Metric;
import io.watchgate.plugin.Recorder.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueuedRecorderTest {
  private final SinkHome home = new SinkHome(Path.of("nowhere"));
  private final FakeTarget target = new FakeTarget();
  private QueuedRecorder recorder = recorder(1000, false);

  private QueuedRecorder recorder(int queue, boolean waits) {
    var settings = new SinkSettings(queue, waits, Set.of(Event.REQUEST), 100);
    return QueuedRecorder.start("audit_test", settings, target, home.home());
  }

  private void with(int queue, boolean waits) {
    recorder.close();
    recorder = recorder(queue, waits);
  }

  @AfterEach
  void close() {
    target.goOn();
    recorder.close();
  }

  @Test
  void recordsOfManyThreadsAreAllKept() {
    IntStream.range(0, 900)
        .parallel()
        .forEach(number -> recorder.record(Sample.small("r" + number)));

    recorder.close();

    assertThat(target.kept()).hasSize(900).doesNotHaveDuplicates();
    assertThat(metric("audit_records_total")).isEqualTo(900);
    assertThat(metric("audit_waiting_records")).isZero();
    assertThat(target.isClosed()).isTrue();
  }

  @Test
  void whatTheTargetCannotTakeNowIsTriedAgainInItsOrder() {
    target.failWith(new IOException("connection refused"));
    recorder.record(Sample.small("1"));
    await().until(() -> recorder.status().textMember("trouble").isPresent());
    recorder.record(Sample.small("2"));
    target.failWith(null);

    home.endPause();

    await().until(() -> target.kept().size() == 2);
    assertThat(target.kept()).containsExactly("1", "2");
    await().until(() -> recorder.status().textMember("trouble").isEmpty());
    assertThat(metric("audit_trouble")).isZero();
  }

  @Test
  void pausesDoubleUpToTenSeconds() {
    target.failWith(new IOException("no route"));
    recorder.record(Sample.small("1"));
    home.withoutPauses();

    await().until(() -> home.pauses().size() >= 10);

    assertThat(home.pauses().stream().map(Duration::toMillis))
        .startsWith(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L);
  }

  @Test
  void aTargetThatWantsToBeLeftAloneIs() {
    target.failWith(new TargetBusy("too many requests", Duration.ofMinutes(1)));
    recorder.record(Sample.small("1"));

    await().until(() -> home.pauses().size() == 1);

    assertThat(home.pauses()).containsExactly(Duration.ofMinutes(1));
  }

  @Test
  void whatFindsNoRoomIsLostAndARecordTellsOfIt() throws Exception {
    with(4, false);
    target.failWith(new IOException("away"));
    var receipts =
        IntStream.rangeClosed(1, 7).mapToObj(i -> recorder.record(Sample.small("" + i))).toList();
    assertThat(metric("audit_lost_total")).isEqualTo(3);
    for (var kept : receipts.subList(0, 4)) {
      kept.await();
    }
    assertThatThrownBy(receipts.get(4)::await)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("audit_test nowhere has no room for more than the 4 records");

    target.failWith(null);
    home.withoutPauses();
    await().until(() -> target.kept().contains("4"));
    recorder.record(Sample.small("8"));

    await().until(() -> target.kept().contains("8"));
    assertThat(target.kept())
        .containsSubsequence("1", "2", "3", "4", "8")
        .contains("audit/resumed");
  }

  @Test
  void theRecordOfALossSaysHowManyAndOfWhichTime() {
    var note = Gap.NONE.with(Sample.small("1")).with(Sample.full()).record(home.instant()).json();

    assertThat(note)
        .hasToString(
            "{\"time\":\"2026-01-02T12:00:00.000Z\",\"event\":\"lifecycle\","
                + "\"method\":\"audit/resumed\",\"outcome\":\"error\","
                + "\"reason\":\"2 records of the time from 1970-01-01T00:00:00Z"
                + " to 2026-01-02T12:00:00Z were lost\",\"lost\":2,"
                + "\"since\":\"1970-01-01T00:00:00Z\",\"until\":\"2026-01-02T12:00:00Z\"}");
  }

  @Test
  void itIsInTroubleBeforeTheQueueIsFull() {
    with(16, false);
    target.hang();
    IntStream.range(0, 13).forEach(i -> recorder.record(Sample.small("" + i)));
    assertThat(recorder.trouble()).isEmpty();

    recorder.record(Sample.small("13"));

    assertThat(recorder.trouble()).hasValueSatisfying(why -> assertThat(why).contains("14"));
    target.goOn();
    await().until(() -> recorder.trouble().isEmpty());
  }

  @Test
  void largeBodiesFillTheQueueToo() {
    recorder.close();
    var settings = new SinkSettings(1000, false, Set.of(Event.REQUEST), 0);
    recorder = QueuedRecorder.start("audit_test", settings, target, home.home());
    target.hang();
    var body = Json.string("x".repeat(10 << 20));

    recorder.record(Sample.withBody(body));
    await().until(() -> target.tries() == 1); // the next batch would tell of what is lost
    IntStream.range(0, 7).forEach(_ -> recorder.record(Sample.withBody(body)));

    assertThat(metric("audit_waiting_records")).isEqualTo(6);
    assertThat(metric("audit_lost_total")).isEqualTo(2);
  }

  @Test
  void aReceiptWaitsForTheTargetWhereThatIsAskedFor() throws Exception {
    with(10, true);
    target.hang();
    var receipt = recorder.record(Sample.small("1"));
    var waiter = Thread.ofVirtual().start(() -> assertKept(receipt));
    await().until(() -> target.tries() == 1);
    assertThat(waiter.isAlive()).isTrue();

    target.goOn();

    waiter.join();
    assertThat(target.kept()).containsExactly("1");
  }

  private static void assertKept(Receipt receipt) {
    try {
      receipt.await();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void whoWaitsForATargetThatIsAwayIsToldAtOnce() {
    with(10, true);
    target.failWith(new IOException("broken pipe"));

    var first = recorder.record(Sample.small("1"));

    assertThatThrownBy(first::await)
        .isInstanceOf(IOException.class)
        .hasMessage("audit_test nowhere: broken pipe");
    assertThat(recorder.trouble()).hasValue("audit_test nowhere: broken pipe");
    assertThatThrownBy(recorder.record(Sample.small("2"))::await).isInstanceOf(IOException.class);
    target.failWith(null);
    home.withoutPauses();
    await().until(() -> target.kept().size() == 2);
    assertThat(recorder.trouble()).isEmpty();
  }

  @Test
  void whatTheTargetRefusesIsLostAndTheNextIsKept() {
    with(10, true);
    target.failWith(new TargetRefused("too large"));
    assertThatThrownBy(recorder.record(Sample.small("1"))::await).hasMessageContaining("too large");
    target.failWith(null);

    recorder.record(Sample.small("2"));

    await().until(() -> target.kept().size() == 2);
    assertThat(target.kept()).containsExactly("audit/resumed", "2");
    assertThat(metric("audit_lost_total")).isEqualTo(1);
    assertThat(recorder.trouble()).isEmpty();
  }

  @Test
  void whatIsRefusedInPartIsCountedInPart() {
    target.failWith(new TargetRefused("two are too old", 2));
    target.hang();
    recorder.record(Sample.small("0"));
    await().until(() -> target.tries() == 1);
    IntStream.range(0, 5).forEach(i -> recorder.record(Sample.small("" + i)));
    target.goOn();

    await().until(() -> metric("audit_lost_total") == 3);
    assertThat(metric("audit_records_total")).isEqualTo(3);
  }

  @Test
  void anAccountOfALossThatIsRefusedIsGivenAgain() {
    target.failWith(new TargetRefused("no"));
    recorder.record(Sample.small("1"));
    await().until(() -> metric("audit_lost_total") == 1);
    recorder.record(Sample.small("2"));
    await().until(() -> metric("audit_lost_total") == 2);
    target.failWith(null);

    recorder.record(Sample.small("3"));

    await().until(() -> target.kept().size() == 2);
    assertThat(target.kept()).containsExactly("audit/resumed", "3");
  }

  @Test
  void closingGivesATargetThatIsAwayOneMoreChance() {
    target.failWith(new IOException("away"));
    recorder.record(Sample.small("1"));
    await().until(() -> home.pauses().size() == 1);
    target.failWith(null);

    recorder.close();

    assertThat(target.kept()).containsExactly("1");
  }

  @Test
  void closingDoesNotWaitForATargetThatStaysAway() {
    target.failWith(new IOException("away"));
    recorder.record(Sample.small("1"));
    recorder.record(Sample.small("2"));
    await().until(() -> home.pauses().size() == 1);

    recorder.close();

    assertThat(metric("audit_lost_total")).isEqualTo(2);
    assertThat(target.isClosed()).isTrue();
    assertThatThrownBy(recorder.record(Sample.small("3"))::await).hasMessageContaining("is closed");
  }

  @Test
  void closingLeavesATargetThatHangsBehind() {
    target.hang();
    recorder.record(Sample.small("1"));
    await().until(() -> target.tries() == 1);

    recorder.close();

    assertThat(metric("audit_lost_total")).isEqualTo(1);
    assertThat(target.isClosed()).isTrue();
  }

  @Test
  void theStatusSaysWhatBecameOfRecords() {
    recorder.record(Sample.small("1"));
    await().until(() -> target.kept().size() == 1);

    assertThat(recorder.status())
        .hasToString(
            "{\"target\":\"nowhere\",\"records\":1,\"lost\":0,\"waiting\":0,\"room\":1000}");
    assertThat(recorder.bodies()).containsExactly(Event.REQUEST);
    assertThat(recorder.metrics().getFirst().labels()).containsEntry("plugin", "audit_test");
  }

  @Test
  void aBodyThatIsTooLongIsCutAndSaysSo() {
    var settings = new SinkSettings(1, false, Set.of(Event.REQUEST), 50);
    var record = Sample.withBody(Json.string("ä".repeat(40)));

    var body = settings.cut(record).payload().body().orElseThrow();

    assertThat(body.text()).isEqualTo("\"" + "ä".repeat(24) + "… [cut, of 82 bytes]");
    assertThat(settings.cut(Sample.small("x"))).isEqualTo(Sample.small("x"));
  }

  private long metric(String name) {
    List<Metric> all = recorder.metrics();
    return (long)
        all.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow().value();
  }
}
