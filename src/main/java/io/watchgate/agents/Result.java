package io.watchgate.agents;

import io.watchgate.agents.models.Tokens;
import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What came of an execution.
///
/// @param id of the execution, which is also the key of its sessions
/// @param answer the model's last words, empty for none
/// @param degraded servers that it had to do without
/// @param error why there is no proper answer, empty when there is
public record Result(
    String id,
    String type,
    Status status,
    String answer,
    List<Step> steps,
    Tokens tokens,
    Duration took,
    List<Degradation> degraded,
    Optional<String> error) {
  public Result {
    steps = List.copyOf(steps);
    degraded = List.copyOf(degraded);
  }

  /// How an execution ended, or that it has not.
  public enum Status {
    RUNNING,
    COMPLETED,
    /// The model wanted to go on.
    MAX_STEPS,
    /// It used more than it may.
    TOKEN_LIMIT,
    TIMEOUT,
    CANCELLED,
    /// It did not begin.
    REFUSED,
    FAILED;

    /// As it is written.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A server that was not there when it was needed.
  public record Degradation(String server, String reason) {}

  /// That of an execution that came to nothing, or has not come to anything yet.
  static Result none(String id, Order order, Status status, Optional<String> why) {
    return new Result(
        id, order.type(), status, "", List.of(), Tokens.NONE, Duration.ZERO, List.of(), why);
  }

  /// The same for another execution, which did nothing for it.
  Result again(String other, Duration otherTook) {
    return new Result(other, type, status, answer, steps, Tokens.NONE, otherTook, degraded, error);
  }

  /// The same in JSON, whose keys always come in this order.
  public Json toJson() {
    return Json.object(
        "execution_id",
        id,
        "agent_type",
        type,
        "status",
        status.label(),
        "answer",
        answer,
        "steps",
        Json.array(steps.stream().map(Step::toJson).toList()),
        "tokens",
        Json.object("input", tokens.input(), "output", tokens.output()),
        "duration_ms",
        took.toMillis(),
        "degraded",
        Json.array(degraded.stream().map(Result::json).toList()),
        "error",
        error.map(Json::string).orElse(Json.trusted("null")));
  }

  private static Json json(Degradation one) {
    return Json.object("server", one.server(), "reason", one.reason());
  }
}
