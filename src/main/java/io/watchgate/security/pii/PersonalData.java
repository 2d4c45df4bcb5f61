package io.watchgate.security.pii;

import io.watchgate.scanning.Detector;
import io.watchgate.scanning.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Finds what tells who somebody is: addresses, phones, cards, accounts, ids, dates of birth. No
/// two finds overlap.
final class PersonalData implements Detector {
  private final List<Looker> lookers = new ArrayList<>();

  /// @param wanted tells the types to look for
  /// @param regions whose phone numbers are known without a calling code
  /// @param publicOnly leaves addresses of networks alone that belong to no one
  PersonalData(Predicate<String> wanted, List<String> regions, boolean publicOnly) {
    if (wanted.test("email")) {
      lookers.add(new Emails());
    }
    if (wanted.test("phone")) {
      lookers.add(new Phones(regions));
    }
    if (wanted.test("ip_address") || wanted.test("mac_address")) {
      lookers.add(new IpAddresses(wanted, publicOnly));
    }
    if (wanted.test("date_of_birth")) {
      lookers.add(new BirthDates());
    }
    if (wanted.test("travel_document")) {
      lookers.add(new TravelLines());
    }
    lookers.add(new Numbers(wanted));
  }

  @Override
  public List<Finding> find(String text) {
    var reading = new Reading(text);
    var finds = new Finds();
    for (var looker : lookers) {
      looker.look(reading, finds);
    }
    return finds.resolved();
  }
}
