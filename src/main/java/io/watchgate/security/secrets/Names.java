package io.watchgate.security.secrets;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Tells from the name of a value whether the value is a secret: `db_password` is, `password_hint`
/// is not. A name is judged by its last words, as they say what it is.
final class Names {
  private static final Set<String> PASSWORDS =
      Set.of(
          "password",
          "passwd",
          "pwd",
          "pass",
          "passphrase",
          "passcode",
          "passwort",
          "kennwort",
          "senha",
          "contrasena",
          "contraseña",
          "motdepasse",
          "wachtwoord");
  private static final Set<String> SECRETS =
      Set.of(
          "secret",
          "token",
          "apikey",
          "credential",
          "credentials",
          "creds",
          "auth",
          "authorization",
          "bearer",
          "salt",
          "apitoken",
          "pat",
          "secrets",
          "hmac");

  /// What makes a `key` a secret one.
  private static final Set<String> SECRET_KEYS =
      Set.of(
          "api",
          "access",
          "secret",
          "private",
          "auth",
          "app",
          "application",
          "master",
          "account",
          "encryption",
          "encrypt",
          "signing",
          "service",
          "admin",
          "client",
          "shared",
          "storage",
          "subscription",
          "license",
          "consumer",
          "developer",
          "webhook",
          "session",
          "security",
          "rest",
          "write",
          "read",
          "ingest",
          "integration",
          "deploy",
          "hmac",
          "aes",
          "crypto",
          "priv",
          "function",
          "server",
          "user",
          "sas",
          "jwt",
          "cookie",
          "token",
          "management",
          "personal",
          "project",
          "x",
          "hash",
          "aws",
          "live",
          "db",
          "database");

  /// What makes a `key` one of a table, a map or a piano.
  private static final Set<String> OPEN_KEYS =
      Set.of(
          "primary",
          "foreign",
          "sort",
          "partition",
          "cache",
          "row",
          "object",
          "map",
          "json",
          "group",
          "item",
          "unique",
          "lookup",
          "order",
          "index",
          "param",
          "config",
          "query",
          "translation",
          "message",
          "event",
          "state",
          "field",
          "column",
          "hot",
          "short",
          "idempotency",
          "dedup",
          "range",
          "shard",
          "routing",
          "the",
          "a",
          "this",
          "each",
          "by",
          "bucket",
          "s3",
          "sha",
          "etag",
          "label",
          "data",
          "content",
          "file",
          "dict",
          "record",
          "entity",
          "resource",
          "image",
          "build",
          "checksum",
          "react",
          "node",
          "ref",
          "license",
          "locale",
          "string",
          "host",
          "issuer");

  /// What makes a token one that may be seen.
  private static final Set<String> OPEN =
      Set.of(
          "page",
          "next",
          "continuation",
          "public",
          "pagination",
          "cursor",
          "previous",
          "prev",
          "cancellation",
          "cancel",
          "design",
          "csrf",
          "xsrf",
          "publishable",
          "start",
          "end",
          "bos",
          "eos",
          "pad",
          "unk",
          "mask",
          "sep",
          "nextpage",
          "sync",
          "pub",
          "max",
          "min",
          "reset",
          "forgot",
          "change",
          "pasword",
          "of");

  /// What may follow the word that says what it is.
  private static final Set<String> QUALIFIERS =
      Set.of(
          "value",
          "string",
          "str",
          "text",
          "plain",
          "plaintext",
          "raw",
          "prod",
          "production",
          "dev",
          "development",
          "live",
          "staging",
          "stage",
          "test",
          "testing",
          "sandbox",
          "base64",
          "b64",
          "encoded",
          "old",
          "new",
          "current",
          "default",
          "primary",
          "secondary",
          "env",
          "main",
          "backup",
          "hex",
          "override",
          "v",
          "ro",
          "rw",
          "temp",
          "tmp",
          "data",
          "local",
          "global",
          "ci",
          "eu",
          "us",
          "a",
          "b",
          "field",
          "confirm",
          "confirmation");

  private Names() {}

  /// What the value of a name is.
  enum Kind {
    PASSWORD,
    SECRET,
    /// Maybe one: a key of something.
    KEY,
    /// Nothing is known.
    OTHER,
    /// Not a secret, though a word for one is in the name.
    OPEN
  }

  static Kind kind(String name) {
    var words = words(name);
    int last = words.size() - 1;
    while (last > 0 && QUALIFIERS.contains(words.get(last))) {
      last--;
    }
    if (last < 0) {
      return Kind.OTHER;
    }
    var word = words.get(last);
    var before = last == 0 ? "" : words.get(last - 1);
    if (OPEN.contains(before)) {
      return Kind.OPEN;
    }
    if (word.equals("pass") && last < words.size() - 1) {
      return Kind.OTHER;
    }
    if (PASSWORDS.contains(word) || endsWithAny(word, "password", "passwd", "passphrase")) {
      return Kind.PASSWORD;
    }
    if (SECRETS.contains(word) || endsWithAny(word, "secret", "token", "pwd")) {
      return Kind.SECRET;
    }
    if (word.equals("key")) {
      boolean open = before.isEmpty() || OPEN_KEYS.contains(before);
      return SECRET_KEYS.contains(before) ? Kind.SECRET : open ? Kind.OTHER : Kind.KEY;
    }
    if (endsWithAny(word, "apikey", "secretkey", "accesskey", "privatekey", "authkey")) {
      return Kind.SECRET;
    }
    return isSecretWord(words, last) ? Kind.OPEN : Kind.OTHER;
  }

  /// Whether an earlier word says secret, so that the last says what of it: `token_type`.
  private static boolean isSecretWord(List<String> words, int last) {
    return words.stream()
        .limit(last)
        .anyMatch(word -> PASSWORDS.contains(word) || SECRETS.contains(word) || word.equals("key"));
  }

  private static boolean endsWithAny(String word, String... ends) {
    for (var end : ends) {
      if (word.endsWith(end)) {
        return true;
      }
    }
    return false;
  }

  /// The words of a name in lower case, without its digits: by `_`, `-`, `.` and humps.
  private static List<String> words(String name) {
    var words = new ArrayList<String>();
    int start = 0;
    for (int i = 0; i <= name.length(); i++) {
      boolean breaks = i == name.length() || !Character.isLetter(name.charAt(i));
      if (breaks || isHump(name, i)) {
        if (i > start) {
          words.add(name.substring(start, i).toLowerCase(Locale.ROOT));
        }
        start = breaks ? i + 1 : i;
      }
    }
    return words;
  }

  /// A capital behind a small letter, or before one: `APIKey`, `apiKey`.
  private static boolean isHump(String name, int i) {
    return i > 0
        && Character.isUpperCase(name.charAt(i))
        && (Character.isLowerCase(name.charAt(i - 1))
            || (i + 1 < name.length()
                && Character.isLowerCase(name.charAt(i + 1))
                && Character.isUpperCase(name.charAt(i - 1))));
  }
}
