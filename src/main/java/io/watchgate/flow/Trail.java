package io.watchgate.flow;

import io.watchgate.jsonrpc.Message;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What happened to a call on its way: written as it goes down, read when the reply comes up.
public final class Trail {
  /// That of the call that this thread works on: what is logged meanwhile is about it.
  public static final ScopedValue<Trail> CURRENT = ScopedValue.newInstance();

  private final AtomicReference<@Nullable String> id = new AtomicReference<>();
  private final AtomicInteger exchanges = new AtomicInteger();
  private final AtomicReference<@Nullable Consumer<Message>> listener = new AtomicReference<>();
  private volatile Optional<TraceContext> cameWith = Optional.empty();
  private volatile Span span = Span.NONE;
  private volatile @Nullable String server;
  private final Queue<Judgement> judgements = new ConcurrentLinkedQueue<>();
  private volatile String listedTool = "";
  private volatile BooleanSupplier idempotent = () -> false;

  /// What a plugin said of a message of the call.
  ///
  /// @param verdict `pass`, `replace`, `block`, `complete` or `failed`
  /// @param reason for people, empty for none; never what was hidden
  public record Judgement(String plugin, String verdict, String reason) {}

  /// The id of the call, by which all that is written of it can be found.
  ///
  /// @param ids makes one that no other call has, when there is none yet
  public String id(Supplier<String> ids) {
    var known = id.get();
    if (known != null) {
      return known;
    }
    var made = ids.get();
    return id.compareAndSet(null, made) ? made : Objects.requireNonNull(id.get());
  }

  /// The id of the call, empty as long as nobody asked for one.
  public Optional<String> id() {
    return Optional.ofNullable(id.get());
  }

  /// An id for an exchange that is part of the call: that of the call for the first, which is most
  /// often the only one; others are with more servers, or with the client on the way.
  public String exchange(Supplier<String> ids) {
    int number = exchanges.incrementAndGet();
    return number == 1 ? id(ids) : id(ids) + "." + number;
  }

  /// Notes the trace that the call is a part of by its client's account.
  public void cameWith(Optional<TraceContext> trace) {
    cameWith = trace;
  }

  /// The trace that the call is a part of by its client's account.
  public Optional<TraceContext> cameWith() {
    return cameWith;
  }

  /// Notes what the call is at now.
  ///
  /// @return what it was at before
  public Span within(Span next) {
    var before = span;
    span = next;
    return before;
  }

  /// What the call is at now.
  public Span span() {
    return span;
  }

  /// The id of the trace that the call is a part of, empty when it is none.
  public Optional<String> trace() {
    return span.context().or(() -> cameWith).map(TraceContext::traceId);
  }

  /// Has somebody told of the message that first goes to a server, as plugins left it, before it
  /// does.
  public void beforeSending(Consumer<Message> told) {
    listener.set(told);
  }

  /// The message goes to a server now.
  public void sending(Message message) {
    var told = listener.getAndSet(null);
    if (told != null) {
      told.accept(message);
    }
  }

  /// Notes what a plugin said.
  public void judged(Judgement judgement) {
    judgements.add(judgement);
  }

  /// What plugins said, in the order of time.
  public List<Judgement> judgements() {
    return judgements.isEmpty() ? List.of() : List.copyOf(judgements);
  }

  /// Notes that the call goes to a server; the last one is the one that answers.
  public void sentTo(String name) {
    server = name;
  }

  /// The server that the call went to, empty when the gateway answers by itself.
  public Optional<String> server() {
    return Optional.ofNullable(server);
  }

  /// Notes that a tool is called that its server lists.
  public void callsListed(String tool) {
    listedTool = tool;
  }

  /// The tool that is called, by its server's name for it; empty when it is none, or one that no
  /// server lists.
  public String listedTool() {
    return listedTool;
  }

  /// Notes how to find out whether the tool that is called says that calling it twice does no more
  /// than calling it once. Asked for only when it matters.
  public void idempotentIf(BooleanSupplier toolSaysSo) {
    idempotent = toolSaysSo;
  }

  /// Whether a tool is called that says so; of other methods this says nothing.
  public boolean isIdempotent() {
    return idempotent.getAsBoolean();
  }
}
