package io.watchgate;

import io.watchgate.audit.LogFollower;
import io.watchgate.audit.RecordFilter;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Prints records of an audit log as they are written, until it is stopped.
@Command(
    name = "tail",
    description = "Shows what is added to an audit log, while it is added, until Ctrl-C.")
final class AuditTailCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int MOST_LINES = 100_000;

  @Mixin private AuditCommand.State state = new AuditCommand.State();
  @Mixin private AuditFilters filters = new AuditFilters();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PATH",
      description = "the file of the log that is written to (default: the log of --state)")
  private @Nullable Path path;

  @Option(
      names = "--lines",
      paramLabel = "N",
      defaultValue = "10",
      description = "begin with the last N of the file (default: ${DEFAULT-VALUE})")
  private int lines;

  @Option(names = "--json", description = "print the lines of the log as they are")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (lines < 0 || lines > MOST_LINES) {
      System.err.println("watchgate: --lines is " + lines + ": from 0 to " + MOST_LINES);
      return Failures.MISUSED;
    }
    try (var log = LogFollower.of(state.logs(path))) {
      Shutdown.before(_ -> {}); // to be stopped is how it ends
      var filter = filters.filter();
      boolean isColoured = Terminal.isColoured(System.getenv());
      print(log.last(lines), filter, isColoured);
      while (!System.out.checkError()) {
        Time.REAL.pass(PAUSE);
        print(log.poll(), filter, isColoured);
      }
      return 0;
    }
  }

  private void print(List<Json> records, RecordFilter filter, boolean isColoured) {
    for (var record : records) {
      if (filter.test(record)) {
        System.out.println(
            json ? RecordText.json(record) : new RecordText(record).line(isColoured));
      }
    }
  }
}
