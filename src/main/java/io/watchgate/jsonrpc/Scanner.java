package io.watchgate.jsonrpc;

import io.watchgate.jsonrpc.Field.Place;
import io.watchgate.jsonrpc.MalformedMessage.Kind;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The one strict pass over a message: checks JSON grammar (RFC 8259), UTF-8, duplicate keys, depth
/// and size, and notes where the fields are. Nothing is decoded that need not be.
final class Scanner {
  private final byte[] in;
  private final Limits limits;
  private final boolean lenient;
  private final Envelope envelope = new Envelope();
  private @Nullable Field entered;
  private @Nullable String shadow;
  private boolean idShadowed;
  private KeySet[] keysByDepth = new KeySet[4];
  private int at;
  private int tokens;

  private Scanner(byte[] in, Limits limits, boolean lenient) {
    this.in = in;
    this.limits = limits;
    this.lenient = lenient;
  }

  /// Checks one message and returns the fields found in it.
  static Envelope scan(byte[] in, Limits limits) throws MalformedMessage {
    var scanner = new Scanner(in, limits, false);
    scanner.document(Place.ROOT);
    scanner.refuseShadow();
    return scanner.envelope;
  }

  /// Checks one value that is no message, whose keys mean nothing here.
  static void check(byte[] in, Limits limits) throws MalformedMessage {
    new Scanner(in, limits, false).document(Place.ELSEWHERE);
  }

  /// What can be told of a message that was refused, read as far as it can be read. Duplicate keys
  /// below its first level do not stop this.
  static Glimpse glimpse(byte[] in, Limits limits) {
    var scanner = new Scanner(in, limits, true);
    try {
      scanner.document(Place.ROOT);
    } catch (MalformedMessage _) {
      // what was read by then is all there is
    }
    return scanner.glimpse();
  }

  private Glimpse glimpse() {
    if (idShadowed) {
      return Glimpse.NOTHING;
    }
    return new Glimpse(
        Optional.ofNullable(envelope.id(in)),
        has(Field.METHOD),
        has(Field.RESULT) || has(Field.ERROR));
  }

  /// Also a field whose value is what could not be read.
  private boolean has(Field field) {
    return envelope.has(field) || entered == field;
  }

  private void document(Place place) throws MalformedMessage {
    if (in.length > limits.maxBytes()) {
      throw MalformedMessage.tooLarge(limits.maxBytes());
    }
    skipSpace();
    value(place, 0);
    skipSpace();
    if (at < in.length) {
      throw error("more than one value in a message");
    }
  }

  private void value(Place place, int depth) throws MalformedMessage {
    countToken();
    switch (peek()) {
      case '{' -> object(place, depth + 1);
      case '[' -> array(depth + 1);
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> number();
    }
  }

  private void object(Place place, int depth) throws MalformedMessage {
    checkDepth(depth);
    var keys = keysAt(depth);
    at++;
    skipSpace();
    if (peek() == '}') {
      at++;
      return;
    }
    while (true) {
      member(place, depth, keys);
      skipSpace();
      if (next("expected ',' or '}'", ',', '}') == '}') {
        return;
      }
      skipSpace();
    }
  }

  private void member(Place place, int depth, KeySet keys) throws MalformedMessage {
    countToken();
    if (peek() != '"') {
      throw error("expected a key");
    }
    int start = at + 1;
    boolean escaped = string();
    int end = at - 1;
    var key = in;
    if (escaped) {
      key = JsonString.decode(in, start, end);
      start = 0;
      end = key.length;
    }
    if (!keys.add(key, start, end) && !(lenient && depth > 1)) {
      throw error("duplicate key " + JsonString.printable(key, start, end));
    }
    skipSpace();
    next("expected ':'", ':', ':');
    skipSpace();
    var field = place == Place.ELSEWHERE ? null : field(place, key, start, end);
    entered = place == Place.ROOT ? field : entered;
    int valueStart = at;
    value(field == null ? Place.ELSEWHERE : field.scanned(), depth);
    if (field != null) {
      envelope.put(field, valueStart, at);
    }
  }

  private @Nullable Field field(Place place, byte[] key, int start, int end) {
    for (var field : Field.at(place)) {
      if (Arrays.equals(field.key, 0, field.key.length, key, start, end)) {
        return field;
      }
      if (field.mustNotBeShadowed() && shadows(field.key, key, start, end)) {
        idShadowed |= field == Field.ID;
        noteShadow(field, key, start, end);
      }
    }
    return null;
  }

  private void noteShadow(Field field, byte[] key, int start, int end) {
    if (shadow == null) {
      shadow =
          "key %s differs from \"%s\" only by case or NUL"
              .formatted(JsonString.printable(key, start, end), JsonString.text(field.key));
    }
  }

  /// Last, because only a message that is JSON throughout is refused as a request, under its id.
  private void refuseShadow() throws MalformedMessage {
    if (shadow != null) {
      throw MalformedMessage.invalidRequest(idShadowed ? null : envelope.id(in), shadow);
    }
  }

  /// Whether a key is another but for case, with its NULs left out or all that follows one.
  private static boolean shadows(byte[] wanted, byte[] key, int start, int end) {
    int matched = 0;
    for (int i = start; i < end; i++) {
      if (key[i] < 0) {
        return shadowsInUnicode(JsonString.text(wanted), JsonString.lenient(key, start, end));
      }
      if (key[i] == 0) {
        if (matched == wanted.length) {
          return true;
        }
      } else if (matched == wanted.length || lowerCase(key[i]) != lowerCase(wanted[matched++])) {
        return false;
      }
    }
    return matched == wanted.length;
  }

  /// Unicode folds more than capitals to a letter: the long s, the Kelvin sign, both Turkish i.
  private static boolean shadowsInUnicode(String wanted, String key) {
    int nul = key.indexOf('\0');
    return wanted.equalsIgnoreCase(key.replace("\0", ""))
        || (nul >= 0 && wanted.equalsIgnoreCase(key.substring(0, nul)));
  }

  private static int lowerCase(byte character) {
    return character >= 'A' && character <= 'Z' ? character + 32 : character;
  }

  private void array(int depth) throws MalformedMessage {
    checkDepth(depth);
    at++;
    skipSpace();
    if (peek() == ']') {
      at++;
      return;
    }
    while (true) {
      value(Place.ELSEWHERE, depth);
      skipSpace();
      if (next("expected ',' or ']'", ',', ']') == ']') {
        return;
      }
      skipSpace();
    }
  }

  /// Passes a string and says whether it holds an escape.
  private boolean string() throws MalformedMessage {
    boolean escaped = false;
    at++;
    while (true) {
      at = PlainText.end(in, at);
      if (at == in.length) {
        throw error("string without an end");
      }
      byte b = in[at];
      if (b == '"') {
        at++;
        return escaped;
      } else if (b == '\\') {
        escaped = true;
        escape();
      } else if (b < 0) {
        int after = Utf8.next(in, at);
        if (after < 0) {
          throw error("not valid UTF-8");
        }
        at = after;
      } else {
        throw error("control character in a string");
      }
    }
  }

  private void escape() throws MalformedMessage {
    at++;
    switch (peek()) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at++;
      case 'u' -> {
        for (int i = 0; i < 4; i++) {
          at++;
          if (Character.digit(peek(), 16) < 0) {
            throw error("expected four hexadecimal digits");
          }
        }
        at++;
      }
      default -> throw error("unknown escape");
    }
  }

  private void number() throws MalformedMessage {
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    if (at < in.length && in[at] == '.') {
      at++;
      digits();
    }
    if (at < in.length && (in[at] == 'e' || in[at] == 'E')) {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
  }

  private void digits() throws MalformedMessage {
    int start = at;
    while (at < in.length && in[at] >= '0' && in[at] <= '9') {
      at++;
    }
    if (at == start) {
      throw error("expected a value");
    }
  }

  private void literal(String word) throws MalformedMessage {
    for (int i = 0; i < word.length(); i++) {
      if (peek() != word.charAt(i)) {
        throw error("expected a value");
      }
      at++;
    }
  }

  private char next(String complaint, char one, char other) throws MalformedMessage {
    char c = peek();
    if (c != one && c != other) {
      throw error(complaint);
    }
    at++;
    return c;
  }

  /// The byte at hand, or NUL at the end, which no rule of the grammar accepts.
  private char peek() {
    return at < in.length ? (char) (in[at] & 0xff) : 0;
  }

  private void skipSpace() {
    while (at < in.length
        && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
      at++;
    }
  }

  private KeySet keysAt(int depth) {
    if (depth >= keysByDepth.length) {
      keysByDepth = Arrays.copyOf(keysByDepth, Math.max(depth + 1, keysByDepth.length * 2));
    }
    var keys = keysByDepth[depth];
    if (keys == null) {
      keys = new KeySet();
      keysByDepth[depth] = keys;
    }
    keys.clear();
    return keys;
  }

  private void countToken() throws MalformedMessage {
    if (++tokens > limits.maxTokens()) {
      throw new MalformedMessage(
          Kind.TOO_LARGE, null, "more than " + limits.maxTokens() + " keys and values");
    }
  }

  private void checkDepth(int depth) throws MalformedMessage {
    if (depth > limits.maxDepth()) {
      throw new MalformedMessage(
          Kind.TOO_DEEP, null, "nested deeper than the limit of " + limits.maxDepth());
    }
  }

  private MalformedMessage error(String what) {
    return new MalformedMessage(Kind.PARSE_ERROR, null, what + " at byte " + at);
  }
}
