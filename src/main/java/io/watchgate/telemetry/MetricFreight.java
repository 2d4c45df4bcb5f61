package io.watchgate.telemetry;

import io.watchgate.flow.Histogram;
import io.watchgate.jsonrpc.Json;
import io.watchgate.otlp.Otlp;
import io.watchgate.telemetry.Family.Amount;
import io.watchgate.telemetry.Family.Digest;
import io.watchgate.telemetry.Family.Kind;
import io.watchgate.telemetry.Family.Sample;
import io.watchgate.telemetry.Family.Spread;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Metrics as OTLP has them: each number since the start of the process.
///
/// @param started when that was
/// @param now when the numbers were read
record MetricFreight(Source source, Instant started, Instant now) {
  private static final int CUMULATIVE = 2;

  Json request(List<Family> families) {
    var metrics = families.stream().map(this::metric).flatMap(Optional::stream).toList();
    var scope = Json.object("scope", Otlp.scope(source.version()), "metrics", Json.array(metrics));
    var resource =
        Json.object("resource", source.resource(), "scopeMetrics", Json.array(List.of(scope)));
    return Json.object("resourceMetrics", Json.array(List.of(resource)));
  }

  private Optional<Json> metric(Family family) {
    var points = family.samples().stream().map(this::point).flatMap(Optional::stream).toList();
    if (points.isEmpty()) {
      return Optional.empty();
    }
    var data = Json.object("dataPoints", Json.array(points));
    if (family.kind() == Kind.COUNTER) {
      data = data.plus("isMonotonic", Json.trusted("true"));
    }
    if (family.kind() == Kind.COUNTER || family.kind() == Kind.HISTOGRAM) {
      data = data.plus("aggregationTemporality", Json.trusted("" + CUMULATIVE));
    }
    return Optional.of(
        Json.object(
            "name",
            family.name(),
            "description",
            family.help(),
            "unit",
            unit(family.name()),
            member(family.kind()),
            data));
  }

  private static String member(Kind kind) {
    return switch (kind) {
      case COUNTER -> "sum";
      case GAUGE -> "gauge";
      case HISTOGRAM -> "histogram";
      case SUMMARY -> "summary";
    };
  }

  private static String unit(String name) {
    return name.contains("_seconds") ? "s" : name.contains("_bytes") ? "By" : "1";
  }

  /// A number that is none says nothing.
  private Optional<Json> point(Sample sample) {
    var point =
        Json.object(
            "attributes", Otlp.attributes(told(sample.labels())),
            "startTimeUnixNano", Otlp.time(started),
            "timeUnixNano", Otlp.time(now));
    return switch (sample.value()) {
      case Amount(var value) when Double.isNaN(value) -> Optional.empty();
      case Amount(var value) -> Optional.of(point.plus("asDouble", Otlp.number(value)));
      case Spread(var counted) -> Optional.of(spread(point, counted));
      case Digest(var quantiles, var count, var sum) ->
          Optional.of(
              point
                  .plus("count", Otlp.whole(count))
                  .plus("sum", Otlp.number(sum))
                  .plus("quantileValues", quantiles(quantiles)));
    };
  }

  /// An empty label is none.
  private static Map<String, String> told(Map<String, String> labels) {
    return labels.entrySet().stream()
        .filter(label -> !label.getValue().isEmpty())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Json spread(Json point, Histogram.Snapshot counted) {
    return point
        .plus("count", Otlp.whole(counted.count()))
        .plus("sum", Otlp.number(counted.sumSeconds()))
        .plus("bucketCounts", Json.array(counted.counts().stream().map(Otlp::whole).toList()))
        .plus("explicitBounds", Json.array(Histogram.BOUNDS.stream().map(Otlp::number).toList()));
  }

  private static Json quantiles(Map<Double, Double> quantiles) {
    return Json.array(
        quantiles.entrySet().stream()
            .filter(each -> !each.getValue().isNaN())
            .map(each ->
                Json.object(
                    "quantile", Otlp.number(each.getKey()),
                    "value", Otlp.number(each.getValue())))
            .toList());
  }
}
