package io.watchgate.audit;

import io.watchgate.audit.AuditLog.Outside;
import io.watchgate.audit.LogSettings.Checkpoints;
import io.watchgate.audit.LogSettings.Copy;
import io.watchgate.audit.LogSettings.Durability;
import io.watchgate.audit.LogSettings.Retain;
import io.watchgate.audit.LogSettings.Rotate;
import io.watchgate.audit.LogSettings.Window;
import io.watchgate.flow.Time;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;

/// Makes `audit_jsonl`.
public final class JsonLinesFactory implements PluginFactory {
  private static final int SMALLEST_FILE = 4 * 1024;
  private static final int MOST_FILES = 100_000;
  private static final int MOST_RECORDS = 10_000;
  private static final int BODY_BYTES = 10_240;
  private static final int LEAST_BODY_BYTES = 50;
  private static final int MOST_BODY_BYTES = 1 << 20;
  private static final Duration SHORTEST = Duration.ofMillis(1);

  @Override
  public String handler() {
    return "audit_jsonl";
  }

  @Override
  public String description() {
    return "Records what happened in a file of JSON lines that shows when it was changed.";
  }

  @Override
  public Maker read(Options options) {
    var file = options.path("output_file");
    var bodies = bodies(options);
    int most = bodyBytes(options);
    var settings = settings(options);
    return home -> make(file, home, settings, bodies, most);
  }

  /// A log in which every call is on the disk before it is answered.
  public static Maker strict(Path file) {
    var settings = LogSettings.STANDARD.with(Durability.STRICT);
    return home -> make(Optional.of(file), home, settings, EnumSet.noneOf(Event.class), BODY_BYTES);
  }

  private static JsonLinesSink make(
      Optional<Path> file, Home home, LogSettings settings, EnumSet<Event> bodies, int most) {
    var state = Caretaker.keys(home.state());
    var outside = new Outside(Disk.REAL, Time.REAL, home.clock(), state, home.random());
    var path = file.orElseGet(() -> state.resolve("watchgate.jsonl"));
    return new JsonLinesSink(AuditLog.open(path, settings, outside), bodies, most);
  }

  private static EnumSet<Event> bodies(Options options) {
    var bodies = EnumSet.noneOf(Event.class);
    if (options.flag("include_request_body", false)) {
      bodies.add(Event.REQUEST);
    }
    if (options.flag("include_response_body", false)) {
      bodies.add(Event.RESPONSE);
    }
    if (options.flag("include_notification_body", false)) {
      bodies.add(Event.NOTIFICATION);
    }
    return bodies;
  }

  private static int bodyBytes(Options options) {
    int most = options.bytes("max_body_size", 0, MOST_BODY_BYTES, BODY_BYTES);
    if (most > 0 && most < LEAST_BODY_BYTES) {
      options.problem("max_body_size", "is less than 50 bytes (0 keeps all)");
    }
    return most;
  }

  private static LogSettings settings(Options options) {
    var standard = LogSettings.STANDARD;
    return new LogSettings(
        options.choice("durability", standard.durability()),
        options.section("window").map(JsonLinesFactory::window).orElse(standard.window()),
        options.section("rotate").map(JsonLinesFactory::rotate).orElse(standard.rotate()),
        options.section("retain").map(JsonLinesFactory::retain).orElse(standard.retain()),
        options.flag("compress", standard.compress()),
        options
            .section("checkpoint")
            .map(JsonLinesFactory::checkpoints)
            .orElse(standard.checkpoints()));
  }

  private static Window window(Options options) {
    var standard = LogSettings.STANDARD.window();
    return new Window(
        positive(options, "time", standard.time()),
        options.integer("records", 1, MOST_RECORDS, standard.records()));
  }

  private static Rotate rotate(Options options) {
    var standard = LogSettings.STANDARD.rotate();
    return new Rotate(
        options.bytes("size", SMALLEST_FILE, Integer.MAX_VALUE, (int) standard.size()),
        positive(options, "age", standard.age()));
  }

  private static Retain retain(Options options) {
    var standard = LogSettings.STANDARD.retain();
    return new Retain(
        options.integer("files", 1, MOST_FILES, standard.files()),
        positive(options, "age", standard.age()));
  }

  private static Checkpoints checkpoints(Options options) {
    var interval = positive(options, "interval", LogSettings.STANDARD.checkpoints().interval());
    return new Checkpoints(interval, copy(options));
  }

  private static Optional<Copy> copy(Options options) {
    var text = options.text("copy_to").orElse("");
    if (!text.startsWith("http://") && !text.startsWith("https://")) {
      return options.path("copy_to").map(Copy.ToFile::new);
    }
    try {
      var uri = new URI(text);
      if (uri.getHost() != null) {
        return Optional.of(new Copy.ToServer(uri));
      }
    } catch (URISyntaxException _) {
      // told below
    }
    options.problem("copy_to", "is no URL (expected: https://host/path, or a file)");
    return Optional.empty();
  }

  private static Duration positive(Options options, String key, Duration standard) {
    var duration = options.duration(key, standard);
    if (duration.compareTo(SHORTEST) < 0) {
      options.problem(key, "is too short (expected: 1ms or more)");
      return standard;
    }
    return duration;
  }
}
