package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The calls that wait for a person: one file each, in a directory that gateways and the command
/// line of one user share. Who renames a file has decided, and nobody can after that.
public final class WaitingCalls {
  private static final String WAITING = ".waiting";
  private static final String DIGITS = "abcdefghjkmnpqrstuvwxyz23456789";
  private static final int ID_LENGTH = 6;
  private static final int MOST_SHOWN = 1000;
  private static final int MOST_BYTES = 1 << 20;
  private static final FileAttribute<?> OWNERS_FILE = permissions("rw-------");
  private static final FileAttribute<?> OWNERS_DIRECTORY = permissions("rwx------");
  private static final Set<PosixFilePermission> FOR_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final Path directory;

  /// @param state the directory for what outlives the process
  public WaitingCalls(Path state) {
    this.directory = state.resolve("approvals");
  }

  private static FileAttribute<?> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  /// What a person says to a call.
  public enum Decision {
    APPROVED,
    DENIED;

    private String suffix() {
      return "." + name().toLowerCase(Locale.ROOT);
    }
  }

  /// A call that waits.
  ///
  /// @param id what a person calls it by
  /// @param until when it is denied by itself
  /// @param arguments JSON, cut where it is long
  public record Waiting(
      String id,
      Instant since,
      Instant until,
      String server,
      String tool,
      String principal,
      String client,
      String arguments) {

    private Json json() {
      return Json.object(
          "id", id,
          "since", since.toString(),
          "until", until.toString(),
          "server", server,
          "tool", tool,
          "principal", principal,
          "client", client,
          "arguments", arguments);
    }

    private static Waiting of(Json json) {
      return new Waiting(
          text(json, "id"),
          Instant.parse(text(json, "since")),
          Instant.parse(text(json, "until")),
          text(json, "server"),
          text(json, "tool"),
          text(json, "principal"),
          text(json, "client"),
          text(json, "arguments"));
    }

    private static String text(Json json, String key) {
      return json.textMember(key).orElse("");
    }
  }

  /// Makes the directory, and removes what gateways left that ended without a word.
  ///
  /// @throws IOException when it cannot be made, or others may change what is in it
  void open(Instant now) throws IOException {
    try {
      Files.createDirectories(directory, OWNERS_DIRECTORY);
      if (Files.getPosixFilePermissions(directory).stream().anyMatch(FOR_OTHERS::contains)) {
        throw new IOException(
            "others may see or decide what is in %s: chmod 700 %s".formatted(directory, directory));
      }
    } catch (UnsupportedOperationException _) {
      throw new IOException(directory + " cannot be kept from others here: use by: client");
    }
    for (var file : files()) {
      var waiting = read(file);
      if (waiting.isPresent() && !now.isBefore(waiting.get().until)) {
        Files.deleteIfExists(file);
      }
    }
  }

  static String newId(RandomGenerator random) {
    return random
        .ints(ID_LENGTH, 0, DIGITS.length())
        .collect(
            StringBuilder::new,
            (id, digit) -> id.append(DIGITS.charAt(digit)),
            StringBuilder::append)
        .toString();
  }

  /// The call appears whole.
  ///
  /// @throws FileAlreadyExistsException when another one has its id
  void add(Waiting call) throws IOException {
    var draft = Files.createTempFile(directory, call.id, ".draft", OWNERS_FILE);
    try {
      Files.write(draft, call.json().toBytes());
      Files.createLink(file(call.id, WAITING), draft);
    } finally {
      Files.delete(draft);
    }
  }

  Optional<Decision> decision(String id) {
    for (var decision : Decision.values()) {
      if (Files.exists(file(id, decision.suffix()), LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(decision);
      }
    }
    return Optional.empty();
  }

  /// Ends the wait of a call.
  ///
  /// @return what was decided in the last moment
  Optional<Decision> withdraw(String id) throws IOException {
    return Files.deleteIfExists(file(id, WAITING)) ? Optional.empty() : decision(id);
  }

  /// Takes a call off the list, decided or not.
  void remove(String id) throws IOException {
    Files.deleteIfExists(file(id, WAITING));
    for (var decision : Decision.values()) {
      Files.deleteIfExists(file(id, decision.suffix()));
    }
  }

  /// What waits for a decision, longest first.
  public List<Waiting> list(Instant now) throws IOException {
    var calls = new ArrayList<Waiting>();
    for (var file : files()) {
      if (file.toString().endsWith(WAITING)) {
        read(file).filter(call -> now.isBefore(call.until)).ifPresent(calls::add);
      }
    }
    calls.sort(Comparator.comparing(Waiting::since));
    return calls;
  }

  /// Decides a call.
  ///
  /// @return the call, empty when none waits by that name
  public Optional<Waiting> decide(String id, Decision decision, Instant now) throws IOException {
    var call = list(now).stream().filter(waiting -> waiting.id.equals(id)).findFirst();
    if (call.isEmpty()) {
      return call;
    }
    try {
      Files.move(file(id, WAITING), file(id, decision.suffix()), StandardCopyOption.ATOMIC_MOVE);
      return call;
    } catch (NoSuchFileException _) {
      return Optional.empty(); // somebody else was faster
    }
  }

  private Path file(String id, String suffix) {
    return directory.resolve(id + suffix);
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.limit(MOST_SHOWN).toList();
    }
  }

  /// A call in a file, empty when it is gone by now or is none.
  private static Optional<Waiting> read(Path file) {
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      var json = Json.parse(in.readNBytes(MOST_BYTES), Limits.DEFAULT);
      return Optional.of(Waiting.of(json))
          .filter(call -> file.getFileName().toString().startsWith(call.id + "."));
    } catch (IOException | MalformedMessage | DateTimeParseException _) {
      return Optional.empty();
    }
  }
}
