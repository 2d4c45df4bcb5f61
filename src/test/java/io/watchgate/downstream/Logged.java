package io.watchgate.downstream;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;

/// Notifications that servers send of their own accord.
final class Logged {
  private Logged() {}

  static Notification at(String level) {
    return Notification.of(
        "notifications/message", Json.object("level", level, "data", "a log of the test"));
  }

  static Notification number(int n) {
    return Notification.of("notifications/message", Json.object("level", "info", "data", n));
  }
}
