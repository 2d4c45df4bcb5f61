package io.watchgate.flow;

import io.watchgate.flow.Occurrence.Refused;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLongArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what clients hand in that is none of theirs: forged, of somebody else, used before or too
/// old. Whoever finds such a thing says so here, answers with the error that the specification has
/// for it, or ignores it where it has none, and takes it to no server. Safe for any number of
/// threads.
public final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Refusals.class);

  private final AtomicLongArray counts = new AtomicLongArray(Kind.values().length);
  private final Witness witness;

  /// Refusals that nobody keeps a record of.
  public Refusals() {
    this(Witness.NONE);
  }

  /// @param witness sees each of them
  public Refusals(Witness witness) {
    this.witness = witness;
  }

  /// What was handed in.
  public enum Kind {
    /// The id of an HTTP session.
    SESSION_ID,
    /// The event after which a client wants to go on.
    EVENT_ID,
    /// The state of a call that goes on over several requests.
    REQUEST_STATE,
    /// A place in a list.
    CURSOR,
    TASK_ID,
    /// Progress on something that the client was asked.
    PROGRESS_TOKEN,
    /// What ends a call or a listen; one that crosses with the answer is counted, too.
    CANCELLATION,
    /// A notification as of a listen, which only servers send.
    SUBSCRIPTION_ID,
    /// An answer to something that the client was asked; one that comes too late is counted, too.
    ANSWER,
    /// Headers of a request that do not say what its body says.
    HEADERS,
    /// The name by which a request of HTTP calls the gateway, or the page that it comes from.
    HOST,
    /// A bearer token, or none.
    TOKEN,
    /// A request of HTTP that is none, or that nothing here serves.
    HTTP,
    /// A message that is none of JSON-RPC, or comes at the wrong time.
    MESSAGE;

    /// As metrics and the log name it.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Counts one more that belongs to no session.
  ///
  /// @param why without anything secret
  public void add(Kind kind, String why) {
    add(kind, why, OptionalInt.empty(), Optional.empty());
  }

  /// Counts one more. Logs the 1st, 2nd, 4th, 8th …, so that nobody can fill the log.
  ///
  /// @param why without anything secret
  /// @param code of JSON-RPC or HTTP that answers it
  /// @param session of the client, where it is known
  public void add(Kind kind, String why, OptionalInt code, Optional<Session> session) {
    witness.saw(new Refused(session, "refused/" + kind.label(), code, why));
    long count = counts.incrementAndGet(kind.ordinal());
    if (Long.bitCount(count) == 1) {
      log.info("a client's {} is refused: {} ({} such so far)", kind.label(), why, count);
    }
  }

  /// How many of a kind there were so far.
  public long count(Kind kind) {
    return counts.get(kind.ordinal());
  }

  /// All counts, in the order of the kinds.
  public Map<Kind, Long> counts() {
    var now = new EnumMap<Kind, Long>(Kind.class);
    for (var kind : Kind.values()) {
      now.put(kind, count(kind));
    }
    return now;
  }
}
