package io.watchgate.everything;

import tools.jackson.databind.node.ObjectNode;

/// Something went wrong in a tool that the model may read about: the result says `isError`.
final class Trouble extends RuntimeException {
  private static final long serialVersionUID = 1;

  Trouble(String message) {
    super(message);
  }

  ObjectNode result() {
    return Tree.textResult(String.valueOf(getMessage())).put("isError", true);
  }
}
