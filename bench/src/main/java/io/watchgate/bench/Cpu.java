package io.watchgate.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What the processes of a program have used, by `/proc`: its own and those it started, but for the
/// servers of the bench among them.
final class Cpu {
  static final String RESPONDER = "bench-responder";
  private static final double MICROS_PER_TICK = 10_000;

  private Cpu() {}

  /// Microseconds of processor time so far, user and system, without that of the compilers of a
  /// JVM, which work for minutes on what is called often.
  static double micros(ProcessHandle process) throws IOException {
    double sum = 0;
    for (var one : family(process)) {
      sum += ticks(Path.of("/proc/" + one + "/stat"));
    }
    return sum * MICROS_PER_TICK - compilerMicros(process);
  }

  /// Microseconds that compilers have used so far.
  static double compilerMicros(ProcessHandle process) throws IOException {
    double sum = 0;
    for (var one : family(process)) {
      for (var thread : threads(one)) {
        var name = read(thread.resolve("comm"));
        if (name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler")) {
          sum += ticks(thread.resolve("stat"));
        }
      }
    }
    return sum * MICROS_PER_TICK;
  }

  /// Resident memory in MB.
  static double megabytes(ProcessHandle process) throws IOException {
    double sum = 0;
    for (var one : family(process)) {
      for (var line : read(Path.of("/proc/" + one + "/status")).lines().toList()) {
        if (line.startsWith("VmRSS:")) {
          sum += Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
        }
      }
    }
    return sum;
  }

  private static List<Long> family(ProcessHandle process) throws IOException {
    var family = new ArrayList<Long>();
    family.add(process.pid());
    for (var child : process.descendants().toList()) {
      if (!read(Path.of("/proc/" + child.pid() + "/cmdline")).contains(RESPONDER)) {
        family.add(child.pid());
      }
    }
    return family;
  }

  private static List<Path> threads(long process) throws IOException {
    var directory = Path.of("/proc/" + process + "/task");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> threads = Files.list(directory)) {
      return threads.toList();
    }
  }

  private static double ticks(Path stat) {
    var text = read(stat);
    if (text.isEmpty()) {
      return 0;
    }
    var fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + (double) Long.parseLong(fields[12]);
  }

  /// Its text, or nothing when the process has ended meanwhile.
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }
}
