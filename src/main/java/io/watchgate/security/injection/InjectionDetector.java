package io.watchgate.security.injection;

import io.watchgate.scanning.Detector;
import io.watchgate.scanning.Disguise;
import io.watchgate.scanning.Finding;
import io.watchgate.scanning.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Finds instructions to a model where there should be data.
///
/// @param sensitivity how sure it has to be
/// @param switchedOff types that are not looked for
record InjectionDetector(Sensitivity sensitivity, Set<String> switchedOff) implements Detector {
  /// What is written in base64 is not meant to be read by people.
  private static final double DISGUISED = 1;

  /// How sure one has to be that something is an instruction.
  enum Sensitivity {
    RELAXED(3.2),
    STANDARD(2.0),
    STRICT(1.0);

    private final double threshold;

    Sensitivity(double threshold) {
      this.threshold = threshold;
    }
  }

  @Override
  public List<Finding> find(String text) {
    return findIn(text, Disguise.NONE, false);
  }

  @Override
  public List<Finding> findIn(View view, String key) {
    return findIn(view.text(), view.disguise(), view.isDecoded());
  }

  private List<Finding> findIn(String text, Disguise disguise, boolean decoded) {
    double threshold = sensitivity.threshold - (decoded ? DISGUISED : 0);
    var found = new ArrayList<>(Scorer.find(text, threshold));
    found.addAll(Links.find(text));
    if (disguise == Disguise.NONE) {
      found.addAll(HiddenText.find(text, sensitivity == Sensitivity.STRICT));
    }
    found.removeIf(finding -> switchedOff.contains(finding.type()));
    return found;
  }
}
