package io.watchgate.audit;

import io.watchgate.audit.SignedNote.Signature;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// The public half of an Ed25519 key with its name, which shows whether a note was signed by the
/// other half. People pass it on as a `vkey` of signed notes: `name+id+base64`.
final class VerifierKey {
  /// What stands before the key's own bytes in the form that Java reads.
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final byte ED25519 = 1;
  private static final int KEY_BYTES = 32;
  private static final int PARTS = 3;

  private final String name;
  private final byte[] bytes;

  private VerifierKey(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /// A key with its name.
  ///
  /// @param name of whoever signs, without spaces and plus signs
  static VerifierKey of(String name, PublicKey key) {
    var encoded = key.getEncoded();
    return new VerifierKey(
        name, Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length));
  }

  /// Reads a `vkey`, empty when it is none.
  static Optional<VerifierKey> parse(String vkey) {
    var parts = vkey.split("\\+", PARTS);
    if (parts.length != PARTS || !isName(parts[0])) {
      return Optional.empty();
    }
    return SignedNote.base64(parts[2])
        .filter(tagged -> tagged.length == KEY_BYTES + 1 && tagged[0] == ED25519)
        .map(tagged -> new VerifierKey(parts[0], Arrays.copyOfRange(tagged, 1, tagged.length)))
        .filter(key -> HexFormat.of().toHexDigits(key.id()).equals(parts[1]));
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.indexOf('+') < 0
        && name.codePoints().noneMatch(c -> Character.isSpaceChar(c) || Character.isISOControl(c));
  }

  String name() {
    return name;
  }

  /// Tells keys of one name apart.
  int id() {
    var named = (name + "\n").getBytes(StandardCharsets.UTF_8);
    var all = Arrays.copyOf(named, named.length + 1 + KEY_BYTES);
    all[named.length] = ED25519;
    System.arraycopy(bytes, 0, all, named.length + 1, KEY_BYTES);
    return ByteBuffer.wrap(new Sha256().of(all)).getInt();
  }

  /// The key as people pass it on.
  String vkey() {
    var tagged = ByteBuffer.allocate(1 + KEY_BYTES).put(ED25519).put(bytes).array();
    return name
        + "+"
        + HexFormat.of().toHexDigits(id())
        + "+"
        + Base64.getEncoder().encodeToString(tagged);
  }

  /// Whether the note has a signature of this key, and it is good.
  boolean signed(SignedNote note) {
    int id = id();
    return note.signatures().stream()
        .filter(signature -> signature.name().equals(name) && signature.keyId() == id)
        .anyMatch(signature -> isGood(signature, note.text()));
  }

  private boolean isGood(Signature signature, String text) {
    try {
      var check = java.security.Signature.getInstance("Ed25519");
      check.initVerify(publicKey());
      check.update(text.getBytes(StandardCharsets.UTF_8));
      return check.verify(signature.bytes());
    } catch (GeneralSecurityException _) {
      return false; // bytes that can be no signature, or a key that is no point of the curve
    }
  }

  private PublicKey publicKey() throws GeneralSecurityException {
    var encoded = ByteBuffer.allocate(X509.length + KEY_BYTES).put(X509).put(bytes).array();
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }
}
