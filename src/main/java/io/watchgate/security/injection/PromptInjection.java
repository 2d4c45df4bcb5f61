package io.watchgate.security.injection;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.scanning.Hit;
import io.watchgate.security.Filter;
import io.watchgate.security.Filter.Policy;
import io.watchgate.security.injection.InjectionDetector.Sensitivity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes the plugins that look for instructions to a model in what should be data.
public final class PromptInjection implements PluginFactory {
  private static final List<String> METHODS =
      List.of(
          "delimiter_injection",
          "role_manipulation",
          "context_hijacking",
          Links.EXFILTRATION,
          HiddenText.HIDDEN,
          HiddenText.TERMINAL);

  @Override
  public String handler() {
    return "prompt_injection";
  }

  @Override
  public Set<String> aliases() {
    return Set.of("basic_prompt_injection_defense");
  }

  @Override
  public String description() {
    return "Looks for instructions to a model in messages that should only carry data.";
  }

  @Override
  public Maker read(Options options) {
    var policy = Policy.read(options);
    var sensitivity = options.choice("sensitivity", Sensitivity.STANDARD);
    var switchedOff = new HashSet<String>();
    options
        .section("detection_methods")
        .ifPresent(methods -> {
          for (var method : METHODS) {
            if (!methods.section(method).map(PromptInjection::isEnabled).orElse(true)) {
              switchedOff.add(method);
            }
          }
        });
    var detector = new InjectionDetector(sensitivity, Set.copyOf(switchedOff));
    return _ -> new Filter(handler(), policy, List.of(detector), PromptInjection::replacement);
  }

  private static boolean isEnabled(Options method) {
    return method.flag("enabled", true);
  }

  /// What only hides leaves nothing behind.
  private static String replacement(Hit hit) {
    boolean hides = hit.type().equals(HiddenText.HIDDEN) || hit.type().equals(HiddenText.TERMINAL);
    return hides ? "" : "[PROMPT INJECTION REDACTED]";
  }
}
