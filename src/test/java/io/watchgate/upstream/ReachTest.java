package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.testkit.TestServers;
import io.watchgate.upstream.RawServer.Script;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// How far a call came that was not answered: what nobody knows is said to have run.
class ReachTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of("503", Reach.SENT, saying(503, "text/plain", "not now")),
        Arguments.of("500", Reach.SENT, saying(500, "text/html", "<p>oh</p>")),
        Arguments.of("413", Reach.ANSWERED, saying(413, "text/plain", "too much")),
        Arguments.of("401", Reach.ANSWERED, saying(401, "text/plain", "who?")),
        Arguments.of("a page", Reach.ANSWERED, saying(200, "text/html", "<p>hello</p>")),
        Arguments.of("no JSON", Reach.ANSWERED, saying(200, "application/json", "{]")),
        Arguments.of("the end", Reach.SENT, (Script) RawServer.Peer::close),
        Arguments.of("a reset", Reach.SENT, (Script) RawServer.Peer::reset));
  }

  private static Script saying(int status, String type, String body) {
    return peer -> peer.write(RawServer.response(status, type, body));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("answers")
  void whatWasSentToAServerMayHaveRun(String name, Reach reach, Script script) throws Exception {
    var calls = new CopyOnWriteArrayList<String>();
    try (var server = RemoteContext.server(script, calls);
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.send("ping", "{}").result()).isPresent();
      assertThat(reach(remote)).as(name).isEqualTo(reach);
      assertThat(calls).hasSize(1);
    }
  }

  @Test
  void nothingWasSentToAServerThatRefusesConnections() throws Exception {
    int port;
    try (var closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    try (var remote = new RemoteContext(URI.create("http://127.0.0.1:" + port + "/mcp"))) {
      assertThat(reach(remote)).isEqualTo(Reach.NOT_SENT);
    }
  }

  @Test
  void nothingWasSentToAServerThatDiesAtItsStart() throws Exception {
    try (var child = RemoteContext.child(TestServers.command("--exit", "7"), LONG)) {
      assertThat(reach(child)).isEqualTo(Reach.NOT_SENT);
    }
  }

  @Test
  void nothingWasSentToAServerThatDiesInItsHandshake() throws Exception {
    var command = List.of("sh", "-c", "read line; exit 3");
    try (var child = RemoteContext.child(command, LONG)) {
      assertThat(reach(child)).isEqualTo(Reach.NOT_SENT);
    }
  }

  @Test
  void aHandshakeThatIsNotAnsweredIsTooLate() throws Exception {
    var command = TestServers.command("--mute");
    try (var child = RemoteContext.child(command, Duration.ofMillis(300))) {
      assertThat(reach(child)).isEqualTo(Reach.TOO_LATE);
    }
  }

  @Test
  void aCallThatKilledItsServerMayHaveRun() throws Exception {
    try (var child = RemoteContext.child(TestServers.command(), LONG)) {
      assertThat(child.send("ping", "{}").result()).isPresent();
      assertThat(reach(child, "kill")).isEqualTo(Reach.SENT);
    }
  }

  private static Reach reach(RemoteContext remote) {
    return reach(remote, "x");
  }

  private static Reach reach(RemoteContext remote, String tool) {
    var call = remote.call("tools/call", "{\"name\":\"%s\",\"arguments\":{}}".formatted(tool));
    var rejection = catchThrowableOfType(Rejection.class, () -> remote.upstream().handle(call));
    return ((Unavailable) rejection.reason()).reach();
  }
}
