package io.watchgate;

import io.watchgate.demo.NotesServer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// One of the demo's servers, as the child process that the demo's gateway starts.
@Command(name = "demo-server", hidden = true, description = "Serves MCP on the standard streams.")
final class DemoServerCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME")
  private String name = "";

  @Override
  public Integer call() {
    if (!name.equals("notes")) {
      System.err.println("watchgate: no demo server \"" + name + "\" (known: notes)");
      return Failures.MISUSED;
    }
    NotesServer.serve(System.in, System.out);
    return 0;
  }
}
