package io.watchgate.hosting;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.PluginFactory.Maker;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One plugin as it is configured. Two that are written alike are equal, whoever makes them.
///
/// @param name its handler, as the configuration calls it
/// @param options as they are written
/// @param maker makes it
public record PluginSettings(String name, Scope scope, Terms terms, Json options, Maker maker) {

  /// Which servers a plugin is for.
  ///
  /// @param server the only one, empty for all that have no other one of this handler
  /// @param handler its proper name, by which it gives way to one of a server's own
  public record Scope(Optional<String> server, String handler) {}

  /// How a plugin is asked.
  ///
  /// @param isOn whether it is asked at all; one that is off keeps a global one from its server
  /// @param priority 0 to 100, lower runs first
  /// @param isCritical whether a message is refused that it could not judge
  /// @param timeout how long it may take over one message, empty for a plugin of ours, whose time
  ///   is bounded by the size of the message
  public record Terms(boolean isOn, int priority, boolean isCritical, Optional<Duration> timeout) {}

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PluginSettings settings
        && name.equals(settings.name)
        && scope.equals(settings.scope)
        && terms.equals(settings.terms)
        && options.equals(settings.options);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + options.hashCode();
  }
}
