package io.watchgate.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The tools of the fixture that are large, odd, or break the protocol.
final class FixtureRudeTools {

  /// Spellings and orders that a round trip through a tree would lose.
  static final String NUMBERS =
      """
      {"content":[{"type":"text","text":"numbers"}],"structuredContent":{"z":1E400,"minus":-0,\
      "a":0.1000,"big":123456789012345678901234567890,"m":1.0e+2,"10":1,"2":2},\
      "x-unknown":{"kept":[1.50,null,true]},"isError":false}\
      """;

  private static final byte[] NOT_UTF_8 = {'{', '"', (byte) 0xff, (byte) 0xc0, (byte) 0x80, '"'};

  private FixtureRudeTools() {}

  static List<FixtureTool> all() {
    return List.of(
        FixtureTool.of(
            "big", "Returns a text of a size", FixtureRudeTools::big, "bytes", "integer"),
        FixtureTool.of(
            "keys", "Returns an object with n keys", FixtureRudeTools::keys, "n", "integer"),
        FixtureTool.of(
            "deep", "Returns nested objects", FixtureRudeTools::deep, "depth", "integer"),
        FixtureTool.of("numbers", "Returns odd spellings", FixtureRudeTools::numbers),
        FixtureTool.of("die", "Ends the server", FixtureRudeTools::die, "status", "integer?"),
        FixtureTool.of("kill", "Ends the server as SIGKILL does", FixtureRudeTools::kill),
        FixtureTool.of("hang", "Never answers", FixtureRudeTools::hang),
        FixtureTool.of(
            "late", "Answers although cancelled", FixtureRudeTools::late, "ms", "integer"),
        FixtureTool.of("ask_same_key", "Asks with a duplicate key", FixtureRudeTools::askSameKey),
        FixtureTool.of(
            "ask_and_hang",
            "Asks, takes it back, hangs",
            FixtureRudeTools::askAndHang,
            "ms",
            "integer"),
        FixtureTool.of("odd_uri", "Tells of a URI that is no text", FixtureRudeTools::oddUri),
        FixtureTool.of("twice", "Answers the same id twice", FixtureRudeTools::twice),
        FixtureTool.of("unknown_id", "Answers what nobody asked", FixtureRudeTools::unknownId),
        FixtureTool.of("garbage", "Writes what is no message", FixtureRudeTools::garbage),
        FixtureTool.of(
            "slow_line", "Answers in pieces", FixtureRudeTools::slowLine, "bytes", "integer"));
  }

  private static void big(FixtureRequest call) {
    call.answer(FixtureJson.text("x".repeat(call.number("bytes", 0))));
  }

  private static void keys(FixtureRequest call) {
    var result = FixtureJson.text("keys");
    var content = result.putObject("structuredContent");
    for (int i = 0; i < call.number("n", 0); i++) {
      content.put("key" + i, i);
    }
    call.answer(result);
  }

  /// Written as text, because the tree writer has a limit of its own.
  private static void deep(FixtureRequest call) {
    int depth = call.number("depth", 1);
    String nested = "{\"d\":".repeat(depth) + "1" + "}".repeat(depth);
    String result = "{\"content\":[],\"structuredContent\":" + nested + "}";
    call.outbox().answer(call.answerText(result));
  }

  private static void numbers(FixtureRequest call) {
    call.outbox().answer(call.answerText(NUMBERS));
  }

  private static void die(FixtureRequest call) {
    call.session().host().die(call.number("status", 1));
  }

  private static void kill(FixtureRequest call) {
    call.session().host().die(137);
  }

  private static void hang(FixtureRequest call) throws InterruptedException {
    call.stopped().await();
  }

  /// Waits for the cancellation first, so that the answer is late for sure.
  private static void late(FixtureRequest call) throws InterruptedException {
    if (!call.pause(call.number("ms", 0))) {
      call.answer(FixtureJson.text("late"));
    }
  }

  /// As servers do that are built with version 2.1.0 of the Java SDK.
  private static void askSameKey(FixtureRequest call) throws InterruptedException {
    String params =
        "{\"mode\":\"form\",\"message\":\"?\",\"requestedSchema\":{},\"mode\":\"form\"}";
    var said = call.session().ask(call, "elicitation/create", params);
    call.answer(FixtureJson.structured(FixtureJson.object().set("said", said)));
  }

  private static void askAndHang(FixtureRequest call) throws InterruptedException {
    call.session().askAndTakeBack(call, "roots/list");
    call.stopped().await();
  }

  private static void oddUri(FixtureRequest call) {
    call.inform("notifications/resources/updated", FixtureJson.object().put("uri", 5));
    call.answer(FixtureJson.text("told"));
  }

  private static void twice(FixtureRequest call) {
    call.outbox().send(call.answerText(FixtureJson.write(FixtureJson.text("first"))));
    call.answer(FixtureJson.text("second"));
  }

  private static void unknownId(FixtureRequest call) {
    String stray = FixtureJson.write(FixtureJson.text("nobody asked"));
    call.outbox().send(FixtureRequest.answerText("987654321", stray));
    call.outbox().send(FixtureRequest.answerText("\"stray\"", stray));
    call.answer(FixtureJson.text("right"));
  }

  private static void garbage(FixtureRequest call) {
    call.outbox().raw("Listening on port 3000 ...".getBytes(StandardCharsets.UTF_8));
    call.outbox().raw("{\"jsonrpc\":\"2.0\",\"id\":".getBytes(StandardCharsets.UTF_8));
    call.outbox().raw(NOT_UTF_8);
    call.answer(FixtureJson.text("after the garbage"));
  }

  private static void slowLine(FixtureRequest call) {
    String text = "y".repeat(call.number("bytes", 0));
    call.outbox().answerInPieces(call.answerText(FixtureJson.write(FixtureJson.text(text))));
  }
}
