package io.watchgate.agents;

import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.ProtocolVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client of the gateway in the same process: one execution, or the reader of lists for all
/// executions of one principal. Cannot be asked for anything.
final class AgentSession implements Session, AutoCloseable {
  private final String name;
  private final String principal;
  private final @Nullable Session reader;
  private final List<Runnable> closeActions = new ArrayList<>();
  private boolean closed;

  private AgentSession(String name, String principal, @Nullable Session reader) {
    this.name = name;
    this.principal = principal;
    this.reader = reader;
  }

  /// Who reads for a principal what tools there are, so that not each execution has to.
  static AgentSession reader(String principal) {
    return new AgentSession("agents", principal, null);
  }

  /// One execution of the reader's principal.
  static AgentSession of(String execution, AgentSession reader) {
    return new AgentSession(execution, reader.principal, reader);
  }

  @Override
  public String key() {
    return "agent " + principal.length() + " " + principal + " " + name;
  }

  /// An execution is no secret.
  @Override
  public String fingerprint() {
    return name;
  }

  @Override
  public String principal() {
    return principal;
  }

  @Override
  public ProtocolVersion version() {
    return ProtocolVersion.NEWEST_HANDSHAKE;
  }

  @Override
  public String clientName() {
    return "watchgate agents";
  }

  @Override
  public Json capabilities() {
    return Json.EMPTY_OBJECT;
  }

  @Override
  public Optional<LogLevel> logLevel() {
    return Optional.empty();
  }

  @Override
  public Session listedFor() {
    var other = reader;
    return other == null ? this : other;
  }

  @Override
  public void onClose(Runnable action) {
    synchronized (closeActions) {
      if (!closed) {
        closeActions.add(action);
        return;
      }
    }
    action.run();
  }

  /// Leaves: what servers keep for it goes.
  @Override
  public void close() {
    List<Runnable> todo;
    synchronized (closeActions) {
      closed = true;
      todo = List.copyOf(closeActions);
      closeActions.clear();
    }
    todo.forEach(Runnable::run);
  }

  @Override
  public void tell(Notification notification) {}

  @Override
  public Response ask(Request request, Consumer<Notification> progress) {
    return Response.failure(
        request.id(),
        ErrorCode.METHOD_NOT_FOUND,
        "an agent cannot answer " + request.method(),
        Json.object("reason", "method_not_found"));
  }
}
