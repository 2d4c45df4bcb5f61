package io.watchgate.security.toolguard;

import io.watchgate.jsonrpc.Json;
import java.util.List;

/// Lets tests of other packages look for poison.
public final class PoisonTesting {
  private final Poison poison = new Poison();

  public boolean isPoisoned(Json definition) {
    return !said(definition).isEmpty();
  }

  public List<String> said(Json definition) {
    return poison.in(definition);
  }
}
