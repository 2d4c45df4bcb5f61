package io.watchgate.testkit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One request on its way through the fixture.
///
/// @param raw the message as it arrived
/// @param stopped opened when the request is cancelled or its session ends
record FixtureRequest(
    FixtureSession session, String raw, JsonNode message, Outbox outbox, CountDownLatch stopped) {

  JsonNode id() {
    return message.path("id");
  }

  String method() {
    return message.path("method").asString("");
  }

  JsonNode params() {
    return message.path("params");
  }

  JsonNode meta() {
    return params().path("_meta");
  }

  JsonNode arguments() {
    return params().path("arguments");
  }

  String argument(String name, String otherwise) {
    return arguments().path(name).asString(otherwise);
  }

  int number(String name, int otherwise) {
    return arguments().path(name).asInt(otherwise);
  }

  /// A parameter that must be text.
  String required(String name) {
    JsonNode value = params().path(name);
    if (!value.isString()) {
      throw FixtureError.invalidParams(method() + ": params." + name + " must be a string");
    }
    return value.asString();
  }

  void answer(ObjectNode result) {
    outbox.answer(answerText(FixtureJson.write(result)));
  }

  /// The whole answer around a result that is text already.
  String answerText(String result) {
    return answerText(FixtureJson.write(id()), result);
  }

  static String answerText(String id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  void fail(int code, String text) {
    var answer = FixtureJson.object().put("jsonrpc", "2.0");
    answer.set("id", id());
    answer.putObject("error").put("code", code).put("message", text);
    outbox.answer(FixtureJson.write(answer));
  }

  void inform(String method, ObjectNode params) {
    outbox.send(FixtureJson.write(FixtureJson.notification(method, params)));
  }

  /// Waits, and tells whether the request is still wanted.
  boolean pause(long millis) throws InterruptedException {
    return !stopped.await(millis, TimeUnit.MILLISECONDS);
  }
}
