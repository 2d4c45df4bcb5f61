package io.watchgate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.watchgate.flow.Call;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Time;
import io.watchgate.flow.Trail;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.telemetry.Family.Sample;
import io.watchgate.telemetry.Family.Spread;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallMetricsTest {
  private static final Request TOOL =
      Request.of(RequestId.of(1), "tools/call", Json.object("name", "x"));

  private final CallMetrics metrics = new CallMetrics();

  private List<Sample> samples() {
    return metrics.family(Set.of("files")).samples();
  }

  private static Call call(Request request, String server, String listedTool) {
    var call = new Call(request, GatewayClient.INSTANCE);
    if (!server.isEmpty()) {
      call.trail().sentTo(server);
    }
    call.trail().callsListed(listedTool);
    return call;
  }

  private void handle(Call call, Handler inner) throws InterruptedException {
    var _ = new CallMetricsLayer(metrics, Time.REAL).around(inner).handle(call);
  }

  private static Response response(String body) throws MalformedMessage {
    var bytes = ("{\"jsonrpc\":\"2.0\",\"id\":1," + body + "}").getBytes(StandardCharsets.UTF_8);
    return (Response) Message.read(bytes, Limits.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "result":{"content":[]}                              | completed
          "result":{"content":[{"isError":true}]}              | completed
          "result":{"isError":false,"content":[]}              | completed
          "result":{"content":[],"isError":true}               | tool_error
          "error":{"code":-32602,"message":"no"}               | error
          """)
  void answersAreToldApartByWhatTheySay(String body, String outcome) throws Exception {
    var reply = new Reply.Answered(response(body).withId(RequestId.of(7)));

    handle(call(TOOL, "files", "read"), _ -> reply);

    assertThat(samples()).hasSize(1);
    assertThat(samples().getFirst().labels().toString())
        .isEqualTo("{upstream=files, method=tools/call, tool=read, outcome=" + outcome + "}");
  }

  @Test
  void resultThatAPluginPutInItsPlaceCountsForItself() throws Exception {
    var failed = response("\"result\":{\"isError\":true}").withResult(Json.object("a", 1));

    handle(call(TOOL, "files", "read"), _ -> new Reply.Answered(failed));

    assertThat(samples().getFirst().labels()).containsEntry("outcome", "completed");
  }

  @Test
  void refusalsAreToldApartByTheirReason() throws InterruptedException {
    var reasons =
        List.of(
            new Rejection.Blocked("files", "pii", "no"),
            new Rejection.TimedOut("files", Duration.ofSeconds(1)),
            new Rejection.Unavailable("files", "gone", Rejection.Reach.SENT),
            new Rejection.Overloaded("", 1, 1, Duration.ofSeconds(1)),
            new Rejection.UnknownTool("tool", "x"));
    for (var reason : reasons) {
      var failure = Response.failure(RequestId.of(1), 1, "no", Json.EMPTY_OBJECT);
      handle(call(TOOL, "files", "read"), _ -> new Reply.Refused(failure, new Rejection(reason)));
    }

    assertThat(samples())
        .extracting(sample -> sample.labels().get("outcome"))
        .containsExactly("error", "blocked", "timeout", "unavailable", "overloaded");
  }

  @Test
  void callThatTheClientCancelledIsCounted() {
    Handler cancelled =
        _ -> {
          throw new InterruptedException("gone");
        };

    assertThatThrownBy(() -> handle(call(TOOL, "files", "read"), cancelled))
        .isInstanceOf(InterruptedException.class);

    assertThat(samples().getFirst().labels()).containsEntry("outcome", "cancelled");
  }

  @Test
  void notificationsAreNotCounted() throws InterruptedException {
    var notification = Notification.of("notifications/x", Json.EMPTY_OBJECT);

    handle(new Call(notification, GatewayClient.INSTANCE), _ -> new Reply.Accepted());

    assertThat(samples()).isEmpty();
  }

  @Test
  void tenThousandNamesThatClientsMakeUpGetOneLabel() throws InterruptedException {
    var random = new Random(6);
    var reply = new Reply.Answered(Response.success(RequestId.of(1), Json.EMPTY_OBJECT));
    for (int i = 0; i < 10_000; i++) {
      var name = Long.toString(random.nextLong(), 36);
      handle(call(TOOL, "files", ""), _ -> reply);
      handle(call(Request.of(RequestId.of(1), name, Json.EMPTY_OBJECT), "", ""), _ -> reply);
    }

    assertThat(samples())
        .extracting(sample -> sample.labels().toString())
        .containsExactly(
            "{upstream=, method=other, tool=, outcome=completed}",
            "{upstream=files, method=tools/call, tool=other, outcome=completed}");
    assertThat(samples())
        .allSatisfy(
            sample -> assertThat(((Spread) sample.value()).counted().count()).isEqualTo(10_000));
  }

  @Test
  void serverThatListsTenThousandToolsGetsAThousandLabelsAndOneForTheRest() {
    IntStream.range(0, 10_000)
        .parallel()
        .forEach(i -> metrics.add("files", "tools/call", "tool" + i, Outcome.COMPLETED, 1));

    assertThat(samples()).hasSize(CallMetrics.MAX_TOOLS + 1);
    assertThat(samples().stream().mapToLong(s -> ((Spread) s.value()).counted().count()).sum())
        .isEqualTo(10_000);
  }

  @Test
  void serverThatLeftTheConfigurationIsForgotten() {
    metrics.add("gone", "tools/call", "t", Outcome.COMPLETED, 1);

    assertThat(samples()).isEmpty();
  }

  @Test
  void countingAndNotTracingTakeNoMemory() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var trail = new Trail();
    count(trail);

    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      count(trail);
    }
    long taken = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(taken).isLessThan(10_000); // not a byte for each call; the virtual machine has some
  }

  private void count(Trail trail) {
    metrics.add("files", "tools/call", "read", Outcome.COMPLETED, 12_345);
    metrics.add("files", "tools/list", "", Outcome.COMPLETED, 12_345);
    try (var waiting = trail.span().waiting("limit", "files");
        var plugin = trail.span().part("plugin", "pii")) {
      waiting.note("a", "b");
      plugin.failed("no");
    }
  }
}
