package io.watchgate.audit.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTargetTest {
  private static final LineFormat IDS =
      new LineFormat() {
        @Override
        public Optional<String> header() {
          return Optional.of("id");
        }

        @Override
        public String line(io.watchgate.plugin.AuditRecord record) {
          return Sample.id(record);
        }
      };

  @TempDir private Path directory = Path.of("");
  private final SinkHome home = new SinkHome(Path.of("nowhere")).withoutPauses();

  private FileTarget open(int largest, int aside) throws IOException {
    var settings = new FileSettings(Optional.of(file()), true, largest, aside);
    return FileTarget.open(Path.of("unused"), IDS, settings, home);
  }

  private FileTarget open() throws IOException {
    return open(1 << 20, 3);
  }

  private Path file() {
    return directory.resolve("logs/audit.csv");
  }

  private static void keep(FileTarget target, String... ids) throws IOException {
    target.keep(List.of(ids).stream().map(Sample::small).toList());
  }

  @Test
  void theFileIsMadeForTheOwnerAlone() throws IOException {
    try (var _ = asClosed(open())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
          .isEqualTo("rwx------");
    }
  }

  private interface Closed extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  private static Closed asClosed(FileTarget target) {
    return target::close;
  }

  @Test
  void aFileThatIsThereIsContinuedWithoutASecondHeader() throws IOException {
    for (var id : List.of("1", "2")) {
      var target = open();
      keep(target, id);
      target.close();
    }
    assertThat(file()).hasContent("id\n1\n2\n");
  }

  @Test
  void halfALineIsCutOffWhereverItEnds() throws IOException {
    var whole = "id\nfirst\n";
    var line = "second\n";
    for (int length = 0; length < line.length(); length++) {
      Files.createDirectories(file().getParent());
      Files.writeString(file(), whole + line.substring(0, length));

      var target = open();
      keep(target, "third");
      target.close();

      assertThat(file()).hasContent("id\nfirst\nthird\n");
    }
  }

  @Test
  void aFileWithNothingButHalfAHeaderBeginsAnew() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "i");
    var target = open();
    keep(target, "1");
    target.close();

    assertThat(file()).hasContent("id\n1\n");
  }

  @Test
  void halfALineThatIsLongIsFoundToo() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "id\n" + "x".repeat(100_000));
    var target = open();
    keep(target, "1");
    target.close();

    assertThat(file()).hasContent("id\n1\n");
  }

  @Test
  void anotherGatewayWritesToAFileBesideIt() throws IOException {
    var first = open();
    var second = open();
    var third = open();
    keep(second, "2");
    second.close();
    var again = open();

    assertThat(List.of(first.name(), second.name(), third.name(), again.name()))
        .extracting(name -> Path.of(name).getFileName().toString())
        .containsExactly("audit.csv", "audit.2.csv", "audit.3.csv", "audit.2.csv");
    first.close();
    third.close();
    again.close();
  }

  @Test
  @Tag("peers") // needs Python
  void aGatewayInAnotherProcessIsSeenByItsLock() throws Exception {
    Files.createDirectories(file().getParent());
    var lock = Files.createFile(file().resolveSibling("audit.csv.lock"));
    var python =
        new ProcessBuilder(
                "python3",
                "-c",
                "import fcntl,sys\nf=open(sys.argv[1],'r+')\nfcntl.lockf(f,fcntl.LOCK_EX)\n"
                    + "print('locked',flush=True)\nsys.stdin.read()",
                lock.toString())
            .start();
    try (var said = python.inputReader()) {
      assertThat(said.readLine()).isEqualTo("locked");
      var target = open();
      assertThat(target.name()).endsWith("audit.2.csv");
      target.close();
    } finally {
      python.destroy();
    }
  }

  @Test
  void aLargeFileIsPutAsideAndTheOldestOfThoseGo() throws IOException {
    var target = open(10, 2);
    for (var id : List.of("one", "two", "three", "four", "five", "six")) {
      keep(target, id);
      home.turn(Duration.ofSeconds(1));
    }
    target.close();

    try (var files = Files.list(file().getParent())) {
      assertThat(files.map(each -> each.getFileName().toString()).filter(n -> n.endsWith(".csv")))
          .containsExactlyInAnyOrder(
              "audit.csv", "audit.20260102T120004.000Z.csv", "audit.20260102T120005.000Z.csv");
    }
    assertThat(file()).hasContent("id\nsix\n");
  }

  @Test
  void filesPutAsideInTheSameMillisecondDoNotReplaceEachOther() throws IOException {
    var target = open(1, 9);
    keep(target, "1");
    keep(target, "2");
    keep(target, "3");
    target.close();

    try (var files = Files.list(file().getParent())) {
      assertThat(files.filter(each -> each.toString().endsWith(".csv"))).hasSize(4);
    }
  }

  @Test
  void aFileThatIsMovedOrRemovedIsMadeAgain() throws IOException {
    var target = open();
    keep(target, "1");
    Files.move(file(), directory.resolve("moved.csv"));
    keep(target, "2");
    Files.delete(file());
    keep(target, "3");
    target.close();

    assertThat(directory.resolve("moved.csv")).hasContent("id\n1\n");
    assertThat(file()).hasContent("id\n3\n");
  }

  @Test
  void aDirectoryThatIsRemovedIsMadeAgain() throws IOException {
    var target = open();
    try (var files = Files.list(file().getParent())) {
      for (var each : files.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(file().getParent());
    keep(target, "1");
    target.close();

    assertThat(file()).hasContent("id\n1\n");
  }

  @Test
  void whatIsNoFileIsNotWrittenTo() throws Exception {
    Files.createDirectories(file().getParent());
    assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor()).isZero();

    assertThatThrownBy(this::open).hasMessageContaining("is no regular file");
  }

  @Test
  void aFullDiskLeavesNoHalfLine() throws IOException {
    var target = open();
    keep(target, "1");
    Files.write(
        file(), "torn by somebody".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    keep(target, "2");
    target.close();

    assertThat(file()).hasContent("id\n1\n2\n");
  }
}
