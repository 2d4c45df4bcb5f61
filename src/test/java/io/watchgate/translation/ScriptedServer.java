package io.watchgate.translation;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Server;
import io.watchgate.flow.ServerStatus;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Era;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/// A server of one era that answers as the test says, and keeps what came.
final class ScriptedServer implements Server {
  private final Era era;
  private final Script script;
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  /// Why calls were cancelled.
  final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();

  /// How the server answers a request.
  @FunctionalInterface
  interface Script {
    Response to(Call call) throws InterruptedException;
  }

  ScriptedServer(Era era, Script script) {
    this.era = era;
    this.script = script;
  }

  @Override
  public Reply handle(Call call) throws InterruptedException {
    calls.add(call);
    if (call.message() instanceof Notification) {
      return new Reply.Accepted();
    }
    try {
      return new Reply.Answered(script.to(call));
    } catch (InterruptedException e) {
      cancelled.add(call.cancellation().reason().orElse("no reason"));
      throw e;
    }
  }

  List<Call> calls() {
    return calls;
  }

  /// The messages that came, as text.
  List<String> got() {
    return calls.stream()
        .map(call -> new String(call.message().toBytes(), StandardCharsets.UTF_8))
        .toList();
  }

  /// The newest message that came, as text.
  String last() {
    return got().getLast();
  }

  @Override
  public String name() {
    return "files";
  }

  @Override
  public Era era(Session session, Deadline deadline) {
    return era;
  }

  @Override
  public ServerStatus status() {
    return new ServerStatus(State.READY, Optional.empty(), Optional.empty());
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public void prepare(Session session) {}

  @Override
  public boolean awaitFirstContact(Duration patience) {
    return true;
  }
}
