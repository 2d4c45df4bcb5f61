package io.watchgate.flow;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What happened to a call on its way: written as it goes down, read when the reply comes up.
public final class Trail {
  private volatile @Nullable String server;
  private final Queue<Judgement> judgements = new ConcurrentLinkedQueue<>();
  private volatile BooleanSupplier idempotent = () -> false;

  /// What a plugin said of a message of the call.
  ///
  /// @param verdict `pass`, `replace`, `block`, `complete` or `failed`
  /// @param reason for people, empty for none; never what was hidden
  public record Judgement(String plugin, String verdict, String reason) {}

  /// Notes what a plugin said.
  public void judged(Judgement judgement) {
    judgements.add(judgement);
  }

  /// What plugins said, in the order of time.
  public List<Judgement> judgements() {
    return List.copyOf(judgements);
  }

  /// Notes that the call goes to a server; the last one is the one that answers.
  public void sentTo(String name) {
    server = name;
  }

  /// The server that the call went to, empty when the gateway answers by itself.
  public Optional<String> server() {
    return Optional.ofNullable(server);
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
