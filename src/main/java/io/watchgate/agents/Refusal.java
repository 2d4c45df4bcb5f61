package io.watchgate.agents;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Why an execution does not begin, in words for whoever wanted it.
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final transient Optional<Duration> retryAfter;

  /// What is in the way.
  public enum Kind {
    /// The order is none.
    INVALID(400),
    UNKNOWN_TYPE(404),
    TOO_LARGE(413),
    /// The principal had its share.
    RATE_LIMITED(429),
    /// There is no room for anybody.
    OVERLOADED(503);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    /// One of a few words.
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Of HTTP.
    int status() {
      return status;
    }
  }

  Refusal(Kind kind, String what) {
    this(kind, what, Optional.empty());
  }

  Refusal(Kind kind, String what, Optional<Duration> retryAfter) {
    super(what, null, false, false);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  Kind kind() {
    return kind;
  }

  /// The words.
  public String what() {
    return String.valueOf(getMessage());
  }

  /// When it is worth another try.
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
