package io.watchgate.bench;

import java.util.Arrays;

/// What every answer of one kind looks like, but for its id: made of two answers, which must differ
/// in nothing else.
final class Answer {
  private static final byte[] DATA = Bytes.of("data:");

  private final byte[] expected;
  private final int idAt;

  private Answer(byte[] expected, int idAt) {
    this.expected = expected;
    this.idAt = idAt;
  }

  /// What has to come back by what came back.
  ///
  /// @param first the answer to the request with this id
  /// @param operation says what must be in it
  static Answer learn(byte[] first, int id, Operation operation) throws BenchFailure {
    var digits = Bytes.of(String.valueOf(id));
    int at = Bytes.find(first, 0, first.length, digits);
    if (at < 0 || Bytes.count(first, Bytes.of(operation.contains())) < operation.times()) {
      throw new BenchFailure(
          "a wrong answer: " + Bytes.text(first, 0, Math.min(600, first.length)));
    }
    return new Answer(first.clone(), at);
  }

  /// Throws when a response is not the answer to the request with this id.
  void check(HttpMessage response, int id) throws BenchFailure {
    var body = response.body();
    int from = response.bodyFrom();
    int to = response.bodyTo();
    if (response.isEvents()) {
      long data = lastData(body, from, to);
      from = (int) (data >>> 32);
      to = (int) data;
    }
    if (response.status() != 200 || !matches(body, from, to, id)) {
      throw new BenchFailure("not the answer to request " + id + ": " + response.start());
    }
  }

  /// The id in an answer, or 0 when there is none where it should be.
  int idOf(byte[] body, int from, int to) {
    int id = 0;
    for (int i = from + idAt; i < Math.min(to, from + idAt + Ids.DIGITS); i++) {
      int digit = body[i] - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      id = 10 * id + digit;
    }
    return id;
  }

  boolean matches(byte[] body, int from, int to, int id) {
    Ids.write(id, expected, idAt);
    return Arrays.equals(body, from, to, expected, 0, expected.length);
  }

  /// The JSON message in a response.
  static byte[] message(HttpMessage response) throws BenchFailure {
    if (response.status() != 200) {
      throw new BenchFailure("answered by " + response.start());
    }
    int from = response.bodyFrom();
    int to = response.bodyTo();
    if (response.isEvents()) {
      long data = lastData(response.body(), from, to);
      from = (int) (data >>> 32);
      to = (int) data;
    }
    return Arrays.copyOfRange(response.body(), from, to);
  }

  /// Where the data of the last event is: its start in the upper half, its end in the lower.
  private static long lastData(byte[] body, int from, int to) {
    int end = to;
    while (end > from) {
      while (end > from && (body[end - 1] == '\n' || body[end - 1] == '\r')) {
        end--;
      }
      int start = end;
      while (start > from && body[start - 1] != '\n') {
        start--;
      }
      if (Bytes.isHeader(body, start, end, DATA)) {
        int data = start + DATA.length;
        return (long) (body[data] == ' ' ? data + 1 : data) << 32 | end;
      }
      end = start;
    }
    return (long) from << 32 | from;
  }
}
