package io.watchgate.bench;

/// Words for arguments and answers: harmless sentences, always the same, nothing in them has to be
/// escaped in JSON.
final class Texts {
  private static final String SENTENCES =
      "The harbour lists every vessel that came in before noon with its cargo and berth. "
          + "Two of them wait for a pilot because the tide is late this week. "
          + "Nobody has asked for the northern crane since the spring repairs ended. "
          + "Grain goes to the silo by the rail yard and timber stays on the quay. ";

  private Texts() {}

  static String ofLength(int length) {
    return SENTENCES.repeat(length / SENTENCES.length() + 1).substring(0, length);
  }
}
