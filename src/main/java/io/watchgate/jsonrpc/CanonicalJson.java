package io.watchgate.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;

/// The spelling that all spellings of a value have in common (RFC 8785): no white space, keys in
/// the order of their UTF-16 code units, one form of every string. Numbers alone stay as they are
/// written, since what reads them may tell `1.0` from `1`.
public final class CanonicalJson {
  private CanonicalJson() {}

  public static String of(Json value) {
    var out = new StringBuilder(value.length());
    write(value, out);
    return out.toString();
  }

  /// The SHA-256 of the spelling, in hexadecimal digits.
  public static String digest(Json value) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(of(value).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void write(Json value, StringBuilder out) {
    if (value.isObject()) {
      char before = '{';
      for (var member :
          value.members().stream().sorted(Comparator.comparing(Json.Member::key)).toList()) {
        out.append(before).append(JsonString.quote(member.key())).append(':');
        write(member.value(), out);
        before = ',';
      }
      out.append(before == '{' ? "{}" : "}");
    } else if (value.isArray()) {
      char before = '[';
      for (var element : value.elements()) {
        out.append(before);
        write(element, out);
        before = ',';
      }
      out.append(before == '[' ? "[]" : "]");
    } else {
      out.append(value.isString() ? JsonString.quote(value.text()) : value.toString());
    }
  }
}
