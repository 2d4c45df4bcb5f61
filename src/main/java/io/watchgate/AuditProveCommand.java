package io.watchgate;

import io.watchgate.audit.BrokenLog;
import io.watchgate.audit.LogProver;
import io.watchgate.audit.LogVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Prints what shows others that a line is in a log.
@Command(
    name = "prove",
    description = {
      "Prints a proof that a line is in an audit log: the line, a signed checkpoint, and the hashes"
          + " between them (RFC 6962).",
      "`watchgate audit verify --proof FILE --key VKEY` verifies it without the log."
    })
final class AuditProveCommand implements Callable<Integer> {
  @Mixin private AuditCommand.State state = new AuditCommand.State();
  @Mixin private AuditCommand.Keys keys = new AuditCommand.Keys();

  @Parameters(index = "0", paramLabel = "SEQ", description = "the number of the line")
  private long seq;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      description = "the file of the log that is written to (default: the log of --state)")
  private @Nullable Path path;

  @Override
  public Integer call() throws IOException {
    if (seq < 1) {
      System.err.println("watchgate: SEQ is " + seq + ", and the first line of a log has number 1");
      return Failures.MISUSED;
    }
    var log = state.logs(path);
    try (var bar = ProgressBar.onTerminal(LogVerifier.work(log))) {
      var proof = new LogProver(keys.trust(state), bar).prove(log, seq);
      System.out.println(proof.json());
      return 0;
    } catch (BrokenLog broken) {
      AuditCommand.print(log, broken.fault(), System.err);
      return Failures.UNVERIFIED;
    }
  }
}
