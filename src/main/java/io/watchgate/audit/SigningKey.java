package io.watchgate.audit;

import io.watchgate.audit.SignedNote.Signature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The Ed25519 key that signs what logs were. It is kept in a file that its owner alone can read,
/// in the form that the tools of Go's signed notes have for it; its public half lies beside it for
/// everybody.
final class SigningKey {
  /// The name of every gateway's key: its id tells it from others.
  static final String NAME = "watchgate";

  private static final String KEY_FILE = "signing.key";
  private static final String PUBLIC_FILE = "signing.pub";
  private static final String PREFIX = "PRIVATE+KEY+";
  private static final byte ED25519 = 1;
  private static final int SEED_BYTES = 32;
  private static final int PARTS = 5;

  private static final FileAttribute<?> OWNERS_FILE = permissions("rw-------");
  private static final FileAttribute<?> OWNERS_DIRECTORY = permissions("rwx------");
  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  private final KeyPair pair;
  private final VerifierKey verifier;

  private SigningKey(String name, KeyPair pair) {
    this.pair = pair;
    this.verifier = VerifierKey.of(name, pair.getPublic());
  }

  private static FileAttribute<?> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  /// The key that is kept in a directory, made when there is none yet.
  ///
  /// @throws IOException when none can be kept, or what is there is not fit to be used
  static SigningKey in(Path directory) throws IOException {
    var file = directory.resolve(KEY_FILE);
    if (!Files.exists(file)) {
      create(file);
    }
    var key = read(file);
    publish(key.verifier, directory);
    return key;
  }

  /// Where the public half of the key of a directory is.
  static Path publicFile(Path directory) {
    return directory.resolve(PUBLIC_FILE);
  }

  private static SigningKey read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("the key " + file + " is another's: this user cannot read it");
    }
    if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
      throw new IOException("others may read or change the key " + file + ": chmod 600 " + file);
    }
    var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    return parse(text.strip())
        .orElseThrow(() ->
            new IOException(
                file
                    + " holds no key that signs audit logs: put it back from a copy, or remove it,"
                    + " and a new one is made that others have to be told of"));
  }

  /// Reads a key as it is kept: `PRIVATE+KEY+name+id+base64`, empty when it is none.
  static Optional<SigningKey> parse(String text) {
    var parts = text.split("\\+", PARTS);
    if (!text.startsWith(PREFIX) || parts.length != PARTS || parts[2].isEmpty()) {
      return Optional.empty();
    }
    return SignedNote.base64(parts[4])
        .filter(tagged -> tagged.length == SEED_BYTES + 1 && tagged[0] == ED25519)
        .map(tagged -> Arrays.copyOfRange(tagged, 1, tagged.length))
        .map(seed -> new SigningKey(parts[2], pair(seed)))
        .filter(key -> HexFormat.of().toHexDigits(key.verifier.id()).equals(parts[3]));
  }

  /// Both halves of the key that a seed stands for. The platform computes the public half of a new
  /// key only: it is given the seed where it asks for 32 random bytes.
  private static KeyPair pair(byte[] seed) {
    try {
      var generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(255, new Seed(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has Ed25519", e);
    }
  }

  /// Gives one seed for random bytes.
  private static final class Seed extends SecureRandom {
    @java.io.Serial private static final long serialVersionUID = 1;

    private final byte[] seed;

    private Seed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }

  /// The key appears whole: another gateway may start at the same time, and the first key stays.
  private static void create(Path file) throws IOException {
    var seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    var directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory, OWNERS_DIRECTORY);
    var draft = Files.createTempFile(directory, "signing", ".draft", OWNERS_FILE);
    try {
      keep(text(NAME, seed), draft);
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException _) {
      // another gateway made the key a moment ago
    } finally {
      Files.delete(draft);
    }
  }

  private static String text(String name, byte[] seed) {
    var key = new SigningKey(name, pair(seed));
    var tagged = ByteBuffer.allocate(1 + SEED_BYTES).put(ED25519).put(seed).array();
    return PREFIX
        + name
        + "+"
        + HexFormat.of().toHexDigits(key.verifier.id())
        + "+"
        + Base64.getEncoder().encodeToString(tagged);
  }

  private static void publish(VerifierKey key, Path directory) throws IOException {
    var file = publicFile(directory);
    var text = key.vkey();
    if (Files.exists(file) && Files.readString(file).strip().equals(text)) {
      return;
    }
    var draft = Files.createTempFile(directory, "signing", ".draft", OWNERS_FILE);
    keep(text, draft);
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /// On the disk before it has its name: a key that is lost after it signed is lost for good.
  private static void keep(String text, Path draft) throws IOException {
    try (var out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        int _ = out.write(bytes);
      }
      out.force(true);
    }
  }

  /// The half that everybody may have.
  VerifierKey verifier() {
    return verifier;
  }

  /// The text with the key's signature below it.
  ///
  /// @param text ends with a line break
  SignedNote sign(String text) {
    try {
      var signature = java.security.Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      var signed = Signature.of(verifier.name(), verifier.id(), signature.sign());
      return new SignedNote(text, List.of(signed));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("an Ed25519 key signs any text", e);
    }
  }
}
