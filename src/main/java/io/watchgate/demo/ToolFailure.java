package io.watchgate.demo;

/// A tool call that did not work. Its text is for the model, which reads it as a result with
/// `isError` and can try again, so it says what would work.
final class ToolFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String text;

  ToolFailure(String text) {
    super(text);
    this.text = text;
  }

  String text() {
    return text;
  }
}
