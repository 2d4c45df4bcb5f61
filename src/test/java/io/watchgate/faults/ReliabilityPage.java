package io.watchgate.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The page that shows what the dossier measured.
final class ReliabilityPage {
  private static final Path PAGE = Path.of("docs", "reliability.md");
  private static final Pattern MEASURED =
      Pattern.compile("(?s)(<!-- make faults writes this -->\n).*?(<!-- end -->)");

  private ReliabilityPage() {}

  static void replace(String measured) throws IOException {
    var page = MEASURED.matcher(Files.readString(PAGE));
    var text = "$1\n" + Matcher.quoteReplacement(measured) + "\n$2";
    Files.writeString(PAGE, page.replaceFirst(text));
  }
}
