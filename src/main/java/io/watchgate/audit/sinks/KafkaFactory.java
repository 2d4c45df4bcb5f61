package io.watchgate.audit.sinks;

import io.watchgate.flow.Time;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import java.io.IOException;

/// Makes `audit_kafka`. The client of Kafka is no module of the program, but on the class path, so
/// that nobody waits for it who does not use it; nothing of it is mentioned here.
public final class KafkaFactory implements PluginFactory {
  @Override
  public String handler() {
    return "audit_kafka";
  }

  @Override
  public String description() {
    return "Sends records of what happened to a topic of Kafka.";
  }

  @Override
  public Maker read(Options options) {
    var settings = SinkSettings.read(options);
    var kafka = KafkaSettings.read(options);
    return home -> {
      var ours = KafkaFactory.class.getModule();
      ours.addReads(KafkaFactory.class.getClassLoader().getUnnamedModule());
      return QueuedRecorder.start(handler(), settings, open(kafka), home);
    };
  }

  private static Target open(KafkaSettings settings) throws IOException {
    try {
      return KafkaTarget.open(settings, Time.REAL);
    } catch (NoClassDefFoundError missing) {
      throw new IOException(
          "the client of Kafka is not on the class path; ./watchgate has it there", missing);
    }
  }
}
