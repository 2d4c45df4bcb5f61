package io.watchgate.flow;

import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Message;
import java.util.Optional;

/// A point in a trace that goes over many programs (W3C Trace Context, level 1).
///
/// @param traceId 32 hexadecimal digits
/// @param spanId 16 hexadecimal digits
/// @param flags of which the first says whether the trace is recorded
/// @param state what other makers of traces keep in it, empty for none
public record TraceContext(String traceId, String spanId, int flags, String state) {
  private static final int SAMPLED = 1;
  private static final int LENGTH = "00-".length() + 32 + "-".length() + 16 + "-00".length();
  private static final int MAX_STATE = 512;

  /// What the message of a call carries (SEP-414), or else what came along with it; empty when that
  /// is nothing or not well-formed.
  public static Optional<TraceContext> of(Call call) {
    return call.message().field(Field.META_TRACEPARENT).isPresent()
        ? of(call.message())
        : call.client().traceContext();
  }

  /// What a message carries.
  public static Optional<TraceContext> of(Message message) {
    return message
        .text(Field.META_TRACEPARENT)
        .flatMap(parent -> of(parent, message.text(Field.META_TRACESTATE).orElse("")));
  }

  /// Reads the two headers.
  ///
  /// @param state empty for none; left out when it is not well-formed
  public static Optional<TraceContext> of(String parent, String state) {
    if (parent.length() < LENGTH
        || !areHex(parent, 0, 2)
        || parent.charAt(2) != '-'
        || !areHex(parent, 3, 35)
        || parent.charAt(35) != '-'
        || !areHex(parent, 36, 52)
        || parent.charAt(52) != '-'
        || !areHex(parent, 53, 55)
        || !isVersionKnown(parent)) {
      return Optional.empty();
    }
    var traceId = parent.substring(3, 35);
    var spanId = parent.substring(36, 52);
    return isZero(traceId) || isZero(spanId)
        ? Optional.empty()
        : Optional.of(
            new TraceContext(
                traceId,
                spanId,
                Integer.parseInt(parent.substring(53, 55), 16),
                isState(state) ? state : ""));
  }

  /// A version above the one that is known may say more behind what is known.
  private static boolean isVersionKnown(String parent) {
    return switch (parent.substring(0, 2)) {
      case "ff" -> false;
      case "00" -> parent.length() == LENGTH;
      default -> parent.length() == LENGTH || parent.charAt(LENGTH) == '-';
    };
  }

  private static boolean areHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(String id) {
    return id.chars().allMatch(c -> c == '0');
  }

  private static boolean isState(String state) {
    return state.length() <= MAX_STATE && state.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  public boolean isSampled() {
    return (flags & SAMPLED) != 0;
  }

  /// Another point of the same trace.
  public TraceContext at(String otherSpan) {
    return new TraceContext(traceId, otherSpan, flags, state);
  }

  /// As the header `traceparent` has it.
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + (isSampled() ? "-01" : "-00");
  }
}
