package io.watchgate.jsonrpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Whatever the bytes: they are refused with a reason, or they are a message that can be looked at,
/// changed and read again. Runs over its seeds in the build, and without end with `JAZZER_FUZZ=1`.
class MessageFuzzTest {
  private static final Limits LIMITS = new Limits(1 << 16, 64, 10_000);
  private static final Limits LARGER = new Limits(1 << 20, 64, 10_002);
  private static final RequestId OTHER = new RequestId("\"minted-\\u00e9\"");

  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesWhateverComes(byte[] bytes) throws MalformedMessage {
    Message message;
    try {
      message = Message.read(bytes, LIMITS);
    } catch (MalformedMessage refusal) {
      assertThat(refusal.getMessage()).isNotEmpty();
      Message.read(refusal.answer().toBytes(), LIMITS);
      return;
    }
    assertThat(message.toBytes()).isSameAs(bytes);
    for (var field : Field.values()) {
      var value = message.field(field);
      if (value.isPresent()) {
        lookInto(value.get());
        checkSame(message, field, value.get());
      }
    }
    switch (message) {
      case Request request -> checkNewId(request, request.withId(OTHER));
      case Response response -> checkNewId(response, response.withId(OTHER));
      case Notification notification -> assertThat(notification.method()).isNotEmpty();
    }
  }

  private static void lookInto(Json value) throws MalformedMessage {
    assertThat(value).isEqualTo(Json.trusted(value.toString())).hasSameHashCodeAs(value);
    for (var member : value.members()) {
      assertThat(value.member(member.key())).isPresent();
      lookInto(member.value());
    }
    for (var element : value.elements()) {
      lookInto(element);
    }
    if (value.isString()) {
      assertThat(Json.parse(Json.string(value.text()).toBytes(), LARGER).text())
          .isEqualTo(value.text());
    }
  }

  /// A field replaced by its own spelling changes nothing.
  private static void checkSame(Message message, Field field, Json value) throws MalformedMessage {
    var same = with(message, field, value);
    if (same.isPresent()) {
      assertThat(same.get().toBytes()).isEqualTo(message.toBytes());
      assertThat(same.get().wireLength()).isEqualTo(message.toBytes().length);
      assertThat(same.get().field(field)).contains(value);
      Message.read(same.get().toBytes(), LIMITS);
    }
  }

  private static Optional<Message> with(Message message, Field field, Json value) {
    return switch (message) {
      case Request request -> Optional.of(request.with(field, value));
      case Notification notification -> Optional.of(notification.with(field, value));
      case Response response when field == Field.RESULT -> Optional.of(response.withResult(value));
      case Response response when field == Field.ERROR -> Optional.of(response.withError(value));
      case Response _ -> Optional.empty();
    };
  }

  /// Everything but the id is as it was, and the id is the new one.
  private static void checkNewId(Message before, Message after) throws MalformedMessage {
    var read = Message.read(after.toBytes(), LARGER);
    assertThat(read.getClass()).isEqualTo(before.getClass());
    for (var field : Field.values()) {
      var expected =
          field == Field.ID ? Optional.of(Json.trusted(OTHER.json())) : before.field(field);
      assertThat(read.field(field)).isEqualTo(expected);
      assertThat(after.field(field)).isEqualTo(expected);
    }
    var bytes = before.toBytes();
    var envelope = Scanner.scan(bytes, LIMITS);
    if (envelope.has(Field.ID)) {
      var expected = ByteBuffer.allocate(after.toBytes().length);
      expected.put(bytes, 0, envelope.start(Field.ID)).put(OTHER.json().getBytes(US_ASCII));
      expected.put(bytes, envelope.end(Field.ID), bytes.length - envelope.end(Field.ID));
      assertThat(after.toBytes()).isEqualTo(expected.array());
    }
  }
}
