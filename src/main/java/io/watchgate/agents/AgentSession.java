package io.watchgate.agents;

import io.watchgate.flow.CloseActions;
import io.watchgate.flow.InnerSession;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client of the gateway in the same process: one execution, or the reader of lists for all
/// executions of one principal. Cannot be asked for anything.
final class AgentSession implements InnerSession, AutoCloseable {
  private final String name;
  private final String principal;
  private final @Nullable Session reader;
  private final CloseActions closeActions = new CloseActions();

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
  public String clientName() {
    return "watchgate agents";
  }

  @Override
  public Session listedFor() {
    var other = reader;
    return other == null ? this : other;
  }

  @Override
  public void onClose(Runnable action) {
    closeActions.add(action);
  }

  /// Leaves: what servers keep for it goes.
  @Override
  public void close() {
    closeActions.close().forEach(Runnable::run);
  }

  @Override
  public void tell(Notification notification) {}

  @Override
  public Response ask(Request request, Consumer<Notification> progress) {
    return InnerSession.cannotAnswer("an agent", request);
  }
}
