package io.watchgate.flow;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Makes tokens of the gateway's own that carry state through clients: nobody else can read, change
/// or make one (AES-256-GCM under one key, with a random nonce each). A token opens only for the
/// purpose that it was sealed for. Safe for any number of threads.
public final class Seal {
  /// Bytes of a key.
  public static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final RandomGenerator random;

  /// @param key {@link #KEY_BYTES} bytes that nobody else knows
  /// @param random what nobody can guess
  public Seal(byte[] key, RandomGenerator random) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key has %d bytes".formatted(KEY_BYTES));
    }
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  /// A seal whose tokens end with this process.
  public static Seal random() {
    var random = new SecureRandom();
    var key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return new Seal(key, random);
  }

  /// An id that nobody can guess and nothing else has.
  public String newId() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /// Seals a content for a purpose; the token is made of letters, digits, `-` and `_`.
  public String seal(String purpose, byte[] content) {
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return seal(purpose, content, nonce);
  }

  /// Seals a content into the same token each time, for what clients compare. Whoever sees two
  /// tokens can tell whether they are of the same content, and no more.
  public String sealAlike(String purpose, byte[] content) {
    var words = purpose.getBytes(StandardCharsets.UTF_8);
    var both = ByteBuffer.allocate(Integer.BYTES + words.length + content.length);
    both.putInt(words.length).put(words).put(content);
    var nonceKey = mac(key.getEncoded(), "nonces".getBytes(StandardCharsets.UTF_8));
    return seal(purpose, content, Arrays.copyOf(mac(nonceKey, both.array()), NONCE_BYTES));
  }

  private static byte[] mac(byte[] key, byte[] content) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC with SHA-256", e);
    }
  }

  private String seal(String purpose, byte[] content, byte[] nonce) {
    try {
      var sealed = cipher(Cipher.ENCRYPT_MODE, purpose, nonce).doFinal(content);
      var token = ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
      return encoded(token);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed", e);
    }
  }

  /// The content of a token, empty when it was not sealed here for this purpose.
  public Optional<byte[]> open(String purpose, String token) {
    try {
      var bytes = Base64.getUrlDecoder().decode(token);
      if (bytes.length < NONCE_BYTES || !encoded(bytes).equals(token)) {
        return Optional.empty(); // the last character has bits that say nothing, but are no others
      }
      var nonce = Arrays.copyOf(bytes, NONCE_BYTES);
      var cipher = cipher(Cipher.DECRYPT_MODE, purpose, nonce);
      return Optional.of(cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES));
    } catch (IllegalArgumentException | AEADBadTagException _) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("opening a sealed token failed", e);
    }
  }

  private static String encoded(byte[] token) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  private Cipher cipher(int mode, String purpose, byte[] nonce) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
