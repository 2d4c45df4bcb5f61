package io.watchgate.audit.sinks;

import io.watchgate.otlp.Collector;
import io.watchgate.otlp.CollectorSettings;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes `audit_otlp`.
public final class OtlpFactory implements PluginFactory {
  private static final URI USUAL = URI.create("http://127.0.0.1:4318");

  @Override
  public String handler() {
    return "audit_otlp";
  }

  @Override
  public String description() {
    return "Sends records of what happened to a collector of OpenTelemetry, as logs.";
  }

  @Override
  public Maker read(Options options) {
    var settings = SinkSettings.read(options);
    var collector =
        new CollectorSettings(
            endpoint(options),
            headers(options),
            options.duration("timeout", CollectorSettings.USUAL_TIMEOUT));
    if (!collector.timeout().isPositive()) {
      options.problem("timeout", "must be longer than nothing");
    }
    return home -> {
      var instance = Long.toHexString(home.random().nextLong());
      var target =
          new OtlpTarget(
              new Collector(collector), collector.toString(), home.clock(), version(), instance);
      return QueuedRecorder.start(handler(), settings, target, home);
    };
  }

  private static URI endpoint(Options options) {
    var text = options.text("endpoint");
    try {
      var uri = text.isPresent() ? new URI(text.get()) : USUAL;
      if (uri.getHost() != null && ("http".equals(uri.getScheme()) || isEncrypted(uri))) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // told below
    }
    options.problem("endpoint", "is no URL (expected: http://host:4318)");
    return USUAL;
  }

  private static boolean isEncrypted(URI uri) {
    return "https".equals(uri.getScheme());
  }

  private static Map<String, String> headers(Options options) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (var member : options.json("headers").map(json -> json.members()).orElse(List.of())) {
      if (member.value().isString()) {
        headers.put(member.key(), member.value().text());
      } else {
        options.problem("headers", "must have texts as values");
      }
    }
    return headers;
  }

  private static String version() {
    return Optional.ofNullable(OtlpFactory.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("unknown");
  }
}
