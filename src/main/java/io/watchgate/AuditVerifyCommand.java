package io.watchgate;

import io.watchgate.audit.LogVerifier;
import io.watchgate.audit.Proof;
import io.watchgate.audit.Verdict;
import io.watchgate.middleware.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says whether audit logs are as they were written, and which line is the first that is not.
@Command(
    name = "verify",
    description = {
      "Finds what was changed, inserted, deleted, swapped or cut off in audit logs, and names the"
          + " first bad line.",
      "Exit code 0: all verifies, 3: something does not, 1: something cannot be read."
    })
final class AuditVerifyCommand implements Callable<Integer> {
  private static final int LONGEST = 200;

  @Mixin private AuditCommand.State state = new AuditCommand.State();
  @Mixin private AuditCommand.Keys keys = new AuditCommand.Keys();

  @Parameters(index = "0", arity = "0..1", paramLabel = "PATH", description = AuditCommand.ANY_PATH)
  private @Nullable Path path;

  @Option(
      names = "--checkpoints",
      paramLabel = "FILE",
      description = "a copy of checkpoints that was kept elsewhere; may be given several times")
  private List<Path> copies = new ArrayList<>();

  @Option(
      names = "--proof",
      paramLabel = "FILE",
      description =
          "verify what `watchgate audit prove` printed instead, for which no log is needed")
  private @Nullable Path proof;

  @Override
  public Integer call() throws IOException {
    if (proof != null) {
      return path == null ? verifyProof(proof) : misused();
    }
    var trust = keys.trust(state);
    var logs = state.logs(path);
    List<Verdict> verdicts;
    try (var bar = ProgressBar.onTerminal(LogVerifier.work(logs))) {
      verdicts = new LogVerifier(trust, copies, bar).verify(logs);
    }
    verdicts.forEach(AuditVerifyCommand::print);
    boolean isSound = verdicts.stream().allMatch(verdict -> verdict.fault().isEmpty());
    return isSound ? 0 : Failures.UNVERIFIED;
  }

  private static int misused() {
    System.err.println("watchgate: a proof needs no log: leave out PATH, or --proof");
    return Failures.MISUSED;
  }

  private static void print(Verdict verdict) {
    if (verdict.fault().isPresent()) {
      AuditCommand.print(verdict.path(), verdict.fault().get(), System.out);
      return;
    }
    System.out.printf(
        "%s verifies: %d lines, seq %d to %d, in %d %s%n",
        AuditCommand.printable(verdict.path()),
        verdict.lines(),
        verdict.firstSeq(),
        verdict.lastSeq(),
        verdict.files(),
        verdict.files() == 1 ? "file" : "files");
    System.out.println("  head         " + verdict.head());
    System.out.println("  checkpoints  " + seal(verdict));
    if (!verdict.isWhole()) {
      System.out.println("  note         one closed file alone; others of the log were not read");
    }
  }

  private static String seal(Verdict verdict) {
    if (verdict.sealed() == 0) {
      return "none: lines that were cut off at the end do not show";
    }
    long behind = verdict.lastSeq() - verdict.sealed();
    var rest =
        behind == 0
            ? ""
            : "; %d behind it hang together, but could have been cut off or added by anybody"
                .formatted(behind);
    return "the newest covers the lines up to " + verdict.sealed() + rest;
  }

  private int verifyProof(Path file) throws IOException {
    var trust = keys.trust(state);
    var shown = Proof.parse(Files.readAllBytes(file)).flatMap(read -> read.verify(trust));
    if (shown.isEmpty()) {
      System.out.println(
          AuditCommand.printable(file)
              + " proves nothing: it is no proof, it was changed, or no key that is trusted signed"
              + " it (--key names one)");
      return Failures.UNVERIFIED;
    }
    System.out.printf(
        "line %d is in the log %s as it was signed with %d lines%n",
        shown.get().seq(), Printable.of(shown.get().origin(), LONGEST), shown.get().size());
    return 0;
  }
}
