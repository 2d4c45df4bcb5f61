package io.watchgate.everything;

import tools.jackson.databind.node.ObjectNode;

/// A stateless call cannot go on before the client has given input: the result asks for it, and the
/// client calls again.
final class InputNeeded extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient ObjectNode result;

  InputNeeded(ObjectNode result) {
    super("the client has to give input first");
    this.result = result;
  }

  ObjectNode result() {
    return result;
  }
}
