package io.watchgate.everything;

import tools.jackson.databind.node.ObjectNode;

/// Where messages to a client go. Any thread may use it.
interface Outbox {
  void send(ObjectNode message);
}
