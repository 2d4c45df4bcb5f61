package io.watchgate.translation;

import io.watchgate.flow.Call;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Seal;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The `requestState` by which clients go on with a call to one server (2026-07-28, multi
/// round-trip requests). A client carries it as a token that only the gateway can make, for one
/// principal, one method and one name or URI, and for a while.
final class RequestStates {
  /// As long as the id of a session: how long a state means something, its maker knows better.
  private static final Duration LIFE = Duration.ofHours(24);

  private static final String STATE = Field.REQUEST_STATE.path();

  private final String server;
  private final Seal seal;
  private final Refusals refusals;
  private final InstantSource clock;

  /// @param refusals counts the states that are none of their clients'
  RequestStates(String server, Seal seal, Refusals refusals, InstantSource clock) {
    this.server = server;
    this.seal = seal;
    this.refusals = refusals;
    this.clock = clock;
  }

  /// A text that nobody can guess.
  String newId() {
    return seal.newId();
  }

  /// A call to a server that gave the state itself, with the state as the server knows it.
  ///
  /// @throws Rejection when the gateway gave this client none such for this request
  Call inward(Call call) {
    var request = call.request();
    return request.field(Field.REQUEST_STATE).isPresent()
        ? call.with(request.with(Field.REQUEST_STATE, open(call)))
        : call;
  }

  /// The answer of such a server, with the state as its client may carry it.
  Reply outward(Call call, Reply reply) {
    return reply instanceof Reply.Answered(var response)
        ? response
            .result()
            .filter(result ->
                result.textMember("resultType").filter("input_required"::equals).isPresent())
            .flatMap(result -> result.member(STATE).map(own -> result.with(STATE, seal(call, own))))
            .<Reply>map(result -> new Reply.Answered(response.withResult(result)))
            .orElse(reply)
        : reply;
  }

  /// What the client of a call gets for a state.
  Json seal(Call call, Json state) {
    var content = server + '\0' + clock.instant().plus(LIFE).getEpochSecond() + '\0' + state;
    return Json.string(seal.seal(purpose(call), content.getBytes(StandardCharsets.UTF_8)));
  }

  /// The state that a client hands back.
  ///
  /// @throws Rejection when the gateway gave this client none such for this request
  Json open(Call retry) {
    var parts =
        retry
            .request()
            .field(Field.REQUEST_STATE)
            .filter(Json::isString)
            .flatMap(token -> seal.open(purpose(retry), token.text()))
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8).split("\0", 3))
            .orElseThrow(() -> refused("it was not made by this gateway for this request"));
    if (!parts[0].equals(server)) { // whose resource it is, is found out by asking in turn
      throw invalid("it is of a call to server \"" + parts[0] + "\"");
    }
    if (!clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[1])))) {
      throw refused("it is more than " + LIFE.toHours() + " h old");
    }
    return Json.trusted(parts[2]);
  }

  /// Counts a state that is none of its client's.
  Rejection refused(String why) {
    refusals.add(Kind.REQUEST_STATE, "for server \"%s\", %s".formatted(server, why));
    return invalid(why);
  }

  private static Rejection invalid(String why) {
    return new Rejection(new InvalidParams("requestState is not valid: " + why));
  }

  private static String purpose(Call call) {
    var request = call.request();
    var subject = request.text(Field.NAME).or(() -> request.text(Field.URI)).orElse("");
    var principal = call.client().session().principal();
    return "requestState of %s %d %s %s"
        .formatted(call.method(), subject.length(), subject, principal);
  }
}
