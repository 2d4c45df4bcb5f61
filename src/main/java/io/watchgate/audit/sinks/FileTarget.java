package io.watchgate.audit.sinks;

import io.watchgate.plugin.AuditRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A file with a line for each record. One that somebody moved or removed is made again, and one
/// that is large enough is put aside, with the time in its name.
final class FileTarget implements Target {
  private static final DateTimeFormatter ASIDE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final LineFormat format;
  private final FileSettings settings;
  private final InstantSource clock;
  private final FileClaim claim;
  private @Nullable LineFile current;

  private FileTarget(
      LineFormat format, FileSettings settings, InstantSource clock, FileClaim claim) {
    this.format = format;
    this.settings = settings;
    this.clock = clock;
    this.claim = claim;
  }

  /// Takes hold of the file, or of one beside it when another gateway writes to that.
  ///
  /// @param standard where the settings name none
  /// @throws IOException when it cannot be written to
  static FileTarget open(
      Path standard, LineFormat format, FileSettings settings, InstantSource clock)
      throws IOException {
    var claim = FileClaim.on(settings.file().orElse(standard));
    var target = new FileTarget(format, settings, clock, claim);
    try {
      target.current();
      return target;
    } catch (IOException failure) {
      target.close();
      throw failure;
    }
  }

  @Override
  public String name() {
    return claim.file().toString();
  }

  @Override
  public synchronized void keep(List<AuditRecord> batch) throws IOException {
    var lines = new ByteArrayOutputStream();
    for (var record : batch) {
      lines.writeBytes(bytes(format.line(record)));
    }
    var file = current();
    if (file.size() > 0 && file.size() + lines.size() > settings.largest()) {
      putAside();
      file = current();
    }
    file.append(lines.toByteArray(), settings.isForced());
  }

  private static byte[] bytes(String line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private synchronized LineFile current() throws IOException {
    var file = current;
    if (file == null || !file.isStillThere()) {
      shut();
      claim.create();
      file = LineFile.open(claim.file());
      current = file;
    }
    if (file.size() == 0 && format.header().isPresent()) {
      file.append(bytes(format.header().get()), false);
    }
    return file;
  }

  private void putAside() throws IOException {
    shut();
    var file = claim.file();
    var aside = FileClaim.beside(file, "." + ASIDE.format(clock.instant()));
    for (int again = 2; Files.exists(aside); again++) {
      aside = FileClaim.beside(file, "." + ASIDE.format(clock.instant()) + "." + again);
    }
    Files.move(file, aside);
    for (var old : asides().stream().skip(settings.aside()).toList()) {
      Files.deleteIfExists(old);
    }
  }

  /// The files that were put aside, the newest first.
  private List<Path> asides() throws IOException {
    var name = claim.file().getFileName().toString();
    int dot = name.lastIndexOf('.');
    var stem = name.substring(0, dot > 0 ? dot : name.length());
    var found = new ArrayList<Path>();
    try (var files = Files.newDirectoryStream(claim.file().getParent())) {
      for (var file : files) {
        if (isAside(file.getFileName().toString(), stem, name.substring(stem.length()))) {
          found.add(file);
        }
      }
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
    found.sort(Comparator.reverseOrder());
    return found;
  }

  /// `<stem>.20260102T120000.000Z<ending>`, or with a number behind the time.
  private static boolean isAside(String name, String stem, String ending) {
    int from = stem.length() + 1;
    int time = from + "20260102T120000.000Z".length();
    return name.startsWith(stem + ".")
        && name.endsWith(ending)
        && name.length() >= time + ending.length()
        && name.charAt(time - 1) == 'Z'
        && name.substring(from, from + 8).chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private void shut() throws IOException {
    var file = current;
    current = null;
    if (file != null) {
      file.close();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    try {
      shut();
    } finally {
      claim.close();
    }
  }
}
