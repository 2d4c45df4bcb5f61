import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.plugin.Verdict;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Lets some tools be called at some hours of the day only. Shows a block, a check of the options,
/// and the clock that a plugin is given so that a test can set it:
///
/// ```yaml
/// plugins:
///   security:
///     payments: [{handler: office_hours, config: {tools: [transfer], from: 9, to: 17, zone: Europe/Berlin}}]
/// ```
public final class OfficeHours implements PluginFactory {
  @Override
  public String handler() {
    return "office_hours";
  }

  @Override
  public String description() {
    return "Blocks calls of some tools outside of office hours.";
  }

  @Override
  public Maker read(Options options) {
    var tools = options.texts("tools");
    if (tools.isEmpty()) {
      options.problem("tools", "needs at least one tool");
    }
    int from = options.integer("from", 0, 23, 9);
    int to = options.integer("to", 1, 24, 17);
    if (from >= to) {
      options.problem("to", "must be later than from");
    }
    var name = options.text("zone").orElse("UTC");
    if (!name.equals("UTC") && !ZoneId.getAvailableZoneIds().contains(name)) {
      options.problem("zone", "is no time zone such as Europe/Berlin");
      name = "UTC";
    }
    var zone = name.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(name);
    return home -> new Hours(List.copyOf(tools), from, to, zone, home.clock());
  }

  private record Hours(List<String> tools, int from, int to, ZoneId zone, InstantSource clock)
      implements Plugin {
    @Override
    public Set<Moment> moments() {
      return EnumSet.of(Moment.REQUEST);
    }

    @Override
    public Verdict onRequest(Exchange exchange, Content params) {
      boolean isConcerned =
          exchange.method().equals("tools/call")
              && exchange.name().filter(tools::contains).isPresent();
      int hour = clock.instant().atZone(zone).getHour();
      return isConcerned && (hour < from || hour >= to)
          ? new Verdict.Block("only from " + from + " to " + to + " o'clock, " + zone)
          : Verdict.PASS;
    }
  }
}
