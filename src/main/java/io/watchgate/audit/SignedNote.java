package io.watchgate.audit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A text with signatures below it (C2SP signed-note), as Go's checksum database and transparency
/// logs have them.
///
/// @param text ends with a line break
record SignedNote(String text, List<Signature> signatures) {
  private static final String SPLIT = "\n\n";
  private static final String MARK = "— ";

  /// One signature.
  ///
  /// @param name of the key
  /// @param base64 the key's id, which tells keys of one name apart, and the signature itself
  record Signature(String name, String base64) {
    private static final int KEY_ID_BYTES = Integer.BYTES;

    static Signature of(String name, int keyId, byte[] bytes) {
      var both = ByteBuffer.allocate(KEY_ID_BYTES + bytes.length).putInt(keyId).put(bytes);
      return new Signature(name, Base64.getEncoder().encodeToString(both.array()));
    }

    int keyId() {
      return ByteBuffer.wrap(Base64.getDecoder().decode(base64)).getInt();
    }

    byte[] bytes() {
      var both = Base64.getDecoder().decode(base64);
      return Arrays.copyOfRange(both, KEY_ID_BYTES, both.length);
    }

    private String line() {
      return MARK + name + " " + base64 + "\n";
    }

    private static Optional<Signature> parse(String line) {
      int space = line.indexOf(' ', MARK.length());
      if (!line.startsWith(MARK) || space <= MARK.length()) {
        return Optional.empty();
      }
      var encoded = line.substring(space + 1);
      return SignedNote.base64(encoded)
          .filter(both -> both.length > KEY_ID_BYTES)
          .map(_ -> new Signature(line.substring(MARK.length(), space), encoded));
    }
  }

  /// The note as it is written.
  String encode() {
    var note = new StringBuilder(text).append('\n');
    signatures.forEach(signature -> note.append(signature.line()));
    return note.toString();
  }

  /// Reads a note, empty when it is none. It means nothing until a signature was verified.
  static Optional<SignedNote> parse(String note) {
    int split = note.lastIndexOf(SPLIT);
    if (split < 0 || !note.endsWith("\n") || note.length() == split + SPLIT.length()) {
      return Optional.empty();
    }
    var signatures = new ArrayList<Signature>();
    for (var line : note.substring(split + SPLIT.length()).lines().toList()) {
      var signature = Signature.parse(line);
      if (signature.isEmpty()) {
        return Optional.empty();
      }
      signatures.add(signature.get());
    }
    return Optional.of(new SignedNote(note.substring(0, split + 1), signatures));
  }

  /// Standard Base64, in its one spelling only.
  static Optional<byte[]> base64(String text) {
    try {
      var bytes = Base64.getDecoder().decode(text);
      return Optional.of(bytes).filter(b -> Base64.getEncoder().encodeToString(b).equals(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
