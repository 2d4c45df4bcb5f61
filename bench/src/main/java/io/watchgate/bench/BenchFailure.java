package io.watchgate.bench;

import java.io.IOException;

/// Something that makes a figure worthless: a wrong answer, one that does not come, a program that
/// does not start.
final class BenchFailure extends IOException {
  private static final long serialVersionUID = 1;

  BenchFailure(String message) {
    super(message);
  }
}
