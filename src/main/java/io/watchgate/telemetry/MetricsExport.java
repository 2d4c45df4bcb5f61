package io.watchgate.telemetry;

import io.watchgate.jsonrpc.Json;
import io.watchgate.otlp.Collector;
import io.watchgate.otlp.Collector.Later;
import io.watchgate.otlp.Collector.Refused;
import io.watchgate.otlp.Collector.Taken;
import io.watchgate.otlp.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a collector all metrics, again and again. What it does not take is not lost: the next time
/// has it too.
final class MetricsExport {
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);
  private static final Logger log = LoggerFactory.getLogger(MetricsExport.class);

  private final Collector collector;
  private final Supplier<List<Family>> families;
  private final Source source;
  private final Duration interval;
  private final Instant started;
  private final Thread thread;
  private final LongAdder sent = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private String trouble = "";

  MetricsExport(
      Collector collector, Supplier<List<Family>> families, Source source, Duration interval) {
    this.collector = collector;
    this.families = families;
    this.source = source;
    this.interval = interval;
    this.started = source.clock().instant();
    this.thread = Thread.ofVirtual().name("otlp metrics").start(this::run);
  }

  /// How often all metrics were taken, and how often they were not.
  long sent() {
    return sent.sum();
  }

  long failed() {
    return failed.sum();
  }

  private void run() {
    try {
      while (true) {
        source.time().pass(interval);
        send();
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  private void send() throws InterruptedException {
    var freight = new MetricFreight(source, started, source.clock().instant());
    Json request;
    try {
      request = freight.request(families.get());
    } catch (RuntimeException fault) { // supervised edge: the next time may go well
      log.error("metrics could not be read", fault);
      return;
    }
    switch (collector.post(Signal.METRICS, request)) {
      case Taken(var _, var why) -> {
        sent.increment();
        troubled(why.isEmpty() ? "" : "a part was rejected: " + why);
      }
      case Refused(var why) -> missed(why);
      case Later(var why, var _) -> missed(why);
    }
  }

  private void missed(String why) {
    failed.increment();
    troubled(why);
  }

  /// The same again is not worth a line.
  private void troubled(String why) {
    if (!why.equals(trouble)) {
      trouble = why;
      if (why.isEmpty()) {
        log.info("metrics are sent again");
      } else {
        log.warn("metrics cannot be sent: {}; they are tried again in {}", why, interval);
      }
    }
  }

  /// Tells all metrics once more, and ends.
  void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
    var last = Thread.ofVirtual().name("last metrics").start(this::sendLast);
    boolean _ = last.join(LAST_WORDS);
    last.interrupt();
  }

  private void sendLast() {
    try {
      send();
    } catch (InterruptedException _) {
      // the collector took too long
    }
  }
}
