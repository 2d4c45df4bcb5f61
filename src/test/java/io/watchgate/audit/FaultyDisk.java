package io.watchgate.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A disk that fails when a test wants it to.
final class FaultyDisk implements Disk {
  /// Bytes that it still takes.
  private long room = Long.MAX_VALUE;

  synchronized void room(long bytes) {
    room = bytes;
  }

  /// Bytes that it takes at once.
  volatile int gulp = Integer.MAX_VALUE;

  /// How often it fails to keep what it took.
  volatile int failingForces;

  /// Whether names can be changed.
  volatile boolean isFailingRenames;

  private volatile boolean isHanging;

  /// Has every force wait, until it does not any more.
  synchronized void hang(boolean hanging) {
    isHanging = hanging;
    notifyAll();
  }

  private synchronized int write(Appender file, ByteBuffer bytes) throws IOException {
    if (room == 0) {
      throw new IOException("No space left on device");
    }
    int most = (int) Math.min(Math.min(room, gulp), bytes.remaining());
    int written = file.write(bytes.duplicate().limit(bytes.position() + most));
    bytes.position(bytes.position() + written);
    room -= written;
    return written;
  }

  private synchronized void force(Appender file) throws IOException {
    try {
      while (isHanging) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    if (failingForces > 0) {
      failingForces--;
      throw new IOException("Input/output error");
    }
    file.force();
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    REAL.createDirectories(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    if (isFailingRenames) {
      throw new IOException("Read-only file system");
    }
    REAL.rename(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    REAL.delete(file);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    REAL.forceDirectory(directory);
  }

  @Override
  public Appender append(Path path) throws IOException {
    var file = REAL.append(path);
    return new Appender() {
      @Override
      public long size() throws IOException {
        return file.size();
      }

      @Override
      public int write(ByteBuffer bytes) throws IOException {
        return FaultyDisk.this.write(file, bytes);
      }

      @Override
      public void force() throws IOException {
        FaultyDisk.this.force(file);
      }

      @Override
      public void cut(long size) throws IOException {
        file.cut(size);
      }

      @Override
      public boolean isInPlace() throws IOException {
        return file.isInPlace();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }
}
