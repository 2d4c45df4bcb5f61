package io.watchgate.hosting;

import io.watchgate.plugin.PluginFactory;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/// A plugin in one source file, compiled when the gateway starts.
final class SourcePlugin {
  private SourcePlugin() {}

  /// The factories in the file: its public classes that are one.
  ///
  /// @throws IOException when it does not compile, with its first errors, or holds none
  static List<PluginFactory> load(Path file) throws IOException {
    var classes = Files.createTempDirectory("watchgate-plugin");
    try {
      compile(file, classes);
      // Stays open as long as the plugin lives, which is as long as the process.
      var loader = new Classes(new URL[] {classes.toUri().toURL()}, PluginDirectory.loader());
      var factories = new ArrayList<PluginFactory>();
      for (var name : names(classes)) {
        var type = loader.loaded(name);
        if (PluginFactory.class.isAssignableFrom(type)) {
          factories.add((PluginFactory) type.getConstructor().newInstance());
        }
      }
      if (factories.isEmpty()) {
        throw new IOException("it has no public class that implements PluginFactory");
      }
      return factories;
    } catch (ReflectiveOperationException failure) {
      throw new IOException("its factory cannot be made: " + failure, failure);
    } finally {
      delete(classes);
    }
  }

  /// Loads every class at once: the files are deleted after that.
  private static final class Classes extends URLClassLoader {
    Classes(URL[] urls, ClassLoader parent) {
      super(urls, parent);
    }

    Class<?> loaded(String name) throws ClassNotFoundException {
      return loadClass(name, true);
    }
  }

  private static void compile(Path file, Path classes) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IOException("this Java has no compiler: run the gateway with a JDK");
    }
    var problems = new DiagnosticCollector<JavaFileObject>();
    try (var files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
      var options =
          List.of("-d", classes.toString(), "-proc:none", "-nowarn", "-classpath", ours());
      var task =
          compiler.getTask(null, files, problems, options, null, files.getJavaFileObjects(file));
      if (!task.call()) {
        throw new IOException(described(problems.getDiagnostics()));
      }
    }
  }

  /// The gateway's own classes, whichever path they came by.
  private static String ours() {
    return Stream.of("jdk.module.path", "java.class.path")
        .map(System::getProperty)
        .filter(path -> path != null && !path.isEmpty())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String described(List<Diagnostic<? extends JavaFileObject>> problems) {
    return problems.stream()
        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
        .limit(3)
        .map(problem -> "line " + problem.getLineNumber() + ": " + problem.getMessage(Locale.ROOT))
        .collect(Collectors.joining("; "));
  }

  private static List<String> names(Path classes) throws IOException {
    try (var all = Files.walk(classes)) {
      return all.map(classes::relativize)
          .map(Path::toString)
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .map(name -> name.replace(File.separatorChar, '.'))
          .sorted()
          .toList();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
