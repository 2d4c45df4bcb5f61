package io.watchgate.hosting;

import org.jspecify.annotations.Nullable;

/// A plugin that did not judge a message: it threw, took too long, or said what it may not say.
final class Unjudged extends Exception {

  /// @param what for whoever sent the message, and so without what the plugin itself said
  Unjudged(String what, @Nullable Throwable cause) {
    super(what, cause, false, false);
  }
}
