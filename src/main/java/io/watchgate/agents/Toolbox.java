package io.watchgate.agents;

import io.watchgate.agents.Result.Degradation;
import io.watchgate.agents.Step.Outcome;
import io.watchgate.agents.models.Conversation.ToolResult;
import io.watchgate.agents.models.ToolUse;
import io.watchgate.flow.Call;
import io.watchgate.flow.Cancellation;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Occurrence.Refused;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Time;
import io.watchgate.flow.Witness;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The tools in the hands of one execution: calls them on sessions of its own, which are named by
/// its id. What the agent may not do is not done, and is recorded all the same. Safe for the
/// threads of one execution.
final class Toolbox {

  /// How long an execution waits for a session before it begins without.
  private static final Duration READY_PATIENCE = Duration.ofSeconds(10);

  private final AgentSession session;
  private final ToolList tools;
  private final Around around;
  private final Deadline deadline;
  private final String id;
  private final AtomicLong requests = new AtomicLong();
  private final Map<String, String> missing = new ConcurrentHashMap<>();

  /// What all executions have around them.
  ///
  /// @param witness hears what is refused, and of executions that begin and end
  record Around(Doorway doorway, ToolShelf shelf, Time time, Witness witness) {}

  /// @param session of the execution
  Toolbox(AgentSession session, String id, ToolList tools, Around around, Deadline deadline) {
    this.session = session;
    this.id = id;
    this.tools = tools;
    this.around = around;
    this.deadline = deadline;
    tools.missing().forEach(one -> missing.put(one.server(), one.reason()));
  }

  ToolList tools() {
    return tools;
  }

  /// Brings a server's session to where it can be used.
  ///
  /// @return whether it is there
  boolean ready(String server) throws InterruptedException {
    var handler = around.doorway().alone(server);
    if (handler.isEmpty()) {
      missing.put(server, "it is not in the configuration any more");
      return false;
    }
    var patience = Deadline.after(READY_PATIENCE, around.time()).orSooner(deadline);
    var reply = send(handler.get(), Method.PING, Json.object("_meta", meta()), patience);
    if (reply.reply instanceof Reply.Refused(var response, var rejection)) {
      note(server, rejection, response.errorMessage());
      return false;
    }
    return true;
  }

  private Json meta() {
    return Json.object(MetaKey.SESSION_KEY, id);
  }

  /// @param server that it went to, empty when it went nowhere
  private record Sent(Reply reply, Optional<String> server) {}

  private Sent send(Handler handler, String method, Json params, Deadline until)
      throws InterruptedException {
    var request = Request.of(RequestId.of(requests.incrementAndGet()), method, params);
    var call = new Call(request, session, until, new Cancellation());
    var reply = handler.handle(call);
    return new Sent(reply, call.trail().server());
  }

  /// A server that is not there is missed from now on.
  private void note(String server, Rejection rejection, String words) {
    switch (rejection.reason()) {
      case Rejection.Unavailable(_, var cause, _) -> missing.put(server, cause);
      case Rejection.CircuitOpen(_, var cause, _) -> missing.put(server, cause);
      case Rejection.TimedOut _, Rejection.Overloaded _ -> missing.put(server, words);
      default -> {} // that is about the call, not about the server
    }
  }

  /// Servers that were not there, in the order of their names.
  List<Degradation> missing() {
    return missing.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(one -> new Degradation(one.getKey(), one.getValue()))
        .toList();
  }

  /// What a use of a tool came to.
  record Used(Step step, ToolResult result) {}

  /// Calls a tool, if the agent may.
  Used use(ToolUse use) throws InterruptedException {
    long began = around.time().nanos();
    var spec = tools.offered().get(use.name());
    if (spec == null) {
      return tools.all().contains(use.name())
          ? refused(use, Outcome.FORBIDDEN, "you may not use this tool")
          : refused(use, Outcome.UNKNOWN_TOOL, "there is no such tool");
    }
    if (!use.arguments().isObject()) {
      return refused(use, Outcome.INVALID_ARGUMENTS, "the arguments are no JSON object");
    }
    var wrong = around.shelf().check(spec.schema()).mismatch(use.arguments());
    if (wrong.isPresent()) {
      var why = "the arguments do not fit the tool's schema: " + wrong.get();
      return refused(use, Outcome.INVALID_ARGUMENTS, why);
    }
    var params = Json.object("name", use.name(), "arguments", use.arguments(), "_meta", meta());
    var sent = send(around.doorway().all(), Method.TOOLS_CALL, params, deadline);
    var outcome = outcome(sent);
    var took = Duration.ofNanos(around.time().nanos() - began);
    return new Used(
        new Step(use.name(), sent.server.orElse(""), took, outcome),
        new ToolResult(
            use.id(), use.name(), ToolText.of(sent.reply.response()), outcome.isError()));
  }

  /// Tells the model why not, and the audit that it wanted to.
  Used refused(ToolUse use, Outcome outcome, String why) {
    var words = "%s of %s: %s".formatted(outcome.label(), Names.shown(use.name()), why);
    around
        .witness()
        .saw(
            new Refused(
                Optional.of(session),
                "refused/agent_call",
                OptionalInt.of(ErrorCode.INVALID_PARAMS),
                words));
    return new Used(
        new Step(Names.shown(use.name()), "", Duration.ZERO, outcome),
        new ToolResult(use.id(), use.name(), why, true));
  }

  private Outcome outcome(Sent sent) {
    return switch (sent.reply) {
      case Reply.Refused(var response, var rejection) -> {
        sent.server.ifPresent(server -> note(server, rejection, response.errorMessage()));
        yield outcome(rejection.reason());
      }
      case Reply.Answered(var response) ->
          response.error().isPresent()
              ? Outcome.ERROR
              : response.isToolError() ? Outcome.FAILED : Outcome.COMPLETED;
      case Reply.Accepted() -> Outcome.ERROR;
    };
  }

  private static Outcome outcome(Rejection.Reason reason) {
    return switch (reason) {
      case Rejection.Unavailable _, Rejection.CircuitOpen _ -> Outcome.UNAVAILABLE;
      case Rejection.TimedOut _ -> Outcome.TIMEOUT;
      case Rejection.Blocked _ -> Outcome.BLOCKED;
      case Rejection.Overloaded _ -> Outcome.OVERLOADED;
      default -> Outcome.ERROR;
    };
  }
}
