package io.watchgate;

import ch.qos.logback.classic.Logger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/// What one command, run inside the test, wrote and how it ended.
record Captured(int code, String out, String err) {

  static Captured run(String... arguments) {
    return fed("", arguments);
  }

  /// @param input on standard input, which ends behind it
  static Captured fed(String input, String... arguments) {
    var in = System.in;
    var out = System.out;
    var err = System.err;
    var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    var level = root.getLevel();
    var written = new ByteArrayOutputStream();
    var told = new ByteArrayOutputStream();
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(arguments);
      return new Captured(
          code, written.toString(StandardCharsets.UTF_8), told.toString(StandardCharsets.UTF_8));
    } finally {
      System.setIn(in);
      System.setOut(out);
      System.setErr(err);
      root.setLevel(level); // a command sets it for its process
    }
  }
}
