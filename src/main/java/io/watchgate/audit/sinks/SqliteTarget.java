package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A table of a SQLite database, a row for each record. A batch is there whole or not at all.
/// Others may read meanwhile, and several gateways may write to the same database.
final class SqliteTarget implements Target {
  private static final int SCHEMA = 1;
  private static final int BUSY_MILLIS = 1000;
  private static final List<Column> INDICES =
      List.of(Column.TIME, Column.SERVER, Column.NAME, Column.OUTCOME, Column.REQUEST_ID);

  private final Path file;
  private final boolean isForced;
  private final int most;
  private @Nullable Database current;

  /// An open database.
  private record Database(Connection connection, Whereabouts whereabouts) {}

  private SqliteTarget(Path file, boolean isForced, int most) {
    this.file = file;
    this.isForced = isForced;
    this.most = most;
  }

  /// Where the driver unpacks the part of it that is no Java. Its own choice is a directory that
  /// all users share, and that may be forbidden to run programs in.
  static void unpackIn(Path directory) throws IOException {
    if (System.getProperty("org.sqlite.tmpdir") == null) {
      FileClaim.makeDirectory(directory.resolve("driver"));
      System.setProperty("org.sqlite.tmpdir", directory.toString());
    }
  }

  /// Opens a database, or makes one.
  ///
  /// @param isForced whether every batch is on the disk when it is kept, not only in the system
  /// @param most rows that stay, 0 for all
  /// @throws IOException when it cannot be written to
  static SqliteTarget open(Path file, boolean isForced, int most) throws IOException {
    var target = new SqliteTarget(file.toAbsolutePath(), isForced, most);
    try {
      target.connection();
      return target;
    } catch (SQLException failure) {
      target.close();
      throw new IOException(file + ": " + failure.getMessage(), failure);
    }
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public synchronized void keep(List<AuditRecord> batch) throws IOException {
    try {
      var connection = connection();
      insert(connection, batch);
      removeOldest(connection);
      connection.commit();
    } catch (SQLException failure) {
      close(); // which takes the batch back
      throw new IOException(failure.getMessage(), failure);
    }
  }

  private synchronized Connection connection() throws IOException, SQLException {
    var open = current;
    if (open != null && open.whereabouts().areTheSame()) {
      return open.connection();
    }
    close();
    FileClaim.makeDirectory(file);
    FileClaim.create(file);
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is no regular file");
    }
    var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    current = new Database(connection, Whereabouts.of(file));
    prepare(connection);
    return connection;
  }

  private void prepare(Connection connection) throws IOException, SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = " + (isForced ? "FULL" : "NORMAL"));
      connection.setAutoCommit(false);
      try (var version = statement.executeQuery("PRAGMA user_version")) {
        if (version.getInt(1) > SCHEMA) {
          throw new IOException(file + " was made by a later version of Watchgate");
        }
      }
      statement.execute(
          "CREATE TABLE IF NOT EXISTS records (id INTEGER PRIMARY KEY, "
              + Arrays.stream(Column.values())
                  .map(column -> column.label() + " " + type(column))
                  .collect(Collectors.joining(", "))
              + ")");
      for (var column : INDICES) {
        var name = column.label();
        statement.execute(
            "CREATE INDEX IF NOT EXISTS records_" + name + " ON records (" + name + ")");
      }
      statement.execute("PRAGMA user_version = " + SCHEMA);
      connection.commit();
    }
  }

  private static String type(Column column) {
    return switch (column.kind()) {
      case TEXT, JSON -> "TEXT";
      case WHOLE -> "INTEGER";
      case REAL -> "REAL";
    };
  }

  private static void insert(Connection connection, List<AuditRecord> batch) throws SQLException {
    var columns = Column.values();
    var marks = String.join(", ", Collections.nCopies(columns.length, "?"));
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO records ("
                + String.join(", ", Column.labels())
                + ") VALUES ("
                + marks
                + ")")) {
      for (var record : batch) {
        for (int i = 0; i < columns.length; i++) {
          set(insert, i + 1, columns[i].of(record).orElse(null));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void set(PreparedStatement insert, int index, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case Integer number -> insert.setInt(index, number);
      case Double number -> insert.setDouble(index, number);
      case Json json -> insert.setString(index, Plain.json(json));
      case null -> insert.setObject(index, null);
      default ->
          insert.setString(index, Plain.text(value.toString())); // SQL's functions end at a NUL
    }
  }

  private void removeOldest(Connection connection) throws SQLException {
    if (most > 0) {
      try (var statement = connection.createStatement()) {
        statement.execute(
            "DELETE FROM records WHERE id <= (SELECT max(id) FROM records) - " + most);
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    var open = current;
    current = null;
    if (open != null) {
      try {
        open.connection().close();
      } catch (SQLException failure) {
        throw new IOException(failure.getMessage(), failure);
      }
    }
  }
}
