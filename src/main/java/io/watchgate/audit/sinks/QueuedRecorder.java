package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Metric;
import io.watchgate.plugin.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A recorder whose target may be slow, or away for a while. Records wait in a queue, and go to the
/// target in batches, in their order, by one thread; a batch that the target cannot take now is
/// tried again until it can. A record that finds no room in the queue is lost and counted, its
/// receipt fails, and when records can be kept again one of them tells how many were lost. The
/// recorder is in trouble before that: once the queue is nearly full, so that calls that go on
/// already can still be recorded, and where receipts are waited for, once the target is away.
final class QueuedRecorder implements Recorder {
  private static final Logger log = LoggerFactory.getLogger(QueuedRecorder.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /// The process ends whatever happens some seconds after it was told to.
  private static final Duration LAST_CHANCE = Duration.ofSeconds(2);

  private static final Duration UNWINDING = Duration.ofMillis(500);

  private final String handler;
  private final SinkSettings settings;
  private final Target target;
  private final Home home;
  private final SinkQueue queue;
  private final Thread worker;

  private QueuedRecorder(String handler, SinkSettings settings, Target target, Home home) {
    this.handler = handler;
    this.settings = settings;
    this.target = target;
    this.home = home;
    this.queue = new SinkQueue(handler + " " + target.name(), settings, home.clock());
    this.worker = Thread.ofPlatform().daemon().name(handler + " writer").unstarted(this::run);
  }

  /// Begins to keep records.
  ///
  /// @param handler of the plugin
  static QueuedRecorder start(String handler, SinkSettings settings, Target target, Home home) {
    var recorder = new QueuedRecorder(handler, settings, target, home);
    recorder.worker.start();
    return recorder;
  }

  @Override
  public Set<Event> bodies() {
    return settings.bodies();
  }

  @Override
  public Receipt record(AuditRecord record) {
    return queue.offer(settings.cut(record));
  }

  @Override
  public Optional<String> trouble() {
    return queue.trouble();
  }

  private void run() {
    try {
      for (var batch = queue.next(); !batch.isEmpty(); batch = queue.next()) {
        keep(batch);
      }
    } catch (InterruptedException _) {
      // there was no time for more
    }
  }

  private void keep(List<SinkQueue.Entry> batch) throws InterruptedException {
    var records = batch.stream().map(SinkQueue.Entry::record).toList();
    var pause = FIRST_PAUSE;
    while (true) {
      try {
        target.keep(records);
        queue.kept();
        return;
      } catch (TargetRefused refusal) {
        queue.refused(String.valueOf(refusal.getMessage()), refusal.records());
        return;
      } catch (TargetBusy busy) {
        pause = longer(pause, busy.pause());
        queue.failed(busy);
      } catch (IOException failure) {
        queue.failed(failure);
      } catch (RuntimeException fault) { // supervised edge: libraries and drivers
        log.error("{} {} failed on {} records", handler, target.name(), records.size(), fault);
        queue.refused("it failed: " + fault, records.size());
        return;
      }
      queue.rest(home.pause(), pause);
      pause = longer(FIRST_PAUSE, shorter(LONGEST_PAUSE, pause.multipliedBy(2)));
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @Override
  public Json status() {
    var counts = queue.counts();
    var status =
        Json.object(
            "target", target.name(),
            "records", counts.kept(),
            "lost", counts.lost(),
            "waiting", counts.waiting(),
            "room", settings.queue());
    for (var member : target.about().members().reversed()) {
      status = status.plus(member.key(), member.value());
    }
    var away = queue.away();
    return away.isEmpty() ? status : status.plus("trouble", Json.string(away.get()));
  }

  @Override
  public List<Metric> metrics() {
    var counts = queue.counts();
    return List.of(
        metric("audit_records_total", "Audit records that were kept.", counts.kept()),
        metric("audit_lost_total", "Audit records that were lost.", counts.lost()),
        metric("audit_waiting_records", "Audit records that are not kept yet.", counts.waiting()),
        metric(
            "audit_trouble",
            "Whether audit records cannot be kept now.",
            queue.away().isPresent() ? 1 : 0));
  }

  private Metric metric(String name, String help, long value) {
    return new Metric(name, help, Map.of("plugin", handler), value);
  }

  /// Keeps what waits, if the target takes it in two seconds, and lets go of the target.
  @Override
  public void close() {
    queue.close(worker);
    try {
      if (!worker.join(LAST_CHANCE)) {
        worker.interrupt();
      }
      target.close(); // also what the worker may hang in
      worker.join(UNWINDING);
    } catch (IOException failure) {
      log.warn("{} {} cannot be closed: {}", handler, target.name(), failure.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    queue.abandon();
  }
}
