package io.watchgate.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/// A log as a gateway writes it, as large and with as many files as a test wants.
public final class TestLog implements AutoCloseable {
  private static final String ORIGIN = "watchgate/test";

  private final LogFiles files;
  private final SigningKey key;
  private final Sha256 sha256 = new Sha256();
  private MerkleTree tree = new MerkleTree();
  private byte[] prev = Sha256.NONE;
  private long fileBegan = 1;
  private OutputStream out;

  private TestLog(Path active, Path keys) throws IOException {
    this.files = new LogFiles(active);
    this.key = SigningKey.in(keys);
    this.out = open();
  }

  /// An empty log.
  ///
  /// @param keys directory of the key that signs its checkpoints
  public static TestLog create(Path active, Path keys) throws IOException {
    Files.createDirectories(active.toAbsolutePath().getParent());
    return new TestLog(active, keys);
  }

  private OutputStream open() throws IOException {
    return Files.newOutputStream(
        files.active(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  LogFiles files() {
    return files;
  }

  /// What verifies its checkpoints.
  public String vkey() {
    return key.verifier().vkey();
  }

  /// The number of the last line.
  public long size() {
    return tree.size();
  }

  String head() {
    return Sha256.hex(prev);
  }

  /// Adds a line.
  ///
  /// @param members those behind `seq` and before `prev`
  public TestLog add(String members) throws IOException {
    var line =
        "{\"seq\":%d,%s,\"prev\":\"%s\"}".formatted(tree.size() + 1, members, Sha256.hex(prev));
    var bytes = line.getBytes(StandardCharsets.UTF_8);
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    prev = sha256.of(bytes);
    tree.append(prev);
    return this;
  }

  /// Adds as many lines as calls leave.
  public TestLog addCalls(int lines) throws IOException {
    for (int i = 0; i < lines; i++) {
      add(
          """
          "time":"2026-11-27T21:37:02.%03dZ","event":"request","request_id":"r-%d",\
          "session":"s1","client":"näch","server":"files","method":"tools/call","name":"read"\
          """
              .formatted(i % 1000, tree.size() + 1));
    }
    return this;
  }

  /// Adds a line about the log itself.
  public TestLog addLifecycle(String method, String more) throws IOException {
    return add(
        """
        "time":"2026-11-27T21:37:02.000Z","event":"lifecycle","method":"%s"%s\
        """
            .formatted(method, more.isEmpty() ? "" : "," + more));
  }

  /// Closes the active file and begins another.
  public TestLog rotate() throws IOException {
    close();
    Files.move(files.active(), files.closed(fileBegan));
    fileBegan = tree.size() + 1;
    out = open();
    var nodes =
        tree.nodes().stream()
            .map(node -> "\"" + Base64.getEncoder().encodeToString(node) + "\"")
            .collect(Collectors.joining(","));
    return addLifecycle("audit/rotated", "\"tree\":[" + nodes + "]");
  }

  /// Compresses the closed file that begins with a line.
  public TestLog compress(long firstSeq) throws IOException {
    var closed = files.closed(firstSeq);
    try (var gzip = new GZIPOutputStream(Files.newOutputStream(LogFiles.compressed(closed)))) {
      Files.copy(closed, gzip);
    }
    Files.delete(closed);
    return this;
  }

  /// Signs what the log is now.
  public TestLog sign() throws IOException {
    var note = key.sign(Checkpoint.of(ORIGIN, tree).text()).encode() + "\n";
    Files.writeString(
        files.checkpoints(), note, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return this;
  }

  /// Begins again behind fewer lines, as a gateway does whose log was cut.
  TestLog shorten(int lines) throws IOException {
    close();
    var kept = Files.readAllLines(files.active()).subList(0, lines);
    Files.write(files.active(), kept);
    tree = new MerkleTree();
    for (var line : kept) {
      prev = sha256.of(line.getBytes(StandardCharsets.UTF_8));
      tree.append(prev);
    }
    out = open();
    return this;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
