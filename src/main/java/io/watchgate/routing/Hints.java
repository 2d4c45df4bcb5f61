package io.watchgate.routing;

import io.watchgate.flow.Deadline;
import io.watchgate.jsonrpc.Json;
import java.time.Duration;

/// For how long and for whom an answer may be kept, as its server said (2026-07-28, caching).
///
/// @param until when the answer ends
/// @param isLasting whether it was given any time: without, the end means nothing
/// @param isPublic whether anybody may be shown the kept answer
record Hints(Deadline until, boolean isLasting, boolean isPublic) {
  /// What holds where a server says nothing: no time, and for one client only.
  static final Hints NONE = new Hints(Deadline.NEVER, false, false);

  /// Nobody means more, and more would not fit the clock.
  private static final long MAX_TTL_MS = Duration.ofDays(365).toMillis();

  /// The hints of a result.
  ///
  /// @param asked when the request for it was sent: the answer is at most as old
  static Hints of(Json result, Deadline asked) {
    long ttl = result.member("ttlMs").filter(Json::isNumber).map(Hints::milliseconds).orElse(0L);
    boolean open = result.textMember("cacheScope").filter("public"::equals).isPresent();
    return new Hints(asked.plus(Duration.ofMillis(ttl)), ttl > 0, open);
  }

  private static long milliseconds(Json number) {
    return Math.clamp((long) Double.parseDouble(number.toString()), 0, MAX_TTL_MS);
  }

  /// What holds for something that is made of both answers.
  Hints and(Hints other) {
    return new Hints(
        until.orSooner(other.until), isLasting && other.isLasting, isPublic && other.isPublic);
  }

  boolean hasEnded() {
    return ttlMs() == 0;
  }

  /// The time that is left.
  long ttlMs() {
    long left = isLasting ? until.remainingNanos() : 0;
    return Math.max(0, Duration.ofNanos(left).toMillis());
  }

  String cacheScope() {
    return isPublic ? "public" : "private";
  }
}
