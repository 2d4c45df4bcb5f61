package io.watchgate;

import io.watchgate.flow.Seal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The key under which tokens are sealed, in a file that outlives the process: a gateway that is
/// started again knows its sessions, and so does another one that shares the file.
final class SealKey {
  private static final Logger log = LoggerFactory.getLogger(SealKey.class);
  private static final FileAttribute<?> OWNERS_FILE = permissions("rw-------");
  private static final FileAttribute<?> OWNERS_DIRECTORY = permissions("rwx------");
  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  private final Path file;

  SealKey(Path file) {
    this.file = file;
  }

  private static FileAttribute<?> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  /// Where the key is for whoever runs the program.
  ///
  /// @param environment of the process
  static SealKey of(Map<String, String> environment, String home) {
    return new SealKey(StateDirectory.of(environment, home).resolve("seal.key"));
  }

  /// The seal under the key, which is made when there is none yet. Where none can be kept, the seal
  /// is one for this process alone.
  ///
  /// @throws IOException when there is a key that is not fit to be used
  Seal seal() throws IOException {
    return Files.exists(file) ? new Seal(read(), new SecureRandom()) : create();
  }

  private byte[] read() throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("the key " + file + " is another's: this user cannot read it");
    }
    var key = Files.readAllBytes(file);
    if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
      throw new IOException("others may read or change the key " + file + ": chmod 600 " + file);
    }
    if (key.length != Seal.KEY_BYTES) {
      throw new IOException(
          "the key %s has %d bytes, not %d: remove it, and a new one is made"
              .formatted(file, key.length, Seal.KEY_BYTES));
    }
    return key;
  }

  private Seal create() throws IOException {
    try {
      write();
    } catch (IOException | UnsupportedOperationException failure) {
      log.warn(
          "no key can be kept at {} ({}): sessions end with this process",
          file,
          failure.toString());
      return Seal.random();
    }
    return new Seal(read(), new SecureRandom());
  }

  /// The key appears whole: another gateway may start at the same time, and the first key stays.
  private void write() throws IOException {
    var key = new byte[Seal.KEY_BYTES];
    new SecureRandom().nextBytes(key);
    var directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory, OWNERS_DIRECTORY);
    var draft = Files.createTempFile(directory, "seal", ".draft", OWNERS_FILE);
    try {
      Files.write(draft, key);
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException another) {
      log.debug("another gateway made the key {}", file);
    } finally {
      Files.delete(draft);
    }
  }
}
