package io.watchgate.scanning;

/// Something that a detector found in a text.
///
/// @param type what it is, in `snake_case`
/// @param start of the characters that have to go
/// @param end behind them
/// @param score how sure it is, above 0 and up to 1; where two overlap the surer one names them
public record Finding(String type, int start, int end, double score) {
  public Finding {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("span: " + start + "-" + end + " (expected: not empty)");
    }
  }
}
