package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogVerifierTest {
  private static final int LINES = 20;

  @TempDir private Path directory = Path.of("");

  private Path active = Path.of("");

  @BeforeEach
  void nameTheLog() {
    active = directory.resolve("logs/audit.jsonl");
  }

  private TestLog log() throws IOException {
    return TestLog.create(active, directory.resolve("keys"));
  }

  private List<Verdict> verdicts(Path path) throws IOException {
    var trust = Trust.local(directory.resolve("keys"));
    return new LogVerifier(trust, List.of(), _ -> {}).verify(path);
  }

  private Verdict verdict(Path path) throws IOException {
    return verdicts(path).getFirst();
  }

  private Fault fault() throws IOException {
    return verdict(active).fault().orElseThrow();
  }

  /// Changes the lines of a file as an intruder does.
  private static void edit(Path file, Consumer<List<String>> change) throws IOException {
    var lines = new ArrayList<>(Files.readAllLines(file));
    change.accept(lines);
    Files.write(file, lines);
  }

  @Test
  void aLogAsItWasWrittenVerifies() throws IOException {
    try (var log = log().addCalls(LINES).sign().addCalls(1)) {
      assertThat(verdict(active))
          .isEqualTo(
              new Verdict(
                  active, true, 1, 1, LINES + 1, log.head(), LINES, java.util.Optional.empty()));
    }
  }

  @Test
  void aLogVerifiesThroughRotatedAndCompressedFiles() throws IOException {
    try (var log = log().addCalls(3).rotate().addCalls(3).sign().rotate().compress(1)) {
      log.addCalls(2).rotate().sign();
      var verdict = verdict(active);

      assertThat(verdict.fault()).isEmpty();
      assertThat(verdict.files()).isEqualTo(4);
      assertThat(verdict.lastSeq()).isEqualTo(log.size());
      assertThat(verdict.sealed()).isEqualTo(log.size());
      assertThat(verdict.head()).isEqualTo(log.head());
    }
  }

  @Test
  void everyLogOfADirectoryIsVerified() throws IOException {
    log().addCalls(3).close();
    var other = active.resolveSibling("audit.2.jsonl");
    TestLog.create(other, directory.resolve("keys")).addCalls(2).close();

    assertThat(verdicts(directory.resolve("logs")))
        .extracting(Verdict::lines)
        .containsExactly(3L, 2L);
  }

  @Test
  void aClosedFileIsVerifiedAlone() throws IOException {
    log().addCalls(3).rotate().addCalls(3).sign().rotate().sign().compress(4).close();
    var verdict = verdict(active.resolveSibling("audit-000000000004.jsonl.gz"));

    assertThat(verdict.isWhole()).isFalse();
    assertThat(verdict.fault()).isEmpty();
    assertThat(verdict.firstSeq()).isEqualTo(4);
    assertThat(verdict.lastSeq()).isEqualTo(7);
    assertThat(verdict.sealed()).isEqualTo(7);
  }

  @Test
  void everyDeletedLineIsFound() throws IOException {
    for (int gone = 0; gone < LINES; gone++) {
      Files.deleteIfExists(active);
      Files.deleteIfExists(new LogFiles(active).checkpoints());
      log().addCalls(LINES).sign().close();
      int index = gone;
      edit(active, lines -> lines.remove(index));

      assertThat(fault().line()).isEqualTo(Math.min(gone + 1, LINES - 1));
      assertThat(fault().means()).containsAnyOf("deleted", "cut off", "first lines");
    }
  }

  @Test
  void everyCutTailIsFound() throws IOException {
    for (int cut = 1; cut <= LINES; cut++) {
      Files.deleteIfExists(active);
      Files.deleteIfExists(new LogFiles(active).checkpoints());
      log().addCalls(LINES).sign().close();
      int left = LINES - cut;
      edit(active, lines -> lines.subList(left, LINES).clear());

      assertThat(fault().seq()).isEqualTo(left);
      assertThat(fault().what()).contains("ends with line " + left, "over 20 lines");
    }
  }

  @Test
  void swappedRepeatedAndInsertedLinesAreFound() throws IOException {
    log().addCalls(LINES).close();
    var sound = Files.readAllLines(active);

    edit(active, lines -> Collections.swap(lines, 4, 9));
    assertThat(fault().seq()).isEqualTo(5);

    Files.write(active, sound);
    edit(active, lines -> lines.add(4, lines.get(3)));
    assertThat(fault().line()).isEqualTo(5);
    assertThat(fault().means()).contains("inserted");

    Files.write(active, sound);
    edit(active, lines -> lines.add(4, "{\"event\":\"request\"}"));
    assertThat(fault().line()).isEqualTo(5);
    assertThat(fault().what()).contains("no line of an audit log");
  }

  @Test
  void aLineThatWasChangedIsNamedAndNotTheOneBehindIt() throws IOException {
    log().addCalls(LINES).close();
    edit(active, lines -> lines.set(6, lines.get(6).replace("read", "reed")));
    assertThat(fault()).extracting(Fault::file, Fault::line).containsExactly(active, 7L);

    edit(active, lines -> lines.set(6, lines.get(6).replace("reed", "read")));
    edit(active, lines -> lines.set(8, "%s0\"}".formatted(lines.get(8).substring(0, 200))));
    assertThat(fault().line()).isEqualTo(9);
  }

  @Test
  void linesThatWereWrittenAnewWithAllTheirLinksAreFoundByACheckpoint() throws IOException {
    log().addCalls(LINES).sign().addCalls(LINES).sign().close();
    var checkpoints = Files.readAllBytes(new LogFiles(active).checkpoints());
    Files.delete(active);
    try (var forger = log().addCalls(LINES)) {
      forger.addLifecycle("nothing", "").addCalls(LINES - 1);
    }
    Files.write(new LogFiles(active).checkpoints(), checkpoints);

    assertThat(fault().seq()).isEqualTo(2 * LINES);
    assertThat(fault().what()).contains("lines 21 to 40");
  }

  @Test
  void aForgedCheckpointIsFound() throws IOException {
    log().addCalls(LINES).sign().addCalls(1).sign().close();
    var checkpoints = new LogFiles(active).checkpoints();
    edit(checkpoints, lines -> lines.set(7, "21"));
    edit(checkpoints, lines -> lines.set(1, "19"));

    assertThat(fault().file()).isEqualTo(checkpoints);
    assertThat(fault().line()).isEqualTo(1);
    assertThat(fault().what()).contains("no key that is trusted", "19 lines");
  }

  @Test
  void aCheckpointByAnotherKeyIsForged() throws IOException {
    log().addCalls(LINES).close();
    TestLog.create(directory.resolve("other/audit.jsonl"), directory.resolve("others"))
        .addCalls(LINES)
        .sign()
        .close();
    Files.copy(directory.resolve("other/audit.checkpoints"), new LogFiles(active).checkpoints());

    assertThat(fault().what()).contains("no key that is trusted");
  }

  @Test
  void aCheckpointThatIsBeingWrittenIsNoFault() throws IOException {
    log().addCalls(LINES).sign().close();
    Files.writeString(
        new LogFiles(active).checkpoints(), "watchgate/test\n2", StandardOpenOption.APPEND);

    assertThat(verdict(active).fault()).isEmpty();
  }

  @Test
  void checkpointsMeanNothingWithoutAKey() throws IOException {
    log().addCalls(LINES).sign().close();

    assertThatThrownBy(() ->
            new LogVerifier(Trust.local(directory.resolve("none")), List.of(), _ -> {})
                .verify(active))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--key");
  }

  @Test
  void whoNamesAKeyWantsToSeeACheckpoint() throws IOException {
    try (var log = log().addCalls(LINES)) {
      var trust = Trust.named(List.of(log.vkey()));

      var verdict = new LogVerifier(trust, List.of(), _ -> {}).verify(active).getFirst();
      assertThat(verdict.fault().orElseThrow().what()).contains("no checkpoint");
      assertThat(verdict(active).fault()).isEmpty();
    }
    assertThatThrownBy(() -> Trust.named(List.of("nonsense")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void checkpointsThatAreKeptElsewhereShowATailThatWasCutWithThoseBesideIt() throws IOException {
    log().addCalls(LINES).sign().close();
    var copy = directory.resolve("copy");
    Files.move(new LogFiles(active).checkpoints(), copy);
    edit(active, List::removeLast);

    assertThat(verdict(active).fault()).isEmpty();
    var trust = Trust.local(directory.resolve("keys"));
    var verdict = new LogVerifier(trust, List.of(copy), _ -> {}).verify(active).getFirst();
    assertThat(verdict.fault().orElseThrow().what()).contains("ends with line 19");
  }

  @Test
  void firstFilesMayBeMissingIfTheLogSaysSo() throws IOException {
    var log = log().addCalls(3).sign();
    var head = log.head();
    log.rotate().addCalls(3);
    Files.delete(log.files().closed(1));
    log.sign();
    assertThat(fault().what()).contains("begins here", "lines 1 to 3");
    assertThat(fault().seq()).isEqualTo(4);

    log.addLifecycle("audit/removed", "\"from\":1,\"to\":2,\"head\":\"" + head + "\"");
    assertThat(fault().what()).contains("begins here");
    log.addLifecycle("audit/removed", "\"from\":1,\"to\":3,\"head\":\"" + head + "\"");
    log.sign().close();
    assertThat(verdict(active).fault()).isEmpty();
    assertThat(verdict(active).sealed()).isEqualTo(log.size());
  }

  @Test
  void someOfTheFilesThatWereAboutToBeRemovedMayStillBeThere() throws IOException {
    var log = log().addCalls(3).rotate().addCalls(3).rotate();
    var removed = "\"from\":1,\"to\":7,\"head\":\"" + "a".repeat(64) + "\"";
    log.addLifecycle("audit/removed", removed).close();
    Files.delete(log.files().closed(1));
    assertThat(verdict(active).fault()).isEmpty();

    Files.delete(log.files().closed(4));
    assertThat(fault().what()).contains("lines 1 to 7");
  }

  @Test
  void aMissingFileInTheMiddleIsFound() throws IOException {
    var log = log().addCalls(3).rotate().addCalls(3).rotate();
    log.close();
    Files.delete(log.files().closed(4));

    assertThat(fault()).extracting(Fault::file, Fault::line).containsExactly(active, 1L);
    assertThat(fault().means()).contains("4 lines before it were deleted");
  }

  @Test
  void aFileUnderAnotherNameIsFound() throws IOException {
    var log = log().addCalls(3).rotate();
    log.close();
    Files.move(log.files().closed(1), log.files().closed(2));

    assertThat(fault().what()).contains("line 2 is the first");
  }

  @Test
  void aLineThatLiesAboutTheLinesBeforeItIsFound() throws IOException {
    try (var log = log().addCalls(3)) {
      log.addLifecycle("audit/rotated", "\"tree\":[]").addCalls(2);
    }
    assertThat(fault().seq()).isEqualTo(4);
    assertThat(fault().what()).contains("tree");
  }

  @Test
  void aLogThatWasShortenedIsNamedForEver() throws IOException {
    var log = log().addCalls(LINES).sign().shorten(LINES - 2);
    log.addLifecycle("audit/shortened", "\"from\":19,\"to\":20").addCalls(LINES).sign().close();

    assertThat(fault().seq()).isEqualTo(LINES - 1);
    assertThat(fault().what()).contains("signed lines were missing", "2026-11-27");

    edit(active, lines -> lines.subList(LINES - 2, lines.size()).clear());
    assertThat(fault().what()).contains("ends with line 18, and");
  }

  @Test
  void aLineThatIsBeingWrittenIsNoFault() throws IOException {
    log().addCalls(LINES).sign().close();
    Files.writeString(active, "{\"seq\":21,\"time\":", StandardOpenOption.APPEND);
    assertThat(fault()).extracting(Fault::line).isEqualTo(21L);
    assertThat(fault().what()).contains("does not end");

    var lock = new LogFiles(active).lock();
    try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      assertThat(verdict(active).fault()).isEmpty();
      assertThat(verdict(active).lastSeq()).isEqualTo(LINES);
    }
  }

  @Test
  void aCompressedFileThatWasCutOrChangedIsNoLogAnyMore() throws IOException {
    var log = log().addCalls(1000).rotate().compress(1);
    log.close();
    var file = LogFiles.compressed(log.files().closed(1));
    var bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 100));
    assertThat(fault().file()).isEqualTo(file);
    assertThat(fault().what()).containsAnyOf("cannot be decompressed", "does not end");

    bytes[3000] ^= 4;
    Files.write(file, bytes);
    assertThat(fault().file()).isEqualTo(file);

    Files.write(file, new byte[0]);
    assertThat(fault().what()).contains("cannot be decompressed");
  }

  @Test
  void whatIsNoLogIsNotVerified() {
    assertThatThrownBy(() -> verdict(active)).hasMessageContaining("there is no audit log");
    assertThatThrownBy(() -> verdict(directory)).hasMessageContaining("no audit log is in");
  }
}
