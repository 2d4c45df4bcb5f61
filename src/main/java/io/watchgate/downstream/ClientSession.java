package io.watchgate.downstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Client;
import io.watchgate.flow.CloseActions;
import io.watchgate.flow.Fingerprint;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Occurrence.SessionChanged;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.flow.Rejection.MethodNotFound;
import io.watchgate.flow.Reply;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Session;
import io.watchgate.flow.TraceContext;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's conversation in the revisions that open with a handshake: answers what concerns the
/// conversation itself, and hands every other message to the gateway's stack.
final class ClientSession implements Session {
  private static final Logger log = LoggerFactory.getLogger(ClientSession.class);

  private final String key;
  private final String fingerprint;
  private final String principal;
  private final Handler handler;
  private final Handler rescued;
  private final Outlet outlet;
  private final Terms terms;
  private final ClientAsks asks;
  private final OpenCalls calls = new OpenCalls();
  private final CloseActions closeActions = new CloseActions();
  private final AtomicBoolean known = new AtomicBoolean(); // to those who keep a record
  private volatile ProtocolVersion version = ProtocolVersion.NEWEST_HANDSHAKE;
  private volatile String name = "";
  private volatile Json capabilities = Json.EMPTY_OBJECT;
  private volatile Optional<LogLevel> level = Optional.empty();

  /// @param principal who the client is
  /// @param outlet where what belongs to no call goes
  ClientSession(String key, String principal, Handler handler, Outlet outlet, Terms terms) {
    this.key = key;
    this.fingerprint = Fingerprint.of(key);
    this.principal = principal;
    this.handler = handler;
    this.rescued = new RescueLayer().around(this::handle);
    this.outlet = outlet;
    this.terms = terms;
    this.asks = new ClientAsks(terms.patience(), terms.time());
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public String principal() {
    return principal;
  }

  @Override
  public String clientName() {
    return name;
  }

  @Override
  public Json capabilities() {
    return capabilities;
  }

  @Override
  public Optional<LogLevel> logLevel() {
    return level;
  }

  /// The revision that the handshake agreed on.
  @Override
  public ProtocolVersion version() {
    return version;
  }

  /// The requests in flight.
  OpenCalls calls() {
    return calls;
  }

  boolean isIdle() {
    return calls.isEmpty();
  }

  /// Registers a request that was just read; it runs when the thread that answers it is there.
  ///
  /// @throws Rejection when a request with this id is in flight already, or the gateway stops
  InFlight admit(Request request) {
    var admitted = calls.admit(request, version);
    if (request.method().equals(Method.INITIALIZE)) {
      introduce(request.field(Field.PARAMS).orElse(Json.EMPTY_OBJECT));
    }
    return admitted;
  }

  /// Takes in who the client is before the next message is read: what a hasty client sends right
  /// behind its handshake is understood by it.
  private void introduce(Json params) {
    version =
        params
            .textMember("protocolVersion")
            .flatMap(ProtocolVersion::ofHandshake)
            .orElse(ProtocolVersion.NEWEST_HANDSHAKE);
    capabilities = params.member("capabilities").filter(Json::isObject).orElse(Json.EMPTY_OBJECT);
    name = params.member("clientInfo").flatMap(info -> info.textMember("name")).orElse("");
  }

  /// Takes up a conversation that had its handshake before, with a gateway that is no more.
  ///
  /// @return whether the stack took the client in
  boolean takeUp(SessionTicket ticket) throws InterruptedException {
    version = ticket.version();
    capabilities = ticket.capabilities();
    name = ticket.clientName();
    log.info("client \"{}\" came back, revision {}", name, version);
    opened("session/resumed");
    var discover = Request.of(RequestId.of(0), Method.DISCOVER, Json.EMPTY_OBJECT);
    return new RescueLayer()
        .around(handler)
        .handle(new Call(discover, this))
        .response()
        .result()
        .isPresent();
  }

  /// Answers an admitted request on this thread.
  ///
  /// @param way where notifications and requests that belong to the call go
  /// @return the reply, empty when the client cancelled the call
  Optional<Reply> answer(InFlight admitted, Outlet way) {
    try {
      return admitted.run(rescued, new CallClient(way));
    } finally {
      calls.release(admitted);
    }
  }

  private Reply handle(Call call) throws InterruptedException {
    return switch (call.method()) {
      case Method.INITIALIZE -> initialize(call);
      case Method.PING -> Reply.answer(call, Json.EMPTY_OBJECT);
      case Method.SET_LEVEL -> setLevel(call);
      // A client of 2026-07-28 asks this first, and takes the error for a server of before.
      case Method.DISCOVER -> throw new Rejection(new MethodNotFound(call.method()));
      default -> handler.handle(call);
    };
  }

  /// The handshake (specification, lifecycle): the gateway speaks the revision that the client asks
  /// for, or offers its newest.
  private Reply initialize(Call call) throws InterruptedException {
    var params = call.request().field(Field.PARAMS).orElse(Json.EMPTY_OBJECT);
    if (params.textMember("protocolVersion").isEmpty()) {
      throw new Rejection(new InvalidParams("initialize needs a string \"protocolVersion\""));
    }
    log.info("client \"{}\" connected, revision {}", name, version);
    var discover = Request.of(call.request().id(), Method.DISCOVER, Json.EMPTY_OBJECT);
    var response = handler.handle(call.with(discover)).response();
    if (response.result().isEmpty()) {
      return new Reply.Answered(response);
    }
    opened("session/opened");
    return Reply.answer(call, greeting(response.result().get()));
  }

  private void opened(String how) {
    if (!known.getAndSet(true)) {
      terms.witness().saw(new SessionChanged(this, how));
    }
  }

  private Json greeting(Json offer) {
    var capabilities = offer.member("capabilities").orElse(Json.EMPTY_OBJECT);
    return offer
        .textMember("instructions")
        .map(instructions ->
            Json.object(
                "protocolVersion",
                version.toString(),
                "capabilities",
                capabilities,
                "serverInfo",
                terms.self(),
                "instructions",
                instructions))
        .orElseGet(() ->
            Json.object(
                "protocolVersion", version.toString(),
                "capabilities", capabilities,
                "serverInfo", terms.self()));
  }

  private Reply setLevel(Call call) throws InterruptedException {
    var wanted = call.request().text(Field.LEVEL).flatMap(LogLevel::of);
    if (wanted.isEmpty()) {
      throw new Rejection(
          new InvalidParams("\"level\" must be one of " + List.of(LogLevel.values()).toString()));
    }
    level = wanted;
    return handler.handle(call);
  }

  /// Takes a notification; one that is for the servers waits for them on this thread.
  void notice(Notification notification) {
    switch (notification.method()) {
      case Method.INITIALIZED -> {}
      case Method.CANCELLED -> {
        if (!calls.cancel(notification)) {
          terms.refusals().add(Kind.CANCELLATION, "no request with this id is in flight");
        }
      }
      case Method.PROGRESS -> {
        if (!asks.progressed(notification)) {
          terms.refusals().add(Kind.PROGRESS_TOKEN, "nothing was asked under it");
        }
      }
      default -> passOn(notification);
    }
  }

  private void passOn(Notification notification) {
    try {
      var _ = rescued.handle(new Call(notification, this));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes the client's answer to what a server asked.
  void answered(Response response) {
    if (!asks.answered(response)) {
      terms.refusals().add(Kind.ANSWER, "nothing is asked under its id");
    }
  }

  @Override
  public void tell(Notification notification) {
    tell(notification, outlet);
  }

  private void tell(Notification notification, Outlet way) {
    if (wants(notification) && !way.send(notification.toBytes())) {
      log.debug("client {} has no stream open for {}", key, notification.method());
    }
  }

  private boolean wants(Notification notification) {
    return !notification.method().equals(Method.LOG)
        || level.map(least -> Severity.reaches(notification, least)).orElse(true);
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress)
      throws InterruptedException {
    return asks.ask(request, progress, outlet);
  }

  @Override
  public void onClose(Runnable action) {
    closeActions.add(action);
  }

  /// Takes no more requests; answers to what the client was asked are still welcome.
  void stop() {
    calls.stop();
  }

  /// Ends what is in flight and tells the client that the gateway stops.
  void abort() {
    calls.abort();
  }

  /// Ends the conversation: cancels what is in flight and tells everybody who keeps something for
  /// this client.
  void close() {
    if (known.getAndSet(false)) {
      terms.witness().saw(new SessionChanged(this, "session/closed"));
    }
    var actions = closeActions.close();
    calls.cancelAll("the client is gone");
    asks.close();
    actions.forEach(Runnable::run);
  }

  /// The client of one call: the call's own stream first, the session's where that is closed.
  private final class CallClient implements Client {
    private final Outlet way;

    CallClient(Outlet way) {
      this.way = way;
    }

    @Override
    public Session session() {
      return ClientSession.this;
    }

    @Override
    public Optional<TraceContext> traceContext() {
      return way.traceContext();
    }

    @Override
    public void tell(Notification notification) {
      ClientSession.this.tell(notification, way);
    }

    @Override
    public void streaming(Duration retry) {
      way.begin(retry);
    }

    @Override
    public void hangUp() {
      way.hangUp();
    }

    @Override
    public Response ask(Request request, Consumer<Notification> progress)
        throws InterruptedException {
      return asks.ask(request, progress, message -> way.send(message) || outlet.send(message));
    }
  }
}
