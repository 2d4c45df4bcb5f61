package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.watchgate.flow.Client;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/// Tools whose arguments are repeated in headers.
@Timeout(60)
class MirroredCallsTest {
  private static final String GOOD =
      "{\"name\":\"good\",\"inputSchema\":{\"properties\":{\"region\":{\"type\":\"string\","
          + "\"x-mcp-header\":\"Region\"}}}}";
  private static final String BAD =
      "{\"name\":\"bad\",\"inputSchema\":{\"properties\":{\"region\":{\"type\":\"number\","
          + "\"x-mcp-header\":\"Region\"}}}}";

  private final FakeServer one =
      new FakeServer("one").entries(ListKind.TOOLS, BAD, GOOD, "{\"name\":\"plain\"}");
  private final FakeServer two = new FakeServer("two").tools("write");
  private final RouterContext context = new RouterContext(one, two);

  /// A client over HTTP whose call came with some headers.
  private record HttpCall(RecordingSession inner, Map<String, String> headers) implements Client {
    @Override
    public Session session() {
      return inner;
    }

    @Override
    public Optional<Map<String, String>> parameterHeaders() {
      return Optional.of(headers);
    }

    @Override
    public void tell(Notification notification) {
      inner.tell(notification);
    }

    @Override
    public Response ask(Request request, Consumer<Notification> progress)
        throws InterruptedException {
      return inner.ask(request, progress);
    }
  }

  private Response call(Map<String, String> headers, String params) throws InterruptedException {
    var session = new RecordingSession("http").speaking(ProtocolVersion.NEWEST_STATELESS);
    return context.send(new HttpCall(session, headers), "tools/call", params);
  }

  @Test
  void toolWithAnIllegalAnnotationIsLeftOutAndReportedOnce() throws Exception {
    var log = (Logger) LoggerFactory.getLogger(CachedList.class);
    var warnings = new ListAppender<ILoggingEvent>();
    warnings.start();
    log.addAppender(warnings);
    log.setLevel(Level.WARN); // whatever a command has set
    try {
      assertThat(context.names("tools/list"))
          .containsExactly("one__good", "one__plain", "two__write");
      context.names(new RecordingSession("other"), "tools/list");
    } finally {
      log.detachAppender(warnings);
      log.setLevel(null);
    }

    assertThat(warnings.list)
        .singleElement()
        .asString()
        .contains("server \"one\": \"bad\" is not listed: x-mcp-header", "at region");
    assertThat(context.error("tools/call", "{\"name\":\"one__bad\"}")).contains("unknown tool");
    assertThat(context.result("tools/list", "{}")).contains("\"x-mcp-header\":\"Region\"");
  }

  @Test
  void headersThatSayWhatTheArgumentsSayPass() throws Exception {
    var params = "{\"name\":\"one__good\",\"arguments\":{\"region\":\"eu\"}}";

    assertThat(call(Map.of("region", "eu", "unknown", "x"), params).result()).isPresent();
    assertThat(call(Map.of(), "{\"name\":\"one__good\"}").result()).isPresent();
    assertThat(call(Map.of("region", "x"), "{\"name\":\"one__plain\"}").result()).isPresent();
  }

  @Test
  void headersThatSayOtherwiseReachNoServer() throws Exception {
    var params = "{\"name\":\"one__good\",\"arguments\":{\"region\":\"eu\"}}";

    var others =
        List.of(Map.<String, String>of(), Map.of("region", "us"), Map.of("region", "=?base64?x?="));
    for (var headers : others) {
      var refused = call(headers, params);
      assertThat(refused.errorCode()).isEqualTo(-32020);
      assertThat(refused.errorMessage()).startsWith("header Mcp-Param-Region ");
    }
    assertThat(one.got("tools/call")).isEmpty();
  }

  @Test
  void callWithoutHeadersOfItsOwnIsNotCheckedForThem() throws Exception {
    assertThat(
            context.result(
                "tools/call", "{\"name\":\"one__good\",\"arguments\":{\"region\":\"eu\"}}"))
        .contains("\"server\":\"one\"");
  }
}
