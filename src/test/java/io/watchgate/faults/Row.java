package io.watchgate.faults;

/// One fault, and what is required of the gateway while it lasts.
interface Row {
  /// A word to select it by.
  String name();

  /// As it stands in the table.
  String fault();

  /// As it stands in the table.
  String required();

  /// Makes it happen and measures.
  void run(Bench bench, Report report) throws Exception;
}
