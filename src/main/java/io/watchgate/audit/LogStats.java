package io.watchgate.audit;

import io.watchgate.jsonrpc.Json;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// What many records say together: how calls ended, how long they took, who stopped them.
public final class LogStats implements Consumer<Json> {
  /// Tools, servers and outcomes that are told apart; names of tools are what clients made up, too.
  private static final int MOST_NAMES = 10_000;

  private static final String OTHERS = "(others)";

  private final Map<String, Long> events = new TreeMap<>();
  private final Map<String, Long> outcomes = new TreeMap<>();
  private final Map<String, Long> blocks = new TreeMap<>();
  private final Map<Target, Tool> tools = new TreeMap<>();
  private final Durations durations = new Durations();
  private long records;
  private String first = "";
  private String last = "";

  /// What is called.
  ///
  /// @param name of a tool or prompt, or a URI; the method where there is none
  public record Target(String server, String name) implements Comparable<Target> {
    private static final Comparator<Target> ORDER =
        Comparator.comparing(Target::server).thenComparing(Target::name);

    @Override
    public int compareTo(Target other) {
      return ORDER.compare(this, other);
    }
  }

  /// What became of the calls of one.
  public static final class Tool {
    private final Target target;
    private final Durations durations = new Durations();
    private long failed;

    private Tool(Target target) {
      this.target = target;
    }

    public Target target() {
      return target;
    }

    public Durations durations() {
      return durations;
    }

    /// Calls that did not end with a result.
    public long failed() {
      return failed;
    }
  }

  @Override
  public void accept(Json record) {
    records++;
    var time = record.textMember("time").orElse("");
    first = first.isEmpty() ? time : first;
    last = time;
    var event = record.textMember("event").orElse("");
    count(events, event);
    for (var said : record.member("plugins").map(Json::elements).orElse(List.of())) {
      if (said.textMember("verdict").filter("block"::equals).isPresent()) {
        count(blocks, said.textMember("plugin").orElse(""));
      }
    }
    if (event.equals("response")) {
      call(record);
    }
  }

  private void call(Json record) {
    var outcome = record.textMember("outcome").orElse("");
    count(outcomes, outcome);
    var tool = tool(record);
    tool.failed += outcome.equals("completed") ? 0 : 1;
    double millis = millis(record);
    if (millis >= 0) {
      durations.add(millis);
      tool.durations.add(millis);
    }
  }

  private Tool tool(Json record) {
    var name = record.textMember("name").or(() -> record.textMember("method")).orElse("");
    var target = new Target(record.textMember("server").orElse(""), name);
    boolean isNew = !tools.containsKey(target);
    var kept = isNew && tools.size() >= MOST_NAMES ? new Target("", OTHERS) : target;
    return tools.computeIfAbsent(kept, Tool::new);
  }

  private static double millis(Json record) {
    return record
        .member("duration_ms")
        .filter(Json::isNumber)
        .map(number -> Double.parseDouble(number.toString()))
        .filter(Double::isFinite)
        .orElse(-1.0);
  }

  private static void count(Map<String, Long> counts, String name) {
    boolean isNew = !counts.containsKey(name);
    counts.merge(isNew && counts.size() >= MOST_NAMES ? OTHERS : name, 1L, Long::sum);
  }

  public long records() {
    return records;
  }

  /// The time of the first record, as it says.
  public String first() {
    return first;
  }

  /// The time of the last record.
  public String last() {
    return last;
  }

  /// Records of each kind.
  public Map<String, Long> events() {
    return Collections.unmodifiableMap(events);
  }

  /// How calls ended.
  public Map<String, Long> outcomes() {
    return Collections.unmodifiableMap(outcomes);
  }

  /// How often each plugin stopped something.
  public Map<String, Long> blocks() {
    return Collections.unmodifiableMap(blocks);
  }

  /// How long all calls took.
  public Durations durations() {
    return durations;
  }

  /// What was called, the slowest first.
  public List<Tool> slowest() {
    return tools.values().stream()
        .sorted(Comparator.comparingDouble((Tool tool) -> -tool.durations.percentile(0.99)))
        .toList();
  }
}
