package io.watchgate.everything;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Signs what a client has to bring back, and reads it again. A state belongs to one call, which
/// are a method, a name and arguments, and lives for ten minutes.
final class RequestState {
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] key = new byte[32];
  private final InstantSource clock;

  /// What was asked last, and all that was answered before.
  record Content(Set<String> asked, ObjectNode answers) {}

  RequestState(InstantSource clock) {
    this.clock = clock;
    new SecureRandom().nextBytes(key);
  }

  String write(Content content, String method, JsonNode params) {
    var payload = Tree.object();
    payload.put("expires", clock.instant().plus(LIFE).toEpochMilli());
    payload.put("call", digest(method, params));
    var asked = payload.putArray("asked");
    content.asked().forEach(asked::add);
    payload.set("answers", content.answers());
    String text = encode(Tree.write(payload).getBytes(StandardCharsets.UTF_8));
    return text + "." + encode(sign(text));
  }

  /// Reads a state that this server signed for the same call.
  Content read(JsonNode state, String method, JsonNode params) {
    String[] parts = state.asString("").split("\\.", -1);
    if (parts.length != 2 || !MessageDigest.isEqual(sign(parts[0]), decode(parts[1]))) {
      throw Failure.invalidParams("Invalid requestState: it is not as this server wrote it");
    }
    JsonNode payload = Tree.read(new String(decode(parts[0]), StandardCharsets.UTF_8));
    if (payload.path("expires").asLong() < clock.millis()) {
      throw Failure.invalidParams("Invalid requestState: it has expired");
    }
    if (!payload.path("call").asString().equals(digest(method, params))) {
      throw Failure.invalidParams("Invalid requestState: it belongs to another call");
    }
    Set<String> asked =
        payload
            .path("asked")
            .valueStream()
            .map(entry -> entry.asString())
            .collect(Collectors.toUnmodifiableSet());
    return new Content(asked, (ObjectNode) payload.path("answers"));
  }

  private static String digest(String method, JsonNode params) {
    String call = method + "\n" + params.path("name") + "\n" + params.path("arguments");
    try {
      var bytes =
          MessageDigest.getInstance("SHA-256").digest(call.getBytes(StandardCharsets.UTF_8));
      return encode(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private byte[] sign(String text) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] decode(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
