package io.watchgate.audit;

import java.io.Serial;

/// A log does not verify.
public final class BrokenLog extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final transient Fault fault;

  BrokenLog(Fault fault) {
    super(fault.what());
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
