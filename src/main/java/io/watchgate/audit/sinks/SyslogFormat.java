package io.watchgate.audit.sinks;

import io.watchgate.plugin.AuditRecord;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/// Records as messages of RFC 5424: the event is the `MSGID`, the record as JSON the message.
///
/// @param host the name of this machine
/// @param process the number of this process
record SyslogFormat(Facility facility, String host, String application, String process) {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
  private static final int MOST_HOST = 255;
  private static final int MOST_APPLICATION = 48;

  /// Which part of a system says something, as syslog counts them.
  enum Facility {
    USER(1),
    DAEMON(3),
    AUTH(4),
    AUTHPRIV(10),
    AUDIT(13),
    LOCAL0(16),
    LOCAL1(17),
    LOCAL2(18),
    LOCAL3(19),
    LOCAL4(20),
    LOCAL5(21),
    LOCAL6(22),
    LOCAL7(23);

    private final int number;

    Facility(int number) {
      this.number = number;
    }
  }

  /// The message behind the number of its bytes, as RFC 6587 has it.
  byte[] frame(AuditRecord record) {
    var message = message(record).getBytes(StandardCharsets.UTF_8);
    var length = (message.length + " ").getBytes(StandardCharsets.US_ASCII);
    var frame = new byte[length.length + message.length];
    System.arraycopy(length, 0, frame, 0, length.length);
    System.arraycopy(message, 0, frame, length.length, message.length);
    return frame;
  }

  /// There is no byte order mark before the message, which RFC 5424 has before UTF-8: those who
  /// read JSON do not expect one.
  String message(AuditRecord record) {
    return String.join(
        " ",
        "<" + (facility.number * 8 + Severity.of(record).syslog()) + ">1",
        TIME.format(record.time()),
        word(host, MOST_HOST),
        word(application, MOST_APPLICATION),
        word(process, MOST_APPLICATION),
        Column.word(record.event()),
        "-",
        Plain.json(record.json()));
  }

  /// Visible characters of ASCII, `-` for none.
  private static String word(String text, int most) {
    var word = new StringBuilder();
    for (int i = 0; i < text.length() && i < most; i++) {
      char c = text.charAt(i);
      word.append(c > ' ' && c < 0x7F ? c : '_');
    }
    return word.isEmpty() ? "-" : word.toString();
  }
}
