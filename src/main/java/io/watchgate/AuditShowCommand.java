package io.watchgate;

import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Prints records of audit logs.
@Command(
    name = "show",
    description = "Shows what audit logs hold, in the order of time, those of closed files too.")
final class AuditShowCommand implements Callable<Integer> {
  /// Rows whose columns are as wide as each other.
  private static final int ROWS = 1000;

  @Mixin private AuditCommand.State state = new AuditCommand.State();
  @Mixin private AuditFilters filters = new AuditFilters();

  @Parameters(index = "0", arity = "0..1", paramLabel = "PATH", description = AuditCommand.ANY_PATH)
  private @Nullable Path path;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "the newest N of those that are meant, 0 for all (default: ${DEFAULT-VALUE})")
  private int limit;

  @Option(names = "--json", description = "print the lines of the log instead of a table")
  private boolean json;

  private Table table = new Table();
  private int rows;

  @Override
  public Integer call() throws IOException {
    if (limit < 0) {
      System.err.println("watchgate: --limit is " + limit + ": a number of records, or 0 for all");
      return Failures.MISUSED;
    }
    if (limit == 0) {
      read(this::print);
    } else {
      var newest = new ArrayDeque<Json>();
      read(record -> {
        newest.add(record);
        if (newest.size() > limit) {
          newest.removeFirst();
        }
      });
      newest.forEach(this::print);
    }
    table.print(System.out);
    return 0;
  }

  private void read(Consumer<Json> reader) throws IOException {
    AuditCommand.read(state.logs(path), filters.filter(), reader);
  }

  private void print(Json record) {
    if (json) {
      System.out.println(RecordText.json(record));
      return;
    }
    if (table.isEmpty()) {
      table.add(RecordText.TITLES);
    }
    table.add(new RecordText(record).cells());
    if (++rows % ROWS == 0) {
      table.print(System.out);
      table = new Table();
    }
  }
}
