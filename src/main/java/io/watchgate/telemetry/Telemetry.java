package io.watchgate.telemetry;

import io.watchgate.otlp.Collector;
import io.watchgate.otlp.Outbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is measured of a gateway's calls, and who is told: lives as long as the gateway.
public final class Telemetry implements AutoCloseable {
  /// Some megabytes; more than a collector that is away for seconds misses at a thousand calls a
  /// second.
  private static final int ROOM = 20_000;

  private static final int BATCH = 512;
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final CallMetrics calls = new CallMetrics();
  private final TelemetrySettings settings;
  private final Source source;
  private final Optional<Collector> collector;
  private final Optional<Outbox<FinishedSpan>> spans;
  private final Optional<Tracer> tracer;
  private volatile @Nullable MetricsExport metrics;

  public Telemetry(TelemetrySettings settings, Source source) {
    this.settings = settings;
    this.source = source;
    this.collector = settings.otlp().map(Collector::new);
    this.spans = collector.filter(_ -> settings.traces()).map(this::outbox);
    this.tracer = spans.map(outbox -> new Tracer(outbox, settings.sampling(), source));
  }

  private Outbox<FinishedSpan> outbox(Collector to) {
    var terms = new Outbox.Terms(ROOM, BATCH, settings.interval(), source.time(), source.random());
    return new Outbox<>("otlp traces", to, new SpanFreight(source), terms);
  }

  public CallMetrics calls() {
    return calls;
  }

  /// Makes spans, where somebody wants them.
  public Optional<Tracer> tracer() {
    return tracer;
  }

  /// From now on these are told to the collector, where there is one that wants them.
  public void exportMetrics(Supplier<List<Family>> families) {
    if (settings.metrics() && collector.isPresent()) {
      metrics = new MetricsExport(collector.get(), families, source, settings.interval());
    }
  }

  /// How the export does, nothing where there is none.
  public List<Family> families() {
    var all = new ArrayList<Family>();
    var sent = Family.counter("watchgate_otlp_sent_total", "What the collector took.");
    var lost = Family.counter("watchgate_otlp_lost_total", "What it did not take.");
    spans.ifPresent(outbox -> {
      var counts = outbox.counts();
      sent.add(counts.sent(), "what", "spans");
      lost.add(counts.lost(), "what", "spans");
      all.add(
          Family.gauge("watchgate_otlp_waiting", "What waits to be sent.")
              .add(outbox.waiting(), "what", "spans")
              .build());
    });
    var export = metrics;
    if (export != null) {
      sent.add(export.sent(), "what", "metrics");
      lost.add(export.failed(), "what", "metrics");
    }
    if (collector.isPresent()) {
      all.add(sent.build());
      all.add(lost.build());
    }
    return all;
  }

  /// Sends what is left, for some seconds at most.
  @Override
  public void close() {
    try {
      var export = metrics;
      if (export != null) {
        export.close();
      }
      if (spans.isPresent()) {
        spans.get().close(LAST_WORDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      collector.ifPresent(Collector::close);
    }
  }
}
