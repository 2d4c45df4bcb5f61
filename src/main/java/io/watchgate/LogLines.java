package io.watchgate;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import io.watchgate.flow.Trail;
import io.watchgate.jsonrpc.Json;
import io.watchgate.middleware.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// One line for each thing that is logged, and lines that begin with white space for the stack of a
/// failure: text for people, or one JSON object. What servers, clients and plugins write into it
/// cannot begin a line, move a cursor or turn the direction of writing. What is logged while a call
/// runs has the ids by which the call is found elsewhere.
final class LogLines extends EncoderBase<ILoggingEvent> {
  private static final int MAX_MESSAGE = 16_384;
  private static final int MAX_CAUSES = 20;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

  private final boolean isJson;

  /// @param isJson whether each line is an object
  LogLines(boolean isJson) {
    this.isJson = isJson;
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var trail =
        Trail.CURRENT.isBound() ? Optional.of(Trail.CURRENT.get()) : Optional.<Trail>empty();
    var line = isJson ? json(event, trail) : text(event, trail);
    return line.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ILoggingEvent event, Optional<Trail> trail) {
    var name = event.getLoggerName();
    var line = new StringBuilder(256);
    line.append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
    line.append(" %-5s ".formatted(event.getLevel()));
    line.append(name.substring(name.lastIndexOf('.') + 1)).append(" - ");
    trail.flatMap(Trail::id).ifPresent(id -> line.append('[').append(id).append("] "));
    line.append(seen(event.getFormattedMessage())).append('\n');
    var failure = event.getThrowableProxy();
    if (failure != null) {
      stack(failure, line);
    }
    return line.toString();
  }

  private static String json(ILoggingEvent event, Optional<Trail> trail) {
    var line = new StringBuilder(512);
    line.append("{\"time\":\"").append(Instant.ofEpochMilli(event.getTimeStamp())).append('"');
    member(line, "level", event.getLevel().toString());
    member(line, "logger", event.getLoggerName());
    trail.flatMap(Trail::id).ifPresent(id -> member(line, "request_id", id));
    trail.flatMap(Trail::trace).ifPresent(id -> member(line, "trace_id", id));
    member(line, "message", event.getFormattedMessage());
    var failure = event.getThrowableProxy();
    if (failure != null) {
      var stack = new StringBuilder(1024);
      stack(failure, stack);
      member(line, "error", stack.toString());
    }
    return line.append("}\n").toString();
  }

  private static void member(StringBuilder line, String name, String value) {
    line.append(",\"").append(name).append("\":");
    Json.string(value)
        .toString()
        .codePoints()
        .forEach(point -> {
          if (isSeen(point)) {
            line.appendCodePoint(point);
          } else {
            for (char half : Character.toChars(point)) {
              line.append("\\u%04x".formatted((int) half));
            }
          }
        });
  }

  private static boolean isSeen(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }

  /// The text of somebody, on one line.
  private static String seen(String text) {
    var line = new StringBuilder(text.length());
    boolean isBetween = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isEnd = c == '\n' || c == '\r';
      if (isEnd && !isBetween) {
        line.append(" | ");
      } else if (!isEnd) {
        line.append(c);
      }
      isBetween = isEnd;
    }
    return Printable.of(line.toString(), MAX_MESSAGE);
  }

  /// A failure and what caused it, without the parts of stacks that were there already.
  private static void stack(IThrowableProxy failure, StringBuilder lines) {
    IThrowableProxy current = failure;
    for (int depth = 0; current != null && depth < MAX_CAUSES; depth++) {
      var message = current.getMessage();
      lines.append(depth == 0 ? "  " : "  Caused by: ").append(current.getClassName());
      lines.append(message == null ? "" : ": " + seen(message)).append('\n');
      var frames = current.getStackTraceElementProxyArray();
      for (int i = 0; i < frames.length - current.getCommonFrames(); i++) {
        lines.append("    ").append(frames[i].getSTEAsString()).append('\n');
      }
      current = current.getCause();
    }
  }
}
