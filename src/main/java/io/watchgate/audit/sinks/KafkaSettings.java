package io.watchgate.audit.sinks;

import io.watchgate.plugin.Options;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where records go in Kafka, and how.
///
/// @param servers `host:port` of some of the cluster
/// @param more of Kafka's own settings of a producer; may hold secrets
record KafkaSettings(
    List<String> servers, String topic, Compression compression, Map<String, String> more) {

  /// What the sink promises does not hold with other values of these.
  private static final Set<String> OURS =
      Set.of(
          "acks",
          "bootstrap.servers",
          "buffer.memory",
          "compression.type",
          "delivery.timeout.ms",
          "enable.idempotence",
          "key.serializer",
          "max.block.ms",
          "max.in.flight.requests.per.connection",
          "retries",
          "transactional.id",
          "value.serializer");

  /// What the JDK can do.
  enum Compression {
    NONE,
    GZIP
  }

  static KafkaSettings read(Options options) {
    var servers = options.texts("bootstrap_servers");
    if (servers.isEmpty()) {
      options.problem("bootstrap_servers", "is missing (expected: a list of host:port)");
    }
    var topic = options.text("topic").orElse("watchgate-audit");
    Map<String, String> more = new HashMap<>();
    for (var member : options.json("properties").map(json -> json.members()).orElse(List.of())) {
      var value = member.value();
      if (OURS.contains(member.key())) {
        options.problem("properties", "cannot have " + member.key() + ", which the sink sets");
      }
      more.put(member.key(), value.isString() ? value.text() : value.toString());
    }
    return new KafkaSettings(servers, topic, options.choice("compression", Compression.NONE), more);
  }

  /// Without what may be secret.
  @Override
  public String toString() {
    return topic + " of " + String.join(",", servers);
  }
}
