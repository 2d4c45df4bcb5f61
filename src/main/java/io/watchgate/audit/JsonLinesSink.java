package io.watchgate.audit;

import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.Recorder;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An audit log in a file of its own: one JSON object a line, numbered from 1, each with the hash
/// of the line before it, so that a line that is changed or taken out afterwards shows. Lines are
/// handed to the system one by one; they are not forced to the disk.
public final class JsonLinesSink implements Recorder {
  private static final Logger log = LoggerFactory.getLogger(JsonLinesSink.class);

  private final Path file;
  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private String prev = Hash.NONE;
  private long written;
  private long lost;

  private JsonLinesSink(Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /// Creates the file, readable by nobody else, and the directories above it.
  ///
  /// @throws IOException when it cannot be created, or exists: a chain has one beginning
  public static JsonLinesSink create(Path file) throws IOException {
    var directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    try {
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        var ownerOnly = PosixFilePermissions.fromString("rw-------");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException _) {
      throw new IOException("the audit log " + file + " exists already: name another file");
    }
    // No channel: an interrupt, which is how calls are cancelled, would close that.
    return new JsonLinesSink(file, new FileOutputStream(file.toFile(), true));
  }

  public Path file() {
    return file;
  }

  @Override
  public Receipt record(AuditRecord record) {
    lock.lock();
    try {
      if (lost > 0) {
        lost++; // behind a line that may stand there in part, no other can be linked
      } else {
        append(record);
      }
      return Receipt.KEPT;
    } finally {
      lock.unlock();
    }
  }

  private void append(AuditRecord record) {
    var members = record.json().toString();
    var text = "{\"seq\":" + (written + 1) + "," + members.substring(1, members.length() - 1);
    var bytes = (text + ",\"prev\":\"" + prev + "\"}").getBytes(StandardCharsets.UTF_8);
    var line = Arrays.copyOf(bytes, bytes.length + 1);
    line[bytes.length] = '\n';
    try {
      out.write(line);
      prev = Hash.of(bytes);
      written++;
    } catch (IOException cause) {
      lost = 1;
      log.error(
          "audit log {} ends with record {}, all after it are lost: {}",
          file,
          written,
          cause.getMessage());
    }
  }

  /// Closes the file. What is written afterwards is lost.
  @Override
  public void close() {
    lock.lock();
    try {
      out.close();
      if (lost > 0) {
        log.error("audit log {} lacks {} records", file, lost);
      }
    } catch (IOException failure) {
      log.error("audit log {} cannot be closed: {}", file, failure.getMessage());
    } finally {
      lock.unlock();
    }
  }
}
