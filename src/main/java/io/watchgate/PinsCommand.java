package io.watchgate;

import io.watchgate.jsonrpc.Json;
import io.watchgate.security.toolguard.PinBook;
import io.watchgate.security.toolguard.PinBook.Choice;
import io.watchgate.security.toolguard.PinBook.Pin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows what servers define, as `tool_guard` keeps it, and takes a person's opinion of it. Works
/// on the files, whether a gateway runs or not; one that runs sees it at once.
@Command(
    name = "pins",
    description = "Shows, approves and rejects what servers define, as tool_guard remembers it.",
    subcommands = {
      PinsCommand.ListCommand.class,
      PinsCommand.DiffCommand.class,
      PinsCommand.ApproveCommand.class,
      PinsCommand.RejectCommand.class
    })
final class PinsCommand implements Callable<Integer> {

  @SuppressWarnings("UnusedVariable") // the library acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  private boolean help;

  @Mixin private Wanted wanted = new Wanted();

  /// Which pins, and how they are shown.
  static final class Wanted {
    @Option(
        names = "--state",
        paramLabel = "DIRECTORY",
        description = "where the gateway keeps its state (default: that of this user)")
    private Path state = StateDirectory.of(System.getenv(), System.getProperty("user.home"));

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    private PinBook book() {
      return new PinBook(state.resolve(PinBook.DIRECTORY));
    }

    private int print(List<Pin> pins, String none) {
      if (json) {
        System.out.println(Json.array(pins.stream().map(PinsCommand::row).toList()));
      } else if (pins.isEmpty()) {
        System.out.println(none);
      } else {
        var table = new Table();
        table.add("SERVER", "KIND", "NAME", "STATE", "SINCE", "SHA-256");
        for (var pin : pins) {
          var form = pin.form();
          table.add(
              pin.server(),
              pin.kind().word(),
              pin.printableName(),
              form.state().word(),
              form.since().toString(),
              form.sha256().substring(0, 12));
        }
        table.print(System.out);
      }
      return 0;
    }
  }

  /// Whose pins.
  static final class Whose {
    @Parameters(index = "0", arity = "0..1", paramLabel = "SERVER", description = "its name")
    private @Nullable String server;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "NAME",
        description = "its own name of a tool or prompt, or a URI")
    private @Nullable String name;

    private Choice choice() {
      return new Choice(Optional.ofNullable(server), Optional.ofNullable(name));
    }
  }

  private static Json row(Pin pin) {
    var row =
        Json.object(
            "server", pin.server(),
            "kind", pin.kind().word(),
            "name", pin.name(),
            "state", pin.form().state().word(),
            "since", pin.form().since().toString(),
            "sha256", pin.form().sha256());
    return pin.form().json().map(json -> row.plus("definition", json)).orElse(row);
  }

  /// Without a word behind it the command shows the list.
  @Override
  public Integer call() throws IOException {
    return list(wanted, new Choice(Optional.empty(), Optional.empty()));
  }

  private static int list(Wanted wanted, Choice choice) throws IOException {
    return wanted.print(wanted.book().pins(choice), "Nothing is pinned.");
  }

  @Command(name = "list", description = "Shows all forms of all definitions.")
  static final class ListCommand implements Callable<Integer> {
    @Mixin private Wanted wanted = new Wanted();
    @Mixin private Whose whose = new Whose();

    @Override
    public Integer call() throws IOException {
      return list(wanted, whose.choice());
    }
  }

  @Command(name = "diff", description = "Shows what is new or changed and nobody approved yet.")
  static final class DiffCommand implements Callable<Integer> {
    @Mixin private Wanted wanted = new Wanted();
    @Mixin private Whose whose = new Whose();

    @Override
    public Integer call() throws IOException {
      var pending = wanted.book().pins(whose.choice()).stream().filter(Pin::isPending).toList();
      if (wanted.json || pending.isEmpty()) {
        return wanted.print(pending, "Nothing has changed that nobody approved.");
      }
      for (var pin : pending) {
        System.out.printf(
            "%s: %s \"%s\", %s since %s%n",
            pin.server(),
            pin.kind().word(),
            pin.printableName(),
            pin.before().isPresent() ? "changed" : "new",
            pin.form().since());
        var changes = pin.changes();
        (changes.isEmpty() ? List.of(pin.printableForm()) : changes)
            .forEach(line -> System.out.println("  " + line));
      }
      return 0;
    }
  }

  @Command(name = "approve", description = "Has clients get what nobody judged yet.")
  static final class ApproveCommand implements Callable<Integer> {
    @Mixin private Wanted wanted = new Wanted();
    @Mixin private Whose whose = new Whose();

    @Option(names = "--all", description = "of all servers")
    private boolean all;

    @Override
    public Integer call() throws IOException {
      return isMeant(whose, all)
          ? judged(wanted, wanted.book().approve(whose.choice()))
          : misused();
    }
  }

  @Command(
      name = "reject",
      description = "Has clients not get what is new; of a NAME without news, anything.")
  static final class RejectCommand implements Callable<Integer> {
    @Mixin private Wanted wanted = new Wanted();
    @Mixin private Whose whose = new Whose();

    @Option(names = "--all", description = "of all servers")
    private boolean all;

    @Override
    public Integer call() throws IOException {
      return isMeant(whose, all) ? judged(wanted, wanted.book().reject(whose.choice())) : misused();
    }
  }

  private static boolean isMeant(Whose whose, boolean all) {
    return whose.server != null || all;
  }

  private static int misused() {
    System.err.println(
        "watchgate: whose definitions? Name the SERVER, or say --all. `watchgate pins diff` shows"
            + " what waits.");
    return Failures.MISUSED;
  }

  private static int judged(Wanted wanted, List<Pin> pins) {
    wanted.print(pins, "Nothing was there to be judged: `watchgate pins list` shows what is.");
    return pins.isEmpty() ? Failures.FAILED : 0;
  }
}
