package io.watchgate;

import com.google.googlejavaformat.java.GoogleJavaFormatToolProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The formatter of this project, google-java-format without options: `make format` runs it.
public final class Format {
  private static final List<Path> SOURCES = List.of(Path.of("bench", "src"), Path.of("src"));

  private Format() {}

  /// Rewrites every Java file of the project that is not formatted, from the project's directory.
  public static void main(String[] arguments) throws IOException {
    var complaints = run("--replace");
    if (!complaints.isEmpty()) {
      throw new IllegalStateException(complaints);
    }
  }

  /// The files that differ from the formatter's output, one a line, and what cannot be parsed.
  static String unformatted() throws IOException {
    return run("--dry-run");
  }

  private static String run(String mode) throws IOException {
    var output = new StringWriter();
    var writer = new PrintWriter(output);
    var formatter = new GoogleJavaFormatToolProvider();
    var files = javaFiles().stream().map(Path::toString);
    formatter.run(writer, writer, Stream.concat(Stream.of(mode), files).toArray(String[]::new));
    writer.flush();
    return output.toString();
  }

  static List<Path> javaFiles() throws IOException {
    var found = new ArrayList<Path>();
    for (var sources : SOURCES) {
      try (var files = Files.walk(sources)) {
        files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(found::add);
      }
    }
    return found;
  }
}
