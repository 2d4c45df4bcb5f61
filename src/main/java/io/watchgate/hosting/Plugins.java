package io.watchgate.hosting;

import io.watchgate.flow.Occurrence.PluginNoted;
import io.watchgate.flow.Policy;
import io.watchgate.flow.Time;
import io.watchgate.flow.Witness;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Recorder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The plugins of one configuration at work, and what each server's make of its messages. A plugin
/// that is configured as before goes on as it is, with what it remembers.
public final class Plugins {
  private static final Logger log = LoggerFactory.getLogger(Plugins.class);

  private final List<Installed> installed;
  private final Map<String, Policy> policies;
  private final Recorders recorders;

  /// What plugins have around them.
  ///
  /// @param ids gives every call an id that no other one has
  /// @param witness hears what passes beside the calls of clients
  public record Around(Home home, Time time, Supplier<String> ids, Witness witness) {}

  private Plugins(List<Installed> installed, Map<String, Policy> policies, Recorders recorders) {
    this.installed = List.copyOf(installed);
    this.policies = Map.copyOf(policies);
    this.recorders = recorders;
  }

  /// No plugins at all.
  public static Plugins none() {
    return new Plugins(List.of(), Map.of(), new Recorders(List.of(), (_, _) -> false));
  }

  /// The plugins of another configuration.
  ///
  /// @param servers names of all servers
  /// @throws IOException when a critical one cannot be made; then none was
  public Plugins next(List<PluginSettings> settings, List<String> servers, Around around)
      throws IOException {
    var made = new ArrayList<Installed>();
    var all = new ArrayList<Installed>();
    var left = new ArrayList<>(installed);
    try {
      for (var each : settings) {
        var before = left.stream().filter(one -> one.settings().equals(each)).findFirst();
        before.ifPresent(left::remove);
        var plugin = before.isPresent() ? before : make(each, around);
        plugin.ifPresent(all::add);
        plugin.filter(_ -> before.isEmpty()).ifPresent(made::add);
      }
    } catch (IOException failure) {
      made.forEach(Plugins::close);
      throw failure;
    }
    var recorders = new Recorders(all, (one, server) -> isFor(server, one.settings(), settings));
    return new Plugins(all, policies(all, settings, servers, around), recorders);
  }

  private static Optional<Installed> make(PluginSettings settings, Around around)
      throws IOException {
    if (!settings.terms().isOn()) {
      return Optional.empty();
    }
    try {
      var plugin = settings.maker().make(home(settings, around));
      var watch = new Watch(plugin, settings.terms().timeout(), around.time());
      return Optional.of(new Installed(settings, plugin, watch, new VerdictCounts()));
    } catch (IOException failure) {
      if (settings.terms().isCritical()) {
        throw new IOException(
            "plugin \"" + settings.name() + "\" cannot start: " + failure.getMessage(), failure);
      }
      log.error("plugin \"{}\" cannot start and is left out", settings.name(), failure);
      return Optional.empty();
    }
  }

  private static Home home(PluginSettings settings, Around around) {
    var witness = around.witness();
    return around
        .home()
        .with((what, server, name, why) ->
            witness.saw(new PluginNoted(settings.name(), server, what, name, why)));
  }

  private Map<String, Policy> policies(
      List<Installed> all, List<PluginSettings> settings, List<String> servers, Around around) {
    Map<String, Policy> next = new LinkedHashMap<>();
    for (var server : servers) {
      var mine = all.stream().filter(one -> isFor(server, one.settings(), settings)).toList();
      if (!mine.isEmpty()) {
        next.put(server, policy(server, mine, around));
      }
    }
    return next;
  }

  /// A global plugin gives way to any of the server's own that has the same handler.
  private static boolean isFor(String server, PluginSettings one, List<PluginSettings> all) {
    return one.scope().server().isPresent()
        ? one.scope().server().get().equals(server)
        : all.stream()
            .filter(other -> other.scope().server().filter(server::equals).isPresent())
            .noneMatch(other -> other.scope().handler().equals(one.scope().handler()));
  }

  /// That of before where the plugins are the same.
  private Policy policy(String server, List<Installed> mine, Around around) {
    var ordered =
        mine.stream()
            .sorted(Comparator.comparingInt((Installed one) -> one.terms().priority()))
            .toList();
    if (policies.get(server) instanceof PluginPolicy before
        && before.chain().plugins().equals(ordered)) {
      return before;
    }
    return new PluginPolicy(server, new Chain(ordered, around.time()), around);
  }

  /// What may pass between a server and clients.
  public Policy policy(String server) {
    return policies.getOrDefault(server, Policy.OPEN);
  }

  /// All that record what happens as one, empty when nothing is recorded.
  public Optional<Recorder> recorder() {
    return Optional.<Recorder>of(recorders).filter(_ -> !recorders.isEmpty());
  }

  /// Ends those that are not among the next ones.
  public void closeBut(Plugins next) {
    installed.stream().filter(one -> !next.installed.contains(one)).forEach(Plugins::close);
  }

  private static void close(Installed one) {
    try {
      one.plugin().close();
    } catch (RuntimeException fault) { // supervised edge: code of plugins
      log.error("plugin \"{}\" failed at its end", one.name(), fault);
    }
  }

  /// How each plugin is now.
  public List<PluginReport> reports() {
    return installed.stream().map(PluginReport::of).toList();
  }
}
