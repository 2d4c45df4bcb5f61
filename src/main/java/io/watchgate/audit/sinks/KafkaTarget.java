package io.watchgate.audit.sinks;

import io.watchgate.flow.Time;
import io.watchgate.plugin.AuditRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// A topic of Kafka. A record is kept when all replicas in sync have it. The producer is idempotent
/// and never gives up, so that a record is in the topic once, in its order, however often brokers
/// go away; only what a producer that failed had not been told of is sent again by the next one.
final class KafkaTarget implements Target {
  /// Longer than brokers take that are well.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration GOODBYE = Duration.ofMillis(500);

  private final KafkaSettings settings;
  private final Map<String, Object> properties;
  private final Time time;
  private final IdentityHashMap<AuditRecord, CompletableFuture<@Nullable Void>> sent =
      new IdentityHashMap<>(); // two records may be equal
  private volatile @Nullable KafkaProducer<byte[], byte[]> current;

  private KafkaTarget(KafkaSettings settings, Map<String, Object> properties, Time time) {
    this.settings = settings;
    this.properties = properties;
    this.time = time;
  }

  /// Connects to nobody yet.
  ///
  /// @throws IOException when Kafka does not understand its settings
  static KafkaTarget open(KafkaSettings settings, Time time) throws IOException {
    Map<String, Object> properties = new HashMap<>(settings.more());
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.servers());
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, Column.word(settings.compression()));
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, "watchgate");
    try {
      var _ = new ProducerConfig(properties);
    } catch (KafkaException mistake) {
      throw new IOException("Kafka does not take its properties: " + mistake.getMessage(), mistake);
    }
    return new KafkaTarget(settings, properties, time);
  }

  @Override
  public String name() {
    return settings.toString();
  }

  /// Records that are on their way from another time are waited for, and not sent again.
  @Override
  public void keep(List<AuditRecord> batch) throws IOException, InterruptedException {
    try {
      var producer = producer();
      boolean isTaking = true;
      for (int i = 0; i < batch.size() && isTaking; i++) {
        var end = sent.computeIfAbsent(batch.get(i), record -> send(producer, record));
        isTaking = !end.isCompletedExceptionally() || isTooLarge(end); // else each one would wait
      }
      var all = sent.values().toArray(CompletableFuture<?>[]::new);
      time.get(CompletableFuture.allOf(all), PATIENCE.toNanos());
      sent.clear();
    } catch (TimeoutException _) {
      throw new IOException("no acknowledgement for " + PATIENCE.toSeconds() + " s");
    } catch (ExecutionException failure) {
      failed(failure.getCause() instanceof Exception cause ? cause : failure);
    } catch (InterruptException _) {
      var _ = Thread.interrupted(); // which it leaves set
      throw new InterruptedException();
    } catch (KafkaException failure) {
      startAnew();
      throw new IOException(failure.getMessage(), failure);
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    var producer = current;
    if (producer == null) {
      producer = new KafkaProducer<>(properties);
      current = producer;
    }
    return producer;
  }

  /// The records of one call have the same key, and so stay in their order.
  private CompletableFuture<@Nullable Void> send(
      KafkaProducer<byte[], byte[]> producer, AuditRecord record) {
    var key = record.origin().requestId().or(() -> record.origin().session());
    var keyBytes = key.map(KafkaTarget::bytes).orElse(null);
    var message =
        new ProducerRecord<byte @Nullable [], byte[]>(
            settings.topic(), keyBytes, bytes(Plain.json(record.json())));
    var end = new CompletableFuture<@Nullable Void>();
    producer.send(
        message,
        (_, failure) -> {
          if (failure == null) {
            end.complete(null);
          } else {
            end.completeExceptionally(failure);
          }
        });
    return end;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void failed(Exception cause) throws IOException {
    long large = sent.values().stream().filter(KafkaTarget::isTooLarge).count();
    boolean isOver = sent.values().stream().allMatch(end -> isKept(end) || isTooLarge(end));
    if (isOver) {
      sent.clear();
      throw new TargetRefused(large + " are larger than the cluster takes", large);
    }
    if (!(cause instanceof RetriableException) && large == 0) {
      startAnew();
    } else {
      sent.values().removeIf(end -> end.isCompletedExceptionally() && !isTooLarge(end));
    }
    throw new IOException(cause.getMessage(), cause);
  }

  private static boolean isKept(CompletableFuture<?> end) {
    return end.isDone() && !end.isCompletedExceptionally();
  }

  private static boolean isTooLarge(CompletableFuture<?> end) {
    return end.isCompletedExceptionally() && end.exceptionNow() instanceof RecordTooLargeException;
  }

  /// A producer that failed is of no use any more. What it was not told of is sent again.
  private void startAnew() {
    var producer = current;
    current = null;
    if (producer != null) {
      producer.close(Duration.ZERO);
    }
    sent.values().removeIf(end -> !isKept(end));
  }

  @Override
  public void close() {
    var producer = current;
    if (producer != null) {
      producer.close(GOODBYE);
    }
  }
}
