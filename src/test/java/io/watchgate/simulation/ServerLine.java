package io.watchgate.simulation;

import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Era;
import io.watchgate.mcp.Method;
import io.watchgate.upstream.SimulatedLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A server's side of one connection.
final class ServerLine implements SimulatedLine {
  private final SimulatedServer server;
  private final World world;
  private final Ears ears;
  private final boolean hasSession;
  private final String label;
  private final Mailbox out;
  private final Map<String, Work> works = new HashMap<>();
  private final Map<String, Consumer<Response>> asks = new HashMap<>();
  private String cause = "";
  private int askCount;
  private boolean isLeft;
  private boolean mayAsk;

  ServerLine(SimulatedServer server, Ears ears, Era era, int number) {
    this.server = server;
    this.world = server.world();
    this.ears = ears;
    this.hasSession = era == Era.HANDSHAKE || !server.temper().exchanges();
    this.label = server.name() + "." + number;
    this.out = new Mailbox(world, label + " speaks");
  }

  SimulatedServer server() {
    return server;
  }

  @Override
  public String cause() {
    return cause;
  }

  @Override
  public boolean isForgotten() {
    return !isOpen() && hasSession && !server.isDown();
  }

  boolean isOpen() {
    return cause.isEmpty();
  }

  @Override
  public void say(byte[] message) throws IOException {
    world.breathe();
    if (isOpen()) {
      take(message, this::speak, _ -> {});
    } else if (server.temper().exchanges()) {
      throw new IOException("connection reset");
    } else { // it went into a pipe that nobody reads any more
      world.story().tell(label, "never hears " + text(message));
    }
  }

  @Override
  public void ask(byte[] message, Consumer<byte[]> answers, Consumer<String> broken)
      throws IOException {
    world.breathe();
    if (!isOpen() && !hasSession && !server.isDown() && !isLeft) {
      cause = ""; // every request has a connection of its own
      server.remember(this);
    }
    if (!isOpen()) {
      throw new IOException("connection refused");
    }
    var exchange = new Mailbox(world, label + " answers");
    take(
        message,
        bytes -> exchange.add(() -> answers.accept(bytes)),
        why -> exchange.add(() -> broken.accept(why)));
  }

  private void take(byte[] message, Consumer<byte[]> way, Consumer<String> broken) {
    world.story().tell(label, "<- " + text(message));
    try {
      switch (Message.read(message, Limits.DEFAULT)) {
        case Request request -> {
          var work = new Work(this, request, way, broken);
          works.put(request.id().json(), work);
          work.begin();
        }
        case Notification notification -> notified(notification);
        case Response response -> {
          var ask = asks.remove(response.id().orElseThrow().json());
          if (ask == null) {
            server.ledger().broken(label + " got an answer that it does not wait for");
          } else {
            ask.accept(response);
          }
        }
      }
    } catch (MalformedMessage malformed) {
      server.ledger().broken(label + " got what is no message: " + text(message));
    }
  }

  private void notified(Notification notification) {
    if (notification.method().equals(Method.CANCELLED)) {
      notification
          .field(Field.REQUEST_ID)
          .map(id -> works.get(id.toString()))
          .ifPresent(Work::cancelled);
    }
  }

  @Override
  public void hangUp(byte[] message) {
    try {
      if (Message.read(message, Limits.DEFAULT) instanceof Request request) {
        var work = works.get(request.id().json());
        if (work != null) {
          work.cancelled();
        }
      }
    } catch (MalformedMessage e) {
      throw new IllegalStateException(e);
    }
  }

  /// Says something on the connection.
  void speak(byte[] message) {
    out.add(() -> {
      world.story().tell(label, "-> " + text(message));
      ears.hear(message);
    });
  }

  void babble() {
    out.add(() -> ears.garbage("a line that is no JSON object"));
  }

  /// Asks the client behind the gateway.
  void ask(Json params, Consumer<byte[]> way, Consumer<Response> answer) {
    ask(Method.ELICIT, params, way, answer);
  }

  /// Asks whether the gateway is there.
  void ping(Consumer<byte[]> way) {
    ask(Method.PING, Json.EMPTY_OBJECT, way, _ -> {});
  }

  private void ask(String method, Json params, Consumer<byte[]> way, Consumer<Response> answer) {
    var id = "\"ask-" + ++askCount + "\"";
    asks.put(id, answer);
    way.accept(Request.of(new RequestId(id), method, params).toBytes());
  }

  /// The connection breaks off, or the server ends it.
  void end(String why) {
    if (!isOpen()) {
      return;
    }
    cause = why;
    List.copyOf(works.values()).forEach(work -> work.broken(why));
    works.clear();
    asks.clear();
    if (!server.temper().exchanges()) {
      out.add(() -> ears.closed(why));
    }
  }

  @Override
  public void close() {
    if (isOpen()) {
      world.story().tell(label, "is left");
      cause = "closed by the gateway";
      isLeft = true;
      works.clear();
      asks.clear();
      server.forget(this);
    }
  }

  /// Whether the client behind the session said that it can be asked.
  boolean mayAsk() {
    return mayAsk;
  }

  void mayAsk(boolean declared) {
    mayAsk = declared;
  }

  void finished(Work work) {
    works.remove(work.id(), work);
  }

  String label() {
    return label;
  }

  void checkEnd() {
    asks.keySet().forEach(id -> server.ledger().broken(label + " got no answer to " + id));
    works.values().forEach(Work::checkEnd);
  }

  private static String text(byte[] message) {
    return new String(message, StandardCharsets.UTF_8);
  }
}
