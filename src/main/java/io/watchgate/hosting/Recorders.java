package io.watchgate.hosting;

import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.Recorder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All recorders of one configuration as one: each gets what concerns its server, with the bodies
/// that it keeps. Only those that are critical can be in trouble, lose a record or be waited for.
final class Recorders implements Recorder {
  private static final Logger log = LoggerFactory.getLogger(Recorders.class);

  private final List<One> all;

  /// A recorder, and what it is at work for.
  private record One(Installed installed, Recorder recorder) {
    boolean isCritical() {
      return installed.terms().isCritical();
    }
  }

  private final BiPredicate<Installed, String> concern;

  /// @param plugins of which some are recorders
  /// @param concern whether a recorder is for a server
  Recorders(List<Installed> plugins, BiPredicate<Installed, String> concern) {
    this.concern = concern;
    this.all = new ArrayList<>();
    for (var each : plugins) {
      if (each.plugin() instanceof Recorder recorder) {
        all.add(new One(each, recorder));
      }
    }
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  @Override
  public Receipt record(AuditRecord record) {
    var bare = record.payload().body().isEmpty() ? record : record.withBody(Optional.empty());
    List<Receipt> receipts = new ArrayList<>(all.size());
    for (var one : all) {
      if (concerns(one, record)) {
        var mine = one.recorder().bodies().contains(record.event()) ? record : bare;
        receipts.add(record(one, mine));
      }
    }
    return receipts.size() == 1
        ? receipts.getFirst()
        : () -> {
          for (var receipt : receipts) {
            receipt.await();
          }
        };
  }

  /// What belongs to no server is everybody's concern.
  private boolean concerns(One one, AuditRecord record) {
    var server = record.subject().server();
    return server.isEmpty()
        ? one.installed().settings().scope().server().isEmpty()
        : concern.test(one.installed(), server.get());
  }

  private static Receipt record(One one, AuditRecord record) {
    try {
      var receipt = one.recorder().record(record);
      return one.isCritical() ? () -> await(one, receipt) : Receipt.KEPT;
    } catch (RuntimeException fault) { // supervised edge: code of plugins
      log.error("plugin \"{}\" could not record {}", name(one), record.subject().method(), fault);
      return () -> lost(one, "it failed; the gateway's log has the details");
    }
  }

  private static void await(One one, Receipt receipt) throws IOException, InterruptedException {
    try {
      receipt.await();
    } catch (IOException failure) {
      lost(one, String.valueOf(failure.getMessage()));
    }
  }

  private static void lost(One one, String why) throws IOException {
    if (one.isCritical()) {
      throw new IOException("plugin \"" + name(one) + "\": " + why);
    }
  }

  @Override
  public Optional<String> trouble() {
    for (var one : all) {
      if (one.isCritical()) {
        var trouble = one.recorder().trouble();
        if (trouble.isPresent()) {
          return Optional.of("plugin \"" + name(one) + "\": " + trouble.get());
        }
      }
    }
    return Optional.empty();
  }

  private static String name(One one) {
    return one.installed().name();
  }
}
