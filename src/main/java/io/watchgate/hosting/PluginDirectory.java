package io.watchgate.hosting;

import io.watchgate.plugin.PluginFactory;
import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/// Loads what is in the directory of plugins: jars, each in a layer of modules of its own, and
/// source files, each compiled by itself. Whatever is loaded sees no more of the gateway than the
/// packages that it exports.
final class PluginDirectory {
  private PluginDirectory() {}

  /// What was in the directory.
  ///
  /// @param factories by the name of their file
  /// @param failures why the other files could not be loaded
  record Found(Map<String, List<PluginFactory>> factories, List<String> failures) {}

  /// Loads all of it, in the order of its names; nothing where there is no such directory.
  static Found load(Path directory) {
    var found = new Found(new LinkedHashMap<>(), new ArrayList<>());
    if (!Files.isDirectory(directory)) {
      return found;
    }
    try (var files = Files.list(directory)) {
      for (var file : files.sorted().toList()) {
        load(file, found);
      }
    } catch (IOException unreadable) {
      found.failures.add(directory + ": " + unreadable);
    }
    return found;
  }

  private static void load(Path file, Found found) {
    var name = String.valueOf(file.getFileName());
    try {
      if (name.endsWith(".jar")) {
        found.factories.put(name, fromJar(file));
      } else if (name.endsWith(".java")) {
        found.factories.put(name, SourcePlugin.load(file));
      }
    } catch (IOException
        | FindException
        | ResolutionException
        | ServiceConfigurationError
        | LinkageError failure) {
      found.failures.add(name + ": " + failure.getMessage());
    }
  }

  private static List<PluginFactory> fromJar(Path jar) throws IOException {
    var finder = ModuleFinder.of(jar);
    var names =
        finder.findAll().stream()
            .map(module -> module.descriptor().name())
            .collect(Collectors.toSet());
    var parent = ModuleLayer.boot();
    var configuration = parent.configuration().resolve(finder, ModuleFinder.of(), names);
    var layer = parent.defineModulesWithOneLoader(configuration, loader());
    var factories =
        ServiceLoader.load(layer, PluginFactory.class).stream()
            .filter(each -> layer.modules().contains(each.type().getModule()))
            .map(ServiceLoader.Provider::get)
            .toList();
    if (factories.isEmpty()) {
      throw new IOException("it provides no " + PluginFactory.class.getName());
    }
    return factories;
  }

  static ClassLoader loader() {
    return PluginFactory.class.getClassLoader();
  }
}
