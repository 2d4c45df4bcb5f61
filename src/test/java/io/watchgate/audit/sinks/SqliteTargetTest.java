package io.watchgate.audit.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.config.TestOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteTargetTest {
  private static final Pattern QUERY = Pattern.compile("(?ms)^```sql\\n(.*?);?\\n```$");

  @TempDir private Path directory = Path.of("");

  private Path file() {
    return directory.resolve("audit/watchgate.db");
  }

  private SqliteTarget open() throws IOException {
    return SqliteTarget.open(file(), true, 0);
  }

  /// The rows that a query has, each as one text.
  private List<String> ask(String query) throws SQLException {
    var rows = new ArrayList<String>();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = connection.createStatement();
        var answer = statement.executeQuery(query)) {
      int columns = answer.getMetaData().getColumnCount();
      while (answer.next()) {
        var row = new ArrayList<String>();
        for (int i = 1; i <= columns; i++) {
          row.add(answer.getString(i));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  @Test
  void aRecordIsARow() throws Exception {
    try (var recorder = new SinkHome(directory).make(new SqliteFactory(), "wait: true")) {
      recorder.record(Sample.full()).await();
      recorder.record(Sample.small("r-2")).await();

      assertThat(ask("SELECT * FROM records WHERE request_id = 'r-1'"))
          .containsExactly(
              "1|2026-01-02T12:00:00.000Z|response|r-1|4bf92f3577b34da6a3ce929d0e0e4736|abc|alice"
                  + "|editor|files|tools/call|read_file|blocked|-32000|1.5|because|10|20"
                  + "|[{\"plugin\":\"pii\",\"verdict\":\"block\",\"reason\":\"a card number\"}]"
                  + "|abcd|{\"a\":1}|{\"more\":true}");
      assertThat(ask("SELECT count(*) FROM records WHERE server IS NULL")).containsExactly("1");
      assertThat(ask("SELECT plugins ->> '$[0].plugin' FROM records")).startsWith("pii");
    }
  }

  @Test
  void theFilesAreForTheOwnerAlone() throws Exception {
    var target = open();
    target.keep(List.of(Sample.small("1")));

    try (var files = Files.list(file().getParent())) {
      for (var each : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .isEqualTo("rw-------");
      }
    }
    target.close();
  }

  @Test
  void whatIsLookedForMostHasAnIndex() throws Exception {
    open().close();

    for (var column : List.of("time", "server", "name", "outcome", "request_id")) {
      assertThat(ask("EXPLAIN QUERY PLAN SELECT * FROM records WHERE " + column + " = 'x'"))
          .singleElement()
          .asString()
          .contains("USING INDEX records_" + column);
    }
  }

  @Test
  void textOfStrangersIsNoSql() throws Exception {
    var target = open();
    target.keep(List.of(Sample.named("'); DROP TABLE records; --\u0000\n")));
    target.close();

    assertThat(ask("SELECT name FROM records"))
        .containsExactly("'); DROP TABLE records; --\\u0000\\n");
  }

  @Test
  void theOldestRowsGoWhereThereIsABound() throws Exception {
    var target = SqliteTarget.open(file(), false, 10);
    for (int batch = 0; batch < 5; batch++) {
      var records = IntStream.range(batch * 7, batch * 7 + 7).mapToObj(i -> Sample.small("" + i));
      target.keep(records.toList());
    }
    target.close();

    assertThat(ask("SELECT count(*), min(request_id), max(id) FROM records"))
        .containsExactly("10|25|35");
  }

  @Test
  void severalGatewaysWriteToOneDatabase() throws Exception {
    var one = open();
    var other = open();
    one.keep(List.of(Sample.small("1")));
    other.keep(List.of(Sample.small("2")));
    one.keep(List.of(Sample.small("3")));
    one.close();
    other.close();

    assertThat(ask("SELECT request_id FROM records ORDER BY id")).containsExactly("1", "2", "3");
  }

  @Test
  void aBatchThatFailsLeavesNothingAndIsKeptLater() throws Exception {
    var target = open();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThatThrownBy(() -> target.keep(List.of(Sample.small("1"))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("locked");
      statement.execute("ROLLBACK");
    }
    assertThat(ask("SELECT * FROM records")).isEmpty();

    target.keep(List.of(Sample.small("1")));
    target.close();

    assertThat(ask("SELECT request_id FROM records")).containsExactly("1");
  }

  @Test
  void aDatabaseThatIsRemovedIsMadeAgain() throws Exception {
    var target = open();
    target.keep(List.of(Sample.small("1")));
    try (var files = Files.list(file().getParent())) {
      for (var each : files.toList()) {
        Files.delete(each);
      }
    }
    target.keep(List.of(Sample.small("2")));
    target.close();

    assertThat(ask("SELECT request_id FROM records")).containsExactly("2");
  }

  @Test
  void whatIsNoDatabaseOrOfALaterVersionIsLeftAlone() throws Exception {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "precious text that is no database, and longer than a header is");
    assertThatThrownBy(this::open).hasMessageContaining("not a database");
    assertThat(file()).content().startsWith("precious");
    Files.delete(file());
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 9");
    }

    assertThatThrownBy(this::open).hasMessageContaining("later version");
  }

  @Test
  void theQueriesOfTheDocumentationHaveAnswers() throws Exception {
    var target = open();
    target.keep(List.of(Sample.full(), Sample.named("x")));
    target.close();
    var document = Files.readString(Path.of("docs/audit-sinks.md"));
    var queries = QUERY.matcher(document).results().map(found -> found.group(1)).toList();

    assertThat(queries).hasSizeGreaterThanOrEqualTo(3);
    for (var query : queries) {
      assertThat(ask(query)).as(query).isNotEmpty();
    }
  }

  @Test
  void nothingIsLoadedByReadingOptions() throws Exception {
    assertThat(TestOptions.problems(new SqliteFactory(), "max_records: -1")).hasSize(1);
    assertThat(directory).isEmptyDirectory();
  }
}
