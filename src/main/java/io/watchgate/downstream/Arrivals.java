package io.watchgate.downstream;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections of a listener whose next request has begun and is not there, or whose first one
/// has not even begun, those that wait longest first. Where there is no room they give way, so that
/// clients that send drop by drop keep nobody out. Safe for any number of threads.
final class Arrivals {
  private static final Logger log = LoggerFactory.getLogger(Arrivals.class);

  private final Set<Channel> waiting = new LinkedHashSet<>();
  private long cut;

  synchronized void begin(Channel channel) {
    waiting.add(channel);
  }

  synchronized void end(Channel channel) {
    waiting.remove(channel);
  }

  /// Closes the connection that waits longest; false when none waits.
  boolean makeRoom() {
    var longest = takeLongest();
    if (longest != null) {
      longest.close();
    }
    return longest != null;
  }

  private synchronized @Nullable Channel takeLongest() {
    Iterator<Channel> all = waiting.iterator();
    if (!all.hasNext()) {
      return null;
    }
    var longest = all.next();
    all.remove();
    if (Long.bitCount(++cut) == 1) { // 1, 2, 4, 8 …
      log.warn(
          "there are too many connections: {} makes room, whose request does not come ({} so far)",
          longest,
          cut);
    }
    return longest;
  }
}
