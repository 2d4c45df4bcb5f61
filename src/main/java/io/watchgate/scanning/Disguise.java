package io.watchgate.scanning;

/// How a text hides what it says.
public enum Disguise {
  /// It does not.
  NONE,
  /// By invisible characters, by letters that look like others, by terminal codes.
  UNICODE,
  /// By percent signs, entities or backslashes.
  ESCAPES,
  /// By base64 or hexadecimal digits, packed or not.
  ENCODING
}
