package io.watchgate.demo;

import tools.jackson.databind.node.ObjectNode;

/// A text that a client can read by its URI.
///
/// @param mimeType `text/plain` for example
record Resource(String uri, String name, String mimeType, String text) {

  ObjectNode definition() {
    return Json.object().put("uri", uri).put("name", name).put("mimeType", mimeType);
  }

  ObjectNode contents() {
    return Json.object().put("uri", uri).put("mimeType", mimeType).put("text", text);
  }
}
