package io.watchgate.flow;

import java.util.List;

/// Wraps a handler with one concern.
@FunctionalInterface
public interface Layer {
  Handler around(Handler inner);

  /// Stacks layers over a handler, outermost first: read down for the call, up for the reply.
  static Handler stack(List<Layer> layers, Handler innermost) {
    var handler = innermost;
    for (var layer : layers.reversed()) {
      handler = layer.around(handler);
    }
    return handler;
  }
}
