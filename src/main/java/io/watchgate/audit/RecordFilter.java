package io.watchgate.audit;

import io.watchgate.jsonrpc.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Which records somebody wants to see.
///
/// @param since from then on, empty for all
/// @param until before then, empty for all
/// @param members names of members, and the text that each has to have
public record RecordFilter(
    Optional<Instant> since, Optional<Instant> until, Map<String, String> members)
    implements Predicate<Json> {
  /// Everything.
  public static final RecordFilter ALL =
      new RecordFilter(Optional.empty(), Optional.empty(), Map.of());

  @Override
  public boolean test(Json record) {
    return isInTime(record)
        && members.entrySet().stream()
            .allMatch(wanted ->
                record.textMember(wanted.getKey()).filter(wanted.getValue()::equals).isPresent());
  }

  private boolean isInTime(Json record) {
    if (since.isEmpty() && until.isEmpty()) {
      return true;
    }
    try {
      var time = Instant.parse(record.textMember("time").orElse(""));
      return since.filter(time::isBefore).isEmpty()
          && until.filter(u -> !time.isBefore(u)).isEmpty();
    } catch (DateTimeException _) {
      return false; // who asks for a time gets what has one
    }
  }
}
