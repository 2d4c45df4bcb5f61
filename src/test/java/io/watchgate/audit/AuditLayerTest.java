package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.flow.Call;
import io.watchgate.flow.Fingerprint;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Reply;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Time;
import io.watchgate.flow.TraceContext;
import io.watchgate.flow.Trail.Judgement;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.Recorder;
import io.watchgate.plugin.Recorder.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AuditLayerTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  private static final Request REQUEST =
      Request.of(RequestId.of(7), "tools/call", Json.object("name", "files__read"));

  private final List<AuditRecord> records = new ArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();
  private Optional<String> trouble = Optional.empty();
  private Receipt receipt = Receipt.KEPT;
  private final Recorder recorder =
      new Recorder() {
        @Override
        public Receipt record(AuditRecord record) {
          records.add(record);
          return receipt;
        }

        @Override
        public Optional<String> trouble() {
          return trouble;
        }
      };
  private final AuditLayer layer =
      new AuditLayer(
          recorder, new Scribe(() -> NOON, Time.REAL, () -> "id-" + ids.incrementAndGet()));

  @Test
  void everyRequestLeavesTwoRecordsLinkedByTheirId() throws InterruptedException {
    var reply = new Reply.Answered(Response.success(REQUEST.id(), Json.EMPTY_OBJECT));

    assertThat(call(_ -> reply)).isSameAs(reply);
    call(_ -> reply);

    assertThat(records)
        .extracting(AuditRecord::event)
        .containsExactly(Event.REQUEST, Event.RESPONSE, Event.REQUEST, Event.RESPONSE);
    assertThat(records)
        .extracting(record -> record.origin().requestId().orElseThrow())
        .containsExactly("id-1", "id-1", "id-2", "id-2");
    assertThat(records).extracting(AuditRecord::time).containsOnly(NOON);
  }

  @Test
  void theRequestIsOnRecordOnceBeforeAServerGetsIt() throws InterruptedException {
    call(call -> {
      call.trail().sending(call.message());
      call.trail().sending(call.message());
      assertThat(records).extracting(AuditRecord::event).containsExactly(Event.REQUEST);
      return new Reply.Answered(Response.success(REQUEST.id(), Json.EMPTY_OBJECT));
    });
  }

  @Test
  void theRecordsSayWhoAskedWhatOfWhomAndHowMuch() throws InterruptedException {
    var response = Response.success(REQUEST.id(), Json.object("text", "hello"));

    call(call -> {
      call.trail().sentTo("notes");
      call.with(REQUEST).trail().sentTo("files");
      return new Reply.Answered(response);
    });

    var request = records.getFirst();
    assertThat(request.subject().method()).isEqualTo("tools/call");
    assertThat(request.subject().name()).contains("files__read");
    assertThat(request.origin().client()).contains("watchgate");
    assertThat(request.origin().session().orElseThrow())
        .hasSize(16)
        .isNotEqualTo(GatewayClient.INSTANCE.key());
    assertThat(request.payload().in()).hasValue(REQUEST.toBytes().length);
    assertThat(request.ending().orElseThrow().outcome()).isEqualTo(Outcome.ALLOWED);
    var ended = records.getLast();
    assertThat(ended.subject().server()).contains("files");
    assertThat(ended.subject().name()).contains("files__read");
    assertThat(ended.payload().out()).hasValue(response.toBytes().length);
    assertThat(ended.ending().orElseThrow().duration().orElseThrow()).isPositive();
  }

  @Test
  void aServersErrorIsAnErrorWithItsCode() throws InterruptedException {
    var failure = Response.failure(REQUEST.id(), -32050, "no", Json.EMPTY_OBJECT);

    call(_ -> new Reply.Answered(failure));

    assertEnded(Outcome.ERROR);
    assertThat(records.getLast().ending().orElseThrow().code()).hasValue(-32050);
  }

  static Stream<Arguments> rejections() {
    return Stream.of(
        Arguments.of(
            new Rejection.Unavailable("files", "gone", Reach.SENT), Outcome.UNAVAILABLE, -32003),
        Arguments.of(
            new Rejection.CircuitOpen("files", "gone", Duration.ofSeconds(1)),
            Outcome.UNAVAILABLE,
            -32003),
        Arguments.of(
            new Rejection.TimedOut("files", Duration.ofSeconds(1)), Outcome.TIMEOUT, -32004),
        Arguments.of(
            new Rejection.Overloaded("", 5, 5, Duration.ofSeconds(1)), Outcome.OVERLOADED, -32006),
        Arguments.of(new Rejection.ShuttingDown(), Outcome.CANCELLED, -32603),
        Arguments.of(new Rejection.UnknownTool("tool", "x"), Outcome.ERROR, -32602),
        Arguments.of(new Rejection.MethodNotFound("x"), Outcome.ERROR, -32601));
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void everyRejectionIsOnRecordWithItsOutcomeAndCode(
      Rejection.Reason reason, Outcome outcome, int code) throws InterruptedException {
    call(_ -> {
      throw new Rejection(reason);
    });

    assertEnded(outcome);
    assertThat(records.getLast().ending().orElseThrow().code()).hasValue(code);
  }

  @Test
  void aFaultInsideIsOnRecordAsAnError() throws InterruptedException {
    call(_ -> {
      throw new IllegalStateException("on purpose");
    });

    assertEnded(Outcome.ERROR);
  }

  @Test
  void evenAnErrorOfTheMachineLeavesARecord() {
    var error = new StackOverflowError("on purpose");

    assertThatThrownBy(() ->
            call(_ -> {
              throw error;
            }))
        .isSameAs(error);

    assertEnded(Outcome.ERROR);
  }

  @Test
  void aCancelledCallIsOnRecordAsCancelled() {
    assertThatThrownBy(() ->
            call(_ -> {
              throw new InterruptedException();
            }))
        .isInstanceOf(InterruptedException.class);

    assertEnded(Outcome.CANCELLED);
    assertThat(records.getLast().payload().out()).isEmpty();
  }

  @Test
  void aNotificationLeavesOneRecord() throws InterruptedException {
    var notification = Notification.of("notifications/x", Json.object("uri", "file:///a"));

    layer.around(_ -> new Reply.Accepted()).handle(new Call(notification, GatewayClient.INSTANCE));

    assertThat(records).extracting(AuditRecord::event).containsExactly(Event.NOTIFICATION);
    assertThat(records.getFirst().subject().name()).contains("file:///a");
  }

  @Test
  void namesAreCutToTheirLimit() throws InterruptedException {
    var endless = Json.object("ref", Json.object("name", "n".repeat(5000)));
    var request = Request.of(RequestId.of(1), "completion/complete", endless);

    layer
        .around(_ -> new Reply.Answered(Response.success(request.id(), Json.EMPTY_OBJECT)))
        .handle(new Call(request, GatewayClient.INSTANCE));

    assertThat(records.getFirst().subject().name().orElseThrow()).hasSize(1025).endsWith("…");
  }

  @Test
  void aRequestThatPluginsChangedIsOnRecordAsTheServerGetsIt() throws InterruptedException {
    var asked = Request.of(RequestId.of(7), "resources/read", Json.object("uri", "a:secret"));

    layer
        .around(call -> {
          call.trail().judged(new Judgement("secrets", "replace", "a token"));
          call.trail().sending(Request.of(asked.id(), "resources/read", Json.object("uri", "a:x")));
          return new Reply.Answered(Response.success(asked.id(), Json.EMPTY_OBJECT));
        })
        .handle(new Call(asked, GatewayClient.INSTANCE));

    assertThat(records)
        .extracting(record -> record.subject().name().orElseThrow())
        .containsOnly("a:x");
    var request = records.getFirst();
    assertThat(request.ending().orElseThrow().outcome()).isEqualTo(Outcome.MODIFIED);
    assertThat(request.payload().digest()).contains(Fingerprint.whole(asked.toBytes()));
    assertThat(request.payload().body()).contains(Json.object("uri", "a:x"));
    assertThat(records.toString()).doesNotContain("a:secret");
  }

  @Test
  void aRequestThatWasBlockedLeavesItsDigestAndNothingOfItself() throws InterruptedException {
    var asked = Request.of(RequestId.of(7), "resources/read", Json.object("uri", "a:secret"));

    Layer.stack(
            List.of(layer, new RescueLayer()),
            call -> {
              call.trail().judged(new Judgement("secrets", "block", "a token"));
              throw new Rejection(new Rejection.Blocked("files", "secrets", "a token"));
            })
        .handle(new Call(asked, GatewayClient.INSTANCE));

    assertEnded(Outcome.BLOCKED);
    var request = records.getFirst();
    assertThat(request.ending().orElseThrow().outcome()).isEqualTo(Outcome.BLOCKED);
    assertThat(request.payload().digest()).contains(Fingerprint.whole(asked.toBytes()));
    assertThat(records)
        .extracting(record -> record.subject().name())
        .containsOnly(Optional.empty());
    assertThat(records)
        .extracting(record -> record.payload().body())
        .containsOnly(Optional.empty());
  }

  @Test
  void aCallThatIsPartOfATraceSaysOfWhich() throws InterruptedException {
    var trace = new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", 1, "");

    call(call -> {
      call.trail().cameWith(Optional.of(trace));
      return new Reply.Answered(Response.success(REQUEST.id(), Json.EMPTY_OBJECT));
    });

    assertThat(records)
        .extracting(each -> each.origin().traceId())
        .contains(Optional.of(trace.traceId()));
  }

  @Test
  void aListLeavesTheDigestOfWhatWasShown() throws InterruptedException {
    var list = Json.object("tools", Json.array(List.of()));
    var asked = Request.of(RequestId.of(7), "tools/list", Json.EMPTY_OBJECT);

    layer
        .around(_ -> new Reply.Answered(Response.success(asked.id(), list)))
        .handle(new Call(asked, GatewayClient.INSTANCE));

    assertThat(records.getLast().payload().digest()).contains(Fingerprint.whole(list.toBytes()));
  }

  @Test
  void aCallThatCannotBeRecordedGoesNowhere() throws InterruptedException {
    trouble = Optional.of("no space left");

    var reply =
        call(_ -> {
          throw new AssertionError("it went on");
        });

    assertThat(reply.response().errorCode()).isEqualTo(-32005);
    assertThat(reply.response().toJson().toString())
        .contains("no space left", "\"reason\":\"audit_unavailable\"");
    assertThat(records).isEmpty();
  }

  @Test
  void anAnswerWhoseRecordIsLostDoesNotGoOut() throws InterruptedException {
    receipt =
        () -> {
          throw new IOException("the disk is gone");
        };

    var reply = call(_ -> new Reply.Answered(Response.success(REQUEST.id(), Json.EMPTY_OBJECT)));

    assertThat(reply.response().errorCode()).isEqualTo(-32005);
  }

  private Reply call(Handler inner) throws InterruptedException {
    var stack = Layer.stack(List.of(layer, new RescueLayer()), inner);
    return stack.handle(new Call(REQUEST, GatewayClient.INSTANCE));
  }

  private void assertEnded(Outcome outcome) {
    assertThat(records)
        .extracting(AuditRecord::event)
        .containsExactly(Event.REQUEST, Event.RESPONSE);
    assertThat(records.getLast().ending().orElseThrow().outcome()).isEqualTo(outcome);
  }
}
