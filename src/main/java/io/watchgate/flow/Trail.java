package io.watchgate.flow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What happened to a call on its way: written as it goes down, read when the reply comes up.
public final class Trail {
  private volatile @Nullable String server;

  /// Notes that the call goes to a server; the last one is the one that answers.
  public void sentTo(String name) {
    server = name;
  }

  /// The server that the call went to, empty when the gateway answers by itself.
  public Optional<String> server() {
    return Optional.ofNullable(server);
  }
}
