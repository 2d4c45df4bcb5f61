package io.watchgate.plugin;

import io.watchgate.jsonrpc.Json;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Something that looks at the messages between clients and servers, and judges each. One plugin
/// judges many messages at the same time: it is safe for threads, and may block the thread that
/// asks, which is a virtual one. A plugin that throws, or takes longer than its `timeout`, has not
/// judged: the message is refused when the plugin is `critical`, otherwise the next plugin goes on
/// with the message as it was. Its thread is interrupted when nobody wants the answer any more.
///
/// Every message of a server passes: requests and their answers (lists, calls, reads, prompts,
/// completions, errors too), notifications both ways, what a server asks of a client and what it is
/// answered, and what a server says of itself when it is first reached, which is judged as the
/// answer to an `initialize`. Names and URIs are the server's own.
public interface Plugin extends AutoCloseable {

  /// The messages that the plugin wants to see; it is not asked about any other.
  default Set<Moment> moments() {
    return EnumSet.allOf(Moment.class);
  }

  /// Judges the parameters of a client's request, before the server sees them.
  default Verdict onRequest(Exchange exchange, Content params) throws InterruptedException {
    return Verdict.PASS;
  }

  /// Judges the answer to a request of either side, before the one who asked sees it.
  default Verdict onResponse(Exchange exchange, Content answer) throws InterruptedException {
    return Verdict.PASS;
  }

  /// Judges the parameters of a notification of either side. One that is blocked is dropped.
  default Verdict onNotification(Exchange exchange, Content params) throws InterruptedException {
    return Verdict.PASS;
  }

  /// Judges the parameters of what a server asks of a client, before the client sees them.
  default Verdict onServerRequest(Exchange exchange, Content params) throws InterruptedException {
    return Verdict.PASS;
  }

  /// What the plugin tells of itself in the status, an object. Never what it hides from others.
  default Json status() {
    return Json.EMPTY_OBJECT;
  }

  /// What the plugin counts, for the metrics.
  default List<Metric> metrics() {
    return List.of();
  }

  /// Ends the plugin: no message is being judged any more.
  @Override
  default void close() {}
}
