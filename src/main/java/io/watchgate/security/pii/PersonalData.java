package io.watchgate.security.pii;

import io.watchgate.scanning.Detector;
import io.watchgate.scanning.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Finds what tells who somebody is: addresses, phones, cards, accounts, ids, dates of birth. No
/// two finds overlap.
public final class PersonalData implements Detector {
  /// What is no number with a form of its own.
  private static final Set<String> OTHERS =
      Set.of("email", "phone", "ip_address", "mac_address", "date_of_birth", "travel_document");

  private static final Set<String> NO_IDS =
      Set.of("credit_card", "iban", "passport", "driving_licence");

  private final Settings settings;
  private final List<Looker> lookers = new ArrayList<>();

  /// What to look for.
  ///
  /// @param wanted tells the types to look for
  /// @param regions two-letter codes of those whose phone numbers are known without calling code
  /// @param publicOnly leaves addresses of networks alone that belong to no one
  /// @param allowed tells the values that may be seen
  public record Settings(
      Predicate<String> wanted,
      List<String> regions,
      boolean publicOnly,
      Predicate<String> allowed) {}

  public PersonalData(Settings settings) {
    this.settings = settings;
    var wanted = settings.wanted();
    if (wanted.test("email")) {
      lookers.add(new Emails());
    }
    if (wanted.test("phone")) {
      lookers.add(new Phones(settings.regions()));
    }
    if (wanted.test("ip_address") || wanted.test("mac_address")) {
      lookers.add(new IpAddresses(wanted, settings.publicOnly()));
    }
    if (wanted.test("date_of_birth")) {
      lookers.add(new BirthDates());
    }
    if (wanted.test("travel_document")) {
      lookers.add(new TravelLines());
    }
    lookers.add(new Numbers(wanted));
  }

  /// All types that can be found.
  public static Set<String> types() {
    var types = new TreeSet<>(OTHERS);
    types.addAll(Numbers.types());
    return types;
  }

  /// Whether a type is the id that a country gives a person.
  public static boolean isNationalId(String type) {
    return !OTHERS.contains(type) && !NO_IDS.contains(type);
  }

  /// Whether phone numbers of a region are known.
  public static boolean isRegion(String region) {
    return NumberingPlan.exists(region);
  }

  @Override
  public List<Finding> find(String text) {
    return findUnder("", text);
  }

  @Override
  public List<Finding> findUnder(String key, String text) {
    var reading = new Reading(key, text);
    var finds = new Finds();
    for (var looker : lookers) {
      looker.look(reading, finds);
    }
    return finds.merged().stream().filter(find -> !isAllowed(find, text)).toList();
  }

  private boolean isAllowed(Finding find, String text) {
    return settings.allowed().test(text.substring(find.start(), find.end()));
  }
}
