package io.watchgate.flow;

import java.util.Optional;

/// A piece of the time of a call, as a part of a trace, until it is closed. Where nothing is traced
/// it is {@link #NONE}, which costs nothing.
public interface Span extends AutoCloseable {
  Span NONE = new Unrecorded(Optional.empty());

  /// A part of it that begins now: work of the gateway's own.
  ///
  /// @param what it is, one of a few words
  /// @param of whom or of what, as people name it; empty for nothing
  Span part(String what, String of);

  /// A part of it in which the call waits for something; forgotten when it does not have to.
  ///
  /// @param what is waited for, one of a few words
  /// @param of whom, empty for the gateway's own
  Span waiting(String what, String of);

  /// A call of a server, which it is a part of.
  Span call(Call call, String server);

  /// Notes something about it.
  void note(String key, String value);

  /// It did not go well.
  ///
  /// @param type one of a few words
  void failed(String type);

  /// Where it is in its trace, for those who go on with it; empty where nothing is traced.
  Optional<TraceContext> context();

  @Override
  void close();

  /// A span that nobody records.
  ///
  /// @param context what servers are told that they are a part of, empty where nothing is traced
  record Unrecorded(Optional<TraceContext> context) implements Span {
    @Override
    public Span part(String what, String of) {
      return this;
    }

    @Override
    public Span waiting(String what, String of) {
      return this;
    }

    @Override
    public Span call(Call call, String server) {
      return this;
    }

    @Override
    public void note(String key, String value) {}

    @Override
    public void failed(String type) {}

    @Override
    public void close() {}
  }
}
