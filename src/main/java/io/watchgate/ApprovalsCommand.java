package io.watchgate;

import io.watchgate.middleware.Printable;
import io.watchgate.middleware.WaitingCalls;
import io.watchgate.middleware.WaitingCalls.Decision;
import io.watchgate.middleware.WaitingCalls.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows the calls that wait for a person, and takes that person's decision to the gateway.
@Command(
    name = "approvals",
    description = "Shows the calls that wait for a person, approves and denies them.",
    subcommands = {
      ApprovalsCommand.ListCommand.class,
      ApprovalsCommand.ApproveCommand.class,
      ApprovalsCommand.DenyCommand.class
    })
final class ApprovalsCommand implements Callable<Integer> {
  private static final int NAME_WIDTH = 100;
  private static final int ARGUMENTS_WIDTH = 1000;

  @SuppressWarnings("UnusedVariable") // the library acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  private boolean help;

  /// Where the gateway keeps the calls.
  static final class State {
    @Option(
        names = "--state",
        paramLabel = "DIRECTORY",
        description = "where the gateway keeps its state (default: that of this user)")
    private Path directory = StateDirectory.of(System.getenv(), System.getProperty("user.home"));

    private WaitingCalls calls() {
      return new WaitingCalls(directory);
    }
  }

  /// Without a word behind it the command shows the list.
  @Override
  public Integer call() throws IOException {
    return new ListCommand().call();
  }

  @Command(name = "list", description = "Shows what waits, longest first.")
  static final class ListCommand implements Callable<Integer> {
    @Mixin private State state = new State();

    @Option(names = "--full", description = "show all that is kept of long arguments")
    private boolean full;

    @Override
    public Integer call() throws IOException {
      var now = Instant.now();
      var waiting = state.calls().list(now);
      if (waiting.isEmpty()) {
        System.out.println("Nothing waits for approval.");
      }
      for (var call : waiting) {
        System.out.println(call.id() + "  " + said(call, now));
        var width = full ? Integer.MAX_VALUE : ARGUMENTS_WIDTH;
        System.out.println("        " + Printable.of(call.arguments(), width));
      }
      return 0;
    }

    private static String said(Waiting call, Instant now) {
      return "%s of %s, for %s (%s), since %d s, for %d s more"
          .formatted(
              name(call.tool()),
              name(call.server()),
              name(call.client()),
              name(call.principal()),
              Duration.between(call.since(), now).toSeconds(),
              Duration.between(now, call.until()).toSeconds());
    }
  }

  @Command(name = "approve", description = "Lets a call go to its server.")
  static final class ApproveCommand implements Callable<Integer> {
    @Mixin private State state = new State();

    @Parameters(paramLabel = "ID", description = "as the list has it")
    private String id = "";

    @Override
    public Integer call() throws IOException {
      return decide(state, id, Decision.APPROVED);
    }
  }

  @Command(name = "deny", description = "Refuses a call.")
  static final class DenyCommand implements Callable<Integer> {
    @Mixin private State state = new State();

    @Parameters(paramLabel = "ID", description = "as the list has it")
    private String id = "";

    @Override
    public Integer call() throws IOException {
      return decide(state, id, Decision.DENIED);
    }
  }

  private static int decide(State state, String id, Decision decision) throws IOException {
    var call = state.calls().decide(id, decision, Instant.now());
    if (call.isEmpty()) {
      System.err.println(
          "watchgate: no call waits as \""
              + Printable.of(id, NAME_WIDTH)
              + "\": it was decided or taken back, or its time is over."
              + " `watchgate approvals` shows what waits.");
      return Failures.FAILED;
    }
    var done = decision == Decision.APPROVED ? "Approved" : "Denied";
    System.out.println(done + ": " + name(call.get().tool()) + " of " + name(call.get().server()));
    return 0;
  }

  private static String name(String text) {
    return text.isEmpty() ? "(no name)" : Printable.of(text, NAME_WIDTH);
  }
}
