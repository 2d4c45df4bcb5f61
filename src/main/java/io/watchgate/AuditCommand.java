package io.watchgate;

import io.watchgate.audit.Fault;
import io.watchgate.audit.LogReader;
import io.watchgate.audit.RecordFilter;
import io.watchgate.audit.Trust;
import io.watchgate.jsonrpc.Json;
import io.watchgate.middleware.Printable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// Works on audit logs as they lie in files, whether a gateway runs or not, also while one writes.
@Command(
    name = "audit",
    description =
        "Verifies, proves and shows what audit logs hold; no gateway has to run, and one may.",
    subcommands = {
      AuditVerifyCommand.class,
      AuditProveCommand.class,
      AuditShowCommand.class,
      AuditTailCommand.class,
      AuditStatsCommand.class,
    })
final class AuditCommand implements Runnable {
  /// What a PATH of logs may be.
  static final String ANY_PATH =
      "the file that is written to, for its whole log; a closed file, for itself alone; or a"
          + " directory, for all logs in it (default: the log directory of --state)";

  private static final int LONGEST = 1000;

  @Spec private @Nullable CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // the library acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "show this help")
  private boolean help;

  @Override
  public void run() {
    Objects.requireNonNull(spec).commandLine().usage(System.out);
  }

  /// Where the gateway of this user keeps its log and its key.
  static final class State {
    @Option(
        names = "--state",
        paramLabel = "DIRECTORY",
        description = "where the gateway keeps its state (default: that of this user)")
    private Path state = StateDirectory.of(System.getenv(), System.getProperty("user.home"));

    Path directory() {
      return state.resolve("audit");
    }

    /// The logs that are meant.
    Path logs(@Nullable Path named) {
      return named == null ? directory() : named;
    }
  }

  /// Whose signatures are good.
  static final class Keys {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
        names = "--key",
        paramLabel = "VKEY",
        description =
            "public key of the gateway that signed, the line in its signing.pub or that file; may"
                + " be given several times (default: that of --state)")
    private List<String> keys = new ArrayList<>();

    Trust trust(State state) throws IOException {
      try {
        return keys.isEmpty() ? Trust.local(state.directory()) : Trust.named(keys);
      } catch (IllegalArgumentException misuse) {
        var line = Objects.requireNonNull(spec).commandLine();
        throw new ParameterException(line, "--key: " + misuse.getMessage());
      }
    }
  }

  /// Tells a person what does not verify.
  static void print(Path log, Fault fault, PrintStream out) {
    out.println(printable(log) + " does not verify");
    var line = fault.line() == 0 ? "" : ", line " + fault.line();
    var seq = fault.seq() == 0 ? "" : " (seq " + fault.seq() + ")";
    out.println("  where  " + printable(fault.file()) + line + seq);
    out.println("  what   " + Printable.of(fault.what(), LONGEST));
    out.println("  means  " + fault.means());
    out.println("  do     " + fault.advice());
  }

  /// Reads the records of logs that are meant, and tells a person how far it is, and of lines that
  /// were left out.
  static void read(Path logs, RecordFilter filter, Consumer<Json> reader) throws IOException {
    try (var bar = ProgressBar.onTerminal(LogReader.work(logs))) {
      var log = new LogReader(bar);
      log.read(
          logs,
          record -> {
            if (filter.test(record)) {
              reader.accept(record);
            }
          });
      tellUnreadable(log);
    }
  }

  private static void tellUnreadable(LogReader log) {
    if (log.unreadable() > 0) {
      System.err.printf(
          "watchgate: %d lines are no records and were left out: `watchgate audit verify` says"
              + " where and why%n",
          log.unreadable());
    }
  }

  static String printable(Path path) {
    return Printable.of(path.toString(), LONGEST);
  }
}
