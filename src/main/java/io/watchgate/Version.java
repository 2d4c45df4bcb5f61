package io.watchgate;

import io.watchgate.jsonrpc.Json;

/// What the gateway says of itself to clients, servers and people.
final class Version {
  private Version() {}

  static String number() {
    var module = Version.class.getModule().getDescriptor();
    if (module != null && module.rawVersion().isPresent()) {
      return module.rawVersion().get();
    }
    var packaged = Version.class.getPackage().getImplementationVersion();
    return packaged == null ? "dev" : packaged;
  }

  /// Name and version, as `serverInfo` and `clientInfo`.
  static Json self() {
    return Json.object("name", "watchgate", "title", "Watchgate", "version", number());
  }
}
