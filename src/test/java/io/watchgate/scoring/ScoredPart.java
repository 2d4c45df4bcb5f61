package io.watchgate.scoring;

import java.util.List;

/// A part of the program that finds things, and how well it does. Found as a service.
public interface ScoredPart {

  /// What it finds, in a word.
  String name();

  /// How well it finds each family, with a line for all together at the end.
  List<Line> run();

  /// How well one family is found.
  ///
  /// @param family what was looked for; `innocent` texts may belong to none
  /// @param wanted texts that have it
  /// @param found those of them in which it was found
  /// @param innocent texts that do not have it
  /// @param accused those of them in which it was found
  /// @param holds whether that is good enough
  record Line(String family, int wanted, int found, int innocent, int accused, boolean holds) {

    /// The share of what was wanted that was found.
    public double recall() {
      return wanted == 0 ? 1 : (double) found / wanted;
    }

    /// The share of what was found that was wanted.
    public double precision() {
      return found + accused == 0 ? 1 : (double) found / (found + accused);
    }

    /// The share of innocent texts that are accused.
    public double falsePositives() {
      return innocent == 0 ? 0 : (double) accused / innocent;
    }
  }
}
