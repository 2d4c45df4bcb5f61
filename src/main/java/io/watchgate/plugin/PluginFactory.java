package io.watchgate.plugin;

import java.io.IOException;
import java.util.Set;

/// Makes the plugins of one `handler`. Found as a service: a jar in the plugin directory declares
/// it with `provides` or in `META-INF/services`, and a single source file is one that implements
/// it.
public interface PluginFactory {

  /// The name in the configuration, in `snake_case`.
  String handler();

  /// Other names that the configuration may call it by.
  default Set<String> aliases() {
    return Set.of();
  }

  /// What the plugin does, in one sentence.
  String description();

  /// Where its plugins stand in the order when the configuration does not say: 0 to 100, lower
  /// numbers see requests and answers first.
  default int priority() {
    return 50;
  }

  /// Reads the options of one plugin. Does nothing else: options are read to be checked, too.
  ///
  /// @return makes the plugin; not used when a problem was reported to the options
  Maker read(Options options);

  /// Makes a plugin of options that were read.
  @FunctionalInterface
  interface Maker {
    /// Makes the plugin, and what it needs on disk.
    ///
    /// @throws IOException when the plugin cannot work, with the reason
    Plugin make(Home home) throws IOException;
  }
}
