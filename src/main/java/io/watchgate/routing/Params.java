package io.watchgate.routing;

import io.watchgate.flow.Call;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.jsonrpc.Field;

/// What calls must say so that they can be routed.
final class Params {
  private Params() {}

  /// The text of a field.
  ///
  /// @throws Rejection when the call does not have it
  static String text(Call call, Field field) {
    return call.request()
        .text(field)
        .orElseThrow(() ->
            new Rejection(
                new InvalidParams(
                    call.method() + " needs a string \"" + field.path() + "\" in its params")));
  }
}
