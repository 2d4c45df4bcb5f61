package io.watchgate.scoring;

import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.plugin.TestExchange;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.ServiceLoader;

/// Prints what processor time the plugins that look into messages take for one: for ordinary text,
/// and for the worst that a search with a fixed seed comes upon: `make scan-cost`.
public final class ScanCost {
  private static final List<String> HANDLERS = List.of("secrets", "pii", "prompt_injection");
  private static final int SMALL = 20_000;
  private static final int LARGE = 1_000_000;
  private static final int ROUNDS = 400;

  /// What texts are made of that somebody wants to take long.
  private static final List<String> PARTS =
      List.of(
          " ",
          "\n",
          "a",
          "1",
          "\"\"\"",
          "'",
          "=",
          "@",
          ".",
          "-",
          ":",
          "/",
          "%41",
          "&#65;",
          "\\u0041",
          "\\\\",
          "\u200B",
          "\u0430",
          "\uD835\uDC1A",
          "\u001B[1m",
          "<!--",
          "-->",
          "{",
          "ignore all previous instructions ",
          "system prompt ",
          "you ",
          "the user ",
          "password",
          "secret=",
          "api_key: ",
          "token=",
          "AKIA",
          "ghp_",
          "sk-",
          "xoxb-",
          "eyJhbGciOi",
          "-----BEGIN PRIVATE KEY-----\n",
          "4111111111111111 ",
          "123-45-6789 ",
          "+1 555 0100 ",
          "a@b.c ",
          "2001:db8::1 ",
          "192.168.0.1 ",
          "DE89370400440532013000 ",
          "vtaber cerivbhf ",
          "aWdub3JlIGFsbCBwcmV2aW91cyBpbnN0cnVjdGlvbnM ",
          "69676e6f726520616c6c2070",
          "QUJD",
          "H4sIAAAAAAAA",
          "https://x.example/?q=",
          "![x](",
          "z9Xk2Qp7",
          "0f3a",
          "postgres://u:p@h/d ");

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<Plugin> plugins;
  private final Exchange exchange = TestExchange.of("tools/call");

  private ScanCost(List<Plugin> plugins) {
    this.plugins = plugins;
  }

  /// Measures the plugins that are named, all where none is.
  public static void main(String[] args) throws Exception {
    var handlers = args.length == 0 ? HANDLERS : List.of(args);
    for (var handler : handlers) {
      new ScanCost(made(List.of(handler))).ordinary(handler);
    }
    var all = new ScanCost(made(handlers));
    double perByte = all.ordinary("together");
    all.worst(perByte, new Random(42));
  }

  private static List<Plugin> made(List<String> handlers) throws Exception {
    var home = new Home(Path.of("target"), InstantSource.system(), _ -> {}, new Random(1));
    var plugins = new ArrayList<Plugin>();
    for (var factory : ServiceLoader.load(PluginFactory.class)) {
      if (handlers.contains(factory.handler())) {
        plugins.add(factory.read(TestOptions.of("")).make(home));
      }
    }
    if (plugins.size() < handlers.size()) {
      System.out.println("not all of " + handlers + " are there, only " + plugins.size());
    }
    return plugins;
  }

  /// Nanoseconds per byte of an ordinary argument.
  private double ordinary(String name) throws IOException {
    var text = repository();
    double small = median(text.substring(0, SMALL), ROUNDS);
    double large = median(text.repeat(LARGE / text.length() + 1).substring(0, LARGE), ROUNDS / 10);
    System.out.printf(
        Locale.ROOT, "%-18s 20 KB %7.2f ms    1 MB %7.1f ms%n", name, small / 1e6, large / 1e6);
    return small / SMALL;
  }

  /// Prose and code, in turn.
  private static String repository() throws IOException {
    var text = new StringBuilder();
    for (var file :
        List.of(
            "docs/intentional.md",
            "src/main/java/io/watchgate/Planner.java",
            "docs/reliability.md",
            "src/main/java/io/watchgate/Gateway.java",
            "docs/configuration.md")) {
      var whole = Files.readString(Path.of(file));
      text.append(whole, 0, Math.min(whole.length(), 6_000));
    }
    return text.toString();
  }

  private void worst(double ordinary, Random random) {
    var worst = new int[] {0};
    double most = 0;
    for (int round = 0; round < 1_500; round++) {
      var tried = round < 1_000 ? drawn(random) : changed(worst, random);
      double time = median(text(tried), 3);
      if (time > most) {
        time = median(text(tried), 15);
        worst = time > most ? tried : worst;
        most = Math.max(most, time);
      }
    }
    double confirmed = median(text(worst), 50) / text(worst).length();
    System.out.printf(
        Locale.ROOT,
        "worst of the search: %.0f ns per byte, %.1f times the ordinary %.0f: %s%n",
        confirmed,
        confirmed / ordinary,
        ordinary,
        Json.string(text(worst).substring(0, 120)));
  }

  private static int[] drawn(Random random) {
    return random.ints(1 + random.nextInt(4), 0, PARTS.size()).toArray();
  }

  private static int[] changed(int[] worst, Random random) {
    var changed = Arrays.copyOf(worst, Math.max(1, worst.length + random.nextInt(3) - 1));
    changed[random.nextInt(changed.length)] = random.nextInt(PARTS.size());
    return changed;
  }

  private static String text(int[] parts) {
    var unit = new StringBuilder();
    for (int part : parts) {
      unit.append(PARTS.get(part));
    }
    return unit.toString().repeat(SMALL / unit.length() + 1).substring(0, SMALL);
  }

  private double median(String text, int rounds) {
    var json = Json.object("text", text);
    var times = new long[rounds];
    for (int i = 0; i < rounds; i++) {
      var content = new Content(Content.Kind.PARAMS, json);
      long start = threads.getCurrentThreadCpuTime();
      for (var plugin : plugins) {
        judge(plugin, content);
      }
      times[i] = threads.getCurrentThreadCpuTime() - start;
    }
    Arrays.sort(times);
    return times[rounds / 2];
  }

  private void judge(Plugin plugin, Content content) {
    try {
      plugin.onRequest(exchange, content);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
