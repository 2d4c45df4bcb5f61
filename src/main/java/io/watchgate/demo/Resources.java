package io.watchgate.demo;

import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// The resources of a server.
///
/// @param current asked each time, because resources come and go
/// @param templates entries of `resources/templates/list`
/// @param changing whether they change while a client is connected, so that it can subscribe
record Resources(Supplier<List<Resource>> current, List<ObjectNode> templates, boolean changing) {

  List<Resource> list() {
    return current.get();
  }

  /// @throws ProtocolError when there is none with this URI
  Resource find(String uri) {
    return list().stream()
        .filter(resource -> resource.uri().equals(uri))
        .findFirst()
        .orElseThrow(() ->
            new ProtocolError(ProtocolError.RESOURCE_NOT_FOUND, "Resource not found: " + uri));
  }
}
