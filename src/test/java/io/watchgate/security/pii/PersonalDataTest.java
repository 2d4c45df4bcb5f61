package io.watchgate.security.pii;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalDataTest {
  private static final List<String> REGIONS = List.of("US", "GB", "DE", "FR", "IT", "ES");
  private static final PersonalData ALL = all(false);

  @ParameterizedTest
  @CsvFileSource(resources = "finds.txt", delimiter = '|')
  void findsWhatIsThere(String text, String type, String value) {
    assertThat(found(text)).containsExactly(type + " " + value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version 1.2.3.4",
        "foo-1.2.3.4.jar",
        "1.2.3.4.5",
        "999.999.999.999",
        "550e8400-e29b-41d4-a716-446655440000",
        "2024-01-02T03:04:05.678Z",
        "000-12-3456",
        "123-45-678",
        "4111 1111 1111 1112",
        "order 123-456-7890123",
        "12345-678-9012",
        "icon@2x.png",
        "lodash@4.17.21",
        "std::vector::iterator",
        "1700000000123",
        "12:34:56",
        "git@github.com:org/repo.git",
        "order number 5551234567",
        "ce n'est pas 123456789",
        "NATO summit 12/05/2012",
        "tool call 12345678",
        "Copyright 1998-2003 by the phone company",
        "call us at Boston, MA 02110-1301",
        "(merge cacae4329f jk/topic)",
        "ObjectIdentifier(2.5.29.15)",
      })
  void leavesAloneWhatOnlyLooksLikeIt(String text) {
    assertThat(found(text)).isEmpty();
  }

  @Test
  void leavesAddressesOfNoOneAloneWhenAskedTo() {
    var detector = all(true);

    assertThat(detector.find("10.0.0.1 192.168.1.1 2001:db8::1 fe80::1 ::1 127.0.0.1")).isEmpty();
    assertThat(detector.find("8.8.8.8 2606:4700::1111")).hasSize(2);
  }

  @Test
  void theKeySaysWhatABareNumberIs() {
    assertThat(ALL.find("123456789")).isEmpty();
    assertThat(ALL.findUnder("applicantSSN", "123456789")).extracting("type").contains("us_ssn");
    assertThat(ALL.findUnder("phone_number", "5551234567")).hasSize(1);
    assertThat(ALL.findUnder("order_id", "5551234567")).isEmpty();
    assertThat(ALL.findUnder("version", "1.2.3.4")).isEmpty();
  }

  @Test
  void theHeaderOfATableSaysWhatItsColumnsAre() {
    var csv = "name,ssn,order,phone\n" + "Jane Roe,078051120,123456789,5552345678\n".repeat(9);
    var markdown = "| name | passport |\n|---|---|\n" + "| Jane | 123456789 |\n".repeat(5);

    assertThat(ALL.find(csv)).filteredOn(find -> find.type().equals("us_ssn")).hasSize(9);
    assertThat(ALL.find(csv)).hasSize(18);
    assertThat(ALL.find(markdown)).hasSize(5);
  }

  @Test
  void whatIsAllowedMayBeSeen() {
    var detector =
        new PersonalData(
            new PersonalData.Settings(
                _ -> true, REGIONS, false, value -> value.endsWith("@example.com")));

    assertThat(detector.find("a@example.com b@example.org")).hasSize(1);
  }

  static PersonalData all(boolean publicOnly) {
    return new PersonalData(new PersonalData.Settings(_ -> true, REGIONS, publicOnly, _ -> false));
  }

  private static List<String> found(String text) {
    return ALL.find(text).stream()
        .map(find -> find.type() + " " + text.substring(find.start(), find.end()))
        .toList();
  }
}
