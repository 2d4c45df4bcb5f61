package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.jsonrpc.Json;
import io.watchgate.testkit.Program;
import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole program between its signals: to be read again, to stop, to stop at once, to stand
/// still.
@Timeout(120)
class StoppingTest {
  private static final String JSON = "Content-Type: application/json";
  private static final String ACCEPT = "Accept: application/json, text/event-stream";

  private static final int CALLS = 400;

  @TempDir private Path directory = Path.of("");

  @Test
  void requestsSentBeforeTheSignalAreAnsweredWhole() throws Exception {
    try (var program = http();
        var load = Executors.newVirtualThreadPerTaskExecutor()) {
      int port = port(program);
      var signalled = new AtomicBoolean();
      var answered = new AtomicInteger();
      var all = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 8; i++) {
        Callable<Integer> caller = () -> call(port, signalled, answered);
        all.add(load.submit(caller));
      }
      await().until(() -> answered.get() > 200);
      var children = program.children();

      signalled.set(true);
      program.signal("TERM");

      for (var caller : all) {
        assertThat(caller.get()).as("answers").isPositive();
      }
      assertThat(program.exitCode()).isZero();
      assertDead(children);
    }
  }

  /// Makes one call after the other until one is refused, or the connection is closed on one that
  /// was sent after the signal.
  private static int call(int port, AtomicBoolean signalled, AtomicInteger answered)
      throws IOException {
    int calls = 0;
    try (var http = RawHttp.connect(port)) {
      var session = initialize(http);
      while (true) {
        boolean before = false;
        try {
          http.request("POST", "/mcp", tool(calls, "sleep", "t" + calls), JSON, ACCEPT, session);
          before = !signalled.get();
          var answer = http.read();
          if (answer.status() == 503) {
            assertThat(answer.body()).contains("\"id\":" + calls + ",", "shutting_down");
            assertThat(answer.header("Connection")).isEqualTo("close");
            return calls;
          }
          assertThat(answer.body()).contains("\"id\":" + calls + ",", "\"text\":\"t" + calls);
          calls++;
          answered.incrementAndGet();
        } catch (IOException closed) {
          assertThat(before).as("sent before the signal, but: %s", closed).isFalse();
          return calls;
        }
      }
    }
  }

  @Test
  void nobodyNewIsTakenInAndStreamsEndWhileTheLastCallFinishes() throws Exception {
    try (var program = http();
        var busy = connect(program);
        var listening = RawHttp.connect(lastPort);
        var late = RawHttp.connect(lastPort)) {
      var session = initialize(busy);
      listening.request("GET", "/mcp", "", "Accept: text/event-stream", session);
      assertThat(listening.readHead().status()).isEqualTo(200);
      busy.request("POST", "/mcp", tool(1, "hang", ""), JSON, ACCEPT, session);
      late.request("POST", "/mcp", ping(), JSON, ACCEPT, session);
      assertThat(late.read().status()).isEqualTo(200);

      program.signal("TERM");

      assertThat(lastAnswer(late, session)).contains("shutting_down");
      assertThat(busy.read().body()).contains("\"id\":1,\"error\"", "shutting_down");
      assertThat(listening.readEvent().name()).isEqualTo("end");
      assertThat(listening.isClosed()).isTrue();
      assertThat(program.exitCode()).isZero();
    }
  }

  /// Asks until that is refused.
  private static String lastAnswer(RawHttp http, String session) throws IOException {
    while (true) {
      http.request("POST", "/mcp", ping(), JSON, ACCEPT, session);
      var answer = http.read();
      if (answer.status() == 503) {
        assertThat(answer.header("Retry-After")).isNotEmpty();
        return answer.body();
      }
    }
  }

  @Test
  void aSecondSignalEndsWhatIsInFlightAtOnce() throws Exception {
    try (var program = stdio("")) {
      program.send(tool(1, "hang", ""));
      var children = program.children();
      assertThat(children).isNotEmpty();
      program.signal("TERM");
      untilItDrains(program);

      long told = System.nanoTime();
      program.signal("INT");

      assertThat(program.exitCode()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(Duration.ofSeconds(4));
      assertThat(program.rest())
          .anyMatch(line -> line.contains("\"id\":1,") && line.contains("shutting_down"));
      assertDead(children);
    }
  }

  private static void untilItDrains(Program program) throws InterruptedException {
    var answer = "";
    for (int id = 100; !answer.contains("shutting_down"); id++) {
      program.send(tool(id, "echo", "x"));
      answer = program.next();
    }
  }

  @Test
  void aStandstillIsNoTimeOut() throws Exception {
    var many = "max_concurrent_requests: 1000";
    var more = "      request_timeout: 2s\n      %s\n  limits: {%s}\n".formatted(many, many);
    try (var program = stdio(more)) {
      for (int i = 1; i <= CALLS; i++) {
        program.send(tool(i, "sleep", "slept".repeat(50)));
      }
      program.send(tool(0, "echo", "x"));
      var answers = new ArrayList<String>();
      answers.add(program.next()); // what was read before is on its way to the server

      program.signal("STOP");
      await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
      program.signal("CONT");

      while (answers.size() <= CALLS) {
        answers.add(program.next());
      }
      assertThat(answers).filteredOn(answer -> !answer.contains("\"result\"")).isEmpty();
    }
  }

  @Test
  void hangUpIsToReadTheFileAgain() throws Exception {
    try (var program = http()) {
      int port = port(program);
      var _ = program.awaitLog("watchgate.yaml is followed");
      var two = ServerFile.server("one") + ServerFile.server("two");
      Files.writeString(file(), yaml("http", "", two));

      program.signal("HUP");

      var _ = program.awaitLog("SIGHUP: .*watchgate.yaml is read again");
      var _ = program.awaitLog("watchgate.yaml is in force");
      try (var http = RawHttp.connect(port)) {
        http.request("POST", "/mcp/two", ping(), JSON, ACCEPT);
        assertThat(http.read().status()).isEqualTo(400);
      }
      program.signal("TERM");
      assertThat(program.exitCode()).isZero();
    }
  }

  private int lastPort;

  private RawHttp connect(Program program) throws IOException, InterruptedException {
    lastPort = port(program);
    return RawHttp.connect(lastPort);
  }

  private static int port(Program program) throws InterruptedException {
    return Integer.parseInt(program.awaitLog("listening on http://127.0.0.1:(\\d+)/").group(1));
  }

  private static String initialize(RawHttp http) throws IOException {
    http.request("POST", "/mcp", initialize(), JSON, ACCEPT);
    return "Mcp-Session-Id: " + http.read().header("Mcp-Session-Id");
  }

  private static String initialize() {
    var params = Json.object("protocolVersion", "2025-11-25", "capabilities", Json.EMPTY_OBJECT);
    return message(0, "initialize", params);
  }

  private static String ping() {
    return message(9, "ping", Json.EMPTY_OBJECT);
  }

  private static String tool(int id, String tool, String text) {
    var arguments = Json.object("ms", 200, "text", text);
    return message(id, "tools/call", Json.object("name", tool, "arguments", arguments));
  }

  private static String message(int id, String method, Json params) {
    return Json.object("jsonrpc", "2.0", "id", id, "method", method, "params", params).toString();
  }

  private Program http() throws IOException {
    Files.writeString(file(), yaml("http", "", ServerFile.server("one")));
    return Program.start(directory, Map.of(), "run", "-c", file().toString());
  }

  private Program stdio(String more) throws IOException, InterruptedException {
    Files.writeString(file(), yaml("stdio", more, ServerFile.server("one")));
    var program = Program.start(directory, Map.of(), "run", "-c", file().toString());
    program.send(initialize());
    assertThat(program.next()).contains("\"result\"");
    program.send(tool(0, "echo", "x"));
    assertThat(program.next()).contains("\"result\"");
    return program;
  }

  private static String yaml(String transport, String more, String servers) {
    return "proxy:\n  transport: "
        + transport
        + "\n  http: {port: 0}\n  upstreams:\n"
        + servers
        + more;
  }

  private Path file() {
    return directory.resolve("watchgate.yaml");
  }

  private static void assertDead(List<ProcessHandle> children) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
  }
}
