package io.watchgate;

import io.watchgate.audit.LogStats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Prints what the records of audit logs say together.
@Command(
    name = "stats",
    description = "Counts and times the calls of audit logs: outcomes, slow tools, plugins.")
final class AuditStatsCommand implements Callable<Integer> {
  @Mixin private AuditCommand.State state = new AuditCommand.State();
  @Mixin private AuditFilters filters = new AuditFilters();

  @Parameters(index = "0", arity = "0..1", paramLabel = "PATH", description = AuditCommand.ANY_PATH)
  private @Nullable Path path;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "10",
      description = "how many of the slowest tools (default: ${DEFAULT-VALUE})")
  private int top;

  @Override
  public Integer call() throws IOException {
    var stats = new LogStats();
    AuditCommand.read(state.logs(path), filters.filter(), stats);
    new StatsText(System.out).print(stats, Math.max(0, top));
    return 0;
  }
}
