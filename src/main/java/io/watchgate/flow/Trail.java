package io.watchgate.flow;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What happened to a call on its way: written as it goes down, read when the reply comes up.
public final class Trail {
  private volatile @Nullable String server;
  private volatile BooleanSupplier idempotent = () -> false;

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
